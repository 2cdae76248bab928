/* SPDX-License-Identifier: MIT */
/* Between the files of tj_check: each checks one kind of thing and refuses through tj_fail. */
#ifndef TJ_CHECK_H
#define TJ_CHECK_H

#include "ir.h"

/* What no module may hold, used or not. (check_module.c) */
tj_status tj_check_module(tj_unit *unit);

/* An instruction: opcode, types, constants; calls by tj_check_call. (check_inst.c) */
tj_status tj_check_inst(tj_unit *unit, LLVMValueRef inst);

/* A call: the callee is listed and has the listed signature, or has a body. (check_call.c) */
tj_status tj_check_call(tj_unit *unit, LLVMValueRef call);

/* A global variable that `user`, an instruction, names. (check_global.c) */
tj_status tj_check_global(tj_unit *unit, LLVMValueRef user, LLVMValueRef global);

/* Static initialisers: the module's constructors may write constant memory and nothing else.
 * (constructors.c) */
tj_status tj_check_constructors(tj_unit *unit);
/* Fills the lists of function constants that the kernels depend on. (constructors.c) */
tj_status tj_find_used_constants(tj_unit *unit);
/* The module's constructors in order; 0 when it has none. (constructors.c) */
unsigned tj_constructors(const tj_unit *unit, tj_arena *arena, LLVMValueRef **out);
/* Whether `inst` stores to a variable in constant memory, which constructors may. */
bool tj_is_initialising_store(LLVMValueRef inst);
/* The variable that an address is inside of, as far as constant steps lead; NULL: unknown. */
LLVMValueRef tj_base_variable(LLVMValueRef address);

/* The function with a body that a call instruction calls; NULL for anything else. */
LLVMValueRef tj_called_body(LLVMValueRef inst);

/* Calls `visit` for each global variable, function and alias inside `constant`. */
typedef tj_status tj_global_visit(void *context, LLVMValueRef user, LLVMValueRef global);
tj_status tj_each_global(tj_unit *unit, LLVMValueRef user, LLVMValueRef constant,
                         tj_global_visit *visit, void *context);

#endif
