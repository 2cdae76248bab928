/* SPDX-License-Identifier: MIT */
/* Floating-point functions of AIR (air.md 4.5) and LLVM.
 *
 * float uses the C library's float functions; half and bfloat are computed in float and
 * rounded. Minimum and maximum return the operand that is not NaN and order -0 below +0.
 */
#include "interp_internal.h"

#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* ---- float ------------------------------------------------------------------------------ */

static float min_float(float a, float b)
{
    if (isnan(a))
        return b;
    if (isnan(b))
        return a;
    if (a == b)
        return signbit(a) ? a : b;
    return a < b ? a : b;
}

static float max_float(float a, float b)
{
    if (isnan(a))
        return b;
    if (isnan(b))
        return a;
    if (a == b)
        return signbit(a) ? b : a;
    return a > b ? a : b;
}

static float min_nan(float a, float b)
{
    return isnan(a) || isnan(b) ? a + b : min_float(a, b);
}

static float max_nan(float a, float b)
{
    return isnan(a) || isnan(b) ? a + b : max_float(a, b);
}

static float rsqrt_float(float x)
{
    return 1.0f / sqrtf(x);
}

static float saturate_float(float x)
{
    return min_float(max_float(x, 0.0f), 1.0f);
}

static float sign_float(float x)
{
    if (isnan(x))
        return 0.0f;
    return x > 0 ? 1.0f : x < 0 ? -1.0f : x;
}

/* x minus the nearest integer is exact and within a half; that integer's parity gives the
 * sign. The zeros and poles that double's pi would miss are named. */
static bool is_odd(float integer)
{
    return fmodf(integer, 2.0f) != 0;
}

static float sinpi_float(float x)
{
    float nearest = rintf(x);
    float part = (float)sin(pi * (double)(x - nearest));
    if (part == 0)
        return copysignf(0.0f, x); /* IEEE 754's sinPi of integers */
    return is_odd(nearest) ? -part : part;
}

static float cospi_float(float x)
{
    float nearest = rintf(x), rest = x - nearest;
    float part = fabsf(rest) == 0.5f ? 0.0f : (float)cos(pi * (double)rest);
    return is_odd(nearest) && part != 0 ? -part : part;
}

static float tanpi_float(float x)
{
    float nearest = rintf(x), rest = x - nearest;
    if (fabsf(rest) == 0.5f)
        return copysignf(INFINITY, rest);
    if (rest == 0)
        return copysignf(0.0f, is_odd(nearest) ? -x : x); /* sinPi over cosPi */
    return (float)tan(pi * (double)rest);
}

/* Rounded once, from double. */
static float acospi_float(float x)
{
    return (float)(acos((double)x) / pi);
}

static float asinpi_float(float x)
{
    return (float)(asin((double)x) / pi);
}

static float atanpi_float(float x)
{
    return (float)(atan((double)x) / pi);
}

static float atan2pi_float(float y, float x)
{
    return (float)(atan2((double)y, (double)x) / pi);
}

static float exp10_float(float x)
{
#ifdef __APPLE__
    return __exp10f(x);
#else
    return exp10f(x);
#endif
}

static float clamp_float(float x, float low, float high)
{
    return min_float(max_float(x, low), high);
}

static float max3_float(float a, float b, float c)
{
    return max_float(max_float(a, b), c);
}

static float min3_float(float a, float b, float c)
{
    return min_float(min_float(a, b), c);
}

static float median3_float(float a, float b, float c)
{
    return max_float(min_float(a, b), min_float(max_float(a, b), c));
}

/* ---- one, two and three operands -------------------------------------------------------- */

#define FN_1(name, function)                                                                   \
    static uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        return tj_ibits_of(inst->to, function(tj_ifloat_of(inst->to, args[0])));               \
    }
#define FN_2(name, function)                                                                   \
    static uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        return tj_ibits_of(inst->to, function(tj_ifloat_of(inst->to, args[0]),                 \
                                              tj_ifloat_of(inst->to, args[1])));               \
    }
#define FN_3(name, function)                                                                   \
    static uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        return tj_ibits_of(inst->to, function(tj_ifloat_of(inst->to, args[0]),                 \
                                              tj_ifloat_of(inst->to, args[1]),                 \
                                              tj_ifloat_of(inst->to, args[2])));               \
    }

/* Below one in the declared type: what rounds to one is the value before it. */
static uint64_t tj_ifn_fract(const tj_iinst *inst, const uint64_t *args)
{
    float x = tj_ifloat_of(inst->to, args[0]);
    float part = isnan(x) ? x : isinf(x) ? 0.0f : x - floorf(x);
    uint64_t bits = tj_ibits_of(inst->to, part);

    return tj_ifloat_of(inst->to, bits) >= 1.0f ? bits - 1 : bits;
}

FN_1(acos, acosf)
FN_1(acosh, acoshf)
FN_1(acospi, acospi_float)
FN_1(asin, asinf)
FN_1(asinh, asinhf)
FN_1(asinpi, asinpi_float)
FN_1(atan, atanf)
FN_1(atanh, atanhf)
FN_1(atanpi, atanpi_float)
FN_1(ceil, ceilf)
FN_1(cos, cosf)
FN_1(cosh, coshf)
FN_1(cospi, cospi_float)
FN_1(exp, expf)
FN_1(exp10, exp10_float)
FN_1(exp2, exp2f)
FN_1(floor, floorf)
FN_1(log, logf)
FN_1(log10, log10f)
FN_1(log2, log2f)
FN_1(rint, rintf)
FN_1(round, roundf)
FN_1(rsqrt, rsqrt_float)
FN_1(saturate, saturate_float)
FN_1(sign, sign_float)
FN_1(sin, sinf)
FN_1(sinh, sinhf)
FN_1(sinpi, sinpi_float)
FN_1(sqrt, sqrtf)
FN_1(tan, tanf)
FN_1(tanh, tanhf)
FN_1(tanpi, tanpi_float)
FN_1(trunc, truncf)
FN_2(atan2, atan2f)
FN_2(atan2pi, atan2pi_float)
FN_2(fmod, fmodf)
FN_2(pow, powf)
FN_2(minimum, min_nan)
FN_2(maximum, max_nan)
FN_3(clamp, clamp_float)
FN_3(fmax3, max3_float)
FN_3(fmin3, min3_float)
FN_3(fmedian3, median3_float)

uint64_t tj_ifn_fmin(const tj_iinst *inst, const uint64_t *args)
{
    if (inst->from.kind == TJ_I_DOUBLE)
        return tj_ifn_double_min(inst, args);
    return tj_ibits_of(inst->from, min_float(tj_ifloat_of(inst->from, args[0]),
                                             tj_ifloat_of(inst->from, args[1])));
}

uint64_t tj_ifn_fmax(const tj_iinst *inst, const uint64_t *args)
{
    if (inst->from.kind == TJ_I_DOUBLE)
        return tj_ifn_double_max(inst, args);
    return tj_ibits_of(inst->from, max_float(tj_ifloat_of(inst->from, args[0]),
                                             tj_ifloat_of(inst->from, args[1])));
}

/* a + b, odd when it is inexact, so that a later rounding to fewer bits is the only one. */
static double add_to_odd(double a, double b)
{
    double sum = a + b, part = sum - a;
    double lost = (a - (sum - part)) + (b - part);
    uint64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    if (isfinite(sum) && lost != 0 && !(bits & 1))
        return nextafter(sum, lost > 0 ? INFINITY : -INFINITY);
    return sum;
}

/* Products of halfs and bfloats are exact in double. */
static uint64_t tj_ifn_fma(const tj_iinst *inst, const uint64_t *args)
{
    if (inst->to.kind != TJ_I_FLOAT) {
        double product = tj_idouble_of(inst->to, args[0]) * tj_idouble_of(inst->to, args[1]);
        return tj_ibits_of_double(inst->to,
                                  add_to_odd(product, tj_idouble_of(inst->to, args[2])));
    }
    return tj_ibits_of(inst->to,
                       fmaf(tj_ifloat_of(inst->to, args[0]), tj_ifloat_of(inst->to, args[1]),
                            tj_ifloat_of(inst->to, args[2])));
}

/* llvm.fmuladd: never contracted. */
static uint64_t tj_ifn_fmuladd(const tj_iinst *inst, const uint64_t *args)
{
    uint64_t sum[2] = {tj_ifn_fmul(inst, args), args[2]};
    return tj_ifn_fadd(inst, sum);
}

/* x + (y - x) * a, each step rounded. */
static uint64_t tj_ifn_mix(const tj_iinst *inst, const uint64_t *args)
{
    uint64_t difference[2] = {args[1], args[0]};
    uint64_t product[2] = {tj_ifn_fsub(inst, difference), args[2]};
    uint64_t sum[2] = {args[0], tj_ifn_fmul(inst, product)};
    return tj_ifn_fadd(inst, sum);
}

static uint64_t tj_ifn_ldexp(const tj_iinst *inst, const uint64_t *args)
{
    return tj_ibits_of(inst->to, ldexpf(tj_ifloat_of(inst->to, args[0]), (int)args[1]));
}

/* ---- on bits ---------------------------------------------------------------------------- */

static uint64_t sign_bit(tj_iscalar type)
{
    return UINT64_C(1) << (type.bits - 1);
}

static uint64_t tj_ifn_fabs(const tj_iinst *inst, const uint64_t *args)
{
    return args[0] & ~sign_bit(inst->to);
}

static uint64_t tj_ifn_copysign(const tj_iinst *inst, const uint64_t *args)
{
    uint64_t sign = sign_bit(inst->to);
    return (args[0] & ~sign) | (args[1] & sign);
}

/* The neighbours of a half or bfloat have neighbouring bit patterns. */
static uint64_t tj_ifn_nextafter(const tj_iinst *inst, const uint64_t *args)
{
    uint64_t from = args[0], to = args[1], sign = sign_bit(inst->to);
    if (inst->to.kind == TJ_I_FLOAT)
        return tj_ibits_of(
            inst->to, nextafterf(tj_ifloat_of(inst->to, from), tj_ifloat_of(inst->to, to)));
    if (tj_iis_nan(inst->to, from))
        return from;
    if (tj_iis_nan(inst->to, to))
        return to;
    if (from == to || ((from | to) & ~sign) == 0)
        return to;
    if ((from & ~sign) == 0)
        return (to & sign) | 1;
    bool is_toward_zero = ((from ^ to) & sign) || (to & ~sign) < (from & ~sign);
    return is_toward_zero ? from - 1 : from + 1;
}

/* ---- tables ----------------------------------------------------------------------------- */

tj_ifn *tj_ifn_of_math(tj_intrin id)
{
    static tj_ifn *const fns[TJ_INTRIN_COUNT] = {
        [TJ_INTRIN_ACOS] = tj_ifn_acos,
        [TJ_INTRIN_ACOSH] = tj_ifn_acosh,
        [TJ_INTRIN_ACOSPI] = tj_ifn_acospi,
        [TJ_INTRIN_ASIN] = tj_ifn_asin,
        [TJ_INTRIN_ASINH] = tj_ifn_asinh,
        [TJ_INTRIN_ASINPI] = tj_ifn_asinpi,
        [TJ_INTRIN_ATAN] = tj_ifn_atan,
        [TJ_INTRIN_ATANH] = tj_ifn_atanh,
        [TJ_INTRIN_ATANPI] = tj_ifn_atanpi,
        [TJ_INTRIN_CEIL] = tj_ifn_ceil,
        [TJ_INTRIN_COS] = tj_ifn_cos,
        [TJ_INTRIN_COSH] = tj_ifn_cosh,
        [TJ_INTRIN_COSPI] = tj_ifn_cospi,
        [TJ_INTRIN_EXP] = tj_ifn_exp,
        [TJ_INTRIN_EXP10] = tj_ifn_exp10,
        [TJ_INTRIN_EXP2] = tj_ifn_exp2,
        [TJ_INTRIN_FABS] = tj_ifn_fabs,
        [TJ_INTRIN_FLOOR] = tj_ifn_floor,
        [TJ_INTRIN_FRACT] = tj_ifn_fract,
        [TJ_INTRIN_LOG] = tj_ifn_log,
        [TJ_INTRIN_LOG10] = tj_ifn_log10,
        [TJ_INTRIN_LOG2] = tj_ifn_log2,
        [TJ_INTRIN_RINT] = tj_ifn_rint,
        [TJ_INTRIN_ROUND] = tj_ifn_round,
        [TJ_INTRIN_RSQRT] = tj_ifn_rsqrt,
        [TJ_INTRIN_SATURATE] = tj_ifn_saturate,
        [TJ_INTRIN_SIN] = tj_ifn_sin,
        [TJ_INTRIN_SINH] = tj_ifn_sinh,
        [TJ_INTRIN_SINPI] = tj_ifn_sinpi,
        [TJ_INTRIN_SQRT] = tj_ifn_sqrt,
        [TJ_INTRIN_TAN] = tj_ifn_tan,
        [TJ_INTRIN_TANH] = tj_ifn_tanh,
        [TJ_INTRIN_TANPI] = tj_ifn_tanpi,
        [TJ_INTRIN_TRUNC] = tj_ifn_trunc,
        [TJ_INTRIN_SIGN] = tj_ifn_sign,
        [TJ_INTRIN_ATAN2] = tj_ifn_atan2,
        [TJ_INTRIN_ATAN2PI] = tj_ifn_atan2pi,
        [TJ_INTRIN_COPYSIGN] = tj_ifn_copysign,
        [TJ_INTRIN_FMAX] = tj_ifn_fmax,
        [TJ_INTRIN_FMIN] = tj_ifn_fmin,
        [TJ_INTRIN_FMOD] = tj_ifn_fmod,
        [TJ_INTRIN_POW] = tj_ifn_pow,
        [TJ_INTRIN_POWR] = tj_ifn_pow,
        [TJ_INTRIN_LDEXP] = tj_ifn_ldexp,
        [TJ_INTRIN_NEXTAFTER] = tj_ifn_nextafter,
        [TJ_INTRIN_FCLAMP] = tj_ifn_clamp,
        [TJ_INTRIN_FMAX3] = tj_ifn_fmax3,
        [TJ_INTRIN_FMIN3] = tj_ifn_fmin3,
        [TJ_INTRIN_FMEDIAN3] = tj_ifn_fmedian3,
        [TJ_INTRIN_FMA] = tj_ifn_fma,
        [TJ_INTRIN_MIX] = tj_ifn_mix,
    };
    return fns[id];
}

tj_ifn *tj_ifn_of_llvm_float(const char *name)
{
    static const tj_iname names[] = {
        {"ceil", tj_ifn_ceil},
        {"copysign", tj_ifn_copysign},
        {"cos", tj_ifn_cos},
        {"exp", tj_ifn_exp},
        {"exp2", tj_ifn_exp2},
        {"fabs", tj_ifn_fabs},
        {"floor", tj_ifn_floor},
        {"fma", tj_ifn_fma},
        {"fmuladd", tj_ifn_fmuladd},
        {"log", tj_ifn_log},
        {"log10", tj_ifn_log10},
        {"log2", tj_ifn_log2},
        {"maximum", tj_ifn_maximum},
        {"maxnum", tj_ifn_fmax},
        {"minimum", tj_ifn_minimum},
        {"minnum", tj_ifn_fmin},
        {"nearbyint", tj_ifn_rint},
        {"pow", tj_ifn_pow},
        {"rint", tj_ifn_rint},
        {"round", tj_ifn_round},
        {"roundeven", tj_ifn_rint},
        {"sin", tj_ifn_sin},
        {"sqrt", tj_ifn_sqrt},
        {"trunc", tj_ifn_trunc},
        {NULL, NULL},
    };
    return tj_ifind_name(names, name);
}
