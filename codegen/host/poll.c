/* SPDX-License-Identifier: MIT */
/* Which loops must look at the watchdog's flag.
 *
 * An innermost loop that counts by one to a limit ends by itself within 2^32 rounds; loops
 * around it poll. All others may be endless.
 */
#include "host.h"

static bool has_inner_loop(const tj_cfg *cfg, int loop)
{
    for (int l = loop + 1; l < cfg->loop_count; l++)
        if (cfg->loops[l].parent == loop)
            return true;
    return false;
}

static bool is_one_step(LLVMValueRef next, LLVMValueRef phi)
{
    LLVMValueRef step;

    if (!LLVMIsAInstruction(next) || LLVMGetInstructionOpcode(next) != LLVMAdd ||
        LLVMGetOperand(next, 0) != phi)
        return false;
    step = LLVMGetOperand(next, 1);
    return LLVMIsAConstantInt(step) &&
           (LLVMConstIntGetSExtValue(step) == 1 || LLVMConstIntGetSExtValue(step) == -1);
}

static bool is_invariant(const tj_gen *g, int loop, LLVMValueRef value)
{
    const tj_value *record = tj_facts_find(&g->facts, value);

    return !record || record->block == TJ_NONE ||
           !tj_loop_has(&g->facts.cfg, loop, record->block);
}

/* Whether block `b` leaves the loop when a counter meets its limit, in every round. */
static bool counts(const tj_gen *g, int loop, int b)
{
    const tj_cfg *cfg = &g->facts.cfg;
    LLVMValueRef compare, phi;
    bool exits = false;

    for (int s = 0; s < cfg->blocks[b].succ_count; s++)
        exits |= !tj_loop_has(cfg, loop, cfg->blocks[b].succ[s]);
    if (!exits || cfg->blocks[b].succ_count < 2 ||
        !tj_dominates(cfg, b, cfg->loops[loop].latch))
        return false;
    compare = LLVMGetCondition(LLVMGetBasicBlockTerminator(cfg->blocks[b].bb));
    if (!LLVMIsAICmpInst(compare) || !is_invariant(g, loop, LLVMGetOperand(compare, 1)))
        return false;
    phi = LLVMGetFirstInstruction(cfg->blocks[cfg->loops[loop].header].bb);
    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        LLVMValueRef left = LLVMGetOperand(compare, 0);

        for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
            LLVMValueRef next = LLVMGetIncomingValue(phi, i);

            if (is_one_step(next, phi) && (left == phi || left == next) &&
                tj_leaf_bits(LLVMTypeOf(phi)) <= 32)
                return true;
        }
    }
    return false;
}

bool tj_needs_poll(const tj_gen *g, int latch)
{
    const tj_cfg *cfg = &g->facts.cfg;
    int loop = cfg->blocks[latch].loop;

    if (has_inner_loop(cfg, loop))
        return true;
    for (int b = cfg->loops[loop].header; b <= cfg->loops[loop].last; b++)
        if (counts(g, loop, b))
            return false;
    return true;
}

void tj_poll(tj_gen *g, LLVMValueRef inst)
{
    LLVMBasicBlockRef go = tj_new_block(g, "go"), end = tj_new_block(g, "stop");
    LLVMValueRef stop = LLVMBuildLoad2(g->b, g->t.i32, tj_frame_pointer(g, "stop", 0), "stop");

    LLVMSetVolatile(stop, true);
    tj_likely(g, LLVMBuildICmp(g->b, LLVMIntEQ, stop, tj_i32(g, 0), ""), go, end);
    LLVMPositionBuilderAtEnd(g->b, end);
    LLVMValueRef args[] = {g->frame, g->slice, tj_i32(g, tj_add_site(g, inst, "loop"))};

    tj_extern(g, "tjrt_trap_timeout", g->t.void_, args, 3);
    LLVMBuildUnreachable(g->b);
    LLVMPositionBuilderAtEnd(g->b, go);
}
