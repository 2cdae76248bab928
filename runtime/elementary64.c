/* SPDX-License-Identifier: MIT */
/* Elementary functions of doubles: loops over the C library's scalar functions, so that the
 * interpreter, which calls those, gets the same bits; and the few that C17 lacks. */
#include "elementary.h"

#include <math.h>
#include <stdbool.h>

/* x minus the nearest integer is exact and within one half; the integer's parity gives the
 * sign. What double's pi would miss is said, as in elementary.c. */
static double distance_to_integer(double x, bool *is_odd)
{
    double nearest = rint(x);

    *is_odd = fmod(nearest, 2.0) != 0;
    return x - nearest;
}

static double sinpi_double(double x)
{
    bool is_odd;
    double sine = sin(M_PI * distance_to_integer(x, &is_odd));

    if (sine == 0)
        return copysign(0.0, x);
    return is_odd ? -sine : sine;
}

static double cospi_double(double x)
{
    bool is_odd;
    double rest = distance_to_integer(x, &is_odd);

    if (fabs(rest) == 0.5)
        return 0.0;
    /* near its zeros as a sine: the distance from there is exact */
    double cosine = fabs(rest) > 0.25 ? sin(M_PI * (0.5 - fabs(rest))) : cos(M_PI * rest);
    return is_odd ? -cosine : cosine;
}

static double tanpi_double(double x)
{
    bool is_odd;
    double rest = distance_to_integer(x, &is_odd);

    if (fabs(rest) == 0.5)
        return copysign(INFINITY, rest);
    if (rest == 0)
        return copysign(0.0, is_odd ? -x : x);
    if (fabs(rest) > 0.25)
        return copysign(1 / tan(M_PI * (0.5 - fabs(rest))), rest);
    return tan(M_PI * rest);
}

static double acospi_double(double x)
{
    return acos(x) / M_PI;
}

static double asinpi_double(double x)
{
    return asin(x) / M_PI;
}

static double atanpi_double(double x)
{
    return atan(x) / M_PI;
}

static double atan2pi_double(double y, double x)
{
    return atan2(y, x) / M_PI;
}

static double exp10_double(double x)
{
#ifdef __APPLE__
    return __exp10(x);
#else
    return exp10(x);
#endif
}

#define MATH1(name, function)                                                                  \
    void tjrt_math64_##name(double *out, const double *x, uint32_t count)                      \
    {                                                                                          \
        for (uint32_t i = 0; i < count; i++)                                                   \
            out[i] = function(x[i]);                                                           \
    }
#define MATH2(name, function)                                                                  \
    void tjrt_math64_##name(double *out, const double *x, const double *y, uint32_t count)     \
    {                                                                                          \
        for (uint32_t i = 0; i < count; i++)                                                   \
            out[i] = function(x[i], y[i]);                                                     \
    }
#define MATHE(name, function)                                                                  \
    void tjrt_math64_##name(double *out, const double *x, const int32_t *e, uint32_t count)    \
    {                                                                                          \
        for (uint32_t i = 0; i < count; i++)                                                   \
            out[i] = function(x[i], e[i]);                                                     \
    }
#include "symbols64.def"
