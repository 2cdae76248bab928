/* SPDX-License-Identifier: MIT */
/* Partial linearization: divergent branches become a walk over both sides under masks, uniform
 * branches stay branches.
 *
 * needs   cfg in compact order, divergent branches, mask classes
 * leaves  for each block the next block of the walk for each way out of it, the blocks that
 *         are entered only when a lane is active, and the owner of each block's mask
 *
 * Each block carries a set of pending blocks: targets of edges that lanes have taken and the
 * walk has not visited. At the end of a block the walk goes to the first block, in compact
 * order, of its own targets and the pending ones; the rest stay pending there. The exits of a
 * divergent loop are pending from its header on. Where pending sets of different paths meet, a
 * block may be walked although no lane wants it: it then owns a mask, which is empty.
 *
 * A guard skips a block when its mask is empty. It is needed where work is not masked (scalar
 * memory accesses, barriers, loops that would not end), and pays where the region is costly.
 *
 * Method: Moll and Hack, "Partial Control-Flow Linearization", PLDI 2018.
 */
#include "linearize.h"

#include "intrin.h"

#include <llvm-c/Core.h>
#include <string.h>

/* In kernels with barriers most slices have no work in most phases of a tree. */
enum { GUARD_COST = 24, GUARD_COST_OF_PHASE = 12 };

typedef struct planner {
    const tj_facts *facts;
    tj_arena *arena;
    tj_plan *plan;
    uint64_t *pending; /* block_count rows of `words` words */
    int words;
    uint64_t *scratch; /* one row */
    int *next_order;   /* by node of the walk, see number_nodes */
    bool *is_forced;   /* owns a mask although it shares one by the facts */
    bool *is_hazard;   /* must not run with an empty mask */
    bool *is_direct;   /* every in-edge walks here straight */
    int *cost;
    int guard_cost;
} planner;

static const tj_block *block_of(const planner *p, int b)
{
    return &p->facts->cfg.blocks[b];
}

static uint64_t *pending_of(const planner *p, int b)
{
    return p->pending + (size_t)b * (size_t)p->words;
}

static void add(uint64_t *set, int b)
{
    set[b / 64] |= (uint64_t)1 << (b % 64);
}

/* A copy of the blocks pending at `b` that the next copy overwrites. */
static uint64_t *copy_pending(const planner *p, int b)
{
    memcpy(p->scratch, pending_of(p, b), (size_t)p->words * sizeof(*p->scratch));
    return p->scratch;
}

/* Takes the first block out of `set`; what is left becomes pending there. */
static int relay(planner *p, uint64_t *set)
{
    for (int w = 0; w < p->words; w++) {
        if (!set[w])
            continue;
        int next = w * 64 + __builtin_ctzll(set[w]);
        uint64_t *pending = pending_of(p, next);

        set[w] &= set[w] - 1;
        for (int i = w; i < p->words; i++)
            pending[i] |= set[i];
        return next;
    }
    return TJ_NONE;
}

/* Blocks of a uniform loop that an exit leaves have no lanes waiting in them. */
static void drop_left_loops(const planner *p, uint64_t *set, int from, int to)
{
    const tj_cfg *cfg = &p->facts->cfg;
    int loop = cfg->blocks[from].loop;

    while (loop != TJ_NONE && !tj_loop_has(cfg, loop, to)) {
        if (!p->facts->is_divergent_loop[loop])
            for (int b = cfg->loops[loop].header; b <= cfg->loops[loop].last; b++)
                set[b / 64] &= ~((uint64_t)1 << (b % 64));
        loop = cfg->loops[loop].parent;
    }
}

/* The next block of the walk when `from` leaves to `to` only. */
static int relay_edge(planner *p, int from, int to)
{
    uint64_t *set = copy_pending(p, from);

    drop_left_loops(p, set, from, to);
    add(set, to);
    int next = relay(p, set);

    if (next != to)
        p->is_direct[to] = false;
    return next;
}

static int relay_both(planner *p, int from, const int *to, int count)
{
    uint64_t *set = copy_pending(p, from);

    for (int i = 0; i < count; i++)
        add(set, to[i]);
    int next = relay(p, set);

    for (int i = 0; i < count; i++)
        p->is_direct[to[i]] &= to[i] == next;
    return next;
}

static void plan_latch(planner *p, int b, tj_step *step)
{
    const tj_block *block = block_of(p, b);
    int header = p->facts->cfg.loops[block->loop].header;

    if (p->facts->is_divergent_loop[block->loop]) {
        int exits[2], count = 0;

        for (int s = 0; s < block->succ_count; s++)
            if (block->succ[s] != header)
                exits[count++] = block->succ[s];
        step->exit = TJ_EXIT_LOOP;
        step->next[0] = relay_both(p, b, exits, count);
        return;
    }
    step->exit = block->succ_count == 2 ? TJ_EXIT_BRANCH : TJ_EXIT_JUMP;
    for (int s = 0; s < block->succ_count; s++)
        step->next[s] = block->succ[s] == header ? header : relay_edge(p, b, block->succ[s]);
}

static void plan_exits(planner *p, int b)
{
    const tj_block *block = block_of(p, b);
    tj_step *step = &p->plan->steps[b];

    step->next[0] = step->next[1] = TJ_NONE;
    if (block->loop != TJ_NONE && p->facts->cfg.loops[block->loop].latch == b) {
        plan_latch(p, b, step);
    } else if (block->succ_count == 0) {
        step->exit = TJ_EXIT_RETURN;
    } else if (block->succ_count == 2 && !p->facts->is_divergent[b]) {
        step->exit = TJ_EXIT_BRANCH;
        step->next[0] = relay_edge(p, b, block->succ[0]);
        step->next[1] = relay_edge(p, b, block->succ[1]);
    } else {
        step->exit = TJ_EXIT_JUMP;
        step->next[0] = relay_both(p, b, block->succ, block->succ_count);
    }
}

/* The targets of all edges that leave a divergent loop wait from its header on. */
static void add_loop_exits(planner *p, int header)
{
    const tj_cfg *cfg = &p->facts->cfg;
    int loop = cfg->blocks[header].loop;

    if (!p->facts->is_divergent_loop[loop])
        return;
    for (int b = header; b <= cfg->loops[loop].last; b++)
        for (int s = 0; s < cfg->blocks[b].succ_count; s++)
            if (!tj_loop_has(cfg, loop, cfg->blocks[b].succ[s]))
                add(pending_of(p, header), cfg->blocks[b].succ[s]);
}

static void plan_walk(planner *p)
{
    int count = p->facts->cfg.block_count;

    memset(p->pending, 0, (size_t)count * (size_t)p->words * sizeof(*p->pending));
    for (int b = 0; b < count; b++)
        p->is_direct[b] = true;
    for (int b = 0; b < count; b++) {
        tj_step *step = &p->plan->steps[b];

        step->guard_next = TJ_NONE;
        if (tj_is_header(&p->facts->cfg, b))
            add_loop_exits(p, b);
        if (step->has_guard) {
            step->guard_next = relay(p, copy_pending(p, b));
            step->has_guard = step->guard_next != TJ_NONE;
        }
        plan_exits(p, b);
    }
}

/* ---- dominators of the walk ------------------------------------------------------------ */

static int entry_node(const planner *p, int b)
{
    return 2 * b + (p->plan->steps[b].has_guard ? 0 : 1);
}

static int meet(const int *idom, int a, int b)
{
    if (a == TJ_NONE)
        return b;
    while (a != b) {
        if (a > b)
            a = idom[a];
        else
            b = idom[b];
    }
    return a;
}

static void add_walk_edge(planner *p, int from_node, int to)
{
    int *idom = p->plan->idom;
    int node;

    if (to == TJ_NONE || 2 * to + 1 <= from_node)
        return; /* back edges do not change dominators */
    node = entry_node(p, to);
    idom[node] = meet(idom, idom[node], from_node);
}

/* Numbers the nodes so that those below a node follow it: dominance is then two comparisons.
 * A node's immediate dominator has a smaller index. */
static void number_nodes(const planner *p)
{
    int count = 2 * p->facts->cfg.block_count, next_root = 0;
    const int *idom = p->plan->idom;
    int *order = p->plan->order, *below = p->plan->below;

    for (int n = 0; n < count; n++)
        below[n] = 1;
    for (int n = count - 1; n >= 0; n--)
        if (idom[n] != TJ_NONE)
            below[idom[n]] += below[n];
    for (int n = 0; n < count; n++) {
        int *next = idom[n] == TJ_NONE ? &next_root : &p->next_order[idom[n]];

        order[n] = *next;
        *next += below[n];
        p->next_order[n] = order[n] + 1;
    }
}

static void find_walk_dominators(planner *p)
{
    int count = p->facts->cfg.block_count;

    for (int n = 0; n < 2 * count; n++)
        p->plan->idom[n] = TJ_NONE;
    for (int b = 0; b < count; b++) {
        const tj_step *step = &p->plan->steps[b];

        if (step->has_guard) {
            p->plan->idom[2 * b + 1] = 2 * b;
            add_walk_edge(p, 2 * b, step->guard_next);
        }
        add_walk_edge(p, 2 * b + 1, step->next[0]);
        add_walk_edge(p, 2 * b + 1, step->next[1]);
    }
    number_nodes(p);
}

bool tj_plan_dominates(const tj_plan *plan, int above, int below)
{
    int target = 2 * above + 1, distance = plan->order[2 * below + 1] - plan->order[target];

    return distance >= 0 && distance < plan->below[target];
}

/* ---- guards and owners ----------------------------------------------------------------- */

static bool shares_by_edges(const planner *p, int b)
{
    return p->facts->mask_of[b] != b && block_of(p, b)->leader != p->facts->mask_of[b];
}

/* Finds blocks that must own their mask; true when there is a new one. */
static bool force_owners(planner *p)
{
    bool changed = false;

    for (int b = 1; b < p->facts->cfg.block_count; b++) {
        int from = p->facts->mask_of[b];

        if (from == b || p->is_forced[b])
            continue;
        if (!tj_plan_dominates(p->plan, from, b) || (shares_by_edges(p, b) && !p->is_direct[b]))
            p->is_forced[b] = changed = true;
    }
    return changed;
}

static void fill_owners(planner *p)
{
    for (int b = 0; b < p->facts->cfg.block_count; b++) {
        int from = p->facts->mask_of[b];
        tj_step *step = &p->plan->steps[b];

        step->owner = from == b || p->is_forced[b] ? b : p->plan->steps[from].owner;
        step->guards_phis = p->is_forced[b];
        for (int i = 0; i < block_of(p, b)->pred_count; i++)
            step->guards_phis |= p->is_forced[block_of(p, b)->preds[i]];
    }
}

/* Whether no other block is pending: all lanes of the slice are here then. */
static bool is_alone(const planner *p, int b)
{
    for (int w = 0; w < p->words; w++)
        if (pending_of(p, b)[w])
            return false;
    return true;
}

/* Whether some lane is active whenever the content of `b` runs. */
static bool is_safe(const planner *p, const bool *safe, int b)
{
    const tj_step *step = &p->plan->steps[b];
    const tj_cfg *cfg = &p->facts->cfg;
    int from = b;

    if (step->has_guard || b == 0 || is_alone(p, b))
        return true;
    if (tj_is_header(cfg, b))
        from = cfg->loops[cfg->blocks[b].loop].preheader;
    else if (step->owner != b)
        from = step->owner;
    return from != b && safe[from] && tj_plan_dominates(p->plan, from, b);
}

static bool add_guards(planner *p)
{
    int count = p->facts->cfg.block_count;
    bool *safe = tj_new_array(p->arena, bool, (size_t)count);
    bool changed = false;

    for (int b = 0; b < count; b++) {
        tj_step *step = &p->plan->steps[b];
        bool wants = p->is_hazard[b] || (step->owner == b && p->cost[b] >= p->guard_cost);

        safe[b] = is_safe(p, safe, b);
        if (safe[b] || !wants || step->has_guard)
            continue;
        /* A class is protected at its owner when that is where its hazard begins. */
        step->has_guard = changed = true;
        safe[b] = true;
    }
    return changed;
}

/* ---- what a block costs ---------------------------------------------------------------- */

static int cost_of(const tj_facts *facts, LLVMValueRef inst, bool *is_hazard)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    LLVMValueRef pointer = NULL;
    tj_intrin_use use;

    switch (opcode) {
    case LLVMLoad:
        pointer = LLVMGetOperand(inst, 0);
        break;
    case LLVMStore:
        pointer = LLVMGetOperand(inst, 1);
        break;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        *is_hazard = true;
        return GUARD_COST;
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMURem:
    case LLVMSRem:
    case LLVMFDiv:
    case LLVMFRem:
        return 6;
    case LLVMPHI:
        return 0;
    case LLVMCall:
        if (!tj_intrin_of(inst, &use))
            return 6; /* llvm.*: traps are told apart below */
        if (tj_intrin_infos[use.id].effect != TJ_EFFECT_PURE) {
            *is_hazard = true;
            return GUARD_COST;
        }
        return 6;
    default:
        return 1;
    }
    tj_leaf leaf = tj_facts_leaf(facts, pointer, 0);

    if (leaf.root.kind != TJ_ROOT_ALLOCA && leaf.shape.kind == TJ_UNIFORM)
        *is_hazard = true;
    return 4;
}

static bool is_trap(LLVMValueRef inst)
{
    size_t length;
    const char *name;

    if (LLVMGetInstructionOpcode(inst) != LLVMCall)
        return false;
    name = LLVMGetValueName2(LLVMGetCalledValue(inst), &length);
    return strcmp(name, "llvm.trap") == 0;
}

static bool is_barrier(LLVMValueRef inst)
{
    tj_intrin_use use;

    return LLVMIsACallInst(inst) && tj_intrin_of(inst, &use) &&
           tj_intrin_infos[use.id].effect == TJ_EFFECT_BARRIER;
}

static void measure(planner *p)
{
    const tj_cfg *cfg = &p->facts->cfg;
    int *own = tj_new_array(p->arena, int, (size_t)cfg->block_count);

    p->guard_cost = GUARD_COST;
    for (int b = 0; b < cfg->block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b].bb); i;
             i = LLVMGetNextInstruction(i)) {
            own[b] += cost_of(p->facts, i, &p->is_hazard[b]);
            p->is_hazard[b] |= is_trap(i);
            if (is_barrier(i))
                p->guard_cost = GUARD_COST_OF_PHASE;
        }
    for (int l = 0; l < cfg->loop_count; l++)
        p->is_hazard[cfg->loops[l].preheader] = true;
    /* A block stands for all that only it leads to. */
    for (int b = cfg->block_count - 1; b >= 0; b--) {
        p->cost[b] += own[b];
        if (cfg->blocks[b].idom != TJ_NONE)
            p->cost[cfg->blocks[b].idom] += p->cost[b];
    }
}

tj_status tj_linearize(const tj_facts *facts, tj_arena *arena, tj_plan *out)
{
    int count = facts->cfg.block_count;
    planner p = {.facts = facts, .arena = arena, .plan = out, .words = (count + 63) / 64};

    out->steps = tj_new_array(arena, tj_step, (size_t)count);
    out->idom = tj_new_array(arena, int, (size_t)count * 2);
    out->order = tj_new_array(arena, int, (size_t)count * 2);
    out->below = tj_new_array(arena, int, (size_t)count * 2);
    p.next_order = tj_new_array(arena, int, (size_t)count * 2);
    p.scratch = tj_new_array(arena, uint64_t, (size_t)p.words);
    p.pending = tj_new_array(arena, uint64_t, (size_t)count *(size_t)p.words);
    p.is_forced = tj_new_array(arena, bool, (size_t)count);
    p.is_hazard = tj_new_array(arena, bool, (size_t)count);
    p.is_direct = tj_new_array(arena, bool, (size_t)count);
    p.cost = tj_new_array(arena, int, (size_t)count);
    measure(&p);
    bool changed = true;

    for (int round = 0; changed; round++) {
        if (round > 2 * count + 2)
            return tj_fail(facts->unit, NULL, TJ_E_INTERNAL, "linearization does not settle");
        plan_walk(&p);
        find_walk_dominators(&p);
        changed = force_owners(&p);
        fill_owners(&p);
        if (!changed)
            changed = add_guards(&p);
    }
    return TJ_OK;
}
