/* SPDX-License-Identifier: MIT */
/* The kernel brought into a form that Metal can say, before it is numbered. No pass of LLVM
 * runs afterwards.
 */
#ifndef TJ_MSL_PREPARE_H
#define TJ_MSL_PREPARE_H

#include "msl.h"

/* ---- prepare.c ------------------------------------------------------------------------- */

/* Rewrites the kernel; needs m's unit, kernel, arena and layout only. */
void tj_msl_prepare(tj_msl *m);
/* All instructions at this moment, in order. */
LLVMValueRef *tj_msl_instructions(tj_msl *m, unsigned *count);
/* Whether there is an instruction that `is_one` is true of. */
bool tj_msl_has(const tj_msl *m, bool (*is_one)(LLVMValueRef inst));
/* dead.c */
void tj_msl_delete_dead(tj_msl *m);
/* leave.c: what is used behind a loop only is computed there. */
void tj_msl_leave_loops(tj_msl *m);
/* The value that the phi is on every way; NULL: there are several. */
LLVMValueRef tj_msl_only_value(LLVMValueRef phi);
LLVMBasicBlockRef tj_msl_only_predecessor(LLVMBasicBlockRef block); /* NULL: none or several */

/* ---- log.c ----------------------------------------------------------------------------- */

/* Gives calls that log the arguments that they were made of. */
void tj_msl_spell_logs(tj_msl *m);

/* ---- lower.c --------------------------------------------------------------------------- */

/* Replaces a call of what Metal lacks by what it has. */
void tj_msl_lower_call(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call);
/* {result, whether it wraps} of a sum, difference or product; false: it is none. */
bool tj_msl_lower_overflow(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call,
                           LLVMValueRef *parts);

/* ---- explode.c, simplify.c, spaces.c --------------------------------------------------- */

void tj_msl_explode(tj_msl *m);
void tj_msl_simplify(tj_msl *m);
/* normal.c: loads of the components that are used, equal values as one; before divisors are
 * bare, as LLVM concludes from them. */
void tj_msl_narrow_loads(tj_msl *m);
/* Choices and branches that are the same, as one of them. */
void tj_msl_normalise(tj_msl *m);
/* Gives pointers without an address space the one that they come from. */
void tj_msl_place_pointers(tj_msl *m);

#endif
