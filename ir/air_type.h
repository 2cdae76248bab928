/* SPDX-License-Identifier: MIT */
/* The type spellings inside AIR names: "f32", "v4f16", "s.i32", "bf16" (air.md 4.0). */
#ifndef TJ_AIR_TYPE_H
#define TJ_AIR_TYPE_H

#include "intrin.h"

/* Reads one type without a sign marker: [vN](f16|f32|bf16|iN). Gives the first byte after
 * it, NULL when `text` does not start with a type. `out->kind` is 'f' or 'i'. */
const char *tj_air_type_parse(const char *text, tj_air_type *out);

/* The LLVM type of a decoded type; NULL for kind 0. */
LLVMTypeRef tj_air_type_llvm(LLVMContextRef llctx, tj_air_type type);

#endif
