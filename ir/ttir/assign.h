/* SPDX-License-Identifier: MIT */
/* Which layouts the values of a function have.
 *
 * Loads, products, reductions and what is computed of them have a home: the layout in which
 * they are computed once; every other layout that a use wants is a conversion. Numbers of
 * elements, addresses and constants have none: they are computed again in each layout that is
 * wanted. A value that nobody wants in any layout is not computed.
 */
#ifndef TJ_TTIR_ASSIGN_H
#define TJ_TTIR_ASSIGN_H

#include "ttir/choose.h"

typedef struct tj_tt_wants {
    bool has_home;
    bool is_used;  /* scalars */
    bool is_again; /* pointers that are computed in each layout, as they cannot move */
    tj_tt_layout home;
    tj_tt_layout *layouts; /* that uses want, the home not among them */
    uint32_t count, capacity;
} tj_tt_wants;

typedef struct tj_tt_axis tj_tt_axis; /* how values run along dimensions (axis.c) */

typedef struct tj_tt_assignment {
    tj_tt_axis *axis;
    tj_tt_wants *values; /* by number */
    unsigned group_bits; /* log2 of SIMD-groups in a program's threadgroup */
} tj_tt_assignment;

/* Of one function. Tensors that are parameters have the default layout for a home, values of
 * `choices` (NULL: none) theirs. */
tj_tt_assignment tj_tt_assign(tj_arena *arena, const tj_tt_func *func, unsigned group_bits,
                              const tj_tt_choice *choices);

/* The layout in which an operation with effects of its own is carried out: a store's, an
 * atomic's; the layout in which a reduction or scan takes its operands. */
tj_tt_layout tj_tt_op_layout(const tj_tt_assignment *a, const tj_tt_op *op);

/* The layout of the operands that gives an operation's result in `layout`: views of tensors. */
tj_tt_layout tj_tt_operand_layout(const tj_tt_op *op, const tj_tt_layout *layout);

/* Whether a tt.dot goes on SIMD-group matrices: floats, at least 8 x 8 x 8. */
bool tj_tt_has_matrices(const tj_tt_op *op);

/* Bits of a result's elements that an operand does not have: those of dimensions that were 1.
 */
uint32_t tj_tt_broadcast_mask(const tj_tt_op *op);

/* A layout of a, as one of pairs of a and b: the pair's bit is the first register. */
tj_tt_layout tj_tt_joined(const tj_tt_layout *layout);

/* A layout of a, as one of a with b, of half's type, behind it. */
tj_tt_layout tj_tt_appended(const tj_tt_layout *layout, const tj_tt_type *half);

/* tt.trans: which dimension of the operand each of the result's is. */
void tj_tt_read_order(const tj_tt_op *op, uint8_t *out);

/* ---- axis.c ---- */

tj_tt_axis *tj_tt_axis_create(tj_arena *arena, const tj_tt_func *func);
/* The layout of loads and stores through a tensor of pointers: neighbours in memory are
 * neighbouring lanes. */
tj_tt_layout tj_tt_access_layout(tj_tt_axis *axis, const tj_tt_value *pointers,
                                 unsigned group_bits);

#endif
