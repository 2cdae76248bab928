/* SPDX-License-Identifier: MIT */
/* Layouts of a Triton kernel's tensors through the public header: the table, choices, misuse.
 */
#include "api_util.h"
#include "tmjit_source.h"

static const char text[] =
    "tt.func public @twice(%x: !tt.ptr<f32>) {\n"
    "  %i = tt.make_range {end = 256 : i32, start = 0 : i32} : tensor<256xi32>\n"
    "  %xs = tt.splat %x : !tt.ptr<f32> -> tensor<256x!tt.ptr<f32>>\n"
    "  %p = tt.addptr %xs, %i : tensor<256x!tt.ptr<f32>>, tensor<256xi32>\n"
    "  %v = tt.load %p : tensor<256x!tt.ptr<f32>>\n"
    "  %w = arith.addf %v, %v : tensor<256xf32>\n"
    "  tt.store %p, %w : tensor<256x!tt.ptr<f32>>\n"
    "  tt.return\n"
    "}\n";

static tmjit_status show(tmjit_context *ctx, const char *const *layouts, char **out,
                         size_t *out_len)
{
    const tmjit_source_options options = {
        .struct_size = sizeof options, .num_warps = 2, .layouts = layouts};

    return tmjit_triton_layouts(ctx, text, sizeof text - 1, "twice.ttir", &options, out,
                                out_len);
}

static void test_table(void **state)
{
    static const char *const chosen[] = {"v=BLOCKED:4", NULL};
    tmjit_context *ctx = new_context();
    char *table = NULL;
    size_t byte_len = 0;
    (void)state;

    assert_int_equal(show(ctx, NULL, &table, &byte_len), TMJIT_OK);
    assert_int_equal(byte_len, strlen(table));
    assert_non_null(strstr(table, "kernel twice, 2 SIMD-groups\n"));
    assert_non_null(strstr(table, "reg [32 64] lane [1 2 4 8 16] group [128]\n"));
    tmjit_free(table);
    assert_int_equal(show(ctx, chosen, &table, &byte_len), TMJIT_OK);
    assert_non_null(strstr(table, "BLOCKED:4"));
    assert_non_null(strstr(table, "reg [1 2] lane [4 8 16 32 64] group [128]\n"));
    tmjit_free(table);
    tmjit_context_destroy(ctx);
}

static void test_chosen_library(void **state)
{
    static const char *const chosen[] = {"v=BLOCKED:4", NULL}, *const bad[] = {"v=ROWS", NULL};
    tmjit_source_options options = {
        .struct_size = sizeof options, .num_warps = 2, .layouts = chosen};
    tmjit_context *ctx = new_context();
    tmjit_library *library = NULL;
    (void)state;

    assert_int_equal(tmjit_library_load_source(ctx, TMJIT_LANGUAGE_TTIR, text, sizeof text - 1,
                                               "twice.ttir", &options, &library),
                     TMJIT_OK);
    tmjit_library_destroy(library);
    options.layouts = bad;
    assert_int_equal(tmjit_library_load_source(ctx, TMJIT_LANGUAGE_TTIR, text, sizeof text - 1,
                                               "twice.ttir", &options, &library),
                     TMJIT_E_INVALID);
    assert_non_null(strstr(tmjit_last_error(ctx)->message, "COALESCED, COLUMNS, BLOCKED:N"));
    tmjit_context_destroy(ctx);
}

static void test_misuse(void **state)
{
    static const char *const nobody[] = {"nobody=COALESCED", NULL};
    tmjit_context *ctx = new_context();
    char *table = NULL;
    size_t byte_len = 0;
    (void)state;

    assert_int_equal(show(ctx, nobody, &table, &byte_len), TMJIT_E_INVALID);
    assert_non_null(strstr(tmjit_last_error(ctx)->message, "there is no such tensor"));
    assert_int_equal(show(ctx, NULL, NULL, &byte_len), TMJIT_E_INVALID);
    assert_int_equal(show(ctx, NULL, &table, NULL), TMJIT_E_INVALID);
    assert_int_equal(show(NULL, NULL, &table, &byte_len), TMJIT_E_INVALID);
    assert_int_equal(tmjit_triton_layouts(ctx, "tt.func", 7, "k", NULL, &table, &byte_len),
                     TMJIT_E_MALFORMED);
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_chosen_library),
        cmocka_unit_test(test_misuse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
