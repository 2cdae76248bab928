/* SPDX-License-Identifier: MIT */
/* The order of sums in fast maths.
 *
 * Sums of two sums stay where they are. Free to reorder them, LLVM's instruction selection
 * (DAGCombiner.cpp, visitFADDForFMACombine) puts a chain of multiply-adds behind another: each
 * link waits for the one before, where two chains would go side by side.
 *
 * What is known long before is added first: of a * b - x + early, where a * b is used
 * elsewhere, too, LLVM makes a product, a difference and a sum one behind the other; a
 * multiply-add and a difference are two. The steps of a recurrence wait for that. */
#include "host.h"

static bool is_sum(LLVMValueRef value)
{
    return LLVMIsAInstruction(value) && LLVMGetInstructionOpcode(value) == LLVMFAdd;
}

/* The sum of two sums again, to be added in this order: flags can be added to an instruction
 * but not taken from it. */
static void fix_sum(tj_gen *g, LLVMValueRef sum)
{
    LLVMFastMathFlags flags = LLVMGetFastMathFlags(sum);

    LLVMPositionBuilderBefore(g->b, sum);
    LLVMValueRef fixed =
        LLVMBuildFAdd(g->b, LLVMGetOperand(sum, 0), LLVMGetOperand(sum, 1), "");
    LLVMSetFastMathFlags(fixed, flags & ~(unsigned)LLVMFastMathAllowReassoc);
    LLVMReplaceAllUsesWith(sum, fixed);
    LLVMInstructionEraseFromParent(sum);
}

static bool may_change(LLVMValueRef inst, LLVMOpcode opcode)
{
    const LLVMFastMathFlags needed = LLVMFastMathAllowReassoc | LLVMFastMathAllowContract;

    return LLVMIsAInstruction(inst) && LLVMGetInstructionOpcode(inst) == opcode &&
           (LLVMGetFastMathFlags(inst) & needed) == needed;
}

static bool has_one_use(LLVMValueRef value)
{
    LLVMUseRef use = LLVMGetFirstUse(value);

    return use && !LLVMGetNextUse(use);
}

/* From another block, and nothing that goes round with a loop as far as one can see. */
static bool is_early(LLVMValueRef value, LLVMValueRef sum)
{
    return !LLVMIsAInstruction(value) ||
           (!LLVMIsAPHINode(value) &&
            LLVMGetInstructionParent(value) != LLVMGetInstructionParent(sum));
}

/* a * b - x + early becomes fma(a, b, early) - x; false: `sum` is no such sum. */
static bool add_early(tj_gen *g, LLVMValueRef sum, unsigned early_at)
{
    LLVMValueRef early = LLVMGetOperand(sum, early_at), product;
    LLVMValueRef difference = LLVMGetOperand(sum, 1 - early_at);

    if (!may_change(sum, LLVMFAdd) || !may_change(difference, LLVMFSub) ||
        !has_one_use(difference) || !is_early(early, sum))
        return false;
    product = LLVMGetOperand(difference, 0);
    if (!may_change(product, LLVMFMul) || has_one_use(product) || is_early(product, sum) ||
        tj_element(LLVMTypeOf(sum)) != g->t.f32)
        return false;
    LLVMPositionBuilderBefore(g->b, sum);
    LLVMFastMathFlags flags = LLVMGetFastMathFlags(sum);
    LLVMValueRef first =
        tj_fma(g, LLVMGetOperand(product, 0), LLVMGetOperand(product, 1), early);
    LLVMValueRef all =
        LLVMBuildFSub(g->b, tj_with_flags(first, flags), LLVMGetOperand(difference, 1), "");

    LLVMReplaceAllUsesWith(sum, tj_with_flags(all, flags));
    LLVMInstructionEraseFromParent(sum);
    LLVMInstructionEraseFromParent(difference);
    return true;
}

void tj_keep_chains(tj_gen *g)
{
    if (!g->options->is_fast_math)
        return;
    for (LLVMValueRef f = LLVMGetFirstFunction(g->module); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
            for (LLVMValueRef i = LLVMGetFirstInstruction(b), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (is_sum(i) && (add_early(g, i, 0) || add_early(g, i, 1)))
                    continue;
                if (is_sum(i) && is_sum(LLVMGetOperand(i, 0)) && is_sum(LLVMGetOperand(i, 1)))
                    fix_sum(g, i);
            }
}
