/* SPDX-License-Identifier: MIT */
/* Constant addresses: pointers into variables that initialisers hold. */
#ifndef TJ_ADDRESS_H
#define TJ_ADDRESS_H

#include <llvm-c/Target.h>
#include <stdbool.h>
#include <stdint.h>

/* Takes a constant pointer apart into a variable and a byte offset; false when it is neither
 * a variable's address nor computed from one by constant steps. */
bool tj_constant_address(LLVMTargetDataRef layout, LLVMValueRef value, LLVMValueRef *variable,
                         uint64_t *offset);

/* Calls `each` for every pointer of an initialiser that is not null, with its byte offset,
 * lowest first. */
typedef void tj_address_visit(void *context, LLVMValueRef pointer, uint64_t at);
void tj_each_address(LLVMTargetDataRef layout, LLVMValueRef initializer, tj_address_visit *each,
                     void *context);

/* The vector, array or struct of `type` with these members, all constants. */
LLVMValueRef tj_constant_whole(LLVMTypeRef type, LLVMValueRef *members, unsigned count);

/* Whether a value of the type holds a pointer. */
bool tj_type_has_pointer(LLVMTypeRef type);

#endif
