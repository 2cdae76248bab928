/* SPDX-License-Identifier: MIT */
/* Bessel functions of libdevice in float and in double.
 *
 * Up to 8 polynomials in x^2, with the logarithm beside them for those of the second kind;
 * beyond it Hankel's form, sqrt(2 / (pi x)) (P cos(x - a) - Q sin(x - a)) with P and Q
 * polynomials in 1 / x^2, the differences in the arguments taken apart into sums of sin(x) and
 * cos(x). The growing ones are a series of positive terms, beyond 8 exp(x) / sqrt(x) times a
 * polynomial in 1 / x. bessel.def has the terms. Errors are 12 ulp of the amplitude sqrt(J^2 +
 * Y^2) at most, as the zeros are no numbers of floating point, and 5 ulp where a function has
 * none (tests/ttir/bessel.py). Other orders follow by recurrence, upwards while it is stable.
 */
#include "ttir/lower.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TERMS(name, type, ...) static const double name##_##type[] = {__VA_ARGS__};
#include "ttir/bessel.def"
#undef TERMS

typedef struct polynomial {
    const double *terms; /* from the highest power down */
    unsigned count;
} polynomial;

typedef enum poly_id {
    J0_NEAR,
    J1_NEAR,
    J0_SMALL,
    Y0_NEAR,
    Y1_NEAR,
    P0_FAR,
    Q0_FAR,
    P1_FAR,
    Q1_FAR,
    I0_FAR,
    I1_FAR,
    I0_NEAR,
    I1_NEAR,
    POLYNOMIALS
} poly_id;

#define TWO_OVER_PI 0.63661977236758134

enum { F32, F64 };

static const polynomial polynomials[POLYNOMIALS][2] = {
#define TERMS(name, type, ...)                                                                 \
    [name][type] = {name##_##type, sizeof name##_##type / sizeof(double)},
#include "ttir/bessel.def"
#undef TERMS
};

typedef struct bessel {
    tj_tt_lower *l;
    LLVMTypeRef type;
    unsigned which; /* F32, F64 */
    LLVMValueRef x, size, is_far;
    LLVMValueRef t, w; /* the polynomials' arguments: near 0, and 8 / x */
} bessel;

/* ---- shorthands -------------------------------------------------------------------------- */

static LLVMValueRef real(const bessel *b, double value)
{
    return LLVMConstReal(b->type, value);
}

static LLVMValueRef air(const bessel *b, const char *name, LLVMValueRef x)
{
    char full[32];
    snprintf(full, sizeof full, "air.%s.%s", name, b->which == F64 ? "f64" : "f32");
    return tj_tt_call(b->l, full, b->type, &x, 1);
}

static LLVMValueRef fma3(const bessel *b, LLVMValueRef x, LLVMValueRef y, LLVMValueRef z)
{
    LLVMValueRef args[] = {x, y, z};
    return tj_tt_call(b->l, b->which == F64 ? "air.fma.f64" : "air.fma.f32", b->type, args, 3);
}

static LLVMValueRef add(const bessel *b, LLVMValueRef x, LLVMValueRef y)
{
    return LLVMBuildFAdd(b->l->builder, x, y, "");
}

static LLVMValueRef sub(const bessel *b, LLVMValueRef x, LLVMValueRef y)
{
    return LLVMBuildFSub(b->l->builder, x, y, "");
}

static LLVMValueRef mul(const bessel *b, LLVMValueRef x, LLVMValueRef y)
{
    return LLVMBuildFMul(b->l->builder, x, y, "");
}

static LLVMValueRef over(const bessel *b, LLVMValueRef x, LLVMValueRef y)
{
    return LLVMBuildFDiv(b->l->builder, x, y, "");
}

static LLVMValueRef choose(const bessel *b, LLVMRealPredicate predicate, LLVMValueRef x,
                           double with, LLVMValueRef yes, LLVMValueRef no)
{
    LLVMValueRef holds = LLVMBuildFCmp(b->l->builder, predicate, x, real(b, with), "");
    return LLVMBuildSelect(b->l->builder, holds, yes, no, "");
}

static LLVMValueRef far_or(const bessel *b, LLVMValueRef far, LLVMValueRef near)
{
    return LLVMBuildSelect(b->l->builder, b->is_far, far, near, "");
}

static LLVMValueRef sum_of(const bessel *b, poly_id id, LLVMValueRef t)
{
    const polynomial *p = &polynomials[id][b->which];
    LLVMValueRef sum = real(b, p->terms[0]);
    for (unsigned i = 1; i < p->count; i++)
        sum = fma3(b, sum, t, real(b, p->terms[i]));
    return sum;
}

/* ---- functions that oscillate ------------------------------------------------------------ */

/* J0 up to 1 by what it is less than 1. */
static LLVMValueRef first_near(const bessel *b, int order)
{
    LLVMValueRef out = sum_of(b, order ? J1_NEAR : J0_NEAR, b->t);
    if (order)
        return mul(b, out, b->x);
    LLVMValueRef square = mul(b, b->size, b->size);
    LLVMValueRef small = fma3(b, sum_of(b, J0_SMALL, square), square, real(b, 1));
    return choose(b, LLVMRealOLT, b->size, 1, small, out);
}

static LLVMValueRef near_of(const bessel *b, int order, bool is_second)
{
    LLVMValueRef first = first_near(b, order);
    if (!is_second)
        return first;
    LLVMValueRef rest = sum_of(b, order ? Y1_NEAR : Y0_NEAR, b->t);
    LLVMValueRef part = mul(b, air(b, "log", b->size), first);
    if (!order)
        return fma3(b, part, real(b, TWO_OVER_PI), rest);
    LLVMValueRef pole = over(b, real(b, -TWO_OVER_PI), b->size);
    return add(b, fma3(b, part, real(b, TWO_OVER_PI), mul(b, rest, b->size)), pole);
}

/* With s and c the sine and cosine of x; sqrt(2) is in the root. */
static LLVMValueRef far_of(const bessel *b, int order, bool is_second)
{
    LLVMValueRef t = fma3(b, mul(b, b->w, real(b, 2)), b->w, real(b, -1));
    LLVMValueRef p = sum_of(b, order ? P1_FAR : P0_FAR, t);
    LLVMValueRef q = mul(b, sum_of(b, order ? Q1_FAR : Q0_FAR, t), b->w);
    LLVMValueRef s = air(b, "sin", b->size), c = air(b, "cos", b->size);
    LLVMValueRef both = add(b, s, c), less = sub(b, s, c), wave;
    if (order != is_second) /* J1, Y0 */
        wave = fma3(b, p, less, mul(b, q, both));
    else if (order) /* Y1 */
        wave = fma3(b, q, less, LLVMBuildFNeg(b->l->builder, mul(b, p, both), ""));
    else
        wave = fma3(b, p, both, LLVMBuildFNeg(b->l->builder, mul(b, q, less), ""));
    LLVMValueRef root = air(b, "sqrt", over(b, real(b, (TWO_OVER_PI / 2)), b->size));
    return mul(b, root, wave);
}

static LLVMValueRef oscillating(const bessel *b, int order, bool is_second)
{
    LLVMValueRef near = near_of(b, order, is_second), far = far_of(b, order, is_second);
    far = choose(b, LLVMRealOEQ, b->size, HUGE_VAL, real(b, 0), far);
    if (order)
        far = choose(b, LLVMRealOLT, b->x, 0, LLVMBuildFNeg(b->l->builder, far, ""), far);
    LLVMValueRef out = far_or(b, far, near);
    if (!is_second)
        return out;
    out = choose(b, LLVMRealOEQ, b->x, 0, real(b, -HUGE_VAL), out);
    return choose(b, LLVMRealOLT, b->x, 0, real(b, NAN), out);
}

/* ---- functions that grow ----------------------------------------------------------------- */

/* exp(x) by halves: the function is finite where exp(x) no longer is. */
static LLVMValueRef growing(const bessel *b, int order)
{
    LLVMValueRef quarter = mul(b, mul(b, b->size, b->size), real(b, 0.25));
    LLVMValueRef near = sum_of(b, order ? I1_NEAR : I0_NEAR, quarter);
    LLVMValueRef half = air(b, "exp", mul(b, b->size, real(b, 0.5)));
    LLVMValueRef t = fma3(b, b->w, real(b, 2), real(b, -1));
    LLVMValueRef far = over(b, sum_of(b, order ? I1_FAR : I0_FAR, t), air(b, "sqrt", b->size));
    far = mul(b, mul(b, half, far), half);
    far = choose(b, LLVMRealOEQ, b->size, HUGE_VAL, b->size, far);
    if (!order)
        return far_or(b, far, near);
    far = choose(b, LLVMRealOLT, b->x, 0, LLVMBuildFNeg(b->l->builder, far, ""), far);
    return far_or(b, far, mul(b, near, b->x));
}

/* ---- functions of any order -------------------------------------------------------------- */

static LLVMValueRef i32(const bessel *b, int value)
{
    return tj_tt_i32(b->l, (uint32_t)value);
}

/* A loop over whole numbers with values that it carries. */
typedef struct loop {
    LLVMBasicBlockRef before, head, body, end;
    LLVMValueRef at, carried[4]; /* phis */
    unsigned count;
} loop;

static LLVMValueRef make_phi(const bessel *b, const loop *o, LLVMValueRef start)
{
    LLVMValueRef phi = LLVMBuildPhi(b->l->builder, LLVMTypeOf(start), "");
    LLVMAddIncoming(phi, &start, (LLVMBasicBlockRef *)&o->before, 1);
    return phi;
}

static loop begin_loop(const bessel *b, LLVMValueRef start, const LLVMValueRef *carried,
                       unsigned count)
{
    loop o = {.before = LLVMGetInsertBlock(b->l->builder),
              .head = tj_tt_new_block(b->l, "order"),
              .body = tj_tt_new_block(b->l, "order_step"),
              .end = tj_tt_new_block(b->l, "order_end"),
              .count = count};
    LLVMBuildBr(b->l->builder, o.head);
    LLVMPositionBuilderAtEnd(b->l->builder, o.head);
    o.at = make_phi(b, &o, start);
    for (unsigned i = 0; i < count; i++)
        o.carried[i] = make_phi(b, &o, carried[i]);
    return o;
}

static void begin_body(const bessel *b, const loop *o, LLVMValueRef goes_on)
{
    LLVMBuildCondBr(b->l->builder, goes_on, o->body, o->end);
    LLVMPositionBuilderAtEnd(b->l->builder, o->body);
}

static void end_loop(const bessel *b, const loop *o, int step, const LLVMValueRef *carried)
{
    LLVMValueRef next = LLVMBuildAdd(b->l->builder, o->at, i32(b, step), "");
    LLVMBasicBlockRef body = o->body;
    LLVMAddIncoming(o->at, &next, &body, 1);
    for (unsigned i = 0; i < o->count; i++)
        LLVMAddIncoming(o->carried[i], (LLVMValueRef *)&carried[i], &body, 1);
    LLVMBuildBr(b->l->builder, o->head);
    LLVMPositionBuilderAtEnd(b->l->builder, o->end);
}

static LLVMValueRef both(const bessel *b, LLVMValueRef x, LLVMValueRef y)
{
    return LLVMBuildAnd(b->l->builder, x, y, "");
}

static LLVMValueRef whole(const bessel *b, LLVMIntPredicate predicate, LLVMValueRef n,
                          LLVMValueRef with)
{
    return LLVMBuildICmp(b->l->builder, predicate, n, with, "");
}

static LLVMValueRef compare(const bessel *b, LLVMRealPredicate predicate, LLVMValueRef x,
                            LLVMValueRef y)
{
    return LLVMBuildFCmp(b->l->builder, predicate, x, y, "");
}

static LLVMValueRef pick(const bessel *b, LLVMValueRef when, LLVMValueRef yes, LLVMValueRef no)
{
    return LLVMBuildSelect(b->l->builder, when, yes, no, "");
}

/* 2 k / x. */
static LLVMValueRef factor(const bessel *b, LLVMValueRef k)
{
    LLVMValueRef as_float = LLVMBuildSIToFP(b->l->builder, k, b->type, "");
    return over(b, mul(b, as_float, real(b, 2)), b->size);
}

/* From orders 0 and 1 up to n, while it is a number. */
static LLVMValueRef climb(const bessel *b, LLVMValueRef zeroth, LLVMValueRef first,
                          LLVMValueRef n)
{
    loop o = begin_loop(b, i32(b, 1), (LLVMValueRef[]){zeroth, first}, 2);
    begin_body(b, &o,
               both(b, whole(b, LLVMIntSLT, o.at, n),
                    compare(b, LLVMRealOGT, o.carried[1], real(b, -HUGE_VAL))));
    LLVMValueRef less = LLVMBuildFNeg(b->l->builder, o.carried[0], "");
    LLVMValueRef next = fma3(b, factor(b, o.at), o.carried[1], less);
    end_loop(b, &o, 1, (LLVMValueRef[]){o.carried[1], next});
    return pick(b, whole(b, LLVMIntEQ, n, i32(b, 0)), zeroth, o.carried[1]);
}

/* (x / 2)^n / n! of small x. */
static LLVMValueRef power(const bessel *b, LLVMValueRef n)
{
    LLVMValueRef one = real(b, 1);
    loop o = begin_loop(b, i32(b, 1), &one, 1);
    begin_body(b, &o,
               both(b, whole(b, LLVMIntSLE, o.at, n),
                    compare(b, LLVMRealONE, o.carried[0], real(b, 0))));
    LLVMValueRef next = over(b, o.carried[0], factor(b, o.at));
    end_loop(b, &o, 1, &next);
    return o.carried[0];
}

/* From an order far above n down to 0, scaled so that J0 + 2 (J2 + J4 + ...) is 1 (Miller). */
static LLVMValueRef descend(const bessel *b, LLVMValueRef n)
{
    bool is_double = b->which == F64;
    LLVMBuilderRef builder = b->l->builder;
    LLVMValueRef most = real(b, is_double ? 0x1p200 : 0x1p60), zero = real(b, 0);
    LLVMValueRef room = LLVMBuildSIToFP(builder, n, b->type, "");
    room = air(b, "sqrt", mul(b, room, real(b, is_double ? 200 : 60)));
    LLVMValueRef start =
        LLVMBuildAdd(builder, n, LLVMBuildFPToSI(builder, room, LLVMTypeOf(n), ""), "");
    start = LLVMBuildAnd(builder, start, i32(b, -2), "");
    enum { ABOVE, THIS, SUM, WANTED };
    loop o = begin_loop(b, start, (LLVMValueRef[]){zero, real(b, 1), zero, zero}, 4);
    begin_body(b, &o, whole(b, LLVMIntSGT, o.at, i32(b, 0)));
    LLVMValueRef less = LLVMBuildFNeg(builder, o.carried[ABOVE], "");
    LLVMValueRef below = fma3(b, factor(b, o.at), o.carried[THIS], less);
    LLVMValueRef is_big = compare(b, LLVMRealOGT, air(b, "fabs", below), most);
    LLVMValueRef scale = pick(b, is_big, real(b, is_double ? 0x1p-200 : 0x1p-60), real(b, 1));
    LLVMValueRef here = mul(b, o.carried[THIS], scale), sum = mul(b, o.carried[SUM], scale);
    below = mul(b, below, scale);
    LLVMValueRef is_odd =
        whole(b, LLVMIntNE, LLVMBuildAnd(builder, o.at, i32(b, 1), ""), i32(b, 0));
    sum = pick(b, is_odd, add(b, sum, below), sum);
    LLVMValueRef wanted =
        pick(b, whole(b, LLVMIntEQ, o.at, n), here, mul(b, o.carried[WANTED], scale));
    end_loop(b, &o, -1, (LLVMValueRef[]){here, below, sum, wanted});
    LLVMValueRef all = sub(b, mul(b, o.carried[SUM], real(b, 2)), o.carried[THIS]);
    return over(b, o.carried[WANTED], all);
}

/* Upwards where n < |x|, else downwards, or the first term of the series; no loop runs where n
 * is so large that the result is 0. */
static LLVMValueRef first_of_order(const bessel *b, LLVMValueRef n)
{
    bool is_double = b->which == F64;
    LLVMBuilderRef builder = b->l->builder;
    bessel right = *b; /* of |x| */
    right.x = b->size;
    LLVMValueRef order = LLVMBuildSIToFP(builder, n, b->type, ""), none = i32(b, 0);
    LLVMValueRef is_first = whole(b, LLVMIntSLE, n, i32(b, 1));
    LLVMValueRef is_finite = compare(b, LLVMRealOLT, b->size, real(b, HUGE_VAL));
    LLVMValueRef is_up = both(b, compare(b, LLVMRealOGT, b->size, order), is_finite);
    LLVMValueRef is_beyond = LLVMBuildNot(builder, is_first, "");
    is_beyond = both(b, is_beyond, compare(b, LLVMRealOLE, b->size, order));
    LLVMValueRef is_small =
        compare(b, LLVMRealOLT, b->size, real(b, is_double ? 0x1p-26 : 0x1p-12));
    LLVMValueRef is_lost = both(b, compare(b, LLVMRealOGE, order, mul(b, b->size, real(b, 2))),
                                whole(b, LLVMIntSGT, n, i32(b, is_double ? 2000 : 300)));
    LLVMValueRef loops = both(b, is_beyond, LLVMBuildNot(builder, is_lost, ""));
    LLVMValueRef is_down = both(b, loops, LLVMBuildNot(builder, is_small, ""));
    is_small = both(b, loops, is_small);
    LLVMValueRef count = LLVMBuildOr(builder, is_up, is_first, "");
    LLVMValueRef out = climb(b, oscillating(&right, 0, false), oscillating(&right, 1, false),
                             pick(b, count, n, i32(b, 1)));
    out = pick(b, is_beyond, real(b, 0), out);
    out = pick(b, is_small, power(b, pick(b, is_small, n, none)), out);
    out = pick(b, is_down, descend(b, pick(b, is_down, n, none)), out);
    LLVMValueRef is_odd = whole(b, LLVMIntNE, LLVMBuildAnd(builder, n, i32(b, 1), ""), none);
    LLVMValueRef is_left = both(b, is_odd, compare(b, LLVMRealOLT, b->x, real(b, 0)));
    return pick(b, is_left, LLVMBuildFNeg(builder, out, ""), out);
}

static LLVMValueRef of_order(const bessel *b, LLVMValueRef n, bool is_second)
{
    LLVMValueRef out;
    if (is_second) {
        LLVMValueRef is_finite = compare(b, LLVMRealOLT, b->size, real(b, HUGE_VAL));
        LLVMValueRef is_low = whole(b, LLVMIntSLE, n, i32(b, 1));
        LLVMValueRef count = LLVMBuildOr(b->l->builder, is_finite, is_low, "");
        out = climb(b, oscillating(b, 0, true), oscillating(b, 1, true),
                    pick(b, count, n, i32(b, 1)));
    } else {
        out = first_of_order(b, n);
    }
    return pick(b, whole(b, LLVMIntSLT, n, i32(b, 0)), real(b, NAN), out);
}

static bessel prepare(tj_tt_lower *l, LLVMValueRef x, unsigned which)
{
    bessel b = {.l = l, .type = LLVMTypeOf(x), .which = which, .x = x};
    b.size = air(&b, "fabs", b.x);
    b.is_far = LLVMBuildFCmp(l->builder, LLVMRealOGT, b.size, real(&b, 8), "");
    b.w = over(&b, real(&b, 8), b.size);
    b.t = fma3(&b, b.size, mul(&b, b.size, real(&b, 1.0 / 32)), real(&b, -1));
    return b;
}

LLVMValueRef tj_tt_lower_bessel(tj_tt_lower *l, const tj_tt_op *op, const char *name,
                                LLVMValueRef *args)
{
    static const struct {
        const char *name;
        uint8_t order;
        bool is_second, is_growing;
    } rows[] = {
        {"j0", 0, false, false},
        {"j1", 1, false, false},
        {"y0", 0, true, false},
        {"y1", 1, true, false},
        {"i0", 0, false, true},
        {"i1", 1, false, true},
        {"cyl_bessel_i0", 0, false, true},
        {"cyl_bessel_i1", 1, false, true},
    };
    bool has_order = op->operand_count == 2, is_second = has_order && *name == 'y';
    bool is_double = tj_tt_has_types(op, has_order ? "idd" : "dd");
    if (!is_double && !tj_tt_has_types(op, has_order ? "iff" : "ff"))
        return NULL;
    unsigned which = is_double ? F64 : F32;
    if (has_order) {
        if (strcmp(name, "jn") != 0 && strcmp(name, "yn") != 0)
            return NULL;
        bessel b = prepare(l, args[1], which);
        return of_order(&b, args[0], is_second);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        bessel b = prepare(l, args[0], which);
        return rows[i].is_growing ? growing(&b, rows[i].order)
                                  : oscillating(&b, rows[i].order, rows[i].is_second);
    }
    return NULL;
}
