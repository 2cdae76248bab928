/* SPDX-License-Identifier: MIT */
/* A launch on a queue as the caller sees it: state, waiting, error, notices.
 *
 * One lock for all queues and events of a context, held for a few instructions at a time, so
 * that no two locks can be taken in the wrong order; every waiter sleeps on a condition of
 * its own, so that an event wakes those who wait for it and nobody else. */
#include "objects.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct tj_notice {
    tj_notice *next;
    tmjit_callback *callback;
    void *user;
};

/* ---- life ---------------------------------------------------------------------------- */

/* Copies of the launch's arrays; what they name is held. */
static bool copy_arrays(tmjit_event *event, const tmjit_launch *launch)
{
    size_t args = launch->binding_count, waits = launch->wait_count;
    tmjit_buffer **buffers = calloc(args + 1, sizeof *buffers);
    tmjit_event **events =
        waits < SIZE_MAX / sizeof *events ? calloc(waits + 1, sizeof *events) : NULL;

    event->bound = calloc(tj_launch_bound_count(event->pipeline) + launch->resident_count + 1,
                          sizeof *event->bound);
    event->launch.buffers = buffers;
    event->launch.waits = events;
    if (!buffers || !events || !event->bound)
        return false;
    for (size_t i = 0; launch->buffers && i < args; i++)
        buffers[i] = tj_buffer_hold(launch->buffers[i]);
    for (size_t i = 0; i < waits; i++)
        events[i] = tj_event_hold(launch->waits[i]);
    event->launch.wait_count = waits;
    return true;
}

tmjit_event *tj_event_create(tmjit_queue *queue, tmjit_pipeline *pipeline,
                             const tmjit_launch *launch)
{
    tmjit_event *event = calloc(1, sizeof *event);

    if (!event)
        return NULL;
    event->ctx = queue->ctx;
    event->use_count = 1;
    event->queue = queue;
    event->pipeline = tj_pipeline_hold(pipeline);
    event->launch = *launch;
    event->launch.bindings = NULL; /* members, resident: what is needed of them is in `bound` */
    event->launch.members = NULL;
    event->launch.resident = NULL;
    event->launch.member_count = 0;
    event->launch.wait_count = 0;
    event->last_notice = &event->notices;
    if (!copy_arrays(event, launch)) {
        tj_event_release(event);
        return NULL;
    }
    return event;
}

void tj_event_drop_launch(tmjit_event *event)
{
    if (!event->pipeline)
        return;
    for (size_t i = 0; event->launch.buffers && i < event->launch.binding_count; i++)
        tj_buffer_release(event->launch.buffers[i]);
    for (size_t i = 0; i < event->launch.wait_count; i++)
        tj_event_release(event->launch.waits[i]);
    tj_pipeline_release(event->pipeline);
    free((void *)event->launch.buffers);
    free((void *)event->launch.waits);
    free(event->bound);
    event->pipeline = NULL;
    event->launch = (tmjit_launch){0};
    event->bound = NULL;
}

tmjit_event *tj_event_hold(tmjit_event *event)
{
    atomic_fetch_add(&event->use_count, 1);
    return event;
}

void tj_event_release(tmjit_event *event)
{
    if (atomic_fetch_sub(&event->use_count, 1) != 1)
        return;
    tj_event_drop_launch(event);
    tj_error_free(event->failure);
    free(event);
}

/* ---- done ---------------------------------------------------------------------------- */

void tj_event_finish(tmjit_event *event)
{
    event->times.ended_s = tjrt_now();
    event->state = TMJIT_EVENT_DONE;
    event->is_notifying = true;
    for (tj_waiter *waiter = event->waiters; waiter; waiter = waiter->next)
        pthread_cond_signal(waiter->wake);
}

void tj_event_notify_all(tmjit_event *event)
{
    tj_notice *notice;

    while ((notice = event->notices)) {
        event->notices = notice->next;
        if (!event->notices)
            event->last_notice = &event->notices;
        pthread_mutex_unlock(&event->ctx->work_lock);
        notice->callback(event, notice->user);
        free(notice);
        pthread_mutex_lock(&event->ctx->work_lock);
    }
    event->is_notifying = false;
}

tmjit_status tj_event_notify(tmjit_event *event, tmjit_callback *callback, void *user)
{
    tj_notice *notice = malloc(sizeof *notice);

    if (!notice)
        return tj_refuse(event->ctx, TMJIT_E_MEMORY, "no memory for a callback");
    *notice = (tj_notice){.callback = callback, .user = user};
    pthread_mutex_lock(&event->ctx->work_lock);
    bool is_over = event->state == TMJIT_EVENT_DONE && !event->is_notifying;
    if (!is_over) {
        *event->last_notice = notice;
        event->last_notice = &notice->next;
    }
    pthread_mutex_unlock(&event->ctx->work_lock);
    if (is_over) {
        callback(event, user);
        free(notice);
    }
    return TMJIT_OK;
}

const tmjit_error *tj_event_get_error(const tmjit_event *event)
{
    static const tmjit_error none = {.status = TMJIT_OK};

    pthread_mutex_lock(&event->ctx->work_lock);
    const tmjit_error *failure = event->state == TMJIT_EVENT_DONE ? event->failure : NULL;
    pthread_mutex_unlock(&event->ctx->work_lock);
    return failure ? failure : &none;
}

void tj_event_cancel(tmjit_event *event)
{
    pthread_mutex_lock(&event->ctx->work_lock);
    if (event->state != TMJIT_EVENT_DONE) {
        tjrt_cancel(event->ctx->pool, &event->is_cancelled);
        pthread_cond_signal(&event->queue->wake); /* it may wait for other events */
    }
    pthread_mutex_unlock(&event->ctx->work_lock);
}

/* ---- waiting ------------------------------------------------------------------------- */

static void drop_waiter(tmjit_event *event, tj_waiter *waiter)
{
    tj_waiter **link = &event->waiters;

    while (*link != waiter)
        link = &(*link)->next;
    *link = waiter->next;
}

/* work_lock is held. False when the time was over first. */
static bool await(tmjit_event *event, double timeout_s)
{
    double deadline = timeout_s < 0 ? INFINITY : timeout_s > 0 ? tjrt_now() + timeout_s : 0;
    pthread_cond_t wake;
    tj_waiter waiter = {.next = event->waiters, .wake = &wake};

    if (event->state == TMJIT_EVENT_DONE || timeout_s == 0)
        return event->state == TMJIT_EVENT_DONE;
    tjrt_cond_init(&wake);
    event->waiters = &waiter;
    while (event->state != TMJIT_EVENT_DONE && tjrt_now() < deadline)
        tjrt_cond_wait_until(&wake, &event->ctx->work_lock, deadline);
    drop_waiter(event, &waiter);
    pthread_cond_destroy(&wake);
    return event->state == TMJIT_EVENT_DONE;
}

/* Refuses unless the launch is done. */
static tmjit_status await_done(tmjit_event *event, double timeout_s)
{
    tmjit_context *ctx = event->ctx;

    if (isnan(timeout_s))
        return tj_refuse(ctx, TMJIT_E_INVALID, "timeout_s is not a number");
    pthread_mutex_lock(&ctx->work_lock);
    bool is_own =
        event->state != TMJIT_EVENT_DONE && pthread_equal(event->queue->thread, pthread_self());
    bool is_done = !is_own && await(event, timeout_s);
    pthread_mutex_unlock(&ctx->work_lock);
    if (is_own)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "wait in a callback for a launch that its queue has not ended");
    if (!is_done)
        return tj_refuse(ctx, TMJIT_E_PENDING, "the launch is not done after %g s", timeout_s);
    return TMJIT_OK;
}

tmjit_status tj_event_wait(tmjit_event *event, double timeout_s)
{
    tmjit_status status = await_done(event, timeout_s);

    if (status || !event->failure)
        return status;
    return tj_publish_error(event->ctx, event->failure);
}

tmjit_status tj_events_await(tmjit_context *ctx, const tmjit_launch *launch)
{
    for (size_t i = 0; i < launch->wait_count; i++) {
        tmjit_event *event = launch->waits[i];
        tmjit_status status = await_done(event, -1);
        if (status)
            return status;
        if (event->failure)
            return tj_refuse(ctx, TMJIT_E_CANCELLED,
                             "not run: a launch that it waits for failed: %s",
                             event->failure->message);
    }
    return TMJIT_OK;
}
