/* SPDX-License-Identifier: MIT */
/* What the parts of the verifier share. */
#ifndef TJ_TTIR_VERIFY_H
#define TJ_TTIR_VERIFY_H

#include "ttir/module.h"

typedef struct tj_tt_verifier {
    const tj_tt_module *module;
    const tj_tt_func *func;
    tj_diags *diags;
} tj_tt_verifier;

typedef bool tj_tt_check_fn(tj_tt_verifier *v, const tj_tt_op *op);

/* Reports an error at an operation; false, for `return`. */
bool tj_tt_wrong(tj_tt_verifier *v, const tj_tt_op *op, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const char *tj_tt_spell(tj_tt_verifier *v, const tj_tt_type *type);

/* verify_shape.c: operations on shapes and pointers */
tj_tt_check_fn tj_tt_check_make_range, tj_tt_check_splat, tj_tt_check_unsplat,
    tj_tt_check_expand_dims, tj_tt_check_broadcast, tj_tt_check_same_size, tj_tt_check_trans,
    tj_tt_check_join, tj_tt_check_split, tj_tt_check_cat, tj_tt_check_gather, tj_tt_check_wider,
    tj_tt_check_narrower, tj_tt_check_bitcast, tj_tt_check_select, tj_tt_check_load,
    tj_tt_check_store, tj_tt_check_atomic, tj_tt_check_dot, tj_tt_check_dot_scaled,
    tj_tt_check_descriptor, tj_tt_check_axis_word, tj_tt_check_predicate, tj_tt_check_constant,
    tj_tt_check_histogram;

/* verify_region.c: regions, calls, terminators */
tj_tt_check_fn tj_tt_check_combine, tj_tt_check_map, tj_tt_check_for, tj_tt_check_if,
    tj_tt_check_while, tj_tt_check_execute, tj_tt_check_branch, tj_tt_check_call,
    tj_tt_check_return, tj_tt_check_yield, tj_tt_check_print;

#endif
