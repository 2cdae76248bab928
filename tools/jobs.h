/* SPDX-License-Identifier: MIT */
/* Work in pieces by several threads, whose results are taken in order. */
#ifndef TJ_TOOL_JOBS_H
#define TJ_TOOL_JOBS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tj_jobs {
    size_t count;
    /* Does one piece, in any thread, several at the same time. */
    void (*run)(void *user, size_t index);
    /* Takes its result, piece after piece, in the calling thread; false: no further ones. */
    bool (*take)(void *user, size_t index);
    void *user;
} tj_jobs;

/* Does the pieces by `thread_count` threads, or by fewer when the system gives no more; one is
 * the caller itself. Returns when no piece is being done. False: take has said so. */
bool tj_jobs_run(const tj_jobs *jobs, unsigned thread_count);

#endif
