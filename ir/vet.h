/* SPDX-License-Identifier: MIT */
/* Tries bitcode in a child process before LLVM's reader sees it in this one. */
#ifndef TJ_VET_H
#define TJ_VET_H

#include "diag.h"

#include <stdbool.h>

/* What the child does: reads the bytes as the parent is going to. */
typedef void tj_vet_fn(const char *bytes, size_t byte_len);

/* TJ_OK when `read` came to an end on the bytes, whatever its verdict; refuses bytes on which
 * it crashes, runs for longer than ten seconds or takes more than two gigabytes. */
tj_status tj_vet(tj_diags *diags, const char *file, const char *bytes, size_t byte_len,
                 tj_vet_fn *read);

#endif
