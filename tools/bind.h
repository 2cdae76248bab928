/* SPDX-License-Identifier: MIT */
/* From the words of the command line to the bindings of a launch. */
#ifndef TJ_TOOL_BIND_H
#define TJ_TOOL_BIND_H

#include "options.h"
#include "slots.h"
#include "values.h"

/* Memory for every argument of a kernel and for what argument buffers point to. */
typedef struct tj_bound {
    const tmjit_kernel *kernel;
    tmjit_chip chip;
    size_t arg_count;        /* arguments come first */
    size_t count;            /* of the arrays that follow */
    tj_slot *slots;
    tj_value *values;        /* buffers; zeroed for all others */
    tmjit_binding *bindings; /* data points into values */
    tmjit_member *members;   /* of a launch */
    size_t member_count;
} tj_bound;

/* Makes all values that --buf, --set and --local name, and checks that none is missing. `chip`
 * limits what --set may set. */
int tj_bound_create(const tj_args *args, const tmjit_kernel *kernel, const tmjit_chip *chip,
                    tj_bound *out, tj_failure *why);
/* Fails when an argument has no memory and needs some. Optional arguments need a pipeline to
 * tell; without one (NULL) they are not looked at. */
int tj_bound_check(tj_bound *bound, const tmjit_pipeline *pipeline, tj_failure *why);
/* A second set of memory with the same contents. */
int tj_bound_copy(const tj_bound *from, tj_bound *out, tj_failure *why);
void tj_bound_fini(tj_bound *bound);

/* Finds the buffer that `name` or an index names, "args.weights" for a member of an argument
 * buffer; fails with the names there are. */
int tj_find_buffer(const tj_bound *bound, const char *name, size_t *index, tj_failure *why);
/* Reads VALUE for slot `index` and checks its type. */
int tj_parse_for_slot(const tj_bound *bound, size_t index, const char *text, tj_value *out,
                      tj_failure *why);
/* After a launch: pointers in argument buffers are zero again, as no two runs have the same. */
void tj_bound_clear_pointers(tj_bound *bound);

#endif
