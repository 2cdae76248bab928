/* SPDX-License-Identifier: MIT */
/* No byte outside a buffer is touched: each buffer ends, or starts, at a page without access,
 * and has only the bytes that the kernel may use. Wide accesses, masked lanes and ragged
 * threadgroups must stay inside, with and without bounds checks; faults must stop before. */
#include "api_util.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_BUFFERS = 4 };

typedef struct guard_row {
    const char *file, *entry;
    tmjit_extent grid, threadgroup;
    uint64_t byte_lens[MAX_BUFFERS]; /* by argument; buffers hold zeros */
    tmjit_status end;
} guard_row;

static const guard_row rows[] = {
    {"run/memory-strides.ll", "stride2", {75, 0, 0}, {32, 0, 0}, {596, 596}, TMJIT_OK},
    {"run/memory-strides.ll", "stride3", {75, 0, 0}, {32, 0, 0}, {892, 892}, TMJIT_OK},
    {"run/memory-strides.ll", "stride4", {75, 0, 0}, {32, 0, 0}, {1188, 1188}, TMJIT_OK},
    {"run/memory-strides.ll", "stride7", {75, 0, 0}, {25, 0, 0}, {2076, 2076}, TMJIT_OK},
    {"run/memory-strides.ll", "stride8", {64, 0, 0}, {32, 0, 0}, {2020, 2020}, TMJIT_OK},
    {"run/memory-float-vectors.ll", "v2", {70, 0, 0}, {32, 0, 0}, {560, 560}, TMJIT_OK},
    {"run/memory-float-vectors.ll", "v3", {64, 0, 0}, {32, 0, 0}, {1020, 1020}, TMJIT_OK},
    {"run/memory-float-vectors.ll", "v4", {70, 0, 0}, {32, 0, 0}, {1120, 1120}, TMJIT_OK},
    {"run/memory-element-types.ll", "char", {100, 0, 0}, {48, 0, 0}, {100, 100, 100}, TMJIT_OK},
    {"run/memory-element-types.ll", "half", {100, 0, 0}, {48, 0, 0}, {200, 200, 200}, TMJIT_OK},
    {"run/memory-element-types.ll", "long", {96, 0, 0}, {32, 0, 0}, {768, 800, 768}, TMJIT_OK},
    {"run/memory-2d-threadgroups.ll", "k", {37, 21, 0}, {16, 16, 0}, {3108, 3108}, TMJIT_OK},
    {"run/memory-2d-threadgroups.ll", "k", {37, 21, 0}, {8, 4, 0}, {3108, 3108}, TMJIT_OK},
    {"run/memory-2d-threadgroups.ll", "k", {36, 20, 0}, {4, 4, 0}, {2880, 2880}, TMJIT_OK},
    {"run/memory-gather-scatter.ll", "k", {90, 0, 0}, {40, 0, 0}, {360, 4, 360, 4}, TMJIT_OK},
    {"run/memory-stencil.ll", "k", {200, 0, 0}, {64, 0, 0}, {800, 800}, TMJIT_OK},
    {"run/memory-packed-float3.ll", "k", {41, 0, 0}, {16, 0, 0}, {492, 492}, TMJIT_OK},
    {"run/memory-interleaved-channels.ll", "k", {45, 0, 0}, {32, 0, 0}, {720, 180, 135, 135},
     TMJIT_OK},
    {"run/memory-vectors-of-16.ll", "k", {20, 0, 0}, {16, 0, 0}, {320, 320, 320, 320},
     TMJIT_OK},
    {"run/memory-uniform-access.ll", "k", {70, 0, 0}, {33, 0, 0}, {12, 280, 8}, TMJIT_OK},
    {"run/store-in-divergent-loop.ll", "k", {50, 0, 0}, {50, 0, 0}, {1784}, TMJIT_OK},
    {"run/short-circuit-conditions.ll", "k", {8, 0, 0}, {8, 0, 0}, {32, 32}, TMJIT_OK},
    {"errors/bounds-load.ll", "k", {8, 0, 0}, {4, 0, 0}, {32, 32}, TMJIT_E_BOUNDS},
    {"errors/bounds-store.ll", "k", {9, 0, 0}, {32, 0, 0}, {32}, TMJIT_E_BOUNDS},
    {"errors/bounds-store.ll", "k", {1000, 0, 0}, {100, 0, 0}, {2000}, TMJIT_E_BOUNDS},
    {"errors/bounds-before-buffer.ll", "k", {8, 0, 0}, {8, 0, 0}, {32, 32}, TMJIT_E_BOUNDS},
    {"errors/bounds-partial-vector.ll", "k", {2, 0, 0}, {2, 0, 0}, {28, 32}, TMJIT_E_BOUNDS},
    {"errors/bounds-atomic.ll", "k", {3, 0, 0}, {3, 0, 0}, {8}, TMJIT_E_BOUNDS},
    {"errors/bounds-2d-grid.ll", "k", {5, 7, 0}, {4, 4, 0}, {136}, TMJIT_E_BOUNDS},
    {"errors/bounds-matrix-tile.ll", "k", {32, 0, 0}, {32, 0, 0}, {252}, TMJIT_E_BOUNDS},
};

/* One page with access between two without. */
typedef struct guarded_page {
    unsigned char *start;
    size_t byte_len;
} guarded_page;

static guarded_page map_page(void)
{
    guarded_page page = {.byte_len = (size_t)sysconf(_SC_PAGESIZE)};
    void *all = mmap(NULL, 3 * page.byte_len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_true(all != MAP_FAILED);
    page.start = (unsigned char *)all + page.byte_len;
    assert_int_equal(mprotect(page.start, page.byte_len, PROT_READ | PROT_WRITE), 0);
    return page;
}

static void unmap_page(const guarded_page *page)
{
    munmap(page->start - page->byte_len, 3 * page->byte_len);
}

/* A buffer that lacks 4 bytes to a multiple of 16 (float3 elements) starts at one all the same:
 * the 4 bytes behind it are accessible and must stay zero. */
static void *place(const guarded_page *page, uint64_t byte_len, bool is_at_end)
{
    memset(page->start, 0, page->byte_len);
    if (!is_at_end)
        return page->start;
    uint64_t aligned = byte_len % 16 == 12 ? byte_len + 4 : byte_len;
    return page->start + page->byte_len - aligned;
}

static bool is_clean(const guarded_page *page, const tmjit_binding *binding)
{
    const unsigned char *data = binding->data, *end = page->start + page->byte_len;

    for (const unsigned char *at = page->start; at < end; at++)
        if (*at && (at < data || at >= data + binding->byte_len))
            return false;
    return true;
}

static void launch_row(const guard_row *row, tmjit_pipeline *pipeline, tmjit_context *ctx,
                       size_t arg_count, const guarded_page *pages, bool is_at_end)
{
    tmjit_binding bindings[8] = {{NULL, 0}};
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = row->grid,
                           .bindings = bindings,
                           .binding_count = arg_count};

    for (unsigned i = 0; i < MAX_BUFFERS && row->byte_lens[i]; i++)
        bindings[i] = (tmjit_binding){place(&pages[i], row->byte_lens[i], is_at_end),
                                      row->byte_lens[i]};
    if (tmjit_pipeline_launch(pipeline, &launch) != row->end)
        fail_msg("%s, %s: %s", row->file, row->entry, tmjit_last_error(ctx)->rendered);
    for (unsigned i = 0; i < MAX_BUFFERS && row->byte_lens[i]; i++)
        if (!is_clean(&pages[i], &bindings[i]))
            fail_msg("%s, %s: bytes outside argument %u were written", row->file, row->entry,
                     i);
}

static void run_row(const guard_row *row, tmjit_context *ctx, tmjit_pipeline_options options)
{
    tmjit_library *library = NULL;
    tmjit_pipeline *pipeline = NULL;
    guarded_page pages[MAX_BUFFERS];

    if (tmjit_library_load_file(ctx, row->file, &library))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    const tmjit_kernel *kernel = tmjit_library_find_kernel(library, row->entry);
    assert_non_null(kernel);
    options.struct_size = sizeof options;
    options.threadgroup = row->threadgroup;
    if (tmjit_pipeline_create(ctx, kernel, &options, &pipeline))
        fail_msg("%s: %s", row->file, tmjit_last_error(ctx)->rendered);
    for (unsigned i = 0; i < MAX_BUFFERS; i++)
        pages[i] = map_page();

    launch_row(row, pipeline, ctx, tmjit_kernel_arg_count(kernel), pages, true);
    launch_row(row, pipeline, ctx, tmjit_kernel_arg_count(kernel), pages, false);

    for (unsigned i = 0; i < MAX_BUFFERS; i++)
        unmap_page(&pages[i]);
    tmjit_pipeline_destroy(pipeline);
    tmjit_library_destroy(library);
}

static void run_rows(tmjit_pipeline_options options)
{
    tmjit_context *ctx = new_context();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].end == TMJIT_OK || !options.no_bounds_checks)
            run_row(&rows[i], ctx, options);
    tmjit_context_destroy(ctx);
}

static void test_interpreter(void **state)
{
    (void)state;
    run_rows((tmjit_pipeline_options){.engine = TMJIT_ENGINE_INTERP});
}

static void test_vector_code(void **state)
{
    (void)state;
    for (unsigned lanes = 4; lanes <= 32; lanes *= 2)
        run_rows((tmjit_pipeline_options){.lanes = lanes});
}

static void test_vector_code_without_optimisation(void **state)
{
    (void)state;
    run_rows((tmjit_pipeline_options){.lanes = 16, .has_opt_level = true, .opt_level = 0});
}

static void test_vector_code_without_checks(void **state)
{
    (void)state;
    for (unsigned lanes = 4; lanes <= 32; lanes *= 2)
        run_rows((tmjit_pipeline_options){.lanes = lanes, .no_bounds_checks = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interpreter),
        cmocka_unit_test(test_vector_code),
        cmocka_unit_test(test_vector_code_without_optimisation),
        cmocka_unit_test(test_vector_code_without_checks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
