/* SPDX-License-Identifier: MIT */
/* Random expressions of a wanted type. */
#include "gen.h"

#include <string.h>

expr *expr_new(gen *g, expr_kind kind, type t, unsigned op, unsigned kid_count)
{
    expr *e = pool_take(g->pool, sizeof(*e));

    *e = (expr){.kind = kind, .type = t, .op = op, .kid_count = kid_count};
    return e;
}

expr *expr_const(gen *g, type t, uint64_t bits)
{
    expr *e = expr_new(g, EXPR_CONST, t, 0, 0);

    for (unsigned c = 0; c < t.components; c++)
        e->imm[c] = bits;
    return e;
}

type gen_type(gen *g)
{
    static const uint8_t bases[] = {
        BASE_I32, BASE_I32, BASE_I32, BASE_I32, BASE_F32, BASE_F32, BASE_F32,  BASE_F32,
        BASE_I8,  BASE_I16, BASE_I64, BASE_I64, BASE_F16, BASE_F16, BASE_BF16, BASE_I1,
    };
    type t = {bases[rng_below(&g->rng, sizeof(bases))], 1};

    if (t.base != BASE_I1 && rng_chance(&g->rng, 18))
        t.components = (uint8_t)(2 + rng_below(&g->rng, 3));
    return t;
}

/* Bits that are worth trying: edges of the type, small numbers, anything. */
static uint64_t interesting_bits(gen *g, base b)
{
    static const uint32_t f32[] = {0,          0x80000000, 0x3f800000, 0xbf800000,
                                   0x3f000000, 0x40490fdb, 0x7f800000, 0xff800000,
                                   0x7fc00000, 0x00000001, 0x807fffff, 0x7f7fffff,
                                   0x4f000000, 0x5f000000, 0x41200000, 0x3eaaaaab};
    static const uint16_t f16[] = {0,      0x8000, 0x3c00, 0xbc00, 0x3800, 0x7c00,
                                   0xfc00, 0x7e00, 0x0001, 0x83ff, 0x7bff, 0x4248};
    static const uint16_t bf16[] = {0,      0x8000, 0x3f80, 0xbf80, 0x3f00, 0x7f80,
                                    0xff80, 0x7fc0, 0x0001, 0x807f, 0x7f7f, 0x4049};
    unsigned bits = base_infos[b].bits;
    uint64_t any = rng_next(&g->rng);

    if (b == BASE_F32)
        return f32[any % (sizeof(f32) / sizeof(f32[0]))];
    if (b == BASE_F16)
        return f16[any % (sizeof(f16) / sizeof(f16[0]))];
    if (b == BASE_BF16)
        return bf16[any % (sizeof(bf16) / sizeof(bf16[0]))];
    if (rng_chance(&g->rng, 60))
        any %= 17;
    else if (rng_chance(&g->rng, 50))
        any = ((uint64_t)1 << (bits - 1)) - any % 3;
    return bits == 64 ? any : any & (((uint64_t)1 << bits) - 1);
}

static expr *gen_const(gen *g, type t)
{
    expr *e = expr_new(g, EXPR_CONST, t, 0, 0);
    bool is_splat = rng_chance(&g->rng, 30);

    for (unsigned c = 0; c < t.components; c++)
        e->imm[c] = c && is_splat ? e->imm[0] : interesting_bits(g, (base)t.base);
    return e;
}

static expr *gen_input(gen *g)
{
    static const uint8_t kinds[] = {INPUT_GID,   INPUT_GID,   INPUT_GID,    INPUT_LID,
                                    INPUT_LID,   INPUT_LANE,  INPUT_SGROUP, INPUT_TGX,
                                    INPUT_COUNT, INPUT_TOTAL, INPUT_LX,     INPUT_LX,
                                    INPUT_GX,    INPUT_TGY,   INPUT_GY,     INPUT_LY};
    unsigned count = sizeof(kinds) - (g->kernel->dims == 1 ? 3 : 0);

    return expr_new(g, EXPR_INPUT, scalar_type(BASE_I32), kinds[rng_below(&g->rng, count)], 0);
}

/* A variable, parameter or input of the type; NULL when there is none. */
static expr *gen_named(gen *g, type t)
{
    unsigned found[MAX_VARS], count = 0;

    if (g->is_in_helper) {
        for (unsigned i = 0; i < 2; i++)
            if (type_equal(g->params[i], t))
                found[count++] = i;
        return count ? expr_new(g, EXPR_PARAM, t, found[rng_below(&g->rng, count)], 0) : NULL;
    }
    if (type_equal(t, scalar_type(BASE_I32)) && rng_chance(&g->rng, 35))
        return gen_input(g);
    for (unsigned i = 0; i < g->kernel->var_count; i++)
        if (type_equal(g->kernel->vars[i].type, t))
            found[count++] = i;
    return count ? expr_new(g, EXPR_VAR, t, found[rng_below(&g->rng, count)], 0) : NULL;
}

static expr *gen_load(gen *g, type t, unsigned depth)
{
    unsigned found[BUFFER_COUNT], count = 0;

    for (unsigned i = 0; i < BUFFER_COUNT; i++)
        if (!buffer_infos[i].is_output && i != BUFFER_ACC &&
            (type_equal(buffer_infos[i].type, t) ||
             (buffer_infos[i].type.components == 1 && buffer_infos[i].space == 1 &&
              buffer_infos[i].type.base == t.base)))
            found[count++] = i;
    if (!count || g->is_in_helper)
        return NULL;
    expr *e = expr_new(g, EXPR_LOAD, t, found[rng_below(&g->rng, count)], 0);
    bool is_constant = buffer_infos[e->op].space == 2;

    e->imm[0] = is_constant ? (rng_chance(&g->rng, 60) ? INDEX_CONST : INDEX_MASKED)
                            : rng_below(&g->rng, INDEX_FORMS);
    e->imm[1] = rng_chance(&g->rng, 60) ? 1 : 2 + rng_below(&g->rng, 3);
    e->imm[2] = rng_chance(&g->rng, 50) ? 0 : rng_below(&g->rng, CONSTANT_ELEMS);
    if (e->imm[0] == INDEX_NEAR || e->imm[0] == INDEX_MASKED) {
        e->kid_count = 1;
        e->kids[0] = gen_expr(g, scalar_type(BASE_I32), depth ? depth - 1 : 0);
    }
    return e;
}

static expr *gen_pick(gen *g, type t, unsigned depth)
{
    expr *a = gen_load(g, t, depth), *b = a ? gen_load(g, t, depth) : NULL;

    if (!a || buffer_infos[a->op].space != buffer_infos[b->op].space)
        return a;
    expr *e = expr_new(g, EXPR_PICK, t, rng_below(&g->rng, 2), 3);

    e->kids[0] = gen_expr(g, scalar_type(BASE_I1), depth);
    e->kids[1] = a;
    e->kids[2] = b;
    return e;
}

static expr *gen_leaf(gen *g, type t)
{
    expr *e = rng_chance(&g->rng, 70) ? gen_named(g, t) : NULL;

    if (!e && rng_chance(&g->rng, 60))
        e = gen_load(g, t, 0);
    return e ? e : gen_const(g, t);
}

static expr *gen_operation(gen *g, expr_kind kind, type t, unsigned op, unsigned kid_count,
                           type operand, unsigned depth)
{
    expr *e = expr_new(g, kind, t, op, kid_count);

    for (unsigned i = 0; i < kid_count; i++)
        e->kids[i] = gen_expr(g, operand, depth);
    return e;
}

static expr *gen_binary(gen *g, type t, unsigned depth)
{
    unsigned op = rng_below(&g->rng, 13);

    if (type_is_float(t))
        op = BINARY_FADD + (rng_chance(&g->rng, 4) ? 4 : rng_below(&g->rng, 4));
    else if (t.base == BASE_I1)
        op = BINARY_AND + rng_below(&g->rng, 3);
    else if (rng_chance(&g->rng, 40))
        op = rng_below(&g->rng, 3);
    return gen_operation(g, EXPR_BINARY, t, op, 2, t, depth);
}

static type other_type(gen *g, type t)
{
    type other;

    do
        other = gen_type(g);
    while (other.base == BASE_I1);
    other.components = t.components;
    return other;
}

static expr *gen_compare(gen *g, type t, unsigned depth)
{
    type operand = other_type(g, t);
    bool is_float = type_is_float(operand);

    return gen_operation(g, is_float ? EXPR_FCMP : EXPR_ICMP, t,
                         rng_below(&g->rng, is_float ? FCMP_COUNT : ICMP_COUNT), 2, operand,
                         depth);
}

static expr *gen_choice(gen *g, type t, unsigned depth)
{
    bool is_branch = rng_chance(&g->rng, 35);
    type condition = {BASE_I1, 1};

    if (!is_branch && rng_chance(&g->rng, 30))
        condition.components = t.components;
    expr *e = expr_new(g, is_branch ? EXPR_BRANCH : EXPR_SELECT, t, 0, 3);
    bool was_full = g->is_full;

    e->kids[0] = gen_expr(g, condition, depth);
    g->is_full = was_full && !is_branch;
    e->kids[1] = gen_expr(g, t, depth);
    e->kids[2] = gen_expr(g, t, depth);
    g->is_full = was_full;
    return e;
}

/* The cast between two different bases of the same length, as LLVM demands it. */
static unsigned plain_cast(gen *g, base from, base to)
{
    unsigned from_bits = base_infos[from].bits, to_bits = base_infos[to].bits;
    bool is_unsigned = rng_chance(&g->rng, 50);

    if (base_infos[from].is_float && base_infos[to].is_float)
        return from_bits == to_bits  ? CAST_CONVERT
               : from_bits > to_bits ? CAST_FPTRUNC
                                     : CAST_FPEXT;
    if (base_infos[from].is_float)
        return is_unsigned ? CAST_FPTOUI : CAST_FPTOSI;
    if (base_infos[to].is_float)
        return is_unsigned ? CAST_UITOFP : CAST_SITOFP;
    return from_bits > to_bits ? CAST_TRUNC : is_unsigned ? CAST_ZEXT : CAST_SEXT;
}

static expr *gen_cast(gen *g, type t, unsigned depth)
{
    type from = other_type(g, t);

    if (from.base == t.base || t.base == BASE_I1)
        return NULL;
    bool touches_float = type_is_float(from) || type_is_float(t);
    bool is_bits = type_is_float(from) != type_is_float(t) &&
                   base_infos[from.base].bits == base_infos[t.base].bits;
    unsigned op = plain_cast(g, (base)from.base, (base)t.base);

    if (is_bits && rng_chance(&g->rng, 25))
        op = CAST_BITS;
    else if (touches_float && rng_chance(&g->rng, 35))
        op = CAST_CONVERT;
    expr *e = gen_operation(g, EXPR_CAST, t, op, 1, from, depth);

    e->imm[0] = rng_below(&g->rng, 2);
    e->imm[1] = rng_chance(&g->rng, 80) ? 0 : 1 + rng_below(&g->rng, 4);
    return e;
}

/* May row `call` give a value of type `t` here, and with which overload? */
static bool call_fits(gen *g, const call_info *call, type t, type *overload)
{
    *overload = t;
    if (call->flags & CALL_LANES && (!g->kernel->has_lanes || g->is_in_helper))
        return false;
    if (call->flags & CALL_FULL && !g->is_full)
        return false;
    if (call->signature[0] == 'e' && t.components == 1)
        overload->components = (uint8_t)(2 + rng_below(&g->rng, 3));
    else if (call->signature[0] == 'b' && call->flags & CALL_SCALARLESS &&
             type_equal(t, scalar_type(BASE_I1)))
        *overload = (type){BASE_I1, (uint8_t)(2 + rng_below(&g->rng, 3))};
    else if (call->signature[0] == 'b' || call->signature[0] == 'l')
        *overload = call_letter_type(call->signature[0], t);
    if (!(call->bases >> overload->base & 1))
        return false;
    if (overload->components > 1 ? !(call->flags & CALL_VECTOR)
                                 : (call->flags & CALL_SCALARLESS) != 0)
        return false;
    return type_equal(call_letter_type(call->signature[0], *overload), t);
}

static void gen_fixed_operands(gen *g, expr *e)
{
    const call_info *call = &call_infos[e->op];
    unsigned modulo = 2u << rng_below(&g->rng, 5), bits = base_infos[e->overload.base].bits;
    unsigned offset = rng_below(&g->rng, bits);
    unsigned limit = strchr(call->signature, 'm') ? modulo + 1 : 32;

    for (unsigned i = 0; i < e->kid_count; i++) {
        char letter = call->signature[1 + i];
        unsigned value = 0;

        if (letter == 'd')
            value = call->flags & CALL_FULL ? 0 : rng_below(&g->rng, limit);
        else if (letter == 'q')
            value = rng_below(&g->rng, 4);
        else if (letter == 'm')
            value = modulo;
        else if (letter == 'o')
            value = offset;
        else if (letter == 'w')
            value = rng_below(&g->rng, bits - offset + 1);
        else
            continue;
        e->kids[i] = expr_const(g, call_letter_type(letter, e->overload), value);
    }
}

static expr *gen_call(gen *g, type t, unsigned depth, bool is_lanes)
{
    unsigned first = rng_below(&g->rng, call_count);
    type overload;

    for (unsigned i = 0; i < call_count; i++) {
        unsigned op = (first + i) % call_count;
        const call_info *call = &call_infos[op];

        if (((call->flags & CALL_LANES) != 0) != is_lanes || !call_fits(g, call, t, &overload))
            continue;
        expr *e = expr_new(g, EXPR_CALL, t, op, (unsigned)strlen(call->signature) - 1);

        e->overload = overload;
        e->imm[0] = rng_below(&g->rng, 2);
        for (unsigned k = 0; k < e->kid_count; k++)
            if (!call_operand_is_fixed(call, k) && call->signature[1 + k] != '0')
                e->kids[k] =
                    gen_expr(g, call_letter_type(call->signature[1 + k], overload), depth);
            else
                e->kids[k] = expr_const(g, scalar_type(BASE_I1), 0);
        gen_fixed_operands(g, e);
        return e;
    }
    return NULL;
}

static expr *gen_array(gen *g, type t, unsigned depth)
{
    unsigned found[MAX_ARRAYS + SHARED_COUNT], count = 0;
    static const base shared_bases[SHARED_COUNT] = {BASE_I32, BASE_F32, BASE_I32};

    if (t.components > 1 || g->is_in_helper)
        return NULL;
    for (unsigned i = 0; i < g->kernel->array_count; i++)
        if (g->kernel->arrays[i].base == (base)t.base)
            found[count++] = i;
    for (unsigned i = 0; i < SHARED_COUNT; i++)
        if (g->shared >> i & 1 && shared_bases[i] == (base)t.base)
            found[count++] = MAX_ARRAYS + i;
    if (!count)
        return NULL;
    unsigned which = found[rng_below(&g->rng, count)];
    bool is_shared = which >= MAX_ARRAYS;

    return gen_operation(g, is_shared ? EXPR_SHARED : EXPR_ARRAY, t,
                         is_shared ? which - MAX_ARRAYS : which, 1, scalar_type(BASE_I32),
                         depth);
}

static expr *gen_vector(gen *g, type t, unsigned depth)
{
    type elem = scalar_type((base)t.base);
    unsigned what = rng_below(&g->rng, 3);

    if (what == 0)
        return gen_operation(g, EXPR_SPLAT, t, 0, 1, elem, depth);
    expr *e = expr_new(g, what == 1 ? EXPR_INSERT : EXPR_SHUFFLE, t, 0, what == 1 ? 3 : 2);

    e->kids[0] = gen_expr(g, t, depth);
    e->kids[1] = gen_expr(g, what == 1 ? elem : t, depth);
    if (what == 1)
        e->kids[2] = rng_chance(&g->rng, 60)
                         ? expr_const(g, scalar_type(BASE_I32), rng_below(&g->rng, 4))
                         : gen_expr(g, scalar_type(BASE_I32), depth);
    for (unsigned c = 0; c < t.components; c++)
        e->imm[c] = rng_below(&g->rng, 2u * t.components);
    return e;
}

static expr *gen_extract(gen *g, type t, unsigned depth)
{
    type vector = {t.base, (uint8_t)(2 + rng_below(&g->rng, 3))};

    if (t.components > 1)
        return NULL;
    expr *e = expr_new(g, EXPR_EXTRACT, t, 0, 2);

    e->kids[0] = gen_expr(g, vector, depth);
    e->kids[1] = rng_chance(&g->rng, 60)
                     ? expr_const(g, scalar_type(BASE_I32), rng_below(&g->rng, 4))
                     : gen_expr(g, scalar_type(BASE_I32), depth);
    return e;
}

/* i32 from <2 x i16>, <4 x i16> from i64, and so on. */
static expr *gen_reshape(gen *g, type t, unsigned depth)
{
    unsigned bits = base_infos[t.base].bits * t.components;
    type from = {BASE_I8 + rng_below(&g->rng, 4), 1};

    from.components = (uint8_t)(bits / base_infos[from.base].bits);
    if (type_is_float(t) || t.components == 3 || from.components == t.components ||
        from.components > 4 || from.components == 0)
        return NULL;
    return gen_operation(g, EXPR_RESHAPE, t, 0, 1, from, depth);
}

static expr *gen_overflow(gen *g, type t, unsigned depth)
{
    type operand = t;

    if (t.base == BASE_I1)
        operand.base = (uint8_t)(BASE_I8 + rng_below(&g->rng, 4));
    if (type_is_float(t) || t.components > 1)
        return NULL;
    return gen_operation(g, EXPR_OVERFLOW, t, rng_below(&g->rng, OVERFLOW_COUNT), 2, operand,
                         depth);
}

static expr *gen_helper_call(gen *g, type t, unsigned depth)
{
    if (g->is_in_helper)
        return NULL;
    for (unsigned i = 0; i < g->kernel->helper_count; i++) {
        const helper *h = &g->kernel->helpers[i];

        if (!type_equal(h->body->type, t) || rng_chance(&g->rng, 30))
            continue;
        expr *e = expr_new(g, EXPR_HELPER, t, i, 2);

        e->kids[0] = gen_expr(g, h->params[0], depth);
        e->kids[1] = gen_expr(g, h->params[1], depth);
        return e;
    }
    return NULL;
}

/* One try; NULL when the chosen production does not fit the type. */
static expr *gen_try(gen *g, type t, unsigned depth)
{
    unsigned roll = rng_below(&g->rng, 100);

    if (g->kernel->has_lanes && rng_chance(&g->rng, 7))
        return gen_call(g, t, depth, true);
    if (t.base == BASE_I1)
        return roll < 3    ? gen_overflow(g, t, depth)
               : roll < 70 ? gen_compare(g, t, depth)
               : roll < 85 ? gen_binary(g, t, depth)
               : roll < 90 ? gen_call(g, t, depth, false)
                           : gen_choice(g, t, depth);
    if (roll < 5)
        return roll < 2 ? gen_overflow(g, t, depth) : gen_reshape(g, t, depth);
    if (roll < 36)
        return gen_binary(g, t, depth);
    if (roll < 52)
        return gen_call(g, t, depth, false);
    if (roll < 64)
        return gen_cast(g, t, depth);
    if (roll < 72)
        return gen_choice(g, t, depth);
    if (roll < 78)
        return roll < 75 ? gen_load(g, t, depth) : gen_pick(g, t, depth);
    if (roll < 85)
        return gen_array(g, t, depth);
    if (roll < 91)
        return t.components > 1 ? gen_vector(g, t, depth) : gen_extract(g, t, depth);
    if (roll < 95)
        return gen_helper_call(g, t, depth);
    return gen_operation(g, type_is_float(t) ? EXPR_FNEG : EXPR_FREEZE, t, 0, 1, t, depth);
}

expr *gen_expr(gen *g, type t, unsigned depth)
{
    if (depth == 0 || rng_chance(&g->rng, 15))
        return gen_leaf(g, t);
    for (unsigned tries = 0; tries < 3; tries++) {
        expr *e = gen_try(g, t, depth - 1);

        if (e)
            return e;
    }
    return gen_leaf(g, t);
}

expr *gen_uniform(gen *g, unsigned depth)
{
    static const uint8_t inputs[] = {INPUT_TGX, INPUT_TGX, INPUT_COUNT, INPUT_TOTAL};
    type i32 = scalar_type(BASE_I32);
    unsigned roll = rng_below(&g->rng, 100);

    if (depth && roll < 40) {
        expr *e = expr_new(g, EXPR_BINARY, i32, rng_below(&g->rng, 3) ? 0 : 9, 2);

        e->kids[0] = gen_uniform(g, depth - 1);
        e->kids[1] = gen_uniform(g, depth - 1);
        return e;
    }
    if (g->uniform_counter_count && roll < 65)
        return expr_new(g, EXPR_VAR, i32,
                        g->uniform_counters[rng_below(&g->rng, g->uniform_counter_count)], 0);
    if (roll < 75)
        return expr_new(g, EXPR_INPUT, i32, inputs[rng_below(&g->rng, sizeof(inputs))], 0);
    if (roll < 90) {
        expr *e = expr_new(g, EXPR_LOAD, i32, 10, 0);

        e->imm[0] = INDEX_CONST;
        e->imm[2] = rng_below(&g->rng, CONSTANT_ELEMS);
        return e;
    }
    return gen_const(g, i32);
}

expr *gen_condition(gen *g, bool is_uniform, unsigned depth)
{
    if (!is_uniform)
        return gen_expr(g, scalar_type(BASE_I1), depth);
    expr *e = expr_new(g, EXPR_ICMP, scalar_type(BASE_I1), rng_below(&g->rng, ICMP_COUNT), 2);

    e->kids[0] = expr_new(g, EXPR_BINARY, scalar_type(BASE_I32), BINARY_AND, 2);
    e->kids[0]->kids[0] = gen_uniform(g, 1);
    e->kids[0]->kids[1] = expr_const(g, scalar_type(BASE_I32), 3);
    e->kids[1] = expr_const(g, scalar_type(BASE_I32), rng_below(&g->rng, 4));
    return e;
}
