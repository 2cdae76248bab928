/* SPDX-License-Identifier: MIT */
/* The commands; each returns an exit status and fills `why` when that is not 0. */
#ifndef TJ_TOOL_COMMANDS_H
#define TJ_TOOL_COMMANDS_H

#include "options.h"

int tj_cmd_run(const tj_args *args, tj_failure *why);
int tj_cmd_emit(const tj_args *args, tj_failure *why);
int tj_cmd_info(const tj_args *args, tj_failure *why);
int tj_cmd_compile(const tj_args *args, tj_failure *why);
int tj_cmd_cache(const tj_args *args, tj_failure *why);
int tj_cmd_doctor(const tj_args *args, tj_failure *why);
int tj_cmd_passes(const tj_args *args, tj_failure *why);

#endif
