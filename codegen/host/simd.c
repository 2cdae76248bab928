/* SPDX-License-Identifier: MIT */
/* SIMD-group and quad-group functions: vector reductions and shuffles over the active lanes.
 *
 * Definitions (ir/README.md): sums and products are butterflies over lane distance 16, 8, 4,
 * 2, 1 with the lower lane's operand first, inactive lanes giving the identity; prefix sums go
 * from lane to lane; a lane that reads an inactive or missing lane gets its own value.
 */
#include "host.h"

enum { W = TJ_SIMD_WIDTH };

typedef struct simd {
    tj_gen *g;
    LLVMValueRef inst;
    const tj_intrin_use *use;
    uint32_t index; /* leaf */
    LLVMFastMathFlags flags;
} simd;

static bool is_float(const simd *s, LLVMValueRef value)
{
    return LLVMGetTypeKind(tj_element(LLVMTypeOf(value))) != LLVMIntegerTypeKind && s;
}

static LLVMValueRef operand(const simd *s, unsigned op)
{
    LLVMValueRef value = LLVMGetOperand(s->inst, op);

    return tj_use_vector(s->g, value, tj_leaf_count(LLVMTypeOf(value)) == 1 ? 0 : s->index);
}

/* ---- reductions ------------------------------------------------------------------------ */

typedef LLVMValueRef combine_fn(const simd *s, LLVMValueRef a, LLVMValueRef b);

static LLVMValueRef add(const simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return tj_binary(s->g, is_float(s, a) ? LLVMFAdd : LLVMAdd, a, b, s->flags);
}

static LLVMValueRef multiply(const simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return tj_binary(s->g, is_float(s, a) ? LLVMFMul : LLVMMul, a, b, s->flags);
}

static LLVMValueRef lesser(const simd *s, LLVMValueRef a, LLVMValueRef b)
{
    if (is_float(s, a))
        return tj_fmin(s->g, a, b, false, s->flags);
    return tj_llvm2(s->g, s->use->type.kind == 's' ? "llvm.smin" : "llvm.umin", a, b);
}

static LLVMValueRef greater(const simd *s, LLVMValueRef a, LLVMValueRef b)
{
    if (is_float(s, a))
        return tj_fmin(s->g, a, b, true, s->flags);
    return tj_llvm2(s->g, s->use->type.kind == 's' ? "llvm.smax" : "llvm.umax", a, b);
}

static LLVMValueRef bit_and(const simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return LLVMBuildAnd(s->g->b, a, b, "");
}

static LLVMValueRef bit_or(const simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return LLVMBuildOr(s->g->b, a, b, "");
}

static LLVMValueRef bit_xor(const simd *s, LLVMValueRef a, LLVMValueRef b)
{
    return LLVMBuildXor(s->g->b, a, b, "");
}

typedef enum identity { ZERO, ONE, ONES, LEAST, MOST } identity;

static LLVMValueRef float_identity(const simd *s, identity kind, LLVMTypeRef scalar)
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

static LLVMValueRef int_identity(const simd *s, identity kind, LLVMTypeRef scalar)
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

static LLVMValueRef identity_of(const simd *s, identity kind, LLVMTypeRef scalar)
{
    return LLVMGetTypeKind(scalar) == LLVMIntegerTypeKind ? int_identity(s, kind, scalar)
                                                          : float_identity(s, kind, scalar);
}

/* The operand with inactive lanes replaced by the identity. */
static LLVMValueRef masked_operand(const simd *s, identity kind)
{
    tj_gen *g = s->g;
    LLVMValueRef value = operand(s, 0);

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
static LLVMValueRef reduce(const simd *s, combine_fn *combine, identity kind)
{
    LLVMValueRef v = masked_operand(s, kind);

    for (unsigned d = W / 2; d; d /= 2)
        v = combine(s, half_of(s->g, v, 0, d), half_of(s->g, v, d, d));
    return tj_lane(s->g, v, 0);
}

/* The same inside each quad; the result stays a vector. */
static LLVMValueRef reduce_quads(const simd *s, combine_fn *combine, identity kind)
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

static LLVMValueRef shift_lanes(const simd *s, LLVMValueRef v, LLVMValueRef fill, unsigned by)
{
    int lanes[W];

    for (unsigned l = 0; l < W; l++)
        lanes[l] = l < by ? (int)(W + l) : (int)(l - by);
    return tj_shuffle(s->g, v, fill, lanes, W);
}

/* log2(W) steps; the order of additions does not matter for integers and fast maths. */
static LLVMValueRef scan_in_steps(const simd *s, combine_fn *combine, LLVMValueRef v,
                                  LLVMValueRef identity_lanes)
{
    for (unsigned d = 1; d < W; d *= 2)
        v = combine(s, shift_lanes(s, v, identity_lanes, d), v);
    return v;
}

static LLVMValueRef scan_in_order(const simd *s, combine_fn *combine, LLVMValueRef v)
{
    LLVMValueRef out = v, sum = tj_lane(s->g, v, 0);

    for (unsigned l = 1; l < W; l++) {
        sum = combine(s, sum, tj_lane(s->g, v, l));
        out = LLVMBuildInsertElement(s->g->b, out, sum, tj_i32(s->g, l), "");
    }
    return out;
}

static LLVMValueRef first_active(const simd *s);

static LLVMValueRef scan(const simd *s, combine_fn *combine, identity kind, bool is_exclusive)
{
    tj_gen *g = s->g;
    LLVMValueRef v = masked_operand(s, kind);
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(v));
    LLVMValueRef rest = tj_splat(g, identity_of(s, kind, scalar));
    bool is_strict = is_float(s, v) && !(s->flags & LLVMFastMathAllowReassoc);

    v = is_strict ? scan_in_order(s, combine, v) : scan_in_steps(s, combine, v, rest);
    if (!is_exclusive)
        return v;
    v = shift_lanes(s, v, rest, 1);
    if (!is_float(s, v) || kind != ZERO)
        return v;
    /* The first active lane's sum of nothing is +0. */
    return LLVMBuildSelect(g->b, first_active(s), LLVMConstNull(LLVMTypeOf(v)), v, "");
}

/* ---- votes ----------------------------------------------------------------------------- */

/* i1 vector: the lowest active lane. */
static LLVMValueRef first_active(const simd *s)
{
    tj_gen *g = s->g;
    LLVMValueRef bits = tj_mask_bits(g, g->mask);
    LLVMValueRef lowest = LLVMBuildAnd(g->b, bits, LLVMBuildNeg(g->b, bits, ""), "");

    return LLVMBuildBitCast(g->b, lowest, g->t.mask, "");
}

static LLVMValueRef ballot(const simd *s)
{
    return tj_mask_bits(s->g, tj_and_mask(s->g, s->g->mask, operand(s, 0)));
}

static LLVMValueRef all_true(const simd *s)
{
    tj_gen *g = s->g;
    LLVMValueRef off = tj_and_mask(g, g->mask, LLVMBuildNot(g->b, operand(s, 0), ""));

    return LLVMBuildNot(g->b, tj_any(g, off), "");
}

/* ---- shuffles -------------------------------------------------------------------------- */

static bool constant_operand(const simd *s, unsigned op, unsigned *out)
{
    LLVMValueRef value = LLVMGetOperand(s->inst, op);

    if (!LLVMIsAConstantInt(value))
        return false;
    *out = (unsigned)LLVMConstIntGetZExtValue(value);
    return true;
}

/* Source lane of lane l, or W when the lane keeps its own value; W + 1: its fill operand. */
typedef int source_fn(unsigned lane, unsigned by, unsigned modulo, int *fill_lane);

static int from_up(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return lane >= by ? (int)(lane - by) : W;
}

static int from_down(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return lane + by < W ? (int)(lane + by) : W;
}

static int from_xor(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return (int)((lane ^ by) % W);
}

static int from_lane(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)lane, (void)modulo, (void)fill_lane;
    return (int)(by % W);
}

static int from_rotated_up(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return (int)((lane - by) % W);
}

static int from_rotated_down(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return (int)((lane + by) % W);
}

static int from_fill_up(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    unsigned place = lane % modulo, start = lane - place;

    if (place >= by)
        return (int)(start + place - by);
    *fill_lane = (int)((start + modulo - by + place) % W);
    return W + 1;
}

static int from_fill_down(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    unsigned place = lane % modulo, start = lane - place;

    if (place + by < modulo)
        return (int)(start + place + by);
    *fill_lane = (int)((start + place + by - modulo) % W);
    return W + 1;
}

static int from_quad_lane(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return (int)((lane & ~3u) | (by & 3));
}

static int from_quad_up(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return lane % 4 >= by ? (int)(lane - by) : W;
}

static int from_quad_down(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return lane % 4 + by < 4 ? (int)(lane + by) : W;
}

static int from_quad_xor(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return (int)((lane & ~3u) | ((lane ^ by) & 3));
}

typedef struct shuffle {
    source_fn *source;
    bool has_fill; /* operands: data, fill, delta, modulo */
    bool is_quad;
} shuffle;

static const shuffle shuffles[TJ_INTRIN_COUNT] = {
    [TJ_INTRIN_SIMD_BROADCAST] = {from_lane, false, false},
    [TJ_INTRIN_SIMD_SHUFFLE] = {from_lane, false, false},
    [TJ_INTRIN_SIMD_SHUFFLE_UP] = {from_up, false, false},
    [TJ_INTRIN_SIMD_SHUFFLE_DOWN] = {from_down, false, false},
    [TJ_INTRIN_SIMD_SHUFFLE_XOR] = {from_xor, false, false},
    [TJ_INTRIN_SIMD_ROTATE_UP] = {from_rotated_up, false, false},
    [TJ_INTRIN_SIMD_ROTATE_DOWN] = {from_rotated_down, false, false},
    [TJ_INTRIN_SIMD_FILL_UP] = {from_fill_up, true, false},
    [TJ_INTRIN_SIMD_FILL_DOWN] = {from_fill_down, true, false},
    [TJ_INTRIN_QUAD_BROADCAST] = {from_quad_lane, false, true},
    [TJ_INTRIN_QUAD_SHUFFLE] = {from_quad_lane, false, true},
    [TJ_INTRIN_QUAD_SHUFFLE_UP] = {from_quad_up, false, true},
    [TJ_INTRIN_QUAD_SHUFFLE_DOWN] = {from_quad_down, false, true},
    [TJ_INTRIN_QUAD_SHUFFLE_XOR] = {from_quad_xor, false, true},
};

/* Shuffle with constant lanes. Lanes of `own` follow those of `data` and `fill`. */
static LLVMValueRef shuffle_constant(const simd *s, const shuffle *kind, unsigned by,
                                     unsigned modulo)
{
    tj_gen *g = s->g;
    LLVMValueRef data = operand(s, 0), fill = kind->has_fill ? operand(s, 1) : data;
    LLVMValueRef active = g->mask, result, readable;
    int lanes[W], mask_lanes[W];

    for (unsigned l = 0; l < W; l++) {
        int fill_lane = (int)l, from = kind->source(l, by, modulo, &fill_lane);

        lanes[l] = from < W ? from : from == W ? (int)l : W + fill_lane;
        mask_lanes[l] = from < W ? from : from == W ? (int)l : fill_lane;
    }
    result = tj_shuffle(g, data, fill, lanes, W);
    if (g->is_full)
        return result;
    readable = tj_shuffle(g, active, NULL, mask_lanes, W);
    return LLVMBuildSelect(g->b, readable, result, data, "");
}

/* i32 vector: source lane for a run-time operand; the file's definitions in vector form. */
static LLVMValueRef source_lanes(const simd *s, LLVMValueRef by)
{
    tj_gen *g = s->g;
    int64_t own_lanes[W];

    for (unsigned l = 0; l < W; l++)
        own_lanes[l] = l;
    LLVMValueRef own = tj_const_lanes(g, g->t.i32, own_lanes);
    LLVMValueRef last = tj_const_like(own, g->t.i32, W - 1), from, inside;

    switch (s->use->id) {
    case TJ_INTRIN_SIMD_SHUFFLE_UP:
        from = LLVMBuildSub(g->b, own, by, "");
        inside = LLVMBuildICmp(g->b, LLVMIntUGE, own, by, "");
        return LLVMBuildSelect(g->b, inside, from, own, "");
    case TJ_INTRIN_SIMD_SHUFFLE_DOWN:
        from = LLVMBuildAdd(g->b, own, by, "");
        inside = LLVMBuildICmp(g->b, LLVMIntULE, from, last, "");
        return LLVMBuildSelect(g->b, inside, from, own, "");
    case TJ_INTRIN_SIMD_SHUFFLE_XOR:
        return LLVMBuildAnd(g->b, LLVMBuildXor(g->b, own, by, ""), last, "");
    case TJ_INTRIN_SIMD_ROTATE_UP:
        return LLVMBuildAnd(g->b, LLVMBuildSub(g->b, own, by, ""), last, "");
    case TJ_INTRIN_SIMD_ROTATE_DOWN:
        return LLVMBuildAnd(g->b, LLVMBuildAdd(g->b, own, by, ""), last, "");
    default:
        return LLVMBuildAnd(g->b, by, last, "");
    }
}

/* Quads: the place in the quad from the same rules, modulo 4. */
static LLVMValueRef quad_source_lanes(const simd *s, LLVMValueRef by)
{
    tj_gen *g = s->g;
    int64_t own_lanes[W], place_lanes[W];

    for (unsigned l = 0; l < W; l++) {
        own_lanes[l] = l;
        place_lanes[l] = l % 4;
    }
    LLVMValueRef own = tj_const_lanes(g, g->t.i32, own_lanes);
    LLVMValueRef place = tj_const_lanes(g, g->t.i32, place_lanes);
    LLVMValueRef start = LLVMBuildSub(g->b, own, place, "");
    LLVMValueRef three = tj_const_like(own, g->t.i32, 3), from, inside;

    switch (s->use->id) {
    case TJ_INTRIN_QUAD_SHUFFLE_UP:
        inside = LLVMBuildICmp(g->b, LLVMIntUGE, place, by, "");
        return LLVMBuildSelect(g->b, inside, LLVMBuildSub(g->b, own, by, ""), own, "");
    case TJ_INTRIN_QUAD_SHUFFLE_DOWN:
        from = LLVMBuildAdd(g->b, place, by, "");
        inside = LLVMBuildICmp(g->b, LLVMIntULE, from, three, "");
        return LLVMBuildSelect(g->b, inside, LLVMBuildAdd(g->b, start, from, ""), own, "");
    case TJ_INTRIN_QUAD_SHUFFLE_XOR:
        from = LLVMBuildXor(g->b, place, by, "");
        break;
    default:
        from = by;
    }
    return LLVMBuildAdd(g->b, start, LLVMBuildAnd(g->b, from, three, ""), "");
}

/* Fill forms: lane of data, or W + lane of the fill operand. */
static LLVMValueRef fill_source_lanes(const simd *s, LLVMValueRef by, LLVMValueRef modulo)
{
    tj_gen *g = s->g;
    int64_t own_lanes[W];
    bool is_up = s->use->id == TJ_INTRIN_SIMD_FILL_UP;

    for (unsigned l = 0; l < W; l++)
        own_lanes[l] = l;
    LLVMValueRef own = tj_const_lanes(g, g->t.i32, own_lanes);
    LLVMValueRef one = tj_const_like(own, g->t.i32, 1);
    LLVMValueRef place = LLVMBuildAnd(g->b, own, LLVMBuildSub(g->b, modulo, one, ""), "");
    LLVMValueRef start = LLVMBuildSub(g->b, own, place, "");
    LLVMValueRef moved = LLVMBuildBinOp(g->b, is_up ? LLVMSub : LLVMAdd, place, by, "");
    LLVMValueRef inside = LLVMBuildICmp(g->b, LLVMIntULT, moved, modulo, "");
    LLVMValueRef wrapped = LLVMBuildBinOp(g->b, is_up ? LLVMAdd : LLVMSub, moved, modulo, "");
    LLVMValueRef data = LLVMBuildAdd(g->b, start, moved, "");
    LLVMValueRef fill = LLVMBuildAdd(g->b, start, wrapped, "");

    fill = LLVMBuildAnd(g->b, fill, tj_const_like(own, g->t.i32, W - 1), "");
    fill = LLVMBuildAdd(g->b, fill, tj_const_like(own, g->t.i32, W), "");
    return LLVMBuildSelect(g->b, inside, data, fill, "");
}

/* Element lanes[l] of a vector through memory: tables of `count` elements. */
static LLVMValueRef look_up(const simd *s, LLVMValueRef *tables, unsigned count,
                            LLVMValueRef lanes)
{
    tj_gen *g = s->g;
    LLVMTypeRef type = LLVMTypeOf(tables[0]);
    LLVMTypeRef scalar = tj_element(type);
    unsigned bytes = tj_leaf_bits(scalar) / 8;
    LLVMValueRef offsets = LLVMBuildZExt(g->b, lanes, tj_type_like(lanes, g->t.i64), "");

    for (unsigned t = 0; t < count; t++)
        LLVMBuildStore(g->b, tables[t],
                       tj_gep(g, g->data_slot, tj_i64(g, (uint64_t)t * W * bytes)));
    offsets = LLVMBuildMul(g->b, offsets, tj_const_like(offsets, g->t.i64, bytes), "");
    return tj_gather(g, scalar, tj_gep(g, g->data_slot, offsets), tj_full_mask(g), bytes);
}

/* i1 vector: whether the lane that is read is active. */
static LLVMValueRef readable_lanes(tj_gen *g, LLVMValueRef lanes)
{
    LLVMValueRef bits = tj_splat(g, tj_mask_bits(g, g->mask));
    LLVMValueRef low = LLVMBuildAnd(g->b, lanes, tj_const_like(lanes, g->t.i32, W - 1), "");

    return LLVMBuildTrunc(g->b, LLVMBuildLShr(g->b, bits, low, ""), g->t.mask, "");
}

static LLVMValueRef shuffle_variable(const simd *s, const shuffle *kind)
{
    tj_gen *g = s->g;
    LLVMTypeRef i32 = tj_vector_of(g, g->t.i32);
    LLVMValueRef by = LLVMBuildZExt(g->b, operand(s, kind->has_fill ? 2 : 1), i32, "");
    LLVMValueRef tables[] = {operand(s, 0), kind->has_fill ? operand(s, 1) : NULL}, lanes;
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(tables[0]));

    if (kind->has_fill)
        lanes = fill_source_lanes(s, by, LLVMBuildZExt(g->b, operand(s, 3), i32, ""));
    else if (kind->is_quad)
        lanes = quad_source_lanes(s, by);
    else
        lanes = source_lanes(s, by);
    for (unsigned t = 0; t <= kind->has_fill; t++)
        tables[t] = tj_to_memory(g, tables[t]);
    LLVMValueRef result = look_up(s, tables, kind->has_fill ? 2 : 1, lanes);

    result = tj_from_memory(g, result, scalar);
    if (g->is_full)
        return result;
    return LLVMBuildSelect(g->b, readable_lanes(g, lanes), result, operand(s, 0), "");
}

static LLVMValueRef emit_shuffle(const simd *s, const shuffle *kind)
{
    unsigned by, modulo = W;
    bool is_constant = constant_operand(s, kind->has_fill ? 2 : 1, &by);

    if (kind->has_fill)
        is_constant = is_constant && constant_operand(s, 3, &modulo) && modulo &&
                      by <= modulo && W % modulo == 0;
    return is_constant ? shuffle_constant(s, kind, by, modulo) : shuffle_variable(s, kind);
}

/* Uniform: one lane of a full SIMD-group. */
static LLVMValueRef broadcast_scalar(const simd *s)
{
    tj_gen *g = s->g;
    LLVMValueRef lane =
        LLVMBuildZExt(g->b, tj_use_scalar(g, LLVMGetOperand(s->inst, 1), 0), g->t.i32, "");

    lane = LLVMBuildAnd(g->b, lane, tj_i32(g, W - 1), "");
    return LLVMBuildExtractElement(g->b, operand(s, 0), lane, "");
}

static LLVMValueRef broadcast_first(const simd *s)
{
    tj_gen *g = s->g;
    LLVMTypeRef types[] = {g->t.i32};
    LLVMValueRef args[] = {tj_mask_bits(g, g->mask), LLVMConstInt(g->t.i1, 0, false)};
    LLVMValueRef lane = tj_llvm(g, "llvm.cttz", types, 1, args, 2);

    lane = LLVMBuildAnd(g->b, lane, tj_i32(g, W - 1), "");
    return LLVMBuildExtractElement(g->b, operand(s, 0), lane, "");
}

/* ---- dispatch -------------------------------------------------------------------------- */

static LLVMValueRef emit_leaf(const simd *s)
{
    tj_gen *g = s->g;
    const reduction *r = &reductions[s->use->id];
    const shuffle *sh = &shuffles[s->use->id];

    if (r->combine)
        return r->is_quad ? reduce_quads(s, r->combine, r->identity)
                          : reduce(s, r->combine, r->identity);
    if (s->use->id == TJ_INTRIN_SIMD_BROADCAST && !tj_wants_vector(g, s->inst, s->index))
        return broadcast_scalar(s);
    if (sh->source)
        return emit_shuffle(s, sh);
    switch (s->use->id) {
    case TJ_INTRIN_SIMD_PREFIX_INC_SUM:
        return scan(s, add, ZERO, false);
    case TJ_INTRIN_SIMD_PREFIX_EXC_SUM:
        return scan(s, add, ZERO, true);
    case TJ_INTRIN_SIMD_PREFIX_INC_PRODUCT:
        return scan(s, multiply, ONE, false);
    case TJ_INTRIN_SIMD_PREFIX_EXC_PRODUCT:
        return scan(s, multiply, ONE, true);
    case TJ_INTRIN_SIMD_BROADCAST_FIRST:
        return broadcast_first(s);
    case TJ_INTRIN_SIMD_ALL:
        return all_true(s);
    case TJ_INTRIN_SIMD_ANY:
        return tj_any(g, tj_and_mask(g, g->mask, operand(s, 0)));
    case TJ_INTRIN_SIMD_BALLOT:
        return LLVMBuildZExt(g->b, ballot(s), g->t.i64, "");
    case TJ_INTRIN_SIMD_ACTIVE_MASK:
        return LLVMBuildZExt(g->b, tj_mask_bits(g, g->mask), g->t.i64, "");
    case TJ_INTRIN_SIMD_IS_FIRST:
        return first_active(s);
    default:
        return NULL;
    }
}

void tj_emit_simd(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    for (uint32_t i = 0; i < tj_leaf_count(LLVMTypeOf(inst)); i++) {
        simd s = {g, inst, use, i, tj_flags_of(g, inst)};
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
