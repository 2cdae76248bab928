/* SPDX-License-Identifier: MIT */
/* Coroutine threadgroups, with handles made by hand as LLVM's switched-resume lowering lays
 * them out: the first word is the resume function, null at the end. */
#include "runtime_util.h"

typedef struct slice_state slice_state;
typedef void step_fn(void *handle); /* a slice_state */

struct slice_state {
    step_fn *resume; /* first, as in LLVM's frames */
    step_fn *body;
    tjrt_frame *frame;
    uint32_t slice;
    unsigned phase;
};

typedef struct barrier_data {
    unsigned phase_count;
    _Atomic uint32_t error_count, end_count;
    unsigned scenario;
    bool is_unaligned;
    unsigned order_count;
    uint16_t order[64];
} barrier_data;

static uint32_t lanes_of(const tjrt_frame *frame, uint32_t slice)
{
    uint32_t lanes = frame->worker->job->launch->lanes, rest = frame->thread_count - slice * lanes;

    return rest < lanes ? rest : lanes;
}

static uint32_t mask_of(const tjrt_frame *frame, uint32_t slice)
{
    uint32_t lanes = lanes_of(frame, slice);

    return lanes == 32 ? UINT32_MAX : (UINT32_C(1) << lanes) - 1;
}

static void wait_with(slice_state *state, uint32_t site, uint32_t lane_mask)
{
    state->frame->waits[state->slice] = (tjrt_wait){site, lane_mask};
}

static void wait_at(slice_state *state, uint32_t site)
{
    wait_with(state, site, mask_of(state->frame, state->slice));
}

static void end(slice_state *state)
{
    barrier_data *data = data_of(state->frame);

    atomic_fetch_add(&data->end_count, 1);
    state->resume = NULL;
}

static slice_state *new_state(tjrt_frame *frame, uint32_t slice, step_fn *body)
{
    slice_state *state = tjrt_frame_take(frame, sizeof *state);

    *state = (slice_state){.resume = body, .body = body, .frame = frame, .slice = slice};
    body(state);
    return state;
}

/* ---- exchange through threadgroup memory --------------------------------------------- */

/* Each thread writes in even phases and reads its mirror thread's word in odd phases. */
static void exchange(void *handle)
{
    slice_state *state = handle;
    tjrt_frame *frame = state->frame;
    barrier_data *data = data_of(frame);
    uint32_t *words = (uint32_t *)(void *)frame->threadgroup_memory;
    uint32_t first = state->slice * frame->worker->job->launch->lanes;

    for (uint32_t l = 0; l < lanes_of(frame, state->slice); l++) {
        uint32_t thread = first + l, mirror = frame->thread_count - 1 - thread;
        if (state->phase % 2 == 0)
            words[thread] = thread * 1000 + state->phase;
        else if (words[mirror] != mirror * 1000 + state->phase - 1)
            atomic_fetch_add(&data->error_count, 1);
    }
    if (++state->phase == data->phase_count)
        end(state);
    else
        wait_at(state, state->phase % 2);
}

static void *start_exchange(tjrt_frame *frame, uint32_t slice)
{
    return new_state(frame, slice, exchange);
}

static void check_exchange(uint32_t threads, unsigned lanes, uint64_t seed)
{
    barrier_data data = {.phase_count = 10};
    fixture f;

    init_fixture(&f, &data, sizeof data);
    f.launch.lanes = lanes;
    f.launch.order_seed = seed;
    f.launch.static_threadgroup_byte_len = 4096;
    set_extent(f.launch.grid, threads * 5, 1, 1);
    set_extent(f.launch.threadgroup, threads, 1, 1);
    f.launch.full.slice = f.launch.ragged.slice = start_exchange;
    assert_int_equal(run_with(2, &f), TJRT_END_OK);
    assert_int_equal(data.error_count, 0);
    assert_int_equal(data.end_count, 5 * ((threads + lanes - 1) / lanes));
}

static void test_memory_is_exchanged(void **state)
{
    static const uint32_t sizes[] = {1, 31, 33, 96, 1000, 1024};
    (void)state;

    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (unsigned lanes = 4; lanes <= 32; lanes *= 2)
            for (uint64_t seed = 0; seed < 3; seed++)
                check_exchange(sizes[s], lanes, seed);
}

/* ---- order of slices ----------------------------------------------------------------- */

static void record_order(void *handle)
{
    slice_state *state = handle;
    barrier_data *data = data_of(state->frame);

    data->order[data->order_count++] = (uint16_t)state->slice;
    if (state->phase++)
        end(state);
    else
        wait_at(state, 0);
}

static void *start_record(tjrt_frame *frame, uint32_t slice)
{
    return new_state(frame, slice, record_order);
}

static barrier_data slice_order(uint64_t seed)
{
    barrier_data data = {0};
    fixture f;

    init_fixture(&f, &data, sizeof data);
    f.launch.lanes = 32;
    f.launch.order_seed = seed;
    set_extent(f.launch.grid, 1024, 1, 1);
    set_extent(f.launch.threadgroup, 1024, 1, 1);
    f.launch.full.slice = start_record;
    assert_int_equal(run_with(1, &f), TJRT_END_OK);
    assert_int_equal(data.order_count, 64);
    return data;
}

static void test_seed_orders_slices_in_each_phase(void **state)
{
    barrier_data plain = slice_order(0), one = slice_order(1), again = slice_order(1);
    (void)state;

    for (unsigned i = 0; i < 64; i++)
        assert_int_equal(plain.order[i], i % 32);
    assert_memory_equal(one.order, again.order, sizeof one.order);
    assert_memory_not_equal(one.order, plain.order, sizeof one.order);
    /* the second phase has an order of its own */
    assert_memory_not_equal(one.order, one.order + 32, sizeof one.order / 2);
    uint32_t seen[2] = {0, 0};
    for (unsigned i = 0; i < 64; i++)
        seen[i / 32] |= UINT32_C(1) << one.order[i];
    assert_int_equal(seen[0], UINT32_MAX);
    assert_int_equal(seen[1], UINT32_MAX);
}

/* ---- divergence ---------------------------------------------------------------------- */

typedef struct divergence {
    const char *what;
    tjrt_end end;
    uint32_t site, other_site, thread;
} divergence;

/* Three SIMD-groups of 32, 32 and 8 threads, slices of 8 lanes. */
static const divergence divergences[] = {
    {"all wait", TJRT_END_OK, 0, 0, 0},
    {"SIMD-group 1 has ended", TJRT_END_OK, 0, 0, 0},
    {"lane 3 of slice 5 is away", TJRT_END_DIVERGED, 1, UINT32_MAX, 32},
    {"slice 5 has ended, its SIMD-group waits", TJRT_END_DIVERGED, 1, UINT32_MAX, 32},
    {"SIMD-group 2 waits elsewhere", TJRT_END_DIVERGED, 1, 2, 0},
    {"slice 2 waits elsewhere than its SIMD-group", TJRT_END_DIVERGED, 1, UINT32_MAX, 0},
    {"slice 4 misses lane 0", TJRT_END_DIVERGED, 1, UINT32_MAX, 33},
};

static void diverge(void *handle)
{
    slice_state *state = handle;
    barrier_data *data = data_of(state->frame);
    uint32_t slice = state->slice, simd_group = slice / 4;

    if (state->phase++ || (data->scenario == 1 && simd_group == 1) ||
        (data->scenario == 3 && slice == 5)) {
        end(state);
        return;
    }
    wait_at(state, 1);
    if (data->scenario == 2 && slice == 5)
        wait_with(state, 1, 0xf7);
    if (data->scenario == 4 && simd_group == 2)
        wait_at(state, 2);
    if (data->scenario == 5 && slice == 2)
        wait_at(state, 2);
    if (data->scenario == 6 && slice == 4)
        wait_with(state, 1, 0xfe);
}

static void *start_diverge(tjrt_frame *frame, uint32_t slice)
{
    return new_state(frame, slice, diverge);
}

static void test_divergence_is_found(void **state)
{
    (void)state;
    for (unsigned s = 0; s < sizeof divergences / sizeof *divergences; s++) {
        const divergence *wanted = &divergences[s];
        barrier_data data = {.scenario = s};
        fixture f;
        init_fixture(&f, &data, sizeof data);
        set_extent(f.launch.grid, 72, 1, 1);
        set_extent(f.launch.threadgroup, 72, 1, 1);
        f.launch.full.slice = start_diverge;
        if (run_with(1, &f) != wanted->end)
            fail_msg("%s: ended with %d", wanted->what, (int)f.fault.end);
        if (wanted->end == TJRT_END_OK) {
            assert_int_equal(data.end_count, 9);
            continue;
        }
        assert_int_equal(f.fault.site, wanted->site);
        assert_int_equal(f.fault.other_site, wanted->other_site);
        assert_int_equal(f.fault.thread_in_group[0], wanted->thread);
    }
}

/* ---- frames -------------------------------------------------------------------------- */

static void stay(void *handle)
{
    slice_state *state = handle;
    barrier_data *data = data_of(state->frame);
    size_t byte_len = state->phase ? 0 : state->slice == 3 ? 3 << 20 : 200;

    if (state->phase++) {
        end(state);
        return;
    }
    uint8_t *more = tjrt_frame_take(state->frame, byte_len);
    if ((uintptr_t)more % 64)
        data->is_unaligned = true;
    memset(more, 0xee, byte_len);
    wait_at(state, 0);
}

static void *start_stay(tjrt_frame *frame, uint32_t slice)
{
    return new_state(frame, slice, stay);
}

static void test_frames_are_aligned_and_reused(void **state)
{
    barrier_data data = {0};
    fixture f;
    (void)state;

    init_fixture(&f, &data, sizeof data);
    set_extent(f.launch.grid, 64 * 500, 1, 1);
    set_extent(f.launch.threadgroup, 64, 1, 1);
    f.launch.full.slice = start_stay;
    /* 500 threadgroups of 3 MiB each: more than the limit if nothing were reused */
    assert_int_equal(run_with(1, &f), TJRT_END_OK);
    assert_int_equal(data.end_count, 4000);
    assert_false(data.is_unaligned);
}

static void *start_greedy(tjrt_frame *frame, uint32_t slice)
{
    tjrt_frame_take(frame, 10 << 20);
    return new_state(frame, slice, stay);
}

static void *start_absurd(tjrt_frame *frame, uint32_t slice)
{
    tjrt_frame_take(frame, UINT64_MAX - 3);
    return new_state(frame, slice, stay);
}

static void test_frames_have_a_limit(void **state)
{
    static tjrt_slice_fn *const starts[] = {start_greedy, start_absurd};
    (void)state;

    for (unsigned i = 0; i < 2; i++) {
        barrier_data data = {0};
        fixture f;
        init_fixture(&f, &data, sizeof data);
        set_extent(f.launch.grid, 1024, 1, 1);
        set_extent(f.launch.threadgroup, 1024, 1, 1);
        f.launch.full.slice = starts[i];
        assert_int_equal(run_with(1, &f), TJRT_END_MEMORY);
    }
}

/* ---- endless ------------------------------------------------------------------------- */

static void wait_forever(void *handle)
{
    slice_state *state = handle;
    wait_at(state, 6);
}

static void *start_forever(tjrt_frame *frame, uint32_t slice)
{
    return new_state(frame, slice, wait_forever);
}

static void test_endless_barriers_are_ended(void **state)
{
    barrier_data data = {0};
    fixture f;
    (void)state;

    init_fixture(&f, &data, sizeof data);
    set_extent(f.launch.grid, 64, 1, 1);
    set_extent(f.launch.threadgroup, 32, 1, 1);
    f.launch.full.slice = start_forever;
    f.launch.timeout_s = 0.02;
    assert_int_equal(run_with(2, &f), TJRT_END_TIMEOUT);
    assert_int_equal(f.fault.site, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_exchanged),
        cmocka_unit_test(test_seed_orders_slices_in_each_phase),
        cmocka_unit_test(test_divergence_is_found),
        cmocka_unit_test(test_frames_are_aligned_and_reused),
        cmocka_unit_test(test_frames_have_a_limit),
        cmocka_unit_test(test_endless_barriers_are_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
