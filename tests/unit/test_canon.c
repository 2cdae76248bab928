/* SPDX-License-Identifier: MIT */
/* Canonical form: what each construct becomes, at both levels, with every pass verified. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "load_util.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Core.h>

#define KERNEL(body)                                                                           \
    "define void @k(ptr addrspace(1) %p, ptr addrspace(1) %q, i32 %thread_position_in_grid, "  \
    "i32 %threads_per_simdgroup) \"tmjit.kernel\" {\n"                                         \
    "entry:\n" body "\n}\n"
#define INST(inst) KERNEL(inst "\nret void")
#define X "%thread_position_in_grid"
#define Y "%threads_per_simdgroup"

enum { MAX_PARTS = 8 };

/* ---- helpers --------------------------------------------------------------------------------
 */

typedef struct canonical {
    loaded from;
    tj_unit *unit;
    tj_status status;
    char *text; /* of the module without debug locations */
} canonical;

/* Drops ", !dbg !7" so that patterns may run to the end of a line. */
static void drop_locations(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        if (strncmp(from, ", !dbg !", 8) == 0) {
            for (from += 8; *from >= '0' && *from <= '9'; from++)
                continue;
            continue;
        }
        *to++ = *from++;
    }
    *to = '\0';
}

static canonical make_canonical(const char *text, tj_canon_options options)
{
    canonical c = {.from = load_good(text)};
    options.verify_each = true;
    assert_int_equal(tj_extract(c.from.unit, "k", &c.from.diags, &c.unit), TJ_OK);
    c.status = tj_canon(c.unit, &options);
    if (c.status) {
        tj_text rendered = {0};
        tj_diag_render(&c.unit->diags.first, &rendered);
        print_error("%s", rendered.data);
        tj_text_fini(&rendered);
    }
    c.text = LLVMPrintModuleToString(c.unit->module);
    drop_locations(c.text);
    return c;
}

static void drop_canonical(canonical *c)
{
    LLVMDisposeMessage(c->text);
    tj_unit_destroy(c->unit);
    unload(&c->from);
}

/* ---- constructs -----------------------------------------------------------------------------
 */

/* What the module's text has and has not afterwards, whatever the level. */
static const struct construct {
    const char *what, *text;
    const char *has[MAX_PARTS], *has_not[MAX_PARTS];
} strict_constructs[] = {
    {"undefined values are zero",
     INST("%v = add i32 " X ", undef\nstore i32 %v, ptr addrspace(1) %p\n"
          "store <2 x float> <float 1.0, float poison>, ptr addrspace(1) %p\n"
          "store [2 x i32] [i32 undef, i32 3], ptr addrspace(1) %q"),
     {"store <2 x float> <float 1.000000e+00, float 0.000000e+00>",
      "store [2 x i32] [i32 0, i32 3]"},
     {"undef", "poison"}},
    {"variables that are read before they are written are zero",
     INST("%a = alloca i32\n%v = load i32, ptr %a\nstore i32 %v, ptr addrspace(1) %p"),
     {"store i32 0, ptr addrspace(1) %p"},
     {"alloca", "undef", "poison"}},
    {"a variable that is written on one path is zero on the other",
     KERNEL("%a = alloca i32\n%b = alloca { ptr addrspace(1), i64 }\n%c = icmp eq i32 " X
            ", 3\nbr i1 %c, label %x, label %y\n"
            "x:\nstore i32 1, ptr %a\nstore ptr addrspace(1) %p, ptr %b\nbr label %y\n"
            "y:\n%v = load i32, ptr %a\n%w = load ptr addrspace(1), ptr %b\n"
            "store i32 %v, ptr addrspace(1) %w\nret void"),
     {"1, ", "%p, ", " null"},
     {"alloca", "undef", "poison", "store i32 1, ptr addrspace(1) %w"}},
    {"variables that stay in memory are not cleared: they start at zero",
     INST("%a = alloca [9 x i32]\n%big = alloca [900 x i32]\n"
          "%g = getelementptr [9 x i32], ptr %a, i32 0, i32 " X "\n%v = load i32, ptr %g\n"
          "%h = getelementptr [900 x i32], ptr %big, i32 0, i32 %v\n%w = load i32, ptr %h\n"
          "store i32 %w, ptr addrspace(1) %p"),
     {"alloca [9 x i32]", "alloca [900 x i32]"},
     {"memset", "store i32 0", "fca"}},
    {"undefined shuffle lanes take element 0",
     INST("%v = load <4 x i32>, ptr addrspace(1) %p\n"
          "%s = shufflevector <4 x i32> %v, <4 x i32> poison, <3 x i32> <i32 poison, i32 2, "
          "i32 undef>\nstore <3 x i32> %s, ptr addrspace(1) %q"),
     {"<3 x i32> <i32 0, i32 2, i32 0>"},
     {"undef", "poison"}},
    {"initialisers of constants have no undefined element",
     "@t = internal addrspace(2) constant { i32, [2 x i8] } { i32 undef, [2 x i8] [i8 1, i8 "
     "undef] }\n" INST("%g = getelementptr i8, ptr addrspace(2) @t, i32 " X
                       "\n%v = load i8, ptr addrspace(2) %g\nstore i8 %v, ptr addrspace(1) %p"),
     {"{ i32 0, [2 x i8] c\"\\01\\00\" }"},
     {"undef"}},
    {"freeze is its operand",
     INST("%v = load i32, ptr addrspace(1) %p\n%f = freeze i32 %v\n"
          "store i32 %f, ptr addrspace(1) %q"),
     {"store i32 %v, ptr addrspace(1) %q"},
     {"freeze"}},
    {"constant expressions are instructions",
     "@s = internal addrspace(3) global [8 x i32] undef\n" INST(
         "store i32 ptrtoint (ptr addrspace(3) @s to i32), ptr addrspace(1) %p\n"
         "store i32 1, ptr addrspace(3) getelementptr ([8 x i32], ptr addrspace(3) @s, i32 0, "
         "i32 3)"),
     {"= ptrtoint ptr addrspace(3) @s to i32", "= getelementptr", "ptr addrspace(3) @s, i"},
     {"store i32 ptrtoint", "ptr addrspace(3) getelementptr"}},
    {"computed elements are inserted",
     "@s = internal addrspace(3) global i32 undef\n" INST(
         "store { i32, i32 } { i32 7, i32 ptrtoint (ptr addrspace(3) @s to i32) }, "
         "ptr addrspace(1) %p"),
     {"insertvalue { i32, i32 } { i32 7, i32 0 }, i32"},
     {"{ i32 7, i32 ptrtoint"}},
    {"constant expressions of phis stand in the predecessor",
     "@s = internal addrspace(3) global i32 undef\n" KERNEL(
         "switch i32 " X ", label %a [ i32 1, label %b\n i32 2, label %b ]\n"
         "a:\nbr label %b\n"
         "b:\n%v = phi i32 [ 1, %a ], [ ptrtoint (ptr addrspace(3) @s to i32), %entry ], "
         "[ ptrtoint (ptr addrspace(3) @s to i32), %entry ]\n"
         "store i32 %v, ptr addrspace(1) %p\nret void"),
     {"= ptrtoint ptr addrspace(3) @s to i32"},
     {"switch", "[ ptrtoint"}},
    {"shift amounts are masked",
     INST("%a = shl i32 " X ", " Y "\n%b = lshr i32 %a, 3\n%c = ashr i32 %b, 35\n"
          "store i32 %c, ptr addrspace(1) %p"),
     {"and i32 " Y ", 31", "lshr i32 %a, 3", "ashr i32 %b, 3"},
     {"35"}},
    {"shift amounts of vectors are masked",
     INST("%v = load <2 x i16>, ptr addrspace(1) %p\n%a = shl <2 x i16> %v, %v\n"
          "%b = shl <2 x i16> %a, <i16 15, i16 16>\nstore <2 x i16> %b, ptr addrspace(1) %q"),
     {"and <2 x i16> %v, splat (i16 15)", "shl <2 x i16> %a, <i16 15, i16 0>"},
     {NULL}},
    {"unsigned division by zero divides by one",
     INST("%a = udiv i32 " X ", " Y "\n%b = urem i32 %a, 7\nstore i32 %b, ptr addrspace(1) %p"),
     {"icmp eq i32 " Y ", 0", "select i1 %0, i32 1, i32 " Y, "udiv i32 " X ", %divisor",
      "urem i32 %a, 7"},
     {NULL}},
    {"signed division neither divides by zero nor overflows",
     INST("%a = sdiv i32 " X ", " Y "\nstore i32 %a, ptr addrspace(1) %p"),
     {"icmp eq i32 " Y ", 0", "icmp eq i32 " Y ", -1", "icmp eq i32 " X ", -2147483648",
      "sdiv i32 " X ", %divisor"},
     {NULL}},
    {"a divisor of minus one negates",
     INST("%a = sdiv i32 " X ", -1\nstore i32 %a, ptr addrspace(1) %p\n"
          "%b = srem i32 " X ", -1\nstore i32 %b, ptr addrspace(1) %q"),
     {"sub i32 0, " X, "store i32 0, ptr addrspace(1) %q"},
     {"sdiv", "srem"}},
    {"float to integer saturates",
     INST("%v = load float, ptr addrspace(1) %p\n%a = fptosi float %v to i16\n"
          "%b = fptoui float %v to i8\nstore i16 %a, ptr addrspace(1) %q\n"
          "store i8 %b, ptr addrspace(1) %q"),
     {"call i16 @llvm.fptosi.sat.i16.f32(float %v)",
      "call i8 @llvm.fptoui.sat.i8.f32(float %v"},
     {"fptosi float", "fptoui float"}},
    {"fmuladd is two roundings when strict",
     INST("%v = load float, ptr addrspace(1) %p\n"
          "%a = call fast float @llvm.fmuladd.f32(float %v, float %v, float 1.0)\n"
          "store float %a, ptr addrspace(1) %q"),
     {"= fmul float %v, %v", "%a = fadd float %0, 1.0"},
     {"fmuladd", "fast"}},
    {"fast-math flags go from every instruction when strict",
     KERNEL("%v = load float, ptr addrspace(1) %p\n%n = fneg fast float %v\n"
            "%c = fcmp nnan olt float %n, 1.0\nbr i1 %c, label %a, label %b\n"
            "a:\n%m = fmul reassoc float %v, %n\nbr label %b\n"
            "b:\n%f = phi fast float [ %v, %entry ], [ %m, %a ]\n"
            "%s = select nsz i1 %c, float %f, float 2.0\n%h = fptrunc fast float %s to half\n"
            "store half %h, ptr addrspace(1) %q\nret void"),
     {"%n = fneg float %v", "%c = fcmp olt float %n", "%m = fmul float %v, %n",
      "%h = fptrunc float %s to half"},
     {"fast", "nnan", "nsz", "reassoc"}},
    {"bit counts are defined for zero",
     INST("%a = call i32 @llvm.ctlz.i32(i32 " X ", i1 true)\n"
          "%b = call i32 @llvm.abs.i32(i32 %a, i1 true)\nstore i32 %b, ptr addrspace(1) %p"),
     {"@llvm.ctlz.i32(i32 " X ", i1 false)", "@llvm.abs.i32(i32 %a, i1 false)"},
     {NULL}},
    {"element indices are taken modulo the length",
     INST("%v = load <4 x i32>, ptr addrspace(1) %p\n%w = load <3 x i32>, ptr addrspace(1) %q\n"
          "%a = extractelement <4 x i32> %v, i32 " X "\n"
          "%b = insertelement <3 x i32> %w, i32 %a, i32 " X "\n"
          "%c = insertelement <3 x i32> %b, i32 1, i32 5\n"
          "store <3 x i32> %c, ptr addrspace(1) %q"),
     {"and i32 " X ", 3", "urem i32 " X ", 3", "i32 1, i32 2"},
     {NULL}},
    {"promises of the input are taken back",
     "define void @k(ptr addrspace(1) noalias nonnull readonly align 16 dereferenceable(64) "
     "%p, "
     "i32 noundef %thread_position_in_grid) mustprogress \"tmjit.kernel\" "
     "\"no-nans-fp-math\"=\"true\" {\n"
     "%v = load i32, ptr addrspace(1) %p, align 4, !range !0, !noundef !1, !invariant.load !1\n"
     "%a = lshr exact i32 %v, 2\n%b = or disjoint i32 %a, 3\n%c = zext nneg i32 %b to i64\n"
     "%d = trunc nuw i64 %c to i16\n%e = icmp samesign ult i16 %d, 9\n"
     "call void @llvm.assume(i1 %e)\n%g = add nuw nsw i16 %d, 1\n"
     "store i16 %g, ptr addrspace(1) %p\nret void\n}\n!0 = !{i32 0, i32 9}\n!1 = !{}\n",
     {"define void @k(ptr addrspace(1) %p, i32 %thread_position_in_grid)", "lshr i32", "or i32",
      "zext i32", "trunc i64", "add nuw nsw i16"},
     {"!range", "!noundef", "!invariant", "exact", "disjoint", "assume", "no-nans"}},
    {"calls are inlined, whatever their attributes",
     INST(
         "%a = call i32 @f(i32 " X
         ")\nstore i32 %a, ptr addrspace(1) %p") "define weak fastcc i32 @g(i32 %x) noinline "
                                                 "optnone {\n%r = add i32 %x, 1\nret i32 "
                                                 "%r\n}\n"
                                                 "define linkonce_odr i32 @f(i32 %x) noinline "
                                                 "{\n%r = call fastcc i32 @g(i32 %x) noinline\n"
                                                 "%s = tail call fastcc i32 @g(i32 %r)\nret "
                                                 "i32 %s\n}\n",
     {"add i32 " X ", 1"},
     {"@f", "@g", "call "}},
    {"an unreachable place returns",
     KERNEL("%c = icmp eq i32 " X ", 3\nbr i1 %c, label %a, label %b\n"
            "a:\nstore i32 1, ptr addrspace(1) %p\nunreachable\n"
            "b:\nstore i32 2, ptr addrspace(1) %p\nret void"),
     {"store i32 1", "store i32 2", "br i1 %c"},
     {"unreachable"}},
    {"a trap stays and the kernel goes on to its end",
     KERNEL("%c = icmp eq i32 " X ", 3\nbr i1 %c, label %a, label %b\n"
            "a:\ncall void @llvm.trap()\nunreachable\n"
            "b:\nstore i32 2, ptr addrspace(1) %p\nret void"),
     {"call void @llvm.trap()", "br i1 %c"},
     {"unreachable", "tj.trap"}},
    {"a store to null is no promise that it does not happen",
     KERNEL("%c = icmp eq i32 " X ", 3\nbr i1 %c, label %a, label %b\n"
            "a:\nstore i32 1, ptr null\nbr label %b\nb:\nret void"),
     {"store i32 1, ptr null", "br i1 %c"},
     {"unreachable"}},
    {"a loop without end keeps running and gets an exit",
     KERNEL("br label %l\nl:\n%i = phi i32 [ 0, %entry ], [ %j, %l ]\n%j = add i32 %i, 1\n"
            "store i32 %j, ptr addrspace(1) %p\nbr label %l"),
     {"br i1 true, label %l, label %return", "ret void"},
     {NULL}},
    {"an endless loop without any effect is not removed",
     KERNEL("br label %l\nl:\nbr label %l"),
     {"br i1 true"},
     {NULL}},
    {"lifetimes and hints are gone",
     INST("%a = alloca [4 x i32]\ncall void @llvm.lifetime.start.p0(ptr %a)\n"
          "%g = getelementptr [4 x i32], ptr %a, i32 0, i32 " X "\nstore i32 1, ptr %g\n"
          "%e = call i32 @llvm.expect.i32(i32 " X
          ", i32 1)\nstore i32 %e, ptr addrspace(1) %p\n"
          "call void @llvm.lifetime.end.p0(ptr %a)"),
     {"alloca [4 x i32]", "store i32 " X ", ptr addrspace(1) %p"},
     {"lifetime", "expect"}},
};

static const struct construct fast_constructs[] = {
    {"fmuladd stays when fast",
     INST("%v = load float, ptr addrspace(1) %p\n"
          "%a = call fast float @llvm.fmuladd.f32(float %v, float %v, float 1.0)\n"
          "store float %a, ptr addrspace(1) %q"),
     {"%a = call reassoc nsz arcp contract afn float @llvm.fmuladd.f32(float %v, float %v"},
     {"nnan", "ninf", " fast "}},
    {"nnan and ninf go when fast",
     INST("%v = load float, ptr addrspace(1) %p\n%a = fadd nnan ninf contract float %v, 1.0\n"
          "store float %a, ptr addrspace(1) %q"),
     {"%a = fadd contract float %v, 1.0"},
     {"nnan", "ninf"}},
};

static void check_construct(const struct construct *row, bool is_fast_math, unsigned opt_level)
{
    canonical c = make_canonical(row->text, (tj_canon_options){
                                                .is_fast_math = is_fast_math,
                                                .opt_level = opt_level,
                                            });
    assert_int_equal(c.status, TJ_OK);
    assert_true(c.unit->is_canonical);
    for (unsigned i = 0; i < MAX_PARTS && row->has[i]; i++)
        if (!strstr(c.text, row->has[i]))
            fail_msg("%s (level %u): no '%s' in\n%s", row->what, opt_level, row->has[i],
                     c.text);
    for (unsigned i = 0; i < MAX_PARTS && row->has_not[i]; i++)
        if (strstr(c.text, row->has_not[i]))
            fail_msg("%s (level %u): '%s' in\n%s", row->what, opt_level, row->has_not[i],
                     c.text);
    drop_canonical(&c);
}

static void check_constructs(const struct construct *rows, size_t count, bool is_fast_math)
{
    for (size_t i = 0; i < count; i++) {
        check_construct(&rows[i], is_fast_math, 0);
        check_construct(&rows[i], is_fast_math, 2);
    }
}

static void constructs_become_canonical(void **state)
{
    (void)state;
    check_constructs(strict_constructs,
                     sizeof(strict_constructs) / sizeof(strict_constructs[0]), false);
    check_constructs(fast_constructs, sizeof(fast_constructs) / sizeof(fast_constructs[0]),
                     true);
}

/* ---- passes ---------------------------------------------------------------------------------
 */

static void every_pass_can_be_the_last(void **state)
{
    (void)state;
    const char *const *names = tj_canon_passes();
    unsigned count = 0;
    for (; names[count]; count++) {
        canonical c = make_canonical(
            INST("%a = sdiv i32 " X ", " Y "\nstore i32 %a, ptr addrspace(1) %p"),
            (tj_canon_options){.opt_level = 2, .after = names[count]});
        bool is_last = !names[count + 1];
        assert_int_equal(c.status, TJ_OK);
        assert_int_equal(c.unit->is_canonical, is_last);
        drop_canonical(&c);
    }
    assert_true(count > 5);
}

static void only_the_passes_up_to_the_named_one_run(void **state)
{
    (void)state;
    const char *text = INST("%a = add i32 " X ", undef\n%b = shl i32 %a, 40\n"
                            "store i32 %b, ptr addrspace(1) %p");
    canonical c = make_canonical(text, (tj_canon_options){.after = "canon-constants"});
    assert_non_null(strstr(c.text, "%a = add i32 " X ", 0"));
    assert_non_null(strstr(c.text, "%b = shl i32 %a, 40"));
    drop_canonical(&c);
    c = make_canonical(text, (tj_canon_options){.after = "canon-define"});
    assert_non_null(strstr(c.text, "%b = shl i32 %a, 8"));
    drop_canonical(&c);
}

static void assert_canon_fails(loaded *l, const tj_canon_options *options, tj_status status,
                               const char *message)
{
    assert_int_equal(tj_canon(l->unit, options), status);
    assert_string_equal(l->unit->diags.first.message, message);
    assert_false(l->unit->is_canonical);
    unload(l);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    loaded l = load_good(INST(""));
    assert_canon_fails(&l, &(tj_canon_options){.after = "canon-magic"}, TJ_E_NOT_FOUND,
                       "no pass named 'canon-magic'");
    l = load_good(INST("") "define void @other() \"tmjit.kernel\" {\nret void\n}\n");
    assert_canon_fails(&l, &(tj_canon_options){0}, TJ_E_INVALID,
                       "2 kernels; one is brought to form at a time");
}

/* 40000 bytes in a function that is inlined twice. */
static void thread_memory_is_counted_after_inlining(void **state)
{
    (void)state;
    loaded l =
        load_good(INST("call void @f(ptr addrspace(1) %p)\ncall void @f(ptr addrspace(1) "
                       "%q)") "define internal void @f(ptr addrspace(1) %p) {\n%a = alloca "
                              "[10000 x i32]\n"
                              "store volatile ptr %a, ptr addrspace(1) %p\nret void\n}\n");
    assert_canon_fails(&l, &(tj_canon_options){.opt_level = 2}, TJ_E_UNSUPPORTED,
                       "80000 bytes of thread memory; a thread has 65536");
}

static void too_many_loops_are_refused(void **state)
{
    (void)state;
    enum { LOOP_COUNT = 1025 };
    tj_text text = {0};
    tj_text_puts(&text,
                 "define void @k(ptr addrspace(1) %p) \"tmjit.kernel\" {\nbr label %b0\n");
    for (unsigned i = 0; i < LOOP_COUNT; i++)
        tj_text_printf(&text,
                       "b%u:\n%%v%u = load volatile i8, ptr addrspace(1) %%p\n"
                       "%%c%u = icmp eq i8 %%v%u, 0\nbr i1 %%c%u, label %%b%u, label %%b%u\n",
                       i, i, i, i, i, i, i + 1);
    tj_text_printf(&text, "b%u:\nret void\n}\n", LOOP_COUNT);
    loaded l = load_good(text.data);
    assert_canon_fails(&l, &(tj_canon_options){.opt_level = 2}, TJ_E_UNSUPPORTED,
                       "1025 loops; up to 1024 are supported");
    tj_text_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pass_can_be_the_last),
        cmocka_unit_test(only_the_passes_up_to_the_named_one_run),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(thread_memory_is_counted_after_inlining),
        cmocka_unit_test(too_many_loops_are_refused),
        cmocka_unit_test(constructs_become_canonical),
    };
    return cmocka_run_group_tests_name("canon", tests, NULL, NULL);
}
