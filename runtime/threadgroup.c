/* SPDX-License-Identifier: MIT */
/* A threadgroup whose kernel has barriers: every slice is a coroutine that suspends at a
 * barrier. Start all, then resume all, until all have ended. Between two phases every
 * SIMD-group must stand at the same barrier with all of its threads that may reach one,
 * or have ended. Slices of less than a SIMD-group never end one by one: see tj_host_lanes. */
#include "worker.h"

typedef void resume_fn(void *handle);

/* LLVM, "Coroutines in LLVM", switched-resume lowering: the first word of the frame is the
 * resume function, null at the final suspend point. */
static resume_fn *resume_of(void *handle)
{
    return *(resume_fn **)handle;
}

static bool has_ended(const tjrt_worker *worker, unsigned slice)
{
    return !resume_of(worker->handles[slice]);
}

static _Noreturn void trap_diverged(tjrt_worker *worker, unsigned slice, uint32_t other_site)
{
    unsigned lanes = worker->job->launch->lanes, lane = 0;
    tjrt_wait wait = worker->waits[slice];
    tjrt_fault fault = {.end = TJRT_END_DIVERGED, .site = wait.site, .other_site = other_site};

    while (lane + 1 < lanes && !(wait.lane_mask >> lane & 1))
        lane++;
    tjrt_trap(&worker->frame, slice * lanes + lane, &fault);
}

static uint32_t full_mask(const tjrt_worker *worker, unsigned slice)
{
    unsigned lanes = worker->job->launch->lanes;
    unsigned rest = worker->frame.thread_count - slice * lanes;

    if (rest > lanes)
        rest = lanes;
    return rest >= 32 ? UINT32_MAX : (UINT32_C(1) << rest) - 1;
}

/* Checks the SIMD-group made of slices [begin, end). Returns a slice that waits, or UINT_MAX
 * when all have ended. */
static unsigned check_simd_group(tjrt_worker *worker, unsigned begin, unsigned end)
{
    unsigned waiting = UINT32_MAX, ended_count = 0;

    for (unsigned s = begin; s < end; s++) {
        if (has_ended(worker, s))
            ended_count++;
        else if (waiting == UINT32_MAX)
            waiting = s;
    }
    if (waiting == UINT32_MAX)
        return waiting;
    for (unsigned s = begin; s < end; s++) {
        if (has_ended(worker, s))
            continue;
        if (ended_count || worker->waits[s].lane_mask != full_mask(worker, s) ||
            worker->waits[s].site != worker->waits[waiting].site)
            trap_diverged(worker, waiting, TJRT_NO_SITE);
    }
    return waiting;
}

/* Bits in which what a slice waits for differs. */
static uint32_t differ(tjrt_wait wait, uint32_t site, uint32_t lane_mask)
{
    return (wait.site ^ site) | (wait.lane_mask ^ lane_mask);
}

/* The usual case, in one pass: every slice waits at the same barrier with all its threads. */
static bool all_wait_together(const tjrt_worker *worker, unsigned slice_count)
{
    const tjrt_wait *waits = worker->waits;
    uint32_t site = waits[0].site, full = full_mask(worker, 0);
    unsigned last = slice_count - 1;
    uint32_t apart = differ(waits[last], site, full_mask(worker, last));

    for (unsigned s = 0; s < last; s++)
        apart |= differ(waits[s], site, full);
    return !apart && site != TJRT_NO_SITE;
}

/* False when every SIMD-group has ended. */
static bool check_phase(tjrt_worker *worker, unsigned slice_count)
{
    unsigned step = TJRT_SIMD_WIDTH / worker->job->launch->lanes, waiting = UINT32_MAX;

    for (unsigned begin = 0; begin < slice_count; begin += step) {
        unsigned end = begin + step < slice_count ? begin + step : slice_count;
        unsigned slice = check_simd_group(worker, begin, end);
        if (slice == UINT32_MAX)
            continue;
        if (waiting == UINT32_MAX)
            waiting = slice;
        else if (worker->waits[slice].site != worker->waits[waiting].site)
            trap_diverged(worker, waiting, worker->waits[slice].site);
    }
    return waiting != UINT32_MAX;
}

/* A slice that ends waits for nothing. */
static void resume_all(tjrt_worker *worker, unsigned slice_count)
{
    for (unsigned i = 0; i < slice_count; i++) {
        unsigned slice = worker->order[i];
        void *handle = worker->handles[slice];
        resume_fn *resume = resume_of(handle);
        worker->waits[slice].site = TJRT_NO_SITE;
        if (resume)
            resume(handle);
    }
}

static unsigned count_slices(const tjrt_worker *worker)
{
    unsigned lanes = worker->job->launch->lanes;

    return (worker->frame.thread_count + lanes - 1) / lanes;
}

void tjrt_begin_order(tjrt_worker *worker, uint64_t group)
{
    uint64_t seed = worker->job->launch->order_seed;

    worker->order_seed = seed ? tjrt_mix(seed ^ tjrt_mix(group)) : 0;
    tjrt_shuffle(worker->order, count_slices(worker), worker->order_seed);
}

void tjrt_next_order(tjrt_frame *frame)
{
    tjrt_worker *worker = frame->worker;

    worker->order_seed = tjrt_mix(worker->order_seed);
    tjrt_shuffle(worker->order, count_slices(worker), worker->order_seed);
}

void tjrt_run_slices(tjrt_worker *worker, tjrt_slice_fn *start, uint64_t group)
{
    tjrt_frame *frame = &worker->frame;
    unsigned slice_count = count_slices(worker);

    tjrt_frames_rewind(&worker->frames);
    tjrt_begin_order(worker, group);
    for (unsigned i = 0; i < slice_count; i++) {
        unsigned slice = worker->order[i];
        worker->waits[slice] = (tjrt_wait){.site = TJRT_NO_SITE};
        worker->handles[slice] = start(frame, slice);
    }
    while (all_wait_together(worker, slice_count) || check_phase(worker, slice_count)) {
        if (tjrt_frame_is_stopped(frame))
            tjrt_trap_timeout(frame, 0, worker->waits[0].site);
        if (worker->order_seed)
            tjrt_next_order(frame);
        resume_all(worker, slice_count);
    }
}
