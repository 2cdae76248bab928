/* SPDX-License-Identifier: MIT */
/* needs: tools/values.c tools/element.c tools/half.c tools/random.c tools/npy.c tools/file.c tools/print.c tools/compare.c tools/failure.c */
/* VALUE, elements as text, half and bfloat, printing and comparing. */
#include "tools/compare.h"
#include "tools/element.h"
#include "tools/half.h"
#include "tools/print.h"
#include "tools/random.h"
#include "tools/values.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- VALUE ---------------------------------------------------------------------------- */

/* What `--print` shows of the value; the caller frees it. */
static char *shown(const char *text)
{
    tj_failure why = {0};
    tj_value value = {0};
    char *out = NULL;
    size_t len = 0;

    if (tj_value_parse(text, &value, &why))
        fail_msg("%s: %s", text, why.message);
    FILE *to = open_memstream(&out, &len);
    tj_print_value(to, "v", &value, false);
    fclose(to);
    tj_value_fini(&value);
    return out;
}

typedef struct text_case {
    const char *input, *expected;
} text_case;

static void values_are_made(void **state)
{
    static const text_case cases[] = {
        {"f32[4]", "v = 0 0 0 0\n"},
        {"f32[3]:ones", "v = 1 1 1\n"},
        {"u8[2]:0xff", "v = 255 255\n"},
        {"i8[2]:-128", "v = -128 -128\n"},
        {"i32[2]:010", "v = 10 10\n"},
        {"u64[1]:18446744073709551615", "v = 18446744073709551615\n"},
        {"i64[1]:-9223372036854775808", "v = -9223372036854775808\n"},
        {"bool[4]:iota", "v = 0 1 0 1\n"},
        {"bool:true,0,false,1", "v = 1 0 0 1\n"},
        {"f32:1,2,3.5", "v = 1 2 3.5\n"},
        {"f32[3]:3,2,1", "v = 3 2 1\n"},
        {"f32:7", "v = 7\n"},
        {"f32[2]:-inf", "v = -inf -inf\n"},
        {"f16[2]:nan", "v = nan nan\n"},
        {"f32[1]:0x1.8p-3", "v = 0.1875\n"},
        {"f16[2]:0.1", "v = 0.1 0.1\n"},
        {"bf16[2]:0.1", "v = 0.1 0.1\n"},
        {"f32[0]", "v =\n"},
        {"u8[300]:iota", "v u8[300] = 0 1 2 ... 41 42 43\n"},
        {"i8[16x16]:iota", "v i8[16x16] = 0 1 2 ... -3 -2 -1\n"},
        {"f32[17]:iota", "v f32[17] = 0 1 2 ... 14 15 16\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = shown(cases[i].input);
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
}

static void wrong_values_are_refused(void **state)
{
    static const text_case cases[] = {
        {"q32[4]", "is no value"},
        {"", "is no value"},
        {"f32", "has no shape"},
        {"f32:iota", "has no shape"},
        {"f32[]", "write TYPE[SHAPE]"},
        {"f32[4", "write TYPE[SHAPE]"},
        {"f32[4x]", "write TYPE[SHAPE]"},
        {"f32[-1]", "write TYPE[SHAPE]"},
        {"f32[4]iota", "write TYPE[SHAPE]"},
        {"f32[1x1x1x1x1x1x1x1x1]", "at most 8 dimensions"},
        {"f32[99999999999999999999]", "write TYPE[SHAPE]"},
        {"f32[4294967296x4294967296]", "too large"},
        {"u64[9223372036854775807]", "too large"},
        {"f32[4]:", "is not a number"},
        {"f32[4]: 1", "is not a number"},
        {"f32[4]:1e50", "does not fit"},
        {"f16[4]:65520", "does not fit"},
        {"i8[4]:128", "does not fit"},
        {"u8[4]:-1", "does not fit"},
        {"i32[4]:1.5", "is not an integer"},
        {"bool[4]:2", "is not a bool"},
        {"f32[4]:1,2,3", "3 numbers for 4 elements"},
        {"f32:1,,2", "is not a number"},
        {"f32[4]:rand", "has no seed"},
        {"f32[4]:rand(x)", "has no seed"},
        {"f32[4]:rand(1)2", "has no seed"},
        {"f32[4]:iota(1)", "takes no argument"},
        {"i32[4]:randn(1)", "is for float types"},
        {"nowhere.npy", "cannot read"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tj_failure why = {0};
        tj_value value = {0};
        assert_int_not_equal(tj_value_parse(cases[i].input, &value, &why), 0);
        if (!strstr(why.message, cases[i].expected))
            fail_msg("'%s': \"%s\" does not say \"%s\"", cases[i].input, why.message,
                     cases[i].expected);
        assert_null(value.memory);
        tj_failure_fini(&why);
    }
}

/* The generator is part of the command's interface: these bits never change. */
static void random_numbers_are_pinned(void **state)
{
    static const text_case cases[] = {
        {"f32[4]:rand(1)", "v = 0.3681895 0.9435642 0.045256972 0.7774369\n"},
        {"f16[4]:rand(1)", "v = 0.3682 0.9434 0.04492 0.7773\n"},
        {"u8[4]:rand(2)", "v = 100 21 215 142\n"},
        {"i32[3]:rand(0)", "v = -1492722385 -1283284219 1662685524\n"},
        {"f32[4]:randn(1)", "v = -0.33665228 1.5854174 -1.6926926 0.7635656\n"},
        {"f32[3]:randn(18446744073709551615)", "v = -0.3418229 0.6458294 0.026478326\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = shown(cases[i].input);
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
}

static void random_floats_stay_below_one(void **state)
{
    static const tmjit_scalar types[] = {TMJIT_SCALAR_F16, TMJIT_SCALAR_BF16, TMJIT_SCALAR_F32};
    static const char *const texts[] = {"f16[100000]:rand(9)", "bf16[100000]:rand(9)",
                                        "f32[100000]:rand(9)"};

    (void)state;
    for (int t = 0; t < 3; t++) {
        tj_failure why = {0};
        tj_value value = {0};
        double sum = 0;
        assert_int_equal(tj_value_parse(texts[t], &value, &why), 0);
        for (uint64_t i = 0; i < value.count; i++) {
            double x = tj_element_to_double(
                types[t], value.data + i * tj_element_get_info(types[t])->byte_len);
            assert_true(x >= 0 && x < 1);
            sum += x;
        }
        assert_true(fabs(sum / (double)value.count - 0.5) < 0.01);
        tj_value_fini(&value);
    }
}

static void normal_numbers_have_their_moments(void **state)
{
    uint64_t key = tj_random_key(3);
    double sum = 0, squares = 0, fourth = 0;
    int count = 100000;

    (void)state;
    for (int i = 0; i < count; i++) {
        double x = tj_random_normal(key, (uint64_t)i);
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
    }
    assert_true(fabs(sum / count) < 0.02);
    assert_true(fabs(squares / count - 1) < 0.02);
    assert_true(fabs(fourth / count - 3) < 0.15);
}

/* ---- half and bfloat ------------------------------------------------------------------ */

typedef struct half_type {
    uint16_t (*from)(double value);
    float (*to)(uint16_t bits);
    unsigned infinity;
} half_type;

static const half_type half_types[] = {
    {tj_f16_from_double, tj_f16_to_float, 0x7c00},
    {tj_bf16_from_double, tj_bf16_to_float, 0x7f80},
};

static void check_neighbours(const half_type *type, unsigned bits)
{
    double low = type->to((uint16_t)bits);
    bool is_last = bits + 1 == type->infinity;
    double step = is_last ? low - (double)type->to((uint16_t)(bits - 1))
                          : (double)type->to((uint16_t)(bits + 1)) - low;
    double middle = low + step / 2; /* exact in double */
    unsigned even = bits & 1 ? bits + 1 : bits;

    assert_int_equal(type->from(low), bits);
    assert_int_equal(type->from(-low), bits | 0x8000);
    assert_int_equal(type->from(middle), even);
    assert_int_equal(type->from(nextafter(middle, 0)), bits);
    assert_int_equal(type->from(nextafter(middle, INFINITY)), bits + 1);
    assert_int_equal(type->from(-nextafter(middle, INFINITY)), (bits + 1) | 0x8000);
}

/* Every finite value, the middle between it and the next, and both sides of that middle. */
static void every_half_rounds_to_nearest_even(void **state)
{
    (void)state;
    for (size_t t = 0; t < 2; t++) {
        for (unsigned bits = 0; bits < half_types[t].infinity; bits++)
            check_neighbours(&half_types[t], bits);
        for (unsigned bits = half_types[t].infinity + 1; bits < 0x8000; bits++)
            assert_true(isnan(half_types[t].to((uint16_t)bits)));
        assert_true(isnan(half_types[t].to(half_types[t].from((double)NAN))));
        assert_int_equal(half_types[t].from((double)-INFINITY),
                         half_types[t].infinity | 0x8000);
        assert_int_equal(half_types[t].from(1e300), half_types[t].infinity);
        assert_int_equal(half_types[t].from(-1e-300), 0x8000);
        assert_int_equal(half_types[t].from(5e-324), 0);
    }
    assert_true(tj_f16_to_float(0x0001) == 0x1p-24f);
    assert_true(tj_f16_to_float(0x7bff) == 65504.0f);
    assert_true(tj_f16_to_float(0xc500) == -5.0f);
    assert_true(tj_bf16_to_float(0x3f80) == 1.0f);
}

/* ---- text ----------------------------------------------------------------------------- */

typedef struct bits_case {
    uint32_t bits;
    const char *text;
} bits_case;

/* Shortest digits as NumPy prints them; plain notation from 1e-5 up to 1e8. */
static void floats_print_shortest(void **state)
{
    static const bits_case cases[] = {
        {0x3f800000, "1"},        {0x3dcccccd, "0.1"},           {0x42c80000, "100"},
        {0x4b800000, "16777216"}, {0x3eaaaaab, "0.33333334"},    {0x80000000, "-0"},
        {0x00000001, "1e-45"},    {0x7f7fffff, "3.4028235e+38"}, {0x4cbebc20, "1e+08"},
        {0x3727c5ac, "0.00001"},  {0x358637bd, "1e-06"},         {0x7fc00001, "nan"},
        {0xff800000, "-inf"},     {0x40490fdb, "3.1415927"},     {0xffc00000, "nan"},
        {0x49742400, "1000000"},  {0x4b189680, "10000000"},      {0x4efffffe, "2.1474834e+09"},
    };
    char text[TJ_ELEMENT_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tj_element_print(TMJIT_SCALAR_F32, &cases[i].bits, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void printed_floats_read_back(void **state)
{
    char text[TJ_ELEMENT_TEXT];
    uint64_t key = tj_random_key(1);

    (void)state;
    for (uint64_t i = 0; i < 20000; i++) {
        uint32_t bits = (uint32_t)tj_random_bits(key, i), again = 0;
        uint16_t half = (uint16_t)bits, half_again = 0;
        tj_element_print(TMJIT_SCALAR_F32, &bits, text);
        assert_null(tj_element_parse(TMJIT_SCALAR_F32, text, &again));
        if (!tj_element_is_nan(TMJIT_SCALAR_F32, &bits))
            assert_int_equal(bits, again);
        tj_element_print(TMJIT_SCALAR_F16, &half, text);
        assert_null(tj_element_parse(TMJIT_SCALAR_F16, text, &half_again));
        if (!tj_element_is_nan(TMJIT_SCALAR_F16, &half))
            assert_int_equal(half, half_again);
        tj_element_print(TMJIT_SCALAR_BF16, &half, text);
        assert_null(tj_element_parse(TMJIT_SCALAR_BF16, text, &half_again));
        if (!tj_element_is_nan(TMJIT_SCALAR_BF16, &half))
            assert_int_equal(half, half_again);
    }
}

/* ---- comparing ------------------------------------------------------------------------ */

static tj_value parsed(const char *text)
{
    tj_failure why = {0};
    tj_value value = {0};

    assert_int_equal(tj_value_parse(text, &value, &why), 0);
    return value;
}

static tj_difference difference(const char *expected, const char *got, double relative,
                                double absolute)
{
    tj_value a = parsed(expected);
    tj_value b = parsed(got);
    tj_difference out = tj_compare(&a, &b, (tj_tolerance){relative, absolute});

    tj_value_fini(&a);
    tj_value_fini(&b);
    return out;
}

static void equal_means_bits_or_nan(void **state)
{
    (void)state;
    assert_int_equal(difference("f32:1,nan,inf", "f32:1,nan,inf", 0, 0).count, 0);
    assert_int_equal(difference("f32:0", "f32:-0", 0, 0).count, 1);
    assert_int_equal(difference("f32:nan", "f32:1", 0, 0).count, 1);
    assert_int_equal(
        difference("i64:9223372036854775807", "i64:9223372036854775806", 0, 0).count, 1);
}

static void tolerances_count(void **state)
{
    (void)state;
    assert_int_equal(difference("f32:0", "f32:-0", 1e-9, 0).count, 0);
    assert_int_equal(difference("f32:100,1", "f32:101,1.5", 0.02, 0).count, 1);
    assert_int_equal(difference("f32:100,1", "f32:101,1.5", 0.02, 0).first, 1);
    assert_int_equal(difference("f32:100,1", "f32:101,1.5", 0, 1).count, 0);
    assert_int_equal(difference("i32:5,-5", "i32:6,-7", 0, 1).count, 1);
    assert_int_equal(difference("f32:inf", "f32:1", 1, 1e30).count, 1);
    assert_int_equal(difference("f32:1", "f32:nan", 1, 1e30).count, 1);
    assert_int_equal(difference("f32:inf", "f32:-inf", 1, 1e30).count, 1);
    assert_true(difference("f32:2,4", "f32:3,4.5", 0, 0).max_absolute == 1);
    assert_true(difference("f32:2,4", "f32:3,4.5", 0, 0).max_relative == 0.5);
}

static void first_difference_is_told(void **state)
{
    tj_value expected = parsed("f32[2x3]:1");
    tj_value got = parsed("f32[2x3]:1,1,1,1,2.5,1");
    tj_failure why = {0};

    (void)state;
    assert_int_equal(tj_check_expected("y", &expected, &got, (tj_tolerance){0}, &why), 3);
    assert_string_equal(why.message, "buffer 'y', element 4 (row 1, column 1): expected 1, got "
                                     "2.5; 1 of 6 differ, max abs 1.5, max rel 1.5");
    tj_failure_fini(&why);
    assert_int_equal(tj_check_engines("y", 1, &got, &expected, (tmjit_extent){3, 2, 0}, &why),
                     3);
    assert_string_equal(
        why.message, "engines differ: buffer 'y', element 4 (row 1, column 1), thread (1, 1, "
                     "0): simd 2.5, interp 1; 1 of 6 differ");
    tj_failure_fini(&why);
    assert_int_equal(tj_check_engines("y", 1, &got, &expected, (tmjit_extent){4, 1, 1}, &why),
                     3);
    assert_null(strstr(why.message, "thread"));
    tj_failure_fini(&why);
    tj_value_fini(&expected);
    tj_value_fini(&got);
}

static void near_words_are_found(void **state)
{
    static const char *const words[] = {"--grid", "--threads", "--threadgroup", NULL};

    (void)state;
    assert_string_equal(tj_nearest_word("--gird", words), "--grid");
    assert_string_equal(tj_nearest_word("--thread", words), "--threads");
    assert_null(tj_nearest_word("--colour", words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_made),
        cmocka_unit_test(wrong_values_are_refused),
        cmocka_unit_test(random_numbers_are_pinned),
        cmocka_unit_test(random_floats_stay_below_one),
        cmocka_unit_test(normal_numbers_have_their_moments),
        cmocka_unit_test(every_half_rounds_to_nearest_even),
        cmocka_unit_test(floats_print_shortest),
        cmocka_unit_test(printed_floats_read_back),
        cmocka_unit_test(equal_means_bits_or_nan),
        cmocka_unit_test(tolerances_count),
        cmocka_unit_test(first_difference_is_told),
        cmocka_unit_test(near_words_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
