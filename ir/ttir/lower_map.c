/* SPDX-License-Identifier: MIT */
/* tt.map_elementwise: a region of blocks over scalars, once for every `pack` elements of a
 * thread. Its branches go by the elements: there are no barriers in it. */
#include "ttir/lower.h"

/* The region's body with values for its first block's arguments; what it returns are phis. */
static bool lower_once(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef **phis)
{
    static const tj_tt_layout none = {0};
    tj_tt_frame *outer = l->frame, inner = *outer;
    uint32_t count = op->result_count * (uint32_t)tj_tt_int_attr(op, "pack", 1);
    LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder);
    inner.region = &op->regions[0];
    inner.leave = tj_tt_new_block(l, "mapped");
    inner.results = phis;
    LLVMPositionBuilderAtEnd(l->builder, inner.leave);
    for (uint32_t i = 0; i < count; i++) {
        tj_tt_value like = {
            .type = {.elem = op->results[i / (count / op->result_count)]->type.elem}};
        phis[i] = tj_tt_make_phis(l, &like, &none);
    }
    LLVMPositionBuilderAtEnd(l->builder, before);
    l->frame = &inner;
    bool is_good = tj_tt_lower_body(l);
    l->frame = outer;
    LLVMPositionBuilderAtEnd(l->builder, inner.leave);
    return is_good;
}

bool tj_tt_lower_map(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_block *first = op->regions[0].first;
    uint32_t pack = (uint32_t)tj_tt_int_attr(op, "pack", 1);
    tj_tt_layout layout = tj_tt_op_layout(&l->frame->assigned, op);
    uint32_t count = 1u << layout.regs;
    LLVMValueRef **regs = tj_new_array(l->arena, LLVMValueRef *, op->result_count);
    LLVMValueRef **phis = tj_new_array(l->arena, LLVMValueRef *, op->result_count * pack);
    for (uint32_t k = 0; k < op->result_count; k++)
        regs[k] = tj_tt_new_regs(l, &layout);
    for (uint32_t i = 0; i < count; i += pack) {
        for (uint32_t k = 0; k < op->operand_count * pack; k++)
            tj_tt_set_scalar(l, first->args[k],
                             tj_tt_get(l, op->operands[k / pack], &layout)[i + k % pack]);
        if (!lower_once(l, op, phis))
            return false;
        for (uint32_t k = 0; k < op->result_count * pack; k++)
            regs[k / pack][i + k % pack] = phis[k][0];
    }
    for (uint32_t k = 0; k < op->result_count; k++)
        if (!tj_tt_define_home(l, op, op->results[k], &layout, regs[k]))
            return false;
    return true;
}
