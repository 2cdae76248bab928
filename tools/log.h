/* SPDX-License-Identifier: MIT */
/* Messages of kernels, for a person. */
#ifndef TJ_TOOL_LOG_H
#define TJ_TOOL_LOG_H

#include <tmjit.h>

/* A tmjit_log_fn: one line to stderr. */
void tj_log_print(const tmjit_log_entry *entry, void *unused);

#endif
