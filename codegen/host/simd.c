/* SPDX-License-Identifier: MIT */
/* SIMD-group and quad-group functions: vector reductions and shuffles over the active lanes.
 *
 * Definitions (ir/README.md): sums and products are butterflies over lane distance 16, 8, 4,
 * 2, 1 with the lower lane's operand first, inactive lanes giving the identity; prefix sums go
 * from lane to lane; a lane that reads an inactive or missing lane gets its own value.
 */
#include "simd.h"

enum { W = TJ_SIMD_WIDTH, QUAD = 4 };

static bool is_float(const tj_simd *s, LLVMValueRef value)
{
    return LLVMGetTypeKind(tj_element(LLVMTypeOf(value))) != LLVMIntegerTypeKind && s;
}

LLVMValueRef tj_simd_operand(const tj_simd *s, unsigned op)
{
    LLVMValueRef value = LLVMGetOperand(s->inst, op);

    return tj_use_vector(s->g, value, tj_leaf_count(LLVMTypeOf(value)) == 1 ? 0 : s->index);
}

/* ---- reductions ------------------------------------------------------------------------ */

typedef LLVMValueRef combine_fn(const tj_simd *s, LLVMValueRef a, LLVMValueRef b);

static LLVMValueRef add(const tj_simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return tj_binary(s->g, is_float(s, a) ? LLVMFAdd : LLVMAdd, a, b, s->flags);
}

static LLVMValueRef multiply(const tj_simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return tj_binary(s->g, is_float(s, a) ? LLVMFMul : LLVMMul, a, b, s->flags);
}

static LLVMValueRef lesser(const tj_simd *s, LLVMValueRef a, LLVMValueRef b)
{
    if (is_float(s, a))
        return tj_fmin(s->g, a, b, false, s->flags);
    return tj_llvm2(s->g, s->use->type.kind == 's' ? "llvm.smin" : "llvm.umin", a, b);
}

static LLVMValueRef greater(const tj_simd *s, LLVMValueRef a, LLVMValueRef b)
{
    if (is_float(s, a))
        return tj_fmin(s->g, a, b, true, s->flags);
    return tj_llvm2(s->g, s->use->type.kind == 's' ? "llvm.smax" : "llvm.umax", a, b);
}

static LLVMValueRef bit_and(const tj_simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return LLVMBuildAnd(s->g->b, a, b, "");
}

static LLVMValueRef bit_or(const tj_simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return LLVMBuildOr(s->g->b, a, b, "");
}

static LLVMValueRef bit_xor(const tj_simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return LLVMBuildXor(s->g->b, a, b, "");
}

typedef enum identity { ZERO, ONE, ONES, LEAST, MOST } identity;

static LLVMValueRef float_identity(const tj_simd *s, identity kind, LLVMTypeRef scalar)
{
    bool is_loose = s->flags & LLVMFastMathNoNaNs;

    switch (kind) {
    case ZERO:
        return LLVMConstReal(scalar, -0.0); /* a lone -0.0 stays */
    case ONE:
        return LLVMConstReal(scalar, 1.0);
    case MOST: /* of a minimum: NaN gives way to any number */
        return LLVMConstReal(scalar, is_loose ? __builtin_inf() : __builtin_nan(""));
    case LEAST:
        return LLVMConstReal(scalar, is_loose ? -__builtin_inf() : __builtin_nan(""));
    case ONES:
        break;
    }
    return LLVMConstNull(scalar);
}

static LLVMValueRef int_identity(const tj_simd *s, identity kind, LLVMTypeRef scalar)
{
    unsigned bits = LLVMGetIntTypeWidth(scalar);
    uint64_t top = (uint64_t)1 << (bits - 1);
    bool is_signed = s->use->type.kind == 's';

    switch (kind) {
    case ZERO:
        return LLVMConstNull(scalar);
    case ONE:
        return LLVMConstInt(scalar, 1, false);
    case ONES:
        return LLVMConstAllOnes(scalar);
    case MOST:
        return is_signed ? LLVMConstInt(scalar, top - 1, false) : LLVMConstAllOnes(scalar);
    case LEAST:
        return is_signed ? LLVMConstInt(scalar, top, false) : LLVMConstNull(scalar);
    }
    return NULL;
}

static LLVMValueRef identity_of(const tj_simd *s, identity kind, LLVMTypeRef scalar)
{
    return LLVMGetTypeKind(scalar) == LLVMIntegerTypeKind ? int_identity(s, kind, scalar)
                                                          : float_identity(s, kind, scalar);
}

/* The operand with inactive lanes replaced by the identity. */
static LLVMValueRef masked_operand(const tj_simd *s, identity kind)
{
    tj_gen *g = s->g;
    LLVMValueRef value = tj_simd_operand(s, 0);

    if (g->is_full)
        return value;
    LLVMValueRef rest = tj_splat(g, identity_of(s, kind, tj_element(LLVMTypeOf(value))));

    return LLVMBuildSelect(g->b, g->mask, value, rest, "");
}

static LLVMValueRef half_of(tj_gen *g, LLVMValueRef vector, unsigned first, unsigned count)
{
    int lanes[W];

    for (unsigned i = 0; i < count; i++)
        lanes[i] = (int)(first + i);
    return tj_shuffle(g, vector, NULL, lanes, count);
}

/* The butterfly gives every lane the same value, so lower halves are enough. */
static LLVMValueRef reduce(const tj_simd *s, combine_fn *combine, identity kind)
{
    LLVMValueRef v = masked_operand(s, kind);

    for (unsigned d = W / 2; d; d /= 2)
        v = combine(s, half_of(s->g, v, 0, d), half_of(s->g, v, d, d));
    return tj_lane(s->g, v, 0);
}

/* The same inside each quad; the result stays a vector. */
static LLVMValueRef reduce_quads(const tj_simd *s, combine_fn *combine, identity kind)
{
    LLVMValueRef v = masked_operand(s, kind);

    for (unsigned d = 2; d; d /= 2) {
        int low[W], high[W];

        for (unsigned l = 0; l < W; l++) {
            low[l] = (int)(l & ~d);
            high[l] = (int)(l | d);
        }
        v = combine(s, tj_shuffle(s->g, v, NULL, low, W), tj_shuffle(s->g, v, NULL, high, W));
    }
    return v;
}

typedef struct reduction {
    combine_fn *combine;
    identity identity;
    bool is_quad;
} reduction;

static const reduction reductions[TJ_INTRIN_COUNT] = {
    [TJ_INTRIN_SIMD_SUM] = {add, ZERO, false},
    [TJ_INTRIN_SIMD_PRODUCT] = {multiply, ONE, false},
    [TJ_INTRIN_SIMD_MIN] = {lesser, MOST, false},
    [TJ_INTRIN_SIMD_MAX] = {greater, LEAST, false},
    [TJ_INTRIN_SIMD_AND] = {bit_and, ONES, false},
    [TJ_INTRIN_SIMD_OR] = {bit_or, ZERO, false},
    [TJ_INTRIN_SIMD_XOR] = {bit_xor, ZERO, false},
    [TJ_INTRIN_QUAD_SUM] = {add, ZERO, true},
    [TJ_INTRIN_QUAD_PRODUCT] = {multiply, ONE, true},
    [TJ_INTRIN_QUAD_MIN] = {lesser, MOST, true},
    [TJ_INTRIN_QUAD_MAX] = {greater, LEAST, true},
    [TJ_INTRIN_QUAD_AND] = {bit_and, ONES, true},
    [TJ_INTRIN_QUAD_OR] = {bit_or, ZERO, true},
    [TJ_INTRIN_QUAD_XOR] = {bit_xor, ZERO, true},
};

/* ---- prefix sums ----------------------------------------------------------------------- */

/* Lanes of each `width` neighbours move up. */
static LLVMValueRef shift_lanes(const tj_simd *s, LLVMValueRef v, LLVMValueRef fill,
                                unsigned by, unsigned width)
{
    int lanes[W];

    for (unsigned l = 0; l < W; l++)
        lanes[l] = l % width < by ? (int)(W + l) : (int)(l - by);
    return tj_shuffle(s->g, v, fill, lanes, W);
}

/* log2(width) steps; the order of additions does not matter for integers and fast maths. */
static LLVMValueRef scan_in_steps(const tj_simd *s, combine_fn *combine, LLVMValueRef v,
                                  LLVMValueRef identity_lanes, unsigned width)
{
    for (unsigned d = 1; d < width; d *= 2)
        v = combine(s, shift_lanes(s, v, identity_lanes, d, width), v);
    return v;
}

static LLVMValueRef scan_in_order(const tj_simd *s, combine_fn *combine, LLVMValueRef v,
                                  unsigned width)
{
    LLVMValueRef out = v, sum = NULL;

    for (unsigned l = 0; l < W; l++) {
        LLVMValueRef own = tj_lane(s->g, v, l);

        sum = l % width ? combine(s, sum, own) : own;
        out = LLVMBuildInsertElement(s->g->b, out, sum, tj_i32(s->g, l), "");
    }
    return out;
}

static LLVMValueRef first_active(const tj_simd *s, unsigned width);

static LLVMValueRef scan(const tj_simd *s, combine_fn *combine, identity kind,
                         bool is_exclusive, unsigned width)
{
    tj_gen *g = s->g;
    LLVMValueRef v = masked_operand(s, kind);
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(v));
    LLVMValueRef rest = tj_splat(g, identity_of(s, kind, scalar));
    bool is_strict = is_float(s, v) && !(s->flags & LLVMFastMathAllowReassoc);

    v = is_strict ? scan_in_order(s, combine, v, width)
                  : scan_in_steps(s, combine, v, rest, width);
    if (!is_exclusive)
        return v;
    v = shift_lanes(s, v, rest, 1, width);
    if (!is_float(s, v) || kind != ZERO)
        return v;
    /* The first active lane's sum of nothing is +0. */
    return LLVMBuildSelect(g->b, first_active(s, width), LLVMConstNull(LLVMTypeOf(v)), v, "");
}

typedef struct scan_row {
    combine_fn *combine;
    identity identity;
    bool is_exclusive;
    unsigned width;
} scan_row;

static const scan_row scan_rows[TJ_INTRIN_COUNT] = {
    [TJ_INTRIN_SIMD_PREFIX_INC_SUM] = {add, ZERO, false, W},
    [TJ_INTRIN_SIMD_PREFIX_EXC_SUM] = {add, ZERO, true, W},
    [TJ_INTRIN_SIMD_PREFIX_INC_PRODUCT] = {multiply, ONE, false, W},
    [TJ_INTRIN_SIMD_PREFIX_EXC_PRODUCT] = {multiply, ONE, true, W},
    [TJ_INTRIN_QUAD_PREFIX_INC_SUM] = {add, ZERO, false, QUAD},
    [TJ_INTRIN_QUAD_PREFIX_EXC_SUM] = {add, ZERO, true, QUAD},
    [TJ_INTRIN_QUAD_PREFIX_INC_PRODUCT] = {multiply, ONE, false, QUAD},
    [TJ_INTRIN_QUAD_PREFIX_EXC_PRODUCT] = {multiply, ONE, true, QUAD},
};

/* ---- votes ----------------------------------------------------------------------------- */

/* The bits of `bits` that have a set one below them in their quad. */
static LLVMValueRef above_set(tj_gen *g, LLVMValueRef bits)
{
    static const uint32_t reached[] = {0xeeeeeeee, 0xcccccccc, 0x88888888};
    LLVMValueRef above = tj_i32(g, 0);

    for (unsigned d = 1; d < QUAD; d++) {
        LLVMValueRef moved = LLVMBuildShl(g->b, bits, tj_i32(g, d), "");

        moved = LLVMBuildAnd(g->b, moved, tj_i32(g, reached[d - 1]), "");
        above = LLVMBuildOr(g->b, above, moved, "");
    }
    return above;
}

/* i1 vector: the lowest active lane of the SIMD-group or of each quad. */
static LLVMValueRef first_active(const tj_simd *s, unsigned width)
{
    tj_gen *g = s->g;
    LLVMValueRef bits = tj_mask_bits(g, g->mask), lowest;

    if (width == QUAD)
        lowest = LLVMBuildAnd(g->b, bits, LLVMBuildNot(g->b, above_set(g, bits), ""), "");
    else
        lowest = LLVMBuildAnd(g->b, bits, LLVMBuildNeg(g->b, bits, ""), "");
    return LLVMBuildBitCast(g->b, lowest, g->t.mask, "");
}

static LLVMValueRef ballot(const tj_simd *s)
{
    return tj_mask_bits(s->g, tj_and_mask(s->g, s->g->mask, tj_simd_operand(s, 0)));
}

static LLVMValueRef all_true(const tj_simd *s)
{
    tj_gen *g = s->g;
    LLVMValueRef off = tj_and_mask(g, g->mask, LLVMBuildNot(g->b, tj_simd_operand(s, 0), ""));

    return LLVMBuildNot(g->b, tj_any(g, off), "");
}

/* In every lane the four bits of its quad, as the result's type. */
static LLVMValueRef quad_bits(const tj_simd *s, LLVMValueRef bits)
{
    tj_gen *g = s->g;
    int64_t starts[W];

    for (unsigned l = 0; l < W; l++)
        starts[l] = l - l % QUAD;
    LLVMValueRef own =
        LLVMBuildLShr(g->b, tj_splat(g, bits), tj_const_lanes(g, g->t.i32, starts), "");

    own = LLVMBuildAnd(g->b, own, tj_const_like(own, g->t.i32, 15), "");
    return LLVMBuildIntCast2(g->b, own, tj_vector_of(g, LLVMTypeOf(s->inst)), false, "");
}

/* i1 vector: whether a lane of the quad is set. */
static LLVMValueRef quad_any(const tj_simd *s, LLVMValueRef lanes)
{
    for (unsigned d = 1; d < QUAD; d *= 2) {
        int other[W];

        for (unsigned l = 0; l < W; l++)
            other[l] = (int)(l ^ d);
        lanes = LLVMBuildOr(s->g->b, lanes, tj_shuffle(s->g, lanes, NULL, other, W), "");
    }
    return lanes;
}

static LLVMValueRef quad_all(const tj_simd *s)
{
    tj_gen *g = s->g;
    LLVMValueRef off = tj_and_mask(g, g->mask, LLVMBuildNot(g->b, tj_simd_operand(s, 0), ""));

    return LLVMBuildNot(g->b, quad_any(s, off), "");
}

/* Whether the active lanes hold the same bits. */
static LLVMValueRef is_uniform(const tj_simd *s)
{
    tj_gen *g = s->g;
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(s->inst, 0));
    LLVMTypeRef bits = LLVMIntTypeInContext(g->llctx, tj_leaf_bits(tj_leaf_type(type, 0)));
    LLVMValueRef differs = LLVMConstNull(g->t.mask);

    for (uint32_t i = 0; i < tj_leaf_count(type); i++) {
        tj_simd leaf = {g, s->inst, s->use, i, s->flags};
        LLVMTypeRef lanes = tj_vector_of(g, bits);
        LLVMValueRef own = LLVMBuildBitCast(g->b, tj_simd_operand(&leaf, 0), lanes, "");
        LLVMValueRef first =
            LLVMBuildBitCast(g->b, tj_splat(g, tj_simd_first(&leaf)), lanes, "");

        differs =
            LLVMBuildOr(g->b, differs, LLVMBuildICmp(g->b, LLVMIntNE, own, first, ""), "");
    }
    return LLVMBuildNot(g->b, tj_any(g, tj_and_mask(g, g->mask, differs)), "");
}

/* ---- dispatch -------------------------------------------------------------------------- */

static LLVMValueRef emit_leaf(const tj_simd *s)
{
    tj_gen *g = s->g;
    const reduction *r = &reductions[s->use->id];
    const scan_row *sc = &scan_rows[s->use->id];
    LLVMValueRef moved = tj_simd_lanes(s);

    if (r->combine)
        return r->is_quad ? reduce_quads(s, r->combine, r->identity)
                          : reduce(s, r->combine, r->identity);
    if (moved)
        return moved;
    if (sc->combine)
        return scan(s, sc->combine, sc->identity, sc->is_exclusive, sc->width);
    switch (s->use->id) {
    case TJ_INTRIN_SIMD_ALL:
        return all_true(s);
    case TJ_INTRIN_SIMD_ANY:
        return tj_any(g, tj_and_mask(g, g->mask, tj_simd_operand(s, 0)));
    case TJ_INTRIN_SIMD_BALLOT:
        return LLVMBuildZExt(g->b, ballot(s), g->t.i64, "");
    case TJ_INTRIN_SIMD_ACTIVE_MASK:
        return LLVMBuildZExt(g->b, tj_mask_bits(g, g->mask), g->t.i64, "");
    case TJ_INTRIN_SIMD_IS_FIRST:
        return first_active(s, W);
    case TJ_INTRIN_IS_UNIFORM:
        return is_uniform(s);
    case TJ_INTRIN_QUAD_ALL:
        return quad_all(s);
    case TJ_INTRIN_QUAD_ANY:
        return quad_any(s, tj_and_mask(g, g->mask, tj_simd_operand(s, 0)));
    case TJ_INTRIN_QUAD_BALLOT:
        return quad_bits(s, ballot(s));
    case TJ_INTRIN_QUAD_ACTIVE_MASK:
        return quad_bits(s, tj_mask_bits(g, g->mask));
    case TJ_INTRIN_QUAD_IS_FIRST:
        return first_active(s, QUAD);
    default:
        return NULL;
    }
}

void tj_emit_simd(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    for (uint32_t i = 0; i < tj_leaf_count(LLVMTypeOf(inst)); i++) {
        tj_simd s = {g, inst, use, i, tj_flags_of(g, inst)};
        LLVMValueRef value = emit_leaf(&s);

        if (!value) {
            tj_give_up(g, inst, "this SIMD-group function is not lowered for the host");
            return;
        }
        if (tj_wants_vector(g, inst, i) && !tj_is_vector(value))
            value = tj_splat(g, value);
        tj_set(g, inst, i, value);
    }
}
