/* SPDX-License-Identifier: MIT */
/* Half and bfloat conversions in integer arithmetic: one rounding to nearest even from the
 * source's exact value, subnormals kept, NaN made quiet. */
#include "half.h"

#include <stdint.h>
#include <string.h>

typedef struct format {
    int mantissa_bits;
    int max_exponent; /* of finite values; also the bias */
} format;

static const format half_format = {10, 15};
static const format bfloat_format = {7, 127};

static float low_half(uint32_t bits)
{
    float carrier;

    memcpy(&carrier, &bits, sizeof carrier);
    return carrier;
}

/* Shifts right and rounds to nearest even; all ones in the lost bits round up as they should
 * because the carry runs into the exponent. */
static uint64_t round_shift(uint64_t value, int shift)
{
    if (shift > 63)
        return 0;
    uint64_t rest = value & ((UINT64_C(1) << shift) - 1), half = UINT64_C(1) << (shift - 1);
    uint64_t quotient = value >> shift;

    return quotient + (rest > half || (rest == half && (quotient & 1)));
}

static uint32_t narrow_magnitude(uint64_t bits, format to)
{
    int exponent = (int)(bits >> 52) - 1023;
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    uint32_t infinity = (uint32_t)(2 * to.max_exponent + 1) << to.mantissa_bits;
    int shift = 52 - to.mantissa_bits;
    uint64_t result;

    if (exponent == 1024)
        return mantissa ? infinity | UINT32_C(1) << (to.mantissa_bits - 1) |
                              (uint32_t)(mantissa >> shift)
                        : infinity;
    if (exponent > to.max_exponent)
        return infinity;
    if (exponent >= 1 - to.max_exponent)
        result = round_shift((uint64_t)(exponent + to.max_exponent) << 52 | mantissa, shift);
    else if (exponent == -1023) /* below every bfloat's half unit as well */
        result = 0;
    else
        result =
            round_shift(UINT64_C(1) << 52 | mantissa, shift + 1 - to.max_exponent - exponent);
    return (uint32_t)result;
}

static float narrow(double x, format to)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    uint32_t sign = (uint32_t)(bits >> 63) << 15;
    return low_half(sign | narrow_magnitude(bits & (UINT64_MAX >> 1), to));
}

/* Exact, and in integers: a worker may run with subnormals flushed. */
static double widen_float(float x)
{
    uint32_t bits;
    double wide = x;

    memcpy(&bits, &x, sizeof bits);
    if ((bits & 0x7f800000u) == 0 && (bits & 0x007fffffu)) {
        uint32_t mantissa = bits & 0x007fffffu;
        int top = 31 - __builtin_clz(mantissa);
        uint64_t wide_bits = (uint64_t)(bits >> 31) << 63 | (uint64_t)(top - 149 + 1023) << 52 |
                             ((uint64_t)mantissa << (52 - top) & ((UINT64_C(1) << 52) - 1));
        memcpy(&wide, &wide_bits, sizeof wide);
    }
    return wide;
}

float tjrt_half_to_float(float half)
{
    return (float)tjrt_half_to_double(half);
}

double tjrt_half_to_double(float half)
{
    uint32_t carrier;
    double magnitude;

    memcpy(&carrier, &half, sizeof carrier);
    uint64_t sign = (uint64_t)(carrier >> 15 & 1) << 63;
    uint64_t exponent = carrier >> 10 & 31, mantissa = carrier & 1023, bits;
    if (exponent == 0) {
        magnitude = (double)mantissa * 0x1p-24;
        memcpy(&bits, &magnitude, sizeof bits);
    } else if (exponent == 31) {
        bits = UINT64_C(0x7ff) << 52 | mantissa << 42 |
               (mantissa ? UINT64_C(1) << 51 : UINT64_C(0));
    } else {
        bits = (exponent - 15 + 1023) << 52 | mantissa << 42;
    }
    bits |= sign;
    memcpy(&magnitude, &bits, sizeof magnitude);
    return magnitude;
}

float tjrt_float_to_half(float x)
{
    return narrow(widen_float(x), half_format);
}

float tjrt_double_to_half(double x)
{
    return narrow(x, half_format);
}

float tjrt_float_to_bfloat(float x)
{
    return narrow(widen_float(x), bfloat_format);
}

float tjrt_double_to_bfloat(double x)
{
    return narrow(x, bfloat_format);
}
