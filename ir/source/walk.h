/* SPDX-License-Identifier: MIT */
/* All instructions of a module. */
#ifndef TJ_SOURCE_WALK_H
#define TJ_SOURCE_WALK_H

#include "ir.h"

/* May erase the instruction. */
typedef void tj_inst_fn(tj_unit *unit, LLVMValueRef inst, void *data);

void tj_each_inst(tj_unit *unit, tj_inst_fn *visit, void *data);

#endif
