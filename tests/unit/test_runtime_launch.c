/* SPDX-License-Identifier: MIT */
/* Grids, threadgroups, workers, orders. */
#include "runtime_util.h"

/* ---- every thread once --------------------------------------------------------------- */

typedef struct visit_data {
    _Atomic uint32_t *counts; /* by thread of the grid */
    _Atomic uint32_t full_groups, ragged_groups;
} visit_data;

static void visit_threads(tjrt_frame *frame)
{
    visit_data *data = data_of(frame);
    const uint32_t *grid = frame->grid_size;

    for (uint32_t t = 0; t < frame->thread_count; t++) {
        uint32_t w = frame->group_size[0], h = frame->group_size[1];
        uint32_t x = frame->group_pos[0] * frame->dispatch_size[0] + t % w;
        uint32_t y = frame->group_pos[1] * frame->dispatch_size[1] + t / w % h;
        uint32_t z = frame->group_pos[2] * frame->dispatch_size[2] + t / w / h;
        atomic_fetch_add(&data->counts[(z * grid[1] + y) * grid[0] + x], 1);
    }
}

static void visit_full(tjrt_frame *frame)
{
    visit_data *data = data_of(frame);

    /* Failing in a worker thread is not for cmocka: a wrong frame is counted as no group. */
    for (unsigned d = 0; d < 3; d++)
        if (frame->group_size[d] != frame->dispatch_size[d])
            return;
    visit_threads(frame);
    atomic_fetch_add(&data->full_groups, 1);
}

static void visit_ragged(tjrt_frame *frame)
{
    visit_data *data = data_of(frame);

    visit_threads(frame);
    atomic_fetch_add(&data->ragged_groups, 1);
}

typedef struct visit_case {
    uint32_t grid[3], threadgroup[3];
    unsigned lanes, full_groups, ragged_groups;
} visit_case;

static const visit_case visit_cases[] = {
    {{1, 1, 1}, {1, 1, 1}, 4, 0, 1},
    {{1, 1, 1}, {256, 1, 1}, 8, 0, 1},
    {{256, 1, 1}, {256, 1, 1}, 8, 1, 0},
    {{257, 1, 1}, {256, 1, 1}, 8, 1, 1},
    {{1000, 1, 1}, {32, 1, 1}, 32, 31, 1},
    {{1000, 1, 1}, {33, 1, 1}, 8, 0, 31},   /* 33 threads never fill slices of 8 */
    {{1200, 1, 1}, {40, 1, 1}, 8, 30, 0},
    {{1200, 1, 1}, {40, 1, 1}, 16, 0, 30},
    {{37, 23, 1}, {8, 4, 1}, 8, 4 * 5, 5 * 6 - 4 * 5},
    {{16, 16, 16}, {4, 4, 2}, 32, 4 * 4 * 8, 0},
    {{17, 5, 3}, {4, 4, 2}, 16, 4 * 1 * 1, 5 * 2 * 2 - 4},
    {{100000, 1, 1}, {8, 1, 1}, 8, 12500, 0},
    /* chunks that begin and end inside rows and planes */
    {{300, 92, 11}, {8, 4, 2}, 8, 37 * 23 * 5, 38 * 23 * 6 - 37 * 23 * 5},
};

static void check_visits(const visit_case *c, unsigned thread_count, uint64_t seed)
{
    uint32_t total = c->grid[0] * c->grid[1] * c->grid[2];
    visit_data data = {.counts = calloc(total, sizeof *data.counts)};
    fixture f;

    init_fixture(&f, &data, sizeof data);
    memcpy(f.launch.grid, c->grid, sizeof c->grid);
    memcpy(f.launch.threadgroup, c->threadgroup, sizeof c->threadgroup);
    f.launch.lanes = c->lanes;
    f.launch.full.group = visit_full;
    f.launch.ragged.group = visit_ragged;
    f.launch.order_seed = seed;
    assert_int_equal(run_with(thread_count, &f), TJRT_END_OK);
    assert_int_equal(data.full_groups, c->full_groups);
    assert_int_equal(data.ragged_groups, c->ragged_groups);
    for (uint32_t i = 0; i < total; i++)
        assert_int_equal(data.counts[i], 1);
    free(data.counts);
}

static void test_every_thread_runs_once(void **state)
{
    static const unsigned thread_counts[] = {1, 2, 7};
    (void)state;

    for (size_t c = 0; c < sizeof visit_cases / sizeof *visit_cases; c++)
        for (size_t t = 0; t < 3; t++) {
            check_visits(&visit_cases[c], thread_counts[t], 0);
            check_visits(&visit_cases[c], thread_counts[t], 42);
        }
}

/* ---- frame and memory ---------------------------------------------------------------- */

typedef struct frame_copy {
    tjrt_frame frame;
    tjrt_buffer buffers[3];
    bool is_zero;
} frame_copy;

static void copy_frame(tjrt_frame *frame)
{
    frame_copy *copy = data_of(frame);

    copy->frame = *frame;
    memcpy(copy->buffers, frame->buffers, sizeof copy->buffers);
    copy->is_zero = true;
    for (unsigned i = 0; i < 160; i++)
        copy->is_zero = copy->is_zero && !frame->threadgroup_memory[i];
    memset(frame->threadgroup_memory, 0xff, 160);
    memset(frame->private_memory, 0xff, 100);
}

static void test_frame_describes_the_threadgroup(void **state)
{
    frame_copy copy;
    tjrt_buffer buffers[3] = {{(uint8_t *)&copy, sizeof copy}, {NULL, 20}, {NULL, 100}};
    uint8_t is_threadgroup[3] = {0, 1, 1};
    tjrt_pool *pool = tjrt_pool_create(2);
    fixture f;
    (void)state;

    init_fixture(&f, NULL, 0);
    f.launch.buffers = buffers;
    f.launch.buffer_count = 3;
    f.launch.is_threadgroup = is_threadgroup;
    f.launch.static_threadgroup_byte_len = 10;
    f.launch.private_byte_len = 100;
    set_extent(f.launch.grid, 13, 7, 2);
    set_extent(f.launch.threadgroup, 20, 8, 2);
    f.launch.ragged.group = copy_frame;
    for (unsigned launch = 0; launch < 3; launch++) {
        assert_int_equal(run_on(pool, &f), TJRT_END_OK);
        assert_extent(copy.frame.group_pos, 0, 0, 0);
        assert_extent(copy.frame.group_count, 1, 1, 1);
        assert_extent(copy.frame.grid_size, 13, 7, 2);
        assert_extent(copy.frame.group_size, 13, 7, 2);
        assert_extent(copy.frame.dispatch_size, 20, 8, 2);
        assert_int_equal(copy.frame.thread_count, 13 * 7 * 2);
        assert_int_equal(copy.frame.stop, 0);
        assert_true(copy.is_zero);
        assert_int_equal((uintptr_t)copy.frame.threadgroup_memory % 64, 0);
        assert_int_equal((uintptr_t)copy.frame.private_memory % 64, 0);
        assert_ptr_equal(copy.buffers[0].data, &copy);
        /* static variables, then arguments at multiples of 16 */
        assert_ptr_equal(copy.buffers[1].data, copy.frame.threadgroup_memory + 16);
        assert_int_equal(copy.buffers[1].byte_len, 20);
        assert_ptr_equal(copy.buffers[2].data, copy.frame.threadgroup_memory + 48);
        assert_int_equal(copy.buffers[2].byte_len, 100);
    }
    tjrt_pool_destroy(pool);
}

/* ---- orders -------------------------------------------------------------------------- */

enum { ORDER_GROUPS = 100 };

typedef struct order_data {
    unsigned count;
    uint32_t groups[ORDER_GROUPS];
} order_data;

static void record_group(tjrt_frame *frame)
{
    order_data *data = data_of(frame);

    data->groups[data->count++] = frame->group_pos[0] + 10 * frame->group_pos[1];
}

static order_data order_of(uint64_t seed)
{
    order_data data = {.count = 0};
    fixture f;

    init_fixture(&f, &data, sizeof data);
    set_extent(f.launch.grid, 80, 10, 1);
    set_extent(f.launch.threadgroup, 8, 1, 1);
    f.launch.full.group = record_group;
    f.launch.order_seed = seed;
    assert_int_equal(run_with(1, &f), TJRT_END_OK);
    assert_int_equal(data.count, ORDER_GROUPS);
    return data;
}

static void test_seed_orders_threadgroups(void **state)
{
    order_data plain = order_of(0), one = order_of(1), again = order_of(1), two = order_of(2);
    bool seen[ORDER_GROUPS] = {false};
    (void)state;

    for (unsigned i = 0; i < ORDER_GROUPS; i++) {
        assert_int_equal(plain.groups[i], i);
        assert_false(seen[one.groups[i]]);
        seen[one.groups[i]] = true;
    }
    assert_memory_equal(&one, &again, sizeof one);
    assert_memory_not_equal(&one, &plain, sizeof one);
    assert_memory_not_equal(&one, &two, sizeof one);
}

static void test_permutation_is_one_to_one(void **state)
{
    static const uint64_t counts[] = {1, 2, 3, 5, 16, 17, 1000, 4097};
    (void)state;

    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        bool *seen = calloc(counts[c], sizeof *seen);
        for (uint64_t i = 0; i < counts[c]; i++) {
            uint64_t image = tjrt_permute(i, counts[c], 7 + c);
            assert_true(image < counts[c]);
            assert_false(seen[image]);
            seen[image] = true;
        }
        free(seen);
    }
    assert_true(tjrt_permute(5, UINT64_C(1) << 61, 3) < UINT64_C(1) << 61);
}

/* ---- floating-point mode ------------------------------------------------------------- */

typedef struct mode_data {
    volatile float tiny, result;
    bool traps;
} mode_data;

static void halve_tiny(tjrt_frame *frame)
{
    mode_data *data = data_of(frame);

    data->result = data->tiny * 0.5f;
    if (data->traps)
        tjrt_trap_user(frame, 0, 0, 1);
}

static float halved(bool flush, bool traps)
{
    mode_data data = {.tiny = 1.1754944e-38f, .traps = traps};
    fixture f;

    init_fixture(&f, &data, sizeof data);
    f.launch.ragged.group = halve_tiny;
    f.launch.flush_subnormals = flush;
    run_with(1, &f);
    /* The caller's own mode is back. */
    volatile float tiny = 1.1754944e-38f;
    assert_true(tiny * 0.5f > 0);
    return data.result;
}

static void test_subnormals_are_flushed_on_request(void **state)
{
    (void)state;
    assert_true(halved(false, false) > 0);
    assert_true(halved(true, false) == 0);
    assert_true(halved(true, true) == 0);
}

/* ---- pools --------------------------------------------------------------------------- */

static void test_pool_thread_counts(void **state)
{
    (void)state;
    tjrt_pool *pool = tjrt_pool_create(0);
    assert_true(tjrt_pool_thread_count(pool) >= 1);
    tjrt_pool_destroy(pool);
    pool = tjrt_pool_create(3);
    assert_int_equal(tjrt_pool_thread_count(pool), 3);
    tjrt_pool_destroy(pool);
    assert_null(tjrt_pool_create(1000000));
    tjrt_pool_destroy(NULL);
}

static void add_group(tjrt_frame *frame)
{
    _Atomic uint32_t *count = data_of(frame);

    atomic_fetch_add(count, 1);
}

typedef struct caller_start {
    tjrt_pool *pool;
    _Atomic uint32_t *count;
    unsigned failures;
} caller_start;

static void *launch_often(void *argument)
{
    caller_start *start = argument;

    for (unsigned i = 1; i <= 200; i++) {
        tjrt_fault fault;
        tjrt_buffer buffer = {(uint8_t *)start->count, sizeof *start->count};
        tjrt_launch launch = {.full = {.group = add_group}, .lanes = 4, .grid = {4 * i, 1, 1},
                              .threadgroup = {4, 1, 1}, .buffers = &buffer, .buffer_count = 1,
                              .timeout_s = i % 3 ? 0 : 100};
        start->failures += tjrt_run(start->pool, &launch, &fault) != TJRT_END_OK;
    }
    return NULL;
}

static void test_callers_share_a_pool(void **state)
{
    _Atomic uint32_t count = 0;
    tjrt_pool *pool = tjrt_pool_create(3);
    caller_start starts[4];
    pthread_t callers[4];
    (void)state;

    for (unsigned i = 0; i < 4; i++) {
        starts[i] = (caller_start){pool, &count, 0};
        assert_int_equal(pthread_create(&callers[i], NULL, launch_often, &starts[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(callers[i], NULL);
        assert_int_equal(starts[i].failures, 0);
    }
    assert_int_equal(count, 4 * 200 * 201 / 2);
    tjrt_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_thread_runs_once),
        cmocka_unit_test(test_frame_describes_the_threadgroup),
        cmocka_unit_test(test_seed_orders_threadgroups),
        cmocka_unit_test(test_permutation_is_one_to_one),
        cmocka_unit_test(test_subnormals_are_flushed_on_request),
        cmocka_unit_test(test_pool_thread_counts),
        cmocka_unit_test(test_callers_share_a_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
