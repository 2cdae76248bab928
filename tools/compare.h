/* SPDX-License-Identifier: MIT */
/* Differences between two values. */
#ifndef TJ_TOOL_COMPARE_H
#define TJ_TOOL_COMPARE_H

#include "values.h"

typedef struct tj_tolerance {
    double relative, absolute; /* both 0: equal bits; NaN equals NaN always */
} tj_tolerance;

typedef struct tj_difference {
    uint64_t count;                    /* elements that differ; 0: the rest is not filled */
    uint64_t first;                    /* element */
    double max_absolute, max_relative; /* over all elements; inf when one side is not finite */
} tj_difference;

/* Both values have the same scalar type and count. An element agrees when
 * |got - expected| <= absolute + relative * |expected|. */
tj_difference tj_compare(const tj_value *expected, const tj_value *got, tj_tolerance tolerance);

/* Fails with TJ_EXIT_DIFFERS and the first difference when `got` is not `expected`, and
 * with TJ_EXIT_INPUT when the types differ. */
int tj_check_expected(const char *name, const tj_value *expected, const tj_value *got,
                      tj_tolerance tolerance, tj_failure *why);

/* Fails when the results of the two engines differ in a bit. `grid`, in threads, names the
 * thread when the buffer has one element a thread. */
int tj_check_engines(const char *name, unsigned components, const tj_value *simd,
                     const tj_value *interp, tmjit_extent grid, tj_failure *why);

#endif
