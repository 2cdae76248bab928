/* SPDX-License-Identifier: MIT */
/* Queues and events: order, waiting, failures in the middle, cancelling, callbacks, ends. */
#include "api_util.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* y[i] = 3 * y[i] + n: what comes out tells the order. */
static const char step_kernel[] =
    "define void @step(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y,\n"
    "    ptr addrspace(2) \"tmjit.type\"=\"uint\" \"tmjit.byte_len\"=\"4\" %n,\n"
    "    i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i) \"tmjit.kernel\" {\n"
    "  %k = zext i32 %i to i64\n"
    "  %p = getelementptr i32, ptr addrspace(1) %y, i64 %k\n"
    "  %v = load i32, ptr addrspace(1) %p, align 4\n"
    "  %m = mul i32 %v, 3\n"
    "  %c = load i32, ptr addrspace(2) %n, align 4\n"
    "  %r = add i32 %m, %c\n"
    "  store i32 %r, ptr addrspace(1) %p, align 4\n"
    "  ret void\n"
    "}\n";

enum { STEP_WORDS = 200 };

typedef struct setup {
    tmjit_context *ctx;
    tmjit_pipeline *step, *gate;
    tmjit_queue *queue;
    uint32_t y[STEP_WORDS];
    uint32_t n[64]; /* addends of launches under way */
    _Atomic uint32_t gate_word;
} setup;

static void open_gate(setup *s)
{
    atomic_store(&s->gate_word, 1);
}

static setup *new_setup_on(tmjit_engine engine)
{
    setup *s = calloc(1, sizeof *s);
    tmjit_extent size = {64, 1, 1};

    s->ctx = new_context();
    s->step = compile(s->ctx, load_kernel(s->ctx, step_kernel, "step"), engine, size);
    s->gate = compile(s->ctx, load_kernel(s->ctx, diverge_kernels, "endless"), engine, size);
    assert_int_equal(tmjit_queue_create(s->ctx, NULL, &s->queue), TMJIT_OK);
    for (unsigned i = 0; i < 64; i++)
        s->n[i] = i;
    return s;
}

static setup *new_setup(void)
{
    return new_setup_on(TMJIT_ENGINE_SIMD);
}

static void end_setup(setup *s)
{
    tmjit_context_destroy(s->ctx);
    free(s);
}

/* y = 3 * y + n; `byte_len` of y, and what to wait for. */
static tmjit_event *step_in(setup *s, tmjit_queue *queue, unsigned n, uint64_t byte_len,
                            tmjit_event *wait)
{
    tmjit_binding bindings[] = {{s->y, byte_len}, {&s->n[n], 4}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {STEP_WORDS, 1, 1},
                           .bindings = bindings,
                           .binding_count = 3,
                           .waits = &wait,
                           .wait_count = wait != NULL};
    tmjit_event *event = NULL;

    if (tmjit_queue_launch(queue, s->step, &launch, &event))
        fail_msg("%s", tmjit_last_error(s->ctx)->rendered);
    return event;
}

static tmjit_event *step(setup *s, unsigned n)
{
    return step_in(s, s->queue, n, sizeof s->y, NULL);
}

static tmjit_event *bad_step(setup *s)
{
    return step_in(s, s->queue, 0, 40, NULL);
}

/* A launch that runs until the gate is open. */
static tmjit_event *wait_at_gate(setup *s, tmjit_queue *queue, double timeout_s)
{
    tmjit_binding binding = {(void *)&s->gate_word, 4};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {1, 1, 1},
                           .bindings = &binding,
                           .binding_count = 1,
                           .timeout_s = timeout_s};
    tmjit_event *event = NULL;

    assert_int_equal(tmjit_queue_launch(queue, s->gate, &launch, &event), TMJIT_OK);
    return event;
}

static void await_running(const tmjit_event *event)
{
    struct timespec nap = {.tv_nsec = 1000000};

    while (tmjit_event_get_state(event) == TMJIT_EVENT_QUEUED)
        nanosleep(&nap, NULL);
}

static void assert_y(const setup *s, uint32_t wanted)
{
    for (unsigned i = 0; i < STEP_WORDS; i++)
        assert_int_equal(s->y[i], wanted);
}

/* ---- order --------------------------------------------------------------------------- */

static void check_order(tmjit_engine engine)
{
    setup *s = new_setup_on(engine);
    tmjit_event *gate = wait_at_gate(s, s->queue, 0), *event = NULL;
    uint32_t wanted = 0;

    for (unsigned n = 0; n < 64; n++) {
        event = step(s, n);
        wanted = 3 * wanted + n;
    }
    assert_int_equal(tmjit_event_get_state(event), TMJIT_EVENT_QUEUED);
    assert_int_equal(tmjit_event_wait(event, 0), TMJIT_E_PENDING);
    assert_int_equal(tmjit_event_wait(event, 0.01), TMJIT_E_PENDING);
    assert_error(s->ctx, TMJIT_E_PENDING, "0.01");
    assert_int_equal(tmjit_queue_wait(s->queue, 0.01), TMJIT_E_PENDING);
    assert_int_equal(tmjit_event_get_error(event)->status, TMJIT_OK);
    assert_true(tmjit_event_get_times(event).started_s == 0);
    open_gate(s);
    assert_int_equal(tmjit_event_wait(event, -1), TMJIT_OK);
    assert_int_equal(tmjit_event_get_state(event), TMJIT_EVENT_DONE);
    assert_int_equal(tmjit_event_wait(gate, 0), TMJIT_OK);
    assert_y(s, wanted);
    tmjit_event_times times = tmjit_event_get_times(event), first = tmjit_event_get_times(gate);
    assert_true(times.queued_s > 0 && times.started_s >= times.queued_s);
    assert_true(times.ended_s >= times.started_s && times.started_s >= first.ended_s);
    assert_true(first.ended_s - first.started_s >= 0.01);
    assert_int_equal(tmjit_queue_wait(s->queue, -1), TMJIT_OK);
    end_setup(s);
}

static void test_launches_run_in_order(void **state)
{
    (void)state;
    check_order(TMJIT_ENGINE_SIMD);
    check_order(TMJIT_ENGINE_INTERP);
}

static void test_queues_do_not_wait_for_each_other(void **state)
{
    setup *s = new_setup();
    tmjit_queue *other;
    (void)state;

    assert_int_equal(tmjit_queue_create(s->ctx, NULL, &other), TMJIT_OK);
    tmjit_event *gate = wait_at_gate(s, other, 0);
    await_running(gate);
    step(s, 5);
    assert_int_equal(tmjit_queue_wait(s->queue, -1), TMJIT_OK);
    assert_y(s, 5);
    assert_int_equal(tmjit_event_get_state(gate), TMJIT_EVENT_RUNNING);

    /* but a launch may wait for another queue's */
    tmjit_event *later = step_in(s, s->queue, 7, sizeof s->y, gate);
    assert_int_equal(tmjit_event_wait(later, 0.02), TMJIT_E_PENDING);
    assert_int_equal(tmjit_event_get_state(later), TMJIT_EVENT_QUEUED);
    tmjit_event_destroy(gate); /* the launch that waits holds it */
    open_gate(s);
    assert_int_equal(tmjit_event_wait(later, -1), TMJIT_OK);
    assert_y(s, 22);
    tmjit_queue_destroy(other);
    end_setup(s);
}

/* More queues than threads, all with work: two threads of the context take turns. */
static void test_more_queues_than_threads(void **state)
{
    enum { QUEUES = 9, ROUNDS = 40 };
    setup *s = new_setup();
    tmjit_queue *queues[QUEUES];
    uint32_t *words = calloc(QUEUES * 1000, sizeof *words);
    (void)state;

    for (unsigned q = 0; q < QUEUES; q++)
        assert_int_equal(tmjit_queue_create(s->ctx, NULL, &queues[q]), TMJIT_OK);
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned q = 0; q < QUEUES; q++) {
            tmjit_binding bindings[] = {
                {words + 1000 * q, 4000}, {&s->n[(q + round) % 64], 4}, {NULL, 0}};
            tmjit_launch launch = {.struct_size = sizeof launch,
                                   .grid = {1000, 1, 1},
                                   .bindings = bindings,
                                   .binding_count = 3};
            assert_int_equal(tmjit_queue_launch(queues[q], s->step, &launch, NULL), TMJIT_OK);
        }
    for (unsigned q = 0; q < QUEUES; q++) {
        uint32_t wanted = 0;
        assert_int_equal(tmjit_queue_wait(queues[q], -1), TMJIT_OK);
        for (unsigned round = 0; round < ROUNDS; round++)
            wanted = 3 * wanted + (q + round) % 64;
        for (unsigned i = 0; i < 1000; i++)
            assert_int_equal(words[1000 * q + i], wanted);
    }
    free(words);
    end_setup(s);
}

/* The launch on the calling thread waits too, and fails when what it waits for failed. */
static void test_launch_here_waits_for_events(void **state)
{
    setup *s = new_setup();
    tmjit_event *gate = wait_at_gate(s, s->queue, 0), *good = step(s, 4);
    tmjit_binding bindings[] = {{s->y, sizeof s->y}, {&s->n[1], 4}, {NULL, 0}};
    tmjit_event *waits[] = {gate, good};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {STEP_WORDS, 1, 1},
                           .bindings = bindings,
                           .binding_count = 3,
                           .waits = waits,
                           .wait_count = 2};
    (void)state;

    open_gate(s);
    assert_int_equal(tmjit_pipeline_launch(s->step, &launch), TMJIT_OK);
    assert_y(s, 13);
    waits[1] = bad_step(s);
    assert_int_equal(tmjit_pipeline_launch(s->step, &launch), TMJIT_E_CANCELLED);
    assert_error(s->ctx, TMJIT_E_CANCELLED, "waits for failed: load of 4 bytes");
    waits[1] = NULL;
    assert_int_equal(tmjit_pipeline_launch(s->step, &launch), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "waits[1] is NULL");
    end_setup(s);
}

/* ---- failures ------------------------------------------------------------------------ */

static void test_failure_stops_the_queue(void **state)
{
    setup *s = new_setup();
    (void)state;

    tmjit_event *good = step(s, 2), *bad = bad_step(s), *behind = step(s, 9);
    assert_int_equal(tmjit_event_wait(behind, -1), TMJIT_E_CANCELLED);
    assert_error(s->ctx, TMJIT_E_CANCELLED,
                 "not run: a launch before it on the queue failed: ");
    assert_non_null(strstr(tmjit_last_error(s->ctx)->message, "of buffer 'y' (40 bytes)"));
    assert_string_equal(tmjit_last_error(s->ctx)->kernel, "step");
    assert_int_equal(tmjit_event_wait(good, 0), TMJIT_OK);
    assert_int_equal(tmjit_event_wait(bad, 0), TMJIT_E_BOUNDS);

    const tmjit_error *error = tmjit_event_get_error(bad);
    assert_int_equal(error->status, TMJIT_E_BOUNDS);
    assert_string_equal(error->file, "kernels.ll");
    assert_int_equal(error->line, 6);
    assert_string_equal(error->kernel, "step");
    assert_string_equal(error->rendered, tmjit_last_error(s->ctx)->rendered);
    tmjit_error *copy = tmjit_error_copy(error);
    assert_true(tmjit_event_get_times(behind).started_s == 0);
    assert_true(tmjit_event_get_times(behind).ended_s > 0);

    /* told once, then the queue goes on */
    assert_int_equal(tmjit_queue_wait(s->queue, -1), TMJIT_E_BOUNDS);
    assert_string_equal(tmjit_last_error(s->ctx)->rendered, copy->rendered);
    assert_int_equal(tmjit_queue_wait(s->queue, -1), TMJIT_OK);
    assert_int_equal(tmjit_event_wait(step(s, 1), -1), TMJIT_OK);
    end_setup(s);
    assert_int_equal(copy->status, TMJIT_E_BOUNDS); /* outlives the context */
    assert_string_equal(copy->file, "kernels.ll");
    assert_int_equal(copy->line, 6);
    assert_non_null(strstr(copy->rendered, copy->message));
    tmjit_free(copy);
    assert_null(tmjit_error_copy(NULL));
}

static void test_forgiving_queue_goes_on(void **state)
{
    tmjit_queue_options options = {.struct_size = sizeof options, .is_forgiving = true};
    setup *s = new_setup();
    tmjit_queue *queue;
    (void)state;

    assert_int_equal(tmjit_queue_create(s->ctx, &options, &queue), TMJIT_OK);
    tmjit_event *bad = step_in(s, queue, 0, 40, NULL);
    tmjit_event *dependent = step_in(s, queue, 6, sizeof s->y, bad);
    tmjit_event *free_of_it = step_in(s, queue, 6, sizeof s->y, NULL);
    assert_int_equal(tmjit_event_wait(free_of_it, -1), TMJIT_OK);
    assert_int_equal(tmjit_event_wait(dependent, -1), TMJIT_E_CANCELLED);
    assert_error(s->ctx, TMJIT_E_CANCELLED, "a launch that it waits for failed");
    assert_y(s, 6);
    assert_int_equal(tmjit_queue_wait(queue, -1), TMJIT_E_BOUNDS);
    end_setup(s);
}

static void check_time_limit(tmjit_engine engine)
{
    setup *s = new_setup_on(engine);
    tmjit_queue *other;

    assert_int_equal(tmjit_queue_create(s->ctx, NULL, &other), TMJIT_OK);
    tmjit_event *late = wait_at_gate(s, s->queue, 0.3), *soon = wait_at_gate(s, other, 0.05);
    assert_int_equal(tmjit_event_wait(soon, -1), TMJIT_E_TIMEOUT);
    assert_error(s->ctx, TMJIT_E_TIMEOUT, "longer than 0.05 s");
    assert_int_equal(tmjit_event_wait(late, -1), TMJIT_E_TIMEOUT);
    assert_error(s->ctx, TMJIT_E_TIMEOUT, "longer than 0.3 s");
    end_setup(s);
}

static void test_time_limits_of_two_queues(void **state)
{
    (void)state;
    check_time_limit(TMJIT_ENGINE_SIMD);
    check_time_limit(TMJIT_ENGINE_INTERP);
}

/* ---- cancelling ---------------------------------------------------------------------- */

static void check_cancel(tmjit_engine engine)
{
    tmjit_queue_options options = {.struct_size = sizeof options, .is_forgiving = true};
    setup *s = new_setup_on(engine);
    tmjit_queue *queue;

    assert_int_equal(tmjit_queue_create(s->ctx, &options, &queue), TMJIT_OK);
    tmjit_event *running = wait_at_gate(s, queue, 0);
    tmjit_event *waiting = step_in(s, queue, 3, sizeof s->y, NULL);
    tmjit_event *last = step_in(s, queue, 8, sizeof s->y, NULL);
    await_running(running);
    tmjit_event_cancel(waiting);
    assert_int_equal(tmjit_event_get_state(waiting), TMJIT_EVENT_QUEUED);
    tmjit_event_cancel(running);
    assert_int_equal(tmjit_event_wait(running, -1), TMJIT_E_CANCELLED);
    assert_error(s->ctx, TMJIT_E_CANCELLED, "cancelled while it ran");
    assert_int_equal(tmjit_event_wait(waiting, -1), TMJIT_E_CANCELLED);
    assert_error(s->ctx, TMJIT_E_CANCELLED, "cancelled before it began");
    assert_int_equal(tmjit_event_wait(last, -1), TMJIT_OK);
    assert_y(s, 8);
    tmjit_event_cancel(last); /* too late */
    assert_int_equal(tmjit_event_wait(last, 0), TMJIT_OK);
    tmjit_event_cancel(NULL);
    end_setup(s);
}

static void test_cancelling(void **state)
{
    (void)state;
    check_cancel(TMJIT_ENGINE_SIMD);
    check_cancel(TMJIT_ENGINE_INTERP);
}

/* One that waits for another queue's event is let go at once. */
static void test_cancelling_what_waits(void **state)
{
    setup *s = new_setup();
    tmjit_queue *other;
    (void)state;

    assert_int_equal(tmjit_queue_create(s->ctx, NULL, &other), TMJIT_OK);
    tmjit_event *gate = wait_at_gate(s, other, 0);
    tmjit_event *waiting = step_in(s, s->queue, 3, sizeof s->y, gate);
    assert_int_equal(tmjit_event_wait(waiting, 0.02), TMJIT_E_PENDING);
    tmjit_event_cancel(waiting);
    assert_int_equal(tmjit_event_wait(waiting, -1), TMJIT_E_CANCELLED);
    assert_int_equal(tmjit_event_get_state(gate), TMJIT_EVENT_RUNNING);
    open_gate(s);
    assert_int_equal(tmjit_event_wait(gate, -1), TMJIT_OK);
    end_setup(s);
}

/* ---- callbacks ----------------------------------------------------------------------- */

typedef struct notes {
    setup *s;
    pthread_t thread;
    unsigned count;
    unsigned order[8];
    tmjit_status refused[3];
    tmjit_event *later;
} notes;

static void note(tmjit_event *event, void *user)
{
    notes *n = user;

    n->thread = pthread_self();
    n->order[n->count++] = (unsigned)tmjit_event_get_error(event)->status;
}

static void test_callbacks(void **state)
{
    setup *s = new_setup();
    notes n = {.s = s};
    (void)state;

    tmjit_event *gate = wait_at_gate(s, s->queue, 0), *bad = bad_step(s), *last = step(s, 1);
    tmjit_event *events[] = {gate, bad, last, last};
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(tmjit_event_notify(events[i], note, &n), TMJIT_OK);
    for (unsigned i = 0; i < 3; i++)
        tmjit_event_destroy(events[i]);
    open_gate(s);
    assert_int_equal(tmjit_queue_wait(s->queue, -1), TMJIT_E_BOUNDS);
    static const unsigned wanted[] = {TMJIT_OK, TMJIT_E_BOUNDS, TMJIT_E_CANCELLED,
                                      TMJIT_E_CANCELLED};
    assert_int_equal(n.count, 4);
    assert_memory_equal(n.order, wanted, sizeof wanted);
    assert_false(pthread_equal(n.thread, pthread_self()));

    /* of one that is done: here and now */
    tmjit_event *done = step(s, 1);
    assert_int_equal(tmjit_queue_wait(s->queue, -1), TMJIT_OK);
    assert_int_equal(tmjit_event_notify(done, note, &n), TMJIT_OK);
    assert_int_equal(n.count, 5);
    assert_true(pthread_equal(n.thread, pthread_self()));
    assert_int_equal(tmjit_event_notify(done, NULL, &n), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "callback is NULL");
    assert_int_equal(tmjit_event_notify(NULL, note, &n), TMJIT_E_INVALID);
    end_setup(s);
}

/* In a callback: launches here and on the queue, waits that would never end, destruction. */
static void work_inside(tmjit_event *event, void *user)
{
    notes *n = user;
    setup *s = n->s;
    tmjit_binding bindings[] = {{s->y, sizeof s->y}, {&s->n[1], 4}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {STEP_WORDS, 1, 1},
                           .bindings = bindings,
                           .binding_count = 3};

    n->count++;
    n->refused[0] = tmjit_pipeline_launch(s->step, &launch);
    tmjit_queue_launch(s->queue, s->step, &launch, &n->later);
    n->refused[1] = tmjit_event_wait(n->later, -1);
    n->refused[2] = tmjit_queue_wait(s->queue, -1);
    tmjit_event_destroy(event);
    tmjit_pipeline_destroy(s->gate);
}

static void test_callbacks_may_call(void **state)
{
    setup *s = new_setup();
    notes n = {.s = s};
    (void)state;

    tmjit_event *gate = wait_at_gate(s, s->queue, 0);
    assert_int_equal(tmjit_event_notify(gate, work_inside, &n), TMJIT_OK);
    open_gate(s);
    while (tmjit_queue_wait(s->queue, -1) == TMJIT_OK && !n.later)
        ;
    assert_int_equal(n.refused[0], TMJIT_OK);
    assert_int_equal(n.refused[1], TMJIT_E_INVALID);
    assert_int_equal(n.refused[2], TMJIT_E_INVALID);
    assert_int_equal(tmjit_event_wait(n.later, -1), TMJIT_OK);
    assert_y(s, 4);
    end_setup(s);
}

static void destroy_queue(tmjit_event *event, void *user)
{
    setup *s = user;

    (void)event;
    tmjit_queue_destroy(s->queue);
    open_gate(s);
}

static void test_queue_destroyed_in_its_callback(void **state)
{
    setup *s = new_setup();
    tmjit_queue *other;
    (void)state;

    assert_int_equal(tmjit_queue_create(s->ctx, NULL, &other), TMJIT_OK);
    tmjit_event *first = step(s, 1), *second = step(s, 2);
    /* The gate opens only if the callback comes back. */
    tmjit_event *gate = wait_at_gate(s, other, 0);
    assert_int_equal(tmjit_event_notify(first, destroy_queue, s), TMJIT_OK);
    assert_int_equal(tmjit_event_wait(gate, -1), TMJIT_OK);
    assert_int_equal(tmjit_event_wait(second, -1), TMJIT_OK); /* what was given still runs */
    assert_y(s, 5);
    end_setup(s);
}

/* ---- ends ---------------------------------------------------------------------------- */

static void count_status(tmjit_event *event, void *user)
{
    unsigned *counts = user;

    counts[tmjit_event_get_error(event)->status]++;
}

static void test_context_destroyed_with_work_under_way(void **state)
{
    setup *s = new_setup();
    unsigned counts[TMJIT_E_INTERNAL + 1] = {0};
    tmjit_queue *other;
    (void)state;

    assert_int_equal(tmjit_queue_create(s->ctx, NULL, &other), TMJIT_OK);
    tmjit_event *gate = wait_at_gate(s, other, 0);
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(tmjit_event_notify(step_in(s, s->queue, 1, sizeof s->y, gate),
                                            count_status, counts),
                         TMJIT_OK);
    assert_int_equal(tmjit_event_notify(gate, count_status, counts), TMJIT_OK);
    await_running(gate);
    end_setup(s); /* the gate was never opened */
    assert_int_equal(counts[TMJIT_E_CANCELLED], 21);
}

static void test_destroying_what_launches_use(void **state)
{
    setup *s = new_setup();
    (void)state;

    wait_at_gate(s, s->queue, 0);
    tmjit_event *event = step(s, 3);
    tmjit_pipeline_destroy(s->step);
    tmjit_pipeline_destroy(s->gate);
    open_gate(s);
    assert_int_equal(tmjit_event_wait(event, -1), TMJIT_OK);
    assert_y(s, 3);
    tmjit_queue_destroy(s->queue);
    assert_int_equal(tmjit_event_wait(event, 0), TMJIT_OK); /* the event outlives its queue */
    tmjit_event_destroy(event);
    tmjit_queue_destroy(NULL);
    tmjit_event_destroy(NULL);
    end_setup(s);
}

/* A forked child has none of the threads: it is refused, and hangs nowhere. */
static void test_fork(void **state)
{
    setup *s = new_setup();
    tmjit_queue *queue = s->queue;
    tmjit_launch launch = {.struct_size = sizeof launch, .grid = {1, 1, 1}};
    int end = -1;
    (void)state;

    pid_t child = fork();
    if (!child) {
        bool is_refused =
            tmjit_queue_launch(queue, s->step, &launch, NULL) == TMJIT_E_INVALID &&
            tmjit_pipeline_launch(s->step, &launch) == TMJIT_E_INVALID &&
            tmjit_queue_wait(queue, -1) == TMJIT_E_INVALID &&
            strstr(tmjit_last_error(s->ctx)->message, "forked");
        tmjit_queue_destroy(queue);
        tmjit_context_destroy(s->ctx);
        _exit(is_refused ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &end, 0), child);
    assert_true(WIFEXITED(end) && WEXITSTATUS(end) == 0);
    assert_int_equal(tmjit_event_wait(step(s, 1), -1), TMJIT_OK); /* here all is as before */
    end_setup(s);
}

static pthread_t signalled;
static volatile sig_atomic_t signal_count;

static void take_signal(int number)
{
    (void)number;
    signalled = pthread_self();
    signal_count++;
}

/* A signal for the process waits for a thread of the program's. */
static void test_own_threads_take_no_signals(void **state)
{
    setup *s = new_setup();
    struct sigaction action = {.sa_handler = take_signal};
    struct timespec nap = {.tv_nsec = 30000000};
    sigset_t mask, pending;
    (void)state;

    tmjit_event *gate = wait_at_gate(s, s->queue, 60); /* and a watchdog */
    await_running(gate);
    sigaction(SIGUSR1, &action, NULL);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    kill(getpid(), SIGUSR1);
    nanosleep(&nap, NULL);
    sigpending(&pending);
    assert_true(sigismember(&pending, SIGUSR1));
    assert_int_equal(signal_count, 0);
    pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
    assert_int_equal(signal_count, 1);
    assert_true(pthread_equal(signalled, pthread_self()));
    open_gate(s);
    assert_int_equal(tmjit_event_wait(gate, -1), TMJIT_OK);
    signal(SIGUSR1, SIG_DFL);
    end_setup(s);
}

/* ---- misuse -------------------------------------------------------------------------- */

static void test_misuse(void **state)
{
    setup *s = new_setup(), *foreign = new_setup();
    tmjit_queue_options options = {.struct_size = 0};
    tmjit_launch launch = {.struct_size = sizeof launch, .grid = {1, 1, 1}};
    tmjit_queue *queue = (tmjit_queue *)(uintptr_t)0x5a5a, *untouched = queue;
    tmjit_event *event = (tmjit_event *)(uintptr_t)0x5a5a;
    (void)state;

    assert_int_equal(tmjit_queue_create(NULL, NULL, &queue), TMJIT_E_INVALID);
    assert_int_equal(tmjit_queue_create(s->ctx, NULL, NULL), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "out is NULL");
    assert_int_equal(tmjit_queue_create(s->ctx, &options, &queue), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "struct_size 0");
    assert_ptr_equal(queue, untouched);

    assert_int_equal(tmjit_queue_launch(NULL, s->step, &launch, &event), TMJIT_E_INVALID);
    assert_int_equal(tmjit_queue_launch(s->queue, NULL, &launch, &event), TMJIT_E_INVALID);
    assert_int_equal(tmjit_queue_launch(s->queue, s->step, NULL, &event), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "NULL");
    assert_int_equal(tmjit_queue_launch(s->queue, foreign->step, &launch, &event),
                     TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "another context");
    assert_int_equal(tmjit_queue_launch(s->queue, s->step, &launch, &event), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "0 bindings");
    launch.binding_count = 3;
    assert_int_equal(tmjit_queue_launch(s->queue, s->step, &launch, &event), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "bindings is NULL");
    tmjit_event *strange = step(foreign, 1);
    tmjit_binding bindings[] = {{s->y, sizeof s->y}, {&s->n[1], 4}, {NULL, 0}};
    launch.bindings = bindings;
    launch.wait_count = 1;
    assert_int_equal(tmjit_queue_launch(s->queue, s->step, &launch, &event), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "waits is NULL");
    launch.waits = &strange;
    assert_int_equal(tmjit_queue_launch(s->queue, s->step, &launch, &event), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "waits[0] is of another context");
    assert_ptr_equal(event, (void *)(uintptr_t)0x5a5a);

    assert_int_equal(tmjit_queue_wait(NULL, 0), TMJIT_E_INVALID);
    assert_int_equal(tmjit_queue_wait(s->queue, NAN), TMJIT_E_INVALID);
    assert_error(s->ctx, TMJIT_E_INVALID, "not a number");
    assert_int_equal(tmjit_event_wait(NULL, 0), TMJIT_E_INVALID);
    assert_int_equal(tmjit_event_wait(strange, NAN), TMJIT_E_INVALID);
    assert_int_equal(tmjit_event_get_state(NULL), TMJIT_EVENT_DONE);
    assert_int_equal(tmjit_event_get_error(NULL)->status, TMJIT_E_INVALID);
    assert_true(tmjit_event_get_times(NULL).ended_s == 0);
    end_setup(foreign);
    end_setup(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_launches_run_in_order),
        cmocka_unit_test(test_queues_do_not_wait_for_each_other),
        cmocka_unit_test(test_more_queues_than_threads),
        cmocka_unit_test(test_launch_here_waits_for_events),
        cmocka_unit_test(test_failure_stops_the_queue),
        cmocka_unit_test(test_forgiving_queue_goes_on),
        cmocka_unit_test(test_time_limits_of_two_queues),
        cmocka_unit_test(test_cancelling),
        cmocka_unit_test(test_cancelling_what_waits),
        cmocka_unit_test(test_callbacks),
        cmocka_unit_test(test_callbacks_may_call),
        cmocka_unit_test(test_queue_destroyed_in_its_callback),
        cmocka_unit_test(test_context_destroyed_with_work_under_way),
        cmocka_unit_test(test_destroying_what_launches_use),
        cmocka_unit_test(test_fork),
        cmocka_unit_test(test_own_threads_take_no_signals),
        cmocka_unit_test(test_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
