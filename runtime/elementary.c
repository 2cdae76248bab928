/* SPDX-License-Identifier: MIT */
/* Elementary functions: loops over the C library's scalar functions, so that the interpreter,
 * which calls those, gets the same bits; and the few that C17 lacks. */
#include "elementary.h"

#include <math.h>

/* x reduced to [-1, 1] by an even integer; exact, as every step is representable. */
static double reduce_by_two(float x)
{
    return (double)(x - 2.0f * rintf(0.5f * x));
}

/* sin(pi x). At multiples of 1/2 the result is exact; zeros have the sign of x (IEEE 754-2019,
 * section 9.2.1, sinPi). */
static float sinpi_float(float x)
{
    double r = reduce_by_two(x);

    if (r == 0 || r == 1 || r == -1)
        return copysignf(0.0f, x);
    if (r == 0.5 || r == -0.5)
        return r > 0 ? 1.0f : -1.0f;
    return (float)sin(M_PI * r);
}

/* cos(pi x); +0 at odd multiples of 1/2 (IEEE 754-2019, section 9.2.1, cosPi). */
static float cospi_float(float x)
{
    double r = fabs(reduce_by_two(x));

    if (r == 0.5)
        return 0.0f;
    if (r == 0 || r == 1)
        return r == 0 ? 1.0f : -1.0f;
    return (float)cos(M_PI * r);
}

/* tan(pi x); at integers a zero with the sign of x, negated for odd ones, at odd multiples
 * of 1/2 an infinity (IEEE 754-2019, section 9.2.1, tanPi). */
static float tanpi_float(float x)
{
    double r = reduce_by_two(x);

    if (r == 0)
        return copysignf(0.0f, x);
    if (r == 1 || r == -1)
        return copysignf(0.0f, -x);
    if (r == 0.5 || r == -0.5)
        return r > 0 ? INFINITY : -INFINITY;
    return (float)tan(M_PI * r);
}

static float exp10_float(float x)
{
#ifdef __APPLE__
    return __exp10f(x);
#else
    return exp10f(x);
#endif
}

/* Metal defines powr for x >= 0 only (Metal Shading Language Specification, "Math
 * Functions"); a negative x gives NaN. */
static float powr_float(float x, float y)
{
    return x < 0 ? NAN : powf(x, y);
}

#define SYMBOL(name)
#define MATH1(name, function) \
    void tjrt_math_##name(float *out, const float *x, uint32_t count) \
    { \
        for (uint32_t i = 0; i < count; i++) \
            out[i] = function(x[i]); \
    }
#define MATH2(name, function) \
    void tjrt_math_##name(float *out, const float *x, const float *y, uint32_t count) \
    { \
        for (uint32_t i = 0; i < count; i++) \
            out[i] = function(x[i], y[i]); \
    }
#define MATHE(name, function) \
    void tjrt_math_##name(float *out, const float *x, const int32_t *e, uint32_t count) \
    { \
        for (uint32_t i = 0; i < count; i++) \
            out[i] = function(x[i], e[i]); \
    }
#include "symbols.def"
