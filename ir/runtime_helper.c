/* SPDX-License-Identifier: MIT */
/* Names and types of the functions of Metal's runtime library: a table of stems. */
#include "runtime_helper.h"

#include "air_type.h"
#include "ir.h"

#include <llvm-c/Core.h>
#include <stdio.h>
#include <string.h>

/* What follows x: nothing, thread memory for an integer or a number, an integer, a number. */
typedef enum second_kind { ALONE, TO_INTEGER, TO_NUMBER, INTEGER, NUMBER } second_kind;

static const struct helper_row {
    const char *stem;
    tj_helper_id id;
    second_kind second;
    bool gives_integer;
} helper_rows[] = {
    {"fract", TJ_HELPER_FRACT, ALONE, false},   {"frexp", TJ_HELPER_FREXP, TO_INTEGER, false},
    {"ilogb", TJ_HELPER_ILOGB, ALONE, true},    {"ldexp", TJ_HELPER_LDEXP, INTEGER, false},
    {"modf", TJ_HELPER_MODF, TO_NUMBER, false},
};

/* "v4float": reads one type of the metal spelling; gives what follows, or NULL. */
static const char *parse_metal_type(const char *text, tj_air_type *out)
{
    *out = (tj_air_type){'f', false, 32, 1};
    if (*text == 'v') {
        out->length = 0;
        for (text++; *text >= '0' && *text <= '9' && out->length < 16; text++)
            out->length = out->length * 10 + (unsigned)(*text - '0');
        if (out->length < 2 || out->length > 16)
            return NULL;
    }
    if (strncmp(text, "float", 5) == 0)
        return text + 5;
    out->bits = 16;
    return strncmp(text, "half", 4) == 0 ? text + 4 : NULL;
}

/* What the name says about the second operand, in the metal spelling. */
static void spell_second(char *out, size_t size, second_kind kind, const tj_air_type *type)
{
    static const char *const prefixes[] = {"", "_pthread", "_pthread", "_", "_"};
    char length[16] = "";
    const char *element = type->bits == 16 ? "half" : "float";
    if (type->length > 1)
        snprintf(length, sizeof length, "v%u", type->length);
    if (kind == TO_INTEGER || kind == INTEGER)
        element = "int32";
    snprintf(out, size, "%s%s%s", prefixes[kind], kind == ALONE ? "" : length,
             kind == ALONE ? "" : element);
}

static bool decode_metal(const char *text, tj_helper *out)
{
    for (size_t i = 0; i < sizeof(helper_rows) / sizeof(helper_rows[0]); i++) {
        const struct helper_row *row = &helper_rows[i];
        size_t byte_len = strlen(row->stem);
        char rest[48];
        if (strncmp(text, row->stem, byte_len) != 0 || text[byte_len] != '_')
            continue;
        const char *end = parse_metal_type(text + byte_len + 1, &out->type);
        if (!end)
            return false;
        spell_second(rest, sizeof rest, row->second, &out->type);
        out->id = row->id;
        return strcmp(end, rest) == 0;
    }
    return false;
}

bool tj_helper_decode(const char *name, tj_helper *out)
{
    static const char metal[] = "___metal_", nextafter[] = "__air_impl_nextafter_";
    if (strncmp(name, metal, sizeof metal - 1) == 0)
        return decode_metal(name + sizeof metal - 1, out);
    if (strncmp(name, nextafter, sizeof nextafter - 1) != 0)
        return false;
    out->id = TJ_HELPER_NEXTAFTER;
    const char *end = tj_air_type_parse(name + sizeof nextafter - 1, &out->type);
    return end && *end == '\0' && out->type.kind == 'f' && out->type.length <= 16;
}

static const struct helper_row *row_of(tj_helper_id id)
{
    static const struct helper_row nextafter = {"", TJ_HELPER_NEXTAFTER, NUMBER, false};
    for (size_t i = 0; i < sizeof(helper_rows) / sizeof(helper_rows[0]); i++)
        if (helper_rows[i].id == id)
            return &helper_rows[i];
    return &nextafter;
}

LLVMTypeRef tj_helper_type(LLVMContextRef llctx, const tj_helper *helper, bool has_mode)
{
    const struct helper_row *row = row_of(helper->id);
    tj_air_type whole = {'i', false, 32, helper->type.length};
    LLVMTypeRef number = tj_air_type_llvm(llctx, helper->type);
    LLVMTypeRef integer = tj_air_type_llvm(llctx, whole);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(llctx, TJ_AS_THREAD);
    LLVMTypeRef seconds[] = {NULL, pointer, pointer, integer, number};
    LLVMTypeRef params[TJ_HELPER_MAX_PARAMS] = {number};
    unsigned count = 1;
    if (row->second != ALONE)
        params[count++] = seconds[row->second];
    if (has_mode)
        params[count++] = LLVMInt32TypeInContext(llctx);
    return LLVMFunctionType(row->gives_integer ? integer : number, params, count, false);
}
