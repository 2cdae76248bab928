/* SPDX-License-Identifier: MIT */
/* The interpreter's maths: functions of the C library bit for bit, the others by hand. */
#include "interp_cases.h"

#include <math.h>

static uint64_t bits_of(float x)
{
    uint32_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static float float_of(uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float x;

    memcpy(&x, &low, sizeof x);
    return x;
}

typedef struct unary_row {
    const char *name;
    float (*function)(float);
} unary_row;

static const unary_row unary_rows[] = {
    {"acos", acosf},   {"acosh", acoshf}, {"asin", asinf}, {"asinh", asinhf}, {"atan", atanf},
    {"atanh", atanhf}, {"ceil", ceilf},   {"cos", cosf},   {"cosh", coshf},   {"exp", expf},
    {"exp2", exp2f},   {"exp10", exp10f}, {"fabs", fabsf}, {"floor", floorf}, {"log", logf},
    {"log10", log10f}, {"log2", log2f},   {"rint", rintf}, {"round", roundf}, {"sin", sinf},
    {"sinh", sinhf},   {"sqrt", sqrtf},   {"tan", tanf},   {"tanh", tanhf},   {"trunc", truncf},
};

/* In float, precise and fast, and in half by way of float. */
static void library_functions(void **state)
{
    static const float points[] = {0.75f, -0.5f, 2.5f, 1e-40f, 20.25f, INFINITY};
    enum { ROWS = sizeof unary_rows / sizeof *unary_rows, POINTS = 6 };
    static op_case cases[2 * ROWS * POINTS];
    static char insts[2 * ROWS][80];
    unsigned count = 0;

    (void)state;
    for (unsigned r = 0; r < ROWS; r++) {
        snprintf(insts[2 * r], sizeof insts[0], "%%r = call float @air.%s.f32(float %%a)",
                 unary_rows[r].name);
        snprintf(insts[2 * r + 1], sizeof insts[0],
                 "%%r = call float @air.fast_%s.f32(float %%a)", unary_rows[r].name);
        for (unsigned p = 0; p < POINTS; p++) {
            float wanted = unary_rows[r].function(points[p]);
            for (unsigned fast = 0; fast < 2 && !isnan(wanted); fast++)
                cases[count++] =
                    (op_case){"float", "float", insts[2 * r + fast], bits_of(points[p]),
                              0,       0,       bits_of(wanted)};
        }
    }
    assert_true(count > 200);
    run_cases(cases, count);
}

#define F1(name, a, expected)                                                                  \
    {"float", "float", "%r = call float @air." name ".f32(float %a)", a, 0, 0, expected}
#define H1(name, a, expected)                                                                  \
    {"half", "half", "%r = call half @air." name ".f16(half %a)", a, 0, 0, expected}
#define F2(name, a, b, expected)                                                               \
    {"float", "float", "%r = call float @air." name ".f32(float %a, float %b)", a, b,          \
     0,       expected}
#define H2(name, a, b, expected)                                                               \
    {"half", "half", "%r = call half @air." name ".f16(half %a, half %b)", a, b, 0, expected}
#define F3(name, a, b, c, expected)                                                            \
    {                                                                                          \
        "float", "float", "%r = call float @air." name ".f32(float %a, float %b, float %c)",   \
        a,       b,       c,                                                                   \
        expected}
enum { ONE = 0x3f800000, TWO = 0x40000000, HALF = 0x3f000000 };
#define NEG(x) (UINT64_C(0x80000000) | (x))
#define INF UINT64_C(0x7f800000)
#define QNAN UINT64_C(0x7fc00000)

static void own_functions(void **state)
{
    static const op_case cases[] = {
        F1("rsqrt", 0x40800000, HALF),
        F1("rsqrt", 0, INF),
        F1("fract", 0x40300000, 0x3f400000),
        F1("fract", NEG(0x33000000), 0x3f7fffff),
        F1("fract", INF, 0),
        F1("fract", QNAN, QNAN),
        F1("saturate", TWO, ONE),
        F1("saturate", NEG(ONE), 0),
        F1("saturate", QNAN, 0),
        F1("sign", NEG(TWO), NEG(ONE)),
        F1("sign", QNAN, 0),
        F1("sign", NEG(0), NEG(0)),
        F1("sinpi", HALF, ONE),
        F1("sinpi", 0x3fc00000, NEG(ONE)),
        F1("sinpi", TWO, 0),
        F1("cospi", HALF, 0),
        F1("cospi", ONE, NEG(ONE)),
        F1("cospi", 0x4b800001, ONE),
        F1("tanpi", HALF, INF),
        F1("tanpi", 0x3e800000, ONE),
        F1("round", 0x40200000, 0x40400000),
        F1("rint", 0x40200000, TWO),
        F2("fmin", 0, NEG(0), NEG(0)),
        F2("fmax", NEG(0), 0, 0),
        F2("fmin", QNAN, ONE, ONE),
        F2("fmax", ONE, QNAN, ONE),
        F2("copysign", ONE, NEG(0), NEG(ONE)),
        F2("fmod", 0x40b00000, NEG(TWO), 0x3fc00000),
        F2("nextafter", 0, NEG(ONE), NEG(1)),
        F2("nextafter", ONE, TWO, 0x3f800001),
        F3("clamp", 0x40400000, ONE, TWO, TWO),
        F3("clamp", QNAN, ONE, TWO, ONE),
        F3("fmax3", ONE, TWO, HALF, TWO),
        F3("fmin3", ONE, TWO, HALF, HALF),
        F3("fmedian3", ONE, TWO, HALF, ONE),
        F3("mix", ONE, 0x40400000, HALF, TWO),
        {"float", "float", "%r = call float @air.ldexp.f32(float %a, i32 -3)", ONE, 0, 0,
         0x3e000000},
        H1("sqrt", 0x4400, 0x4000),
        H1("exp2", 0x4b80, 0x7800),
        H1("exp2", 0x4c00, 0x7c00),
        H1("floor", 0xb800, 0xbc00),
        H2("fmax", 0x7e00, 0x3c00, 0x3c00),
        H2("nextafter", 0x3c00, 0x4000, 0x3c01),
        H2("nextafter", 0x0000, 0xbc00, 0x8001),
        H2("nextafter", 0xbc00, 0x3c00, 0xbbff),
        H2("pow", 0x4000, 0x4200, 0x4800),
    };
    (void)state;
    RUN(cases);
}

static void binary_library_functions(void **state)
{
    const op_case cases[] = {
        F2("pow", bits_of(1.7f), bits_of(2.3f), bits_of(powf(1.7f, 2.3f))),
        F2("powr", bits_of(1.7f), bits_of(2.3f), bits_of(powf(1.7f, 2.3f))),
        F2("fast_pow", bits_of(0.1f), bits_of(-2.3f), bits_of(powf(0.1f, -2.3f))),
        F2("atan2", bits_of(-1.0f), bits_of(-3.0f), bits_of(atan2f(-1.0f, -3.0f))),
        F2("fmod", bits_of(1e20f), bits_of(3.0f), bits_of(fmodf(1e20f, 3.0f))),
    };
    (void)state;
    RUN(cases);
}

static void llvm_functions(void **state)
{
#define L2(name, a, b, expected)                                                               \
    {"float", "float", "%r = call float @llvm." name ".f32(float %a, float %b)", a, b,         \
     0,       expected}
#define L1(name, a, expected)                                                                  \
    {                                                                                          \
        "float", "float", "%r = call float @llvm." name ".f32(float %a)", a, 0, 0, expected    \
    }
    static const op_case cases[] = {
        L2("minnum", QNAN, ONE, ONE),
        L2("maxnum", NEG(0), 0, 0),
        L2("minimum", QNAN, ONE, QNAN),
        L2("maximum", NEG(0), 0, 0),
        L2("copysign", ONE, NEG(0), NEG(ONE)),
        L1("roundeven", 0x40200000, TWO),
        L1("round", 0x40200000, 0x40400000),
        L1("fabs", NEG(QNAN), QNAN),
        L1("sqrt", 0x40800000, TWO),
        {"float", "i32", "%r = call i32 @llvm.fptosi.sat.i32.f32(float %a)", QNAN, 0, 0, 0},
        {"float", "i8", "%r = call i8 @llvm.fptoui.sat.i8.f32(float %a)", 0x43960000, 0, 0,
         0xff},
        {"float", "i8", "%r = call i8 @llvm.fptosi.sat.i8.f32(float %a)", 0xc3960000, 0, 0,
         0x80},
    };
    (void)state;
    RUN(cases);
}

/* !air.compile_options decides; half subnormals stay in both modes. */
static void subnormals(void **state)
{
    static const char kernel[] =
        "define void @k(ptr addrspace(1) \"tmjit.type\"=\"uint\" %%p) \"tmjit.kernel\" {\n"
        "  %%x = load float, ptr addrspace(1) %%p\n"
        "  %%y = fmul float %%x, 2.0\n"
        "  store float %%y, ptr addrspace(1) %%p\n"
        "  %%q = getelementptr half, ptr addrspace(1) %%p, i64 2\n"
        "  %%h = load half, ptr addrspace(1) %%q\n"
        "  %%d = fmul half %%h, 2.0\n"
        "  store half %%d, ptr addrspace(1) %%q\n"
        "  ret void\n}\n%s";
    static const char flags[] = "!air.compile_options = !{!0}\n"
                                "!0 = !{!\"air.compile.denorms_disable\"}\n";

    (void)state;
    for (unsigned flush = 0; flush < 2; flush++) {
        uint32_t data[2] = {0x00200000, 0x0003};
        tjrt_buffer buffers[] = {BUFFER(data)};
        char text[1024];
        snprintf(text, sizeof text, kernel, flush ? flags : "");
        machine m = machine_of(text);
        assert_int_equal(m.unit->flush_subnormals, flush);
        machine_run(&m, 1, 1, buffers);
        assert_int_equal(data[0], flush ? 0 : 0x00400000);
        assert_int_equal(data[1], 0x0006);
        float tiny = float_of(1); /* the host's mode is as before */
        volatile float doubled = tiny;
        assert_true(doubled * 2.0f > 0);
        machine_end(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(library_functions),
        cmocka_unit_test(own_functions),
        cmocka_unit_test(binary_library_functions),
        cmocka_unit_test(llvm_functions),
        cmocka_unit_test(subnormals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
