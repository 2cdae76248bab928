/* SPDX-License-Identifier: MIT */
/* Faults of generated code: a worker records its fault and jumps back to its loop. Workers with
 * later threadgroups stop; those with earlier ones go on, so that the fault of the first
 * threadgroup in the launch's order is reported however many workers there are. Generated
 * code owns nothing that a jump could leak: its memory is the worker's. */
#include "worker.h"

/* How long earlier threadgroups go on at most: one may wait for another that was stopped. */
#define GRACE_S 1.0

/* The flag is polled by generated code with plain volatile loads. */
static void set_stop(tjrt_frame *frame)
{
    __atomic_store_n(&frame->stop, 1, __ATOMIC_RELAXED);
}

bool tjrt_frame_is_stopped(tjrt_frame *frame)
{
    return __atomic_load_n(&frame->stop, __ATOMIC_RELAXED);
}

void tjrt_job_stop_locked(tjrt_job *job)
{
    tjrt_pool *pool = job->pool;

    job->is_stopped = true;
    for (unsigned i = 0; i < pool->thread_count; i++)
        if (pool->workers[i].job == job)
            set_stop(&pool->workers[i].frame);
}

void tjrt_job_stop(tjrt_job *job)
{
    pthread_mutex_lock(&job->pool->lock);
    tjrt_job_stop_locked(job);
    pthread_mutex_unlock(&job->pool->lock);
}

void tjrt_job_fail(tjrt_job *job, tjrt_end end)
{
    pthread_mutex_lock(&job->pool->lock);
    if (job->fault.end == TJRT_END_OK)
        job->fault = (tjrt_fault){.end = end, .site = TJRT_NO_SITE, .other_site = TJRT_NO_SITE};
    tjrt_job_stop_locked(job);
    pthread_mutex_unlock(&job->pool->lock);
}

/* Stops the workers behind the fault; true when another is before it, or may be. */
static bool stop_later(tjrt_job *job, const tjrt_worker *self)
{
    uint64_t fault_chunk = atomic_load(&job->fault_chunk);
    bool is_any_earlier = false;

    for (unsigned i = 0; i < job->pool->thread_count; i++) {
        tjrt_worker *worker = &job->pool->workers[i];
        if (worker == self || worker->job != job)
            continue;
        if (atomic_load(&worker->chunk) > fault_chunk)
            set_stop(&worker->frame);
        else
            is_any_earlier = true;
    }
    return is_any_earlier;
}

static void fill_place(tjrt_fault *fault, const tjrt_frame *frame, uint32_t thread)
{
    uint32_t width = frame->group_size[0], height = frame->group_size[1];
    uint32_t pos[3] = {thread % width, thread / width % height, thread / width / height};

    for (unsigned d = 0; d < 3; d++) {
        fault->group_pos[d] = frame->group_pos[d];
        fault->thread_in_group[d] = pos[d];
        fault->thread_in_grid[d] = frame->group_pos[d] * frame->dispatch_size[d] + pos[d];
    }
}

/* Records the fault unless one of an earlier chunk is known or all were told to stop; true when
 * earlier threadgroups still run. The pool's lock is held. */
static bool record(tjrt_frame *frame, uint32_t thread, const tjrt_fault *fault)
{
    const tjrt_worker *worker = frame->worker;
    tjrt_job *job = worker->job;
    uint64_t chunk = atomic_load(&worker->chunk);

    if (job->fault.end == TJRT_END_OK ||
        (!job->is_stopped && chunk < atomic_load(&job->fault_chunk))) {
        job->fault = *fault;
        fill_place(&job->fault, frame, thread);
        atomic_store(&job->fault_chunk, chunk);
    }
    return stop_later(job, worker);
}

void tjrt_trap(tjrt_frame *frame, uint32_t thread, const tjrt_fault *fault)
{
    tjrt_job *job = frame->worker->job;

    pthread_mutex_lock(&job->pool->lock);
    bool is_any_earlier = record(frame, thread, fault);
    pthread_mutex_unlock(&job->pool->lock);
    if (is_any_earlier && !tjrt_watchdog_arm(&job->pool->watchdog, job, GRACE_S))
        tjrt_job_stop(job);
    _longjmp(frame->worker->escape, 1);
}

static uint32_t first_thread(const tjrt_frame *frame, uint32_t slice, uint32_t lane_mask)
{
    uint32_t lane = 0;

    while (lane < 31 && !(lane_mask >> lane & 1))
        lane++;
    return slice * frame->worker->job->launch->lanes + (lane_mask ? lane : 0);
}

static _Noreturn void trap_at(tjrt_frame *frame, uint32_t slice, tjrt_end end, uint32_t site,
                              uint32_t lane_mask)
{
    tjrt_fault fault = {.end = end, .site = site, .other_site = TJRT_NO_SITE};

    tjrt_trap(frame, first_thread(frame, slice, lane_mask), &fault);
}

void tjrt_trap_diverged(tjrt_frame *frame, uint32_t slice, uint32_t site, uint32_t lane_mask)
{
    trap_at(frame, slice, TJRT_END_DIVERGED, site, lane_mask);
}

void tjrt_trap_user(tjrt_frame *frame, uint32_t slice, uint32_t site, uint32_t lane_mask)
{
    trap_at(frame, slice, TJRT_END_TRAP, site, lane_mask);
}

void tjrt_trap_timeout(tjrt_frame *frame, uint32_t slice, uint32_t site)
{
    bool is_timed_out = atomic_load(&frame->worker->job->is_timed_out);

    trap_at(frame, slice, is_timed_out ? TJRT_END_TIMEOUT : TJRT_END_CANCELLED, site, 1);
}
