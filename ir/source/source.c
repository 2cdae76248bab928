/* SPDX-License-Identifier: MIT */
/* The languages that are read through clang. */
#include "source/job.h"

#include <string.h>

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

/* Without the mark that some editors put in front of UTF-8: here it is not in front any more.
 */
static tj_source skip_mark(const tj_source *given)
{
    static const char mark[] = "\xef\xbb\xbf";
    tj_source source = *given;
    if (source.byte_len >= sizeof mark - 1 && !memcmp(source.text, mark, sizeof mark - 1)) {
        source.text += sizeof mark - 1;
        source.byte_len -= sizeof mark - 1;
    }
    return source;
}

tj_status tj_source_compile(const tj_source *given, tj_diags *diags, tj_text *out)
{
    const tj_source marked = skip_mark(given), *source = &marked;
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
