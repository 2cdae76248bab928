/* SPDX-License-Identifier: MIT */
/*
 * Lets thread variables start at zero, and takes it back where it is not needed.
 *
 * needs   everything inlined
 * leaves  allocas at the head of the entry block, each followed by stores of zero, so that
 *         promotion finds a value on every path; LLVM would take any value it likes
 *
 * Variables that stay in memory start at zero anyway: both engines clear them. So after
 * promotion the leading stores of zero are dropped.
 */
#include "canon.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

/* Aggregates up to this size are zeroed by a store, which LLVM splits by elements; larger
 * ones, of which hardly any are promoted, by memset. */
enum { MAX_STORED_BYTES = 256 };

static void zero(tj_canon_state *state, LLVMValueRef alloca)
{
    LLVMTypeRef type = LLVMGetAllocatedType(alloca);
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(state->unit->module);
    uint64_t byte_len =
        LLVMABISizeOfType(layout, type) * LLVMConstIntGetZExtValue(LLVMGetOperand(alloca, 0));
    bool is_one = LLVMConstIntGetZExtValue(LLVMGetOperand(alloca, 0)) == 1;
    if (byte_len == 0)
        return;
    if (is_one && byte_len <= MAX_STORED_BYTES) {
        LLVMValueRef store = LLVMBuildStore(state->builder, LLVMConstNull(type), alloca);
        LLVMSetAlignment(store, LLVMGetAlignment(alloca));
        return;
    }
    LLVMContextRef llctx = state->unit->llctx;
    LLVMBuildMemSet(state->builder, alloca, LLVMConstNull(LLVMInt8TypeInContext(llctx)),
                    LLVMConstInt(LLVMInt64TypeInContext(llctx), byte_len, false),
                    LLVMGetAlignment(alloca));
}

/* Moves the allocas of the entry block to its head; gives the first other instruction. */
static LLVMValueRef hoist(tj_canon_state *state, LLVMBasicBlockRef entry)
{
    LLVMValueRef head = LLVMGetFirstInstruction(entry), next;
    while (LLVMIsAAllocaInst(head))
        head = LLVMGetNextInstruction(head);
    for (LLVMValueRef inst = head; inst; inst = next) {
        next = LLVMGetNextInstruction(inst);
        if (!LLVMIsAAllocaInst(inst))
            continue;
        size_t name_len;
        const char *name =
            tj_arena_strdup(state->unit->arena, LLVMGetValueName2(inst, &name_len));
        LLVMInstructionRemoveFromParent(inst);
        LLVMPositionBuilderBefore(state->builder, head);
        LLVMInsertIntoBuilderWithName(state->builder, inst, name);
    }
    return head;
}

tj_status tj_canon_variables(tj_canon_state *state)
{
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(state->unit->kernels[0].function);
    LLVMValueRef head = hoist(state, entry);
    LLVMPositionBuilderBefore(state->builder, head);
    for (LLVMValueRef inst = LLVMGetFirstInstruction(entry); LLVMIsAAllocaInst(inst);
         inst = LLVMGetNextInstruction(inst)) {
        zero(state, inst);
        state->has_variables = true;
    }
    return TJ_OK;
}

static bool has_constant_indices(LLVMValueRef gep)
{
    for (int i = 1; i < LLVMGetNumOperands(gep); i++)
        if (!LLVMIsConstant(LLVMGetOperand(gep, (unsigned)i)))
            return false;
    return true;
}

/* The alloca that `pointer` is a constant address in; NULL for anything else. */
static LLVMValueRef variable_of(LLVMValueRef pointer)
{
    while (LLVMIsAGetElementPtrInst(pointer) && has_constant_indices(pointer))
        pointer = LLVMGetOperand(pointer, 0);
    return LLVMIsAAllocaInst(pointer);
}

static bool is_zero_store(LLVMValueRef inst)
{
    if (LLVMIsAStoreInst(inst))
        return LLVMIsNull(LLVMGetOperand(inst, 0)) && variable_of(LLVMGetOperand(inst, 1));
    const char *name = tj_llvm_intrinsic_name(inst);
    return name && tj_llvm_intrinsic_removal(name) == TJ_REMOVED_MEMORY &&
           LLVMIsNull(LLVMGetOperand(inst, 1)) && variable_of(LLVMGetOperand(inst, 0));
}

static bool is_part_of_head(LLVMValueRef inst)
{
    return LLVMIsAAllocaInst(inst) || LLVMIsAGetElementPtrInst(inst);
}

/* Addresses and variables at the head of the block that nothing uses any more; backwards,
 * since an address uses its variable. */
static void drop_unused(LLVMBasicBlockRef entry)
{
    LLVMValueRef inst = LLVMGetFirstInstruction(entry), previous;
    while (is_part_of_head(inst))
        inst = LLVMGetNextInstruction(inst);
    for (inst = LLVMGetPreviousInstruction(inst); inst; inst = previous) {
        previous = LLVMGetPreviousInstruction(inst);
        if (!LLVMGetFirstUse(inst))
            LLVMInstructionEraseFromParent(inst);
    }
}

void tj_canon_drop_zeroes(tj_canon_state *state)
{
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(state->unit->kernels[0].function);
    LLVMValueRef next;
    for (LLVMValueRef inst = LLVMGetFirstInstruction(entry);
         is_part_of_head(inst) || is_zero_store(inst); inst = next) {
        next = LLVMGetNextInstruction(inst);
        if (is_zero_store(inst))
            LLVMInstructionEraseFromParent(inst);
    }
    drop_unused(entry);
}
