/* SPDX-License-Identifier: MIT */
/* Parameters that canonical form adds to a kernel. */
#ifndef TJ_PARAMS_H
#define TJ_PARAMS_H

#include "ir.h"

#include <llvm-c/Core.h>

typedef struct tj_param {
    LLVMTypeRef type;
    tj_arg arg;
} tj_param;

/* Adds parameters behind those that the kernel of a unit has. LLVM functions do not grow: the
 * kernel becomes a new function of the same name. */
void tj_add_params(tj_unit *unit, const tj_param *params, unsigned count);

/* Says of the kernel's added parameters, and of calls that log, what the readers of AIR want to
 * find: for modules that are printed. (spell_hidden.c) */
void tj_spell_hidden(tj_unit *unit);

/* Parts of the same for other functions: blocks, names and uses of parameters, and debug
 * information go to `to`, which has no body and at least as many parameters. */
void tj_move_body(LLVMValueRef from, LLVMValueRef to);
void tj_copy_attributes(tj_unit *unit, LLVMValueRef from, LLVMValueRef to,
                        LLVMAttributeIndex index);

#endif
