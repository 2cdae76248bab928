/* SPDX-License-Identifier: MIT */
/* Elementary functions have the bits of the scalar ones; half and bfloat round once. */
#include "runtime_util.h"

#include "elementary.h"
#include "half.h"

#include <math.h>

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

enum { POINTS = 37 };

/* Zeros, ones, extremes, subnormals, NaN, then bits from a generator. */
static void fill_points(float *x, uint64_t seed)
{
    static const float edges[] = {0.0f, -0.0f,     1.0f,    -1.0f,  0.5f, 1e-42f, 3.4e38f,
                                  88.0f, INFINITY, -INFINITY, NAN,  2.5f, -7.25f, 100000.5f};
    unsigned edge_count = sizeof edges / sizeof *edges;

    for (unsigned i = 0; i < POINTS; i++)
        x[i] = i < edge_count ? edges[i] : float_of((uint32_t)tjrt_mix(seed + i));
}

static void assert_same(float got, float wanted)
{
    if (!isnan(wanted) || !isnan(got))
        assert_int_equal(bits_of(got), bits_of(wanted));
}

typedef void unary_array(float *out, const float *x, uint32_t count);
typedef float unary(float x);

static void check_unary(unary_array *array, unary *scalar)
{
    float x[POINTS], out[POINTS];

    for (uint64_t seed = 0; seed < 50; seed++) {
        fill_points(x, seed * 1000);
        array(out, x, POINTS);
        for (unsigned i = 0; i < POINTS; i++)
            assert_same(out[i], scalar(x[i]));
        memcpy(out, x, sizeof x);
        array(out, out, POINTS - 1); /* in place, and not one too many */
        assert_same(out[POINTS - 1], x[POINTS - 1]);
        for (unsigned i = 0; i + 1 < POINTS; i++)
            assert_same(out[i], scalar(x[i]));
    }
}

static void test_one_argument(void **state)
{
    (void)state;
    check_unary(tjrt_math_acos, acosf);
    check_unary(tjrt_math_acosh, acoshf);
    check_unary(tjrt_math_asin, asinf);
    check_unary(tjrt_math_asinh, asinhf);
    check_unary(tjrt_math_atan, atanf);
    check_unary(tjrt_math_atanh, atanhf);
    check_unary(tjrt_math_cos, cosf);
    check_unary(tjrt_math_cosh, coshf);
    check_unary(tjrt_math_exp, expf);
    check_unary(tjrt_math_exp10, exp10f);
    check_unary(tjrt_math_exp2, exp2f);
    check_unary(tjrt_math_log, logf);
    check_unary(tjrt_math_log10, log10f);
    check_unary(tjrt_math_log2, log2f);
    check_unary(tjrt_math_sin, sinf);
    check_unary(tjrt_math_sinh, sinhf);
    check_unary(tjrt_math_tan, tanf);
    check_unary(tjrt_math_tanh, tanhf);
}

typedef void binary_array(float *out, const float *x, const float *y, uint32_t count);
typedef float binary(float x, float y);

static void check_binary(binary_array *array, binary *scalar)
{
    float x[POINTS], y[POINTS], out[POINTS];

    for (uint64_t seed = 0; seed < 100; seed++) {
        fill_points(x, seed * 1000);
        fill_points(y, seed * 77777);
        for (unsigned i = 0; i < POINTS; i++) /* each edge meets each edge */
            y[i] = y[(i + seed) % POINTS];
        array(out, x, y, POINTS);
        for (unsigned i = 0; i < POINTS; i++)
            assert_same(out[i], scalar(x[i], y[i]));
    }
}

static void test_two_arguments(void **state)
{
    float x[] = {1.0f, 1.5f, -3.0f}, out[3];
    int32_t e[] = {3, -200, 1000};
    (void)state;

    check_binary(tjrt_math_atan2, atan2f);
    check_binary(tjrt_math_fmod, fmodf);
    check_binary(tjrt_math_nextafter, nextafterf);
    check_binary(tjrt_math_pow, powf);
    check_binary(tjrt_math_powr, powf);
    tjrt_math_ldexp(out, x, e, 3);
    assert_true(out[0] == 8.0f && out[1] == 0.0f && out[2] == -INFINITY);
}

static void test_multiples_of_pi(void **state)
{
    static const float x[] = {0.5f, 1.5f, -0.5f, 1.0f, -3.0f, 0.25f, 16777216.0f, 4194304.5f};
    static const float sine[] = {1, -1, -1, 0, 0, 0.70710678f, 0, 1};
    static const float cosine[] = {0, 0, 0, -1, -1, 0.70710678f, 1, 0};
    static const float tangent[] = {INFINITY, -INFINITY, -INFINITY, 0, 0, 1, 0, INFINITY};
    float out[8];
    (void)state;

    tjrt_math_sinpi(out, x, 8);
    for (unsigned i = 0; i < 8; i++)
        assert_true(out[i] == sine[i]);
    tjrt_math_cospi(out, x, 8);
    for (unsigned i = 0; i < 8; i++)
        assert_true(out[i] == cosine[i]);
    tjrt_math_tanpi(out, x, 8);
    for (unsigned i = 0; i < 8; i++)
        assert_true(out[i] == tangent[i]);
}

/* ---- 16-bit floats ------------------------------------------------------------------- */

typedef struct narrow_format {
    float (*from_float)(float);
    float (*from_double)(double);
    int mantissa_bits, bias;
} narrow_format;

static const narrow_format formats[] = {
    {tjrt_float_to_half, tjrt_double_to_half, 10, 15},
    {tjrt_float_to_bfloat, tjrt_double_to_bfloat, 7, 127},
};

/* The value of 16 bits, by the definition of the format. */
static double value_of(const narrow_format *format, uint32_t bits)
{
    int exponent = (int)((bits & 0x7fff) >> format->mantissa_bits);
    int mantissa = (int)(bits & ((1u << format->mantissa_bits) - 1));
    double scale = bits >> 15 ? -1 : 1;

    if (exponent == 2 * format->bias + 1)
        return mantissa ? NAN : scale * INFINITY;
    if (!exponent)
        return scale * ldexp(mantissa, 1 - format->bias - format->mantissa_bits);
    return scale * ldexp(mantissa + (1 << format->mantissa_bits),
                         exponent - format->bias - format->mantissa_bits);
}

static uint32_t narrow_bits(float carrier)
{
    return bits_of(carrier) & 0xffff;
}

static void test_half_widens_exactly(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        double wanted = value_of(&formats[0], bits);
        double got = tjrt_half_to_double(float_of(bits));
        float got_float = tjrt_half_to_float(float_of(bits));
        if (isnan(wanted)) {
            assert_true(isnan(got) && isnan(got_float));
            continue;
        }
        assert_true(got == wanted && !signbit(got) == !signbit(wanted));
        assert_true((double)got_float == wanted && !signbit(got_float) == !signbit(wanted));
    }
}

/* Values, midpoints and points just beside midpoints of neighbours. */
static void check_rounding(const narrow_format *format, uint32_t bits)
{
    double low = value_of(format, bits), high = value_of(format, bits + 1);
    uint32_t even = bits & 1 ? bits + 1 : bits;

    if (isnan(low) || isnan(high) || isinf(low))
        return;
    if (isinf(high)) /* what the next power of two would be */
        high = 2 * low - value_of(format, bits - 1);
    double middle = low + (high - low) / 2;
    assert_int_equal(narrow_bits(format->from_double(low)), bits);
    assert_int_equal(narrow_bits(format->from_double(middle)), even);
    assert_int_equal(narrow_bits(format->from_double(nextafter(middle, low))), bits);
    assert_int_equal(narrow_bits(format->from_double(nextafter(middle, high))), bits + 1);
    assert_int_equal(narrow_bits(format->from_float((float)low)), bits);
    assert_int_equal(narrow_bits(format->from_float((float)middle)), even);
    assert_int_equal(narrow_bits(format->from_double(-middle)), even | 0x8000);
}

static void test_narrowing_rounds_to_nearest_even(void **state)
{
    (void)state;
    for (unsigned f = 0; f < 2; f++) {
        const narrow_format *format = &formats[f];
        for (uint32_t bits = 0; bits < 0x7fff; bits++)
            check_rounding(format, bits);
        uint32_t infinity = (uint32_t)(2 * format->bias + 1) << format->mantissa_bits;
        assert_int_equal(narrow_bits(format->from_double(1e300)), infinity);
        assert_int_equal(narrow_bits(format->from_float(-INFINITY)), infinity | 0x8000);
        assert_int_equal(narrow_bits(format->from_double(5e-324)), 0);
        assert_int_equal(narrow_bits(format->from_double(-0.0)), 0x8000);
        assert_true(isnan(value_of(format, narrow_bits(format->from_float(NAN)))));
        assert_true(isnan(value_of(format, narrow_bits(format->from_float(
                                               float_of(0x7f800001))))));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_argument),
        cmocka_unit_test(test_two_arguments),
        cmocka_unit_test(test_multiples_of_pi),
        cmocka_unit_test(test_half_widens_exactly),
        cmocka_unit_test(test_narrowing_rounds_to_nearest_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
