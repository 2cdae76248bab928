/* SPDX-License-Identifier: MIT */
/* What stops a launch on the interpreter, with the whole message: bounds, barriers, traps,
 * time; and barriers, threadgroup memory and atomics that go well. */
#include "interp_util.h"

#define BUFFER_ARG(name) "ptr addrspace(1) \"tmjit.type\"=\"uint\" %" name
#define GRID_ARG "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i"
#define LOCAL_ARG "i32 \"tmjit.builtin\"=\"thread_index_in_threadgroup\" %t"
#define BARRIER "  call void @air.wg.barrier(i32 2, i32 1)\n"
#define DECLARE_BARRIER "declare void @air.wg.barrier(i32, i32)\n"
#define DEFINE(args) "define void @k(" args ") \"tmjit.kernel\" {\nentry:\n"

static void expect_fault(const char *text, uint32_t grid, uint32_t threadgroup, void *data,
                         uint64_t byte_len, tj_status status, const char *message)
{
    tjrt_buffer buffers[4] = {{data, byte_len}};
    machine m = machine_of(text);

    machine_fail(&m, grid, threadgroup, buffers, status, message);
    machine_end(&m);
}

static void load_behind_a_buffer(void **state)
{
    static const char text[] = DEFINE(
        BUFFER_ARG("a") ", " GRID_ARG) "  %p = getelementptr i32, ptr addrspace(1) %a, i32 %i\n"
                                       "  %v = load i32, ptr addrspace(1) %p\n"
                                       "  %w = add i32 %v, 1\n"
                                       "  store i32 %w, ptr addrspace(1) %p\n"
                                       "  ret void\n}\n";
    uint32_t a[40] = {0};

    (void)state;
    expect_fault(
        text, 64, 16, a, sizeof a, TJ_E_BOUNDS,
        "load of 4 bytes at byte offset 160 of buffer 'a' (160 bytes), by thread (40, 0, 0) "
        "of the grid, (8, 0, 0) of threadgroup (2, 0, 0)");
    assert_int_equal(a[31], 1); /* earlier threadgroups have stored, the failing one has not */
    assert_int_equal(a[32], 0);
}

/* Between two buffers: the one it came from counts, also when the bytes are mapped. */
static void store_before_a_buffer(void **state)
{
    static const char text[] = DEFINE(
        BUFFER_ARG("a") ", " GRID_ARG) "  %n = sub i32 3, %i\n"
                                       "  %p = getelementptr i16, ptr addrspace(1) %a, i32 %n\n"
                                       "  store i16 7, ptr addrspace(1) %p\n"
                                       "  ret void\n}\n";
    uint16_t memory[16] = {0};

    (void)state;
    expect_fault(
        text, 8, 8, memory + 8, 16, TJ_E_BOUNDS,
        "store of 2 bytes at byte offset -2 of buffer 'a' (16 bytes), by thread (4, 0, 0) of "
        "the grid, (4, 0, 0) of threadgroup (0, 0, 0)");
    for (unsigned i = 0; i < 16; i++)
        assert_int_equal(memory[i], 0);
}

static void partly_outside(void **state)
{
    static const char text[] =
        DEFINE(BUFFER_ARG("a")) "  %v = load <4 x float>, ptr addrspace(1) %a\n"
                                "  store <4 x float> %v, ptr addrspace(1) %a\n"
                                "  ret void\n}\n";
    uint8_t a[15] = {0};

    (void)state;
    expect_fault(
        text, 1, 1, a, sizeof a, TJ_E_BOUNDS,
        "load of 16 bytes at byte offset 0 of buffer 'a' (15 bytes), by thread (0, 0, 0) of "
        "the grid, (0, 0, 0) of threadgroup (0, 0, 0)");
}

static void threadgroup_variable(void **state)
{
    static const char text[] =
        "@tile = internal addrspace(3) global [4 x i32] undef, align 4\n" DEFINE(
            BUFFER_ARG("a") ", " GRID_ARG) "  %p = getelementptr [4 x i32], ptr addrspace(3) "
                                           "@tile, i32 0, i32 %i\n"
                                           "  store i32 1, ptr addrspace(3) %p\n"
                                           "  ret void\n}\n";
    uint32_t a[1];

    (void)state;
    expect_fault(text, 8, 8, a, sizeof a, TJ_E_BOUNDS,
                 "store of 4 bytes at byte offset 16 of threadgroup variable 'tile' (16 "
                 "bytes), by thread "
                 "(4, 0, 0) of the grid, (4, 0, 0) of threadgroup (0, 0, 0)");
}

static void private_array(void **state)
{
    static const char text[] = DEFINE(BUFFER_ARG(
        "a") ", " GRID_ARG) "  %array = alloca [4 x i32]\n"
                            "  %p = getelementptr [4 x i32], ptr %array, i32 0, i32 %i\n"
                            "  %v = load i32, ptr %p\n"
                            "  store i32 %v, ptr addrspace(1) %a\n"
                            "  ret void\n}\n";
    uint32_t a[1] = {0};

    (void)state;
    expect_fault(text, 8, 8, a, sizeof a, TJ_E_BOUNDS,
                 "load of 4 bytes at byte offset 16 of private array 'array' (16 bytes), by "
                 "thread (4, 0, 0) "
                 "of the grid, (4, 0, 0) of threadgroup (0, 0, 0)");
    assert_int_equal(a[0], 0);
}

/* A pointer that went through memory may touch any buffer of the launch, but nothing else. */
static void pointer_of_unknown_origin(void **state)
{
    static const char text[] = DEFINE(
        BUFFER_ARG("a") ", " BUFFER_ARG("b")) "  %n = load i64, ptr addrspace(1) %b\n"
                                              "  %p = inttoptr i64 %n to ptr addrspace(1)\n"
                                              "  store i32 5, ptr addrspace(1) %p\n"
                                              "  ret void\n}\n";
    uint32_t a[2] = {0};
    uint64_t b[1] = {(uint64_t)(uintptr_t)(a + 1)};
    tjrt_buffer buffers[] = {BUFFER(a), BUFFER(b)};

    (void)state;
    machine m = machine_of(text);
    machine_run(&m, 1, 1, buffers);
    assert_int_equal(a[1], 5);
    b[0] = 16;
    machine_fail(&m, 1, 1, buffers, TJ_E_BOUNDS,
                 "store of 4 bytes at address 0x10 of no buffer of this launch, by thread "
                 "(0, 0, 0) of the grid, (0, 0, 0) of threadgroup (0, 0, 0)");
    machine_end(&m);
}

static void unchecked(void **state)
{
    static const char text[] =
        DEFINE(BUFFER_ARG("a")) "  %p = getelementptr i32, ptr addrspace(1) %a, i32 1\n"
                                "  store i32 9, ptr addrspace(1) %p\n"
                                "  ret void\n}\n";
    uint32_t a[2] = {0};
    tjrt_buffer buffers[] = {{(uint8_t *)a, 4}};
    tj_interp_launch launch = {.grid = {1, 1, 1}, .threadgroup = {1, 1, 1}, .buffers = buffers};

    (void)state;
    machine m = machine_of(text);
    assert_int_equal(machine_launch(&m, &launch), TJ_OK);
    assert_int_equal(a[1], 9);
    machine_end(&m);
}

static void trap(void **state)
{
    static const char text[] = "declare void @llvm.trap()\n" DEFINE(
        BUFFER_ARG("a") ", " GRID_ARG) "  %bad = icmp eq i32 %i, 21\n"
                                       "  br i1 %bad, label %stop, label %done\n"
                                       "stop:\n"
                                       "  call void @llvm.trap()\n"
                                       "  unreachable\n"
                                       "done:\n"
                                       "  ret void\n}\n";
    uint32_t a[1];

    (void)state;
    expect_fault(text, 64, 16, a, sizeof a, TJ_E_TRAP,
                 "trap, by thread (21, 0, 0) of the grid, (5, 0, 0) of threadgroup (1, 0, 0)");
}

static void endless_loop(void **state)
{
    static const char text[] = DEFINE(BUFFER_ARG("a")) "  br label %loop\n"
                                                       "loop:\n"
                                                       "  br label %loop\n}\n";
    uint32_t a[1];
    tjrt_buffer buffers[] = {BUFFER(a)};
    tj_interp_launch launch = {
        .grid = {1, 1, 1}, .threadgroup = {1, 1, 1}, .buffers = buffers, .timeout_s = 0.05};

    (void)state;
    machine m = machine_of(text);
    assert_int_equal(machine_launch(&m, &launch), TJ_E_TIMEOUT);
    assert_string_equal(m.diags.first.message, "launch ran longer than 0.05 s");
    machine_end(&m);
}

/* ---- barriers --------------------------------------------------------------------------- */

static void barrier_orders_simdgroups(void **state)
{
    static const char text[] = DECLARE_BARRIER
        "@tile = internal addrspace(3) global [96 x i32] undef, align 4\n" DEFINE(BUFFER_ARG(
            "a") ", " GRID_ARG
                 ", " LOCAL_ARG) "  br label %loop\n"
                                 "loop:\n"
                                 "  %round = phi i32 [ 0, %entry ], [ %next, %loop ]\n"
                                 "  %v = phi i32 [ %t, %entry ], [ %w, %loop ]\n"
                                 "  %p = getelementptr [96 x i32], ptr addrspace(3) @tile, i32 "
                                 "0, i32 %t\n"
                                 "  store i32 %v, ptr addrspace(3) %p\n" BARRIER
                                 "  %o = sub i32 95, %t\n"
                                 "  %q = getelementptr [96 x i32], ptr addrspace(3) @tile, i32 "
                                 "0, i32 %o\n"
                                 "  %u = load i32, ptr addrspace(3) %q\n" BARRIER
                                 "  %w = add i32 %u, 1000\n"
                                 "  %next = add i32 %round, 1\n"
                                 "  %more = icmp ult i32 %next, 3\n"
                                 "  br i1 %more, label %loop, label %done\n"
                                 "done:\n"
                                 "  %r = getelementptr i32, ptr addrspace(1) %a, i32 %i\n"
                                 "  store i32 %w, ptr addrspace(1) %r\n"
                                 "  ret void\n}\n";
    uint32_t a[192] = {0};
    tjrt_buffer buffers[4] = {BUFFER(a)};

    (void)state;
    machine m = machine_of(text);
    machine_run(&m, 192, 96, buffers);
    for (unsigned i = 0; i < 192; i++)
        assert_int_equal(a[i], 3000 + 95 - i % 96);
    machine_end(&m);
}

/* Threads [from, threads) skip the barrier in `then`. */
#define SKIP_KERNEL(condition, otherwise, last)                                                \
    DECLARE_BARRIER DEFINE(                                                                    \
        BUFFER_ARG("a") ", " LOCAL_ARG) "  %c = icmp ult i32 %t, " condition "\n"              \
                                        "  br i1 %c, label %then, label %else\n"               \
                                        "then:\n" BARRIER "  br label %done\n"                 \
                                        "else:\n" otherwise "  br label %done\n"               \
                                        "done:\n" last "  ret void\n}\n"

static void part_of_a_simdgroup(void **state)
{
    uint32_t a[1];

    (void)state;
    expect_fault(SKIP_KERNEL("40", "", BARRIER), 64, 64, a, sizeof a, TJ_E_DIVERGED,
                 "threadgroup barrier reached by part of the SIMD-group's threads");
    expect_fault(SKIP_KERNEL("5", "", BARRIER), 8, 8, a, sizeof a, TJ_E_DIVERGED,
                 "threadgroup barrier reached by part of the SIMD-group's threads");
    expect_fault(SKIP_KERNEL("16", BARRIER, ""), 32, 32, a, sizeof a, TJ_E_DIVERGED,
                 "threadgroup barrier reached by part of the SIMD-group's threads");
}

static void different_barriers(void **state)
{
    uint32_t a[1];

    (void)state;
    expect_fault(SKIP_KERNEL("32", BARRIER, ""), 64, 64, a, sizeof a, TJ_E_DIVERGED,
                 "SIMD-groups wait at different barriers; the other is at k.ll:10");
}

static void ended_threads_do_not_count(void **state)
{
    static const char *const texts[] = {SKIP_KERNEL("32", "", ""), SKIP_KERNEL("5", "", ""),
                                        SKIP_KERNEL("40", "", "")};
    uint32_t a[1];
    tjrt_buffer buffers[4] = {BUFFER(a)};

    (void)state;
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        machine m = machine_of(texts[i]);
        machine_run(&m, 70, 70, buffers);
        machine_end(&m);
    }
}

/* ---- memory that goes well --------------------------------------------------------------- */

/* Static variables, threadgroup arguments and private arrays start at zero each time. */
static void memory_starts_at_zero(void **state)
{
    static const char text[] = DECLARE_BARRIER
        "@tile = internal addrspace(3) global [4 x i32] undef, align 4\n" DEFINE(BUFFER_ARG(
            "a") ", ptr addrspace(3) \"tmjit.type\"=\"uint\" %shared, " GRID_ARG
                 ", " LOCAL_ARG) "  %array = alloca [4 x i32]\n"
                                 "  %p = getelementptr [4 x i32], ptr addrspace(3) @tile, i32 "
                                 "0, i32 %t\n"
                                 "  %q = getelementptr i32, ptr addrspace(3) %shared, i32 %t\n"
                                 "  %r = getelementptr [4 x i32], ptr %array, i32 0, i32 %t\n"
                                 "  %x = load i32, ptr addrspace(3) %p\n"
                                 "  %y = load i32, ptr addrspace(3) %q\n"
                                 "  %z = load i32, ptr %r\n"
                                 "  store i32 7, ptr addrspace(3) %p\n"
                                 "  store i32 7, ptr addrspace(3) %q\n"
                                 "  store i32 7, ptr %r\n"
                                 "  %xy = or i32 %x, %y\n"
                                 "  %xyz = or i32 %xy, %z\n"
                                 "  %s = getelementptr i32, ptr addrspace(1) %a, i32 %i\n"
                                 "  store i32 %xyz, ptr addrspace(1) %s\n"
                                 "  ret void\n}\n";
    uint32_t a[12];
    tjrt_buffer buffers[4] = {BUFFER(a), {NULL, 16}};

    (void)state;
    memset(a, 0xff, sizeof a);
    machine m = machine_of(text);
    machine_run(&m, 12, 4, buffers);
    for (unsigned i = 0; i < 12; i++)
        assert_int_equal(a[i], 0);
    buffers[1].byte_len = 15;
    machine_fail(&m, 12, 4, buffers, TJ_E_BOUNDS,
                 "load of 4 bytes at byte offset 12 of buffer 'shared' (15 bytes), by thread "
                 "(3, 0, 0) of the grid, (3, 0, 0) of threadgroup (0, 0, 0)");
    machine_end(&m);
}

static void constants(void **state)
{
    static const char text[] =
        "@table = internal addrspace(2) constant [3 x { i8, float }] "
        "[{ i8, float } { i8 1, float 1.5 }, { i8, float } { i8 2, float 2.5 }, "
        "{ i8, float } { i8 3, float -0.0 }]\n" DEFINE(BUFFER_ARG(
            "a") ", " GRID_ARG) "  %p = getelementptr [3 x { i8, float }], ptr addrspace(2) "
                                "@table, i32 0, i32 %i, i32 1\n"
                                "  %v = load float, ptr addrspace(2) %p\n"
                                "  %q = getelementptr float, ptr addrspace(1) %a, i32 %i\n"
                                "  store float %v, ptr addrspace(1) %q\n"
                                "  ret void\n}\n";
    uint32_t a[3];
    tjrt_buffer buffers[2] = {BUFFER(a)};

    (void)state;
    machine m = machine_of(text);
    machine_run(&m, 3, 3, buffers);
    assert_int_equal(a[0], 0x3fc00000);
    assert_int_equal(a[1], 0x40200000);
    assert_int_equal(a[2], 0x80000000);
    machine_end(&m);
}

static void atomics(void **state)
{
#define RMW(name, type)                                                                        \
    "declare " type " @air.atomic.global." name "(ptr addrspace(1), " type ", i32, i32, i1)\n"
#define DO(number, name, type, operand)                                                        \
    "  %p" number " = getelementptr i32, ptr addrspace(1) %a, i32 " number "\n"                \
    "  %r" number " = call " type " @air.atomic.global." name "(ptr addrspace(1) %p" number    \
    ", " type " " operand ", i32 0, i32 2, i1 true)\n"
    static const char text[] = RMW("add.u.i32", "i32") RMW("sub.u.i32", "i32") RMW(
        "min.s.i32", "i32") RMW("max.u.i32", "i32") RMW("and.u.i32", "i32")
        RMW("or.u.i32", "i32") RMW("xor.u.i32", "i32") RMW("xchg.i32", "i32") RMW(
            "add.f32",
            "float") "declare i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1), ptr, "
                     "i32, i32, i32, "
                     "i32, i1)\n" DEFINE(BUFFER_ARG("a") ", " BUFFER_ARG(
                         "old") ", " GRID_ARG) "  %box = alloca i32\n"
                                               "  %neg = sub i32 0, %i\n" DO(
                                                   "0", "add.u.i32", "i32",
                                                   "%i") DO("1", "sub.u.i32", "i32",
                                                            "1") DO("2", "min.s.i32", "i32",
                                                                    "%neg") DO("3", "max.u.i32",
                                                                               "i32", "%i")
                                                   DO("4", "and.u.i32", "i32", "%i") DO(
                                                       "5", "or.u.i32", "i32",
                                                       "%i") DO("6", "xor.u.i32", "i32", "%i")
                                                       DO("7", "xchg.i32", "i32", "%i") DO(
                                                           "8", "add.f32", "float",
                                                           "0.5") "  store i32 %i, ptr %box\n"
                                                                  "  %p9 = getelementptr i32, "
                                                                  "ptr addrspace(1) %a, i32 9\n"
                                                                  "  %next = add i32 %i, 1\n"
                                                                  "  %r9 = call i32 "
                                                                  "@air.atomic.global.cmpxchg."
                                                                  "weak.i32(ptr addrspace(1) "
                                                                  "%p9, ptr %box, "
                                                                  "i32 %next, i32 0, i32 0, "
                                                                  "i32 2, i1 true)\n"
                                                                  "  %seen = load i32, ptr "
                                                                  "%box\n"
                                                                  "  %sum = add i32 %r0, "
                                                                  "%seen\n"
                                                                  "  %q = getelementptr i32, "
                                                                  "ptr addrspace(1) %old, i32 "
                                                                  "%i\n"
                                                                  "  store i32 %sum, ptr "
                                                                  "addrspace(1) %q\n"
                                                                  "  ret void\n}\n";
    enum { N = 50 };
    uint32_t a[10] = {0, 100, 5, 5, UINT32_MAX, 0, 0, 77, 0x3f800000, 0}, old[N];
    tjrt_buffer buffers[3] = {BUFFER(a), BUFFER(old)};

    (void)state;
    machine m = machine_of(text);
    machine_run(&m, N, 20, buffers);
    assert_int_equal(a[0], N * (N - 1) / 2);
    assert_int_equal(a[1], 50);
    assert_int_equal(a[2], (uint32_t)-(N - 1));
    assert_int_equal(a[3], N - 1);
    assert_int_equal(a[4], 0);
    assert_int_equal(a[5], 63);
    assert_int_equal(a[6], 1); /* 0 ^ 1 ^ ... ^ 49 */
    assert_int_equal(a[7], N - 1);
    assert_int_equal(a[8], 0x41d00000); /* 26 */
    assert_int_equal(a[9], N);          /* in order each one succeeds */
    for (unsigned i = 0, total = 0; i < N; total += i++)
        assert_int_equal(old[i], total + i);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_behind_a_buffer),
        cmocka_unit_test(store_before_a_buffer),
        cmocka_unit_test(partly_outside),
        cmocka_unit_test(threadgroup_variable),
        cmocka_unit_test(private_array),
        cmocka_unit_test(pointer_of_unknown_origin),
        cmocka_unit_test(unchecked),
        cmocka_unit_test(trap),
        cmocka_unit_test(endless_loop),
        cmocka_unit_test(barrier_orders_simdgroups),
        cmocka_unit_test(part_of_a_simdgroup),
        cmocka_unit_test(different_barriers),
        cmocka_unit_test(ended_threads_do_not_count),
        cmocka_unit_test(memory_starts_at_zero),
        cmocka_unit_test(constants),
        cmocka_unit_test(atomics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
