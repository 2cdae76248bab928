/* SPDX-License-Identifier: MIT */
/* Pipelines out of the cache: what a key is made of, that results and errors are the same, and
 * that damaged entries are compiled again. */
#include "api_util.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COUNT = 100 };

typedef struct fixture {
    char path[64];
} fixture;

static void init_fixture(fixture *f)
{
    *f = (fixture){.path = "/tmp/tmjit-pipelines-XXXXXX"};
    assert_non_null(mkdtemp(f->path));
}

static void fini_fixture(fixture *f)
{
    DIR *dir = opendir(f->path);

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(f->path);
}

static tmjit_context *context_on(const char *chip, const char *folder)
{
    tmjit_context_options options = {
        .struct_size = sizeof options, .threads = 2, .chip = chip, .cache_dir = folder};
    tmjit_context *ctx = NULL;
    tmjit_cache_stats stats;

    assert_int_equal(tmjit_context_create(&options, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_cache_get_stats(ctx, false, &stats), TMJIT_OK);
    if (!stats.is_open)
        fail_msg("%s", stats.problem);
    return ctx;
}

static tmjit_cache_stats stats_of(tmjit_context *ctx)
{
    tmjit_cache_stats stats;

    assert_int_equal(tmjit_cache_get_stats(ctx, true, &stats), TMJIT_OK);
    return stats;
}

/* ---- the key ------------------------------------------------------------------------- */

typedef struct request {
    const char *text, *name, *kernel, *chip;
    tmjit_pipeline_options options;
} request;

/* Whether the request's code came from the cache. */
static bool hits(const fixture *f, const request *wanted)
{
    tmjit_context *ctx = context_on(wanted->chip, f->path);
    tmjit_library *library = NULL;
    tmjit_pipeline *pipeline = NULL;
    tmjit_pipeline_options options = wanted->options;

    options.struct_size = sizeof options;
    if (tmjit_library_load_memory(ctx, wanted->text, strlen(wanted->text), wanted->name,
                                  &library) ||
        tmjit_pipeline_create(ctx, tmjit_library_find_kernel(library, wanted->kernel), &options,
                              &pipeline))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    bool is_hit = tmjit_pipeline_get_info(pipeline).is_from_cache;
    tmjit_context_destroy(ctx);
    return is_hit;
}

/* Two kernels in one module. */
static const char two_kernels[] = "define void @one() \"tmjit.kernel\" {\n  ret void\n}\n"
                                  "define void @two() \"tmjit.kernel\" {\n  ret void\n}\n";
static const char two_kernels_and_blank[] =
    "define void @one() \"tmjit.kernel\" {\n  ret void\n}\n\n"
    "define void @two() \"tmjit.kernel\" {\n  ret void\n}\n";

#define PLAIN .text = two_kernels, .name = "a.ll", .kernel = "one"

static void test_each_part_of_the_key(void **state)
{
    static const request first = {PLAIN},
                         others[] = {
                             {.text = two_kernels_and_blank, .name = "a.ll", .kernel = "one"},
                             {.text = two_kernels, .name = "b.ll", .kernel = "one"},
                             {.text = two_kernels, .name = "a.ll", .kernel = "two"},
                             {PLAIN, .chip = "apple7"},
                             {PLAIN, .options.threadgroup = {64, 1, 1}},
                             {PLAIN, .options.threadgroup = {64, 2, 1}},
                             {PLAIN, .options.threadgroup = {64, 1, 2}},
                             {PLAIN, .options.math = TMJIT_MATH_FAST},
                             {PLAIN, .options.no_bounds_checks = true},
                             {PLAIN, .options.no_watchdog = true},
                             {PLAIN, .options.lanes = 8},
                             {PLAIN, .options.lanes = 4},
                             {PLAIN, .options.has_opt_level = true},
                         };
    enum { OTHERS = sizeof others / sizeof *others };
    fixture f;
    (void)state;

    init_fixture(&f);
    assert_false(hits(&f, &first));
    assert_true(hits(&f, &first));
    for (unsigned i = 0; i < OTHERS; i++)
        if (hits(&f, &others[i]))
            fail_msg("request %u is taken for another one", i);
    for (unsigned i = 0; i < OTHERS; i++)
        assert_true(hits(&f, &others[i]));
    assert_true(hits(&f, &first));
    fini_fixture(&f);
}

/* What means the same is the same entry. */
static void test_same_meaning_hits(void **state)
{
    static const request first = {PLAIN, .options.threadgroup = {256, 1, 1}},
                         others[] = {
                             {PLAIN},
                             {PLAIN, .chip = "apple10", .options.threadgroup = {256, 0, 0}},
                             {PLAIN, .options = {.has_opt_level = true, .opt_level = 2}},
                             {PLAIN, .options.grid = {100000, 1, 1}},
                         };
    fixture f;
    (void)state;

    init_fixture(&f);
    assert_false(hits(&f, &first));
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(hits(&f, &others[i]));
    fini_fixture(&f);
}

static void test_what_is_not_cached(void **state)
{
    static const request uncached[] = {
        {PLAIN, .options.verify_each = true}, /* wants the passes to run */
        {PLAIN, .options.engine = TMJIT_ENGINE_INTERP},
    };
    static const request plain = {PLAIN};
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned i = 0; i < sizeof uncached / sizeof *uncached; i++) {
        assert_false(hits(&f, &uncached[i]));
        assert_false(hits(&f, &uncached[i]));
    }
    assert_false(hits(&f, &plain));
    fini_fixture(&f);
}

/* ---- results and errors -------------------------------------------------------------- */

/* Adds iota and 100 for `count` of COUNT elements; the last error's text when that fails. */
static char *add(tmjit_pipeline *pipeline, tmjit_context *ctx, unsigned grid, unsigned count)
{
    float a[COUNT], b[COUNT], y[COUNT];
    const tmjit_binding bindings[] = {
        {a, sizeof a}, {b, sizeof b}, {y, count * sizeof *y}, {NULL, 0}};
    const tmjit_launch launch = {.struct_size = sizeof launch,
                                 .grid = {grid, 1, 1},
                                 .bindings = bindings,
                                 .binding_count = 4};

    for (unsigned i = 0; i < COUNT; i++) {
        a[i] = (float)i;
        b[i] = 100;
        y[i] = -1;
    }
    if (tmjit_pipeline_launch(pipeline, &launch))
        return strdup(tmjit_last_error(ctx)->rendered);
    for (unsigned i = 0; i < COUNT; i++)
        assert_float_equal(y[i], i < grid ? a[i] + b[i] : -1, 0);
    return NULL;
}

typedef struct observed {
    bool is_hit;
    char *short_whole, *short_partial; /* errors */
    tmjit_pipeline_info info;
} observed;

static observed observe(const fixture *f)
{
    tmjit_context *ctx = context_on(NULL, f->path);
    tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, add_kernel, "add"),
                                       TMJIT_ENGINE_SIMD, (tmjit_extent){32, 1, 1});
    observed seen = {.info = tmjit_pipeline_get_info(pipeline)};

    seen.is_hit = seen.info.is_from_cache;
    assert_null(add(pipeline, ctx, 96, COUNT));
    assert_null(add(pipeline, ctx, 97, COUNT)); /* partial threadgroup */
    seen.short_whole = add(pipeline, ctx, 96, 70);
    seen.short_partial = add(pipeline, ctx, 97, 96);
    assert_non_null(seen.short_whole);
    assert_non_null(seen.short_partial);
    tmjit_context_destroy(ctx);
    return seen;
}

static void test_results_and_errors_are_the_same(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    observed cold = observe(&f), warm = observe(&f);
    assert_false(cold.is_hit);
    assert_true(warm.is_hit);
    assert_string_equal(cold.short_whole, warm.short_whole);
    assert_string_equal(cold.short_partial, warm.short_partial);
    assert_non_null(strstr(warm.short_whole, "kernels.ll:"));
    assert_int_equal(cold.info.lanes, warm.info.lanes);
    assert_int_equal(cold.info.has_barriers, warm.info.has_barriers);
    free(cold.short_whole);
    free(cold.short_partial);
    free(warm.short_whole);
    free(warm.short_partial);
    fini_fixture(&f);
}

static char *diverge(const fixture *f, const char *name, bool *is_hit)
{
    tmjit_context *ctx = context_on(NULL, f->path);
    tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, diverge_kernels, name),
                                       TMJIT_ENGINE_SIMD, (tmjit_extent){64, 1, 1});
    const tmjit_binding binding = {NULL, 0};
    const tmjit_launch launch = {.struct_size = sizeof launch,
                                 .grid = {64, 1, 1},
                                 .bindings = &binding,
                                 .binding_count = 1};

    *is_hit = tmjit_pipeline_get_info(pipeline).is_from_cache;
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_DIVERGED);
    char *text = strdup(tmjit_last_error(ctx)->rendered);
    tmjit_context_destroy(ctx);
    return text;
}

static void test_barrier_errors_are_the_same(void **state)
{
    static const char *const names[] = {"part", "two"};
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned i = 0; i < 2; i++) {
        bool was_hit, is_hit;
        char *cold = diverge(&f, names[i], &was_hit), *warm = diverge(&f, names[i], &is_hit);
        assert_true(!was_hit && is_hit);
        assert_string_equal(cold, warm);
        free(cold);
        free(warm);
    }
    fini_fixture(&f);
}

/* What a cached library says of its kernels. */
static void test_description_is_the_same(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned round = 0; round < 2; round++) {
        tmjit_context *ctx = context_on(NULL, f.path);
        const tmjit_kernel *kernel = load_kernel(ctx, mirror_kernel, "mirror");
        assert_int_equal(stats_of(ctx).hits, round);
        assert_int_equal(tmjit_kernel_arg_count(kernel), 4);
        const tmjit_arg *y = tmjit_kernel_arg(kernel, 0), *n = tmjit_kernel_arg(kernel, 1);
        assert_string_equal(y->type_name, "uint");
        assert_int_equal(y->scalar, TMJIT_SCALAR_U32);
        assert_true(y->is_written);
        assert_int_equal(n->fixed_byte_len, 4);
        assert_int_equal(n->address_space, 2);
        assert_int_equal(tmjit_kernel_arg(kernel, 2)->kind, TMJIT_ARG_THREADGROUP);
        assert_string_equal(tmjit_kernel_arg(kernel, 3)->builtin,
                            "thread_index_in_threadgroup");
        assert_null(tmjit_library_find_kernel(NULL, "mirror"));
        tmjit_kernel_facts facts; /* wants the module itself */
        assert_int_equal(tmjit_kernel_get_facts(ctx, kernel, &facts), TMJIT_OK);
        assert_int_equal(facts.barrier_count, 1);
        tmjit_context_destroy(ctx);
    }
    fini_fixture(&f);
}

/* One pipeline of each kind, and a second one of the same code, which link under other names;
 * the library goes before the variant for partial threadgroups is asked for. */
static void test_pipelines_outlive_their_library(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned round = 0; round < 3; round++) {
        tmjit_context *ctx = context_on(NULL, f.path);
        tmjit_library *library = load(ctx, add_kernel);
        const tmjit_kernel *kernel = tmjit_library_find_kernel(library, "add");
        tmjit_extent size = {32, 1, 1};
        tmjit_pipeline *one = compile(ctx, kernel, TMJIT_ENGINE_SIMD, size),
                       *two = compile(ctx, kernel, TMJIT_ENGINE_SIMD, size),
                       *interp = compile(ctx, kernel, TMJIT_ENGINE_INTERP, size);
        tmjit_library_destroy(library);
        assert_int_equal(tmjit_pipeline_get_info(one).is_from_cache, round > 0);
        assert_true(tmjit_pipeline_get_info(two).is_from_cache);
        assert_null(add(one, ctx, 64, COUNT));
        tmjit_pipeline_destroy(one);
        assert_null(add(two, ctx, 64, COUNT));
        if (round) /* compiled in round 1, found in round 2 */
            assert_null(add(two, ctx, 65, COUNT));
        assert_null(add(interp, ctx, 65, COUNT));
        assert_int_equal(stats_of(ctx).misses, round ? 2 - round : 2);
        tmjit_context_destroy(ctx);
    }
    fini_fixture(&f);
}

/* ---- damage -------------------------------------------------------------------------- */

/* Changes one byte of each entry, at a part of its length. */
static void damage_all(const fixture *f, unsigned part, unsigned parts)
{
    DIR *dir = opendir(f->path);

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[512];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", f->path, entry->d_name);
        FILE *file = fopen(path, "r+b");
        assert_non_null(file);
        fseek(file, 0, SEEK_END);
        long at = ftell(file) * (long)part / (long)parts;
        fseek(file, at, SEEK_SET);
        int byte = fgetc(file);
        fseek(file, at, SEEK_SET);
        fputc(byte ^ 0x10, file);
        fclose(file);
    }
    closedir(dir);
}

static void test_damaged_entries_are_compiled_again(void **state)
{
    enum { PARTS = 16 };
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned part = 0; part <= PARTS; part++) {
        tmjit_context *ctx = context_on(NULL, f.path);
        tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, add_kernel, "add"),
                                           TMJIT_ENGINE_SIMD, (tmjit_extent){32, 1, 1});
        tmjit_cache_stats stats = stats_of(ctx);
        assert_false(tmjit_pipeline_get_info(pipeline).is_from_cache);
        assert_int_equal(stats.broken, part ? 2 : 0); /* library and code */
        assert_int_equal(stats.stored, 2);
        if (part)
            assert_non_null(strstr(stats.problem, "is broken"));
        assert_null(add(pipeline, ctx, 64, COUNT));
        tmjit_context_destroy(ctx);
        damage_all(&f, part, PARTS);
    }
    fini_fixture(&f);
}

static void test_clear_and_verify(void **state)
{
    uint64_t broken = 77;
    fixture f;
    (void)state;

    init_fixture(&f);
    tmjit_context *ctx = context_on(NULL, f.path);
    compile(ctx, load_kernel(ctx, add_kernel, "add"), TMJIT_ENGINE_SIMD,
            (tmjit_extent){32, 1, 1});
    assert_int_equal(tmjit_cache_verify(ctx, &broken), TMJIT_OK);
    assert_int_equal(broken, 0);
    assert_int_equal(stats_of(ctx).entry_count, 2);
    damage_all(&f, 9, 10);
    assert_int_equal(tmjit_cache_verify(ctx, &broken), TMJIT_OK);
    assert_int_equal(broken, 2);
    assert_int_equal(stats_of(ctx).entry_count, 0);
    compile(ctx, load_kernel(ctx, mirror_kernel, "mirror"), TMJIT_ENGINE_SIMD,
            (tmjit_extent){32, 1, 1});
    assert_int_equal(stats_of(ctx).entry_count, 2);
    assert_int_equal(tmjit_cache_clear(ctx), TMJIT_OK);
    assert_int_equal(stats_of(ctx).entry_count, 0);
    assert_int_equal(stats_of(ctx).byte_limit, 256 << 20);
    tmjit_context_destroy(ctx);
    fini_fixture(&f);
}

/* ---- without a cache ----------------------------------------------------------------- */

static void test_refused_folder_is_told(void **state)
{
    tmjit_context *ctx = NULL;
    tmjit_cache_stats stats;
    uint64_t broken;
    fixture f;
    (void)state;

    init_fixture(&f);
    assert_int_equal(chmod(f.path, 0777), 0);
    tmjit_context_options options = {
        .struct_size = sizeof options, .threads = 1, .cache_dir = f.path};
    assert_int_equal(tmjit_context_create(&options, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_cache_get_stats(ctx, true, &stats), TMJIT_OK);
    assert_false(stats.is_open);
    assert_int_equal(stats.status, TMJIT_E_INVALID);
    assert_non_null(strstr(stats.problem, "may be written by others"));
    assert_int_equal(tmjit_cache_clear(ctx), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "no open cache");
    tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, add_kernel, "add"),
                                       TMJIT_ENGINE_SIMD, (tmjit_extent){32, 1, 1});
    assert_null(add(pipeline, ctx, 64, COUNT)); /* the context works */
    assert_int_equal(rmdir(f.path), 0);         /* nothing was written */
    tmjit_context_destroy(ctx);
    ctx = new_context();
    assert_int_equal(tmjit_cache_get_stats(ctx, true, &stats), TMJIT_OK);
    assert_true(!stats.is_open && stats.status == TMJIT_OK);
    assert_int_equal(tmjit_cache_verify(ctx, &broken), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "no open cache");
    assert_int_equal(tmjit_cache_get_stats(ctx, true, NULL), TMJIT_E_INVALID);
    assert_int_equal(tmjit_cache_get_stats(NULL, true, &stats), TMJIT_E_INVALID);
    assert_int_equal(tmjit_cache_clear(NULL), TMJIT_E_INVALID);
    assert_int_equal(tmjit_cache_verify(NULL, &broken), TMJIT_E_INVALID);
    tmjit_context_destroy(ctx);
}

/* ---- many processes ------------------------------------------------------------------ */

static int compile_and_run(const fixture *f)
{
    tmjit_context *ctx = context_on(NULL, f->path);
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");

    for (unsigned threads = 32; threads <= 128; threads += 32) {
        tmjit_extent size = {threads, 1, 1};
        tmjit_pipeline *pipeline = compile(ctx, kernel, TMJIT_ENGINE_SIMD, size);
        if (add(pipeline, ctx, 97, COUNT))
            return 1;
    }
    tmjit_cache_stats stats = stats_of(ctx);
    tmjit_context_destroy(ctx);
    return stats.broken || stats.failed ? 2 : 0;
}

static void test_many_processes(void **state)
{
    enum { PROCESSES = 12 };
    pid_t children[PROCESSES];
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (!children[i])
            _exit(compile_and_run(&f));
    }
    for (unsigned i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    tmjit_context *ctx = context_on(NULL, f.path);
    assert_int_equal(stats_of(ctx).entry_count, 1 + 2 * 4);
    tmjit_context_destroy(ctx);
    fini_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_part_of_the_key),
        cmocka_unit_test(test_same_meaning_hits),
        cmocka_unit_test(test_what_is_not_cached),
        cmocka_unit_test(test_results_and_errors_are_the_same),
        cmocka_unit_test(test_barrier_errors_are_the_same),
        cmocka_unit_test(test_description_is_the_same),
        cmocka_unit_test(test_pipelines_outlive_their_library),
        cmocka_unit_test(test_damaged_entries_are_compiled_again),
        cmocka_unit_test(test_clear_and_verify),
        cmocka_unit_test(test_refused_folder_is_told),
        cmocka_unit_test(test_many_processes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
