/* SPDX-License-Identifier: MIT */
/* One leaf of a call of a SIMD-group or quad-group function, for simd.c and lanes.c. */
#ifndef TJ_SIMD_H
#define TJ_SIMD_H

#include "host.h"

typedef struct tj_simd {
    tj_gen *g;
    LLVMValueRef inst;
    const tj_intrin_use *use;
    uint32_t index; /* leaf */
    LLVMFastMathFlags flags;
} tj_simd;

/* The operand's leaf, or its only one, as a vector. */
LLVMValueRef tj_simd_operand(const tj_simd *s, unsigned op);

/* lanes.c: shuffles, broadcasts, rotations, fills; NULL for other functions. */
LLVMValueRef tj_simd_lanes(const tj_simd *s);
/* lanes.c: operand 0 of the first active lane, a scalar. */
LLVMValueRef tj_simd_first(const tj_simd *s);

#endif
