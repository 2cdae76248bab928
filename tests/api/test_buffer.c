/* SPDX-License-Identifier: MIT */
/* Buffers: memory, wrapping, parts of a buffer in a launch, lives, every misuse. */
#include "api_util.h"

#include <stdatomic.h>
#include <stdlib.h>

static tmjit_buffer *new_buffer(tmjit_context *ctx, uint64_t byte_len,
                                const tmjit_buffer_options *options)
{
    tmjit_buffer *buffer = NULL;

    if (tmjit_buffer_create(ctx, byte_len, options, &buffer))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    return buffer;
}

static void test_memory(void **state)
{
    static const uint64_t byte_lens[] = {0, 1, 255, 256, 4097, 16 << 20};
    tmjit_context *ctx = new_context();
    (void)state;

    for (unsigned i = 0; i < 6; i++) {
        tmjit_buffer *buffer = new_buffer(ctx, byte_lens[i], NULL);
        unsigned char *bytes = tmjit_buffer_contents(buffer);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % 256, 0);
        assert_int_equal(tmjit_buffer_byte_len(buffer), byte_lens[i]);
        assert_string_equal(tmjit_buffer_label(buffer), "");
        for (uint64_t b = 0; b < byte_lens[i]; b++)
            assert_int_equal(bytes[b], 0);
        memset(bytes, 0xa5, byte_lens[i]); /* all of it is there: for the sanitizer */
        tmjit_buffer_destroy(buffer);
    }
    tmjit_buffer_options options = {
        .struct_size = sizeof options, .label = "weights", .is_uncleared = true};
    tmjit_buffer *buffer = new_buffer(ctx, 1000, &options);
    memset(tmjit_buffer_contents(buffer), 1, 1000);
    assert_string_equal(tmjit_buffer_label(buffer), "weights");
    assert_ptr_not_equal(tmjit_buffer_label(buffer), options.label);
    tmjit_context_destroy(ctx); /* and the buffer */
    assert_null(tmjit_buffer_contents(NULL));
    assert_int_equal(tmjit_buffer_byte_len(NULL), 0);
    assert_string_equal(tmjit_buffer_label(NULL), "");
    tmjit_buffer_destroy(NULL);
}

static void count_release(void *data, void *user)
{
    _Atomic unsigned *count = user;

    free(data);
    atomic_fetch_add(count, 1);
}

static void test_wrapped_memory(void **state)
{
    tmjit_context *ctx = new_context();
    _Atomic unsigned count = 0;
    float *data = calloc(100, sizeof *data), plain[4];
    tmjit_buffer_options options = {
        .struct_size = sizeof options, .data = data, .release = count_release, .user = &count};
    (void)state;

    tmjit_buffer *buffer = new_buffer(ctx, 400, &options);
    assert_ptr_equal(tmjit_buffer_contents(buffer), data); /* no copy */
    tmjit_buffer_destroy(buffer);
    assert_int_equal(count, 1);
    options = (tmjit_buffer_options){.struct_size = sizeof options, .data = plain};
    tmjit_buffer_destroy(new_buffer(ctx, sizeof plain, &options));
    options.data = calloc(100, sizeof *data);
    options.release = count_release;
    options.user = &count;
    new_buffer(ctx, 400, &options);
    tmjit_context_destroy(ctx);
    assert_int_equal(count, 2);
}

/* The parts of three buffers of 64 floats that one launch of `add` over 16 threads uses. */
typedef struct part_row {
    unsigned first[3];    /* element; with `has_data` */
    bool has_data[3];     /* else from the start */
    uint64_t byte_len[3]; /* 0: to the end */
} part_row;

static const part_row part_rows[] = {
    {{0, 0, 0}, {false, false, false}, {0, 0, 0}},
    {{0, 0, 0}, {true, true, true}, {64, 64, 64}},
    {{4, 8, 48}, {true, true, true}, {64, 64, 64}},
    {{4, 8, 48}, {true, true, true}, {0, 0, 0}},
    {{20, 0, 0}, {true, false, false}, {0, 200, 64}},
};

static void check_part(tmjit_pipeline *pipeline, tmjit_buffer *const buffers[4],
                       const part_row *row)
{
    tmjit_binding bindings[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {16, 1, 1},
                           .bindings = bindings,
                           .binding_count = 4,
                           .buffers = buffers};
    float *data[3];

    for (unsigned i = 0; i < 3; i++) {
        data[i] = tmjit_buffer_contents(buffers[i]);
        for (unsigned k = 0; k < 64; k++)
            data[i][k] = i < 2 ? (float)(k + 1000 * i) : -1;
        if (row->has_data[i])
            bindings[i].data = data[i] + row->first[i];
        bindings[i].byte_len = row->byte_len[i];
    }
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_OK);
    for (unsigned k = 0; k < 64; k++) {
        unsigned at = k - row->first[2];
        float sum = (float)(at + row->first[0] + at + row->first[1] + 1000);
        assert_true(data[2][k] == (k >= row->first[2] && at < 16 ? sum : -1));
    }
}

static void test_parts_of_buffers(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, add_kernel, "add"),
                                       TMJIT_ENGINE_SIMD, (tmjit_extent){16, 1, 1});
    tmjit_buffer *buffers[4] = {new_buffer(ctx, 256, NULL), new_buffer(ctx, 256, NULL),
                                new_buffer(ctx, 256, NULL), NULL};
    (void)state;

    for (size_t i = 0; i < sizeof part_rows / sizeof *part_rows; i++)
        check_part(pipeline, buffers, &part_rows[i]);

    /* no bindings at all */
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {64, 1, 1},
                           .binding_count = 4,
                           .buffers = buffers};
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_OK);
    assert_true(((float *)tmjit_buffer_contents(buffers[2]))[63] == 1126);
    /* the kernel cannot go past the part, though the buffer goes on */
    tmjit_binding bindings[4] = {{NULL, 0}, {NULL, 32}, {NULL, 0}, {NULL, 0}};
    launch.bindings = bindings;
    assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_BOUNDS);
    assert_error(ctx, TMJIT_E_BOUNDS, "of buffer 'b' (32 bytes)");
    tmjit_context_destroy(ctx);
}

/* Destroyed while a launch that uses it is queued: the memory goes when that has ended. */
static void check_held(tmjit_engine engine)
{
    tmjit_context *ctx = new_context();
    const tmjit_extent size = {32, 1, 1};
    tmjit_pipeline *add = compile(ctx, load_kernel(ctx, add_kernel, "add"), engine, size);
    tmjit_pipeline *gate =
        compile(ctx, load_kernel(ctx, diverge_kernels, "endless"), engine, size);
    _Atomic unsigned count = 0;
    _Atomic uint32_t word = 0;
    float *y = malloc(400);
    tmjit_buffer_options options = {.struct_size = sizeof options,
                                    .data = malloc(400),
                                    .release = count_release,
                                    .user = &count};
    tmjit_buffer *a = new_buffer(ctx, 400, &options);
    tmjit_binding at_gate = {(void *)&word, 4};
    tmjit_binding bindings[] = {{NULL, 0}, {NULL, 0}, {y, 400}, {NULL, 0}};
    tmjit_buffer *buffers[] = {a, a, NULL, NULL};
    tmjit_launch first = {.struct_size = sizeof first,
                          .grid = {1, 1, 1},
                          .bindings = &at_gate,
                          .binding_count = 1};
    tmjit_launch second = {.struct_size = sizeof second,
                           .grid = {100, 1, 1},
                           .bindings = bindings,
                           .binding_count = 4,
                           .buffers = buffers};
    tmjit_queue *queue;

    for (unsigned i = 0; i < 100; i++)
        ((float *)options.data)[i] = (float)i;
    assert_int_equal(tmjit_queue_create(ctx, NULL, &queue), TMJIT_OK);
    assert_int_equal(tmjit_queue_launch(queue, gate, &first, NULL), TMJIT_OK);
    assert_int_equal(tmjit_queue_launch(queue, add, &second, NULL), TMJIT_OK);
    tmjit_buffer_destroy(a);
    buffers[0] = buffers[1] = NULL; /* the arrays are copied */
    memset(bindings, 0, sizeof bindings);
    assert_int_equal(count, 0);
    atomic_store(&word, 1);
    assert_int_equal(tmjit_queue_wait(queue, -1), TMJIT_OK);
    assert_int_equal(count, 1);
    for (unsigned i = 0; i < 100; i++)
        assert_true(y[i] == 2 * (float)i);
    free(y);
    tmjit_context_destroy(ctx);
}

static void test_launches_hold_buffers(void **state)
{
    (void)state;
    check_held(TMJIT_ENGINE_SIMD);
    check_held(TMJIT_ENGINE_INTERP);
}

/* ---- misuse -------------------------------------------------------------------------- */

static char byte;

static const struct {
    tmjit_status status;
    const char *part;
    uint64_t byte_len;
    tmjit_buffer_options options;
} bad_buffers[] = {
    {TMJIT_E_INVALID, "struct_size 0", 4, {.struct_size = 0}},
    {TMJIT_E_INVALID,
     "release without data",
     4,
     {.struct_size = sizeof(tmjit_buffer_options), .release = count_release}},
    {TMJIT_E_INVALID,
     "larger than memory",
     UINT64_MAX,
     {.struct_size = sizeof(tmjit_buffer_options), .data = &byte}},
    {TMJIT_E_MEMORY,
     "18446744073709551615 bytes",
     UINT64_MAX,
     {.struct_size = sizeof(tmjit_buffer_options)}},
    {TMJIT_E_MEMORY,
     "9223372036854775808 bytes",
     UINT64_C(1) << 63,
     {.struct_size = sizeof(tmjit_buffer_options), .is_uncleared = true}},
    {TMJIT_E_MEMORY,
     "2305843009213693952 bytes",
     UINT64_C(1) << 61,
     {.struct_size = sizeof(tmjit_buffer_options)}},
};

static void test_creation_misuse(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_buffer *buffer = (tmjit_buffer *)&byte;
    (void)state;

    assert_int_equal(tmjit_buffer_create(NULL, 4, NULL, &buffer), TMJIT_E_INVALID);
    assert_int_equal(tmjit_buffer_create(ctx, 4, NULL, NULL), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, "out is NULL");
    for (size_t i = 0; i < sizeof bad_buffers / sizeof *bad_buffers; i++) {
        assert_int_equal(
            tmjit_buffer_create(ctx, bad_buffers[i].byte_len, &bad_buffers[i].options, &buffer),
            bad_buffers[i].status);
        assert_error(ctx, bad_buffers[i].status, bad_buffers[i].part);
    }
    assert_ptr_equal(buffer, &byte);
    tmjit_context_destroy(ctx);
}

static void test_launch_misuse(void **state)
{
    tmjit_context *ctx = new_context(), *foreign_ctx = new_context();
    tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, mirror_kernel, "mirror"),
                                       TMJIT_ENGINE_SIMD, (tmjit_extent){1, 1, 1});
    tmjit_buffer_options options = {.struct_size = sizeof options, .label = "short"};
    tmjit_buffer *y = new_buffer(ctx, 64, &options), *n = new_buffer(ctx, 4, NULL);
    tmjit_buffer *foreign = new_buffer(foreign_ctx, 64, &options);
    tmjit_buffer *odd = new_buffer(ctx, 3, NULL);
    uint8_t *start = tmjit_buffer_contents(y);
    const struct {
        const char *part;
        tmjit_buffer *buffers[4];
        tmjit_binding y;
    } rows[] = {
        {"not inside the buffer 'short' of 64 bytes", {y, n, NULL, NULL}, {start, 65}},
        {"not inside the buffer 'short'", {y, n, NULL, NULL}, {start + 4, 64}},
        {"not inside the buffer 'short'", {y, n, NULL, NULL}, {start - 4, 0}},
        {"not inside the buffer 'short'", {y, n, NULL, NULL}, {start + 68, 0}},
        {"not inside the buffer 'short'", {y, n, NULL, NULL}, {start + 4, UINT64_MAX}},
        {"aligned to 4", {y, n, NULL, NULL}, {start + 1, 4}},
        {"'short' of argument 'y' belongs to another context",
         {foreign, n, NULL, NULL},
         {NULL, 0}},
        {"'tile' takes no buffer", {y, n, y, NULL}, {NULL, 0}},
        {"'i' takes no buffer", {y, n, NULL, y}, {NULL, 0}},
        {"buffer 'n' has 3 bytes", {y, odd, NULL, NULL}, {NULL, 0}},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tmjit_binding bindings[] = {rows[i].y, {NULL, 0}, {NULL, 16}, {NULL, 0}};
        tmjit_launch launch = {.struct_size = sizeof launch,
                               .grid = {1, 1, 1},
                               .bindings = bindings,
                               .binding_count = 4,
                               .buffers = rows[i].buffers};
        assert_int_equal(tmjit_pipeline_launch(pipeline, &launch), TMJIT_E_INVALID);
        assert_error(ctx, TMJIT_E_INVALID, rows[i].part);
    }
    tmjit_context_destroy(foreign_ctx);
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),           cmocka_unit_test(test_wrapped_memory),
        cmocka_unit_test(test_parts_of_buffers), cmocka_unit_test(test_launches_hold_buffers),
        cmocka_unit_test(test_creation_misuse),  cmocka_unit_test(test_launch_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
