/* SPDX-License-Identifier: MIT */
/* Values of other lanes: shuffles, broadcasts, rotations and fills in a SIMD-group or in quads.
 *
 * A constant operand becomes one shuffle of the vector, any other a look-up in memory. A lane
 * that reads an inactive or missing lane gets its own value.
 */
#include "simd.h"

enum { W = TJ_SIMD_WIDTH, QUAD = 4 };

/* ---- shuffles -------------------------------------------------------------------------- */

static bool constant_operand(const tj_simd *s, unsigned op, unsigned *out)
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

static int from_quad_rotated_up(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return (int)((lane & ~3u) | ((lane - by) & 3));
}

static int from_quad_rotated_down(unsigned lane, unsigned by, unsigned modulo, int *fill_lane)
{
    (void)modulo, (void)fill_lane;
    return (int)((lane & ~3u) | ((lane + by) & 3));
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
    [TJ_INTRIN_QUAD_ROTATE_UP] = {from_quad_rotated_up, false, true},
    [TJ_INTRIN_QUAD_ROTATE_DOWN] = {from_quad_rotated_down, false, true},
    [TJ_INTRIN_QUAD_FILL_UP] = {from_fill_up, true, true},
    [TJ_INTRIN_QUAD_FILL_DOWN] = {from_fill_down, true, true},
};

/* Shuffle with constant lanes. Lanes of `own` follow those of `data` and `fill`. */
static LLVMValueRef shuffle_constant(const tj_simd *s, const shuffle *kind, unsigned by,
                                     unsigned modulo)
{
    tj_gen *g = s->g;
    LLVMValueRef data = tj_simd_operand(s, 0),
                 fill = kind->has_fill ? tj_simd_operand(s, 1) : data;
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
static LLVMValueRef source_lanes(const tj_simd *s, LLVMValueRef by)
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
static LLVMValueRef quad_source_lanes(const tj_simd *s, LLVMValueRef by)
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
    case TJ_INTRIN_QUAD_ROTATE_UP:
        from = LLVMBuildSub(g->b, place, by, "");
        break;
    case TJ_INTRIN_QUAD_ROTATE_DOWN:
        from = LLVMBuildAdd(g->b, place, by, "");
        break;
    default:
        from = by;
    }
    return LLVMBuildAdd(g->b, start, LLVMBuildAnd(g->b, from, three, ""), "");
}

/* A modulo that is no power of two or too large counts as the number of lanes. */
static LLVMValueRef clip_modulo(const tj_simd *s, LLVMValueRef modulo, unsigned width)
{
    tj_gen *g = s->g;
    LLVMValueRef less = LLVMBuildSub(g->b, modulo, tj_const_like(modulo, g->t.i32, 1), "");
    LLVMValueRef fits =
        LLVMBuildICmp(g->b, LLVMIntULT, less, tj_const_like(modulo, g->t.i32, width), "");
    LLVMValueRef common = LLVMBuildAnd(g->b, less, modulo, "");
    LLVMValueRef is_power =
        LLVMBuildICmp(g->b, LLVMIntEQ, common, LLVMConstNull(LLVMTypeOf(common)), "");

    return LLVMBuildSelect(g->b, LLVMBuildAnd(g->b, fits, is_power, ""), modulo,
                           tj_const_like(modulo, g->t.i32, width), "");
}

/* Fill forms: lane of data, or W + lane of the fill operand. */
static LLVMValueRef fill_source_lanes(const tj_simd *s, LLVMValueRef by, LLVMValueRef modulo)
{
    tj_gen *g = s->g;
    int64_t own_lanes[W];
    bool is_up = s->use->id == TJ_INTRIN_SIMD_FILL_UP || s->use->id == TJ_INTRIN_QUAD_FILL_UP;

    modulo = clip_modulo(s, modulo, shuffles[s->use->id].is_quad ? QUAD : W);
    by = tj_llvm2(g, "llvm.umin", by, modulo);

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
static LLVMValueRef look_up(const tj_simd *s, LLVMValueRef *tables, unsigned count,
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

static LLVMValueRef shuffle_variable(const tj_simd *s, const shuffle *kind)
{
    tj_gen *g = s->g;
    LLVMTypeRef i32 = tj_vector_of(g, g->t.i32);
    LLVMValueRef by = LLVMBuildZExt(g->b, tj_simd_operand(s, kind->has_fill ? 2 : 1), i32, "");
    LLVMValueRef tables[] = {tj_simd_operand(s, 0),
                             kind->has_fill ? tj_simd_operand(s, 1) : NULL},
                 lanes;
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(tables[0]));

    if (kind->has_fill)
        lanes = fill_source_lanes(s, by, LLVMBuildZExt(g->b, tj_simd_operand(s, 3), i32, ""));
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
    return LLVMBuildSelect(g->b, readable_lanes(g, lanes), result, tj_simd_operand(s, 0), "");
}

static LLVMValueRef emit_shuffle(const tj_simd *s, const shuffle *kind)
{
    unsigned by, width = kind->is_quad ? QUAD : W, modulo = width;
    bool is_constant = constant_operand(s, kind->has_fill ? 2 : 1, &by);

    if (kind->has_fill)
        is_constant = is_constant && constant_operand(s, 3, &modulo) && modulo &&
                      by <= modulo && width % modulo == 0;
    return is_constant ? shuffle_constant(s, kind, by, modulo) : shuffle_variable(s, kind);
}

/* Uniform: one lane of a full SIMD-group. */
static LLVMValueRef broadcast_scalar(const tj_simd *s)
{
    tj_gen *g = s->g;
    LLVMValueRef lane =
        LLVMBuildZExt(g->b, tj_use_scalar(g, LLVMGetOperand(s->inst, 1), 0), g->t.i32, "");

    lane = LLVMBuildAnd(g->b, lane, tj_i32(g, W - 1), "");
    return LLVMBuildExtractElement(g->b, tj_simd_operand(s, 0), lane, "");
}

LLVMValueRef tj_simd_first(const tj_simd *s)
{
    tj_gen *g = s->g;
    LLVMTypeRef types[] = {g->t.i32};
    LLVMValueRef args[] = {tj_mask_bits(g, g->mask), LLVMConstInt(g->t.i1, 0, false)};
    LLVMValueRef lane = tj_llvm(g, "llvm.cttz", types, 1, args, 2);

    lane = LLVMBuildAnd(g->b, lane, tj_i32(g, W - 1), "");
    return LLVMBuildExtractElement(g->b, tj_simd_operand(s, 0), lane, "");
}

/* The lowest active lane of each quad gives its value. */
static LLVMValueRef quad_broadcast_first(const tj_simd *s)
{
    tj_gen *g = s->g;
    LLVMValueRef data = tj_simd_operand(s, 0), out = data;

    for (unsigned place = QUAD; place-- > 0;) {
        int lanes[W];

        for (unsigned l = 0; l < W; l++)
            lanes[l] = (int)(l - l % QUAD + place);
        LLVMValueRef value = tj_shuffle(g, data, NULL, lanes, W);

        out = LLVMBuildSelect(g->b, tj_shuffle(g, g->mask, NULL, lanes, W), value, out, "");
    }
    return out;
}

/* ---- dispatch -------------------------------------------------------------------------- */

LLVMValueRef tj_simd_lanes(const tj_simd *s)
{
    const shuffle *kind = &shuffles[s->use->id];

    if (s->use->id == TJ_INTRIN_SIMD_BROADCAST_FIRST)
        return tj_simd_first(s);
    if (s->use->id == TJ_INTRIN_QUAD_BROADCAST_FIRST)
        return quad_broadcast_first(s);
    if (s->use->id == TJ_INTRIN_SIMD_BROADCAST && !tj_wants_vector(s->g, s->inst, s->index))
        return broadcast_scalar(s);
    return kind->source ? emit_shuffle(s, kind) : NULL;
}
