/* SPDX-License-Identifier: MIT */
/* Values of function constants from the command line. */
#ifndef TJ_TOOL_CONSTANTS_H
#define TJ_TOOL_CONSTANTS_H

#include "options.h"
#include "values.h"

typedef struct tj_constants {
    tmjit_constant *list; /* data points into values */
    tj_value *values;
    size_t count;
} tj_constants;

/* Reads every --constant in the type that the kernel's constant has, and lets `options` use
 * them. To be freed after the last pipeline is made, after a failure too. */
int tj_constants_read(const tj_args *args, const tmjit_kernel *kernel,
                      tmjit_pipeline_options *options, tj_constants *out, tj_failure *why);
/* The same, with `number` in every component of every constant of the kernel. */
int tj_constants_fill(const char *number, const tmjit_kernel *kernel,
                      tmjit_pipeline_options *options, tj_constants *out, tj_failure *why);
void tj_constants_fini(tj_constants *constants);

/* The first required constant of the kernel that no --constant names; NULL: all have values. */
const tmjit_constant_info *tj_constants_missing(const tj_constants *constants,
                                                const tmjit_kernel *kernel);

#endif
