/* SPDX-License-Identifier: MIT */
/* The rows of the benchmark: their data, their launches and how results are compared. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 1 << 21 }; /* a large page of x86-64 and of AArch64 with 4 KiB pages */

void *tjb_take(size_t byte_len)
{
    size_t rounded = (byte_len + PAGE - 1) / PAGE * PAGE;
    void *memory = aligned_alloc(PAGE, rounded);

    if (!memory) {
        fprintf(stderr, "tmjit-bench: no memory for %zu bytes\n", rounded);
        exit(1);
    }
#ifdef MADV_HUGEPAGE
    madvise(memory, rounded, MADV_HUGEPAGE);
#endif
    return memset(memory, 0, rounded);
}

/* ---- data ----------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;

    x ^= x << 13; /* G. Marsaglia, "Xorshift RNGs", 2003 */
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

static size_t add_buffer(tjb_case *c, size_t byte_len)
{
    size_t index = c->buffer_count++;

    c->buffer[index] = tjb_take(byte_len);
    c->byte_len[index] = byte_len;
    return index;
}

static void add_input(tjb_case *c, size_t count, float low, float high)
{
    size_t index = add_buffer(c, count * sizeof(float));
    uint32_t state = 2463534242u + (uint32_t)index;
    float *data = c->buffer[index];

    for (size_t i = 0; i < count; i++)
        data[i] = low + (high - low) * ((float)(next_random(&state) >> 8) * 0x1p-24f);
}

static void add_words(tjb_case *c, size_t count, uint32_t mask)
{
    size_t index = add_buffer(c, count * sizeof(uint32_t));
    uint32_t state = 88172645u + (uint32_t)index;
    uint32_t *data = c->buffer[index];

    for (size_t i = 0; i < count; i++)
        data[i] = next_random(&state) & mask;
}

static void add_constant(tjb_case *c, const void *value, size_t byte_len)
{
    memcpy(c->buffer[add_buffer(c, byte_len)], value, byte_len);
}

static void add_number(tjb_case *c, size_t value)
{
    uint32_t word = (uint32_t)value;

    add_constant(c, &word, sizeof word);
}

static void mark_output(tjb_case *c, size_t index)
{
    c->initial[index] = tjb_take(c->byte_len[index]);
    c->reference[index] = tjb_take(c->byte_len[index]);
    memcpy(c->initial[index], c->buffer[index], c->byte_len[index]);
}

static void add_output(tjb_case *c, size_t count)
{
    mark_output(c, add_buffer(c, count * 4));
}

static void add_step(tjb_case *c, tjb_step step)
{
    c->step[c->step_count++] = step;
}

/* A launch over `n` threads in one dimension, 256 a threadgroup, of the kernel that bears the
 * row's name; its arguments are the case's buffers in order. */
static void add_plain_step(tjb_case *c, const char *file, const char *entry, size_t n)
{
    tjb_step step = {.file = file,
                     .entry = entry,
                     .grid = {(uint32_t)n, 1, 1},
                     .threadgroup = {256, 1, 1},
                     .buffer = {0, 1, 2, 3, 4, 5, 6, 7}};

    step.buffer[c->buffer_count] = -1;
    add_step(c, step);
}

/* ---- rows ----------------------------------------------------------------------------- */

static void prepare_copy(tjb_case *c, const tjb_row *row)
{
    add_input(c, c->n, -4.0f, 4.0f);
    add_output(c, c->n);
    add_plain_step(c, row->name, strcmp(row->name, "exp") ? row->name : "vector_exp", c->n);
    c->bytes = 8.0 * (double)c->n;
}

static void prepare_vector_add(tjb_case *c, const tjb_row *row)
{
    add_input(c, c->n, -1.0f, 1.0f);
    add_input(c, c->n, -1.0f, 1.0f);
    add_output(c, c->n);
    add_plain_step(c, row->name, row->name, c->n);
    c->bytes = 12.0 * (double)c->n;
}

static void prepare_saxpy(tjb_case *c, const tjb_row *row)
{
    float a = 0.001f;

    add_constant(c, &a, sizeof a);
    add_input(c, c->n, -1.0f, 1.0f);
    add_input(c, c->n, -1.0f, 1.0f);
    mark_output(c, 2);
    add_plain_step(c, row->name, row->name, c->n);
    c->bytes = 12.0 * (double)c->n;
}

static void prepare_black_scholes(tjb_case *c, const tjb_row *row)
{
    tjb_market market = {0.02f, 0.30f};

    add_input(c, c->n, 5.0f, 30.0f);
    add_input(c, c->n, 1.0f, 100.0f);
    add_input(c, c->n, 0.25f, 10.0f);
    add_output(c, c->n);
    add_output(c, c->n);
    add_constant(c, &market, sizeof market);
    add_plain_step(c, row->name, row->name, c->n);
    c->bytes = 20.0 * (double)c->n;
}

static void prepare_softmax(tjb_case *c, const tjb_row *row)
{
    add_input(c, c->n * TJB_ROW_LEN, -4.0f, 4.0f);
    add_output(c, c->n * TJB_ROW_LEN);
    add_number(c, TJB_ROW_LEN);
    add_plain_step(c, row->name, row->name, c->n * TJB_ROW_LEN / 4);
    c->bytes = 8.0 * (double)c->n * TJB_ROW_LEN;
}

static void prepare_layer_norm(tjb_case *c, const tjb_row *row)
{
    float epsilon = 1e-5f;

    add_input(c, c->n * TJB_ROW_LEN, -4.0f, 4.0f);
    add_input(c, TJB_ROW_LEN, 0.5f, 1.5f);
    add_input(c, TJB_ROW_LEN, -1.0f, 1.0f);
    add_output(c, c->n * TJB_ROW_LEN);
    add_constant(c, &epsilon, sizeof epsilon);
    add_step(c, (tjb_step){.file = row->name,
                           .entry = row->name,
                           .grid = {(uint32_t)(c->n * TJB_ROW_LEN / 8), 1, 1},
                           .threadgroup = {128, 1, 1},
                           .buffer = {0, 1, 2, 3, 4, -1}});
    c->bytes = 8.0 * (double)c->n * TJB_ROW_LEN;
}

/* Two stages: at most 256 threadgroups leave a partial sum each, one threadgroup sums those. */
static void prepare_sum(tjb_case *c, const tjb_row *row)
{
    size_t groups = c->n / 4 / 256 < 256 ? c->n / 4 / 256 : 256;

    add_input(c, c->n, 0.0f, 1.0f);
    add_output(c, 1);
    add_buffer(c, groups * sizeof(float));
    add_number(c, c->n / 4);
    add_number(c, groups / 4);
    add_step(
        c,
        (tjb_step){
            row->name, row->name, {(uint32_t)groups * 256, 1, 1}, {256, 1, 1}, {0, 2, 3, -1}});
    add_step(c, (tjb_step){row->name, row->name, {64, 1, 1}, {64, 1, 1}, {2, 1, 4, -1}});
    c->bytes = 4.0 * (double)c->n;
    c->only_reads = true;
}

/* Blocks of 1024; their sums are one block of 4 values a thread, 1024 threads at most. */
static void prepare_scan(tjb_case *c, const tjb_row *row)
{
    uint32_t blocks = (uint32_t)(c->n / 1024);

    (void)row;
    add_words(c, c->n, 0xff);
    add_output(c, c->n);
    add_buffer(c, blocks * sizeof(uint32_t)); /* sums of blocks */
    add_buffer(c, blocks * sizeof(uint32_t)); /* and their prefix sums */
    add_buffer(c, sizeof(uint32_t));          /* sum of all */
    add_step(c,
             (tjb_step){
                 "scan", "scan_block", {(uint32_t)c->n / 4, 1, 1}, {256, 1, 1}, {0, 1, 2, -1}});
    add_step(c,
             (tjb_step){
                 "scan", "scan_block", {blocks / 4, 1, 1}, {blocks / 4, 1, 1}, {2, 3, 4, -1}});
    add_step(
        c, (tjb_step){"scan", "scan_add", {(uint32_t)c->n / 4, 1, 1}, {256, 1, 1}, {3, 1, -1}});
    c->bytes = 8.0 * (double)c->n;
}

static void prepare_transpose(tjb_case *c, const tjb_row *row)
{
    uint32_t n = (uint32_t)c->n;

    add_input(c, c->n * c->n, -1.0f, 1.0f);
    add_output(c, c->n * c->n);
    add_number(c, c->n);
    add_step(c, (tjb_step){row->name, row->name, {n, n / 4, 1}, {32, 8, 1}, {0, 1, 2, -1}});
    c->bytes = 8.0 * (double)c->n * (double)c->n;
}

static void prepare_stencil(tjb_case *c, const tjb_row *row)
{
    static const float weight[5] = {0.05f, 0.25f, 0.4f, 0.25f, 0.05f};

    add_input(c, c->n, -1.0f, 1.0f);
    add_output(c, c->n);
    add_constant(c, weight, sizeof weight);
    add_plain_step(c, row->name, row->name, c->n);
    c->bytes = 8.0 * (double)c->n;
}

static void prepare_mandelbrot(tjb_case *c, const tjb_row *row)
{
    tjb_view view = {-2.0f, -1.25f, 2.5f / (float)c->n, 256};
    uint32_t n = (uint32_t)c->n;

    add_output(c, c->n * c->n);
    add_constant(c, &view, sizeof view);
    add_step(c, (tjb_step){row->name, row->name, {n, n, 1}, {16, 16, 1}, {0, 1, -1}});
    c->flops_per_count = 8.0;
}

static void prepare_nbody(tjb_case *c, const tjb_row *row)
{
    add_input(c, c->n * 4, 0.01f, 1.0f);
    add_output(c, c->n * 4);
    add_number(c, c->n);
    add_plain_step(c, row->name, row->name, c->n);
    c->flops = 20.0 * (double)c->n * (double)c->n; /* as it is usually counted */
}

static void prepare_histogram(tjb_case *c, const tjb_row *row)
{
    uint32_t groups = c->n / 4 / 256 < 256 ? (uint32_t)(c->n / 4 / 256) : 256;

    add_words(c, c->n / 4, 0xffffffff);
    add_output(c, 256);
    add_number(c, c->n / 4);
    add_step(
        c, (tjb_step){row->name, row->name, {groups * 256, 1, 1}, {256, 1, 1}, {0, 1, 2, -1}});
    c->bytes = (double)c->n;
    c->only_reads = true;
}

/* 64 x 64 elements a threadgroup, by 256 threads or by four SIMD-groups. */
static void prepare_sgemm(tjb_case *c, const tjb_row *row)
{
    uint32_t tiles = (uint32_t)(c->n / 64);
    bool is_matrix = strncmp(row->name, "sgemm_matrix", 12) == 0;
    tmjit_extent threadgroup =
        is_matrix ? (tmjit_extent){128, 1, 1} : (tmjit_extent){16, 16, 1};

    add_input(c, c->n * c->n, -1.0f, 1.0f);
    add_input(c, c->n * c->n, -1.0f, 1.0f);
    add_output(c, c->n * c->n);
    add_number(c, c->n);
    add_step(c, (tjb_step){row->name,
                           row->name,
                           {tiles * threadgroup.x, tiles * threadgroup.y, 1},
                           threadgroup,
                           {0, 1, 2, 3, -1}});
    c->flops = 2.0 * (double)c->n * (double)c->n * (double)c->n;
}

/* Blocks of 1024, 512 threads each. */
static void prepare_sort(tjb_case *c, const tjb_row *row)
{
    add_words(c, c->n, 0xffffffff);
    add_output(c, c->n);
    add_step(c, (tjb_step){
                    row->name, row->name, {(uint32_t)c->n / 2, 1, 1}, {512, 1, 1}, {0, 1, -1}});
    c->bytes = 8.0 * (double)c->n;
}

static void prepare_attention(tjb_case *c, const tjb_row *row)
{
    for (unsigned i = 0; i < 3; i++)
        add_input(c, c->n * TJB_HEAD_LEN, -1.0f, 1.0f);
    add_output(c, c->n * TJB_HEAD_LEN);
    add_number(c, c->n);
    add_step(
        c, (tjb_step){
               row->name, row->name, {(uint32_t)c->n, 1, 1}, {64, 1, 1}, {0, 1, 2, 3, 4, -1}});
    c->flops = 4.0 * TJB_HEAD_LEN * (double)c->n * (double)c->n;
}

/* A launch as small as many programs make them. */
static void prepare_small_saxpy(tjb_case *c, const tjb_row *row)
{
    static const tjb_row saxpy = {.name = "saxpy"};

    (void)row;
    prepare_saxpy(c, &saxpy);
}

/* ---- Triton --------------------------------------------------------------------------- */

/* `programs` of a case; its arguments are the case's buffers in the order of `buffer`. */
static void add_programs(tjb_case *c, const char *file, unsigned num_warps, uint32_t programs,
                         const int buffer[TJB_BUFFERS])
{
    tjb_step step = {.file = file,
                     .entry = file,
                     .grid = {programs * 32 * num_warps, 1, 1},
                     .threadgroup = {32 * num_warps, 1, 1}};

    c->num_warps = num_warps;
    memcpy(step.buffer, buffer, sizeof step.buffer);
    add_step(c, step);
}

static void prepare_triton_vector_add(tjb_case *c, const tjb_row *row)
{
    (void)row;
    add_input(c, c->n, -1.0f, 1.0f);
    add_input(c, c->n, -1.0f, 1.0f);
    add_output(c, c->n);
    add_number(c, c->n);
    add_programs(c, "vector_add", 4, (uint32_t)(c->n / 256),
                 (const int[TJB_BUFFERS]){0, 1, 2, 3, -1});
    c->bytes = 12.0 * (double)c->n;
}

/* A program takes every 256th row, or every 16th of the small size. */
static void prepare_triton_softmax(tjb_case *c, const tjb_row *row)
{
    (void)row;
    add_input(c, c->n * TJB_ROW_LEN, -4.0f, 4.0f);
    add_output(c, c->n * TJB_ROW_LEN);
    add_number(c, c->n);
    add_number(c, TJB_ROW_LEN);
    add_programs(c, "softmax_rows", 8, c->n < 256 ? 16 : 256,
                 (const int[TJB_BUFFERS]){0, 1, 2, 3, 3, -1});
    c->bytes = 8.0 * (double)c->n * TJB_ROW_LEN;
}

/* Mean and deviation of each row are left too, which native code does not do. */
static void prepare_triton_layer_norm(tjb_case *c, const tjb_row *row)
{
    float epsilon = 1e-5f;

    (void)row;
    add_input(c, c->n * TJB_ROW_LEN, -4.0f, 4.0f);
    add_input(c, TJB_ROW_LEN, 0.5f, 1.5f);
    add_input(c, TJB_ROW_LEN, -1.0f, 1.0f);
    add_output(c, c->n * TJB_ROW_LEN);
    add_constant(c, &epsilon, sizeof epsilon);
    add_buffer(c, c->n * sizeof(float));
    add_buffer(c, c->n * sizeof(float));
    add_number(c, TJB_ROW_LEN);
    add_programs(c, "layer_norm", 4, (uint32_t)c->n,
                 (const int[TJB_BUFFERS]){0, 1, 2, 3, 5, 6, 7, 4});
    c->bytes = 8.0 * (double)c->n * TJB_ROW_LEN;
}

/* 64 x 64 elements a program. */
static void prepare_triton_matmul(tjb_case *c, const tjb_row *row)
{
    add_input(c, c->n * c->n, -1.0f, 1.0f);
    add_input(c, c->n * c->n, -1.0f, 1.0f);
    add_output(c, c->n * c->n);
    add_number(c, c->n);
    add_programs(c, row->name, 4, (uint32_t)(c->n / 64),
                 (const int[TJB_BUFFERS]){0, 1, 2, 3, -1});
    c->step[0].grid.y = (uint32_t)(c->n / 64);
    c->flops = 2.0 * (double)c->n * (double)c->n * (double)c->n;
}

/* 64 rows of a head a program. */
static void prepare_triton_attention(tjb_case *c, const tjb_row *row)
{
    size_t count = TJB_HEADS * c->n * TJB_HEAD_LEN;
    float scale = 0.125f;

    for (int i = 0; i < 3; i++)
        add_input(c, count, -1.0f, 1.0f);
    add_output(c, count);
    add_number(c, c->n);
    add_constant(c, &scale, sizeof scale);
    add_programs(c, row->name, 4, (uint32_t)(c->n / 64),
                 (const int[TJB_BUFFERS]){0, 1, 2, 3, 4, 5, -1});
    c->step[0].grid.y = TJB_HEADS;
    c->flops = 4.0 * (double)c->n * (double)count; /* of the two products */
}

#define M (1024 * 1024)
#define NATIVE TJB_OF_NATIVE
#define PEAK TJB_OF_PEAK
#define EXACT false, 0, 0, 0
#define FLOATS(rtol, atol) false, rtol, atol, 0
#define WORDS(share) true, 0, 0, share
#define ROW(name, title, native, data, n, small_n, yardstick, target, checks, ...)             \
    {#name,     title,  "tjb_" #native, prepare_##data, n,     small_n,                        \
     yardstick, target, checks,         __VA_ARGS__,    false, false},
#define TRITON(name, title, native, data, n, small_n, yardstick, target, checks, ...)          \
    {#name,     title,  "tjb_" #native, prepare_##data, n,    small_n,                         \
     yardstick, target, checks,         __VA_ARGS__,    true, false},
#define SOURCE(name, title, native, data, n, small_n, ...)                                     \
    {#name, title, "tjb_" #native, prepare_##data, n,   small_n, NATIVE,                       \
     0,     0,     __VA_ARGS__,    false,          true},
const tjb_row tjb_rows[] = {
#include "rows.def"
};
const size_t tjb_row_count = sizeof tjb_rows / sizeof *tjb_rows;

/* ---- cases ---------------------------------------------------------------------------- */

void tjb_case_create(tjb_case *c, const tjb_row *row, bool is_small)
{
    memset(c, 0, sizeof *c);
    c->n = is_small ? row->small_n : row->n;
    row->prepare(c, row);
}

void tjb_case_destroy(tjb_case *c)
{
    for (size_t i = 0; i < c->buffer_count; i++) {
        free(c->buffer[i]);
        free(c->initial[i]);
        free(c->reference[i]);
    }
}

void tjb_case_reset(const tjb_case *c)
{
    for (size_t i = 0; i < c->buffer_count; i++)
        if (c->initial[i])
            memcpy(c->buffer[i], c->initial[i], c->byte_len[i]);
}

void tjb_case_keep_reference(tjb_case *c)
{
    for (size_t i = 0; i < c->buffer_count; i++)
        if (c->reference[i])
            memcpy(c->reference[i], c->buffer[i], c->byte_len[i]);
    if (c->flops_per_count > 0)
        for (size_t i = 0; i < c->byte_len[0] / 4; i++)
            c->flops += c->flops_per_count * ((const uint32_t *)c->reference[0])[i];
}

static size_t count_different(const tjb_row *row, const void *got, const void *want,
                              size_t count)
{
    const uint32_t *got_word = got, *want_word = want;
    const float *got_float = got, *want_float = want;
    size_t different = 0;

    for (size_t i = 0; i < count; i++) {
        if (row->is_integer) {
            different += got_word[i] != want_word[i];
            continue;
        }
        double error = fabs((double)got_float[i] - (double)want_float[i]);

        /* written so that NaN differs */
        different += !(error <= row->atol + row->rtol * fabs((double)want_float[i]));
    }
    return different;
}

double tjb_case_compare(const tjb_case *c, const tjb_row *row)
{
    size_t different = 0, count = 0;

    for (size_t i = 0; i < c->buffer_count; i++) {
        if (!c->reference[i])
            continue;
        different += count_different(row, c->buffer[i], c->reference[i], c->byte_len[i] / 4);
        count += c->byte_len[i] / 4;
    }
    return (double)different / (double)count;
}
