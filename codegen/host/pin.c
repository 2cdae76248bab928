/* SPDX-License-Identifier: MIT */
/* Keeps CoroSplit from computing values again after a suspend.
 *
 * needs   a coroutine in LCSSA form, not yet split
 * leaves  a freeze in place of each floating-point vector operation that is used in another
 *         block, and of each such value that leaves a loop, in the block behind the loop
 *
 * CoroSplit rematerialises binary operators behind a suspend and keeps their operands in the
 * frame instead (LLVM 22, MaterializationUtils.cpp, defaultMaterializable). For an accumulator
 * that moves the last multiply-add of a loop, and with it stores of all factors in each round,
 * across the barrier. A freeze is not rematerialised and costs no instruction. It stands behind
 * the loop so that the value goes into the frame once, not in each round.
 *
 * Behind the split they go: instruction selection moves a freeze up to the loads that a value
 * is made of, and a load below a freeze is not folded into a broadcast or an operand.
 */
#include "host.h"

static bool is_floats(LLVMValueRef value)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return false;
    switch (LLVMGetTypeKind(LLVMGetElementType(type))) {
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
    case LLVMFloatTypeKind:
    case LLVMDoubleTypeKind:
        return true;
    default:
        return false;
    }
}

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

/* A value that leaves a loop: a phi with one way in. */
static bool is_loop_result(LLVMValueRef inst)
{
    LLVMTypeRef type = LLVMTypeOf(inst);

    return LLVMIsAPHINode(inst) && LLVMCountIncoming(inst) == 1 &&
           LLVMGetTypeKind(type) == LLVMVectorTypeKind &&
           LLVMGetTypeKind(LLVMGetElementType(type)) == LLVMFloatTypeKind;
}

static void pin(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef place = LLVMGetNextInstruction(inst);

    while (LLVMIsAPHINode(place))
        place = LLVMGetNextInstruction(place);
    LLVMPositionBuilderBefore(g->b, place);
    LLVMValueRef frozen = LLVMBuildFreeze(g->b, inst, "");

    LLVMReplaceAllUsesWith(inst, frozen);
    LLVMSetOperand(frozen, 0, inst);
}

void tj_pin_values(tj_gen *g)
{
    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(g->function); bb;
         bb = LLVMGetNextBasicBlock(bb))
        for (LLVMValueRef i = LLVMGetFirstInstruction(bb), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (is_loop_result(i) || (is_accumulator(i) && is_used_elsewhere(i)))
                pin(g, i);
        }
}

void tj_unpin_values(tj_gen *g)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(g->module); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(f); bb;
             bb = LLVMGetNextBasicBlock(bb))
            for (LLVMValueRef i = LLVMGetFirstInstruction(bb), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (!LLVMIsAFreezeInst(i) || !is_floats(i))
                    continue;
                LLVMReplaceAllUsesWith(i, LLVMGetOperand(i, 0));
                LLVMInstructionEraseFromParent(i);
            }
}
