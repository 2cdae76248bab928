/* SPDX-License-Identifier: MIT */
/* Contexts, libraries, kernels, pipelines, views: good calls and every misuse. */
#include "api_util.h"

#include <pthread.h>
#include <stdio.h>

static void *const untouched = (void *)(uintptr_t)0x5a5a;

/* ---- version and status -------------------------------------------------------------- */

static void test_version_names_llvm(void **state)
{
    (void)state;
    assert_int_equal(strncmp(tmjit_version(), "0.1.0 (LLVM 22.", 15), 0);
    assert_string_equal(tmjit_status_name(TMJIT_E_BOUNDS), "bounds");
    assert_non_null(tmjit_status_name((tmjit_status)999));
}

/* ---- context ------------------------------------------------------------------------- */

static void test_context_options(void **state)
{
    struct {
        tmjit_context_options options;
        unsigned later_field;
    } later = {.options = {.struct_size = sizeof later, .threads = 1}};
    tmjit_context_options no_size = {.threads = 1};
    tmjit_context_options not_filled_in = {.struct_size = SIZE_MAX / 3};
    tmjit_context_options too_many = {.struct_size = sizeof too_many, .threads = 100000};
    tmjit_context *ctx = untouched;
    (void)state;

    assert_int_equal(tmjit_context_create(NULL, NULL), TMJIT_E_INVALID);
    assert_int_equal(tmjit_context_create(&no_size, &ctx), TMJIT_E_INVALID);
    assert_int_equal(tmjit_context_create(&not_filled_in, &ctx), TMJIT_E_INVALID);
    assert_int_equal(tmjit_context_create(&too_many, &ctx), TMJIT_E_INVALID);
    later.later_field = 1;
    assert_int_equal(tmjit_context_create(&later.options, &ctx), TMJIT_E_INVALID);
    assert_ptr_equal(ctx, untouched);
    later.later_field = 0; /* a newer caller that uses nothing new */
    assert_int_equal(tmjit_context_create(&later.options, &ctx), TMJIT_OK);
    tmjit_context_destroy(ctx);
    assert_int_equal(tmjit_context_create(NULL, &ctx), TMJIT_OK);
    tmjit_context_destroy(ctx);
    tmjit_context_destroy(NULL);
}

static void *fail_elsewhere(void *argument)
{
    tmjit_context *ctx = argument;
    tmjit_library *library = untouched;
    bool is_right = tmjit_last_error(ctx)->status == TMJIT_OK;

    is_right =
        tmjit_library_load_file(ctx, "/nowhere/at/all.ll", &library) == TMJIT_E_NOT_FOUND &&
        is_right;
    is_right = tmjit_last_error(ctx)->status == TMJIT_E_NOT_FOUND && is_right;
    return is_right ? NULL : ctx;
}

static void test_errors_belong_to_threads(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_library *library = untouched;
    pthread_t thread;
    void *result;
    (void)state;

    assert_int_equal(tmjit_last_error(ctx)->status, TMJIT_OK);
    assert_null(tmjit_last_error(ctx)->message);
    assert_int_equal(tmjit_last_error(NULL)->status, TMJIT_E_INVALID);
    assert_int_equal(tmjit_library_load_memory(ctx, "define", 6, NULL, &library),
                     TMJIT_E_MALFORMED);
    /* the later ones get the pthread_t of the first, and not its error */
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, ctx), 0);
        pthread_join(thread, &result);
        assert_null(result);
    }
    assert_int_equal(tmjit_last_error(ctx)->status, TMJIT_E_MALFORMED);
    tmjit_context_destroy(ctx);
}

static void test_chips(void **state)
{
    tmjit_context_options options = {.struct_size = sizeof options, .threads = 1};
    tmjit_context *ctx = untouched;
    unsigned families = 0;
    size_t count = 0;
    (void)state;

    for (; tmjit_chip_at(count).name; count++) {
        tmjit_chip chip = tmjit_chip_at(count);
        families += !strcmp(chip.name, chip.family);
        options.chip = chip.name;
        assert_int_equal(tmjit_context_create(&options, &ctx), TMJIT_OK);
        tmjit_chip taken = tmjit_context_get_chip(ctx);
        assert_string_equal(taken.name, chip.name);
        assert_int_equal(taken.max_threads, 1024);
        assert_int_equal(taken.threadgroup_byte_len, 32768);
        assert_int_equal(taken.buffer_count, 31);
        tmjit_context_destroy(ctx);
    }
    assert_int_equal(families, 4);
    assert_true(count > 20);
    assert_null(tmjit_chip_at(SIZE_MAX).name);
    assert_null(tmjit_context_get_chip(NULL).name);
    ctx = untouched;
    options.chip = "m1 nano";
    assert_int_equal(tmjit_context_create(&options, &ctx), TMJIT_E_NOT_FOUND);
    assert_ptr_equal(ctx, untouched);
    assert_int_equal(tmjit_context_create(NULL, &ctx), TMJIT_OK);
    assert_string_equal(tmjit_context_get_chip(ctx).name, "apple10");
    tmjit_context_destroy(ctx);
}

/* ---- library ------------------------------------------------------------------------- */

static void test_loading_failures(void **state)
{
    static const char bad_call[] = "declare float @sinf(float)\n"
                                   "define void @k(ptr addrspace(1) %x) \"tmjit.kernel\" {\n"
                                   "  %v = load float, ptr addrspace(1) %x\n"
                                   "  %r = call float @sinf(float %v)\n"
                                   "  store float %r, ptr addrspace(1) %x\n"
                                   "  ret void\n"
                                   "}\n";
    tmjit_context *ctx = new_context();
    tmjit_library *library = untouched;
    (void)state;

    assert_int_equal(tmjit_library_load_file(NULL, "x", &library), TMJIT_E_INVALID);
    assert_int_equal(tmjit_library_load_file(ctx, NULL, &library), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "NULL");
    assert_int_equal(tmjit_library_load_file(ctx, "x", NULL), TMJIT_E_INVALID);
    assert_int_equal(tmjit_library_load_file(ctx, "/nowhere/x.ll", &library),
                     TMJIT_E_NOT_FOUND);
    assert_error(ctx, TMJIT_E_NOT_FOUND, "/nowhere/x.ll");
    assert_int_equal(tmjit_library_load_file(ctx, "/", &library), TMJIT_E_NOT_FOUND);
    assert_int_equal(tmjit_library_load_memory(NULL, "", 0, NULL, &library), TMJIT_E_INVALID);
    assert_int_equal(tmjit_library_load_memory(ctx, NULL, 4, NULL, &library), TMJIT_E_INVALID);
    assert_int_equal(tmjit_library_load_memory(ctx, "x", 1, NULL, NULL), TMJIT_E_INVALID);
    assert_true(tmjit_library_load_memory(ctx, NULL, 0, NULL, &library) != TMJIT_OK);
    assert_true(tmjit_library_load_memory(ctx, "\x01\x02\x03", 3, "junk", &library) !=
                TMJIT_OK);
    assert_string_equal(tmjit_last_error(ctx)->file, "junk");

    assert_int_equal(
        tmjit_library_load_memory(ctx, bad_call, sizeof bad_call - 1, "bad.ll", &library),
        TMJIT_E_UNSUPPORTED);
    assert_error(ctx, TMJIT_E_UNSUPPORTED, "sinf");
    assert_string_equal(tmjit_last_error(ctx)->file, "bad.ll");
    assert_int_equal(tmjit_last_error(ctx)->line, 4);
    assert_ptr_equal(library, untouched);
    tmjit_context_destroy(ctx);
}

static void test_kernels_are_described(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_library *library = load(ctx, mirror_kernel);
    const tmjit_kernel *kernel = tmjit_library_find_kernel(library, "mirror");
    (void)state;

    assert_int_equal(tmjit_library_kernel_count(library), 1);
    assert_ptr_equal(tmjit_library_kernel(library, 0), kernel);
    assert_null(tmjit_library_kernel(library, 1));
    assert_null(tmjit_library_find_kernel(library, "nobody"));
    assert_null(tmjit_library_find_kernel(library, NULL));
    assert_int_equal(tmjit_library_load_kernel(library, "two\nlines\x1b[0m", &kernel),
                     TMJIT_E_NOT_FOUND);
    assert_null(strpbrk(tmjit_last_error(ctx)->message, "\n\x1b"));
    assert_null(tmjit_library_find_kernel(NULL, "mirror"));
    assert_int_equal(tmjit_library_kernel_count(NULL), 0);
    assert_string_equal(tmjit_kernel_name(kernel), "mirror");
    assert_int_equal(tmjit_kernel_max_threads(kernel), 1024);
    assert_int_equal(tmjit_kernel_arg_count(kernel), 4);
    assert_null(tmjit_kernel_arg(kernel, 4));
    assert_null(tmjit_kernel_arg(NULL, 0));

    const tmjit_arg *y = tmjit_kernel_arg(kernel, 0), *n = tmjit_kernel_arg(kernel, 1);
    const tmjit_arg *tile = tmjit_kernel_arg(kernel, 2), *i = tmjit_kernel_arg(kernel, 3);
    assert_int_equal(y->kind, TMJIT_ARG_BUFFER);
    assert_string_equal(y->name, "y");
    assert_string_equal(y->type_name, "uint");
    assert_int_equal(y->scalar, TMJIT_SCALAR_U32);
    assert_int_equal(y->components, 1);
    assert_int_equal(y->elem_byte_len, 4);
    assert_int_equal(y->address_space, 1);
    assert_true(y->is_written);
    assert_int_equal(n->address_space, 2);
    assert_int_equal(n->location, 1);
    assert_int_equal(n->fixed_byte_len, 4);
    assert_true(n->is_read && !n->is_written);
    assert_int_equal(tile->kind, TMJIT_ARG_THREADGROUP);
    assert_int_equal(tile->location, 0);
    assert_null(tile->builtin);
    assert_int_equal(i->kind, TMJIT_ARG_BUILTIN);
    assert_string_equal(i->builtin, "thread_index_in_threadgroup");
    assert_int_equal(i->address_space, 0);
    tmjit_context_destroy(ctx);
}

static void test_facts(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_kernel_facts facts;
    (void)state;

    const tmjit_kernel *mirror = load_kernel(ctx, mirror_kernel, "mirror");
    assert_int_equal(tmjit_kernel_get_facts(ctx, mirror, &facts), TMJIT_OK);
    assert_int_equal(facts.barrier_count, 1);
    assert_int_equal(facts.simd_op_count, 0);
    assert_int_equal(facts.atomic_count, 0);
    assert_int_equal(facts.static_threadgroup_byte_len, 0);
    assert_false(facts.flush_subnormals);
    assert_int_equal(tmjit_kernel_get_facts(NULL, mirror, &facts), TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_get_facts(ctx, NULL, &facts), TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_get_facts(ctx, mirror, NULL), TMJIT_E_INVALID);
    tmjit_context_destroy(ctx);
}

/* ---- pipelines ----------------------------------------------------------------------- */

static const struct {
    const char *part; /* of the message */
    tmjit_pipeline_options options;
} bad_options[] = {
    {"struct_size", {.struct_size = 0}},
    {"513", {.struct_size = sizeof(tmjit_pipeline_options), .threadgroup = {513, 1, 1}}},
    {"at most 512 threads",
     {.struct_size = sizeof(tmjit_pipeline_options),
      .threadgroup = {UINT32_MAX, UINT32_MAX, UINT32_MAX}}},
    {"x is at least 1",
     {.struct_size = sizeof(tmjit_pipeline_options), .threadgroup = {0, 4, 1}}},
    {"engine", {.struct_size = sizeof(tmjit_pipeline_options), .engine = (tmjit_engine)7}},
    {"maths", {.struct_size = sizeof(tmjit_pipeline_options), .math = (tmjit_math)7}},
    {"5 lanes", {.struct_size = sizeof(tmjit_pipeline_options), .lanes = 5}},
    {"level 1",
     {.struct_size = sizeof(tmjit_pipeline_options), .has_opt_level = true, .opt_level = 1}},
};

static void test_pipeline_misuse(void **state)
{
    tmjit_context *ctx = new_context(), *other = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    tmjit_pipeline *pipeline = untouched;
    (void)state;

    for (size_t i = 0; i < sizeof bad_options / sizeof *bad_options; i++) {
        assert_int_equal(tmjit_pipeline_create(ctx, kernel, &bad_options[i].options, &pipeline),
                         TMJIT_E_INVALID);
        assert_error(ctx, TMJIT_E_INVALID, bad_options[i].part);
    }
    assert_int_equal(tmjit_pipeline_create(NULL, kernel, NULL, &pipeline), TMJIT_E_INVALID);
    assert_int_equal(tmjit_pipeline_create(ctx, NULL, NULL, &pipeline), TMJIT_E_INVALID);
    assert_int_equal(tmjit_pipeline_create(ctx, kernel, NULL, NULL), TMJIT_E_INVALID);
    assert_int_equal(tmjit_pipeline_create(other, kernel, NULL, &pipeline), TMJIT_E_INVALID);
    assert_error(other, TMJIT_E_INVALID, "another context");
    assert_ptr_equal(pipeline, untouched);
    tmjit_pipeline_destroy(NULL);
    assert_int_equal(tmjit_pipeline_get_info(NULL).lanes, 0);
    tmjit_context_destroy(other);
    tmjit_context_destroy(ctx);
}

static const struct {
    tmjit_extent grid, threadgroup;
} choices[] = {
    {{0, 0, 0}, {256, 1, 1}},       {{1, 0, 0}, {32, 1, 1}},     {{33, 1, 1}, {64, 1, 1}},
    {{1 << 20, 1, 1}, {256, 1, 1}}, {{100, 100, 0}, {32, 8, 1}}, {{100, 3, 1}, {32, 3, 1}},
    {{5, 1000, 1}, {5, 8, 1}},      {{64, 64, 64}, {8, 8, 4}},   {{64, 64, 2}, {8, 8, 2}},
    {{3, 2, 9}, {3, 2, 4}},         {{64, 1, 64}, {8, 1, 4}},
};

static void test_default_threadgroup(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    (void)state;

    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        tmjit_pipeline_options options = {.struct_size = sizeof options,
                                          .grid = choices[i].grid,
                                          .engine = TMJIT_ENGINE_INTERP};
        tmjit_pipeline *pipeline;
        assert_int_equal(tmjit_pipeline_create(ctx, kernel, &options, &pipeline), TMJIT_OK);
        tmjit_extent got = tmjit_pipeline_get_info(pipeline).threadgroup;
        assert_int_equal(got.x, choices[i].threadgroup.x);
        assert_int_equal(got.y, choices[i].threadgroup.y);
        assert_int_equal(got.z, choices[i].threadgroup.z);
        tmjit_pipeline_destroy(pipeline);
    }
    tmjit_context_destroy(ctx);
}

static void test_default_threadgroup_keeps_the_kernels_limit(void **state)
{
    static const char text[] =
        "define void @k(ptr addrspace(1) \"tmjit.type\"=\"float\" %x) \"tmjit.kernel\"\n"
        "    \"tmjit.max_threads\"=\"LIMIT\" {\n"
        "  store float 1.0, ptr addrspace(1) %x\n"
        "  ret void\n"
        "}\n";
    static const unsigned limits[] = {7, 40, 100, 1};
    static const tmjit_extent grids[] = {{1000, 1, 1}, {1000, 1000, 1}, {1000, 1000, 1000}};
    tmjit_context *ctx = new_context();
    char with_limit[sizeof text];
    (void)state;

    for (size_t l = 0; l < 4; l++)
        for (size_t g = 0; g < 3; g++) {
            const char *at = strstr(text, "LIMIT");
            snprintf(with_limit, sizeof with_limit, "%.*s%u%s", (int)(at - text), text,
                     limits[l], at + 5);
            tmjit_pipeline_options options = {
                .struct_size = sizeof options, .grid = grids[g], .engine = TMJIT_ENGINE_INTERP};
            tmjit_pipeline *pipeline;
            const tmjit_kernel *kernel = load_kernel(ctx, with_limit, "k");
            assert_int_equal(tmjit_pipeline_create(ctx, kernel, &options, &pipeline), TMJIT_OK);
            tmjit_extent got = tmjit_pipeline_get_info(pipeline).threadgroup;
            assert_in_range(got.x * got.y * got.z, 1, limits[l]);
        }
    tmjit_context_destroy(ctx);
}

static void test_older_option_structs(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    /* A caller whose struct ended behind `threadgroup`; what follows is not its. */
    tmjit_pipeline_options options = {.struct_size = offsetof(tmjit_pipeline_options, grid),
                                      .threadgroup = {64, 1, 1},
                                      .engine = (tmjit_engine)99};
    tmjit_pipeline *pipeline;
    (void)state;

    assert_int_equal(tmjit_pipeline_create(ctx, kernel, &options, &pipeline), TMJIT_OK);
    assert_int_equal(tmjit_pipeline_get_info(pipeline).threadgroup.x, 64);
    tmjit_context_destroy(ctx);
}

/* ---- views --------------------------------------------------------------------------- */

static char *view(tmjit_context *ctx, const tmjit_kernel *kernel, tmjit_view what,
                  const char *after, size_t *byte_len)
{
    char *text = NULL;

    if (tmjit_kernel_view(ctx, kernel, NULL, what, after, false, &text, byte_len))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    assert_int_equal(text[*byte_len], 0);
    return text;
}

static void assert_view_has(tmjit_context *ctx, const tmjit_kernel *kernel, tmjit_view what,
                            const char *part)
{
    size_t byte_len;
    char *text = view(ctx, kernel, what, NULL, &byte_len);

    assert_int_equal(strlen(text), byte_len);
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
    tmjit_free(text);
}

static void test_views(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    size_t byte_len;
    (void)state;

    assert_view_has(ctx, kernel, TMJIT_VIEW_AIR, "addrspace(1)");
    assert_view_has(ctx, kernel, TMJIT_VIEW_HOST, "fadd <");
    assert_view_has(ctx, kernel, TMJIT_VIEW_ASM, ".text");
    assert_view_has(ctx, kernel, TMJIT_VIEW_SHAPES, "add");
    char *object = view(ctx, kernel, TMJIT_VIEW_OBJECT, NULL, &byte_len);
    assert_true(byte_len > 64);
#ifdef __linux__
    assert_memory_equal(object, "\177ELF", 4);
#endif
    tmjit_free(object);
    tmjit_free(NULL);
    tmjit_context_destroy(ctx);
}

static void test_views_behind_each_pass(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    const char *const *names = tmjit_pass_names();
    unsigned count = 0;
    (void)state;

    for (; names[count]; count++) {
        size_t byte_len;
        char *text = view(ctx, kernel, TMJIT_VIEW_HOST, names[count], &byte_len);
        assert_non_null(strstr(text, "define "));
        tmjit_free(text);
        for (unsigned other = 0; other < count; other++)
            assert_string_not_equal(names[count], names[other]);
    }
    assert_true(count >= 2);
    tmjit_context_destroy(ctx);
}

static void test_view_misuse(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    const char *canon = tmjit_pass_names()[0];
    char *text = untouched;
    size_t byte_len = 77;
    (void)state;

    assert_int_equal(tmjit_kernel_view(ctx, kernel, NULL, TMJIT_VIEW_HOST, "no-such-pass",
                                       false, &text, &byte_len),
                     TMJIT_E_NOT_FOUND);
    assert_error(ctx, TMJIT_E_NOT_FOUND, "no-such-pass");
    assert_int_equal(
        tmjit_kernel_view(ctx, kernel, NULL, TMJIT_VIEW_OBJECT, canon, false, &text, &byte_len),
        TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, canon);
    assert_int_equal(
        tmjit_kernel_view(ctx, kernel, NULL, (tmjit_view)42, NULL, false, &text, &byte_len),
        TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_view(ctx, kernel, &bad_options[1].options, TMJIT_VIEW_AIR,
                                       NULL, false, &text, &byte_len),
                     TMJIT_E_INVALID);
    assert_int_equal(
        tmjit_kernel_view(ctx, NULL, NULL, TMJIT_VIEW_AIR, NULL, false, &text, &byte_len),
        TMJIT_E_INVALID);
    assert_int_equal(
        tmjit_kernel_view(ctx, kernel, NULL, TMJIT_VIEW_AIR, NULL, false, NULL, &byte_len),
        TMJIT_E_INVALID);
    assert_int_equal(
        tmjit_kernel_view(ctx, kernel, NULL, TMJIT_VIEW_AIR, NULL, false, &text, NULL),
        TMJIT_E_INVALID);
    assert_ptr_equal(text, untouched);
    assert_int_equal(byte_len, 77);
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_names_llvm),
        cmocka_unit_test(test_context_options),
        cmocka_unit_test(test_chips),
        cmocka_unit_test(test_errors_belong_to_threads),
        cmocka_unit_test(test_loading_failures),
        cmocka_unit_test(test_kernels_are_described),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_pipeline_misuse),
        cmocka_unit_test(test_default_threadgroup),
        cmocka_unit_test(test_default_threadgroup_keeps_the_kernels_limit),
        cmocka_unit_test(test_older_option_structs),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_views_behind_each_pass),
        cmocka_unit_test(test_view_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
