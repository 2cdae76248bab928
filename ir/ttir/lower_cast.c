/* SPDX-License-Identifier: MIT */
/* Conversions between numbers; 8-bit floats are made and read by arithmetic on their bits. */
#include "ttir/lower.h"

/* ---- 8-bit floats ------------------------------------------------------------------------ */

typedef struct float8 {
    uint8_t elem, mantissa, bias, top; /* bits, exponent bias, code of the greatest number */
    uint8_t nan, infinity;             /* codes without sign; infinity 0: there is none */
    bool has_one_zero;                 /* the code of -0 is NaN */
} float8;

static const float8 *float8_of(uint8_t elem)
{
    static const float8 rows[] = {
        {TJ_TT_F8E5M2, 2, 15, 0x7B, 0x7F, 0x7C, false},
        {TJ_TT_F8E4M3FN, 3, 7, 0x7E, 0x7F, 0, false},
        {TJ_TT_F8E4M3FNUZ, 3, 8, 0x7F, 0x80, 0, true},
        {TJ_TT_F8E5M2FNUZ, 2, 16, 0x7F, 0x80, 0, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].elem == elem)
            return &rows[i];
    return NULL;
}

static LLVMValueRef to_bits(tj_tt_lower *l, LLVMValueRef value)
{
    return LLVMBuildBitCast(l->builder, value, LLVMInt32TypeInContext(l->ctx), "");
}

static LLVMValueRef from_bits(tj_tt_lower *l, LLVMValueRef bits)
{
    return LLVMBuildBitCast(l->builder, bits, LLVMFloatTypeInContext(l->ctx), "");
}

static LLVMValueRef is_equal(tj_tt_lower *l, LLVMValueRef a, uint32_t b)
{
    return LLVMBuildICmp(l->builder, LLVMIntEQ, a, tj_tt_i32(l, b), "");
}

/* A code to float: its digits as an integer times a power of two, which is exact and keeps
 * subnormal floats, which may be flushed, out. */
static LLVMValueRef widen8(tj_tt_lower *l, const float8 *f, LLVMValueRef code)
{
    LLVMBuilderRef b = l->builder;
    LLVMValueRef wide = LLVMBuildZExt(b, code, LLVMInt32TypeInContext(l->ctx), "");
    LLVMValueRef size = LLVMBuildAnd(b, wide, tj_tt_i32(l, 0x7F), "");
    LLVMValueRef sign =
        LLVMBuildShl(b, LLVMBuildAnd(b, wide, tj_tt_i32(l, 0x80), ""), tj_tt_i32(l, 24), "");
    unsigned mantissa = f->mantissa;
    LLVMValueRef exponent = LLVMBuildLShr(b, size, tj_tt_i32(l, mantissa), "");
    LLVMValueRef digits = LLVMBuildAnd(b, size, tj_tt_i32(l, (1u << mantissa) - 1), "");
    LLVMValueRef is_normal = LLVMBuildICmp(b, LLVMIntNE, exponent, tj_tt_i32(l, 0), "");
    LLVMValueRef hidden =
        LLVMBuildSelect(b, is_normal, tj_tt_i32(l, 1u << mantissa), tj_tt_i32(l, 0), "");
    LLVMValueRef power = LLVMBuildSelect(b, is_normal, exponent, tj_tt_i32(l, 1), "");
    LLVMValueRef whole = LLVMBuildUIToFP(b, LLVMBuildOr(b, digits, hidden, ""),
                                         LLVMFloatTypeInContext(l->ctx), "");
    power = LLVMBuildAdd(b, power, tj_tt_i32(l, 127u - f->bias - mantissa), "");
    LLVMValueRef scale = from_bits(l, LLVMBuildShl(b, power, tj_tt_i32(l, 23), ""));
    LLVMValueRef out = to_bits(l, LLVMBuildFMul(b, whole, scale, ""));
    if (f->infinity)
        out = LLVMBuildSelect(b, is_equal(l, size, f->infinity), tj_tt_i32(l, 0x7F800000), out,
                              "");
    LLVMValueRef is_nan =
        f->has_one_zero ? is_equal(l, wide, f->nan)
        : f->infinity   ? LLVMBuildICmp(b, LLVMIntUGT, size, tj_tt_i32(l, f->infinity), "")
                        : is_equal(l, size, f->nan);
    out = LLVMBuildSelect(b, is_nan, tj_tt_i32(l, 0x7FC00000), out, "");
    return from_bits(l, LLVMBuildOr(b, out, sign, ""));
}

/* The mantissa of a float, with its hidden bit, shifted to where the code's stands; the rest
 * decides the rounding. Too large becomes the greatest number, NaN stays NaN. */
LLVMValueRef tj_tt_narrow8(tj_tt_lower *l, uint8_t elem, LLVMValueRef value, bool is_to_zero)
{
    const float8 *f = float8_of(elem);
    LLVMBuilderRef b = l->builder;
    LLVMValueRef bits = to_bits(l, value), one = tj_tt_i32(l, 1);
    LLVMValueRef size = LLVMBuildAnd(b, bits, tj_tt_i32(l, 0x7FFFFFFF), "");
    LLVMValueRef sign =
        LLVMBuildAnd(b, LLVMBuildLShr(b, bits, tj_tt_i32(l, 24), ""), tj_tt_i32(l, 0x80), "");
    LLVMValueRef exponent = LLVMBuildSub(b, LLVMBuildLShr(b, size, tj_tt_i32(l, 23), ""),
                                         tj_tt_i32(l, 127u - f->bias), "");
    LLVMValueRef digits = LLVMBuildOr(b, LLVMBuildAnd(b, size, tj_tt_i32(l, 0x7FFFFF), ""),
                                      tj_tt_i32(l, 0x800000), "");
    /* subnormal codes drop a digit more for each step below exponent 1 */
    LLVMValueRef is_subnormal = LLVMBuildICmp(b, LLVMIntSLT, exponent, one, "");
    LLVMValueRef steps = LLVMBuildSelect(b, is_subnormal, LLVMBuildSub(b, one, exponent, ""),
                                         tj_tt_i32(l, 0), "");
    LLVMValueRef most = tj_tt_i32(l, 8);
    steps = LLVMBuildSelect(b, LLVMBuildICmp(b, LLVMIntULT, steps, most, ""), steps, most, "");
    LLVMValueRef drop = LLVMBuildAdd(b, steps, tj_tt_i32(l, 23u - f->mantissa), "");
    LLVMValueRef kept = LLVMBuildLShr(b, digits, drop, "");
    if (!is_to_zero) {
        LLVMValueRef odd = LLVMBuildAnd(b, kept, one, "");
        LLVMValueRef half = LLVMBuildShl(b, one, LLVMBuildSub(b, drop, one, ""), "");
        LLVMValueRef almost = LLVMBuildAdd(b, LLVMBuildSub(b, half, one, ""), odd, "");
        kept = LLVMBuildLShr(b, LLVMBuildAdd(b, digits, almost, ""), drop, "");
    }
    /* the hidden bit adds one to the exponent */
    LLVMValueRef base = LLVMBuildSelect(b, is_subnormal, tj_tt_i32(l, 0),
                                        LLVMBuildSub(b, exponent, one, ""), "");
    LLVMValueRef code =
        LLVMBuildAdd(b, LLVMBuildShl(b, base, tj_tt_i32(l, f->mantissa), ""), kept, "");
    LLVMValueRef top = tj_tt_i32(l, f->top);
    LLVMValueRef is_beyond = LLVMBuildICmp(b, LLVMIntUGT, code, top, "");
    code = LLVMBuildSelect(b, is_beyond, top, code, "");
    if (f->has_one_zero)
        sign = LLVMBuildSelect(b, is_equal(l, code, 0), tj_tt_i32(l, 0), sign, "");
    code = LLVMBuildOr(b, code, sign, "");
    LLVMValueRef is_nan = LLVMBuildICmp(b, LLVMIntUGT, size, tj_tt_i32(l, 0x7F800000), "");
    LLVMValueRef nan =
        f->has_one_zero ? tj_tt_i32(l, f->nan) : LLVMBuildOr(b, sign, tj_tt_i32(l, f->nan), "");
    code = LLVMBuildSelect(b, is_nan, nan, code, "");
    return LLVMBuildTrunc(b, code, LLVMInt8TypeInContext(l->ctx), "");
}

/* ---- floats ------------------------------------------------------------------------------ */

LLVMValueRef tj_tt_widen(tj_tt_lower *l, uint8_t elem, LLVMValueRef value)
{
    const float8 *f = float8_of(elem);
    if (f)
        return widen8(l, f, value);
    return elem == TJ_TT_F32 || elem == TJ_TT_F64
               ? value
               : LLVMBuildFPExt(l->builder, value, LLVMFloatTypeInContext(l->ctx), "");
}

/* Toward zero: nearest, and one step back where that went up. */
static LLVMValueRef truncate_toward_zero(tj_tt_lower *l, LLVMValueRef value, LLVMTypeRef to)
{
    LLVMBuilderRef b = l->builder;
    LLVMTypeRef i16 = LLVMInt16TypeInContext(l->ctx);
    LLVMValueRef near = LLVMBuildFPTrunc(b, value, to, "");
    LLVMValueRef back = LLVMBuildFPExt(b, near, LLVMTypeOf(value), "");
    LLVMValueRef sizes[2] = {to_bits(l, back), to_bits(l, value)};
    for (int i = 0; i < 2; i++)
        sizes[i] = LLVMBuildAnd(b, sizes[i], tj_tt_i32(l, 0x7FFFFFFF), "");
    LLVMValueRef is_up = LLVMBuildICmp(b, LLVMIntUGT, sizes[0], sizes[1], "");
    LLVMValueRef is_number = LLVMBuildFCmp(b, LLVMRealORD, value, value, "");
    LLVMValueRef step = LLVMBuildZExt(b, LLVMBuildAnd(b, is_up, is_number, ""), i16, "");
    LLVMValueRef bits = LLVMBuildBitCast(b, near, i16, "");
    return LLVMBuildBitCast(b, LLVMBuildSub(b, bits, step, ""), to, "");
}

/* A double as the float between it and zero, odd where that is not exact, so that a rounding to
 * fewer bits is right (Boldo and Melquiond, "Emulation of FMA and Correctly Rounded Sums"). */
static LLVMValueRef to_odd_float(tj_tt_lower *l, LLVMValueRef wide)
{
    LLVMBuilderRef b = l->builder;
    LLVMTypeRef i32 = LLVMInt32TypeInContext(l->ctx), f64 = LLVMTypeOf(wide);
    LLVMValueRef near = LLVMBuildFPTrunc(b, wide, LLVMFloatTypeInContext(l->ctx), "");
    LLVMValueRef back = LLVMBuildFPExt(b, near, f64, "");
    LLVMValueRef sizes[2] = {back, wide};
    for (int i = 0; i < 2; i++)
        sizes[i] = tj_tt_call(l, "air.fabs.f64", f64, &sizes[i], 1);
    LLVMValueRef is_above = LLVMBuildFCmp(b, LLVMRealOGT, sizes[0], sizes[1], "");
    LLVMValueRef is_inexact = LLVMBuildFCmp(b, LLVMRealONE, back, wide, "");
    LLVMValueRef bits = to_bits(l, near);
    bits = LLVMBuildSub(b, bits, LLVMBuildZExt(b, is_above, i32, ""), "");
    bits = LLVMBuildOr(b, bits, LLVMBuildZExt(b, is_inexact, i32, ""), "");
    return from_bits(l, bits);
}

static LLVMValueRef from_double(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef value,
                                bool is_to_zero)
{
    uint8_t to = op->results[0]->type.elem;
    LLVMTypeRef type = tj_tt_llvm_type(l, &op->results[0]->type);
    if (float8_of(to))
        return tj_tt_narrow8(l, to, to_odd_float(l, value), is_to_zero);
    if (!is_to_zero)
        return LLVMBuildFPTrunc(l->builder, value, type, "");
    tj_tt_refuse(l, op, "f64 rounded toward zero; to nearest is accepted");
    return NULL;
}

static LLVMValueRef lower_float_cast(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef value)
{
    uint8_t from = op->operands[0]->type.elem, to = op->results[0]->type.elem;
    LLVMTypeRef type = tj_tt_llvm_type(l, &op->results[0]->type);
    bool is_to_zero = tj_tt_word(op, "rounding", 1) == 0;
    LLVMValueRef wide = tj_tt_widen(l, from, value);
    if (from == to)
        return value;
    if (from == TJ_TT_F64)
        return from_double(l, op, value, is_to_zero);
    if (to == TJ_TT_F64)
        return LLVMBuildFPExt(l->builder, float8_of(from) ? wide : value, type, "");
    if (float8_of(to))
        return tj_tt_narrow8(l, to, wide, is_to_zero);
    if (to == TJ_TT_F32)
        return wide;
    return is_to_zero && from == TJ_TT_F32 ? truncate_toward_zero(l, wide, type)
                                           : LLVMBuildFPTrunc(l->builder, wide, type, "");
}

/* ---- all --------------------------------------------------------------------------------- */

static LLVMValueRef lower_bitcast(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef value)
{
    LLVMTypeRef to = tj_tt_llvm_type(l, &op->results[0]->type);
    return LLVMTypeOf(value) == to ? value : LLVMBuildBitCast(l->builder, value, to, "");
}

/* From narrower numbers to bfloat by way of float: LLVM converts integers to it like that. */
static LLVMValueRef from_int(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef value,
                             bool is_signed)
{
    LLVMTypeRef to = tj_tt_llvm_type(l, &op->results[0]->type);
    return is_signed ? LLVMBuildSIToFP(l->builder, value, to, "")
                     : LLVMBuildUIToFP(l->builder, value, to, "");
}

LLVMValueRef tj_tt_lower_cast(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef value)
{
    LLVMBuilderRef b = l->builder;
    LLVMTypeRef to = tj_tt_llvm_type(l, &op->results[0]->type);
    switch (op->kind) {
    case TJ_TT_OP_EXTSI:
    case TJ_TT_OP_INDEX_CAST:
        return LLVMBuildIntCast2(b, value, to, true, "");
    case TJ_TT_OP_EXTUI:
    case TJ_TT_OP_TRUNCI:
    case TJ_TT_OP_INDEX_CASTUI:
        return LLVMBuildIntCast2(b, value, to, false, "");
    case TJ_TT_OP_SITOFP:
        return from_int(l, op, value, true);
    case TJ_TT_OP_UITOFP:
        return from_int(l, op, value, false);
    case TJ_TT_OP_FPTOSI:
        return LLVMBuildFPToSI(b, value, to, "");
    case TJ_TT_OP_FPTOUI:
        return LLVMBuildFPToUI(b, value, to, "");
    case TJ_TT_OP_EXTF:
    case TJ_TT_OP_TRUNCF:
    case TJ_TT_OP_FP_TO_FP:
        return lower_float_cast(l, op, value);
    case TJ_TT_OP_BITCAST:
    case TJ_TT_OP_TT_BITCAST:
        return lower_bitcast(l, op, value);
    default:
        tj_tt_refuse(l, op, "not supported; casts of integers, floats and bits are");
        return NULL;
    }
}
