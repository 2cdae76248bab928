/* SPDX-License-Identifier: MIT */
/* Many threads on one context at once: libraries and pipelines made, shared and destroyed,
 * launches here and on queues, events of other threads, callbacks, failures, cancelling. The
 * same program runs under ThreadSanitizer (tests/tsan.cmake). */
#include "api_util.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS = 6, ROUNDS = 4, COUNT = 700, STEPS = 12 };

typedef struct shared {
    tmjit_context *ctx;
    tmjit_library *library; /* both kernels come from here on all threads */
    tmjit_pipeline *add, *fresh;
    tmjit_queue *queue;     /* shared, forgiving */
    tmjit_buffer *input;
    pthread_barrier_t barrier;
    tmjit_event *events[THREADS]; /* one per thread and round, for the next thread */
    _Atomic unsigned callbacks, failures;
} shared;

typedef struct thread_start {
    shared *s;
    unsigned number;
} thread_start;

static void expect(shared *s, bool is_right)
{
    if (!is_right)
        atomic_fetch_add(&s->failures, 1); /* cmocka's own checks are for its thread only */
}

static void count_callback(tmjit_event *event, void *user)
{
    shared *s = user;

    atomic_fetch_add(&s->callbacks, 1);
    expect(s, tmjit_event_get_state(event) == TMJIT_EVENT_DONE);
    tmjit_event_destroy(event);
}

static tmjit_pipeline *new_pipeline(shared *s, const tmjit_kernel *kernel, unsigned round)
{
    tmjit_pipeline_options options = {
        .struct_size = sizeof options,
        .threadgroup = {32 + 32 * (round % 3), 1, 1},
        .engine = round % 2 ? TMJIT_ENGINE_INTERP : TMJIT_ENGINE_SIMD,
    };
    tmjit_pipeline *pipeline = NULL;

    expect(s, tmjit_pipeline_create(s->ctx, kernel, &options, &pipeline) == TMJIT_OK);
    return pipeline;
}

/* y = input + b of `count` elements; fails when y is short. */
static tmjit_launch add_launch(shared *s, tmjit_binding bindings[4], tmjit_buffer *buffers[4],
                               tmjit_buffer *y, uint64_t y_len)
{
    buffers[0] = s->input;
    buffers[1] = s->input;
    buffers[2] = y;
    buffers[3] = NULL;
    memset(bindings, 0, 4 * sizeof *bindings);
    bindings[2].byte_len = y_len;
    return (tmjit_launch){.struct_size = sizeof(tmjit_launch),
                          .grid = {COUNT, 1, 1},
                          .bindings = bindings,
                          .binding_count = 4,
                          .buffers = buffers};
}

static bool is_doubled(const tmjit_buffer *y)
{
    const float *values = tmjit_buffer_contents(y);

    for (unsigned i = 0; i < COUNT; i++)
        if (values[i] != 2 * (float)i)
            return false;
    return true;
}

static void fail_here(shared *s, tmjit_pipeline *pipeline, tmjit_buffer *y)
{
    tmjit_binding bindings[4];
    tmjit_buffer *buffers[4];
    tmjit_launch launch = add_launch(s, bindings, buffers, y, 100);
    tmjit_library *nothing = NULL;

    expect(s, tmjit_pipeline_launch(pipeline, &launch) == TMJIT_E_BOUNDS);
    expect(s, tmjit_last_error(s->ctx)->status == TMJIT_E_BOUNDS);
    expect(s, tmjit_library_load_memory(s->ctx, "junk", 4, "junk", &nothing) != TMJIT_OK);
    expect(s, !strcmp(tmjit_last_error(s->ctx)->file, "junk"));
}

/* A queue of the thread's own, between launches on the shared one. */
static void use_queues(shared *s, tmjit_pipeline *own, tmjit_buffer *y, unsigned number)
{
    tmjit_binding bindings[4];
    tmjit_buffer *buffers[4];
    tmjit_launch launch = add_launch(s, bindings, buffers, y, 0);
    tmjit_event *event = NULL, *last = NULL;
    tmjit_queue *queue = NULL;

    expect(s, tmjit_queue_create(s->ctx, NULL, &queue) == TMJIT_OK);
    for (unsigned i = 0; i < STEPS; i++) {
        tmjit_pipeline *pipeline = i % 3 ? s->add : own;
        launch.wait_count = last != NULL;
        launch.waits = &last;
        expect(s, tmjit_queue_launch(i % 2 ? s->queue : queue, pipeline, &launch, &event) ==
                      TMJIT_OK);
        if (last)
            expect(s, tmjit_event_notify(last, count_callback, s) == TMJIT_OK);
        last = event;
    }
    s->events[number] = last;
    expect(s, tmjit_queue_wait(queue, -1) == TMJIT_OK);
    tmjit_queue_destroy(queue);
    pthread_barrier_wait(&s->barrier);

    /* another thread's last event, which both threads wait for */
    tmjit_event *foreign = s->events[(number + 1) % THREADS];
    launch.waits = &foreign;
    launch.wait_count = 1;
    expect(s, tmjit_pipeline_launch(s->add, &launch) == TMJIT_OK);
    expect(s, tmjit_event_wait(last, -1) == TMJIT_OK);
    expect(s, tmjit_event_get_error(foreign)->status == TMJIT_OK);
    expect(s, tmjit_event_get_times(foreign).ended_s > 0);
    pthread_barrier_wait(&s->barrier);
    expect(s, is_doubled(y));
    tmjit_event_cancel(last);
    tmjit_event_destroy(last);
}

/* Some launches need code for partial threadgroups, which the first one compiles while others
 * run what is there. */
static void meet_on_a_fresh_pipeline(shared *s, tmjit_buffer *y, unsigned number)
{
    tmjit_binding bindings[4];
    tmjit_buffer *buffers[4];
    tmjit_launch launch = add_launch(s, bindings, buffers, y, 0);

    if (number == 0)
        s->fresh = new_pipeline(s, tmjit_library_kernel(s->library, 0), 0);
    pthread_barrier_wait(&s->barrier);
    launch.grid.x = number % 2 ? COUNT : COUNT / 32 * 32;
    for (unsigned i = 0; i < 200; i++)
        expect(s, tmjit_pipeline_launch(s->fresh, &launch) == TMJIT_OK);
    pthread_barrier_wait(&s->barrier);
    if (number == 0)
        tmjit_pipeline_destroy(s->fresh);
}

static void fail_on_queue(shared *s, tmjit_buffer *y)
{
    tmjit_binding bindings[4];
    tmjit_buffer *buffers[4];
    tmjit_launch launch = add_launch(s, bindings, buffers, y, 64);
    tmjit_event *event = NULL, *cancelled = NULL;

    expect(s, tmjit_queue_launch(s->queue, s->add, &launch, &event) == TMJIT_OK);
    launch = add_launch(s, bindings, buffers, y, 0);
    expect(s, tmjit_queue_launch(s->queue, s->add, &launch, &cancelled) == TMJIT_OK);
    tmjit_event_cancel(cancelled);
    expect(s, tmjit_event_wait(event, -1) == TMJIT_E_BOUNDS);
    expect(s, tmjit_last_error(s->ctx)->status == TMJIT_E_BOUNDS);
    tmjit_status end = tmjit_event_wait(cancelled, -1);
    expect(s, end == TMJIT_OK || end == TMJIT_E_CANCELLED);
    tmjit_event_destroy(event);
    tmjit_event_destroy(cancelled);
}

static void *work(void *argument)
{
    const thread_start *start = argument;
    shared *s = start->s;

    for (unsigned round = 0; round < ROUNDS; round++) {
        tmjit_library *library = load(s->ctx, add_kernel);
        const tmjit_kernel *kernel = tmjit_library_find_kernel(
            (start->number + round) % 2 ? library : s->library, "add");
        tmjit_pipeline *own = new_pipeline(s, kernel, start->number + round);
        tmjit_library_destroy(library);
        tmjit_buffer *y = NULL;
        tmjit_kernel_facts facts;
        expect(s, tmjit_buffer_create(s->ctx, COUNT * 4, NULL, &y) == TMJIT_OK);
        expect(s, tmjit_kernel_get_facts(s->ctx, tmjit_library_kernel(s->library, 0), &facts) ==
                      TMJIT_OK);
        expect(s, tmjit_pipeline_get_info(s->add).lanes > 0);
        fail_here(s, own, y);
        meet_on_a_fresh_pipeline(s, y, start->number);
        use_queues(s, own, y, start->number);
        fail_on_queue(s, y);
        tmjit_pipeline_destroy(own);
        tmjit_buffer_destroy(y);
    }
    return NULL;
}

static void test_many_threads_on_one_context(void **state)
{
    tmjit_context_options options = {.struct_size = sizeof options, .threads = 3};
    tmjit_queue_options forgiving = {.struct_size = sizeof forgiving, .is_forgiving = true};
    shared s = {.failures = 0};
    thread_start starts[THREADS];
    pthread_t threads[THREADS];
    (void)state;

    assert_int_equal(tmjit_context_create(&options, &s.ctx), TMJIT_OK);
    s.library = load(s.ctx, add_kernel);
    s.add = compile(s.ctx, tmjit_library_kernel(s.library, 0), TMJIT_ENGINE_SIMD,
                    (tmjit_extent){64, 1, 1});
    assert_int_equal(tmjit_queue_create(s.ctx, &forgiving, &s.queue), TMJIT_OK);
    assert_int_equal(tmjit_buffer_create(s.ctx, COUNT * 4, NULL, &s.input), TMJIT_OK);
    for (unsigned i = 0; i < COUNT; i++)
        ((float *)tmjit_buffer_contents(s.input))[i] = (float)i;
    pthread_barrier_init(&s.barrier, NULL, THREADS);
    for (unsigned i = 0; i < THREADS; i++) {
        starts[i] = (thread_start){&s, i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &starts[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(tmjit_queue_wait(s.queue, -1), TMJIT_E_BOUNDS);
    assert_int_equal(s.callbacks, THREADS * ROUNDS * (STEPS - 1));
    assert_int_equal(s.failures, 0);
    pthread_barrier_destroy(&s.barrier);
    tmjit_context_destroy(s.ctx);
}

static void *live_alone(void *argument)
{
    shared own = {.failures = 0};
    tmjit_binding bindings[4];
    tmjit_buffer *buffers[4], *y = NULL;
    (void)argument;

    expect(&own, tmjit_context_create(NULL, &own.ctx) == TMJIT_OK);
    own.library = load(own.ctx, add_kernel);
    own.add = new_pipeline(&own, tmjit_library_kernel(own.library, 0), 0);
    expect(&own, tmjit_buffer_create(own.ctx, COUNT * 4, NULL, &own.input) == TMJIT_OK);
    expect(&own, tmjit_buffer_create(own.ctx, COUNT * 4, NULL, &y) == TMJIT_OK);
    expect(&own, tmjit_queue_create(own.ctx, NULL, &own.queue) == TMJIT_OK);
    tmjit_launch launch = add_launch(&own, bindings, buffers, y, 0);
    for (unsigned i = 0; i < 5; i++)
        expect(&own, tmjit_queue_launch(own.queue, own.add, &launch, NULL) == TMJIT_OK);
    tmjit_context_destroy(own.ctx); /* with work under way */
    return own.failures ? argument : NULL;
}

static void test_contexts_come_and_go(void **state)
{
    pthread_t threads[4];
    (void)state;

    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, live_alone, threads), 0);
    for (unsigned i = 0; i < 4; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_threads_on_one_context),
        cmocka_unit_test(test_contexts_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
