/* SPDX-License-Identifier: MIT */
/*
 * Gives every endless loop an exit that is never taken, so that each block reaches the
 * return.
 *
 * needs   at most one return, no switch, no unreachable
 * leaves  one return; every block reaches it
 *
 * While a block is cut off from the return, one back edge among the cut-off blocks gets a
 * block of its own that ends in `br i1 true` to the loop or to the return.
 */
#include "canon.h"
#include "ptrmap.h"

#include <llvm-c/Core.h>

/* The blocks of the kernel; new ones are not added while this lives. */
typedef struct graph {
    LLVMBasicBlockRef *blocks;
    unsigned count;
    tj_ptrmap number;
    bool *reaches;   /* the return */
    unsigned *stack; /* of the depth-first search */
    char *color;     /* 0 not seen, 1 on the stack, 2 done */
} graph;

typedef struct edge {
    LLVMBasicBlockRef from, to;
} edge;

static void collect(graph *g, tj_arena *arena, LLVMValueRef function)
{
    unsigned count = LLVMCountBasicBlocks(function);
    *g = (graph){.count = count};
    g->blocks = tj_new_array(arena, LLVMBasicBlockRef, count);
    g->reaches = tj_new_array(arena, bool, count);
    g->stack = tj_new_array(arena, unsigned, count);
    g->color = tj_new_array(arena, char, count);
    LLVMGetBasicBlocks(function, g->blocks);
    tj_ptrmap_init(&g->number, arena, count);
    for (unsigned i = 0; i < count; i++)
        tj_ptrmap_put(&g->number, g->blocks[i], i);
}

static bool reaches_now(const graph *g, unsigned block)
{
    LLVMValueRef term = LLVMGetBasicBlockTerminator(g->blocks[block]);
    if (LLVMGetInstructionOpcode(term) == LLVMRet)
        return true;
    for (unsigned i = 0; i < LLVMGetNumSuccessors(term); i++)
        if (g->reaches[tj_ptrmap_find(&g->number, LLVMGetSuccessor(term, i))])
            return true;
    return false;
}

/* Fills `reaches`; gives a block that is cut off, or `count`. */
static unsigned find_cut_off(graph *g)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (unsigned i = g->count; i-- > 0;) {
            if (!g->reaches[i] && reaches_now(g, i))
                changed = g->reaches[i] = true;
        }
    }
    unsigned first = 0;
    while (first < g->count && g->reaches[first])
        first++;
    return first;
}

/* Successor of `block` that closes a cycle or is not seen yet; -1 when there is none. */
static int next_successor(const graph *g, unsigned block)
{
    LLVMValueRef term = LLVMGetBasicBlockTerminator(g->blocks[block]);
    for (unsigned i = 0; i < LLVMGetNumSuccessors(term); i++) {
        unsigned succ = tj_ptrmap_find(&g->number, LLVMGetSuccessor(term, i));
        if (g->color[succ] != 2)
            return (int)succ;
    }
    return -1;
}

/* A back edge that can be reached from `start`. Cut-off blocks have cut-off successors only,
 * and at least one, so there is one. */
static edge find_back_edge(graph *g, unsigned start)
{
    unsigned depth = 0;
    g->stack[depth++] = start;
    g->color[start] = 1;
    for (;;) {
        unsigned block = g->stack[depth - 1];
        int succ = next_successor(g, block);
        if (succ < 0) {
            g->color[block] = 2;
            depth--;
            continue;
        }
        if (g->color[succ] == 1)
            return (edge){g->blocks[block], g->blocks[succ]};
        g->color[succ] = 1;
        g->stack[depth++] = (unsigned)succ;
    }
}

/* The block that holds nothing but the return; made when there is none. */
static LLVMBasicBlockRef return_block(tj_canon_state *state, const graph *g)
{
    LLVMContextRef llctx = state->unit->llctx;
    LLVMValueRef ret = NULL;
    for (unsigned i = 0; i < g->count && !ret; i++) {
        LLVMValueRef term = LLVMGetBasicBlockTerminator(g->blocks[i]);
        if (LLVMGetInstructionOpcode(term) == LLVMRet)
            ret = term;
    }
    if (ret && LLVMGetFirstInstruction(LLVMGetInstructionParent(ret)) == ret)
        return LLVMGetInstructionParent(ret);
    LLVMBasicBlockRef block =
        LLVMAppendBasicBlockInContext(llctx, state->unit->kernels[0].function, "return");
    if (ret) {
        LLVMPositionBuilderBefore(state->builder, ret);
        LLVMBuildBr(state->builder, block);
        LLVMInstructionRemoveFromParent(ret);
        LLVMPositionBuilderAtEnd(state->builder, block);
        LLVMInsertIntoBuilder(state->builder, ret);
    } else {
        LLVMPositionBuilderAtEnd(state->builder, block);
        LLVMSetCurrentDebugLocation2(state->builder, NULL);
        LLVMBuildRetVoid(state->builder);
    }
    return block;
}

static void add_exit(tj_canon_state *state, edge back, LLVMBasicBlockRef exit)
{
    LLVMContextRef llctx = state->unit->llctx;
    LLVMValueRef term = LLVMGetBasicBlockTerminator(back.from);
    LLVMBasicBlockRef latch =
        LLVMAppendBasicBlockInContext(llctx, state->unit->kernels[0].function, "endless");
    LLVMPositionBuilderBefore(state->builder, term);
    LLVMMetadataRef at = LLVMGetCurrentDebugLocation2(state->builder);
    LLVMPositionBuilderAtEnd(state->builder, latch);
    LLVMSetCurrentDebugLocation2(state->builder, at);
    LLVMBuildCondBr(state->builder, LLVMConstInt(LLVMInt1TypeInContext(llctx), 1, false),
                    back.to, exit);
    for (unsigned i = 0; i < LLVMGetNumSuccessors(term); i++)
        if (LLVMGetSuccessor(term, i) == back.to)
            LLVMSetSuccessor(term, i, latch);
    tj_canon_rename_predecessor(state, back.to, back.from, latch);
}

tj_status tj_canon_exits(tj_canon_state *state)
{
    tj_arena *arena = state->unit->arena;
    for (;;) {
        tj_mark mark = tj_arena_mark(arena);
        graph g;
        collect(&g, arena, state->unit->kernels[0].function);
        unsigned cut_off = find_cut_off(&g);
        if (cut_off < g.count) {
            edge back = find_back_edge(&g, cut_off);
            add_exit(state, back, return_block(state, &g));
        }
        bool is_done = cut_off == g.count;
        tj_arena_rewind(arena, mark);
        if (is_done)
            return TJ_OK;
    }
}
