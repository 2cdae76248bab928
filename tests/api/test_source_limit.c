/* SPDX-License-Identifier: MIT */
/* Source on which clang works for minutes: a limit of its processor time ends it, and the
 * context goes on. */
#include "api_util.h"
#include "tmjit_source.h"

/* Sums of 200,000 terms each, which clang computes while it compiles. */
static const char slow[] =
    "#include <metal_stdlib>\n"
    "using namespace metal;\n"
    "template <int N> struct slow {\n"
    "    static constexpr int count()\n"
    "    {\n"
    "        int sum = 0;\n"
    "        for (int i = 0; i < 200000; i++)\n"
    "            sum = (sum + i * N) & 65535;\n"
    "        return sum;\n"
    "    }\n"
    "    static constexpr int all = count() + slow<N - 1>::all;\n"
    "};\n"
    "template <> struct slow<0> { static constexpr int all = 0; };\n"
    "kernel void k(device int *p [[buffer(0)]]) { p[0] = slow<COUNT>::all; }\n";

static tmjit_status load_slow(tmjit_context *ctx, const char *count, double limit_s,
                              tmjit_library **library)
{
    const char *const defines[] = {count, NULL};
    const tmjit_source_options options = {
        .struct_size = sizeof options, .defines = defines, .time_limit_s = limit_s};

    return tmjit_library_load_source(ctx, TMJIT_LANGUAGE_METAL, slow, sizeof slow - 1,
                                     "slow.metal", &options, library);
}

static void test_clang_without_end(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_library *library = NULL;
    (void)state;

    assert_int_equal(load_slow(ctx, "COUNT=900", 1, &library), TMJIT_E_TIMEOUT);
    assert_null(library);
    /* By the processor, or by the clock where others leave less than a tenth of one. */
    assert_error(ctx, TMJIT_E_TIMEOUT, "; accepted is source that compiles in less");
    assert_int_equal(load_slow(ctx, "COUNT=1", 0, &library), TMJIT_OK);
    assert_int_equal(tmjit_library_kernel_count(library), 1);
    tmjit_library_destroy(library);
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clang_without_end)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
