/* SPDX-License-Identifier: MIT */
/* Functions of float that AIR has not, composed of those that it has.
 *
 * exp(x) - 1 and log(1 + x) by the quotient that takes the rounding of their inner part out
 * (Kahan); cube roots by one step of Newton; lengths scaled by powers of two, so that no square
 * overflows or vanishes. In strict maths within 3 ulp, erfc within 5, which
 * tests/ttir/composed.py measures.
 */
#include "ttir/lower.h"

#include <limits.h>
#include <math.h>
#include <string.h>

typedef LLVMValueRef composed_fn(tj_tt_lower *l, LLVMValueRef *args, unsigned count);

/* ---- shorthands -------------------------------------------------------------------------- */

static LLVMValueRef real(tj_tt_lower *l, double value)
{
    return LLVMConstReal(LLVMFloatTypeInContext(l->ctx), value);
}

static LLVMValueRef air1(tj_tt_lower *l, const char *name, LLVMValueRef x)
{
    return tj_tt_call(l, name, LLVMTypeOf(x), &x, 1);
}

static LLVMValueRef air2(tj_tt_lower *l, const char *name, LLVMValueRef x, LLVMValueRef y)
{
    LLVMValueRef args[] = {x, y};
    return tj_tt_call(l, name, LLVMTypeOf(x), args, 2);
}

static LLVMValueRef fma3(tj_tt_lower *l, LLVMValueRef x, LLVMValueRef y, LLVMValueRef z)
{
    LLVMValueRef args[] = {x, y, z};
    return tj_tt_call(l, "air.fma.f32", LLVMTypeOf(x), args, 3);
}

static LLVMValueRef binary(tj_tt_lower *l, LLVMOpcode opcode, LLVMValueRef x, LLVMValueRef y)
{
    return LLVMBuildBinOp(l->builder, opcode, x, y, "");
}

static LLVMValueRef is(tj_tt_lower *l, LLVMRealPredicate predicate, LLVMValueRef x,
                       LLVMValueRef y)
{
    return LLVMBuildFCmp(l->builder, predicate, x, y, "");
}

static LLVMValueRef choose(tj_tt_lower *l, LLVMValueRef condition, LLVMValueRef yes,
                           LLVMValueRef no)
{
    return LLVMBuildSelect(l->builder, condition, yes, no, "");
}

static LLVMValueRef bits_of(tj_tt_lower *l, LLVMValueRef x)
{
    return LLVMBuildBitCast(l->builder, x, LLVMInt32TypeInContext(l->ctx), "");
}

/* x with its sign changed where bit 31 of `sign` is set. */
static LLVMValueRef flip(tj_tt_lower *l, LLVMValueRef x, LLVMValueRef sign)
{
    LLVMValueRef bit = binary(l, LLVMAnd, sign, tj_tt_i32(l, 0x80000000u));
    return LLVMBuildBitCast(l->builder, binary(l, LLVMXor, bits_of(l, x), bit), LLVMTypeOf(x),
                            "");
}

/* ---- functions --------------------------------------------------------------------------- */

/* u = exp(x) rounded: (u - 1) x / log(u). */
static LLVMValueRef expm1_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef x = args[0], u = air1(l, "air.exp.f32", x), one = real(l, 1);
    LLVMValueRef less = binary(l, LLVMFSub, u, one);
    LLVMValueRef out =
        binary(l, LLVMFMul, less, binary(l, LLVMFDiv, x, air1(l, "air.log.f32", u)));
    out = choose(l, is(l, LLVMRealOEQ, u, real(l, HUGE_VAL)), u, out);
    out = choose(l, is(l, LLVMRealOEQ, less, real(l, -1)), less, out);
    return choose(l, is(l, LLVMRealOEQ, u, one), x, out);
}

/* u = 1 + x rounded: log(u) x / (u - 1). */
static LLVMValueRef log1p_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef x = args[0], one = real(l, 1), u = binary(l, LLVMFAdd, x, one);
    LLVMValueRef part = binary(l, LLVMFDiv, x, binary(l, LLVMFSub, u, one));
    LLVMValueRef out = binary(l, LLVMFMul, air1(l, "air.log.f32", u), part);
    out = choose(l, is(l, LLVMRealOEQ, u, real(l, HUGE_VAL)), u, out);
    return choose(l, is(l, LLVMRealOEQ, u, one), x, out);
}

static LLVMValueRef cbrt_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef x = args[0], size = air1(l, "air.fabs.f32", x), one = real(l, 1);
    LLVMValueRef is_tiny = is(l, LLVMRealOLT, size, real(l, 0x1p-100));
    LLVMValueRef s = binary(l, LLVMFMul, size, choose(l, is_tiny, real(l, 0x1p60), one));
    LLVMValueRef third = binary(l, LLVMFMul, air1(l, "air.log2.f32", s), real(l, 1.0 / 3));
    LLVMValueRef y = air1(l, "air.exp2.f32", third), square = binary(l, LLVMFMul, y, y);
    LLVMValueRef rest = fma3(l, square, y, LLVMBuildFNeg(l->builder, s, ""));
    LLVMValueRef step = binary(l, LLVMFDiv, rest, binary(l, LLVMFMul, square, real(l, 3)));
    y = binary(l, LLVMFMul, binary(l, LLVMFSub, y, step),
               choose(l, is_tiny, real(l, 0x1p-20), one));
    LLVMValueRef is_own = binary(l, LLVMOr, is(l, LLVMRealOEQ, size, real(l, 0)),
                                 is(l, LLVMRealUGE, size, real(l, HUGE_VAL)));
    return choose(l, is_own, x, air2(l, "air.copysign.f32", y, x));
}

static LLVMValueRef rcbrt_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    return binary(l, LLVMFDiv, real(l, 1), cbrt_of(l, args, count));
}

/* The length of a vector, or its inverse. An infinite one is so beside NaN too. */
static LLVMValueRef length(tj_tt_lower *l, LLVMValueRef *args, unsigned count, bool is_inverse)
{
    LLVMValueRef infinity = real(l, HUGE_VAL), one = real(l, 1), most = NULL, sum = NULL;
    LLVMValueRef sizes[4], is_infinite = NULL, plain = NULL;
    for (unsigned i = 0; i < count; i++) {
        sizes[i] = air1(l, "air.fabs.f32", args[i]);
        LLVMValueRef own = is(l, LLVMRealOEQ, sizes[i], infinity);
        is_infinite = i ? binary(l, LLVMOr, is_infinite, own) : own;
        most = i ? air2(l, "air.fmax.f32", most, sizes[i]) : sizes[i];
        plain = i ? binary(l, LLVMFAdd, plain, sizes[i]) : sizes[i]; /* NaN where one is */
    }
    LLVMValueRef is_big = is(l, LLVMRealOGT, most, real(l, 0x1p60));
    LLVMValueRef is_tiny = is(l, LLVMRealOLT, most, real(l, 0x1p-40));
    LLVMValueRef scale =
        choose(l, is_big, real(l, 0x1p-80), choose(l, is_tiny, real(l, 0x1p100), one));
    LLVMValueRef back =
        choose(l, is_big, real(l, 0x1p80), choose(l, is_tiny, real(l, 0x1p-100), one));
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef x = binary(l, LLVMFMul, sizes[i], scale);
        sum = sum ? fma3(l, x, x, sum) : binary(l, LLVMFMul, x, x);
    }
    LLVMValueRef root = air1(l, "air.sqrt.f32", sum);
    LLVMValueRef out =
        is_inverse ? binary(l, LLVMFDiv, scale, root) : binary(l, LLVMFMul, root, back);
    out = choose(l, is(l, LLVMRealUNO, plain, plain), plain, out);
    return choose(l, is_infinite, is_inverse ? real(l, 0) : infinity, out);
}

static LLVMValueRef length_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    return length(l, args, count, false);
}

static LLVMValueRef inverse_length_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    return length(l, args, count, true);
}

/* exp(x^2) erfc(x) of x >= 0. tests/ttir/erfcx.py makes the coefficients. */
static LLVMValueRef scaled_erfc(tj_tt_lower *l, LLVMValueRef x)
{
    static const double terms[] = {7.576450920e-05,  -9.293187668e-05, -7.223912908e-04,
                                   1.875990778e-03,  2.495270506e-03,  -2.376431876e-02,
                                   6.831814142e-02,  -1.192750329e-01, 1.296438560e-01,
                                   -4.756218398e-02, -1.356210578e-01, 1.253008057e+00};
    LLVMValueRef far = binary(l, LLVMFAdd, x, real(l, 3)), sum = real(l, terms[0]);
    LLVMValueRef t = binary(l, LLVMFSub, real(l, 1), binary(l, LLVMFDiv, real(l, 6), far));
    for (unsigned i = 1; i < sizeof terms / sizeof *terms; i++)
        sum = fma3(l, sum, t, real(l, terms[i]));
    return binary(l, LLVMFDiv, binary(l, LLVMFMul, sum, real(l, 0.5)),
                  binary(l, LLVMFAdd, x, real(l, 0.5)));
}

/* exp(x^2) or its inverse, with what rounding took from the square; x is 16 at most. */
static LLVMValueRef exp_square(tj_tt_lower *l, LLVMValueRef x, bool is_inverse)
{
    x = air2(l, "air.fmin.f32", x, real(l, 16));
    LLVMValueRef square = binary(l, LLVMFMul, x, x);
    LLVMValueRef rest = fma3(l, x, x, LLVMBuildFNeg(l->builder, square, ""));
    if (is_inverse) {
        square = LLVMBuildFNeg(l->builder, square, "");
        rest = LLVMBuildFNeg(l->builder, rest, "");
    }
    LLVMValueRef power = air1(l, "air.exp.f32", square);
    return binary(l, LLVMFMul, power, binary(l, LLVMFAdd, real(l, 1), rest));
}

/* Near 0, where the polynomial's argument is rounded too much, of 1 - erf. */
static LLVMValueRef erfc_near(tj_tt_lower *l, LLVMValueRef x)
{
    return binary(l, LLVMFSub, real(l, 1), tj_tt_lower_erf(l, x));
}

static LLVMValueRef erfc_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef x = args[0], size = air1(l, "air.fabs.f32", x);
    LLVMValueRef out = binary(l, LLVMFMul, scaled_erfc(l, size), exp_square(l, size, true));
    LLVMValueRef left = binary(l, LLVMFSub, real(l, 2), out);
    out = choose(l, is(l, LLVMRealOLT, x, real(l, 0)), left, out);
    return choose(l, is(l, LLVMRealOLT, size, real(l, 0.5)), erfc_near(l, x), out);
}

static LLVMValueRef erfcx_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef x = args[0], size = air1(l, "air.fabs.f32", x), out = scaled_erfc(l, size);
    LLVMValueRef power = exp_square(l, size, false);
    LLVMValueRef left = binary(l, LLVMFSub, binary(l, LLVMFMul, power, real(l, 2)), out);
    out = choose(l, is(l, LLVMRealOLT, x, real(l, 0)), left, out);
    LLVMValueRef near = binary(l, LLVMFMul, power, erfc_near(l, x));
    return choose(l, is(l, LLVMRealOLT, size, real(l, 0.5)), near, out);
}

static LLVMValueRef fdim_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef x = args[0], y = args[1];
    LLVMValueRef rest =
        choose(l, is(l, LLVMRealUNO, x, y), binary(l, LLVMFAdd, x, y), real(l, 0));
    return choose(l, is(l, LLVMRealOGT, x, y), binary(l, LLVMFSub, x, y), rest);
}

/* x^n, n whole: the sign comes from n as it is, large ones are rounded to float. */
static LLVMValueRef powi_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef x = args[0], n = args[1];
    LLVMValueRef exponent = LLVMBuildSIToFP(l->builder, n, LLVMTypeOf(x), "");
    LLVMValueRef out = air2(l, "air.pow.f32", air1(l, "air.fabs.f32", x), exponent);
    LLVMValueRef odd = binary(l, LLVMShl, n, tj_tt_i32(l, 31));
    return flip(l, out, binary(l, LLVMAnd, odd, bits_of(l, x)));
}

/* |x| modulo 2 |y|, then what is nearest; each difference is exact. */
static LLVMValueRef remainder_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef y = air1(l, "air.fabs.f32", args[1]);
    LLVMValueRef r =
        air2(l, "air.fmod.f32", air1(l, "air.fabs.f32", args[0]), binary(l, LLVMFAdd, y, y));
    LLVMValueRef is_above = is(l, LLVMRealOGT, binary(l, LLVMFAdd, r, r), y);
    r = choose(l, is_above, binary(l, LLVMFSub, r, y), r);
    LLVMValueRef is_still = is(l, LLVMRealOGE, binary(l, LLVMFAdd, r, r), y);
    r = choose(l, binary(l, LLVMAnd, is_above, is_still), binary(l, LLVMFSub, r, y), r);
    return flip(l, r, bits_of(l, args[0]));
}

/* The exponent of a number that is neither 0 nor infinite. */
static LLVMValueRef exponent_of(tj_tt_lower *l, LLVMValueRef x)
{
    LLVMValueRef size = binary(l, LLVMAnd, bits_of(l, x), tj_tt_i32(l, 0x7FFFFFFF));
    LLVMValueRef normal =
        binary(l, LLVMSub, binary(l, LLVMLShr, size, tj_tt_i32(l, 23)), tj_tt_i32(l, 127));
    LLVMValueRef clz = tj_tt_call(l, "air.clz.i32", LLVMTypeOf(size),
                                  (LLVMValueRef[]){size, tj_tt_int(l, 1, 0)}, 2);
    LLVMValueRef small = binary(l, LLVMSub, tj_tt_i32(l, (uint32_t)-118), clz);
    LLVMValueRef is_small =
        LLVMBuildICmp(l->builder, LLVMIntULT, size, tj_tt_i32(l, 1 << 23), "");
    return choose(l, is_small, small, normal);
}

static LLVMValueRef ilogb_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef size = air1(l, "air.fabs.f32", args[0]), out = exponent_of(l, args[0]);
    out = choose(l, is(l, LLVMRealOEQ, size, real(l, HUGE_VAL)), tj_tt_i32(l, INT_MAX), out);
    return choose(l, is(l, LLVMRealUEQ, size, real(l, 0)), tj_tt_i32(l, (uint32_t)INT_MIN),
                  out);
}

static LLVMValueRef logb_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    (void)count;
    LLVMValueRef size = air1(l, "air.fabs.f32", args[0]);
    LLVMValueRef out =
        LLVMBuildSIToFP(l->builder, exponent_of(l, args[0]), LLVMTypeOf(args[0]), "");
    out = choose(l, is(l, LLVMRealUGE, size, real(l, HUGE_VAL)), size, out);
    return choose(l, is(l, LLVMRealOEQ, size, real(l, 0)), real(l, -HUGE_VAL), out);
}

static LLVMValueRef ldexp_of(tj_tt_lower *l, LLVMValueRef *args, unsigned count)
{
    return tj_tt_call(l, "air.ldexp.f32", LLVMTypeOf(args[0]), args, count);
}

LLVMValueRef tj_tt_lower_composed(tj_tt_lower *l, const tj_tt_op *op, const char *name,
                                  LLVMValueRef *args)
{
    static const struct {
        const char *name, *types; /* f, i: of the operands; then that of the result */
        composed_fn *make;
    } rows[] = {
        {"cbrt", "ff", cbrt_of},
        {"erfc", "ff", erfc_of},
        {"erfcx", "ff", erfcx_of},
        {"expm1", "ff", expm1_of},
        {"fdim", "fff", fdim_of},
        {"hypot", "fff", length_of},
        {"ilogb", "fi", ilogb_of},
        {"ldexp", "fif", ldexp_of},
        {"log1p", "ff", log1p_of},
        {"logb", "ff", logb_of},
        {"norm3d", "ffff", length_of},
        {"norm4d", "fffff", length_of},
        {"powi", "fif", powi_of},
        {"pown", "fif", powi_of},
        {"rcbrt", "ff", rcbrt_of},
        {"remainder", "fff", remainder_of},
        {"rhypot", "fff", inverse_length_of},
        {"rnorm3d", "ffff", inverse_length_of},
        {"rnorm4d", "fffff", inverse_length_of},
        {"scalbn", "fif", ldexp_of},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0 && tj_tt_has_types(op, rows[i].types))
            return rows[i].make(l, args, op->operand_count);
    return NULL;
}
