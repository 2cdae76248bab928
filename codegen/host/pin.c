/* SPDX-License-Identifier: MIT */
/* Keeps CoroSplit from computing values again after a suspend.
 *
 * needs   a coroutine in SSA form, not yet split
 * leaves  a freeze of each floating-point vector operation that is used in another block, in
 *         place of the operation
 *
 * CoroSplit rematerialises binary operators behind a suspend and keeps their operands in the
 * frame instead (LLVM 22, MaterializationUtils.cpp, defaultMaterializable). For an accumulator
 * that moves the last multiply-add of a loop, and with it stores of all factors in each round,
 * across the barrier. A freeze is not rematerialised and costs no instruction.
 */
#include "host.h"

static bool is_accumulator(LLVMValueRef inst)
{
    LLVMTypeRef type = LLVMTypeOf(inst);

    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMFAdd:
    case LLVMFSub:
    case LLVMFMul:
    case LLVMFDiv:
        return LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    default:
        return false;
    }
}

/* The block in which a use reads its value. */
static LLVMBasicBlockRef block_of_use(LLVMValueRef user, LLVMValueRef value)
{
    if (!LLVMIsAPHINode(user))
        return LLVMGetInstructionParent(user);
    for (unsigned i = 0; i < LLVMCountIncoming(user); i++)
        if (LLVMGetIncomingValue(user, i) == value)
            return LLVMGetIncomingBlock(user, i);
    return NULL;
}

static bool is_used_elsewhere(LLVMValueRef inst)
{
    for (LLVMUseRef use = LLVMGetFirstUse(inst); use; use = LLVMGetNextUse(use))
        if (block_of_use(LLVMGetUser(use), inst) != LLVMGetInstructionParent(inst))
            return true;
    return false;
}

static void pin(tj_gen *g, LLVMValueRef inst)
{
    LLVMPositionBuilderBefore(g->b, LLVMGetNextInstruction(inst));
    LLVMValueRef frozen = LLVMBuildFreeze(g->b, inst, "");

    LLVMReplaceAllUsesWith(inst, frozen);
    LLVMSetOperand(frozen, 0, inst);
}

void tj_pin_values(tj_gen *g)
{
    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(g->function); bb; bb = LLVMGetNextBasicBlock(bb))
        for (LLVMValueRef i = LLVMGetFirstInstruction(bb), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (is_accumulator(i) && is_used_elsewhere(i))
                pin(g, i);
        }
}
