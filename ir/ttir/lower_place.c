/* SPDX-License-Identifier: MIT */
/* Which element a thread's register holds, as code. */
#include "ttir/lower.h"

static LLVMValueRef and_bits(LLVMBuilderRef b, tj_tt_lower *l, LLVMValueRef value,
                             uint32_t bits)
{
    return LLVMBuildAnd(b, value, tj_tt_i32(l, bits), "");
}

/* Bits that go up with their place move together: (lane >> from & mask) << to. */
static LLVMValueRef add_bits(tj_tt_lower *l, LLVMValueRef sum, LLVMValueRef place,
                             const uint32_t *bases, unsigned count, bool is_disjoint)
{
    LLVMBuilderRef b = l->entry;
    for (unsigned i = 0; i < count;) {
        unsigned run = 1;
        uint32_t base = bases[i];
        if (!base) {
            i++;
            continue;
        }
        bool is_bit = !(base & (base - 1));
        while (is_bit && i + run < count && bases[i + run] == base << run)
            run++;
        LLVMValueRef part = i ? LLVMBuildLShr(b, place, tj_tt_i32(l, i), "") : place;
        if (i + run < count)
            part = and_bits(b, l, part, (1u << run) - 1);
        part = base == 1 ? part : LLVMBuildMul(b, part, tj_tt_i32(l, base), "");
        sum = !sum          ? part
              : is_disjoint ? LLVMBuildAdd(b, sum, part, "")
                            : LLVMBuildXor(b, sum, part, "");
        i += run;
    }
    return sum;
}

/* All bases different single bits: exclusive or is addition, which addresses are made of. */
static bool is_disjoint(const tj_tt_layout *layout)
{
    uint32_t seen = 0;
    const uint32_t *lists[] = {layout->reg, layout->lane, layout->group};
    const unsigned counts[] = {layout->regs, TJ_TT_LANE_BITS, layout->groups};
    for (int i = 0; i < 3; i++)
        for (unsigned k = 0; k < counts[i]; k++) {
            if (seen & lists[i][k])
                return false;
            seen |= lists[i][k];
        }
    return true;
}

static LLVMValueRef find_base(tj_tt_lower *l, const tj_tt_layout *layout)
{
    tj_tt_layout key = *layout;
    for (tj_tt_base *base = l->bases; base; base = base->next)
        if (tj_tt_same_layout(&base->layout, &key))
            return base->value;
    bool disjoint = is_disjoint(layout);
    LLVMValueRef value = add_bits(l, NULL, l->group, layout->group, layout->groups, disjoint);
    value = add_bits(l, value, l->lane, layout->lane, TJ_TT_LANE_BITS, disjoint);
    tj_tt_base *base = tj_new(l->arena, tj_tt_base);
    *base = (tj_tt_base){key, value ? value : tj_tt_i32(l, 0), l->bases};
    l->bases = base;
    return base->value;
}

LLVMValueRef tj_tt_element_index(tj_tt_lower *l, const tj_tt_layout *layout, uint32_t reg)
{
    LLVMValueRef base = find_base(l, layout);
    uint32_t own = tj_tt_element(layout, (tj_tt_place){.reg = reg});
    if (!own)
        return base;
    return is_disjoint(layout) ? LLVMBuildNSWAdd(l->builder, base, tj_tt_i32(l, own), "")
                               : LLVMBuildXor(l->builder, base, tj_tt_i32(l, own), "");
}

static tj_tt_layout field_of(const tj_tt_layout *layout, uint32_t mask)
{
    tj_tt_layout out = *layout;
    unsigned shift = mask ? (unsigned)__builtin_ctz(mask) : 0;
    for (unsigned i = 0; i < out.regs; i++)
        out.reg[i] = (out.reg[i] & mask) >> shift;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        out.lane[i] = (out.lane[i] & mask) >> shift;
    for (unsigned i = 0; i < out.groups; i++)
        out.group[i] = (out.group[i] & mask) >> shift;
    return out;
}

LLVMValueRef tj_tt_element_field(tj_tt_lower *l, const tj_tt_layout *layout, uint32_t reg,
                                 uint32_t mask)
{
    tj_tt_layout field = field_of(layout, mask);
    return tj_tt_element_index(l, &field, reg);
}

LLVMValueRef tj_tt_element_without(tj_tt_lower *l, const tj_tt_layout *layout, uint32_t reg,
                                   uint32_t mask)
{
    tj_tt_layout rest = tj_tt_without_bits(layout, mask);
    return tj_tt_element_index(l, &rest, tj_tt_register_without(layout, mask, reg));
}

bool tj_tt_is_of_elements(const tj_tt_op *op)
{
    for (; op; op = op->parent->parent->parent)
        if (op->kind == TJ_TT_OP_REDUCE || op->kind == TJ_TT_OP_SCAN ||
            op->kind == TJ_TT_OP_MAP_ELEMENTWISE)
            return true;
    return false;
}

LLVMValueRef tj_tt_is_holder(tj_tt_lower *l, const tj_tt_layout *layout)
{
    tj_tt_place free_bits = tj_tt_free_bits(layout);
    LLVMValueRef parts[2] = {NULL, NULL}, zero = tj_tt_i32(l, 0);
    if (free_bits.lane)
        parts[0] = LLVMBuildICmp(l->builder, LLVMIntEQ,
                                 and_bits(l->builder, l, l->lane, free_bits.lane), zero, "");
    if (free_bits.group)
        parts[1] = LLVMBuildICmp(l->builder, LLVMIntEQ,
                                 and_bits(l->builder, l, l->group, free_bits.group), zero, "");
    if (parts[0] && parts[1])
        return LLVMBuildAnd(l->builder, parts[0], parts[1], "");
    return parts[0] ? parts[0] : parts[1];
}
