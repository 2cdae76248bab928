/* SPDX-License-Identifier: MIT */
/* Ends launches that run too long. One thread per pool, made by the first launch that has a
 * limit. It sleeps to the earliest deadline it knows and then looks for a later one, so that a
 * launch that ends in time wakes nobody. */
#include "worker.h"

#include <math.h>

/* Stops what is over its time; the earliest deadline of the others. */
static double look(tjrt_watchdog *watchdog)
{
    double earliest = INFINITY, time = tjrt_now();
    tjrt_job **link = &watchdog->jobs;

    while (*link) {
        tjrt_job *job = *link;
        if (time < job->deadline) {
            earliest = job->deadline < earliest ? job->deadline : earliest;
            link = &job->next_watched;
            continue;
        }
        *link = job->next_watched;
        job->is_watched = false;
        atomic_store(&job->is_timed_out, true);
        tjrt_job_stop(job);
    }
    return earliest;
}

static void *watch(void *argument)
{
    tjrt_watchdog *watchdog = argument;

    pthread_mutex_lock(&watchdog->lock);
    while (!watchdog->is_closing) {
        watchdog->sleep_until = look(watchdog);
        watchdog->is_sleeping = true;
        tjrt_cond_wait_until(&watchdog->wake, &watchdog->lock, watchdog->sleep_until);
        watchdog->is_sleeping = false;
    }
    pthread_mutex_unlock(&watchdog->lock);
    return NULL;
}

void tjrt_watchdog_init(tjrt_watchdog *watchdog)
{
    *watchdog = (tjrt_watchdog){.is_closing = false};
    pthread_mutex_init(&watchdog->lock, NULL);
    tjrt_cond_init(&watchdog->wake);
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

/* The job is watched until `deadline`, or as before where that is earlier. */
static void watch_job(tjrt_watchdog *watchdog, tjrt_job *job, double deadline)
{
    if (!job->is_watched) {
        job->is_watched = true;
        job->next_watched = watchdog->jobs;
        watchdog->jobs = job;
        job->deadline = deadline;
    } else if (deadline < job->deadline) {
        job->deadline = deadline;
    }
    if (watchdog->is_sleeping && job->deadline < watchdog->sleep_until)
        pthread_cond_signal(&watchdog->wake);
}

bool tjrt_watchdog_arm(tjrt_watchdog *watchdog, tjrt_job *job, double timeout_s)
{
    double deadline = tjrt_now() + timeout_s;

    pthread_mutex_lock(&watchdog->lock);
    if (!watchdog->has_thread)
        watchdog->has_thread = tjrt_thread_start(&watchdog->thread, watch, watchdog);
    bool has_thread = watchdog->has_thread;
    if (has_thread)
        watch_job(watchdog, job, deadline);
    pthread_mutex_unlock(&watchdog->lock);
    return has_thread;
}

void tjrt_watchdog_disarm(tjrt_watchdog *watchdog, tjrt_job *job)
{
    pthread_mutex_lock(&watchdog->lock);
    if (job->is_watched) {
        tjrt_job **link = &watchdog->jobs;
        while (*link != job)
            link = &(*link)->next_watched;
        *link = job->next_watched;
        job->is_watched = false;
    }
    pthread_mutex_unlock(&watchdog->lock);
}
