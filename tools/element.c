/* SPDX-License-Identifier: MIT */
/* Elements of buffers: one table of types; numbers to elements and back. */
#include "element.h"

#include "half.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* bfloat has no NumPy type: two raw bytes. */
static const tj_element_info infos[] = {
    [TMJIT_SCALAR_UNKNOWN] = {"bytes", "", "|u1", 1, TJ_ELEMENT_BYTES},
    [TMJIT_SCALAR_BOOL] = {"bool", "bool", "|b1", 1, TJ_ELEMENT_BOOL},
    [TMJIT_SCALAR_I8] = {"i8", "char", "|i1", 1, TJ_ELEMENT_SIGNED},
    [TMJIT_SCALAR_U8] = {"u8", "uchar", "|u1", 1, TJ_ELEMENT_UNSIGNED},
    [TMJIT_SCALAR_I16] = {"i16", "short", "<i2", 2, TJ_ELEMENT_SIGNED},
    [TMJIT_SCALAR_U16] = {"u16", "ushort", "<u2", 2, TJ_ELEMENT_UNSIGNED},
    [TMJIT_SCALAR_I32] = {"i32", "int", "<i4", 4, TJ_ELEMENT_SIGNED},
    [TMJIT_SCALAR_U32] = {"u32", "uint", "<u4", 4, TJ_ELEMENT_UNSIGNED},
    [TMJIT_SCALAR_I64] = {"i64", "long", "<i8", 8, TJ_ELEMENT_SIGNED},
    [TMJIT_SCALAR_U64] = {"u64", "ulong", "<u8", 8, TJ_ELEMENT_UNSIGNED},
    [TMJIT_SCALAR_F16] = {"f16", "half", "<f2", 2, TJ_ELEMENT_FLOAT},
    [TMJIT_SCALAR_BF16] = {"bf16", "bfloat", "|V2", 2, TJ_ELEMENT_FLOAT},
    [TMJIT_SCALAR_F32] = {"f32", "float", "<f4", 4, TJ_ELEMENT_FLOAT},
    [TMJIT_SCALAR_F64] = {"f64", "double", "<f8", 8, TJ_ELEMENT_FLOAT},
};
enum { INFO_COUNT = sizeof infos / sizeof infos[0] };

const tj_element_info *tj_element_get_info(tmjit_scalar scalar)
{
    assert((unsigned)scalar < INFO_COUNT);
    return &infos[scalar];
}

tmjit_scalar tj_element_find(const char *name)
{
    for (int i = TMJIT_SCALAR_BOOL; i < INFO_COUNT; i++)
        if (!strcmp(infos[i].name, name))
            return (tmjit_scalar)i;
    return TMJIT_SCALAR_UNKNOWN;
}

tmjit_scalar tj_element_find_metal(const char *name)
{
    for (int i = TMJIT_SCALAR_BOOL; i < INFO_COUNT; i++)
        if (!strcmp(infos[i].metal, name))
            return (tmjit_scalar)i;
    return TMJIT_SCALAR_UNKNOWN;
}

/* ---- from numbers and to numbers ------------------------------------------------------ */

void tj_element_from_bits(tmjit_scalar scalar, uint64_t integer, void *out)
{
    const tj_element_info *info = tj_element_get_info(scalar);

    assert(info->kind != TJ_ELEMENT_FLOAT);
    if (info->kind == TJ_ELEMENT_BOOL)
        integer &= 1;
    memcpy(out, &integer, info->byte_len); /* little-endian hosts only, as the .npy files */
}

void tj_element_from_double(tmjit_scalar scalar, double value, void *out)
{
    float single = (float)value;
    uint16_t half = 0;

    assert(tj_element_get_info(scalar)->kind == TJ_ELEMENT_FLOAT);
    if (scalar == TMJIT_SCALAR_F32) {
        memcpy(out, &single, sizeof single);
    } else if (scalar == TMJIT_SCALAR_F64) {
        memcpy(out, &value, sizeof value);
    } else {
        half =
            scalar == TMJIT_SCALAR_F16 ? tj_f16_from_double(value) : tj_bf16_from_double(value);
        memcpy(out, &half, sizeof half);
    }
}

static uint64_t load_unsigned(const tj_element_info *info, const void *element)
{
    uint64_t bits = 0;

    memcpy(&bits, element, info->byte_len);
    return bits;
}

static int64_t load_signed(const tj_element_info *info, const void *element)
{
    unsigned unused_bits = 64 - 8 * info->byte_len;

    return (int64_t)(load_unsigned(info, element) << unused_bits) >> unused_bits;
}

static double load_float(tmjit_scalar scalar, const void *element)
{
    uint16_t half;
    float single;
    double value;

    if (scalar == TMJIT_SCALAR_F64) {
        memcpy(&value, element, sizeof value);
        return value;
    }
    if (scalar == TMJIT_SCALAR_F32) {
        memcpy(&single, element, sizeof single);
        return single;
    }
    memcpy(&half, element, sizeof half);
    return scalar == TMJIT_SCALAR_F16 ? tj_f16_to_float(half) : tj_bf16_to_float(half);
}

double tj_element_to_double(tmjit_scalar scalar, const void *element)
{
    const tj_element_info *info = tj_element_get_info(scalar);

    switch (info->kind) {
    case TJ_ELEMENT_SIGNED:
        return (double)load_signed(info, element);
    case TJ_ELEMENT_FLOAT:
        return load_float(scalar, element);
    case TJ_ELEMENT_BYTES:
    case TJ_ELEMENT_BOOL:
    case TJ_ELEMENT_UNSIGNED:
        break;
    }
    return (double)load_unsigned(info, element);
}

bool tj_element_is_nan(tmjit_scalar scalar, const void *element)
{
    return tj_element_get_info(scalar)->kind == TJ_ELEMENT_FLOAT &&
           isnan(load_float(scalar, element));
}

/* ---- from text ------------------------------------------------------------------------ */

static const char *parse_bool(const char *text, void *out)
{
    bool is_one = !strcmp(text, "1") || !strcmp(text, "true");

    if (!is_one && strcmp(text, "0") && strcmp(text, "false"))
        return "is not a bool: 0, 1, true or false";
    tj_element_from_bits(TMJIT_SCALAR_BOOL, is_one, out);
    return NULL;
}

/* Decimal, or hexadecimal after 0x; a leading 0 alone is no octal. */
static const char *parse_integer(tmjit_scalar scalar, const char *text, void *out)
{
    const tj_element_info *info = tj_element_get_info(scalar);
    unsigned bits = 8 * info->byte_len;
    bool is_signed = info->kind == TJ_ELEMENT_SIGNED;
    bool is_negative = *text == '-';
    const char *digits = text + (is_negative || *text == '+');
    bool is_hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    char *end;

    if (!isdigit((unsigned char)*digits))
        return "is not an integer";
    errno = 0;
    uint64_t magnitude = strtoull(digits, &end, is_hex ? 16 : 10);
    if (*end)
        return "is not an integer";
    uint64_t limit = UINT64_MAX >> (64 - bits);
    if (is_signed)
        limit = (limit >> 1) + is_negative;
    else if (is_negative)
        limit = 0;
    if (errno || magnitude > limit)
        return "does not fit";
    tj_element_from_bits(scalar, is_negative ? 0 - magnitude : magnitude, out);
    return NULL;
}

static const char *parse_float(tmjit_scalar scalar, const char *text, void *out)
{
    uint64_t element[1];
    char *end;

    if (isspace((unsigned char)*text))
        return "is not a number";
    double value = strtod(text, &end);
    if (end == text || *end)
        return "is not a number";
    if (scalar == TMJIT_SCALAR_F32) {
        float single = strtof(text, NULL); /* rounds once */
        memcpy(element, &single, sizeof single);
    } else {
        tj_element_from_double(scalar, value, element);
    }
    bool names_infinity = strpbrk(text, "iI") != NULL && !isnan(value);
    if (isinf(load_float(scalar, element)) && !names_infinity)
        return "does not fit";
    memcpy(out, element, tj_element_get_info(scalar)->byte_len);
    return NULL;
}

const char *tj_element_parse(tmjit_scalar scalar, const char *text, void *out)
{
    switch (tj_element_get_info(scalar)->kind) {
    case TJ_ELEMENT_BYTES:
        return parse_integer(TMJIT_SCALAR_U8, text, out);
    case TJ_ELEMENT_BOOL:
        return parse_bool(text, out);
    case TJ_ELEMENT_SIGNED:
    case TJ_ELEMENT_UNSIGNED:
        return parse_integer(scalar, text, out);
    case TJ_ELEMENT_FLOAT:
        return parse_float(scalar, text, out);
    }
    assert(!"element kind");
    return "has no type";
}

/* ---- to text -------------------------------------------------------------------------- */

/* Fewest significant digits that read back as `element`: at most 17. */
static int shortest_digits(tmjit_scalar scalar, double value, const void *element)
{
    unsigned byte_len = tj_element_get_info(scalar)->byte_len;
    char text[TJ_ELEMENT_TEXT];
    uint64_t again[1];
    int digits = 1;

    for (; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (!parse_float(scalar, text, again) && !memcmp(again, element, byte_len))
            break;
    }
    return digits;
}

/* Plain notation from 1e-5 up to 1e8, where the integers of a float end. */
static void print_float(tmjit_scalar scalar, const void *element, char out[TJ_ELEMENT_TEXT])
{
    double value = load_float(scalar, element);

    if (isnan(value) || isinf(value)) {
        strcpy(out, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    if (value == 0) {
        strcpy(out, signbit(value) ? "-0" : "0");
        return;
    }
    int digits = shortest_digits(scalar, value, element);
    snprintf(out, TJ_ELEMENT_TEXT, "%.*e", digits - 1, value);
    int exponent = atoi(strchr(out, 'e') + 1);
    if (exponent < -5 || exponent >= 8)
        return;
    int decimals = digits - 1 - exponent;
    snprintf(out, TJ_ELEMENT_TEXT, "%.*f", decimals > 0 ? decimals : 0, value);
}

void tj_element_print(tmjit_scalar scalar, const void *element, char out[TJ_ELEMENT_TEXT])
{
    const tj_element_info *info = tj_element_get_info(scalar);

    switch (info->kind) {
    case TJ_ELEMENT_FLOAT:
        print_float(scalar, element, out);
        return;
    case TJ_ELEMENT_SIGNED:
        snprintf(out, TJ_ELEMENT_TEXT, "%lld", (long long)load_signed(info, element));
        return;
    case TJ_ELEMENT_BYTES:
    case TJ_ELEMENT_BOOL:
    case TJ_ELEMENT_UNSIGNED:
        snprintf(out, TJ_ELEMENT_TEXT, "%llu",
                 (unsigned long long)load_unsigned(info, element));
        return;
    }
}
