/* SPDX-License-Identifier: MIT */
/* Memory, text and random numbers of the differential tests. */
#include "util.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
    struct chunk *next;
    _Alignas(16) unsigned char bytes[];
};

void *pool_take(pool *owner, size_t byte_len)
{
    struct chunk *chunk = calloc(1, sizeof(*chunk) + byte_len);

    if (!chunk)
        abort();
    chunk->next = owner->chunks;
    owner->chunks = chunk;
    return chunk->bytes;
}

char *pool_printf(pool *owner, const char *format, ...)
{
    char line[512];
    va_list args;

    va_start(args, format);
    int byte_len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (byte_len < 0 || (size_t)byte_len >= sizeof(line))
        abort();
    return memcpy(pool_take(owner, (size_t)byte_len + 1), line, (size_t)byte_len + 1);
}

void pool_fini(pool *owner)
{
    while (owner->chunks) {
        struct chunk *next = owner->chunks->next;

        free(owner->chunks);
        owner->chunks = next;
    }
}

void text_fini(text *out)
{
    free(out->data);
    *out = (text){0};
}

static void reserve(text *out, size_t byte_len)
{
    if (out->byte_len + byte_len + 1 <= out->byte_cap)
        return;
    out->byte_cap = 2 * (out->byte_len + byte_len + 1);
    out->data = realloc(out->data, out->byte_cap);
    if (!out->data)
        abort();
}

void text_printf(text *out, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int byte_len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (byte_len < 0)
        abort();
    reserve(out, (size_t)byte_len);
    vsnprintf(out->data + out->byte_len, (size_t)byte_len + 1, format, again);
    va_end(again);
    out->byte_len += (size_t)byte_len;
}

void text_append(text *out, const text *more)
{
    if (more->byte_len)
        text_printf(out, "%s", more->data);
}

uint64_t rng_next(rng *source)
{
    uint64_t z = source->state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

unsigned rng_below(rng *source, unsigned n)
{
    return (unsigned)((rng_next(source) >> 32) * n >> 32);
}

bool rng_chance(rng *source, unsigned percent)
{
    return rng_below(source, 100) < percent;
}
