/* SPDX-License-Identifier: MIT */
/* needs: jit/entry.c jit/codec.c jit/object.c jit/loader.c jit/bind.c */
/* Any bytes as the payload of a cache entry, of both kinds, and as an object: what is taken
 * for whole must say the same when it is written again. Objects are loaded, not run. */
#include "entry.h"
#include "loader.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

static void expect_same(tj_text text, const uint8_t *bytes, size_t byte_len)
{
    /* Texts with a NUL inside come back shorter. */
    bool has_same_len = text.byte_len == byte_len;

    if (has_same_len && byte_len && memcmp(text.data, bytes, byte_len))
        abort();
    tj_text_fini(&text);
}

static void try_library(const uint8_t *bytes, size_t byte_len, tj_arena *arena)
{
    tj_library_entry entry;

    if (!tj_decode_library(bytes, byte_len, arena, &entry))
        expect_same(tj_encode_library(&entry), bytes, byte_len);
}

static void try_object(const uint8_t *bytes, size_t byte_len)
{
    tj_linked linked = {0};
    size_t name_at;

    if (tj_check_object(bytes, byte_len, &name_at))
        return;
    if (name_at > byte_len || byte_len - name_at < sizeof TJ_ENTRY_SYMBOL)
        abort();
    if (!tj_load_object(bytes, byte_len, TJ_ENTRY_SYMBOL, false, &linked) && !linked.entry)
        abort();
    tj_unload_object(&linked);
}

static void try_code(const uint8_t *bytes, size_t byte_len, tj_arena *arena)
{
    tj_code_entry entry;

    if (tj_decode_code(bytes, byte_len, arena, &entry))
        return;
    expect_same(tj_encode_code(&entry), bytes, byte_len);
    if (entry.object_len && (entry.object < bytes || entry.object_len > byte_len))
        abort();
    try_object(entry.object, entry.object_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    tj_arena *arena = tj_arena_create();

    try_library(bytes, byte_len, arena);
    try_code(bytes, byte_len, arena);
    try_object(bytes, byte_len);
    tj_arena_destroy(arena);
    return 0;
}
