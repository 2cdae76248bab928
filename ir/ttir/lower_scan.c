/* SPDX-License-Identifier: MIT */
/* tt.scan with any region, in either direction: serial in a thread, Hillis and Steele over the
 * lanes of a SIMD-group, the sums of SIMD-groups through threadgroup memory. */
#include "ttir/combine.h"

#include <string.h>

/* The axis in the low registers, then lanes, then in SIMD-groups that the other dimensions
 * leave over: a scan that stays in one SIMD-group needs no barrier. */
static tj_tt_layout scan_layout(const tj_tt_type *type, unsigned axis, unsigned group_bits)
{
    unsigned shift = tj_tt_dim_shift(type, axis), bits = type->log2[axis];
    unsigned size = tj_tt_log2_size(type), others = size - bits, at = 0, groups = 0;
    unsigned lanes = bits < TJ_TT_LANE_BITS ? bits : TJ_TT_LANE_BITS;
    unsigned other_lanes = others < TJ_TT_LANE_BITS - lanes ? others : TJ_TT_LANE_BITS - lanes;
    unsigned left = others - other_lanes;
    unsigned other_groups = left < group_bits ? left : group_bits;
    unsigned axis_groups =
        bits - lanes < group_bits - other_groups ? bits - lanes : group_bits - other_groups;
    unsigned run = bits - lanes - axis_groups;
    tj_tt_layout out = {.groups = (uint8_t)group_bits};
    for (unsigned i = 0; i < run; i++)
        out.reg[out.regs++] = 1u << (shift + i);
    for (unsigned i = 0; i < lanes; i++)
        out.lane[i] = 1u << (shift + run + i);
    for (unsigned i = 0; i < axis_groups; i++)
        out.group[groups++] = 1u << (shift + run + lanes + i);
    for (unsigned bit = 0; bit < size; bit++) {
        if (bit >= shift && bit < shift + bits)
            continue;
        if (at < other_lanes)
            out.lane[lanes + at] = 1u << bit;
        else if (at < others - other_groups)
            out.reg[out.regs++] = 1u << bit;
        else
            out.group[groups++] = 1u << bit;
        at++;
    }
    return out;
}

typedef struct scan {
    tj_tt_combiner c;
    uint32_t run;   /* elements of the axis in a thread: the low registers */
    unsigned lanes; /* log2 of lanes along the axis, the low ones */
    unsigned parts; /* log2 of SIMD-groups along the axis, the low ones */
    bool is_reverse;
    uint32_t offsets[TJ_TT_MAX_COMBINED]; /* of sums in threadgroup memory */
    tj_tt_layout rest;                    /* the layout without the axis */
    LLVMValueRef part;                    /* of this SIMD-group, in the direction of the scan */
} scan;

static uint32_t step_register(const scan *s, uint32_t row, uint32_t step)
{
    return row + (s->is_reverse ? s->run - 1 - step : step);
}

static LLVMValueRef from_neighbour(scan *s, LLVMValueRef value, uint32_t distance)
{
    return tj_tt_shuffle(s->c.l, s->is_reverse ? "simd_shuffle_down" : "simd_shuffle_up", value,
                         tj_tt_i32(s->c.l, distance));
}

/* The lane's number along the axis, in the direction of the scan. */
static LLVMValueRef lane_number(scan *s)
{
    tj_tt_lower *l = s->c.l;
    LLVMValueRef mask = tj_tt_i32(l, (1u << s->lanes) - 1);
    LLVMValueRef lane = LLVMBuildAnd(l->builder, l->lane, mask, "");
    return s->is_reverse ? LLVMBuildSub(l->builder, mask, lane, "") : lane;
}

/* Whether a lane has a neighbour that far before it on the axis. */
static LLVMValueRef has_neighbour(scan *s, uint32_t distance)
{
    return LLVMBuildICmp(s->c.l->builder, LLVMIntUGE, lane_number(s),
                         tj_tt_i32(s->c.l, distance), "");
}

static void select_all(scan *s, LLVMValueRef when, LLVMValueRef *yes, LLVMValueRef *no,
                       LLVMValueRef *out)
{
    for (uint32_t i = 0; i < s->c.count; i++)
        out[i] = LLVMBuildSelect(s->c.l->builder, when, yes[i], no[i], "");
}

/* ---- in a SIMD-group --------------------------------------------------------------------- */

/* Serial in the thread; its last values go over the lanes. `total` is that of all lanes up to
 * this one. */
static bool scan_lanes(scan *s, uint32_t row, LLVMValueRef *total)
{
    tj_tt_combiner *c = &s->c;
    LLVMValueRef next[TJ_TT_MAX_COMBINED], before[TJ_TT_MAX_COMBINED];
    tj_tt_pick(c, step_register(s, row, 0), total);
    for (uint32_t step = 1; step < s->run; step++) {
        tj_tt_pick(c, step_register(s, row, step), next);
        if (!tj_tt_combine(c, total, next, total))
            return false;
        tj_tt_put(c, step_register(s, row, step), total);
    }
    for (uint32_t distance = 1; distance < 1u << s->lanes; distance *= 2) {
        for (uint32_t i = 0; i < c->count; i++)
            before[i] = from_neighbour(s, total[i], distance);
        if (!tj_tt_combine(c, before, total, next))
            return false;
        select_all(s, has_neighbour(s, distance), next, total, total);
    }
    return true;
}

/* ---- over SIMD-groups -------------------------------------------------------------------- */

/* Behind each element without the axis there are the sums of SIMD-groups. */
static LLVMValueRef sum_at(scan *s, uint32_t row, uint32_t operand, LLVMValueRef part)
{
    LLVMBuilderRef b = s->c.l->builder;
    uint32_t reg = tj_tt_register_without(&s->c.layout, s->c.axis_mask, row);
    LLVMValueRef element = tj_tt_element_index(s->c.l, &s->rest, reg);
    element = LLVMBuildShl(b, element, tj_tt_i32(s->c.l, s->parts), "");
    return tj_tt_scratch_at(s->c.l, LLVMTypeOf(s->c.regs[operand][row]), s->offsets[operand],
                            LLVMBuildAdd(b, element, part, ""));
}

static bool plan_sums(scan *s)
{
    tj_tt_lower *l = s->c.l;
    const tj_tt_op *op = s->c.op;
    uint64_t bytes = 0;
    uint32_t offset, mask = (1u << s->parts) - 1;
    unsigned rest =
        tj_tt_log2_size(&op->operands[0]->type) - (unsigned)__builtin_popcount(s->c.axis_mask);
    s->rest = tj_tt_without_bits(&s->c.layout, s->c.axis_mask);
    s->part = LLVMBuildAnd(l->builder, l->group, tj_tt_i32(l, mask), "");
    if (s->is_reverse)
        s->part = LLVMBuildSub(l->builder, tj_tt_i32(l, mask), s->part, "");
    for (uint32_t i = 0; i < s->c.count; i++) {
        s->offsets[i] = (uint32_t)bytes;
        bytes += (uint64_t)tj_tt_byte_len(&op->operands[i]->type) << (rest + s->parts);
        bytes = (bytes + 7) / 8 * 8;
    }
    if (!tj_tt_take_scratch(l, op, bytes, &offset))
        return false;
    for (uint32_t i = 0; i < s->c.count; i++)
        s->offsets[i] += offset;
    return true;
}

/* The last lane of each row has its SIMD-group's sum. */
static void write_sums(scan *s, LLVMValueRef **totals)
{
    tj_tt_lower *l = s->c.l;
    LLVMValueRef last = tj_tt_i32(l, (1u << s->lanes) - 1);
    LLVMValueRef is_last = LLVMBuildICmp(l->builder, LLVMIntEQ, lane_number(s), last, "");
    LLVMBasicBlockRef after = tj_tt_begin_if(l, is_last);
    for (uint32_t row = 0; row < 1u << s->c.layout.regs; row += s->run)
        for (uint32_t i = 0; i < s->c.count; i++)
            tj_tt_store(l, totals[i][row], sum_at(s, row, i, s->part));
    tj_tt_end_if(l, after);
    tj_tt_barrier(l);
}

/* The sum of the SIMD-groups before this one; of the first one it means nothing. */
static bool read_sums(scan *s, uint32_t row, LLVMValueRef *out)
{
    tj_tt_lower *l = s->c.l;
    LLVMValueRef sum[TJ_TT_MAX_COMBINED], next[TJ_TT_MAX_COMBINED];
    for (uint32_t part = 0; part + 1 < 1u << s->parts; part++) {
        LLVMValueRef at = tj_tt_i32(l, part);
        for (uint32_t i = 0; i < s->c.count; i++)
            next[i] = tj_tt_load(l, LLVMTypeOf(s->c.regs[i][row]), sum_at(s, row, i, at));
        if (part && !tj_tt_combine(&s->c, sum, next, next))
            return false;
        memcpy(sum, next, sizeof sum);
        LLVMValueRef is_before = LLVMBuildICmp(l->builder, LLVMIntUGT, s->part, at, "");
        if (part)
            select_all(s, is_before, sum, out, out);
        else
            memcpy(out, sum, sizeof sum);
    }
    return true;
}

/* ---- what came before -------------------------------------------------------------------- */

/* Of other lanes and SIMD-groups, into every value of the thread; `total` as above. */
static bool add_before(scan *s, uint32_t row, LLVMValueRef *total)
{
    tj_tt_combiner *c = &s->c;
    tj_tt_lower *l = c->l;
    LLVMValueRef before[TJ_TT_MAX_COMBINED], groups[TJ_TT_MAX_COMBINED];
    LLVMValueRef next[TJ_TT_MAX_COMBINED], own[TJ_TT_MAX_COMBINED];
    LLVMValueRef has_before = has_neighbour(s, 1);
    for (uint32_t i = 0; i < c->count; i++)
        before[i] = from_neighbour(s, total[i], 1);
    if (s->parts) {
        LLVMValueRef has_groups =
            LLVMBuildICmp(l->builder, LLVMIntNE, s->part, tj_tt_i32(l, 0), "");
        if (!read_sums(s, row, groups) || !tj_tt_combine(c, groups, before, next))
            return false;
        select_all(s, has_before, next, groups, next);
        select_all(s, has_groups, next, before, before);
        has_before = LLVMBuildOr(l->builder, has_before, has_groups, "");
    }
    for (uint32_t step = 0; step < s->run; step++) {
        uint32_t reg = step_register(s, row, step);
        tj_tt_pick(c, reg, own);
        if (!tj_tt_combine(c, before, own, next))
            return false;
        select_all(s, has_before, next, own, own);
        tj_tt_put(c, reg, own);
    }
    return true;
}

static bool scan_all(scan *s)
{
    LLVMValueRef *totals[TJ_TT_MAX_COMBINED], total[TJ_TT_MAX_COMBINED];
    uint32_t count = 1u << s->c.layout.regs;
    for (uint32_t i = 0; i < s->c.count; i++)
        totals[i] = tj_tt_new_regs(s->c.l, &s->c.layout);
    if (s->parts && !plan_sums(s))
        return false;
    for (uint32_t row = 0; row < count; row += s->run) {
        if (!scan_lanes(s, row, total))
            return false;
        for (uint32_t i = 0; i < s->c.count; i++)
            totals[i][row] = total[i];
    }
    if (s->parts)
        write_sums(s, totals);
    for (uint32_t row = 0; s->lanes && row < count; row += s->run) {
        for (uint32_t i = 0; i < s->c.count; i++)
            total[i] = totals[i][row];
        if (!add_before(s, row, total))
            return false;
    }
    return true;
}

static void measure(scan *s)
{
    const tj_tt_combiner *c = &s->c;
    s->run = 1;
    for (unsigned i = 0; i < c->layout.regs; i++)
        s->run <<= (c->layout.reg[i] & c->axis_mask) != 0;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        s->lanes += (c->layout.lane[i] & c->axis_mask) != 0;
    for (unsigned i = 0; i < c->layout.groups; i++)
        s->parts += (c->layout.group[i] & c->axis_mask) != 0;
}

bool tj_tt_lower_scan(tj_tt_lower *l, const tj_tt_op *op)
{
    scan s = {.is_reverse = tj_tt_int_attr(op, "reverse", 0) != 0};
    tj_tt_combiner *c = &s.c;
    unsigned axis = (unsigned)tj_tt_int_attr(op, "axis", 0);
    if (!tj_tt_is_combined(l, op))
        return true;
    if (!tj_tt_start_combine(l, op, c))
        return false;
    tj_tt_layout home = c->layout;
    tj_tt_layout layout = scan_layout(&op->operands[0]->type, axis, l->group_bits);
    if (!tj_tt_move_operands(c, &layout))
        return false;
    measure(&s);
    if (c->axis_mask && !scan_all(&s))
        return false;
    for (uint32_t i = 0; i < c->count; i++) {
        if (!tj_tt_wants_of(l, op->results[i])->is_used)
            continue;
        LLVMValueRef *regs =
            tj_tt_convert(l, op, &op->results[i]->type, c->regs[i], &c->layout, &home);
        if (!regs || !tj_tt_define_home(l, op, op->results[i], &home, regs))
            return false;
    }
    return true;
}
