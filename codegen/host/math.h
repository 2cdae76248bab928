/* SPDX-License-Identifier: MIT */
/* One leaf of a pure intrinsic's call, as the functions of math.c and integer.c take it. */
#ifndef TJ_MATH_H
#define TJ_MATH_H

#include "host.h"

typedef struct tj_math {
    tj_gen *g;
    LLVMValueRef inst;
    const tj_intrin_use *use;
    LLVMValueRef a, b, c, d; /* operands of this leaf, in the declared type */
    LLVMFastMathFlags flags;
    const char *name; /* of the row */
} tj_math;

typedef LLVMValueRef tj_math_fn(const tj_math *c);

/* inline_math.c: in fast maths, of vectors of floats; NULL: the host or the list has it not. */
LLVMValueRef tj_inline_math(tj_gen *g, tj_intrin id, LLVMValueRef x);
LLVMValueRef tj_inline_rsqrt(tj_gen *g, LLVMValueRef x);
LLVMValueRef tj_inline_sqrt(tj_gen *g, LLVMValueRef x);

/* NULL for what is not an integer function or a vote. */
tj_math_fn *tj_integer_fn(tj_intrin id);

#endif
