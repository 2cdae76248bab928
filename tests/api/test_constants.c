/* SPDX-License-Identifier: MIT */
/* Function constants, built-in inputs by calls and messages of kernels, through the header. */
#include "api_util.h"

#include <stdio.h>

static const tmjit_engine engines[] = {TMJIT_ENGINE_SIMD, TMJIT_ENGINE_INTERP};

/* y[i] = i * factor + (is_on ? x[i] : 0); x is there when is_on is true. A call gives i. */
static const char constant_kernel[] =
    "@factor = internal addrspace(2) externally_initialized constant i32 undef, align 4\n"
    "@is_on = internal addrspace(2) externally_initialized constant i8 undef, align 1\n"
    "@has_x = internal addrspace(2) global i8 0, align 1\n"
    "@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } "
    "{ i32 65535, ptr @start, ptr null }]\n"
    "declare i32 @air.get_global_id.i32(i32)\n"
    "define internal void @start() {\n"
    "  %v = load i8, ptr addrspace(2) @is_on, align 1\n"
    "  store i8 %v, ptr addrspace(2) @has_x, align 1\n"
    "  ret void\n"
    "}\n"
    "define void @k(ptr addrspace(1) %x, ptr addrspace(1) %y) {\n"
    "  %i = call i32 @air.get_global_id.i32(i32 0)\n"
    "  %f = load i32, ptr addrspace(2) @factor, align 4\n"
    "  %on = load i8, ptr addrspace(2) @has_x, align 1\n"
    "  %w = zext i32 %i to i64\n"
    "  %m = mul i32 %i, %f\n"
    "  %c = icmp ne i8 %on, 0\n"
    "  br i1 %c, label %read, label %end\n"
    "read:\n"
    "  %p = getelementptr i32, ptr addrspace(1) %x, i64 %w\n"
    "  %v = load i32, ptr addrspace(1) %p, align 4\n"
    "  br label %end\n"
    "end:\n"
    "  %b = phi i32 [ 0, %0 ], [ %v, %read ]\n"
    "  %r = add i32 %m, %b\n"
    "  %q = getelementptr i32, ptr addrspace(1) %y, i64 %w\n"
    "  store i32 %r, ptr addrspace(1) %q, align 4\n"
    "  ret void\n"
    "}\n"
    "!air.kernel = !{!0}\n"
    "!air.function_constants = !{!6, !7}\n"
    "!0 = !{ptr @k, !1, !2}\n"
    "!1 = !{}\n"
    "!2 = !{!3, !4}\n"
    "!3 = !{i32 0, !\"air.function_constant\", !5, !\"air.buffer\", !\"air.location_index\", "
    "i32 0, i32 1, !\"air.read\", !\"air.address_space\", i32 1, !\"air.arg_type_size\", i32 "
    "4, "
    "!\"air.arg_type_align_size\", i32 4, !\"air.arg_type_name\", !\"int\", !\"air.arg_name\", "
    "!\"x\"}\n"
    "!4 = !{i32 1, !\"air.buffer\", !\"air.location_index\", i32 1, i32 1, "
    "!\"air.read_write\", "
    "!\"air.address_space\", i32 1, !\"air.arg_type_size\", i32 4, "
    "!\"air.arg_type_align_size\", i32 4, !\"air.arg_type_name\", !\"int\", !\"air.arg_name\", "
    "!\"y\"}\n"
    "!5 = !{ptr addrspace(2) @has_x, !\"bool\", !\"is_on\"}\n"
    "!6 = !{ptr addrspace(2) @factor, !\"int\", !\"factor\", i32 3, i1 true}\n"
    "!7 = !{ptr addrspace(2) @is_on, !\"bool\", !\"is_on\", i32 8, i1 true}\n";

static const tmjit_kernel *load_constant_kernel(tmjit_context *ctx)
{
    return load_kernel(ctx, constant_kernel, "k");
}

static tmjit_status create(tmjit_context *ctx, const tmjit_kernel *kernel, tmjit_engine engine,
                           const tmjit_constant *constants, size_t count, tmjit_pipeline **out)
{
    tmjit_pipeline_options options = {.struct_size = sizeof options,
                                      .engine = engine,
                                      .constants = constants,
                                      .constant_count = count};

    return tmjit_pipeline_create(ctx, kernel, &options, out);
}

static void test_reflection(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_constant_kernel(ctx);
    (void)state;

    assert_int_equal(tmjit_kernel_constant_count(kernel), 2);
    const tmjit_constant_info *factor = tmjit_kernel_constant(kernel, 0);
    assert_string_equal(factor->name, "factor");
    assert_string_equal(factor->type_name, "int");
    assert_int_equal(factor->index, 3);
    assert_int_equal(factor->scalar, TMJIT_SCALAR_I32);
    assert_int_equal(factor->components, 1);
    assert_true(factor->is_required);
    assert_int_equal(tmjit_kernel_constant(kernel, 1)->scalar, TMJIT_SCALAR_BOOL);
    assert_null(tmjit_kernel_constant(kernel, 2));
    assert_int_equal(tmjit_kernel_constant_count(NULL), 0);
    assert_int_equal(tmjit_kernel_arg_count(kernel), 2);
    assert_true(tmjit_kernel_arg(kernel, 0)->is_optional);
    assert_false(tmjit_kernel_arg(kernel, 1)->is_optional);
    tmjit_context_destroy(ctx);
}

/* Without x its binding is not looked at: here it is no memory at all. */
static void run_constants(tmjit_context *ctx, tmjit_engine engine, bool is_on)
{
    int factor = 7, x[40], y[40] = {0};
    const tmjit_constant constants[] = {
        {.name = "factor", .scalar = TMJIT_SCALAR_I32, .components = 1, .data = &factor},
        {.index = 8, .scalar = TMJIT_SCALAR_BOOL, .components = 1, .data = &is_on}};
    tmjit_pipeline *pipeline = NULL;
    tmjit_binding bindings[] = {{is_on ? x : NULL, is_on ? sizeof x : 99}, {y, sizeof y}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {40, 0, 0},
                           .bindings = bindings,
                           .binding_count = 2};

    for (int i = 0; i < 40; i++)
        x[i] = 100 * i;
    if (create(ctx, load_constant_kernel(ctx), engine, constants, 2, &pipeline))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    assert_int_equal(tmjit_pipeline_has_arg(pipeline, 0), is_on);
    assert_true(tmjit_pipeline_has_arg(pipeline, 1));
    assert_false(tmjit_pipeline_has_arg(pipeline, 2)); /* the input that was asked for */
    if (tmjit_pipeline_launch(pipeline, &launch))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    for (int i = 0; i < 40; i++)
        assert_int_equal(y[i], 7 * i + (is_on ? 100 * i : 0));
}

static void test_values(void **state)
{
    tmjit_context *ctx = new_context();
    (void)state;

    for (unsigned e = 0; e < 2; e++) {
        run_constants(ctx, engines[e], false);
        run_constants(ctx, engines[e], true);
    }
    tmjit_context_destroy(ctx);
}

static void test_misuse(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_constant_kernel(ctx);
    tmjit_pipeline *pipeline = NULL;
    int numbers[] = {1, 1};
    tmjit_constant good[] = {
        {.name = "factor", .scalar = TMJIT_SCALAR_I32, .components = 1, .data = numbers},
        {.name = "is_on", .scalar = TMJIT_SCALAR_BOOL, .components = 1, .data = numbers},
        {.index = 3, .scalar = TMJIT_SCALAR_I32, .components = 1, .data = numbers}};
    (void)state;

    assert_int_equal(create(ctx, kernel, 0, good, 1, &pipeline), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID,
                 "function constant 'is_on' (index 8, bool) has no value");
    assert_int_equal(create(ctx, kernel, 0, good, 3, &pipeline), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "'factor' (index 3) is given twice");
    good[2].index = 4;
    assert_int_equal(create(ctx, kernel, 0, good, 3, &pipeline), TMJIT_E_NOT_FOUND);
    assert_error(ctx, TMJIT_E_NOT_FOUND, "no function constant 4; there are: factor (3, int)");
    good[0].scalar = TMJIT_SCALAR_U32;
    assert_int_equal(create(ctx, kernel, 0, good, 2, &pipeline), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "'factor' is int, not uint");
    good[0] = (tmjit_constant){
        .name = "factor", .scalar = TMJIT_SCALAR_I32, .components = 2, .data = numbers};
    assert_int_equal(create(ctx, kernel, 0, good, 2, &pipeline), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "'factor' is int, not int2");
    good[0].data = NULL;
    assert_int_equal(create(ctx, kernel, 0, good, 2, &pipeline), TMJIT_E_INVALID);
    assert_null(pipeline);
    tmjit_context_destroy(ctx);
}

/* ---- messages ------------------------------------------------------------------------- */

/* Every thread logs its index as an error, then thread 2 accesses memory outside y. */
static const char log_kernel[] =
    "@f = internal addrspace(2) constant [6 x i8] c\"at %d\\00\"\n"
    "declare void @llvm.va_start(ptr)\n"
    "declare void @air.os_log(ptr addrspace(2), ptr addrspace(2), i32, ptr addrspace(2), ptr, "
    "i64)\n"
    "define internal void @log(ptr addrspace(2) %f, ...) {\n"
    "  %l = alloca ptr, align 8\n"
    "  call void @llvm.va_start(ptr %l)\n"
    "  %a = load ptr, ptr %l, align 8\n"
    "  call void @air.os_log(ptr addrspace(2) null, ptr addrspace(2) null, i32 16, "
    "ptr addrspace(2) %f, ptr %a, i64 8)\n"
    "  ret void\n"
    "}\n"
    "define void @talk(ptr addrspace(1) \"tmjit.type\"=\"int\" %y, i32 "
    "\"tmjit.builtin\"=\"thread_position_in_grid\" %i) \"tmjit.kernel\" {\n"
    "  call void (ptr addrspace(2), ...) @log(ptr addrspace(2) @f, i32 %i)\n"
    "  %w = zext i32 %i to i64\n"
    "  %p = getelementptr i32, ptr addrspace(1) %y, i64 %w\n"
    "  store i32 1, ptr addrspace(1) %p, align 4\n"
    "  ret void\n"
    "}\n";

typedef struct heard {
    unsigned count;
    uint64_t dropped;
    bool is_good;
} heard;

static void hear(const tmjit_log_entry *entry, void *user)
{
    heard *h = user;
    char expected[16];

    if (!entry->message) {
        h->dropped = entry->dropped_count;
        return;
    }
    snprintf(expected, sizeof expected, "at %u", h->count);
    h->is_good = h->is_good && !strcmp(entry->message, expected) && !entry->subsystem &&
                 !entry->category && entry->level == TMJIT_LOG_ERROR &&
                 entry->thread[0] == h->count && !entry->thread[1] && !entry->thread[2];
    h->count++;
}

static heard talk(tmjit_pipeline *pipeline, unsigned threads, uint64_t limit,
                  tmjit_status expected)
{
    static int y[4096];
    heard h = {.is_good = true};
    tmjit_binding bindings[] = {{y, expected ? 8 : sizeof y}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {threads, 0, 0},
                           .bindings = bindings,
                           .binding_count = 2,
                           .log = hear,
                           .log_user = &h,
                           .log_byte_limit = limit};

    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), expected);
    assert_true(h.is_good);
    launch.log = NULL; /* nobody listens */
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), expected);
    return h;
}

static void test_log(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, log_kernel, "talk");
    (void)state;

    for (unsigned e = 0; e < 2; e++) {
        tmjit_pipeline *pipeline = compile(ctx, kernel, engines[e], (tmjit_extent){64, 1, 1});
        heard all = talk(pipeline, 4096, 0, TMJIT_OK);
        assert_int_equal(all.count, 4096);
        assert_int_equal(all.dropped, 0);
        /* "at 0" to "at 9", ten times four bytes, then five of five bytes. */
        heard few = talk(pipeline, 4096, 65, TMJIT_OK);
        assert_int_equal(few.count, 15);
        assert_int_equal(few.dropped, 4081);
        /* What was said before the fault is heard. */
        heard fault = talk(pipeline, 3, 0, TMJIT_E_BOUNDS);
        assert_int_equal(fault.count, 3);
    }
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reflection),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
