/* SPDX-License-Identifier: MIT */
/* SIMD-group matrices of the interpreter against plain C. */
#include "interp_util.h"

#include <math.h>
#include <stdio.h>

enum { SIDE = 8, PITCH = 11 };

#define ARGS                                                                                   \
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"%s\" %%a, "                              \
    "ptr addrspace(1) \"tmjit.type\"=\"%s\" %%b, "                                             \
    "ptr addrspace(1) \"tmjit.type\"=\"%s\" %%c, "                                             \
    "ptr addrspace(1) \"tmjit.type\"=\"%s\" %%d, "                                             \
    "i32 \"tmjit.builtin\"=\"thread_index_in_simdgroup\" %%lane) \"tmjit.kernel\" {\n"

/* One element type: how LLVM, AIR and Metal write it, and its bits from and to float. */
typedef struct element {
    const char *llvm, *air, *metal;
    unsigned byte_len;
} element;

static const element types[] = {
    {"float", "f32", "float", 4}, {"half", "f16", "half", 2}, {"bfloat", "bf16", "bfloat", 2}};

/* Values that all three formats hold exactly. */
static float value_of(unsigned matrix, unsigned row, unsigned column)
{
    return (float)((int)(row * 7 + column * 3 + matrix * 5) % 13 - 6) * 0.25f;
}

static uint32_t to_bits(const element *e, float x)
{
    uint32_t bits;

    memcpy(&bits, &x, sizeof bits);
    if (strcmp(e->air, "bf16") == 0)
        return bits >> 16;
    if (strcmp(e->air, "f16") == 0) { /* exact, normal or zero */
        if (x == 0)
            return bits >> 16 & 0x8000;
        return (bits >> 16 & 0x8000) | ((bits >> 13 & 0x3fc00) - (112u << 10)) |
               (bits >> 13 & 0x3ff);
    }
    return bits;
}

static void put(const element *e, uint8_t *data, unsigned at, float x)
{
    uint32_t bits = to_bits(e, x);
    memcpy(data + at * e->byte_len, &bits, e->byte_len);
}

static bool is_equal(const element *e, const uint8_t *data, unsigned at, float x)
{
    uint32_t bits = to_bits(e, x), got = 0;
    memcpy(&got, data + at * e->byte_len, e->byte_len);
    if (got != bits)
        print_error("%s element %u: %x, expected %x\n", e->metal, at, got, bits);
    return got == bits;
}

/* A from A[row][column] with rows of PITCH elements, B transposed, C by the form of AIR 2.8 at
 * an origin, D stored transposed. */
static void multiply_accumulate(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        const element *e = &types[i], *wide = i == 0 ? &types[1] : &types[0];
        char text[4096];
        const char *t = e->llvm, *s = e->air, *w = wide->llvm, *ws = wide->air;
        snprintf(
            text, sizeof text,
            "declare <64 x %s> @air.simdgroup_matrix_8x8_load.v64%s.p1%s(ptr addrspace(1), "
            "i64, <2 x i64>, i1)\n"
            "declare <64 x %s> @air.simdgroup_matrix_8x8_load.v64%s.p1%s(ptr addrspace(1), "
            "<2 x i64>, <2 x i64>, <2 x i64>)\n"
            "declare void @air.simdgroup_matrix_8x8_store.v64%s.p1%s(<64 x %s>, "
            "ptr addrspace(1), i64, <2 x i64>, i1)\n"
            "declare <64 x %s> @air.simdgroup_matrix_8x8_multiply_accumulate.v64%s.v64%s.v64%s."
            "v64%s(<64 x %s>, <64 x %s>, <64 x %s>)\n" ARGS
            "  %%ta = call <64 x %s> @air.simdgroup_matrix_8x8_load.v64%s.p1%s("
            "ptr addrspace(1) %%a, i64 11, <2 x i64> zeroinitializer, i1 false)\n"
            "  %%tb = call <64 x %s> @air.simdgroup_matrix_8x8_load.v64%s.p1%s("
            "ptr addrspace(1) %%b, i64 11, <2 x i64> zeroinitializer, i1 true)\n"
            "  %%tc = call <64 x %s> @air.simdgroup_matrix_8x8_load.v64%s.p1%s("
            "ptr addrspace(1) %%c, <2 x i64> <i64 11, i64 8>, <2 x i64> <i64 1, i64 11>, "
            "<2 x i64> <i64 2, i64 1>)\n"
            "  %%td = call <64 x %s> @air.simdgroup_matrix_8x8_multiply_accumulate.v64%s.v64%s."
            "v64%s.v64%s(<64 x %s> %%ta, <64 x %s> %%tb, <64 x %s> %%tc)\n"
            "  call void @air.simdgroup_matrix_8x8_store.v64%s.p1%s(<64 x %s> %%td, "
            "ptr addrspace(1) %%d, i64 11, <2 x i64> <i64 1, i64 0>, i1 true)\n"
            "  ret void\n}\n",
            t, s, s, w, ws, ws, ws, ws, w, w, ws, s, s, ws, t, t, w, e->metal, e->metal,
            wide->metal, wide->metal, t, s, s, t, s, s, w, ws, ws, w, ws, s, s, ws, t, t, w, ws,
            ws, w);
        static uint8_t a[4 * 100], b[4 * 100], c[4 * 120], d[4 * 100];
        memset(d, 0, sizeof d);
        for (unsigned row = 0; row < SIDE; row++) {
            for (unsigned column = 0; column < SIDE; column++) {
                put(e, a, row * PITCH + column, value_of(0, row, column));
                put(e, b, column * PITCH + row, value_of(1, row, column));
                put(wide, c, (row + 1) * PITCH + column + 2, value_of(2, row, column));
            }
        }
        tjrt_buffer buffers[5] = {BUFFER(a), BUFFER(b), BUFFER(c), BUFFER(d)};
        machine m = machine_of(text);
        machine_run(&m, 32, 32, buffers);
        for (unsigned row = 0; row < SIDE; row++) {
            for (unsigned column = 0; column < SIDE; column++) {
                float sum = value_of(2, row, column);
                for (unsigned k = 0; k < SIDE; k++)
                    sum = fmaf(value_of(0, row, k), value_of(1, k, column), sum);
                /* transposed store: origin (1, 0) is one row down in memory */
                assert_true(is_equal(wide, d, column * PITCH + row + 1, sum));
            }
        }
        machine_end(&m);
    }
}

/* thread_elements(): elements 0 and 1 are this lane's pair; filled and diagonal tiles. */
static void lane_layout(void **state)
{
    static const char text[] =
        "declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)\n"
        "declare <64 x float> @air.simdgroup_matrix_8x8_init_diag.v64f32.f32(float)\n"
        "declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, "
        "ptr addrspace(1), <2 x i64>, <2 x i64>, <2 x i64>)\n"
        "define void @k(ptr addrspace(1) \"tmjit.type\"=\"float\" %a, "
        "ptr addrspace(1) \"tmjit.type\"=\"float\" %b, "
        "i32 \"tmjit.builtin\"=\"thread_index_in_simdgroup\" %lane) \"tmjit.kernel\" {\n"
        "  %f = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 5.0)\n"
        "  %l = uitofp i32 %lane to float\n"
        "  %s = insertelement <64 x float> %f, float %l, i32 0\n"
        "  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s, "
        "ptr addrspace(1) %a, <2 x i64> <i64 8, i64 8>, <2 x i64> <i64 1, i64 8>, "
        "<2 x i64> zeroinitializer)\n"
        "  %d = call <64 x float> @air.simdgroup_matrix_8x8_init_diag.v64f32.f32(float 3.0)\n"
        "  %x = extractelement <64 x float> %d, i32 0\n"
        "  %y = extractelement <64 x float> %d, i32 1\n"
        "  %i = shl i32 %lane, 1\n"
        "  %p = getelementptr float, ptr addrspace(1) %b, i32 %i\n"
        "  store float %x, ptr addrspace(1) %p\n"
        "  %q = getelementptr float, ptr addrspace(1) %p, i32 1\n"
        "  store float %y, ptr addrspace(1) %q\n"
        "  ret void\n}\n";
    float a[SIDE][SIDE], b[32][2];
    tjrt_buffer buffers[3] = {BUFFER(a), BUFFER(b)};

    (void)state;
    machine m = machine_of(text);
    machine_run(&m, 32, 32, buffers);
    for (unsigned l = 0; l < 32; l++) { /* air.md 4.9 */
        unsigned row = (l / 4 & 4) + l / 2 % 4, column = (l / 4 & 2) * 2 + l % 2 * 2;
        assert_true(a[row][column] == (float)l);
        assert_true(a[row][column + 1] == 5.0f);
        assert_true(b[l][0] == (row == column ? 3.0f : 0.0f));
        assert_true(b[l][1] == (row == column + 1 ? 3.0f : 0.0f));
    }
    machine_end(&m);
}

#define LOAD_KERNEL(before, after)                                                             \
    "declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, " \
    "<2 x i64>, i1)\n"                                                                         \
    "declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, "                 \
    "ptr addrspace(1), i64, <2 x i64>, i1)\n"                                                  \
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"float\" %a, "                            \
    "i32 \"tmjit.builtin\"=\"thread_index_in_simdgroup\" %lane) \"tmjit.kernel\" {\n" before   \
    "  %t = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32("                    \
    "ptr addrspace(1) %a, i64 8, <2 x i64> zeroinitializer, i1 false)\n"                       \
    "  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %t, "               \
    "ptr addrspace(1) %a, i64 8, <2 x i64> zeroinitializer, i1 false)\n" after                 \
    "  ret void\n}\n"

static void outside(void **state)
{
    float a[63] = {0};
    tjrt_buffer buffers[2] = {BUFFER(a)};

    (void)state;
    machine m = machine_of(LOAD_KERNEL("", ""));
    machine_fail(&m, 32, 32, buffers, TJ_E_BOUNDS,
                 "load of 4 bytes at byte offset 252 of buffer 'a' (252 bytes), by thread "
                 "(31, 0, 0) of the grid, (31, 0, 0) of threadgroup (0, 0, 0)");
    machine_end(&m);
}

static void all_lanes_are_needed(void **state)
{
    float a[64] = {0};
    tjrt_buffer buffers[2] = {BUFFER(a)};

    (void)state;
    machine m = machine_of(LOAD_KERNEL("  %c = icmp eq i32 %lane, 9\n"
                                       "  br i1 %c, label %done, label %all\n"
                                       "all:\n",
                                       "  br label %done\ndone:\n"));
    machine_fail(&m, 32, 32, buffers, TJ_E_DIVERGED,
                 "simdgroup_matrix_8x8_load reached by part of the SIMD-group's threads");
    machine_end(&m);
    m = machine_of(LOAD_KERNEL("", ""));
    machine_fail(&m, 16, 16, buffers, TJ_E_DIVERGED,
                 "simdgroup_matrix_8x8_load reached by part of the SIMD-group's threads");
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiply_accumulate),
        cmocka_unit_test(lane_layout),
        cmocka_unit_test(outside),
        cmocka_unit_test(all_lanes_are_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
