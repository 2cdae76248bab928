/* SPDX-License-Identifier: MIT */
/* What the names of values in LLVM IR say. */
#ifndef TJ_NAMING_H
#define TJ_NAMING_H

#include <stdbool.h>
#include <stddef.h>

/* The length of a name without what passes of LLVM put behind it: .i .0 .lcssa
 * .sroa.4.0.copyload */
size_t tj_bare_name_len(const char *name);
/* Whether the bare name, `len` bytes of `name`, is one that compilers make of the operation,
 * with their numbers: it says nothing. */
bool tj_is_made_up(const char *name, size_t len);

#endif
