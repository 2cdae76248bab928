/* SPDX-License-Identifier: MIT */
/* Conversions of the two 16-bit float types, by integer arithmetic on the bits, so that they
 * are the same on every host. Format: IEEE 754-2019, section 3.4. */
#include "half.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { DOUBLE_FRAC_BITS = 52, DOUBLE_BIAS = 1023, DOUBLE_EXP_MAX = 0x7ff };

/* Rounds once, straight from the double: through float it would be twice. */
static uint16_t narrow(double value, unsigned exp_bits, unsigned frac_bits)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t frac = bits & ((1ull << DOUBLE_FRAC_BITS) - 1);
    int double_exp = (int)(bits >> DOUBLE_FRAC_BITS) & DOUBLE_EXP_MAX;
    uint16_t sign = (uint16_t)(bits >> 63 << 15);
    uint64_t infinity = (((1ull << exp_bits) - 1) << frac_bits);

    if (double_exp == DOUBLE_EXP_MAX) {
        uint64_t quiet = frac ? 1ull << (frac_bits - 1) : 0;
        return (uint16_t)(sign | infinity | quiet | frac >> (DOUBLE_FRAC_BITS - frac_bits));
    }
    if (double_exp == 0)
        return sign; /* zero, or far below the smallest subnormal of the result */

    int exponent = double_exp - DOUBLE_BIAS + (1 << (exp_bits - 1)) - 1;
    unsigned shift = DOUBLE_FRAC_BITS - frac_bits;
    if (exponent <= 0) { /* subnormal: no implicit one */
        shift += (unsigned)(1 - exponent);
        exponent = 1;
    }
    if (shift > DOUBLE_FRAC_BITS + 2)
        return sign;
    uint64_t significand = frac | 1ull << DOUBLE_FRAC_BITS;
    uint64_t quotient = significand >> shift;
    uint64_t rest = significand & ((1ull << shift) - 1);
    uint64_t tie = 1ull << (shift - 1);
    if (rest > tie || (rest == tie && (quotient & 1)))
        quotient++;
    /* The implicit one and a carry of the rounding both count into the exponent. */
    uint64_t result = ((uint64_t)(exponent - 1) << frac_bits) + quotient;
    return (uint16_t)(sign | (result < infinity ? result : infinity));
}

uint16_t tj_f16_from_double(double value)
{
    return narrow(value, 5, 10);
}

uint16_t tj_bf16_from_double(double value)
{
    return narrow(value, 8, 7);
}

static float float_from_bits(uint32_t bits)
{
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

float tj_f16_to_float(uint16_t bits)
{
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
    uint32_t exponent = bits >> 10 & 0x1f;
    uint32_t frac = bits & 0x3ff;

    if (exponent == 0x1f)
        return float_from_bits(sign | 0x7f800000u | frac << 13);
    if (exponent == 0) {
        float magnitude = (float)frac * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    return float_from_bits(sign | (exponent + 127 - 15) << 23 | frac << 13);
}

float tj_bf16_to_float(uint16_t bits)
{
    return float_from_bits((uint32_t)bits << 16);
}

/* ---- 8-bit floats ---------------------------------------------------------------------- */

typedef struct float8 {
    const char *name;
    int mantissa, bias;
    bool has_infinity; /* as IEEE: exponent all ones; else the code of NaN is one */
    bool has_one_zero; /* 0x80 is NaN */
} float8;

static const float8 *find_float8(const char *type_name)
{
    static const float8 rows[] = {{"f8E5M2", 2, 15, true, false},
                                  {"f8E4M3FN", 3, 7, false, false},
                                  {"f8E4M3FNUZ", 3, 8, false, true},
                                  {"f8E5M2FNUZ", 2, 16, false, true}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (type_name && !strcmp(rows[i].name, type_name))
            return &rows[i];
    return NULL;
}

bool tj_is_float8(const char *type_name)
{
    return find_float8(type_name) != NULL;
}

float tj_float8_to_float(const char *type_name, uint8_t code)
{
    const float8 *f = find_float8(type_name);
    int size = code & 0x7f, digits = size & ((1 << f->mantissa) - 1);
    int exponent = size >> f->mantissa, top = 0x7f >> f->mantissa;
    float sign = code & 0x80 ? -1.0f : 1.0f;

    if (f->has_one_zero   ? code == 0x80
        : f->has_infinity ? exponent == top && digits
                          : size == 0x7f)
        return NAN;
    if (f->has_infinity && exponent == top)
        return sign * INFINITY;
    if (exponent)
        digits += 1 << f->mantissa;
    return sign * ldexpf((float)digits, (exponent ? exponent : 1) - f->bias - f->mantissa);
}
