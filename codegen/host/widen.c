/* SPDX-License-Identifier: MIT */
/* Emits the kernel's blocks in the order of the plan, with masks and phis in memory slots.
 *
 * needs   facts and plan
 * leaves  a function whose branches are uniform; slots for masks, phis and values that are
 *         used where their definition does not dominate. SROA turns them into SSA form.
 *
 * An edge that lanes take adds them to its target's mask slot and writes the target's phi
 * slots: plainly where all active lanes come this way, else blended under the edge's mask. A
 * loop header clears the slots of the blocks in its body, so nothing lives on from the last
 * iteration by accident.
 */
#include "host.h"

static LLVMValueRef load_mask(tj_gen *g, int block)
{
    int owner = g->plan.steps[block].owner;

    if (owner == 0)
        return g->entry_mask;
    return LLVMBuildLoad2(g->b, g->t.mask, g->mask_slot[owner], "mask");
}

/* ---- slots ----------------------------------------------------------------------------- */

static tj_emitted *leaf_at(const tj_gen *g, const tj_value *value, uint32_t index)
{
    return &g->emitted[value->first_leaf + index];
}

static void make_leaf_slot(tj_gen *g, uint32_t leaf_index)
{
    const tj_leaf *leaf = &g->facts.leaves[leaf_index];
    tj_emitted *e = &g->emitted[leaf_index];
    LLVMTypeRef type = tj_host_type(g, leaf);

    if (e->slot || e->home)
        return;
    if (leaf->shape.kind == TJ_VARYING)
        type = tj_vector_of(g, type);
    e->slot = tj_slot(g, type, "");
    if (leaf->shape.is_guarded) {
        e->range_slot = tj_slot(g, g->t.i1, "");
        e->delta_slot = tj_slot(g, tj_vector_of(g, tj_host_type(g, leaf)), "");
    }
    if (tj_has_origin(g, leaf))
        e->origin_slot = tj_slot(g, tj_origin_type(g, leaf), "");
    for (int t = 0; t < leaf->shape.term_count; t++)
        make_leaf_slot(g, leaf->shape.terms[t].leaf);
}

static void make_phi_slot(tj_gen *g, uint32_t leaf_index)
{
    const tj_leaf *leaf = &g->facts.leaves[leaf_index];
    tj_emitted *e = &g->emitted[leaf_index];
    LLVMTypeRef type = tj_host_type(g, leaf), lanes = type;

    if (e->home)
        return;
    if (!tj_is_tile(type))
        lanes = tj_vector_of(g, type);
    e->phi_slot = tj_slot(g, leaf->shape.kind == TJ_VARYING ? lanes : type, "phi");
    if (leaf->shape.is_guarded) {
        e->phi_range_slot = tj_slot(g, g->t.i1, "in_range");
        e->phi_delta_slot = tj_slot(g, lanes, "delta");
    }
    if (tj_has_origin(g, leaf))
        e->phi_origin_slot = tj_slot(g, tj_origin_type(g, leaf), "origin");
}

/* Whether a use of `value` is not dominated by its definition in the walk. */
static bool escapes_dominance(const tj_gen *g, const tj_value *value)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value->value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        const tj_value *record = tj_facts_find(&g->facts, user);
        unsigned count;

        if (!record)
            continue;
        if (!LLVMIsAPHINode(user)) {
            if (!tj_plan_dominates(&g->plan, value->block, record->block))
                return true;
            continue;
        }
        count = LLVMCountIncoming(user);
        for (unsigned i = 0; i < count; i++) {
            int from = (int)tj_ptrmap_find(&g->facts.cfg.index, LLVMGetIncomingBlock(user, i));

            if (LLVMGetIncomingValue(user, i) == value->value &&
                !tj_plan_dominates(&g->plan, value->block, from))
                return true;
        }
    }
    return false;
}

static void make_slots(tj_gen *g)
{
    for (uint32_t v = 0; v < g->facts.value_count; v++) {
        const tj_value *value = &g->facts.values[v];

        if (value->block == TJ_NONE || !value->leaf_count || LLVMIsAAllocaInst(value->value))
            continue;
        for (uint32_t i = 0; LLVMIsAPHINode(value->value) && i < value->leaf_count; i++)
            make_phi_slot(g, value->first_leaf + i);
        for (uint32_t i = 0; escapes_dominance(g, value) && i < value->leaf_count; i++)
            make_leaf_slot(g, value->first_leaf + i);
    }
    for (int b = 1; b < g->facts.cfg.block_count; b++)
        if (g->plan.steps[b].owner == b)
            g->mask_slot[b] = tj_slot(g, g->t.mask, "mask");
    if (g->is_past)
        g->past_slot = tj_slot(g, g->t.mask, "past");
}

/* Numbers index a table also where no lane is active, so they are never undefined. */
static void clear_origin(tj_gen *g, LLVMValueRef slot)
{
    if (slot)
        LLVMBuildStore(g->b, LLVMConstNull(LLVMGetAllocatedType(slot)), slot);
}

/* Forgets what an earlier iteration left in the slots of `block`. */
static void clear_block(tj_gen *g, int block)
{
    LLVMValueRef phi = LLVMGetFirstInstruction(g->facts.cfg.blocks[block].bb);

    if (g->mask_slot[block])
        LLVMBuildStore(g->b, LLVMConstNull(g->t.mask), g->mask_slot[block]);
    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        const tj_value *value = tj_facts_find(&g->facts, phi);

        for (uint32_t i = 0; i < value->leaf_count; i++) {
            LLVMValueRef slot = leaf_at(g, value, i)->phi_slot;

            if (!slot)
                continue; /* it has a home */
            LLVMBuildStore(g->b, LLVMGetPoison(LLVMGetAllocatedType(slot)), slot);
            clear_origin(g, leaf_at(g, value, i)->phi_origin_slot);
        }
    }
}

/* Clears the blocks whose innermost loop is `loop`, its header aside. */
static void clear_body(tj_gen *g, int loop)
{
    for (int b = 0; b < g->facts.cfg.block_count; b++)
        if (g->facts.cfg.blocks[b].loop == loop && !tj_is_header(&g->facts.cfg, b) && b)
            clear_block(g, b);
}

/* ---- edges ----------------------------------------------------------------------------- */

/* The test and the delta of a guarded phi; values without a guard are always in range. */
static void write_phi_guard(tj_gen *g, LLVMValueRef phi, uint32_t index, LLVMValueRef value)
{
    tj_emitted *e = leaf_at(g, tj_facts_find(&g->facts, phi), index);
    LLVMValueRef range = tj_in_range(g, value, index), delta = tj_delta(g, value, index);

    if (!range)
        range = LLVMConstInt(g->t.i1, 1, false);
    if (!delta)
        delta = LLVMConstNull(LLVMGetAllocatedType(e->phi_delta_slot));
    LLVMBuildStore(g->b, range, e->phi_range_slot);
    LLVMBuildStore(g->b, delta, e->phi_delta_slot);
}

/* The same blend as of the address. */
static void write_phi_origin(tj_gen *g, LLVMValueRef phi, uint32_t index, LLVMValueRef value,
                             LLVMValueRef edge_mask, bool is_blend)
{
    LLVMValueRef slot = leaf_at(g, tj_facts_find(&g->facts, phi), index)->phi_origin_slot;
    LLVMValueRef fresh;
    bool as_vector;

    if (!slot)
        return;
    as_vector = tj_leaf_of(g, phi, index).root.is_varying;
    fresh = tj_origin_as(g, value, index, as_vector);
    if (is_blend && !tj_is_all_ones(edge_mask)) {
        LLVMValueRef old = LLVMBuildLoad2(g->b, LLVMTypeOf(fresh), slot, "");
        LLVMValueRef condition = as_vector ? edge_mask : tj_any(g, edge_mask);

        fresh = LLVMBuildSelect(g->b, condition, fresh, old, "");
    }
    LLVMBuildStore(g->b, fresh, slot);
}

/* A home holds what enters the phi when that has the same home. */
static void write_home(tj_gen *g, LLVMValueRef home, LLVMValueRef value)
{
    const tj_value *from = tj_facts_find(&g->facts, value);

    if (!from || leaf_at(g, from, 0)->home != home)
        tj_store_home(g, tj_use_scalar(g, value, 0), home);
}

static void write_phi_leaf(tj_gen *g, LLVMValueRef phi, uint32_t index, LLVMValueRef value,
                           LLVMValueRef edge_mask, bool is_blend)
{
    tj_leaf leaf = tj_leaf_of(g, phi, index);
    const tj_emitted *e = leaf_at(g, tj_facts_find(&g->facts, phi), index);
    LLVMValueRef slot = e->phi_slot;
    bool as_vector = leaf.shape.kind == TJ_VARYING;
    bool is_address =
        LLVMGetTypeKind(leaf.type) == LLVMPointerTypeKind && leaf.root.kind == TJ_ROOT_ANY;

    if (e->home) {
        write_home(g, e->home, value);
        return;
    }
    LLVMValueRef fresh = is_address ? tj_address(g, value, index, as_vector)
                                    : tj_operand(g, value, index, as_vector);

    if (is_blend && !tj_is_all_ones(edge_mask)) {
        LLVMValueRef old = LLVMBuildLoad2(g->b, LLVMTypeOf(fresh), slot, "");
        LLVMValueRef condition = as_vector               ? edge_mask
                                 : tj_is_tile(leaf.type) ? tj_tile_mask(g, edge_mask)
                                                         : tj_any(g, edge_mask);

        fresh = LLVMBuildSelect(g->b, condition, fresh, old, "");
    }
    LLVMBuildStore(g->b, fresh, slot);
    write_phi_origin(g, phi, index, value, edge_mask, is_blend);
    if (leaf.shape.is_guarded)
        write_phi_guard(g, phi, index, value);
}

static void write_phis(tj_gen *g, int from, int to, LLVMValueRef edge_mask)
{
    const tj_cfg *cfg = &g->facts.cfg;
    LLVMValueRef phi = LLVMGetFirstInstruction(cfg->blocks[to].bb);
    bool is_blend =
        !tj_is_header(cfg, to) && (g->facts.is_blend[to] || g->plan.steps[to].guards_phis);

    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        unsigned count = LLVMCountIncoming(phi);

        for (unsigned i = 0; i < count; i++) {
            if (LLVMGetIncomingBlock(phi, i) != cfg->blocks[from].bb)
                continue;
            for (uint32_t l = 0; l < tj_leaf_count(LLVMTypeOf(phi)); l++)
                write_phi_leaf(g, phi, l, LLVMGetIncomingValue(phi, i), edge_mask, is_blend);
            break;
        }
    }
}

static void add_lanes(tj_gen *g, LLVMValueRef slot, LLVMValueRef mask)
{
    LLVMValueRef old = LLVMBuildLoad2(g->b, g->t.mask, slot, "");

    LLVMBuildStore(g->b, LLVMBuildOr(g->b, old, mask, ""), slot);
}

/* Lanes of `edge_mask` go from block `from` to block `to`. */
static void take_edge(tj_gen *g, int from, int to, LLVMValueRef edge_mask)
{
    LLVMValueRef slot = g->mask_slot[to];

    if (slot && tj_is_header(&g->facts.cfg, to))
        LLVMBuildStore(g->b, edge_mask, slot);
    else if (slot)
        add_lanes(g, slot, edge_mask);
    if (g->past_slot && g->is_past[to])
        add_lanes(g, g->past_slot, edge_mask);
    write_phis(g, from, to, edge_mask);
}

static LLVMBasicBlockRef target_of(const tj_gen *g, int block)
{
    return g->guard[block] ? g->guard[block] : g->content[block];
}

/* The part of the block's lanes that takes successor `s`. */
static LLVMValueRef divergent_mask(tj_gen *g, int block, int s)
{
    const tj_block *b = &g->facts.cfg.blocks[block];
    LLVMValueRef condition;

    if (b->succ_count < 2)
        return g->mask;
    condition = tj_use_vector(g, LLVMGetCondition(LLVMGetBasicBlockTerminator(b->bb)), 0);
    if (s)
        condition = LLVMBuildNot(g->b, condition, "");
    return tj_and_mask(g, g->mask, condition);
}

static void leave_by_masks(tj_gen *g, int block)
{
    const tj_block *b = &g->facts.cfg.blocks[block];
    const tj_step *step = &g->plan.steps[block];
    LLVMValueRef back = NULL;
    LLVMBasicBlockRef next = step->next[0] == TJ_NONE ? NULL : target_of(g, step->next[0]);

    for (int s = 0; s < b->succ_count; s++) {
        LLVMValueRef mask = divergent_mask(g, block, s);

        take_edge(g, block, b->succ[s], mask);
        if (tj_is_back_edge(&g->facts.cfg, block, b->succ[s]))
            back = mask;
    }
    if (step->exit == TJ_EXIT_LOOP) {
        LLVMBasicBlockRef header = g->content[g->facts.cfg.loops[b->loop].header];

        LLVMBuildCondBr(g->b, tj_any(g, back), header, next);
    } else {
        LLVMBuildBr(g->b, back ? g->content[b->succ[0]] : next);
    }
}

static void leave_by_branch(tj_gen *g, int block)
{
    const tj_block *b = &g->facts.cfg.blocks[block];
    const tj_step *step = &g->plan.steps[block];
    LLVMValueRef condition =
        tj_use_scalar(g, LLVMGetCondition(LLVMGetBasicBlockTerminator(b->bb)), 0);
    LLVMBasicBlockRef edges[2];

    edges[0] = tj_new_block(g, "edge");
    edges[1] = tj_new_block(g, "edge");
    LLVMBuildCondBr(g->b, condition, edges[0], edges[1]);
    for (int s = 0; s < 2; s++) {
        bool is_back = tj_is_back_edge(&g->facts.cfg, block, b->succ[s]);

        LLVMPositionBuilderAtEnd(g->b, edges[s]);
        take_edge(g, block, b->succ[s], load_mask(g, block));
        LLVMBuildBr(g->b, is_back ? g->content[b->succ[s]] : target_of(g, step->next[s]));
    }
}

/* ---- blocks ---------------------------------------------------------------------------- */

static void emit_guard(tj_gen *g, int block)
{
    if (!g->guard[block])
        return;
    LLVMPositionBuilderAtEnd(g->b, g->guard[block]);
    LLVMBuildCondBr(g->b, tj_any(g, load_mask(g, block)), g->content[block],
                    target_of(g, g->plan.steps[block].guard_next));
}

static LLVMValueRef load_all(tj_gen *g, LLVMValueRef slot)
{
    return LLVMBuildLoad2(g->b, LLVMGetAllocatedType(slot), slot, "");
}

static void read_phis(tj_gen *g, int block)
{
    LLVMValueRef phi = LLVMGetFirstInstruction(g->facts.cfg.blocks[block].bb);

    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        const tj_value *value = tj_facts_find(&g->facts, phi);

        for (uint32_t i = 0; i < value->leaf_count; i++) {
            LLVMValueRef slot = leaf_at(g, value, i)->phi_slot;

            if (!slot)
                continue; /* it has a home */
            tj_set(g, phi, i, load_all(g, slot));
            if (leaf_at(g, value, i)->phi_delta_slot)
                tj_set_guarded(g, phi, i, load_all(g, leaf_at(g, value, i)->phi_range_slot),
                               load_all(g, leaf_at(g, value, i)->phi_delta_slot));
            if (leaf_at(g, value, i)->phi_origin_slot)
                tj_set_origin(g, phi, i, load_all(g, leaf_at(g, value, i)->phi_origin_slot));
        }
    }
}

enum { INSTRUCTIONS_A_COUNT = 1024 };

static void emit_block(tj_gen *g, int block)
{
    const tj_block *b = &g->facts.cfg.blocks[block];
    const tj_step *step = &g->plan.steps[block];
    unsigned count = 0;

    emit_guard(g, block);
    LLVMPositionBuilderAtEnd(g->b, g->content[block]);
    g->block = block;
    read_phis(g, block);
    if (tj_is_header(&g->facts.cfg, block))
        clear_body(g, b->loop);
    g->mask = load_mask(g, block);
    g->is_full = tj_is_all_ones(g->mask);
    for (LLVMValueRef inst = LLVMGetFirstInstruction(b->bb); inst && !g->status;
         inst = LLVMGetNextInstruction(inst)) {
        if (!LLVMIsAPHINode(inst) && !LLVMIsATerminatorInst(inst))
            tj_emit_inst(g, inst);
        if (++count % INSTRUCTIONS_A_COUNT == 0)
            tj_count_emitted(g);
    }
    if (g->status)
        return;
    if (b->loop != TJ_NONE && g->facts.cfg.loops[b->loop].latch == block && g->polls[b->loop])
        tj_poll(g, LLVMGetBasicBlockTerminator(b->bb));
    switch (step->exit) {
    case TJ_EXIT_RETURN:
        LLVMBuildBr(g->b, g->finish);
        break;
    case TJ_EXIT_BRANCH:
        leave_by_branch(g, block);
        break;
    case TJ_EXIT_JUMP:
    case TJ_EXIT_LOOP:
        leave_by_masks(g, block);
        break;
    }
    tj_count_block(g, block);
}

void tj_widen(tj_gen *g)
{
    int count = g->facts.cfg.block_count;

    LLVMPositionBuilderAtEnd(g->b, g->first);
    tj_make_homes(g);
    make_slots(g);
    tj_plan_polls(g);
    for (int b = 0; b < count; b++) {
        g->guard[b] = g->plan.steps[b].has_guard ? tj_new_block(g, "guard") : NULL;
        g->content[b] = tj_new_block(g, LLVMGetBasicBlockName(g->facts.cfg.blocks[b].bb));
    }
    g->counted = LLVMGetLastBasicBlock(g->function);
    LLVMPositionBuilderAtEnd(g->b, g->first);
    clear_body(g, TJ_NONE);
    if (g->past_slot)
        LLVMBuildStore(g->b, LLVMConstNull(g->t.mask), g->past_slot);
    for (uint32_t i = 0; i < g->facts.leaf_count; i++) {
        clear_origin(g, g->emitted[i].origin_slot);
        clear_origin(g, g->emitted[i].phi_origin_slot);
    }
    LLVMBuildBr(g->b, g->content[0]);
    for (int b = 0; b < count && !g->status; b++)
        emit_block(g, b);
}
