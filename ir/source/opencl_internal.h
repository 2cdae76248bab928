/* SPDX-License-Identifier: MIT */
/* Between the files that turn OpenCL modules into AIR form. */
#ifndef TJ_OPENCL_INTERNAL_H
#define TJ_OPENCL_INTERNAL_H

#include "ir.h"
#include "opencl_name.h"

#include <llvm-c/Core.h>

/* Space 4 becomes space 0 in LLVM text. (opencl_spaces.c) */
void tj_ocl_plain_spaces(const char *text, size_t byte_len, tj_text *out);

/* Kernels become functions that take memory only, listed in !air.kernel. (opencl_kernel.c) */
tj_status tj_ocl_kernels(tj_unit *unit);

/* Calls of OpenCL's functions become calls of AIR's, or instructions. (opencl_call.c) */
tj_status tj_ocl_calls(tj_unit *unit, bool is_fast);

/* ---- one call ---------------------------------------------------------------------------- */

typedef struct tj_ocl_call {
    tj_unit *unit;
    LLVMBuilderRef builder;
    LLVMValueRef call;
    const tj_ocl_name *name;
    bool is_fast;     /* maths */
    const char *what; /* the row's word */
    const char *rest; /* of the name, behind a row's "*" */
    LLVMValueRef args[TJ_OCL_MAX_PARAMS];
    unsigned count;
    LLVMTypeRef type;   /* of the result */
    LLVMValueRef value; /* out: the result; not for void */
} tj_ocl_call;

/* A row's way to replace a call. */
typedef tj_status tj_ocl_way(tj_ocl_call *c);

#define OPENCL(name, way, what) tj_ocl_way tj_ocl_##way;
#include "opencl.def"

/* ---- makers (opencl_make.c) ---------------------------------------------------------------
 */

LLVMTypeRef tj_ocl_int_type(tj_ocl_call *c, unsigned bits);
LLVMTypeRef tj_ocl_scalar(LLVMTypeRef type);
unsigned tj_ocl_length(LLVMTypeRef type); /* 1 for scalars */
/* `scalar`, or a vector of it as long as `type`. */
LLVMTypeRef tj_ocl_like(LLVMTypeRef type, LLVMTypeRef scalar);
unsigned tj_ocl_bits(LLVMTypeRef type); /* of one element */
bool tj_ocl_is_float(LLVMTypeRef type);
LLVMValueRef tj_ocl_int(LLVMTypeRef type, uint64_t value); /* in every element */
LLVMValueRef tj_ocl_index(tj_ocl_call *c, unsigned value); /* an i32 */
LLVMValueRef tj_ocl_splat(tj_ocl_call *c, LLVMValueRef value, LLVMTypeRef type);
LLVMValueRef tj_ocl_bitcast(tj_ocl_call *c, LLVMValueRef value, LLVMTypeRef type);
/* Thread memory in the entry block of the caller. */
LLVMValueRef tj_ocl_alloca(tj_ocl_call *c, LLVMTypeRef type);
/* Calls a function by name, declaring it. */
LLVMValueRef tj_ocl_invoke(tj_ocl_call *c, const char *name, LLVMTypeRef result,
                           LLVMValueRef *args, unsigned count);
/* "f32", "v4i32", as AIR names end; `out` holds 16 bytes. */
const char *tj_ocl_suffix(LLVMTypeRef type, char *out);
/* The pointer in front of a cast to a generic one. */
LLVMValueRef tj_ocl_named_pointer(LLVMValueRef pointer);
tj_status tj_ocl_refuse(tj_ocl_call *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
