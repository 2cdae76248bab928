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

static void unite(const tj_msl *m, vote *votes, LLVMValueRef a, LLVMValueRef b)
{
    const tj_mval *va = tj_msl_find(m, a), *vb = tj_msl_find(m, b);
    uint32_t ra, rb;

    if (!va || !vb || LLVMTypeOf(a) != LLVMTypeOf(b) || va->block == TJ_NONE ||
        vb->block == TJ_NONE)
        return; /* parameters are what they are */
    ra = root_of(votes, (uint32_t)(va - m->vals));
    rb = root_of(votes, (uint32_t)(vb - m->vals));
    if (ra == rb)
        return;
    votes[rb].parent = ra;
    votes[ra].balance += votes[rb].balance;
}

static void cast_vote(const tj_msl *m, vote *votes, LLVMValueRef value, int weight)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (val)
        votes[root_of(votes, (uint32_t)(val - m->vals))].balance += weight;
}

/* About the number of casts that the other choice costs; wrapping arithmetic is unsigned. */
enum { WEAK = 1, PLAIN = 4, STRONG = 16 };

static void vote_compare(const tj_msl *m, vote *votes, LLVMValueRef inst)
{
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(inst);
    int weight = predicate >= LLVMIntSGT ? PLAIN : predicate >= LLVMIntUGT ? -PLAIN : 0;

    for (unsigned i = 0; i < 2; i++)
        cast_vote(m, votes, LLVMGetOperand(inst, i), weight);
    unite(m, votes, LLVMGetOperand(inst, 0), LLVMGetOperand(inst, 1));
}

/* Where the buffer says what it holds. */
static void vote_memory(tj_msl *m, vote *votes, LLVMValueRef pointer, LLVMValueRef value)
{
    bool is_signed = false;

    while (LLVMIsAGetElementPtrInst(pointer))
        pointer = LLVMGetOperand(pointer, 0);
    if (!LLVMIsAArgument(pointer))
        return;
    LLVMTypeRef type = tj_msl_pointee(m, pointer, &is_signed);

    if (type == LLVMTypeOf(value))
        cast_vote(m, votes, value, is_signed ? PLAIN : -PLAIN);
}

static void vote_call(const tj_msl *m, vote *votes, LLVMValueRef call)
{
    tj_intrin_use use;
    int weight;

    if (!tj_intrin_of(call, &use))
        return;
    if (use.type.kind == 's' || use.type.kind == 'u') {
        weight = use.type.kind == 's' ? STRONG : -STRONG;
        cast_vote(m, votes, call, weight);
        for (unsigned i = 0; use.id != TJ_INTRIN_CONVERT && i < LLVMGetNumArgOperands(call);
             i++)
            if (LLVMTypeOf(LLVMGetOperand(call, i)) == LLVMTypeOf(call))
                cast_vote(m, votes, LLVMGetOperand(call, i), weight);
    }
    if (use.id == TJ_INTRIN_CONVERT && (use.source.kind == 's' || use.source.kind == 'u'))
        cast_vote(m, votes, LLVMGetOperand(call, 0), use.source.kind == 's' ? STRONG : -STRONG);
}

static void vote_one(tj_msl *m, vote *votes, LLVMValueRef inst)
{
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

void tj_msl_choose_signs(tj_msl *m)
{
    vote *votes = tj_new_array(m->arena, vote, m->val_count + 1);

    for (uint32_t i = 0; i < m->val_count; i++)
        votes[i].parent = i;
    for (uint32_t i = 0; i < m->val_count; i++) {
        if (m->vals[i].block != TJ_NONE)
            vote_one(m, votes, m->vals[i].value);
    }
    for (uint32_t i = 0; i < m->val_count; i++)
        m->vals[i].is_signed =
            m->vals[i].block != TJ_NONE && votes[root_of(votes, i)].balance > 0;
}
