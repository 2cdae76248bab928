/* SPDX-License-Identifier: MIT */
/* Expressions (MSL specification, chapter 3). Integers wrap in LLVM and must not overflow
 * signed in Metal, so that arithmetic is signed only where the IR says that it does not wrap.
 */
#include "msl.h"

#include <math.h>
#include <stdio.h>
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

static LLVMTypeRef scalar_of(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

static bool is_integer(LLVMTypeRef type)
{
    return LLVMGetTypeKind(scalar_of(type)) == LLVMIntegerTypeKind;
}

static bool is_vector(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind;
}

static unsigned bits_of(LLVMTypeRef type)
{
    return LLVMGetIntTypeWidth(scalar_of(type));
}

/* ---- constants ------------------------------------------------------------------------- */

static const char *integer_text(tj_msl *m, LLVMValueRef value, bool is_signed)
{
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(value));
    unsigned long long u = LLVMConstIntGetZExtValue(value);
    long long s = LLVMConstIntGetSExtValue(value);

    if (bits == 1)
        return u ? "true" : "false";
    if (bits == 64)
        return !is_signed                          ? TJ_MSL_TEXT(m, "%lluul", u)
               : s == (-9223372036854775807ll - 1) ? "long(0x8000000000000000ul)"
                                                   : TJ_MSL_TEXT(m, "%lldl", s);
    if (bits == 32)
        return !is_signed               ? TJ_MSL_TEXT(m, u > 0xffff ? "0x%llxu" : "%lluu", u)
               : s == -2147483647ll - 1 ? "int(0x80000000u)"
                                        : TJ_MSL_TEXT(m, "%lld", s);
    return TJ_MSL_TEXT(m, "%s(%lld)", tj_msl_type(m, LLVMTypeOf(value), is_signed),
                       is_signed ? s : (long long)u);
}

/* The shortest decimal that reads back as the same float. */
static const char *shortest(tj_msl *m, double value)
{
    char text[48];

    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        float back = 0;

        if (sscanf(text, "%f", &back) == 1 && back == (float)value)
            break;
    }
    return TJ_MSL_TEXT(m, strpbrk(text, ".e") ? "%s" : "%s.0", text);
}

static const char *float_text(tj_msl *m, LLVMValueRef value)
{
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(value));
    LLVMBool loses = false;
    double number = LLVMConstRealGetDouble(value, &loses);
    const char *type = tj_msl_type(m, LLVMTypeOf(value), false);

    if (isnan(number)) /* LLVM-C does not tell the payload of a constant */
        return TJ_MSL_TEXT(m, kind == LLVMFloatTypeKind  ? "as_type<float>(0x7fc00000u)"
                              : kind == LLVMHalfTypeKind ? "as_type<half>(ushort(0x7e00))"
                                                         : "as_type<bfloat>(ushort(0x7fc0))");
    if (isinf(number))
        return TJ_MSL_TEXT(m, kind == LLVMFloatTypeKind ? "%sINFINITY" : "%s%s(INFINITY)",
                           number < 0 ? "-" : "", type);
    if (kind == LLVMFloatTypeKind)
        return TJ_MSL_TEXT(m, "%sf", shortest(m, number));
    if (kind == LLVMHalfTypeKind)
        return TJ_MSL_TEXT(m, "%sh", shortest(m, number));
    return TJ_MSL_TEXT(m, "%s(%sf)", type, shortest(m, number));
}

static LLVMValueRef element_of(LLVMValueRef constant, unsigned i)
{
    return LLVMGetAggregateElement(constant, i);
}

static bool is_splat(LLVMValueRef constant)
{
    for (unsigned i = 1; i < LLVMGetVectorSize(LLVMTypeOf(constant)); i++)
        if (element_of(constant, i) != element_of(constant, 0))
            return false;
    return true;
}

static const char *constant_text(tj_msl *m, LLVMValueRef value, bool is_signed)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    const char *text = "";

    if (LLVMIsAConstantInt(value))
        return integer_text(m, value, is_signed);
    if (LLVMIsAConstantFP(value))
        return float_text(m, value);
    if (!is_vector(type))
        return LLVMGetTypeKind(type) == LLVMPointerTypeKind ? tj_msl_pointer(m, value, 0)
                                                            : "{}";
    if (LLVMGetVectorSize(type) == 64) {
        if (!is_splat(value))
            tj_msl_refuse(m, NULL, "constant matrix of different elements");
        return TJ_MSL_TEXT(m, "make_filled_simdgroup_matrix<%s, 8, 8>(%s)",
                           tj_msl_type(m, LLVMGetElementType(type), false),
                           constant_text(m, element_of(value, 0), false));
    }
    if (is_splat(value))
        return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, is_signed),
                           constant_text(m, element_of(value, 0), is_signed));
    for (unsigned i = 0; i < LLVMGetVectorSize(type); i++)
        text = TJ_MSL_TEXT(m, "%s%s%s", text, i ? ", " : "",
                           constant_text(m, element_of(value, i), is_signed));
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, is_signed), text);
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
    const char *a = tj_msl_expr_as(m, LLVMGetOperand(inst, 0), is_signed, inner);
    const char *b =
        tj_msl_expr_as(m, LLVMGetOperand(inst, 1), is_signed, inner + (level != TJ_PREC_BIT));
    bool result = tj_msl_is_signed(m, inst);
    const char *text = binary(m, op, level, a, b, prec);

    if (bits_of(type) == 1 || (result == is_signed && (bits_of(type) >= 32 || is_vector(type))))
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
    return LLVMIsConstant(value) && is_vector(LLVMTypeOf(value)) && is_splat(value) &&
           LLVMIsAConstantInt(element_of(value, 0)) &&
           LLVMConstIntGetSExtValue(element_of(value, 0)) == -1;
}

static const char *logical(tj_msl *m, LLVMValueRef inst, const char *op, int *prec)
{
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    bool is_xor = *op == '^';

    *prec = TJ_PREC_UNARY;
    if (is_xor && is_all_ones(b))
        return TJ_MSL_TEXT(m, "!%s", tj_msl_expr(m, a, TJ_PREC_UNARY));
    if (is_xor)
        return binary(m, "!=", TJ_PREC_EQ, tj_msl_expr(m, a, TJ_PREC_REL),
                      tj_msl_expr(m, b, TJ_PREC_REL), prec);
    if (is_vector(LLVMTypeOf(inst)))
        return binary(m, op, TJ_PREC_BIT, tj_msl_expr(m, a, TJ_PREC_UNARY),
                      tj_msl_expr(m, b, TJ_PREC_UNARY), prec);
    if (*op == '&')
        return binary(m, "&&", TJ_PREC_LAND, tj_msl_expr(m, a, TJ_PREC_LAND),
                      tj_msl_expr(m, b, TJ_PREC_LAND), prec);
    return binary(m, "||", TJ_PREC_LOR, tj_msl_expr(m, a, TJ_PREC_BIT),
                  tj_msl_expr(m, b, TJ_PREC_BIT), prec);
}

/* x + -1 as x - 1 */
static const char *subtract_constant(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef b = LLVMGetOperand(inst, 1);
    bool is_signed = tj_msl_is_signed(m, inst);

    if (LLVMGetInstructionOpcode(inst) != LLVMAdd || !LLVMIsAConstantInt(b) ||
        bits_of(LLVMTypeOf(inst)) < 32 || LLVMConstIntGetSExtValue(b) >= 0 ||
        LLVMConstIntGetSExtValue(b) < -0x7fffffff || (is_signed && !LLVMGetNSW(inst)))
        return NULL;
    b = LLVMConstInt(LLVMTypeOf(inst), (unsigned long long)-LLVMConstIntGetSExtValue(b), true);
    return binary(m, "-", TJ_PREC_ADD,
                  tj_msl_expr_as(m, LLVMGetOperand(inst, 0), is_signed, TJ_PREC_ADD),
                  integer_text(m, b, is_signed), prec);
}

static const char *integer_op(tj_msl *m, LLVMValueRef inst, const integer_row *row, int *prec)
{
    bool result = tj_msl_is_signed(m, inst), is_signed = row->sign == 's';

    const char *text = is_vector(LLVMTypeOf(inst)) ? NULL : subtract_constant(m, inst, prec);

    if (text)
        return text;
    if (bits_of(LLVMTypeOf(inst)) == 1 && strchr("&|^", *row->op))
        return logical(m, inst, row->op, prec);
    if (row->opcode == LLVMXor && is_all_ones(LLVMGetOperand(inst, 1)) &&
        bits_of(LLVMTypeOf(inst)) >= 32) {
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
    const char *a = tj_msl_expr(m, LLVMGetOperand(inst, 0), level);
    const char *b = tj_msl_expr(m, LLVMGetOperand(inst, 1), level + 1);

    return binary(m, op, level, a, b, prec);
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
    if (LLVMGetTypeKind(LLVMTypeOf(a)) == LLVMPointerTypeKind)
        return binary(m, ops[predicate - LLVMIntEQ], level, tj_msl_pointer(m, a, level + 1),
                      tj_msl_pointer(m, b, level + 1), prec);
    return binary(m, ops[predicate - LLVMIntEQ], level,
                  tj_msl_expr_as(m, a, is_signed, level + 1),
                  tj_msl_expr_as(m, b, is_signed, level + 1), prec);
}

/* Unordered comparisons are the negation of ordered ones. */
static const char *compare_floats(tj_msl *m, LLVMValueRef inst, int *prec)
{
    static const char *const ordered[] = {"", "==", ">", ">=", "<", "<=", "", ""};
    static const char *const opposite[] = {"", "", "<=", "<", ">=", ">", "==", ""};
    LLVMRealPredicate predicate = LLVMGetFCmpPredicate(inst);
    const char *a = tj_msl_expr(m, LLVMGetOperand(inst, 0), TJ_PREC_ADD);
    const char *b = tj_msl_expr(m, LLVMGetOperand(inst, 1), TJ_PREC_ADD);
    bool is_fast = LLVMGetFastMathFlags(inst) & LLVMFastMathNoNaNs;

    *prec = TJ_PREC_UNARY;
    switch (predicate) {
    case LLVMRealUNE:
        return binary(m, "!=", TJ_PREC_EQ, a, b, prec);
    case LLVMRealORD:
        return TJ_MSL_TEXT(m, "!isunordered(%s, %s)", a, b);
    case LLVMRealUNO:
        return TJ_MSL_TEXT(m, "isunordered(%s, %s)", a, b);
    case LLVMRealONE:
        if (is_fast)
            return binary(m, "!=", TJ_PREC_EQ, a, b, prec);
        return TJ_MSL_TEXT(m, "(%s < %s || %s > %s)", a, b, a, b);
    case LLVMRealUEQ:
        return TJ_MSL_TEXT(m, "!(%s < %s || %s > %s)", a, b, a, b);
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
    const char *text = is_integer(LLVMTypeOf(from)) ? tj_msl_expr_as(m, from, from_signed, 0)
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
    if (bits_of(LLVMTypeOf(from)) == 1)
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

    if (bits_of(LLVMTypeOf(inst)) > 1 || is_vector(LLVMTypeOf(inst)))
        return convert(m, inst, tj_msl_is_signed(m, from), prec);
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

/* ---- vectors --------------------------------------------------------------------------- */

static const char *component(tj_msl *m, LLVMValueRef vector, unsigned i)
{
    const tj_mval *val = tj_msl_find(m, vector);

    if (!val)
        return tj_msl_expr(m, element_of(vector, i), 0);
    if (val->is_folded && LLVMIsAInsertElementInst(vector) &&
        LLVMIsAConstantInt(LLVMGetOperand(vector, 2))) {
        if (LLVMConstIntGetZExtValue(LLVMGetOperand(vector, 2)) == i)
            return tj_msl_expr_as(m, LLVMGetOperand(vector, 1), val->is_signed, 0);
        return component(m, LLVMGetOperand(vector, 0), i);
    }
    if (val->is_folded && LLVMIsAShuffleVectorInst(vector)) {
        unsigned count = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(vector, 0)));
        int lane = LLVMGetMaskValue(vector, i);

        return lane < 0 ? "0"
                        : component(m, LLVMGetOperand(vector, (unsigned)lane >= count),
                                    (unsigned)lane % count);
    }
    return TJ_MSL_TEXT(m, "%s.%c", tj_msl_expr(m, vector, TJ_PREC_PRIMARY), "xyzw"[i & 3]);
}

static const char *extract(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef vector = LLVMGetOperand(inst, 0), index = LLVMGetOperand(inst, 1);

    *prec = TJ_PREC_PRIMARY;
    if (LLVMGetVectorSize(LLVMTypeOf(vector)) == 64)
        return TJ_MSL_TEXT(m, "%s.thread_elements()[%s]",
                           tj_msl_expr(m, vector, TJ_PREC_PRIMARY), tj_msl_expr(m, index, 0));
    if (LLVMIsAConstantInt(index))
        return component(m, vector,
                         (unsigned)LLVMConstIntGetZExtValue(index) %
                             LLVMGetVectorSize(LLVMTypeOf(vector)));
    return TJ_MSL_TEXT(m, "%s[%s]", tj_msl_expr(m, vector, TJ_PREC_PRIMARY),
                       tj_msl_expr(m, index, 0));
}

/* All components from one vector in a swizzle; NULL: they are not. */
static const char *swizzle(tj_msl *m, LLVMValueRef inst)
{
    unsigned count = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(inst, 0)));
    unsigned len = LLVMGetVectorSize(LLVMTypeOf(inst));
    char letters[5] = {0};
    bool is_identity = len == count;
    unsigned source = (unsigned)LLVMGetMaskValue(inst, 0) / count;
    const tj_mval *val = tj_msl_find(m, LLVMGetOperand(inst, source));

    if (!val ||
        (val->is_folded && !LLVMIsALoadInst(val->value) && !LLVMIsACallInst(val->value)))
        return NULL;
    for (unsigned i = 0; i < len; i++) {
        int lane = LLVMGetMaskValue(inst, i);

        if (lane < 0 || (unsigned)lane / count != source)
            return NULL;
        letters[i] = "xyzw"[(unsigned)lane % count];
        is_identity &= (unsigned)lane % count == i;
    }
    return TJ_MSL_TEXT(m, is_identity ? "%s" : "%s.%s",
                       tj_msl_expr(m, val->value, TJ_PREC_PRIMARY), letters);
}

static const char *construct(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMTypeRef type = LLVMTypeOf(inst);
    const char *text = "", *first = NULL, *swizzled;
    bool is_same = true;

    *prec = TJ_PREC_PRIMARY;
    if (LLVMIsAShuffleVectorInst(inst) && (swizzled = swizzle(m, inst)))
        return swizzled;
    for (unsigned i = 0; i < LLVMGetVectorSize(type); i++) {
        const char *one;

        if (LLVMIsAInsertElementInst(inst) && LLVMIsAConstantInt(LLVMGetOperand(inst, 2)) &&
            LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 2)) == i)
            one = tj_msl_expr_as(m, LLVMGetOperand(inst, 1), tj_msl_is_signed(m, inst), 0);
        else if (LLVMIsAInsertElementInst(inst))
            one = component(m, LLVMGetOperand(inst, 0), i);
        else {
            unsigned count = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(inst, 0)));
            unsigned lane = (unsigned)LLVMGetMaskValue(inst, i);

            one = component(m, LLVMGetOperand(inst, lane >= count), lane % count);
        }
        is_same &= !first || strcmp(first, one) == 0;
        first = one;
        text = TJ_MSL_TEXT(m, "%s%s%s", text, i ? ", " : "", one);
    }
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, tj_msl_is_signed(m, inst)),
                       is_same ? first : text);
}

static const char *choose(tj_msl *m, LLVMValueRef inst, int *prec)
{
    LLVMValueRef cond = LLVMGetOperand(inst, 0), yes = LLVMGetOperand(inst, 1),
                 no = LLVMGetOperand(inst, 2);
    bool is_signed = tj_msl_is_signed(m, inst);

    if (is_vector(LLVMTypeOf(cond))) {
        *prec = TJ_PREC_PRIMARY;
        return TJ_MSL_TEXT(m, "select(%s, %s, %s)", tj_msl_expr_as(m, no, is_signed, 0),
                           tj_msl_expr_as(m, yes, is_signed, 0), tj_msl_expr(m, cond, 0));
    }
    if (bits_of(LLVMTypeOf(cond)) == 1 && is_integer(LLVMTypeOf(inst)) &&
        bits_of(LLVMTypeOf(inst)) == 1 && !is_vector(LLVMTypeOf(inst))) {
        if (LLVMIsAConstantInt(no) && !LLVMConstIntGetZExtValue(no))
            return binary(m, "&&", TJ_PREC_LAND, tj_msl_expr(m, cond, TJ_PREC_LAND),
                          tj_msl_expr(m, yes, TJ_PREC_LAND), prec);
        if (LLVMIsAConstantInt(yes) && LLVMConstIntGetZExtValue(yes))
            return binary(m, "||", TJ_PREC_LOR, tj_msl_expr(m, cond, TJ_PREC_BIT),
                          tj_msl_expr(m, no, TJ_PREC_BIT), prec);
    }
    *prec = TJ_PREC_COND;
    return TJ_MSL_TEXT(m, "%s ? %s : %s", tj_msl_expr(m, cond, TJ_PREC_LOR),
                       tj_msl_expr_as(m, yes, is_signed, TJ_PREC_LOR),
                       tj_msl_expr_as(m, no, is_signed, TJ_PREC_LOR));
}

static const char *load(tj_msl *m, LLVMValueRef inst, int *prec)
{
    bool is_signed, wanted = tj_msl_is_signed(m, inst);
    const char *text = tj_msl_object(m, LLVMGetOperand(inst, 0), LLVMTypeOf(inst), &is_signed);

    *prec = *text == '*' ? TJ_PREC_UNARY : TJ_PREC_PRIMARY;
    if (!is_integer(LLVMTypeOf(inst)) || is_signed == wanted)
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
    case LLVMExtractElement:
        return extract(m, inst, prec);
    case LLVMInsertElement:
        if (LLVMIsAConstantInt(LLVMGetOperand(inst, 2)))
            return construct(m, inst, prec);
        break;
    case LLVMShuffleVector:
        return construct(m, inst, prec);
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
        return *(text = constant_text(m, value, false)) == '-'
                   ? tj_msl_wrap(m, text, TJ_PREC_UNARY, prec)
                   : text;
    if (val->var != TJ_NONE)
        return m->vars[val->var].name;
    if (val->block == TJ_NONE)
        return m->args[val - m->vals];
    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind &&
        !LLVMIsASelectInst(value) && !LLVMIsALoadInst(value))
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

const char *tj_msl_expr_as(tj_msl *m, LLVMValueRef value, bool is_signed, int prec)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    if (!is_integer(type) || bits_of(type) == 1)
        return tj_msl_expr(m, value, prec);
    if (!tj_msl_find(m, value)) {
        const char *text = constant_text(m, value, is_signed);

        return *text == '-' ? tj_msl_wrap(m, text, TJ_PREC_UNARY, prec) : text;
    }
    if (tj_msl_is_signed(m, value) == is_signed)
        return tj_msl_expr(m, value, prec);
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, is_signed), tj_msl_expr(m, value, 0));
}
