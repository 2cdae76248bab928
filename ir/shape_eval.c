/* SPDX-License-Identifier: MIT */
/* Transfer functions: the shape of an instruction's leaves from its operands' leaves. */
#include "intrin.h"
#include "shape_internal.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <string.h>

typedef struct eval {
    const tj_facts *facts;
    LLVMValueRef inst;
    uint32_t index; /* leaf of the result */
    unsigned bits;  /* of that leaf */
    tj_leaf out;
} eval;

static tj_leaf operand(const eval *e, unsigned op, uint32_t leaf)
{
    return tj_facts_leaf(e->facts, LLVMGetOperand(e->inst, op), leaf);
}

static tj_shape_kind join_kind(tj_shape_kind a, tj_shape_kind b)
{
    if (a == TJ_UNSEEN || b == TJ_UNSEEN)
        return TJ_UNSEEN;
    return a == TJ_UNIFORM && b == TJ_UNIFORM ? TJ_UNIFORM : TJ_VARYING;
}

static tj_shape of_kind(tj_shape_kind kind, unsigned bits)
{
    return kind == TJ_UNSEEN    ? tj_shape_unseen()
           : kind == TJ_UNIFORM ? tj_shape_uniform(tj_width_max(bits), 0)
                                : tj_shape_varying();
}

/* Joins every leaf of every operand from `first` to `last`. */
static tj_shape_kind join_operands(const eval *e, unsigned first, unsigned last)
{
    tj_shape_kind kind = TJ_UNIFORM;

    for (unsigned op = first; op < last; op++) {
        LLVMValueRef value = LLVMGetOperand(e->inst, op);
        uint32_t count = tj_leaf_count(LLVMTypeOf(value));

        for (uint32_t i = 0; i < count; i++) {
            tj_leaf leaf = tj_facts_leaf(e->facts, value, i);

            kind = join_kind(kind, leaf.shape.kind);
            if (leaf.root.kind == TJ_ROOT_ALLOCA && kind == TJ_UNIFORM)
                kind = TJ_VARYING; /* the address itself differs between lanes */
        }
    }
    return kind;
}

static bool constant_of(const eval *e, unsigned op, int64_t *out)
{
    LLVMValueRef value = LLVMGetOperand(e->inst, op);

    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind && LLVMIsConstant(value))
        value = LLVMGetAggregateElement(value, e->index);
    if (!value || !LLVMIsAConstantInt(value) || LLVMGetIntTypeWidth(LLVMTypeOf(value)) > 64)
        return false;
    *out = LLVMConstIntGetSExtValue(value);
    return true;
}

/* Index of the leaf of operand `op`, when it is an instruction or parameter. */
static uint32_t leaf_index(const eval *e, unsigned op)
{
    const tj_value *value = tj_facts_find(e->facts, LLVMGetOperand(e->inst, op));

    return value ? value->first_leaf + e->index : UINT32_MAX;
}

static tj_shape eval_mul(const eval *e, tj_shape a, tj_shape b)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    int64_t factor;

    if (constant_of(e, 1, &factor))
        return tj_shape_scale(&alg, a, factor, e->bits);
    if (constant_of(e, 0, &factor))
        return tj_shape_scale(&alg, b, factor, e->bits);
    if (a.kind == TJ_AFFINE && b.kind == TJ_UNIFORM && leaf_index(e, 1) != UINT32_MAX)
        return tj_shape_scale_by(&alg, a, leaf_index(e, 1), e->bits);
    if (b.kind == TJ_AFFINE && a.kind == TJ_UNIFORM && leaf_index(e, 0) != UINT32_MAX)
        return tj_shape_scale_by(&alg, b, leaf_index(e, 0), e->bits);
    tj_shape out = of_kind(join_kind(a.kind, b.kind), e->bits);

    if (out.kind == TJ_UNIFORM) {
        out.tz = a.tz + b.tz > 64 ? 64 : a.tz + b.tz;
        if (!a.umax || b.umax <= tj_width_max(e->bits) / a.umax)
            out.umax = a.umax * b.umax;
    }
    return out;
}

/* Low bits that are zero in every lane; at most 63. */
static unsigned free_bits(const tj_algebra *alg, const tj_shape *affine)
{
    unsigned bits = affine->tz < 63 ? affine->tz : 63;

    for (unsigned l = 0; affine->k && l < alg->lanes; l++)
        if (affine->k[l] && (unsigned)__builtin_ctzll((uint64_t)affine->k[l]) < bits)
            bits = (unsigned)__builtin_ctzll((uint64_t)affine->k[l]);
    return bits;
}

/* or of values that share no bits is an addition */
static tj_shape eval_or(const eval *e, tj_shape a, tj_shape b)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    const tj_shape *high = a.kind == TJ_UNIFORM ? &a : &b, *low = high == &a ? &b : &a;

    if (a.kind == TJ_AFFINE || b.kind == TJ_AFFINE) {
        uint64_t top = low->umax + (uint64_t)tj_k_max(&alg, low->k);

        if (high->kind == TJ_UNIFORM && !low->term_count && low->kind != TJ_VARYING &&
            tj_k_min(&alg, low->k) >= 0 && low->umax <= UINT64_MAX / 2 &&
            (high->tz >= 64 || top >> high->tz == 0))
            return tj_shape_add(&alg, a, b, e->bits);
        /* (affine << n) | small uniform: every lane's low bits are free */
        if (low->kind == TJ_AFFINE && !low->term_count && high->kind == TJ_UNIFORM &&
            high->umax >> free_bits(&alg, low) == 0)
            return tj_shape_add(&alg, a, b, e->bits);
    }
    return of_kind(join_kind(a.kind, b.kind), e->bits);
}

static tj_shape eval_bits(const eval *e, tj_bitwise op, tj_shape a, tj_shape b)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    int64_t constant;
    tj_shape out;

    if (constant_of(e, 1, &constant)) {
        uint64_t masked = (uint64_t)constant & tj_width_max(e->bits);

        if (op == TJ_BIT_LSHR && masked >= e->bits)
            return of_kind(join_kind(a.kind, b.kind), e->bits);
        out = tj_shape_bits(&alg, op, a, masked, e->bits);
        if (out.kind != TJ_VARYING || op != TJ_BIT_OR)
            return out;
    }
    return op == TJ_BIT_OR ? eval_or(e, a, b) : of_kind(join_kind(a.kind, b.kind), e->bits);
}

static tj_shape eval_shl(const eval *e, tj_shape a, tj_shape b)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    int64_t amount;

    if (constant_of(e, 1, &amount) && amount >= 0 && amount < 63 && (unsigned)amount < e->bits)
        return tj_shape_scale(&alg, a, (int64_t)1 << amount, e->bits);
    return of_kind(join_kind(a.kind, b.kind), e->bits);
}

/* Division by a constant power of two is a shift or a mask. */
static tj_shape eval_divide(const eval *e, tj_bitwise op, tj_shape a, tj_shape b)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    int64_t divisor;

    if (constant_of(e, 1, &divisor) && divisor > 0 && (divisor & (divisor - 1)) == 0) {
        uint64_t constant = op == TJ_BIT_AND ? (uint64_t)divisor - 1
                                             : (uint64_t)__builtin_ctzll((uint64_t)divisor);

        return tj_shape_bits(&alg, op, a, constant, e->bits);
    }
    return of_kind(join_kind(a.kind, b.kind), e->bits);
}

static tj_shape eval_binary(const eval *e)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    tj_shape a = operand(e, 0, e->index).shape, b = operand(e, 1, e->index).shape;

    switch (LLVMGetInstructionOpcode(e->inst)) {
    case LLVMAdd:
        return tj_shape_add(&alg, a, b, e->bits);
    case LLVMSub:
        return tj_shape_sub(&alg, a, b, e->bits);
    case LLVMMul:
        return eval_mul(e, a, b);
    case LLVMShl:
        return eval_shl(e, a, b);
    case LLVMAnd:
        return eval_bits(e, TJ_BIT_AND, a, b);
    case LLVMOr:
        return eval_bits(e, TJ_BIT_OR, a, b);
    case LLVMXor:
        return eval_bits(e, TJ_BIT_XOR, a, b);
    case LLVMLShr:
        return eval_bits(e, TJ_BIT_LSHR, a, b);
    case LLVMUDiv:
        return eval_divide(e, TJ_BIT_LSHR, a, b);
    case LLVMURem:
        return eval_divide(e, TJ_BIT_AND, a, b);
    default:
        return of_kind(join_kind(a.kind, b.kind), e->bits);
    }
}

static tj_shape eval_cast(const eval *e, tj_cast cast)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    tj_leaf from = operand(e, 0, e->index);

    return tj_shape_cast(&alg, cast, from.shape, tj_leaf_bits(from.type), e->bits);
}

/* The byte offset that one index of a GEP adds; indices are sign-extended to 64 bits. */
static tj_shape index_shape(const eval *e, unsigned op)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    tj_leaf leaf = operand(e, op, 0);
    unsigned bits = tj_leaf_bits(leaf.type);

    return bits == 64 ? leaf.shape : tj_shape_cast(&alg, TJ_CAST_SEXT, leaf.shape, bits, 64);
}

static tj_shape eval_gep_offset(const eval *e, tj_shape offset)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(e->facts->unit->module);
    LLVMTypeRef type = LLVMGetGEPSourceElementType(e->inst);
    unsigned count = LLVMGetNumIndices(e->inst);

    for (unsigned i = 1; i <= count; i++) {
        if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(LLVMGetOperand(e->inst, i));
            uint64_t bytes = LLVMOffsetOfElement(layout, type, field);

            offset = tj_shape_add(
                &alg, offset,
                tj_shape_uniform(bytes, bytes ? (unsigned)__builtin_ctzll(bytes) : 64), 64);
            type = LLVMStructGetTypeAtIndex(type, field);
            continue;
        }
        if (i > 1)
            type = LLVMGetElementType(type);
        uint64_t scale = LLVMABISizeOfType(layout, type);

        offset = tj_shape_add(&alg, offset,
                              tj_shape_scale(&alg, index_shape(e, i), (int64_t)scale, 64), 64);
    }
    return offset;
}

/* Lanes bring pointers by different ways. */
static void mix_roots(eval *e)
{
    e->out.root.is_varying = e->out.root.kind == TJ_ROOT_ANY;
}

static tj_root meet_root(tj_root a, tj_root b)
{
    if (a.kind == TJ_ROOT_UNSEEN)
        return b;
    if (b.kind == TJ_ROOT_UNSEEN || (a.kind == b.kind && a.value == b.value))
        return (tj_root){a.kind, a.value, a.is_varying || b.is_varying};
    return (tj_root){TJ_ROOT_ANY, NULL, a.is_varying || b.is_varying};
}

/* As an address: what a pointer with a known root becomes where roots are mixed. */
static tj_shape as_address(tj_leaf leaf)
{
    if (leaf.root.kind == TJ_ROOT_ALLOCA)
        return tj_shape_varying();
    leaf.shape.umax = UINT64_MAX;
    leaf.shape.tz = 0;
    return leaf.shape;
}

static tj_leaf join_leaf(const eval *e, tj_leaf a, tj_leaf b)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    tj_leaf out = a;

    out.root = meet_root(a.root, b.root);
    if (out.root.kind == TJ_ROOT_ANY) {
        a.shape = as_address(a);
        b.shape = as_address(b);
    }
    out.shape = tj_shape_meet(&alg, a.shape, b.shape);
    return out;
}

static void eval_select(eval *e)
{
    LLVMValueRef condition = LLVMGetOperand(e->inst, 0);
    bool is_vector = LLVMGetTypeKind(LLVMTypeOf(condition)) == LLVMVectorTypeKind;
    tj_shape cond = operand(e, 0, is_vector ? e->index : 0).shape;
    tj_leaf a = operand(e, 1, e->index), b = operand(e, 2, e->index);

    e->out.root = meet_root(a.root, b.root);
    if (cond.kind == TJ_UNSEEN || a.shape.kind == TJ_UNSEEN || b.shape.kind == TJ_UNSEEN)
        e->out.shape = tj_shape_unseen();
    else if (cond.kind == TJ_UNIFORM)
        e->out = join_leaf(e, a, b);
    else
        e->out.shape = tj_shape_varying();
    if (cond.kind == TJ_VARYING)
        mix_roots(e);
}

/* Whether all values that may come in are one and the same. */
static bool has_one_value(LLVMValueRef phi)
{
    unsigned count = LLVMCountIncoming(phi);

    for (unsigned i = 1; i < count; i++)
        if (LLVMGetIncomingValue(phi, i) != LLVMGetIncomingValue(phi, 0))
            return false;
    return true;
}

/* Whether the phi's only value was the same for all lanes before any of them came here. */
static bool is_invariant(const tj_facts *facts, LLVMValueRef phi, int block)
{
    const tj_value *record = tj_facts_find(facts, LLVMGetIncomingValue(phi, 0));

    return has_one_value(phi) &&
           (!record || record->block == TJ_NONE ||
            tj_loop_has(&facts->cfg, facts->cfg.blocks[record->block].loop, block));
}

/* Zero bits of the base are known around loops as well. They only ever become fewer, so that
 * the search for a fixed point ends; a bound of a counter would take a round for each number.
 */
static unsigned zero_bits_of_phi(const eval *e)
{
    const tj_value *value = tj_facts_find(e->facts, e->inst);
    const tj_shape *last = &e->facts->leaves[value->first_leaf + e->index].shape;

    if (e->out.root.kind == TJ_ROOT_ANY)
        return 0;
    return last->kind != TJ_UNSEEN && last->tz < e->out.shape.tz ? last->tz : e->out.shape.tz;
}

static void eval_phi(eval *e, int block)
{
    const tj_facts *facts = e->facts;
    unsigned count = LLVMCountIncoming(e->inst);
    LLVMTypeRef type = e->out.type;

    for (unsigned i = 0; i < count; i++) {
        tj_leaf leaf = tj_facts_leaf(facts, LLVMGetIncomingValue(e->inst, i), e->index);

        e->out = i ? join_leaf(e, e->out, leaf) : leaf;
    }
    e->out.type = type;
    if (facts->is_blend[block] && e->out.shape.kind != TJ_UNSEEN &&
        !is_invariant(facts, e->inst, block)) {
        e->out.shape = tj_shape_varying();
        mix_roots(e);
    }
    if (e->out.shape.kind != TJ_VARYING) {
        e->out.shape.umax = tj_width_max(e->bits);
        e->out.shape.tz = zero_bits_of_phi(e);
    }
}

static void eval_element(eval *e)
{
    LLVMValueRef vector = LLVMGetOperand(e->inst, 0), index = LLVMGetOperand(e->inst, 1);

    if (tj_is_tile(LLVMTypeOf(vector)))
        e->out.shape = tj_shape_varying(); /* each lane reads its own pair */
    else if (LLVMIsAConstantInt(index))
        e->out = operand(e, 0,
                         (uint32_t)LLVMConstIntGetZExtValue(index) %
                             LLVMGetVectorSize(LLVMTypeOf(vector)));
    else
        e->out.shape = of_kind(join_operands(e, 0, 2), e->bits);
}

static void eval_insert(eval *e)
{
    LLVMValueRef index = LLVMGetOperand(e->inst, 2);

    if (tj_is_tile(LLVMTypeOf(e->inst)))
        e->out.shape = tj_shape_uniform(0, 0);
    else if (!LLVMIsAConstantInt(index))
        e->out.shape = of_kind(join_operands(e, 0, 3), e->bits);
    else
        e->out = LLVMConstIntGetZExtValue(index) == e->index ? operand(e, 1, 0)
                                                             : operand(e, 0, e->index);
}

static void eval_shuffle(eval *e)
{
    int lane = LLVMGetMaskValue(e->inst, e->index);
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(e->inst, 0));

    if (tj_is_tile(type) || tj_is_tile(LLVMTypeOf(e->inst))) {
        e->out.shape = tj_shape_varying();
        return;
    }
    uint32_t size = LLVMGetVectorSize(type);

    if (lane < 0)
        lane = 0; /* an undefined element is element 0 */
    e->out = (uint32_t)lane < size ? operand(e, 0, (uint32_t)lane)
                                   : operand(e, 1, (uint32_t)lane - size);
}

static void eval_aggregate(eval *e, bool is_insert)
{
    LLVMTypeRef member, type = LLVMTypeOf(LLVMGetOperand(e->inst, 0));
    uint32_t first = tj_member_leaf(e->inst, type, &member);

    if (!is_insert)
        e->out = operand(e, 0, first + e->index);
    else if (e->index >= first && e->index < first + tj_leaf_count(member))
        e->out = operand(e, 1, e->index - first);
    else
        e->out = operand(e, 0, e->index);
}

/* An array whose lanes all hold the same, read at one place. */
static bool is_uniform_private(const eval *e, const tj_leaf *address)
{
    const tj_value *array = tj_facts_find(e->facts, address->root.value);

    return address->shape.kind == TJ_UNIFORM &&
           !e->facts->is_varying_array[array - e->facts->values];
}

static void eval_load(eval *e)
{
    tj_leaf address = operand(e, 0, 0);

    if (address.shape.kind == TJ_UNSEEN)
        e->out.shape = tj_shape_unseen();
    else if (LLVMGetOrdering(e->inst) != LLVMAtomicOrderingNotAtomic ||
             (address.root.kind == TJ_ROOT_ALLOCA && !is_uniform_private(e, &address)))
        e->out.shape = tj_shape_varying();
    else
        e->out.shape =
            of_kind(address.shape.kind == TJ_UNIFORM ? TJ_UNIFORM : TJ_VARYING, e->bits);
    e->out.root = (tj_root){TJ_ROOT_ANY, NULL, false};
    /* Argument buffers, tables and private arrays hold pointers of known origin. */
    if ((e->facts->kernel->nested_count || address.root.kind != TJ_ROOT_PARAM) &&
        e->out.shape.kind == TJ_VARYING)
        mix_roots(e);
}

/* Whether all lanes of a slice are active in `block`. */
static bool is_full(const tj_facts *facts, int block)
{
    return !facts->options.is_ragged && tj_mask_class(facts, block) == 0;
}

static void eval_call(eval *e, int block)
{
    unsigned args = LLVMGetNumArgOperands(e->inst);
    tj_intrin_use use;

    e->out.root = (tj_root){TJ_ROOT_ANY, NULL, false};
    if (!tj_intrin_of(e->inst, &use)) { /* llvm.*: all that remain are pure */
        e->out.shape = of_kind(join_operands(e, 0, args), e->bits);
        return;
    }
    switch (tj_intrin_infos[use.id].result) {
    case TJ_RESULT_UNIFORM:
        e->out.shape = tj_shape_uniform(tj_width_max(e->bits), 0);
        return;
    case TJ_RESULT_VARYING:
        e->out.shape = tj_shape_varying();
        return;
    case TJ_RESULT_OPERANDS:
        e->out.shape = of_kind(join_operands(e, 0, args), e->bits);
        return;
    case TJ_RESULT_FULL:
        e->out.shape = is_full(e->facts, block)
                           ? of_kind(join_operands(e, args - 1, args), e->bits)
                           : tj_shape_varying();
        return;
    }
}

static void eval_bitcast(eval *e)
{
    LLVMTypeRef from = LLVMTypeOf(LLVMGetOperand(e->inst, 0));

    if (tj_leaf_count(from) == tj_leaf_count(LLVMTypeOf(e->inst))) {
        tj_leaf leaf = operand(e, 0, e->index);
        bool is_copy = leaf.type == e->out.type;

        if (is_copy)
            e->out = leaf;
        else
            e->out.shape = of_kind(join_kind(leaf.shape.kind, TJ_UNIFORM), e->bits);
        return;
    }
    e->out.shape = of_kind(join_operands(e, 0, 1), e->bits);
}

static void eval_pointer_cast(eval *e, LLVMOpcode opcode)
{
    tj_leaf from = operand(e, 0, e->index);

    if (opcode == LLVMAddrSpaceCast) {
        e->out = from;
        e->out.type = tj_leaf_type(LLVMTypeOf(e->inst), e->index);
    } else if (opcode == LLVMPtrToInt) {
        e->out.shape = as_address(from);
        if (e->bits < 64)
            e->out.shape = of_kind(join_kind(e->out.shape.kind, TJ_UNIFORM), e->bits);
    } else {
        e->out.shape = tj_leaf_bits(from.type) == 64
                           ? from.shape
                           : of_kind(join_kind(from.shape.kind, TJ_UNIFORM), 64);
        e->out.root = (tj_root){TJ_ROOT_ANY, NULL, false};
    }
}

/* Lanes of `a` are steps within a block of 2^n of numbers, and `b` is where a block begins: all
 * of them are below, or none. */
static bool is_block_order(const eval *e, tj_shape a, tj_shape b, bool is_swapped)
{
    tj_algebra alg = tj_facts_algebra(e->facts);
    LLVMIntPredicate order = LLVMGetICmpPredicate(e->inst);
    LLVMIntPredicate below[] = {LLVMIntULT, LLVMIntUGE, LLVMIntSLT, LLVMIntSGE};
    LLVMIntPredicate above[] = {LLVMIntUGT, LLVMIntULE, LLVMIntSGT, LLVMIntSLE};
    unsigned tz = a.tz < b.tz ? a.tz : b.tz;
    bool is_order = false;

    for (int i = 0; i < 4; i++)
        is_order |= order == (is_swapped ? above : below)[i];
    return is_order && a.kind == TJ_AFFINE && b.kind == TJ_UNIFORM && !a.is_guarded &&
           !a.term_count && tj_k_min(&alg, a.k) >= 0 && tz < 63 &&
           (uint64_t)tj_k_max(&alg, a.k) >> tz == 0;
}

static tj_shape eval_compare(const eval *e)
{
    tj_leaf a = operand(e, 0, e->index), b = operand(e, 1, e->index);

    if (a.root.kind == TJ_ROOT_ALLOCA || b.root.kind == TJ_ROOT_ALLOCA)
        return tj_shape_varying();
    if (LLVMIsAICmpInst(e->inst) && LLVMGetTypeKind(a.type) == LLVMIntegerTypeKind &&
        (is_block_order(e, a.shape, b.shape, false) ||
         is_block_order(e, b.shape, a.shape, true)))
        return tj_shape_uniform(1, 0);
    return of_kind(join_kind(a.shape.kind, b.shape.kind), 1);
}

static void eval_opcode(eval *e, int block)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(e->inst);

    switch (opcode) {
    case LLVMPHI:
        eval_phi(e, block);
        return;
    case LLVMSelect:
        eval_select(e);
        return;
    case LLVMGetElementPtr:
        e->out = operand(e, 0, 0);
        e->out.shape = eval_gep_offset(e, e->out.shape);
        return;
    case LLVMAlloca:
        e->out.root = (tj_root){TJ_ROOT_ALLOCA, e->inst, false};
        e->out.shape = tj_shape_uniform(0, 64);
        return;
    case LLVMLoad:
        eval_load(e);
        return;
    case LLVMCall:
        eval_call(e, block);
        return;
    case LLVMExtractElement:
        eval_element(e);
        return;
    case LLVMInsertElement:
        eval_insert(e);
        return;
    case LLVMShuffleVector:
        eval_shuffle(e);
        return;
    case LLVMExtractValue:
    case LLVMInsertValue:
        eval_aggregate(e, opcode == LLVMInsertValue);
        return;
    case LLVMBitCast:
        eval_bitcast(e);
        return;
    case LLVMAddrSpaceCast:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
        eval_pointer_cast(e, opcode);
        return;
    case LLVMZExt:
        e->out.shape = eval_cast(e, TJ_CAST_ZEXT);
        return;
    case LLVMSExt:
        e->out.shape = eval_cast(e, TJ_CAST_SEXT);
        return;
    case LLVMTrunc:
        e->out.shape = eval_cast(e, TJ_CAST_TRUNC);
        return;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        e->out.shape = tj_shape_varying();
        return;
    case LLVMICmp:
    case LLVMFCmp:
        e->out.shape = eval_compare(e);
        return;
    case LLVMFNeg:
    case LLVMFPToUI:
    case LLVMFPToSI:
    case LLVMUIToFP:
    case LLVMSIToFP:
    case LLVMFPTrunc:
    case LLVMFPExt:
        e->out.shape =
            of_kind(join_kind(operand(e, 0, e->index).shape.kind, TJ_UNIFORM), e->bits);
        return;
    default:
        e->out.shape = eval_binary(e);
    }
}

tj_leaf tj_shape_eval(const tj_facts *facts, const tj_value *value, uint32_t index)
{
    eval e = {.facts = facts, .inst = value->value, .index = index};

    e.out.type = tj_leaf_type(LLVMTypeOf(value->value), index);
    e.bits = tj_leaf_bits(e.out.type);
    eval_opcode(&e, value->block);
    if (e.bits == 1 && e.out.shape.kind == TJ_AFFINE)
        e.out.shape = tj_shape_varying(); /* conditions are uniform or masks */
    if (tj_is_tile(e.out.type) && e.out.shape.kind == TJ_VARYING)
        e.out.shape = tj_shape_uniform(0, 0); /* a matrix belongs to the SIMD-group */
    return e.out;
}
