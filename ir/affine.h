/* SPDX-License-Identifier: MIT */
/* Algebra of shapes: what an operation makes of uniform and lane-affine operands. */
#ifndef TJ_AFFINE_H
#define TJ_AFFINE_H

#include "shape.h"

typedef struct tj_algebra {
    tj_arena *arena;
    unsigned lanes;
} tj_algebra;

tj_shape tj_shape_unseen(void);
tj_shape tj_shape_varying(void);
tj_shape tj_shape_uniform(uint64_t umax, unsigned tz);
/* base + k; uniform when k is all zero. `k` need not start with 0: the base takes it up only
 * in the emitted value, so callers pass patterns that start with 0. */
tj_shape tj_shape_affine(const tj_algebra *alg, const int64_t *k, uint64_t umax, unsigned tz);

/* `bits` is the width of the operation. */
tj_shape tj_shape_add(const tj_algebra *alg, tj_shape a, tj_shape b, unsigned bits);
tj_shape tj_shape_sub(const tj_algebra *alg, tj_shape a, tj_shape b, unsigned bits);
/* By a constant. */
tj_shape tj_shape_scale(const tj_algebra *alg, tj_shape a, int64_t factor, unsigned bits);
/* By the uniform leaf `leaf`. */
tj_shape tj_shape_scale_by(const tj_algebra *alg, tj_shape a, uint32_t leaf, unsigned bits);

typedef enum tj_bitwise { TJ_BIT_AND, TJ_BIT_OR, TJ_BIT_XOR, TJ_BIT_LSHR } tj_bitwise;
/* With a constant; varying when bits of base and lane pattern mix. */
tj_shape tj_shape_bits(const tj_algebra *alg, tj_bitwise op, tj_shape a, uint64_t constant,
                       unsigned bits);
/* zext, sext, trunc from one width to another. An extension of an affine value that is not
 * known to stay in range keeps its shape and becomes guarded. */
tj_shape tj_shape_cast(const tj_algebra *alg, tj_cast cast, tj_shape a, unsigned from,
                       unsigned to);
/* Whether lanes of an affine value of `bits` may wrap, so that extending it needs a test. */
bool tj_shape_needs_guard(const tj_algebra *alg, const tj_shape *a, tj_cast cast,
                          unsigned bits);
bool tj_shape_same_pattern(const tj_algebra *alg, const tj_shape *a, const tj_shape *b);
/* Where control flow joins lane sets that arrive one at a time. */
tj_shape tj_shape_meet(const tj_algebra *alg, tj_shape a, tj_shape b);

uint64_t tj_width_max(unsigned bits);
int64_t tj_k_max(const tj_algebra *alg, const int64_t *k);
int64_t tj_k_min(const tj_algebra *alg, const int64_t *k);

#endif
