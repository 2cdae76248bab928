/* SPDX-License-Identifier: MIT */
/* What shape.c, shape_eval.c and shape_sysval.c share. */
#ifndef TJ_SHAPE_INTERNAL_H
#define TJ_SHAPE_INTERNAL_H

#include "affine.h"

/* Computes leaf `index` of an instruction from its operands' leaves. */
tj_leaf tj_shape_eval(const tj_facts *facts, const tj_value *value, uint32_t index);
/* Finds private arrays whose lanes differ; returns whether there are new ones. (shape_private.c)
 */
bool tj_shape_update_arrays(tj_facts *facts);
/* Shape of component `component` of a built-in input. */
tj_shape tj_shape_of_sysval(const tj_facts *facts, const tj_arg *arg, unsigned component);

static inline tj_algebra tj_facts_algebra(const tj_facts *facts)
{
    return (tj_algebra){facts->arena, facts->options.lanes};
}

#endif
