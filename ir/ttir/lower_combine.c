/* SPDX-License-Identifier: MIT */
/* tt.reduce with any region: within a thread, a SIMD-group, over SIMD-groups. */
#include "ttir/combine.h"

#include <string.h>

/* One element of each operand: out = region(a, b). */
bool tj_tt_combine(tj_tt_combiner *c, LLVMValueRef *a, LLVMValueRef *b, LLVMValueRef *out)
{
    LLVMValueRef args[2 * TJ_TT_MAX_COMBINED];
    memcpy(args, a, c->count * sizeof *args);
    memcpy(args + c->count, b, c->count * sizeof *args);
    return tj_tt_lower_combine(c->l, c->op, args, out);
}

void tj_tt_pick(const tj_tt_combiner *c, uint32_t reg, LLVMValueRef *out)
{
    for (uint32_t i = 0; i < c->count; i++)
        out[i] = c->regs[i][reg];
}

void tj_tt_put(tj_tt_combiner *c, uint32_t reg, LLVMValueRef *values)
{
    for (uint32_t i = 0; i < c->count; i++)
        c->regs[i][reg] = values[i];
}

bool tj_tt_is_combined(tj_tt_lower *l, const tj_tt_op *op)
{
    for (uint32_t i = 0; i < op->result_count; i++)
        if (tj_tt_wants_of(l, op->results[i])->is_used)
            return true;
    return false;
}

bool tj_tt_start_combine(tj_tt_lower *l, const tj_tt_op *op, tj_tt_combiner *c)
{
    unsigned axis = (unsigned)tj_tt_int_attr(op, "axis", 0);
    *c = (tj_tt_combiner){.l = l, .op = op, .count = op->operand_count};
    if (op->operand_count > TJ_TT_MAX_COMBINED)
        return tj_tt_refuse(l, op, "more than %d operands", TJ_TT_MAX_COMBINED);
    c->axis_mask = tj_tt_dim_mask(&op->operands[0]->type, axis);
    c->layout = tj_tt_op_layout(&l->frame->assigned, op);
    for (uint32_t i = 0; i < c->count; i++) {
        LLVMValueRef *from = tj_tt_get(l, op->operands[i], &c->layout);
        c->regs[i] = tj_tt_new_regs(l, &c->layout);
        memcpy(c->regs[i], from, sizeof(LLVMValueRef) << c->layout.regs);
    }
    return true;
}

/* In another layout: the operands move. */
bool tj_tt_move_operands(tj_tt_combiner *c, const tj_tt_layout *layout)
{
    for (uint32_t i = 0; i < c->count; i++) {
        c->regs[i] = tj_tt_convert(c->l, c->op, &c->op->operands[i]->type, c->regs[i],
                                   &c->layout, layout);
        if (!c->regs[i])
            return false;
        LLVMValueRef *own = tj_tt_new_regs(c->l, layout);
        memcpy(own, c->regs[i], sizeof(LLVMValueRef) << layout->regs);
        c->regs[i] = own;
    }
    c->layout = *layout;
    return true;
}

/* ---- reductions -------------------------------------------------------------------------- */

/* Every basis either in the axis or outside it, all different: steps over one bit meet an
 * element exactly once. */
static bool is_clean(const tj_tt_combiner *c)
{
    uint32_t seen = 0;
    const uint32_t *lists[] = {c->layout.reg, c->layout.lane, c->layout.group};
    const unsigned counts[] = {c->layout.regs, TJ_TT_LANE_BITS, c->layout.groups};
    for (int i = 0; i < 3; i++)
        for (unsigned k = 0; k < counts[i]; k++) {
            uint32_t base = lists[i][k];
            if (base & c->axis_mask && (base & (base - 1) || seen & base))
                return false;
            seen |= base & c->axis_mask;
        }
    return true;
}

static bool reduce_registers(tj_tt_combiner *c)
{
    LLVMValueRef a[TJ_TT_MAX_COMBINED], b[TJ_TT_MAX_COMBINED];
    uint32_t done = 0;
    for (unsigned bit = 0; bit < c->layout.regs; bit++) {
        if (!(c->layout.reg[bit] & c->axis_mask))
            continue;
        done |= 1u << bit;
        for (uint32_t reg = 0; reg < 1u << c->layout.regs; reg++) {
            if (reg & done)
                continue;
            tj_tt_pick(c, reg, a);
            tj_tt_pick(c, reg | 1u << bit, b);
            if (!tj_tt_combine(c, a, b, a))
                return false;
            tj_tt_put(c, reg, a);
        }
    }
    return true;
}

/* A SIMD-group's own function for the region, when it is one operation on 32-bit numbers. */
static const char *group_function(const tj_tt_op *op)
{
    static const struct {
        uint16_t kind;
        const char *name;
    } rows[] = {{TJ_TT_OP_ADDF, "air.simd_sum.f32"},    {TJ_TT_OP_ADDI, "air.simd_sum.u.i32"},
                {TJ_TT_OP_MAXNUMF, "air.simd_max.f32"}, {TJ_TT_OP_MINNUMF, "air.simd_min.f32"},
                {TJ_TT_OP_MAXSI, "air.simd_max.s.i32"}, {TJ_TT_OP_MINSI, "air.simd_min.s.i32"},
                {TJ_TT_OP_MAXUI, "air.simd_max.u.i32"}, {TJ_TT_OP_MINUI, "air.simd_min.u.i32"}};
    const tj_tt_block *block = op->regions[0].first;
    const tj_tt_op *only = block->first;
    if (op->operand_count != 1 || !only || only->next != block->last ||
        only->operand_count != 2 || tj_tt_elem_infos[op->operands[0]->type.elem].bits != 32 ||
        block->last->operands[0]->def != only || only->operands[0]->def ||
        only->operands[1]->def || only->operands[0] == only->operands[1])
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].kind == only->kind)
            return rows[i].name;
    return NULL;
}

static bool reduce_lanes(tj_tt_combiner *c)
{
    LLVMValueRef a[TJ_TT_MAX_COMBINED], b[TJ_TT_MAX_COMBINED];
    unsigned lanes = 0;
    const char *function = group_function(c->op);
    for (unsigned bit = 0; bit < TJ_TT_LANE_BITS; bit++)
        lanes += (c->layout.lane[bit] & c->axis_mask) != 0;
    for (uint32_t reg = 0; reg < 1u << c->layout.regs; reg++) {
        bool is_done = false;
        for (unsigned bit = 0; bit < c->layout.regs; bit++)
            is_done |= reg >> bit & 1 && c->layout.reg[bit] & c->axis_mask;
        if (is_done)
            continue;
        tj_tt_pick(c, reg, a);
        if (function && lanes == TJ_TT_LANE_BITS) {
            a[0] = tj_tt_call(c->l, function, LLVMTypeOf(a[0]), a, 1);
            tj_tt_put(c, reg, a);
            continue;
        }
        for (unsigned bit = 0; bit < TJ_TT_LANE_BITS; bit++) {
            if (!(c->layout.lane[bit] & c->axis_mask))
                continue;
            for (uint32_t i = 0; i < c->count; i++)
                b[i] =
                    tj_tt_shuffle(c->l, "simd_shuffle_xor", a[i], tj_tt_i32(c->l, 1u << bit));
            if (!tj_tt_combine(c, a, b, a))
                return false;
        }
        tj_tt_put(c, reg, a);
    }
    return true;
}

/* Where the parts of SIMD-groups meet: element without the axis, then the part. */
typedef struct meeting {
    tj_tt_layout rest; /* the layout without the axis */
    unsigned parts;    /* log2 */
    uint32_t offsets[TJ_TT_MAX_COMBINED];
    LLVMValueRef part; /* of this SIMD-group */
} meeting;

static bool plan_meeting(tj_tt_combiner *c, meeting *m)
{
    uint32_t bytes = 0, offset = 0;
    tj_tt_lower *l = c->l;
    unsigned rest =
        tj_tt_log2_size(&c->op->operands[0]->type) - (unsigned)__builtin_popcount(c->axis_mask);
    m->rest = tj_tt_without_bits(&c->layout, c->axis_mask);
    m->parts = 0;
    m->part = tj_tt_i32(l, 0);
    for (unsigned bit = 0; bit < c->layout.groups; bit++) {
        if (!(c->layout.group[bit] & c->axis_mask))
            continue;
        LLVMValueRef own = LLVMBuildLShr(l->builder, l->group, tj_tt_i32(l, bit), "");
        own = LLVMBuildAnd(l->builder, own, tj_tt_i32(l, 1), "");
        own = LLVMBuildShl(l->builder, own, tj_tt_i32(l, m->parts++), "");
        m->part = LLVMBuildOr(l->builder, m->part, own, "");
    }
    for (uint32_t i = 0; i < c->count; i++) {
        m->offsets[i] = bytes;
        bytes += tj_tt_byte_len(&c->op->operands[i]->type) << (rest + m->parts);
        bytes = (bytes + 7) / 8 * 8;
    }
    if (m->parts && !tj_tt_take_scratch(l, c->op, bytes, &offset))
        return false;
    for (uint32_t i = 0; i < c->count; i++)
        m->offsets[i] += offset;
    return true;
}

static LLVMValueRef meeting_index(tj_tt_combiner *c, const meeting *m, uint32_t reg,
                                  LLVMValueRef part)
{
    LLVMBuilderRef b = c->l->builder;
    LLVMValueRef element = tj_tt_element_index(c->l, &m->rest, reg);
    element = LLVMBuildShl(b, element, tj_tt_i32(c->l, m->parts), "");
    return LLVMBuildAdd(b, element, part, "");
}

/* The first lane of each element writes; SIMD-groups that hold the same write the same. */
static void write_parts(tj_tt_combiner *c, const meeting *m)
{
    tj_tt_lower *l = c->l;
    tj_tt_place free_bits = tj_tt_free_bits(&m->rest);
    LLVMValueRef lanes = LLVMBuildAnd(l->builder, l->lane, tj_tt_i32(l, free_bits.lane), "");
    LLVMValueRef is_first = LLVMBuildICmp(l->builder, LLVMIntEQ, lanes, tj_tt_i32(l, 0), "");
    LLVMBasicBlockRef after = tj_tt_begin_if(l, is_first);
    for (uint32_t reg = 0; reg < 1u << c->layout.regs; reg++) {
        if (tj_tt_element(&c->layout, (tj_tt_place){.reg = reg}) & c->axis_mask)
            continue;
        uint32_t own = tj_tt_register_without(&c->layout, c->axis_mask, reg);
        for (uint32_t i = 0; i < c->count; i++)
            tj_tt_store(l, c->regs[i][reg],
                        tj_tt_scratch_at(l, LLVMTypeOf(c->regs[i][reg]), m->offsets[i],
                                         meeting_index(c, m, own, m->part)));
    }
    tj_tt_end_if(l, after);
}

static bool reduce_groups(tj_tt_combiner *c, const meeting *m, LLVMValueRef **out)
{
    tj_tt_lower *l = c->l;
    LLVMValueRef a[TJ_TT_MAX_COMBINED], b[TJ_TT_MAX_COMBINED];
    write_parts(c, m);
    tj_tt_barrier(l);
    for (uint32_t reg = 0; reg < 1u << m->rest.regs; reg++) {
        for (uint32_t part = 0; part < 1u << m->parts; part++) {
            for (uint32_t i = 0; i < c->count; i++) {
                LLVMTypeRef elem = LLVMTypeOf(c->regs[i][0]);
                (part ? b : a)[i] =
                    tj_tt_load(l, elem,
                               tj_tt_scratch_at(l, elem, m->offsets[i],
                                                meeting_index(c, m, reg, tj_tt_i32(l, part))));
            }
            if (part && !tj_tt_combine(c, a, b, a))
                return false;
        }
        for (uint32_t i = 0; i < c->count; i++)
            out[i][reg] = a[i];
    }
    return true;
}

static void keep_first(tj_tt_combiner *c, const meeting *m, LLVMValueRef **out)
{
    (void)m;
    for (uint32_t reg = 0; reg < 1u << c->layout.regs; reg++)
        if (!(tj_tt_element(&c->layout, (tj_tt_place){.reg = reg}) & c->axis_mask))
            for (uint32_t i = 0; i < c->count; i++)
                out[i][tj_tt_register_without(&c->layout, c->axis_mask, reg)] = c->regs[i][reg];
}

/* Scalars are the same in all threads, and are seen to be. */
static LLVMValueRef make_uniform(tj_tt_combiner *c, LLVMValueRef value)
{
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(value));
    bool is_bit = kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(LLVMTypeOf(value)) == 1;
    if (kind == LLVMPointerTypeKind || is_bit)
        return value;
    return tj_tt_shuffle(c->l, "simd_broadcast", value, tj_tt_i32(c->l, 0));
}

bool tj_tt_lower_reduce(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_combiner c;
    meeting m;
    LLVMValueRef *out[TJ_TT_MAX_COMBINED];
    if (!tj_tt_is_combined(l, op))
        return true;
    if (!tj_tt_start_combine(l, op, &c))
        return false;
    if (!is_clean(&c)) {
        tj_tt_layout plain = tj_tt_default_layout(&op->operands[0]->type, l->group_bits);
        if (!tj_tt_move_operands(&c, &plain))
            return false;
    }
    if (!reduce_registers(&c) || !reduce_lanes(&c) || !plan_meeting(&c, &m))
        return false;
    for (uint32_t i = 0; i < c.count; i++)
        out[i] = tj_tt_new_regs(l, &m.rest);
    if (!m.parts)
        keep_first(&c, &m, out);
    else if (!reduce_groups(&c, &m, out))
        return false;
    for (uint32_t i = 0; i < c.count; i++) {
        if (!tj_tt_wants_of(l, op->results[i])->is_used)
            continue;
        if (op->results[i]->type.form == TJ_TT_SCALAR) {
            tj_tt_set_scalar(l, op->results[i],
                             m.parts ? out[i][0] : make_uniform(&c, out[i][0]));
            continue;
        }
        const tj_tt_wants *wants = tj_tt_wants_of(l, op->results[i]);
        LLVMValueRef *home =
            tj_tt_convert(l, op, &op->results[i]->type, out[i], &m.rest, &wants->home);
        if (!home || !tj_tt_define_home(l, op, op->results[i], &wants->home, home))
            return false;
    }
    return true;
}
