/* SPDX-License-Identifier: MIT */
/* What compilers of C leave around conditions, said as conditions: bools that became bytes on
 * their way through memory, comparisons of numbers that were chosen to be compared.
 */
#include "prepare.h"

#include <math.h>
#include <string.h>

typedef struct simplifier {
    tj_msl *m;
    LLVMBuilderRef builder;
    LLVMTypeRef bool_type;
    LLVMValueRef *all; /* instructions */
    uint8_t *opcodes;
    unsigned all_count;
    bool is_stale;      /* what was listed is no more, or there are others */
    LLVMValueRef *list; /* bytes that may be bools, in order */
    unsigned count;
    tj_ptrmap index; /* into list */
    bool *is_bool;
    LLVMValueRef *made;
} simplifier;

static LLVMValueRef constant_bool(const simplifier *s, bool value)
{
    return LLVMConstInt(s->bool_type, value, false);
}

static void replace(simplifier *s, LLVMValueRef inst, LLVMValueRef with)
{
    LLVMReplaceAllUsesWith(inst, with);
    LLVMInstructionEraseFromParent(inst);
    s->is_stale = true;
}

/* ---- comparisons ----------------------------------------------------------------------- */

static bool is_number(LLVMValueRef value)
{
    return LLVMIsAConstantInt(value) != NULL;
}

static bool has_one_use(LLVMValueRef value)
{
    LLVMUseRef use = LLVMGetFirstUse(value);

    return use && !LLVMGetNextUse(use);
}

static LLVMValueRef negation(simplifier *s, LLVMValueRef cond)
{
    static const LLVMIntPredicate opposites[] = {LLVMIntNE,  LLVMIntEQ,  LLVMIntULE, LLVMIntULT,
                                                 LLVMIntUGE, LLVMIntUGT, LLVMIntSLE, LLVMIntSLT,
                                                 LLVMIntSGE, LLVMIntSGT}; /* from EQ on */

    if (LLVMIsAICmpInst(cond))
        return LLVMBuildICmp(s->builder, opposites[LLVMGetICmpPredicate(cond) - LLVMIntEQ],
                             LLVMGetOperand(cond, 0), LLVMGetOperand(cond, 1), "");
    if (LLVMIsAFCmpInst(cond)) {
        LLVMValueRef other =
            LLVMBuildFCmp(s->builder, LLVMRealPredicateTrue - LLVMGetFCmpPredicate(cond),
                          LLVMGetOperand(cond, 0), LLVMGetOperand(cond, 1), "");

        if (LLVMIsAFCmpInst(other))
            LLVMSetFastMathFlags(other, LLVMGetFastMathFlags(cond));
        return other;
    }
    if (LLVMIsAInstruction(cond) && LLVMGetInstructionOpcode(cond) == LLVMXor &&
        is_number(LLVMGetOperand(cond, 1)))
        return LLVMConstIntGetZExtValue(LLVMGetOperand(cond, 1))
                   ? LLVMGetOperand(cond, 0)
                   : LLVMBuildXor(s->builder, LLVMGetOperand(cond, 0), constant_bool(s, true),
                                  "");
    return LLVMBuildXor(s->builder, cond, constant_bool(s, true), "");
}

/* Less or greater is two comparisons in Metal, which read their operands twice. */
static void split_compare(simplifier *s, LLVMValueRef inst)
{
    LLVMRealPredicate predicate = LLVMGetFCmpPredicate(inst);
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1), parts[2], either;

    if ((predicate != LLVMRealONE || (LLVMGetFastMathFlags(inst) & LLVMFastMathNoNaNs)) &&
        predicate != LLVMRealUEQ)
        return;
    LLVMPositionBuilderBefore(s->builder, inst);
    for (unsigned i = 0; i < 2; i++) {
        parts[i] = LLVMBuildFCmp(s->builder, i ? LLVMRealOGT : LLVMRealOLT, a, b, "");
        if (LLVMIsAFCmpInst(parts[i]))
            LLVMSetFastMathFlags(parts[i], LLVMGetFastMathFlags(inst));
    }
    either = LLVMBuildOr(s->builder, parts[0], parts[1], "");
    replace(s, inst, predicate == LLVMRealONE ? either : LLVMBuildNot(s->builder, either, ""));
}

/* (c ? 2 : 0) != 0 is c; zext(c) != 0, too. */
static void simplify_compare(simplifier *s, LLVMValueRef inst)
{
    LLVMValueRef chosen = LLVMGetOperand(inst, 0), with = LLVMGetOperand(inst, 1), cond;
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(inst);
    uint64_t yes = 1, no = 0;

    if ((predicate != LLVMIntEQ && predicate != LLVMIntNE) || !is_number(with))
        return;
    if (LLVMIsASelectInst(chosen)) {
        if (!is_number(LLVMGetOperand(chosen, 1)) || !is_number(LLVMGetOperand(chosen, 2)))
            return;
        yes = LLVMConstIntGetZExtValue(LLVMGetOperand(chosen, 1));
        no = LLVMConstIntGetZExtValue(LLVMGetOperand(chosen, 2));
    } else if (!LLVMIsAZExtInst(chosen)) {
        return;
    }
    cond = LLVMGetOperand(chosen, 0);
    if (LLVMTypeOf(cond) != s->bool_type)
        return;
    yes = (yes == LLVMConstIntGetZExtValue(with)) == (predicate == LLVMIntEQ);
    no = (no == LLVMConstIntGetZExtValue(with)) == (predicate == LLVMIntEQ);
    LLVMPositionBuilderBefore(s->builder, inst);
    replace(s, inst, yes == no ? constant_bool(s, yes) : yes ? cond : negation(s, cond));
}

/* !(a < b) is a >= b; !!a is a. */
static void simplify_negation(simplifier *s, LLVMValueRef inst)
{
    LLVMValueRef of = LLVMGetOperand(inst, 0);

    if (LLVMTypeOf(inst) != s->bool_type || LLVMGetInstructionOpcode(inst) != LLVMXor ||
        !is_number(LLVMGetOperand(inst, 1)) ||
        !LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 1)) || !LLVMIsAInstruction(of))
        return;
    LLVMPositionBuilderBefore(s->builder, inst);
    if (LLVMIsAICmpInst(of) || LLVMGetInstructionOpcode(of) == LLVMXor ||
        (LLVMIsAFCmpInst(of) && has_one_use(of)))
        replace(s, inst, negation(s, of));
}

/* Whether a bool is printed with `!`, all its parts if it is a && b or a || b. */
static bool is_negative(const simplifier *s, LLVMValueRef value)
{
    LLVMOpcode opcode;

    if (!LLVMIsAInstruction(value) || LLVMTypeOf(value) != s->bool_type || !has_one_use(value))
        return false;
    opcode = LLVMGetInstructionOpcode(value);
    if (opcode == LLVMAnd || opcode == LLVMOr)
        return is_negative(s, LLVMGetOperand(value, 0)) &&
               is_negative(s, LLVMGetOperand(value, 1));
    if (opcode == LLVMXor)
        return is_number(LLVMGetOperand(value, 1)) &&
               LLVMConstIntGetZExtValue(LLVMGetOperand(value, 1));
    if (opcode != LLVMFCmp)
        return false;
    LLVMRealPredicate predicate = LLVMGetFCmpPredicate(value);

    return predicate == LLVMRealORD || (predicate >= LLVMRealUEQ && predicate <= LLVMRealULE);
}

/* The opposite of what is negative. */
static LLVMValueRef positive(simplifier *s, LLVMValueRef value)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(value);
    LLVMValueRef parts[2];

    if (opcode != LLVMAnd && opcode != LLVMOr)
        return negation(s, value);
    for (unsigned i = 0; i < 2; i++)
        parts[i] = positive(s, LLVMGetOperand(value, i));
    return opcode == LLVMAnd ? LLVMBuildOr(s->builder, parts[0], parts[1], "")
                             : LLVMBuildAnd(s->builder, parts[0], parts[1], "");
}

/* !c ? a : b is c ? b : a; so are branches. */
static void turn_choice(simplifier *s, LLVMValueRef inst)
{
    bool is_branch = LLVMIsABranchInst(inst);
    LLVMValueRef cond = is_branch ? LLVMGetCondition(inst) : LLVMGetOperand(inst, 0), yes;

    if (!is_negative(s, cond))
        return;
    LLVMPositionBuilderBefore(s->builder, inst);
    s->is_stale = true;
    cond = positive(s, cond);
    if (is_branch) {
        LLVMBasicBlockRef first = LLVMGetSuccessor(inst, 0);

        LLVMSetCondition(inst, cond);
        LLVMSetSuccessor(inst, 0, LLVMGetSuccessor(inst, 1));
        LLVMSetSuccessor(inst, 1, first);
        return;
    }
    yes = LLVMGetOperand(inst, 1);
    LLVMSetOperand(inst, 0, cond);
    LLVMSetOperand(inst, 1, LLVMGetOperand(inst, 2));
    LLVMSetOperand(inst, 2, yes);
}

/* c ? true : false is c. */
static void simplify_select(simplifier *s, LLVMValueRef inst)
{
    LLVMValueRef cond = LLVMGetOperand(inst, 0), yes = LLVMGetOperand(inst, 1),
                 no = LLVMGetOperand(inst, 2);

    if (LLVMTypeOf(inst) != s->bool_type || LLVMTypeOf(cond) != s->bool_type ||
        !is_number(yes) || !is_number(no))
        return;
    LLVMPositionBuilderBefore(s->builder, inst);
    replace(s, inst,
            yes == no                       ? yes
            : LLVMConstIntGetZExtValue(yes) ? cond
                                            : negation(s, cond));
}

/* The nearest integer of the range; NaN is 0. */
static LLVMValueRef integer_of(LLVMTypeRef type, LLVMValueRef number, bool is_signed)
{
    LLVMBool is_inexact;
    double value = trunc(LLVMConstRealGetDouble(number, &is_inexact));
    unsigned bits = LLVMGetIntTypeWidth(type);
    double past = ldexp(1.0, (int)(bits - is_signed)), first = is_signed ? -past : 0.0;
    uint64_t least = is_signed ? ~0ull << (bits - 1) : 0;

    if (isnan(value))
        return LLVMConstInt(type, 0, false);
    if (value >= past)
        return LLVMConstInt(type, is_signed ? ~least : ~0ull, is_signed);
    if (value <= first)
        return LLVMConstInt(type, least, is_signed);
    return LLVMConstInt(type, is_signed ? (uint64_t)(int64_t)value : (uint64_t)value,
                        is_signed);
}

/* A constant float becomes an integer here: compilers leave it open what is out of range. */
static void simplify_integer(simplifier *s, LLVMValueRef inst)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);
    tj_intrin_use use;
    bool is_signed = LLVMIsAFPToSIInst(inst) != NULL;

    if (!LLVMIsAConstantFP(from) || LLVMGetTypeKind(LLVMTypeOf(inst)) != LLVMIntegerTypeKind)
        return;
    if (LLVMIsACallInst(inst)) {
        size_t len;
        const char *name = LLVMGetValueName2(LLVMGetCalledValue(inst), &len);

        if (tj_intrin_of(inst, &use)) {
            if (use.id != TJ_INTRIN_CONVERT || use.type.kind == 'f' || use.type.bits == 1 ||
                (use.rounding != TJ_ROUND_DEFAULT && use.rounding != TJ_ROUND_RTZ))
                return;
            is_signed = use.type.kind == 's';
        } else if (strncmp(name, "llvm.fptosi.sat.", 16) == 0) {
            is_signed = true;
        } else if (strncmp(name, "llvm.fptoui.sat.", 16) != 0) {
            return;
        }
    } else if (!is_signed && !LLVMIsAFPToUIInst(inst)) {
        return;
    }
    replace(s, inst, integer_of(LLVMTypeOf(inst), from, is_signed));
}

/* Widened constants; bools that were widened and cut back. */
static void simplify_cast(simplifier *s, LLVMValueRef inst)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);
    LLVMTypeRef type = LLVMTypeOf(inst);

    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind)
        return;
    if (is_number(from) && LLVMIsAZExtInst(inst))
        replace(s, inst, LLVMConstInt(type, LLVMConstIntGetZExtValue(from), false));
    else if (is_number(from) && LLVMIsASExtInst(inst))
        replace(s, inst, LLVMConstInt(type, (uint64_t)LLVMConstIntGetSExtValue(from), true));
    else if (type == s->bool_type && LLVMIsATruncInst(inst) && LLVMIsAZExtInst(from) &&
             LLVMTypeOf(LLVMGetOperand(from, 0)) == type)
        replace(s, inst, LLVMGetOperand(from, 0));
}

/* ---- bools in bytes -------------------------------------------------------------------- */

static bool is_byte(LLVMValueRef value)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 8;
}

static uint32_t number_of(const simplifier *s, LLVMValueRef value)
{
    return tj_ptrmap_find(&s->index, value);
}

/* Whether the value is 0 or 1, as far as is known. */
static bool may_be_bool(const simplifier *s, LLVMValueRef value)
{
    uint32_t at = number_of(s, value);

    if (at != UINT32_MAX)
        return s->is_bool[at];
    if (LLVMIsAConstantInt(value))
        return LLVMConstIntGetZExtValue(value) <= 1;
    return LLVMIsAZExtInst(value) && LLVMTypeOf(LLVMGetOperand(value, 0)) == s->bool_type;
}

static bool has_bools_only(const simplifier *s, LLVMValueRef join)
{
    for (int i = LLVMIsASelectInst(join) != NULL; i < LLVMGetNumOperands(join); i++)
        if (!may_be_bool(s, LLVMGetOperand(join, (unsigned)i)))
            return false;
    return true;
}

static void find_bools(simplifier *s)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (unsigned i = 0; i < s->count; i++)
            if (s->is_bool[i] && !has_bools_only(s, s->list[i])) {
                s->is_bool[i] = false;
                changed = true;
            }
    }
}

static LLVMValueRef as_bool(const simplifier *s, LLVMValueRef value)
{
    uint32_t at = number_of(s, value);

    if (at != UINT32_MAX)
        return s->made[at];
    return LLVMIsAConstantInt(value) ? constant_bool(s, LLVMConstIntGetZExtValue(value))
                                     : LLVMGetOperand(value, 0);
}

/* The same choice between bools: empty, as others of them may be its operands. */
static void make(simplifier *s, unsigned i)
{
    LLVMValueRef join = s->list[i];
    size_t len;
    const char *name = tj_arena_strdup(s->m->arena, LLVMGetValueName2(join, &len));

    LLVMSetValueName2(join, "", 0); /* it is the other's now */
    LLVMPositionBuilderBefore(s->builder, join);
    s->made[i] = LLVMIsAPHINode(join) ? LLVMBuildPhi(s->builder, s->bool_type, name)
                                      : LLVMBuildSelect(s->builder, LLVMGetOperand(join, 0),
                                                        LLVMGetUndef(s->bool_type),
                                                        LLVMGetUndef(s->bool_type), name);
}

static void fill(simplifier *s, unsigned i)
{
    LLVMValueRef join = s->list[i], new = s->made[i];

    for (unsigned n = 0; LLVMIsAPHINode(join) && n < LLVMCountIncoming(join); n++) {
        LLVMValueRef value = as_bool(s, LLVMGetIncomingValue(join, n));
        LLVMBasicBlockRef from = LLVMGetIncomingBlock(join, n);

        LLVMAddIncoming(new, &value, &from, 1);
    }
    for (unsigned n = 1; LLVMIsASelectInst(join) && n < 3; n++)
        LLVMSetOperand(new, n, as_bool(s, LLVMGetOperand(join, n)));
}

/* Behind the phis of its block. */
static LLVMValueRef widen(simplifier *s, unsigned i)
{
    LLVMValueRef after = LLVMGetNextInstruction(s->list[i]);

    while (LLVMIsAPHINode(after))
        after = LLVMGetNextInstruction(after);
    LLVMPositionBuilderBefore(s->builder, after);
    return LLVMBuildZExt(s->builder, s->made[i], LLVMTypeOf(s->list[i]), "");
}

static bool is_byte_join(const simplifier *s, unsigned i)
{
    return (s->opcodes[i] == LLVMPHI || s->opcodes[i] == LLVMSelect) && is_byte(s->all[i]);
}

static void rewrite_bools(simplifier *s)
{
    unsigned count = 0;

    for (unsigned i = 0; i < s->all_count; i++)
        count += is_byte_join(s, i);
    if (!count)
        return;
    s->list = tj_new_array(s->m->arena, LLVMValueRef, count);
    s->is_bool = tj_new_array(s->m->arena, bool, count);
    s->made = tj_new_array(s->m->arena, LLVMValueRef, count);
    for (unsigned i = 0; i < s->all_count; i++)
        if (is_byte_join(s, i))
            s->list[s->count++] = s->all[i];
    s->is_stale = true;
    tj_ptrmap_init(&s->index, s->m->arena, s->count + 1);
    for (unsigned i = 0; i < s->count; i++) {
        tj_ptrmap_put(&s->index, s->list[i], i);
        s->is_bool[i] = true;
    }
    find_bools(s);
    for (unsigned i = 0; i < s->count; i++)
        if (s->is_bool[i])
            make(s, i);
    for (unsigned i = 0; i < s->count; i++)
        if (s->is_bool[i])
            fill(s, i);
    for (unsigned i = 0; i < s->count; i++)
        if (s->is_bool[i])
            LLVMReplaceAllUsesWith(s->list[i], widen(s, i));
}

/* ---- vectors --------------------------------------------------------------------------- */

/* Element `i` of a vector that insertions make; NULL: it is not inserted. */
static LLVMValueRef inserted(LLVMValueRef vector, unsigned i)
{
    for (; LLVMIsAInsertElementInst(vector); vector = LLVMGetOperand(vector, 0)) {
        LLVMValueRef at = LLVMGetOperand(vector, 2);

        if (!is_number(at))
            return NULL;
        if (LLVMConstIntGetZExtValue(at) == i)
            return LLVMGetOperand(vector, 1);
    }
    return NULL;
}

static bool is_constant_insert(LLVMValueRef value)
{
    return LLVMIsAInsertElementInst(value) && is_number(LLVMGetOperand(value, 2));
}

/* Components that later insertions replace need not come from anywhere. */
static void forget_replaced(LLVMValueRef inst)
{
    unsigned count = LLVMGetVectorSize(LLVMTypeOf(inst));
    uint64_t known = 0, lane = LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 2));
    LLVMValueRef last = inst, from = LLVMGetOperand(inst, 0);

    if (count > 4)
        return;
    known = 1ull << lane;
    for (; is_constant_insert(from); from = LLVMGetOperand(last, 0)) {
        lane = LLVMConstIntGetZExtValue(LLVMGetOperand(from, 2));
        if (known >> lane & 1) {
            LLVMSetOperand(last, 0, LLVMGetOperand(from, 0));
        } else if (has_one_use(from)) {
            known |= 1ull << lane;
            last = from;
        } else {
            return;
        }
    }
    if (known == (1ull << count) - 1 && !LLVMIsConstant(from))
        LLVMSetOperand(last, 0, LLVMConstNull(LLVMTypeOf(inst)));
}

/* (v.x, v.y) is v. */
static void simplify_insert(simplifier *s, LLVMValueRef inst)
{
    unsigned count = LLVMGetVectorSize(LLVMTypeOf(inst));
    LLVMValueRef whole = NULL;

    if (is_constant_insert(inst))
        forget_replaced(inst);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef one = inserted(inst, i);

        if (!one || !LLVMIsAExtractElementInst(one) || !is_number(LLVMGetOperand(one, 1)) ||
            LLVMConstIntGetZExtValue(LLVMGetOperand(one, 1)) != i ||
            (whole && LLVMGetOperand(one, 0) != whole))
            return;
        whole = LLVMGetOperand(one, 0);
    }
    if (whole && LLVMTypeOf(whole) == LLVMTypeOf(inst))
        replace(s, inst, whole);
}

/* A vector that a shuffle takes no component of need not be there. */
static void simplify_shuffle(simplifier *s, LLVMValueRef inst)
{
    int count = (int)LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(inst, 0)));
    bool is_read[2] = {false, false};

    (void)s;
    for (unsigned i = 0; i < LLVMGetNumMaskElements(inst); i++) {
        int from = LLVMGetMaskValue(inst, i);

        if (from >= 0)
            is_read[from >= count] = true;
    }
    for (unsigned i = 0; i < 2; i++)
        if (!is_read[i] && !LLVMIsConstant(LLVMGetOperand(inst, i)))
            LLVMSetOperand(inst, i, LLVMConstNull(LLVMTypeOf(LLVMGetOperand(inst, i))));
}

/* What leaves a loop may be computed of constants there, which Metal's compiler folds. */
static void fold_constant(simplifier *s, LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    LLVMValueRef a = LLVMGetOperand(inst, 0), folded = NULL;

    if (!LLVMIsConstant(a))
        return;
    LLVMPositionBuilderBefore(s->builder, inst);
    if (opcode == LLVMFNeg)
        folded = LLVMBuildFNeg(s->builder, a, "");
    else if (opcode == LLVMExtractElement && is_number(LLVMGetOperand(inst, 1)))
        folded = LLVMGetAggregateElement(
            a, (unsigned)LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 1)));
    else if (opcode != LLVMExtractElement && is_number(a) && is_number(LLVMGetOperand(inst, 1)))
        folded = LLVMBuildBinOp(s->builder, opcode, a, LLVMGetOperand(inst, 1), "");
    if (folded)
        replace(s, inst, folded);
}

/* ---- all of it ------------------------------------------------------------------------- */

/* Not what is printed as a && b, a || b. */
static void turn_if_choice(simplifier *s, LLVMValueRef inst)
{
    bool is_choice = LLVMIsABranchInst(inst) ? LLVMIsConditional(inst)
                                             : LLVMTypeOf(inst) != s->bool_type ||
                                                   (!is_number(LLVMGetOperand(inst, 1)) &&
                                                    !is_number(LLVMGetOperand(inst, 2)));

    if (is_choice)
        turn_choice(s, inst);
}

typedef void visit_fn(simplifier *s, LLVMValueRef inst);

enum { MAX_OPCODES = 16 };

/* In this order; each sees all that the ones before it made. */
static const struct {
    visit_fn *visit;
    uint8_t opcodes[MAX_OPCODES]; /* that it is for; 0 ends them */
} visits[] = {
    {simplify_integer, {LLVMFPToSI, LLVMFPToUI, LLVMCall}},
    {simplify_cast, {LLVMZExt, LLVMSExt, LLVMTrunc}},
    {split_compare, {LLVMFCmp}},
    {simplify_compare, {LLVMICmp}},
    {simplify_select, {LLVMSelect}},
    {simplify_negation, {LLVMXor}},
    {turn_if_choice, {LLVMBr, LLVMSelect}},
    {simplify_insert, {LLVMInsertElement}},
    {simplify_shuffle, {LLVMShuffleVector}},
};

/* Lists the instructions if they changed. */
static void look_again(simplifier *s)
{
    if (!s->is_stale)
        return;
    s->all = tj_msl_instructions(s->m, &s->all_count);
    s->opcodes = tj_new_array(s->m->arena, uint8_t, s->all_count + 1);
    for (unsigned i = 0; i < s->all_count; i++)
        s->opcodes[i] = (uint8_t)LLVMGetInstructionOpcode(s->all[i]);
    s->is_stale = false;
}

static void fold_constants(simplifier *s)
{
    static const bool is_foldable[UINT8_MAX + 1] = {
        [LLVMFNeg] = true, [LLVMExtractElement] = true,
        [LLVMAdd] = true,  [LLVMSub] = true,
        [LLVMMul] = true,  [LLVMAnd] = true,
        [LLVMOr] = true,   [LLVMXor] = true};

    look_again(s);
    for (unsigned i = 0; i < s->all_count; i++)
        if (is_foldable[s->opcodes[i]])
            fold_constant(s, s->all[i]);
}

/* Backwards for insertions, the last one first: what was replaced has no uses any more. */
static void visit_all(simplifier *s, visit_fn *visit, const uint8_t *opcodes)
{
    bool is_wanted[UINT8_MAX + 1] = {false};

    for (; *opcodes; opcodes++)
        is_wanted[*opcodes] = true;
    look_again(s);
    for (unsigned i = s->all_count; i-- > 0;)
        if (is_wanted[s->opcodes[i]])
            visit(s, s->all[i]);
}

void tj_msl_simplify(tj_msl *m)
{
    simplifier s = {.m = m,
                    .builder = LLVMCreateBuilderInContext(m->unit->llctx),
                    .bool_type = LLVMInt1TypeInContext(m->unit->llctx),
                    .is_stale = true};

    fold_constants(&s);
    look_again(&s);
    rewrite_bools(&s);
    for (size_t v = 0; v < sizeof visits / sizeof *visits; v++)
        visit_all(&s, visits[v].visit, visits[v].opcodes);
    LLVMDisposeBuilder(s.builder);
}
