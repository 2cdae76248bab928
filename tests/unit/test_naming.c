/* SPDX-License-Identifier: MIT */
/* Names in LLVM IR: what passes put behind them, which ones compilers make up, and which ones
 * bare bitcode keeps. */
#include "naming.h"

#include "load_util.h"

#include <llvm-c/Core.h>
#include <stdlib.h>

static void test_bare_names(void **state)
{
    static const char *const rows[][2] = {{"row", "row"},         {"row.i", "row"},
                                          {"row.0.lcssa", "row"}, {"x.sroa.4.0", "x"},
                                          {"a.b", "a.b"},         {"x.lcssa12.i", "x"},
                                          {".lcssa", ""},         {"", ""},
                                          {"x.in.us", "x"},       {"tile.index", "tile.index"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = tj_bare_name_len(rows[i][0]);

        assert_int_equal(len, strlen(rows[i][1]));
        assert_int_equal(strncmp(rows[i][0], rows[i][1], len), 0);
    }
}

static void test_made_up_names(void **state)
{
    static const struct {
        const char *name;
        bool is_made_up;
    } rows[] = {{"add", true},     {"add12", true},    {"idxprom3.i", true}, {"or.cond", true},
                {"sqrt", true},    {"address", false}, {"row", false},       {"k", false},
                {"addend", false}, {"lcssa2", true},   {"sum_of", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(tj_is_made_up(rows[i].name, tj_bare_name_len(rows[i].name)),
                         rows[i].is_made_up);
}

static const char named[] =
    "define void @k(ptr addrspace(1) %p, i32 %i) {\n"
    "start:\n"
    "  br label %for.body\n"
    "for.body:\n"
    "  %sum = phi i32 [ 0, %start ], [ %add7, %for.body ]\n"
    "  %mul = mul i32 %i, 3\n"
    "  %row = add i32 %mul, 1\n"
    "  %add7 = add i32 %sum, %row\n"
    "  %cmp = icmp ult i32 %add7, 100\n"
    "  br i1 %cmp, label %for.body, label %for.end\n"
    "for.end:\n"
    "  store i32 %add7, ptr addrspace(1) %p\n"
    "  ret void\n}\n"
    "!air.kernel = !{!0}\n"
    "!0 = !{ptr @k, !1, !2}\n!1 = !{}\n!2 = !{!3, !4}\n"
    "!3 = !{i32 0, !\"air.buffer\", !\"air.location_index\", i32 0, i32 1, "
    "!\"air.read_write\", "
    "!\"air.address_space\", i32 1, !\"air.arg_type_size\", i32 4, "
    "!\"air.arg_type_align_size\", "
    "i32 4, !\"air.arg_type_name\", !\"int\", !\"air.arg_name\", !\"p\"}\n"
    "!4 = !{i32 1, !\"air.thread_position_in_grid\", !\"air.arg_type_name\", !\"uint\", "
    "!\"air.arg_name\", !\"i\"}\n";

/* The names of the second block and its instructions, in order. */
static const char *names_of(const tj_unit *unit, tj_arena *arena)
{
    const char *names = "";
    LLVMBasicBlockRef block =
        LLVMGetNextBasicBlock(LLVMGetEntryBasicBlock(unit->kernels[0].function));
    LLVMValueRef i = LLVMGetFirstInstruction(block);
    size_t len;

    names = LLVMGetBasicBlockName(block);
    for (; i; i = LLVMGetNextInstruction(i))
        names = tj_arena_printf(arena, "%s,%s", names, LLVMGetValueName2(i, &len));
    return names;
}

/* Phis and what they choose from keep theirs; what it is written from keeps all. */
static void test_bare_bitcode(void **state)
{
    loaded l = load_good(named);
    tj_unit *bare = NULL;

    (void)state;
    assert_int_equal(tj_extract_bare(l.unit, "k", &l.diags, &bare), TJ_OK);
    assert_string_equal(names_of(l.unit, l.diags.arena), "for.body,sum,mul,row,add7,cmp,");
    assert_string_equal(names_of(bare, l.diags.arena), ",sum,,row,add7,,");
    tj_unit_destroy(bare);
    unload(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bare_names),
        cmocka_unit_test(test_made_up_names),
        cmocka_unit_test(test_bare_bitcode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
