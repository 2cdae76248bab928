/* SPDX-License-Identifier: MIT */
/* Block order, dominators, loops and control equivalence of a canonical kernel.
 *
 * Dominators: Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
 * Order: greedy topological order that prefers the block whose immediate dominator was placed
 * last (dominance-compact) and never leaves an open loop (loop-compact), as partial
 * linearization demands (Moll and Hack, PLDI 2018).
 * Control equivalence is found on the acyclic graph of each loop body, where inner loops are
 * single nodes and back edges and exits leave to one sink.
 */
#include "cfg.h"

#include <assert.h>
#include <llvm-c/Core.h>
#include <stdlib.h>

typedef struct builder {
    tj_arena *arena;
    tj_cfg *cfg;
    int *order;    /* old number by new number */
    int *number;   /* new number by old number */
    tj_block *raw; /* blocks by reverse postorder number */
    int count;
} builder;

typedef struct visit {
    LLVMBasicBlockRef bb;
    unsigned next;
} visit;

/* Reverse postorder of the reachable blocks into `out`; returns how many. */
static int collect_rpo(LLVMValueRef function, tj_arena *arena, LLVMBasicBlockRef *out)
{
    unsigned total = LLVMCountBasicBlocks(function);
    tj_ptrmap seen;
    visit *stack = tj_new_array(arena, visit, total + 1);
    unsigned depth = 0;
    int done = 0;

    tj_ptrmap_init(&seen, arena, total + 1);
    stack[depth++] = (visit){LLVMGetEntryBasicBlock(function), 0};
    tj_ptrmap_put(&seen, stack[0].bb, 1);
    while (depth) {
        visit *top = &stack[depth - 1];
        LLVMValueRef term = LLVMGetBasicBlockTerminator(top->bb);
        unsigned succ_count = term ? LLVMGetNumSuccessors(term) : 0;

        if (top->next < succ_count) {
            /* Last successor first, so that the first one comes first in the order. */
            LLVMBasicBlockRef succ = LLVMGetSuccessor(term, succ_count - 1 - top->next++);

            if (tj_ptrmap_find(&seen, succ) == UINT32_MAX) {
                tj_ptrmap_put(&seen, succ, 1);
                stack[depth++] = (visit){succ, 0};
            }
            continue;
        }
        out[done++] = top->bb;
        depth--;
    }
    for (int i = 0; i < done / 2; i++) {
        LLVMBasicBlockRef swap = out[i];

        out[i] = out[done - 1 - i];
        out[done - 1 - i] = swap;
    }
    return done;
}

static void fill_preds(tj_block *blocks, int count, tj_arena *arena)
{
    for (int b = 0; b < count; b++)
        for (int s = 0; s < blocks[b].succ_count; s++)
            blocks[blocks[b].succ[s]].pred_count++;
    for (int b = 0; b < count; b++) {
        blocks[b].preds = tj_new_array(arena, int, (size_t)blocks[b].pred_count + 1);
        blocks[b].pred_count = 0;
    }
    for (int b = 0; b < count; b++) {
        for (int s = 0; s < blocks[b].succ_count; s++) {
            tj_block *succ = &blocks[blocks[b].succ[s]];

            ((int *)succ->preds)[succ->pred_count++] = b;
        }
    }
}

static tj_status fill_blocks(tj_unit *unit, LLVMValueRef function, builder *b)
{
    unsigned total = LLVMCountBasicBlocks(function);
    LLVMBasicBlockRef *rpo = tj_new_array(b->arena, LLVMBasicBlockRef, total + 1);
    tj_ptrmap index;

    b->count = collect_rpo(function, b->arena, rpo);
    b->raw = tj_new_array(b->arena, tj_block, (size_t)b->count);
    tj_ptrmap_init(&index, b->arena, (uint32_t)b->count);
    for (int i = 0; i < b->count; i++)
        tj_ptrmap_put(&index, rpo[i], (uint32_t)i);
    for (int i = 0; i < b->count; i++) {
        tj_block *block = &b->raw[i];
        LLVMValueRef term = LLVMGetBasicBlockTerminator(rpo[i]);
        unsigned succ_count = LLVMGetNumSuccessors(term);

        block->bb = rpo[i];
        block->succ[0] = block->succ[1] = block->idom = block->loop = TJ_NONE;
        if (succ_count > 2)
            return tj_fail(unit, term, TJ_E_INTERNAL, "terminator is not in canonical form");
        for (unsigned s = 0; s < succ_count; s++) {
            int succ = (int)tj_ptrmap_find(&index, LLVMGetSuccessor(term, s));

            if (s && succ == block->succ[0])
                break;
            block->succ[block->succ_count++] = succ;
        }
    }
    fill_preds(b->raw, b->count, b->arena);
    return TJ_OK;
}

static int intersect(const tj_block *blocks, int a, int b)
{
    while (a != b) {
        while (a > b)
            a = blocks[a].idom;
        while (b > a)
            b = blocks[b].idom;
    }
    return a;
}

static void fill_dominators(tj_block *blocks, int count)
{
    bool changed = true;

    blocks[0].idom = 0;
    while (changed) {
        changed = false;
        for (int b = 1; b < count; b++) {
            int idom = TJ_NONE;

            for (int p = 0; p < blocks[b].pred_count; p++) {
                int pred = blocks[b].preds[p];

                if (blocks[pred].idom == TJ_NONE)
                    continue;
                idom = idom == TJ_NONE ? pred : intersect(blocks, pred, idom);
            }
            changed |= idom != blocks[b].idom;
            blocks[b].idom = idom;
        }
    }
    blocks[0].idom = TJ_NONE;
}

static bool dominates(const tj_block *blocks, int above, int below)
{
    while (below > above)
        below = blocks[below].idom;
    return below == above;
}

bool tj_dominates(const tj_cfg *cfg, int above, int below)
{
    while (below != TJ_NONE && below != above)
        below = cfg->blocks[below].idom;
    return below == above;
}

/* Marks the natural loop of the back edge latch -> header; headers come in reverse postorder,
 * so inner loops overwrite outer ones. */
static void mark_loop(builder *b, int loop, int header, int latch, int *stack)
{
    int depth = 0;
    char *seen = tj_new_array(b->arena, char, (size_t)b->count);

    seen[header] = 1;
    b->raw[header].loop = loop;
    if (!seen[latch]) {
        seen[latch] = 1;
        stack[depth++] = latch;
    }
    while (depth) {
        int block = stack[--depth];

        b->raw[block].loop = loop;
        for (int p = 0; p < b->raw[block].pred_count; p++) {
            int pred = b->raw[block].preds[p];

            if (!seen[pred]) {
                seen[pred] = 1;
                stack[depth++] = pred;
            }
        }
    }
}

static tj_status find_loops(tj_unit *unit, builder *b)
{
    int *stack = tj_new_array(b->arena, int, (size_t)b->count + 1);
    tj_cfg *cfg = b->cfg;

    cfg->loops = tj_new_array(b->arena, tj_loop, (size_t)b->count + 1);
    for (int h = 0; h < b->count; h++) {
        int latch = TJ_NONE, preheader = TJ_NONE;

        for (int p = 0; p < b->raw[h].pred_count; p++) {
            int pred = b->raw[h].preds[p];
            bool is_back = pred >= h;
            int *slot = is_back ? &latch : &preheader;

            if (is_back && !dominates(b->raw, h, pred))
                return tj_fail(unit, LLVMGetBasicBlockTerminator(b->raw[pred].bb),
                               TJ_E_INTERNAL, "irreducible loop in a canonical kernel");
            *slot = *slot == TJ_NONE ? pred : -2;
        }
        if (latch == TJ_NONE)
            continue;
        if (latch < 0 || preheader < 0 || b->raw[preheader].succ_count != 1)
            return tj_fail(unit, LLVMGetFirstInstruction(b->raw[h].bb), TJ_E_INTERNAL,
                           "loop without a single latch and preheader in a canonical kernel");
        cfg->loops[cfg->loop_count] = (tj_loop){
            .header = h, .latch = latch, .preheader = preheader, .parent = b->raw[h].loop};
        cfg->loops[cfg->loop_count].depth =
            b->raw[h].loop == TJ_NONE ? 1 : cfg->loops[b->raw[h].loop].depth + 1;
        mark_loop(b, cfg->loop_count, h, latch, stack);
        cfg->loop_count++;
    }
    return TJ_OK;
}

static bool loop_contains(const tj_cfg *cfg, int outer, int inner)
{
    while (inner != TJ_NONE && inner != outer)
        inner = cfg->loops[inner].parent;
    return inner == outer;
}

/* Places blocks one by one; see the file head for the order's rules. */
static void place_blocks(builder *b)
{
    const tj_cfg *cfg = b->cfg;
    int *ready = tj_new_array(b->arena, int, (size_t)b->count + 1);
    int *waiting = tj_new_array(b->arena, int, (size_t)b->count);
    int *unplaced = tj_new_array(b->arena, int, (size_t)cfg->loop_count + 1);
    int ready_count = 0, open = TJ_NONE;

    for (int i = 0; i < b->count; i++) {
        for (int p = 0; p < b->raw[i].pred_count; p++)
            waiting[i] += b->raw[i].preds[p] < i;
        for (int l = b->raw[i].loop; l != TJ_NONE; l = cfg->loops[l].parent)
            unplaced[l]++;
    }
    ready[ready_count++] = 0;
    for (int place = 0; place < b->count; place++) {
        int best = TJ_NONE, best_key = -2;

        for (int r = 0; r < ready_count; r++) {
            int idom = b->raw[ready[r]].idom;
            int key = idom == TJ_NONE ? -1 : b->number[idom];

            if (loop_contains(cfg, open, b->raw[ready[r]].loop) && key >= best_key) {
                best = r;
                best_key = key;
            }
        }
        assert(best != TJ_NONE);
        int block = ready[best];

        for (int r = best; r + 1 < ready_count; r++)
            ready[r] = ready[r + 1];
        ready_count--;
        b->order[place] = block;
        b->number[block] = place;
        for (int l = b->raw[block].loop; l != TJ_NONE; l = cfg->loops[l].parent)
            unplaced[l]--;
        open = b->raw[block].loop;
        while (open != TJ_NONE && !unplaced[open])
            open = cfg->loops[open].parent;
        /* Later successors first: of equal keys the last one in the list is taken. */
        for (int s = b->raw[block].succ_count - 1; s >= 0; s--) {
            int succ = b->raw[block].succ[s];

            if (succ > block && --waiting[succ] == 0)
                ready[ready_count++] = succ;
        }
    }
}

static void renumber(builder *b)
{
    tj_cfg *cfg = b->cfg;

    cfg->block_count = b->count;
    cfg->blocks = tj_new_array(b->arena, tj_block, (size_t)b->count);
    tj_ptrmap_init(&cfg->index, b->arena, (uint32_t)b->count);
    for (int i = 0; i < b->count; i++) {
        tj_block *block = &cfg->blocks[i];

        *block = b->raw[b->order[i]];
        for (int s = 0; s < block->succ_count; s++)
            block->succ[s] = b->number[block->succ[s]];
        for (int p = 0; p < block->pred_count; p++)
            ((int *)block->preds)[p] = b->number[block->preds[p]];
        if (block->idom != TJ_NONE)
            block->idom = b->number[block->idom];
        tj_ptrmap_put(&cfg->index, block->bb, (uint32_t)i);
    }
    for (int l = 0; l < cfg->loop_count; l++) {
        tj_loop *loop = &cfg->loops[l];

        loop->header = b->number[loop->header];
        loop->latch = b->number[loop->latch];
        loop->preheader = b->number[loop->preheader];
        loop->last = loop->latch;
    }
}

/* The node of `block` in the body graph of `loop`: the block itself, or the header of the
 * inner loop that holds it; TJ_NONE when the block lies outside `loop`. */
static int body_node(const tj_cfg *cfg, int loop, int block)
{
    int inner = cfg->blocks[block].loop;

    if (!tj_loop_has(cfg, loop, block))
        return TJ_NONE;
    while (inner != loop) {
        block = cfg->loops[inner].header;
        inner = cfg->loops[inner].parent;
    }
    return block;
}

static int meet_postdom(const int *postdom, int sink, int a, int b)
{
    if (a == TJ_NONE)
        return b;
    while (a != b) {
        if (a < b)
            a = a == sink ? sink : postdom[a];
        else
            b = b == sink ? sink : postdom[b];
    }
    return a;
}

/* Immediate postdominators of one loop body; postdom[sink] stands for leaving the body. */
static void body_postdominators(const tj_cfg *cfg, int loop, int *postdom)
{
    int sink = cfg->block_count;
    int first = loop == TJ_NONE ? 0 : cfg->loops[loop].header;
    int last = loop == TJ_NONE ? cfg->block_count - 1 : cfg->loops[loop].last;

    for (int b = last; b >= first; b--) {
        int node = body_node(cfg, loop, b);
        int end = b, meet = TJ_NONE;

        if (node != b)
            continue;
        if (cfg->blocks[b].loop != loop) { /* an inner loop: all edges that leave it */
            int inner = cfg->blocks[b].loop;

            while (cfg->loops[inner].parent != loop)
                inner = cfg->loops[inner].parent;
            end = cfg->loops[inner].last;
        }
        for (int i = b; i <= end; i++) {
            for (int s = 0; s < cfg->blocks[i].succ_count; s++) {
                int succ = cfg->blocks[i].succ[s];
                int target = body_node(cfg, loop, succ);

                if (target == b && cfg->blocks[b].loop != loop)
                    continue;
                if (target == TJ_NONE || target <= b)
                    target = sink;
                meet = meet_postdom(postdom, sink, meet, target);
            }
        }
        postdom[b] = meet == TJ_NONE ? sink : meet;
    }
}

static void fill_leaders(tj_cfg *cfg, tj_arena *arena)
{
    int *postdom = tj_new_array(arena, int, (size_t)cfg->block_count + 1);
    int sink = cfg->block_count;

    for (int loop = TJ_NONE; loop < cfg->loop_count; loop++) {
        body_postdominators(cfg, loop, postdom);
        int first = loop == TJ_NONE ? 0 : cfg->loops[loop].header;
        int last = loop == TJ_NONE ? cfg->block_count - 1 : cfg->loops[loop].last;

        for (int b = first; b <= last; b++) {
            if (cfg->blocks[b].loop != loop)
                continue;
            cfg->blocks[b].leader = b;
            int a = cfg->blocks[b].idom;

            /* When b postdominates a block that dominates it, it does so with all between. */
            while (a != TJ_NONE && a >= first && cfg->blocks[a].loop != loop)
                a = cfg->blocks[a].idom;
            int p = a == TJ_NONE || a < first ? sink : a;

            while (p < b && p != sink)
                p = postdom[p];
            if (p == b)
                cfg->blocks[b].leader = a;
        }
    }
}

tj_status tj_cfg_build(tj_unit *unit, LLVMValueRef function, tj_arena *arena, tj_cfg *out)
{
    builder b = {.arena = arena, .cfg = out};
    tj_status st;

    *out = (tj_cfg){0};
    st = fill_blocks(unit, function, &b);
    if (st)
        return st;
    fill_dominators(b.raw, b.count);
    st = find_loops(unit, &b);
    if (st)
        return st;
    b.order = tj_new_array(arena, int, (size_t)b.count);
    b.number = tj_new_array(arena, int, (size_t)b.count);
    place_blocks(&b);
    renumber(&b);
    fill_leaders(out, arena);
    return TJ_OK;
}
