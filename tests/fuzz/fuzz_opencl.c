/* SPDX-License-Identifier: MIT */
/* What is read of clang's output for OpenCL C beside LLVM's own readers: mangled names, address
 * spaces in LLVM text, diagnostics. */
#include "source/job.h"
#include "source/opencl_internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

static void try_name(const char *text)
{
    tj_ocl_name name;

    if (!tj_ocl_demangle(text, &name))
        return;
    if (!*name.base || strlen(name.base) >= TJ_OCL_MAX_NAME || name.count > TJ_OCL_MAX_PARAMS)
        abort();
    for (unsigned i = 0; i < name.count; i++)
        if (!strchr("fsuvnp", name.params[i].kind) || name.params[i].length > 16 ||
            name.params[i].space > 4)
            abort();
}

/* What is in quotes stays as it is; nothing grows. */
static void try_spaces(const char *text, size_t byte_len)
{
    tj_text once = {0}, twice = {0};

    tj_ocl_plain_spaces(text, byte_len, &once);
    if (once.byte_len > byte_len)
        abort();
    tj_ocl_plain_spaces(once.data ? once.data : "", once.byte_len, &twice);
    if (twice.byte_len > once.byte_len)
        abort();
    tj_text_fini(&once);
    tj_text_fini(&twice);
}

static void try_diagnostics(const char *text, size_t byte_len,
                            const tj_source_language *language)
{
    tj_diags diags = {.arena = tj_arena_create()};
    const tj_source source = {.text = text, .byte_len = byte_len, .name = "k.cl"};
    const tj_source_job job = {
        .source = &source, .language = language, .diags = &diags, .arena = diags.arena};

    if (!tj_clang_error(&job, text) || !diags.first.status || !diags.first.message)
        abort();
    tj_arena_destroy(diags.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    char *text = malloc(byte_len + 1);

    if (!text)
        return 0;
    memcpy(text, bytes, byte_len);
    text[byte_len] = '\0';
    try_spaces(text, byte_len);
    try_diagnostics(text, byte_len, &tj_language_opencl);
    try_diagnostics(text, byte_len, &tj_language_metal);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        try_name(line);
    free(text);
    return 0;
}
