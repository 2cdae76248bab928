/* SPDX-License-Identifier: MIT */
/* OpenCL C, as clang compiles it for SPIR, in AIR form. */
#ifndef TJ_OPENCL_H
#define TJ_OPENCL_H

#include "ir.h"
#include "source/source.h"

/* Makes AIR form of what clang made for spir64: kernels by !air.kernel, OpenCL's functions by
 * AIR's. Refuses, by name and place, what AIR has no words for; in fast maths functions of
 * float become AIR's fast ones. */
tj_status tj_adopt_opencl(tj_unit *unit, const tj_source *source);

/* What stands in front of every source: OpenCL functions with a body. */
extern const char tj_opencl_prelude[];

#endif
