/* SPDX-License-Identifier: MIT */
/* Every allocation of a call fails once, one after the other: the call says so, leaves nothing
 * behind (the sanitizer's leak check) and works the next time. Linked with --wrap for the
 * allocators. Arenas are left out: they end the process by design (ir/arena.c). */
#include "runtime_util.h"
#include "tmjit.h"

#include <errno.h>

/* ---- the allocators ------------------------------------------------------------------ */

void *__real_malloc(size_t byte_len);
void *__real_calloc(size_t count, size_t byte_len);
void *__real_aligned_alloc(size_t align, size_t byte_len);
void *__wrap_malloc(size_t byte_len);
void *__wrap_calloc(size_t count, size_t byte_len);
void *__wrap_aligned_alloc(size_t align, size_t byte_len);

static _Atomic long until_failure = -1; /* allocations; below 0: all succeed */
static _Atomic bool has_failed;
static _Atomic bool is_for_all;           /* threads */
static _Thread_local bool is_own = false; /* the one that arms */

static bool is_the_one(void)
{
    if (!is_own && !atomic_load(&is_for_all))
        return false;
    if (atomic_load(&until_failure) < 0 || atomic_fetch_sub(&until_failure, 1))
        return false;
    atomic_store(&has_failed, true);
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t byte_len)
{
    return is_the_one() ? NULL : __real_malloc(byte_len);
}

void *__wrap_calloc(size_t count, size_t byte_len)
{
    return is_the_one() ? NULL : __real_calloc(count, byte_len);
}

void *__wrap_aligned_alloc(size_t align, size_t byte_len)
{
    return is_the_one() ? NULL : __real_aligned_alloc(align, byte_len);
}

/* No thread can be made while this is set. */
static _Atomic bool has_no_threads;

int __real_pthread_create(pthread_t *out, const pthread_attr_t *attributes,
                          void *(*run)(void *argument), void *argument);
int __wrap_pthread_create(pthread_t *out, const pthread_attr_t *attributes,
                          void *(*run)(void *argument), void *argument);

int __wrap_pthread_create(pthread_t *out, const pthread_attr_t *attributes,
                          void *(*run)(void *argument), void *argument)
{
    return atomic_load(&has_no_threads) ? EAGAIN
                                        : __real_pthread_create(out, attributes, run, argument);
}

static void arm(long count, bool for_all_threads)
{
    is_own = true;
    atomic_store(&is_for_all, for_all_threads);
    atomic_store(&has_failed, false);
    atomic_store(&until_failure, count);
}

static bool disarm(void)
{
    atomic_store(&until_failure, -1);
    return atomic_load(&has_failed);
}

/* ---- the public objects -------------------------------------------------------------- */

static const char one_kernel[] =
    "define void @one(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y) \"tmjit.kernel\" {\n"
    "  store i32 1, ptr addrspace(1) %y, align 4\n"
    "  ret void\n"
    "}\n";

typedef struct things {
    tmjit_context *ctx;
    tmjit_pipeline *pipeline;
    tmjit_queue *queue;
    tmjit_buffer *buffer;
    tmjit_event *done;
    unsigned called;
} things;

static tmjit_launch launch_of(const things *t)
{
    return (tmjit_launch){.struct_size = sizeof(tmjit_launch),
                          .grid = {1, 1, 1},
                          .buffers = &t->buffer,
                          .binding_count = 1,
                          .waits = &t->done,
                          .wait_count = t->done != NULL};
}

static void set_up(things *t)
{
    tmjit_pipeline_options options = {.struct_size = sizeof options,
                                      .engine = TMJIT_ENGINE_INTERP};
    tmjit_library *library;

    *t = (things){.called = 0};
    assert_int_equal(tmjit_context_create(NULL, &t->ctx), TMJIT_OK);
    assert_int_equal(
        tmjit_library_load_memory(t->ctx, one_kernel, strlen(one_kernel), NULL, &library),
        TMJIT_OK);
    assert_int_equal(
        tmjit_pipeline_create(t->ctx, tmjit_library_kernel(library, 0), &options, &t->pipeline),
        TMJIT_OK);
    assert_int_equal(tmjit_queue_create(t->ctx, NULL, &t->queue), TMJIT_OK);
    assert_int_equal(tmjit_buffer_create(t->ctx, 4, NULL, &t->buffer), TMJIT_OK);
    tmjit_launch launch = launch_of(t);
    assert_int_equal(tmjit_queue_launch(t->queue, t->pipeline, &launch, &t->done), TMJIT_OK);
    assert_int_equal(tmjit_queue_wait(t->queue, -1), TMJIT_OK);
}

static tmjit_status create_context(things *t)
{
    tmjit_context_options options = {.struct_size = sizeof options, .threads = 4};
    tmjit_context *ctx;
    tmjit_status status = tmjit_context_create(&options, &ctx);
    (void)t;

    if (!status)
        tmjit_context_destroy(ctx);
    return status;
}

static tmjit_status create_queue(things *t)
{
    tmjit_queue *queue;
    tmjit_status status = tmjit_queue_create(t->ctx, NULL, &queue);

    if (!status)
        tmjit_queue_destroy(queue);
    return status;
}

static tmjit_status create_buffer(things *t)
{
    tmjit_buffer_options options = {.struct_size = sizeof options, .label = "label"};
    tmjit_buffer *buffer;
    tmjit_status status = tmjit_buffer_create(t->ctx, 1000, &options, &buffer);

    if (!status)
        tmjit_buffer_destroy(buffer);
    return status;
}

static tmjit_status create_uncleared(things *t)
{
    tmjit_buffer_options options = {.struct_size = sizeof options, .is_uncleared = true};
    tmjit_buffer *buffer;
    tmjit_status status = tmjit_buffer_create(t->ctx, 1000, &options, &buffer);

    if (!status)
        tmjit_buffer_destroy(buffer);
    return status;
}

static tmjit_status launch_on_queue(things *t)
{
    tmjit_launch launch = launch_of(t);

    return tmjit_queue_launch(t->queue, t->pipeline, &launch, NULL);
}

static void count_call(tmjit_event *event, void *user)
{
    (void)event;
    ++*(unsigned *)user;
}

static tmjit_status notify(things *t)
{
    unsigned before = t->called;
    tmjit_status status = tmjit_event_notify(t->done, count_call, &t->called);

    assert_int_equal(t->called, before + !status);
    return status;
}

static tmjit_status copy_error(things *t)
{
    tmjit_error *copy = tmjit_error_copy(tmjit_last_error(t->ctx));
    tmjit_status status = copy ? TMJIT_OK : TMJIT_E_MEMORY;

    tmjit_free(copy);
    return status;
}

typedef tmjit_status call_fn(things *t);

static const struct {
    const char *name;
    call_fn *call;
    bool is_told; /* as the context's last error */
} calls[] = {
    {"tmjit_context_create", create_context, false},
    {"tmjit_queue_create", create_queue, true},
    {"tmjit_buffer_create", create_buffer, true},
    {"tmjit_buffer_create, uncleared", create_uncleared, true},
    {"tmjit_queue_launch", launch_on_queue, true},
    {"tmjit_event_notify", notify, true},
    {"tmjit_error_copy", copy_error, false},
};

static long check_call(things *t, size_t index)
{
    for (long count = 0;; count++) {
        arm(count, false);
        tmjit_status status = calls[index].call(t);
        if (!disarm()) {
            assert_int_equal(status, TMJIT_OK);
            return count;
        }
        if (status != TMJIT_E_MEMORY)
            fail_msg("%s, allocation %ld: status %d", calls[index].name, count, status);
        if (calls[index].is_told)
            assert_int_equal(tmjit_last_error(t->ctx)->status, TMJIT_E_MEMORY);
    }
}

static void test_calls_without_memory(void **state)
{
    things t;
    (void)state;

    set_up(&t);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        assert_true(check_call(&t, i) > 0); /* there was something to fail */
    tmjit_context_destroy(t.ctx);
}

/* Not even the error can be kept. */
static void test_error_without_memory(void **state)
{
    tmjit_queue *queue;
    things t;
    (void)state;

    set_up(&t);
    assert_int_equal(tmjit_queue_create(t.ctx, NULL, NULL), TMJIT_E_INVALID);
    for (long count = 0;; count++) {
        arm(count, false);
        assert_int_equal(tmjit_queue_create(NULL, NULL, &queue), TMJIT_E_INVALID);
        assert_int_equal(tmjit_event_notify(t.done, NULL, NULL), TMJIT_E_INVALID);
        if (!disarm())
            break;
        const tmjit_error *error = tmjit_last_error(t.ctx);
        assert_true(error->status == TMJIT_E_INVALID || error->status == TMJIT_E_MEMORY);
        assert_non_null(error->message);
        assert_non_null(error->rendered);
        if (count > 20)
            fail_msg("no end");
    }
    tmjit_context_destroy(t.ctx);
}

/* ---- launches ------------------------------------------------------------------------ */

static void take_frames(tjrt_frame *frame)
{
    tjrt_frame_take(frame, 100);
    tjrt_frame_take(frame, 300000);
    atomic_fetch_add((_Atomic uint32_t *)data_of(frame), 1);
}

/* Workers take their memory at their first launch. */
static tjrt_end run_fresh(unsigned thread_count, long fail_at, bool *has_ended)
{
    _Atomic uint32_t count = 0;
    tjrt_pool *pool = tjrt_pool_create(thread_count);
    fixture f;

    init_fixture(&f, (void *)&count, sizeof count);
    f.launch.full.group = take_frames;
    f.launch.lanes = 4;
    f.launch.static_threadgroup_byte_len = 100;
    f.launch.private_byte_len = 1000;
    set_extent(f.launch.grid, 40, 1, 1);
    set_extent(f.launch.threadgroup, 4, 1, 1);
    arm(fail_at, true);
    tjrt_end end = run_on(pool, &f);
    *has_ended = !disarm();
    if (end == TJRT_END_OK)
        assert_int_equal(count, 10);
    assert_int_equal(run_on(pool, &f), TJRT_END_OK); /* as good as before */
    tjrt_pool_destroy(pool);
    return end;
}

static void test_launch_without_memory(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        bool has_ended = false;
        long count = 0;
        for (; !has_ended; count++) {
            tjrt_end end = run_fresh(threads, count, &has_ended);
            assert_int_equal(end, has_ended ? TJRT_END_OK : TJRT_END_MEMORY);
        }
        assert_true(count > 4);
    }
}

/* Nothing runs without the limit that was asked for; the error says what is missing. */
static void test_time_limit_without_thread(void **state)
{
    static const char text[] =
        "define void @k(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y) \"tmjit.kernel\" {\n"
        "  store i32 5, ptr addrspace(1) %y\n  ret void\n}\n";
    tmjit_context_options options = {.struct_size = sizeof options, .threads = 1};
    tmjit_context *ctx = NULL;
    tmjit_library *library = NULL;
    tmjit_pipeline *pipeline = NULL;
    uint32_t word = 0;
    tmjit_binding binding = {&word, sizeof word};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {1, 1, 1},
                           .bindings = &binding,
                           .binding_count = 1,
                           .timeout_s = 60};
    (void)state;

    assert_int_equal(tmjit_context_create(&options, &ctx), TMJIT_OK);
    assert_int_equal(tmjit_library_load_memory(ctx, text, strlen(text), "k.ll", &library), 0);
    assert_int_equal(
        tmjit_pipeline_create(ctx, tmjit_library_kernel(library, 0), NULL, &pipeline), 0);
    atomic_store(&has_no_threads, true);
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_MEMORY);
    atomic_store(&has_no_threads, false);
    assert_non_null(strstr(tmjit_last_error(ctx)->message, "no thread can be started"));
    assert_int_equal(word, 0);
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_OK);
    assert_int_equal(word, 5);
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_without_memory),
        cmocka_unit_test(test_error_without_memory),
        cmocka_unit_test(test_launch_without_memory),
        cmocka_unit_test(test_time_limit_without_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
