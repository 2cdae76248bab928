/* SPDX-License-Identifier: MIT */
/* The execution order of basic blocks, on which lock step rests.
 *
 * Of the lanes of a SIMD-group those run whose block comes first in this order; all others
 * wait. Two properties make that structured reconvergence, the same lanes together as with
 * execution masks:
 *   - forward edges only go up, so every lane that can still reach a block comes before it
 *     and the block waits for that lane: branches join at the latest where they meet;
 *   - the blocks of a loop are contiguous and its latch is last, so lanes that left the loop
 *     wait behind it, and lanes at its header are all in the same iteration.
 * Among several allowed orders the one nearest to reverse postorder is taken.
 * Method: emit a block once its forward predecessors are out and no loop that does not hold
 * it is unfinished. Back edges are the retreating edges of a depth-first walk, which is exact
 * for reducible graphs; an irreducible one leaves no block to emit and is refused.
 */
#include "interp_internal.h"

#include "ptrmap.h"

typedef struct node {
    LLVMBasicBlockRef bb;
    unsigned succ[2], succ_count;
    unsigned forward_preds; /* not yet emitted */
    bool is_emitted;
    /* header of a loop: its blocks */
    bool *body;    /* NULL: no header */
    unsigned open; /* blocks of the loop not yet emitted */
} node;

typedef struct graph {
    tj_arena *arena;
    node *nodes; /* by reverse postorder */
    unsigned count;
    tj_ptrmap index;
} graph;

/* Depth-first walk with an explicit stack; fills `post` and returns how many blocks. */
static unsigned walk(tj_arena *arena, LLVMValueRef function, LLVMBasicBlockRef *post)
{
    unsigned total = LLVMCountBasicBlocks(function), depth = 1, count = 0;
    LLVMBasicBlockRef *stack = tj_new_array(arena, LLVMBasicBlockRef, total + 1);
    unsigned *next = tj_new_array(arena, unsigned, total + 1);
    tj_ptrmap seen;
    tj_ptrmap_init(&seen, arena, total);
    stack[0] = LLVMGetEntryBasicBlock(function);
    tj_ptrmap_put(&seen, stack[0], 0);
    while (depth > 0) {
        LLVMValueRef term = LLVMGetBasicBlockTerminator(stack[depth - 1]);
        if (next[depth - 1] == LLVMGetNumSuccessors(term)) {
            post[count++] = stack[--depth];
            continue;
        }
        LLVMBasicBlockRef to = LLVMGetSuccessor(term, next[depth - 1]++);
        if (tj_ptrmap_find(&seen, to) == UINT32_MAX) {
            tj_ptrmap_put(&seen, to, 0);
            next[depth] = 0;
            stack[depth++] = to;
        }
    }
    return count;
}

static bool add_edges(graph *g)
{
    for (unsigned i = 0; i < g->count; i++) {
        LLVMValueRef term = LLVMGetBasicBlockTerminator(g->nodes[i].bb);
        unsigned count = LLVMGetNumSuccessors(term);
        if (count > 2)
            return false;
        g->nodes[i].succ_count = count;
        for (unsigned s = 0; s < count; s++) {
            unsigned to = tj_ptrmap_find(&g->index, LLVMGetSuccessor(term, s));
            g->nodes[i].succ[s] = to;
            g->nodes[to].forward_preds += to > i;
        }
    }
    return true;
}

/* Adds to the loop of `header` what reaches `latch` without passing the header. */
static void grow_loop(graph *g, unsigned header, unsigned latch)
{
    bool *body = g->nodes[header].body;
    bool has_grown = true;
    body[latch] = true;
    while (has_grown) {
        has_grown = false;
        for (unsigned i = g->count; i-- > header + 1;) {
            const node *n = &g->nodes[i];
            bool reaches = false;
            for (unsigned s = 0; s < n->succ_count; s++)
                reaches |= n->succ[s] != header && body[n->succ[s]];
            if (reaches && !body[i])
                body[i] = has_grown = true;
        }
    }
}

static void find_loops(graph *g)
{
    for (unsigned i = 0; i < g->count; i++) {
        for (unsigned s = 0; s < g->nodes[i].succ_count; s++) {
            unsigned header = g->nodes[i].succ[s];
            if (header > i)
                continue;
            if (!g->nodes[header].body) {
                g->nodes[header].body = tj_new_array(g->arena, bool, g->count);
                g->nodes[header].body[header] = true;
            }
            grow_loop(g, header, i);
        }
    }
    for (unsigned i = 0; i < g->count; i++)
        for (unsigned b = 0; g->nodes[i].body && b < g->count; b++)
            g->nodes[i].open += g->nodes[i].body[b];
}

/* No unfinished loop that was entered leaves this block out. */
static bool is_allowed(const graph *g, const unsigned *entered, unsigned entered_count,
                       unsigned block)
{
    for (unsigned i = 0; i < entered_count; i++)
        if (g->nodes[entered[i]].open > 0 && !g->nodes[entered[i]].body[block])
            return false;
    return true;
}

static bool emit_all(graph *g, LLVMBasicBlockRef *order)
{
    unsigned *entered = tj_new_array(g->arena, unsigned, g->count);
    unsigned entered_count = 0;
    for (unsigned done = 0; done < g->count; done++) {
        unsigned pick = 0;
        while (pick < g->count && (g->nodes[pick].is_emitted || g->nodes[pick].forward_preds ||
                                   !is_allowed(g, entered, entered_count, pick)))
            pick++;
        if (pick == g->count)
            return false;
        node *n = &g->nodes[pick];
        order[done] = n->bb;
        n->is_emitted = true;
        if (n->body)
            entered[entered_count++] = pick;
        for (unsigned i = 0; i < entered_count; i++)
            g->nodes[entered[i]].open -= g->nodes[entered[i]].body[pick];
        while (entered_count > 0 && g->nodes[entered[entered_count - 1]].open == 0)
            entered_count--;
        for (unsigned s = 0; s < n->succ_count; s++)
            g->nodes[n->succ[s]].forward_preds -= n->succ[s] > pick;
    }
    return true;
}

bool tj_iorder_blocks(tj_arena *arena, LLVMValueRef function, LLVMBasicBlockRef **order,
                      unsigned *count)
{
    LLVMBasicBlockRef *post =
        tj_new_array(arena, LLVMBasicBlockRef, LLVMCountBasicBlocks(function));
    graph g = {.arena = arena, .count = walk(arena, function, post)};
    g.nodes = tj_new_array(arena, node, g.count);
    tj_ptrmap_init(&g.index, arena, g.count);
    for (unsigned i = 0; i < g.count; i++) {
        g.nodes[i].bb = post[g.count - 1 - i];
        tj_ptrmap_put(&g.index, g.nodes[i].bb, i);
    }
    if (!add_edges(&g))
        return false;
    find_loops(&g);
    *order = tj_new_array(arena, LLVMBasicBlockRef, g.count);
    *count = g.count;
    return emit_all(&g, *order);
}
