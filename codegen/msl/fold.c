/* SPDX-License-Identifier: MIT */
/* Which values are printed where they are used, and which get a name.
 *
 * Addresses and elements of vectors are always folded. Other pure values are folded into the
 * only statement that uses them when it stands in the same block; loads only when nothing is
 * written in between. What nobody uses is gone.
 */
#include "msl.h"

enum { MAX_COST = 9 }; /* operators in one statement, about a line */

/* The place of what is printed in several statements, or in other blocks. */
#define ELSEWHERE UINT32_MAX

bool tj_msl_is_pure_call(LLVMValueRef inst)
{
    tj_intrin_use use;

    if (!tj_intrin_of(inst, &use))
        return LLVMGetIntrinsicID(LLVMGetCalledValue(inst)) != 0;
    return tj_intrin_infos[use.id].effect == TJ_EFFECT_PURE;
}

static bool is_lane_call(LLVMValueRef inst)
{
    tj_intrin_use use;

    return LLVMIsACallInst(inst) && tj_intrin_of(inst, &use) &&
           tj_intrin_infos[use.id].effect == TJ_EFFECT_LANES;
}

/* Matrices are objects that statements fill. */
static bool is_matrix(LLVMValueRef inst)
{
    LLVMTypeRef type = LLVMTypeOf(inst);

    return LLVMGetTypeKind(type) == LLVMVectorTypeKind && LLVMGetVectorSize(type) == 64;
}

bool tj_msl_writes(LLVMValueRef inst)
{
    tj_intrin_use use;

    if (LLVMIsAStoreInst(inst) || LLVMIsAAtomicRMWInst(inst) ||
        LLVMIsAAtomicCmpXchgInst(inst) || LLVMIsAFenceInst(inst))
        return true;
    if (!LLVMIsACallInst(inst))
        return false;
    if (!tj_intrin_of(inst, &use))
        return LLVMGetIntrinsicID(LLVMGetCalledValue(inst)) == 0;
    return tj_intrin_infos[use.id].effect > TJ_EFFECT_LANES;
}

static bool is_constant_load(LLVMValueRef inst)
{
    return LLVMIsALoadInst(inst) &&
           LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(inst, 0))) == TJ_AS_CONSTANT;
}

static bool is_plain_load(LLVMValueRef inst)
{
    return LLVMIsALoadInst(inst) && !LLVMGetVolatile(inst) &&
           LLVMGetOrdering(inst) == LLVMAtomicOrderingNotAtomic;
}

/* Has no effect and depends on nothing but its operands. */
static bool is_pure(LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMPHI:
    case LLVMAlloca:
    case LLVMLoad:
    case LLVMStore:
    case LLVMBr:
    case LLVMRet:
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
    case LLVMFence:
    case LLVMUnreachable:
        return false;
    case LLVMCall:
        return tj_msl_is_pure_call(inst);
    default:
        return true;
    }
}

static bool is_address(LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);

    if (opcode == LLVMExtractElement || opcode == LLVMExtractValue)
        return true;
    return (
        opcode == LLVMGetElementPtr || opcode == LLVMAddrSpaceCast ||
        (opcode == LLVMBitCast && LLVMGetTypeKind(LLVMTypeOf(inst)) == LLVMPointerTypeKind));
}

/* Widening for an address costs nothing to read twice. */
static bool is_index_cast(LLVMValueRef inst)
{
    LLVMUseRef use = LLVMGetFirstUse(inst);

    if (!LLVMIsAZExtInst(inst) && !LLVMIsASExtInst(inst))
        return false;
    for (; use; use = LLVMGetNextUse(use))
        if (!LLVMIsAGetElementPtrInst(LLVMGetUser(use)) &&
            !tj_msl_is_index_step(LLVMGetUser(use)))
            return false;
    return true;
}

static bool has_constant_index(LLVMValueRef gep)
{
    for (unsigned i = 1; i <= LLVMGetNumIndices(gep); i++)
        if (LLVMIsAConstantInt(LLVMGetOperand(gep, i)) && !LLVMIsNull(LLVMGetOperand(gep, i)))
            return true;
    return false;
}

/* Whether a constant is added to the index. */
static bool is_stepped(LLVMValueRef value, unsigned depth)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        bool is_address_of = LLVMIsAGetElementPtrInst(user) != NULL;

        if (tj_msl_is_index_step(user) ||
            (is_address_of && LLVMGetOperand(user, 0) == value && has_constant_index(user)) ||
            (is_address_of && LLVMGetOperand(user, 0) != value && depth &&
             is_stepped(user, depth - 1)))
            return true;
    }
    return false;
}

/* In how many places an address that is made of it is printed, two at most. */
static unsigned count_places(LLVMValueRef value)
{
    unsigned count = 0;

    for (LLVMUseRef use = LLVMGetFirstUse(value); use && count < 2; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        count += LLVMIsAGetElementPtrInst(user) || tj_msl_is_index_step(user)
                     ? count_places(user)
                     : 1;
    }
    return count;
}

/* Whether its only user is a widening that several addresses print, some with a constant added:
 * read back, the constants are added to the number, which then is used several times. */
static bool is_shared_index(LLVMValueRef inst)
{
    LLVMUseRef use = LLVMGetFirstUse(inst);
    LLVMValueRef user = use && !LLVMGetNextUse(use) ? LLVMGetUser(use) : NULL;

    return user && is_index_cast(user) && count_places(user) > 1 && is_stepped(user, 1);
}

/* Reading what a parameter refers to is naming it. */
bool tj_msl_is_reference_load(const tj_msl *m, LLVMValueRef inst)
{
    LLVMValueRef pointer = LLVMIsALoadInst(inst) ? LLVMGetOperand(inst, 0) : NULL;
    const tj_mval *val;

    if (!pointer || !is_constant_load(inst))
        return false;
    for (; LLVMIsAGetElementPtrInst(pointer); pointer = LLVMGetOperand(pointer, 0))
        for (unsigned i = 1; i <= LLVMGetNumIndices(pointer); i++)
            if (!LLVMIsAConstantInt(LLVMGetOperand(pointer, i)))
                return false;
    if (tj_msl_function_constant(m, pointer))
        return true;
    val = tj_msl_find(m, pointer);
    return val && val->block == TJ_NONE && m->is_reference[val - m->vals];
}

static bool is_input(const tj_msl *m, LLVMValueRef value)
{
    return LLVMIsConstant(value) || LLVMIsAArgument(value) ||
           tj_msl_is_reference_load(m, value) ||
           (LLVMIsAExtractElementInst(value) && LLVMIsAArgument(LLVMGetOperand(value, 0)));
}

/* `lane == 0` is as short as any name for it. */
static bool is_input_test(const tj_msl *m, LLVMValueRef inst)
{
    return LLVMIsAICmpInst(inst) && is_input(m, LLVMGetOperand(inst, 0)) &&
           is_input(m, LLVMGetOperand(inst, 1));
}

static unsigned cost_of(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);
    unsigned cost = 1;

    if (!val || !val->is_folded || LLVMIsAArgument(value))
        return 0;
    for (int i = 0; i < LLVMGetNumOperands(value) && cost <= MAX_COST; i++)
        cost += cost_of(m, LLVMGetOperand(value, (unsigned)i));
    return cost;
}

/* The statement of the only user, when it is in the same block; else NULL. */
static tj_mval *only_user(const tj_msl *m, const tj_mval *val)
{
    LLVMUseRef use = LLVMGetFirstUse(val->value);
    tj_mval *user;

    if (!use || LLVMGetNextUse(use) || LLVMIsAPHINode(LLVMGetUser(use)))
        return NULL;
    user = tj_msl_find(m, LLVMGetUser(use));
    return user && user->block == val->block ? user : NULL;
}

static int loop_of(const tj_msl *m, int block)
{
    return m->cfg.blocks[block].loop;
}

static bool is_inside(const tj_msl *m, int loop, int outer)
{
    while (loop != outer && loop != TJ_NONE)
        loop = m->cfg.loops[loop].parent;
    return loop == outer;
}

/* One operator or conversion that is as soon done again as it is read. */
static bool is_cheap(LLVMValueRef inst)
{
    if (!tj_msl_is_integer(LLVMTypeOf(inst)))
        return false;
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMURem:
    case LLVMSRem:
        return false;
    default:
        return LLVMIsABinaryOperator(inst) || LLVMIsACastInst(inst) || LLVMIsACmpInst(inst);
    }
}

/* The only user of what can be computed anywhere, in another block that runs as often, or of
 * what is cheap and has no name; passes of LLVM move such values in front of branches and
 * loops, and back. */
static tj_mval *far_user(tj_msl *m, const tj_mval *val)
{
    LLVMUseRef use = LLVMGetFirstUse(val->value);
    tj_mval *user;

    if (!use || LLVMGetNextUse(use) || LLVMIsAPHINode(LLVMGetUser(use)) || !is_pure(val->value))
        return NULL;
    user = tj_msl_find(m, LLVMGetUser(use));
    if (!user || loop_of(m, user->block) == loop_of(m, val->block))
        return user;
    return is_cheap(val->value) && !tj_msl_has_name(val) &&
                   is_inside(m, loop_of(m, user->block), loop_of(m, val->block))
               ? user
               : NULL;
}

/* A phi's only operand, made in the block that the edge leaves. */
static bool is_for_edge(const tj_msl *m, const tj_mval *val)
{
    LLVMUseRef use = LLVMGetFirstUse(val->value);
    LLVMValueRef phi;

    if (!use || LLVMGetNextUse(use) || !LLVMIsAPHINode(LLVMGetUser(use)))
        return false;
    phi = LLVMGetUser(use);
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
        if (LLVMGetIncomingValue(phi, i) == val->value &&
            LLVMGetIncomingBlock(phi, i) != m->cfg.blocks[val->block].bb)
            return false;
    return true;
}

static bool is_written_between(const tj_mval *from, uint32_t to)
{
    uint32_t order = from->order + 1;

    for (LLVMValueRef i = LLVMGetNextInstruction(from->value); i && order < to;
         i = LLVMGetNextInstruction(i), order++)
        if (tj_msl_writes(i))
            return true;
    return false;
}

/* Set by a statement of its own when the index is no constant. */
static bool is_component_set(LLVMValueRef inst)
{
    return LLVMIsAInsertElementInst(inst) && !LLVMIsAConstantInt(LLVMGetOperand(inst, 2));
}

static bool can_move(const tj_mval *val, uint32_t to)
{
    if (is_matrix(val->value) || is_component_set(val->value))
        return false;
    if (is_pure(val->value) || is_constant_load(val->value))
        return true;
    return to != ELSEWHERE && (is_plain_load(val->value) || is_lane_call(val->value)) &&
           !is_written_between(val, to);
}

/* The last statement that prints one of the users. */
static uint32_t last_place(const tj_msl *m, const tj_mval *val)
{
    uint32_t last = val->order;

    for (LLVMUseRef use = LLVMGetFirstUse(val->value); use; use = LLVMGetNextUse(use)) {
        const tj_mval *user = tj_msl_find(m, LLVMGetUser(use));

        if (!user || user->block != val->block || LLVMIsAPHINode(user->value))
            return ELSEWHERE;
        last = user->at > last ? user->at : last;
    }
    return last;
}

/* Whether only some lanes come to the value where it is printed: in an arm of a choice, behind
 * && or ||, on one of several ways out of its block. Functions of a SIMD-group must not go
 * there; loads would be read back as such that only some lanes make. */
static bool is_in_branch(const tj_msl *m, const tj_mval *val)
{
    const tj_mval *user;

    for (; (user = only_user(m, val)); val = user) {
        LLVMValueRef inst = user->value;
        bool is_bool = LLVMIsABinaryOperator(inst) && tj_msl_is_integer(LLVMTypeOf(inst)) &&
                       tj_msl_bits(LLVMTypeOf(inst)) == 1 &&
                       LLVMGetOperand(inst, 1) == val->value;

        if ((LLVMIsASelectInst(inst) && LLVMGetOperand(inst, 0) != val->value) || is_bool)
            return true;
        if (!user->is_folded)
            return false;
    }
    return m->cfg.blocks[val->block].succ_count > 1 && is_for_edge(m, val);
}

static void fold_one(tj_msl *m, tj_mval *val)
{
    LLVMValueRef inst = val->value;
    tj_mval *user;
    uint32_t to = val->order;

    val->at = val->order;
    if (LLVMIsAPHINode(inst) || LLVMGetTypeKind(LLVMTypeOf(inst)) == LLVMVoidTypeKind)
        return;
    if (is_address(inst) || is_index_cast(inst) || tj_msl_is_index_step(inst) ||
        tj_msl_is_reference_load(m, inst) || is_input_test(m, inst)) {
        val->is_folded = true;
        val->at = last_place(m, val);
        return;
    }
    if (!val->use_count) {
        val->is_folded = is_pure(inst) || is_plain_load(inst) || is_lane_call(inst);
        return;
    }
    if (is_shared_index(inst))
        return;
    user = only_user(m, val);
    if (user)
        to = user->at;
    else if (far_user(m, val))
        to = ELSEWHERE;
    else if (is_for_edge(m, val))
        to = tj_msl_find(m, LLVMGetBasicBlockTerminator(m->cfg.blocks[val->block].bb))->order;
    else
        return;
    if (user && LLVMIsACallInst(user->value) && is_matrix(user->value))
        to = user->order;
    if (!can_move(val, to) ||
        ((is_lane_call(inst) || is_plain_load(inst)) && is_in_branch(m, val)))
        return;
    val->is_folded = true; /* for cost_of, which asks for it */
    val->is_folded = cost_of(m, inst) <= MAX_COST;
    if (val->is_folded)
        val->at = to;
}

/* Backwards, so that users are decided first. */
void tj_msl_fold(tj_msl *m)
{
    for (uint32_t i = m->val_count; i-- > 0;)
        if (m->vals[i].block != TJ_NONE)
            fold_one(m, &m->vals[i]);
}

bool tj_msl_reads(const tj_msl *m, LLVMValueRef value, int var)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (!val)
        return false;
    if (!val->is_folded)
        return val->var == var;
    for (int i = 0; i < LLVMGetNumOperands(value); i++)
        if (tj_msl_reads(m, LLVMGetOperand(value, (unsigned)i), var))
            return true;
    return false;
}
