/* SPDX-License-Identifier: MIT */
/* Reads the type spellings of AIR names and makes LLVM types of them. */
#include "air_type.h"

#include <llvm-c/Core.h>
#include <string.h>

/* Longest vector of a suffix: SIMD-group matrices are v64. */
enum { MAX_SUFFIX_LENGTH = 64 };

static const struct scalar_name {
    const char *text;
    tj_air_type type;
} scalar_names[] = {
    {"bf16", {'f', true, 16, 1}}, {"f16", {'f', false, 16, 1}}, {"f32", {'f', false, 32, 1}},
    {"i16", {'i', false, 16, 1}}, {"i32", {'i', false, 32, 1}}, {"i64", {'i', false, 64, 1}},
    {"i8", {'i', false, 8, 1}},   {"i1", {'i', false, 1, 1}},   {"f64", {'f', false, 64, 1}},
};

/* Reads "v4" and the like; `*length` is 1 when there is none. NULL: a bad length. */
static const char *parse_length(const char *text, unsigned *length)
{
    *length = 1;
    if (*text != 'v')
        return text;
    unsigned value = 0;
    const char *digit = text + 1;
    for (; *digit >= '0' && *digit <= '9' && value <= MAX_SUFFIX_LENGTH; digit++)
        value = value * 10 + (unsigned)(*digit - '0');
    if (value < 2 || value > MAX_SUFFIX_LENGTH || text[1] == '0')
        return NULL;
    *length = value;
    return digit;
}

const char *tj_air_type_parse(const char *text, tj_air_type *out)
{
    unsigned length;
    const char *scalar = parse_length(text, &length);
    if (!scalar)
        return NULL;
    for (size_t i = 0; i < sizeof(scalar_names) / sizeof(scalar_names[0]); i++) {
        size_t byte_len = strlen(scalar_names[i].text);
        if (strncmp(scalar, scalar_names[i].text, byte_len) != 0)
            continue;
        *out = scalar_names[i].type;
        out->length = length;
        return scalar + byte_len;
    }
    return NULL;
}

static LLVMTypeRef scalar_llvm(LLVMContextRef llctx, tj_air_type type)
{
    if (type.kind != 'f')
        return LLVMIntTypeInContext(llctx, type.bits);
    if (type.is_bfloat)
        return LLVMBFloatTypeInContext(llctx);
    if (type.bits == 64)
        return LLVMDoubleTypeInContext(llctx);
    return type.bits == 16 ? LLVMHalfTypeInContext(llctx) : LLVMFloatTypeInContext(llctx);
}

LLVMTypeRef tj_air_type_llvm(LLVMContextRef llctx, tj_air_type type)
{
    if (!type.kind)
        return NULL;
    LLVMTypeRef scalar = scalar_llvm(llctx, type);
    return type.length == 1 ? scalar : LLVMVectorType(scalar, type.length);
}
