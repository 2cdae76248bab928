/* SPDX-License-Identifier: MIT */
/* Views of tensors: the layout of what goes in by the layout of what comes out. */
#include "ttir/assign.h"

#include <string.h>

void tj_tt_read_order(const tj_tt_op *op, uint8_t *out)
{
    int64_t order[TJ_TT_MAX_RANK];
    int count = tj_tt_int_list(op, "order", order, TJ_TT_MAX_RANK);
    for (int i = 0; i < count; i++)
        out[i] = (uint8_t)order[i];
}

uint32_t tj_tt_broadcast_mask(const tj_tt_op *op)
{
    const tj_tt_type *from = &op->operands[0]->type, *to = &op->results[0]->type;
    uint32_t mask = 0;
    for (unsigned i = 0; i < to->rank; i++)
        mask |= from->log2[i] == to->log2[i] ? 0 : tj_tt_dim_mask(to, i);
    return mask;
}

static tj_tt_layout shifted(const tj_tt_layout *layout, unsigned by)
{
    tj_tt_layout out = *layout;
    for (unsigned i = 0; i < out.regs; i++)
        out.reg[i] <<= by;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        out.lane[i] <<= by;
    for (unsigned i = 0; i < out.groups; i++)
        out.group[i] <<= by;
    return out;
}

tj_tt_layout tj_tt_joined(const tj_tt_layout *layout)
{
    tj_tt_layout out = shifted(layout, 1);
    memmove(out.reg + 1, out.reg, out.regs * sizeof *out.reg);
    out.reg[0] = 1;
    out.regs++;
    return out;
}

tj_tt_layout tj_tt_appended(const tj_tt_layout *layout, const tj_tt_type *half)
{
    tj_tt_layout out = *layout;
    out.reg[out.regs++] = 1u << tj_tt_log2_size(half);
    return out;
}

tj_tt_layout tj_tt_operand_layout(const tj_tt_op *op, const tj_tt_layout *layout)
{
    uint8_t order[TJ_TT_MAX_RANK];
    switch (op->kind) {
    case TJ_TT_OP_BROADCAST:
        return tj_tt_without_bits(layout, tj_tt_broadcast_mask(op));
    case TJ_TT_OP_TRANS:
        tj_tt_read_order(op, order);
        return tj_tt_unpermuted(layout, &op->operands[0]->type, order);
    case TJ_TT_OP_JOIN:
        return tj_tt_without_bits(layout, 1);
    case TJ_TT_OP_SPLIT:
        return tj_tt_joined(layout);
    case TJ_TT_OP_CAT:
        return tj_tt_without_bits(layout, 1u << tj_tt_log2_size(&op->operands[0]->type));
    default:
        return *layout;
    }
}
