/* SPDX-License-Identifier: MIT */
/* Expressions (MSL specification, chapter 3). Integers wrap in LLVM and must not overflow
 * signed in Metal, so that arithmetic is signed only where the IR says that it does not wrap.
 */
#include "msl.h"

#include <string.h>

const char *tj_msl_wrap(tj_msl *m, const char *text, int has, int needs)
{
    return has < needs ? TJ_MSL_TEXT(m, "(%s)", text) : text;
}

bool tj_msl_is_signed(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);

    return val && val->is_signed;
}

/* A literal that needs no suffix beside an operand of its type. */
static const char *plain_literal(tj_msl *m, LLVMValueRef value, LLVMValueRef other,
                                 bool is_signed)
{
    long long number;

    if (!LLVMIsAConstantInt(value) || LLVMIsConstant(other) ||
        tj_msl_bits(LLVMTypeOf(value)) == 1)
        return NULL;
    number = is_signed ? LLVMConstIntGetSExtValue(value)
                       : (long long)LLVMConstIntGetZExtValue(value);
    return number >= 0 && number <= 0xffff ? TJ_MSL_TEXT(m, "%lld", number) : NULL;
}

const char *tj_msl_operand(tj_msl *m, LLVMValueRef value, LLVMValueRef other, bool is_signed,
                           int prec)
{
    LLVMValueRef scalar = tj_msl_splat(m, value);
    const char *text;

    if (scalar && !LLVMIsConstant(other) && !tj_msl_splat(m, other) &&
        (!tj_msl_is_integer(LLVMTypeOf(scalar)) || tj_msl_bits(LLVMTypeOf(scalar)) >= 32))
        value = scalar;
    text = plain_literal(m, value, other, is_signed);
    return text ? text : tj_msl_expr_as(m, value, is_signed, prec);
}

/* ---- operators ------------------------------------------------------------------------- */

static const char *binary(tj_msl *m, const char *op, int level, const char *a, const char *b,
                          int *prec)
{
    *prec = level;
    return TJ_MSL_TEXT(m, "%s %s %s", a, op, b);
}

/* Operands of | & ^ << >> stand in parentheses unless they are plain: nobody remembers. */
static int inner_level(int level)
{
    return level == TJ_PREC_BIT ? TJ_PREC_UNARY : level;
}

/* a OP b in the sign that the operation wants, cast to the sign of the result. Types below
 * 32 bits are computed as int and cut back. */
static const char *integer_binary(tj_msl *m, LLVMValueRef inst, const char *op, int level,
                                  bool is_signed, int *prec)
{
    LLVMTypeRef type = LLVMTypeOf(inst);
    int inner = inner_level(level);
    LLVMValueRef x = LLVMGetOperand(inst, 0), y = LLVMGetOperand(inst, 1);
    bool is_shift = strcmp(op, "<<") == 0 || strcmp(op, ">>") == 0; /* the left decides */
    const char *a = is_shift ? tj_msl_expr_as(m, x, is_signed, inner)
                             : tj_msl_operand(m, x, y, is_signed, inner);
    const char *b = tj_msl_operand(m, y, x, is_signed, inner + (level != TJ_PREC_BIT));
    bool result = tj_msl_is_signed(m, inst);
    const char *text = binary(m, op, level, a, b, prec);

    if (tj_msl_bits(type) == 1 ||
        (result == is_signed && (tj_msl_bits(type) >= 32 || tj_msl_is_vector(type))))
        return text;
    *prec = TJ_PREC_PRIMARY;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, result), text);
}

typedef struct integer_row {
    LLVMOpcode opcode;
    const char *op;
    int level;
    char sign; /* s, u; w: signed where it does not wrap; r: as the result */
} integer_row;

static const integer_row integer_rows[] = {
    {LLVMAdd, "+", TJ_PREC_ADD, 'w'},   {LLVMSub, "-", TJ_PREC_ADD, 'w'},
    {LLVMMul, "*", TJ_PREC_MUL, 'w'},   {LLVMUDiv, "/", TJ_PREC_MUL, 'u'},
    {LLVMSDiv, "/", TJ_PREC_MUL, 's'},  {LLVMURem, "%", TJ_PREC_MUL, 'u'},
    {LLVMSRem, "%", TJ_PREC_MUL, 's'},  {LLVMShl, "<<", TJ_PREC_BIT, 'u'},
    {LLVMLShr, ">>", TJ_PREC_BIT, 'u'}, {LLVMAShr, ">>", TJ_PREC_BIT, 's'},
    {LLVMAnd, "&", TJ_PREC_BIT, 'r'},   {LLVMOr, "|", TJ_PREC_BIT, 'r'},
    {LLVMXor, "^", TJ_PREC_BIT, 'r'},
};

static bool is_all_ones(LLVMValueRef value)
{
    if (LLVMIsAConstantInt(value))
        return LLVMConstIntGetSExtValue(value) == -1;
    return LLVMIsConstant(value) && tj_msl_is_vector(LLVMTypeOf(value)) &&
           tj_msl_is_splat(value) && LLVMIsAConstantInt(LLVMGetAggregateElement(value, 0)) &&
           LLVMConstIntGetSExtValue(LLVMGetAggregateElement(value, 0)) == -1;
}

static const char *logical(tj_msl *m, LLVMValueRef inst, const char *op, int *prec)
{
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    bool is_xor = *op == '^';

    *prec = TJ_PREC_UNARY;
    if (is_xor && is_all_ones(b))
        return tj_msl_is_vector(LLVMTypeOf(a))
                   ? TJ_MSL_TEXT(m, "!%s", tj_msl_expr(m, a, TJ_PREC_UNARY))
                   : tj_msl_negation(m, a, prec);
    if (is_xor)
        return binary(m, "!=", TJ_PREC_EQ, tj_msl_expr(m, a, TJ_PREC_REL),
                      tj_msl_expr(m, b, TJ_PREC_REL), prec);
    if (tj_msl_is_vector(LLVMTypeOf(inst)))
        return binary(m, op, TJ_PREC_BIT, tj_msl_expr(m, a, TJ_PREC_UNARY),
                      tj_msl_expr(m, b, TJ_PREC_UNARY), prec);
    if (*op == '&')
        return binary(m, "&&", TJ_PREC_LAND, tj_msl_expr(m, a, TJ_PREC_LAND),
                      tj_msl_expr(m, b, TJ_PREC_LAND), prec);
    return binary(m, "||", TJ_PREC_LOR, tj_msl_expr(m, a, tj_msl_or_level(m, a, false)),
                  tj_msl_expr(m, b, tj_msl_or_level(m, b, false)), prec);
}

/* x + -1 as x - 1 */
static const char *subtract_constant(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef b = LLVMGetOperand(inst, 1);
    bool is_signed = tj_msl_is_signed(m, inst);

    if (LLVMGetInstructionOpcode(inst) != LLVMAdd || !LLVMIsAConstantInt(b) ||
        tj_msl_bits(LLVMTypeOf(inst)) < 32 || LLVMConstIntGetSExtValue(b) >= 0 ||
        LLVMConstIntGetSExtValue(b) < -0x7fffffff || (is_signed && !LLVMGetNSW(inst)))
        return NULL;
    b = LLVMConstInt(LLVMTypeOf(inst), (unsigned long long)-LLVMConstIntGetSExtValue(b), true);
    return binary(m, "-", TJ_PREC_ADD,
                  tj_msl_expr_as(m, LLVMGetOperand(inst, 0), is_signed, TJ_PREC_ADD),
                  tj_msl_operand(m, b, LLVMGetOperand(inst, 0), is_signed, TJ_PREC_MUL), prec);
}

/* 0 - x as -x */
static const char *opposite_number(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = LLVMTypeOf(inst);
    bool result = tj_msl_is_signed(m, inst), is_signed = result && LLVMGetNSW(inst);
    const char *text;

    if (!LLVMIsAConstantInt(a) || LLVMConstIntGetZExtValue(a) || LLVMIsConstant(b) ||
        tj_msl_bits(type) < 32)
        return NULL;
    *prec = TJ_PREC_UNARY;
    text = TJ_MSL_TEXT(m, "-%s", tj_msl_expr_as(m, b, is_signed, TJ_PREC_PRIMARY));
    if (is_signed == result)
        return text;
    *prec = TJ_PREC_PRIMARY;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, result), text);
}

/* Whether the bits count, not the number. */
static bool is_for_bits(LLVMValueRef inst)
{
    for (LLVMUseRef use = LLVMGetFirstUse(inst); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        LLVMOpcode opcode = LLVMIsAInstruction(user) ? LLVMGetInstructionOpcode(user) : LLVMRet;

        if (opcode == LLVMAnd || opcode == LLVMOr || opcode == LLVMXor || opcode == LLVMLShr ||
            opcode == LLVMAShr || opcode == LLVMTrunc || opcode == LLVMBitCast)
            return true;
    }
    return false;
}

enum { MAX_FACTOR_BITS = 12 };

/* x << 4 as x * 16 */
static const char *multiple(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = LLVMTypeOf(inst);
    bool result = tj_msl_is_signed(m, inst);
    const char *text;

    if (!LLVMIsAConstantInt(b) || LLVMConstIntGetZExtValue(b) > MAX_FACTOR_BITS ||
        LLVMIsConstant(a) || tj_msl_bits(type) < 32 || is_for_bits(inst))
        return NULL;
    *prec = TJ_PREC_MUL;
    text = TJ_MSL_TEXT(m, "%s * %u", tj_msl_expr_as(m, a, false, TJ_PREC_MUL),
                       1u << LLVMConstIntGetZExtValue(b));
    if (!result)
        return text;
    *prec = TJ_PREC_PRIMARY;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, true), text);
}

static const char *integer_op(tj_msl *m, LLVMValueRef inst, const integer_row *row, int *prec)
{
    bool result = tj_msl_is_signed(m, inst), is_signed = row->sign == 's';

    const char *text =
        tj_msl_is_vector(LLVMTypeOf(inst)) ? NULL : subtract_constant(m, inst, prec);

    if (!text && row->opcode == LLVMSub)
        text = opposite_number(m, inst, prec);
    if (!text && row->opcode == LLVMShl && !tj_msl_is_vector(LLVMTypeOf(inst)))
        text = multiple(m, inst, prec);
    if (text)
        return text;
    if (tj_msl_bits(LLVMTypeOf(inst)) == 1 && strchr("&|^", *row->op))
        return logical(m, inst, row->op, prec);
    if (row->opcode == LLVMXor && is_all_ones(LLVMGetOperand(inst, 1)) &&
        tj_msl_bits(LLVMTypeOf(inst)) >= 32) {
        *prec = TJ_PREC_UNARY;
        return TJ_MSL_TEXT(m, "~%s",
                           tj_msl_expr_as(m, LLVMGetOperand(inst, 0), result, TJ_PREC_UNARY));
    }
    if (row->sign == 'r')
        is_signed = result;
    if (row->sign == 'w')
        is_signed = result && LLVMGetNSW(inst);
    return integer_binary(m, inst, row->op, row->level, is_signed, prec);
}

static const char *float_op(tj_msl *m, LLVMValueRef inst, const char *op, int level, int *prec)
{
    LLVMValueRef x = LLVMGetOperand(inst, 0), y = LLVMGetOperand(inst, 1);
    const char *a = tj_msl_operand(m, x, y, false, level);
    const char *b = tj_msl_operand(m, y, x, false, level + 1);

    return binary(m, op, level, a, b, prec);
}

/* ---- bool in memory -------------------------------------------------------------------- */

/* The load of a byte that is declared bool. */
static bool is_bool_load(tj_msl *m, LLVMValueRef value)
{
    return LLVMIsALoadInst(value) && tj_msl_is_integer(LLVMTypeOf(value)) &&
           !tj_msl_is_vector(LLVMTypeOf(value)) && tj_msl_bits(LLVMTypeOf(value)) == 8 &&
           tj_msl_is_bool_memory(m, tj_msl_root(LLVMGetOperand(value, 0)));
}

/* The object that a folded load of a bool reads; NULL: the value is none. */
static const char *bool_object(tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);
    bool is_signed;

    if (!val || !val->is_folded || !is_bool_load(m, value))
        return NULL;
    return tj_msl_object(m, LLVMGetOperand(value, 0), LLVMTypeOf(value), &is_signed);
}

bool tj_msl_is_bool_test(tj_msl *m, LLVMValueRef compare)
{
    LLVMValueRef b = LLVMGetOperand(compare, 1);

    return LLVMIsConstant(b) && LLVMIsNull(b) && bool_object(m, LLVMGetOperand(compare, 0));
}

/* ---- comparisons ----------------------------------------------------------------------- */

static const char *compare_integers(tj_msl *m, LLVMValueRef inst, int *prec)
{
    static const char *const ops[] = {"==", "!=", ">", ">=", "<", "<=", ">", ">=", "<", "<="};
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(inst);
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    bool is_signed = predicate >= LLVMIntSGT;
    int level = predicate <= LLVMIntNE ? TJ_PREC_EQ : TJ_PREC_REL;

    if (predicate <= LLVMIntNE)
        is_signed = tj_msl_is_signed(m, LLVMIsConstant(a) ? b : a);
    if (predicate <= LLVMIntNE && LLVMIsConstant(b) && LLVMIsNull(b) && bool_object(m, a)) {
        *prec = predicate == LLVMIntNE ? TJ_PREC_PRIMARY : TJ_PREC_UNARY;
        return TJ_MSL_TEXT(m, predicate == LLVMIntNE ? "%s" : "!%s", bool_object(m, a));
    }
    if (LLVMGetTypeKind(LLVMTypeOf(a)) == LLVMPointerTypeKind) {
        *prec = level;
        return tj_msl_compare_pointers(m, a, b, ops[predicate - LLVMIntEQ], level + 1);
    }
    return binary(m, ops[predicate - LLVMIntEQ], level,
                  tj_msl_operand(m, a, b, is_signed, level + 1),
                  tj_msl_operand(m, b, a, is_signed, level + 1), prec);
}

/* Unordered comparisons are the negation of ordered ones. */
static const char *compare_floats(tj_msl *m, LLVMValueRef inst, int *prec)
{
    static const char *const ordered[] = {"", "==", ">", ">=", "<", "<=", "", ""};
    static const char *const opposite[] = {"", "", "<=", "<", ">=", ">", "==", ""};
    LLVMRealPredicate predicate = LLVMGetFCmpPredicate(inst);
    const char *a = tj_msl_expr(m, LLVMGetOperand(inst, 0), TJ_PREC_ADD);
    const char *b = tj_msl_expr(m, LLVMGetOperand(inst, 1), TJ_PREC_ADD);

    *prec = TJ_PREC_UNARY;
    switch (predicate) {
    case LLVMRealUNE:
        return binary(m, "!=", TJ_PREC_EQ, a, b, prec);
    case LLVMRealORD:
        return TJ_MSL_TEXT(m, "!isunordered(%s, %s)", a, b);
    case LLVMRealUNO:
        return TJ_MSL_TEXT(m, "isunordered(%s, %s)", a, b);
    case LLVMRealONE: /* fast only: simplify.c splits others, and UEQ */
        return binary(m, "!=", TJ_PREC_EQ, a, b, prec);
    case LLVMRealPredicateFalse:
        return "false";
    case LLVMRealPredicateTrue:
        return "true";
    default:
        break;
    }
    if (predicate <= LLVMRealOLE)
        return binary(m, ordered[predicate],
                      predicate == LLVMRealOEQ ? TJ_PREC_EQ : TJ_PREC_REL, a, b, prec);
    return TJ_MSL_TEXT(m, "!(%s %s %s)", a, opposite[predicate - LLVMRealUGT + 2], b);
}

/* ---- conversions ----------------------------------------------------------------------- */

static const char *convert(tj_msl *m, LLVMValueRef inst, bool from_signed, int *prec)
{
    LLVMTypeRef type = LLVMTypeOf(inst);
    LLVMValueRef from = LLVMGetOperand(inst, 0);
    const char *text = tj_msl_is_integer(LLVMTypeOf(from))
                           ? tj_msl_expr_as(m, from, from_signed, 0)
                           : tj_msl_expr(m, from, 0);

    *prec = TJ_PREC_PRIMARY;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, tj_msl_is_signed(m, inst)), text);
}

static const char *extend_sign(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMTypeRef type = LLVMTypeOf(inst);
    LLVMValueRef from = LLVMGetOperand(inst, 0);
    bool is_signed = tj_msl_is_signed(m, inst);
    const char *name = tj_msl_type(m, type, true);

    *prec = TJ_PREC_PRIMARY;
    if (tj_msl_bits(LLVMTypeOf(from)) == 1)
        return TJ_MSL_TEXT(m, "%s(-%s(%s))", tj_msl_type(m, type, is_signed), name,
                           tj_msl_expr(m, from, 0));
    if (is_signed)
        return TJ_MSL_TEXT(m, "%s(%s)", name, tj_msl_expr_as(m, from, true, 0));
    return TJ_MSL_TEXT(m, "%s(%s(%s))", tj_msl_type(m, type, false), name,
                       tj_msl_expr_as(m, from, true, 0));
}

static const char *truncate_bits(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);

    if (tj_msl_bits(LLVMTypeOf(inst)) > 1 || tj_msl_is_vector(LLVMTypeOf(inst)))
        return convert(m, inst, tj_msl_is_signed(m, from), prec);
    if (bool_object(m, from)) {
        *prec = TJ_PREC_PRIMARY;
        return bool_object(m, from);
    }
    return binary(m, "!=", TJ_PREC_EQ,
                  TJ_MSL_TEXT(m, "(%s & 1)", tj_msl_expr(m, from, TJ_PREC_UNARY)), "0", prec);
}

static const char *bit_cast(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);

    *prec = TJ_PREC_PRIMARY;
    return TJ_MSL_TEXT(m, "as_type<%s>(%s)",
                       tj_msl_type(m, LLVMTypeOf(inst), tj_msl_is_signed(m, inst)),
                       tj_msl_expr(m, from, 0));
}

/* ---- select and load ------------------------------------------------------------------ */

static const char *choose(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef cond = LLVMGetOperand(inst, 0), yes = LLVMGetOperand(inst, 1),
                 no = LLVMGetOperand(inst, 2);
    bool is_signed = tj_msl_is_signed(m, inst);

    if (tj_msl_is_vector(LLVMTypeOf(cond))) {
        *prec = TJ_PREC_PRIMARY;
        return TJ_MSL_TEXT(m, "select(%s, %s, %s)", tj_msl_expr_as(m, no, is_signed, 0),
                           tj_msl_expr_as(m, yes, is_signed, 0), tj_msl_expr(m, cond, 0));
    }
    if (tj_msl_bits(LLVMTypeOf(cond)) == 1 && tj_msl_is_integer(LLVMTypeOf(inst)) &&
        tj_msl_bits(LLVMTypeOf(inst)) == 1 && !tj_msl_is_vector(LLVMTypeOf(inst))) {
        if (LLVMIsAConstantInt(no) && !LLVMConstIntGetZExtValue(no))
            return binary(m, "&&", TJ_PREC_LAND, tj_msl_expr(m, cond, TJ_PREC_LAND),
                          tj_msl_expr(m, yes, TJ_PREC_LAND), prec);
        if (LLVMIsAConstantInt(yes) && LLVMConstIntGetZExtValue(yes))
            return binary(m, "||", TJ_PREC_LOR,
                          tj_msl_expr(m, cond, tj_msl_or_level(m, cond, false)),
                          tj_msl_expr(m, no, tj_msl_or_level(m, no, false)), prec);
        if (LLVMIsAConstantInt(yes))
            return binary(m, "&&", TJ_PREC_LAND, tj_msl_negated(m, cond, TJ_PREC_LAND),
                          tj_msl_expr(m, no, TJ_PREC_LAND), prec);
        if (LLVMIsAConstantInt(no))
            return binary(m, "||", TJ_PREC_LOR,
                          tj_msl_negated(m, cond, tj_msl_or_level(m, cond, true)),
                          tj_msl_expr(m, yes, tj_msl_or_level(m, yes, false)), prec);
    }
    *prec = TJ_PREC_COND;
    if (LLVMGetTypeKind(LLVMTypeOf(inst)) == LLVMPointerTypeKind)
        return TJ_MSL_TEXT(m, "%s ? %s : %s", tj_msl_expr(m, cond, TJ_PREC_LOR),
                           tj_msl_pointer_like(m, yes, inst, TJ_PREC_LOR),
                           tj_msl_pointer_like(m, no, inst, TJ_PREC_LOR));
    return TJ_MSL_TEXT(m, "%s ? %s : %s", tj_msl_expr(m, cond, TJ_PREC_LOR),
                       tj_msl_operand(m, yes, no, is_signed, TJ_PREC_LOR),
                       tj_msl_operand(m, no, yes, is_signed, TJ_PREC_LOR));
}

/* From memory that holds pointers; what is declared as something else is read as a number. */
static const char *load_pointer(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef from = LLVMGetOperand(inst, 0);
    bool is_signed;
    const char *text;

    *prec = TJ_PREC_PRIMARY;
    if (!tj_msl_slot(m, from, LLVMGetPointerAddressSpace(LLVMTypeOf(inst))) ||
        !(text = tj_msl_plain_object(m, from, LLVMTypeOf(inst), &is_signed)))
        return TJ_MSL_TEXT(
            m, "reinterpret_cast<%s>(%s)", tj_msl_pointer_type(m, inst),
            tj_msl_object(m, from, LLVMInt64TypeInContext(m->unit->llctx), &is_signed));
    if (*text == '*')
        *prec = TJ_PREC_UNARY;
    return text;
}

static const char *load(tj_msl *m, LLVMValueRef inst, int *prec)
{
    bool is_signed, wanted = tj_msl_is_signed(m, inst);
    const char *text;

    if (LLVMGetTypeKind(LLVMTypeOf(inst)) == LLVMPointerTypeKind)
        return load_pointer(m, inst, prec);
    m->align = LLVMGetAlignment(inst);
    text = tj_msl_object(m, LLVMGetOperand(inst, 0), LLVMTypeOf(inst), &is_signed);
    m->align = 0;
    if (strstr(text, " packed_")) /* as what it is in expressions */
        text = TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(inst), is_signed), text);
    if (is_bool_load(m, inst)) {
        *prec = TJ_PREC_PRIMARY;
        return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(inst), wanted), text);
    }
    *prec = *text == '*' ? TJ_PREC_UNARY : TJ_PREC_PRIMARY;
    if (!tj_msl_is_integer(LLVMTypeOf(inst)) || is_signed == wanted)
        return text;
    *prec = TJ_PREC_PRIMARY;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(inst), wanted), text);
}

/* ---- all of them ----------------------------------------------------------------------- */

static const char *other_inst(tj_msl *m, LLVMValueRef inst, int *prec)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMFNeg:
        *prec = TJ_PREC_UNARY;
        return TJ_MSL_TEXT(m, "-%s", tj_msl_expr(m, LLVMGetOperand(inst, 0), TJ_PREC_PRIMARY));
    case LLVMFRem:
        *prec = TJ_PREC_PRIMARY;
        return TJ_MSL_TEXT(m, "fmod(%s, %s)", tj_msl_expr(m, LLVMGetOperand(inst, 0), 0),
                           tj_msl_expr(m, LLVMGetOperand(inst, 1), 0));
    case LLVMICmp:
        return compare_integers(m, inst, prec);
    case LLVMFCmp:
        return compare_floats(m, inst, prec);
    case LLVMSExt:
        return extend_sign(m, inst, prec);
    case LLVMSIToFP:
        return convert(m, inst, true, prec);
    case LLVMZExt:
    case LLVMUIToFP:
    case LLVMFPTrunc:
    case LLVMFPExt:
        return convert(m, inst, false, prec);
    case LLVMTrunc:
        return truncate_bits(m, inst, prec);
    case LLVMBitCast:
        return bit_cast(m, inst, prec);
    case LLVMPtrToInt:
        *prec = TJ_PREC_PRIMARY;
        return TJ_MSL_TEXT(m, "%s(reinterpret_cast<ulong>(%s))",
                           tj_msl_type(m, LLVMTypeOf(inst), tj_msl_is_signed(m, inst)),
                           tj_msl_pointer(m, LLVMGetOperand(inst, 0), 0));
    case LLVMIntToPtr:
        *prec = TJ_PREC_PRIMARY;
        return TJ_MSL_TEXT(m, "reinterpret_cast<%s>(%s)", tj_msl_pointer_type(m, inst),
                           tj_msl_expr_as(m, LLVMGetOperand(inst, 0), false, 0));
    case LLVMExtractElement:
        return tj_msl_extract(m, inst, prec);
    case LLVMInsertElement:
        if (LLVMIsAConstantInt(LLVMGetOperand(inst, 2)))
            return tj_msl_construct(m, inst, prec);
        break;
    case LLVMShuffleVector:
        return tj_msl_construct(m, inst, prec);
    case LLVMSelect:
        return choose(m, inst, prec);
    case LLVMLoad:
        return load(m, inst, prec);
    case LLVMCall:
        return tj_msl_call(m, inst, prec);
    default:
        break;
    }
    tj_msl_refuse(m, inst, "this instruction cannot be printed as Metal");
    return "";
}

const char *tj_msl_inst(tj_msl *m, LLVMValueRef inst, int *prec)
{
    static const struct {
        LLVMOpcode opcode;
        const char *op;
        int level;
    } float_rows[] = {{LLVMFAdd, "+", TJ_PREC_ADD},
                      {LLVMFSub, "-", TJ_PREC_ADD},
                      {LLVMFMul, "*", TJ_PREC_MUL},
                      {LLVMFDiv, "/", TJ_PREC_MUL}};
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);

    for (size_t i = 0; i < sizeof integer_rows / sizeof *integer_rows; i++)
        if (integer_rows[i].opcode == opcode)
            return integer_op(m, inst, &integer_rows[i], prec);
    for (size_t i = 0; i < sizeof float_rows / sizeof *float_rows; i++)
        if (float_rows[i].opcode == opcode)
            return float_op(m, inst, float_rows[i].op, float_rows[i].level, prec);
    return other_inst(m, inst, prec);
}

static const char *text_of(tj_msl *m, LLVMValueRef value, int prec)
{
    const tj_mval *val = tj_msl_find(m, value);
    int has = TJ_PREC_PRIMARY;
    const char *text;

    if (!val)
        return *(text = tj_msl_constant(m, value, false)) == '-'
                   ? tj_msl_wrap(m, text, TJ_PREC_UNARY, prec)
                   : text;
    if (val->var != TJ_NONE)
        return m->vars[val->var].name;
    if (val->block == TJ_NONE)
        return m->args[val - m->vals];
    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind &&
        !LLVMIsASelectInst(value) && !LLVMIsALoadInst(value) && !LLVMIsAIntToPtrInst(value))
        return tj_msl_pointer(m, value, prec);
    text = tj_msl_inst(m, value, &has);
    return tj_msl_wrap(m, text, has, prec);
}

const char *tj_msl_expr(tj_msl *m, LLVMValueRef value, int prec)
{
    if (m->depth > 200) {
        tj_msl_refuse(m, value, "expression nested more than 200 deep");
        return "";
    }
    m->depth++;
    const char *text = text_of(m, value, prec);

    m->depth--;
    return text;
}

static bool can_take_sign(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (!val->is_folded || !LLVMIsAInstruction(value))
        return false;
    return LLVMIsABinaryOperator(value) || LLVMIsASelectInst(value) || LLVMIsACastInst(value) ||
           LLVMIsAInsertElementInst(value) || LLVMIsAShuffleVectorInst(value);
}

const char *tj_msl_expr_as(tj_msl *m, LLVMValueRef value, bool is_signed, int prec)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    if (!tj_msl_is_integer(type) || tj_msl_bits(type) == 1)
        return tj_msl_expr(m, value, prec);
    if (!tj_msl_find(m, value)) {
        const char *text = tj_msl_constant(m, value, is_signed);

        return *text == '-' ? tj_msl_wrap(m, text, TJ_PREC_UNARY, prec) : text;
    }
    if (tj_msl_is_signed(m, value) == is_signed)
        return tj_msl_expr(m, value, prec);
    if (can_take_sign(m, value)) { /* an operation says its result in either sign */
        tj_mval *val = tj_msl_find(m, value);

        val->is_signed = is_signed;
        const char *text = tj_msl_expr(m, value, prec);

        val->is_signed = !is_signed;
        return text;
    }
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, is_signed), tj_msl_expr(m, value, 0));
}
