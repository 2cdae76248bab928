/* SPDX-License-Identifier: MIT */
/* OpenCL C, as clang compiles it for SPIR, in AIR form. */
#ifndef TJ_OPENCL_H
#define TJ_OPENCL_H

#include "ir.h"

/* Turns LLVM text of clang's target spir64 into bitcode in AIR form: kernels by !air.kernel,
 * OpenCL's functions by AIR's. `file` names the source in errors. Refuses, by name and place,
 * what AIR has no words for; in fast maths functions of float become AIR's fast ones. tj_load
 * checks the rest. `*out` is the caller's, for tj_text_fini.
 */
tj_status tj_opencl_to_air(const char *text, size_t byte_len, const char *file,
                           bool is_fast_math, tj_diags *diags, tj_text *out);

/* What stands in front of every source: OpenCL functions with a body. */
extern const char tj_opencl_prelude[];

#endif
