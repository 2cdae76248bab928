/* SPDX-License-Identifier: MIT */
/* Shapes of values and masks of blocks, to a common fixed point.
 *
 * Optimistic: everything is uniform until an operand, or the control flow, says otherwise.
 * A phi that joins lane sets which arrive by different ways (is_blend) varies unless all of
 * them bring the same value; the phis of a loop header never blend, since the lanes that are
 * still in the loop all came the same way. Mask classes follow from divergent branches:
 * control-equivalent blocks share a mask, and so does a block all of whose edges carry the
 * same one.
 *
 * Method: Karrenberg and Hack, "Whole-Function Vectorization" (CGO 2011); Rosemann, Moll and
 * Hack, "An Abstract Interpretation for SPMD Divergence" (POPL 2021).
 */
#include "intrin.h"
#include "shape_internal.h"

#include <llvm-c/Core.h>
#include <string.h>

const tj_value *tj_facts_find(const tj_facts *facts, LLVMValueRef value)
{
    uint32_t index = tj_ptrmap_find(&facts->value_index, value);

    return index == UINT32_MAX ? NULL : &facts->values[index];
}

static tj_leaf leaf_of_constant(LLVMValueRef value, uint32_t index)
{
    tj_leaf leaf = {.type = tj_leaf_type(LLVMTypeOf(value), index)};

    leaf.shape = tj_shape_uniform(UINT64_MAX, 0);
    value = tj_constant_leaf(value, index);
    if (LLVMIsAGlobalVariable(value)) {
        leaf.root = (tj_root){TJ_ROOT_GLOBAL, value, false};
        leaf.shape = tj_shape_uniform(0, 64);
        return leaf;
    }
    if (LLVMGetTypeKind(leaf.type) == LLVMPointerTypeKind)
        leaf.root = (tj_root){TJ_ROOT_ANY, NULL, false};
    if (LLVMIsAConstantInt(value) && LLVMGetIntTypeWidth(LLVMTypeOf(value)) <= 64) {
        uint64_t bits = LLVMConstIntGetZExtValue(value);

        leaf.shape = tj_shape_uniform(bits, bits ? (unsigned)__builtin_ctzll(bits) : 64);
    }
    return leaf;
}

tj_leaf tj_facts_leaf(const tj_facts *facts, LLVMValueRef value, uint32_t index)
{
    const tj_value *record = tj_facts_find(facts, value);

    return record ? facts->leaves[record->first_leaf + index] : leaf_of_constant(value, index);
}

int tj_mask_class(const tj_facts *facts, int block)
{
    while (facts->mask_of[block] != block)
        block = facts->mask_of[block];
    return block;
}

/* Whether the edge leaves a loop whose lanes do not all leave together. */
static bool leaves_divergent_loop(const tj_facts *facts, int from, int to)
{
    int loop = facts->cfg.blocks[from].loop;

    while (loop != TJ_NONE && !tj_loop_has(&facts->cfg, loop, to)) {
        if (facts->is_divergent_loop[loop])
            return true;
        loop = facts->cfg.loops[loop].parent;
    }
    return false;
}

/* The mask class that the edge carries; TJ_NONE for a part of its source's lanes. */
static int edge_class(const tj_facts *facts, int from, int to)
{
    if (facts->is_divergent[from] || leaves_divergent_loop(facts, from, to))
        return TJ_NONE;
    return tj_mask_class(facts, from);
}

static void classify_header(tj_facts *facts, int block)
{
    int loop = facts->cfg.blocks[block].loop;

    facts->is_blend[block] = false;
    facts->mask_of[block] =
        facts->is_divergent_loop[loop] ? block : facts->cfg.loops[loop].preheader;
}

static void classify_block(tj_facts *facts, int block)
{
    const tj_block *b = &facts->cfg.blocks[block];
    int common = block == 0 ? 0 : edge_class(facts, b->preds[0], block);

    for (int p = 1; p < b->pred_count && common != TJ_NONE; p++)
        if (edge_class(facts, b->preds[p], block) != common)
            common = TJ_NONE;
    facts->is_blend[block] = common == TJ_NONE;
    if (b->leader != block)
        facts->mask_of[block] = b->leader;
    else
        facts->mask_of[block] = common == TJ_NONE ? block : common;
}

/* Returns whether a loop was found to diverge that was not known to. */
static bool find_divergent_loops(tj_facts *facts)
{
    bool changed = false;

    for (int l = 0; l < facts->cfg.loop_count; l++) {
        const tj_loop *loop = &facts->cfg.loops[l];
        int class = tj_mask_class(facts, loop->header);
        bool diverges = facts->is_divergent_loop[l];

        for (int b = loop->header; b <= loop->last; b++)
            for (int s = 0; s < facts->cfg.blocks[b].succ_count; s++)
                if (!tj_loop_has(&facts->cfg, l, facts->cfg.blocks[b].succ[s]))
                    diverges |= edge_class(facts, b, facts->cfg.blocks[b].succ[s]) != class;
        changed |= diverges != facts->is_divergent_loop[l];
        facts->is_divergent_loop[l] = diverges;
    }
    return changed;
}

static void classify_masks(tj_facts *facts)
{
    do {
        for (int b = 0; b < facts->cfg.block_count; b++) {
            facts->mask_of[b] = b;
            if (tj_is_header(&facts->cfg, b))
                classify_header(facts, b);
            else
                classify_block(facts, b);
        }
    } while (find_divergent_loops(facts));
}

static bool same_leaf(const tj_facts *facts, const tj_leaf *a, const tj_leaf *b)
{
    tj_algebra alg = tj_facts_algebra(facts);

    return a->shape.kind == b->shape.kind && a->root.kind == b->root.kind &&
           a->root.value == b->root.value && a->root.is_varying == b->root.is_varying &&
           a->shape.umax == b->shape.umax && a->shape.tz == b->shape.tz &&
           a->shape.is_guarded == b->shape.is_guarded &&
           (a->shape.kind != TJ_AFFINE || tj_shape_same_pattern(&alg, &a->shape, &b->shape));
}

static bool update_shapes(tj_facts *facts)
{
    bool changed = false;

    for (uint32_t v = 0; v < facts->value_count; v++) {
        const tj_value *value = &facts->values[v];

        if (value->block == TJ_NONE)
            continue;
        for (uint32_t i = 0; i < value->leaf_count; i++) {
            tj_leaf *leaf = &facts->leaves[value->first_leaf + i];
            tj_leaf fresh = tj_shape_eval(facts, value, i);

            if (leaf->shape.kind == TJ_VARYING)
                fresh.shape = leaf->shape; /* only downwards */
            if (leaf->root.kind == TJ_ROOT_ANY)
                fresh.root = (tj_root){TJ_ROOT_ANY, NULL,
                                       leaf->root.is_varying || fresh.root.is_varying};
            changed |= !same_leaf(facts, leaf, &fresh);
            *leaf = fresh;
        }
    }
    return changed;
}

static bool update_branches(tj_facts *facts)
{
    bool changed = false;

    for (int b = 0; b < facts->cfg.block_count; b++) {
        LLVMValueRef term = LLVMGetBasicBlockTerminator(facts->cfg.blocks[b].bb);

        if (facts->cfg.blocks[b].succ_count < 2 || facts->is_divergent[b])
            continue;
        if (tj_facts_leaf(facts, LLVMGetCondition(term), 0).shape.kind == TJ_VARYING)
            facts->is_divergent[b] = changed = true;
    }
    return changed;
}

static void number_values(tj_facts *facts, LLVMValueRef function)
{
    uint32_t count = LLVMCountParams(function), leaves = 0;

    for (int b = 0; b < facts->cfg.block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(facts->cfg.blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            count++;
    facts->values = tj_new_array(facts->arena, tj_value, count + 1);
    tj_ptrmap_init(&facts->value_index, facts->arena, count + 1);
    for (unsigned p = 0; p < LLVMCountParams(function); p++)
        facts->values[facts->value_count++] =
            (tj_value){.value = LLVMGetParam(function, p), .block = TJ_NONE};
    for (int b = 0; b < facts->cfg.block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(facts->cfg.blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            facts->values[facts->value_count++] = (tj_value){.value = i, .block = b};
    for (uint32_t v = 0; v < facts->value_count; v++) {
        tj_value *value = &facts->values[v];

        value->first_leaf = leaves;
        value->leaf_count = tj_leaf_count(LLVMTypeOf(value->value));
        leaves += value->leaf_count;
        facts->has_arrays |= LLVMIsAAllocaInst(value->value) != NULL;
        tj_ptrmap_put(&facts->value_index, value->value, v);
    }
    facts->leaf_count = leaves;
    facts->leaves = tj_new_array(facts->arena, tj_leaf, leaves + 1);
    facts->is_varying_array = tj_new_array(facts->arena, bool, count + 1);
}

static void shape_params(tj_facts *facts)
{
    for (unsigned p = 0; p < facts->kernel->arg_count; p++) {
        const tj_arg *arg = &facts->kernel->args[p];
        const tj_value *value = &facts->values[p];

        for (uint32_t i = 0; i < value->leaf_count; i++) {
            tj_leaf *leaf = &facts->leaves[value->first_leaf + i];

            leaf->type = tj_leaf_type(LLVMTypeOf(value->value), i);
            if (arg->kind == TJ_ARG_SYSVAL) {
                leaf->shape = tj_shape_of_sysval(facts, arg, i);
            } else {
                leaf->root = (tj_root){TJ_ROOT_PARAM, value->value, false};
                leaf->shape = tj_shape_uniform(0, 64);
            }
        }
    }
}

/* Leaves no rule has reached are dead code; they must not look uniform by accident. */
static void settle_unseen(tj_facts *facts)
{
    for (uint32_t v = 0; v < facts->value_count; v++)
        for (uint32_t i = 0; i < facts->values[v].leaf_count; i++) {
            tj_leaf *leaf = &facts->leaves[facts->values[v].first_leaf + i];

            leaf->type = tj_leaf_type(LLVMTypeOf(facts->values[v].value), i);
            if (leaf->shape.kind == TJ_UNSEEN)
                leaf->shape = tj_shape_varying();
            if (LLVMGetTypeKind(leaf->type) == LLVMPointerTypeKind &&
                leaf->root.kind == TJ_ROOT_UNSEEN)
                leaf->root = (tj_root){TJ_ROOT_ANY, NULL, false};
        }
}

tj_status tj_facts_build(tj_unit *unit, const tj_shape_options *options, tj_arena *arena,
                         tj_facts *out)
{
    const tj_kernel *kernel = &unit->kernels[0];
    tj_status st;

    *out = (tj_facts){.unit = unit, .kernel = kernel, .arena = arena, .options = *options};
    st = tj_cfg_build(unit, kernel->function, arena, &out->cfg);
    if (st)
        return st;
    out->is_divergent = tj_new_array(arena, bool, (size_t)out->cfg.block_count);
    out->is_blend = tj_new_array(arena, bool, (size_t)out->cfg.block_count);
    out->mask_of = tj_new_array(arena, int, (size_t)out->cfg.block_count);
    out->is_divergent_loop = tj_new_array(arena, bool, (size_t)out->cfg.loop_count + 1);
    number_values(out, kernel->function);
    shape_params(out);
    classify_masks(out);
    bool changed = true;

    while (changed) {
        changed = update_shapes(out);
        if (out->has_arrays)
            changed |= tj_shape_update_arrays(out);
        if (update_branches(out)) {
            classify_masks(out);
            changed = true;
        }
    }
    settle_unseen(out);
    return TJ_OK;
}
