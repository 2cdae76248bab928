/* SPDX-License-Identifier: MIT */
/* Whole files: read at once; written under a temporary name and renamed. */
#ifndef TJ_TOOL_FILE_H
#define TJ_TOOL_FILE_H

#include "failure.h"

/* Owns: `*bytes` is freed by the caller. */
int tj_file_read(const char *path, void **bytes, size_t *byte_len, tj_failure *why);
/* Writes head, then body. Nothing half-written ever stands at `path`. */
int tj_file_write(const char *path, const void *head, size_t head_len, const void *body,
                  size_t body_len, tj_failure *why);

#endif
