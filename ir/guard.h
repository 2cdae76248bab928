/* SPDX-License-Identifier: MIT */
/* Refuses input on which LLVM's own readers run out of stack or memory. */
#ifndef TJ_GUARD_H
#define TJ_GUARD_H

#include "diag.h"

#include <stdbool.h>

/* Raw bitcode, or bitcode in Apple's wrapper. */
bool tj_guard_is_bitcode(const char *bytes, size_t byte_len);

/* TJ_OK when LLVM's reader may see the bytes. `*needs_trial` is set when they hold what the
 * reader has no limits or checks for: bitcode, debug information, long metadata. */
tj_status tj_guard(tj_diags *diags, const char *file, const char *bytes, size_t byte_len,
                   bool *needs_trial);

#endif
