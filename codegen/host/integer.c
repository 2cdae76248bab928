/* SPDX-License-Identifier: MIT */
/* Integer functions and votes on host values (air.md 4.3 and 4.6; edge values in ir/README.md).
 */
#include "math.h"

static bool is_signed(const tj_math *c)
{
    return c->use->type.kind == 's';
}

static LLVMValueRef min_or_max(const tj_math *c, LLVMValueRef a, LLVMValueRef b, bool is_max)
{
    const char *name = is_max ? (is_signed(c) ? "llvm.smax" : "llvm.umax")
                              : (is_signed(c) ? "llvm.smin" : "llvm.umin");

    return tj_llvm2(c->g, name, a, b);
}

static LLVMValueRef do_imin(const tj_math *c)
{
    return min_or_max(c, c->a, c->b, false);
}

static LLVMValueRef do_imax(const tj_math *c)
{
    return min_or_max(c, c->a, c->b, true);
}

static LLVMValueRef do_imin3(const tj_math *c)
{
    return min_or_max(c, do_imin(c), c->c, false);
}

static LLVMValueRef do_imax3(const tj_math *c)
{
    return min_or_max(c, do_imax(c), c->c, true);
}

static LLVMValueRef do_imedian3(const tj_math *c)
{
    return min_or_max(c, do_imin(c), min_or_max(c, do_imax(c), c->c, false), true);
}

static LLVMValueRef do_iclamp(const tj_math *c)
{
    return min_or_max(c, do_imax(c), c->c, false);
}

static LLVMValueRef int_const(const tj_math *c, uint64_t value)
{
    return tj_const_like(c->a, tj_element(LLVMTypeOf(c->a)), value);
}

static LLVMValueRef do_abs(const tj_math *c)
{
    LLVMBuilderRef b = c->g->b;

    if (!is_signed(c))
        return c->a;
    LLVMValueRef is_negative = LLVMBuildICmp(b, LLVMIntSLT, c->a, int_const(c, 0), "");

    return LLVMBuildSelect(b, is_negative, LLVMBuildNeg(b, c->a, ""), c->a, "");
}

static LLVMValueRef do_abs_diff(const tj_math *c)
{
    return LLVMBuildSub(c->g->b, do_imax(c), do_imin(c), "");
}

static LLVMValueRef do_add_sat(const tj_math *c)
{
    return tj_llvm2(c->g, is_signed(c) ? "llvm.sadd.sat" : "llvm.uadd.sat", c->a, c->b);
}

static LLVMValueRef do_sub_sat(const tj_math *c)
{
    return tj_llvm2(c->g, is_signed(c) ? "llvm.ssub.sat" : "llvm.usub.sat", c->a, c->b);
}

/* Half of the sum without overflow: common bits plus half of the differing ones. */
static LLVMValueRef half_sum(const tj_math *c, bool rounds_up)
{
    LLVMBuilderRef b = c->g->b;
    LLVMValueRef differ = LLVMBuildXor(b, c->a, c->b, "");
    LLVMValueRef half =
        LLVMBuildBinOp(b, is_signed(c) ? LLVMAShr : LLVMLShr, differ, int_const(c, 1), "");

    return rounds_up ? LLVMBuildSub(b, LLVMBuildOr(b, c->a, c->b, ""), half, "")
                     : LLVMBuildAdd(b, LLVMBuildAnd(b, c->a, c->b, ""), half, "");
}

static LLVMValueRef do_hadd(const tj_math *c)
{
    return half_sum(c, false);
}

static LLVMValueRef do_rhadd(const tj_math *c)
{
    return half_sum(c, true);
}

/* a * b in twice the width. */
static LLVMValueRef wide_product(const tj_math *c, unsigned *bits)
{
    tj_gen *g = c->g;
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(c->a));
    LLVMOpcode extend = is_signed(c) ? LLVMSExt : LLVMZExt;

    *bits = LLVMGetIntTypeWidth(scalar);
    LLVMTypeRef wide = tj_type_like(c->a, LLVMIntTypeInContext(g->llctx, *bits * 2));

    return LLVMBuildMul(g->b, LLVMBuildCast(g->b, extend, c->a, wide, ""),
                        LLVMBuildCast(g->b, extend, c->b, wide, ""), "");
}

static LLVMValueRef do_mul_hi(const tj_math *c)
{
    tj_gen *g = c->g;
    unsigned bits;
    LLVMValueRef product = wide_product(c, &bits);
    LLVMTypeRef wide = tj_element(LLVMTypeOf(product));

    product = LLVMBuildLShr(g->b, product, tj_const_like(product, wide, bits), "");
    return LLVMBuildTrunc(g->b, product, LLVMTypeOf(c->a), "");
}

static LLVMValueRef do_mad_hi(const tj_math *c)
{
    return LLVMBuildAdd(c->g->b, do_mul_hi(c), c->c, "");
}

static LLVMValueRef do_mad_sat(const tj_math *c)
{
    tj_gen *g = c->g;
    unsigned bits;
    LLVMValueRef sum = wide_product(c, &bits);
    LLVMTypeRef wide = tj_element(LLVMTypeOf(sum));
    uint64_t top = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    LLVMValueRef high, low;

    sum = LLVMBuildAdd(
        g->b, sum,
        LLVMBuildCast(g->b, is_signed(c) ? LLVMSExt : LLVMZExt, c->c, LLVMTypeOf(sum), ""), "");
    if (!is_signed(c)) {
        high = LLVMBuildZExt(g->b, tj_const_like(sum, tj_element(LLVMTypeOf(c->a)), top),
                             LLVMTypeOf(sum), "");
        sum = tj_llvm2(g, "llvm.umin", sum, high);
    } else {
        LLVMTypeRef narrow = tj_element(LLVMTypeOf(c->a));

        high = LLVMBuildSExt(g->b, tj_const_like(sum, narrow, top >> 1), LLVMTypeOf(sum), "");
        low = LLVMBuildSExt(g->b, tj_const_like(sum, narrow, (top >> 1) + 1), LLVMTypeOf(sum),
                            "");
        sum = tj_llvm2(g, "llvm.smax", tj_llvm2(g, "llvm.smin", sum, high), low);
    }
    (void)wide;
    return LLVMBuildTrunc(g->b, sum, LLVMTypeOf(c->a), "");
}

static LLVMValueRef count_zeros(const tj_math *c, const char *name)
{
    LLVMTypeRef type = LLVMTypeOf(c->a);
    LLVMValueRef args[] = {c->a, LLVMConstInt(c->g->t.i1, 0, false)};

    return tj_llvm(c->g, name, &type, 1, args, 2);
}

static LLVMValueRef do_clz(const tj_math *c)
{
    return count_zeros(c, "llvm.ctlz");
}

static LLVMValueRef do_ctz(const tj_math *c)
{
    return count_zeros(c, "llvm.cttz");
}

static LLVMValueRef do_popcount(const tj_math *c)
{
    return tj_llvm1(c->g, "llvm.ctpop", c->a);
}

static LLVMValueRef do_reverse_bits(const tj_math *c)
{
    return tj_llvm1(c->g, "llvm.bitreverse", c->a);
}

static LLVMValueRef do_rotate(const tj_math *c)
{
    LLVMTypeRef type = LLVMTypeOf(c->a);
    LLVMValueRef args[] = {c->a, c->a, c->b};

    return tj_llvm(c->g, "llvm.fshl", &type, 1, args, 3);
}

/* Offset and width of a bit field, clipped to the type: width first fits behind the offset. */
static void clip_field(const tj_math *c, LLVMValueRef offset, LLVMValueRef width,
                       LLVMValueRef *at, LLVMValueRef *count)
{
    tj_gen *g = c->g;
    LLVMTypeRef type = LLVMTypeOf(c->a);
    unsigned bits = LLVMGetIntTypeWidth(tj_element(type));
    LLVMValueRef all = tj_const_like(offset, g->t.i32, bits);

    offset = tj_llvm2(g, "llvm.umin", offset, all);
    width = tj_llvm2(g, "llvm.umin", width, LLVMBuildSub(g->b, all, offset, ""));
    *at = LLVMBuildIntCast2(g->b, offset, type, false, "");
    *count = LLVMBuildIntCast2(g->b, width, type, false, "");
}

static LLVMValueRef do_extract_bits(const tj_math *c)
{
    tj_gen *g = c->g;
    unsigned bits = LLVMGetIntTypeWidth(tj_element(LLVMTypeOf(c->a)));
    LLVMValueRef at, count, left, shift, value, is_empty;

    clip_field(c, c->b, c->c, &at, &count);
    is_empty = LLVMBuildICmp(g->b, LLVMIntEQ, count, int_const(c, 0), "");
    left = LLVMBuildSub(g->b, int_const(c, bits), LLVMBuildAdd(g->b, at, count, ""), "");
    shift = LLVMBuildSub(g->b, int_const(c, bits), count, "");
    left = LLVMBuildSelect(g->b, is_empty, int_const(c, 0), left, "");
    shift = LLVMBuildSelect(g->b, is_empty, int_const(c, 0), shift, "");
    value = LLVMBuildShl(g->b, c->a, left, "");
    value = LLVMBuildBinOp(g->b, is_signed(c) ? LLVMAShr : LLVMLShr, value, shift, "");
    return LLVMBuildSelect(g->b, is_empty, int_const(c, 0), value, "");
}

static LLVMValueRef do_insert_bits(const tj_math *c)
{
    tj_gen *g = c->g;
    unsigned bits = LLVMGetIntTypeWidth(tj_element(LLVMTypeOf(c->a)));
    LLVMValueRef at, count, mask, is_empty, shift;

    clip_field(c, c->c, c->d, &at, &count);
    is_empty = LLVMBuildICmp(g->b, LLVMIntEQ, count, int_const(c, 0), "");
    shift = LLVMBuildSub(g->b, int_const(c, bits), count, "");
    shift = LLVMBuildSelect(g->b, is_empty, int_const(c, 0), shift, "");
    at = LLVMBuildSelect(g->b, is_empty, int_const(c, 0), at, "");
    mask = LLVMBuildLShr(g->b, int_const(c, UINT64_MAX), shift, "");
    mask =
        LLVMBuildSelect(g->b, is_empty, int_const(c, 0), LLVMBuildShl(g->b, mask, at, ""), "");
    LLVMValueRef inside = LLVMBuildAnd(g->b, LLVMBuildShl(g->b, c->b, at, ""), mask, "");

    return LLVMBuildOr(g->b, LLVMBuildAnd(g->b, c->a, LLVMBuildNot(g->b, mask, ""), ""), inside,
                       "");
}

static LLVMValueRef do_vote_all(const tj_math *c)
{
    LLVMValueRef all = int_const(c, UINT32_MAX);

    return LLVMBuildICmp(c->g->b, LLVMIntEQ, LLVMBuildAnd(c->g->b, c->a, all, ""), all, "");
}

static LLVMValueRef do_vote_any(const tj_math *c)
{
    LLVMValueRef low = LLVMBuildAnd(c->g->b, c->a, int_const(c, UINT32_MAX), "");

    return LLVMBuildICmp(c->g->b, LLVMIntNE, low, int_const(c, 0), "");
}

/* The low 24 bits, with the sign of their highest. */
static LLVMValueRef low_24(const tj_math *c, LLVMValueRef value)
{
    LLVMValueRef rest = int_const(c, LLVMGetIntTypeWidth(tj_element(LLVMTypeOf(c->a))) - 24);

    value = LLVMBuildShl(c->g->b, value, rest, "");
    return LLVMBuildBinOp(c->g->b, is_signed(c) ? LLVMAShr : LLVMLShr, value, rest, "");
}

static LLVMValueRef do_mul24(const tj_math *c)
{
    return LLVMBuildMul(c->g->b, low_24(c, c->a), low_24(c, c->b), "");
}

static LLVMValueRef do_mad24(const tj_math *c)
{
    return LLVMBuildAdd(c->g->b, do_mul24(c), c->c, "");
}

static LLVMValueRef do_quad_vote_all(const tj_math *c)
{
    LLVMValueRef all = int_const(c, 15);

    return LLVMBuildICmp(c->g->b, LLVMIntEQ, LLVMBuildAnd(c->g->b, c->a, all, ""), all, "");
}

static LLVMValueRef do_quad_vote_any(const tj_math *c)
{
    LLVMValueRef low = LLVMBuildAnd(c->g->b, c->a, int_const(c, 15), "");

    return LLVMBuildICmp(c->g->b, LLVMIntNE, low, int_const(c, 0), "");
}

static tj_math_fn *const functions[TJ_INTRIN_COUNT] = {
    [TJ_INTRIN_ABS] = do_abs,
    [TJ_INTRIN_ABS_DIFF] = do_abs_diff,
    [TJ_INTRIN_ADD_SAT] = do_add_sat,
    [TJ_INTRIN_SUB_SAT] = do_sub_sat,
    [TJ_INTRIN_HADD] = do_hadd,
    [TJ_INTRIN_RHADD] = do_rhadd,
    [TJ_INTRIN_IMIN] = do_imin,
    [TJ_INTRIN_IMAX] = do_imax,
    [TJ_INTRIN_IMIN3] = do_imin3,
    [TJ_INTRIN_IMAX3] = do_imax3,
    [TJ_INTRIN_IMEDIAN3] = do_imedian3,
    [TJ_INTRIN_ICLAMP] = do_iclamp,
    [TJ_INTRIN_MUL_HI] = do_mul_hi,
    [TJ_INTRIN_MAD_HI] = do_mad_hi,
    [TJ_INTRIN_MAD_SAT] = do_mad_sat,
    [TJ_INTRIN_MUL24] = do_mul24,
    [TJ_INTRIN_MAD24] = do_mad24,
    [TJ_INTRIN_CLZ] = do_clz,
    [TJ_INTRIN_CTZ] = do_ctz,
    [TJ_INTRIN_POPCOUNT] = do_popcount,
    [TJ_INTRIN_REVERSE_BITS] = do_reverse_bits,
    [TJ_INTRIN_ROTATE] = do_rotate,
    [TJ_INTRIN_EXTRACT_BITS] = do_extract_bits,
    [TJ_INTRIN_INSERT_BITS] = do_insert_bits,
    [TJ_INTRIN_QUAD_VOTE_ALL] = do_quad_vote_all,
    [TJ_INTRIN_QUAD_VOTE_ANY] = do_quad_vote_any,
    [TJ_INTRIN_SIMD_VOTE_ALL] = do_vote_all,
    [TJ_INTRIN_SIMD_VOTE_ANY] = do_vote_any,
};

tj_math_fn *tj_integer_fn(tj_intrin id)
{
    return functions[id];
}
