/* SPDX-License-Identifier: MIT */
/* Places in modules that did not verify: their debug information cannot be trusted. */
#ifndef TJ_PLACES_H
#define TJ_PLACES_H

#include "ir.h"

typedef struct tj_place_table tj_place_table;

/* File, kernel, block and printed instruction. */
tj_loc tj_loc_without_debug_info(tj_arena *arena, const tj_unit *unit, LLVMValueRef inst);

/* Fills line and column of an instruction from the text that the module was read from;
 * leaves them alone when they cannot be told. */
void tj_find_line(tj_unit *unit, const char *text, size_t byte_len, LLVMValueRef inst,
                  tj_loc *loc);

/* Where the container says that the unit's kernel was written, when `loc` has no line yet. */
void tj_add_declared(tj_loc *loc, const tj_unit *unit);

/* Prints `function` once, so that tj_loc_of finds the text of each of its places; the function
 * does not change until tj_places_end. (place_table.c) */
void tj_places_begin(tj_unit *unit, LLVMValueRef function);
void tj_places_end(tj_unit *unit);
/* The line of an instruction, or the label's of a block behind the entry, up to its newline and
 * beyond; NULL outside tj_places_begin and tj_places_end. */
const char *tj_places_find(const tj_unit *unit, const void *place);

#endif
