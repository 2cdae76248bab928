/* SPDX-License-Identifier: MIT */
/* Queues whose launches would run for hours: each ends soon after its time or when it is
 * cancelled, on both engines, and the queues go on. "Soon" is generous for busy machines. */
#include "api_util.h"

#include <time.h>

enum { LATEST_S = 10 };

/* `counts`: 2^32 rounds without memory; `nests`: 10^12 rounds, each loop short; `waits`: the
 * other SIMD-groups stand at a barrier while one counts. */
static const char kernels[] =
    "declare void @air.wg.barrier(i32, i32)\n"
    "define void @counts(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y) \"tmjit.kernel\" {\n"
    "entry:\n"
    "  br label %loop\n"
    "loop:\n"
    "  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]\n"
    "  %a = phi i32 [ 3, %entry ], [ %a2, %loop ]\n"
    "  %a1 = mul i32 %a, %a\n"
    "  %a2 = xor i32 %a1, %n\n"
    "  %n1 = add i32 %n, 1\n"
    "  %more = icmp ne i32 %n1, 0\n"
    "  br i1 %more, label %loop, label %done\n"
    "done:\n"
    "  store i32 %a2, ptr addrspace(1) %y\n"
    "  ret void\n"
    "}\n"
    "define void @nests(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y) \"tmjit.kernel\" {\n"
    "entry:\n"
    "  br label %outer\n"
    "outer:\n"
    "  %m = phi i32 [ 0, %entry ], [ %m1, %next ]\n"
    "  %b = phi i32 [ 3, %entry ], [ %a2, %next ]\n"
    "  br label %inner\n"
    "inner:\n"
    "  %n = phi i32 [ 0, %outer ], [ %n1, %inner ]\n"
    "  %a = phi i32 [ %b, %outer ], [ %a2, %inner ]\n"
    "  %a1 = mul i32 %a, %a\n"
    "  %a2 = xor i32 %a1, %n\n"
    "  %n1 = add i32 %n, 1\n"
    "  %more = icmp ult i32 %n1, 1000\n"
    "  br i1 %more, label %inner, label %next\n"
    "next:\n"
    "  %m1 = add i32 %m, 1\n"
    "  %again = icmp ult i32 %m1, 1000000000\n"
    "  br i1 %again, label %outer, label %done\n"
    "done:\n"
    "  store i32 %a2, ptr addrspace(1) %y\n"
    "  ret void\n"
    "}\n"
    "define void @waits(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y,\n"
    "    i32 \"tmjit.builtin\"=\"simdgroup_index_in_threadgroup\" %g) \"tmjit.kernel\" {\n"
    "entry:\n"
    "  %is_first = icmp eq i32 %g, 0\n"
    "  br i1 %is_first, label %loop, label %meet\n"
    "loop:\n"
    "  %n = phi i64 [ 0, %entry ], [ %n1, %loop ]\n"
    "  %n1 = add i64 %n, 1\n"
    "  %v = load volatile i32, ptr addrspace(1) %y\n"
    "  %more = icmp ne i64 %n1, 0\n"
    "  br i1 %more, label %loop, label %meet\n"
    "meet:\n"
    "  call void @air.wg.barrier(i32 2, i32 1)\n"
    "  ret void\n"
    "}\n";
static const char *const names[] = {"counts", "nests", "waits"};
static const size_t arg_counts[] = {1, 1, 2};
enum { NAME_COUNT = sizeof names / sizeof names[0] };

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static tmjit_event *start(tmjit_context *ctx, tmjit_queue *queue, tmjit_pipeline *pipeline,
                          uint32_t *word, size_t arg_count, double timeout_s)
{
    tmjit_binding bindings[2] = {{word, sizeof *word}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {640, 1, 1},
                           .bindings = bindings,
                           .binding_count = arg_count,
                           .timeout_s = timeout_s};
    tmjit_event *event = NULL;

    if (tmjit_queue_launch(queue, pipeline, &launch, &event))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    return event;
}

static void end_soon(tmjit_context *ctx, tmjit_event *event, double since, tmjit_status wanted)
{
    tmjit_status status = tmjit_event_wait(event, LATEST_S);

    if (status != wanted)
        fail_msg("%.1f s: %d %s", now() - since, status, tmjit_last_error(ctx)->rendered);
    tmjit_event_destroy(event);
}

/* Three queues at once, more than there are threads: all run over, two of them are waited
 * for while the third has not begun. */
static void check_engine(tmjit_engine engine)
{
    tmjit_context *ctx = new_context();
    tmjit_library *library = load(ctx, kernels);
    tmjit_queue_options options = {.struct_size = sizeof options, .is_forgiving = true};
    tmjit_pipeline *pipelines[NAME_COUNT];
    tmjit_queue *queues[NAME_COUNT];
    tmjit_event *events[NAME_COUNT];
    uint32_t word = 7;

    for (unsigned i = 0; i < NAME_COUNT; i++) {
        pipelines[i] = compile(ctx, tmjit_library_find_kernel(library, names[i]), engine,
                               (tmjit_extent){64, 1, 1});
        assert_int_equal(tmjit_queue_create(ctx, &options, &queues[i]), TMJIT_OK);
    }
    for (unsigned round = 0; round < 2; round++) {
        double since = now();

        for (unsigned i = 0; i < NAME_COUNT; i++)
            events[i] =
                start(ctx, queues[i], pipelines[i], &word, arg_counts[i], round ? 0 : 0.05);
        for (unsigned i = 0; round && i < NAME_COUNT; i++)
            tmjit_event_cancel(events[i]);
        for (unsigned i = 0; i < NAME_COUNT; i++)
            end_soon(ctx, events[i], since, round ? TMJIT_E_CANCELLED : TMJIT_E_TIMEOUT);
    }
    assert_int_equal(word, 7);
    tmjit_context_destroy(ctx);
}

static void test_vector_code_ends(void **state)
{
    (void)state;
    check_engine(TMJIT_ENGINE_SIMD);
}

static void test_interpreter_ends(void **state)
{
    (void)state;
    check_engine(TMJIT_ENGINE_INTERP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vector_code_ends),
        cmocka_unit_test(test_interpreter_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
