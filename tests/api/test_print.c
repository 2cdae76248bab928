/* SPDX-License-Identifier: MIT */
/* Kernels as Metal source through the public header: text, table for the host, misuse. */
#include "api_util.h"
#include "tmjit_source.h"

static void test_text_and_table(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, mirror_kernel, "mirror");
    tmjit_metal_text first = {.struct_size = sizeof first}, second = first;
    (void)state;

    assert_int_equal(tmjit_kernel_print_metal(ctx, kernel, NULL, &first), TMJIT_OK);
    assert_int_equal(tmjit_kernel_print_metal(ctx, kernel, NULL, &second), TMJIT_OK);
    assert_string_equal(first.text, second.text);
    assert_int_equal(first.byte_len, strlen(first.text));
    assert_non_null(strstr(first.text, "#include <metal_stdlib>"));
    assert_non_null(strstr(first.text, "kernel void mirror("));
    assert_non_null(strstr(first.text, "constant uint &n [[buffer(1)]]"));
    assert_non_null(strstr(first.text, "threadgroup uint *tile [[threadgroup(0)]]"));
    assert_string_equal(first.kernel_name, "mirror");
    assert_int_equal(first.arg_count, 4);
    assert_string_equal(first.args[0].name, "y");
    assert_int_equal(first.args[0].place, TMJIT_METAL_BUFFER);
    assert_int_equal(first.args[0].index, 0);
    assert_false(first.args[0].is_reference);
    assert_string_equal(first.args[1].name, "n");
    assert_int_equal(first.args[1].index, 1);
    assert_true(first.args[1].is_reference);
    assert_int_equal(first.args[2].place, TMJIT_METAL_THREADGROUP);
    assert_int_equal(first.args[2].index, 0);
    assert_int_equal(first.args[3].place, TMJIT_METAL_BUILTIN);
    assert_int_equal(first.static_threadgroup_byte_len, 0);
    assert_int_equal(first.max_threads, 1024);
    tmjit_context_destroy(ctx);
    assert_int_equal(first.args[3].index, 0); /* outlives the context */
    tmjit_metal_text_free(&first);
    assert_null(first.text);
    tmjit_metal_text_free(&first);
    tmjit_metal_text_free(&second);
    tmjit_metal_text_free(NULL);
}

static const char static_kernel[] =
    "@tile = internal addrspace(3) global [8 x float] undef, align 4\n"
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"float\" %y,\n"
    "    i32 \"tmjit.builtin\"=\"thread_index_in_threadgroup\" %i)\n"
    "    \"tmjit.kernel\" \"tmjit.max_threads\"=\"8\" {\n"
    "  %p = getelementptr float, ptr addrspace(3) @tile, i32 %i\n"
    "  %v = load float, ptr addrspace(3) %p, align 4\n"
    "  store float %v, ptr addrspace(1) %y, align 4\n"
    "  ret void\n"
    "}\n";

static void test_threadgroup(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, static_kernel, "k");
    tmjit_metal_text text = {.struct_size = sizeof text};
    (void)state;

    assert_int_equal(tmjit_kernel_print_metal(ctx, kernel, NULL, &text), TMJIT_OK);
    assert_int_equal(text.static_threadgroup_byte_len, 32);
    assert_int_equal(text.max_threads, 8);
    assert_non_null(strstr(text.text, "[[max_total_threads_per_threadgroup(8)]]"));
    assert_non_null(strstr(text.text, "threadgroup float tile[8];"));
    tmjit_metal_text_free(&text);
    tmjit_context_destroy(ctx);
}

/* The largest of floats in memory has no function in Metal. */
static const char unsayable_kernel[] =
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"ulong\" %y) \"tmjit.kernel\" {\n"
    "  %old = atomicrmw add ptr addrspace(1) %y, i64 1 monotonic\n"
    "  ret void\n"
    "}\n";

static void test_refusals(void **state)
{
    tmjit_context *ctx = new_context(), *other = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, unsayable_kernel, "k");
    const tmjit_kernel *good = load_kernel(other, add_kernel, "add");
    tmjit_metal_text text = {.struct_size = sizeof text}, unset = {0};
    tmjit_pipeline_options options = {.struct_size = sizeof options, .lanes = 5};
    (void)state;

    assert_int_equal(tmjit_kernel_print_metal(ctx, kernel, NULL, &text), TMJIT_E_UNSUPPORTED);
    assert_null(text.text);
    assert_null(text.args);
    assert_non_null(strstr(tmjit_last_error(ctx)->rendered,
                           ":2:3: error: this atomic operation is not in Metal"));
    assert_int_equal(tmjit_kernel_print_metal(other, good, &options, &text), TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_print_metal(other, good, NULL, &unset), TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_print_metal(other, good, NULL, NULL), TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_print_metal(other, NULL, NULL, &text), TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_print_metal(ctx, good, NULL, &text), TMJIT_E_INVALID);
    assert_int_equal(tmjit_kernel_print_metal(NULL, good, NULL, &text), TMJIT_E_INVALID);
    tmjit_context_destroy(ctx);
    tmjit_context_destroy(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_table),
        cmocka_unit_test(test_threadgroup),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
