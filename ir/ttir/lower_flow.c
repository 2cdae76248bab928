/* SPDX-License-Identifier: MIT */
/* Loops, conditions, branches, calls. Conditions are scalars: all threads of a program go the
 * same way. */
#include "ttir/lower.h"

static const tj_tt_layout *home_of(tj_tt_lower *l, const tj_tt_value *value)
{
    static const tj_tt_layout none = {0};
    return value->type.form == TJ_TT_TENSOR ? &tj_tt_wants_of(l, value)->home : &none;
}

static bool is_used(tj_tt_lower *l, const tj_tt_value *value)
{
    return tj_tt_wants_of(l, value)->is_used;
}

LLVMValueRef *tj_tt_make_phis(tj_tt_lower *l, const tj_tt_value *value,
                              const tj_tt_layout *layout)
{
    LLVMValueRef *phis = tj_tt_new_regs(l, layout);
    LLVMTypeRef type = tj_tt_llvm_type(l, &value->type);
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        phis[i] = LLVMBuildPhi(l->builder, type, "");
    return phis;
}

void tj_tt_enter_phis(tj_tt_lower *l, LLVMValueRef *phis, const tj_tt_value *from,
                      const tj_tt_layout *layout)
{
    LLVMBasicBlockRef block = LLVMGetInsertBlock(l->builder);
    LLVMValueRef *regs = tj_tt_get(l, from, layout);
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        LLVMAddIncoming(phis[i], &regs[i], &block, 1);
}

static LLVMValueRef *make_phis(tj_tt_lower *l, const tj_tt_value *value)
{
    return tj_tt_make_phis(l, value, home_of(l, value));
}

/* What `from` is, at the end of the builder's block, enters the phis of `to`. */
static void enter_phis(tj_tt_lower *l, const tj_tt_value *to, LLVMValueRef *phis,
                       const tj_tt_value *from)
{
    tj_tt_enter_phis(l, phis, from, home_of(l, to));
}

static bool define(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_value *value,
                   LLVMValueRef *regs)
{
    return tj_tt_define_home(l, op, value, home_of(l, value), regs);
}

/* The results that are used are the phis; what follows stands in `after`. */
static bool define_results(tj_tt_lower *l, const tj_tt_op *op, LLVMBasicBlockRef after,
                           LLVMValueRef **phis)
{
    LLVMPositionBuilderAtEnd(l->builder, after);
    for (uint32_t i = 0; i < op->result_count; i++)
        if (phis[i] && !define(l, op, op->results[i], phis[i]))
            return false;
    return true;
}

/* ---- matrices that a loop carries -------------------------------------------------------- */

/* What a product adds to round after round stays SIMD-group matrices. */
static bool is_tiled(tj_tt_lower *l, const tj_tt_op *op, uint32_t i)
{
    const tj_tt_value *next = op->regions[0].first->last->operands[i];
    return next->def && next->def->kind == TJ_TT_OP_DOT && next->type.elem == TJ_TT_F32 &&
           tj_tt_has_matrices(next->def) &&
           tj_tt_same_layout(home_of(l, next), home_of(l, op->regions[0].first->args[i + 1]));
}

static LLVMValueRef *make_tile_phis(tj_tt_lower *l, const tj_tt_layout *layout)
{
    uint32_t count = 1u << (layout->regs - 1);
    LLVMValueRef *phis = tj_new_array(l->arena, LLVMValueRef, count);
    LLVMTypeRef type = LLVMVectorType(LLVMFloatTypeInContext(l->ctx), 64);
    for (uint32_t i = 0; i < count; i++)
        phis[i] = LLVMBuildPhi(l->builder, type, "");
    return phis;
}

static void enter_tile_phis(tj_tt_lower *l, LLVMValueRef *phis, const tj_tt_value *from,
                            const tj_tt_layout *layout)
{
    LLVMValueRef *tiles = tj_tt_get_tiles(l, from, layout);
    LLVMBasicBlockRef block = LLVMGetInsertBlock(l->builder);
    for (uint32_t i = 0; i < 1u << (layout->regs - 1); i++)
        LLVMAddIncoming(phis[i], &tiles[i], &block, 1);
}

/* ---- for --------------------------------------------------------------------------------- */

static LLVMValueRef *make_carried(tj_tt_lower *l, const tj_tt_op *op, uint32_t i)
{
    const tj_tt_value *arg = op->regions[0].first->args[i + 1];
    return is_tiled(l, op, i) ? make_tile_phis(l, home_of(l, arg)) : make_phis(l, arg);
}

static void enter_carried(tj_tt_lower *l, const tj_tt_op *op, uint32_t i, LLVMValueRef *phis,
                          const tj_tt_value *from)
{
    const tj_tt_value *arg = op->regions[0].first->args[i + 1];
    if (is_tiled(l, op, i))
        enter_tile_phis(l, phis, from, home_of(l, arg));
    else
        enter_phis(l, arg, phis, from);
}

static bool define_carried(tj_tt_lower *l, const tj_tt_op *op, uint32_t i,
                           const tj_tt_value *value, LLVMValueRef *phis)
{
    return is_tiled(l, op, i) ? tj_tt_define_tiles(l, op, value, home_of(l, value), phis)
                              : define(l, op, value, phis);
}

static bool lower_body(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef counter,
                       LLVMValueRef **phis)
{
    const tj_tt_block *body = op->regions[0].first;
    tj_tt_set_scalar(l, body->args[0], counter);
    for (uint32_t i = 0; i < op->result_count; i++)
        if (phis[i] && !define_carried(l, op, i, body->args[i + 1], phis[i]))
            return false;
    if (!tj_tt_lower_region(l, &op->regions[0]))
        return false;
    for (uint32_t i = 0; i < op->result_count; i++)
        if (phis[i])
            enter_carried(l, op, i, phis[i], body->last->operands[i]);
    return true;
}

bool tj_tt_lower_for(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_block *body = op->regions[0].first;
    LLVMValueRef low = tj_tt_get_scalar(l, op->operands[0]);
    LLVMValueRef high = tj_tt_get_scalar(l, op->operands[1]);
    LLVMValueRef step = tj_tt_get_scalar(l, op->operands[2]);
    LLVMValueRef **phis = tj_new_array(l->arena, LLVMValueRef *, op->result_count);
    LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder),
                      head = tj_tt_new_block(l, "loop");
    LLVMBasicBlockRef inside = tj_tt_new_block(l, "body"), after = tj_tt_new_block(l, "end");
    LLVMBuildBr(l->builder, head);
    LLVMPositionBuilderAtEnd(l->builder, head);
    LLVMValueRef counter = LLVMBuildPhi(l->builder, LLVMTypeOf(low), body->args[0]->name);
    LLVMAddIncoming(counter, &low, &before, 1);
    for (uint32_t i = 0; i < op->result_count; i++)
        if (is_used(l, body->args[i + 1]))
            phis[i] = make_carried(l, op, i);
    LLVMValueRef runs = LLVMBuildICmp(l->builder, LLVMIntSLT, counter, high, "");
    LLVMBuildCondBr(l->builder, runs, inside, after);
    LLVMPositionBuilderBefore(l->builder, LLVMGetBasicBlockTerminator(before));
    for (uint32_t i = 0; i < op->result_count; i++)
        if (phis[i])
            enter_carried(l, op, i, phis[i], op->operands[i + 3]);
    LLVMPositionBuilderAtEnd(l->builder, inside);
    tj_tt_shared shared = tj_tt_begin_loop(l);
    if (!lower_body(l, op, counter, phis))
        return false;
    tj_tt_end_round(l);
    tj_tt_end_loop(l, &shared);
    LLVMValueRef next = LLVMBuildNSWAdd(l->builder, counter, step, "");
    LLVMBasicBlockRef latch = LLVMGetInsertBlock(l->builder);
    LLVMAddIncoming(counter, &next, &latch, 1);
    LLVMBuildBr(l->builder, head);
    LLVMPositionBuilderAtEnd(l->builder, after);
    for (uint32_t i = 0; i < op->result_count; i++)
        if (phis[i] && !define_carried(l, op, i, op->results[i], phis[i]))
            return false;
    return true;
}

/* ---- if ---------------------------------------------------------------------------------- */

static bool lower_arm(tj_tt_lower *l, const tj_tt_op *op, uint32_t arm, LLVMBasicBlockRef at,
                      LLVMBasicBlockRef after, LLVMValueRef **phis)
{
    const tj_tt_block *block = op->regions[arm].first;
    LLVMPositionBuilderAtEnd(l->builder, at);
    if (block && !tj_tt_lower_region(l, &op->regions[arm]))
        return false;
    for (uint32_t i = 0; i < op->result_count; i++)
        if (phis[i])
            enter_phis(l, op->results[i], phis[i], block->last->operands[i]);
    LLVMBuildBr(l->builder, after);
    return true;
}

bool tj_tt_lower_if(tj_tt_lower *l, const tj_tt_op *op)
{
    LLVMValueRef **phis = tj_new_array(l->arena, LLVMValueRef *, op->result_count);
    LLVMBasicBlockRef then = tj_tt_new_block(l, "then"), other = tj_tt_new_block(l, "else");
    LLVMBasicBlockRef after = tj_tt_new_block(l, "after");
    LLVMBuildCondBr(l->builder, tj_tt_get_scalar(l, op->operands[0]), then, other);
    LLVMPositionBuilderAtEnd(l->builder, after);
    for (uint32_t i = 0; i < op->result_count; i++)
        if (is_used(l, op->results[i]))
            phis[i] = make_phis(l, op->results[i]);
    tj_tt_shared before = tj_tt_begin_arm(l);
    if (!lower_arm(l, op, 0, then, after, phis))
        return false;
    tj_tt_shared first = tj_tt_next_arm(l, &before);
    if (!lower_arm(l, op, 1, other, after, phis))
        return false;
    tj_tt_join_arms(l, &first);
    return define_results(l, op, after, phis);
}

/* One block, carried out where it stands. */
bool tj_tt_lower_execute(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_op *end = op->regions[0].first->last;
    if (!tj_tt_lower_region(l, &op->regions[0]))
        return false;
    for (uint32_t i = 0; i < op->result_count; i++) {
        const tj_tt_value *result = op->results[i];
        if (is_used(l, result) &&
            !define(l, op, result, tj_tt_get(l, end->operands[i], home_of(l, result))))
            return false;
    }
    return true;
}

/* ---- while ------------------------------------------------------------------------------- */

/* The values that the condition hands on become the loop's results and the second region's
 * arguments. */
static bool hand_on(tj_tt_lower *l, const tj_tt_op *op, tj_tt_value *const *to)
{
    const tj_tt_op *condition = op->regions[0].first->last;
    for (uint32_t i = 0; i < op->result_count; i++)
        if (is_used(l, to[i]) &&
            !define(l, op, to[i], tj_tt_get(l, condition->operands[i + 1], home_of(l, to[i]))))
            return false;
    return true;
}

bool tj_tt_lower_while(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_block *first = op->regions[0].first, *second = op->regions[1].first;
    LLVMValueRef **phis = tj_new_array(l->arena, LLVMValueRef *, op->operand_count);
    LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder),
                      head = tj_tt_new_block(l, "loop");
    LLVMBasicBlockRef inside = tj_tt_new_block(l, "body"), after = tj_tt_new_block(l, "end");
    LLVMBuildBr(l->builder, head);
    LLVMPositionBuilderAtEnd(l->builder, head);
    for (uint32_t i = 0; i < op->operand_count; i++)
        if (is_used(l, first->args[i]))
            phis[i] = make_phis(l, first->args[i]);
    LLVMPositionBuilderAtEnd(l->builder, before);
    for (uint32_t i = 0; i < op->operand_count; i++)
        if (phis[i])
            enter_phis(l, first->args[i], phis[i], op->operands[i]);
    LLVMPositionBuilderAtEnd(l->builder, head);
    tj_tt_shared shared = tj_tt_begin_loop(l);
    for (uint32_t i = 0; i < op->operand_count; i++)
        if (phis[i] && !define(l, op, first->args[i], phis[i]))
            return false;
    if (!tj_tt_lower_region(l, &op->regions[0]))
        return false;
    tj_tt_leave_loop(l, &shared);
    LLVMBuildCondBr(l->builder, tj_tt_get_scalar(l, first->last->operands[0]), inside, after);
    LLVMPositionBuilderAtEnd(l->builder, inside);
    if (!hand_on(l, op, second->args) || !tj_tt_lower_region(l, &op->regions[1]))
        return false;
    for (uint32_t i = 0; i < op->operand_count; i++)
        if (phis[i])
            enter_phis(l, first->args[i], phis[i], second->last->operands[i]);
    tj_tt_end_round(l);
    tj_tt_end_loop(l, &shared);
    LLVMBuildBr(l->builder, head);
    LLVMPositionBuilderAtEnd(l->builder, after);
    return hand_on(l, op, op->results);
}

/* ---- blocks of a function ---------------------------------------------------------------- */

static uint32_t index_of(const tj_tt_region *region, const tj_tt_block *block)
{
    uint32_t index = 0;
    for (const tj_tt_block *at = region->first; at && at != block; at = at->next)
        index++;
    return index;
}

bool tj_tt_lower_branch(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_frame *frame = l->frame;
    LLVMBasicBlockRef to[2], from = LLVMGetInsertBlock(l->builder), by_way = NULL;
    uint32_t at = op->kind == TJ_TT_OP_COND_BR;
    for (uint32_t i = 0; i < op->successor_count; i++) {
        uint32_t index = index_of(frame->region, op->successors[i]);
        to[i] = frame->blocks[index];
        if (i && to[1] == to[0]) { /* the same block with other values */
            by_way = tj_tt_new_block(l, "edge");
            LLVMPositionBuilderAtEnd(l->builder, by_way);
        }
        for (uint32_t k = 0; k < op->successor_operands[i]; k++, at++)
            if (frame->phis[index][k])
                enter_phis(l, op->successors[i]->args[k], frame->phis[index][k],
                           op->operands[at]);
    }
    if (by_way) {
        LLVMBuildBr(l->builder, to[1]);
        to[1] = by_way;
    }
    LLVMPositionBuilderAtEnd(l->builder, from);
    if (op->successor_count == 1)
        LLVMBuildBr(l->builder, to[0]);
    else
        LLVMBuildCondBr(l->builder, tj_tt_get_scalar(l, op->operands[0]), to[0], to[1]);
    return true;
}
