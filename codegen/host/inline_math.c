/* SPDX-License-Identifier: MIT */
/* Short functions of floats for fast maths, on hosts whose instructions take an exponent apart
 * and put it together again and estimate 1/x and 1/sqrt(x) to 14 bits (AVX-512).
 *
 * A call of the vector library takes all vector registers from its caller, and a short function
 * is over before they are back. Where a kernel has few calls of one, it stands in place; where
 * it has many, it is a function of the module that leaves its caller half of the registers.
 *
 * Methods: argument reduction by ln 2 in two parts (Cody and Waite, Software Manual for the
 * Elementary Functions, 1980) and polynomials of least largest relative error, by Lawson's
 * method; quotients and roots by one step of Newton's method from the estimate. All stay within
 * 4 ULP as libmvec does (tests/conform/accuracy.def).
 */
#include "math.h"

#include <stdio.h>

enum {
    CHUNK = 16,     /* floats of a host vector */
    MOST_TERMS = 5, /* pairs of a polynomial */
    NEAREST = 4,
    MANTISSA_OF_ONE = 0,
    NAN_IF_NEGATIVE = 2 << 2,
    MOST_IN_PLACE = 8 /* calls of one function in a kernel */
};

/* LLVM's number of the convention by which zmm16 to zmm31 belong to the caller. */
enum { CALL_OF_BUILTIN = 77 };

static LLVMValueRef real(LLVMValueRef like, double number)
{
    return tj_const_fp_like(like, tj_element(LLVMTypeOf(like)), number);
}

/* Without flags: nothing may be reordered here. */
static LLVMValueRef fma3(tj_gen *g, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c)
{
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef args[] = {a, b, c};

    return tj_llvm(g, "llvm.fma", &type, 1, args, 3);
}

static LLVMValueRef negated(tj_gen *g, LLVMValueRef x)
{
    return LLVMBuildFNeg(g->b, x, "");
}

/* c[0] + c[1] x + c[2] x^2 + ...: neighbours first (Estrin's scheme), because what waits in the
 * host's queue is soon more than it holds. */
static LLVMValueRef polynomial(tj_gen *g, LLVMValueRef x, const float *c, unsigned count)
{
    LLVMValueRef terms[MOST_TERMS];

    for (unsigned i = 0; i < count; i += 2)
        terms[i / 2] =
            i + 1 == count ? real(x, c[i]) : fma3(g, x, real(x, c[i + 1]), real(x, c[i]));
    for (count = (count + 1) / 2; count > 1; count = (count + 1) / 2) {
        x = LLVMBuildFMul(g->b, x, x, "");
        for (unsigned i = 0; i + 1 < count; i += 2)
            terms[i / 2] = fma3(g, x, terms[i + 1], terms[i]);
        if (count % 2)
            terms[count / 2] = terms[count - 1];
    }
    return terms[0];
}

static LLVMValueRef part_of(tj_gen *g, LLVMValueRef vector, unsigned first)
{
    int lanes[CHUNK];

    for (unsigned i = 0; i < CHUNK; i++)
        lanes[i] = (int)(first + i);
    return tj_shuffle(g, vector, NULL, lanes, CHUNK);
}

typedef LLVMValueRef host_fn(tj_gen *g, LLVMValueRef x, LLVMValueRef y);

/* `fn` of a vector of 16 lanes, or of the halves of 32. */
static LLVMValueRef by_host_vector(tj_gen *g, host_fn *fn, LLVMValueRef x, LLVMValueRef y)
{
    int lanes[2 * CHUNK];

    if (LLVMGetVectorSize(LLVMTypeOf(x)) == CHUNK)
        return fn(g, x, y);
    for (unsigned i = 0; i < 2 * CHUNK; i++)
        lanes[i] = (int)i;
    LLVMValueRef low = fn(g, part_of(g, x, 0), part_of(g, y, 0));
    LLVMValueRef high = fn(g, part_of(g, x, CHUNK), part_of(g, y, CHUNK));

    return tj_shuffle(g, low, high, lanes, 2 * CHUNK);
}

/* Whether the host has the instructions for `x`. */
static bool is_host_vector(const tj_gen *g, LLVMValueRef x)
{
    unsigned count;

    if (g->options->vector_bits != 512 || !tj_is_vector(x) ||
        tj_element(LLVMTypeOf(x)) != g->t.f32)
        return false;
    count = LLVMGetVectorSize(LLVMTypeOf(x));
    return count == CHUNK || count == 2 * CHUNK;
}

/* ---- instructions ---------------------------------------------------------------------- */

static LLVMValueRef all_lanes(const tj_gen *g)
{
    return LLVMConstAllOnes(LLVMIntTypeInContext(g->llctx, CHUNK));
}

/* x * 2^floor(y) */
static LLVMValueRef scale(tj_gen *g, LLVMValueRef x, LLVMValueRef y)
{
    LLVMValueRef args[] = {x, y, LLVMGetUndef(LLVMTypeOf(x)), all_lanes(g), tj_i32(g, NEAREST)};

    return tj_llvm(g, "llvm.x86.avx512.mask.scalef.ps.512", NULL, 0, args, 5);
}

/* floor(log2(x)); -infinity of 0 */
static LLVMValueRef exponent(tj_gen *g, LLVMValueRef x, LLVMValueRef unused)
{
    (void)unused;
    LLVMValueRef args[] = {x, LLVMGetUndef(LLVMTypeOf(x)), all_lanes(g), tj_i32(g, NEAREST)};

    return tj_llvm(g, "llvm.x86.avx512.mask.getexp.ps.512", NULL, 0, args, 4);
}

/* From 1 to 2; 1 of 0 and infinity, NaN of negative numbers. */
static LLVMValueRef mantissa(tj_gen *g, LLVMValueRef x, LLVMValueRef unused)
{
    (void)unused;
    LLVMValueRef args[] = {x, tj_i32(g, MANTISSA_OF_ONE | NAN_IF_NEGATIVE),
                           LLVMGetUndef(LLVMTypeOf(x)), all_lanes(g), tj_i32(g, NEAREST)};

    return tj_llvm(g, "llvm.x86.avx512.mask.getmant.ps.512", NULL, 0, args, 5);
}

static LLVMValueRef estimate(tj_gen *g, const char *name, LLVMValueRef x)
{
    LLVMValueRef args[] = {x, LLVMConstNull(LLVMTypeOf(x)), all_lanes(g)};

    return tj_llvm(g, name, NULL, 0, args, 3);
}

static LLVMValueRef reciprocal(tj_gen *g, LLVMValueRef x, LLVMValueRef unused)
{
    (void)unused;
    return estimate(g, "llvm.x86.avx512.rcp14.ps.512", x);
}

static LLVMValueRef reciprocal_root(tj_gen *g, LLVMValueRef x, LLVMValueRef unused)
{
    (void)unused;
    return estimate(g, "llvm.x86.avx512.rsqrt14.ps.512", x);
}

/* Intel SDM, VFIXUPIMMPS: four bits for each kind of number, what stands in place of it. */
enum {
    ZERO_AT = 8,
    INFINITY_AT = 20,
    ITSELF = 1,
    ITS_INFINITY = 6, /* of its sign */
    PLUS_ZERO = 8
};

/* `y`, or what the table says of numbers of the kind of `x`. */
static LLVMValueRef fix(tj_gen *g, LLVMValueRef y, LLVMValueRef x, uint32_t kinds)
{
    LLVMValueRef args[] = {y,
                           x,
                           tj_const_like(x, g->t.i32, kinds),
                           tj_i32(g, 0),
                           all_lanes(g),
                           tj_i32(g, NEAREST)};

    return tj_llvm(g, "llvm.x86.avx512.mask.fixupimm.ps.512", NULL, 0, args, 6);
}

static LLVMValueRef fix_sqrt(tj_gen *g, LLVMValueRef y, LLVMValueRef x)
{
    return fix(g, y, x, ITSELF << ZERO_AT | ITSELF << INFINITY_AT);
}

static LLVMValueRef fix_rsqrt(tj_gen *g, LLVMValueRef y, LLVMValueRef x)
{
    return fix(g, y, x, ITS_INFINITY << ZERO_AT | PLUS_ZERO << INFINITY_AT);
}

/* ---- quotients and roots --------------------------------------------------------------- */

/* `refined`, or `first` where that step came from 0 or infinity and made NaN. */
static LLVMValueRef refined_or(tj_gen *g, LLVMValueRef refined, LLVMValueRef first)
{
    LLVMValueRef is_number = LLVMBuildFCmp(g->b, LLVMRealORD, refined, refined, "");

    return LLVMBuildSelect(g->b, is_number, refined, first, "");
}

/* The remainder of the estimated quotient, divided again. */
static LLVMValueRef quotient(tj_gen *g, LLVMValueRef x, LLVMValueRef y, LLVMValueRef *first)
{
    LLVMValueRef inverse = by_host_vector(g, reciprocal, y, y);
    LLVMValueRef rest;

    *first = LLVMBuildFMul(g->b, x, inverse, "");
    rest = fma3(g, negated(g, y), *first, x);
    return fma3(g, rest, inverse, *first);
}

static bool is_splat(LLVMValueRef x)
{
    if (LLVMIsConstant(x))
        return true;
    if (!LLVMIsAShuffleVectorInst(x))
        return false;
    for (unsigned i = 0; i < LLVMGetNumMaskElements(x); i++)
        if (LLVMGetMaskValue(x, i) != 0)
            return false;
    return true;
}

/* Quotients by one number for all lanes are left to LLVM, which divides once. */
LLVMValueRef tj_inline_quotient(tj_gen *g, LLVMValueRef x, LLVMValueRef y,
                                LLVMFastMathFlags flags)
{
    LLVMValueRef first, refined;

    if (!(flags & LLVMFastMathAllowReciprocal) || !is_host_vector(g, y) || is_splat(y))
        return NULL;
    refined = quotient(g, x, y, &first);
    return refined_or(g, refined, first);
}

LLVMValueRef tj_inline_rsqrt(tj_gen *g, LLVMValueRef x)
{
    LLVMValueRef first, rest, half;

    if (!is_host_vector(g, x))
        return NULL;
    first = by_host_vector(g, reciprocal_root, x, x);
    rest = fma3(g, negated(g, LLVMBuildFMul(g->b, x, first, "")), first, real(x, 1));
    half = LLVMBuildFMul(g->b, first, real(x, 0.5), "");
    return by_host_vector(g, fix_rsqrt, fma3(g, half, rest, first), x);
}

LLVMValueRef tj_inline_sqrt(tj_gen *g, LLVMValueRef x)
{
    LLVMValueRef inverse, first, rest;

    if (!is_host_vector(g, x))
        return NULL;
    inverse = by_host_vector(g, reciprocal_root, x, x);
    first = LLVMBuildFMul(g->b, x, inverse, "");
    rest = fma3(g, negated(g, first), LLVMBuildFMul(g->b, inverse, real(x, 0.5), ""),
                real(x, 0.5));
    return by_host_vector(g, fix_sqrt, fma3(g, first, rest, first), x);
}

/* ---- functions ---------------------------------------------------------------------- */

/* x held within [low, high]; NaN stays. */
static LLVMValueRef clamp(tj_gen *g, LLVMValueRef x, double low, double high)
{
    LLVMValueRef least = real(x, low), most = real(x, high);

    x = LLVMBuildSelect(g->b, LLVMBuildFCmp(g->b, LLVMRealOLT, most, x, ""), most, x, "");
    return LLVMBuildSelect(g->b, LLVMBuildFCmp(g->b, LLVMRealOGT, least, x, ""), least, x, "");
}

/* x * factor to the nearest integer: added to a float of that unit. */
static LLVMValueRef nearest_of(tj_gen *g, LLVMValueRef x, double factor)
{
    LLVMValueRef unit = real(x, 0x1.8p23);

    return LLVMBuildFSub(g->b, fma3(g, x, real(x, factor), unit), unit, "");
}

static const float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;
static const double log2_e = 0x1.71547652b82fep0;

/* Of exp near 0. */
static const float exp_c[] = {
    1, 1, 0x1.fffffcp-2f, 0x1.555418p-3f, 0x1.555826p-5f, 0x1.126830p-7f, 0x1.6ae68cp-10f};
enum { EXP_TERMS = sizeof exp_c / sizeof *exp_c };

/* Beyond the limits lie 0 and infinity. */
static LLVMValueRef emit_exp(tj_gen *g, LLVMValueRef x)
{
    LLVMValueRef n, r;

    x = clamp(g, x, -120, 120);
    n = nearest_of(g, x, log2_e);
    r = fma3(g, n, real(x, -ln2_high), x);
    r = fma3(g, n, real(x, -ln2_low), r);
    return by_host_vector(g, scale, polynomial(g, r, exp_c, EXP_TERMS), n);
}

static LLVMValueRef emit_exp2(tj_gen *g, LLVMValueRef x)
{
    static const float c[] = {1,
                              0x1.62e430p-1f,
                              0x1.ebfbdcp-3f,
                              0x1.c6aee6p-5f,
                              0x1.3b2d50p-7f,
                              0x1.5f3f32p-10f,
                              0x1.41fb2cp-13f};
    LLVMValueRef n;

    x = clamp(g, x, -200, 200);
    n = nearest_of(g, x, 1);
    return by_host_vector(
        g, scale, polynomial(g, LLVMBuildFSub(g->b, x, n, ""), c, sizeof c / sizeof *c), n);
}

/* x = (1 + u) 2^e with 1 + u from 0.75 to 1.5; the result is log(1 + u) - u. */
static LLVMValueRef log_tail(tj_gen *g, LLVMValueRef x, LLVMValueRef *e, LLVMValueRef *u)
{
    static const float c[] = {-0.5f,           0x1.5555a4p-2f,  -0x1.00004p-2f,
                              0x1.9969bp-3f,   -0x1.54efdcp-3f, 0x1.288484p-3f,
                              -0x1.0d8a92p-3f, 0x1.ac9076p-4f,  -0x1.714002p-5f};
    LLVMValueRef m = by_host_vector(g, mantissa, x, x), one = real(x, 1);
    LLVMValueRef is_high = LLVMBuildFCmp(g->b, LLVMRealOGE, m, real(x, 1.5), "");

    *e = by_host_vector(g, exponent, x, x);
    m = LLVMBuildSelect(g->b, is_high, LLVMBuildFMul(g->b, m, real(x, 0.5), ""), m, "");
    *e = LLVMBuildSelect(g->b, is_high, LLVMBuildFAdd(g->b, *e, one, ""), *e, "");
    *u = LLVMBuildFSub(g->b, m, one, "");
    return LLVMBuildFMul(g->b, polynomial(g, *u, c, sizeof c / sizeof *c),
                         LLVMBuildFMul(g->b, *u, *u, ""), "");
}

static LLVMValueRef emit_log(tj_gen *g, LLVMValueRef x)
{
    LLVMValueRef e, u, tail = log_tail(g, x, &e, &u);

    tail = fma3(g, e, real(x, ln2_low), tail);
    return fma3(g, e, real(x, ln2_high), LLVMBuildFAdd(g->b, u, tail, ""));
}

/* tanh(x) = E / (E + 1) with E = (exp(2x) - 1) / 2 = 2^n q + (2^n - 1) / 2, where
 * q = (exp(2r) - 1) / 2 and r = x - n ln(2) / 2. */
static LLVMValueRef emit_tanh(tj_gen *g, LLVMValueRef x)
{
    LLVMValueRef held = clamp(g, x, -10, 10), first;
    LLVMValueRef n = nearest_of(g, held, 2 * log2_e);
    LLVMValueRef r = fma3(g, n, real(x, -ln2_high / 2), held), q, s;
    float c[EXP_TERMS - 2];

    for (int i = 2; i < EXP_TERMS; i++)
        c[i - 2] = exp_c[i] * (float)(1 << (i - 1));
    r = fma3(g, n, real(x, -ln2_low / 2), r);
    q = fma3(g, LLVMBuildFMul(g->b, r, r, ""), polynomial(g, r, c, EXP_TERMS - 2), r);
    s = by_host_vector(g, scale, real(x, 1), n);
    q = fma3(g, s, q, fma3(g, s, real(x, 0.5), real(x, -0.5)));
    q = quotient(g, q, LLVMBuildFAdd(g->b, q, real(x, 1), ""), &first);
    return tj_llvm2(g, "llvm.copysign", q, x);
}

static const struct row {
    tj_intrin id;
    const char *names[2]; /* of 16 and of 32 floats */
    LLVMValueRef (*emit)(tj_gen *g, LLVMValueRef x);
} rows[] = {{TJ_INTRIN_EXP, {"exp.16", "exp.32"}, emit_exp},
            {TJ_INTRIN_EXP2, {"exp2.16", "exp2.32"}, emit_exp2},
            {TJ_INTRIN_LOG, {"log.16", "log.32"}, emit_log},
            {TJ_INTRIN_TANH, {"tanh.16", "tanh.32"}, emit_tanh}};
enum { ROWS = sizeof rows / sizeof *rows };

/* ---- calls ----------------------------------------------------------------------------- */

static LLVMValueRef define(tj_gen *g, const struct row *row, const char *name, LLVMTypeRef type)
{
    LLVMBasicBlockRef from = LLVMGetInsertBlock(g->b);
    LLVMValueRef f = LLVMAddFunction(g->module, name, LLVMFunctionType(type, &type, 1, false));

    LLVMSetLinkage(f, LLVMInternalLinkage);
    LLVMSetFunctionCallConv(f, CALL_OF_BUILTIN);
    tj_describe_function(g, f);
    LLVMPositionBuilderAtEnd(g->b, LLVMAppendBasicBlockInContext(g->llctx, f, ""));
    LLVMBuildRet(g->b, row->emit(g, LLVMGetParam(f, 0)));
    LLVMPositionBuilderAtEnd(g->b, from);
    return f;
}

LLVMValueRef tj_inline_math(tj_gen *g, tj_intrin id, LLVMValueRef x)
{
    unsigned i = 0;

    while (i < ROWS && rows[i].id != id)
        i++;
    if (i == ROWS || !is_host_vector(g, x))
        return NULL;
    const char *name = rows[i].names[LLVMGetVectorSize(LLVMTypeOf(x)) / CHUNK - 1];
    LLVMValueRef f = LLVMGetNamedFunction(g->module, name);

    if (!f)
        f = define(g, &rows[i], name, LLVMTypeOf(x));
    LLVMValueRef call = LLVMBuildCall2(g->b, LLVMGlobalGetValueType(f), f, &x, 1, "");

    LLVMSetInstructionCallConv(call, CALL_OF_BUILTIN);
    return call;
}

static void place(tj_gen *g, LLVMValueRef f)
{
    unsigned count = 0;

    for (LLVMUseRef use = LLVMGetFirstUse(f); use; use = LLVMGetNextUse(use))
        count++;
    tj_mark_function(g, f, count <= MOST_IN_PLACE ? "alwaysinline" : "noinline");
}

void tj_place_maths(tj_gen *g)
{
    for (unsigned i = 0; i < 2 * ROWS; i++) {
        LLVMValueRef f = LLVMGetNamedFunction(g->module, rows[i / 2].names[i % 2]);

        if (f)
            place(g, f);
    }
}
