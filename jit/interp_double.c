/* SPDX-License-Identifier: MIT */
/* Functions of doubles, where doubles are allowed: the C library's, one operation each. Minimum
 * and maximum return the operand that is not NaN and order -0 below +0. */
#include "interp_internal.h"

#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* ---- numbers ---------------------------------------------------------------------------- */

static double plus(double a, double b)
{
    return a + b;
}

static double minus(double a, double b)
{
    return a - b;
}

static double times(double a, double b)
{
    return a * b;
}

static double over(double a, double b)
{
    return a / b;
}

static double lesser(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) ? b : a;
    if (a == b)
        return signbit(a) ? a : b;
    return a < b ? a : b;
}

static double greater(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) ? b : a;
    if (a == b)
        return signbit(a) ? b : a;
    return a > b ? a : b;
}

static double lesser_or_nan(double a, double b)
{
    return isnan(a) || isnan(b) ? a + b : lesser(a, b);
}

static double greater_or_nan(double a, double b)
{
    return isnan(a) || isnan(b) ? a + b : greater(a, b);
}

static double inverse_root(double x)
{
    return 1.0 / sqrt(x);
}

static double saturate(double x)
{
    return lesser(greater(x, 0.0), 1.0);
}

static double sign(double x)
{
    if (isnan(x))
        return 0.0;
    return x > 0 ? 1.0 : x < 0 ? -1.0 : x;
}

static double fraction(double x)
{
    double part = isnan(x) ? x : isinf(x) ? 0.0 : x - floor(x);

    return part >= 1.0 ? 0x1.fffffffffffffp-1 : part;
}

static double clamp(double x, double low, double high)
{
    return lesser(greater(x, low), high);
}

static double greatest(double a, double b, double c)
{
    return greater(greater(a, b), c);
}

static double least(double a, double b, double c)
{
    return lesser(lesser(a, b), c);
}

static double middle(double a, double b, double c)
{
    return greater(lesser(a, b), lesser(greater(a, b), c));
}

/* Each step rounded, never contracted. */
static double times_plus(double a, double b, double c)
{
    double product = a * b;

    return product + c;
}

static double mix(double x, double y, double a)
{
    double product = (y - x) * a;

    return x + product;
}

/* ---- pi --------------------------------------------------------------------------------- */

/* x minus the nearest integer is exact and within a half; that integer's parity gives the
 * sign. The zeros and poles that double's pi would miss are named. */
static bool is_odd(double integer)
{
    return fmod(integer, 2.0) != 0;
}

static double sin_of_pi(double x)
{
    double nearest = rint(x), part = sin(pi * (x - nearest));

    if (part == 0)
        return copysign(0.0, x); /* IEEE 754's sinPi of integers */
    return is_odd(nearest) ? -part : part;
}

static double cos_of_pi(double x)
{
    double nearest = rint(x), rest = x - nearest;
    double size = fabs(rest), part = cos(pi * rest);

    if (size > 0.25) /* what is left to the zero is exact */
        part = sin(pi * (0.5 - size));
    return is_odd(nearest) && part != 0 ? -part : part;
}

static double tan_of_pi(double x)
{
    double nearest = rint(x), rest = x - nearest;

    if (fabs(rest) == 0.5)
        return copysign(INFINITY, rest);
    if (rest == 0)
        return copysign(0.0, is_odd(nearest) ? -x : x); /* sinPi over cosPi */
    if (fabs(rest) > 0.25)
        return copysign(1 / tan(pi * (0.5 - fabs(rest))), rest);
    return tan(pi * rest);
}

static double acos_over_pi(double x)
{
    return acos(x) / pi;
}

static double asin_over_pi(double x)
{
    return asin(x) / pi;
}

static double atan_over_pi(double x)
{
    return atan(x) / pi;
}

static double atan2_over_pi(double y, double x)
{
    return atan2(y, x) / pi;
}

static double power_of_ten(double x)
{
#ifdef __APPLE__
    return __exp10(x);
#else
    return exp10(x);
#endif
}

/* ---- as elementwise functions ------------------------------------------------------------ */

static double number(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

#define FN_1(name, function)                                                                   \
    static uint64_t tj_ifn_double_##name(const tj_iinst *inst, const uint64_t *args)           \
    {                                                                                          \
        (void)inst;                                                                            \
        return bits_of(function(number(args[0])));                                             \
    }
#define FN_2(name, function)                                                                   \
    uint64_t tj_ifn_double_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        (void)inst;                                                                            \
        return bits_of(function(number(args[0]), number(args[1])));                            \
    }
#define FN_3(name, function)                                                                   \
    uint64_t tj_ifn_double_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        (void)inst;                                                                            \
        return bits_of(function(number(args[0]), number(args[1]), number(args[2])));           \
    }

FN_1(acos, acos)
FN_1(acosh, acosh)
FN_1(acospi, acos_over_pi)
FN_1(asin, asin)
FN_1(asinh, asinh)
FN_1(asinpi, asin_over_pi)
FN_1(atan, atan)
FN_1(atanh, atanh)
FN_1(atanpi, atan_over_pi)
FN_1(cbrt, cbrt)
FN_1(ceil, ceil)
FN_1(cos, cos)
FN_1(cosh, cosh)
FN_1(cospi, cos_of_pi)
FN_1(erf, erf)
FN_1(erfc, erfc)
FN_1(exp, exp)
FN_1(exp10, power_of_ten)
FN_1(exp2, exp2)
FN_1(expm1, expm1)
FN_1(floor, floor)
FN_1(fract, fraction)
FN_1(log, log)
FN_1(log10, log10)
FN_1(log1p, log1p)
FN_1(log2, log2)
FN_1(rint, rint)
FN_1(round, round)
FN_1(rsqrt, inverse_root)
FN_1(saturate, saturate)
FN_1(sign, sign)
FN_1(sin, sin)
FN_1(sinh, sinh)
FN_1(sinpi, sin_of_pi)
FN_1(sqrt, sqrt)
FN_1(tan, tan)
FN_1(tanh, tanh)
FN_1(tanpi, tan_of_pi)
FN_1(trunc, trunc)

static tj_ifn tj_ifn_double_fma, tj_ifn_double_minimum, tj_ifn_double_maximum,
    tj_ifn_double_atan2, tj_ifn_double_atan2pi, tj_ifn_double_hypot, tj_ifn_double_pow,
    tj_ifn_double_remainder, tj_ifn_double_nextafter, tj_ifn_double_copysign,
    tj_ifn_double_clamp, tj_ifn_double_fmax3, tj_ifn_double_fmin3, tj_ifn_double_fmedian3,
    tj_ifn_double_muladd, tj_ifn_double_mix;
FN_2(add, plus)
FN_2(sub, minus)
FN_2(mul, times)
FN_2(div, over)
FN_2(rem, fmod)
FN_2(min, lesser)
FN_2(max, greater)
FN_2(minimum, lesser_or_nan)
FN_2(maximum, greater_or_nan)
FN_2(atan2, atan2)
FN_2(atan2pi, atan2_over_pi)
FN_2(hypot, hypot)
FN_2(pow, pow)
FN_2(remainder, remainder)
FN_2(nextafter, nextafter)
FN_2(copysign, copysign)
FN_3(clamp, clamp)
FN_3(fmax3, greatest)
FN_3(fmin3, least)
FN_3(fmedian3, middle)
FN_3(fma, fma)
FN_3(muladd, times_plus)
FN_3(mix, mix)

static uint64_t tj_ifn_double_fabs(const tj_iinst *inst, const uint64_t *args)
{
    (void)inst;
    return args[0] & (UINT64_MAX >> 1);
}

static uint64_t tj_ifn_double_ldexp(const tj_iinst *inst, const uint64_t *args)
{
    (void)inst;
    return bits_of(ldexp(number(args[0]), (int)args[1]));
}

/* ---- tables ----------------------------------------------------------------------------- */

tj_ifn *tj_ifn_of_double(tj_intrin id)
{
    static tj_ifn *const fns[TJ_INTRIN_COUNT] = {
        [TJ_INTRIN_ACOS] = tj_ifn_double_acos,
        [TJ_INTRIN_ACOSH] = tj_ifn_double_acosh,
        [TJ_INTRIN_ACOSPI] = tj_ifn_double_acospi,
        [TJ_INTRIN_ASIN] = tj_ifn_double_asin,
        [TJ_INTRIN_ASINH] = tj_ifn_double_asinh,
        [TJ_INTRIN_ASINPI] = tj_ifn_double_asinpi,
        [TJ_INTRIN_ATAN] = tj_ifn_double_atan,
        [TJ_INTRIN_ATANH] = tj_ifn_double_atanh,
        [TJ_INTRIN_ATANPI] = tj_ifn_double_atanpi,
        [TJ_INTRIN_CBRT] = tj_ifn_double_cbrt,
        [TJ_INTRIN_CEIL] = tj_ifn_double_ceil,
        [TJ_INTRIN_COS] = tj_ifn_double_cos,
        [TJ_INTRIN_COSH] = tj_ifn_double_cosh,
        [TJ_INTRIN_COSPI] = tj_ifn_double_cospi,
        [TJ_INTRIN_ERF] = tj_ifn_double_erf,
        [TJ_INTRIN_ERFC] = tj_ifn_double_erfc,
        [TJ_INTRIN_EXP] = tj_ifn_double_exp,
        [TJ_INTRIN_EXP10] = tj_ifn_double_exp10,
        [TJ_INTRIN_EXP2] = tj_ifn_double_exp2,
        [TJ_INTRIN_EXPM1] = tj_ifn_double_expm1,
        [TJ_INTRIN_FLOOR] = tj_ifn_double_floor,
        [TJ_INTRIN_FRACT] = tj_ifn_double_fract,
        [TJ_INTRIN_LOG] = tj_ifn_double_log,
        [TJ_INTRIN_LOG10] = tj_ifn_double_log10,
        [TJ_INTRIN_LOG1P] = tj_ifn_double_log1p,
        [TJ_INTRIN_LOG2] = tj_ifn_double_log2,
        [TJ_INTRIN_RINT] = tj_ifn_double_rint,
        [TJ_INTRIN_ROUND] = tj_ifn_double_round,
        [TJ_INTRIN_RSQRT] = tj_ifn_double_rsqrt,
        [TJ_INTRIN_SATURATE] = tj_ifn_double_saturate,
        [TJ_INTRIN_SIGN] = tj_ifn_double_sign,
        [TJ_INTRIN_SIN] = tj_ifn_double_sin,
        [TJ_INTRIN_SINH] = tj_ifn_double_sinh,
        [TJ_INTRIN_SINPI] = tj_ifn_double_sinpi,
        [TJ_INTRIN_SQRT] = tj_ifn_double_sqrt,
        [TJ_INTRIN_TAN] = tj_ifn_double_tan,
        [TJ_INTRIN_TANH] = tj_ifn_double_tanh,
        [TJ_INTRIN_TANPI] = tj_ifn_double_tanpi,
        [TJ_INTRIN_TRUNC] = tj_ifn_double_trunc,
        [TJ_INTRIN_FMOD] = tj_ifn_double_rem,
        [TJ_INTRIN_FMIN] = tj_ifn_double_min,
        [TJ_INTRIN_FMAX] = tj_ifn_double_max,
        [TJ_INTRIN_ATAN2] = tj_ifn_double_atan2,
        [TJ_INTRIN_ATAN2PI] = tj_ifn_double_atan2pi,
        [TJ_INTRIN_HYPOT] = tj_ifn_double_hypot,
        [TJ_INTRIN_POW] = tj_ifn_double_pow,
        [TJ_INTRIN_REMAINDER] = tj_ifn_double_remainder,
        [TJ_INTRIN_NEXTAFTER] = tj_ifn_double_nextafter,
        [TJ_INTRIN_COPYSIGN] = tj_ifn_double_copysign,
        [TJ_INTRIN_FCLAMP] = tj_ifn_double_clamp,
        [TJ_INTRIN_FMAX3] = tj_ifn_double_fmax3,
        [TJ_INTRIN_FMIN3] = tj_ifn_double_fmin3,
        [TJ_INTRIN_FMEDIAN3] = tj_ifn_double_fmedian3,
        [TJ_INTRIN_FMA] = tj_ifn_double_fma,
        [TJ_INTRIN_MIX] = tj_ifn_double_mix,
        [TJ_INTRIN_FABS] = tj_ifn_double_fabs,
        [TJ_INTRIN_LDEXP] = tj_ifn_double_ldexp,
        [TJ_INTRIN_POWR] = tj_ifn_double_pow,
    };
    return fns[id];
}

tj_ifn *tj_ifn_of_llvm_double(const char *name)
{
    static const tj_iname names[] = {
        {"ceil", tj_ifn_double_ceil},
        {"copysign", tj_ifn_double_copysign},
        {"cos", tj_ifn_double_cos},
        {"exp", tj_ifn_double_exp},
        {"exp2", tj_ifn_double_exp2},
        {"fabs", tj_ifn_double_fabs},
        {"floor", tj_ifn_double_floor},
        {"fma", tj_ifn_double_fma},
        {"fmuladd", tj_ifn_double_muladd},
        {"log", tj_ifn_double_log},
        {"log10", tj_ifn_double_log10},
        {"log2", tj_ifn_double_log2},
        {"maximum", tj_ifn_double_maximum},
        {"maxnum", tj_ifn_double_max},
        {"minimum", tj_ifn_double_minimum},
        {"minnum", tj_ifn_double_min},
        {"nearbyint", tj_ifn_double_rint},
        {"pow", tj_ifn_double_pow},
        {"rint", tj_ifn_double_rint},
        {"round", tj_ifn_double_round},
        {"roundeven", tj_ifn_double_rint},
        {"sin", tj_ifn_double_sin},
        {"sqrt", tj_ifn_double_sqrt},
        {"trunc", tj_ifn_double_trunc},
        {NULL, NULL},
    };
    return tj_ifind_name(names, name);
}
