/* SPDX-License-Identifier: MIT */
/* What can be asked of the machine: its processor, and programs in a bounded time. */
#ifndef TJ_TOOL_PROBE_H
#define TJ_TOOL_PROBE_H

#include <stdbool.h>
#include <stddef.h>

/* Runs a program found in PATH, without a shell, and keeps the beginning of what it writes to
 * stdout, ended by NUL. False when it cannot run, fails, or runs longer than the limit, when it
 * is killed. */
bool tj_probe_program(const char *const argv[], double limit_s, char *out, size_t capacity);
/* "NAME, 8 cores, vectors of 256 bits" */
void tj_probe_cpu(char *out, size_t capacity);

#endif
