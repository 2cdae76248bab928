/* SPDX-License-Identifier: MIT */
/* Traps, checked accesses, time limits: what is reported, and that the launch stops. */
#include "runtime_util.h"

#include <math.h>
#include <time.h>

static void sleep_ms(long milliseconds)
{
    struct timespec time = {.tv_sec = 0, .tv_nsec = milliseconds * 1000000};
    nanosleep(&time, NULL);
}

/* ---- traps --------------------------------------------------------------------------- */

typedef struct trap_data {
    _Atomic uint32_t group_count;
} trap_data;

static void trap_in_group_2_1(tjrt_frame *frame)
{
    trap_data *data = data_of(frame);

    atomic_fetch_add(&data->group_count, 1);
    if (frame->group_pos[0] == 2 && frame->group_pos[1] == 1)
        tjrt_trap_user(frame, 3, 77, 0x60); /* lane 5 of slice 3: thread 29 */
}

static void test_trap_names_the_thread(void **state)
{
    trap_data data = {0};
    tjrt_pool *pool = tjrt_pool_create(3);
    fixture f;
    (void)state;

    init_fixture(&f, &data, sizeof data);
    set_extent(f.launch.grid, 8 * 50, 4 * 200, 1);
    set_extent(f.launch.threadgroup, 8, 4, 1);
    f.launch.full.group = trap_in_group_2_1;
    assert_int_equal(run_on(pool, &f), TJRT_END_TRAP);
    assert_int_equal(f.fault.site, 77);
    assert_int_equal(f.fault.other_site, UINT32_MAX);
    assert_extent(f.fault.group_pos, 2, 1, 0);
    assert_extent(f.fault.thread_in_group, 5, 3, 0);
    assert_extent(f.fault.thread_in_grid, 21, 7, 0);
    /* the rest of the grid was not run */
    assert_true(data.group_count < 50 * 200);

    /* the pool is as good as before */
    data.group_count = 0;
    set_extent(f.launch.grid, 8 * 50, 4, 1);
    assert_int_equal(run_on(pool, &f), TJRT_END_OK);
    assert_int_equal(data.group_count, 50);
    tjrt_pool_destroy(pool);
}

/* All from the 38th on trap, that one last of those that run beside it. */
static void trap_from_37_on(tjrt_frame *frame)
{
    if (frame->group_pos[0] == 37)
        sleep_ms(10);
    if (frame->group_pos[0] >= 37)
        tjrt_trap_user(frame, 0, frame->group_pos[0], 1);
}

static void test_first_threadgroup_is_reported(void **state)
{
    tjrt_pool *pool = tjrt_pool_create(4);
    fixture f;
    (void)state;

    init_fixture(&f, NULL, 0);
    set_extent(f.launch.grid, 100, 1, 1);
    f.launch.ragged.group = trap_from_37_on;
    for (unsigned i = 0; i < 20; i++) {
        f.launch.timeout_s = i % 2 ? 60 : 0; /* watched from the start, or by the fault alone */
        assert_int_equal(run_on(pool, &f), TJRT_END_TRAP);
        assert_int_equal(f.fault.site, 37);
        assert_extent(f.fault.group_pos, 37, 0, 0);
    }
    tjrt_pool_destroy(pool);
}

static void trap_diverged(tjrt_frame *frame)
{
    tjrt_trap_diverged(frame, 0, 5, 0x8);
}

static void test_collective_divergence(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f, NULL, 0);
    f.launch.ragged.group = trap_diverged;
    set_extent(f.launch.grid, 6, 1, 1);
    set_extent(f.launch.threadgroup, 6, 1, 1);
    assert_int_equal(run_with(1, &f), TJRT_END_DIVERGED);
    assert_int_equal(f.fault.site, 5);
    assert_extent(f.fault.thread_in_group, 3, 0, 0);
}

/* ---- accesses ------------------------------------------------------------------------ */

typedef struct access_data {
    tjrt_access access;
    uint64_t offsets[8];
    uint32_t mask;
    bool is_threadgroup;
    bool is_line;     /* lanes are access.lane_step apart */
    float memory[64]; /* the buffer is the first 32 of these */
    float values[32];
    uint64_t origins[64]; /* a tjrt_origins */
} access_data;

/* Parameter 1 is data->memory. */
static void do_access(tjrt_frame *frame)
{
    access_data *data = data_of(frame);
    uint8_t *base = data->is_threadgroup ? frame->threadgroup_memory : frame->buffers[1].data;

    if (data->access.param == -3)
        base = (uint8_t *)data->origins;
    if (data->is_line)
        tjrt_access_line(frame, 1, &data->access, base, data->offsets[0], data->mask,
                         data->values);
    else
        tjrt_access_slow(frame, 1, &data->access, base, data->offsets, data->mask,
                         data->values);
}

static tjrt_end run_access(access_data *data, fixture *f)
{
    tjrt_buffer buffers[2] = {{(uint8_t *)data, sizeof *data},
                              {(uint8_t *)data->memory, 32 * sizeof(float)}};

    init_fixture(f, NULL, 0);
    f->launch.buffers = buffers;
    f->launch.buffer_count = 2;
    f->launch.static_threadgroup_byte_len = 256;
    set_extent(f->launch.grid, 16, 1, 1);
    set_extent(f->launch.threadgroup, 16, 1, 1);
    f->launch.full.group = do_access;
    data->access.site = 9;
    data->access.elem_byte_len = 4;
    data->access.lanes = 8;
    return run_with(1, f);
}

static access_data new_access(int32_t param, unsigned components, bool is_store)
{
    access_data data = {
        .access = {.param = param, .components = (uint16_t)components, .is_store = is_store},
        .mask = 0xff,
    };

    for (unsigned i = 0; i < 64; i++)
        data.memory[i] = (float)i;
    for (unsigned i = 0; i < 32; i++)
        data.values[i] = 1000 + (float)i;
    for (unsigned i = 0; i < 8; i++)
        data.offsets[i] = i * 4;
    return data;
}

static void test_load_moves_active_lanes(void **state)
{
    access_data data = new_access(1, 2, false);
    fixture f;
    (void)state;

    for (unsigned i = 0; i < 8; i++)
        data.offsets[i] = (7 - i) * 8;
    data.mask = 0xb7; /* lanes 3 and 6 are off */
    data.offsets[3] = UINT64_MAX;
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    for (unsigned lane = 0; lane < 8; lane++)
        for (unsigned c = 0; c < 2; c++) {
            bool is_on = data.mask >> lane & 1;
            float wanted = is_on ? (float)((7 - lane) * 2 + c) : 0;
            assert_true(data.values[c * 8 + lane] == wanted);
        }
    assert_true(data.values[16] == 1016);
}

static void test_store_moves_active_lanes(void **state)
{
    access_data data = new_access(1, 4, true);
    fixture f;
    (void)state;

    for (unsigned i = 0; i < 8; i++)
        data.offsets[i] = i * 16;
    data.mask = 0x7f;
    data.offsets[7] = 4096;
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    for (unsigned lane = 0; lane < 8; lane++)
        for (unsigned c = 0; c < 4; c++) {
            float wanted = lane < 7 ? 1000 + (float)(c * 8 + lane) : (float)(lane * 4 + c);
            assert_true(data.memory[lane * 4 + c] == wanted);
        }
}

static void test_lanes_in_a_line(void **state)
{
    access_data data = new_access(1, 1, false);
    fixture f;
    (void)state;

    data.is_line = true;
    data.access.lane_step = -8;
    data.offsets[0] = 56;
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    for (unsigned lane = 0; lane < 8; lane++)
        assert_true(data.values[lane] == (float)(14 - 2 * lane));
    data.offsets[0] = 48; /* lane 7 is before the buffer */
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_int_equal(f.fault.offset, (uint64_t)-8);
    assert_extent(f.fault.thread_in_group, 15, 0, 0);
    data.mask = 0x7f;
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    assert_true(data.values[6] == 0 && data.values[7] == 0);
}

static void test_out_of_bounds_store_changes_nothing(void **state)
{
    access_data data = new_access(1, 2, true);
    fixture f;
    (void)state;

    data.offsets[5] = 124; /* its second component is outside */
    data.offsets[6] = 128;
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_int_equal(f.fault.site, 9);
    assert_int_equal(f.fault.param, 1);
    assert_int_equal(f.fault.offset, 124);
    assert_int_equal(f.fault.byte_len, 8);
    assert_int_equal(f.fault.region_byte_len, 128);
    assert_true(f.fault.is_store);
    assert_extent(f.fault.thread_in_group, 13, 0, 0);
    for (unsigned i = 0; i < 64; i++)
        assert_true(data.memory[i] == (float)i);
}

static void test_negative_offsets_are_outside(void **state)
{
    access_data data = new_access(1, 1, false);
    fixture f;
    (void)state;

    data.offsets[0] = (uint64_t)-4;
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_int_equal(f.fault.offset, (uint64_t)-4);
    assert_false(f.fault.is_store);
}

static void test_threadgroup_variable_has_its_own_length(void **state)
{
    access_data data = new_access(-1, 1, true);
    fixture f;
    (void)state;

    data.is_threadgroup = true;
    data.access.byte_len = 32;
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    data.access.byte_len = 28;
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_int_equal(f.fault.param, -1);
    assert_int_equal(f.fault.region_byte_len, 28);
    assert_extent(f.fault.thread_in_group, 15, 0, 0);
}

static void test_unknown_pointers_may_touch_any_buffer(void **state)
{
    access_data data = new_access(-3, 1, false);
    fixture f;
    (void)state;

    for (unsigned i = 0; i < 8; i++)
        data.offsets[i] = (uint64_t)(uintptr_t)&data.memory[3 * i];
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    for (unsigned i = 0; i < 8; i++)
        assert_true(data.values[i] == (float)(3 * i));

    const tjrt_region *last = &((tjrt_origins *)(void *)data.origins)->regions[0];
    assert_int_equal(last->base,
                     (uintptr_t)&data); /* buffer 0 holds it too; for the next access */
    assert_true(last->byte_len > 0);
    assert_int_equal(last->writable_len, last->byte_len);
    assert_int_equal(last->shadow, 0);

    float outside = 0;
    data.offsets[2] = (uint64_t)(uintptr_t)&outside;
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_int_equal(f.fault.param, -3);
    assert_int_equal(f.fault.origin, 0);
    assert_int_equal(f.fault.offset, data.offsets[2]);
    data.offsets[2] = 0;
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
}

/* Each lane has a private array of its own at another place: none is kept for the next access.
 */
static void test_unknown_pointers_into_private_arrays(void **state)
{
    access_data data = new_access(-3, 1, false);
    tjrt_origins *origins = (tjrt_origins *)(void *)data.origins;
    static float own[8][4];
    fixture f;
    (void)state;

    origins->region_count = 4;
    origins->regions[3] = (tjrt_region){(uintptr_t)own, 8, sizeof own[0], 8, 0};
    for (unsigned i = 0; i < 8; i++)
        data.offsets[i] = (uintptr_t)&own[i][1];
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    assert_int_equal(origins->regions[0].byte_len, 0);
    data.offsets[5] = (uintptr_t)&own[4][1];
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_extent(f.fault.thread_in_group, 13, 0, 0);
}

/* Lanes of one access come from different memory; each is held to its own. */
static void test_mixed_origin(void **state)
{
    access_data data = new_access(-3, 1, false);
    tjrt_origins *origins = (tjrt_origins *)(void *)data.origins;
    tjrt_region *regions = origins->regions; /* 3: a private array of 8 bytes, 16 a lane */
    fixture f;
    (void)state;

    origins->region_count = 4;
    regions[2] = (tjrt_region){(uint64_t)(uintptr_t)data.memory, 32 * sizeof(float), 0,
                               32 * sizeof(float), 0};
    regions[3] = (tjrt_region){(uint64_t)(uintptr_t)(data.memory + 32), 8, 16, 8, 0};
    for (unsigned i = 0; i < 8; i++) {
        origins->numbers[i] = 2 + i % 2;
        data.offsets[i] = (uint64_t)(uintptr_t)(data.memory + (i % 2 ? 32 + 4 * i + 1 : i));
    }
    assert_int_equal(run_access(&data, &f), TJRT_END_OK);
    for (unsigned i = 0; i < 8; i++)
        assert_true(data.values[i] == (float)(i % 2 ? 32 + 4 * i + 1 : i));

    data.offsets[3] += 4; /* behind its own copy, before the next lane's */
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_int_equal(f.fault.param, -3);
    assert_int_equal(f.fault.origin, 3);
    assert_int_equal(f.fault.offset, 8);
    assert_int_equal(f.fault.region_byte_len, 8);
    assert_extent(f.fault.thread_in_group, 11, 0, 0);

    data.offsets[2] = regions[3].base; /* memory of the launch, but not of its buffer */
    assert_int_equal(run_access(&data, &f), TJRT_END_BOUNDS);
    assert_int_equal(f.fault.param, 1);
    assert_int_equal(f.fault.offset, 128);
    assert_int_equal(f.fault.region_byte_len, 128);
    assert_extent(f.fault.thread_in_group, 10, 0, 0);
}

/* ---- time limits --------------------------------------------------------------------- */

static void loop_until_stopped(tjrt_frame *frame)
{
    while (!__atomic_load_n(&frame->stop, __ATOMIC_RELAXED))
        ;
    tjrt_trap_timeout(frame, 0, 4);
}

static void test_endless_loop_is_ended(void **state)
{
    tjrt_pool *pool = tjrt_pool_create(2);
    fixture f;
    (void)state;

    init_fixture(&f, NULL, 0);
    set_extent(f.launch.grid, 5, 1, 1);
    f.launch.ragged.group = loop_until_stopped;
    f.launch.timeout_s = 0.02;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(run_on(pool, &f), TJRT_END_TIMEOUT);
        assert_int_equal(f.fault.site, 4);
    }
    tjrt_pool_destroy(pool);
}

static void rest_a_while(tjrt_frame *frame)
{
    (void)frame;
    sleep_ms(1);
}

static void test_long_grid_is_ended_between_threadgroups(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f, NULL, 0);
    set_extent(f.launch.grid, 1000000, 1, 1);
    f.launch.ragged.group = rest_a_while;
    f.launch.timeout_s = 0.02;
    assert_int_equal(run_with(2, &f), TJRT_END_TIMEOUT);
    assert_int_equal(f.fault.site, UINT32_MAX);
}

static void test_limit_that_is_kept_does_nothing(void **state)
{
    tjrt_pool *pool = tjrt_pool_create(2);
    fixture f;
    (void)state;

    init_fixture(&f, NULL, 0);
    set_extent(f.launch.grid, 8, 1, 1);
    f.launch.ragged.group = rest_a_while;
    /* A later deadline after a shorter one, and the other way round. */
    static const double limits[] = {30, 0.2, INFINITY, 1e300, 30};
    for (unsigned i = 0; i < 5; i++) {
        f.launch.timeout_s = limits[i];
        assert_int_equal(run_on(pool, &f), TJRT_END_OK);
    }
    sleep_ms(250); /* the deadline of the second launch passes with nothing to watch */
    f.launch.timeout_s = 30;
    assert_int_equal(run_on(pool, &f), TJRT_END_OK);
    f.launch.ragged.group = loop_until_stopped;
    f.launch.timeout_s = 0.02;
    assert_int_equal(run_on(pool, &f), TJRT_END_TIMEOUT);
    tjrt_pool_destroy(pool);
}

/* A fault in one worker ends the endless loops of the others, at last that of an earlier
 * threadgroup too, and stays the fault. */
static void trap_or_loop(tjrt_frame *frame)
{
    if (frame->group_pos[0] == 1)
        tjrt_trap_user(frame, 0, 8, 1);
    loop_until_stopped(frame);
}

static void test_fault_ends_loops_of_other_workers(void **state)
{
    fixture f;
    (void)state;

    init_fixture(&f, NULL, 0);
    set_extent(f.launch.grid, 2, 1, 1);
    f.launch.ragged.group = trap_or_loop;
    assert_int_equal(run_with(2, &f), TJRT_END_TRAP);
    assert_int_equal(f.fault.site, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trap_names_the_thread),
        cmocka_unit_test(test_first_threadgroup_is_reported),
        cmocka_unit_test(test_collective_divergence),
        cmocka_unit_test(test_load_moves_active_lanes),
        cmocka_unit_test(test_store_moves_active_lanes),
        cmocka_unit_test(test_lanes_in_a_line),
        cmocka_unit_test(test_out_of_bounds_store_changes_nothing),
        cmocka_unit_test(test_negative_offsets_are_outside),
        cmocka_unit_test(test_threadgroup_variable_has_its_own_length),
        cmocka_unit_test(test_unknown_pointers_may_touch_any_buffer),
        cmocka_unit_test(test_unknown_pointers_into_private_arrays),
        cmocka_unit_test(test_mixed_origin),
        cmocka_unit_test(test_endless_loop_is_ended),
        cmocka_unit_test(test_long_grid_is_ended_between_threadgroups),
        cmocka_unit_test(test_limit_that_is_kept_does_nothing),
        cmocka_unit_test(test_fault_ends_loops_of_other_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
