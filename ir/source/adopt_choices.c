/* SPDX-License-Identifier: MIT */
/* Operators of C that choose, as values. Clang makes branches of `c ? a : b`, `a && b`, `a ||
 * b`; whether LLVM makes one value of them again depends on a budget, and so on what stands
 * beside them. Here each is a value whose parts have no effect, are no loads and are not many:
 * what is read is then what was printed. Statements stay branches.
 */
#include "source/adopt.h"

#include "canon.h"
#include "intrin.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <string.h>

enum { MOST_PARTS = 16, MOST_ELEMENTS = 16 };

static bool has_name(LLVMBasicBlockRef block, const char *const *names)
{
    const char *name = LLVMGetBasicBlockName(block);
    for (; *names; names++)
        if (strncmp(name, *names, strlen(*names)) == 0)
            return true;
    return false;
}

static bool is_pure_call(LLVMValueRef call)
{
    static const char *const names[] = {"fptosi.sat", "fptoui.sat", "fma", "smax", "smin",
                                        "umax",       "umin",       "abs", "fabs"};
    tj_intrin_use use;
    if (tj_intrin_of(call, &use))
        return tj_intrin_infos[use.id].effect == TJ_EFFECT_PURE;
    const char *name = tj_llvm_intrinsic_name(call);
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* A division that a condition may guard. It has a result here whatever the divisor; its print
 * divides as Metal does, where a compiler may conclude that the divisor is not 0. */
static bool is_guarded(LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    return (opcode == LLVMSDiv || opcode == LLVMUDiv || opcode == LLVMSRem ||
            opcode == LLVMURem) &&
           !LLVMIsConstant(LLVMGetOperand(inst, 1));
}

static bool is_pure(LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    if (LLVMIsACallInst(inst))
        return is_pure_call(inst);
    if (LLVMIsABinaryOperator(inst))
        return !is_guarded(inst);
    return LLVMIsACastInst(inst) || LLVMIsACmpInst(inst) || opcode == LLVMFNeg ||
           opcode == LLVMSelect || opcode == LLVMGetElementPtr ||
           opcode == LLVMExtractElement || opcode == LLVMInsertElement ||
           opcode == LLVMShuffleVector || opcode == LLVMExtractValue ||
           opcode == LLVMInsertValue || opcode == LLVMFreeze;
}

static LLVMBasicBlockRef only_predecessor(LLVMBasicBlockRef block)
{
    LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block));
    if (!use || LLVMGetNextUse(use) || !LLVMIsABranchInst(LLVMGetUser(use)))
        return NULL;
    return LLVMGetInstructionParent(LLVMGetUser(use));
}

/* Counts what is in front of the terminator; false: it cannot be computed on every way. */
static bool count_parts(LLVMBasicBlockRef block, unsigned *count)
{
    LLVMValueRef last = LLVMGetBasicBlockTerminator(block);
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i != last;
         i = LLVMGetNextInstruction(i))
        if (!is_pure(i) || ++*count > MOST_PARTS)
            return false;
    return true;
}

/* Moves what is in front of the block's terminator in front of `place`. */
static void hoist(LLVMBuilderRef builder, LLVMBasicBlockRef block, LLVMValueRef place)
{
    for (LLVMValueRef i = LLVMGetFirstInstruction(block), next;
         i != LLVMGetBasicBlockTerminator(block); i = next) {
        LLVMMetadataRef where = LLVMInstructionGetDebugLoc(i);
        size_t byte_len;
        char name[128] = "";
        const char *was = LLVMGetValueName2(i, &byte_len);
        if (byte_len < sizeof name)
            memcpy(name, was, byte_len + 1);
        next = LLVMGetNextInstruction(i);
        LLVMInstructionRemoveFromParent(i);
        LLVMPositionBuilderBefore(builder, place);
        LLVMInsertIntoBuilderWithName(builder, i, name);
        LLVMInstructionSetDebugLoc(i, where);
    }
}

/* ---- c ? a : b ------------------------------------------------------------------------- */

/* Follows blocks without branches from `block`, which only `from` leads to, to `join`. The last
 * one of them, `from` when there is none; NULL: they are no arm of a choice. */
static LLVMBasicBlockRef follow(LLVMBasicBlockRef from, LLVMBasicBlockRef block,
                                LLVMBasicBlockRef join, unsigned *count)
{
    LLVMBasicBlockRef last = from;
    for (; block != join; block = LLVMGetSuccessor(LLVMGetBasicBlockTerminator(block), 0)) {
        LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
        if (only_predecessor(block) != last || !LLVMIsABranchInst(end) ||
            LLVMIsConditional(end) || LLVMIsAPHINode(LLVMGetFirstInstruction(block)) ||
            !count_parts(block, count))
            return NULL;
        last = block;
    }
    return last;
}

static void hoist_arm(LLVMBuilderRef builder, LLVMBasicBlockRef block, LLVMBasicBlockRef join,
                      LLVMValueRef place)
{
    for (; block != join; block = LLVMGetSuccessor(LLVMGetBasicBlockTerminator(block), 0))
        hoist(builder, block, place);
}

static void delete_arm(LLVMBasicBlockRef block, LLVMBasicBlockRef join)
{
    while (block != join) {
        LLVMBasicBlockRef next = LLVMGetSuccessor(LLVMGetBasicBlockTerminator(block), 0);
        LLVMDeleteBasicBlock(block);
        block = next;
    }
}

static bool is_bit(LLVMValueRef value, bool is_set)
{
    return LLVMIsAConstantInt(value) && LLVMGetIntTypeWidth(LLVMTypeOf(value)) == 1 &&
           LLVMConstIntGetZExtValue(value) == is_set;
}

static LLVMValueRef choose(LLVMBuilderRef builder, LLVMValueRef cond, LLVMValueRef yes,
                           LLVMValueRef no)
{
    if (is_bit(yes, true))
        return LLVMBuildOr(builder, cond, no, "");
    if (is_bit(no, false))
        return LLVMBuildAnd(builder, cond, yes, "");
    return LLVMBuildSelect(builder, cond, yes, no, "");
}

/* The block that both ways of the branch come to at once. */
static LLVMBasicBlockRef join_of(LLVMBasicBlockRef block)
{
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    while (end && LLVMIsABranchInst(end) && !LLVMIsConditional(end)) {
        block = LLVMGetSuccessor(end, 0);
        if (LLVMIsAPHINode(LLVMGetFirstInstruction(block)))
            return block;
        end = LLVMGetBasicBlockTerminator(block);
    }
    return NULL;
}

static bool is_wanted(LLVMValueRef phi)
{
    LLVMTypeRef type = LLVMTypeOf(phi);
    LLVMValueRef after = LLVMGetNextInstruction(phi);
    return LLVMCountIncoming(phi) == 2 && !LLVMIsAPHINode(after) &&
           (LLVMGetTypeKind(type) != LLVMVectorTypeKind ||
            LLVMGetVectorSize(type) <= MOST_ELEMENTS);
}

/* Makes a value of the choice that ends in `join`. */
static bool take_choice(LLVMBuilderRef builder, LLVMBasicBlockRef join)
{
    LLVMValueRef phi = LLVMGetFirstInstruction(join);
    if (!LLVMIsAPHINode(phi) || !is_wanted(phi))
        return false;
    for (unsigned i = 0; i < 2; i++) {
        LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i), top = only_predecessor(from);
        LLVMValueRef end;
        unsigned count = 0;
        while (top && LLVMIsABranchInst(end = LLVMGetBasicBlockTerminator(top)) &&
               !LLVMIsConditional(end))
            top = only_predecessor(top);
        if (!top || !LLVMIsABranchInst(end = LLVMGetBasicBlockTerminator(top)) ||
            LLVMGetSuccessor(end, 0) == LLVMGetSuccessor(end, 1))
            continue;
        LLVMBasicBlockRef arms[] = {LLVMGetSuccessor(end, 0), LLVMGetSuccessor(end, 1)},
                          last[2];
        for (unsigned n = 0; n < 2; n++)
            last[n] = arms[n] == join || join_of(arms[n]) == join
                          ? follow(top, arms[n], join, &count)
                          : NULL;
        if (!last[0] || !last[1])
            continue;
        bool is_first = LLVMGetIncomingBlock(phi, 0) == last[0];
        LLVMValueRef yes = LLVMGetIncomingValue(phi, !is_first),
                     no = LLVMGetIncomingValue(phi, is_first), value;
        hoist_arm(builder, arms[0], join, end);
        hoist_arm(builder, arms[1], join, end);
        LLVMPositionBuilderBefore(builder, end);
        value = choose(builder, LLVMGetCondition(end), yes, no);
        LLVMReplaceAllUsesWith(phi, value);
        LLVMInstructionEraseFromParent(phi);
        LLVMBuildBr(builder, join);
        LLVMInstructionEraseFromParent(end);
        delete_arm(arms[0], join);
        delete_arm(arms[1], join);
        return true;
    }
    return false;
}

/* ---- a && b, a || b in conditions ---------------------------------------------------------
 */

/* The value that a phi of `block` has on the way from another one. */
static LLVMValueRef value_from(LLVMValueRef phi, LLVMBasicBlockRef from)
{
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
        if (LLVMGetIncomingBlock(phi, i) == from)
            return LLVMGetIncomingValue(phi, i);
    return NULL;
}

static bool has_same_values(LLVMBasicBlockRef block, LLVMBasicBlockRef a, LLVMBasicBlockRef b)
{
    for (LLVMValueRef phi = LLVMGetFirstInstruction(block); LLVMIsAPHINode(phi);
         phi = LLVMGetNextInstruction(phi))
        if (value_from(phi, a) != value_from(phi, b))
            return false;
    return true;
}

/* The same phi with the way from `block` as one from `instead`; without it if that is NULL. */
static void turn_way(LLVMBuilderRef builder, LLVMValueRef phi, LLVMBasicBlockRef block,
                     LLVMBasicBlockRef instead)
{
    LLVMPositionBuilderBefore(builder, phi);
    size_t byte_len;
    char name[128] = "";
    const char *was = LLVMGetValueName2(phi, &byte_len);
    if (byte_len < sizeof name)
        memcpy(name, was, byte_len + 1);
    LLVMSetValueName2(phi, "", 0);
    LLVMValueRef fresh = LLVMBuildPhi(builder, LLVMTypeOf(phi), name);
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        LLVMValueRef value = LLVMGetIncomingValue(phi, i);
        LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);
        if (value == phi)
            value = fresh;
        if (from == block)
            from = instead;
        if (from)
            LLVMAddIncoming(fresh, &value, &from, 1);
    }
    LLVMReplaceAllUsesWith(phi, fresh);
    LLVMInstructionEraseFromParent(phi);
}

static void turn_ways(LLVMBuilderRef builder, LLVMBasicBlockRef to, LLVMBasicBlockRef from,
                      LLVMBasicBlockRef instead)
{
    for (LLVMValueRef phi = LLVMGetFirstInstruction(to), next; LLVMIsAPHINode(phi);
         phi = next) {
        next = LLVMGetNextInstruction(phi);
        turn_way(builder, phi, from, instead);
    }
}

static bool is_used_outside(LLVMBasicBlockRef block)
{
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
        for (LLVMUseRef use = LLVMGetFirstUse(i); use; use = LLVMGetNextUse(use))
            if (LLVMGetInstructionParent(LLVMGetUser(use)) != block)
                return true;
    return false;
}

/* Asks the second question, which `block` is, where the first one is asked. */
static bool take_question(LLVMBuilderRef builder, LLVMBasicBlockRef block)
{
    static const char *const names[] = {"lor.lhs.false", "lor.rhs", "land.lhs.true", "land.rhs",
                                        NULL};
    LLVMBasicBlockRef top = only_predecessor(block);
    LLVMValueRef first = top ? LLVMGetBasicBlockTerminator(top) : NULL,
                 second = LLVMGetBasicBlockTerminator(block), cond;
    unsigned count = 0;
    if (!has_name(block, names) || !first || top == block || !LLVMIsABranchInst(second) ||
        !LLVMIsConditional(first) || !LLVMIsConditional(second) ||
        LLVMGetSuccessor(second, 0) == LLVMGetSuccessor(second, 1) ||
        LLVMIsAPHINode(LLVMGetFirstInstruction(block)) || !count_parts(block, &count) ||
        is_used_outside(block))
        return false;
    unsigned way = LLVMGetSuccessor(first, 0) == block; /* that leads elsewhere */
    LLVMBasicBlockRef shared = LLVMGetSuccessor(first, way), other;
    unsigned same = LLVMGetSuccessor(second, 1) == shared;
    other = LLVMGetSuccessor(second, !same);
    if (LLVMGetSuccessor(second, same) != shared || shared == block || other == block ||
        !has_same_values(shared, top, block))
        return false;
    hoist(builder, block, first);
    LLVMPositionBuilderBefore(builder, first);
    cond = LLVMGetCondition(second);
    if (same != way)
        cond = LLVMBuildNot(builder, cond, "");
    cond = way ? LLVMBuildAnd(builder, LLVMGetCondition(first), cond, "")
               : LLVMBuildOr(builder, LLVMGetCondition(first), cond, "");
    LLVMSetCondition(first, cond);
    turn_ways(builder, shared, block, NULL);
    turn_ways(builder, other, block, top); /* not by way of an empty block, which would part it
                                            * from what may be asked next */
    LLVMSetSuccessor(first, !way, other);
    LLVMDeleteBasicBlock(block);
    return true;
}

/* Whether the block is nothing but a question that can be asked elsewhere, behind `top` only.
 */
static bool is_question(LLVMBasicBlockRef block, LLVMBasicBlockRef top, unsigned *count)
{
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    return only_predecessor(block) == top && LLVMIsABranchInst(end) && LLVMIsConditional(end) &&
           LLVMGetSuccessor(end, 0) != LLVMGetSuccessor(end, 1) &&
           !LLVMIsAPHINode(LLVMGetFirstInstruction(block)) && count_parts(block, count) &&
           !is_used_outside(block);
}

/* `if (c ? a : b)`: both arms ask, and lead to the same two blocks. */
static bool take_chosen_question(LLVMBuilderRef builder, LLVMBasicBlockRef top)
{
    static const char *const names[] = {"cond.true", "cond.false", NULL};
    LLVMValueRef first = LLVMGetBasicBlockTerminator(top), ends[2], conds[2];
    LLVMBasicBlockRef arms[2], to[2];
    unsigned count = 0;
    if (!LLVMIsABranchInst(first) || !LLVMIsConditional(first))
        return false;
    for (unsigned i = 0; i < 2; i++) {
        arms[i] = LLVMGetSuccessor(first, i);
        if (!has_name(arms[i], names) || arms[i] == top || !is_question(arms[i], top, &count))
            return false;
        ends[i] = LLVMGetBasicBlockTerminator(arms[i]);
        conds[i] = LLVMGetCondition(ends[i]);
    }
    for (unsigned i = 0; i < 2; i++)
        to[i] = LLVMGetSuccessor(ends[0], i);
    bool is_turned = LLVMGetSuccessor(ends[1], 0) != to[0];
    if (LLVMGetSuccessor(ends[1], is_turned) != to[0] ||
        LLVMGetSuccessor(ends[1], !is_turned) != to[1])
        return false;
    for (unsigned i = 0; i < 2; i++)
        if (to[i] == arms[0] || to[i] == arms[1] || !has_same_values(to[i], arms[0], arms[1]))
            return false;
    for (unsigned i = 0; i < 2; i++)
        hoist(builder, arms[i], first);
    LLVMPositionBuilderBefore(builder, first);
    if (is_turned)
        conds[1] = LLVMBuildNot(builder, conds[1], "");
    LLVMSetCondition(first, choose(builder, LLVMGetCondition(first), conds[0], conds[1]));
    for (unsigned i = 0; i < 2; i++) {
        turn_ways(builder, to[i], arms[0], top);
        turn_ways(builder, to[i], arms[1], NULL);
        LLVMSetSuccessor(first, i, to[i]);
    }
    LLVMDeleteBasicBlock(arms[0]);
    LLVMDeleteBasicBlock(arms[1]);
    return true;
}

/* ---- all of them ------------------------------------------------------------------------ */

static bool sweep(LLVMBuilderRef builder, LLVMValueRef function)
{
    bool is_changed = false;
    for (LLVMBasicBlockRef block = LLVMGetLastBasicBlock(function), next; block; block = next) {
        next = LLVMGetPreviousBasicBlock(block);
        is_changed |= LLVMGetBasicBlockTerminator(block) &&
                      (take_chosen_question(builder, block) || take_question(builder, block));
    }
    for (LLVMBasicBlockRef block = LLVMGetLastBasicBlock(function); block;
         block = LLVMGetPreviousBasicBlock(block))
        is_changed |= take_choice(builder, block);
    return is_changed;
}

void tj_adopt_choices(tj_unit *unit)
{
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    LLVMValueRef f = LLVMGetFirstFunction(unit->module);
    for (; f; f = LLVMGetNextFunction(f))
        while (!LLVMIsDeclaration(f) && sweep(builder, f))
            continue;
    LLVMDisposeBuilder(builder);
}
