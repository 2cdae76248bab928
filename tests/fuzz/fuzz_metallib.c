/* SPDX-License-Identifier: MIT */
/* Any bytes as a container: opened, every function found by its name and loaded; an error has a
 * message, a function lies inside the bytes. */
#include "metallib.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LOADS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t byte_len);

static void load(const tj_metallib *lib, size_t index)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_unit *unit = NULL;
    tj_status status = tj_metallib_load(lib, index, &diags, &unit);
    if (status != diags.first.status || (status == TJ_OK) != (unit != NULL))
        abort();
    tj_unit_destroy(unit);
    tj_arena_destroy(diags.arena);
}

/* Any line will do: what it costs is what counts. */
static void read_source(const tj_metallib *lib, size_t index)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_sources *sources = NULL;
    tj_status status = tj_metallib_sources(lib, index, &diags, &sources);
    if (status != diags.first.status || (status && sources))
        abort();
    if (sources)
        tj_sources_line(sources, diags.arena, "k.metal", 1);
    tj_sources_release(sources);
    tj_arena_destroy(diags.arena);
}

static void look(const tj_metallib *lib, size_t byte_len)
{
    size_t count = tj_metallib_function_count(lib);
    for (size_t i = 0; i < count; i++) {
        const tj_function *function = tj_metallib_function(lib, i);
        if (tj_metallib_find(lib, function->name) != i)
            abort();
        if (function->byte_len > byte_len ||
            function->byte_start > byte_len - function->byte_len)
            abort();
        if (i >= MOST_LOADS)
            continue;
        load(lib, i);
        read_source(lib, i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t byte_len)
{
    tj_diags diags = {.arena = tj_arena_create()};
    uint8_t *copy = malloc(byte_len ? byte_len : 1);
    if (!copy)
        abort();
    if (byte_len)
        memcpy(copy, data, byte_len);
    tj_bytes bytes = {.memory = copy, .fd = -1, .byte_len = byte_len};
    tj_metallib *lib = NULL;
    tj_status status = tj_metallib_open(&bytes, "fuzz.metallib", &diags, &lib);
    if (status != diags.first.status || (status == TJ_OK) != (lib != NULL))
        abort();
    if (lib)
        look(lib, byte_len);
    else
        free(copy);
    tj_metallib_close(lib);
    tj_arena_destroy(diags.arena);
    return 0;
}
