/* SPDX-License-Identifier: MIT */
/* Arena, growing text, diagnostics. */
#include "load_util.h"

static void test_take_is_aligned_and_zero(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    for (size_t align = 1; align <= 128; align *= 2) {
        unsigned char *bytes = tj_arena_take(arena, 3, 7, align);
        assert_int_equal((uintptr_t)bytes % align, 0);
        for (int i = 0; i < 21; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, 21);
    }
    assert_non_null(tj_arena_take(arena, 0, 8, 8));
    tj_arena_destroy(arena);
    tj_arena_destroy(NULL);
}

static void test_large_takes_do_not_overlap(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    unsigned char *small = tj_arena_take(arena, 1, 16, 8);
    unsigned char *large = tj_arena_take(arena, 1, 5 << 20, 64);
    unsigned char *after = tj_arena_take(arena, 1, 16, 8);
    memset(small, 1, 16);
    memset(large, 2, 5 << 20);
    memset(after, 3, 16);
    assert_int_equal(small[15], 1);
    assert_int_equal(large[0], 2);
    assert_int_equal(large[(5 << 20) - 1], 2);
    tj_arena_destroy(arena);
}

static void test_rewind_reuses_zeroed_memory(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    char *kept = tj_arena_strdup(arena, "kept");
    tj_mark mark = tj_arena_mark(arena);
    unsigned char *scratch = tj_arena_take(arena, 1, 64, 1);
    memset(scratch, 0xee, 64);
    tj_arena_take(arena, 1, 3 << 20, 8); /* further chunks go away */
    tj_arena_rewind(arena, mark);
    unsigned char *again = tj_arena_take(arena, 1, 64, 1);
    assert_ptr_equal(again, scratch);
    assert_int_equal(again[63], 0);
    assert_string_equal(kept, "kept");
    tj_arena_destroy(arena);
}

static void test_rewind_to_empty(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    tj_mark mark = tj_arena_mark(arena);
    tj_arena_take(arena, 100, 1000, 8);
    tj_arena_rewind(arena, mark);
    assert_non_null(tj_arena_strdup(arena, "x"));
    tj_arena_destroy(arena);
}

static void test_arena_strings(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    assert_string_equal(tj_arena_strndup(arena, "abcdef", 3), "abc");
    assert_string_equal(tj_arena_strndup(arena, NULL, 0), "");
    assert_string_equal(tj_arena_printf(arena, "%s-%d", "n", 42), "n-42");
    tj_arena_destroy(arena);
}

static void test_text_lines_and_growth(void **state)
{
    (void)state;
    tj_text text = {0};
    tj_text_line(&text, "a%d", 1);
    text.indent = 2;
    tj_text_line(&text, "b");
    tj_text_puts(&text, "c");
    tj_text_add(&text, "\0d", 2);
    assert_int_equal(text.byte_len, 3 + 10 + 1 + 2);
    assert_memory_equal(text.data, "a1\n        b\nc\0d", 17);
    for (int i = 0; i < 10000; i++)
        tj_text_printf(&text, "%09d", i);
    assert_int_equal(text.byte_len, 16 + 90000);
    assert_memory_equal(text.data + 16 + 90000 - 9, "000009999", 10);
    tj_text_fini(&text);
    assert_null(text.data);
    assert_int_equal(text.byte_cap, 0);
}

static void assert_rendered(tj_loc loc, const char *wanted)
{
    tj_diag diag = {TJ_E_BOUNDS, "what", loc};
    tj_text out = {0};
    tj_diag_render(&diag, &out);
    assert_string_equal(out.data, wanted);
    tj_text_fini(&out);
}

static void test_render_known_parts_only(void **state)
{
    (void)state;
    assert_rendered((tj_loc){0}, "error: what [bounds]\n");
    assert_rendered((tj_loc){.file = "f"}, "f: error: what [bounds]\n");
    assert_rendered((tj_loc){.file = "f", .line = 3}, "f:3: error: what [bounds]\n");
    assert_rendered((tj_loc){"f", 3, 4, "k", "b", "ret void", NULL},
                    "f:3:4: error: what [bounds]\n  in kernel @k, block %b: ret void\n");
    assert_rendered((tj_loc){.kernel = "k"}, "error: what [bounds]\n  in kernel @k\n");
    assert_rendered((tj_loc){.kernel = "k", .inst = "ret void"},
                    "error: what [bounds]\n  in kernel @k, ret void\n");
    assert_rendered((tj_loc){.block = "b", .inst = "ret void"},
                    "error: what [bounds]\n  in block %b: ret void\n");
}

static void test_first_error_wins_and_is_copied(void **state)
{
    (void)state;
    tj_diags diags = {.arena = tj_arena_create()};
    char file[] = "first";
    tj_loc loc = {.file = file, .line = 1};
    assert_int_equal(tj_fail_at(&diags, TJ_E_TRAP, &loc, "%d", 1), TJ_E_TRAP);
    file[0] = 'X';
    assert_int_equal(tj_fail_at(&diags, TJ_E_BOUNDS, NULL, "%d", 2), TJ_E_BOUNDS);
    assert_int_equal(diags.first.status, TJ_E_TRAP);
    assert_string_equal(diags.first.message, "1");
    assert_string_equal(diags.first.loc.file, "first");
    tj_arena_destroy(diags.arena);
}

static void test_status_names(void **state)
{
    (void)state;
    assert_string_equal(tj_status_name(TJ_OK), "ok");
    assert_string_equal(tj_status_name(TJ_E_INTERNAL), "internal");
    assert_string_equal(tj_status_name((tj_status)999), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_is_aligned_and_zero),
        cmocka_unit_test(test_large_takes_do_not_overlap),
        cmocka_unit_test(test_rewind_reuses_zeroed_memory),
        cmocka_unit_test(test_rewind_to_empty),
        cmocka_unit_test(test_arena_strings),
        cmocka_unit_test(test_text_lines_and_growth),
        cmocka_unit_test(test_render_known_parts_only),
        cmocka_unit_test(test_first_error_wins_and_is_copied),
        cmocka_unit_test(test_status_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
