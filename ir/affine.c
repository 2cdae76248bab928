/* SPDX-License-Identifier: MIT */
/* Lane-affine values: base + k[lane] + sum(coefficient * k'[lane]).
 *
 * Everything is modulo the type's width, so addition, subtraction, multiplication and
 * truncation are exact without any fact about ranges. Extensions are not: they hold only while
 * no lane wraps, which is proved from the base's upper bound or tested at run time.
 */
#include "affine.h"

#include <string.h>

uint64_t tj_width_max(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
}

tj_shape tj_shape_unseen(void)
{
    return (tj_shape){.kind = TJ_UNSEEN};
}

tj_shape tj_shape_varying(void)
{
    return (tj_shape){.kind = TJ_VARYING, .umax = UINT64_MAX};
}

tj_shape tj_shape_uniform(uint64_t umax, unsigned tz)
{
    return (tj_shape){.kind = TJ_UNIFORM, .umax = umax, .tz = tz};
}

int64_t tj_k_max(const tj_algebra *alg, const int64_t *k)
{
    int64_t max = 0;

    for (unsigned l = 0; k && l < alg->lanes; l++)
        max = k[l] > max ? k[l] : max;
    return max;
}

int64_t tj_k_min(const tj_algebra *alg, const int64_t *k)
{
    int64_t min = 0;

    for (unsigned l = 0; k && l < alg->lanes; l++)
        min = k[l] < min ? k[l] : min;
    return min;
}

static bool is_zero(const tj_algebra *alg, const int64_t *k)
{
    return tj_k_max(alg, k) == 0 && tj_k_min(alg, k) == 0;
}

static tj_shape normalise(const tj_algebra *alg, tj_shape a)
{
    int kept = 0;

    for (int t = 0; t < a.term_count; t++)
        if (!is_zero(alg, a.terms[t].k))
            a.terms[kept++] = a.terms[t];
    a.term_count = kept;
    a.kind = kept || !is_zero(alg, a.k) ? TJ_AFFINE : TJ_UNIFORM;
    if (a.kind == TJ_UNIFORM) {
        a.k = NULL;
        a.is_guarded = false;
    }
    return a;
}

tj_shape tj_shape_affine(const tj_algebra *alg, const int64_t *k, uint64_t umax, unsigned tz)
{
    return normalise(alg, (tj_shape){.kind = TJ_AFFINE, .k = k, .umax = umax, .tz = tz});
}

static int64_t at(const int64_t *k, unsigned lane)
{
    return k ? k[lane] : 0;
}

static const int64_t *combine(const tj_algebra *alg, const int64_t *a, const int64_t *b,
                              int64_t scale_b)
{
    int64_t *k = tj_new_array(alg->arena, int64_t, alg->lanes);

    for (unsigned l = 0; l < alg->lanes; l++)
        k[l] = (int64_t)((uint64_t)at(a, l) + (uint64_t)at(b, l) * (uint64_t)scale_b);
    return k;
}

static uint64_t add_max(uint64_t a, uint64_t b, unsigned bits)
{
    uint64_t max = tj_width_max(bits);

    return a > max - (b > max ? max : b) ? max : a + b;
}

static tj_shape add_scaled(const tj_algebra *alg, tj_shape a, tj_shape b, int64_t sign,
                           unsigned bits)
{
    if (a.kind == TJ_UNSEEN || b.kind == TJ_UNSEEN)
        return tj_shape_unseen();
    if (a.kind == TJ_VARYING || b.kind == TJ_VARYING)
        return tj_shape_varying();

    tj_shape out = a;

    out.umax = sign > 0 ? add_max(a.umax, b.umax, bits) : tj_width_max(bits);
    out.tz = a.tz < b.tz ? a.tz : b.tz;
    if (a.kind == TJ_UNIFORM && b.kind == TJ_UNIFORM)
        return out;
    out.is_guarded = a.is_guarded || b.is_guarded;
    out.k = combine(alg, a.k, b.k, sign);
    for (int t = 0; t < b.term_count; t++) {
        int same = 0;

        while (same < out.term_count && (out.terms[same].leaf != b.terms[t].leaf ||
                                         out.terms[same].cast != b.terms[t].cast))
            same++;
        if (same == TJ_MAX_TERMS)
            return tj_shape_varying();
        if (same == out.term_count)
            out.terms[out.term_count++] = (tj_term){b.terms[t].leaf, b.terms[t].cast, NULL};
        out.terms[same].k = combine(alg, out.terms[same].k, b.terms[t].k, sign);
    }
    return normalise(alg, out);
}

tj_shape tj_shape_add(const tj_algebra *alg, tj_shape a, tj_shape b, unsigned bits)
{
    return add_scaled(alg, a, b, 1, bits);
}

tj_shape tj_shape_sub(const tj_algebra *alg, tj_shape a, tj_shape b, unsigned bits)
{
    return add_scaled(alg, a, b, -1, bits);
}

static unsigned trailing_zeros(uint64_t value)
{
    return value ? (unsigned)__builtin_ctzll(value) : 64;
}

tj_shape tj_shape_scale(const tj_algebra *alg, tj_shape a, int64_t factor, unsigned bits)
{
    if (a.kind == TJ_UNSEEN || a.kind == TJ_VARYING)
        return a;

    uint64_t max = tj_width_max(bits);
    unsigned tz = a.tz + trailing_zeros((uint64_t)factor);
    tj_shape out = a;

    out.umax = factor >= 0 && (factor == 0 || a.umax <= max / (uint64_t)factor)
                   ? a.umax * (uint64_t)factor
                   : max;
    out.tz = tz > 64 ? 64 : tz;
    if (a.kind == TJ_UNIFORM)
        return out;
    out.k = combine(alg, NULL, a.k, factor);
    for (int t = 0; t < a.term_count; t++)
        out.terms[t].k = combine(alg, NULL, a.terms[t].k, factor);
    return normalise(alg, out);
}

tj_shape tj_shape_scale_by(const tj_algebra *alg, tj_shape a, uint32_t leaf, unsigned bits)
{
    tj_shape out = {.kind = TJ_AFFINE, .umax = tj_width_max(bits), .term_count = 1};

    if (a.kind == TJ_UNSEEN)
        return a;
    if (a.kind == TJ_UNIFORM)
        return tj_shape_uniform(out.umax, a.tz);
    if (a.kind == TJ_VARYING || a.term_count)
        return tj_shape_varying();
    out.tz = a.tz;
    out.is_guarded = a.is_guarded;
    out.k = NULL;
    out.terms[0] = (tj_term){leaf, TJ_CAST_NONE, a.k};
    return normalise(alg, out);
}

static uint64_t apply_bits(tj_bitwise op, uint64_t value, uint64_t constant)
{
    switch (op) {
    case TJ_BIT_AND:
        return value & constant;
    case TJ_BIT_OR:
        return value | constant;
    case TJ_BIT_XOR:
        return value ^ constant;
    case TJ_BIT_LSHR:
        return value >> constant;
    }
    return 0;
}

static tj_shape bits_of_uniform(tj_bitwise op, tj_shape a, uint64_t constant, unsigned bits)
{
    unsigned tz = trailing_zeros(constant);

    switch (op) {
    case TJ_BIT_AND:
        return tj_shape_uniform(constant < a.umax ? constant : a.umax, tz > a.tz ? tz : a.tz);
    case TJ_BIT_LSHR:
        return tj_shape_uniform(a.umax >> constant,
                                a.tz > constant ? a.tz - (unsigned)constant : 0);
    case TJ_BIT_OR:
    case TJ_BIT_XOR:
        return tj_shape_uniform(add_max(a.umax, constant, bits), tz < a.tz ? tz : a.tz);
    }
    return tj_shape_varying();
}

tj_shape tj_shape_bits(const tj_algebra *alg, tj_bitwise op, tj_shape a, uint64_t constant,
                       unsigned bits)
{
    int64_t *k;
    uint64_t low;

    if (a.kind == TJ_UNSEEN || a.kind == TJ_VARYING)
        return a;
    if (a.kind == TJ_UNIFORM)
        return bits_of_uniform(op, a, constant, bits);
    /* A pattern beyond the width has bits that the value has not: a shift would bring them in.
     */
    if (a.is_guarded || a.term_count || tj_k_min(alg, a.k) < 0 ||
        (uint64_t)tj_k_max(alg, a.k) > tj_width_max(bits) ||
        (a.tz < 64 && (uint64_t)tj_k_max(alg, a.k) >> a.tz))
        return tj_shape_varying();
    /* No bit is set in both base and pattern: the operation works on each by itself. */
    low = op == TJ_BIT_LSHR || a.tz >= 64 ? constant : constant & tj_width_max(a.tz);
    k = tj_new_array(alg->arena, int64_t, alg->lanes);
    for (unsigned l = 0; l < alg->lanes; l++)
        k[l] = (int64_t)(apply_bits(op, (uint64_t)a.k[l], low) - apply_bits(op, 0, low));
    tj_shape base = bits_of_uniform(op, a, constant, bits);

    return tj_shape_affine(alg, k, base.umax, base.tz);
}

bool tj_shape_needs_guard(const tj_algebra *alg, const tj_shape *a, tj_cast cast, unsigned bits)
{
    uint64_t limit = cast == TJ_CAST_SEXT ? tj_width_max(bits - 1) : tj_width_max(bits);

    if (a->kind != TJ_AFFINE || cast == TJ_CAST_TRUNC || cast == TJ_CAST_NONE)
        return false;
    if (a->term_count || tj_k_min(alg, a->k) < 0)
        return true;
    /* steps within a block of 2^tz, and blocks do not reach over the ends of a type */
    if (a->tz < bits && a->tz < 64 && (uint64_t)tj_k_max(alg, a->k) >> a->tz == 0)
        return false;
    return a->umax > limit || (uint64_t)tj_k_max(alg, a->k) > limit - a->umax;
}

static tj_cast compose(tj_cast inner, tj_cast outer, bool *ok)
{
    if (inner == TJ_CAST_NONE)
        return outer;
    *ok = false;
    return inner;
}

tj_shape tj_shape_cast(const tj_algebra *alg, tj_cast cast, tj_shape a, unsigned from,
                       unsigned to)
{
    bool ok = true;

    if (a.kind == TJ_UNSEEN || a.kind == TJ_VARYING)
        return a;
    if (cast == TJ_CAST_SEXT && a.umax > tj_width_max(from - 1))
        a.umax = tj_width_max(to);
    if (cast == TJ_CAST_TRUNC && a.umax > tj_width_max(to))
        a.umax = tj_width_max(to);
    if (a.tz > to)
        a.tz = to;
    /* The run-time test of a zero extension adds upper bounds: patterns must not be negative.
     */
    bool needs_guard = tj_shape_needs_guard(alg, &a, cast, from);

    if (cast == TJ_CAST_ZEXT && needs_guard) {
        ok = ok && tj_k_min(alg, a.k) >= 0;
        for (int t = 0; t < a.term_count; t++)
            ok = ok && tj_k_min(alg, a.terms[t].k) >= 0;
    }
    for (int t = 0; t < a.term_count; t++)
        a.terms[t].cast = compose(a.terms[t].cast, cast, &ok);
    a.is_guarded |= needs_guard;
    return ok ? a : tj_shape_varying();
}

bool tj_shape_same_pattern(const tj_algebra *alg, const tj_shape *a, const tj_shape *b)
{
    if (a->term_count != b->term_count)
        return false;
    for (unsigned l = 0; l < alg->lanes; l++)
        if (at(a->k, l) != at(b->k, l))
            return false;
    for (int t = 0; t < a->term_count; t++) {
        if (a->terms[t].leaf != b->terms[t].leaf || a->terms[t].cast != b->terms[t].cast)
            return false;
        for (unsigned l = 0; l < alg->lanes; l++)
            if (a->terms[t].k[l] != b->terms[t].k[l])
                return false;
    }
    return true;
}

tj_shape tj_shape_meet(const tj_algebra *alg, tj_shape a, tj_shape b)
{
    if (a.kind == TJ_UNSEEN)
        return b;
    if (b.kind == TJ_UNSEEN)
        return a;
    if (a.kind == TJ_VARYING || b.kind == TJ_VARYING || !tj_shape_same_pattern(alg, &a, &b))
        return tj_shape_varying();
    a.is_guarded |= b.is_guarded;
    a.umax = a.umax > b.umax ? a.umax : b.umax;
    a.tz = a.tz < b.tz ? a.tz : b.tz;
    return a;
}
