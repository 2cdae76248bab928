/* SPDX-License-Identifier: MIT */
/* tt.dot on SIMD-group matrices of 8 x 8.
 *
 * Each SIMD-group has a grid of result matrices in registers, in the layout that
 * tj_tt_matrix_layout gives. Operands stand in threadgroup memory, rows padded so that the rows
 * of a matrix are in different banks; a pass takes as much of the inner dimension as there is
 * room for. The left operand is made of registers where this SIMD-group has its elements at
 * the right lanes already: what was computed from the result of another product.
 */
#include "ttir/lower.h"

#include <stdio.h>

enum { SIDE_BITS = TJ_TT_SIDE_BITS, TILE = 64, PAD = 8 };

/* Matrix products in the body of a loop over the inner dimension; more take long to compile. */
enum { MAX_PRODUCTS = 8 };

typedef struct operand {
    const tj_tt_value *value;
    const tj_tt_type *type;
    LLVMTypeRef elem;   /* in matrices: 8-bit floats go as half */
    bool is_transposed; /* in threadgroup memory: columns of the operand are rows there */
    uint32_t offset, stride, batch_stride; /* bytes, elements, elements */
    LLVMValueRef *tiles;                   /* from registers; NULL: from threadgroup memory */
} operand;

typedef struct product {
    tj_tt_lower *l;
    const tj_tt_op *op;
    const tj_tt_type *c;
    unsigned m, n, k, batch;           /* log2 of elements */
    unsigned m_tiles, n_tiles, b_regs; /* log2 of what one SIMD-group has */
    unsigned pass;                     /* log2 of the inner elements of one pass */
    tj_tt_layout layout, origins;      /* of the result; of its matrices' first elements */
    operand a, b;
} product;

/* ---- values as matrices ------------------------------------------------------------------ */

static LLVMTypeRef tile_type(LLVMTypeRef elem)
{
    return LLVMVectorType(elem, TILE);
}

static const char *type_word(LLVMTypeRef elem)
{
    switch (LLVMGetTypeKind(elem)) {
    case LLVMHalfTypeKind:
        return "f16";
    case LLVMBFloatTypeKind:
        return "bf16";
    default:
        return "f32";
    }
}

static LLVMValueRef make_tile(tj_tt_lower *l, LLVMValueRef first, LLVMValueRef second)
{
    LLVMTypeRef elem = LLVMTypeOf(first);
    char name[80];
    if (first == second && LLVMIsConstant(first)) {
        snprintf(name, sizeof name, "air.simdgroup_matrix_8x8_init_filled.v64%s.%s",
                 type_word(elem), type_word(elem));
        return tj_tt_call(l, name, tile_type(elem), &first, 1);
    }
    LLVMValueRef tile = LLVMConstNull(tile_type(elem));
    tile = LLVMBuildInsertElement(l->builder, tile, first, tj_tt_i32(l, 0), "");
    l->instructions += 2;
    return LLVMBuildInsertElement(l->builder, tile, second, tj_tt_i32(l, 1), "");
}

LLVMValueRef *tj_tt_tiles_of_regs(tj_tt_lower *l, const tj_tt_layout *layout,
                                  LLVMValueRef *regs)
{
    uint32_t count = 1u << (layout->regs - 1);
    LLVMValueRef *tiles = tj_new_array(l->arena, LLVMValueRef, count);
    for (uint32_t i = 0; i < count; i++)
        tiles[i] = make_tile(l, regs[2 * i], regs[2 * i + 1]);
    return tiles;
}

LLVMValueRef *tj_tt_regs_of_tiles(tj_tt_lower *l, const tj_tt_layout *layout,
                                  LLVMValueRef *tiles)
{
    LLVMValueRef *regs = tj_tt_new_regs(l, layout);
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        regs[i] = LLVMBuildExtractElement(l->builder, tiles[i / 2], tj_tt_i32(l, i % 2), "");
    l->instructions += 1u << layout->regs;
    return regs;
}

/* ---- operands in threadgroup memory ------------------------------------------------------ */

static uint32_t mask_of(const tj_tt_type *type, unsigned from_the_last)
{
    return type->rank > from_the_last ? tj_tt_dim_mask(type, type->rank - 1 - from_the_last)
                                      : 0;
}

static LLVMValueRef scaled(tj_tt_lower *l, LLVMValueRef value, uint32_t by)
{
    return by == 1 ? value : LLVMBuildNUWMul(l->builder, value, tj_tt_i32(l, by), "");
}

/* Where an operand's element is, from its batch, row and column; the inner index counts within
 * the pass. */
static LLVMValueRef staged_at(product *p, const operand *o, LLVMValueRef batch,
                              LLVMValueRef row, LLVMValueRef column)
{
    tj_tt_lower *l = p->l;
    LLVMValueRef line = o->is_transposed ? column : row, at = o->is_transposed ? row : column;
    LLVMValueRef index = LLVMBuildNUWAdd(l->builder, scaled(l, line, o->stride), at, "");
    if (p->batch)
        index = LLVMBuildNUWAdd(l->builder, index, scaled(l, batch, o->batch_stride), "");
    return tj_tt_scratch_at(l, o->elem, o->offset, index);
}

/* 8-bit floats as half: all of them are. */
static LLVMValueRef as_matrix_element(product *p, const operand *o, LLVMValueRef value)
{
    tj_tt_type half = tj_tt_scalar(TJ_TT_F16);
    if (LLVMTypeOf(value) == o->elem)
        return value;
    tj_tt_value from = {.type = tj_tt_scalar((tj_tt_elem)o->type->elem)}, to = {.type = half};
    tj_tt_value *source = &from, *result = &to;
    tj_tt_op cast = {.kind = TJ_TT_OP_FP_TO_FP,
                     .operands = &source,
                     .operand_count = 1,
                     .results = &result,
                     .result_count = 1};
    return tj_tt_lower_cast(p->l, &cast, value);
}

/* Writes the elements of one pass: those of the register whose inner index is in it. */
static void stage_register(product *p, const operand *o, const tj_tt_layout *from,
                           LLVMValueRef value, uint32_t reg, uint32_t pass)
{
    tj_tt_lower *l = p->l;
    uint32_t inner_mask = mask_of(o->type, o == &p->a ? 0 : 1);
    LLVMValueRef fields[3];
    LLVMBasicBlockRef end = NULL;
    for (unsigned i = 0; i < 3; i++)
        fields[i] = tj_tt_element_field(l, from, reg, mask_of(o->type, i));
    LLVMValueRef *inner = &fields[o == &p->a ? 0 : 1];
    if (p->pass < p->k) {
        tj_tt_layout high = *from;
        uint32_t high_mask = inner_mask & ~((1u << p->pass) - 1) << __builtin_ctz(inner_mask);
        LLVMValueRef own = tj_tt_element_field(l, &high, reg, high_mask);
        own = LLVMBuildICmp(l->builder, LLVMIntEQ, own, tj_tt_i32(l, pass), "");
        if (LLVMIsAConstantInt(own) && !LLVMConstIntGetZExtValue(own))
            return;
        end = LLVMIsAConstantInt(own) ? NULL : tj_tt_begin_if(l, own);
        *inner = LLVMBuildAnd(l->builder, *inner, tj_tt_i32(l, (1u << p->pass) - 1), "");
    }
    tj_tt_store(l, as_matrix_element(p, o, value),
                staged_at(p, o, fields[2], fields[1], fields[0]));
    if (end)
        tj_tt_end_if(l, end);
}

static void stage(product *p, const operand *o, uint32_t pass)
{
    tj_tt_layout from;
    LLVMValueRef *regs = tj_tt_get_home(p->l, o->value, &from);
    tj_tt_place free_bits = tj_tt_free_bits(&from);
    LLVMValueRef holds = tj_tt_is_holder(p->l, &from);
    LLVMBasicBlockRef end = holds ? tj_tt_begin_if(p->l, holds) : NULL;
    for (uint32_t i = 0; i < 1u << from.regs; i++)
        if (!(i & free_bits.reg))
            stage_register(p, o, &from, regs[i], i, pass);
    if (end)
        tj_tt_end_if(p->l, end);
}

static LLVMValueRef load_tile(product *p, const operand *o, LLVMValueRef batch,
                              LLVMValueRef row, LLVMValueRef column)
{
    tj_tt_lower *l = p->l;
    char name[80];
    LLVMValueRef args[] = {staged_at(p, o, batch, row, column), tj_tt_int(l, 64, o->stride),
                           LLVMConstNull(LLVMVectorType(LLVMInt64TypeInContext(l->ctx), 2)),
                           tj_tt_int(l, 1, o->is_transposed)};
    snprintf(name, sizeof name, "air.simdgroup_matrix_8x8_load.v64%s.p3%s", type_word(o->elem),
             type_word(o->elem));
    return tj_tt_call(l, name, tile_type(o->elem), args, 4);
}

/* ---- from matrices to other layouts -------------------------------------------------------
 */

/* Where element `index` of a tensor is whose rows are `PAD` longer than its last dimension. */
static LLVMValueRef padded_at(tj_tt_lower *l, const tj_tt_type *type, LLVMTypeRef elem,
                              const tj_tt_layout *layout, uint32_t reg)
{
    unsigned columns = type->log2[type->rank - 1];
    LLVMValueRef flat = tj_tt_element_index(l, layout, reg);
    LLVMValueRef row = tj_tt_element_field(
        l, layout, reg, ((1u << tj_tt_log2_size(type)) - 1) >> columns << columns);
    return tj_tt_scratch_at(l, elem, 0,
                            LLVMBuildNUWAdd(l->builder, flat, scaled(l, row, PAD), ""));
}

static void store_tile(tj_tt_lower *l, LLVMValueRef tile, LLVMValueRef at, uint32_t stride)
{
    LLVMTypeRef elem = LLVMGetElementType(LLVMTypeOf(tile));
    char name[80];
    LLVMValueRef args[] = {tile, at, tj_tt_int(l, 64, stride),
                           LLVMConstNull(LLVMVectorType(LLVMInt64TypeInContext(l->ctx), 2)),
                           tj_tt_int(l, 1, 0)};
    snprintf(name, sizeof name, "air.simdgroup_matrix_8x8_store.v64%s.p3%s", type_word(elem),
             type_word(elem));
    tj_tt_call(l, name, LLVMVoidTypeInContext(l->ctx), args, 5);
}

bool tj_tt_can_move_tiles(const tj_tt_type *type, const tj_tt_layout *from)
{
    uint64_t rows = (uint64_t)1 << (tj_tt_log2_size(type) - type->log2[type->rank - 1]);
    return tj_tt_is_matrices(type, from) &&
           (((uint64_t)1 << tj_tt_log2_size(type)) + rows * PAD) * tj_tt_byte_len(type) <=
               TJ_TT_MAX_SCRATCH;
}

LLVMValueRef *tj_tt_move_tiles(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_type *type,
                               LLVMValueRef *regs, const tj_tt_layout *from,
                               const tj_tt_layout *to)
{
    LLVMTypeRef elem = LLVMTypeOf(regs[0]);
    LLVMValueRef *tiles = tj_tt_tiles_of_regs(l, from, regs), *out = tj_tt_new_regs(l, to);
    uint32_t columns = 1u << type->log2[type->rank - 1];
    uint64_t elements = (uint64_t)1 << tj_tt_log2_size(type);
    tj_tt_layout origins = *from;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        origins.lane[i] = 0;
    tj_tt_barrier(l);
    if (!tj_tt_need_scratch(l, op,
                            (elements + elements / columns * PAD) * tj_tt_byte_len(type)))
        return NULL;
    LLVMValueRef holds = tj_tt_is_holder(l, from);
    LLVMBasicBlockRef end = holds ? tj_tt_begin_if(l, holds) : NULL;
    for (uint32_t i = 0; i < 1u << (from->regs - 1); i++)
        store_tile(l, tiles[i], padded_at(l, type, elem, &origins, 2 * i), columns + PAD);
    if (end)
        tj_tt_end_if(l, end);
    tj_tt_barrier(l);
    for (uint32_t i = 0; i < 1u << to->regs; i++)
        out[i] = tj_tt_load(l, elem, padded_at(l, type, elem, to, i));
    return out;
}

/* ---- products ---------------------------------------------------------------------------- */

static LLVMValueRef multiply_add(product *p, LLVMValueRef a, LLVMValueRef b, LLVMValueRef sum)
{
    char name[120];
    LLVMValueRef args[] = {a, b, sum};
    snprintf(name, sizeof name,
             "air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64%s.v64%s.v64f32",
             type_word(p->a.elem), type_word(p->b.elem));
    return tj_tt_call(p->l, name, LLVMTypeOf(sum), args, 3);
}

/* The matrices of one operand for a step: `count` of them along the result's rows or columns.
 * `reg` is the first register of the result that they are for. */
static void load_line(product *p, const operand *o, uint32_t reg, unsigned count,
                      uint32_t reg_step, LLVMValueRef inner, LLVMValueRef *out)
{
    tj_tt_lower *l = p->l;
    bool is_a = o == &p->a;
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef outer = tj_tt_element_field(l, &p->origins, reg + i * reg_step,
                                                 mask_of(p->c, is_a ? 1 : 0));
        LLVMValueRef batch =
            tj_tt_element_field(l, &p->origins, reg + i * reg_step, mask_of(p->c, 2));
        out[i] = load_tile(p, o, batch, is_a ? outer : inner, is_a ? inner : outer);
    }
}

/* Eight of the inner dimension: step `step` of all, at `inner` of the pass. */
static void add_step(product *p, LLVMValueRef inner, uint32_t step, LLVMValueRef *sums)
{
    uint32_t rows = 1u << p->m_tiles, columns = 1u << p->n_tiles, per_batch = rows * columns;
    LLVMValueRef *a = tj_new_array(p->l->arena, LLVMValueRef, rows);
    LLVMValueRef *b = tj_new_array(p->l->arena, LLVMValueRef, columns);
    for (uint32_t batch = 0; batch < 1u << p->b_regs; batch++) {
        uint32_t first = batch * per_batch;
        if (!p->a.tiles)
            load_line(p, &p->a, 2 * first, rows, 2 * columns, inner, a);
        for (uint32_t i = 0; p->a.tiles && i < rows; i++)
            a[i] = p->a.tiles[(batch * rows + i) << (p->k - SIDE_BITS) | step];
        load_line(p, &p->b, 2 * first, columns, 2, inner, b);
        for (uint32_t i = 0; i < per_batch; i++)
            sums[first + i] = multiply_add(p, a[i / columns], b[i % columns], sums[first + i]);
    }
}

/* Steps in the body of the loop: all, when the left operand is in registers. */
static uint32_t steps_together(const product *p)
{
    uint32_t steps = 1u << (p->pass - SIDE_BITS), tiles = 1u << (p->layout.regs - 1);
    while (steps > 1 && steps * tiles > MAX_PRODUCTS && !p->a.tiles)
        steps /= 2;
    return steps;
}

static void add_steps(product *p, LLVMValueRef first, uint32_t step, uint32_t count,
                      LLVMValueRef *sums)
{
    LLVMBuilderRef b = p->l->builder;
    if (!LLVMIsConstant(first)) /* changes nothing, and says that addresses are inside */
        first = LLVMBuildAnd(b, first,
                             tj_tt_i32(p->l, (1u << p->pass) - (count << TJ_TT_SIDE_BITS)), "");
    for (uint32_t i = 0; i < count; i++)
        add_step(p, LLVMBuildNUWAdd(b, first, tj_tt_i32(p->l, i << SIDE_BITS), ""), step + i,
                 sums);
}

static void add_pass(product *p, uint32_t pass, LLVMValueRef *sums)
{
    tj_tt_lower *l = p->l;
    LLVMBuilderRef b = l->builder;
    uint32_t steps = 1u << (p->pass - SIDE_BITS), together = steps_together(p);
    uint32_t count = 1u << (p->layout.regs - 1);
    LLVMValueRef zero = tj_tt_i32(l, 0);
    if (together == steps) {
        add_steps(p, zero, pass * steps, steps, sums);
        return;
    }
    LLVMBasicBlockRef before = LLVMGetInsertBlock(b), loop = tj_tt_new_block(l, "dot");
    LLVMBasicBlockRef after = tj_tt_new_block(l, "dot_end");
    LLVMValueRef *phis = tj_new_array(l->arena, LLVMValueRef, count);
    LLVMBuildBr(b, loop);
    LLVMPositionBuilderAtEnd(b, loop);
    LLVMValueRef inner = LLVMBuildPhi(b, LLVMInt32TypeInContext(l->ctx), "k");
    LLVMAddIncoming(inner, &zero, &before, 1);
    for (uint32_t i = 0; i < count; i++) {
        phis[i] = LLVMBuildPhi(b, LLVMTypeOf(sums[i]), "");
        LLVMAddIncoming(phis[i], &sums[i], &before, 1);
        sums[i] = phis[i];
    }
    add_steps(p, inner, 0, together, sums);
    for (uint32_t i = 0; i < count; i++)
        LLVMAddIncoming(phis[i], &sums[i], &loop, 1);
    LLVMValueRef next = LLVMBuildNUWAdd(b, inner, tj_tt_i32(l, together << SIDE_BITS), "");
    LLVMAddIncoming(inner, &next, &loop, 1);
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntULT, next, tj_tt_i32(l, 1u << p->pass), ""),
                    loop, after);
    LLVMPositionBuilderAtEnd(b, after);
}

/* ---- plan -------------------------------------------------------------------------------- */

static LLVMTypeRef matrix_element(tj_tt_lower *l, const tj_tt_type *type)
{
    return tj_tt_elem_infos[type->elem].bits == 8 ? LLVMHalfTypeInContext(l->ctx)
                                                  : tj_tt_llvm_type(l, type);
}

static unsigned byte_len_of(const operand *o)
{
    unsigned byte_len = tj_tt_byte_len(o->type);
    return byte_len == 1 ? 2 : byte_len;
}

/* Neighbouring lanes write neighbours in threadgroup memory. */
static void plan_operand(product *p, operand *o, const tj_tt_value *value)
{
    const tj_tt_wants *wants = tj_tt_wants_of(p->l, value);
    *o = (operand){.value = value, .type = &value->type};
    o->elem = matrix_element(p->l, o->type);
    const tj_tt_layout *layout = wants->has_home ? &wants->home : &wants->layouts[0];
    o->is_transposed = (layout->lane[0] & mask_of(o->type, 1)) != 0;
}

/* Bytes behind the operand; fills strides for a pass. */
static uint64_t place_operand(product *p, operand *o, uint64_t offset, unsigned pad)
{
    unsigned rows = o == &p->a ? p->m : p->pass, columns = o == &p->a ? p->pass : p->n;
    unsigned lines = o->is_transposed ? columns : rows;
    if (o->tiles)
        return offset;
    o->offset = (uint32_t)offset;
    o->stride = (1u << (o->is_transposed ? rows : columns)) + pad;
    o->batch_stride = o->stride << lines;
    return offset + (((uint64_t)o->batch_stride << p->batch) * byte_len_of(o));
}

/* As much of the inner dimension as fits, padded if possible. */
static bool plan_pass(product *p)
{
    uint64_t bytes = 0;
    for (unsigned pad = PAD;; pad = 0) {
        for (p->pass = p->k;; p->pass--) {
            bytes = place_operand(p, &p->b, place_operand(p, &p->a, 0, pad), pad);
            if (bytes <= TJ_TT_MAX_SCRATCH)
                return tj_tt_need_scratch(p->l, p->op, bytes);
            if (p->pass == SIDE_BITS)
                break;
        }
        if (!pad)
            return tj_tt_need_scratch(p->l, p->op, bytes);
    }
}

/* The layout of the left operand from which its matrices need no movement. */
static tj_tt_layout left_layout(const product *p)
{
    tj_tt_layout out = {.groups = p->layout.groups};
    unsigned rows = p->k; /* where the bits of rows start; the result's start at n */
    out.reg[out.regs++] = 1;
    for (unsigned i = SIDE_BITS; i < p->k; i++)
        out.reg[out.regs++] = 1u << i;
    for (unsigned i = 0; i < p->m_tiles + p->b_regs; i++)
        out.reg[out.regs++] = p->layout.reg[1 + p->n_tiles + i] >> p->n << rows;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        out.lane[i] = p->layout.lane[i] < 1u << p->n ? p->layout.lane[i]
                                                     : p->layout.lane[i] >> p->n << rows;
    for (unsigned i = 0; i < out.groups; i++)
        out.group[i] = p->layout.group[i] >> p->n << rows;
    return out;
}

/* Takes the left operand from registers when they hold what this SIMD-group needs. */
static bool take_left_tiles(product *p)
{
    tj_tt_layout home, wanted = left_layout(p);
    LLVMValueRef *regs = tj_tt_get_home(p->l, p->a.value, &home);
    if (tj_tt_elem_infos[p->a.type->elem].bits == 8 ||
        tj_tt_plan_conversion(&home, &wanted).move != TJ_TT_MOVE_RENAME)
        return true;
    regs = tj_tt_convert(p->l, p->op, p->a.type, regs, &home, &wanted);
    if (!regs)
        return false;
    p->a.tiles = tj_tt_tiles_of_regs(p->l, &wanted, regs);
    return true;
}

static bool plan(product *p)
{
    const tj_tt_op *op = p->op;
    unsigned rank = op->results[0]->type.rank;
    p->c = &op->results[0]->type;
    p->m = p->c->log2[rank - 2];
    p->n = p->c->log2[rank - 1];
    p->k = op->operands[0]->type.log2[rank - 1];
    p->batch = rank == 3 ? p->c->log2[0] : 0;
    p->layout = tj_tt_wants_of(p->l, op->results[0])->home;
    p->origins = p->layout;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        p->origins.lane[i] = 0;
    for (unsigned i = 1; i < p->layout.regs; i++) {
        uint32_t base = p->layout.reg[i];
        p->n_tiles += (base & mask_of(p->c, 0)) != 0;
        p->m_tiles += (base & mask_of(p->c, 1)) != 0;
        p->b_regs += (base & mask_of(p->c, 2)) != 0;
    }
    plan_operand(p, &p->a, op->operands[0]);
    plan_operand(p, &p->b, op->operands[1]);
    return take_left_tiles(p) && plan_pass(p);
}

/* ---- the operation ----------------------------------------------------------------------- */

static LLVMValueRef *sums_at_start(product *p)
{
    tj_tt_lower *l = p->l;
    const tj_tt_value *start = p->op->operands[2];
    if (p->c->elem == TJ_TT_F32) {
        LLVMValueRef *tiles = tj_tt_get_tiles(l, start, &p->layout);
        LLVMValueRef *sums = tj_new_array(l->arena, LLVMValueRef, 1u << (p->layout.regs - 1));
        for (uint32_t i = 0; i < 1u << (p->layout.regs - 1); i++)
            sums[i] = tiles[i];
        return sums;
    }
    LLVMValueRef *regs = tj_tt_get(l, start, &p->layout);
    LLVMValueRef *wide = tj_tt_new_regs(l, &p->layout);
    for (uint32_t i = 0; i < 1u << p->layout.regs; i++)
        wide[i] = LLVMBuildFPExt(l->builder, regs[i], LLVMFloatTypeInContext(l->ctx), "");
    return tj_tt_tiles_of_regs(l, &p->layout, wide);
}

static bool define(product *p, LLVMValueRef *sums)
{
    tj_tt_lower *l = p->l;
    const tj_tt_value *result = p->op->results[0];
    LLVMTypeRef type = tj_tt_llvm_type(l, p->c);
    if (p->c->elem == TJ_TT_F32)
        return tj_tt_define_tiles(l, p->op, result, &p->layout, sums);
    LLVMValueRef *regs = tj_tt_regs_of_tiles(l, &p->layout, sums);
    for (uint32_t i = 0; i < 1u << p->layout.regs; i++)
        regs[i] = LLVMBuildFPTrunc(l->builder, regs[i], type, "");
    return tj_tt_define_home(l, p->op, result, &p->layout, regs);
}

bool tj_tt_lower_matrix_dot(tj_tt_lower *l, const tj_tt_op *op)
{
    product p = {.l = l, .op = op};
    if (!plan(&p))
        return false;
    LLVMValueRef *sums = sums_at_start(&p);
    for (uint32_t pass = 0; pass < 1u << (p.k - p.pass); pass++) {
        tj_tt_barrier(l);
        if (!p.a.tiles)
            stage(&p, &p.a, pass);
        stage(&p, &p.b, pass);
        tj_tt_barrier(l);
        add_pass(&p, pass, sums);
    }
    return define(&p, sums);
}
