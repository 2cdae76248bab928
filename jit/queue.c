/* SPDX-License-Identifier: MIT */
/* Queues: a list of launches and a thread that runs them in order.
 *
 * The thread is the caller of each launch: it waits for the events that the launch names, then
 * takes a seat in the pool like any other caller, so that queues share the context's threads
 * and hold none while they wait. The alternative, launches run by the pool's own threads as
 * they get ready, saves the threads and costs a wake-up between any two launches of a queue
 * and a rule that no callback may wait; a sleeping thread costs nothing. */
#include "objects.h"

#include <math.h>
#include <stdlib.h>

/* ---- one launch; its queue's thread; work_lock is held ------------------------------- */

/* Sleeps until `other` is done or `event` is cancelled. */
static void await_other(tmjit_queue *queue, tmjit_event *event, tmjit_event *other)
{
    tj_waiter waiter = {.next = other->waiters, .wake = &queue->wake}, **link;

    if (other->state == TMJIT_EVENT_DONE)
        return;
    other->waiters = &waiter;
    while (other->state != TMJIT_EVENT_DONE && !atomic_load(&event->is_cancelled))
        pthread_cond_wait(&queue->wake, &queue->ctx->work_lock);
    for (link = &other->waiters; *link != &waiter; link = &(*link)->next)
        ;
    *link = waiter.next;
}

/* Why the launch is not to run; filled in `diags`. */
static tj_status await_turn(tmjit_queue *queue, tmjit_event *event, tj_diags *diags)
{
    const tmjit_pipeline *pipeline = event->pipeline;
    const tj_loc loc = {.file = pipeline->file, .kernel = pipeline->kernel->name};

    for (size_t i = 0; i < event->launch.wait_count; i++)
        await_other(queue, event, event->launch.waits[i]);
    if (atomic_load(&event->is_cancelled))
        return tj_fail_at(diags, TJ_E_CANCELLED, &loc, "cancelled before it began");
    for (size_t i = 0; i < event->launch.wait_count; i++) {
        const tmjit_error *failure = event->launch.waits[i]->failure;
        if (failure)
            return tj_fail_at(diags, TJ_E_CANCELLED, &loc,
                              "not run: a launch that it waits for failed: %s",
                              failure->message);
    }
    if (queue->failure && !queue->is_forgiving)
        return tj_fail_at(diags, TJ_E_CANCELLED, &loc,
                          "not run: a launch before it on the queue failed: %s",
                          queue->failure->message);
    return TJ_OK;
}

/* The lock is let go while the kernel runs. */
static tj_status run(tmjit_queue *queue, tmjit_event *event, tj_diags *diags)
{
    tj_status status = await_turn(queue, event, diags);

    if (!status) {
        event->state = TMJIT_EVENT_RUNNING;
        event->times.started_s = tjrt_now();
    }
    pthread_mutex_unlock(&queue->ctx->work_lock);
    if (!status)
        status = tj_launch_run(event->pipeline, &event->launch, event->bound,
                               &event->is_cancelled, diags);
    tj_event_drop_launch(event);
    pthread_mutex_lock(&queue->ctx->work_lock);
    return status;
}

static void run_first(tmjit_queue *queue)
{
    tmjit_event *event = queue->first;
    tj_diags diags = {.arena = tj_arena_create()};

    if (run(queue, event, &diags)) {
        event->failure = tj_error_of(&diags.first);
        if (!queue->failure)
            queue->failure = tj_error_copy(event->failure);
    }
    tj_arena_destroy(diags.arena);
    tj_event_finish(event);
    tj_event_notify_all(event);
    queue->first = event->next;
    if (!queue->first)
        queue->last = &queue->first;
    queue->ended_count++;
    pthread_cond_broadcast(&queue->ended);
    tj_event_release(event);
}

static void *work(void *argument)
{
    tmjit_queue *queue = argument;
    tmjit_context *ctx = queue->ctx;

    pthread_mutex_lock(&ctx->work_lock);
    while (queue->first || !queue->is_closing) {
        if (queue->first)
            run_first(queue);
        else
            pthread_cond_wait(&queue->wake, &ctx->work_lock);
    }
    pthread_mutex_unlock(&ctx->work_lock);
    return NULL;
}

/* ---- life ---------------------------------------------------------------------------- */

static bool start(tmjit_queue *queue)
{
    tmjit_context *ctx = queue->ctx;
    /* The lock keeps the new thread from looking at `thread` before it is written. A callback
     * makes no queue that tj_queues_shut_down would not see. */
    pthread_mutex_lock(&ctx->work_lock);
    bool is_started = !ctx->is_closing && tjrt_thread_start(&queue->thread, work, queue);
    if (is_started)
        tj_context_add(ctx, TJ_LIST_QUEUES, &queue->node);
    pthread_mutex_unlock(&ctx->work_lock);
    return is_started;
}

static void free_queue(tmjit_queue *queue)
{
    pthread_cond_destroy(&queue->wake);
    pthread_cond_destroy(&queue->ended);
    tj_error_free(queue->failure);
    free(queue);
}

tmjit_status tj_queue_create(tmjit_context *ctx, const tmjit_queue_options *given,
                             tmjit_queue **out)
{
    tmjit_queue_options options = {0};

    if (!tj_copy_options(&options, sizeof options, given))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "queue options: struct_size %zu; %zu is accepted", given->struct_size,
                         sizeof options);
    tmjit_queue *queue = calloc(1, sizeof *queue);
    if (!queue)
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for a queue");
    queue->ctx = ctx;
    queue->is_forgiving = options.is_forgiving;
    queue->last = &queue->first;
    tjrt_cond_init(&queue->wake);
    tjrt_cond_init(&queue->ended);
    if (!start(queue)) {
        free_queue(queue);
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no thread for a queue");
    }
    *out = queue;
    return TMJIT_OK;
}

/* Waits for the thread, which ends when the list is empty. */
static void join_and_free(tmjit_queue *queue)
{
    pthread_join(queue->thread, NULL);
    tj_context_drop(queue->ctx, TJ_LIST_QUEUES, &queue->node);
    free_queue(queue);
}

void tj_queue_destroy(tmjit_queue *queue)
{
    pthread_mutex_lock(&queue->ctx->work_lock);
    queue->is_closing = true;
    pthread_cond_signal(&queue->wake);
    /* In its own callback: the context joins the thread when it goes. */
    bool is_mine = !queue->is_claimed && !pthread_equal(queue->thread, pthread_self());
    queue->is_claimed = queue->is_claimed || is_mine;
    pthread_mutex_unlock(&queue->ctx->work_lock);
    if (is_mine)
        join_and_free(queue);
}

/* A queue that nobody joins yet; NULL when there is none. */
static tmjit_queue *claim_any(tmjit_context *ctx)
{
    tmjit_queue *found = NULL;

    pthread_mutex_lock(&ctx->work_lock);
    pthread_mutex_lock(&ctx->lock);
    for (tj_node *node = ctx->lists[TJ_LIST_QUEUES]; node && !found; node = node->next)
        if (!((tmjit_queue *)node)->is_claimed)
            found = (tmjit_queue *)node;
    pthread_mutex_unlock(&ctx->lock);
    if (found)
        found->is_claimed = true;
    pthread_mutex_unlock(&ctx->work_lock);
    return found;
}

void tj_queues_shut_down(tmjit_context *ctx)
{
    tmjit_queue *queue;

    pthread_mutex_lock(&ctx->work_lock);
    ctx->is_closing = true;
    pthread_mutex_lock(&ctx->lock);
    /* All at once: their launches may wait for each other. */
    for (tj_node *node = ctx->lists[TJ_LIST_QUEUES]; node; node = node->next) {
        queue = (tmjit_queue *)node;
        queue->is_closing = true;
        for (tmjit_event *event = queue->first; event; event = event->next)
            tjrt_cancel(ctx->pool, &event->is_cancelled);
        pthread_cond_signal(&queue->wake);
    }
    pthread_mutex_unlock(&ctx->lock);
    pthread_mutex_unlock(&ctx->work_lock);
    /* One that a callback claimed is gone when the thread of that callback has ended. */
    while ((queue = claim_any(ctx)))
        join_and_free(queue);
}

/* ---- launches ------------------------------------------------------------------------ */

/* Behind the others; false when the queue takes none. A handle for the caller is counted
 * before the launch can end. */
static bool append(tmjit_queue *queue, tmjit_event *event, bool has_handle)
{
    tmjit_context *ctx = queue->ctx;

    pthread_mutex_lock(&ctx->work_lock);
    bool is_open = !queue->is_closing && !ctx->is_closing;
    if (is_open) {
        if (has_handle)
            tj_event_hold(event);
        event->times.queued_s = tjrt_now();
        *queue->last = event;
        queue->last = &event->next;
        queue->given_count++;
        pthread_cond_signal(&queue->wake);
    }
    pthread_mutex_unlock(&ctx->work_lock);
    return is_open;
}

tmjit_status tj_queue_launch(tmjit_queue *queue, tmjit_pipeline *pipeline,
                             const tmjit_launch *given, tmjit_event **out)
{
    tmjit_context *ctx = queue->ctx;
    tmjit_launch launch;
    tmjit_status status = tj_launch_check(pipeline, given, &launch);

    if (status)
        return status;
    tmjit_event *event = tj_event_create(queue, pipeline, &launch);
    if (!event)
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for a launch");
    status = tj_launch_bind(pipeline, &launch, event->bound);
    if (!status && !append(queue, event, out))
        status = tj_refuse(ctx, TMJIT_E_INVALID, "the queue is being destroyed");
    if (status) {
        tj_event_release(event);
        return status;
    }
    if (out) {
        tj_context_add(ctx, TJ_LIST_EVENTS, &event->node);
        *out = event;
    }
    return TMJIT_OK;
}

/* work_lock is held. False when the time was over first. */
static bool await_ended(tmjit_queue *queue, double timeout_s)
{
    double deadline = timeout_s < 0 ? INFINITY : tjrt_now() + timeout_s;
    uint64_t given = queue->given_count;

    while (queue->ended_count < given && tjrt_now() < deadline)
        tjrt_cond_wait_until(&queue->ended, &queue->ctx->work_lock, deadline);
    return queue->ended_count >= given;
}

tmjit_status tj_queue_wait(tmjit_queue *queue, double timeout_s)
{
    tmjit_context *ctx = queue->ctx;
    tmjit_error *failure = NULL;

    if (isnan(timeout_s))
        return tj_refuse(ctx, TMJIT_E_INVALID, "timeout_s is not a number");
    if (pthread_equal(queue->thread, pthread_self()))
        return tj_refuse(ctx, TMJIT_E_INVALID, "wait for a queue in one of its callbacks");
    pthread_mutex_lock(&ctx->work_lock);
    bool is_idle = await_ended(queue, timeout_s);
    if (is_idle) {
        failure = queue->failure;
        queue->failure = NULL;
    }
    pthread_mutex_unlock(&ctx->work_lock);
    if (!is_idle)
        return tj_refuse(ctx, TMJIT_E_PENDING, "the queue is not done after %g s", timeout_s);
    if (!failure)
        return TMJIT_OK;
    tmjit_status status = tj_publish_error(ctx, failure);
    tj_error_free(failure);
    return status;
}
