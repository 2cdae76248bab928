/* SPDX-License-Identifier: MIT */
/* Launches that share a pool: never more threads than it has, short ones beside long ones,
 * cancelling one of several, time limits of several. */
#include "runtime_util.h"

#include <time.h>

static void sleep_ms(long milliseconds)
{
    struct timespec time = {.tv_nsec = milliseconds * 1000000};

    nanosleep(&time, NULL);
}

typedef struct caller {
    pthread_t thread;
    tjrt_pool *pool;
    fixture f;
    _Atomic bool is_done;
} caller;

static void *launch_on_thread(void *argument)
{
    caller *c = argument;

    tjrt_run(c->pool, &c->f.launch, &c->f.fault);
    atomic_store(&c->is_done, true);
    return NULL;
}

static void start_caller(caller *c, tjrt_pool *pool, tjrt_group_fn *kernel, void *data,
                         uint32_t group_count)
{
    c->pool = pool;
    c->is_done = false;
    init_fixture(&c->f, data, 8);
    c->f.launch.buffers = &c->f.buffer;
    c->f.launch.full.group = kernel;
    c->f.launch.lanes = 4;
    set_extent(c->f.launch.grid, 4 * group_count, 1, 1);
    set_extent(c->f.launch.threadgroup, 4, 1, 1);
}

static void go(caller *c)
{
    assert_int_equal(pthread_create(&c->thread, NULL, launch_on_thread, c), 0);
}

/* ---- how many threads ---------------------------------------------------------------- */

typedef struct crowd {
    _Atomic int inside, most;
    _Atomic unsigned groups;
} crowd;

static void count_inside(tjrt_frame *frame)
{
    crowd *data = data_of(frame);
    int inside = atomic_fetch_add(&data->inside, 1) + 1, most = atomic_load(&data->most);

    while (inside > most && !atomic_compare_exchange_weak(&data->most, &most, inside))
        ;
    sleep_ms(1);
    atomic_fetch_sub(&data->inside, 1);
    atomic_fetch_add(&data->groups, 1);
}

static void check_crowd(unsigned thread_count, unsigned caller_count)
{
    tjrt_pool *pool = tjrt_pool_create(thread_count);
    caller callers[8];
    crowd data = {0};

    for (unsigned i = 0; i < caller_count; i++) {
        start_caller(&callers[i], pool, count_inside, &data, 20);
        go(&callers[i]);
    }
    for (unsigned i = 0; i < caller_count; i++) {
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].f.fault.end, TJRT_END_OK);
    }
    assert_int_equal(data.groups, 20 * caller_count);
    assert_true(data.most <= (int)thread_count);
    assert_int_equal(data.most, thread_count); /* and none idle: groups sleep, callers wait */
    tjrt_pool_destroy(pool);
}

static void test_never_more_threads_than_asked_for(void **state)
{
    (void)state;
    check_crowd(1, 4);
    check_crowd(2, 1);
    check_crowd(3, 8);
    check_crowd(4, 2);
}

/* ---- long and short ------------------------------------------------------------------ */

static void nap(tjrt_frame *frame)
{
    (void)frame;
    sleep_ms(2);
}

/* All threads work on the long launch when the short one comes. */
static void test_short_launch_beside_a_long_one(void **state)
{
    tjrt_pool *pool = tjrt_pool_create(2);
    caller long_one = {.pool = NULL}, short_one = {.pool = NULL};
    (void)state;

    start_caller(&long_one, pool, nap, NULL, 1000);
    start_caller(&short_one, pool, nap, NULL, 1);
    go(&long_one);
    sleep_ms(20);
    go(&short_one);
    pthread_join(short_one.thread, NULL);
    assert_false(atomic_load(&long_one.is_done));
    pthread_join(long_one.thread, NULL);
    assert_int_equal(long_one.f.fault.end, TJRT_END_OK);
    assert_int_equal(short_one.f.fault.end, TJRT_END_OK);
    tjrt_pool_destroy(pool);
}

/* ---- cancelling ---------------------------------------------------------------------- */

static void loop_until_stopped(tjrt_frame *frame)
{
    _Atomic uint32_t *begun = data_of(frame);

    atomic_fetch_add(begun, 1);
    while (!tjrt_frame_is_stopped(frame))
        sleep_ms(1);
    tjrt_trap_timeout(frame, 0, 5);
}

static void test_cancel_one_of_two(void **state)
{
    tjrt_pool *pool = tjrt_pool_create(3);
    _Atomic uint32_t begun[2] = {0};
    _Atomic bool flags[2] = {false};
    caller callers[2];
    (void)state;

    for (unsigned i = 0; i < 2; i++) {
        start_caller(&callers[i], pool, loop_until_stopped, &begun[i], 2);
        callers[i].f.launch.is_cancelled = &flags[i];
        go(&callers[i]);
    }
    while (begun[0] < 1 || begun[1] < 1)
        sleep_ms(1);
    tjrt_cancel(pool, &flags[1]);
    pthread_join(callers[1].thread, NULL);
    assert_int_equal(callers[1].f.fault.end, TJRT_END_CANCELLED);
    assert_int_equal(callers[1].f.fault.site, 5);
    sleep_ms(20);
    assert_false(atomic_load(&callers[0].is_done));
    tjrt_cancel(pool, &flags[0]);
    pthread_join(callers[0].thread, NULL);
    assert_int_equal(callers[0].f.fault.end, TJRT_END_CANCELLED);
    tjrt_pool_destroy(pool);
}

static void count_group(tjrt_frame *frame)
{
    atomic_fetch_add((_Atomic uint32_t *)data_of(frame), 1);
}

static void test_cancelled_before_it_began(void **state)
{
    tjrt_pool *pool = tjrt_pool_create(2);
    _Atomic uint32_t count = 0;
    _Atomic bool flag = false;
    caller c;
    (void)state;

    tjrt_cancel(pool, &flag);
    start_caller(&c, pool, count_group, (void *)&count, 100);
    c.f.launch.is_cancelled = &flag;
    assert_int_equal(run_on(pool, &c.f), TJRT_END_CANCELLED);
    assert_int_equal(count, 0);
    c.f.launch.is_cancelled = NULL; /* nothing is left behind */
    assert_int_equal(run_on(pool, &c.f), TJRT_END_OK);
    assert_int_equal(count, 100);
    tjrt_pool_destroy(pool);
}

/* ---- time limits --------------------------------------------------------------------- */

static void test_each_launch_has_its_own_limit(void **state)
{
    static const double limits[] = {0.12, 0.03, 0.06, 0};
    tjrt_pool *pool = tjrt_pool_create(4);
    _Atomic uint32_t begun = 0;
    _Atomic bool flag = false;
    caller callers[4];
    (void)state;

    for (unsigned i = 0; i < 4; i++) {
        start_caller(&callers[i], pool, loop_until_stopped, (void *)&begun, 1);
        callers[i].f.launch.timeout_s = limits[i];
        callers[i].f.launch.is_cancelled = &flag;
        go(&callers[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].f.fault.end, TJRT_END_TIMEOUT);
    }
    assert_false(atomic_load(&callers[3].is_done)); /* no limit */
    tjrt_cancel(pool, &flag);
    pthread_join(callers[3].thread, NULL);
    assert_int_equal(callers[3].f.fault.end, TJRT_END_CANCELLED);
    tjrt_pool_destroy(pool);
}

/* A launch that fails stops its own workers only. */
static void trap_at_once(tjrt_frame *frame)
{
    tjrt_trap_user(frame, 0, 9, 1);
}

static void test_fault_stops_one_launch(void **state)
{
    tjrt_pool *pool = tjrt_pool_create(3);
    crowd data = {0};
    caller good, bad;
    (void)state;

    start_caller(&good, pool, count_inside, &data, 100);
    go(&good);
    for (unsigned i = 0; i < 50; i++) {
        start_caller(&bad, pool, trap_at_once, NULL, 10);
        assert_int_equal(run_on(pool, &bad.f), TJRT_END_TRAP);
    }
    pthread_join(good.thread, NULL);
    assert_int_equal(good.f.fault.end, TJRT_END_OK);
    assert_int_equal(data.groups, 100);
    tjrt_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never_more_threads_than_asked_for),
        cmocka_unit_test(test_short_launch_beside_a_long_one),
        cmocka_unit_test(test_cancel_one_of_two),
        cmocka_unit_test(test_cancelled_before_it_began),
        cmocka_unit_test(test_each_launch_has_its_own_limit),
        cmocka_unit_test(test_fault_stops_one_launch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
