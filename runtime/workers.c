/* SPDX-License-Identifier: MIT */
/* The pool: seats, and threads that sleep between launches. A launch never waits for a helper
 * that has not begun to work, so that a short launch costs one wake call at most.
 *
 * A caller that finds no free seat waits in line. Helpers see that at their next chunk and
 * hand their seats over, so that a short launch gets through beside a long one; a caller
 * keeps its seat until its own launch has ended, and then waits for its helpers without it.
 * Whoever waits for a seat holds none, so there is no circle of waiting. */
#include "worker.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MAX_THREADS = 1024,
    SPIN_COUNT = 400, /* about 10 us before a thread sleeps */
};
#define DOOR_OPEN (UINT32_C(1) << 31)

static void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* ---- seats; all under the lock ------------------------------------------------------- */

struct tjrt_waiter {
    tjrt_waiter *next;
    tjrt_worker *seat; /* once it has been handed over */
    pthread_cond_t is_seated;
};

/* NULL when none is free. The preferred seat has the thread's own memory warm. */
static tjrt_worker *take_seat(tjrt_pool *pool, unsigned preferred)
{
    tjrt_worker *seat = &pool->workers[preferred];

    if (!pool->free_count)
        return NULL;
    for (unsigned i = 0; seat->is_taken; i++)
        seat = &pool->workers[i];
    seat->is_taken = true;
    pool->free_count--;
    return seat;
}

static tjrt_worker *await_seat(tjrt_pool *pool)
{
    tjrt_worker *seat = take_seat(pool, 0);
    tjrt_waiter waiter = {.seat = NULL}, **last = &pool->first_waiter;

    if (seat)
        return seat;
    tjrt_cond_init(&waiter.is_seated);
    while (*last)
        last = &(*last)->next;
    *last = &waiter;
    atomic_fetch_add(&pool->waiter_count, 1);
    while (!waiter.seat)
        pthread_cond_wait(&waiter.is_seated, &pool->lock);
    pthread_cond_destroy(&waiter.is_seated);
    return waiter.seat;
}

/* Whether a helper would be of use to `job`. */
static bool has_room(const tjrt_job *job)
{
    return !job->is_stopped && job->fault.end == TJRT_END_OK &&
           atomic_load(&job->helper_count) < job->helper_limit &&
           atomic_load_explicit(&job->next_group, memory_order_relaxed) < job->group_total;
}

/* The job with room that has the fewest helpers; NULL when there is none. */
static tjrt_job *find_job(const tjrt_pool *pool)
{
    tjrt_job *best = NULL;

    for (tjrt_job *job = pool->jobs; job; job = job->next)
        if (has_room(job) && (!best || job->helper_count < best->helper_count))
            best = job;
    return best;
}

static void give_seat(tjrt_pool *pool, tjrt_worker *seat)
{
    tjrt_waiter *waiter = pool->first_waiter;

    seat->job = NULL;
    if (waiter) {
        pool->first_waiter = waiter->next;
        atomic_fetch_sub(&pool->waiter_count, 1);
        waiter->seat = seat;
        pthread_cond_signal(&waiter->is_seated);
        return;
    }
    seat->is_taken = false;
    /* Helpers that found no seat sleep though there may be work. */
    if (!pool->free_count++ && pool->jobs && find_job(pool)) {
        atomic_fetch_add(&pool->ticket, 1);
        pthread_cond_signal(&pool->wake);
    }
}

static void sit_down(tjrt_worker *seat, tjrt_job *job, bool is_helper)
{
    seat->job = job;
    seat->is_helper = is_helper;
    atomic_store(&seat->chunk, 0); /* before all others until it has one */
    __atomic_store_n(&seat->frame.stop, job->is_stopped, __ATOMIC_RELAXED);
}

/* ---- helpers ------------------------------------------------------------------------- */

static bool has_news(tjrt_pool *pool, uint64_t seen)
{
    return atomic_load(&pool->ticket) != seen || atomic_load(&pool->is_closing);
}

static void await_news(tjrt_pool *pool, uint64_t seen)
{
    for (unsigned i = 0; i < SPIN_COUNT; i++) {
        if (has_news(pool, seen))
            return;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->lock);
    pool->sleeper_count++;
    while (!has_news(pool, seen))
        pthread_cond_wait(&pool->wake, &pool->lock);
    pool->sleeper_count--;
    pthread_mutex_unlock(&pool->lock);
}

/* The caller may return, and its job be gone, as soon as the count is 0. */
static void leave_job(tjrt_pool *pool, tjrt_job *job)
{
    bool is_awaited = job->is_awaited;

    if (atomic_fetch_sub(&job->helper_count, 1) == 1 && is_awaited)
        pthread_cond_broadcast(&pool->left);
}

static void help_jobs(tjrt_pool *pool, unsigned number)
{
    tjrt_job *job;
    tjrt_worker *seat;

    pthread_mutex_lock(&pool->lock);
    while ((job = find_job(pool)) && (seat = take_seat(pool, number))) {
        atomic_fetch_add(&job->helper_count, 1);
        sit_down(seat, job, true);
        pthread_mutex_unlock(&pool->lock);
        tjrt_worker_run(seat);
        pthread_mutex_lock(&pool->lock);
        give_seat(pool, seat);
        leave_job(pool, job);
    }
    pthread_mutex_unlock(&pool->lock);
}

typedef struct helper_start {
    tjrt_pool *pool;
    unsigned number;
} helper_start;

static void *help(void *argument)
{
    helper_start start = *(helper_start *)argument;
    uint64_t seen = 0;

    free(argument);
    for (;;) {
        await_news(start.pool, seen);
        if (atomic_load(&start.pool->is_closing))
            return NULL;
        seen = atomic_load(&start.pool->ticket);
        help_jobs(start.pool, start.number);
    }
}

/* ---- callers ------------------------------------------------------------------------- */

tjrt_worker *tjrt_pool_enter(tjrt_pool *pool, tjrt_job *job)
{
    unsigned wake_count = 0;

    pthread_mutex_lock(&pool->lock);
    tjrt_worker *seat = await_seat(pool);
    job->is_stopped = job->launch->is_cancelled && atomic_load(job->launch->is_cancelled);
    sit_down(seat, job, false);
    job->next = pool->jobs;
    pool->jobs = job;
    if (job->helper_limit && !job->is_stopped) {
        atomic_fetch_add(&pool->ticket, 1);
        wake_count =
            job->helper_limit < pool->sleeper_count ? job->helper_limit : pool->sleeper_count;
    }
    pthread_mutex_unlock(&pool->lock);
    while (wake_count--)
        pthread_cond_signal(&pool->wake);
    return seat;
}

static void await_helpers(tjrt_pool *pool, tjrt_job *job)
{
    for (unsigned i = 0; i < SPIN_COUNT; i++) {
        if (!atomic_load(&job->helper_count))
            return;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->lock);
    job->is_awaited = true;
    while (atomic_load(&job->helper_count))
        pthread_cond_wait(&pool->left, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void tjrt_pool_leave(tjrt_pool *pool, tjrt_job *job, tjrt_worker *worker)
{
    tjrt_job **link = &pool->jobs;

    pthread_mutex_lock(&pool->lock);
    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
    give_seat(pool, worker);
    pthread_mutex_unlock(&pool->lock);
    if (job->helper_limit)
        await_helpers(pool, job);
}

void tjrt_cancel(tjrt_pool *pool, _Atomic bool *is_cancelled)
{
    pthread_mutex_lock(&pool->lock);
    atomic_store(is_cancelled, true);
    for (tjrt_job *job = pool->jobs; job; job = job->next)
        if (job->launch->is_cancelled == is_cancelled)
            tjrt_job_stop_locked(job);
    pthread_mutex_unlock(&pool->lock);
}

tjrt_worker *tjrt_seat_take(tjrt_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    tjrt_worker *seat = await_seat(pool);
    pthread_mutex_unlock(&pool->lock);
    return seat;
}

void tjrt_seat_give(tjrt_pool *pool, tjrt_worker *seat)
{
    pthread_mutex_lock(&pool->lock);
    give_seat(pool, seat);
    pthread_mutex_unlock(&pool->lock);
}

/* ---- life ---------------------------------------------------------------------------- */

static bool start_helper(tjrt_pool *pool, unsigned index)
{
    helper_start *start = malloc(sizeof *start);

    if (!start)
        return false;
    *start = (helper_start){.pool = pool, .number = index};
    bool is_started = tjrt_thread_start(&pool->threads[index], help, start);
    if (!is_started)
        free(start);
    return is_started;
}

static unsigned default_thread_count(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef __linux__
    cpu_set_t allowed; /* containers and taskset give fewer than are online */

    if (!sched_getaffinity(0, sizeof allowed, &allowed))
        count = CPU_COUNT(&allowed);
#endif

    return count < 1 ? 1 : count > MAX_THREADS ? MAX_THREADS : (unsigned)count;
}

tjrt_pool *tjrt_pool_create(unsigned thread_count)
{
    tjrt_pool *pool = calloc(1, sizeof *pool);

    if (!pool || thread_count > MAX_THREADS) {
        free(pool);
        return NULL;
    }
    pool->thread_count = thread_count ? thread_count : default_thread_count();
    pool->workers = calloc(pool->thread_count, sizeof *pool->workers);
    pool->threads = calloc(pool->thread_count, sizeof *pool->threads);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->left, NULL);
    tjrt_watchdog_init(&pool->watchdog);
    pool->started_count = 1;
    pool->free_count = pool->thread_count;
    while (pool->workers && pool->threads && pool->started_count < pool->thread_count &&
           start_helper(pool, pool->started_count))
        pool->started_count++;
    if (!pool->workers || !pool->threads || pool->started_count < pool->thread_count) {
        tjrt_pool_destroy(pool);
        return NULL;
    }
    return pool;
}

static void stop_helpers(tjrt_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    atomic_store(&pool->is_closing, true);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 1; i < pool->started_count; i++)
        pthread_join(pool->threads[i], NULL);
}

void tjrt_pool_destroy(tjrt_pool *pool)
{
    if (!pool)
        return;
    stop_helpers(pool);
    tjrt_watchdog_fini(&pool->watchdog);
    for (unsigned i = 0; pool->workers && i < pool->thread_count; i++)
        tjrt_worker_fini(&pool->workers[i]);
    pthread_cond_destroy(&pool->left);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool->workers);
    free(pool);
}

unsigned tjrt_pool_thread_count(const tjrt_pool *pool)
{
    return pool->thread_count;
}
