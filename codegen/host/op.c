/* SPDX-License-Identifier: MIT */
/* Arithmetic, comparisons, casts, selects and the moving of elements, leaf by leaf. */
#include "affine.h"
#include "host.h"

#include <assert.h>

/* Evaluates a leaf of `inst` from scalars or from vectors. */
typedef LLVMValueRef leaf_fn(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector);

/* i1: all operands with guards are in range. */
static LLVMValueRef join_ranges(tj_gen *g, LLVMValueRef inst, uint32_t index)
{
    uint32_t own_count = tj_leaf_count(LLVMTypeOf(inst));
    LLVMValueRef range = NULL;
    int count = LLVMGetNumOperands(inst);

    for (int i = 0; i < count; i++) {
        LLVMValueRef value = LLVMGetOperand(inst, (unsigned)i);
        uint32_t leaves =
            tj_facts_find(&g->facts, value) ? tj_leaf_count(LLVMTypeOf(value)) : 0;
        LLVMValueRef one;

        if (leaves != 1 && leaves != own_count)
            continue;
        one = tj_in_range(g, value, leaves == 1 ? 0 : index);
        if (one)
            range = range ? LLVMBuildAnd(g->b, range, one, "") : one;
    }
    return range;
}

static LLVMValueRef add_deltas(tj_gen *g, LLVMValueRef a, LLVMValueRef b, bool is_minus)
{
    if (!b)
        return a;
    if (!a)
        return is_minus ? LLVMBuildNeg(g->b, b, "") : b;
    return is_minus ? LLVMBuildSub(g->b, a, b, "") : LLVMBuildAdd(g->b, a, b, "");
}

/* Delta of a guarded leaf. Sums take the operands' deltas as they are; anything else is
 * computed for all lanes, less lane 0. */
static LLVMValueRef delta_of(tj_gen *g, LLVMValueRef inst, uint32_t index, leaf_fn *make)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);

    if (opcode == LLVMAdd || opcode == LLVMSub)
        return add_deltas(g, tj_delta(g, LLVMGetOperand(inst, 0), index),
                          tj_delta(g, LLVMGetOperand(inst, 1), index), opcode == LLVMSub);
    LLVMValueRef scalar = tj_splat(g, tj_use_scalar(g, inst, index));

    return LLVMBuildSub(g->b, make(g, inst, index, true), scalar, "");
}

/* Sets the leaf in the form that its shape asks for; guarded affine leaves get both. */
static void set_leaf(tj_gen *g, LLVMValueRef inst, uint32_t index, leaf_fn *make,
                     LLVMValueRef extra_range)
{
    tj_leaf leaf = tj_leaf_of(g, inst, index);

    if (leaf.shape.kind == TJ_VARYING) {
        tj_set_vector(g, inst, index, make(g, inst, index, true));
        return;
    }
    tj_set_scalar(g, inst, index, make(g, inst, index, false));
    if (!leaf.shape.is_guarded)
        return;
    LLVMValueRef range = join_ranges(g, inst, index);

    if (extra_range)
        range = range ? LLVMBuildAnd(g->b, range, extra_range, "") : extra_range;
    tj_set_guarded(g, inst, index, range, delta_of(g, inst, index, make));
}

static LLVMValueRef make_binary(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef a = tj_operand(g, LLVMGetOperand(inst, 0), index, as_vector);
    LLVMValueRef b = tj_operand(g, LLVMGetOperand(inst, 1), index, as_vector);

    return tj_binary(g, LLVMGetInstructionOpcode(inst), a, b, tj_flags_of(g, inst));
}

static LLVMValueRef make_negation(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef a = tj_operand(g, LLVMGetOperand(inst, 0), index, as_vector);
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(a));

    if (scalar != g->t.bfloat)
        return tj_with_flags(LLVMBuildFNeg(g->b, a, ""), tj_flags_of(g, inst));
    LLVMValueRef bits = LLVMBuildBitCast(g->b, a, tj_type_like(a, g->t.i16), "");

    bits = LLVMBuildXor(g->b, bits, tj_const_like(a, g->t.i16, 0x8000), "");
    return LLVMBuildBitCast(g->b, bits, LLVMTypeOf(a), "");
}

/* Pointers are compared as addresses. */
static LLVMValueRef compare_operand(tj_gen *g, LLVMValueRef value, uint32_t index,
                                    bool as_vector)
{
    if (LLVMGetTypeKind(tj_leaf_type(LLVMTypeOf(value), index)) == LLVMPointerTypeKind)
        return tj_address(g, value, index, as_vector);
    return tj_operand(g, value, index, as_vector);
}

static LLVMValueRef make_compare(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef a = compare_operand(g, LLVMGetOperand(inst, 0), index, as_vector);
    LLVMValueRef b = compare_operand(g, LLVMGetOperand(inst, 1), index, as_vector);

    if (LLVMGetInstructionOpcode(inst) == LLVMICmp)
        return LLVMBuildICmp(g->b, LLVMGetICmpPredicate(inst), a, b, "");
    return tj_with_flags(LLVMBuildFCmp(g->b, LLVMGetFCmpPredicate(inst), tj_to_computed(g, a),
                                       tj_to_computed(g, b), ""),
                         tj_flags_of(g, inst));
}

static LLVMValueRef make_select(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef condition = LLVMGetOperand(inst, 0);
    uint32_t which = LLVMGetTypeKind(LLVMTypeOf(condition)) == LLVMVectorTypeKind ? index : 0;
    bool is_varying = tj_leaf_of(g, condition, which).shape.kind == TJ_VARYING;
    LLVMValueRef c = tj_operand(g, condition, which, is_varying);
    bool is_address = tj_leaf_of(g, inst, index).root.kind == TJ_ROOT_ANY;
    LLVMValueRef sides[2];

    for (unsigned i = 0; i < 2; i++) {
        LLVMValueRef value = LLVMGetOperand(inst, i + 1);

        sides[i] = is_address ? tj_address(g, value, index, as_vector)
                              : tj_operand(g, value, index, as_vector);
    }
    if (tj_is_tile(LLVMTypeOf(inst)) && is_varying)
        c = tj_tile_mask(g, c); /* each lane chooses its pair */
    return LLVMBuildSelect(g->b, c, sides[0], sides[1], "");
}

/* Saturating conversions only: tj_canon removed the others. */
static LLVMValueRef make_cast(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef a = tj_operand(g, LLVMGetOperand(inst, 0), index, as_vector);
    LLVMTypeRef scalar = tj_leaf_type(LLVMTypeOf(inst), index);
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);

    switch (opcode) {
    case LLVMFPExt:
    case LLVMFPTrunc:
        return tj_from_computed(g, tj_to_computed(g, a), scalar);
    case LLVMUIToFP:
    case LLVMSIToFP:
        return tj_int_to_float(g, a, scalar, opcode == LLVMSIToFP);
    default:
        return LLVMBuildCast(g->b, opcode, a, tj_type_like(a, scalar), "");
    }
}

/* Adds the extremes of coefficient times constants to `low` and `high`. */
static void widen_range(tj_gen *g, const tj_term *term, LLVMTypeRef type, bool is_signed,
                        LLVMValueRef *low, LLVMValueRef *high)
{
    tj_algebra alg = {g->arena, g->lanes};
    LLVMValueRef u = LLVMBuildCast(g->b, is_signed ? LLVMSExt : LLVMZExt,
                                   tj_coefficient(g, term, type), g->t.i64, "");
    LLVMValueRef most = LLVMBuildMul(g->b, u, tj_i64(g, (uint64_t)tj_k_max(&alg, term->k)), "");
    LLVMValueRef least =
        LLVMBuildMul(g->b, u, tj_i64(g, (uint64_t)tj_k_min(&alg, term->k)), "");

    if (is_signed) {
        *high = LLVMBuildAdd(g->b, *high, tj_llvm2(g, "llvm.smax", most, least), "");
        *low = LLVMBuildAdd(g->b, *low, tj_llvm2(g, "llvm.smin", most, least), "");
    } else {
        *high = LLVMBuildAdd(g->b, *high, most, "");
    }
}

/* i1: base plus constants of an affine operand stays inside its width, so that extending lane 0
 * extends all lanes; NULL where that is known. */
static LLVMValueRef range_of_extension(tj_gen *g, LLVMValueRef value, uint32_t index,
                                       bool is_signed)
{
    tj_leaf leaf = tj_leaf_of(g, value, index);
    tj_algebra alg = {g->arena, g->lanes};
    unsigned bits = tj_leaf_bits(leaf.type);
    LLVMValueRef base, low, high;

    if (!tj_shape_needs_guard(&alg, &leaf.shape, is_signed ? TJ_CAST_SEXT : TJ_CAST_ZEXT, bits))
        return NULL;
    base = LLVMBuildCast(g->b, is_signed ? LLVMSExt : LLVMZExt, tj_use_scalar(g, value, index),
                         g->t.i64, "");
    high = LLVMBuildAdd(g->b, base, tj_i64(g, (uint64_t)tj_k_max(&alg, leaf.shape.k)), "");
    low = LLVMBuildAdd(g->b, base, tj_i64(g, (uint64_t)tj_k_min(&alg, leaf.shape.k)), "");
    for (int t = 0; t < leaf.shape.term_count; t++)
        widen_range(g, &leaf.shape.terms[t], leaf.type, is_signed, &low, &high);
    if (!is_signed)
        return LLVMBuildICmp(g->b, LLVMIntULE, high, tj_i64(g, tj_width_max(bits)), "");
    int64_t limit = (int64_t)tj_width_max(bits - 1);
    LLVMValueRef below = LLVMBuildICmp(g->b, LLVMIntSLE, high, tj_i64(g, (uint64_t)limit), "");
    LLVMValueRef above =
        LLVMBuildICmp(g->b, LLVMIntSGE, low, tj_i64(g, (uint64_t)(-limit - 1)), "");

    return LLVMBuildAnd(g->b, below, above, "");
}

static void emit_extension(tj_gen *g, LLVMValueRef inst, uint32_t index, bool is_signed)
{
    LLVMValueRef range = NULL;

    if (tj_leaf_of(g, inst, index).shape.is_guarded)
        range = range_of_extension(g, LLVMGetOperand(inst, 0), index, is_signed);
    set_leaf(g, inst, index, make_cast, range);
}

/* ---- bit casts ------------------------------------------------------------------------- */

static bool is_uniform_value(const tj_gen *g, LLVMValueRef value)
{
    uint32_t count = tj_leaf_count(LLVMTypeOf(value));

    for (uint32_t i = 0; i < count; i++)
        if (tj_leaf_of(g, value, i).shape.kind != TJ_UNIFORM)
            return false;
    return true;
}

static LLVMValueRef as_integer(tj_gen *g, LLVMValueRef value, unsigned bits)
{
    LLVMTypeRef type = LLVMIntTypeInContext(g->llctx, bits);

    return LLVMBuildBitCast(g->b, value, tj_type_like(value, type), "");
}

/* Leaf `index` of the result from the bits of the operand's leaves, little-endian. */
static LLVMValueRef recast_leaf(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);
    LLVMTypeRef to_type = tj_leaf_type(LLVMTypeOf(inst), index);
    unsigned to_bits = tj_leaf_bits(to_type);
    unsigned from_bits = tj_leaf_bits(tj_leaf_type(LLVMTypeOf(from), 0));
    LLVMTypeRef wide =
        LLVMIntTypeInContext(g->llctx, to_bits > from_bits ? to_bits : from_bits);
    LLVMValueRef sum = NULL;
    unsigned first = index * to_bits / from_bits;
    unsigned parts = to_bits > from_bits ? to_bits / from_bits : 1;

    for (unsigned i = 0; i < parts; i++) {
        LLVMValueRef part = as_integer(g, tj_operand(g, from, first + i, as_vector), from_bits);

        if (parts > 1) {
            part = LLVMBuildZExt(g->b, part, tj_type_like(part, wide), "");
            part = LLVMBuildShl(g->b, part, tj_const_like(part, wide, i * from_bits), "");
        }
        sum = sum ? LLVMBuildOr(g->b, sum, part, "") : part;
    }
    if (to_bits < from_bits) {
        unsigned shift = index * to_bits % from_bits;

        sum = LLVMBuildLShr(g->b, sum, tj_const_like(sum, wide, shift), "");
        sum = LLVMBuildTrunc(g->b, sum,
                             tj_type_like(sum, LLVMIntTypeInContext(g->llctx, to_bits)), "");
    }
    return LLVMBuildBitCast(g->b, sum, tj_type_like(sum, to_type), "");
}

static LLVMValueRef make_bitcast(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);

    if (tj_is_tile(LLVMTypeOf(inst)))
        return tj_use_scalar(g, from, 0);
    if (tj_leaf_count(LLVMTypeOf(from)) != tj_leaf_count(LLVMTypeOf(inst)))
        return recast_leaf(g, inst, index, as_vector);
    LLVMValueRef a = tj_operand(g, from, index, as_vector);
    tj_leaf leaf = tj_leaf_of(g, inst, index);

    return LLVMBuildBitCast(g->b, a, tj_type_like(a, tj_host_type(g, &leaf)), "");
}

/* ---- pointers -------------------------------------------------------------------------- */

static LLVMValueRef make_pointer_cast(tj_gen *g, LLVMValueRef inst, uint32_t index,
                                      bool as_vector)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);

    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMPtrToInt: {
        LLVMValueRef address = tj_address(g, from, index, as_vector);
        LLVMTypeRef type = tj_type_like(address, tj_leaf_type(LLVMTypeOf(inst), index));

        return LLVMBuildIntCast2(g->b, address, type, false, "");
    }
    case LLVMIntToPtr: {
        LLVMValueRef value = tj_operand(g, from, index, as_vector);

        return LLVMBuildIntCast2(g->b, value, tj_type_like(value, g->t.i64), false, "");
    }
    default: /* addrspacecast */
        return tj_operand(g, from, index, as_vector);
    }
}

/* Delta of an index, in 64 bits; NULL: zero. */
static LLVMValueRef index_delta(tj_gen *g, LLVMValueRef index)
{
    LLVMTypeRef wide = tj_vector_of(g, g->t.i64);
    LLVMValueRef lanes, first;

    if (LLVMTypeOf(index) == g->t.i64)
        return tj_delta(g, index, 0);
    if (tj_leaf_of(g, index, 0).shape.kind != TJ_AFFINE)
        return NULL;
    lanes = LLVMBuildSExt(g->b, tj_use_vector(g, index, 0), wide, "");
    first = LLVMBuildSExt(g->b, tj_use_scalar(g, index, 0), g->t.i64, "");
    return LLVMBuildSub(g->b, lanes, tj_splat(g, first), "");
}

/* `sum` plus scaled indices and constant offsets; of deltas, the indices' deltas only. */
static LLVMValueRef walk_gep(tj_gen *g, LLVMValueRef inst, LLVMValueRef sum, bool as_vector,
                             bool is_delta)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    LLVMTypeRef type = LLVMGetGEPSourceElementType(inst);

    for (unsigned i = 1; i <= LLVMGetNumIndices(inst); i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, i), step;

        if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(operand);
            uint64_t bytes = LLVMOffsetOfElement(layout, type, field);

            if (!is_delta)
                sum = LLVMBuildAdd(g->b, sum, tj_const_like(sum, g->t.i64, bytes), "");
            type = LLVMStructGetTypeAtIndex(type, field);
            continue;
        }
        if (i > 1)
            type = LLVMGetElementType(type);
        step = is_delta ? index_delta(g, operand) : tj_operand(g, operand, 0, as_vector);
        if (!step)
            continue;
        if (tj_element(LLVMTypeOf(step)) != g->t.i64)
            step = LLVMBuildIntCast2(g->b, step, tj_type_like(step, g->t.i64), true, "");
        step = LLVMBuildMul(g->b, step,
                            tj_const_like(step, g->t.i64, LLVMABISizeOfType(layout, type)), "");
        sum = sum ? LLVMBuildAdd(g->b, sum, step, "") : step;
    }
    return sum;
}

static LLVMValueRef make_gep(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    return walk_gep(g, inst, tj_operand(g, LLVMGetOperand(inst, 0), index, as_vector),
                    as_vector, false);
}

/* i1: 32-bit indices, which are sign-extended here, stay in range. */
static LLVMValueRef range_of_indices(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef range = NULL;

    for (unsigned i = 1; i <= LLVMGetNumIndices(inst); i++) {
        LLVMValueRef index = LLVMGetOperand(inst, i), one;

        if (LLVMTypeOf(index) == g->t.i64)
            continue;
        one = range_of_extension(g, index, 0, true);
        if (one)
            range = range ? LLVMBuildAnd(g->b, range, one, "") : one;
    }
    return range;
}

void tj_emit_gep(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef base = LLVMGetOperand(inst, 0), range, extra;

    if (!tj_leaf_of(g, inst, 0).shape.is_guarded) {
        set_leaf(g, inst, 0, make_gep, NULL);
        return;
    }
    tj_set_scalar(g, inst, 0, make_gep(g, inst, 0, false));
    range = join_ranges(g, inst, 0);
    extra = range_of_indices(g, inst);
    if (extra)
        range = range ? LLVMBuildAnd(g->b, range, extra, "") : extra;
    tj_set_guarded(g, inst, 0, range, walk_gep(g, inst, tj_delta(g, base, 0), true, true));
}

/* ---- elements -------------------------------------------------------------------------- */

static void copy_leaf(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef from,
                      uint32_t leaf)
{
    tj_leaf own = tj_leaf_of(g, inst, index);

    if (own.shape.kind == TJ_VARYING) {
        tj_set_vector(g, inst, index, tj_use_vector(g, from, leaf));
        return;
    }
    tj_set_scalar(g, inst, index, tj_use_scalar(g, from, leaf));
    if (own.shape.is_guarded)
        tj_set_guarded(g, inst, index, tj_in_range(g, from, leaf), tj_delta(g, from, leaf));
}

/* Element `index` of a vector by a run-time index: a chain of selects. */
static LLVMValueRef pick_element(tj_gen *g, LLVMValueRef vector, LLVMValueRef index,
                                 bool as_vector)
{
    uint32_t count = tj_leaf_count(LLVMTypeOf(vector));
    LLVMValueRef at = tj_operand(g, index, 0, as_vector);
    LLVMTypeRef type = LLVMTypeOf(index);
    LLVMValueRef result = tj_operand(g, vector, 0, as_vector);

    for (uint32_t i = 1; i < count; i++) {
        LLVMValueRef is_here =
            LLVMBuildICmp(g->b, LLVMIntEQ, at, tj_const_like(at, type, i), "");

        result =
            LLVMBuildSelect(g->b, is_here, tj_operand(g, vector, i, as_vector), result, "");
    }
    return result;
}

static void emit_extract(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef vector = LLVMGetOperand(inst, 0), index = LLVMGetOperand(inst, 1);

    if (tj_is_tile(LLVMTypeOf(vector)))
        tj_emit_matrix_element(g, inst);
    else if (LLVMIsAConstantInt(index))
        copy_leaf(g, inst, 0, vector,
                  (uint32_t)LLVMConstIntGetZExtValue(index) %
                      tj_leaf_count(LLVMTypeOf(vector)));
    else
        tj_set(g, inst, 0, pick_element(g, vector, index, tj_wants_vector(g, inst, 0)));
}

static void emit_insert(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef vector = LLVMGetOperand(inst, 0), element = LLVMGetOperand(inst, 1);
    LLVMValueRef index = LLVMGetOperand(inst, 2);
    uint32_t count = tj_leaf_count(LLVMTypeOf(inst));

    if (tj_is_tile(LLVMTypeOf(inst))) {
        tj_emit_matrix_element(g, inst);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (LLVMIsAConstantInt(index)) {
            bool is_here = LLVMConstIntGetZExtValue(index) == i;

            copy_leaf(g, inst, i, is_here ? element : vector, is_here ? 0 : i);
            continue;
        }
        bool as_vector = tj_wants_vector(g, inst, i);
        LLVMValueRef at = tj_operand(g, index, 0, as_vector);
        LLVMValueRef is_here = LLVMBuildICmp(
            g->b, LLVMIntEQ, at, tj_const_like(at, tj_element(LLVMTypeOf(at)), i), "");

        tj_set(g, inst, i,
               LLVMBuildSelect(g->b, is_here, tj_operand(g, element, 0, as_vector),
                               tj_operand(g, vector, i, as_vector), ""));
    }
}

static void emit_shuffle(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    uint32_t size = tj_leaf_count(LLVMTypeOf(a));

    for (uint32_t i = 0; i < tj_leaf_count(LLVMTypeOf(inst)); i++) {
        int from = LLVMGetMaskValue(inst, i);

        if (from < 0)
            from = 0;
        copy_leaf(g, inst, i, (uint32_t)from < size ? a : b, (uint32_t)from % size);
    }
}

static void emit_aggregate(tj_gen *g, LLVMValueRef inst, bool is_insert)
{
    LLVMValueRef whole = LLVMGetOperand(inst, 0);
    LLVMTypeRef member;
    uint32_t first = tj_member_leaf(inst, LLVMTypeOf(whole), &member);
    uint32_t count = tj_leaf_count(LLVMTypeOf(inst)), inside = tj_leaf_count(member);

    for (uint32_t i = 0; i < count; i++) {
        if (!is_insert)
            copy_leaf(g, inst, i, whole, first + i);
        else if (i >= first && i < first + inside)
            copy_leaf(g, inst, i, LLVMGetOperand(inst, 1), i - first);
        else
            copy_leaf(g, inst, i, whole, i);
    }
}

static void emit_bitcast(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);
    uint32_t count = tj_leaf_count(LLVMTypeOf(inst));
    bool is_uniform = is_uniform_value(g, from);

    for (uint32_t i = 0; i < count; i++) {
        if (LLVMTypeOf(from) == LLVMTypeOf(inst))
            copy_leaf(g, inst, i, from, i);
        else if (is_uniform || tj_wants_vector(g, inst, i) ||
                 count == tj_leaf_count(LLVMTypeOf(from)))
            set_leaf(g, inst, i, make_bitcast, NULL);
    }
}

void tj_emit_op(tj_gen *g, LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    uint32_t count = tj_leaf_count(LLVMTypeOf(inst));
    leaf_fn *make = make_binary;

    switch (opcode) {
    case LLVMBitCast:
        emit_bitcast(g, inst);
        return;
    case LLVMExtractElement:
        emit_extract(g, inst);
        return;
    case LLVMInsertElement:
        emit_insert(g, inst);
        return;
    case LLVMShuffleVector:
        emit_shuffle(g, inst);
        return;
    case LLVMExtractValue:
    case LLVMInsertValue:
        emit_aggregate(g, inst, opcode == LLVMInsertValue);
        return;
    case LLVMZExt:
    case LLVMSExt:
        for (uint32_t i = 0; i < count; i++)
            emit_extension(g, inst, i, opcode == LLVMSExt);
        return;
    case LLVMTrunc:
    case LLVMFPExt:
    case LLVMFPTrunc:
    case LLVMUIToFP:
    case LLVMSIToFP:
        make = make_cast;
        break;
    case LLVMFNeg:
        make = make_negation;
        break;
    case LLVMICmp:
    case LLVMFCmp:
        make = make_compare;
        break;
    case LLVMSelect:
        make = make_select;
        break;
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMAddrSpaceCast:
        make = make_pointer_cast;
        break;
    default:
        break;
    }
    for (uint32_t i = 0; i < count; i++)
        set_leaf(g, inst, i, make, NULL);
}
