/* SPDX-License-Identifier: MIT */
/* Shared by the runtime's own files: a worker, the launch it works on, the pool.
 *
 * A worker is a seat: one frame, one block of threadgroup memory and one arena of coroutine
 * frames, for one thread at a time. A job is a launch in progress; it lives on the stack of
 * tjrt_run. Nobody runs a kernel without a seat, and there are as many as the pool was asked
 * to have threads: that bounds how many threads run, however many callers launch at once.
 */
#ifndef TJRT_WORKER_H
#define TJRT_WORKER_H

#include "runtime.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

enum { TJRT_MEMORY_ALIGN = 64 };
#define TJRT_NO_SITE UINT32_MAX

typedef struct tjrt_chunk tjrt_chunk;

/* Coroutine frames of one threadgroup. Chunks are kept for the next threadgroup. */
typedef struct tjrt_frames {
    tjrt_chunk *first;
    tjrt_chunk *current;     /* NULL: nothing taken since the rewind */
    uint64_t total_byte_len; /* of all chunks */
} tjrt_frames;

typedef struct tjrt_job {
    const tjrt_launch *launch;
    tjrt_pool *pool;
    unsigned worker_count; /* of the pool: how chunks are cut */
    unsigned helper_limit; /* most helpers that are of use */
    uint32_t group_count[3];
    uint64_t group_total;
    _Atomic uint64_t next_group;  /* first threadgroup that nobody has */
    _Atomic uint64_t fault_chunk; /* where that of `fault` begins; UINT64_MAX: none */
    _Atomic bool is_timed_out;    /* set by the watchdog */
    _Atomic bool is_cut;          /* a worker left with threadgroups not run */
    /* under the pool's lock */
    tjrt_fault fault;              /* of the earliest chunk that had one */
    struct tjrt_job *next;         /* of the jobs that run */
    _Atomic unsigned helper_count; /* inside; the caller spins on it */
    bool is_stopped;               /* workers that come later stop too */
    bool is_awaited;               /* the caller sleeps until its helpers are out */
    /* under the watchdog's lock */
    bool is_watched;
    struct tjrt_job *next_watched;
    double deadline; /* monotonic clock, seconds */
} tjrt_job;

typedef struct tjrt_worker {
    tjrt_frame frame;
    tjrt_job *job;          /* written under the pool's lock; NULL: none */
    bool is_taken;          /* under the pool's lock */
    bool is_helper;         /* leaves its job when a caller waits for a seat */
    _Atomic uint64_t chunk; /* where that in progress begins, or an earlier one of the job */
    jmp_buf escape;         /* back to the worker's loop, past generated code */
    tjrt_frames frames;
    uint8_t *memory; /* static threadgroup variables, threadgroup arguments, private memory */
    uint64_t memory_cap;
    uint64_t threadgroup_byte_len; /* leading part of `memory` in this launch */
    uint64_t private_byte_len;
    tjrt_buffer *buffers; /* the launch's, with threadgroup arguments filled in */
    unsigned buffer_cap;
    tjrt_wait waits[TJRT_MAX_SLICES];
    void *handles[TJRT_MAX_SLICES];
    uint16_t order[TJRT_MAX_SLICES];
    uint64_t order_seed; /* of this phase; 0: in order */
} tjrt_worker;

/* ---- launch.c ------------------------------------------------------------------------ */

/* Takes threadgroups of `worker->job` until none is left or the frame is told to stop. */
void tjrt_worker_run(tjrt_worker *worker);
void tjrt_worker_fini(tjrt_worker *worker);

/* ---- threadgroup.c ------------------------------------------------------------------- */

/* Runs the frame's threadgroup as coroutines, phase by phase between barriers. */
/* Makes the order in which the slices of threadgroup `group` have their turns. */
void tjrt_begin_order(tjrt_worker *worker, uint64_t group);
void tjrt_run_slices(tjrt_worker *worker, tjrt_slice_fn *start, uint64_t group);

/* ---- frames.c ------------------------------------------------------------------------ */

void tjrt_frames_rewind(tjrt_frames *frames);
void tjrt_frames_fini(tjrt_frames *frames);

/* ---- trap.c -------------------------------------------------------------------------- */

/* Tells every worker of the job to stop at its next poll. */
void tjrt_job_stop(tjrt_job *job);
void tjrt_job_stop_locked(tjrt_job *job); /* the pool's lock is held */
bool tjrt_frame_is_stopped(tjrt_frame *frame);
/* Records `fault` with the place of thread `thread` of the frame's threadgroup, unless an
 * earlier threadgroup has one, stops the workers with later ones and leaves generated code. */
_Noreturn void tjrt_trap(tjrt_frame *frame, uint32_t thread, const tjrt_fault *fault);
/* The same for a fault that no thread of the kernel caused; returns. */
void tjrt_job_fail(tjrt_job *job, tjrt_end end);

/* ---- order.c ------------------------------------------------------------------------- */

uint64_t tjrt_mix(uint64_t x);
/* Image of `index` under a permutation of 0..count-1 that `seed` chooses. */
uint64_t tjrt_permute(uint64_t index, uint64_t count, uint64_t seed);
/* Fills `order` with 0..count-1, in order for seed 0, else shuffled. */
void tjrt_shuffle(uint16_t *order, unsigned count, uint64_t seed);

/* ---- flush.c ------------------------------------------------------------------------- */

/* Sets this thread's floating-point control register to round to nearest, no traps,
 * subnormals kept or flushed; returns the old one. */
uint64_t tjrt_fp_enter(bool flush_subnormals);
void tjrt_fp_leave(uint64_t saved);

/* ---- watchdog.c ---------------------------------------------------------------------- */

typedef struct tjrt_watchdog {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool has_thread, is_closing, is_sleeping;
    double sleep_until; /* when the thread looks again unless it is woken */
    tjrt_job *jobs;     /* that have a limit */
} tjrt_watchdog;

void tjrt_watchdog_init(tjrt_watchdog *watchdog);
void tjrt_watchdog_fini(tjrt_watchdog *watchdog);
/* Stops the job after that time, or when it was to stop before if that is earlier. False when
 * the thread cannot be made. */
bool tjrt_watchdog_arm(tjrt_watchdog *watchdog, tjrt_job *job, double timeout_s);
/* Of any job, watched or not. */
void tjrt_watchdog_disarm(tjrt_watchdog *watchdog, tjrt_job *job);

/* ---- workers.c ----------------------------------------------------------------------- */

typedef struct tjrt_waiter tjrt_waiter; /* a caller without a seat */

struct tjrt_pool {
    tjrt_watchdog watchdog;
    tjrt_worker *workers; /* the seats; a thread prefers the one of its own number, callers 0 */
    pthread_t *threads;   /* helpers, from 1 */
    unsigned thread_count, started_count;
    _Atomic uint64_t ticket;       /* raised when helpers may find work */
    _Atomic unsigned waiter_count; /* callers that wait for a seat */
    _Atomic bool is_closing;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t wake, left;
    unsigned sleeper_count, free_count;
    tjrt_job *jobs;
    tjrt_waiter *first_waiter;
};

/* Waits for a seat, makes `job` known to helpers and wakes as many as it can use. */
tjrt_worker *tjrt_pool_enter(tjrt_pool *pool, tjrt_job *job);
/* Gives the seat back and waits until the helpers of the job are out. */
void tjrt_pool_leave(tjrt_pool *pool, tjrt_job *job, tjrt_worker *worker);

#endif
