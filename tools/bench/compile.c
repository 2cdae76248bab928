/* SPDX-License-Identifier: MIT */
/* How long the Triton cases take to compile: text to machine code, nothing cached. */
#include "bench.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CASES = 100, DEFAULT_WARPS = 4 };

static unsigned read_warps(const char *name)
{
    char path[4096];
    size_t byte_len;

    snprintf(path, sizeof path, TJB_CASES "/%s/case.json", name);
    char *text = tjb_read_text(path, &byte_len);
    const char *key = "\"num_warps\":";
    const char *at = text ? strstr(text, key) : NULL;
    unsigned warps = at ? (unsigned)strtoul(at + strlen(key), NULL, 10) : DEFAULT_WARPS;
    free(text);
    return warps;
}

/* Seconds; -1: see error. */
static double compile_case(const tjb_machine *m, const tjb_options *options, const char *name,
                           char *error, size_t error_len)
{
    unsigned warps = read_warps(name);
    tmjit_source_options source = {
        .struct_size = sizeof source, .fast_math = true, .num_warps = warps};
    tmjit_pipeline_options pipeline = {.struct_size = sizeof pipeline,
                                       .threadgroup = {32 * warps, 1, 1},
                                       .math = TMJIT_MATH_FAST};
    tmjit_library *library = NULL;
    tmjit_pipeline *made = NULL;
    char path[4096];
    size_t byte_len;

    tjb_kernel_path(path, sizeof path, options, name, TJB_FORM_TTIR);
    char *text = tjb_read_text(path, &byte_len);
    double start = tjb_now(options), time;
    if (!text ||
        tmjit_library_load_source(m->ctx, TMJIT_LANGUAGE_TTIR, text, byte_len, path, &source,
                                  &library) ||
        tmjit_pipeline_create(m->ctx, tmjit_library_kernel(library, 0), &pipeline, &made)) {
        const tmjit_error *e = tmjit_last_error(m->ctx);

        snprintf(error, error_len, "%s: %s", path, e && e->message ? e->message : "no text");
        time = -1.0;
    } else {
        time = tjb_now(options) - start;
        time *= options->is_cpu_time ? options->threads : 1; /* one thread compiles */
    }
    tmjit_pipeline_destroy(made);
    tmjit_library_destroy(library);
    free(text);
    return time;
}

bool tjb_measure_compile(tjb_machine *m, const tjb_options *options, tjb_times *out,
                         char *error, size_t error_len)
{
    double sample[MAX_CASES];
    size_t count = 0;
    DIR *folder = opendir(TJB_CASES);
    const struct dirent *entry;

    snprintf(error, error_len, "no cases in " TJB_CASES);
    while (folder && (entry = readdir(folder)) && count < MAX_CASES) {
        if (entry->d_name[0] == '.')
            continue;
        sample[count] = compile_case(m, options, entry->d_name, error, error_len);
        if (sample[count++] < 0) {
            count = 0;
            break;
        }
    }
    if (folder)
        closedir(folder);
    if (count)
        *out = tjb_summarize(sample, count);
    return count != 0;
}
