/* SPDX-License-Identifier: MIT */
/* Formats of floating-point numbers and every conversion between numbers.
 *
 * half and bfloat are converted with integer operations, so that no control register touches
 * their subnormals. A narrowing conversion rounds once, from the exact value. NaNs keep the
 * upper bits of their payload and become quiet, as x86's VCVTPS2PH does.
 * Sources: IEEE 754-2019, sections 3.4 and 4.3; air.md 4.7.
 */
#include "interp_internal.h"

#include <math.h>
#include <string.h>

typedef struct format {
    unsigned fraction_bits, exponent_bits;
} format;

static format format_of(tj_iscalar type)
{
    switch (type.kind) {
    case TJ_I_HALF:
        return (format){10, 5};
    case TJ_I_BFLOAT:
        return (format){7, 8};
    case TJ_I_FLOAT:
        return (format){23, 8};
    case TJ_I_DOUBLE:
    case TJ_I_INT:
    case TJ_I_POINTER:
        break;
    }
    return (format){52, 11};
}

static uint64_t infinity_of(format f)
{
    return tj_imask(f.exponent_bits) << f.fraction_bits;
}

static bool rounds_up(tj_rounding rounding, bool is_negative, bool is_odd, uint64_t rest)
{
    const uint64_t half = UINT64_C(1) << 63;
    switch (rounding) {
    case TJ_ROUND_RTZ:
        return false;
    case TJ_ROUND_RTP:
        return rest && !is_negative;
    case TJ_ROUND_RTN:
        return rest && is_negative;
    case TJ_ROUND_DEFAULT:
    case TJ_ROUND_RTE:
        break;
    }
    return rest > half || (rest == half && is_odd);
}

uint64_t tj_ipack(tj_iscalar type, bool is_negative, uint64_t magnitude, int exponent,
                  tj_rounding rounding)
{
    format f = format_of(type);
    int bias = (1 << (f.exponent_bits - 1)) - 1, max_exponent = bias;
    uint64_t sign = (uint64_t)is_negative << (f.fraction_bits + f.exponent_bits);
    if (magnitude == 0)
        return sign;
    int shift = __builtin_clzll(magnitude);
    magnitude <<= shift;
    int top = exponent - shift + 63; /* the value is 1.xxx * 2^top */
    int keep_bits = (int)f.fraction_bits + 1;
    bool is_subnormal = top < 1 - bias;
    if (is_subnormal)
        keep_bits -= 1 - bias - top;
    uint64_t keep = 0, rest = 1; /* far below the least subnormal: less than half */
    if (keep_bits > 0) {
        keep = magnitude >> (64 - keep_bits);
        rest = magnitude << keep_bits;
    } else if (keep_bits == 0) {
        rest = magnitude;
    }
    keep += rounds_up(rounding, is_negative, keep & 1, rest);
    /* A carry out of the fraction raises the exponent by itself. */
    uint64_t bits = keep;
    if (!is_subnormal && top <= max_exponent)
        bits += (uint64_t)(top + bias - 1) << f.fraction_bits;
    if (top > max_exponent || bits >= infinity_of(f)) {
        bool stays = rounding == TJ_ROUND_RTZ || (rounding == TJ_ROUND_RTP && is_negative) ||
                     (rounding == TJ_ROUND_RTN && !is_negative);
        bits = infinity_of(f) - (stays ? 1 : 0);
    }
    return sign | bits;
}

/* ---- between bits and host numbers ------------------------------------------------------ */

static uint32_t float_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float bits_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t double_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double bits_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool tj_iis_nan(tj_iscalar type, uint64_t bits)
{
    format f = format_of(type);
    return (bits & tj_imask(f.fraction_bits + f.exponent_bits)) > infinity_of(f);
}

/* From one format to another; widening is exact. */
static uint64_t change_format(tj_iscalar to, tj_iscalar from, uint64_t bits,
                              tj_rounding rounding)
{
    format a = format_of(from), b = format_of(to);
    bool is_negative = bits >> (a.fraction_bits + a.exponent_bits) & 1;
    uint64_t sign = (uint64_t)is_negative << (b.fraction_bits + b.exponent_bits);
    uint64_t fraction = bits & tj_imask(a.fraction_bits);
    int biased = (int)(bits >> a.fraction_bits & tj_imask(a.exponent_bits));
    if (biased == (int)tj_imask(a.exponent_bits)) {
        if (fraction == 0)
            return sign | infinity_of(b);
        fraction = a.fraction_bits > b.fraction_bits
                       ? fraction >> (a.fraction_bits - b.fraction_bits)
                       : fraction << (b.fraction_bits - a.fraction_bits);
        return sign | infinity_of(b) | fraction | UINT64_C(1) << (b.fraction_bits - 1);
    }
    int bias = (1 << (a.exponent_bits - 1)) - 1;
    if (biased == 0)
        biased = 1;
    else
        fraction |= UINT64_C(1) << a.fraction_bits;
    return tj_ipack(to, is_negative, fraction, biased - bias - (int)a.fraction_bits, rounding);
}

static const tj_iscalar float_type = {TJ_I_FLOAT, 32, false};
static const tj_iscalar double_type = {TJ_I_DOUBLE, 64, false};

float tj_ifloat_of(tj_iscalar type, uint64_t bits)
{
    if (type.kind == TJ_I_FLOAT)
        return bits_float((uint32_t)bits);
    if (type.kind == TJ_I_BFLOAT) /* the upper half of a float, NaNs included */
        return bits_float((uint32_t)bits << 16);
    return bits_float((uint32_t)change_format(float_type, type, bits, TJ_ROUND_RTE));
}

uint64_t tj_ibits_of(tj_iscalar type, float value)
{
    if (type.kind == TJ_I_FLOAT)
        return float_bits(value);
    return change_format(type, float_type, float_bits(value), TJ_ROUND_RTE);
}

double tj_idouble_of(tj_iscalar type, uint64_t bits)
{
    if (type.kind == TJ_I_DOUBLE)
        return bits_double(bits);
    return bits_double(change_format(double_type, type, bits, TJ_ROUND_RTE));
}

uint64_t tj_ibits_of_double(tj_iscalar type, double value)
{
    if (type.kind == TJ_I_DOUBLE)
        return double_bits(value);
    return change_format(type, double_type, double_bits(value), TJ_ROUND_RTE);
}

/* ---- conversions as elementwise functions ----------------------------------------------- */

/* From and to double the host converts where it has an instruction, so that subnormal floats
 * are flushed as elsewhere. */
static uint64_t cast_double(const tj_iinst *inst, uint64_t bits)
{
    if (inst->to.kind == TJ_I_DOUBLE && inst->from.kind != TJ_I_DOUBLE)
        return double_bits((double)tj_ifloat_of(inst->from, bits));
    float near = (float)bits_double(bits);
    if (inst->to.kind == TJ_I_FLOAT)
        return float_bits(near);
    if (inst->to.kind == TJ_I_BFLOAT && near == 0)
        return tj_ibits_of(inst->to, near);
    return change_format(inst->to, inst->from, bits, TJ_ROUND_RTE);
}

uint64_t tj_ifn_float_cast(const tj_iinst *inst, const uint64_t *args)
{
    bool is_near = inst->rounding == TJ_ROUND_DEFAULT || inst->rounding == TJ_ROUND_RTE;
    if (is_near && (inst->to.kind == TJ_I_DOUBLE || inst->from.kind == TJ_I_DOUBLE))
        return cast_double(inst, args[0]);
    return change_format(inst->to, inst->from, args[0], inst->rounding);
}

static double round_to_integer(double value, tj_rounding rounding)
{
    switch (rounding) {
    case TJ_ROUND_RTE:
        return rint(value);
    case TJ_ROUND_RTP:
        return ceil(value);
    case TJ_ROUND_RTN:
        return floor(value);
    case TJ_ROUND_DEFAULT:
    case TJ_ROUND_RTZ:
        break;
    }
    return trunc(value);
}

/* Saturates; NaN is 0. Bounds are powers of two, which double holds exactly. */
uint64_t tj_ifn_float_to_int(const tj_iinst *inst, const uint64_t *args)
{
    unsigned bits = inst->to.bits;
    double value = round_to_integer(tj_idouble_of(inst->from, args[0]), inst->rounding);
    if (isnan(value))
        return 0;
    if (!inst->to.is_signed) {
        if (value <= 0)
            return 0;
        return value >= ldexp(1, (int)bits) ? tj_imask(bits) : (uint64_t)value;
    }
    double limit = ldexp(1, (int)bits - 1);
    if (value >= limit)
        return tj_imask(bits - 1);
    if (value < -limit)
        return UINT64_C(1) << (bits - 1);
    return (uint64_t)(int64_t)value & tj_imask(bits);
}

uint64_t tj_ifn_int_to_float(const tj_iinst *inst, const uint64_t *args)
{
    uint64_t magnitude = args[0];
    bool is_negative = inst->from.is_signed && tj_isext(args[0], inst->from.bits) < 0;
    if (is_negative)
        magnitude = -(uint64_t)tj_isext(args[0], inst->from.bits);
    return tj_ipack(inst->to, is_negative, magnitude, 0, inst->rounding);
}

/* Integers to bool are compared with zero, as MSL's bool() does. */
static uint64_t convert_to_bool(const tj_iinst *inst, uint64_t value)
{
    if (inst->from.kind == TJ_I_INT)
        return value != 0;
    return tj_iis_nan(inst->from, value) || tj_idouble_of(inst->from, value) != 0;
}

/* air.convert, any kinds. */
uint64_t tj_ifn_convert(const tj_iinst *inst, const uint64_t *args)
{
    bool from_int = inst->from.kind == TJ_I_INT, to_int = inst->to.kind == TJ_I_INT;
    if (to_int && inst->to.bits == 1)
        return convert_to_bool(inst, args[0]);
    if (from_int && to_int)
        return (inst->from.is_signed ? (uint64_t)tj_isext(args[0], inst->from.bits) : args[0]) &
               tj_imask(inst->to.bits);
    if (from_int)
        return tj_ifn_int_to_float(inst, args);
    return to_int ? tj_ifn_float_to_int(inst, args) : tj_ifn_float_cast(inst, args);
}
