/* SPDX-License-Identifier: MIT */
/* Element types of buffers: Metal spelling, scalar, size. */
#ifndef TJ_ELEM_H
#define TJ_ELEM_H

#include "ir.h"

#include <llvm-c/Target.h>

typedef struct tj_elem {
    tj_scalar scalar;
    unsigned components;
    uint64_t byte_len, align;
} tj_elem;

/* "float", "uint3", "packed_half4", "float4x4", "atomic_uint", ...; false for anything else.
 * A trailing '*' is ignored. */
bool tj_elem_parse(const char *name, tj_elem *out);

/* An LLVM scalar or vector type; integers count as signed. False for anything else. */
bool tj_elem_of_type(LLVMTypeRef type, tj_elem *out);

/* The Metal spelling; "" for an unknown scalar. */
const char *tj_elem_spell(tj_arena *arena, const tj_elem *elem);

/* "float", "half", ... separated by ", "; for messages. */
const char *tj_elem_scalar_names(tj_arena *arena);

/* Finds the element type that a pointer parameter is used with: the type of the first load,
 * store, address computation or atomic. Leaves `out` alone and answers false when there is
 * none. A struct is an unknown scalar with a size. */
bool tj_elem_infer(LLVMValueRef pointer, LLVMTargetDataRef layout, tj_elem *out);

/* How memory behind a pointer parameter is accessed, as far as its uses tell; what cannot be
 * seen counts as both. */
tj_access tj_access_infer(LLVMValueRef pointer);

#endif
