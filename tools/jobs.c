/* SPDX-License-Identifier: MIT */
/* Work in pieces: threads take the next piece each; the caller waits for each in order. */
#include "jobs.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct shared {
    const tj_jobs *jobs;
    pthread_mutex_t lock;
    pthread_cond_t has_result;
    size_t next; /* piece that nobody does yet */
    bool *is_done;
    bool is_stopped;
} shared;

/* The number of a piece to do; false: there is none. */
static bool take_piece(shared *s, size_t *index)
{
    pthread_mutex_lock(&s->lock);
    bool is_there = !s->is_stopped && s->next < s->jobs->count;
    if (is_there)
        *index = s->next++;
    pthread_mutex_unlock(&s->lock);
    return is_there;
}

static void *work(void *user)
{
    shared *s = user;
    size_t index;

    while (take_piece(s, &index)) {
        s->jobs->run(s->jobs->user, index);
        pthread_mutex_lock(&s->lock);
        s->is_done[index] = true;
        pthread_cond_signal(&s->has_result);
        pthread_mutex_unlock(&s->lock);
    }
    return NULL;
}

static bool take_results(shared *s)
{
    bool goes_on = true;

    for (size_t i = 0; i < s->jobs->count && goes_on; i++) {
        pthread_mutex_lock(&s->lock);
        while (!s->is_done[i])
            pthread_cond_wait(&s->has_result, &s->lock);
        pthread_mutex_unlock(&s->lock);
        goes_on = s->jobs->take(s->jobs->user, i);
    }
    pthread_mutex_lock(&s->lock);
    s->is_stopped = true;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}

static bool run_alone(const tj_jobs *jobs)
{
    bool goes_on = true;

    for (size_t i = 0; i < jobs->count && goes_on; i++) {
        jobs->run(jobs->user, i);
        goes_on = jobs->take(jobs->user, i);
    }
    return goes_on;
}

bool tj_jobs_run(const tj_jobs *jobs, unsigned thread_count)
{
    shared s = {.jobs = jobs};
    pthread_t *threads = NULL;
    unsigned started = 0;
    bool goes_on;

    if (thread_count > 1) {
        threads = calloc(thread_count, sizeof *threads);
        s.is_done = calloc(jobs->count + 1, sizeof *s.is_done);
    }
    pthread_mutex_init(&s.lock, NULL);
    pthread_cond_init(&s.has_result, NULL);
    if (threads && s.is_done)
        while (started < thread_count && started < jobs->count &&
               !pthread_create(&threads[started], NULL, work, &s))
            started++;
    goes_on = started ? take_results(&s) : run_alone(jobs);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&s.has_result);
    pthread_mutex_destroy(&s.lock);
    free(s.is_done);
    free(threads);
    return goes_on;
}
