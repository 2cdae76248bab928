/* SPDX-License-Identifier: MIT */
/*
 * Counts the loops of the kernel and answers whether every cycle is a natural loop.
 *
 * A graph is reducible when each retreating edge of a depth-first search leads to a block
 * that dominates its source. Dominators: Cooper, Harvey and Kennedy, "A Simple, Fast
 * Dominance Algorithm", 2001.
 */
#include "canon.h"
#include "ptrmap.h"

#include <llvm-c/Core.h>

/* Blocks in reverse postorder; the entry is 0. */
typedef struct graph {
    LLVMBasicBlockRef *blocks;
    unsigned count;
    tj_ptrmap number; /* block to its place in `blocks` */
    unsigned *idom;   /* `count` while not known */
} graph;

/* A block on the stack of the search and the successor it goes to next. */
typedef struct step {
    LLVMBasicBlockRef block;
    unsigned succ;
} step;

static LLVMValueRef terminator(const graph *g, unsigned block)
{
    return LLVMGetBasicBlockTerminator(g->blocks[block]);
}

/* Fills `blocks` from the end. */
static void order_blocks(graph *g, tj_arena *arena, LLVMValueRef function)
{
    g->count = LLVMCountBasicBlocks(function);
    g->blocks = tj_new_array(arena, LLVMBasicBlockRef, g->count);
    step *stack = tj_new_array(arena, step, g->count);
    unsigned depth = 0, place = g->count;
    tj_ptrmap_init(&g->number, arena, g->count);
    stack[depth++] = (step){LLVMGetEntryBasicBlock(function), 0};
    tj_ptrmap_put(&g->number, stack[0].block, 0);
    while (depth) {
        step *top = &stack[depth - 1];
        LLVMValueRef term = LLVMGetBasicBlockTerminator(top->block);
        if (top->succ == LLVMGetNumSuccessors(term)) {
            g->blocks[--place] = top->block;
            depth--;
            continue;
        }
        LLVMBasicBlockRef succ = LLVMGetSuccessor(term, top->succ++);
        if (tj_ptrmap_find(&g->number, succ) != UINT32_MAX)
            continue;
        tj_ptrmap_put(&g->number, succ, 0);
        stack[depth++] = (step){succ, 0};
    }
    g->blocks += place; /* blocks that cannot be reached have left room */
    g->count -= place;
    for (unsigned i = 0; i < g->count; i++)
        tj_ptrmap_put(&g->number, g->blocks[i], i);
}

static unsigned intersect(const graph *g, unsigned a, unsigned b)
{
    while (a != b) {
        while (a > b)
            a = g->idom[a];
        while (b > a)
            b = g->idom[b];
    }
    return a;
}

/* Lets `block` be a predecessor of its successors. */
static bool meet_successors(graph *g, unsigned block)
{
    LLVMValueRef term = terminator(g, block);
    bool changed = false;
    for (unsigned i = 0; i < LLVMGetNumSuccessors(term); i++) {
        unsigned succ = tj_ptrmap_find(&g->number, LLVMGetSuccessor(term, i));
        unsigned old = g->idom[succ];
        unsigned idom = old == g->count ? block : intersect(g, old, block);
        changed |= idom != old;
        g->idom[succ] = idom;
    }
    return changed;
}

static void find_dominators(graph *g, tj_arena *arena)
{
    g->idom = tj_new_array(arena, unsigned, g->count);
    for (unsigned i = 1; i < g->count; i++)
        g->idom[i] = g->count;
    for (bool changed = true; changed;) {
        changed = false;
        for (unsigned i = 0; i < g->count; i++)
            changed |= meet_successors(g, i);
    }
}

static bool dominates(const graph *g, unsigned above, unsigned below)
{
    while (below > above)
        below = g->idom[below];
    return below == above;
}

/* Notes the retreating edges of one block. */
static void look_at_edges(const graph *g, unsigned block, bool *is_header, tj_cycles *cycles)
{
    LLVMValueRef term = terminator(g, block);
    for (unsigned i = 0; i < LLVMGetNumSuccessors(term); i++) {
        unsigned succ = tj_ptrmap_find(&g->number, LLVMGetSuccessor(term, i));
        if (succ > block)
            continue;
        if (!dominates(g, succ, block))
            cycles->is_reducible = false;
        cycles->header_count += !is_header[succ];
        is_header[succ] = true;
    }
}

tj_cycles tj_canon_cycles(tj_canon_state *state)
{
    tj_arena *arena = state->unit->arena;
    tj_mark mark = tj_arena_mark(arena);
    tj_cycles cycles = {.is_reducible = true};
    graph g = {0};
    order_blocks(&g, arena, state->unit->kernels[0].function);
    find_dominators(&g, arena);
    bool *is_header = tj_new_array(arena, bool, g.count);
    for (unsigned i = 0; i < g.count; i++)
        look_at_edges(&g, i, is_header, &cycles);
    tj_arena_rewind(arena, mark);
    return cycles;
}
