/* SPDX-License-Identifier: MIT */
/* One thread that wakes each second. */
#include "progress.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct tj_progress {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool has_ended; /* under lock */
};

static void *show_seconds(void *data)
{
    tj_progress *progress = data;
    struct timespec next;
    unsigned second_count = 0;

    clock_gettime(CLOCK_REALTIME, &next);
    pthread_mutex_lock(&progress->lock);
    while (!progress->has_ended) {
        next.tv_sec++;
        while (!progress->has_ended &&
               pthread_cond_timedwait(&progress->wake, &progress->lock, &next) == 0)
            continue; /* woken without reason */
        if (!progress->has_ended)
            fprintf(stderr, "\rrunning... %u s", ++second_count);
    }
    pthread_mutex_unlock(&progress->lock);
    if (second_count)
        fputs("\r\x1b[K", stderr); /* erase the line */
    return NULL;
}

tj_progress *tj_progress_start(void)
{
    if (!isatty(STDERR_FILENO))
        return NULL;
    tj_progress *progress = calloc(1, sizeof *progress);
    if (!progress)
        return NULL;
    pthread_mutex_init(&progress->lock, NULL);
    pthread_cond_init(&progress->wake, NULL);
    if (pthread_create(&progress->thread, NULL, show_seconds, progress) == 0)
        return progress;
    free(progress);
    return NULL;
}

void tj_progress_stop(tj_progress *progress)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->has_ended = true;
    pthread_cond_signal(&progress->wake);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->thread, NULL);
    pthread_cond_destroy(&progress->wake);
    pthread_mutex_destroy(&progress->lock);
    free(progress);
}
