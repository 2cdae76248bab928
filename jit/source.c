/* SPDX-License-Identifier: MIT */
/* Libraries from source text. With a cache the bitcode that clang and our readers made of a
 * text is kept under the text, its name, all options, and the program that clang is. Text that
 * includes files is compiled each time: what they hold is not known before. */
#include "source/source.h"
#include "objects.h"
#include "tmjit_source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

_Static_assert((int)TMJIT_LANGUAGE_OPENCL == (int)TJ_LANGUAGE_OPENCL, "languages differ");
_Static_assert((int)TMJIT_LANGUAGE_METAL == (int)TJ_LANGUAGE_METAL, "languages differ");

tmjit_language tmjit_language_of(const char *path)
{
    static const struct {
        const char *ending;
        tmjit_language language;
    } rows[] = {{".cl", TMJIT_LANGUAGE_OPENCL}, {".metal", TMJIT_LANGUAGE_METAL}};
    size_t byte_len = path ? strlen(path) : 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t ending_len = strlen(rows[i].ending);
        if (byte_len > ending_len && !strcmp(path + byte_len - ending_len, rows[i].ending))
            return rows[i].language;
    }
    return TMJIT_LANGUAGE_NONE;
}

/* ---- the cache ------------------------------------------------------------------------- */

static bool includes_files(const tj_source *source)
{
    return memmem(source->text, source->byte_len, "include", strlen("include")) ||
           memmem(source->text, source->byte_len, "import", strlen("import"));
}

static void hash_list(tj_hasher *hasher, const char *const *list)
{
    for (; list && *list; list++)
        tj_hash_text(hasher, *list);
    tj_hash_text(hasher, NULL);
}

/* False when clang is not there to be named. */
static bool make_key(const tmjit_context *ctx, const tj_source *source, tj_digest *out)
{
    tj_hasher hasher;
    struct stat info;

    if (stat(source->clang, &info))
        return false;
    tj_hash_start(&hasher);
    tj_hash_text(&hasher, "source");
    tj_hash_digest(&hasher, &ctx->identity);
    tj_hash_text(&hasher, source->clang);
    tj_hash_number(&hasher, (uint64_t)info.st_size);
    tj_hash_number(&hasher, (uint64_t)info.st_mtim.tv_sec);
    tj_hash_number(&hasher, (uint64_t)info.st_mtim.tv_nsec);
    tj_hash_number(&hasher, source->language);
    tj_hash_text(&hasher, source->name);
    tj_hash_text(&hasher, source->standard);
    tj_hash_number(&hasher, source->is_fast_math);
    tj_hash_text(&hasher, source->entry);
    hash_list(&hasher, source->defines);
    tj_hash_number(&hasher, source->byte_len);
    tj_hash_bytes(&hasher, source->text, source->byte_len);
    *out = tj_hash_end(&hasher);
    return true;
}

static tmjit_status load_bitcode(tmjit_context *ctx, const tj_source *source, const void *bytes,
                                 size_t byte_len, tmjit_library **out)
{
    return tj_library_load_memory(ctx, bytes, byte_len, source->name, out);
}

static tmjit_status compile(tmjit_context *ctx, const tj_source *source, const tj_digest *key,
                            tmjit_library **out)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_text bitcode = {0};
    tmjit_status status;

    if (tj_source_compile(source, &diags, &bitcode))
        status = tj_publish(ctx, &diags.first);
    else
        status = load_bitcode(ctx, source, bitcode.data, bitcode.byte_len, out);
    if (!status && key)
        tj_cache_put(ctx->cache, TJ_ENTRY_SOURCE, key, bitcode.data, bitcode.byte_len);
    tj_text_fini(&bitcode);
    tj_arena_destroy(diags.arena);
    return status;
}

static tmjit_status load(tmjit_context *ctx, const tj_source *source, tmjit_library **out)
{
    tj_digest key;
    size_t byte_len;

    if (!ctx->cache || includes_files(source) || !make_key(ctx, source, &key))
        return compile(ctx, source, NULL, out);
    uint8_t *kept = tj_cache_get(ctx->cache, TJ_ENTRY_SOURCE, &key, &byte_len);
    if (!kept)
        return compile(ctx, source, &key, out);
    tmjit_status status = load_bitcode(ctx, source, kept, byte_len, out);
    free(kept);
    return status;
}

/* ---- the interface --------------------------------------------------------------------- */

tmjit_status tmjit_library_load_source(tmjit_context *ctx, tmjit_language language,
                                       const char *text, size_t byte_len, const char *name,
                                       const tmjit_source_options *given, tmjit_library **out)
{
    tmjit_source_options options = {0};

    if (!ctx || !tj_context_is_ours(ctx))
        return TMJIT_E_INVALID;
    if ((!text && byte_len) || !out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "text or out is NULL");
    if (language != TMJIT_LANGUAGE_OPENCL && language != TMJIT_LANGUAGE_METAL)
        return tj_refuse(ctx, TMJIT_E_INVALID, "unknown language %d", (int)language);
    if (!tj_copy_options(&options, sizeof options, given))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "source options: struct_size %zu; %zu is accepted", given->struct_size,
                         sizeof options);
    const tj_source source = {
        .language = (tj_language)language,
        .text = text ? text : "",
        .byte_len = byte_len,
        .name = name ? name : "<memory>",
        .clang = options.clang ? options.clang : tj_default_clang,
        .include_dirs = options.include_dirs,
        .defines = options.defines,
        .standard = options.standard,
        .is_fast_math = options.fast_math,
        .time_limit_s = options.time_limit_s,
        .entry = options.entry,
    };
    return load(ctx, &source, out);
}
