/* SPDX-License-Identifier: MIT */
/* What a run does with its buffers afterwards: --out, --print and --expect. */
#ifndef TJ_TOOL_OUTPUTS_H
#define TJ_TOOL_OUTPUTS_H

#include "bind.h"
#include "compare.h"

typedef struct tj_output {
    tj_option_id id;   /* OUT, PRINT or EXPECT */
    size_t index;      /* of the argument */
    const char *path;  /* OUT: in argv */
    bool is_whole;     /* PRINT: all elements */
    tj_value expected; /* EXPECT */
} tj_output;

typedef struct tj_outputs {
    tj_output *items; /* as on the command line; grouped by option */
    size_t count;
    tj_tolerance tolerance;
} tj_outputs;

/* Finds names and reads expected values before anything runs. */
int tj_outputs_prepare(const tj_args *args, const tj_bound *bound, tj_outputs *out,
                       tj_failure *why);
void tj_outputs_fini(tj_outputs *outputs);

int tj_outputs_save(const tj_outputs *outputs, const tj_bound *bound, tj_failure *why);
void tj_outputs_print(const tj_outputs *outputs, const tj_bound *bound, FILE *to);
int tj_outputs_check(const tj_outputs *outputs, const tj_bound *bound, tj_failure *why);
/* Is argument `index` among --print? */
bool tj_outputs_has_print(const tj_outputs *outputs, size_t index);

#endif
