/* SPDX-License-Identifier: MIT */
/* Places in modules that did not verify: their debug information cannot be trusted. */
#ifndef TJ_PLACES_H
#define TJ_PLACES_H

#include "ir.h"

/* File, kernel, block and printed instruction. */
tj_loc tj_loc_without_debug_info(tj_arena *arena, const tj_unit *unit, LLVMValueRef inst);

/* Fills line and column of an instruction from the text that the module was read from;
 * leaves them alone when they cannot be told. */
void tj_find_line(tj_unit *unit, const char *text, size_t byte_len, LLVMValueRef inst,
                  tj_loc *loc);

/* Where the container says that the unit's kernel was written, when `loc` has no line yet. */
void tj_add_declared(tj_loc *loc, const tj_unit *unit);

#endif
