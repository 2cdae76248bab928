/* SPDX-License-Identifier: MIT */
/* Arithmetic on host values, scalar or vector, in the declared precision.
 *
 * bfloat is computed in float and rounded to nearest even by integer operations, because the
 * conversion instructions of some hosts flush subnormals. Integer division by a vector goes
 * through double, exact for up to 32 bits, instead of one scalar division a lane.
 */
#include "host.h"

LLVMFastMathFlags tj_flags_of(const tj_gen *g, LLVMValueRef inst)
{
    if (!g->options->is_fast_math || !LLVMCanValueUseFastMathFlags(inst))
        return LLVMFastMathNone;
    return LLVMGetFastMathFlags(inst);
}

LLVMTypeRef tj_type_like(LLVMValueRef value, LLVMTypeRef scalar)
{
    return tj_is_vector(value) ? LLVMVectorType(scalar, LLVMGetVectorSize(LLVMTypeOf(value)))
                               : scalar;
}

static LLVMValueRef repeat_like(LLVMValueRef value, LLVMValueRef one)
{
    LLVMValueRef lanes[64];
    unsigned count = tj_is_vector(value) ? LLVMGetVectorSize(LLVMTypeOf(value)) : 0;

    for (unsigned l = 0; l < count; l++)
        lanes[l] = one;
    return count ? LLVMConstVector(lanes, count) : one;
}

LLVMValueRef tj_const_like(LLVMValueRef value, LLVMTypeRef scalar, uint64_t bits)
{
    return repeat_like(value, LLVMConstInt(scalar, bits, false));
}

LLVMValueRef tj_const_fp_like(LLVMValueRef value, LLVMTypeRef scalar, double number)
{
    return repeat_like(value, LLVMConstReal(scalar, number));
}

LLVMValueRef tj_to_computed(tj_gen *g, LLVMValueRef value)
{
    LLVMTypeRef type = tj_element(LLVMTypeOf(value));

    if (type == g->t.f32 || type == g->t.f64)
        return value;
    if (type == g->t.half)
        return LLVMBuildFPExt(g->b, value, tj_type_like(value, g->t.f32), "");
    LLVMValueRef bits = LLVMBuildBitCast(g->b, value, tj_type_like(value, g->t.i16), "");

    bits = LLVMBuildZExt(g->b, bits, tj_type_like(value, g->t.i32), "");
    bits = LLVMBuildShl(g->b, bits, tj_const_like(value, g->t.i32, 16), "");
    return LLVMBuildBitCast(g->b, bits, tj_type_like(value, g->t.f32), "");
}

/* Round to nearest even on the upper half; NaNs stay NaNs and become quiet. */
static LLVMValueRef bfloat_from_f32(tj_gen *g, LLVMValueRef value)
{
    LLVMTypeRef i32 = tj_type_like(value, g->t.i32), i16 = tj_type_like(value, g->t.i16);
    LLVMValueRef bits = LLVMBuildBitCast(g->b, value, i32, "");
    LLVMValueRef high = LLVMBuildLShr(g->b, bits, tj_const_like(value, g->t.i32, 16), "");
    LLVMValueRef odd = LLVMBuildAnd(g->b, high, tj_const_like(value, g->t.i32, 1), "");
    LLVMValueRef bias = LLVMBuildAdd(g->b, odd, tj_const_like(value, g->t.i32, 0x7fff), "");
    LLVMValueRef sum = LLVMBuildAdd(g->b, bits, bias, "");
    LLVMValueRef rounded = LLVMBuildLShr(g->b, sum, tj_const_like(value, g->t.i32, 16), "");
    LLVMValueRef quiet = LLVMBuildOr(g->b, high, tj_const_like(value, g->t.i32, 0x40), "");
    LLVMValueRef is_nan = LLVMBuildFCmp(g->b, LLVMRealUNO, value, value, "");

    rounded = LLVMBuildSelect(g->b, is_nan, quiet, rounded, "");
    rounded = LLVMBuildTrunc(g->b, rounded, i16, "");
    return LLVMBuildBitCast(g->b, rounded, tj_type_like(value, g->t.bfloat), "");
}

/* Doubles round to bfloat once, too. */
static LLVMValueRef narrow_double(tj_gen *g, LLVMValueRef wide, LLVMTypeRef scalar);

LLVMValueRef tj_from_computed(tj_gen *g, LLVMValueRef value, LLVMTypeRef scalar_type)
{
    LLVMTypeRef from = tj_element(LLVMTypeOf(value));

    if (scalar_type == from)
        return value;
    if (scalar_type == g->t.f64)
        return LLVMBuildFPExt(g->b, value, tj_type_like(value, g->t.f64), "");
    if (from == g->t.f64)
        return narrow_double(g, value, scalar_type);
    if (scalar_type == g->t.half)
        return LLVMBuildFPTrunc(g->b, value, tj_type_like(value, g->t.half), "");
    return bfloat_from_f32(g, value);
}

static bool is_float(const tj_gen *g, LLVMTypeRef scalar)
{
    return scalar == g->t.f32 || scalar == g->t.half || scalar == g->t.bfloat ||
           scalar == g->t.f64;
}

LLVMValueRef tj_with_flags(LLVMValueRef value, LLVMFastMathFlags flags)
{
    if (flags && LLVMIsAInstruction(value) && LLVMCanValueUseFastMathFlags(value))
        LLVMSetFastMathFlags(value, flags);
    return value;
}

/* Quotient of integers up to 32 bits: exact in double, truncated. */
static LLVMValueRef divide_in_double(tj_gen *g, LLVMOpcode opcode, LLVMValueRef a,
                                     LLVMValueRef b)
{
    LLVMTypeRef type = LLVMTypeOf(a), f64 = tj_type_like(a, g->t.f64);
    bool is_signed = opcode == LLVMSDiv || opcode == LLVMSRem;
    LLVMValueRef x =
        is_signed ? LLVMBuildSIToFP(g->b, a, f64, "") : LLVMBuildUIToFP(g->b, a, f64, "");
    LLVMValueRef y =
        is_signed ? LLVMBuildSIToFP(g->b, b, f64, "") : LLVMBuildUIToFP(g->b, b, f64, "");
    LLVMValueRef q = LLVMBuildFDiv(g->b, x, y, "");

    q = is_signed ? LLVMBuildFPToSI(g->b, q, type, "") : LLVMBuildFPToUI(g->b, q, type, "");
    if (opcode == LLVMSDiv || opcode == LLVMUDiv)
        return q;
    return LLVMBuildSub(g->b, a, LLVMBuildMul(g->b, q, b, ""), "");
}

/* The runtime's scalar fmodf, lane by lane through memory. */
static LLVMValueRef remainder_of(tj_gen *g, LLVMValueRef a, LLVMValueRef b)
{
    LLVMTypeRef type = LLVMTypeOf(a);

    return tj_from_computed(g,
                            tj_math_call(g, "fmod", tj_to_computed(g, a), tj_to_computed(g, b)),
                            tj_element(type));
}

static bool is_division(LLVMOpcode opcode)
{
    return opcode == LLVMUDiv || opcode == LLVMSDiv || opcode == LLVMURem || opcode == LLVMSRem;
}

LLVMValueRef tj_binary(tj_gen *g, LLVMOpcode opcode, LLVMValueRef a, LLVMValueRef b,
                       LLVMFastMathFlags flags)
{
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(a));

    if (is_float(g, scalar)) {
        if (opcode == LLVMFRem)
            return remainder_of(g, a, b);
        if (scalar == g->t.bfloat)
            return tj_from_computed(
                g, tj_binary(g, opcode, tj_to_computed(g, a), tj_to_computed(g, b), flags),
                scalar);
        LLVMValueRef q = opcode == LLVMFDiv ? tj_inline_quotient(g, a, b, flags) : NULL;

        if (q)
            return q;
    } else if (is_division(opcode) && tj_is_vector(a) && !LLVMIsConstant(b) &&
               LLVMGetIntTypeWidth(scalar) <= 32) {
        return divide_in_double(g, opcode, a, b);
    }
    return tj_with_flags(LLVMBuildBinOp(g->b, opcode, a, b, ""), flags);
}

/* Rounds a double to float so that a later rounding to fewer bits is right: inexact results
 * become odd (Boldo and Melquiond, "Emulation of FMA and Correctly Rounded Sums", 2008). */
static LLVMValueRef round_to_odd(tj_gen *g, LLVMValueRef wide)
{
    LLVMTypeRef i32 = tj_type_like(wide, g->t.i32);
    LLVMValueRef near = LLVMBuildFPTrunc(g->b, wide, tj_type_like(wide, g->t.f32), "");
    LLVMValueRef back = LLVMBuildFPExt(g->b, near, LLVMTypeOf(wide), "");
    LLVMValueRef is_above = LLVMBuildFCmp(g->b, LLVMRealOGT, tj_llvm1(g, "llvm.fabs", back),
                                          tj_llvm1(g, "llvm.fabs", wide), "");
    LLVMValueRef is_inexact = LLVMBuildFCmp(g->b, LLVMRealONE, back, wide, "");
    LLVMValueRef bits = LLVMBuildBitCast(g->b, near, i32, "");

    bits = LLVMBuildSub(g->b, bits, LLVMBuildZExt(g->b, is_above, i32, ""), "");
    bits = LLVMBuildOr(g->b, bits, LLVMBuildZExt(g->b, is_inexact, i32, ""), "");
    return LLVMBuildBitCast(g->b, bits, LLVMTypeOf(near), "");
}

/* a + b in double for a later rounding to few bits: an inexact sum becomes odd. What the sum
 * lost is exact (Knuth's two-sum). */
static LLVMValueRef add_to_odd(tj_gen *g, LLVMValueRef a, LLVMValueRef b)
{
    LLVMTypeRef i64 = tj_type_like(a, g->t.i64);
    LLVMValueRef sum = LLVMBuildFAdd(g->b, a, b, "");
    LLVMValueRef part = LLVMBuildFSub(g->b, sum, a, "");
    LLVMValueRef lost =
        LLVMBuildFAdd(g->b, LLVMBuildFSub(g->b, a, LLVMBuildFSub(g->b, sum, part, ""), ""),
                      LLVMBuildFSub(g->b, b, part, ""), "");
    LLVMValueRef zero = LLVMConstNull(LLVMTypeOf(a));
    LLVMValueRef bits = LLVMBuildBitCast(g->b, sum, i64, "");
    LLVMValueRef lost_bits = LLVMBuildBitCast(g->b, lost, i64, "");
    LLVMValueRef is_even = LLVMBuildICmp(
        g->b, LLVMIntEQ, LLVMBuildAnd(g->b, bits, tj_const_like(a, g->t.i64, 1), ""),
        LLVMConstNull(i64), "");
    LLVMValueRef moves =
        LLVMBuildAnd(g->b, is_even, LLVMBuildFCmp(g->b, LLVMRealONE, lost, zero, ""), "");
    LLVMValueRef shrinks = LLVMBuildICmp(
        g->b, LLVMIntSLT, LLVMBuildXor(g->b, bits, lost_bits, ""), LLVMConstNull(i64), "");
    LLVMValueRef step = LLVMBuildSelect(g->b, shrinks, tj_const_like(a, g->t.i64, UINT64_MAX),
                                        tj_const_like(a, g->t.i64, 1), "");

    bits = LLVMBuildSelect(g->b, moves, LLVMBuildAdd(g->b, bits, step, ""), bits, "");
    return LLVMBuildBitCast(g->b, bits, LLVMTypeOf(a), "");
}

LLVMValueRef tj_fma(tj_gen *g, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c)
{
    LLVMTypeRef type = LLVMTypeOf(a), scalar = tj_element(type);
    LLVMValueRef args[] = {a, b, c};

    if (scalar == g->t.f32 || scalar == g->t.f64)
        return tj_llvm(g, "llvm.fma", &type, 1, args, 3);
    /* Products are exact in double; halves' sums too, as far as a half can tell. */
    LLVMTypeRef f64 = tj_type_like(a, g->t.f64);

    for (int i = 0; i < 3; i++)
        args[i] = LLVMBuildFPExt(g->b, tj_to_computed(g, args[i]), f64, "");
    if (scalar == g->t.half)
        return LLVMBuildFPTrunc(g->b, tj_llvm(g, "llvm.fma", &f64, 1, args, 3), type, "");
    LLVMValueRef product = LLVMBuildFMul(g->b, args[0], args[1], "");

    return tj_from_computed(g, round_to_odd(g, add_to_odd(g, product, args[2])), scalar);
}

LLVMValueRef tj_fmin(tj_gen *g, LLVMValueRef a, LLVMValueRef b, bool is_max,
                     LLVMFastMathFlags flags)
{
    LLVMTypeRef type = LLVMTypeOf(a);
    bool is_loose = (flags & LLVMFastMathNoNaNs) && (flags & LLVMFastMathNoSignedZeros);
    const char *name = is_loose ? (is_max ? "llvm.maxnum" : "llvm.minnum")
                                : (is_max ? "llvm.maximumnum" : "llvm.minimumnum");

    if (tj_element(type) != g->t.f32 && tj_element(type) != g->t.f64) {
        LLVMValueRef wide =
            tj_fmin(g, tj_to_computed(g, a), tj_to_computed(g, b), is_max, flags);

        return tj_from_computed(g, wide, tj_element(type));
    }
    return tj_with_flags(tj_llvm2(g, name, a, b), flags);
}

/* A double that rounds to bfloat as the 64-bit integer would: bits below the 48 that count are
 * gathered in one. */
static LLVMValueRef shorten_int(tj_gen *g, LLVMValueRef value, bool is_signed)
{
    LLVMValueRef low = LLVMBuildAnd(g->b, value, tj_const_like(value, g->t.i64, 0xffff), "");
    LLVMValueRef sticky =
        LLVMBuildICmp(g->b, LLVMIntNE, low, tj_const_like(value, g->t.i64, 0), "");
    LLVMValueRef bit = LLVMBuildShl(g->b, LLVMBuildZExt(g->b, sticky, LLVMTypeOf(value), ""),
                                    tj_const_like(value, g->t.i64, 16), "");
    LLVMValueRef high =
        LLVMBuildAnd(g->b, value, tj_const_like(value, g->t.i64, ~(uint64_t)0xffff), "");
    LLVMValueRef top = LLVMBuildBinOp(g->b, is_signed ? LLVMAShr : LLVMLShr, value,
                                      tj_const_like(value, g->t.i64, 40), "");
    LLVMValueRef up = LLVMBuildAdd(g->b, top, tj_const_like(value, g->t.i64, is_signed), "");
    LLVMValueRef is_short =
        LLVMBuildICmp(g->b, LLVMIntULE, up, tj_const_like(value, g->t.i64, is_signed), "");

    return LLVMBuildSelect(g->b, is_short, value, LLVMBuildOr(g->b, high, bit, ""), "");
}

/* A double that any rounding to 24 bits or fewer treats as it would the integer. */
static LLVMValueRef int_to_double(tj_gen *g, LLVMValueRef value, bool is_signed)
{
    if (tj_element(LLVMTypeOf(value)) == g->t.i64)
        value = shorten_int(g, value, is_signed);
    return LLVMBuildCast(g->b, is_signed ? LLVMSIToFP : LLVMUIToFP, value,
                         tj_type_like(value, g->t.f64), "");
}

static LLVMValueRef narrow_double(tj_gen *g, LLVMValueRef wide, LLVMTypeRef scalar)
{
    if (scalar == g->t.bfloat)
        return tj_from_computed(g, round_to_odd(g, wide), scalar);
    return LLVMBuildFPTrunc(g->b, wide, tj_type_like(wide, scalar), "");
}

LLVMValueRef tj_round_directed(tj_gen *g, LLVMValueRef value, LLVMTypeRef scalar,
                               bool is_signed, tj_rounding rounding)
{
    bool is_int = LLVMGetTypeKind(tj_element(LLVMTypeOf(value))) == LLVMIntegerTypeKind;
    LLVMTypeRef f64 = tj_type_like(value, g->t.f64), i1 = tj_type_like(value, g->t.i1);
    LLVMTypeRef bits_type =
        tj_type_like(value, LLVMIntTypeInContext(g->llctx, tj_leaf_bits(scalar)));
    LLVMValueRef wide = is_int ? int_to_double(g, value, is_signed)
                               : tj_from_computed(g, tj_to_computed(g, value), g->t.f64);
    LLVMValueRef near = narrow_double(g, wide, scalar);
    LLVMValueRef back = LLVMBuildFPExt(g->b, tj_to_computed(g, near), f64, "");
    LLVMValueRef bits = LLVMBuildBitCast(g->b, near, bits_type, "");
    LLVMValueRef zero = LLVMConstNull(f64), above, below, is_negative;

    /* Too far above or below the value: one step back, which in the bits of a float is one
     * less towards zero and one more away from it. */
    is_negative = LLVMBuildFCmp(g->b, LLVMRealOLT, wide, zero, "");
    above = LLVMBuildFCmp(g->b, LLVMRealOGT, back, wide, "");
    below = LLVMBuildFCmp(g->b, LLVMRealOLT, back, wide, "");
    if (rounding == TJ_ROUND_RTZ) {
        above = LLVMBuildAnd(g->b, above, LLVMBuildNot(g->b, is_negative, ""), "");
        below = LLVMBuildAnd(g->b, below, is_negative, "");
    } else if (rounding == TJ_ROUND_RTP) {
        above = LLVMConstNull(i1);
    } else {
        below = LLVMConstNull(i1);
    }
    LLVMValueRef shrinks =
        LLVMBuildOr(g->b, LLVMBuildAnd(g->b, above, LLVMBuildNot(g->b, is_negative, ""), ""),
                    LLVMBuildAnd(g->b, below, is_negative, ""), "");
    LLVMValueRef moves = LLVMBuildOr(g->b, above, below, "");
    LLVMValueRef less =
        LLVMBuildSub(g->b, bits, tj_const_like(value, tj_element(bits_type), 1), "");
    LLVMValueRef more =
        LLVMBuildAdd(g->b, bits, tj_const_like(value, tj_element(bits_type), 1), "");

    bits =
        LLVMBuildSelect(g->b, moves, LLVMBuildSelect(g->b, shrinks, less, more, ""), bits, "");
    return LLVMBuildBitCast(g->b, bits, LLVMTypeOf(near), "");
}

LLVMValueRef tj_int_to_float(tj_gen *g, LLVMValueRef value, LLVMTypeRef scalar_type,
                             bool is_signed)
{
    LLVMOpcode opcode = is_signed ? LLVMSIToFP : LLVMUIToFP;

    if (scalar_type == g->t.f64)
        return LLVMBuildCast(g->b, opcode, value, tj_type_like(value, g->t.f64), "");
    if (scalar_type != g->t.bfloat) {
        /* Halves overflow before float loses a bit of the integer. */
        LLVMValueRef f = LLVMBuildCast(g->b, opcode, value, tj_type_like(value, g->t.f32), "");

        return tj_from_computed(g, f, scalar_type);
    }
    return narrow_double(g, int_to_double(g, value, is_signed), scalar_type);
}
