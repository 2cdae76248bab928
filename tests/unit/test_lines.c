/* SPDX-License-Identifier: MIT */
/* Places of instructions in LLVM text. */
#include "load_util.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

#define K "define void @k(ptr addrspace(1) %p, i32 %thread_position_in_grid) \"tmjit.kernel\" "

/* The `index`-th instruction of a function. */
static LLVMValueRef inst_at(const loaded *l, const char *function, unsigned index)
{
    LLVMValueRef f = LLVMGetNamedFunction(l->unit->module, function);
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
            if (index-- == 0)
                return i;
    return NULL;
}

static tj_loc loc_at(const loaded *l, const char *function, unsigned index)
{
    return tj_loc_of(l->unit->arena, l->unit, inst_at(l, function, index));
}

static void assert_verifies(const loaded *l)
{
    assert_false(LLVMVerifyModule(l->unit->module, LLVMReturnStatusAction, NULL));
}

/* `places` are pairs of line and column, ended by 0. */
static void assert_places(const char *text, const char *function, const unsigned *places)
{
    loaded l = load_good(text);
    unsigned i = 0;
    for (; places[2 * i]; i++) {
        tj_loc loc = loc_at(&l, function, i);
        assert_string_equal(loc.file, "k.ll");
        assert_int_equal(loc.line, places[2 * i]);
        assert_int_equal(loc.column, places[2 * i + 1]);
    }
    assert_null(inst_at(&l, function, i));
    assert_verifies(&l);
    unload(&l);
}

static void test_plain_body(void **state)
{
    (void)state;
    const unsigned places[] = {5, 3, 6, 3, 7, 3, 0};
    assert_places("; { comment define\n\n" K "{\nentry: ; } here\n"
                  "  %q = getelementptr float, ptr addrspace(1) %p, i32 1\n"
                  "  store float 1.0, ptr addrspace(1) %q ; store\n"
                  "  ret void\n}\n",
                  "k", places);
}

static void test_body_on_one_line(void **state)
{
    (void)state;
    const unsigned places[] = {1, 84, 0};
    assert_places(K "{ ret void }\n", "k", places);
}

static void test_switch_table_spans_lines(void **state)
{
    (void)state;
    const unsigned places[] = {3, 3, 8, 5, 10, 5, 0};
    assert_places(K "{\n0:\n  switch i32 %thread_position_in_grid, label %\"a b\" [\n"
                    "    i32 1, label %b\n"
                    "    i32 2, label %b\n"
                    "  ]\n\"a b\":\n    br label %b\n"
                    "b:\n    ret void\n}\n",
                  "k", places);
}

static void test_label_and_instruction_on_one_line(void **state)
{
    (void)state;
    const unsigned places[] = {2, 8, 0};
    assert_places(K "{\nentry: ret void\n}\n", "k", places);
}

static void test_block_comment_and_strings(void **state)
{
    (void)state;
    const unsigned places[] = {6, 3, 7, 3, 0};
    assert_places("@s = internal addrspace(2) constant [11 x i8] c\"define { ;\\22\"\n"
                  "/* define void @x() {\n*/\n" K "\n{\n"
                  "  %v = load i8, ptr addrspace(2) @s\n"
                  "  ret void\n}\n",
                  "k", places);
}

static void test_call_over_several_lines(void **state)
{
    (void)state;
    const unsigned places[] = {3, 3, 4, 3, 7, 3, 0};
    assert_places("declare float @air.fabs.f32(float)\n" K "{\n"
                  "  %v = load float, ptr addrspace(1) %p\n"
                  "  %a = tail call fast float\n    @air.fabs.f32(\n       float %v)\n"
                  "  ret void\n}\n",
                  "k", places);
}

static void test_statement_over_two_lines_leaves_no_lines(void **state)
{
    (void)state;
    loaded l = load_good(K "{\n  %v = load float,\n  ptr addrspace(1) %p\n"
                           "  %w = load float, ptr addrspace(1) %p  store float %w, "
                           "ptr addrspace(1) %p\n  ret void\n}\n");
    assert_int_equal(loc_at(&l, "k", 0).line, 0);
    assert_string_equal(loc_at(&l, "k", 0).file, "k.ll");
    assert_string_equal(loc_at(&l, "k", 0).block, "0");
    unload(&l);
}

static void test_quoted_function_name(void **state)
{
    (void)state;
    loaded l = load_good("define void @\"k \\2b {\"() \"tmjit.kernel\" {\n  ret void\n}\n");
    assert_string_equal(l.unit->kernels[0].name, "k + {");
    assert_int_equal(loc_at(&l, "k + {", 0).line, 2);
    unload(&l);
}

static void test_helper_function(void **state)
{
    (void)state;
    loaded l = load_good("define internal { i32, i32 } @h(i32 %x) {\n"
                         "  %a = insertvalue { i32, i32 } zeroinitializer, i32 %x, 0\n"
                         "  ret { i32, i32 } %a\n}\n" K "{\n"
                         "  %r = call { i32, i32 } @h(i32 3)\n  ret void\n}\n");
    assert_int_equal(loc_at(&l, "h", 1).line, 3);
    assert_int_equal(loc_at(&l, "k", 0).line, 6);
    assert_null(loc_at(&l, "h", 1).kernel);
    assert_string_equal(loc_at(&l, "h", 1).block, "0 of @h");
    assert_verifies(&l);
    unload(&l);
}

static const char with_debug_info[] =
    "define void @k() \"tmjit.kernel\" !dbg !5 {\n"
    "  call void @llvm.dbg.value(metadata i32 1, metadata !8, metadata !DIExpression()), "
    "!dbg !7\n"
    "  br label %%b, !dbg !7\n"
    "b:\n"
    "  ret void\n"
    "}\n"
    "declare void @llvm.dbg.value(metadata, metadata, metadata)\n"
    "!llvm.dbg.cu = !{!2}\n"
    "!llvm.module.flags = !{!4}\n"
    "!1 = !DIFile(filename: \"k.metal\", directory: \"/src\")\n"
    "!2 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, emissionKind: FullDebug)\n"
    "!4 = !{i32 2, !\"Debug Info Version\", i32 %d}\n"
    "!5 = distinct !DISubprogram(name: \"k\", scope: !1, file: !1, line: 40, type: !6, "
    "spFlags: DISPFlagDefinition, unit: !2)\n"
    "!6 = !DISubroutineType(types: !9)\n"
    "!7 = !DILocation(line: 41, column: 7, scope: !5)\n"
    "!8 = !DILocalVariable(name: \"v\", scope: !5, file: !1, line: 41, type: !10)\n"
    "!9 = !{null}\n"
    "!10 = !DIBasicType(name: \"int\", size: 32, encoding: DW_ATE_signed)\n";

static void test_source_places_win(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    loaded l = load_good(tj_arena_printf(arena, with_debug_info, 3));
    tj_loc loc = loc_at(&l, "k", 0);
    assert_string_equal(loc.file, "k.metal");
    assert_int_equal(loc.line, 41);
    assert_int_equal(loc.column, 7);
    assert_string_equal(loc.inst, "br label %b");
    loc = loc_at(&l, "k", 1); /* has no location of its own: the text's */
    assert_string_equal(loc.file, "k.ll");
    assert_int_equal(loc.line, 5);
    assert_verifies(&l);
    unload(&l);
    tj_arena_destroy(arena);
}

static void test_debug_records_are_no_statements(void **state)
{
    (void)state;
    const unsigned places[] = {4, 3, 0};
    assert_places(K "!dbg !5 {\n    #dbg_value(i32 1, !8, !DIExpression(),\n !7)\n"
                    "  ret void\n}\n"
                    "!llvm.dbg.cu = !{!2}\n!llvm.module.flags = !{!4}\n"
                    "!1 = !DIFile(filename: \"k.ll\", directory: \"/src\")\n"
                    "!2 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1)\n"
                    "!4 = !{i32 2, !\"Debug Info Version\", i32 3}\n"
                    "!5 = distinct !DISubprogram(name: \"k\", scope: !1, file: !1, line: 1, "
                    "spFlags: DISPFlagDefinition, unit: !2)\n"
                    "!7 = !DILocation(line: 41, column: 7, scope: !5)\n"
                    "!8 = !DILocalVariable(name: \"v\", scope: !5, file: !1, line: 41)\n",
                  "k", places);
}

static void test_debug_info_of_another_version_goes(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    loaded l = load_good(tj_arena_printf(arena, with_debug_info, 2));
    assert_int_equal(loc_at(&l, "k", 0).line, 0);
    assert_null(LLVMGetSubprogram(l.unit->kernels[0].function));
    assert_verifies(&l);
    unload(&l);
    tj_arena_destroy(arena);
}

static void test_broken_debug_info_goes(void **state)
{
    (void)state;
    loaded l = load_good("define void @k() \"tmjit.kernel\" !dbg !1 {\n  ret void\n}\n"
                         "!llvm.module.flags = !{!0}\n"
                         "!0 = !{i32 2, !\"Debug Info Version\", i32 3}\n"
                         "!1 = distinct !DISubprogram(name: \"k\", line: 40)\n");
    assert_int_equal(loc_at(&l, "k", 0).line, 2);
    unload(&l);
}

static void test_loc_of_a_function(void **state)
{
    (void)state;
    loaded l = load_good("\n" K "{\n  ret void\n}\ndefine void @h() {\n  ret void\n}\n");
    tj_loc loc = tj_loc_of(l.unit->arena, l.unit, l.unit->kernels[0].function);
    assert_int_equal(loc.line, 2);
    assert_string_equal(loc.kernel, "k");
    loc = tj_loc_of(l.unit->arena, l.unit, LLVMGetNamedFunction(l.unit->module, "h"));
    assert_int_equal(loc.line, 5);
    assert_null(loc.kernel);
    assert_string_equal(loc.inst, "@h");
    loc = tj_loc_of(l.unit->arena, l.unit, NULL);
    assert_string_equal(loc.file, "k.ll");
    unload(&l);
}

static void test_fail_renders_the_place(void **state)
{
    (void)state;
    loaded l = load_good(K "{\n  %v = load float, ptr addrspace(1) %p, align 4\n"
                           "  br label %1\n1:\n  ret void\n}\n");
    tj_text out = {0};
    assert_int_equal(tj_fail(l.unit, inst_at(&l, "k", 2), TJ_E_UNSUPPORTED, "no %s", "way"),
                     TJ_E_UNSUPPORTED);
    tj_diag_render(&l.unit->diags.first, &out);
    assert_string_equal(out.data, "k.ll:5:3: error: no way [unsupported]\n"
                                  "  in kernel @k, block %1: ret void\n");
    tj_text_fini(&out);
    assert_string_equal(loc_at(&l, "k", 0).block, "0");
    assert_string_equal(loc_at(&l, "k", 0).inst,
                        "%v = load float, ptr addrspace(1) %p, align 4");
    unload(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_body),
        cmocka_unit_test(test_body_on_one_line),
        cmocka_unit_test(test_switch_table_spans_lines),
        cmocka_unit_test(test_label_and_instruction_on_one_line),
        cmocka_unit_test(test_block_comment_and_strings),
        cmocka_unit_test(test_call_over_several_lines),
        cmocka_unit_test(test_statement_over_two_lines_leaves_no_lines),
        cmocka_unit_test(test_quoted_function_name),
        cmocka_unit_test(test_helper_function),
        cmocka_unit_test(test_source_places_win),
        cmocka_unit_test(test_debug_records_are_no_statements),
        cmocka_unit_test(test_debug_info_of_another_version_goes),
        cmocka_unit_test(test_broken_debug_info_goes),
        cmocka_unit_test(test_loc_of_a_function),
        cmocka_unit_test(test_fail_renders_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
