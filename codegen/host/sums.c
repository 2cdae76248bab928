/* SPDX-License-Identifier: MIT */
/* Sums of two sums stay where they are. Free to reorder them, LLVM's instruction selection
 * (DAGCombiner.cpp, visitFADDForFMACombine) puts a chain of multiply-adds behind another: each
 * link waits for the one before, where two chains would go side by side. */
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

void tj_keep_chains(tj_gen *g)
{
    if (!g->options->is_fast_math)
        return;
    for (LLVMValueRef f = LLVMGetFirstFunction(g->module); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
            for (LLVMValueRef i = LLVMGetFirstInstruction(b), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (is_sum(i) && is_sum(LLVMGetOperand(i, 0)) && is_sum(LLVMGetOperand(i, 1)))
                    fix_sum(g, i);
            }
}
