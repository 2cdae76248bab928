/* SPDX-License-Identifier: MIT */
/* What canon_expand.c and canon_pack.c share. Builders stand before the call that is expanded.
 */
#ifndef TJ_CANON_EXPAND_H
#define TJ_CANON_EXPAND_H

#include "canon.h"
#include "intrin.h"

#include <llvm-c/Types.h>

/* The scalar type, or a vector of it as long as `shape`. */
LLVMTypeRef tj_expand_like(LLVMTypeRef shape, LLVMTypeRef scalar);
/* A number in every element of a type. */
LLVMValueRef tj_expand_int(LLVMTypeRef type, uint64_t value);
LLVMValueRef tj_expand_real(LLVMTypeRef type, double value);
/* Calls air.STEM.TYPE, declared on first use; the result has the type, up to 4 arguments. */
LLVMValueRef tj_expand_call(tj_canon_state *state, const char *stem, tj_air_type type,
                            LLVMValueRef *args, unsigned count);

/* Expands air.pack.* and air.unpack.*; other calls stay. (canon_pack.c) */
void tj_expand_packing(tj_canon_state *state, LLVMValueRef call, const tj_intrin_use *use);

#endif
