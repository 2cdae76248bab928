/* SPDX-License-Identifier: MIT */
/* Which thread holds which element: maps that are linear over GF(2).
 *
 * An element's number packs its indices, last dimension in the low bits; all sizes are powers
 * of two. A layout maps a place (register, lane, SIMD-group) to an element: the exclusive or of
 * the bases of the place's set bits. A zero or dependent basis means that several places hold
 * the same element. Source: Zhou et al., "Linear Layouts: Robust Code Generation of Efficient
 * Tensor Computation Using F2", 2025.
 */
#ifndef TJ_TTIR_LAYOUT_H
#define TJ_TTIR_LAYOUT_H

#include "ttir/module.h"

enum { TJ_TT_LANE_BITS = 5, TJ_TT_MAX_GROUP_BITS = 5 };

typedef struct tj_tt_layout {
    uint8_t regs, groups; /* bits of registers and of SIMD-groups in the threadgroup */
    uint32_t reg[TJ_TT_MAX_LOG2], lane[TJ_TT_LANE_BITS], group[TJ_TT_MAX_GROUP_BITS];
} tj_tt_layout;

/* A place, or a difference of places. */
typedef struct tj_tt_place {
    uint32_t reg, lane, group;
} tj_tt_place;

bool tj_tt_same_layout(const tj_tt_layout *a, const tj_tt_layout *b);
uint32_t tj_tt_element(const tj_tt_layout *layout, tj_tt_place place);

/* All dimensions of `type` over registers, then lanes, then SIMD-groups; `order` lists
 * dimensions, the fastest first. In a thread 2^per_thread elements of the fastest are together.
 */
tj_tt_layout tj_tt_blocked(const tj_tt_type *type, const uint8_t *order, unsigned per_thread,
                           unsigned group_bits);
/* Last dimension fastest, one element a thread. */
tj_tt_layout tj_tt_default_layout(const tj_tt_type *type, unsigned group_bits);
/* A grid of SIMD-group matrices, 8 x 8 of the last two dimensions, each SIMD-group a block of
 * it: registers 2i and 2i + 1 are the lane's pair of matrix i (air.md 4.9: reg [c0],
 * lane [c1 r0 r1 c2 r2]), matrices along columns, then rows, then the batch. SIMD-groups share
 * out the batch, then rows, then columns; where none are left they repeat each other. */
enum { TJ_TT_SIDE_BITS = 3 };
tj_tt_layout tj_tt_matrix_layout(const tj_tt_type *type, unsigned group_bits);
/* Whether elements of the type, in this layout, are such matrices. */
bool tj_tt_is_matrices(const tj_tt_type *type, const tj_tt_layout *layout);

/* The number of the lowest bit of a dimension in an element's number. */
unsigned tj_tt_dim_shift(const tj_tt_type *type, unsigned dim);
uint32_t tj_tt_dim_mask(const tj_tt_type *type, unsigned dim);

/* Without the bits of `mask`, those above moved down; registers that then are the same are one.
 */
tj_tt_layout tj_tt_without_bits(const tj_tt_layout *layout, uint32_t mask);
/* For a register of `layout` the register of the layout without those bits. */
uint32_t tj_tt_register_without(const tj_tt_layout *layout, uint32_t mask, uint32_t reg);

/* Dimension i of the result is dimension order[i] of the source: a layout of the source as one
 * of the result, and the other way. */
tj_tt_layout tj_tt_permuted(const tj_tt_layout *layout, const tj_tt_type *from,
                            const uint8_t *order);
tj_tt_layout tj_tt_unpermuted(const tj_tt_layout *layout, const tj_tt_type *from,
                              const uint8_t *order);

/* Bits of lane and SIMD-group that do not change the element, given the bits below them: an
 * element's canonical holder has zeros there. `reg` of the answer: registers that repeat. */
tj_tt_place tj_tt_free_bits(const tj_tt_layout *layout);

/* ---- conversions ---- */

typedef enum tj_tt_move {
    TJ_TT_MOVE_RENAME,  /* within a thread; selects where a register depends on the place */
    TJ_TT_MOVE_SHUFFLE, /* within a SIMD-group */
    TJ_TT_MOVE_SWAPS,   /* the same, after registers were swapped with lanes */
    TJ_TT_MOVE_MEMORY,
    TJ_TT_MOVE_TILES    /* through memory as SIMD-group matrices */
} tj_tt_move;

/* Lanes whose bits differ exchange halves of their registers: what bit `reg` of a register's
 * number chose bit `lane` of the lane's number chooses, and the other way. */
typedef struct tj_tt_swap {
    uint8_t reg, lane;
} tj_tt_swap;

enum { TJ_TT_MAX_SWAPS = TJ_TT_LANE_BITS };

/* Where the elements of a place of `to` are in `from`: linear again, one difference a bit. */
typedef struct tj_tt_conversion {
    tj_tt_move move;
    tj_tt_place reg[TJ_TT_MAX_LOG2], lane[TJ_TT_LANE_BITS], group[TJ_TT_MAX_GROUP_BITS];
    unsigned swap_count; /* of swaps, which come first */
    tj_tt_swap swaps[TJ_TT_MAX_SWAPS];
} tj_tt_conversion;

tj_tt_conversion tj_tt_plan_conversion(const tj_tt_layout *from, const tj_tt_layout *to);

/* "reg [1 2] lane [4 8 16 32 64] group [128]" */
const char *tj_tt_layout_text(tj_arena *arena, const tj_tt_layout *layout);

#endif
