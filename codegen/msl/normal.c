/* SPDX-License-Identifier: MIT */
/* One form of what has several: whether a compiler makes a choice of `c ? a : b` or a branch
 * depends on its budgets, and a component may be read alone or with its vector. What is printed
 * is the same whichever it was, and so is the print of the print.
 */
#include "prepare.h"

#include "canon.h"

#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <string.h>

enum { MAX_ARM = 16, MAX_ABOVE = 8 };

typedef struct normaliser {
    tj_msl *m;
    LLVMBuilderRef builder;
} normaliser;

static bool is_number(LLVMValueRef value)
{
    return LLVMIsAConstantInt(value) != NULL;
}

/* ---- components ------------------------------------------------------------------------ */

/* The only component of a loaded vector that is used; -1: there are several. */
static int only_component(LLVMValueRef load)
{
    int found = -1;

    for (LLVMUseRef use = LLVMGetFirstUse(load); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        int at = LLVMIsAExtractElementInst(user) && is_number(LLVMGetOperand(user, 1))
                     ? (int)LLVMConstIntGetZExtValue(LLVMGetOperand(user, 1))
                     : -1;

        if (at < 0 || (found >= 0 && found != at))
            return -1;
        found = at;
    }
    return found;
}

/* (*p).y is p->y. */
static void narrow_load(normaliser *n, LLVMValueRef load)
{
    LLVMTypeRef type = LLVMTypeOf(load), element;
    int at;

    if (!tj_msl_is_vector(type) || LLVMGetVectorSize(type) > 4 || LLVMGetVolatile(load) ||
        (at = only_component(load)) < 0 || at >= (int)LLVMGetVectorSize(type))
        return;
    element = LLVMGetElementType(type);
    if (LLVMGetTypeKind(element) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(element) < 8)
        return;
    LLVMTypeRef word = LLVMInt32TypeInContext(n->m->unit->llctx);
    LLVMValueRef indices[] = {LLVMConstInt(word, 0, false),
                              LLVMConstInt(word, (unsigned)at, false)},
                 pointer = LLVMGetOperand(load, 0), one;
    unsigned size = (unsigned)LLVMABISizeOfType(n->m->layout, element),
             align = LLVMGetAlignment(load);

    LLVMPositionBuilderBefore(n->builder, load);
    if (at)
        pointer = LLVMBuildInBoundsGEP2(n->builder, type, pointer, indices, 2, "");
    one = LLVMBuildLoad2(n->builder, element, pointer, "");
    LLVMSetAlignment(one, at && align > size ? size : align);
    for (LLVMUseRef use = LLVMGetFirstUse(load); use; use = LLVMGetNextUse(use))
        LLVMReplaceAllUsesWith(LLVMGetUser(use), one);
}

/* A value that is the same on every way, once those in front of it are known to be one. */
static void drop_phis(tj_msl *m)
{
    unsigned count = 0;
    LLVMValueRef *all = tj_msl_instructions(m, &count);

    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (unsigned i = 0; i < count; i++) {
            LLVMValueRef value =
                all[i] && LLVMIsAPHINode(all[i]) ? tj_msl_only_value(all[i]) : NULL;

            if (!value)
                continue;
            LLVMReplaceAllUsesWith(all[i], value);
            LLVMInstructionEraseFromParent(all[i]);
            all[i] = NULL;
            is_changed = true;
        }
    }
}

/* What was written twice is one value, as it is for a compiler that reads the print; constants
 * that came together here are folded, addresses among them, which are instructions again. */
static void fold_equal(normaliser *n)
{
    tj_canon_state state = {.unit = n->m->unit, .builder = n->builder};
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error =
        LLVMRunPassesOnFunction(n->m->kernel->function, "early-cse", NULL, options);

    LLVMDisposePassBuilderOptions(options);
    if (error) {
        char *message = LLVMGetErrorMessage(error);

        tj_msl_refuse(n->m, NULL, "cannot simplify the kernel: %s", message);
        LLVMDisposeErrorMessage(message);
    } else {
        drop_phis(n->m);
        n->m->status = tj_canon_constants(&state);
    }
}

/* ---- what is known of a condition ------------------------------------------------------- */

/* Whether it holds where `block` is: 1 yes, 0 no, -1 unknown. */
static int known_in(LLVMValueRef cond, LLVMBasicBlockRef block)
{
    for (unsigned i = 0; i < MAX_ABOVE; i++) {
        LLVMBasicBlockRef above = tj_msl_only_predecessor(block);
        LLVMValueRef end = above ? LLVMGetBasicBlockTerminator(above) : NULL;

        if (!end || !LLVMIsABranchInst(end))
            return -1;
        if (LLVMIsConditional(end) && LLVMGetCondition(end) == cond &&
            LLVMGetSuccessor(end, 0) != LLVMGetSuccessor(end, 1))
            return LLVMGetSuccessor(end, 0) == block;
        block = above;
    }
    return -1;
}

/* Behind c, c ? a : b is a; so it is in the arms of a choice by c. */
static void forget_known(LLVMValueRef inst)
{
    LLVMValueRef cond = LLVMGetOperand(inst, 0);
    int known = known_in(cond, LLVMGetInstructionParent(inst));

    if (known >= 0) {
        LLVMReplaceAllUsesWith(inst, LLVMGetOperand(inst, known ? 1 : 2));
        return;
    }
    for (unsigned i = 1; i < 3; i++) {
        LLVMValueRef arm = LLVMGetOperand(inst, i);

        while (LLVMIsASelectInst(arm) && LLVMGetOperand(arm, 0) == cond && arm != inst)
            arm = LLVMGetOperand(arm, i);
        LLVMSetOperand(inst, i, arm);
    }
}

/* The same of what a phi gets on its way from a branch. */
static void forget_on_edges(LLVMValueRef phi)
{
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        LLVMValueRef value = LLVMGetIncomingValue(phi, i), cond, end;
        LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);
        int known;

        if (!LLVMIsASelectInst(value))
            continue;
        cond = LLVMGetOperand(value, 0);
        end = LLVMGetBasicBlockTerminator(from);
        if (LLVMIsABranchInst(end) && LLVMIsConditional(end) && LLVMGetCondition(end) == cond &&
            LLVMGetSuccessor(end, 0) != LLVMGetSuccessor(end, 1))
            known = LLVMGetSuccessor(end, 0) == LLVMGetInstructionParent(phi);
        else
            known = known_in(cond, from);
        if (known >= 0)
            LLVMSetOperand(phi, i, LLVMGetOperand(value, known ? 1 : 2));
    }
}

/* ---- choices --------------------------------------------------------------------------- */

static bool is_short_vector(LLVMTypeRef type)
{
    return !tj_msl_is_vector(type) || LLVMGetVectorSize(type) <= 4;
}

/* Without effects, reads no memory, and can be asked for without need. */
static bool can_choose(LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMGetElementPtr:
    case LLVMSelect:
    case LLVMICmp:
    case LLVMFCmp:
    case LLVMFNeg:
    case LLVMInsertElement:
    case LLVMExtractElement:
    case LLVMShuffleVector:
        break;
    case LLVMCall:
        if (!tj_msl_is_pure_call(inst))
            return false;
        break;
    default:
        if (!LLVMIsABinaryOperator(inst) && !LLVMIsACastInst(inst))
            return false;
        break;
    }
    return is_short_vector(LLVMTypeOf(inst)) &&
           (!LLVMGetNumOperands(inst) || is_short_vector(LLVMTypeOf(LLVMGetOperand(inst, 0))));
}

static bool has_one_use(LLVMValueRef value)
{
    LLVMUseRef use = LLVMGetFirstUse(value);

    return use && !LLVMGetNextUse(use);
}

/* A tree of few operators that ends in the block that joins the arms. */
static bool is_arm(LLVMBasicBlockRef arm, LLVMBasicBlockRef top, LLVMBasicBlockRef join)
{
    LLVMValueRef end = LLVMGetBasicBlockTerminator(arm);
    unsigned count = 0;

    if (arm == top)
        return true;
    if (tj_msl_only_predecessor(arm) != top || !LLVMIsABranchInst(end) ||
        LLVMIsConditional(end) || LLVMGetSuccessor(end, 0) != join)
        return false;
    for (LLVMValueRef i = LLVMGetFirstInstruction(arm); i != end; i = LLVMGetNextInstruction(i))
        if (LLVMIsAPHINode(i) || !can_choose(i) || !has_one_use(i) || ++count > MAX_ARM)
            return false;
    return true;
}

static void move_in_front(normaliser *n, LLVMBasicBlockRef from, LLVMValueRef place)
{
    for (LLVMValueRef i = LLVMGetFirstInstruction(from), next; !LLVMIsATerminatorInst(i);
         i = next) {
        size_t len;
        const char *name = tj_arena_strdup(n->m->arena, LLVMGetValueName2(i, &len));

        next = LLVMGetNextInstruction(i);
        LLVMInstructionRemoveFromParent(i);
        LLVMPositionBuilderBefore(n->builder, place);
        LLVMInsertIntoBuilderWithName(n->builder, i, name);
    }
}

/* Makes `top` the start of `join`, which it alone leads to. */
static void merge(normaliser *n, LLVMBasicBlockRef top, LLVMBasicBlockRef join)
{
    LLVMValueRef block = LLVMBasicBlockAsValue(top);

    move_in_front(n, top, LLVMGetFirstInstruction(join));
    for (LLVMUseRef use; (use = LLVMGetFirstUse(block));) {
        LLVMValueRef end = LLVMGetUser(use);

        for (unsigned i = 0; i < LLVMGetNumSuccessors(end); i++)
            if (LLVMGetSuccessor(end, i) == top)
                LLVMSetSuccessor(end, i, join);
    }
    LLVMMoveBasicBlockBefore(join, top);
    LLVMDeleteBasicBlock(top);
}

static LLVMValueRef choose(normaliser *n, LLVMValueRef cond, LLVMValueRef yes, LLVMValueRef no)
{
    bool is_bool = LLVMTypeOf(yes) == LLVMTypeOf(cond);

    if (yes == no)
        return yes;
    if (is_bool && is_number(yes) && LLVMConstIntGetZExtValue(yes))
        return LLVMBuildOr(n->builder, cond, no, "");
    if (is_bool && is_number(no) && !LLVMConstIntGetZExtValue(no))
        return LLVMBuildAnd(n->builder, cond, yes, "");
    return LLVMBuildSelect(n->builder, cond, yes, no, "");
}

/* The only phi that two arms of a branch give a value; false: it is not so. */
static bool find_choice(LLVMBasicBlockRef join, LLVMBasicBlockRef *top,
                        LLVMBasicBlockRef arms[2])
{
    LLVMValueRef phi = LLVMGetFirstInstruction(join), end;

    if (!LLVMIsAPHINode(phi) || LLVMCountIncoming(phi) != 2 ||
        LLVMIsAPHINode(LLVMGetNextInstruction(phi)) || !is_short_vector(LLVMTypeOf(phi)))
        return false;
    for (unsigned i = 0; i < 2; i++) {
        arms[i] = LLVMGetIncomingBlock(phi, i);
        end = LLVMGetBasicBlockTerminator(arms[i]);
        if (LLVMIsABranchInst(end) && LLVMIsConditional(end))
            *top = arms[i];
        else if (!i)
            *top = tj_msl_only_predecessor(arms[i]);
    }
    end = *top ? LLVMGetBasicBlockTerminator(*top) : NULL;
    return end && *top != join && arms[0] != arms[1] && LLVMIsABranchInst(end) &&
           LLVMIsConditional(end) && is_arm(arms[0], *top, join) && is_arm(arms[1], *top, join);
}

static bool take_choice(normaliser *n, LLVMBasicBlockRef join)
{
    LLVMValueRef phi = LLVMGetFirstInstruction(join), end, value;
    LLVMBasicBlockRef top = NULL, arms[2], first;
    size_t len;

    if (!find_choice(join, &top, arms))
        return false;
    end = LLVMGetBasicBlockTerminator(top);
    first = LLVMGetSuccessor(end, 0);
    bool is_turned = first == arms[1] || (first == join && arms[1] == top);

    for (unsigned i = 0; i < 2; i++)
        if (arms[i] != top)
            move_in_front(n, arms[i], end);
    LLVMPositionBuilderBefore(n->builder, end);
    value = choose(n, LLVMGetCondition(end), LLVMGetIncomingValue(phi, is_turned),
                   LLVMGetIncomingValue(phi, !is_turned));
    const char *name = tj_arena_strdup(n->m->arena, LLVMGetValueName2(phi, &len));

    LLVMReplaceAllUsesWith(phi, value);
    LLVMInstructionEraseFromParent(phi);
    if (LLVMIsASelectInst(value) && *name)
        LLVMSetValueName2(value, name, strlen(name));
    LLVMInstructionEraseFromParent(end);
    LLVMPositionBuilderAtEnd(n->builder, top);
    LLVMBuildBr(n->builder, join);
    for (unsigned i = 0; i < 2; i++)
        if (arms[i] != top)
            LLVMDeleteBasicBlock(arms[i]);
    merge(n, top, join);
    return true;
}

/* ---- all of them ------------------------------------------------------------------------ */

static bool take_choices(normaliser *n)
{
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(n->m->kernel->function);
    bool is_changed = false, is_taken;

    for (; block; block = is_taken ? block : LLVMGetNextBasicBlock(block)) {
        is_taken = take_choice(n, block);
        is_changed |= is_taken;
    }
    return is_changed;
}

void tj_msl_normalise(tj_msl *m)
{
    normaliser n = {m, LLVMCreateBuilderInContext(m->unit->llctx)};
    unsigned count = 0;
    LLVMValueRef *all;

    while (take_choices(&n))
        continue;
    all = tj_msl_instructions(m, &count);
    for (unsigned i = 0; i < count; i++)
        if (LLVMIsASelectInst(all[i]))
            forget_known(all[i]);
        else if (LLVMIsAPHINode(all[i]))
            forget_on_edges(all[i]);
    LLVMDisposeBuilder(n.builder);
}

void tj_msl_narrow_loads(tj_msl *m)
{
    normaliser n = {m, LLVMCreateBuilderInContext(m->unit->llctx)};
    unsigned count = 0;
    LLVMValueRef *all = tj_msl_instructions(m, &count);

    for (unsigned i = 0; i < count; i++)
        if (LLVMIsALoadInst(all[i]))
            narrow_load(&n, all[i]);
    fold_equal(&n);
    LLVMDisposeBuilder(n.builder);
}
