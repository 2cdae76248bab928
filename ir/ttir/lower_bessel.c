/* SPDX-License-Identifier: MIT */
/* Bessel functions of libdevice, of order 0 and 1, in float and in double.
 *
 * Up to 8 polynomials in x^2, with the logarithm beside them for those of the second kind;
 * beyond it Hankel's form, sqrt(2 / (pi x)) (P cos(x - a) - Q sin(x - a)) with P and Q
 * polynomials in 1 / x^2, the differences in the arguments taken apart into sums of sin(x) and
 * cos(x). The growing ones are a series of positive terms, beyond 8 exp(x) / sqrt(x) times a
 * polynomial in 1 / x. bessel.def has the terms. Errors are 12 ulp of the amplitude sqrt(J^2 +
 * Y^2) at most, as the zeros are no numbers of floating point, and 5 ulp where a function has
 * none (tests/ttir/bessel.py).
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
    bool is_double = tj_tt_has_types(op, "dd");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) != 0 || !(is_double || tj_tt_has_types(op, "ff")))
            continue;
        bessel b = {
            .l = l, .type = LLVMTypeOf(args[0]), .which = is_double ? F64 : F32, .x = args[0]};
        b.size = air(&b, "fabs", b.x);
        b.is_far = LLVMBuildFCmp(l->builder, LLVMRealOGT, b.size, real(&b, 8), "");
        b.w = over(&b, real(&b, 8), b.size);
        b.t = fma3(&b, b.size, mul(&b, b.size, real(&b, 1.0 / 32)), real(&b, -1));
        return rows[i].is_growing ? growing(&b, rows[i].order)
                                  : oscillating(&b, rows[i].order, rows[i].is_second);
    }
    return NULL;
}
