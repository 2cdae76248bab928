/* SPDX-License-Identifier: MIT */
/* What the readers of !air.kernel and of the short form share. */
#ifndef TJ_AIR_META_H
#define TJ_AIR_META_H

#include "ir.h"

enum { TJ_MAX_BUFFERS = 31 }; /* slots of each number space (air.md 3.2) */

/* Refuses a kernel, and one of its parameters when `arg` is not negative. */
tj_status tj_fail_kernel(tj_unit *unit, LLVMValueRef function, int arg, tj_status status,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Starts a kernel: name, function, args with IR names. Refuses what cannot be one. */
tj_status tj_begin_kernel(tj_unit *unit, LLVMValueRef function, tj_kernel *out);

/* Checks the parameter's IR type against the built-in input and fills its shape. */
tj_status tj_set_sysval(tj_unit *unit, const tj_kernel *kernel, unsigned index, tj_sysval id);

/* The function's attribute "tmjit.threadgroup"; nothing without one. */
tj_status tj_read_threadgroup(tj_unit *unit, LLVMValueRef function, tj_kernel *out);

/* The row of sysvals.def; TJ_SYSVAL_COUNT when there is none. `name` without "air.". */
tj_sysval tj_find_sysval(const char *name, size_t byte_len);

/* Fills element facts from a Metal type name; false when the name is not a known one. */
bool tj_set_elem_by_name(tj_unit *unit, tj_arg *arg, const char *type_name);
/* Fills element facts from the parameter's uses. */
void tj_set_elem_by_uses(tj_unit *unit, tj_arg *arg, LLVMValueRef param);

/* The name of a global; one without a name gets one. */
const char *tj_global_name(tj_unit *unit, LLVMValueRef global);

/* Refuses two arguments in one slot, unless one of them is optional. */
tj_status tj_check_locations(tj_unit *unit, const tj_kernel *kernel);

/* `text` as a whole unsigned decimal number of at most `limit`. */
bool tj_parse_number(const char *text, size_t byte_len, uint64_t limit, uint64_t *out);

/* Kernels by string attributes (ir/README.md, "Short form"). */
tj_status tj_read_short_form(tj_unit *unit);

#endif
