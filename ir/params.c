/* SPDX-License-Identifier: MIT */
/* Parameters that canonical form adds to a kernel: the body moves to a new function. */
#include "params.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <string.h>

static LLVMValueRef add_function(tj_unit *unit, LLVMValueRef old, const tj_param *params,
                                 unsigned count)
{
    LLVMTypeRef type = LLVMGlobalGetValueType(old);
    unsigned old_count = LLVMCountParams(old);
    LLVMTypeRef *types = tj_new_array(unit->arena, LLVMTypeRef, old_count + count);
    LLVMGetParamTypes(type, types);
    for (unsigned i = 0; i < count; i++)
        types[old_count + i] = params[i].type;
    type = LLVMFunctionType(LLVMGetReturnType(type), types, old_count + count, false);
    LLVMValueRef function = LLVMAddFunction(unit->module, "", type);
    LLVMSetLinkage(function, LLVMGetLinkage(old));
    LLVMSetFunctionCallConv(function, LLVMGetFunctionCallConv(old));
    return function;
}

void tj_copy_attributes(tj_unit *unit, LLVMValueRef from, LLVMValueRef to,
                        LLVMAttributeIndex index)
{
    unsigned count = LLVMGetAttributeCountAtIndex(from, index);
    LLVMAttributeRef *list = tj_new_array(unit->arena, LLVMAttributeRef, count);
    LLVMGetAttributesAtIndex(from, index, list);
    for (unsigned i = 0; i < count; i++)
        LLVMAddAttributeAtIndex(to, index, list[i]);
}

void tj_move_body(LLVMValueRef from, LLVMValueRef to)
{
    LLVMBasicBlockRef block;
    LLVMMetadataRef subprogram = LLVMGetSubprogram(from);
    while ((block = LLVMGetFirstBasicBlock(from))) {
        LLVMRemoveBasicBlockFromParent(block);
        LLVMAppendExistingBasicBlock(to, block);
    }
    for (unsigned i = 0; i < LLVMCountParams(from); i++) {
        size_t byte_len;
        LLVMValueRef old = LLVMGetParam(from, i), now = LLVMGetParam(to, i);
        const char *name = LLVMGetValueName2(old, &byte_len);
        LLVMSetValueName2(now, name, byte_len);
        LLVMReplaceAllUsesWith(old, now);
    }
    if (subprogram) {
        LLVMSetSubprogram(from, NULL);
        LLVMSetSubprogram(to, subprogram);
    }
}

static void take_place(tj_unit *unit, LLVMValueRef old, LLVMValueRef now)
{
    size_t byte_len;
    const char *name = tj_arena_strdup(unit->arena, LLVMGetValueName2(old, &byte_len));
    LLVMReplaceAllUsesWith(old, now);
    LLVMDeleteFunction(old);
    LLVMSetValueName2(now, name, strlen(name));
}

void tj_add_params(tj_unit *unit, const tj_param *params, unsigned count)
{
    tj_kernel *kernel = &unit->kernels[0];
    LLVMValueRef old = kernel->function;
    LLVMValueRef function = add_function(unit, old, params, count);
    tj_copy_attributes(unit, old, function, (LLVMAttributeIndex)LLVMAttributeFunctionIndex);
    for (unsigned i = 0; i < kernel->arg_count; i++)
        tj_copy_attributes(unit, old, function, i + 1);
    tj_move_body(old, function);
    take_place(unit, old, function);
    tj_arg *args = tj_new_array(unit->arena, tj_arg, kernel->arg_count + count);
    for (unsigned i = 0; i < kernel->arg_count; i++)
        args[i] = kernel->args[i];
    for (unsigned i = 0; i < count; i++)
        args[kernel->arg_count + i] = params[i].arg;
    kernel->function = function;
    kernel->args = args;
    kernel->arg_count += count;
    kernel->hidden_count += count;
}
