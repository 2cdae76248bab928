/* SPDX-License-Identifier: MIT */
/* Which loops must look at the watchdog's flag.
 *
 * All but those whose rounds are few for a reason that is known now: a counter runs from a
 * bounded start to a bounded limit, and rounds times instructions, inner loops included, stay
 * within MOST_STEPS. So at most MOST_STEPS instructions of one slice run between two looks,
 * and what lies outside of loops. A look costs a load and a branch that is never taken; the
 * benchmark does not show it.
 */
#include "host.h"

/* Also where each step is an atomic of 32 lanes and a threadgroup 256 slices, this is done in
 * half a second. */
enum { MOST_STEPS = 1 << 14 };

/* A loop that goes on while `value` `predicate` `limit`; value is the counter, or the counter
 * plus its step. */
typedef struct counted {
    LLVMIntPredicate predicate;
    LLVMValueRef start, limit;
    int64_t step;
    bool is_next; /* the value compared is the one of the next round */
} counted;

static bool is_invariant(const tj_gen *g, int loop, LLVMValueRef value)
{
    const tj_value *record = tj_facts_find(&g->facts, value);

    return !record || record->block == TJ_NONE ||
           !tj_loop_has(&g->facts.cfg, loop, record->block);
}

static LLVMIntPredicate opposite(LLVMIntPredicate predicate)
{
    switch (predicate) {
    case LLVMIntEQ:
        return LLVMIntNE;
    case LLVMIntNE:
        return LLVMIntEQ;
    case LLVMIntUGT:
        return LLVMIntULE;
    case LLVMIntUGE:
        return LLVMIntULT;
    case LLVMIntULT:
        return LLVMIntUGE;
    case LLVMIntULE:
        return LLVMIntUGT;
    case LLVMIntSGT:
        return LLVMIntSLE;
    case LLVMIntSGE:
        return LLVMIntSLT;
    case LLVMIntSLT:
        return LLVMIntSGE;
    case LLVMIntSLE:
        return LLVMIntSGT;
    }
    return predicate;
}

/* Whether `compare` looks at the counter `phi` of the loop: phi = start, phi + constant. */
static bool find_counter(const tj_gen *g, int loop, LLVMValueRef compare, LLVMValueRef phi,
                         counted *out)
{
    const tj_cfg *cfg = &g->facts.cfg;
    LLVMValueRef left = LLVMGetOperand(compare, 0), next = NULL;

    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
        if (LLVMGetIncomingBlock(phi, i) == cfg->blocks[cfg->loops[loop].latch].bb)
            next = LLVMGetIncomingValue(phi, i);
        else
            out->start = LLVMGetIncomingValue(phi, i);
    if (!next || !LLVMIsAInstruction(next) || LLVMGetInstructionOpcode(next) != LLVMAdd ||
        LLVMGetOperand(next, 0) != phi || !LLVMIsAConstantInt(LLVMGetOperand(next, 1)) ||
        LLVMGetTypeKind(LLVMTypeOf(phi)) != LLVMIntegerTypeKind ||
        LLVMGetIntTypeWidth(LLVMTypeOf(phi)) < 32 || (left != phi && left != next))
        return false;
    out->step = LLVMConstIntGetSExtValue(LLVMGetOperand(next, 1));
    out->is_next = left == next;
    return true;
}

/* Whether block `b` leaves the loop when a counter meets its limit, in every round. */
static bool counts(const tj_gen *g, int loop, int b, counted *out)
{
    const tj_cfg *cfg = &g->facts.cfg;
    const tj_block *block = &cfg->blocks[b];
    LLVMValueRef compare, phi, branch = LLVMGetBasicBlockTerminator(block->bb);

    if (block->succ_count < 2 || !tj_dominates(cfg, b, cfg->loops[loop].latch) ||
        (tj_loop_has(cfg, loop, block->succ[0]) && tj_loop_has(cfg, loop, block->succ[1])))
        return false;
    compare = LLVMGetCondition(branch);
    if (!LLVMIsAICmpInst(compare) || !is_invariant(g, loop, LLVMGetOperand(compare, 1)))
        return false;
    out->predicate = LLVMGetICmpPredicate(compare);
    out->limit = LLVMGetOperand(compare, 1);
    /* A conditional branch's first successor is where it goes when the condition holds. */
    if (!tj_loop_has(cfg, loop, (int)tj_ptrmap_find(&cfg->index, LLVMGetSuccessor(branch, 0))))
        out->predicate = opposite(out->predicate);
    phi = LLVMGetFirstInstruction(cfg->blocks[cfg->loops[loop].header].bb);
    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
        if (find_counter(g, loop, compare, phi, out))
            return true;
    return false;
}

/* Upper bound of a uniform integer, read as unsigned. */
static uint64_t most(const tj_gen *g, LLVMValueRef value)
{
    tj_leaf leaf;

    if (LLVMIsAConstantInt(value))
        return LLVMConstIntGetZExtValue(value);
    leaf = tj_facts_leaf(&g->facts, value, 0);
    return leaf.shape.kind == TJ_UNIFORM ? leaf.shape.umax : UINT64_MAX;
}

/* Upper bound of the rounds, UINT64_MAX: none is known. Bounds up to MOST_STEPS are far from
 * where counters of 32 bits wrap, and not negative when read as signed. */
static uint64_t most_rounds(const tj_gen *g, const counted *c)
{
    uint64_t start = most(g, c->start), limit = most(g, c->limit);
    bool is_known = start <= MOST_STEPS && limit <= MOST_STEPS;

    switch (c->predicate) {
    case LLVMIntULT:
    case LLVMIntULE:
    case LLVMIntSLT:
    case LLVMIntSLE:
        return is_known && c->step > 0 && c->step <= MOST_STEPS ? limit + 2 : UINT64_MAX;
    case LLVMIntSGT:
    case LLVMIntSGE: /* downwards past a limit that is zero or more */
        return is_known && c->step < 0 && c->step >= -MOST_STEPS ? start + 2 : UINT64_MAX;
    case LLVMIntUGT:
        return is_known && c->step == -1 && !c->is_next ? start + 2 : UINT64_MAX;
    case LLVMIntNE: /* meets the limit only when it starts on the right side of it */
        if (!is_known || !LLVMIsAConstantInt(c->start) || !LLVMIsAConstantInt(c->limit))
            return UINT64_MAX;
        if (c->step == 1 && start + c->is_next <= limit)
            return limit - start + 1;
        return c->step == -1 && start >= limit + c->is_next ? start - limit + 1 : UINT64_MAX;
    default:
        return UINT64_MAX;
    }
}

static uint64_t times(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* Instructions of one round, inner loops included; children come behind their parents. */
static uint64_t most_steps(const tj_gen *g, int loop, const uint64_t *steps)
{
    const tj_cfg *cfg = &g->facts.cfg;
    uint64_t sum = 0;

    for (int b = cfg->loops[loop].header; b <= cfg->loops[loop].last; b++) {
        int inner = cfg->blocks[b].loop;
        LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b].bb);

        for (; inner == loop && i && sum <= MOST_STEPS; i = LLVMGetNextInstruction(i))
            sum++;
    }
    for (int l = loop + 1; l < cfg->loop_count && sum <= MOST_STEPS; l++)
        if (cfg->loops[l].parent == loop)
            sum = steps[l] > MOST_STEPS ? steps[l] : sum + steps[l];
    return sum;
}

void tj_plan_polls(tj_gen *g)
{
    const tj_cfg *cfg = &g->facts.cfg;
    uint64_t *steps = tj_new_array(g->arena, uint64_t, (size_t)cfg->loop_count + 1);

    g->polls = tj_new_array(g->arena, bool, (size_t)cfg->loop_count + 1);
    for (int l = cfg->loop_count - 1; l >= 0; l--) {
        uint64_t rounds = UINT64_MAX;

        for (int b = cfg->loops[l].header; b <= cfg->loops[l].last; b++) {
            counted c = {.step = 0};
            uint64_t bound = cfg->blocks[b].loop == l && counts(g, l, b, &c)
                                 ? most_rounds(g, &c)
                                 : UINT64_MAX;

            rounds = bound < rounds ? bound : rounds;
        }
        steps[l] = times(rounds, most_steps(g, l, steps));
        g->polls[l] = g->options->has_watchdog && steps[l] > MOST_STEPS;
    }
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
