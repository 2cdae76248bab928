/* SPDX-License-Identifier: MIT */
/* Functions of Metal's runtime library that Apple's compiler calls by name (air.md 4.5):
 *
 *   ___metal_STEM_TYPE[_SECOND](x[, second operand][, i32 maths mode])
 *   __air_impl_nextafter_TYPE(x, y)                             TYPE as in AIR names
 *
 * TYPE is [vN](float|half); the maths mode is not looked at.
 */
#ifndef TJ_RUNTIME_HELPER_H
#define TJ_RUNTIME_HELPER_H

#include "intrin.h"

typedef enum tj_helper_id {
    TJ_HELPER_FRACT,
    TJ_HELPER_FREXP,
    TJ_HELPER_ILOGB,
    TJ_HELPER_LDEXP,
    TJ_HELPER_MODF,
    TJ_HELPER_NEXTAFTER
} tj_helper_id;

typedef struct tj_helper {
    tj_helper_id id;
    tj_air_type type; /* of x */
} tj_helper;

/* False for every other name. */
bool tj_helper_decode(const char *name, tj_helper *out);

enum { TJ_HELPER_MAX_PARAMS = 3 };
/* The function's type, with or without the maths mode. */
LLVMTypeRef tj_helper_type(LLVMContextRef llctx, const tj_helper *helper, bool has_mode);

#endif
