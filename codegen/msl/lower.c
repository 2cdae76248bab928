/* SPDX-License-Identifier: MIT */
/* Functions of LLVM and AIR that Metal lacks, by what it has; the result is the same to the
 * bit.
 */
#include "prepare.h"

#include <string.h>

static void replace(LLVMValueRef inst, LLVMValueRef with)
{
    LLVMReplaceAllUsesWith(inst, with);
    LLVMInstructionEraseFromParent(inst);
}

static LLVMValueRef splat(LLVMTypeRef type, LLVMValueRef number)
{
    LLVMValueRef list[4] = {number, number, number, number};

    return tj_msl_is_vector(type) ? LLVMConstVector(list, LLVMGetVectorSize(type)) : number;
}

static LLVMTypeRef with_elements(LLVMTypeRef type, LLVMTypeRef element)
{
    return tj_msl_is_vector(type) ? LLVMVectorType(element, LLVMGetVectorSize(type)) : element;
}

/* Calls the function of LLVM, or of AIR by its whole name. */
static LLVMValueRef call_function(tj_msl *m, LLVMBuilderRef builder, const char *name,
                                  LLVMTypeRef result, LLVMValueRef *args, unsigned count)
{
    LLVMTypeRef types[4], shape;
    LLVMValueRef function = LLVMGetNamedFunction(m->unit->module, name);

    for (unsigned i = 0; i < count; i++)
        types[i] = LLVMTypeOf(args[i]);
    shape = LLVMFunctionType(result, types, count, false);
    if (!function)
        function = LLVMAddFunction(m->unit->module, name, shape);
    return LLVMBuildCall2(builder, shape, function, args, count, "");
}

static LLVMValueRef call_llvm(tj_msl *m, LLVMBuilderRef builder, const char *name,
                              LLVMTypeRef *types, unsigned type_count, LLVMValueRef *args,
                              unsigned count)
{
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef f = LLVMGetIntrinsicDeclaration(m->unit->module, id, types, type_count);

    return LLVMBuildCall2(builder, LLVMGlobalGetValueType(f), f, args, count, "");
}

/* ---- bits ----------------------------------------------------------------------------------
 */

static LLVMValueRef constant_of(LLVMTypeRef type, uint64_t number)
{
    return splat(type, LLVMConstInt(tj_msl_scalar(type), number, false));
}

/* (a << n) | (b >> (width - n)), also when n is 0 */
static void rewrite_funnel(LLVMBuilderRef builder, LLVMValueRef call, bool is_left)
{
    LLVMValueRef a = LLVMGetOperand(call, 0), b = LLVMGetOperand(call, 1),
                 n = LLVMGetOperand(call, 2);
    LLVMTypeRef type = LLVMTypeOf(call);
    unsigned width = tj_msl_bits(type);

    if (a == b)
        return; /* rotate */
    if (LLVMIsAConstantInt(n)) {
        uint64_t by = LLVMConstIntGetZExtValue(n) % width, left = is_left ? by : width - by;

        if (by) {
            a = LLVMBuildShl(builder, a, constant_of(type, left), "");
            b = LLVMBuildLShr(builder, b, constant_of(type, width - left), "");
            a = LLVMBuildOr(builder, a, b, "");
        }
        replace(call, by || is_left ? a : b);
        return;
    }
    LLVMValueRef one = constant_of(type, 1), most = constant_of(type, width - 1), rest;

    rest =
        LLVMBuildAnd(builder, LLVMBuildXor(builder, n, LLVMConstAllOnes(type), ""), most, "");
    n = LLVMBuildAnd(builder, n, most, "");
    if (is_left) {
        b = LLVMBuildLShr(builder, b, one, "");
        a = LLVMBuildShl(builder, a, n, "");
        b = LLVMBuildLShr(builder, b, rest, "");
    } else {
        a = LLVMBuildShl(builder, a, one, "");
        a = LLVMBuildShl(builder, a, rest, "");
        b = LLVMBuildLShr(builder, b, n, "");
    }
    replace(call, LLVMBuildOr(builder, a, b, ""));
}

/* The bytes in the other order, by shifts. */
static void rewrite_bswap(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call)
{
    LLVMValueRef from = LLVMGetOperand(call, 0), sum = NULL;
    LLVMTypeRef type = LLVMTypeOf(call);
    unsigned bits = tj_msl_bits(type);

    if (tj_msl_is_vector(type) && LLVMGetVectorSize(type) > 4) {
        tj_msl_refuse(m, call, "llvm.bswap of a vector of %u cannot be printed as Metal",
                      LLVMGetVectorSize(type));
        return;
    }
    for (unsigned at = 0; at < bits; at += 8) {
        unsigned to = bits - 8 - at;
        LLVMValueRef one = from;

        if (at)
            one = LLVMBuildLShr(builder, one, constant_of(type, at), "");
        if (to)
            one = LLVMBuildAnd(builder, one, constant_of(type, 0xff), "");
        if (to)
            one = LLVMBuildShl(builder, one, constant_of(type, to), "");
        sum = sum ? LLVMBuildOr(builder, sum, one, "") : one;
    }
    replace(call, sum);
}

/* ---- minimum and maximum ----------------------------------------------------------------- */

/* NaN wins, and is the sum. */
static void rewrite_extreme(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call, bool is_most)
{
    LLVMValueRef args[] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1)}, has_nan, sum;
    LLVMTypeRef type = LLVMTypeOf(call);

    if (LLVMGetTypeKind(tj_msl_scalar(type)) == LLVMBFloatTypeKind)
        return; /* refused where it is printed */
    has_nan = LLVMBuildFCmp(builder, LLVMRealUNO, args[0], args[1], "");
    sum = LLVMBuildFAdd(builder, args[0], args[1], "");
    replace(call, LLVMBuildSelect(builder, has_nan, sum,
                                  call_llvm(m, builder, is_most ? "llvm.maxnum" : "llvm.minnum",
                                            &type, 1, args, 2),
                                  ""));
}

/* ---- overflow ---------------------------------------------------------------------------- */

typedef struct overflow_row {
    const char *name;
    LLVMOpcode opcode;
    bool is_signed;
} overflow_row;

/* In twice the width nothing wraps. */
static void overflow_of_narrow(tj_msl *m, LLVMBuilderRef builder, const overflow_row *row,
                               LLVMValueRef a, LLVMValueRef b, LLVMValueRef *parts)
{
    LLVMTypeRef type = LLVMTypeOf(a), twice = LLVMInt64TypeInContext(m->unit->llctx);
    LLVMOpcode widen = row->is_signed ? LLVMSExt : LLVMZExt;
    LLVMValueRef wide =
        LLVMBuildBinOp(builder, row->opcode, LLVMBuildCast(builder, widen, a, twice, ""),
                       LLVMBuildCast(builder, widen, b, twice, ""), "");

    parts[0] = LLVMBuildTrunc(builder, wide, type, "");
    parts[1] = LLVMBuildICmp(builder, LLVMIntNE,
                             LLVMBuildCast(builder, widen, parts[0], twice, ""), wide, "");
}

/* The upper half is not what the lower one stands for. */
static LLVMValueRef product_wraps(tj_msl *m, LLVMBuilderRef builder, bool is_signed,
                                  LLVMValueRef a, LLVMValueRef b, LLVMValueRef product)
{
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef args[] = {a, b}, sign = LLVMConstNull(type);
    LLVMValueRef upper = call_function(
        m, builder, is_signed ? "air.mul_hi.s.i64" : "air.mul_hi.u.i64", type, args, 2);

    if (is_signed)
        sign = LLVMBuildAShr(builder, product, LLVMConstInt(type, 63, false), "");
    return LLVMBuildICmp(builder, LLVMIntNE, upper, sign, "");
}

/* A sum wraps when it is less than an operand; a signed one when its sign is neither's. */
static void overflow_of_long(tj_msl *m, LLVMBuilderRef builder, const overflow_row *row,
                             LLVMValueRef a, LLVMValueRef b, LLVMValueRef *parts)
{
    LLVMTypeRef type = LLVMTypeOf(a);
    bool is_sum = row->opcode == LLVMAdd;
    LLVMValueRef x, y;

    parts[0] = LLVMBuildBinOp(builder, row->opcode, a, b, "");
    if (row->opcode == LLVMMul) {
        parts[1] = product_wraps(m, builder, row->is_signed, a, b, parts[0]);
    } else if (!row->is_signed) {
        parts[1] =
            LLVMBuildICmp(builder, LLVMIntULT, is_sum ? parts[0] : a, is_sum ? a : b, "");
    } else {
        x = LLVMBuildXor(builder, a, parts[0], "");
        y = LLVMBuildXor(builder, is_sum ? parts[0] : a, b, "");
        parts[1] = LLVMBuildICmp(builder, LLVMIntSLT, LLVMBuildAnd(builder, x, y, ""),
                                 LLVMConstNull(type), "");
    }
}

bool tj_msl_lower_overflow(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call,
                           LLVMValueRef *parts)
{
    static const overflow_row rows[] = {
        {"llvm.uadd.with.", LLVMAdd, false}, {"llvm.usub.with.", LLVMSub, false},
        {"llvm.umul.with.", LLVMMul, false}, {"llvm.sadd.with.", LLVMAdd, true},
        {"llvm.ssub.with.", LLVMSub, true},  {"llvm.smul.with.", LLVMMul, true}};
    size_t len;
    const char *name = LLVMGetValueName2(LLVMGetCalledValue(call), &len);
    LLVMValueRef a = LLVMGetOperand(call, 0), b = LLVMGetOperand(call, 1);

    if (tj_msl_is_vector(LLVMTypeOf(a)))
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strncmp(name, rows[i].name, strlen(rows[i].name)))
            continue;
        if (tj_msl_bits(LLVMTypeOf(a)) <= 32)
            overflow_of_narrow(m, builder, &rows[i], a, b, parts);
        else
            overflow_of_long(m, builder, &rows[i], a, b, parts);
        return true;
    }
    return false;
}

/* ---- rounding ---------------------------------------------------------------------------- */

/* Bits that the number has in all, or that a float keeps. */
static unsigned precision(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMFloatTypeKind:
        return 24;
    case LLVMHalfTypeKind:
        return 11;
    case LLVMBFloatTypeKind:
        return 8;
    default:
        return LLVMGetIntTypeWidth(type);
    }
}

static bool is_exact(LLVMTypeRef to, LLVMTypeRef from, bool is_signed)
{
    if (LLVMGetTypeKind(from) == LLVMIntegerTypeKind)
        return precision(from) - is_signed <= precision(to);
    return from == to ||
           (LLVMGetTypeKind(to) == LLVMFloatTypeKind && precision(from) < precision(to));
}

/* Whether the nearest float is beyond the integer, above it or below. Both are compared as
 * integers of 64 bits, but for a float that none of these reaches. */
static LLVMValueRef is_beyond(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef nearest,
                              LLVMValueRef number, bool is_signed, bool is_above)
{
    LLVMContextRef c = m->unit->llctx;
    LLVMTypeRef type = LLVMTypeOf(number);
    LLVMTypeRef wide = with_elements(type, LLVMInt64TypeInContext(c)),
                real = with_elements(type, LLVMFloatTypeInContext(c));
    LLVMTypeRef types[] = {wide, real};
    unsigned bits = tj_msl_bits(type);
    LLVMIntPredicate predicate = !is_signed ? (is_above ? LLVMIntUGT : LLVMIntULT)
                                 : is_above ? LLVMIntSGT
                                            : LLVMIntSLT;
    LLVMValueRef as_real =
        LLVMTypeOf(nearest) == real ? nearest : LLVMBuildFPExt(builder, nearest, real, "");
    LLVMValueRef back = call_llvm(m, builder, is_signed ? "llvm.fptosi.sat" : "llvm.fptoui.sat",
                                  types, 2, &as_real, 1);
    LLVMValueRef long_number =
        bits == 64 ? number
                   : LLVMBuildCast(builder, is_signed ? LLVMSExt : LLVMZExt, number, wide, "");
    LLVMValueRef beyond = LLVMBuildICmp(builder, predicate, back, long_number, ""), end,
                 is_past;

    if (bits < 64 || !is_above)
        return beyond;
    end = LLVMConstReal(LLVMFloatTypeInContext(c),
                        is_signed ? 9223372036854775808.0 : 18446744073709551616.0);
    is_past = LLVMBuildFCmp(builder, LLVMRealOGE, as_real, splat(real, end), "");
    return LLVMBuildOr(builder, is_past, beyond, "");
}

/* One float further, towards the limit. */
static LLVMValueRef step(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef nearest, double limit)
{
    LLVMTypeRef type = LLVMTypeOf(nearest), scalar = tj_msl_scalar(type);
    LLVMValueRef args[] = {nearest, splat(type, LLVMConstReal(scalar, limit))};
    const char *suffix = LLVMGetTypeKind(scalar) == LLVMHalfTypeKind ? "f16" : "f32";
    const char *name = tj_msl_is_vector(type) ? TJ_MSL_TEXT(m, "air.nextafter.v%u%s",
                                                            LLVMGetVectorSize(type), suffix)
                                              : TJ_MSL_TEXT(m, "air.nextafter.%s", suffix);

    return call_function(m, builder, name, type, args, 2);
}

/* To nearest, then one step where that went the wrong way. */
static LLVMValueRef round_integer(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call,
                                  const tj_intrin_use *use)
{
    LLVMValueRef number = LLVMGetOperand(call, 0), nearest, up = NULL, down = NULL, result;
    LLVMTypeRef type = LLVMTypeOf(call);
    bool is_signed = use->source.kind == 's', is_to_zero = use->rounding == TJ_ROUND_RTZ;

    nearest = LLVMBuildCast(builder, is_signed ? LLVMSIToFP : LLVMUIToFP, number, type, "");
    if (use->rounding == TJ_ROUND_RTP || (is_to_zero && is_signed))
        up = is_beyond(m, builder, nearest, number, is_signed, false);
    if (use->rounding == TJ_ROUND_RTN || is_to_zero)
        down = is_beyond(m, builder, nearest, number, is_signed, true);
    if (!is_to_zero)
        return LLVMBuildSelect(
            builder, up ? up : down,
            step(m, builder, nearest, up ? __builtin_inf() : -__builtin_inf()), nearest, "");
    result = down;
    if (is_signed)
        result = LLVMBuildSelect(
            builder,
            LLVMBuildICmp(builder, LLVMIntSLT, number, LLVMConstNull(LLVMTypeOf(number)), ""),
            up, down, "");
    return LLVMBuildSelect(builder, result, step(m, builder, nearest, 0.0), nearest, "");
}

/* A bfloat is the upper half of a float: away from zero by what makes any lower half carry. NaN
 * keeps its upper bits and is quiet. */
static LLVMValueRef round_to_bfloat(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call,
                                    tj_rounding rounding)
{
    LLVMContextRef c = m->unit->llctx;
    LLVMTypeRef type = LLVMTypeOf(call), real = with_elements(type, LLVMFloatTypeInContext(c)),
                whole = with_elements(type, LLVMInt32TypeInContext(c));
    LLVMValueRef number = LLVMGetOperand(call, 0), bits, rounded, quiet;

    if (LLVMTypeOf(number) != real)
        number = LLVMBuildFPExt(builder, number, real, "");
    bits = rounded = LLVMBuildBitCast(builder, number, whole, "");
    if (rounding != TJ_ROUND_RTZ) {
        LLVMValueRef carry = constant_of(whole, 0xffff), none = constant_of(whole, 0);
        LLVMValueRef is_negative = LLVMBuildICmp(builder, LLVMIntSLT, bits, none, "");
        bool is_up = rounding == TJ_ROUND_RTP;

        rounded = LLVMBuildAdd(builder, bits,
                               LLVMBuildSelect(builder, is_negative, is_up ? none : carry,
                                               is_up ? carry : none, ""),
                               "");
    }
    quiet = LLVMBuildOr(builder, bits, constant_of(whole, 0x400000), "");
    rounded = LLVMBuildSelect(builder, LLVMBuildFCmp(builder, LLVMRealUNO, number, number, ""),
                              quiet, rounded, "");
    rounded = LLVMBuildLShr(builder, rounded, constant_of(whole, 16), "");
    rounded =
        LLVMBuildTrunc(builder, rounded, with_elements(type, LLVMInt16TypeInContext(c)), "");
    return LLVMBuildBitCast(builder, rounded, type, "");
}

static void rewrite_conversion(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call,
                               const tj_intrin_use *use)
{
    LLVMValueRef from = LLVMGetOperand(call, 0);
    LLVMTypeRef to_scalar = tj_msl_scalar(LLVMTypeOf(call)),
                from_scalar = tj_msl_scalar(LLVMTypeOf(from));
    bool is_signed = use->source.kind == 's';

    if (use->type.kind != 'f' || use->rounding == TJ_ROUND_DEFAULT ||
        use->rounding == TJ_ROUND_RTE || precision(from_scalar) == 1)
        return;
    if (is_exact(to_scalar, from_scalar, is_signed))
        replace(call, from_scalar == to_scalar ? from
                      : LLVMGetTypeKind(from_scalar) != LLVMIntegerTypeKind
                          ? LLVMBuildFPExt(builder, from, LLVMTypeOf(call), "")
                          : LLVMBuildCast(builder, is_signed ? LLVMSIToFP : LLVMUIToFP, from,
                                          LLVMTypeOf(call), ""));
    else if (LLVMGetTypeKind(from_scalar) == LLVMIntegerTypeKind &&
             LLVMGetTypeKind(to_scalar) != LLVMBFloatTypeKind)
        replace(call, round_integer(m, builder, call, use));
    else if (LLVMGetTypeKind(from_scalar) != LLVMIntegerTypeKind &&
             LLVMGetTypeKind(to_scalar) == LLVMBFloatTypeKind &&
             (!tj_msl_is_vector(LLVMTypeOf(call)) || LLVMGetVectorSize(LLVMTypeOf(call)) <= 4))
        replace(call, round_to_bfloat(m, builder, call, use->rounding));
}

/* ---- all of them ------------------------------------------------------------------------- */

void tj_msl_lower_call(tj_msl *m, LLVMBuilderRef builder, LLVMValueRef call)
{
    size_t len;
    const char *name = LLVMGetValueName2(LLVMGetCalledValue(call), &len);
    tj_intrin_use use;

    if (tj_intrin_of(call, &use)) {
        if (use.id == TJ_INTRIN_CONVERT)
            rewrite_conversion(m, builder, call, &use);
    } else if (strncmp(name, "llvm.fshl.", 10) == 0 || strncmp(name, "llvm.fshr.", 10) == 0) {
        rewrite_funnel(builder, call, name[8] == 'l');
    } else if (strncmp(name, "llvm.bswap.", 11) == 0) {
        rewrite_bswap(m, builder, call);
    } else if (strncmp(name, "llvm.minimum.", 13) == 0 ||
               strncmp(name, "llvm.maximum.", 13) == 0) {
        rewrite_extreme(m, builder, call, name[6] == 'a');
    }
}
