/* SPDX-License-Identifier: MIT */
/* Loads, stores, atomics through pointers; gathers and histograms through threadgroup memory.
 */
#include "ttir/lower.h"

/* ---- loads ------------------------------------------------------------------------------- */

/* Registers that share a mask share a branch. */
static bool is_first_of_mask(LLVMValueRef *masks, uint32_t reg)
{
    for (uint32_t i = 0; i < reg; i++)
        if (masks[i] == masks[reg])
            return false;
    return true;
}

static bool is_constant(LLVMValueRef mask, bool value)
{
    return LLVMIsAConstantInt(mask) && (LLVMConstIntGetZExtValue(mask) != 0) == value;
}

/* Under one mask: pointers that it holds for are read, the other elements stay what they were.
 */
static void load_masked(tj_tt_lower *l, LLVMTypeRef elem, LLVMValueRef *pointers,
                        LLVMValueRef *masks, uint32_t reg, uint32_t count, LLVMValueRef *out)
{
    LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder);
    LLVMBasicBlockRef after = tj_tt_begin_if(l, masks[reg]);
    LLVMBasicBlockRef then = LLVMGetInsertBlock(l->builder);
    LLVMValueRef *loaded = tj_new_array(l->arena, LLVMValueRef, count);
    for (uint32_t i = reg; i < count; i++)
        if (masks[i] == masks[reg])
            loaded[i] = tj_tt_load(l, elem, pointers[i]);
    tj_tt_end_if(l, after);
    for (uint32_t i = reg; i < count; i++) {
        if (masks[i] != masks[reg])
            continue;
        LLVMValueRef phi = LLVMBuildPhi(l->builder, elem, "");
        LLVMAddIncoming(phi, &loaded[i], &then, 1);
        LLVMAddIncoming(phi, &out[i], &before, 1);
        loaded[i] = phi;
    }
    for (uint32_t i = reg; i < count; i++)
        if (masks[i] == masks[reg])
            out[i] = loaded[i];
}

static bool load_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    uint32_t count = 1u << layout->regs;
    LLVMTypeRef elem = tj_tt_llvm_type(l, &op->results[0]->type);
    LLVMValueRef *pointers = tj_tt_get(l, op->operands[0], layout);
    LLVMValueRef *masks = op->operand_count > 1 ? tj_tt_get(l, op->operands[1], layout) : NULL;
    LLVMValueRef *others = op->operand_count > 2 ? tj_tt_get(l, op->operands[2], layout) : NULL;
    LLVMValueRef *regs = tj_tt_new_regs(l, layout);
    tj_tt_before_load(l, op, layout);
    for (uint32_t i = 0; i < count; i++)
        regs[i] = others ? others[i] : LLVMConstNull(elem);
    for (uint32_t i = 0; i < count; i++) {
        if (!masks || is_constant(masks[i], true))
            regs[i] = tj_tt_load(l, elem, pointers[i]);
        else if (!is_constant(masks[i], false) && is_first_of_mask(masks, i))
            load_masked(l, elem, pointers, masks, i, count, regs);
    }
    tj_tt_set(l, op->results[0], layout, regs);
    return true;
}

/* A load without a use is still made: it may be out of bounds, and the check says so. */
bool tj_tt_lower_load(tj_tt_lower *l, const tj_tt_op *op)
{
    return tj_tt_in_layouts(l, op, load_in);
}

/* ---- stores ------------------------------------------------------------------------------ */

static LLVMValueRef both(tj_tt_lower *l, LLVMValueRef a, LLVMValueRef b)
{
    return a && b ? LLVMBuildAnd(l->builder, a, b, "") : a ? a : b;
}

/* One thread of a program does what scalars do. */
static LLVMValueRef is_first_thread(tj_tt_lower *l)
{
    LLVMValueRef any = LLVMBuildOr(l->builder, l->lane, l->group, "");
    return LLVMBuildICmp(l->builder, LLVMIntEQ, any, tj_tt_i32(l, 0), "");
}

LLVMValueRef tj_tt_holds(tj_tt_lower *l, const tj_tt_type *type, const tj_tt_layout *layout)
{
    return type->form == TJ_TT_TENSOR ? tj_tt_is_holder(l, layout) : is_first_thread(l);
}

bool tj_tt_lower_store(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_layout layout = tj_tt_op_layout(&l->frame->assigned, op);
    uint32_t count = 1u << layout.regs;
    LLVMValueRef *pointers = tj_tt_get(l, op->operands[0], &layout);
    LLVMValueRef *values = tj_tt_get(l, op->operands[1], &layout);
    LLVMValueRef *masks = op->operand_count > 2 ? tj_tt_get(l, op->operands[2], &layout) : NULL;
    tj_tt_place free_bits = tj_tt_free_bits(&layout);
    tj_tt_before_store(l, op, &layout);
    LLVMValueRef holds = tj_tt_holds(l, &op->operands[0]->type, &layout);
    LLVMBasicBlockRef outer = holds ? tj_tt_begin_if(l, holds) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        bool is_bare = !masks || is_constant(masks[i], true);
        if (free_bits.reg & i || (!is_bare && !is_first_of_mask(masks, i)))
            continue;
        LLVMBasicBlockRef after = is_bare ? NULL : tj_tt_begin_if(l, masks[i]);
        for (uint32_t k = i; k < (is_bare ? i + 1 : count); k++)
            if (!(free_bits.reg & k) && (is_bare || masks[k] == masks[i]))
                tj_tt_store(l, values[k], pointers[k]);
        if (after)
            tj_tt_end_if(l, after);
    }
    if (outer)
        tj_tt_end_if(l, outer);
    return true;
}

/* ---- atomics ----------------------------------------------------------------------------- */

/* Before a release and after an acquire all threads of the program meet. */
static void order(tj_tt_lower *l, const tj_tt_op *op, bool is_before)
{
    enum { RELAXED = 1, ACQUIRE = 2, RELEASE = 3 };
    int sem = tj_tt_word(op, "sem", 4);
    if (sem != RELAXED && sem != (is_before ? ACQUIRE : RELEASE))
        tj_tt_barrier_all(l);
}

/* Elements that only some places hold go from them to the others through memory. */
static bool spread_results(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout,
                           LLVMValueRef *regs, LLVMTypeRef elem)
{
    const tj_tt_type *type = &op->results[0]->type;
    bool is_tensor = type->form == TJ_TT_TENSOR;
    LLVMValueRef holds = tj_tt_holds(l, &op->operands[0]->type, layout);
    if (!holds)
        return true;
    uint32_t offset;
    uint64_t bytes = (uint64_t)tj_tt_byte_len(type) << tj_tt_log2_size(type);
    if (!tj_tt_take_scratch(l, op, bytes, &offset))
        return false;
    LLVMBasicBlockRef after = tj_tt_begin_if(l, holds);
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        tj_tt_store(
            l, regs[i],
            tj_tt_scratch_at(l, elem, offset,
                             is_tensor ? tj_tt_element_index(l, layout, i) : tj_tt_i32(l, 0)));
    tj_tt_end_if(l, after);
    tj_tt_barrier(l);
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        regs[i] = tj_tt_load(
            l, elem,
            tj_tt_scratch_at(l, elem, offset,
                             is_tensor ? tj_tt_element_index(l, layout, i) : tj_tt_i32(l, 0)));
    return true;
}

static bool lower_atomic(tj_tt_lower *l, const tj_tt_op *op, tj_tt_element_fn *make)
{
    tj_tt_layout layout = tj_tt_op_layout(&l->frame->assigned, op);
    LLVMTypeRef elem = tj_tt_llvm_type(l, &op->results[0]->type);
    LLVMValueRef *operands[3], *regs = tj_tt_new_regs(l, &layout), one[3];
    tj_tt_place free_bits = tj_tt_free_bits(&layout);
    for (uint32_t i = 0; i < op->operand_count; i++)
        operands[i] = tj_tt_get(l, op->operands[i], &layout);
    LLVMValueRef holds = tj_tt_holds(l, &op->operands[0]->type, &layout);
    order(l, op, true);
    tj_tt_before_store(l, op, &layout);
    for (uint32_t i = 0; i < 1u << layout.regs; i++) {
        if (i & free_bits.reg) {
            regs[i] = regs[i & ~free_bits.reg];
            continue;
        }
        for (uint32_t k = 0; k < op->operand_count; k++)
            one[k] = operands[k][i];
        bool has_mask = op->kind == TJ_TT_OP_ATOMIC_RMW && op->operand_count > 2;
        LLVMValueRef when = both(l, holds, has_mask ? one[2] : NULL);
        LLVMBasicBlockRef before = LLVMGetInsertBlock(l->builder);
        LLVMBasicBlockRef after = when ? tj_tt_begin_if(l, when) : NULL;
        LLVMValueRef old = make(l, op, one), zero = LLVMConstNull(elem);
        if (!old)
            return false;
        regs[i] = old;
        if (after) {
            LLVMBasicBlockRef then = LLVMGetInsertBlock(l->builder);
            tj_tt_end_if(l, after);
            regs[i] = LLVMBuildPhi(l->builder, elem, "");
            LLVMAddIncoming(regs[i], &old, &then, 1);
            LLVMAddIncoming(regs[i], &zero, &before, 1);
        }
    }
    order(l, op, false);
    const tj_tt_wants *wants = tj_tt_wants_of(l, op->results[0]);
    if (wants->is_used && !spread_results(l, op, &layout, regs, elem))
        return false;
    return !wants->is_used || tj_tt_define_home(l, op, op->results[0], &layout, regs);
}

bool tj_tt_lower_atomic_rmw(tj_tt_lower *l, const tj_tt_op *op)
{
    return lower_atomic(l, op, tj_tt_rmw_element);
}

bool tj_tt_lower_atomic_cas(tj_tt_lower *l, const tj_tt_op *op)
{
    return lower_atomic(l, op, tj_tt_cas_element);
}

bool tj_tt_lower_atomic_poll(tj_tt_lower *l, const tj_tt_op *op)
{
    return lower_atomic(l, op, tj_tt_poll_element);
}

/* ---- through threadgroup memory ---------------------------------------------------------- */

/* The whole tensor at its elements' numbers. */
static bool store_all(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_type *type,
                      const tj_tt_layout *layout, LLVMValueRef *regs, uint32_t *offset)
{
    LLVMTypeRef elem = LLVMTypeOf(regs[0]);
    tj_tt_place free_bits = tj_tt_free_bits(layout);
    uint64_t bytes = (uint64_t)tj_tt_byte_len(type) << tj_tt_log2_size(type);
    if (!tj_tt_take_scratch(l, op, bytes, offset))
        return false;
    LLVMValueRef holds = tj_tt_is_holder(l, layout);
    LLVMBasicBlockRef after = holds ? tj_tt_begin_if(l, holds) : NULL;
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        if (!(i & free_bits.reg))
            tj_tt_store(l, regs[i],
                        tj_tt_scratch_at(l, elem, *offset, tj_tt_element_index(l, layout, i)));
    if (after)
        tj_tt_end_if(l, after);
    tj_tt_barrier(l);
    return true;
}

/* Element (i, j) of the result is element (index(i, j), j) of the source for axis 0. */
static LLVMValueRef source_index(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout,
                                 uint32_t reg, LLVMValueRef index)
{
    const tj_tt_type *from = &op->operands[0]->type, *to = &op->results[0]->type;
    unsigned axis = (unsigned)tj_tt_int_attr(op, "axis", 0);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(l->ctx);
    LLVMValueRef sum = LLVMBuildIntCast2(l->builder, index, i32, false, "");
    /* an index outside is taken modulo the size: it stays in the tensor */
    sum = LLVMBuildAnd(l->builder, sum, tj_tt_i32(l, (1u << from->log2[axis]) - 1), "");
    sum = LLVMBuildShl(l->builder, sum, tj_tt_i32(l, tj_tt_dim_shift(from, axis)), "");
    for (unsigned d = 0; d < to->rank; d++) {
        if (d == axis || !to->log2[d])
            continue;
        LLVMValueRef part = tj_tt_element_field(l, layout, reg, tj_tt_dim_mask(to, d));
        part = LLVMBuildShl(l->builder, part, tj_tt_i32(l, tj_tt_dim_shift(from, d)), "");
        sum = LLVMBuildAdd(l->builder, sum, part, "");
    }
    return sum;
}

bool tj_tt_lower_gather(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_layout from;
    const tj_tt_wants *wants = tj_tt_wants_of(l, op->results[0]);
    if (!wants->is_used)
        return true;
    tj_tt_layout layout = wants->home;
    LLVMValueRef *source = tj_tt_get_home(l, op->operands[0], &from);
    LLVMValueRef *indices = tj_tt_get(l, op->operands[1], &layout);
    LLVMValueRef *regs = tj_tt_new_regs(l, &layout);
    LLVMTypeRef elem = LLVMTypeOf(source[0]);
    uint32_t offset;
    if (!store_all(l, op, &op->operands[0]->type, &from, source, &offset))
        return false;
    for (uint32_t i = 0; i < 1u << layout.regs; i++)
        regs[i] = tj_tt_load(
            l, elem,
            tj_tt_scratch_at(l, elem, offset, source_index(l, op, &layout, i, indices[i])));
    return tj_tt_define_home(l, op, op->results[0], &layout, regs);
}

/* Counts in threadgroup memory, which start at zero. */
bool tj_tt_lower_histogram(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_layout from;
    const tj_tt_wants *wants = tj_tt_wants_of(l, op->results[0]);
    if (!wants->is_used)
        return true;
    tj_tt_layout layout = wants->home;
    const tj_tt_type *type = &op->results[0]->type;
    LLVMTypeRef i32 = LLVMInt32TypeInContext(l->ctx);
    LLVMValueRef *values = tj_tt_get_home(l, op->operands[0], &from);
    LLVMValueRef *masks = op->operand_count > 1 ? tj_tt_get(l, op->operands[1], &from) : NULL;
    LLVMValueRef *zeros = tj_tt_new_regs(l, &layout), *regs = tj_tt_new_regs(l, &layout);
    tj_tt_place free_bits = tj_tt_free_bits(&from);
    for (uint32_t i = 0; i < 1u << layout.regs; i++)
        zeros[i] = tj_tt_i32(l, 0);
    uint32_t offset;
    if (!store_all(l, op, type, &layout, zeros, &offset))
        return false;
    LLVMValueRef holds = tj_tt_is_holder(l, &from);
    for (uint32_t i = 0; i < 1u << from.regs; i++) {
        if (i & free_bits.reg)
            continue;
        LLVMValueRef counts = LLVMBuildICmp(l->builder, LLVMIntULT, values[i],
                                            tj_tt_i32(l, 1u << type->log2[0]), "");
        counts = both(l, both(l, counts, holds), masks ? masks[i] : NULL);
        LLVMBasicBlockRef after = tj_tt_begin_if(l, counts);
        LLVMValueRef args[] = {tj_tt_scratch_at(l, i32, offset, values[i]), tj_tt_i32(l, 1),
                               tj_tt_i32(l, 0), tj_tt_i32(l, 1), tj_tt_int(l, 1, 1)};
        tj_tt_call(l, "air.atomic.local.add.u.i32", i32, args, 5);
        tj_tt_end_if(l, after);
    }
    tj_tt_barrier(l);
    for (uint32_t i = 0; i < 1u << layout.regs; i++)
        regs[i] = tj_tt_load(
            l, i32, tj_tt_scratch_at(l, i32, offset, tj_tt_element_index(l, &layout, i)));
    return tj_tt_define_home(l, op, op->results[0], &layout, regs);
}

bool tj_tt_lower_barrier(tj_tt_lower *l, const tj_tt_op *op)
{
    (void)op;
    tj_tt_barrier_all(l);
    return true;
}
