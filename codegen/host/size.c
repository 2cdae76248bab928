/* SPDX-License-Identifier: MIT */
/* How large code may get. LLVM takes about 25 us for an instruction, so MAX_INSTRUCTIONS are
 * a dozen seconds; kernels that become more are refused while they are emitted, before
 * they fill the memory. */
#include "host.h"

enum { MAX_INSTRUCTIONS = 1 << 19 };

bool tj_is_larger(LLVMModuleRef module, unsigned block_limit, unsigned inst_limit)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f)) {
        unsigned count = 0;

        if (LLVMCountBasicBlocks(f) > block_limit)
            return true;
        for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(f); bb;
             bb = LLVMGetNextBasicBlock(bb))
            for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
                if (++count > inst_limit)
                    return true;
    }
    return false;
}

static unsigned count_in(LLVMBasicBlockRef bb)
{
    unsigned count = 0;

    for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
        count++;
    return count;
}

void tj_count_emitted(tj_gen *g)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(g->b);

    for (LLVMBasicBlockRef bb = LLVMGetNextBasicBlock(g->counted); bb && bb != here;
         bb = LLVMGetNextBasicBlock(bb)) {
        g->inst_count += count_in(bb);
        g->counted = bb;
    }
    if (g->inst_count + count_in(here) > MAX_INSTRUCTIONS && !g->status)
        g->status = tj_fail(g->unit, g->facts.kernel->function, TJ_E_UNSUPPORTED,
                            "the kernel becomes more than %d instructions of vector code; it "
                            "runs with --engine interp",
                            MAX_INSTRUCTIONS);
}

void tj_count_block(tj_gen *g, int block)
{
    g->inst_count += count_in(g->content[block]);
    tj_count_emitted(g);
}
