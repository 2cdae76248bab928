/* SPDX-License-Identifier: MIT */
/* Conversions of layouts: renaming, shuffles in a SIMD-group, or through threadgroup memory. */
#include "ttir/lower.h"

#include <stdio.h>

uint32_t tj_tt_byte_len(const tj_tt_type *type)
{
    unsigned bits = type->is_pointer ? 64 : tj_tt_elem_infos[type->elem].bits;
    return bits < 8 ? 1 : bits / 8;
}

/* ---- threadgroup memory ------------------------------------------------------------------ */

LLVMTypeRef tj_tt_memory_type(tj_tt_lower *l, LLVMTypeRef elem)
{
    bool is_bit =
        LLVMGetTypeKind(elem) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(elem) == 1;
    return is_bit ? LLVMInt8TypeInContext(l->ctx) : elem;
}

LLVMValueRef tj_tt_load(tj_tt_lower *l, LLVMTypeRef elem, LLVMValueRef address)
{
    LLVMTypeRef type = tj_tt_memory_type(l, elem);
    LLVMValueRef value = LLVMBuildLoad2(l->builder, type, address, "");
    l->instructions++;
    if (type == elem)
        return value;
    return LLVMBuildICmp(l->builder, LLVMIntNE, value, tj_tt_int(l, 8, 0), "");
}

void tj_tt_store(tj_tt_lower *l, LLVMValueRef value, LLVMValueRef address)
{
    LLVMTypeRef elem = LLVMTypeOf(value), type = tj_tt_memory_type(l, elem);
    if (type != elem)
        value = LLVMBuildZExt(l->builder, value, type, "");
    LLVMBuildStore(l->builder, value, address);
    l->instructions++;
}

/* ---- shuffles ---------------------------------------------------------------------------- */

static LLVMTypeRef as_int(tj_tt_lower *l, LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
        return LLVMInt16TypeInContext(l->ctx);
    case LLVMFloatTypeKind:
        return LLVMInt32TypeInContext(l->ctx);
    case LLVMDoubleTypeKind:
        return LLVMInt64TypeInContext(l->ctx);
    default:
        return type;
    }
}

/* Bits move whatever they mean: bfloat goes as an integer, i1 as a byte. */
LLVMValueRef tj_tt_shuffle(tj_tt_lower *l, const char *function, LLVMValueRef value,
                           LLVMValueRef lane)
{
    LLVMTypeRef own = LLVMTypeOf(value), moved = as_int(l, own);
    LLVMBuilderRef b = l->builder;
    char name[64];
    bool is_bit = moved == own && LLVMGetIntTypeWidth(own) == 1;
    if (is_bit)
        moved = LLVMInt8TypeInContext(l->ctx);
    LLVMValueRef args[2] = {is_bit         ? LLVMBuildZExt(b, value, moved, "")
                            : moved == own ? value
                                           : LLVMBuildBitCast(b, value, moved, ""),
                            LLVMBuildTrunc(b, lane, LLVMInt16TypeInContext(l->ctx), "")};
    snprintf(name, sizeof name, "air.%s.u.i%u", function, LLVMGetIntTypeWidth(moved));
    LLVMValueRef out = tj_tt_call(l, name, moved, args, 2);
    if (is_bit)
        return LLVMBuildTrunc(b, out, own, "");
    return moved == own ? out : LLVMBuildBitCast(b, out, own, "");
}

/* ---- within a SIMD-group ----------------------------------------------------------------- */

typedef struct mover {
    tj_tt_lower *l;
    const tj_tt_layout *to;
    tj_tt_conversion plan;
    LLVMValueRef source_lane; /* NULL: its own, up to a constant */
    LLVMValueRef choosers[2]; /* bits of the place on which the register depends */
    uint32_t chosen[2];       /* what each changes */
    unsigned chooser_count;
} mover;

static LLVMValueRef place_bit(tj_tt_lower *l, LLVMValueRef place, unsigned bit)
{
    LLVMValueRef one = tj_tt_i32(l, 1);
    LLVMValueRef shifted =
        bit ? LLVMBuildLShr(l->builder, place, tj_tt_i32(l, bit), "") : place;
    return LLVMBuildAnd(l->builder, shifted, one, "");
}

static void add_chooser(mover *m, LLVMValueRef place, unsigned bit, uint32_t reg)
{
    if (!reg)
        return;
    m->choosers[m->chooser_count] = LLVMBuildICmp(
        m->l->builder, LLVMIntNE, place_bit(m->l, place, bit), tj_tt_i32(m->l, 0), "");
    m->chosen[m->chooser_count++] = reg;
}

/* The source lane is a linear function of the own: own bits, but for those that are not. */
static void find_source_lane(mover *m)
{
    tj_tt_lower *l = m->l;
    LLVMValueRef sum = l->lane;
    bool is_own = true;
    for (unsigned i = 0; i < (unsigned)TJ_TT_LANE_BITS + m->to->groups; i++) {
        bool is_lane = i < TJ_TT_LANE_BITS;
        unsigned bit = is_lane ? i : i - TJ_TT_LANE_BITS;
        uint32_t change =
            is_lane ? m->plan.lane[bit].lane ^ 1u << bit : m->plan.group[bit].lane;
        if (!change)
            continue;
        is_own = false;
        LLVMValueRef part =
            LLVMBuildMul(l->builder, place_bit(l, is_lane ? l->lane : l->group, bit),
                         tj_tt_i32(l, change), "");
        sum = LLVMBuildXor(l->builder, sum, part, "");
    }
    m->source_lane = is_own ? NULL : sum;
}

static LLVMValueRef fetch(mover *m, LLVMValueRef value, uint32_t lane_change)
{
    tj_tt_lower *l = m->l;
    if (m->source_lane) {
        LLVMValueRef lane =
            LLVMBuildXor(l->builder, m->source_lane, tj_tt_i32(l, lane_change), "");
        return tj_tt_shuffle(l, "simd_shuffle", value, lane);
    }
    return lane_change ? tj_tt_shuffle(l, "simd_shuffle_xor", value, tj_tt_i32(l, lane_change))
                       : value;
}

static LLVMValueRef move_register(mover *m, LLVMValueRef *regs, uint32_t reg)
{
    tj_tt_place from = {0};
    LLVMValueRef candidates[4];
    for (unsigned i = 0; i < m->to->regs; i++)
        if (reg >> i & 1) {
            from.reg ^= m->plan.reg[i].reg;
            from.lane ^= m->plan.reg[i].lane;
        }
    for (unsigned i = 0; i < 1u << m->chooser_count; i++) {
        uint32_t source = from.reg;
        for (unsigned k = 0; k < m->chooser_count; k++)
            source ^= i >> k & 1 ? m->chosen[k] : 0;
        candidates[i] = fetch(m, regs[source], from.lane);
    }
    for (unsigned k = m->chooser_count; k-- > 0;)
        for (unsigned i = 0; i < 1u << k; i++)
            candidates[i] = LLVMBuildSelect(m->l->builder, m->choosers[k],
                                            candidates[i + (1u << k)], candidates[i], "");
    return candidates[0];
}

/* Of two registers each lane sends the one that the other lane wants. */
static LLVMValueRef *swap(tj_tt_lower *l, LLVMValueRef *regs, unsigned log2_count,
                          tj_tt_swap bits)
{
    LLVMBuilderRef b = l->builder;
    uint32_t count = 1u << log2_count, other = 1u << bits.reg;
    LLVMValueRef *out = tj_new_array(l->arena, LLVMValueRef, count);
    LLVMValueRef is_set =
        LLVMBuildICmp(b, LLVMIntNE, place_bit(l, l->lane, bits.lane), tj_tt_i32(l, 0), "");
    for (uint32_t low = 0; low < count; low++) {
        if (low & other)
            continue;
        uint32_t high = low | other;
        LLVMValueRef sent = LLVMBuildSelect(b, is_set, regs[low], regs[high], "");
        LLVMValueRef got =
            tj_tt_shuffle(l, "simd_shuffle_xor", sent, tj_tt_i32(l, 1u << bits.lane));
        out[low] = LLVMBuildSelect(b, is_set, got, regs[low], "");
        out[high] = LLVMBuildSelect(b, is_set, regs[high], got, "");
    }
    return out;
}

static LLVMValueRef *move_within(tj_tt_lower *l, LLVMValueRef *regs, const tj_tt_layout *to,
                                 const tj_tt_conversion *plan, unsigned log2_count)
{
    for (unsigned i = 0; i < plan->swap_count; i++)
        regs = swap(l, regs, log2_count, plan->swaps[i]);
    mover m = {.l = l, .to = to, .plan = *plan};
    LLVMValueRef *out = tj_tt_new_regs(l, to);
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        add_chooser(&m, l->lane, i, plan->lane[i].reg);
    for (unsigned i = 0; i < to->groups; i++)
        add_chooser(&m, l->group, i, plan->group[i].reg);
    if (plan->move != TJ_TT_MOVE_RENAME)
        find_source_lane(&m);
    for (uint32_t reg = 0; reg < 1u << to->regs; reg++)
        out[reg] = move_register(&m, regs, reg);
    return out;
}

/* ---- through memory ---------------------------------------------------------------------- */

/* Bits that registers alone decide, in both layouts: elements that differ there can go one
 * after the other through the same memory. The highest `count` of them. */
static uint32_t shared_bits(const tj_tt_layout *from, const tj_tt_layout *to, unsigned count)
{
    uint32_t mask = 0;
    for (unsigned bit = TJ_TT_MAX_LOG2; bit-- > 0 && count;) {
        bool is_shared = true;
        const tj_tt_layout *layouts[] = {from, to};
        for (int i = 0; i < 2; i++) {
            unsigned own = 0;
            for (unsigned k = 0; k < layouts[i]->regs; k++)
                own += layouts[i]->reg[k] == 1u << bit;
            for (unsigned k = 0; k < layouts[i]->regs; k++)
                is_shared &=
                    layouts[i]->reg[k] == 1u << bit || !(layouts[i]->reg[k] >> bit & 1);
            for (unsigned k = 0; k < TJ_TT_LANE_BITS; k++)
                is_shared &= !(layouts[i]->lane[k] >> bit & 1);
            for (unsigned k = 0; k < layouts[i]->groups; k++)
                is_shared &= !(layouts[i]->group[k] >> bit & 1);
            is_shared &= own == 1;
        }
        if (is_shared) {
            mask |= 1u << bit;
            count--;
        }
    }
    return mask;
}

static void store_round(tj_tt_lower *l, LLVMTypeRef elem, LLVMValueRef *regs,
                        const tj_tt_layout *from, uint32_t mask, uint32_t round,
                        uint32_t offset)
{
    tj_tt_place free_bits = tj_tt_free_bits(from);
    LLVMValueRef holds = tj_tt_is_holder(l, from);
    LLVMBasicBlockRef after = holds ? tj_tt_begin_if(l, holds) : NULL;
    for (uint32_t reg = 0; reg < 1u << from->regs; reg++)
        if (!(reg & free_bits.reg) &&
            (tj_tt_element(from, (tj_tt_place){.reg = reg}) & mask) == round)
            tj_tt_store(
                l, regs[reg],
                tj_tt_scratch_at(l, elem, offset, tj_tt_element_without(l, from, reg, mask)));
    if (after)
        tj_tt_end_if(l, after);
}

static LLVMValueRef *move_through_memory(tj_tt_lower *l, const tj_tt_op *op,
                                         const tj_tt_type *type, LLVMValueRef *regs,
                                         const tj_tt_layout *from, const tj_tt_layout *to)
{
    LLVMTypeRef elem = LLVMTypeOf(regs[0]);
    LLVMValueRef *out = tj_tt_new_regs(l, to);
    uint64_t bytes = (uint64_t)tj_tt_byte_len(type) << tj_tt_log2_size(type);
    unsigned halvings = 0;
    while (bytes >> halvings > TJ_TT_MAX_SCRATCH)
        halvings++;
    uint32_t mask = shared_bits(from, to, halvings);
    uint32_t offset;
    if (!tj_tt_take_scratch(l, op, bytes >> __builtin_popcount(mask), &offset))
        return NULL;
    for (uint32_t round = 0;; round = (round - mask) & mask) { /* all subsets of the mask */
        if (round)
            tj_tt_barrier(l);
        store_round(l, elem, regs, from, mask, round, offset);
        tj_tt_barrier(l);
        for (uint32_t reg = 0; reg < 1u << to->regs; reg++)
            if ((tj_tt_element(to, (tj_tt_place){.reg = reg}) & mask) == round)
                out[reg] = tj_tt_load(
                    l, elem,
                    tj_tt_scratch_at(l, elem, offset, tj_tt_element_without(l, to, reg, mask)));
        if (round == mask)
            return out;
    }
}

tj_tt_conversion tj_tt_choose_conversion(const tj_tt_type *type, const tj_tt_layout *from,
                                         const tj_tt_layout *to)
{
    tj_tt_conversion plan = tj_tt_plan_conversion(from, to);
    if (plan.move >= TJ_TT_MOVE_SWAPS && tj_tt_can_move_tiles(type, from))
        plan.move = TJ_TT_MOVE_TILES;
    return plan;
}

LLVMValueRef *tj_tt_convert(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_type *type,
                            LLVMValueRef *regs, const tj_tt_layout *from,
                            const tj_tt_layout *to)
{
    if (tj_tt_same_layout(from, to))
        return regs;
    tj_tt_conversion plan = tj_tt_choose_conversion(type, from, to);
    if (type->is_pointer && plan.move != TJ_TT_MOVE_RENAME) {
        tj_tt_refuse(l, op, "pointers would have to move between threads (%s)",
                     tj_tt_type_name(l->arena, type));
        return NULL;
    }
    if (plan.move == TJ_TT_MOVE_TILES)
        return tj_tt_move_tiles(l, op, type, regs, from, to);
    if (plan.move == TJ_TT_MOVE_MEMORY)
        return move_through_memory(l, op, type, regs, from, to);
    return move_within(l, regs, to, &plan, from->regs);
}
