/* SPDX-License-Identifier: MIT */
/* Pure intrinsics, by tables: id to a function of host values; integers are in integer.c.
 *
 * Strict maths calls the runtime's scalar functions lane by lane, so that results do not depend
 * on the host's vectors. air.fast_* under fast maths are short ones in place (inline_math.c) or
 * call glibc's vector library, at most 4 ULP (glibc manual, "Errors in Math Functions" and
 * libmvec), where it has the function.
 */
#include "math.h"

#include <stdio.h>
#include <string.h>

/* ---- calls of functions over arrays ---------------------------------------------------- */

LLVMValueRef tj_math_call(tj_gen *g, const char *stem, LLVMValueRef x, LLVMValueRef y)
{
    unsigned count = tj_is_vector(x) ? LLVMGetVectorSize(LLVMTypeOf(x)) : 1;
    bool is_double = tj_element(LLVMTypeOf(x)) == g->t.f64;
    LLVMValueRef in = g->data_slot;
    LLVMValueRef other = tj_gep(g, g->data_slot, tj_i64(g, (is_double ? 8 : 4) * count));
    LLVMValueRef args[4] = {in, in};
    unsigned used = 2;
    char name[64];

    snprintf(name, sizeof(name), "%s_%s", is_double ? "tjrt_math64" : "tjrt_math", stem);
    LLVMSetAlignment(LLVMBuildStore(g->b, x, in), 4);
    if (y) {
        LLVMSetAlignment(LLVMBuildStore(g->b, y, other), 4);
        args[used++] = other;
    }
    args[used++] = tj_i32(g, count);
    tj_extern(g, name, g->t.void_, args, used);
    LLVMValueRef result = LLVMBuildLoad2(g->b, LLVMTypeOf(x), in, "");

    LLVMSetAlignment(result, 4);
    return result;
}

typedef struct vector_math {
    tj_intrin id;
    const char *libm; /* libmvec's name; NULL: it has none */
} vector_math;

static const vector_math vector_maths[] = {
    {TJ_INTRIN_ACOS, "acosf"},   {TJ_INTRIN_ACOSH, "acoshf"}, {TJ_INTRIN_ASIN, "asinf"},
    {TJ_INTRIN_ASINH, "asinhf"}, {TJ_INTRIN_ATAN, "atanf"},   {TJ_INTRIN_ATANH, "atanhf"},
    {TJ_INTRIN_COS, "cosf"},     {TJ_INTRIN_COSH, "coshf"},   {TJ_INTRIN_EXP, "expf"},
    {TJ_INTRIN_EXP10, "exp10f"}, {TJ_INTRIN_EXP2, "exp2f"},   {TJ_INTRIN_LOG, "logf"},
    {TJ_INTRIN_LOG10, "log10f"}, {TJ_INTRIN_LOG2, "log2f"},   {TJ_INTRIN_SIN, "sinf"},
    {TJ_INTRIN_SINH, "sinhf"},   {TJ_INTRIN_TAN, "tanf"},     {TJ_INTRIN_TANH, "tanhf"},
    {TJ_INTRIN_ATAN2, "atan2f"}, {TJ_INTRIN_POW, "powf"},     {TJ_INTRIN_POWR, "powf"},
};

static const char *vector_name(tj_intrin id)
{
    for (size_t i = 0; i < sizeof(vector_maths) / sizeof(vector_maths[0]); i++)
        if (vector_maths[i].id == id)
            return vector_maths[i].libm;
    return NULL;
}

static LLVMValueRef part_of(tj_gen *g, LLVMValueRef vector, unsigned first, unsigned count)
{
    int lanes[TJ_MAX_LANES];

    for (unsigned i = 0; i < count; i++)
        lanes[i] = (int)(first + i);
    return tj_shuffle(g, vector, NULL, lanes, count);
}

/* A vector function of libmvec over as many host vectors as there are. */
static LLVMValueRef call_libmvec(const tj_math *c, const char *libm, LLVMValueRef x,
                                 LLVMValueRef y)
{
    tj_gen *g = c->g;
    unsigned native = g->options->vector_bits / 32,
             chunk = native < g->lanes ? native : g->lanes;
    LLVMTypeRef type = LLVMVectorType(g->t.f32, chunk);
    LLVMValueRef sum = LLVMGetPoison(LLVMTypeOf(x));
    char name[64];

    snprintf(name, sizeof(name), "_ZGV%cN%uv%s_%s",
             chunk == 16  ? 'e'
             : chunk == 8 ? 'd'
                          : 'b',
             chunk, y ? "v" : "", libm);
    for (unsigned first = 0; first < g->lanes; first += chunk) {
        LLVMValueRef args[] = {part_of(g, x, first, chunk),
                               y ? part_of(g, y, first, chunk) : NULL};
        LLVMValueRef part = tj_extern(g, name, type, args, y ? 2 : 1);
        LLVMValueRef wide;
        int lanes[TJ_MAX_LANES];

        if (chunk == g->lanes)
            return part;
        for (unsigned l = 0; l < g->lanes; l++)
            lanes[l] = l < chunk ? (int)l : -1;
        wide = tj_shuffle(g, part, NULL, lanes, g->lanes);
        for (unsigned l = 0; l < g->lanes; l++)
            lanes[l] = (int)(l >= first && l < first + chunk ? g->lanes + l - first : l);
        sum = tj_shuffle(g, sum, wide, lanes, g->lanes);
    }
    return sum;
}

static LLVMValueRef elementary(const tj_math *c)
{
    tj_gen *g = c->g;
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(c->a));
    LLVMValueRef x = tj_to_computed(g, c->a), y = c->b ? tj_to_computed(g, c->b) : NULL;
    const char *libm = vector_name(c->use->id);

    if (g->options->is_fast_math && c->use->is_fast && libm && tj_is_vector(x) &&
        scalar != g->t.f64) {
        LLVMValueRef short_way = tj_inline_math(g, c->use->id, x);

        return tj_from_computed(g, short_way ? short_way : call_libmvec(c, libm, x, y), scalar);
    }
    return tj_from_computed(g, tj_math_call(g, c->name, x, y), scalar);
}

/* ---- floating point -------------------------------------------------------------------- */

static LLVMValueRef real_like(LLVMValueRef x, double number)
{
    return tj_const_fp_like(x, tj_element(LLVMTypeOf(x)), number);
}

static LLVMValueRef via_f32(const tj_math *c, const char *intrinsic)
{
    LLVMValueRef result = tj_llvm1(c->g, intrinsic, tj_to_computed(c->g, c->a));

    return tj_from_computed(c->g, tj_with_flags(result, c->flags),
                            tj_element(LLVMTypeOf(c->a)));
}

#define VIA_F32(name, intrinsic)                                                               \
    static LLVMValueRef name(const tj_math *c)                                                 \
    {                                                                                          \
        return via_f32(c, intrinsic);                                                          \
    }
VIA_F32(do_ceil, "llvm.ceil")
VIA_F32(do_floor, "llvm.floor")
VIA_F32(do_trunc, "llvm.trunc")
VIA_F32(do_rint, "llvm.rint")
VIA_F32(do_round, "llvm.round")
VIA_F32(exact_sqrt, "llvm.sqrt")
VIA_F32(do_fabs, "llvm.fabs")
#undef VIA_F32

static LLVMValueRef do_sqrt(const tj_math *c)
{
    LLVMValueRef root = NULL;

    if (c->flags & LLVMFastMathApproxFunc)
        root = tj_inline_sqrt(c->g, tj_to_computed(c->g, c->a));
    return root ? tj_from_computed(c->g, root, tj_element(LLVMTypeOf(c->a))) : exact_sqrt(c);
}

static LLVMValueRef do_copysign(const tj_math *c)
{
    LLVMValueRef r =
        tj_llvm2(c->g, "llvm.copysign", tj_to_computed(c->g, c->a), tj_to_computed(c->g, c->b));

    return tj_from_computed(c->g, r, tj_element(LLVMTypeOf(c->a)));
}

/* Fast maths lets LLVM use the host's estimate with a Newton step, which makes NaN of 0 and of
 * infinity; they are put right unless the call promises there are none. */
static LLVMValueRef do_rsqrt(const tj_math *c)
{
    tj_gen *g = c->g;
    LLVMValueRef x = tj_to_computed(g, c->a);
    LLVMValueRef short_way = c->flags & LLVMFastMathApproxFunc ? tj_inline_rsqrt(g, x) : NULL;

    if (short_way)
        return tj_from_computed(g, short_way, tj_element(LLVMTypeOf(c->a)));
    LLVMValueRef root = tj_with_flags(tj_llvm1(g, "llvm.sqrt", x), c->flags);
    LLVMValueRef r = tj_binary(g, LLVMFDiv, real_like(x, 1), root, c->flags);

    if (c->flags && !(c->flags & LLVMFastMathNoInfs)) {
        LLVMValueRef infinity = real_like(x, __builtin_inf());
        LLVMValueRef zero = real_like(x, 0);
        LLVMValueRef is_zero = LLVMBuildFCmp(g->b, LLVMRealOEQ, x, zero, "");
        LLVMValueRef is_infinite = LLVMBuildFCmp(g->b, LLVMRealOEQ, x, infinity, "");

        r = LLVMBuildSelect(g->b, is_zero, infinity, r, "");
        r = LLVMBuildSelect(g->b, is_infinite, zero, r, "");
    }
    return tj_from_computed(g, r, tj_element(LLVMTypeOf(c->a)));
}

static LLVMValueRef do_fmin(const tj_math *c)
{
    return tj_fmin(c->g, c->a, c->b, false, c->flags);
}

static LLVMValueRef do_fmax(const tj_math *c)
{
    return tj_fmin(c->g, c->a, c->b, true, c->flags);
}

static LLVMValueRef do_fmin3(const tj_math *c)
{
    return tj_fmin(c->g, do_fmin(c), c->c, false, c->flags);
}

static LLVMValueRef do_fmax3(const tj_math *c)
{
    return tj_fmin(c->g, do_fmax(c), c->c, true, c->flags);
}

static LLVMValueRef do_fmedian3(const tj_math *c)
{
    LLVMValueRef upper = tj_fmin(c->g, do_fmax(c), c->c, false, c->flags);

    return tj_fmin(c->g, do_fmin(c), upper, true, c->flags);
}

static LLVMValueRef do_fclamp(const tj_math *c)
{
    return tj_fmin(c->g, do_fmax(c), c->c, false, c->flags);
}

static LLVMValueRef do_saturate(const tj_math *c)
{
    tj_gen *g = c->g;
    LLVMValueRef x = tj_to_computed(g, c->a), zero = real_like(x, 0);
    LLVMValueRef one = real_like(x, 1);

    /* Greater-than is false for NaN, which becomes 0. */
    x = LLVMBuildSelect(g->b, LLVMBuildFCmp(g->b, LLVMRealOGT, x, zero, ""), x, zero, "");
    x = LLVMBuildSelect(g->b, LLVMBuildFCmp(g->b, LLVMRealOLT, x, one, ""), x, one, "");
    return tj_from_computed(g, x, tj_element(LLVMTypeOf(c->a)));
}

static LLVMValueRef do_fract(const tj_math *c)
{
    tj_gen *g = c->g;
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(c->a));
    LLVMValueRef x = tj_to_computed(g, c->a), floor = tj_llvm1(g, "llvm.floor", x);
    LLVMValueRef part = LLVMBuildFSub(g->b, x, floor, "");
    double below_one = scalar == g->t.half     ? 0x1.ffcp-1
                       : scalar == g->t.bfloat ? 0x1.fep-1
                       : scalar == g->t.f64    ? 0x1.fffffffffffffp-1
                                               : 0x1.fffffep-1;
    LLVMValueRef limit = real_like(x, below_one);
    LLVMValueRef infinity = LLVMBuildFCmp(g->b, LLVMRealOEQ, tj_llvm1(g, "llvm.fabs", x),
                                          real_like(x, __builtin_inf()), "");
    LLVMValueRef is_large = LLVMBuildFCmp(g->b, LLVMRealOGT, part, limit, "");

    part = LLVMBuildSelect(g->b, is_large, limit, part, "");
    part = LLVMBuildSelect(g->b, infinity, real_like(x, 0), part, "");
    return tj_from_computed(g, part, scalar);
}

static LLVMValueRef do_sign(const tj_math *c)
{
    tj_gen *g = c->g;
    LLVMValueRef x = tj_to_computed(g, c->a), zero = real_like(x, 0);
    LLVMValueRef one = tj_llvm2(g, "llvm.copysign", real_like(x, 1), x);
    LLVMValueRef is_nan = LLVMBuildFCmp(g->b, LLVMRealUNO, x, x, "");
    LLVMValueRef is_zero = LLVMBuildFCmp(g->b, LLVMRealOEQ, x, zero, "");
    LLVMValueRef r = LLVMBuildSelect(g->b, is_zero, x, one, "");

    r = LLVMBuildSelect(g->b, is_nan, zero, r, "");
    return tj_from_computed(g, r, tj_element(LLVMTypeOf(c->a)));
}

static LLVMValueRef do_fma(const tj_math *c)
{
    return tj_fma(c->g, c->a, c->b, c->c);
}

static LLVMValueRef do_mix(const tj_math *c)
{
    LLVMValueRef span = tj_binary(c->g, LLVMFSub, c->b, c->a, c->flags);
    LLVMValueRef part = tj_binary(c->g, LLVMFMul, span, c->c, c->flags);

    return tj_binary(c->g, LLVMFAdd, c->a, part, c->flags);
}

static LLVMValueRef do_ldexp(const tj_math *c)
{
    tj_gen *g = c->g;
    LLVMValueRef x = tj_to_computed(g, c->a);
    LLVMValueRef e = LLVMBuildIntCast2(g->b, c->b, tj_type_like(x, g->t.i32), true, "");

    return tj_from_computed(g, tj_math_call(g, "ldexp", x, e), tj_element(LLVMTypeOf(c->a)));
}

/* The next value in the operand's own type, by its bits. */
static LLVMValueRef do_nextafter(const tj_math *c)
{
    tj_gen *g = c->g;
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(c->a));
    LLVMTypeRef bits = LLVMIntTypeInContext(g->llctx, tj_leaf_bits(scalar));
    LLVMValueRef x = tj_to_computed(g, c->a), y = tj_to_computed(g, c->b);
    LLVMValueRef zero = real_like(x, 0);
    LLVMValueRef i = LLVMBuildBitCast(g->b, c->a, tj_type_like(x, bits), "");
    LLVMValueRef is_up = LLVMBuildFCmp(g->b, LLVMRealOLT, x, y, "");
    LLVMValueRef is_positive = LLVMBuildFCmp(g->b, LLVMRealOGT, x, zero, "");
    LLVMValueRef grows = LLVMBuildICmp(g->b, LLVMIntEQ, is_up, is_positive, "");
    LLVMValueRef up = LLVMBuildAdd(g->b, i, tj_const_like(x, bits, 1), "");
    LLVMValueRef down = LLVMBuildSub(g->b, i, tj_const_like(x, bits, 1), "");
    LLVMValueRef r = LLVMBuildSelect(g->b, grows, up, down, "");
    LLVMValueRef least = tj_const_like(x, bits, 1);
    LLVMValueRef minus =
        tj_const_like(x, bits, ((uint64_t)1 << (tj_leaf_bits(scalar) - 1)) | 1);
    LLVMValueRef from_zero = LLVMBuildSelect(g->b, is_up, least, minus, "");
    LLVMValueRef is_zero = LLVMBuildFCmp(g->b, LLVMRealOEQ, x, zero, "");

    r = LLVMBuildSelect(g->b, is_zero, from_zero, r, "");
    r = LLVMBuildBitCast(g->b, r, LLVMTypeOf(c->a), "");
    r = LLVMBuildSelect(g->b, LLVMBuildFCmp(g->b, LLVMRealOEQ, x, y, ""), c->b, r, "");
    LLVMValueRef nan = tj_from_computed(g, LLVMBuildFAdd(g->b, x, y, ""), scalar);

    return LLVMBuildSelect(g->b, LLVMBuildFCmp(g->b, LLVMRealUNO, x, y, ""), nan, r, "");
}

/* ---- the table ------------------------------------------------------------------------- */

static tj_math_fn *const functions[TJ_INTRIN_COUNT] = {
    [TJ_INTRIN_ACOS] = elementary,      [TJ_INTRIN_ACOSH] = elementary,
    [TJ_INTRIN_ASIN] = elementary,      [TJ_INTRIN_ASINH] = elementary,
    [TJ_INTRIN_ATAN] = elementary,      [TJ_INTRIN_ATANH] = elementary,
    [TJ_INTRIN_COS] = elementary,       [TJ_INTRIN_COSH] = elementary,
    [TJ_INTRIN_COSPI] = elementary,     [TJ_INTRIN_EXP] = elementary,
    [TJ_INTRIN_EXP10] = elementary,     [TJ_INTRIN_EXP2] = elementary,
    [TJ_INTRIN_LOG] = elementary,       [TJ_INTRIN_LOG10] = elementary,
    [TJ_INTRIN_LOG2] = elementary,      [TJ_INTRIN_SIN] = elementary,
    [TJ_INTRIN_SINH] = elementary,      [TJ_INTRIN_SINPI] = elementary,
    [TJ_INTRIN_TAN] = elementary,       [TJ_INTRIN_TANH] = elementary,
    [TJ_INTRIN_TANPI] = elementary,     [TJ_INTRIN_ATAN2] = elementary,
    [TJ_INTRIN_ACOSPI] = elementary,    [TJ_INTRIN_ASINPI] = elementary,
    [TJ_INTRIN_ATANPI] = elementary,    [TJ_INTRIN_ATAN2PI] = elementary,
    [TJ_INTRIN_FMOD] = elementary,      [TJ_INTRIN_POW] = elementary,
    [TJ_INTRIN_POWR] = elementary,      [TJ_INTRIN_NEXTAFTER] = do_nextafter,
    [TJ_INTRIN_LDEXP] = do_ldexp,       [TJ_INTRIN_CEIL] = do_ceil,
    [TJ_INTRIN_FABS] = do_fabs,         [TJ_INTRIN_FLOOR] = do_floor,
    [TJ_INTRIN_FRACT] = do_fract,       [TJ_INTRIN_RINT] = do_rint,
    [TJ_INTRIN_ROUND] = do_round,       [TJ_INTRIN_RSQRT] = do_rsqrt,
    [TJ_INTRIN_SATURATE] = do_saturate, [TJ_INTRIN_SQRT] = do_sqrt,
    [TJ_INTRIN_TRUNC] = do_trunc,       [TJ_INTRIN_SIGN] = do_sign,
    [TJ_INTRIN_COPYSIGN] = do_copysign, [TJ_INTRIN_FMAX] = do_fmax,
    [TJ_INTRIN_FMIN] = do_fmin,         [TJ_INTRIN_FCLAMP] = do_fclamp,
    [TJ_INTRIN_FMAX3] = do_fmax3,       [TJ_INTRIN_FMIN3] = do_fmin3,
    [TJ_INTRIN_FMEDIAN3] = do_fmedian3, [TJ_INTRIN_FMA] = do_fma,
    [TJ_INTRIN_MIX] = do_mix,           [TJ_INTRIN_CBRT] = elementary,
    [TJ_INTRIN_ERF] = elementary,       [TJ_INTRIN_ERFC] = elementary,
    [TJ_INTRIN_EXPM1] = elementary,     [TJ_INTRIN_HYPOT] = elementary,
    [TJ_INTRIN_LOG1P] = elementary,     [TJ_INTRIN_REMAINDER] = elementary,
};

/* Operands whose type has one leaf go with every leaf of the others. */
static LLVMValueRef leaf_operand(tj_gen *g, LLVMValueRef inst, unsigned op, uint32_t index,
                                 bool as_vector)
{
    LLVMValueRef value;

    if (op >= LLVMGetNumArgOperands(inst))
        return NULL;
    value = LLVMGetOperand(inst, op);
    return tj_operand(g, value, tj_leaf_count(LLVMTypeOf(value)) == 1 ? 0 : index, as_vector);
}

/* air.dot, air.all, air.any fold the elements of their operands, the first one first. */
static void emit_fold(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    bool as_vector = tj_wants_vector(g, inst, 0);
    uint32_t count = tj_leaf_count(LLVMTypeOf(LLVMGetOperand(inst, 0)));
    LLVMFastMathFlags flags = tj_flags_of(g, inst);
    LLVMValueRef sum = NULL;

    for (uint32_t i = 0; i < count; i++) {
        LLVMValueRef a = leaf_operand(g, inst, 0, i, as_vector), one = a;

        if (use->id == TJ_INTRIN_DOT) {
            one = tj_binary(g, LLVMFMul, a, leaf_operand(g, inst, 1, i, as_vector), flags);
            sum = sum ? tj_binary(g, LLVMFAdd, sum, one, flags) : one;
        } else if (use->id == TJ_INTRIN_ALL) {
            sum = sum ? LLVMBuildAnd(g->b, sum, one, "") : one;
        } else {
            sum = sum ? LLVMBuildOr(g->b, sum, one, "") : one;
        }
    }
    tj_set(g, inst, 0, sum);
}

bool tj_emit_math(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    tj_math_fn *function = functions[use->id] ? functions[use->id] : tj_integer_fn(use->id);

    if (use->id == TJ_INTRIN_DOT || use->id == TJ_INTRIN_ALL || use->id == TJ_INTRIN_ANY) {
        emit_fold(g, inst, use);
        return true;
    }
    if (use->id == TJ_INTRIN_SIMDGROUP_SIZE) {
        tj_set_scalar(g, inst, 0, LLVMConstInt(g->t.i16, TJ_SIMD_WIDTH, false));
        return true;
    }
    if (!function)
        return false;
    for (uint32_t i = 0; i < tj_leaf_count(LLVMTypeOf(inst)); i++) {
        bool as_vector = tj_wants_vector(g, inst, i);
        tj_math c = {.g = g,
                     .inst = inst,
                     .use = use,
                     .flags = tj_flags_of(g, inst),
                     .name = tj_intrin_infos[use->id].name};

        if (use->is_fast && g->options->is_fast_math && !c.flags)
            c.flags = LLVMFastMathAll & ~(unsigned)(LLVMFastMathNoNaNs | LLVMFastMathNoInfs);
        c.a = leaf_operand(g, inst, 0, i, as_vector);
        c.b = leaf_operand(g, inst, 1, i, as_vector);
        c.c = leaf_operand(g, inst, 2, i, as_vector);
        c.d = leaf_operand(g, inst, 3, i, as_vector);
        tj_set(g, inst, i, function(&c));
    }
    return true;
}
