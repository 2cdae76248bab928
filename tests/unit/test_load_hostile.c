/* SPDX-License-Identifier: MIT */
/* tj_load on text that LLVM's own reader does not survive. */
#include "load_util.h"

#include <llvm-c/Core.h>
#include <stdlib.h>

/* `count` times `unit` between two ends. */
static char *repeat(tj_arena *arena, const char *head, const char *unit, unsigned count,
                    const char *tail)
{
    tj_text text = {0};
    tj_text_puts(&text, head);
    for (unsigned i = 0; i < count; i++)
        tj_text_puts(&text, unit);
    tj_text_puts(&text, tail);
    char *copy = tj_arena_strdup(arena, text.data);
    tj_text_fini(&text);
    return copy;
}

static void test_hostile_text(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    assert_refused(repeat(arena, "@g = global ", "[1 x ", 100000, "i8"), TJ_E_UNSUPPORTED,
                   "nested too deeply", 1);
    assert_refused(repeat(arena, "!0 = ", "!{", 100000, "}"), TJ_E_UNSUPPORTED,
                   "nested too deeply", 1);
    assert_refused(repeat(arena, "@g = global ", "<{", 100000, ""), TJ_E_UNSUPPORTED,
                   "nested too deeply", 1);
    assert_refused("\n@g = global <4000000000 x i8> splat (i8 1)\n", TJ_E_UNSUPPORTED,
                   "vector of too many elements", 2);
    assert_refused("@g = global <\n4000000000x i8> splat (i8 1)\n", TJ_E_UNSUPPORTED,
                   "vector of too many elements", 2);
    assert_refused(repeat(arena, "", "%a = type {}\n", 5000, ""), TJ_E_UNSUPPORTED,
                   "too many type definitions", 4097);
    tj_arena_destroy(arena);
}

static void test_hostile_strings_and_numbers(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    assert_refused("define void @k() \"a\\00\\01\" \"tmjit.kernel\" {\n  ret void\n}\n",
                   TJ_E_UNSUPPORTED, "a NUL byte in a string", 1);
    assert_refused(repeat(arena, "@g = global i99999 ", "9", 5000, ""), TJ_E_UNSUPPORTED,
                   "a number of too many digits", 1);
    assert_refused(repeat(arena, "@x = global i8 0\n", "@a = alias i8, ptr @x\n", 300, ""),
                   TJ_E_UNSUPPORTED, "too many aliases", 258);
    loaded l = load_bytes("; \0", 3, "k.ll");
    assert_int_equal(l.status, TJ_E_MALFORMED);
    assert_string_equal(l.diags.first.message,
                        "byte 2 is NUL; accepted are LLVM text and bitcode");
    unload(&l);
    l = load_good("@s = addrspace(2) constant [2 x i8] c\"\\00\\00\"\n"
                  "define void @k() \"tmjit.kernel\" {\n  ret void\n}\n!0 = !{!\"\\00\"}\n");
    unload(&l);
    tj_arena_destroy(arena);
}

/* LLVM's reader follows a chain of nodes by recursion; the child process dies of it. */
static void test_endless_metadata(void **state)
{
    (void)state;
    tj_text text = {0};
    for (unsigned i = 0; i < 200000; i++)
        tj_text_printf(&text, "!%u = !{!%u}\n", i, i + 1);
    tj_text_puts(&text, "!200000 = !{}\n!llvm.ident = !{!0}\n");
    assert_refused(text.data, TJ_E_MALFORMED, "LLVM's reader does not survive the input", 0);
    tj_text_fini(&text);
}

/* What looks like debug information but is none, in modules that do not verify. */
static void test_false_debug_info(void **state)
{
    (void)state;
    assert_refused("define void @k() \"tmjit.kernel\" !dbg !0 {\n"
                   "  %v = add i32 1, 2, !dbg !0\n  ret void, !dbg !0\n}\n!0 = !{}\n",
                   TJ_E_MALFORMED, "must be a subprogram", 0);
    assert_refused("!llvm.module.flags = !{!0}\n!0 = !{}\n"
                   "define void @k() \"tmjit.kernel\" {\n"
                   "  %v = add i32 %w, 2\n  %w = add i32 %v, 1\n  ret void\n}\n",
                   TJ_E_MALFORMED, "does not dominate", 5);
    assert_refused("!llvm.module.flags = !{!0}\n!0 = !{}\n", TJ_E_MALFORMED,
                   "incorrect number of operands in module flag", 0);
    assert_refused("define void @k() \"tmjit.kernel\" {\n  br label %l\nl:\n"
                   "  %v = add i32 %w, 1\n  %w = add i32 %v, 1\n"
                   "  br label %l, !llvm.loop !0\n}\n!0 = !{}\n",
                   TJ_E_MALFORMED, "does not dominate", 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_hostile_strings_and_numbers),
        cmocka_unit_test(test_endless_metadata),
        cmocka_unit_test(test_false_debug_info),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
