/* SPDX-License-Identifier: MIT */
/* Memory with the lifetime of a compilation: a list of chunks, newest first, each filled
 * from its start. Marks name a chunk and a fill level, so a rewind frees whole chunks. */
#include "arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK_BYTES = 16 << 10, LARGEST_CHUNK_BYTES = 1 << 20 };

typedef struct chunk chunk;
struct chunk {
    chunk *older;
    size_t used, byte_cap;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct tj_arena {
    chunk *newest;
    size_t next_byte_cap;
};

static void *allocate(size_t byte_len)
{
    void *memory = malloc(byte_len);
    if (!memory)
        abort();
    return memory;
}

tj_arena *tj_arena_create(void)
{
    tj_arena *arena = allocate(sizeof *arena);
    *arena = (tj_arena){.next_byte_cap = FIRST_CHUNK_BYTES};
    return arena;
}

static void free_newest(tj_arena *arena)
{
    chunk *gone = arena->newest;
    arena->newest = gone->older;
    free(gone);
}

void tj_arena_destroy(tj_arena *arena)
{
    if (!arena)
        return;
    while (arena->newest)
        free_newest(arena);
    free(arena);
}

static void add_chunk(tj_arena *arena, size_t byte_len)
{
    size_t cap = byte_len > arena->next_byte_cap ? byte_len : arena->next_byte_cap;
    if (cap > SIZE_MAX - sizeof(chunk))
        abort();
    chunk *fresh = allocate(sizeof *fresh + cap);
    fresh->older = arena->newest;
    fresh->used = 0;
    fresh->byte_cap = cap;
    arena->newest = fresh;
    if (arena->next_byte_cap < LARGEST_CHUNK_BYTES)
        arena->next_byte_cap *= 2;
}

/* The offset in `in` at which `byte_len` aligned bytes fit, or SIZE_MAX. */
static size_t find_room(const chunk *in, size_t byte_len, size_t align)
{
    uintptr_t base = (uintptr_t)in->bytes;
    size_t at = (size_t)(((base + in->used + align - 1) & ~(uintptr_t)(align - 1)) - base);
    return at <= in->byte_cap && byte_len <= in->byte_cap - at ? at : SIZE_MAX;
}

void *tj_arena_take(tj_arena *arena, size_t count, size_t byte_len, size_t align)
{
    assert(align && (align & (align - 1)) == 0);
    if (byte_len && count > (SIZE_MAX / 2 - align) / byte_len)
        abort();
    size_t total = count * byte_len;
    size_t at = arena->newest ? find_room(arena->newest, total, align) : SIZE_MAX;
    if (at == SIZE_MAX) {
        add_chunk(arena, total + align);
        at = find_room(arena->newest, total, align);
    }
    arena->newest->used = at + total;
    return memset(arena->newest->bytes + at, 0, total);
}

tj_mark tj_arena_mark(const tj_arena *arena)
{
    chunk *newest = arena->newest;
    return (tj_mark){newest, newest ? newest->used : 0};
}

void tj_arena_rewind(tj_arena *arena, tj_mark mark)
{
    while (arena->newest && arena->newest != mark.chunk)
        free_newest(arena);
    assert(arena->newest == mark.chunk);
    if (arena->newest)
        arena->newest->used = mark.used;
}

char *tj_arena_strndup(tj_arena *arena, const char *text, size_t byte_len)
{
    char *copy = tj_arena_take(arena, byte_len + 1, 1, 1);
    if (byte_len)
        memcpy(copy, text, byte_len);
    return copy;
}

char *tj_arena_strdup(tj_arena *arena, const char *text)
{
    return tj_arena_strndup(arena, text, strlen(text));
}

/* What "%s" alone makes of a format, as in most calls, without printf; NULL: there is something
 * else. */
static char *join(tj_arena *arena, const char *format, va_list args)
{
    enum { MAX_PARTS = 16 };
    const char *parts[MAX_PARTS];
    size_t lens[MAX_PARTS], total = 0;
    unsigned count = 0;
    while (*format) {
        bool is_text = *format != '%';
        if (count == MAX_PARTS || (!is_text && format[1] != 's'))
            return NULL;
        const char *part = is_text ? format : va_arg(args, const char *);
        parts[count] = part ? part : "(null)";
        lens[count] = is_text ? strcspn(format, "%") : strlen(parts[count]);
        format += is_text ? lens[count] : 2;
        total += lens[count++];
    }
    char *text = tj_arena_take(arena, total + 1, 1, 1), *at = text;
    for (unsigned i = 0; i < count; at += lens[i++])
        memcpy(at, parts[i], lens[i]);
    return text;
}

/* Prints into the room that is left, and again where that was too little. */
static char *format_text(tj_arena *arena, const char *format, va_list args)
{
    chunk *in = arena->newest;
    size_t room = in ? in->byte_cap - in->used : 0;
    char *text = room ? (char *)in->bytes + in->used : NULL;
    va_list again;
    va_copy(again, args);
    int byte_len = vsnprintf(text, room, format, args);
    if (byte_len < 0)
        abort();
    if ((size_t)byte_len < room) {
        in->used += (size_t)byte_len + 1;
    } else {
        text = tj_arena_take(arena, (size_t)byte_len + 1, 1, 1);
        vsnprintf(text, (size_t)byte_len + 1, format, again);
    }
    va_end(again);
    return text;
}

char *tj_arena_printf(tj_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = join(arena, format, args);
    va_end(args);
    if (text)
        return text;
    va_start(args, format);
    text = format_text(arena, format, args);
    va_end(args);
    return text;
}
