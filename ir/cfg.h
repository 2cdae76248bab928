/* SPDX-License-Identifier: MIT */
/* Control flow graph of a canonical kernel: blocks in one compact order, dominators, loops,
 * control equivalence. LLVM-C offers none of these.
 *
 * Block b is cfg->blocks[b]; the number is the block's place in the compact order:
 * topological for forward edges, the blocks of a loop are contiguous (latch last), and so are
 * the blocks that one block dominates, as far as the loop rule allows.
 */
#ifndef TJ_CFG_H
#define TJ_CFG_H

#include "ir.h"
#include "ptrmap.h"

enum { TJ_NONE = -1 };

typedef struct tj_block {
    LLVMBasicBlockRef bb;
    int succ[2]; /* TJ_NONE when absent; a conditional branch to one block twice has one */
    int succ_count;
    const int *preds;
    int pred_count;
    int idom;   /* TJ_NONE for the entry */
    int loop;   /* innermost, index into cfg->loops; TJ_NONE outside */
    int leader; /* nearest block of the same loop that dominates this one and that this one
                   postdominates within one iteration; the block itself without one */
} tj_block;

typedef struct tj_loop {
    int header, latch, preheader;
    int parent; /* TJ_NONE for outermost loops */
    int last;   /* blocks header..last are the loop */
    int depth;  /* outermost is 1 */
} tj_loop;

typedef struct tj_cfg {
    tj_block *blocks;
    int block_count;
    tj_loop *loops; /* parents before children */
    int loop_count;
    tj_ptrmap index; /* LLVMBasicBlockRef to block number */
} tj_cfg;

/* Builds the graph in `arena`. Fails with TJ_E_INTERNAL when the kernel is not canonical. */
tj_status tj_cfg_build(tj_unit *unit, LLVMValueRef function, tj_arena *arena, tj_cfg *out);

static inline bool tj_loop_has(const tj_cfg *cfg, int loop, int block)
{
    return loop == TJ_NONE ||
           (block >= cfg->loops[loop].header && block <= cfg->loops[loop].last);
}

static inline bool tj_is_header(const tj_cfg *cfg, int block)
{
    int loop = cfg->blocks[block].loop;

    return loop != TJ_NONE && cfg->loops[loop].header == block;
}

/* Whether `from` to `to` is the back edge of a loop. */
static inline bool tj_is_back_edge(const tj_cfg *cfg, int from, int to)
{
    return to <= from && tj_is_header(cfg, to);
}

bool tj_dominates(const tj_cfg *cfg, int above, int below);

#endif
