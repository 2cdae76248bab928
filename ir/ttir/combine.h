/* SPDX-License-Identifier: MIT */
/* What reductions and scans share: operands in registers and the region that combines them. */
#ifndef TJ_TTIR_COMBINE_H
#define TJ_TTIR_COMBINE_H

#include "ttir/lower.h"

enum { TJ_TT_MAX_COMBINED = 8 }; /* operands */

typedef struct tj_tt_combiner {
    tj_tt_lower *l;
    const tj_tt_op *op;
    uint32_t count;     /* operands */
    uint32_t axis_mask; /* bits of the axis in an element's number */
    tj_tt_layout layout;
    LLVMValueRef *regs[TJ_TT_MAX_COMBINED];
} tj_tt_combiner;

/* Whether any result is used. */
bool tj_tt_is_combined(tj_tt_lower *l, const tj_tt_op *op);
bool tj_tt_start_combine(tj_tt_lower *l, const tj_tt_op *op, tj_tt_combiner *c);
/* In another layout: the operands move. */
bool tj_tt_move_operands(tj_tt_combiner *c, const tj_tt_layout *layout);
/* One element of each operand: out = region(a, b). */
bool tj_tt_combine(tj_tt_combiner *c, LLVMValueRef *a, LLVMValueRef *b, LLVMValueRef *out);
void tj_tt_pick(const tj_tt_combiner *c, uint32_t reg, LLVMValueRef *out);
void tj_tt_put(tj_tt_combiner *c, uint32_t reg, LLVMValueRef *values);

#endif
