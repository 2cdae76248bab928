/* SPDX-License-Identifier: MIT */
/* Everything a hostile caller or module may try, in one context: each attempt ends with an
 * error that names cause and place, no byte outside a buffer changes, and a good kernel runs
 * right afterwards, on both engines. */
#include "api_util.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- one context, and the proof that it is usable ------------------------------------- */

enum { GOOD_COUNT = 100 };

typedef struct fixture {
    tmjit_context *ctx;
    tmjit_pipeline *good[2];
    unsigned char *pages; /* one page with access between two without */
    size_t page_len;
} fixture;

static const tmjit_engine engines[] = {TMJIT_ENGINE_SIMD, TMJIT_ENGINE_INTERP};

static void expect_usable(const fixture *f, const char *after)
{
    for (unsigned e = 0; e < 2; e++) {
        float a[GOOD_COUNT], b[GOOD_COUNT], y[GOOD_COUNT];
        tmjit_binding bindings[] = {{a, sizeof a}, {b, sizeof b}, {y, sizeof y}, {NULL, 0}};
        tmjit_launch launch = {.struct_size = sizeof launch,
                               .grid = {GOOD_COUNT, 1, 1},
                               .bindings = bindings,
                               .binding_count = 4};
        for (unsigned i = 0; i < GOOD_COUNT; i++) {
            a[i] = (float)i;
            b[i] = 2;
        }
        if (tmjit_pipeline_launch(f->good[e], &launch))
            fail_msg("after %s: %s", after, tmjit_last_error(f->ctx)->rendered);
        for (unsigned i = 0; i < GOOD_COUNT; i++)
            assert_true(y[i] == (float)i + 2);
    }
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    f->ctx = new_context();
    f->page_len = (size_t)sysconf(_SC_PAGESIZE);
    const tmjit_kernel *add = load_kernel(f->ctx, add_kernel, "add");
    for (unsigned e = 0; e < 2; e++)
        f->good[e] = compile(f->ctx, add, engines[e], (tmjit_extent){32, 1, 1});
    void *all = mmap(NULL, 3 * f->page_len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(all != MAP_FAILED);
    f->pages = (unsigned char *)all + f->page_len;
    assert_int_equal(mprotect(f->pages, f->page_len, PROT_READ | PROT_WRITE), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;

    munmap(f->pages - f->page_len, 3 * f->page_len);
    tmjit_context_destroy(f->ctx);
    free(f);
    return 0;
}

/* ---- modules that are not accepted ---------------------------------------------------- */

#define KERNEL                                                                                 \
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y, "                             \
    "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i) \"tmjit.kernel\" {\n"

typedef struct refused_row {
    const char *text;
    tmjit_status status;
    const char *part;
    unsigned line; /* 0: no place in the text */
} refused_row;

static const refused_row refused_rows[] = {
    {"", TMJIT_E_MALFORMED, "empty", 0},
    {"BC\xC0\xDE", TMJIT_E_MALFORMED, "", 0},
    {"\xDE\xC0\x17\x0B", TMJIT_E_MALFORMED, "", 0},
    {"MTLB", TMJIT_E_MALFORMED, "", 0},
    {"not a module", TMJIT_E_MALFORMED, "", 1},
    {"declare i32 @system(ptr)\n" KERNEL "  %r = call i32 @system(ptr null)\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "call of external function 'system'", 3},
    {"declare ptr @dlsym(ptr, ptr)\n" KERNEL
     "  %r = call ptr @dlsym(ptr null, ptr null)\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "call of external function 'dlsym'", 3},
    {"module asm \"int3\"\n" KERNEL "  ret void\n}\n", TMJIT_E_UNSUPPORTED,
     "module-level assembly", 0},
    {KERNEL "  call void asm sideeffect \"int3\", \"\"()\n  ret void\n}\n", TMJIT_E_UNSUPPORTED,
     "inline assembly", 2},
    {"@f = ifunc void (), ptr @r\ndefine ptr @r() {\n  ret ptr null\n}\n" KERNEL
     "  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "ifunc 'f'", 0},
    {"@t = constant [1 x ptr] [ptr @g]\ndefine void @g() {\n  ret void\n}\n" KERNEL
     "  %p = load ptr, ptr @t\n  call void %p()\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "initialised with an address", 6},
    {KERNEL "  %p = inttoptr i64 4096 to ptr\n  call void %p()\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "indirect call", 3},
    {"@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } "
     "{ i32 1, ptr @c, ptr null }]\ndeclare void @abort()\ndefine void @c() {\n"
     "  call void @abort()\n  ret void\n}\n" KERNEL "  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "", 4},
    {"@llvm.global_dtors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } "
     "{ i32 1, ptr @c, ptr null }]\ndefine void @c() {\n  ret void\n}\n" KERNEL
     "  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "destructors", 0},
    {"define i32 @r(i32 %n) {\n  %m = call i32 @r(i32 %n)\n  ret i32 %m\n}\n" KERNEL
     "  %v = call i32 @r(i32 %i)\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "recursion: @r calls @r", 2},
    {"define i32 @a(i32 %n) {\n  %m = call i32 @b(i32 %n)\n  ret i32 %m\n}\n"
     "define i32 @b(i32 %n) {\n  %m = call i32 @a(i32 %n)\n  ret i32 %m\n}\n" KERNEL
     "  %v = call i32 @a(i32 %i)\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "recursion: @a calls @b calls @a", 6},
    {"@s = internal addrspace(3) global [8193 x i32] undef\n" KERNEL
     "  store i32 %i, ptr addrspace(3) @s\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "32772 bytes of threadgroup memory", 2},
    {KERNEL "  %a = alloca [65537 x i8]\n  store i8 0, ptr %a\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "65537 bytes of thread memory", 2},
    {KERNEL "  %a = alloca i32, i32 %i\n  ret void\n}\n", TMJIT_E_UNSUPPORTED,
     "alloca of variable length", 2},
    {"@e = external global i32\n" KERNEL "  store i32 1, ptr @e\n  ret void\n}\n",
     TMJIT_E_UNSUPPORTED, "", 3},
    {KERNEL "  %v = load i32, ptr addrspace(256) null\n  ret void\n}\n", TMJIT_E_UNSUPPORTED,
     "address spaces 0 to 3", 2},
};

static void test_modules_that_are_refused(void **state)
{
    const fixture *f = *state;

    for (size_t i = 0; i < sizeof refused_rows / sizeof *refused_rows; i++) {
        const refused_row *row = &refused_rows[i];
        tmjit_library *library = (tmjit_library *)(uintptr_t)1;
        tmjit_status status = tmjit_library_load_memory(f->ctx, row->text, strlen(row->text),
                                                        "hostile.ll", &library);
        const tmjit_error *error = tmjit_last_error(f->ctx);
        if (status != row->status || !strstr(error->message, row->part) ||
            error->line != row->line || !error->file || strcmp(error->file, "hostile.ll"))
            fail_msg("row %zu, line %u: %s", i, error->line, error->rendered);
        assert_ptr_equal(library, (void *)(uintptr_t)1);
        expect_usable(f, row->part);
    }
}

/* ---- kernels that go wrong while they run --------------------------------------------- */

typedef struct fault_row {
    const char *what, *text;
    uint64_t byte_len; /* of the only buffer, of words that are `fill` */
    uint32_t fill;
    tmjit_status status;
    const char *part;
    unsigned line;
} fault_row;

#define DIVERGE "declare void @air.wg.barrier(i32, i32)\n"
#define SHARED "@s = internal addrspace(3) global [4 x i32] undef, align 16\n"
#define TABLE "@t = internal addrspace(2) constant [4 x i32] [i32 1, i32 2, i32 3, i32 4]\n"
/* The element of a global that the buffer's first word names. */
#define FROM(space, name, access)                                                              \
    "  %v = load i32, ptr addrspace(1) %y\n"                                                   \
    "  %p = getelementptr i32, ptr addrspace(" space ") @" name ", i32 %v\n  " access          \
    "\n  ret void\n}\n"
#define AT(index) "  %n = " index "\n  %p = getelementptr i32, ptr addrspace(1) %y, i64 %n\n"

static const fault_row fault_rows[] = {
    /* Every threadgroup but the first two faults: the third is reported, whoever is first. */
    {"past the end",
     KERNEL AT("zext i32 %i to i64") "  store i32 7, ptr addrspace(1) %p\n"
                                     "  ret void\n}\n",
     256, 0, TMJIT_E_BOUNDS, "store of 4 bytes at byte offset 256 of buffer", 4},
    {"before the start",
     KERNEL AT("sub i64 0, 1") "  store i32 7, ptr addrspace(1) %p\n"
                               "  ret void\n}\n",
     256, 0, TMJIT_E_BOUNDS, "store of 4 bytes at byte offset -4 of buffer", 4},
    {"far away",
     KERNEL AT("add i64 4611686018427387000, 903") "  store i32 7, ptr addrspace(1) %p\n  ret "
                                                   "void\n}\n",
     256, 0, TMJIT_E_BOUNDS, "store of 4 bytes at byte offset -4 of buffer", 4},
    {"half outside",
     KERNEL "  %p = getelementptr i8, ptr addrspace(1) %y, i32 254\n"
            "  store i32 7, ptr addrspace(1) %p, align 1\n  ret void\n}\n",
     256, 0, TMJIT_E_BOUNDS, "store of 4 bytes at byte offset 254 of buffer", 3},
    {"no bytes at all", KERNEL "  store i8 7, ptr addrspace(1) %y\n  ret void\n}\n", 0, 0,
     TMJIT_E_BOUNDS, "of buffer 'y' (0 bytes)", 2},
    {"wild pointer",
     KERNEL "  %v = load i64, ptr addrspace(1) %y\n"
            "  %p = inttoptr i64 %v to ptr addrspace(1)\n  store i32 7, ptr addrspace(1) %p\n"
            "  ret void\n}\n",
     256, 0x41414141, TMJIT_E_BOUNDS, "address 0x4141414141414141", 4},
    {"null pointer", KERNEL "  store i32 7, ptr addrspace(1) null\n  ret void\n}\n", 256, 0,
     TMJIT_E_BOUNDS, "store of 4 bytes at", 2},
    {"private",
     KERNEL "  %a = alloca [4 x i32]\n  %v = load i32, ptr addrspace(1) %y\n"
            "  %p = getelementptr i32, ptr %a, i32 %v\n  store volatile i32 7, ptr %p\n  ret "
            "void\n}\n",
     256, 4, TMJIT_E_BOUNDS, "at byte offset 16 of private array 'a' (16 bytes)", 5},
    {"private, before the start",
     KERNEL "  %a = alloca [4 x i32]\n  %v = load i32, ptr addrspace(1) %y\n"
            "  %p = getelementptr i32, ptr %a, i32 %v\n  store volatile i32 7, ptr %p\n  ret "
            "void\n}\n",
     256, 0xffffffff, TMJIT_E_BOUNDS, "at byte offset -4 of private array 'a' (16 bytes)", 5},
    {"threadgroup, past the end", SHARED KERNEL FROM("3", "s", "store volatile i32 7, ptr "
     "addrspace(3) %p"), 256, 4, TMJIT_E_BOUNDS, "at byte offset 16 of", 5},
    {"threadgroup, before the start", SHARED KERNEL FROM("3", "s", "store volatile i32 7, ptr "
     "addrspace(3) %p"), 256, 0xffffffff, TMJIT_E_BOUNDS, "at byte offset -4 of", 5},
    {"constants, past the end", TABLE KERNEL FROM("2", "t", "%z = load volatile i32, ptr "
     "addrspace(2) %p"), 256, 4, TMJIT_E_BOUNDS, "at byte offset 16 of", 5},
    {"constants, before the start", TABLE KERNEL FROM("2", "t", "%z = load volatile i32, ptr "
     "addrspace(2) %p"), 256, 0xffffffff, TMJIT_E_BOUNDS, "at byte offset -4 of", 5},
    {"wild pointer out of threadgroup memory", SHARED KERNEL
     "  %v = load i64, ptr addrspace(1) %y\n  store volatile i64 %v, ptr addrspace(3) @s\n"
     "  %w = load volatile ptr addrspace(1), ptr addrspace(3) @s\n"
     "  store i32 7, ptr addrspace(1) %w\n  ret void\n}\n", 256, 0x41414141, TMJIT_E_BOUNDS,
     "address 0x4141414141414141", 6},
    {"counts for minutes", KERNEL "  br label %l\nl:\n  %n = phi i32 [ 0, %0 ], [ %m, %l ]\n"
     "  %a = phi i32 [ %i, %0 ], [ %b, %l ]\n  %q = mul i32 %a, %a\n  %b = xor i32 %q, %n\n"
     "  %m = add i32 %n, 1\n  %c = icmp ne i32 %m, 0\n  br i1 %c, label %l, label %e\ne:\n"
     "  store i32 %b, ptr addrspace(1) %y\n  ret void\n}\n", 256, 0, TMJIT_E_TIMEOUT,
     "launch ran longer than 0.05 s", 0},
    {"part of the threads at a barrier", DIVERGE KERNEL "  %c = icmp ult i32 %i, 7\n"
     "  br i1 %c, label %w, label %o\nw:\n  call void @air.wg.barrier(i32 1, i32 1)\n"
     "  br label %e\no:\n  call void @air.wg.barrier(i32 1, i32 1)\n  br label %e\ne:\n"
     "  ret void\n}\n", 256, 0, TMJIT_E_DIVERGED, "barrier", 0},
    {"endless loop", KERNEL "  br label %l\nl:\n  br label %l\n}\n", 256, 0, TMJIT_E_TIMEOUT,
     "launch ran longer than 0.05 s", 0},
    {"trap", "declare void @llvm.trap()\n" KERNEL "  call void @llvm.trap()\n  ret void\n}\n",
     256, 0, TMJIT_E_TRAP, "trap", 3},
};

/* The buffer ends where the page does, or starts where it starts. */
static void run_fault(const fixture *f, const fault_row *row, tmjit_pipeline *pipeline,
                      bool is_at_end)
{
    unsigned char *data = f->pages + (is_at_end ? f->page_len - row->byte_len : 0);
    tmjit_binding bindings[] = {{data, row->byte_len}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {200, 1, 1},
                           .bindings = bindings,
                           .binding_count = 2,
                           .timeout_s = 0.05};

    memset(f->pages, 0x55, f->page_len);
    for (uint64_t i = 0; i < row->byte_len; i += 4)
        memcpy(data + i, &row->fill, 4);
    tmjit_status status = tmjit_pipeline_launch(pipeline, &launch);
    const tmjit_error *error = tmjit_last_error(f->ctx);
    if (status != row->status || !strstr(error->message, row->part) ||
        (row->line && error->line != row->line) || strcmp(error->kernel, "k"))
        fail_msg("%s: %d %s", row->what, status, error->rendered);
    for (unsigned char *at = f->pages; at < f->pages + f->page_len; at++)
        if (*at != 0x55 && (at < data || at >= data + row->byte_len))
            fail_msg("%s: a byte outside the buffer was written", row->what);
}

static void test_launches_that_fault(void **state)
{
    const fixture *f = *state;

    for (size_t i = 0; i < sizeof fault_rows / sizeof *fault_rows; i++) {
        const fault_row *row = &fault_rows[i];
        tmjit_library *library = load(f->ctx, row->text);
        for (unsigned e = 0; e < 2; e++) {
            tmjit_pipeline *pipeline = compile(f->ctx, tmjit_library_kernel(library, 0),
                                               engines[e], (tmjit_extent){64, 1, 1});
            run_fault(f, row, pipeline, true);
            run_fault(f, row, pipeline, false);
            tmjit_pipeline_destroy(pipeline);
            expect_usable(f, row->what);
        }
        tmjit_library_destroy(library);
    }
}

/* ---- calls that make no sense --------------------------------------------------------- */

static uint32_t words[66];

typedef struct launch_row {
    const char *part;
    tmjit_extent grid;
    tmjit_binding binding;
    size_t binding_count;
} launch_row;

static const launch_row launch_rows[] = {
    {"grid.x is 0", {0, 1, 1}, {words, sizeof words}, 2},
    {"2^62", {UINT32_MAX, UINT32_MAX, UINT32_MAX}, {words, sizeof words}, 2},
    {"1 bindings", {1, 1, 1}, {words, sizeof words}, 1},
    {"'y' is NULL", {1, 1, 1}, {NULL, sizeof words}, 2},
    {"larger than memory", {1, 1, 1}, {words, UINT64_MAX}, 2},
    {"aligned to 4", {1, 1, 1}, {(char *)words + 1, 256}, 2},
    {"'y' has 252 bytes; the kernel demands 256", {1, 1, 1}, {words, 252}, 2},
};

static void test_launches_that_are_refused(void **state)
{
    static const char text[] = "define void @k(ptr addrspace(1) \"tmjit.type\"=\"uint\" "
                               "\"tmjit.byte_len\"=\"256\" %y, i32 "
                               "\"tmjit.builtin\"=\"thread_position_in_grid\" %i) "
                               "\"tmjit.kernel\" {\n  store i32 1, ptr addrspace(1) %y\n"
                               "  ret void\n}\n";
    const fixture *f = *state;
    const tmjit_kernel *kernel = load_kernel(f->ctx, text, "k");
    tmjit_pipeline_options options = {.struct_size = sizeof options,
                                      .threadgroup = {1025, 1, 1}};
    tmjit_pipeline *pipeline = NULL;

    assert_int_equal(tmjit_pipeline_create(f->ctx, kernel, &options, &pipeline),
                     TMJIT_E_INVALID);
    assert_error(f->ctx, TMJIT_E_INVALID, "takes at most 1024 threads");
    expect_usable(f, "1025 threads");
    for (unsigned e = 0; e < 2; e++) {
        pipeline = compile(f->ctx, kernel, engines[e], (tmjit_extent){32, 1, 1});
        for (size_t i = 0; i < sizeof launch_rows / sizeof *launch_rows; i++) {
            const launch_row *row = &launch_rows[i];
            tmjit_binding bindings[] = {row->binding, {NULL, 0}};
            tmjit_launch launch = {.struct_size = sizeof launch,
                                   .grid = row->grid,
                                   .bindings = bindings,
                                   .binding_count = row->binding_count};
            assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
            assert_error(f->ctx, TMJIT_E_INVALID, row->part);
            assert_int_equal(words[0], 0);
            expect_usable(f, row->part);
        }
    }
}

/* A threadgroup argument of a byte more than there is. */
static void test_threadgroup_memory_is_bounded(void **state)
{
    static const char text[] =
        "define void @k(ptr addrspace(3) \"tmjit.type\"=\"uint\" %t) \"tmjit.kernel\" {\n"
        "  store i32 1, ptr addrspace(3) %t\n  ret void\n}\n";
    const fixture *f = *state;
    const tmjit_kernel *kernel = load_kernel(f->ctx, text, "k");

    for (unsigned e = 0; e < 2; e++) {
        tmjit_pipeline *pipeline = compile(f->ctx, kernel, engines[e], (tmjit_extent){32, 1, 1});
        tmjit_binding binding = {NULL, 32769};
        tmjit_launch launch = {.struct_size = sizeof launch, .grid = {32, 1, 1},
                               .bindings = &binding, .binding_count = 1};
        assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
        assert_error(f->ctx, TMJIT_E_INVALID, "32768");
        binding = (tmjit_binding){words, 64}; /* memory of the caller's, where there is none */
        assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
        binding = (tmjit_binding){NULL, 3}; /* too short */
        assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_BOUNDS);
        expect_usable(f, "threadgroup memory");
        tmjit_pipeline_destroy(pipeline);
    }
}

/* ---- broken files --------------------------------------------------------------------- */

enum { MOST_FILE = 1 << 14, CUTS = 16, FLIPS = 48 };

static void load_broken(const fixture *f, const unsigned char *bytes, size_t byte_len,
                        const char *path)
{
    tmjit_library *library = NULL;
    tmjit_status status =
        tmjit_library_load_memory(f->ctx, bytes, byte_len, "broken", &library);

    if (status == TMJIT_E_INTERNAL || (status && !*tmjit_last_error(f->ctx)->message))
        fail_msg("%s: %s", path, tmjit_last_error(f->ctx)->rendered);
    tmjit_library_destroy(library);
}

/* Cut off, and with single bits changed: text, bitcode in its wrapper and bare, a container. */
static void test_broken_files(void **state)
{
    static const char *const paths[] = {
        "kernels/vector_add.ll", "fuzz/seeds/load/vector-add.bc",
        "fuzz/seeds/metallib/two.metallib", "fuzz/seeds/metallib/sources.metallib"};
    static unsigned char bytes[MOST_FILE];
    const fixture *f = *state;

    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        FILE *file = fopen(paths[p], "rb");
        assert_non_null(file);
        size_t byte_len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_in_range(byte_len, 100, sizeof bytes - 1);
        for (size_t i = 0; i < CUTS; i++)
            load_broken(f, bytes, byte_len * i / CUTS, paths[p]);
        for (size_t i = 0; i < FLIPS; i++) {
            size_t bit = i * 7919 * 8 / 3 % (byte_len * 8);
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
            load_broken(f, bytes, byte_len, paths[p]);
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
        if (p == 1) /* without its wrapper */
            load_broken(f, bytes + 20, byte_len - 20, paths[p]);
        load_broken(f, bytes, byte_len, paths[p]);
        expect_usable(f, paths[p]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modules_that_are_refused),
        cmocka_unit_test(test_launches_that_fault),
        cmocka_unit_test(test_launches_that_are_refused),
        cmocka_unit_test(test_threadgroup_memory_is_bounded),
        cmocka_unit_test(test_broken_files),
        cmocka_unit_test(test_modules_that_are_refused), /* nothing has worn out */
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
