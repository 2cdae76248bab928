/* SPDX-License-Identifier: MIT */
/*
 * Expands air.pack.* and air.unpack.*: pixel formats to integers and back (air.md 4.8).
 *
 * Component 0 lies in the lowest bits. Normalised: x * (2^n - 1) (signed: 2^(n-1) - 1) in
 * float, rounded to nearest even, after x is brought into [0, 1] ([-1, 1]), NaN to 0; back by a
 * division, the smallest signed value giving -1 as well. rg11b10f: floats of 5 bits of exponent
 * without sign, rounded to nearest even; negative numbers give 0. rgb9e5: OpenGL's
 * EXT_texture_shared_exponent. sRGB: IEC 61966-2-1 for the first three components.
 */
#include "canon_expand.h"

#include <llvm-c/Core.h>

enum { MAX_PARTS = 4 };

typedef enum form { UNORM, SNORM, SRGB, SMALL_FLOAT, SHARED_EXPONENT } form;

typedef struct packing {
    tj_intrin pack, unpack;
    form form;
    unsigned char bits[MAX_PARTS]; /* of each component; 0: there is none */
} packing;

#define ROW(name, form, ...)                                                                   \
    {                                                                                          \
        TJ_INTRIN_PACK_##name, TJ_INTRIN_UNPACK_##name, form,                                  \
        {                                                                                      \
            __VA_ARGS__                                                                        \
        }                                                                                      \
    }
static const packing packings[] = {
    ROW(UNORM4X8, UNORM, 8, 8, 8, 8),
    ROW(SNORM4X8, SNORM, 8, 8, 8, 8),
    ROW(UNORM2X16, UNORM, 16, 16),
    ROW(SNORM2X16, SNORM, 16, 16),
    ROW(UNORM4X8_SRGB, SRGB, 8, 8, 8, 8),
    ROW(UNORM_RGB10A2, UNORM, 10, 10, 10, 2),
    ROW(SNORM_RGB10A2, SNORM, 10, 10, 10, 2),
    ROW(UNORM_RG11B10F, SMALL_FLOAT, 11, 11, 10),
    ROW(UNORM_RGB9E5, SHARED_EXPONENT, 9, 9, 9),
    ROW(UNORM_RGB565, UNORM, 5, 6, 5),
    ROW(UNORM2X8, UNORM, 8, 8),
    ROW(SNORM2X8, SNORM, 8, 8),
    ROW(UNORM1X8, UNORM, 8),
    ROW(SNORM1X8, SNORM, 8),
    ROW(UNORM1X16, UNORM, 16),
    ROW(SNORM1X16, SNORM, 16),
    ROW(UNORM4X16, UNORM, 16, 16, 16, 16),
    ROW(SNORM4X16, SNORM, 16, 16, 16, 16),
};
#undef ROW

/* Makers for one call; floats are f32, integers i32. */
typedef struct maker {
    tj_canon_state *state;
    LLVMBuilderRef b;
    LLVMTypeRef f32, i32;
} maker;

static const tj_air_type float_type = {'f', false, 32, 1};

static LLVMValueRef real(const maker *m, double value)
{
    return LLVMConstReal(m->f32, value);
}

static LLVMValueRef integer(const maker *m, uint32_t value)
{
    return LLVMConstInt(m->i32, value, false);
}

static LLVMValueRef choose(const maker *m, LLVMRealPredicate predicate, LLVMValueRef a,
                           LLVMValueRef b, LLVMValueRef then, LLVMValueRef otherwise)
{
    return LLVMBuildSelect(m->b, LLVMBuildFCmp(m->b, predicate, a, b, ""), then, otherwise, "");
}

/* NaN, which is not greater than anything, becomes `low`, which must then be 0. */
static LLVMValueRef clamp(const maker *m, LLVMValueRef x, double low, double high)
{
    x = choose(m, LLVMRealOGT, x, real(m, low), x, real(m, low));
    return choose(m, LLVMRealOLT, x, real(m, high), x, real(m, high));
}

static LLVMValueRef call_float(const maker *m, const char *name, LLVMValueRef x)
{
    LLVMTypeRef type = m->f32;
    return tj_canon_call_llvm(m->state, name, &type, 1, &x, 1);
}

static LLVMValueRef as_bits(const maker *m, LLVMValueRef x)
{
    return LLVMBuildBitCast(m->b, x, m->i32, "");
}

static LLVMValueRef as_float(const maker *m, LLVMValueRef bits)
{
    return LLVMBuildBitCast(m->b, bits, m->f32, "");
}

static LLVMValueRef power(const maker *m, LLVMValueRef x, double exponent)
{
    LLVMValueRef args[] = {x, real(m, exponent)};
    return tj_expand_call(m->state, "pow", float_type, args, 2);
}

/* ---- one component to its field ------------------------------------------------------------
 */

static LLVMValueRef pack_unorm(const maker *m, LLVMValueRef x, unsigned bits)
{
    x = LLVMBuildFMul(m->b, clamp(m, x, 0, 1), real(m, (1 << bits) - 1), "");
    return LLVMBuildFPToUI(m->b, call_float(m, "llvm.rint", x), m->i32, "");
}

static LLVMValueRef pack_snorm(const maker *m, LLVMValueRef x, unsigned bits)
{
    x = choose(m, LLVMRealUNO, x, x, real(m, 0), x);
    x = LLVMBuildFMul(m->b, clamp(m, x, -1, 1), real(m, (1 << (bits - 1)) - 1), "");
    x = LLVMBuildFPToSI(m->b, call_float(m, "llvm.rint", x), m->i32, "");
    return LLVMBuildAnd(m->b, x, integer(m, (1u << bits) - 1), "");
}

static LLVMValueRef pack_srgb(const maker *m, LLVMValueRef x, unsigned bits)
{
    x = clamp(m, x, 0, 1);
    LLVMValueRef line = LLVMBuildFMul(m->b, x, real(m, 12.92), "");
    LLVMValueRef curve = LLVMBuildFMul(m->b, power(m, x, 1 / 2.4), real(m, 1.055), "");
    curve = LLVMBuildFSub(m->b, curve, real(m, 0.055), "");
    return pack_unorm(m, choose(m, LLVMRealOLT, x, real(m, 0.0031308), line, curve), bits);
}

/* Five bits of exponent, the rest fraction. A number in the normal range drops bits of its
 * pattern to nearest even; a smaller one counts units of the smallest. */
static LLVMValueRef pack_small_float(const maker *m, LLVMValueRef x, unsigned bits)
{
    unsigned fraction = bits - 5, drop = 23 - fraction;
    LLVMValueRef infinity = integer(m, 31u << fraction);
    LLVMValueRef nan = integer(m, (31u << fraction) | (1u << (fraction - 1)));
    LLVMValueRef positive = choose(m, LLVMRealOGT, x, real(m, 0), x, real(m, 0));
    LLVMValueRef pattern = as_bits(m, positive);
    LLVMValueRef odd = LLVMBuildAnd(m->b, LLVMBuildLShr(m->b, pattern, integer(m, drop), ""),
                                    integer(m, 1), "");
    LLVMValueRef normal = LLVMBuildAdd(
        m->b, pattern, LLVMBuildAdd(m->b, odd, integer(m, (1u << (drop - 1)) - 1), ""), "");
    normal = LLVMBuildLShr(m->b, normal, integer(m, drop), "");
    normal = LLVMBuildSub(m->b, normal, integer(m, (127u - 15) << fraction), "");
    LLVMValueRef units =
        LLVMBuildFMul(m->b, positive, real(m, (double)(1u << (14 + fraction))), "");
    units = LLVMBuildFPToUI(m->b, call_float(m, "llvm.rint", units), m->i32, "");
    LLVMValueRef out = choose(m, LLVMRealOLT, positive, real(m, 0x1p-14), units, normal);
    LLVMValueRef is_over = LLVMBuildICmp(m->b, LLVMIntUGT, out, infinity, "");
    out = LLVMBuildSelect(m->b, is_over, infinity, out, "");
    return choose(m, LLVMRealUNO, x, x, nan, out);
}

typedef LLVMValueRef pack_fn(const maker *m, LLVMValueRef x, unsigned bits);

static pack_fn *const packers[] = {
    [UNORM] = pack_unorm,
    [SNORM] = pack_snorm,
    [SRGB] = pack_srgb,
    [SMALL_FLOAT] = pack_small_float,
};

/* ---- a field to its component ---------------------------------------------------------------
 */

static LLVMValueRef unpack_unorm(const maker *m, LLVMValueRef field, unsigned bits)
{
    LLVMValueRef x = LLVMBuildUIToFP(m->b, field, m->f32, "");
    return LLVMBuildFDiv(m->b, x, real(m, (1 << bits) - 1), "");
}

static LLVMValueRef unpack_snorm(const maker *m, LLVMValueRef field, unsigned bits)
{
    LLVMValueRef rest = integer(m, 32 - bits), x;
    x = LLVMBuildAShr(m->b, LLVMBuildShl(m->b, field, rest, ""), rest, "");
    x = LLVMBuildSIToFP(m->b, x, m->f32, "");
    x = LLVMBuildFDiv(m->b, x, real(m, (1 << (bits - 1)) - 1), "");
    return choose(m, LLVMRealOGT, x, real(m, -1), x, real(m, -1));
}

static LLVMValueRef unpack_srgb(const maker *m, LLVMValueRef field, unsigned bits)
{
    LLVMValueRef x = unpack_unorm(m, field, bits);
    LLVMValueRef line = LLVMBuildFDiv(m->b, x, real(m, 12.92), "");
    LLVMValueRef curve = LLVMBuildFAdd(m->b, x, real(m, 0.055), "");
    curve = power(m, LLVMBuildFDiv(m->b, curve, real(m, 1.055), ""), 2.4);
    return choose(m, LLVMRealOLE, x, real(m, 0.04045), line, curve);
}

/* A half has the same exponent and more fraction. */
static LLVMValueRef unpack_small_float(const maker *m, LLVMValueRef field, unsigned bits)
{
    LLVMContextRef llctx = m->state->unit->llctx;
    LLVMValueRef half = LLVMBuildShl(m->b, field, integer(m, 15 - bits), "");
    half = LLVMBuildTrunc(m->b, half, LLVMInt16TypeInContext(llctx), "");
    half = LLVMBuildBitCast(m->b, half, LLVMHalfTypeInContext(llctx), "");
    return LLVMBuildFPExt(m->b, half, m->f32, "");
}

static pack_fn *const unpackers[] = {
    [UNORM] = unpack_unorm,
    [SNORM] = unpack_snorm,
    [SRGB] = unpack_srgb,
    [SMALL_FLOAT] = unpack_small_float,
};

/* Alpha is not part of the sRGB curve. */
static form form_of(const packing *p, unsigned part)
{
    return p->form == SRGB && part == 3 ? UNORM : p->form;
}

/* ---- shared exponent --------------------------------------------------------------------- */

enum { SHARED_BITS = 9, SHARED_BIAS = 15 };

/* 2^(SHARED_BITS + SHARED_BIAS - exponent) or its inverse. */
static LLVMValueRef shared_scale(const maker *m, LLVMValueRef exponent, bool is_inverse)
{
    LLVMValueRef middle = integer(m, 127 + SHARED_BITS + SHARED_BIAS);
    LLVMValueRef inverse = integer(m, 127 - SHARED_BITS - SHARED_BIAS);
    LLVMValueRef biased = is_inverse ? LLVMBuildAdd(m->b, exponent, inverse, "")
                                     : LLVMBuildSub(m->b, middle, exponent, "");
    return as_float(m, LLVMBuildShl(m->b, biased, integer(m, 23), ""));
}

/* Halves go up. */
static LLVMValueRef shared_field(const maker *m, LLVMValueRef x, LLVMValueRef scale)
{
    x = call_float(m, "llvm.round", LLVMBuildFMul(m->b, x, scale, ""));
    return LLVMBuildFPToUI(m->b, x, m->i32, "");
}

static LLVMValueRef pack_shared(const maker *m, LLVMValueRef *parts)
{
    LLVMValueRef largest = real(m, 0), out;
    for (unsigned i = 0; i < 3; i++) {
        parts[i] = clamp(m, parts[i], 0, 65408);
        largest = choose(m, LLVMRealOGT, parts[i], largest, parts[i], largest);
    }
    /* floor(log2(largest)) + 1 + SHARED_BIAS, at least 0; one more when it rounds up to 512 */
    LLVMValueRef exponent = LLVMBuildLShr(m->b, as_bits(m, largest), integer(m, 23), "");
    exponent = LLVMBuildSub(m->b, exponent, integer(m, 127 - 1 - SHARED_BIAS), "");
    LLVMValueRef is_below = LLVMBuildICmp(m->b, LLVMIntSLT, exponent, integer(m, 0), "");
    exponent = LLVMBuildSelect(m->b, is_below, integer(m, 0), exponent, "");
    LLVMValueRef top = shared_field(m, largest, shared_scale(m, exponent, false));
    LLVMValueRef is_full =
        LLVMBuildICmp(m->b, LLVMIntEQ, top, integer(m, 1u << SHARED_BITS), "");
    exponent = LLVMBuildAdd(m->b, exponent, LLVMBuildZExt(m->b, is_full, m->i32, ""), "");
    LLVMValueRef scale = shared_scale(m, exponent, false);
    out = LLVMBuildShl(m->b, exponent, integer(m, 27), "");
    for (unsigned i = 0; i < 3; i++) {
        LLVMValueRef field = shared_field(m, parts[i], scale);
        field = LLVMBuildShl(m->b, field, integer(m, SHARED_BITS * i), "");
        out = LLVMBuildOr(m->b, out, field, "");
    }
    return out;
}

/* ---- calls ------------------------------------------------------------------------------ */

static LLVMValueRef pack_fields(const maker *m, const packing *p, LLVMValueRef *parts,
                                LLVMTypeRef type)
{
    LLVMValueRef out = LLVMConstNull(type);
    unsigned at = 0;
    for (unsigned i = 0; i < MAX_PARTS && p->bits[i]; at += p->bits[i++]) {
        LLVMValueRef field = packers[form_of(p, i)](m, parts[i], p->bits[i]);
        field = LLVMBuildIntCast2(m->b, field, type, false, "");
        field = LLVMBuildShl(m->b, field, LLVMConstInt(type, at, false), "");
        out = LLVMBuildOr(m->b, out, field, "");
    }
    return out;
}

static void expand_pack(const maker *m, const packing *p, LLVMValueRef call)
{
    LLVMValueRef value = LLVMGetOperand(call, 0), parts[MAX_PARTS], out;
    bool is_vector = LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind;
    for (unsigned i = 0; i < MAX_PARTS && p->bits[i]; i++) {
        parts[i] = is_vector ? LLVMBuildExtractElement(m->b, value, integer(m, i), "") : value;
        if (LLVMTypeOf(parts[i]) != m->f32)
            parts[i] = LLVMBuildFPExt(m->b, parts[i], m->f32, "");
    }
    out = p->form == SHARED_EXPONENT ? pack_shared(m, parts)
                                     : pack_fields(m, p, parts, LLVMTypeOf(call));
    tj_canon_replace(call, out);
}

static LLVMValueRef field_at(const maker *m, LLVMValueRef packed, unsigned at, unsigned bits)
{
    LLVMTypeRef type = LLVMTypeOf(packed);
    packed = LLVMBuildLShr(m->b, packed, LLVMConstInt(type, at, false), "");
    packed = LLVMBuildIntCast2(m->b, packed, m->i32, false, "");
    return LLVMBuildAnd(m->b, packed, integer(m, (1u << bits) - 1), "");
}

static LLVMValueRef unpack_part(const maker *m, const packing *p, LLVMValueRef packed,
                                unsigned part, unsigned at)
{
    LLVMValueRef field = field_at(m, packed, at, p->bits[part]);
    if (p->form != SHARED_EXPONENT)
        return unpackers[form_of(p, part)](m, field, p->bits[part]);
    LLVMValueRef scale = shared_scale(m, field_at(m, packed, 27, 5), true);
    return LLVMBuildFMul(m->b, LLVMBuildUIToFP(m->b, field, m->f32, ""), scale, "");
}

static void expand_unpack(const maker *m, const packing *p, LLVMValueRef call)
{
    LLVMTypeRef type = LLVMTypeOf(call);
    bool is_vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    LLVMTypeRef element = is_vector ? LLVMGetElementType(type) : type;
    LLVMValueRef out = LLVMConstNull(type);
    unsigned at = 0;
    for (unsigned i = 0; i < MAX_PARTS && p->bits[i]; at += p->bits[i++]) {
        LLVMValueRef part = unpack_part(m, p, LLVMGetOperand(call, 0), i, at);
        if (element != m->f32)
            part = LLVMBuildFPTrunc(m->b, part, element, "");
        out = is_vector ? LLVMBuildInsertElement(m->b, out, part, integer(m, i), "") : part;
    }
    tj_canon_replace(call, out);
}

void tj_expand_packing(tj_canon_state *state, LLVMValueRef call, const tj_intrin_use *use)
{
    LLVMContextRef llctx = state->unit->llctx;
    maker m = {state, state->builder, LLVMFloatTypeInContext(llctx),
               LLVMInt32TypeInContext(llctx)};
    for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
        if (packings[i].pack == use->id)
            expand_pack(&m, &packings[i], call);
        else if (packings[i].unpack == use->id)
            expand_unpack(&m, &packings[i], call);
    }
}
