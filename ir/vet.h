/* SPDX-License-Identifier: MIT */
/* Tries input in a child process before LLVM's reader sees it in this one. */
#ifndef TJ_VET_H
#define TJ_VET_H

#include "diag.h"

/* What the child does: reads the bytes as the parent is going to. NULL when they are good,
 * else what is wrong with them; a place without a file is in the input. */
typedef const tj_diag *tj_vet_fn(const char *bytes, size_t byte_len);

/* TJ_OK when `read` found the bytes good; refuses bytes on which it fails, crashes, runs for
 * longer than ten seconds or takes more than two gigabytes. */
tj_status tj_vet(tj_diags *diags, const char *file, const char *bytes, size_t byte_len,
                 tj_vet_fn *read);

#endif
