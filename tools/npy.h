/* SPDX-License-Identifier: MIT */
/* NumPy's .npy files, versions 1.0 to 3.0. */
#ifndef TJ_TOOL_NPY_H
#define TJ_TOOL_NPY_H

#include "values.h"

int tj_npy_load(const char *path, tj_value *out, tj_failure *why);
/* From memory; `name` stands in messages. Never reads outside the bytes. */
int tj_npy_parse(const void *bytes, size_t byte_len, const char *name, tj_value *out,
                 tj_failure *why);
/* Version 1.0. bfloat is written as u2, its bits, as NumPy has no such type; V2 is read too. */
int tj_npy_save(const char *path, const tj_value *value, tj_failure *why);

#endif
