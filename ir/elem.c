/* SPDX-License-Identifier: MIT */
/* Element types of buffers by name (MSL specification, "Scalar Data Types", "Vector Data
 * Types", "Packed Vector Types", "Matrix Data Types"; sizes as air.md 1.2). */
#include "elem.h"

#include <llvm-c/Core.h>
#include <string.h>

typedef struct scalar_row {
    const char *name;
    tj_scalar scalar;
    unsigned byte_len;
} scalar_row;

/* The first row of a scalar is the spelling that is printed. 8-bit floats are Triton's, bytes
 * that convert. */
static const scalar_row scalar_rows[] = {
    {"bool", TJ_SCALAR_BOOL, 1},        {"char", TJ_SCALAR_I8, 1},
    {"uchar", TJ_SCALAR_U8, 1},         {"short", TJ_SCALAR_I16, 2},
    {"ushort", TJ_SCALAR_U16, 2},       {"int", TJ_SCALAR_I32, 4},
    {"uint", TJ_SCALAR_U32, 4},         {"long", TJ_SCALAR_I64, 8},
    {"ulong", TJ_SCALAR_U64, 8},        {"half", TJ_SCALAR_F16, 2},
    {"bfloat", TJ_SCALAR_BF16, 2},      {"float", TJ_SCALAR_F32, 4},
    {"double", TJ_SCALAR_F64, 8},       {"int8_t", TJ_SCALAR_I8, 1},
    {"uint8_t", TJ_SCALAR_U8, 1},       {"int16_t", TJ_SCALAR_I16, 2},
    {"uint16_t", TJ_SCALAR_U16, 2},     {"int32_t", TJ_SCALAR_I32, 4},
    {"uint32_t", TJ_SCALAR_U32, 4},     {"int64_t", TJ_SCALAR_I64, 8},
    {"uint64_t", TJ_SCALAR_U64, 8},     {"size_t", TJ_SCALAR_U64, 8},
    {"ptrdiff_t", TJ_SCALAR_I64, 8},    {"atomic_int", TJ_SCALAR_I32, 4},
    {"atomic_uint", TJ_SCALAR_U32, 4},  {"atomic_ulong", TJ_SCALAR_U64, 8},
    {"atomic_float", TJ_SCALAR_F32, 4}, {"f8E5M2", TJ_SCALAR_U8, 1},
    {"f8E4M3FN", TJ_SCALAR_U8, 1},      {"f8E4M3FNUZ", TJ_SCALAR_U8, 1},
    {"f8E5M2FNUZ", TJ_SCALAR_U8, 1},
};
enum { SCALAR_ROWS = sizeof scalar_rows / sizeof scalar_rows[0], FIRST_ALIASES = 13 };

static bool is_equal(const char *text, size_t byte_len, const char *word)
{
    return strlen(word) == byte_len && memcmp(text, word, byte_len) == 0;
}

static const scalar_row *find_row(const char *name, size_t byte_len)
{
    for (size_t i = 0; i < SCALAR_ROWS; i++)
        if (is_equal(name, byte_len, scalar_rows[i].name))
            return &scalar_rows[i];
    return NULL;
}

/* Steps over a leading `word`. */
static bool skip_word(const char **name, size_t *byte_len, const char *word)
{
    size_t word_len = strlen(word);
    if (*byte_len < word_len || memcmp(*name, word, word_len) != 0)
        return false;
    *name += word_len;
    *byte_len -= word_len;
    return true;
}

static bool is_column_count(char c)
{
    return c >= '2' && c <= '4';
}

static unsigned rounded_length(unsigned length, bool is_packed)
{
    return length == 3 && !is_packed ? 4 : length;
}

/* floatCxR: columns of vectors; a column of three occupies four. */
static bool parse_matrix(const char *name, size_t byte_len, tj_elem *out)
{
    if (byte_len < 4 || name[byte_len - 2] != 'x' || !is_column_count(name[byte_len - 3]) ||
        !is_column_count(name[byte_len - 1]))
        return false;
    const scalar_row *row = find_row(name, byte_len - 3);
    if (!row || (row->scalar != TJ_SCALAR_F32 && row->scalar != TJ_SCALAR_F16))
        return false;
    unsigned columns = (unsigned)(name[byte_len - 3] - '0');
    unsigned height = rounded_length((unsigned)(name[byte_len - 1] - '0'), false);
    *out = (tj_elem){row->scalar, columns * height, (uint64_t)columns * height * row->byte_len,
                     (uint64_t)height * row->byte_len};
    return true;
}

bool tj_elem_parse(const char *name, tj_elem *out)
{
    size_t byte_len = strlen(name);
    while (byte_len && (name[byte_len - 1] == '*' || name[byte_len - 1] == ' '))
        byte_len--;
    skip_word(&name, &byte_len, "metal::");
    bool is_packed = skip_word(&name, &byte_len, "packed_");
    if (parse_matrix(name, byte_len, out))
        return !is_packed;
    const scalar_row *row = find_row(name, byte_len);
    if (row) {
        *out = (tj_elem){row->scalar, 1, row->byte_len, row->byte_len};
        return !is_packed;
    }
    if (!byte_len || !is_column_count(name[byte_len - 1]))
        return false;
    row = find_row(name, byte_len - 1);
    if (!row || row - scalar_rows >= FIRST_ALIASES)
        return false;
    unsigned length = (unsigned)(name[byte_len - 1] - '0');
    uint64_t size = (uint64_t)rounded_length(length, is_packed) * row->byte_len;
    *out = (tj_elem){row->scalar, length, size, is_packed ? row->byte_len : size};
    return true;
}

static tj_scalar scalar_of_type(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind:
        return TJ_SCALAR_F16;
    case LLVMBFloatTypeKind:
        return TJ_SCALAR_BF16;
    case LLVMFloatTypeKind:
        return TJ_SCALAR_F32;
    case LLVMDoubleTypeKind:
        return TJ_SCALAR_F64;
    case LLVMIntegerTypeKind:
        break;
    default:
        return TJ_SCALAR_UNKNOWN;
    }
    switch (LLVMGetIntTypeWidth(type)) {
    case 1:
        return TJ_SCALAR_BOOL;
    case 8:
        return TJ_SCALAR_I8;
    case 16:
        return TJ_SCALAR_I16;
    case 32:
        return TJ_SCALAR_I32;
    case 64:
        return TJ_SCALAR_I64;
    default:
        return TJ_SCALAR_UNKNOWN;
    }
}

static const scalar_row *row_of(tj_scalar scalar)
{
    for (size_t i = 0; i < SCALAR_ROWS; i++)
        if (scalar_rows[i].scalar == scalar)
            return &scalar_rows[i];
    return NULL;
}

bool tj_elem_of_type(LLVMTypeRef type, tj_elem *out)
{
    unsigned length = 1;
    if (LLVMGetTypeKind(type) == LLVMVectorTypeKind) {
        length = LLVMGetVectorSize(type);
        type = LLVMGetElementType(type);
    }
    const scalar_row *row = row_of(scalar_of_type(type));
    if (!row)
        return false;
    uint64_t size = row->byte_len;
    while (size < (uint64_t)length * row->byte_len)
        size *= 2;
    *out = (tj_elem){row->scalar, length, size, size};
    return true;
}

const char *tj_elem_spell(tj_arena *arena, const tj_elem *elem)
{
    const scalar_row *row = row_of(elem->scalar);
    if (!row)
        return "";
    if (elem->components == 1)
        return row->name;
    return tj_arena_printf(arena, "%s%u", row->name, elem->components);
}

const char *tj_elem_scalar_names(tj_arena *arena)
{
    char *names = tj_arena_strdup(arena, scalar_rows[0].name);
    for (size_t i = 1; i < FIRST_ALIASES; i++)
        names = tj_arena_printf(arena, "%s, %s", names, scalar_rows[i].name);
    return names;
}
