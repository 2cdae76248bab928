/* SPDX-License-Identifier: MIT */
/* The time to print a loaded kernel of some 500 lines as Metal. */
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 64, PRINTS = 51, MIN_LINES = 500, LONGEST_TEXT = 1 << 16 };

typedef struct text {
    char bytes[LONGEST_TEXT];
    size_t len;
} text;

__attribute__((format(printf, 2, 3))) static void add(text *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    out->len +=
        (size_t)vsnprintf(out->bytes + out->len, sizeof out->bytes - out->len, format, args);
    va_end(args);
}

/* Loops, branches, calls and stores; the numbers differ, so that nothing is the same twice. */
static void write_kernel(text *out)
{
    add(out,
        "#include <metal_stdlib>\nusing namespace metal;\n\n"
        "kernel void steps(device const float *src [[buffer(0)]],\n"
        "                  device float *dst [[buffer(1)]], constant uint &n [[buffer(2)]],\n"
        "                  uint i [[thread_position_in_grid]])\n{\n");
    for (int p = 1; p <= PARTS; p++)
        add(out,
            "    for (uint k = %d; k < n; k += %d) {\n"
            "        float x = src[i + k * %d];\n"
            "        if (x > %d.5f) {\n"
            "            dst[k] = sqrt(x + %d);\n"
            "        } else {\n"
            "            dst[i + k] += fma(x, %d.25f, src[k]);\n"
            "        }\n"
            "    }\n",
            p, p + 1, p + 2, p, p, p);
    add(out, "}\n");
}

static size_t count_lines(const char *bytes, size_t byte_len)
{
    size_t lines = 0;

    for (size_t i = 0; i < byte_len; i++)
        lines += bytes[i] == '\n';
    return lines;
}

/* Seconds of one print; negative: see error. */
static double print_once(tjb_machine *m, const tjb_options *options, const tmjit_kernel *kernel,
                         char *error, size_t error_len)
{
    tmjit_metal_text printed = {.struct_size = sizeof printed};
    double start = tjb_now(options);

    if (tmjit_kernel_print_metal(m->ctx, kernel, NULL, &printed)) {
        snprintf(error, error_len, "print: %s", tmjit_last_error(m->ctx)->message);
        return -1.0;
    }
    double time = tjb_now(options) - start;
    size_t lines = count_lines(printed.text, printed.byte_len);
    tmjit_metal_text_free(&printed);
    if (lines < MIN_LINES) {
        snprintf(error, error_len, "the print has only %zu lines", lines);
        return -1.0;
    }
    return time;
}

bool tjb_measure_print(tjb_machine *m, const tjb_options *options, tjb_times *out, char *error,
                       size_t error_len)
{
    tmjit_library *library = NULL;
    text *source = calloc(1, sizeof *source);
    double sample[PRINTS];
    bool is_good = source != NULL;

    if (!is_good)
        return false;
    write_kernel(source);
    if (tmjit_library_load_source(m->ctx, TMJIT_LANGUAGE_METAL, source->bytes, source->len,
                                  "steps.metal", NULL, &library)) {
        snprintf(error, error_len, "load: %s", tmjit_last_error(m->ctx)->message);
        is_good = false;
    }
    for (int i = 0; i < PRINTS && is_good; i++) {
        sample[i] = print_once(m, options, tmjit_library_kernel(library, 0), error, error_len);
        is_good = sample[i] >= 0;
    }
    if (is_good)
        *out = tjb_summarize(sample, PRINTS);
    tmjit_library_destroy(library);
    free(source);
    return is_good;
}
