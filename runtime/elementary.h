/* SPDX-License-Identifier: MIT */
/* Elementary functions over arrays, called by generated code in strict mode. */
#ifndef TJRT_ELEMENTARY_H
#define TJRT_ELEMENTARY_H

#include <stdint.h>

/* out[i] = function(x[i]...) for i < count, with the bits of the scalar function; `out` may
 * be `x`. Rows and functions: runtime/symbols.def. */
#define SYMBOL(name)
#define MATH1(name, function) \
    void tjrt_math_##name(float *out, const float *x, uint32_t count);
#define MATH2(name, function) \
    void tjrt_math_##name(float *out, const float *x, const float *y, uint32_t count);
#define MATHE(name, function) \
    void tjrt_math_##name(float *out, const float *x, const int32_t *e, uint32_t count);
#include "symbols.def"

/* The same of doubles: runtime/symbols64.def. */
#define MATH1(name, function) \
    void tjrt_math64_##name(double *out, const double *x, uint32_t count);
#define MATH2(name, function) \
    void tjrt_math64_##name(double *out, const double *x, const double *y, uint32_t count);
#define MATHE(name, function) \
    void tjrt_math64_##name(double *out, const double *x, const int32_t *e, uint32_t count);
#include "symbols64.def"

#endif
