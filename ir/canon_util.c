/* SPDX-License-Identifier: MIT */
/* What the canon passes share: walking, replacing, phis, calls of llvm.* functions. */
#include "canon.h"

#include <llvm-c/Core.h>
#include <string.h>

static tj_status each_inst_of(tj_canon_state *state, LLVMValueRef function,
                              tj_canon_visit *visit)
{
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
         block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef next;
        for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst; inst = next) {
            next = LLVMGetNextInstruction(inst);
            tj_status status = visit(state, inst);
            if (status)
                return status;
        }
    }
    return TJ_OK;
}

tj_status tj_canon_each_inst(tj_canon_state *state, tj_canon_visit *visit)
{
    for (LLVMValueRef function = LLVMGetFirstFunction(state->unit->module); function;
         function = LLVMGetNextFunction(function)) {
        tj_status status = each_inst_of(state, function, visit);
        if (status)
            return status;
    }
    return TJ_OK;
}

void tj_canon_replace(LLVMValueRef inst, LLVMValueRef value)
{
    size_t name_len, new_len;
    const char *name = LLVMGetValueName2(inst, &name_len);
    LLVMReplaceAllUsesWith(inst, value);
    if (name_len && LLVMIsAInstruction(value)) {
        LLVMGetValueName2(value, &new_len);
        char kept[128];
        if (!new_len && name_len < sizeof kept) {
            memcpy(kept, name, name_len);
            LLVMSetValueName2(inst, "", 0);
            LLVMSetValueName2(value, kept, name_len);
        }
    }
    LLVMInstructionEraseFromParent(inst);
}

static void rename_in_phi(tj_canon_state *state, LLVMValueRef phi, LLVMBasicBlockRef from,
                          LLVMBasicBlockRef to)
{
    LLVMPositionBuilderBefore(state->builder, phi);
    LLVMValueRef renamed = LLVMBuildPhi(state->builder, LLVMTypeOf(phi), "");
    bool is_seen = false;
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        LLVMValueRef value = LLVMGetIncomingValue(phi, i);
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);
        if (block == from) {
            if (is_seen)
                continue;
            is_seen = true;
            block = to;
        }
        LLVMAddIncoming(renamed, &value, &block, 1);
    }
    tj_canon_replace(phi, renamed);
}

void tj_canon_rename_predecessor(tj_canon_state *state, LLVMBasicBlockRef block,
                                 LLVMBasicBlockRef from, LLVMBasicBlockRef to)
{
    LLVMValueRef next;
    for (LLVMValueRef inst = LLVMGetFirstInstruction(block); LLVMIsAPHINode(inst);
         inst = next) {
        next = LLVMGetNextInstruction(inst);
        rename_in_phi(state, inst, from, to);
    }
}

LLVMValueRef tj_canon_call_llvm(tj_canon_state *state, const char *name, LLVMTypeRef *types,
                                unsigned type_count, LLVMValueRef *args, unsigned arg_count)
{
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef callee =
        LLVMGetIntrinsicDeclaration(state->unit->module, id, types, type_count);
    return LLVMBuildCall2(state->builder, LLVMGlobalGetValueType(callee), callee, args,
                          arg_count, "");
}

const char *tj_llvm_intrinsic_name(LLVMValueRef inst)
{
    LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
    if (!callee || !LLVMIsAFunction(callee))
        return NULL;
    unsigned id = LLVMGetIntrinsicID(callee);
    size_t byte_len;
    return id ? LLVMIntrinsicGetName(id, &byte_len) + strlen("llvm.") : NULL;
}

tj_removal tj_llvm_intrinsic_removal(const char *name)
{
    static const struct {
        const char *name;
        tj_removal removal;
    } rows[] = {
        {"assume", TJ_REMOVED_HINT},
        {"dbg.assign", TJ_REMOVED_HINT},
        {"dbg.declare", TJ_REMOVED_HINT},
        {"dbg.label", TJ_REMOVED_HINT},
        {"dbg.value", TJ_REMOVED_HINT},
        {"donothing", TJ_REMOVED_HINT},
        {"expect", TJ_REMOVED_HINT},
        {"expect.with.probability", TJ_REMOVED_HINT},
        {"experimental.noalias.scope.decl", TJ_REMOVED_HINT},
        {"pseudoprobe", TJ_REMOVED_HINT},
        {"sideeffect", TJ_REMOVED_HINT},
        {"lifetime.end", TJ_REMOVED_LIFETIME},
        {"lifetime.start", TJ_REMOVED_LIFETIME},
        {"memcpy", TJ_REMOVED_MEMORY},
        {"memcpy.inline", TJ_REMOVED_MEMORY},
        {"memmove", TJ_REMOVED_MEMORY},
        {"memset", TJ_REMOVED_MEMORY},
        {"memset.inline", TJ_REMOVED_MEMORY},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].removal;
    return TJ_REMOVED_NOT;
}
