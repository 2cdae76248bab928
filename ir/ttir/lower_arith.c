/* SPDX-License-Identifier: MIT */
/* Elementwise operations, one element: arith, math, select, addptr. */
#include "ttir/lower.h"

#include <stdio.h>
#include <string.h>

static bool is_float8(const tj_tt_type *type)
{
    return tj_tt_is_float(type) && tj_tt_elem_infos[type->elem].bits == 8;
}

/* Products and sums may become one rounding, quotients products: what Triton's own back ends
 * do. In strict mode the flags go. */
static LLVMValueRef relax(LLVMValueRef value)
{
    if (LLVMIsAInstruction(value) && LLVMCanValueUseFastMathFlags(value))
        LLVMSetFastMathFlags(value, LLVMFastMathAllowContract | LLVMFastMathAllowReciprocal |
                                        LLVMFastMathApproxFunc);
    return value;
}

/* air.NAME.T, air.NAME.s.T, air.NAME.u.T; `sign` 0: no sign in the name. */
static LLVMValueRef call_air(tj_tt_lower *l, const char *name, char sign, LLVMValueRef *args,
                             unsigned count)
{
    LLVMTypeRef type = LLVMTypeOf(args[0]);
    char full[64], element[16];
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind:
        snprintf(element, sizeof element, "f16");
        break;
    case LLVMBFloatTypeKind:
        snprintf(element, sizeof element, "bf16");
        break;
    case LLVMFloatTypeKind:
        snprintf(element, sizeof element, "f32");
        break;
    case LLVMDoubleTypeKind:
        snprintf(element, sizeof element, "f64");
        break;
    default:
        snprintf(element, sizeof element, "i%u", LLVMGetIntTypeWidth(type));
        break;
    }
    if (sign)
        snprintf(full, sizeof full, "air.%s.%c.%s", name, sign, element);
    else
        snprintf(full, sizeof full, "air.%s.%s", name, element);
    return relax(tj_tt_call(l, full, type, args, count));
}

/* ---- tables ------------------------------------------------------------------------------ */

typedef struct binary_row {
    uint16_t kind;
    LLVMOpcode opcode;
} binary_row;

static const binary_row binaries[] = {
    {TJ_TT_OP_ADDI, LLVMAdd},
    {TJ_TT_OP_SUBI, LLVMSub},
    {TJ_TT_OP_MULI, LLVMMul},
    {TJ_TT_OP_DIVSI, LLVMSDiv},
    {TJ_TT_OP_DIVUI, LLVMUDiv},
    {TJ_TT_OP_REMSI, LLVMSRem},
    {TJ_TT_OP_REMUI, LLVMURem},
    {TJ_TT_OP_ANDI, LLVMAnd},
    {TJ_TT_OP_ORI, LLVMOr},
    {TJ_TT_OP_XORI, LLVMXor},
    {TJ_TT_OP_SHLI, LLVMShl},
    {TJ_TT_OP_SHRSI, LLVMAShr},
    {TJ_TT_OP_SHRUI, LLVMLShr},
    {TJ_TT_OP_ADDF, LLVMFAdd},
    {TJ_TT_OP_SUBF, LLVMFSub},
    {TJ_TT_OP_MULF, LLVMFMul},
    {TJ_TT_OP_DIVF, LLVMFDiv},
    {TJ_TT_OP_REMF, LLVMFRem},
    {TJ_TT_OP_PRECISE_DIVF, LLVMFDiv},
    {TJ_TT_OP_ADDUI_EXTENDED, LLVMAdd},
    {TJ_TT_OP_MULSI_EXTENDED, LLVMMul},
    {TJ_TT_OP_MULUI_EXTENDED, LLVMMul},
};

typedef struct call_row {
    uint16_t kind;
    const char *name;
    char sign;
    const char *fast_name; /* with fast maths, of float; NULL: the same */
} call_row;

static const call_row calls[] = {
    {TJ_TT_OP_EXP, "exp", 0, "fast_exp"},    {TJ_TT_OP_EXP2, "exp2", 0, "fast_exp2"},
    {TJ_TT_OP_LOG, "log", 0, "fast_log"},    {TJ_TT_OP_LOG2, "log2", 0, "fast_log2"},
    {TJ_TT_OP_SIN, "sin", 0, "fast_sin"},    {TJ_TT_OP_COS, "cos", 0, "fast_cos"},
    {TJ_TT_OP_SQRT, "sqrt", 0, "fast_sqrt"}, {TJ_TT_OP_RSQRT, "rsqrt", 0, "fast_rsqrt"},
    {TJ_TT_OP_ABSF, "fabs", 0, NULL},        {TJ_TT_OP_FLOOR, "floor", 0, NULL},
    {TJ_TT_OP_CEIL, "ceil", 0, NULL},        {TJ_TT_OP_FMA, "fma", 0, NULL},
    {TJ_TT_OP_MAXNUMF, "fmax", 0, NULL},     {TJ_TT_OP_MINNUMF, "fmin", 0, NULL},
    {TJ_TT_OP_MULHIUI, "mul_hi", 'u', NULL}, {TJ_TT_OP_PRECISE_SQRT, "sqrt", 0, NULL},
};

/* ---- integers ---------------------------------------------------------------------------- */

static LLVMValueRef compare_select(tj_tt_lower *l, LLVMIntPredicate predicate, LLVMValueRef a,
                                   LLVMValueRef b)
{
    LLVMValueRef first = LLVMBuildICmp(l->builder, predicate, a, b, "");
    return LLVMBuildSelect(l->builder, first, a, b, "");
}

/* Quotients that round up or down are the truncated one, one more or less where there is a rest
 * and the signs call for it. */
static LLVMValueRef divide_to(tj_tt_lower *l, tj_tt_kind kind, LLVMValueRef a, LLVMValueRef b)
{
    LLVMBuilderRef at = l->builder;
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef zero = LLVMConstNull(type), one = LLVMConstInt(type, 1, false);
    bool is_signed = kind != TJ_TT_OP_CEILDIVUI, is_up = kind != TJ_TT_OP_FLOORDIVSI;
    LLVMValueRef quotient =
        is_signed ? LLVMBuildSDiv(at, a, b, "") : LLVMBuildUDiv(at, a, b, "");
    LLVMValueRef rest = is_signed ? LLVMBuildSRem(at, a, b, "") : LLVMBuildURem(at, a, b, "");
    LLVMValueRef adjust = LLVMBuildICmp(at, LLVMIntNE, rest, zero, "");
    if (is_signed) {
        LLVMValueRef signs = LLVMBuildXor(at, a, b, "");
        adjust = LLVMBuildAnd(
            at, adjust, LLVMBuildICmp(at, is_up ? LLVMIntSGE : LLVMIntSLT, signs, zero, ""),
            "");
    }
    LLVMValueRef moved =
        is_up ? LLVMBuildAdd(at, quotient, one, "") : LLVMBuildSub(at, quotient, one, "");
    return LLVMBuildSelect(at, adjust, moved, quotient, "");
}

static LLVMValueRef lower_int(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args)
{
    switch (op->kind) {
    case TJ_TT_OP_MINSI:
        return compare_select(l, LLVMIntSLT, args[0], args[1]);
    case TJ_TT_OP_MINUI:
        return compare_select(l, LLVMIntULT, args[0], args[1]);
    case TJ_TT_OP_MAXSI:
        return compare_select(l, LLVMIntSGT, args[0], args[1]);
    case TJ_TT_OP_MAXUI:
        return compare_select(l, LLVMIntUGT, args[0], args[1]);
    case TJ_TT_OP_CEILDIVSI:
    case TJ_TT_OP_CEILDIVUI:
    case TJ_TT_OP_FLOORDIVSI:
        return divide_to(l, op->kind, args[0], args[1]);
    case TJ_TT_OP_ABSI: {
        LLVMValueRef negative = LLVMBuildNeg(l->builder, args[0], "");
        return compare_select(l, LLVMIntSGT, args[0], negative);
    }
    default:
        return NULL;
    }
}

/* ---- floats ------------------------------------------------------------------------------ */

unsigned tj_tt_bits_of_float(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMDoubleTypeKind:
        return 64;
    case LLVMFloatTypeKind:
        return 32;
    default:
        return 16;
    }
}

/* NaN wins; -0 is below +0: on equal operands the signs decide. */
static LLVMValueRef with_nan(tj_tt_lower *l, bool is_max, LLVMValueRef *args)
{
    LLVMBuilderRef b = l->builder;
    LLVMTypeRef type = LLVMTypeOf(args[0]);
    LLVMTypeRef raw = LLVMIntTypeInContext(l->ctx, tj_tt_bits_of_float(type));
    LLVMValueRef x = LLVMBuildBitCast(b, args[0], raw, ""),
                 y = LLVMBuildBitCast(b, args[1], raw, "");
    LLVMValueRef zeros = is_max ? LLVMBuildAnd(b, x, y, "") : LLVMBuildOr(b, x, y, "");
    LLVMValueRef first =
        LLVMBuildFCmp(b, is_max ? LLVMRealOGT : LLVMRealOLT, args[0], args[1], "");
    LLVMValueRef equal = LLVMBuildFCmp(b, LLVMRealOEQ, args[0], args[1], "");
    LLVMValueRef nan = LLVMBuildFCmp(b, LLVMRealUNO, args[0], args[1], "");
    LLVMValueRef out = LLVMBuildSelect(b, first, args[0], args[1], "");
    out = LLVMBuildSelect(b, equal, LLVMBuildBitCast(b, zeros, type, ""), out, "");
    return LLVMBuildSelect(b, nan, LLVMBuildFAdd(b, args[0], args[1], ""), out, "");
}

static LLVMValueRef real(LLVMValueRef like, double value)
{
    return LLVMConstReal(LLVMTypeOf(like), value);
}

static LLVMValueRef polynomial(tj_tt_lower *l, LLVMValueRef x, const double *terms,
                               unsigned count)
{
    LLVMValueRef sum = real(x, terms[0]);
    for (unsigned i = 1; i < count; i++) {
        LLVMValueRef args[] = {sum, x, real(x, terms[i])};
        sum = call_air(l, "fma", 0, args, 3);
    }
    return sum;
}

/* erf: an odd polynomial, and from the seam on 1 - exp(q(|x|)), q a fit of log(erfc).
 * Within 1.2 ulp of float; of doubles it is the C library's. tests/ttir/erf.py makes the
 * coefficients. */
LLVMValueRef tj_tt_lower_erf(tj_tt_lower *l, LLVMValueRef x)
{
    static const double series[] = {-5.99086628e-04, 4.99318315e-03,  -2.67666187e-02,
                                    1.12818163e-01,  -3.76124937e-01, 1.28379150e-01};
    static const double log_erfc[] = {-1.15911557e-05, 3.26344879e-04,  -3.65659073e-03,
                                      2.37913524e-02,  -1.06270150e-01, -6.35131658e-01,
                                      -1.28653215e-01};
    LLVMBuilderRef b = l->builder;
    if (LLVMGetTypeKind(LLVMTypeOf(x)) == LLVMDoubleTypeKind)
        return call_air(l, "erf", 0, &x, 1);
    LLVMValueRef size = call_air(l, "fabs", 0, &x, 1), square = LLVMBuildFMul(b, x, x, "");
    LLVMValueRef args[] = {polynomial(l, square, series, 6), x, x};
    LLVMValueRef small = call_air(l, "fma", 0, args, 3);
    LLVMValueRef exponent[] = {polynomial(l, size, log_erfc, 7), size,
                               LLVMBuildFNeg(b, size, "")};
    LLVMValueRef power = call_air(l, "fma", 0, exponent, 3);
    LLVMValueRef large = LLVMBuildFSub(b, real(x, 1), call_air(l, "exp", 0, &power, 1), "");
    LLVMValueRef signed_args[] = {large, x};
    large = call_air(l, "copysign", 0, signed_args, 2);
    LLVMValueRef is_large = LLVMBuildFCmp(b, LLVMRealOGT, size, real(x, 0.921875), "");
    return LLVMBuildSelect(b, is_large, large, small, "");
}

static LLVMValueRef lower_float(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args)
{
    switch (op->kind) {
    case TJ_TT_OP_MAXIMUMF:
        return with_nan(l, true, args);
    case TJ_TT_OP_MINIMUMF:
        return with_nan(l, false, args);
    case TJ_TT_OP_NEGF:
        return LLVMBuildFNeg(l->builder, args[0], "");
    case TJ_TT_OP_ERF:
        return tj_tt_lower_erf(l, args[0]);
    case TJ_TT_OP_CLAMPF: {
        LLVMValueRef low[] = {args[0], args[1]};
        LLVMValueRef high[] = {call_air(l, "fmax", 0, low, 2), args[2]};
        LLVMValueRef out = call_air(l, "fmin", 0, high, 2);
        if (tj_tt_word(op, "propagateNan", 0) <= 0)
            return out;
        LLVMValueRef nan = LLVMBuildFCmp(l->builder, LLVMRealUNO, args[0], args[0], "");
        return LLVMBuildSelect(l->builder, nan, args[0], out, "");
    }
    default:
        return NULL;
    }
}

/* ---- comparisons, pointers --------------------------------------------------------------- */

static LLVMValueRef lower_compare(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args)
{
    static const LLVMIntPredicate ints[] = {LLVMIntEQ,  LLVMIntNE,  LLVMIntSLT, LLVMIntSLE,
                                            LLVMIntSGT, LLVMIntSGE, LLVMIntULT, LLVMIntULE,
                                            LLVMIntUGT, LLVMIntUGE};
    /* in MLIR's order, not LLVM's */
    static const LLVMRealPredicate floats[] = {LLVMRealPredicateFalse,
                                               LLVMRealOEQ,
                                               LLVMRealOGT,
                                               LLVMRealOGE,
                                               LLVMRealOLT,
                                               LLVMRealOLE,
                                               LLVMRealONE,
                                               LLVMRealORD,
                                               LLVMRealUEQ,
                                               LLVMRealUGT,
                                               LLVMRealUGE,
                                               LLVMRealULT,
                                               LLVMRealULE,
                                               LLVMRealUNE,
                                               LLVMRealUNO,
                                               LLVMRealPredicateTrue};
    int word = tj_tt_word(op, "predicate", 0);
    if (op->kind == TJ_TT_OP_CMPI)
        return LLVMBuildICmp(l->builder, ints[word], args[0], args[1], "");
    return LLVMBuildFCmp(l->builder, floats[word], args[0], args[1], "");
}

static LLVMValueRef lower_pointer(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args)
{
    LLVMTypeRef i64 = LLVMInt64TypeInContext(l->ctx);
    tj_tt_type elem = tj_tt_scalar((tj_tt_elem)op->operands[0]->type.elem);
    switch (op->kind) {
    case TJ_TT_OP_ADDPTR: {
        LLVMTypeRef type = tj_tt_memory_type(l, tj_tt_llvm_type(l, &elem));
        LLVMValueRef index = LLVMBuildIntCast2(l->builder, args[1], i64, true, "");
        return LLVMBuildGEP2(l->builder, type, args[0], &index, 1, "");
    }
    case TJ_TT_OP_INT_TO_PTR:
        return LLVMBuildIntToPtr(l->builder, args[0], tj_tt_llvm_type(l, &op->results[0]->type),
                                 "");
    case TJ_TT_OP_PTR_TO_INT:
        return LLVMBuildPtrToInt(l->builder, args[0], i64, "");
    default:
        return NULL;
    }
}

/* ---- one element ------------------------------------------------------------------------- */

static LLVMValueRef lower_by_table(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (binaries[i].kind == op->kind) {
            LLVMValueRef out =
                LLVMBuildBinOp(l->builder, binaries[i].opcode, args[0], args[1], "");
            return op->kind == TJ_TT_OP_PRECISE_DIVF ? out : relax(out);
        }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].kind == op->kind) {
            bool is_fast = l->is_fast_math && calls[i].fast_name &&
                           op->operands[0]->type.elem == TJ_TT_F32;
            return call_air(l, is_fast ? calls[i].fast_name : calls[i].name, calls[i].sign,
                            args, op->operand_count);
        }
    return NULL;
}

/* The one computation in 8-bit floats: no sign. What would be -0 is the NaN of FNUZ formats. */
static LLVMValueRef lower_abs8(tj_tt_lower *l, tj_tt_elem elem, LLVMValueRef value)
{
    LLVMValueRef sign = LLVMConstInt(LLVMTypeOf(value), 0x80, false);
    LLVMValueRef out = LLVMBuildAnd(l->builder, value, LLVMConstNot(sign), "");
    if (elem != TJ_TT_F8E4M3FNUZ && elem != TJ_TT_F8E5M2FNUZ)
        return out;
    LLVMValueRef is_nan = LLVMBuildICmp(l->builder, LLVMIntEQ, value, sign, "");
    return LLVMBuildSelect(l->builder, is_nan, value, out, "");
}

LLVMValueRef tj_tt_lower_element(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args)
{
    l->instructions++;
    if (op->kind == TJ_TT_OP_EXTERN_ELEMENTWISE)
        return tj_tt_lower_extern(l, op, args);
    if (op->kind == TJ_TT_OP_ABSF && is_float8(&op->operands[0]->type))
        return lower_abs8(l, (tj_tt_elem)op->operands[0]->type.elem, args[0]);
    LLVMValueRef out = lower_by_table(l, op, args);
    out = out ? out : lower_int(l, op, args);
    out = out ? out : lower_float(l, op, args);
    out = out ? out : lower_pointer(l, op, args);
    if (out)
        return out;
    if (op->kind == TJ_TT_OP_CMPI || op->kind == TJ_TT_OP_CMPF)
        return lower_compare(l, op, args);
    if (op->kind == TJ_TT_OP_SELECT)
        return LLVMBuildSelect(l->builder, args[0], args[1], args[2], "");
    return tj_tt_lower_cast(l, op, args[0]);
}

/* Numbers that Metal has not, or that are only stored. */
static bool check_numbers(tj_tt_lower *l, const tj_tt_op *op)
{
    bool is_cast = op->kind == TJ_TT_OP_FP_TO_FP || op->kind == TJ_TT_OP_TT_BITCAST ||
                   op->kind == TJ_TT_OP_BITCAST || op->kind == TJ_TT_OP_SELECT ||
                   op->kind == TJ_TT_OP_EXTF || op->kind == TJ_TT_OP_TRUNCF ||
                   op->kind == TJ_TT_OP_ABSF;
    for (uint32_t i = 0; i < op->operand_count + op->result_count; i++) {
        const tj_tt_value *value =
            i < op->operand_count ? op->operands[i] : op->results[i - op->operand_count];
        if (!value->type.is_pointer && !is_cast && is_float8(&value->type))
            return tj_tt_refuse(l, op, "%s is for memory: it converts, and does not compute",
                                tj_tt_elem_infos[value->type.elem].name);
    }
    return true;
}

/* The second result of operations that have two: the carry of a sum, a product's high half. */
static LLVMValueRef lower_second(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args,
                                 LLVMValueRef first)
{
    if (op->kind == TJ_TT_OP_ADDUI_EXTENDED)
        return LLVMBuildICmp(l->builder, LLVMIntULT, first, args[0], "");
    return call_air(l, "mul_hi", op->kind == TJ_TT_OP_MULSI_EXTENDED ? 's' : 'u', args, 2);
}

static bool elementwise_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    enum { MOST = 8 };
    LLVMValueRef *args[MOST], *regs = tj_tt_new_regs(l, layout), one[MOST];
    LLVMValueRef *second = op->result_count == 2 ? tj_tt_new_regs(l, layout) : NULL;
    if (op->operand_count > MOST || op->result_count > 2 || !op->result_count)
        return tj_tt_refuse(l, op, "%u operands and %u results", op->operand_count,
                            op->result_count);
    for (uint32_t i = 0; i < op->operand_count; i++)
        args[i] = tj_tt_get(l, op->operands[i], layout);
    for (uint32_t r = 0; r < 1u << layout->regs; r++) {
        for (uint32_t i = 0; i < op->operand_count; i++)
            one[i] = args[i][op->operands[i]->type.form == TJ_TT_SCALAR ? 0 : r];
        regs[r] = tj_tt_lower_element(l, op, one);
        if (!regs[r])
            return false;
        if (second)
            second[r] = lower_second(l, op, one, regs[r]);
    }
    tj_tt_set(l, op->results[0], layout, regs);
    if (second)
        tj_tt_set(l, op->results[1], layout, second);
    return true;
}

bool tj_tt_lower_elementwise(tj_tt_lower *l, const tj_tt_op *op)
{
    return check_numbers(l, op) && tj_tt_in_layouts(l, op, elementwise_in);
}
