/* SPDX-License-Identifier: MIT */
/* The JIT session with modules written by hand: what links, what is refused, what is freed. */
#include "session.h"

#include "arena.h"
#include "elementary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>

typedef struct fixture {
    tj_arena *arena;
    tj_diags diags;
    tj_cpu cpu;
    tj_session *session;
} fixture;

static void init_fixture(fixture *f)
{
    *f = (fixture){.arena = tj_arena_create()};
    f->diags.arena = f->arena;
    assert_int_equal(tj_cpu_init(&f->cpu, &f->diags), TJ_OK);
    assert_int_equal(tj_session_create(&f->cpu, &f->diags, &f->session), TJ_OK);
}

static void fini_fixture(fixture *f)
{
    tj_session_destroy(f->session);
    tj_cpu_fini(&f->cpu);
    tj_arena_destroy(f->arena);
}

/* An object of LLVM text; not for cmocka's checks, as other threads call it too. */
static LLVMMemoryBufferRef compile(const tj_cpu *cpu, const char *text)
{
    LLVMContextRef llctx = LLVMContextCreate();
    LLVMTargetMachineRef machine = tj_cpu_machine(cpu, 2);
    LLVMMemoryBufferRef object = NULL;
    LLVMModuleRef module;
    char *message = NULL;

    if (LLVMParseIRInContext(
            llctx, LLVMCreateMemoryBufferWithMemoryRangeCopy(text, strlen(text), "m"), &module,
            &message))
        abort();
    LLVMSetTarget(module, cpu->triple);
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, LLVMObjectFile, &message, &object))
        abort();
    LLVMDisposeModule(module);
    LLVMDisposeTargetMachine(machine);
    LLVMContextDispose(llctx);
    return object;
}

static tj_status link_text(fixture *f, const char *text, const char *entry, tj_linked *out)
{
    return tj_session_link(f->session, compile(&f->cpu, text), entry, false, &f->diags, out);
}

typedef int int_fn(int x);

static void test_names_are_free_after_unlink(void **state)
{
    fixture f;
    tj_linked linked = {0};
    (void)state;

    init_fixture(&f);
    for (int i = 1; i <= 3; i++) {
        const char *text = i == 2 ? "define i32 @f(i32 %x) { %y = mul i32 %x, 2 ret i32 %y }"
                                  : "define i32 @f(i32 %x) { %y = mul i32 %x, 3 ret i32 %y }";
        assert_int_equal(link_text(&f, text, "f", &linked), TJ_OK);
        assert_int_equal(((int_fn *)linked.entry)(14), i == 2 ? 28 : 42);
        tj_session_unlink(f.session, &linked);
        assert_null(linked.tracker);
    }
    tj_session_unlink(f.session, &linked);
    fini_fixture(&f);
}

static void assert_message(fixture *f, const char *part)
{
    assert_int_equal(f->diags.first.status, TJ_E_INTERNAL);
    if (!strstr(f->diags.first.message, part))
        fail_msg("no '%s' in: %s", part, f->diags.first.message);
    f->diags.first.status = TJ_OK;
}

/* The names are of functions that this process has. */
static void test_nothing_of_the_process_is_found(void **state)
{
    static const char *const names[] = {"puts", "getenv", "system", "malloc", "main",
                                        "LLVMContextCreate", "tj_session_create", "environ"};
    fixture f;
    tj_linked linked = {0};
    char text[200];
    (void)state;

    init_fixture(&f);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(text, sizeof text,
                 "declare i32 @%s(ptr)\n"
                 "define i32 @f() { %%r = call i32 @%s(ptr null) ret i32 %%r }",
                 names[i], names[i]);
        assert_int_equal(link_text(&f, text, "f", &linked), TJ_E_INTERNAL);
        assert_message(&f, names[i]);
        assert_null(linked.tracker);
    }
    /* A failed link leaves its names free. */
    assert_int_equal(link_text(&f, "define i32 @f(i32 %x) { ret i32 %x }", "f", &linked),
                     TJ_OK);
    tj_session_unlink(f.session, &linked);
    fini_fixture(&f);
}

static void test_entry_must_exist_once(void **state)
{
    fixture f;
    tj_linked linked = {0}, second = {0};
    (void)state;

    init_fixture(&f);
    assert_int_equal(link_text(&f, "define i32 @f(i32 %x) { ret i32 %x }", "g", &linked),
                     TJ_E_INTERNAL);
    assert_message(&f, "g");
    assert_int_equal(link_text(&f, "define i32 @f(i32 %x) { ret i32 %x }", "f", &linked),
                     TJ_OK);
    assert_int_equal(link_text(&f, "define i32 @f(i32 %x) { ret i32 1 }", "f", &second),
                     TJ_E_INTERNAL);
    assert_message(&f, "f");
    assert_int_equal(((int_fn *)linked.entry)(5), 5);
    tj_session_unlink(f.session, &linked);
    fini_fixture(&f);
}

typedef void array_fn(float *out, const float *x);

/* The runtime's maths through generated code. */
static void test_runtime_functions_are_known(void **state)
{
    static const char text[] =
        "declare void @tjrt_math_sinpi(ptr, ptr, i32)\n"
        "declare void @tjrt_access_slow(ptr, i32, ptr, ptr, ptr, i32, ptr)\n"
        "declare float @fmodf(float, float)\n"
        "@keep = constant ptr @tjrt_access_slow\n"
        "define void @f(ptr %out, ptr %x) {\n"
        "  call void @tjrt_math_sinpi(ptr %out, ptr %x, i32 2)\n"
        "  %v = load float, ptr %x\n"
        "  %r = frem float %v, 0.75\n"
        "  %p = getelementptr float, ptr %out, i64 2\n"
        "  store float %r, ptr %p\n"
        "  call void @llvm.memset.p0.i64(ptr %x, i8 0, i64 8000, i1 false)\n"
        "  ret void\n"
        "}\n"
        "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)\n";
    float x[2000] = {1.5f, -0.5f, 3}, out[3];
    fixture f;
    tj_linked linked = {0};
    (void)state;

    init_fixture(&f);
    assert_int_equal(link_text(&f, text, "f", &linked), TJ_OK);
    ((array_fn *)linked.entry)(out, x);
    assert_true(out[0] == -1 && out[1] == -1 && out[2] == 0);
    assert_true(x[0] == 0 && x[2] == 0);
    tj_session_unlink(f.session, &linked);
    fini_fixture(&f);
}

#if defined(__x86_64__) && defined(__GLIBC__)
static void test_vector_maths_when_asked_for(void **state)
{
    static const char text[] = "declare <4 x float> @_ZGVbN4v_expf(<4 x float>)\n"
                               "declare <4 x float> @_ZGVbN4vv_powf(<4 x float>, <4 x float>)\n"
                               "define void @f(ptr %out, ptr %x) {\n"
                               "  %v = load <4 x float>, ptr %x, align 4\n"
                               "  %e = call <4 x float> @_ZGVbN4v_expf(<4 x float> %v)\n"
                               "  %r = call <4 x float> @_ZGVbN4vv_powf(<4 x float> %e,\n"
                               "                                        <4 x float> %v)\n"
                               "  store <4 x float> %r, ptr %out, align 4\n"
                               "  ret void\n"
                               "}\n";
    float x[4] = {0, 1, 0.5f, -1}, out[4];
    fixture f;
    tj_linked linked = {0};
    (void)state;

    init_fixture(&f);
    assert_int_equal(link_text(&f, text, "f", &linked), TJ_E_INTERNAL);
    assert_message(&f, "_ZGVbN4v_expf");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tj_session_link(f.session, compile(&f.cpu, text), "f", true, &f.diags,
                                         &linked),
                         TJ_OK);
        ((array_fn *)linked.entry)(out, x);
        for (int k = 0; k < 4; k++)
            assert_float_equal(out[k], powf(expf(x[k]), x[k]), 1e-5);
        tj_session_unlink(f.session, &linked);
    }
    fini_fixture(&f);
}
#else
static void test_vector_maths_when_asked_for(void **state)
{
    (void)state;
    skip(); /* libmvec is glibc's; the names above are x86-64's */
}
#endif

/* A CPU without half and bfloat instructions: LLVM calls the conversions. */
static void test_conversions_of_the_code_generator(void **state)
{
    static const char text[] = "define void @f(ptr %out, ptr %x) {\n"
                               "  %v = load float, ptr %x\n"
                               "  %h = fptrunc float %v to half\n"
                               "  %w = fpext half %h to float\n"
                               "  store float %w, ptr %out\n"
                               "  %b = fptrunc float %v to bfloat\n"
                               "  %c = fpext bfloat %b to float\n"
                               "  %p = getelementptr float, ptr %out, i64 1\n"
                               "  store float %c, ptr %p\n"
                               "  %d = fpext float %v to double\n"
                               "  %g = fptrunc double %d to half\n"
                               "  %e = fpext half %g to double\n"
                               "  %i = fptrunc double %e to bfloat\n"
                               "  %j = fpext bfloat %i to float\n"
                               "  %q = getelementptr float, ptr %out, i64 2\n"
                               "  store float %j, ptr %q\n"
                               "  ret void\n"
                               "}\n";
    float x = 1.2345678f, out[3];
    fixture f;
    tj_linked linked = {0};
    (void)state;

    init_fixture(&f);
    tj_cpu plain = f.cpu;
    plain.name = plain.features = (char[]){""};
    assert_int_equal(
        tj_session_link(f.session, compile(&plain, text), "f", false, &f.diags, &linked),
        TJ_OK);
    ((array_fn *)linked.entry)(out, &x);
    assert_true(out[0] == 1.234375f);  /* 1264 / 1024 */
    assert_true(out[1] == 1.234375f);  /* 158 / 128 */
    assert_true(out[2] == 1.234375f);
    tj_session_unlink(f.session, &linked);
    fini_fixture(&f);
}

typedef struct thread_start {
    fixture *f;
    unsigned number, failures;
} thread_start;

static void *link_often(void *argument)
{
    thread_start *start = argument;
    tj_arena *arena = tj_arena_create();
    tj_diags diags = {.arena = arena};
    char text[100], name[20];

    snprintf(name, sizeof name, "f%u", start->number);
    snprintf(text, sizeof text, "define i32 @%s(i32 %%x) { ret i32 %u }", name, start->number);
    for (unsigned i = 0; i < 10; i++) {
        tj_linked linked = {0};
        LLVMMemoryBufferRef object = compile(&start->f->cpu, text);
        if (tj_session_link(start->f->session, object, name, i % 2, &diags, &linked))
            start->failures++;
        else
            start->failures += ((int_fn *)linked.entry)(0) != (int)start->number;
        tj_session_unlink(start->f->session, &linked);
    }
    tj_arena_destroy(arena);
    return NULL;
}

static void test_threads_link_together(void **state)
{
    thread_start starts[4];
    pthread_t threads[4];
    fixture f;
    (void)state;

    init_fixture(&f);
    for (unsigned i = 0; i < 4; i++) {
        starts[i] = (thread_start){&f, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, link_often, &starts[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(starts[i].failures, 0);
    }
    fini_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_free_after_unlink),
        cmocka_unit_test(test_nothing_of_the_process_is_found),
        cmocka_unit_test(test_entry_must_exist_once),
        cmocka_unit_test(test_runtime_functions_are_known),
        cmocka_unit_test(test_vector_maths_when_asked_for),
        cmocka_unit_test(test_conversions_of_the_code_generator),
        cmocka_unit_test(test_threads_link_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
