/* SPDX-License-Identifier: MIT */
/* Which lanes of the interpreter run together: each kernel writes the active mask of every
 * visit of a block, and the test says from the structure of the program what it must be. */
#include "interp_util.h"

#define HEAD(extra)                                                                            \
    "declare i64 @air.simd_active_threads_mask.i64()\n"                                        \
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y, " extra                       \
    "i32 \"tmjit.builtin\"=\"thread_index_in_simdgroup\" %lane) \"tmjit.kernel\" {\n"          \
    "entry:\n"
#define MASK(name)                                                                             \
    "  %w" name " = call i64 @air.simd_active_threads_mask.i64()\n"                            \
    "  %m" name " = trunc i64 %w" name " to i32\n"
/* y[32 * row + lane] = the mask */
#define KEEP(name, row)                                                                        \
    MASK(name)                                                                                 \
    "  %i" name " = add i32 %lane, " row "\n"                                                  \
    "  %p" name " = getelementptr i32, ptr addrspace(1) %y, i32 %i" name "\n"                  \
    "  store i32 %m" name ", ptr addrspace(1) %p" name "\n"

enum { ROWS = 8 };

static void run(const char *text, uint32_t y[ROWS][32])
{
    tjrt_buffer buffers[] = {{(uint8_t *)y, sizeof(uint32_t) * ROWS * 32}, {0}, {0}};
    machine m = machine_of(text);

    memset(y, 0, sizeof(uint32_t) * ROWS * 32);
    machine_run(&m, 32, 32, buffers);
    machine_end(&m);
}

static void assert_row(const uint32_t row[32], uint32_t lanes, uint32_t mask)
{
    for (unsigned l = 0; l < 32; l++)
        assert_int_equal(row[l], lanes >> l & 1 ? mask : 0);
}

static void branches_join(void **state)
{
    static const char text[] =
        HEAD("") "  %c = icmp ult i32 %lane, 10\n"
                 "  br i1 %c, label %low, label %high\n"
                 "low:\n" KEEP(
                     "a", "0") "  br label %join\n"
                               "high:\n" KEEP(
                                   "b", "32") "  %d = icmp ult i32 %lane, 20\n"
                                              "  br i1 %d, label %join, label %top\n"
                                              "top:\n" KEEP(
                                                  "c", "64") "  br label %join\n"
                                                             "join:\n" KEEP(
                                                                 "d", "96") "  ret void\n}\n";
    uint32_t y[ROWS][32];

    (void)state;
    run(text, y);
    assert_row(y[0], 0x3ff, 0x3ff);
    assert_row(y[1], ~0x3ffu, ~0x3ffu);
    assert_row(y[2], ~0xfffffu, ~0xfffffu);
    assert_row(y[3], UINT32_MAX, UINT32_MAX);
}

/* Lane l goes round l % 5 + 1 times; the mask of the last round is kept, then all meet. */
static void loops_join_behind(void **state)
{
    static const char text[] =
        HEAD("") "  %n = urem i32 %lane, 5\n"
                 "  br label %loop\n"
                 "loop:\n"
                 "  %i = phi i32 [ 0, %entry ], [ %next, %latch ]\n"
                 "  %odd = trunc i32 %lane to i1\n"
                 "  br i1 %odd, label %skip, label %body\n"
                 "body:\n"
                 "  br label %latch\n"
                 "skip:\n"
                 "  br label %latch\n"
                 "latch:\n" KEEP("a", "0") "  %next = add i32 %i, 1\n"
                                           "  %more = icmp ult i32 %i, %n\n"
                                           "  br i1 %more, label %loop, label %done\n"
                                           "done:\n" KEEP("b", "32") "  ret void\n}\n";
    uint32_t y[ROWS][32];

    (void)state;
    run(text, y);
    for (unsigned l = 0; l < 32; l++) {
        uint32_t wanted = 0;
        for (unsigned other = 0; other < 32; other++)
            wanted |= (uint32_t)(other % 5 >= l % 5) << other;
        assert_int_equal(y[0][l], wanted);
    }
    assert_row(y[1], UINT32_MAX, UINT32_MAX);
}

/* An inner loop with a break, an outer one with a continue: the inner loop's lanes wait at
 * the outer latch for those that continued, round by round. */
static void nested_loops(void **state)
{
    static const char text[] = HEAD(
        "") "  br label %outer\n"
            "outer:\n"
            "  %o = phi i32 [ 0, %entry ], [ %onext, %olatch ]\n"
            "  %t = add i32 %lane, %o\n"
            "  %b = and i32 %t, 3\n"
            "  %cont = icmp eq i32 %b, 0\n"
            "  br i1 %cont, label %olatch, label %pre\n"
            "pre:\n"
            "  br label %inner\n"
            "inner:\n"
            "  %i = phi i32 [ 0, %pre ], [ %inext, %ilatch ]\n"
            "  %hit = icmp eq i32 %i, %b\n"
            "  br i1 %hit, label %iexit, label %ilatch\n"
            "ilatch:\n" KEEP(
                "a", "0") "  %inext = add i32 %i, 1\n"
                          "  %imore = icmp ult i32 %inext, 2\n"
                          "  br i1 %imore, label %inner, label %iexit\n"
                          "iexit:\n" KEEP(
                              "b", "32") "  br label %olatch\n"
                                         "olatch:\n" KEEP(
                                             "c",
                                             "64") "  %onext = add i32 %o, 1\n"
                                                   "  %omore = icmp ult i32 %onext, 3\n"
                                                   "  br i1 %omore, label %outer, label %done\n"
                                                   "done:\n"
                                                   "  ret void\n}\n";
    uint32_t y[ROWS][32], inner = 0, left = 0;

    (void)state;
    run(text, y);
    for (unsigned l = 0; l < 32; l++) { /* the last round has o = 2 */
        left |= (uint32_t)((l + 2) % 4 != 0) << l;
        inner |= (uint32_t)((l + 2) % 4 >= 2) << l;
    }
    assert_row(y[2], UINT32_MAX, UINT32_MAX);
    for (unsigned l = 0; l < 32; l++) {
        if (left >> l & 1)
            assert_int_equal(y[1][l], left);
        if (inner >> l & 1)
            assert_int_equal(y[0][l], inner);
    }
}

/* Lanes that return early are away from then on. */
static void early_return(void **state)
{
    static const char text[] =
        HEAD("") "  %c = icmp ult i32 %lane, 8\n"
                 "  br i1 %c, label %out, label %on\n"
                 "out:\n" KEEP("a", "0") "  ret void\n"
                                         "on:\n" KEEP("b", "32") "  ret void\n}\n";
    uint32_t y[ROWS][32];

    (void)state;
    run(text, y);
    assert_row(y[0], 0xff, 0xff);
    assert_row(y[1], ~0xffu, ~0xffu);
}

/* Phis of one block exchange their values at the same time. */
static void phis_swap(void **state)
{
    static const char text[] =
        HEAD("") "  br label %loop\n"
                 "loop:\n"
                 "  %a = phi i32 [ 1, %entry ], [ %b, %loop ]\n"
                 "  %b = phi i32 [ %lane, %entry ], [ %a, %loop ]\n"
                 "  %i = phi i32 [ 0, %entry ], [ %next, %loop ]\n"
                 "  %next = add i32 %i, 1\n"
                 "  %more = icmp ult i32 %i, 2\n"
                 "  br i1 %more, label %loop, label %done\n"
                 "done:\n"
                 "  %p = getelementptr i32, ptr addrspace(1) %y, i32 %lane\n"
                 "  %hundred = mul i32 %a, 100\n"
                 "  %r = add i32 %hundred, %b\n"
                 "  store i32 %r, ptr addrspace(1) %p\n"
                 "  ret void\n}\n";
    uint32_t y[ROWS][32];

    (void)state;
    run(text, y);
    for (unsigned l = 0; l < 32; l++)
        assert_int_equal(y[0][l], 100 + l);
}

/* Every built-in input of a ragged three-dimensional grid. */
static void inputs_of_ragged_grids(void **state)
{
    static const char text[] =
        "define void @k(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y, "
        "<3 x i32> \"tmjit.builtin\"=\"thread_position_in_grid\" %g, "
        "<3 x i16> \"tmjit.builtin\"=\"threads_per_threadgroup\" %n, "
        "<3 x i32> \"tmjit.builtin\"=\"dispatch_threads_per_threadgroup\" %dn, "
        "<3 x i32> \"tmjit.builtin\"=\"threads_per_grid\" %gn, "
        "<3 x i32> \"tmjit.builtin\"=\"threadgroups_per_grid\" %tn, "
        "i32 \"tmjit.builtin\"=\"thread_index_in_threadgroup\" %index, "
        "i32 \"tmjit.builtin\"=\"simdgroups_per_threadgroup\" %sn, "
        "i32 \"tmjit.builtin\"=\"dispatch_simdgroups_per_threadgroup\" %dsn, "
        "i16 \"tmjit.builtin\"=\"quadgroup_index_in_threadgroup\" %q) \"tmjit.kernel\" {\n"
        "  %x = extractelement <3 x i32> %g, i32 0\n"
        "  %yy = extractelement <3 x i32> %g, i32 1\n"
        "  %z = extractelement <3 x i32> %g, i32 2\n"
        "  %w = extractelement <3 x i32> %gn, i32 0\n"
        "  %h = extractelement <3 x i32> %gn, i32 1\n"
        "  %a = mul i32 %z, %h\n"
        "  %b = add i32 %a, %yy\n"
        "  %c = mul i32 %b, %w\n"
        "  %d = add i32 %c, %x\n"
        "  %row = mul i32 %d, 8\n"
        "  %p = getelementptr i32, ptr addrspace(1) %y, i32 %row\n"
        "  store i32 %index, ptr addrspace(1) %p\n"
        "  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 1\n"
        "  %n0 = extractelement <3 x i16> %n, i32 0\n"
        "  %n0w = zext i16 %n0 to i32\n"
        "  store i32 %n0w, ptr addrspace(1) %p1\n"
        "  %p2 = getelementptr i32, ptr addrspace(1) %p, i32 2\n"
        "  %n2 = extractelement <3 x i16> %n, i32 2\n"
        "  %n2w = zext i16 %n2 to i32\n"
        "  store i32 %n2w, ptr addrspace(1) %p2\n"
        "  %p3 = getelementptr i32, ptr addrspace(1) %p, i32 3\n"
        "  %dn0 = extractelement <3 x i32> %dn, i32 0\n"
        "  store i32 %dn0, ptr addrspace(1) %p3\n"
        "  %p4 = getelementptr i32, ptr addrspace(1) %p, i32 4\n"
        "  %tn1 = extractelement <3 x i32> %tn, i32 1\n"
        "  store i32 %tn1, ptr addrspace(1) %p4\n"
        "  %p5 = getelementptr i32, ptr addrspace(1) %p, i32 5\n"
        "  store i32 %sn, ptr addrspace(1) %p5\n"
        "  %p6 = getelementptr i32, ptr addrspace(1) %p, i32 6\n"
        "  store i32 %dsn, ptr addrspace(1) %p6\n"
        "  %p7 = getelementptr i32, ptr addrspace(1) %p, i32 7\n"
        "  %qw = zext i16 %q to i32\n"
        "  store i32 %qw, ptr addrspace(1) %p7\n"
        "  ret void\n}\n";
    enum { X = 11, Y = 5, Z = 3 };
    static uint32_t y[Z][Y][X][8];
    tjrt_buffer buffers[10] = {BUFFER(y)};
    tj_interp_launch launch = {.grid = {X, Y, Z},
                               .threadgroup = {8, 4, 2},
                               .buffers = buffers,
                               .has_bounds_checks = true};

    (void)state;
    machine m = machine_of(text);
    assert_int_equal(machine_launch(&m, &launch), TJ_OK);
    for (unsigned i = 0; i < X * Y * Z; i++) {
        unsigned px = i % X, py = i / X % Y, pz = i / X / Y;
        unsigned w = px < 8 ? 8 : 3, h = py < 4 ? 4 : 1, d = pz < 2 ? 2 : 1;
        unsigned index = px % 8 + py % 4 * w + pz % 2 * w * h;
        const uint32_t *got = y[pz][py][px];
        assert_int_equal(got[0], index);
        assert_int_equal(got[1], w);
        assert_int_equal(got[2], d);
        assert_int_equal(got[3], 8);
        assert_int_equal(got[4], 2);
        assert_int_equal(got[5], (w * h * d + 31) / 32);
        assert_int_equal(got[6], 2);
        assert_int_equal(got[7], index / 4);
    }
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(branches_join), cmocka_unit_test(loops_join_behind),
        cmocka_unit_test(nested_loops),  cmocka_unit_test(early_return),
        cmocka_unit_test(phis_swap),     cmocka_unit_test(inputs_of_ragged_grids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
