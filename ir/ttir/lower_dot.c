/* SPDX-License-Identifier: MIT */
/* tt.dot of whole numbers, of doubles and of blocks too small for SIMD-group matrices
 * (lower_matrix.c): operands in threadgroup memory, sums in registers, a loop over the inner
 * dimension.
 *
 * A pass takes as much of the inner dimension as threadgroup memory has room for. Any element
 * type, any shape.
 */
#include "ttir/lower.h"

typedef struct dot {
    tj_tt_lower *l;
    const tj_tt_op *op;
    const tj_tt_type *a, *b, *c;
    unsigned m, n, k, batch; /* log2 */
    unsigned pass;           /* log2 of the inner elements of one pass */
    tj_tt_layout layout;     /* of the result */
    LLVMTypeRef a_elem, b_elem, sum_type;
    tj_tt_elem sum; /* of floats: f32, f64 where one of the three is */
    uint32_t b_offset;
    bool is_int;
} dot;

static LLVMValueRef shift(tj_tt_lower *l, LLVMValueRef value, unsigned bits)
{
    return bits ? LLVMBuildShl(l->builder, value, tj_tt_i32(l, bits), "") : value;
}

static uint32_t dim_mask(const tj_tt_type *type, unsigned from_the_last)
{
    return type->rank > from_the_last ? tj_tt_dim_mask(type, type->rank - 1 - from_the_last)
                                      : 0;
}

/* Where an operand's element is: batch, row, column; the inner index modulo the pass. */
static LLVMValueRef staged_index(dot *d, bool is_a, LLVMValueRef batch, LLVMValueRef outer,
                                 LLVMValueRef inner)
{
    tj_tt_lower *l = d->l;
    unsigned rows = is_a ? d->m : d->pass, columns = is_a ? d->pass : d->n;
    LLVMValueRef row = is_a ? outer : inner, column = is_a ? inner : outer;
    LLVMValueRef sum = LLVMBuildAdd(l->builder, shift(l, row, columns), column, "");
    return d->batch ? LLVMBuildAdd(l->builder, shift(l, batch, rows + columns), sum, "") : sum;
}

/* Writes the elements of one pass. */
static void stage(dot *d, bool is_a, uint32_t pass)
{
    tj_tt_lower *l = d->l;
    const tj_tt_value *value = d->op->operands[is_a ? 0 : 1];
    tj_tt_layout from;
    LLVMValueRef *regs = tj_tt_get_home(l, value, &from);
    tj_tt_place free_bits = tj_tt_free_bits(&from);
    uint32_t inner_mask = dim_mask(&value->type, is_a ? 0 : 1);
    LLVMValueRef holds = tj_tt_is_holder(l, &from);
    LLVMBasicBlockRef outer_end = holds ? tj_tt_begin_if(l, holds) : NULL;
    for (uint32_t i = 0; i < 1u << from.regs; i++) {
        if (i & free_bits.reg)
            continue;
        LLVMValueRef inner = tj_tt_element_field(l, &from, i, inner_mask);
        LLVMValueRef outer =
            tj_tt_element_field(l, &from, i, dim_mask(&value->type, is_a ? 1 : 0));
        LLVMValueRef batch = tj_tt_element_field(l, &from, i, dim_mask(&value->type, 2));
        LLVMBasicBlockRef end = NULL;
        if (d->pass < d->k) {
            LLVMValueRef own = LLVMBuildLShr(l->builder, inner, tj_tt_i32(l, d->pass), "");
            end = tj_tt_begin_if(
                l, LLVMBuildICmp(l->builder, LLVMIntEQ, own, tj_tt_i32(l, pass), ""));
            inner = LLVMBuildAnd(l->builder, inner, tj_tt_i32(l, (1u << d->pass) - 1), "");
        }
        tj_tt_store(l, regs[i],
                    tj_tt_scratch_at(l, LLVMTypeOf(regs[i]), is_a ? 0 : d->b_offset,
                                     staged_index(d, is_a, batch, outer, inner)));
        if (end)
            tj_tt_end_if(l, end);
    }
    if (outer_end)
        tj_tt_end_if(l, outer_end);
}

static LLVMValueRef widen(dot *d, LLVMValueRef value, const tj_tt_type *type)
{
    LLVMBuilderRef b = d->l->builder;
    tj_tt_type one = tj_tt_scalar((tj_tt_elem)type->elem), wide = tj_tt_scalar(d->sum);
    if (d->is_int)
        return LLVMBuildIntCast2(b, value, d->sum_type, true, "");
    tj_tt_value from = {.type = one}, to = {.type = wide};
    tj_tt_value *operand = &from, *result = &to;
    tj_tt_op cast = {.kind = TJ_TT_OP_EXTF,
                     .operands = &operand,
                     .operand_count = 1,
                     .results = &result,
                     .result_count = 1};
    return tj_tt_lower_cast(d->l, &cast, value);
}

/* An operand's element for a register of the result; registers that share it share the load. */
static LLVMValueRef staged_element(dot *d, bool is_a, uint32_t reg, LLVMValueRef inner)
{
    tj_tt_lower *l = d->l;
    LLVMValueRef outer = tj_tt_element_field(l, &d->layout, reg, dim_mask(d->c, is_a ? 1 : 0));
    LLVMValueRef batch = tj_tt_element_field(l, &d->layout, reg, dim_mask(d->c, 2));
    LLVMTypeRef elem = is_a ? d->a_elem : d->b_elem;
    LLVMValueRef at = tj_tt_scratch_at(l, elem, is_a ? 0 : d->b_offset,
                                       staged_index(d, is_a, batch, outer, inner));
    return widen(d, tj_tt_load(l, elem, at), is_a ? d->a : d->b);
}

/* Elements of an operand that registers with the same `mask` bits share. */
static void load_row(dot *d, bool is_a, LLVMValueRef inner, LLVMValueRef *out)
{
    uint32_t other = dim_mask(d->c, is_a ? 0 : 1);
    for (uint32_t i = 0; i < 1u << d->layout.regs; i++) {
        uint32_t own = tj_tt_element(&d->layout, (tj_tt_place){.reg = i}) & ~other;
        out[i] = NULL;
        for (uint32_t k = 0; k < i && !out[i]; k++)
            if ((tj_tt_element(&d->layout, (tj_tt_place){.reg = k}) & ~other) == own)
                out[i] = out[k];
        if (!out[i])
            out[i] = staged_element(d, is_a, i, inner);
    }
}

static LLVMValueRef multiply_add(dot *d, LLVMValueRef a, LLVMValueRef b, LLVMValueRef sum)
{
    LLVMValueRef args[] = {a, b, sum};
    if (d->is_int)
        return LLVMBuildAdd(d->l->builder, LLVMBuildMul(d->l->builder, a, b, ""), sum, "");
    return tj_tt_call(d->l, d->sum == TJ_TT_F64 ? "air.fma.f64" : "air.fma.f32", d->sum_type,
                      args, 3);
}

static void sum_pass(dot *d, LLVMValueRef *sums)
{
    tj_tt_lower *l = d->l;
    uint32_t count = 1u << d->layout.regs;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder), loop = tj_tt_new_block(l, "dot");
    LLVMBasicBlockRef after = tj_tt_new_block(l, "dot_end");
    LLVMValueRef zero = tj_tt_i32(l, 0), *phis = tj_tt_new_regs(l, &d->layout);
    LLVMValueRef *a = tj_tt_new_regs(l, &d->layout), *b = tj_tt_new_regs(l, &d->layout);
    LLVMBuildBr(l->builder, loop);
    LLVMPositionBuilderAtEnd(l->builder, loop);
    LLVMValueRef inner = LLVMBuildPhi(l->builder, LLVMInt32TypeInContext(l->ctx), "k");
    LLVMAddIncoming(inner, &zero, &before, 1);
    for (uint32_t i = 0; i < count; i++) {
        phis[i] = LLVMBuildPhi(l->builder, d->sum_type, "");
        LLVMAddIncoming(phis[i], &sums[i], &before, 1);
    }
    load_row(d, true, inner, a);
    load_row(d, false, inner, b);
    for (uint32_t i = 0; i < count; i++)
        sums[i] = multiply_add(d, a[i], b[i], phis[i]);
    for (uint32_t i = 0; i < count; i++)
        LLVMAddIncoming(phis[i], &sums[i], &loop, 1);
    LLVMValueRef next = LLVMBuildNSWAdd(l->builder, inner, tj_tt_i32(l, 1), "");
    LLVMAddIncoming(inner, &next, &loop, 1);
    LLVMValueRef more =
        LLVMBuildICmp(l->builder, LLVMIntSLT, next, tj_tt_i32(l, 1u << d->pass), "");
    LLVMBuildCondBr(l->builder, more, loop, after);
    LLVMPositionBuilderAtEnd(l->builder, after);
}

static bool plan(dot *d)
{
    const tj_tt_op *op = d->op;
    d->a = &op->operands[0]->type;
    d->b = &op->operands[1]->type;
    d->c = &op->results[0]->type;
    unsigned rank = d->c->rank;
    d->m = d->c->log2[rank - 2];
    d->n = d->c->log2[rank - 1];
    d->k = d->a->log2[rank - 1];
    d->batch = rank == 3 ? d->c->log2[0] : 0;
    d->a_elem = tj_tt_llvm_type(d->l, d->a);
    d->b_elem = tj_tt_llvm_type(d->l, d->b);
    d->is_int = tj_tt_is_int(d->c);
    bool is_double = d->a->elem == TJ_TT_F64 || d->b->elem == TJ_TT_F64;
    d->sum = is_double || d->c->elem == TJ_TT_F64 ? TJ_TT_F64 : TJ_TT_F32;
    tj_tt_type sum = tj_tt_scalar(d->is_int ? (tj_tt_elem)d->c->elem : d->sum);
    d->sum_type = tj_tt_llvm_type(d->l, &sum);
    d->layout = tj_tt_wants_of(d->l, op->results[0])->home;
    if (tj_tt_elem_infos[d->a->elem].bits < 8)
        return tj_tt_refuse(d->l, op, "operands of %s", tj_tt_elem_infos[d->a->elem].name);
    for (d->pass = d->k;; d->pass--) {
        uint64_t a_bytes = (uint64_t)tj_tt_byte_len(d->a) << (d->batch + d->m + d->pass);
        uint64_t b_bytes = (uint64_t)tj_tt_byte_len(d->b) << (d->batch + d->n + d->pass);
        d->b_offset = (uint32_t)((a_bytes + 15) / 16 * 16);
        if (d->b_offset + b_bytes <= TJ_TT_MAX_SCRATCH || !d->pass)
            return tj_tt_need_scratch(d->l, op, d->b_offset + b_bytes);
    }
}

static LLVMValueRef narrow(dot *d, LLVMValueRef sum)
{
    LLVMTypeRef type = tj_tt_llvm_type(d->l, d->c);
    return LLVMTypeOf(sum) == type ? sum : LLVMBuildFPTrunc(d->l->builder, sum, type, "");
}

bool tj_tt_lower_dot(tj_tt_lower *l, const tj_tt_op *op)
{
    dot d = {.l = l, .op = op};
    if (!tj_tt_wants_of(l, op->results[0])->is_used)
        return true;
    if (tj_tt_has_matrices(op))
        return tj_tt_lower_matrix_dot(l, op);
    if (!plan(&d))
        return false;
    LLVMValueRef *start = tj_tt_get(l, op->operands[2], &d.layout);
    LLVMValueRef *sums = tj_tt_new_regs(l, &d.layout);
    for (uint32_t i = 0; i < 1u << d.layout.regs; i++)
        sums[i] = widen(&d, start[i], d.c);
    for (uint32_t pass = 0; pass < 1u << (d.k - d.pass); pass++) {
        tj_tt_barrier(l);
        stage(&d, true, pass);
        stage(&d, false, pass);
        tj_tt_barrier(l);
        sum_pass(&d, sums);
    }
    for (uint32_t i = 0; i < 1u << d.layout.regs; i++)
        sums[i] = narrow(&d, sums[i]);
    return tj_tt_define_home(l, op, op->results[0], &d.layout, sums);
}
