/* SPDX-License-Identifier: MIT */
/* Ends launches that run too long. One thread per pool, made by the first launch that has a
 * limit. It sleeps to the deadline it knows and then looks for a later one, so that a
 * launch that ends in time wakes nobody. */
#include "worker.h"

#include <math.h>
#include <time.h>

#ifdef __APPLE__
#define WATCH_CLOCK CLOCK_REALTIME /* no pthread_condattr_setclock there */
#else
#define WATCH_CLOCK CLOCK_MONOTONIC
#endif

static double now(void)
{
    struct timespec time;

    clock_gettime(WATCH_CLOCK, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static struct timespec timespec_of(double seconds)
{
    double whole = floor(seconds);

    if (whole > 1e15)
        return (struct timespec){.tv_sec = (time_t)1e15};
    return (struct timespec){.tv_sec = (time_t)whole,
                             .tv_nsec = (long)((seconds - whole) * 1e9)};
}

static void sleep_to(tjrt_watchdog *watchdog, double deadline)
{
    struct timespec until = timespec_of(deadline);

    watchdog->sleep_until = deadline;
    watchdog->is_sleeping = true;
    pthread_cond_timedwait(&watchdog->wake, &watchdog->lock, &until);
    watchdog->is_sleeping = false;
}

static void *watch(void *argument)
{
    tjrt_watchdog *watchdog = argument;

    pthread_mutex_lock(&watchdog->lock);
    while (!watchdog->is_closing) {
        if (!watchdog->job) {
            sleep_to(watchdog, INFINITY);
        } else if (now() < watchdog->deadline) {
            sleep_to(watchdog, watchdog->deadline);
        } else {
            atomic_store(&watchdog->job->is_timed_out, true);
            tjrt_job_stop(watchdog->job);
            watchdog->job = NULL;
        }
    }
    pthread_mutex_unlock(&watchdog->lock);
    return NULL;
}

void tjrt_watchdog_init(tjrt_watchdog *watchdog)
{
    pthread_condattr_t attributes;

    *watchdog = (tjrt_watchdog){.is_closing = false};
    pthread_mutex_init(&watchdog->lock, NULL);
    pthread_condattr_init(&attributes);
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, WATCH_CLOCK);
#endif
    pthread_cond_init(&watchdog->wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

void tjrt_watchdog_fini(tjrt_watchdog *watchdog)
{
    pthread_mutex_lock(&watchdog->lock);
    watchdog->is_closing = true;
    pthread_cond_signal(&watchdog->wake);
    pthread_mutex_unlock(&watchdog->lock);
    if (watchdog->has_thread)
        pthread_join(watchdog->thread, NULL);
    pthread_cond_destroy(&watchdog->wake);
    pthread_mutex_destroy(&watchdog->lock);
}

bool tjrt_watchdog_arm(tjrt_watchdog *watchdog, tjrt_job *job, double timeout_s)
{
    pthread_mutex_lock(&watchdog->lock);
    watchdog->deadline = now() + timeout_s;
    watchdog->job = job;
    if (!watchdog->has_thread)
        watchdog->has_thread = !pthread_create(&watchdog->thread, NULL, watch, watchdog);
    else if (watchdog->is_sleeping && watchdog->deadline < watchdog->sleep_until)
        pthread_cond_signal(&watchdog->wake);
    if (!watchdog->has_thread)
        watchdog->job = NULL;
    pthread_mutex_unlock(&watchdog->lock);
    return watchdog->has_thread;
}

void tjrt_watchdog_disarm(tjrt_watchdog *watchdog)
{
    pthread_mutex_lock(&watchdog->lock);
    watchdog->job = NULL;
    pthread_mutex_unlock(&watchdog->lock);
}
