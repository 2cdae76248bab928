/* SPDX-License-Identifier: MIT */
/* Elementary functions: loops over the C library's scalar functions, so that the interpreter,
 * which calls those, gets the same bits; and the few that C17 lacks. */
#include "elementary.h"

#include <math.h>
#include <stdbool.h>

/* x minus the nearest integer is exact and within one half; the integer's parity gives the
 * sign of sine and cosine. What double's pi would miss is said: cosine is +0 and tangent
 * infinite at odd multiples of 1/2; zeros have the signs that IEEE 754 gives them. */
static float distance_to_integer(float x, bool *is_odd)
{
    float nearest = rintf(x);

    *is_odd = fmodf(nearest, 2.0f) != 0;
    return x - nearest;
}

static float sinpi_float(float x)
{
    bool is_odd;
    float sine = (float)sin(M_PI * (double)distance_to_integer(x, &is_odd));

    if (sine == 0)
        return copysignf(0.0f, x);
    return is_odd ? -sine : sine;
}

static float cospi_float(float x)
{
    bool is_odd;
    float rest = distance_to_integer(x, &is_odd);

    if (fabsf(rest) == 0.5f)
        return 0.0f;
    float cosine = (float)cos(M_PI * (double)rest);
    return is_odd ? -cosine : cosine;
}

static float tanpi_float(float x)
{
    bool is_odd;
    float rest = distance_to_integer(x, &is_odd);

    if (fabsf(rest) == 0.5f)
        return copysignf(INFINITY, rest);
    if (rest == 0)
        return copysignf(0.0f, is_odd ? -x : x);
    return (float)tan(M_PI * (double)rest);
}

static float acospi_float(float x)
{
    return (float)(acos((double)x) / M_PI);
}

static float asinpi_float(float x)
{
    return (float)(asin((double)x) / M_PI);
}

static float atanpi_float(float x)
{
    return (float)(atan((double)x) / M_PI);
}

static float atan2pi_float(float y, float x)
{
    return (float)(atan2((double)y, (double)x) / M_PI);
}

static float exp10_float(float x)
{
#ifdef __APPLE__
    return __exp10f(x);
#else
    return exp10f(x);
#endif
}

#define SYMBOL(name)
#define MATH1(name, function)                                                                  \
    void tjrt_math_##name(float *out, const float *x, uint32_t count)                          \
    {                                                                                          \
        for (uint32_t i = 0; i < count; i++)                                                   \
            out[i] = function(x[i]);                                                           \
    }
#define MATH2(name, function)                                                                  \
    void tjrt_math_##name(float *out, const float *x, const float *y, uint32_t count)          \
    {                                                                                          \
        for (uint32_t i = 0; i < count; i++)                                                   \
            out[i] = function(x[i], y[i]);                                                     \
    }
#define MATHE(name, function)                                                                  \
    void tjrt_math_##name(float *out, const float *x, const int32_t *e, uint32_t count)        \
    {                                                                                          \
        for (uint32_t i = 0; i < count; i++)                                                   \
            out[i] = function(x[i], e[i]);                                                     \
    }
#include "symbols.def"
