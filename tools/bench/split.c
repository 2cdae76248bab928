/* SPDX-License-Identifier: MIT */
/* What a start of a changed .metal file is made of: the library's own clocks. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 15 };

static double ours_s(const tmjit_source_info *source, const tmjit_pipeline_info *made)
{
    return source->adopt_s + source->load_s + made->extract_s + made->canon_s + made->lower_s;
}

static void take(const tmjit_library *library, const tmjit_pipeline *pipeline,
                 double sample[TJB_PARTS][TIMES], int i)
{
    const tmjit_source_info source = tmjit_library_get_source_info(library);
    const tmjit_pipeline_info made = tmjit_pipeline_get_info(pipeline);

    sample[TJB_PART_PREPROCESS][i] = source.prepare_s + source.preprocess_s;
    sample[TJB_PART_REWRITE][i] = source.rewrite_s;
    sample[TJB_PART_CLANG][i] = source.clang_s;
    sample[TJB_PART_OURS][i] = ours_s(&source, &made);
    sample[TJB_PART_LLVM][i] = source.read_s + made.optimize_s + made.emit_s + made.link_s;
}

/* The name of the kernel is another one each time, so that nothing of it is in the cache. */
static bool start_once(tmjit_context *ctx, const char *path, const char *text, size_t byte_len,
                       double sample[TJB_PARTS][TIMES], int i)
{
    char macro[64];
    const char *const defines[] = {macro, NULL};
    const tmjit_source_options source = {.struct_size = sizeof source, .defines = defines};
    const tmjit_pipeline_options options = {.struct_size = sizeof options,
                                            .threadgroup = {256, 1, 1}};
    tmjit_library *library = NULL;
    tmjit_pipeline *pipeline = NULL;

    snprintf(macro, sizeof macro, "vector_add=vector_add_%d", i < 0 ? TIMES : i);
    bool is_good =
        !tmjit_library_load_source(ctx, TMJIT_LANGUAGE_METAL, text, byte_len, path, &source,
                                   &library) &&
        !tmjit_pipeline_create(ctx, tmjit_library_kernel(library, 0), &options, &pipeline);
    if (is_good && i >= 0)
        take(library, pipeline, sample, i);
    tmjit_pipeline_destroy(pipeline);
    tmjit_library_destroy(library);
    return is_good;
}

bool tjb_measure_split(const tjb_options *options, const char *folder, double out[TJB_PARTS],
                       char *error, size_t error_len)
{
    const tmjit_context_options own = {.struct_size = sizeof own, .cache_dir = folder};
    double sample[TJB_PARTS][TIMES];
    tmjit_context *ctx = NULL;
    char path[4096];
    size_t byte_len = 0;

    tjb_kernel_path(path, sizeof path, options, "vector_add", TJB_FORM_METAL);
    char *text = tjb_read_text(path, &byte_len);
    bool is_good = text && !tmjit_context_create(&own, &ctx);
    for (int i = -1; is_good && i < TIMES; i++)
        is_good = start_once(ctx, path, text, byte_len, sample, i);
    for (int p = 0; is_good && p < TJB_PARTS; p++)
        out[p] = tjb_summarize(sample[p], TIMES).median;
    if (!is_good) {
        const tmjit_error *e = ctx ? tmjit_last_error(ctx) : NULL;
        snprintf(error, error_len, "%s: %s", path, e && e->message ? e->message : "no text");
    }
    tmjit_context_destroy(ctx);
    free(text);
    return is_good;
}
