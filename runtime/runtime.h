/* SPDX-License-Identifier: MIT */
/* Launches: a pool of workers, a launch description, and how it ended. */
#ifndef TJRT_RUNTIME_H
#define TJRT_RUNTIME_H

#include "abi.h"

#include <pthread.h>
#include <stddef.h>

typedef struct tjrt_pool tjrt_pool;

/* thread_count 0: one per core this process may use. NULL when threads cannot be made. The
 * pool's threads sleep between launches; a caller works on its own launch. */
tjrt_pool *tjrt_pool_create(unsigned thread_count);
void tjrt_pool_destroy(tjrt_pool *pool);
unsigned tjrt_pool_thread_count(const tjrt_pool *pool);

/* Code of one pipeline. Either group or slice is set, for each variant. */
typedef struct tjrt_code {
    tjrt_group_fn *group; /* whole threadgroup, no barriers */
    tjrt_slice_fn *slice; /* one slice, coroutine */
} tjrt_code;

typedef struct tjrt_launch {
    tjrt_code full;   /* for threadgroups of exactly threadgroup[] threads, a multiple of lanes */
    tjrt_code ragged; /* for all others; may be empty when there are none */
    unsigned lanes;   /* W */
    uint32_t grid[3];        /* threads */
    uint32_t threadgroup[3]; /* threads, as dispatched */
    const tjrt_buffer *buffers; /* by parameter; data of threadgroup arguments is ignored */
    unsigned buffer_count;
    const tjrt_buffer *resident; /* what pointers of unknown origin may reach beside them */
    unsigned resident_count;
    const uint8_t *is_threadgroup; /* by parameter: 1 = byte_len bytes of threadgroup memory */
    uint64_t static_threadgroup_byte_len;
    uint64_t private_byte_len;
    bool flush_subnormals;
    double timeout_s; /* 0: none */
    uint64_t order_seed; /* 0: SIMD-groups and threadgroups in order; else a seeded order */
    const _Atomic bool *is_cancelled; /* for tjrt_cancel; may be NULL */
} tjrt_launch;

typedef enum tjrt_end {
    TJRT_END_OK,
    TJRT_END_BOUNDS,
    TJRT_END_DIVERGED,
    TJRT_END_TRAP,
    TJRT_END_TIMEOUT,
    TJRT_END_MEMORY,
    TJRT_END_THREAD, /* the watchdog's cannot be started */
    TJRT_END_CANCELLED
} tjrt_end;

/* What stopped a launch: the first failing thread of the first failing threadgroup, in the order
 * in which threadgroups are taken. Where earlier ones wait for those that were stopped, they go
 * on for a second at most. */
typedef struct tjrt_fault {
    tjrt_end end;
    uint32_t site;       /* index into the pipeline's sites; UINT32_MAX unknown */
    uint32_t other_site; /* second barrier of a divergence; UINT32_MAX: that thread has ended */
    uint32_t group_pos[3];
    uint32_t thread_in_group[3];
    uint32_t thread_in_grid[3];
    int32_t param;      /* as in tjrt_access */
    uint32_t origin;    /* for param -3: number of the region; 0: unknown */
    uint64_t offset;    /* bytes from the start of the region; an address where it is unknown */
    uint64_t byte_len;  /* bytes accessed */
    uint64_t region_byte_len;
    bool is_store;
} tjrt_fault;

/* Runs the whole grid; returns when every worker has stopped. `fault` is always filled.
 * Thread-safe. Launches on one pool share its threads: never more than its number run, and a
 * launch begins as soon as a worker of another one has ended its chunk of threadgroups. */
tjrt_end tjrt_run(tjrt_pool *pool, const tjrt_launch *launch, tjrt_fault *fault);
/* Sets the flag; the launch that has it stops at its next poll, one that has not begun yet
 * ends without running. */
void tjrt_cancel(tjrt_pool *pool, _Atomic bool *is_cancelled);

/* A place among the threads of a pool for work of another kind: waits until one is free. */
struct tjrt_worker *tjrt_seat_take(tjrt_pool *pool);
void tjrt_seat_give(tjrt_pool *pool, struct tjrt_worker *seat);

/* ---- thread.c ------------------------------------------------------------------------ */

/* Starts a thread that has room for a kernel's private arrays and takes no signals. */
bool tjrt_thread_start(pthread_t *out, void *(*run)(void *argument), void *argument);

/* ---- clock.c ------------------------------------------------------------------------- */

double tjrt_now(void); /* seconds on a clock that never goes back */
/* A condition whose time limits are on that clock. */
void tjrt_cond_init(pthread_cond_t *cond);
/* Waits for a signal, at most until `deadline`, which may be INFINITY. */
void tjrt_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, double deadline);

#endif
