/* SPDX-License-Identifier: MIT */
/* Names of OpenCL functions as clang mangles them (Itanium C++ ABI, "External Names"), as far
 * as functions of OpenCL C need: "_Z5clampDv4_jS_S_" is clamp of three vectors of four uints.
 */
#ifndef TJ_OPENCL_NAME_H
#define TJ_OPENCL_NAME_H

#include <stdbool.h>

enum { TJ_OCL_MAX_PARAMS = 8, TJ_OCL_MAX_NAME = 64 };

/* One parameter; of a pointer, what it points to. */
typedef struct tj_ocl_type {
    char kind; /* 'f' float, 's' and 'u' integer, 'v' void, 'n' a named type, 'p' a pointer
                  (only behind another pointer) */
    bool is_pointer;
    unsigned bits, length; /* length 1: no vector */
    unsigned space;        /* SPIR's number, of pointers: 0 private to 4 generic */
} tj_ocl_type;

typedef struct tj_ocl_name {
    char base[TJ_OCL_MAX_NAME]; /* without parameters */
    tj_ocl_type params[TJ_OCL_MAX_PARAMS];
    unsigned count;
} tj_ocl_name;

/* False for every name that is not of this form. Any text may be given. */
bool tj_ocl_demangle(const char *mangled, tj_ocl_name *out);

#endif
