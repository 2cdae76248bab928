/* SPDX-License-Identifier: MIT */
/* The languages that are read through clang. */
#include "source/job.h"

enum { MAX_SOURCE = 16 << 20 }; /* bytes */

static const tj_source_language *find_language(tj_language language)
{
    static const struct {
        tj_language name;
        const tj_source_language *language;
    } rows[] = {{TJ_LANGUAGE_OPENCL, &tj_language_opencl},
                {TJ_LANGUAGE_METAL, &tj_language_metal}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].name == language)
            return rows[i].language;
    return NULL;
}

tj_status tj_source_compile(const tj_source *source, tj_diags *diags, tj_text *out)
{
    tj_loc loc = {.file = source->name};
    tj_source_job job = {
        .source = source, .language = find_language(source->language), .diags = diags};
    tj_text text = {0};
    if (!job.language)
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc,
                          "source of this language is not read; Metal and OpenCL C are");
    if (source->byte_len > MAX_SOURCE)
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc, "%zu bytes of source; accepted are %d",
                          source->byte_len, MAX_SOURCE);
    job.arena = tj_arena_create();
    tj_status status = job.language->to_llvm(&job, &text);
    if (!status)
        status = tj_source_to_air(&job, &text, out);
    tj_text_fini(&text);
    tj_arena_destroy(job.arena);
    return status;
}
