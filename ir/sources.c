/* SPDX-License-Identifier: MIT */
/* Source archives of containers: bzip2 (libbz2), then tar (POSIX ustar, and long names as GNU
 * tar writes them). A broken archive has no lines; what it costs is bounded. */
#include "sources.h"

#include <bzlib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_BYTES = 512, /* of tar */
    NAME_BYTES = 100,
    SIZE_AT = 124,
    SIZE_BYTES = 12,
    KIND_AT = 156,
    MAGIC_AT = 257,
    PREFIX_AT = 345,
    PREFIX_BYTES = 155,
    LONGEST_PATH = 4096,
    LONGEST_LINE = 160, /* that is shown */
    FIRST_BYTES = 1 << 16,
    MAX_BYTES = 1 << 26 /* unpacked */
};

struct tj_sources {
    atomic_uint owners;
    pthread_mutex_t lock; /* of what follows */
    bool is_unpacked;
    char *text; /* the tar archive, NULL when it is broken */
    size_t text_len;
    size_t packed_len;
    uint8_t packed[];
};

tj_sources *tj_sources_create(const uint8_t *packed, size_t byte_len)
{
    tj_sources *sources = malloc(sizeof *sources + byte_len);
    if (!sources)
        abort(); /* as the arena does */
    *sources = (tj_sources){.packed_len = byte_len};
    atomic_init(&sources->owners, 1);
    pthread_mutex_init(&sources->lock, NULL);
    if (byte_len)
        memcpy(sources->packed, packed, byte_len);
    return sources;
}

tj_sources *tj_sources_share(tj_sources *sources)
{
    if (sources)
        atomic_fetch_add(&sources->owners, 1);
    return sources;
}

void tj_sources_release(tj_sources *sources)
{
    if (!sources || atomic_fetch_sub(&sources->owners, 1) > 1)
        return;
    pthread_mutex_destroy(&sources->lock);
    free(sources->text);
    free(sources);
}

/* ---- bzip2 --------------------------------------------------------------------------- */

/* Grows `text` and unpacks until the stream ends; what lies behind its end is padding. */
static bool unpack_stream(bz_stream *stream, char **text, size_t *text_len)
{
    size_t capacity = 0;
    int state = BZ_OK;
    while (state == BZ_OK) {
        if (*text_len == capacity) {
            capacity = capacity ? capacity * 2 : FIRST_BYTES;
            char *larger = capacity <= MAX_BYTES ? realloc(*text, capacity) : NULL;
            if (!larger)
                return false;
            *text = larger;
        }
        unsigned room = (unsigned)(capacity - *text_len), fed = stream->avail_in;
        stream->next_out = *text + *text_len;
        stream->avail_out = room;
        state = BZ2_bzDecompress(stream);
        *text_len += room - stream->avail_out;
        if (state == BZ_OK && stream->avail_out == room && stream->avail_in == fed)
            return false; /* it was cut short */
    }
    return state == BZ_STREAM_END;
}

static void unpack(tj_sources *sources)
{
    bz_stream stream = {0};
    sources->is_unpacked = true;
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
        return;
    stream.next_in = (char *)sources->packed;
    stream.avail_in = (unsigned)sources->packed_len;
    bool is_whole = unpack_stream(&stream, &sources->text, &sources->text_len);
    BZ2_bzDecompressEnd(&stream);
    if (is_whole)
        return;
    free(sources->text);
    sources->text = NULL;
    sources->text_len = 0;
}

/* ---- tar ----------------------------------------------------------------------------- */

typedef struct member {
    char path[LONGEST_PATH];
    const char *text;
    size_t byte_len;
} member;

static bool read_octal(const char *digits, size_t *out)
{
    *out = 0;
    for (unsigned i = 0; i < SIZE_BYTES && digits[i] && digits[i] != ' '; i++) {
        if (digits[i] < '0' || digits[i] > '7' || *out > MAX_BYTES)
            return false;
        *out = *out * 8 + (size_t)(digits[i] - '0');
    }
    return true;
}

static void copy_path(const char *block, char path[LONGEST_PATH])
{
    size_t at = 0;
    if (memcmp(block + MAGIC_AT, "ustar", 5) == 0 && block[PREFIX_AT]) {
        at = strnlen(block + PREFIX_AT, PREFIX_BYTES);
        memcpy(path, block + PREFIX_AT, at);
        path[at++] = '/';
    }
    size_t name_len = strnlen(block, NAME_BYTES);
    memcpy(path + at, block, name_len);
    path[at + name_len] = '\0';
}

/* The next file from `*at` on; a GNU long name stands in a member of kind L before it. */
static bool next_member(const tj_sources *sources, size_t *at, member *out)
{
    bool has_path = false;
    while (sources->text_len - *at >= BLOCK_BYTES && sources->text[*at]) {
        const char *block = sources->text + *at, *text = block + BLOCK_BYTES;
        size_t left = sources->text_len - *at - BLOCK_BYTES, byte_len;
        if (!read_octal(block + SIZE_AT, &byte_len) || byte_len > left)
            return false;
        size_t padded = (byte_len + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        *at += BLOCK_BYTES + (padded < left ? padded : left);
        char kind = block[KIND_AT];
        if (kind == 'L' && byte_len < LONGEST_PATH) {
            memcpy(out->path, text, byte_len);
            out->path[byte_len] = '\0';
            has_path = true;
        } else if (kind == '0' || kind == '\0') {
            if (!has_path)
                copy_path(block, out->path);
            out->text = text;
            out->byte_len = byte_len;
            return true;
        }
    }
    return false;
}

/* `file` is `path` or its last parts. */
static bool is_path_of(const char *path, const char *file)
{
    size_t path_len = strlen(path), file_len = strlen(file);
    if (!file_len || file_len > path_len || strcmp(path + path_len - file_len, file))
        return false;
    return file_len == path_len || *file == '/' || path[path_len - file_len - 1] == '/';
}

/* False when there is none, or several. */
static bool find_member(const tj_sources *sources, const char *file, const char **text,
                        size_t *byte_len)
{
    unsigned count = 0;
    member *m = malloc(sizeof *m);
    for (size_t at = 0; m && next_member(sources, &at, m);) {
        if (!is_path_of(m->path, file))
            continue;
        count++;
        *text = m->text;
        *byte_len = m->byte_len;
    }
    free(m);
    return count == 1;
}

/* ---- lines --------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* For a terminal: no control characters. */
static const char *copy_line(tj_arena *arena, const char *start, size_t byte_len)
{
    while (byte_len && is_blank(*start))
        start++, byte_len--;
    while (byte_len && is_blank(start[byte_len - 1]))
        byte_len--;
    bool is_cut = byte_len > LONGEST_LINE;
    char *line = tj_arena_printf(arena, "%.*s%s", (int)(is_cut ? LONGEST_LINE : byte_len),
                                 start, is_cut ? "..." : "");
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return *line ? line : NULL;
}

static const char *find_line(const tj_sources *sources, tj_arena *arena, const char *file,
                             unsigned line)
{
    const char *text = NULL;
    size_t left = 0;
    if (!line || !sources->text || !find_member(sources, file, &text, &left))
        return NULL;
    for (;; line--) {
        const char *end = left ? memchr(text, '\n', left) : NULL;
        size_t byte_len = end ? (size_t)(end - text) : left;
        if (line == 1)
            return copy_line(arena, text, byte_len);
        if (!end)
            return NULL;
        text = end + 1;
        left -= byte_len + 1;
    }
}

const char *tj_sources_line(tj_sources *sources, tj_arena *arena, const char *file,
                            unsigned line)
{
    pthread_mutex_lock(&sources->lock);
    if (!sources->is_unpacked)
        unpack(sources);
    pthread_mutex_unlock(&sources->lock);
    return find_line(sources, arena, file, line);
}
