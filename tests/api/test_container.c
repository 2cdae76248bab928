/* SPDX-License-Identifier: MIT */
/* Containers through the public header: listing, loading on demand, errors, many threads. */
#include "api_util.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const char seed[] = "fuzz/seeds/metallib/two.metallib"; /* in the folder of the tests */
static const char vertex_seed[] = "fuzz/seeds/metallib/old.metallib";

static void lists_without_loading(void **state)
{
    (void)state;
    tmjit_context *ctx = NULL;
    tmjit_library *library = NULL;
    assert_int_equal(tmjit_context_create(NULL, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_library_load_file(ctx, seed, &library), TMJIT_OK);
    assert_int_equal(tmjit_library_function_count(library), 2);
    assert_int_equal(tmjit_library_kernel_count(library), 2);
    tmjit_function f = tmjit_library_function(library, 1);
    assert_string_equal(f.name, "second");
    assert_string_equal(f.kind, "kernel");
    assert_true(f.is_kernel && f.has_hash && f.byte_len > 1000);
    assert_int_equal(f.air_major * 100 + f.air_minor, 206);
    assert_int_equal(f.language_major * 100 + f.language_minor, 301);
    assert_null(tmjit_library_function(library, 2).name);
    assert_null(tmjit_library_function(NULL, 0).name);
    assert_int_equal(tmjit_library_function_count(NULL), 0);
    tmjit_context_destroy(ctx);
}

static void loads_on_demand(void **state)
{
    (void)state;
    tmjit_context *ctx = NULL;
    tmjit_library *library = NULL;
    const tmjit_kernel *kernel = NULL;
    assert_int_equal(tmjit_context_create(NULL, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_library_load_file(ctx, seed, &library), TMJIT_OK);
    assert_int_equal(tmjit_library_load_kernel(library, "second", &kernel), TMJIT_OK);
    assert_ptr_equal(tmjit_library_find_kernel(library, "second"), kernel);
    assert_ptr_equal(tmjit_library_kernel(library, 1), kernel);
    assert_string_equal(tmjit_kernel_name(kernel), "second");
    assert_int_equal(tmjit_kernel_arg_count(kernel), 2);
    assert_null(tmjit_library_kernel(library, 2));

    kernel = NULL;
    assert_int_equal(tmjit_library_load_kernel(library, "third", &kernel), TMJIT_E_NOT_FOUND);
    assert_null(kernel);
    assert_string_equal(tmjit_last_error(ctx)->message, "no kernel 'third'");
    assert_int_equal(tmjit_library_load_kernel(library, NULL, &kernel), TMJIT_E_INVALID);
    assert_int_equal(tmjit_library_load_kernel(library, "second", NULL), TMJIT_E_INVALID);
    assert_int_equal(tmjit_library_load_kernel(NULL, "second", &kernel), TMJIT_E_INVALID);
    tmjit_context_destroy(ctx);
}

static void refuses_other_functions(void **state)
{
    (void)state;
    tmjit_context *ctx = NULL;
    tmjit_library *library = NULL;
    const tmjit_kernel *kernel = NULL;
    assert_int_equal(tmjit_context_create(NULL, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_library_load_file(ctx, vertex_seed, &library), TMJIT_OK);
    assert_int_equal(tmjit_library_kernel_count(library), 0);
    assert_int_equal(tmjit_library_function_count(library), 1);
    assert_false(tmjit_library_function(library, 0).is_kernel);
    assert_int_equal(tmjit_library_load_kernel(library, "first", &kernel), TMJIT_E_UNSUPPORTED);
    assert_null(tmjit_library_find_kernel(library, "first"));
    assert_int_equal(tmjit_last_error(ctx)->status, TMJIT_E_UNSUPPORTED);
    tmjit_context_destroy(ctx);
}

/* From memory: the caller's bytes may go. */
static void runs_from_memory(void **state)
{
    (void)state;
    tmjit_context *ctx = NULL;
    tmjit_library *library = NULL;
    tmjit_pipeline *pipeline = NULL;
    int32_t y[4] = {0};
    FILE *file = fopen(seed, "rb");
    uint8_t *bytes = malloc(1 << 16);
    assert_non_null(file);
    size_t byte_len = fread(bytes, 1, 1 << 16, file);
    fclose(file);
    assert_int_equal(tmjit_context_create(NULL, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_library_load_memory(ctx, bytes, byte_len, NULL, &library), TMJIT_OK);
    memset(bytes, 0, byte_len);
    free(bytes);
    const tmjit_kernel *kernel = tmjit_library_find_kernel(library, "second");
    assert_int_equal(tmjit_pipeline_create(ctx, kernel, NULL, &pipeline), TMJIT_OK);
    const tmjit_binding bindings[] = {{y, sizeof y}, {NULL, 0}};
    const tmjit_launch launch = {.struct_size = sizeof launch,
                                 .grid = {4, 1, 1},
                                 .bindings = bindings,
                                 .binding_count = 2};
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_OK);
    for (int32_t i = 0; i < 4; i++)
        assert_int_equal(y[i], 70 + i);
    tmjit_context_destroy(ctx);
}

typedef struct asker {
    pthread_t thread;
    const tmjit_library *library;
    const tmjit_kernel *found[2];
} asker;

static void *ask(void *opaque)
{
    asker *self = opaque;
    self->found[0] = tmjit_library_find_kernel(self->library, "first");
    self->found[1] = tmjit_library_find_kernel(self->library, "second");
    return NULL;
}

static void many_threads_get_one_kernel(void **state)
{
    (void)state;
    enum { COUNT = 8 };
    tmjit_context *ctx = NULL;
    tmjit_library *library = NULL;
    asker askers[COUNT];
    assert_int_equal(tmjit_context_create(NULL, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_library_load_file(ctx, seed, &library), TMJIT_OK);
    for (int i = 0; i < COUNT; i++) {
        askers[i] = (asker){.library = library};
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
    }
    for (int i = 0; i < COUNT; i++)
        pthread_join(askers[i].thread, NULL);
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < 2; k++) {
            assert_non_null(askers[i].found[k]);
            assert_ptr_equal(askers[i].found[k], askers[0].found[k]);
        }
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_without_loading),       cmocka_unit_test(loads_on_demand),
        cmocka_unit_test(refuses_other_functions),     cmocka_unit_test(runs_from_memory),
        cmocka_unit_test(many_threads_get_one_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
