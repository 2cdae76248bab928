/* SPDX-License-Identifier: MIT */
/* Functions: the kernel's own body, and calls, which are lowered in place. Tensors go into a
 * function and out of it in the default layout. */
#include "ttir/lower.h"

enum { MAX_CALLS = 16 }; /* one inside the other */

tj_tt_frame *tj_tt_new_frame(tj_tt_lower *l, const tj_tt_func *func)
{
    tj_tt_frame *frame = tj_new(l->arena, tj_tt_frame);
    frame->func = func;
    frame->region = &func->body;
    frame->assigned = tj_tt_assign(l->arena, func, l->group_bits, l->choices);
    frame->values = tj_new_array(l->arena, tj_tt_regs *, func->value_count);
    frame->caller = l->frame;
    return frame;
}

static tj_tt_layout default_of(tj_tt_lower *l, const tj_tt_type *type)
{
    return type->form == TJ_TT_TENSOR ? tj_tt_default_layout(type, l->group_bits)
                                      : (tj_tt_layout){0};
}

/* All blocks but the first have phis for the arguments that are used. */
static void make_blocks(tj_tt_lower *l)
{
    tj_tt_frame *frame = l->frame;
    uint32_t count = 0, at = 0;
    for (const tj_tt_block *block = frame->region->first; block; block = block->next)
        count++;
    frame->blocks = tj_new_array(l->arena, LLVMBasicBlockRef, count);
    frame->phis = tj_new_array(l->arena, LLVMValueRef **, count);
    LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder);
    frame->blocks[at++] = before;
    for (const tj_tt_block *block = frame->region->first->next; block; block = block->next) {
        frame->blocks[at] = tj_tt_new_block(l, "block");
        frame->phis[at] = tj_new_array(l->arena, LLVMValueRef *, block->arg_count);
        LLVMPositionBuilderAtEnd(l->builder, frame->blocks[at]);
        for (uint32_t i = 0; i < block->arg_count; i++) {
            const tj_tt_value *arg = block->args[i];
            tj_tt_layout layout = default_of(l, &arg->type);
            if (tj_tt_wants_of(l, arg)->is_used)
                frame->phis[at][i] = tj_tt_make_phis(l, arg, &layout);
        }
        at++;
    }
    LLVMPositionBuilderAtEnd(l->builder, before);
}

static bool lower_rest(tj_tt_lower *l, const tj_tt_block *block, uint32_t at)
{
    tj_tt_region one = {.first = (tj_tt_block *)block};
    LLVMPositionBuilderAtEnd(l->builder, l->frame->blocks[at]);
    tj_tt_forget_order(l);
    for (uint32_t i = 0; i < block->arg_count; i++) {
        const tj_tt_value *arg = block->args[i];
        tj_tt_layout layout = default_of(l, &arg->type);
        if (l->frame->phis[at][i] &&
            !tj_tt_define_home(l, block->first, arg, &layout, l->frame->phis[at][i]))
            return false;
    }
    return tj_tt_lower_region(l, &one);
}

bool tj_tt_lower_body(tj_tt_lower *l)
{
    const tj_tt_block *first = l->frame->region->first;
    uint32_t at = 1;
    make_blocks(l);
    if (!tj_tt_lower_region(l, l->frame->region))
        return false;
    for (const tj_tt_block *block = first->next; block; block = block->next)
        if (!lower_rest(l, block, at++))
            return false;
    return true;
}

bool tj_tt_lower_return(tj_tt_lower *l, const tj_tt_op *op)
{
    if (!l->frame->leave) {
        LLVMBuildRetVoid(l->builder);
        return true;
    }
    for (uint32_t i = 0; i < op->operand_count; i++) {
        tj_tt_layout layout = default_of(l, &op->operands[i]->type);
        tj_tt_enter_phis(l, l->frame->results[i], op->operands[i], &layout);
    }
    LLVMBuildBr(l->builder, l->frame->leave);
    return true;
}

static bool check_depth(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_func *callee)
{
    unsigned depth = 0;
    for (const tj_tt_frame *frame = l->frame; frame; frame = frame->caller, depth++)
        if (frame->func == callee)
            return tj_tt_refuse(l, op, "@%s calls itself", callee->name);
    return depth < MAX_CALLS || tj_tt_refuse(l, op, "calls deeper than %d", MAX_CALLS);
}

/* The callee's body with the arguments for its parameters; returns meet behind it. */
static bool enter(tj_tt_lower *l, const tj_tt_op *op, tj_tt_frame *frame)
{
    tj_tt_frame *caller = l->frame;
    const tj_tt_block *body = frame->func->body.first;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder);
    frame->leave = tj_tt_new_block(l, "leave");
    frame->results = tj_new_array(l->arena, LLVMValueRef *, op->result_count);
    LLVMPositionBuilderAtEnd(l->builder, frame->leave);
    for (uint32_t i = 0; i < op->result_count; i++) {
        tj_tt_layout layout = default_of(l, &op->results[i]->type);
        frame->results[i] = tj_tt_make_phis(l, op->results[i], &layout);
    }
    LLVMPositionBuilderAtEnd(l->builder, before);
    for (uint32_t i = 0; i < op->operand_count; i++) {
        tj_tt_layout layout = default_of(l, &op->operands[i]->type);
        LLVMValueRef *regs = tj_tt_get(l, op->operands[i], &layout);
        l->frame = frame;
        bool is_good = tj_tt_define_home(l, op, body->args[i], &layout, regs);
        l->frame = caller;
        if (!is_good)
            return false;
    }
    l->frame = frame;
    bool is_good = tj_tt_lower_body(l);
    if (body->next)
        tj_tt_forget_order(l);
    l->frame = caller;
    return is_good;
}

bool tj_tt_lower_call(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_func *callee =
        tj_tt_find_func(l->module, tj_tt_find_attr(op, "callee")->string);
    if (!check_depth(l, op, callee))
        return false;
    tj_tt_frame *frame = tj_tt_new_frame(l, callee);
    if (!enter(l, op, frame))
        return false;
    LLVMPositionBuilderAtEnd(l->builder, frame->leave);
    for (uint32_t i = 0; i < op->result_count; i++) {
        tj_tt_layout layout = default_of(l, &op->results[i]->type);
        if (!tj_tt_define_home(l, op, op->results[i], &layout, frame->results[i]))
            return false;
    }
    return true;
}
