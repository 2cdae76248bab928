/* SPDX-License-Identifier: MIT */
/* A kernel with barriers cut into phases: what phases.c, phase_flow.c and phase_slots.c share.
 *
 * The slice's coroutine, in SSA form, is read as a graph whose blocks end at suspends. A phase
 * is what can be reached from the start or from behind a barrier without passing another one.
 */
#ifndef TJ_PHASES_H
#define TJ_PHASES_H

#include "host.h"

#define TJ_NO_BLOCK UINT32_MAX
#define TJ_NO_SLOT UINT32_MAX

typedef enum tj_stop { TJ_STOP_NONE, TJ_STOP_WAIT, TJ_STOP_END } tj_stop;

typedef struct tj_phase_block {
    LLVMBasicBlockRef bb;
    uint32_t *succ; /* of a wait: where the slice goes on */
    unsigned succ_count;
    tj_stop stop;
    bool is_live;    /* the end can be reached; other blocks trap */
    bool is_early;   /* run by all slices before anything is stored */
    uint32_t check;  /* early: the block of a check that may come behind this one */
    uint32_t next;   /* early: the early block behind this one */
    bool is_apart;   /* part of the slices may run it */
    bool is_join;    /* slices come together here */
    uint32_t behind; /* immediate postdominator, of live blocks but the end */
    uint32_t order;  /* among postdominators: the end has 0 */
} tj_phase_block;

typedef struct tj_phase_value {
    LLVMValueRef inst;
    uint32_t block;
    bool is_variant;   /* slices may hold different values */
    bool is_early;     /* computed once a threadgroup */
    bool is_again;     /* made of the slice's number: computed again in each phase */
    uint32_t slot;     /* TJ_NO_SLOT: not used outside its block */
    uint32_t phi_slot; /* phis: what their predecessors leave */
    uint64_t offset;   /* private arrays: bytes into the slice's record; 0: none yet */
    LLVMValueRef early, again, local;
    unsigned again_phase, local_block; /* for which `again` and `local` hold */
} tj_phase_value;

typedef struct tj_phase_slot {
    LLVMTypeRef type;
    bool is_variant;
    LLVMValueRef local; /* alloca: of the slice that runs */
    LLVMValueRef kept;  /* alloca: between phases, what all slices hold; NULL: none yet */
    uint64_t offset;    /* variant: bytes into the slice's record; UINT64_MAX: none yet */
} tj_phase_slot;

typedef struct tj_flow {
    tj_gen *g;
    LLVMValueRef slice_param;
    LLVMBasicBlockRef leave; /* of the coroutine: returns its handle */
    tj_phase_block *blocks;  /* in reverse postorder */
    uint32_t block_count, end;
    tj_ptrmap block_index;
    tj_phase_value *values; /* block by block */
    uint32_t value_count;
    tj_ptrmap value_index;
    tj_phase_slot *slots;
    uint32_t slot_count;
    unsigned words;                      /* 64-bit words of a set of slots */
    uint64_t *uses, *defs, *live;        /* by block: sets of slots; live: at its start */
    uint64_t *phase_live, *written, *in; /* of one phase: by block, whole, at its start */
} tj_flow;

/* False when the function is not of the form that phases need. */
bool tj_find_flow(tj_gen *g, tj_flow *out);
tj_phase_value *tj_phase_value_of(const tj_flow *f, LLVMValueRef value); /* NULL: none */

/* Slots for values that cross blocks, and where they are live. */
void tj_find_phase_slots(tj_flow *f);
/* The blocks of the phase that begins at `start`, into `list`; their number. */
uint32_t tj_phase_blocks(const tj_flow *f, uint32_t start, uint32_t *list);
/* Fills f->in, the slots to fetch at the start of a phase, and f->written. */
void tj_find_phase_live(tj_flow *f, const uint32_t *list, uint32_t count, uint32_t start);
static inline bool tj_has_slot(const uint64_t *set, uint32_t slot)
{
    return set[slot / 64] >> slot % 64 & 1;
}
/* Slots to keep when a phase ends in block `b`, a wait. */
static inline bool tj_is_kept(const tj_flow *f, uint32_t b, uint32_t slot)
{
    const tj_phase_block *block = &f->blocks[b];

    return block->stop == TJ_STOP_WAIT && tj_has_slot(f->written, slot) &&
           tj_has_slot(f->live + (size_t)block->succ[0] * f->words, slot);
}

#endif
