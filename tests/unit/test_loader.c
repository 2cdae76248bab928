/* SPDX-License-Identifier: MIT */
/* Objects into memory without a session: each kind of relocation, what is refused, and damage
 * at every bit, which may be taken but must not bring the loader down. */
#include "loader.h"

#include "entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <math.h>
#include <stdio.h>

typedef struct fixture {
    tj_arena *arena;
    tj_diags diags;
    tj_cpu cpu;
} fixture;

static void init_fixture(fixture *f)
{
    *f = (fixture){.arena = tj_arena_create()};
    f->diags.arena = f->arena;
    assert_int_equal(tj_cpu_init(&f->cpu, &f->diags), TJ_OK);
}

static void fini_fixture(fixture *f)
{
    tj_cpu_fini(&f->cpu);
    tj_arena_destroy(f->arena);
}

static LLVMMemoryBufferRef compile_by(LLVMTargetMachineRef machine, const char *triple,
                                      const char *text)
{
    LLVMContextRef llctx = LLVMContextCreate();
    LLVMMemoryBufferRef object = NULL;
    LLVMModuleRef module;
    char *message = NULL;

    if (LLVMParseIRInContext(llctx,
                             LLVMCreateMemoryBufferWithMemoryRangeCopy(text, strlen(text), "m"),
                             &module, &message))
        fail_msg("%s", message);
    LLVMSetTarget(module, triple);
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, LLVMObjectFile, &message, &object))
        fail_msg("%s", message);
    LLVMDisposeModule(module);
    LLVMDisposeTargetMachine(machine);
    LLVMContextDispose(llctx);
    return object;
}

static LLVMMemoryBufferRef compile(const fixture *f, const char *text)
{
    return compile_by(tj_cpu_machine(&f->cpu, 2), f->cpu.triple, text);
}

static const char *load(LLVMMemoryBufferRef object, bool needs_vector_math, tj_linked *out)
{
    const uint8_t *bytes = (const uint8_t *)LLVMGetBufferStart(object);

    return tj_load_object(bytes, LLVMGetBufferSize(object), "f", needs_vector_math, out);
}

static tj_linked load_text(const fixture *f, const char *text)
{
    LLVMMemoryBufferRef object = compile(f, text);
    tj_linked linked = {0};
    const char *why = load(object, true, &linked);

    if (why)
        fail_msg("%s", why);
    LLVMDisposeMemoryBuffer(object);
    assert_non_null(linked.memory);
    return linked;
}

typedef int int_fn(int x);
typedef float float_fn(float x);

/* ---- what code is made of ------------------------------------------------------------ */

static void test_code_and_constants(void **state)
{
    static const char text[] = /* a table of constants, a table of addresses, a switch */
        "@squares = internal constant [4 x i32] [i32 0, i32 1, i32 4, i32 9]\n"
        "@cubes = internal constant [4 x i32] [i32 0, i32 1, i32 8, i32 27]\n"
        "@both = internal constant [2 x ptr] [ptr @squares, ptr @cubes]\n"
        "define internal i32 @pick(i32 %t, i32 %i) noinline {\n"
        "  %p = getelementptr [2 x ptr], ptr @both, i32 0, i32 %t\n"
        "  %table = load volatile ptr, ptr %p\n"
        "  %q = getelementptr [4 x i32], ptr %table, i32 0, i32 %i\n"
        "  %v = load i32, ptr %q\n"
        "  ret i32 %v\n"
        "}\n"
        "define i32 @f(i32 %x) {\n"
        "  %a = call i32 @pick(i32 0, i32 %x)\n"
        "  %b = call i32 @pick(i32 1, i32 %x)\n"
        "  %c = mul i32 %b, 100\n"
        "  %d = add i32 %a, %c\n"
        "  ret i32 %d\n"
        "}\n";
    fixture f;
    (void)state;

    init_fixture(&f);
    tj_linked linked = load_text(&f, text);
    int_fn *function = (int_fn *)linked.entry;
    for (int x = 0; x < 4; x++)
        assert_int_equal(function(x), x * x + 100 * x * x * x);
    tj_unload_object(&linked);
    assert_null(linked.memory);
    tj_unload_object(&linked);
    fini_fixture(&f);
}

static void test_data_is_writable_and_zeroed(void **state)
{
    static const char text[] = "@count = internal global i32 40\n"
                               "@zeros = internal global [1000 x i32] zeroinitializer\n"
                               "define i32 @f(i32 %x) {\n"
                               "  %p = getelementptr [1000 x i32], ptr @zeros, i32 0, i32 999\n"
                               "  %z = load volatile i32, ptr %p\n"
                               "  store volatile i32 %x, ptr %p\n"
                               "  %c = load volatile i32, ptr @count\n"
                               "  %d = add i32 %c, %x\n"
                               "  store volatile i32 %d, ptr @count\n"
                               "  %r = add i32 %d, %z\n"
                               "  ret i32 %r\n"
                               "}\n";
    fixture f;
    (void)state;

    init_fixture(&f);
    tj_linked one = load_text(&f, text), two = load_text(&f, text); /* each its own */
    assert_int_equal(((int_fn *)one.entry)(2), 42);
    assert_int_equal(((int_fn *)one.entry)(0), 44);
    assert_int_equal(((int_fn *)two.entry)(0), 40);
    tj_unload_object(&one);
    tj_unload_object(&two);
    fini_fixture(&f);
}

/* A call, the address of a function in a register and one in data. */
static void test_functions_of_the_runtime(void **state)
{
    static const char text[] = "declare float @sinf(float)\n"
                               "declare float @cosf(float)\n"
                               "declare float @expf(float)\n"
                               "@there = internal constant ptr @expf\n"
                               "define internal float @through(ptr %p, float %x) noinline {\n"
                               "  %v = call float %p(float %x)\n"
                               "  ret float %v\n"
                               "}\n"
                               "define float @f(float %x) {\n"
                               "  %a = call float @sinf(float %x)\n"
                               "  %b = call float @through(ptr @cosf, float %x)\n"
                               "  %e = load volatile ptr, ptr @there\n"
                               "  %c = call float @through(ptr %e, float %x)\n"
                               "  %d = fadd float %a, %b\n"
                               "  %r = fadd float %d, %c\n"
                               "  ret float %r\n"
                               "}\n";
    fixture f;
    (void)state;

    init_fixture(&f);
    tj_linked linked = load_text(&f, text);
    volatile float x = 0.75f;
    float wanted = sinf(x) + cosf(x) + expf(x);
    assert_float_equal(((float_fn *)linked.entry)(x), wanted, 1e-5);
    tj_unload_object(&linked);
    fini_fixture(&f);
}

static void test_vector_maths_when_wanted(void **state)
{
    static const char text[] =
        "declare <4 x float> @_ZGVbN4v_expf(<4 x float>)\n"
        "define float @f(float %x) {\n"
        "  %v = insertelement <4 x float> zeroinitializer, float %x, i32 2\n"
        "  %e = call <4 x float> @_ZGVbN4v_expf(<4 x float> %v)\n"
        "  %r = extractelement <4 x float> %e, i32 2\n"
        "  ret float %r\n"
        "}\n";
    fixture f;
    tj_linked linked = {0};
    (void)state;

    init_fixture(&f);
    LLVMMemoryBufferRef object = compile(&f, text);
    assert_string_equal(load(object, false, &linked), "it calls a function that is not there");
    if (!load(object, true, &linked)) { /* glibc has libmvec, other libraries do not */
        volatile float x = 1.5f;
        assert_float_equal(((float_fn *)linked.entry)(x), expf(x), 1e-5);
    }
    tj_unload_object(&linked);
    LLVMDisposeMemoryBuffer(object);
    fini_fixture(&f);
}

/* ---- what is refused ----------------------------------------------------------------- */

static void expect_refused(const fixture *f, LLVMMemoryBufferRef object, const char *part)
{
    tj_linked linked = {0};
    const char *why = load(object, false, &linked);

    (void)f;
    assert_non_null(why);
    if (!strstr(why, part))
        fail_msg("'%s' does not contain '%s'", why, part);
    assert_null(linked.memory);
    LLVMDisposeMemoryBuffer(object);
}

/* The names are of functions that this process has. */
static void test_nothing_of_the_process_is_found(void **state)
{
    static const char *const names[] = {"puts",           "getenv", "system",
                                        "malloc",         "main",   "LLVMContextCreate",
                                        "tj_load_object", "environ"};
    fixture f;
    char text[200];
    (void)state;

    init_fixture(&f);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text,
                 "declare i32 @%s(ptr)\n"
                 "define i32 @f() { %%r = call i32 @%s(ptr null) ret i32 %%r }",
                 names[i], names[i]);
        expect_refused(&f, compile(&f, text), "it calls a function that is not there");
    }
    fini_fixture(&f);
}

static void test_unknown_kinds_are_refused(void **state)
{
    static const char indexed[] = /* by an address of 32 bits */
        "@g = internal global [4 x i32] [i32 1, i32 2, i32 3, i32 4]\n"
        "define i32 @f(i64 %i) {\n"
        "  %p = getelementptr [4 x i32], ptr @g, i64 0, i64 %i\n"
        "  %v = load volatile i32, ptr %p\n"
        "  ret i32 %v\n"
        "}\n";
    fixture f;
    (void)state;

    init_fixture(&f);
    expect_refused(&f,
                   compile(&f, "@t = internal thread_local global i32 1\n"
                               "define i32 @f() { %v = load volatile i32, ptr @t ret i32 %v }"),
                   "thread-local");
    expect_refused(&f, compile(&f, "define i32 @g() { ret i32 1 }"), "it has no entry");
    LLVMTargetMachineRef fixed_place =
        LLVMCreateTargetMachine(f.cpu.target, f.cpu.triple, f.cpu.name, f.cpu.features,
                                LLVMCodeGenLevelDefault, LLVMRelocStatic, LLVMCodeModelSmall);
    expect_refused(&f, compile_by(fixed_place, f.cpu.triple, indexed),
                   "a relocation is of a kind that is not known");
    fini_fixture(&f);
}

static void test_damage_is_survived(void **state)
{
    static const char text[] = "declare float @sinf(float)\n"
                               "@there = internal constant ptr @sinf\n"
                               "@count = internal global i32 40\n"
                               "define float @f(float %x) {\n"
                               "  %e = load volatile ptr, ptr @there\n"
                               "  %c = call float %e(float %x)\n"
                               "  store volatile i32 1, ptr @count\n"
                               "  %d = call float @sinf(float %c)\n"
                               "  ret float %d\n"
                               "}\n";
    unsigned taken = 0, refused = 0;
    fixture f;
    (void)state;

    init_fixture(&f);
    LLVMMemoryBufferRef object = compile(&f, text);
    size_t byte_len = LLVMGetBufferSize(object);
    for (size_t bit = 0; bit < 8 * byte_len; bit++) {
        uint8_t *copy = malloc(byte_len); /* its end is the memory's, for ASan */
        tj_linked linked = {0};
        assert_non_null(copy);
        memcpy(copy, LLVMGetBufferStart(object), byte_len);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (tj_load_object(copy, byte_len, "f", false, &linked))
            refused++;
        else
            taken++;
        tj_unload_object(&linked);
        free(copy);
    }
    for (size_t len = 0; len < byte_len; len++) {
        uint8_t *copy = malloc(len + 1);
        tj_linked linked = {0};
        assert_non_null(copy);
        memcpy(copy, LLVMGetBufferStart(object), len);
        assert_non_null(tj_load_object(copy, len, "f", false, &linked));
        free(copy);
    }
    assert_true(taken && refused);
    LLVMDisposeMemoryBuffer(object);
    fini_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_and_constants),
        cmocka_unit_test(test_data_is_writable_and_zeroed),
        cmocka_unit_test(test_functions_of_the_runtime),
        cmocka_unit_test(test_vector_maths_when_wanted),
        cmocka_unit_test(test_nothing_of_the_process_is_found),
        cmocka_unit_test(test_unknown_kinds_are_refused),
        cmocka_unit_test(test_damage_is_survived),
    };

#if !defined(__x86_64__) || !defined(__linux__)
    print_message("SKIPPED: the loader knows x86-64 only\n");
    return 0;
#endif
    return cmocka_run_group_tests(tests, NULL, NULL);
}
