/* SPDX-License-Identifier: MIT */
/* Which integers are spelled signed. LLVM's have no sign: the operations and the types of
 * buffers vote, and values that are copied, added or masked together share the result.
 */
#include "msl.h"

typedef struct vote {
    uint32_t parent;
    int balance; /* above 0: signed */
} vote;

static uint32_t root_of(vote *votes, uint32_t i)
{
    while (votes[i].parent != i)
        i = votes[i].parent = votes[votes[i].parent].parent;
    return i;
}

static bool is_alike(LLVMTypeRef a, LLVMTypeRef b)
{
    return tj_msl_is_integer(a) && tj_msl_is_integer(b) && tj_msl_bits(a) == tj_msl_bits(b) &&
           tj_msl_bits(a) > 1;
}

static void unite_places(vote *votes, uint32_t a, uint32_t b)
{
    uint32_t ra = root_of(votes, a), rb = root_of(votes, b);

    if (ra == rb)
        return;
    votes[rb].parent = ra;
    votes[ra].balance += votes[rb].balance;
}

/* Parameters are what they are, and so is what they refer to. */
static bool is_free(const tj_msl *m, const tj_mval *val)
{
    return val && val->block != TJ_NONE && !tj_msl_is_reference_load(m, val->value);
}

static void unite(const tj_msl *m, vote *votes, LLVMValueRef a, LLVMValueRef b)
{
    const tj_mval *va, *vb;

    if (!is_alike(LLVMTypeOf(a), LLVMTypeOf(b)))
        return;
    va = tj_msl_find(m, a);
    vb = tj_msl_find(m, b);
    if (!is_free(m, va) || !is_free(m, vb))
        return;
    unite_places(votes, (uint32_t)(va - m->vals), (uint32_t)(vb - m->vals));
}

static void cast_vote(const tj_msl *m, vote *votes, LLVMValueRef value, int weight)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (val)
        votes[root_of(votes, (uint32_t)(val - m->vals))].balance += weight;
}

/* About the number of casts that the other choice costs; wrapping arithmetic is unsigned. */
enum { WEAK = 1, PLAIN = 4, STRONG = 16, FIXED = 100000 };

static void vote_compare(const tj_msl *m, vote *votes, LLVMValueRef inst)
{
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(inst);
    int weight = predicate >= LLVMIntSGT ? PLAIN : predicate >= LLVMIntUGT ? -PLAIN : 0;

    for (unsigned i = 0; i < 2; i++)
        cast_vote(m, votes, LLVMGetOperand(inst, i), weight);
    unite(m, votes, LLVMGetOperand(inst, 0), LLVMGetOperand(inst, 1));
}

/* The number of an array or variable behind those of values; TJ_NONE: it is none of ours. */
static int place_of(const tj_msl *m, LLVMValueRef root)
{
    const tj_mval *val = tj_msl_find(m, root);
    int n = 0;

    if (val)
        return LLVMIsAAllocaInst(root) ? (int)(val - m->vals) : TJ_NONE;
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g), n++)
        if (g == root)
            return (int)m->val_count + n;
    return TJ_NONE;
}

static LLVMTypeRef elements_of(LLVMTypeRef type)
{
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    return type;
}

/* A buffer says what it holds; arrays and variables take part in the vote. */
static void vote_memory(tj_msl *m, vote *votes, LLVMValueRef pointer, LLVMValueRef value)
{
    bool is_signed = false;
    const tj_mval *val = tj_msl_find(m, value);
    int place;

    pointer = tj_msl_root(pointer);
    LLVMTypeRef type = tj_msl_pointee(m, pointer, &is_signed);

    if (LLVMIsAArgument(pointer)) {
        if (is_alike(type, LLVMTypeOf(value)))
            cast_vote(m, votes, value, is_signed ? PLAIN : -PLAIN);
        return;
    }
    place = place_of(m, pointer);
    if (place != TJ_NONE && val && val->block != TJ_NONE &&
        is_alike(elements_of(type), LLVMTypeOf(value)))
        unite_places(votes, (uint32_t)place, (uint32_t)(val - m->vals));
}

/* What the call takes and gives of its type. */
static void vote_values(const tj_msl *m, vote *votes, LLVMValueRef call, int weight)
{
    cast_vote(m, votes, call, weight);
    for (unsigned i = 0; i < LLVMGetNumArgOperands(call); i++)
        if (LLVMTypeOf(LLVMGetOperand(call, i)) == LLVMTypeOf(call))
            cast_vote(m, votes, LLVMGetOperand(call, i), weight);
}

static void vote_call(const tj_msl *m, vote *votes, LLVMValueRef call)
{
    tj_intrin_use use;
    int weight;

    if (!tj_intrin_of(call, &use)) {
        if (tj_msl_is_printed_atomic(call))
            vote_values(m, votes, call, -STRONG);
        return;
    }
    if (use.id == TJ_INTRIN_ATOMIC_CMPXCHG && use.type.kind != 's')
        cast_vote(m, votes, LLVMGetOperand(call, 1), -FIXED);
    if (use.type.kind == 's' || use.type.kind == 'u') {
        weight = use.type.kind == 's' ? STRONG : -STRONG;
        if (use.id == TJ_INTRIN_CONVERT)
            cast_vote(m, votes, call, weight);
        else
            vote_values(m, votes, call, weight);
    }
    if (use.id == TJ_INTRIN_CONVERT && (use.source.kind == 's' || use.source.kind == 'u'))
        cast_vote(m, votes, LLVMGetOperand(call, 0), use.source.kind == 's' ? STRONG : -STRONG);
}

/* Steps of an index are printed signed, whatever they are; so is what they step from, which
 * counts once: passes of LLVM make one step of several and back. */
static bool is_index(LLVMValueRef value)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (tj_msl_is_index_step(user) ||
            (LLVMIsAGetElementPtrInst(user) && LLVMGetOperand(user, 0) != value))
            return true;
    }
    return false;
}

static void vote_one(tj_msl *m, vote *votes, LLVMValueRef inst)
{
    if (tj_msl_is_index_step(inst))
        return;
    if (tj_msl_is_integer(LLVMTypeOf(inst)) && tj_msl_bits(LLVMTypeOf(inst)) == 64 &&
        is_index(inst))
        cast_vote(m, votes, inst, WEAK);
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMSDiv:
    case LLVMSRem:
        unite(m, votes, inst, LLVMGetOperand(inst, 1));
        /* fall through */
    case LLVMAShr:
        unite(m, votes, inst, LLVMGetOperand(inst, 0));
        cast_vote(m, votes, inst, PLAIN);
        break;
    case LLVMUDiv:
    case LLVMURem:
        unite(m, votes, inst, LLVMGetOperand(inst, 1));
        /* fall through */
    case LLVMLShr:
        unite(m, votes, inst, LLVMGetOperand(inst, 0));
        cast_vote(m, votes, inst, -PLAIN);
        break;
    case LLVMSExt:
    case LLVMSIToFP:
        cast_vote(m, votes, LLVMGetOperand(inst, 0), PLAIN);
        cast_vote(m, votes, inst, WEAK);
        break;
    case LLVMZExt:
    case LLVMUIToFP:
        cast_vote(m, votes, LLVMGetOperand(inst, 0), -PLAIN);
        break;
    case LLVMFPToSI:
        cast_vote(m, votes, inst, PLAIN);
        break;
    case LLVMICmp:
        vote_compare(m, votes, inst);
        break;
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
        cast_vote(m, votes, inst, LLVMGetNSW(inst) ? LLVMGetNUW(inst) ? 0 : WEAK : -PLAIN);
        /* fall through */
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMPHI:
        for (int i = 0; i < LLVMGetNumOperands(inst); i++)
            unite(m, votes, inst, LLVMGetOperand(inst, (unsigned)i));
        break;
    case LLVMExtractElement:
        if (LLVMIsAArgument(LLVMGetOperand(inst, 0)))
            cast_vote(m, votes, inst, -FIXED);
        unite(m, votes, inst, LLVMGetOperand(inst, 0));
        break;
    case LLVMInsertElement:
        unite(m, votes, inst, LLVMGetOperand(inst, 0));
        unite(m, votes, inst, LLVMGetOperand(inst, 1));
        break;
    case LLVMShuffleVector:
        if (LLVMIsAArgument(LLVMGetOperand(inst, 0)))
            cast_vote(m, votes, inst, -FIXED);
        unite(m, votes, inst, LLVMGetOperand(inst, 0));
        unite(m, votes, inst, LLVMGetOperand(inst, 1));
        break;
    case LLVMSelect:
        unite(m, votes, inst, LLVMGetOperand(inst, 1));
        unite(m, votes, inst, LLVMGetOperand(inst, 2));
        break;
    case LLVMLoad:
        vote_memory(m, votes, LLVMGetOperand(inst, 0), inst);
        break;
    case LLVMStore:
        vote_memory(m, votes, LLVMGetOperand(inst, 1), LLVMGetOperand(inst, 0));
        break;
    case LLVMCall:
        vote_call(m, votes, inst);
        break;
    default:
        break;
    }
}

static bool is_declared_signed(tj_msl *m, LLVMValueRef load)
{
    bool is_signed;

    tj_msl_object(m, LLVMGetOperand(load, 0), LLVMTypeOf(load), &is_signed);
    return is_signed;
}

static bool is_signed(tj_msl *m, vote *votes, uint32_t i)
{
    const tj_mval *val = &m->vals[i];

    if (val->block == TJ_NONE)
        return false;
    if (val->use_count && tj_msl_is_integer(LLVMTypeOf(val->value)) &&
        tj_msl_is_reference_load(m, val->value))
        return is_declared_signed(m, val->value);
    return votes[root_of(votes, i)].balance > 0;
}

void tj_msl_choose_signs(tj_msl *m)
{
    uint32_t count = m->val_count, n = 0;
    vote *votes;

    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g))
        count++;
    votes = tj_new_array(m->arena, vote, count + 1);
    m->is_global_signed = tj_new_array(m->arena, bool, count - m->val_count + 1);
    for (uint32_t i = 0; i < count; i++)
        votes[i].parent = i;
    for (uint32_t i = 0; i < m->val_count; i++) {
        if (m->vals[i].block != TJ_NONE)
            vote_one(m, votes, m->vals[i].value);
    }
    for (uint32_t i = 0; i < m->val_count; i++)
        m->vals[i].is_signed = is_signed(m, votes, i);
    for (uint32_t i = m->val_count; i < count; i++)
        m->is_global_signed[n++] = votes[root_of(votes, i)].balance > 0;
}
