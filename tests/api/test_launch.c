/* SPDX-License-Identifier: MIT */
/* Launches through the public header: results, every misuse, faults in both engines. */
#include "api_util.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const tmjit_engine engines[] = {TMJIT_ENGINE_SIMD, TMJIT_ENGINE_INTERP};

/* ---- results ------------------------------------------------------------------------- */

enum { ADD_MAX = 3000 };

typedef struct add_data {
    float a[ADD_MAX], b[ADD_MAX], y[ADD_MAX];
} add_data;

/* Adds `count` elements and looks at all of y, also behind the end. */
static bool add_is_right(tmjit_pipeline *pipeline, add_data *data, unsigned count)
{
    uint64_t byte_len = count * sizeof(float);
    tmjit_binding bindings[] = {
        {data->a, byte_len}, {data->b, byte_len}, {data->y, byte_len}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {count, 0, 0},
                           .bindings = bindings,
                           .binding_count = 4};

    for (unsigned i = 0; i < ADD_MAX; i++) {
        data->a[i] = (float)i;
        data->b[i] = 0.5f * (float)i;
        data->y[i] = -1;
    }
    if (tmjit_pipeline_launch(pipeline, &launch))
        return false;
    for (unsigned i = 0; i < ADD_MAX; i++)
        if (data->y[i] != (i < count ? 1.5f * (float)i : -1))
            return false;
    return true;
}

static void test_add_over_whole_and_ragged_grids(void **state)
{
    static const uint32_t sizes[] = {1, 31, 64, 256, 500};
    static const unsigned counts[] = {1, 64, 255, 256, 1000, 2560, ADD_MAX};
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    add_data *data = malloc(sizeof *data);
    (void)state;

    for (unsigned e = 0; e < 2; e++)
        for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            tmjit_extent size = {sizes[s], 1, 1};
            tmjit_pipeline *pipeline = compile(ctx, kernel, engines[e], size);
            for (unsigned c = 0; c < sizeof counts / sizeof *counts; c++)
                if (!add_is_right(pipeline, data, counts[c]))
                    fail_msg("engine %u, threadgroup %u, grid %u: %s", e, sizes[s], counts[c],
                             tmjit_last_error(ctx)->rendered);
            tmjit_pipeline_destroy(pipeline);
        }
    free(data);
    tmjit_context_destroy(ctx);
}

static void check_mirror(tmjit_context *ctx, tmjit_engine engine, uint32_t threads,
                         uint64_t seed)
{
    const tmjit_kernel *kernel = load_kernel(ctx, mirror_kernel, "mirror");
    tmjit_pipeline *pipeline = compile(ctx, kernel, engine, (tmjit_extent){threads, 1, 1});
    uint32_t y[1024], n = threads;
    tmjit_binding bindings[] = {{y, sizeof y}, {&n, sizeof n}, {NULL, threads * 4}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {threads, 1, 1},
                           .bindings = bindings,
                           .binding_count = 4,
                           .order_seed = seed};

    assert_true(tmjit_pipeline_get_info(pipeline).has_barriers);
    if (tmjit_pipeline_launch(pipeline, &launch))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    for (uint32_t i = 0; i < threads; i++)
        assert_int_equal(y[i], threads - 1 - i);
}

static void test_threadgroup_argument_and_barrier(void **state)
{
    static const uint32_t sizes[] = {1, 32, 33, 100, 1024};
    tmjit_context *ctx = new_context();
    (void)state;

    for (unsigned e = 0; e < 2; e++)
        for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (uint64_t seed = 0; seed < 3; seed++)
                check_mirror(ctx, engines[e], sizes[s], seed);
    tmjit_context_destroy(ctx);
}

static void test_pipeline_outlives_its_library(void **state)
{
    tmjit_context *ctx = new_context();
    add_data *data = malloc(sizeof *data);
    (void)state;

    for (unsigned e = 0; e < 2; e++) {
        tmjit_library *library = load(ctx, add_kernel);
        tmjit_pipeline *pipeline =
            compile(ctx, tmjit_library_kernel(library, 0), engines[e], (tmjit_extent){64, 1, 1});
        tmjit_library_destroy(library);
        assert_true(add_is_right(pipeline, data, 1000)); /* compiles the ragged variant too */
    }
    tmjit_library_destroy(NULL);
    free(data);
    tmjit_context_destroy(ctx);
}

typedef struct thread_start {
    tmjit_context *ctx;
    const tmjit_kernel *kernel;
    unsigned number, failures;
} thread_start;

static void *compile_and_launch(void *argument)
{
    thread_start *start = argument;
    add_data *data = malloc(sizeof *data);

    for (unsigned round = 0; round < 3; round++) {
        tmjit_pipeline_options options = {
            .struct_size = sizeof options,
            .threadgroup = {32 * (start->number + 1), 1, 1},
            .engine = engines[(start->number + round) % 2]};
        tmjit_pipeline *pipeline;
        if (tmjit_pipeline_create(start->ctx, start->kernel, &options, &pipeline)) {
            start->failures++;
            continue;
        }
        for (unsigned i = 0; i < 10; i++)
            start->failures += !add_is_right(pipeline, data, 500 + 100 * i);
        tmjit_pipeline_destroy(pipeline);
    }
    free(data);
    return NULL;
}

static void test_threads_compile_and_launch_together(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    thread_start starts[4];
    pthread_t threads[4];
    (void)state;

    for (unsigned i = 0; i < 4; i++) {
        starts[i] = (thread_start){ctx, kernel, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, compile_and_launch, &starts[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(starts[i].failures, 0);
    }
    tmjit_context_destroy(ctx);
}

/* ---- misuse -------------------------------------------------------------------------- */

static uint32_t words[4096];

typedef struct misuse {
    const char *part;
    tmjit_extent grid;
    tmjit_binding bindings[4];
    size_t binding_count;
    double timeout_s;
} misuse;

/* Of the kernel mirror: y, n, tile, a built-in input. */
static const misuse misuses[] = {
    {"grid.x is 0", {0, 1, 1}, {{words, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 4, 0},
    {"2^62", {UINT32_MAX, UINT32_MAX, 2}, {{words, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 4, 0},
    {"3 bindings", {1, 1, 1}, {{words, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 3, 0},
    {"5 bindings", {1, 1, 1}, {{words, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 5, 0},
    {"buffer 'y' is NULL", {1, 1, 1}, {{NULL, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 4, 0},
    {"larger than memory", {1, 1, 1}, {{words, UINT64_MAX}, {words, 4}, {NULL, 64}, {NULL, 0}}, 4, 0},
    {"buffer 'n' has 3 bytes", {1, 1, 1}, {{words, 64}, {words, 3}, {NULL, 64}, {NULL, 0}}, 4, 0},
    {"buffer 'n' has 0 bytes", {1, 1, 1}, {{words, 64}, {NULL, 0}, {NULL, 64}, {NULL, 0}}, 4, 0},
    {"aligned to 4", {1, 1, 1}, {{(char *)words + 2, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 4, 0},
    {"'tile' has data", {1, 1, 1}, {{words, 64}, {words, 4}, {words, 64}, {NULL, 0}}, 4, 0},
    {"32768", {1, 1, 1}, {{words, 64}, {words, 4}, {NULL, 32769}, {NULL, 0}}, 4, 0},
    {"32768", {1, 1, 1}, {{words, 64}, {words, 4}, {NULL, UINT64_MAX}, {NULL, 0}}, 4, 0},
    {"built-in input", {1, 1, 1}, {{words, 64}, {words, 4}, {NULL, 64}, {words, 4}}, 4, 0},
    {"timeout_s is -1", {1, 1, 1}, {{words, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 4, -1},
    {"timeout_s is nan", {1, 1, 1}, {{words, 64}, {words, 4}, {NULL, 64}, {NULL, 0}}, 4, NAN},
};

static void test_launch_misuse(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, mirror_kernel, "mirror");
    (void)state;

    for (unsigned e = 0; e < 2; e++) {
        tmjit_pipeline *pipeline = compile(ctx, kernel, engines[e], (tmjit_extent){1, 1, 1});
        for (size_t m = 0; m < sizeof misuses / sizeof *misuses; m++) {
            tmjit_launch launch = {.struct_size = sizeof launch,
                                   .grid = misuses[m].grid,
                                   .bindings = misuses[m].bindings,
                                   .binding_count = misuses[m].binding_count,
                                   .timeout_s = misuses[m].timeout_s};
            assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
            assert_error(ctx, TMJIT_E_INVALID, misuses[m].part);
        }
        tmjit_launch launch = {.struct_size = 0, .grid = {1, 1, 1}};
        assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
        assert_error(ctx, TMJIT_E_INVALID, "struct_size");
        launch.struct_size = sizeof launch;
        launch.binding_count = 4;
        assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
        assert_error(ctx, TMJIT_E_INVALID, "bindings is NULL");
        assert_int_equal(tmjit_pipeline_launch(pipeline, NULL), TMJIT_E_INVALID);
        assert_int_equal(tmjit_pipeline_launch(NULL, &launch), TMJIT_E_INVALID);
    }
    tmjit_context_destroy(ctx);
}

static void test_timeout_needs_the_watchdog(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, diverge_kernels, "endless");
    tmjit_pipeline_options options = {.struct_size = sizeof options, .no_watchdog = true};
    tmjit_binding binding = {words, sizeof words};
    tmjit_launch launch = {.struct_size = sizeof launch, .grid = {1, 1, 1},
                           .bindings = &binding, .binding_count = 1, .timeout_s = 1};
    tmjit_pipeline *pipeline;
    (void)state;

    assert_int_equal(tmjit_pipeline_create(ctx, kernel, &options, &pipeline), TMJIT_OK);
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "no_watchdog");
    tmjit_context_destroy(ctx);
}

/* ---- faults -------------------------------------------------------------------------- */

/* Both engines end with this status and the same text, which is freed by the caller. */
static char *fault_text(tmjit_context *ctx, tmjit_engine engine, const tmjit_kernel *kernel,
                        const tmjit_launch *launch, tmjit_status status)
{
    tmjit_pipeline *pipeline = compile(ctx, kernel, engine, (tmjit_extent){64, 1, 1});

    assert_int_equal(tmjit_pipeline_launch(pipeline, launch), status);
    assert_int_equal(tmjit_last_error(ctx)->status, status);
    return strdup(tmjit_last_error(ctx)->rendered);
}

static void check_fault(const char *module, const char *name, const tmjit_launch *launch,
                        tmjit_status status, const char *part)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, module, name);
    char *simd = fault_text(ctx, TMJIT_ENGINE_SIMD, kernel, launch, status);
    char *interp = fault_text(ctx, TMJIT_ENGINE_INTERP, kernel, launch, status);

    if (!strstr(simd, part))
        fail_msg("no '%s' in: %s", part, simd);
    assert_non_null(strstr(simd, "kernels.ll:"));
    assert_non_null(strstr(simd, name));
    assert_string_equal(simd, interp);
    free(simd);
    free(interp);
    tmjit_context_destroy(ctx);
}

static void test_out_of_bounds(void **state)
{
    float a[100], y[100];
    tmjit_binding bindings[] = {{a, sizeof a}, {a, sizeof a}, {y, 360}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch, .grid = {100, 1, 1},
                           .bindings = bindings, .binding_count = 4};
    (void)state;

    memset(a, 0, sizeof a);
    for (unsigned i = 0; i < 100; i++)
        y[i] = 7;
    check_fault(add_kernel, "add", &launch, TMJIT_E_BOUNDS,
                "store of 4 bytes at byte offset 360 of buffer 'y' (360 bytes), by thread (90, "
                "0, 0) of the grid, (26, 0, 0) of threadgroup (1, 0, 0)");
    for (unsigned i = 90; i < 100; i++)
        assert_true(y[i] == 7);
    bindings[2].byte_len = sizeof y;
    bindings[1].byte_len = 12;
    check_fault(add_kernel, "add", &launch, TMJIT_E_BOUNDS,
                "load of 4 bytes at byte offset 12 of buffer 'b' (12 bytes), by thread (3, 0, "
                "0) of the grid");
    bindings[1] = (tmjit_binding){NULL, 0};
    check_fault(add_kernel, "add", &launch, TMJIT_E_BOUNDS, "of buffer 'b' (0 bytes)");
}

static void test_divergence(void **state)
{
    tmjit_binding binding = {NULL, 0};
    tmjit_launch launch = {.struct_size = sizeof launch, .grid = {64, 1, 1},
                           .bindings = &binding, .binding_count = 1};
    (void)state;

    check_fault(diverge_kernels, "part", &launch, TMJIT_E_DIVERGED,
                "threadgroup barrier reached by part of the SIMD-group's threads");
    check_fault(diverge_kernels, "two", &launch, TMJIT_E_DIVERGED,
                "SIMD-groups wait at different barriers; the other is at kernels.ll:");
}

static void test_time_limit(void **state)
{
    tmjit_binding binding = {words, sizeof words};
    tmjit_launch launch = {.struct_size = sizeof launch, .grid = {64, 1, 1},
                           .bindings = &binding, .binding_count = 1, .timeout_s = 0.05};
    (void)state;

    memset(words, 0, sizeof words);
    check_fault(diverge_kernels, "endless", &launch, TMJIT_E_TIMEOUT,
                "launch ran longer than 0.05 s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add_over_whole_and_ragged_grids),
        cmocka_unit_test(test_threadgroup_argument_and_barrier),
        cmocka_unit_test(test_pipeline_outlives_its_library),
        cmocka_unit_test(test_threads_compile_and_launch_together),
        cmocka_unit_test(test_launch_misuse),
        cmocka_unit_test(test_timeout_needs_the_watchdog),
        cmocka_unit_test(test_out_of_bounds),
        cmocka_unit_test(test_divergence),
        cmocka_unit_test(test_time_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
