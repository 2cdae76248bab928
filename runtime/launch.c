/* SPDX-License-Identifier: MIT */
/* A launch: the grid is cut into threadgroups as Metal's dispatchThreads does (smaller ones
 * at the far edges), workers take chunks of them from one counter. */
#include "worker.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CHUNK = 512 }; /* threadgroups that a worker takes at once */

/* A launch streams when its buffers hold more than a core finds in its caches and its threads
 * are enough to write a good part of that: kernels of a small grid on a large block of memory
 * leave their results near. */
enum { STREAM_THREADS = 1 << 21, LINE_BYTES = 64 };
#define STREAM_BYTES (UINT64_C(32) << 20)

static uint64_t round_up(uint64_t value, uint64_t step)
{
    return (value + step - 1) / step * step;
}

/* Static variables first, then arguments, each at a multiple of 16 bytes (Metal,
 * setThreadgroupMemoryLength:atIndex:). */
static uint64_t threadgroup_byte_len(const tjrt_launch *launch)
{
    uint64_t total = round_up(launch->static_threadgroup_byte_len, 16);

    for (unsigned i = 0; i < launch->buffer_count; i++)
        if (launch->is_threadgroup && launch->is_threadgroup[i])
            total += round_up(launch->buffers[i].byte_len, 16);
    return round_up(total, TJRT_MEMORY_ALIGN);
}

static bool reserve_memory(tjrt_worker *worker, uint64_t byte_len)
{
    if (byte_len <= worker->memory_cap)
        return true;
    free(worker->memory);
    worker->memory_cap = 0;
    worker->memory = aligned_alloc(TJRT_MEMORY_ALIGN, round_up(byte_len, TJRT_MEMORY_ALIGN));
    if (worker->memory)
        worker->memory_cap = byte_len;
    return worker->memory;
}

static bool reserve_buffers(tjrt_worker *worker, unsigned count)
{
    if (count <= worker->buffer_cap)
        return true;
    free(worker->buffers);
    worker->buffer_cap = 0;
    worker->buffers = calloc(count, sizeof *worker->buffers);
    if (worker->buffers)
        worker->buffer_cap = count;
    return worker->buffers;
}

static void bind_buffers(tjrt_worker *worker, const tjrt_launch *launch)
{
    uint8_t *threadgroup_arg =
        worker->memory + round_up(launch->static_threadgroup_byte_len, 16);

    for (unsigned i = 0; i < launch->buffer_count; i++) {
        worker->buffers[i] = launch->buffers[i];
        if (launch->is_threadgroup && launch->is_threadgroup[i]) {
            worker->buffers[i].data = threadgroup_arg;
            threadgroup_arg += round_up(launch->buffers[i].byte_len, 16);
        }
    }
}

/* Which bits of an address keep a store in the caches: those that say it begins no line, or,
 * as no buffer begins at a multiple of 4 GiB, all. */
static uint32_t near_bits(const tjrt_launch *launch)
{
    double threads = (double)launch->grid[0] * launch->grid[1] * launch->grid[2];
    uint64_t byte_len = 0;

    for (unsigned i = 0; i < launch->buffer_count; i++)
        if (!launch->is_threadgroup || !launch->is_threadgroup[i])
            byte_len += launch->buffers[i].byte_len;
    return threads >= STREAM_THREADS && byte_len >= STREAM_BYTES ? LINE_BYTES - 1 : UINT32_MAX;
}

/* Makes stores around the caches seen by all before the launch ends. */
static void finish_streams(void)
{
#if defined __x86_64__
    __builtin_ia32_sfence();
#else
    atomic_thread_fence(memory_order_seq_cst);
#endif
}

/* Gets the worker's memory and frame ready for the job; false without memory. */
static bool prepare(tjrt_worker *worker)
{
    const tjrt_job *job = worker->job;
    const tjrt_launch *launch = job->launch;
    tjrt_frame *frame = &worker->frame;

    worker->threadgroup_byte_len = threadgroup_byte_len(launch);
    worker->private_byte_len = round_up(launch->private_byte_len, TJRT_MEMORY_ALIGN);
    uint64_t byte_len = worker->threadgroup_byte_len + worker->private_byte_len;
    /* One byte more than nothing, so that an empty block has an address too. */
    if (!reserve_memory(worker, byte_len + 1) ||
        !reserve_buffers(worker, launch->buffer_count + 1))
        return false;
    memset(worker->memory, 0, worker->threadgroup_byte_len);
    bind_buffers(worker, launch);

    frame->buffers = worker->buffers;
    frame->threadgroup_memory = worker->memory;
    frame->private_memory = worker->memory + worker->threadgroup_byte_len;
    frame->worker = worker;
    frame->waits = worker->waits;
    frame->order = worker->order;
    frame->is_shuffled = launch->order_seed != 0;
    for (unsigned s = 0; s < TJRT_MAX_SLICES; s++)
        worker->order[s] = (uint16_t)s;
    frame->near_bits = near_bits(launch);
    memcpy(frame->group_count, job->group_count, sizeof frame->group_count);
    memcpy(frame->grid_size, launch->grid, sizeof frame->grid_size);
    memcpy(frame->dispatch_size, launch->threadgroup, sizeof frame->dispatch_size);
    return true;
}

/* Position of a threadgroup by number. 64-bit divisions: once per chunk, not per group. */
static void place_at(tjrt_frame *frame, uint64_t group)
{
    frame->group_pos[0] = (uint32_t)(group % frame->group_count[0]);
    group /= frame->group_count[0];
    frame->group_pos[1] = (uint32_t)(group % frame->group_count[1]);
    frame->group_pos[2] = (uint32_t)(group / frame->group_count[1]);
}

static void place_behind(tjrt_frame *frame)
{
    for (unsigned d = 0; d < 3; d++) {
        if (++frame->group_pos[d] < frame->group_count[d])
            return;
        frame->group_pos[d] = 0;
    }
}

/* Fills the actual size; true when the threadgroup is a whole one. */
static bool fill_size(tjrt_frame *frame, unsigned lanes)
{
    bool is_whole = true;

    for (unsigned d = 0; d < 3; d++) {
        uint32_t dispatched = frame->dispatch_size[d];
        uint32_t rest = frame->grid_size[d] - frame->group_pos[d] * dispatched;
        frame->group_size[d] = rest < dispatched ? rest : dispatched;
        is_whole = is_whole && rest >= dispatched;
    }
    frame->thread_count = frame->group_size[0] * frame->group_size[1] * frame->group_size[2];
    /* lanes divides 32: the remainder is a mask. */
    return is_whole && !(frame->thread_count & (lanes - 1));
}

/* Runs the threadgroup at the frame's position. */
static void run_group(tjrt_worker *worker, uint64_t group)
{
    const tjrt_launch *launch = worker->job->launch;
    const tjrt_code *code =
        fill_size(&worker->frame, launch->lanes) ? &launch->full : &launch->ragged;

    if (code->group) {
        if (launch->order_seed)
            tjrt_begin_order(worker, group);
        code->group(&worker->frame);
        return;
    }
    tjrt_run_slices(worker, code->slice, group);
}

/* Runs threadgroups [begin, end) of the launch's order; false when told to stop before. */
static bool run_chunk(tjrt_worker *worker, uint64_t begin, uint64_t end)
{
    tjrt_job *job = worker->job;
    uint64_t seed = job->launch->order_seed;

    for (uint64_t i = begin; i < end; i++) {
        uint64_t group = seed ? tjrt_permute(i, job->group_total, seed) : i;
        if (tjrt_frame_is_stopped(&worker->frame)) {
            atomic_store(&job->is_cut, true);
            return false;
        }
        if (seed || i == begin)
            place_at(&worker->frame, group);
        else
            place_behind(&worker->frame);
        run_group(worker, group);
    }
    return true;
}

/* Guided chunks: large while much is left, so that the counter is cold, single threadgroups
 * at the end, so that workers end together (Polychronopoulos and Kuck, "Guided
 * Self-Scheduling", IEEE Trans. Computers, 1987). */
static uint64_t chunk_of(const tjrt_job *job, uint64_t rest)
{
    uint64_t chunk = rest / (4 * (uint64_t)job->worker_count);

    return chunk < 1 ? 1 : chunk > MAX_CHUNK ? MAX_CHUNK : chunk;
}

/* A helper leaves early for a caller that has no seat yet. */
static bool is_wanted_elsewhere(const tjrt_worker *worker)
{
    return worker->is_helper &&
           atomic_load_explicit(&worker->job->pool->waiter_count, memory_order_relaxed);
}

static void run_groups(tjrt_worker *worker)
{
    tjrt_job *job = worker->job;
    uint64_t begin = atomic_load_explicit(&job->next_group, memory_order_relaxed);

    while (begin < job->group_total && !is_wanted_elsewhere(worker)) {
        uint64_t end = begin + chunk_of(job, job->group_total - begin);
        if (!atomic_compare_exchange_weak_explicit(&job->next_group, &begin, end,
                                                   memory_order_relaxed, memory_order_relaxed))
            continue;
        /* In this order, as a fault is made known before it is looked who is behind it: either
         * that worker sees this chunk or this one sees the fault. */
        atomic_store(&worker->chunk, begin);
        if (begin > atomic_load(&job->fault_chunk) || !run_chunk(worker, begin, end))
            return;
        begin = atomic_load_explicit(&job->next_group, memory_order_relaxed);
    }
}

void tjrt_worker_run(tjrt_worker *worker)
{
    uint64_t saved;

    if (!prepare(worker)) {
        tjrt_job_fail(worker->job, TJRT_END_MEMORY);
        return;
    }
    saved = tjrt_fp_enter(worker->job->launch->flush_subnormals);
    /* One jump target per launch, not per threadgroup: a fault ends the worker's part. */
    if (!_setjmp(worker->escape))
        run_groups(worker);
    finish_streams();
    tjrt_fp_leave(saved);
}

void tjrt_worker_fini(tjrt_worker *worker)
{
    tjrt_frames_fini(&worker->frames);
    free(worker->memory);
    free(worker->buffers);
}

/* With a single threadgroup nobody else is woken. */
static unsigned helpers_for(const tjrt_job *job)
{
    uint64_t wanted = job->group_total - 1;

    return (unsigned)(wanted < job->worker_count - 1 ? wanted : job->worker_count - 1);
}

static void init_job(tjrt_job *job, const tjrt_launch *launch, tjrt_pool *pool)
{
    job->launch = launch;
    job->pool = pool;
    job->worker_count = pool->thread_count;
    job->fault_chunk = UINT64_MAX;
    job->group_total = 1;
    for (unsigned d = 0; d < 3; d++) {
        uint64_t grid = launch->grid[d], size = launch->threadgroup[d];
        job->group_count[d] = (uint32_t)((grid + size - 1) / size);
        job->group_total *= job->group_count[d];
    }
    job->helper_limit = job->group_total ? helpers_for(job) : 0;
}

static void run_job(tjrt_job *job)
{
    tjrt_pool *pool = job->pool;
    double timeout_s = job->launch->timeout_s;
    tjrt_worker *worker = tjrt_pool_enter(pool, job);
    bool has_limit = timeout_s > 0;

    if (has_limit && !tjrt_watchdog_arm(&pool->watchdog, job, timeout_s))
        tjrt_job_fail(job, TJRT_END_THREAD);
    tjrt_worker_run(worker);
    tjrt_pool_leave(pool, job, worker);
    if (has_limit || job->fault.end != TJRT_END_OK)
        tjrt_watchdog_disarm(&pool->watchdog, job);
    if (atomic_load(&job->is_cut)) /* by a limit or from outside, unless a fault came first */
        tjrt_job_fail(job,
                      atomic_load(&job->is_timed_out) ? TJRT_END_TIMEOUT : TJRT_END_CANCELLED);
}

tjrt_end tjrt_run(tjrt_pool *pool, const tjrt_launch *launch, tjrt_fault *fault)
{
    tjrt_job job = {0};

    init_job(&job, launch, pool);
    if (job.group_total)
        run_job(&job);
    *fault = job.fault;
    return fault->end;
}
