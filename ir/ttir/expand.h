/* SPDX-License-Identifier: MIT */
/* Descriptors, block pointers and products with scales as what they are made of. */
#ifndef TJ_TTIR_EXPAND_H
#define TJ_TTIR_EXPAND_H

#include "ttir/module.h"

/* Rewrites a verified module: a descriptor becomes a pointer, its shape and strides (i64) and
 * whether it pads with NaN (i1); a block pointer of Triton 3.6 a pointer, shape, strides and
 * offsets (i32); their loads, stores and atomics become those of tensors of pointers with
 * masks. A kernel's descriptor becomes a pointer, whose shape and strides are the parameters
 * behind it. tt.dot_scaled becomes tt.dot. Where there was one, `has_changed` is set. */
tj_status tj_tt_expand(tj_tt_module *module, tj_diags *diags, bool *has_changed);

/* ---- between expand.c and expand_access.c ---- */

typedef struct tj_tt_expander {
    tj_tt_module *module;
    tj_tt_func *func;
    tj_arena *arena;
    tj_diags *diags;
    tj_tt_value ***parts; /* by number; NULL for what is neither */
    uint32_t part_capacity;
    const tj_tt_op *origin; /* whose place new operations have */
    tj_tt_block *block;
    tj_tt_op **link; /* new operations go in front of what it points to */
    bool has_changed;
} tj_tt_expander;

/* Offsets of the parts; the pointer is the first. */
static inline uint32_t tj_tt_shape_part(uint32_t dim)
{
    return 1 + dim;
}

static inline uint32_t tj_tt_stride_part(const tj_tt_type *type, uint32_t dim)
{
    return 1u + type->rank + dim;
}

/* The NaN flag, the first offset. */
static inline uint32_t tj_tt_last_part(const tj_tt_type *type)
{
    return 1u + 2u * type->rank;
}

/* A new operation with one result (or none: type NULL), in front of the link. */
tj_tt_op *tj_tt_emit(tj_tt_expander *e, tj_tt_kind kind, tj_tt_value *const *operands,
                     uint32_t count, const tj_tt_type *type);
void tj_tt_give_attr(tj_tt_expander *e, tj_tt_op *op, const char *name, int64_t number);
tj_tt_value *tj_tt_emit1(tj_tt_expander *e, tj_tt_kind kind, tj_tt_value *a, tj_tt_value *b,
                         const tj_tt_type *type);
tj_tt_value *tj_tt_emit_constant(tj_tt_expander *e, tj_tt_elem elem, int64_t number);
/* Operations on blocks of memory in place of `op`; the value of a load, NULL otherwise. */
tj_tt_value *tj_tt_expand_access(tj_tt_expander *e, tj_tt_op *op, tj_tt_value *const *parts);

#endif
