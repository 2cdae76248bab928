/* SPDX-License-Identifier: MIT */
/* The clock of time limits, and conditions that wait on it. */
#include "runtime.h"

#include <math.h>
#include <time.h>

#ifdef __APPLE__
#define WAIT_CLOCK CLOCK_REALTIME /* no pthread_condattr_setclock there */
#else
#define WAIT_CLOCK CLOCK_MONOTONIC
#endif

double tjrt_now(void)
{
    struct timespec time;

    clock_gettime(WAIT_CLOCK, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void tjrt_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, WAIT_CLOCK);
#endif
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

void tjrt_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, double deadline)
{
    double whole = floor(deadline);

    if (whole > 1e15) {
        pthread_cond_wait(cond, lock);
        return;
    }
    struct timespec until = {.tv_sec = (time_t)whole,
                             .tv_nsec = (long)((deadline - whole) * 1e9)};
    pthread_cond_timedwait(cond, lock, &until);
}
