/* SPDX-License-Identifier: MIT */
/* Checked objects into executable memory without LLVM, where the host is known. */
#ifndef TJ_LOADER_H
#define TJ_LOADER_H

#include "session.h"

/* NULL when all is well, else what the loader does not know of the object; a session may. The
 * object has passed tj_check_object. `entry_name` is its entry. */
const char *tj_load_object(const uint8_t *object, size_t object_len, const char *entry_name,
                           bool needs_vector_math, tj_linked *out);
/* Frees code that tj_load_object made; a zeroed `linked` is allowed. */
void tj_unload_object(tj_linked *linked);

#endif
