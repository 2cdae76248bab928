/* SPDX-License-Identifier: MIT */
/* tt.dot_scaled: products of blocks in formats of few bits, with a scale for 32 or 16 elements
 * of the inner dimension. */
#ifndef TJ_TTIR_SCALED_H
#define TJ_TTIR_SCALED_H

#include "ttir/expand.h"

typedef enum tj_tt_format { /* the numbers of lhs and rhs in words.def */
                            TJ_TT_E4M3,
                            TJ_TT_E5M2,
                            TJ_TT_E2M3,
                            TJ_TT_E3M2,
                            TJ_TT_E2M1,
                            TJ_TT_FORMAT_BF16,
                            TJ_TT_FORMAT_FP16,
                            TJ_TT_FORMAT_COUNT
} tj_tt_format;

typedef struct tj_tt_scaled_side {
    tj_tt_value *value, *scale; /* the second NULL: 1 */
    int format;                 /* tj_tt_format; -1: none of them */
    bool is_right;              /* K x N, its scale N x K/32; else M x K, M x K/32 */
    bool is_packed_inner;       /* e2m1: pairs are neighbours of the inner dimension */
} tj_tt_scaled_side;

typedef struct tj_tt_scaled {
    tj_tt_scaled_side sides[2];
    tj_tt_value *sum;
    bool is_fast; /* scales are no NaN */
} tj_tt_scaled;

/* The operands of either form of the text; false: their number does not fit. */
bool tj_tt_read_scaled(const tj_tt_op *op, tj_tt_scaled *out);
/* The type of all numbers of a side whose rank is 2 or more. */
tj_tt_type tj_tt_unpacked_type(const tj_tt_scaled_side *side);
/* The same product as tt.dot of bf16 or f32, in front of the link. */
tj_tt_value *tj_tt_expand_scaled(tj_tt_expander *e, const tj_tt_op *op);

#endif
