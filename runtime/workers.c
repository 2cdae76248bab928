/* SPDX-License-Identifier: MIT */
/* The pool: threads that sleep between launches. A launch never waits for a helper that has
 * not begun to work, so that a short launch costs one wake call at most. */
#include "worker.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MAX_THREADS = 1024,
    SPIN_COUNT = 400,              /* about 10 us before a thread sleeps */
    HELPER_STACK_BYTES = 16 << 20, /* private arrays of a slice: 32 lanes of 64 KiB, and room */
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

/* ---- helpers ------------------------------------------------------------------------- */

static bool enter_door(tjrt_pool *pool)
{
    uint32_t door = atomic_load(&pool->door);

    while (door & DOOR_OPEN)
        if (atomic_compare_exchange_weak(&pool->door, &door, door + 1))
            return true;
    return false;
}

static void leave_door(tjrt_pool *pool)
{
    if (atomic_fetch_sub(&pool->door, 1) != 1)
        return;
    /* Closed and empty: the caller may be asleep. */
    pthread_mutex_lock(&pool->lock);
    pthread_cond_signal(&pool->left);
    pthread_mutex_unlock(&pool->lock);
}

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

typedef struct helper_start {
    tjrt_pool *pool;
    tjrt_worker *worker;
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
        if (enter_door(start.pool)) {
            tjrt_worker_run(start.worker);
            leave_door(start.pool);
        }
    }
}

/* ---- the caller's side --------------------------------------------------------------- */

static void open_door(tjrt_pool *pool, unsigned helper_count)
{
    atomic_store(&pool->door, DOOR_OPEN);
    atomic_fetch_add(&pool->ticket, 1);
    pthread_mutex_lock(&pool->lock);
    unsigned sleeper_count = pool->sleeper_count;
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < helper_count && i < sleeper_count; i++)
        pthread_cond_signal(&pool->wake);
}

static void close_door(tjrt_pool *pool)
{
    atomic_fetch_and(&pool->door, ~DOOR_OPEN);
    for (unsigned i = 0; i < SPIN_COUNT; i++) {
        if (!atomic_load(&pool->door))
            return;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->door))
        pthread_cond_wait(&pool->left, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void tjrt_pool_work(tjrt_pool *pool, unsigned helper_count)
{
    if (helper_count)
        open_door(pool, helper_count);
    tjrt_worker_run(&pool->workers[0]);
    if (helper_count)
        close_door(pool);
}

/* ---- life ---------------------------------------------------------------------------- */

static bool start_helper(tjrt_pool *pool, unsigned index)
{
    helper_start *start = malloc(sizeof *start);
    pthread_attr_t attributes;

    if (!start)
        return false;
    *start = (helper_start){.pool = pool, .worker = &pool->workers[index]};
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, HELPER_STACK_BYTES);
    bool is_started = !pthread_create(&pool->threads[index], &attributes, help, start);
    pthread_attr_destroy(&attributes);
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
    pthread_mutex_init(&pool->launch_lock, NULL);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->left, NULL);
    tjrt_watchdog_init(&pool->watchdog);
    pool->started_count = 1;
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
    pthread_mutex_destroy(&pool->launch_lock);
    free(pool->threads);
    free(pool->workers);
    free(pool);
}

unsigned tjrt_pool_thread_count(const tjrt_pool *pool)
{
    return pool->thread_count;
}
