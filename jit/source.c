/* SPDX-License-Identifier: MIT */
/* Libraries from source text. With a cache the bitcode that clang and our readers made of a
 * text is kept under the text, its name, all options, and the program that clang is, together
 * with the digests of the files that it included. */
#include "source/source.h"
#include "objects.h"
#include "ttir/ttir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

_Static_assert((int)TMJIT_LANGUAGE_OPENCL == (int)TJ_LANGUAGE_OPENCL, "languages differ");
_Static_assert((int)TMJIT_LANGUAGE_METAL == (int)TJ_LANGUAGE_METAL, "languages differ");
_Static_assert((int)TMJIT_LANGUAGE_TTIR == (int)TJ_LANGUAGE_TTIR, "languages differ");

tmjit_language tmjit_language_of(const char *path)
{
    static const struct {
        const char *ending;
        tmjit_language language;
    } rows[] = {{".cl", TMJIT_LANGUAGE_OPENCL},
                {".metal", TMJIT_LANGUAGE_METAL},
                {".ttir", TMJIT_LANGUAGE_TTIR}};
    size_t byte_len = path ? strlen(path) : 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t ending_len = strlen(rows[i].ending);
        if (byte_len > ending_len && !strcmp(path + byte_len - ending_len, rows[i].ending))
            return rows[i].language;
    }
    return TMJIT_LANGUAGE_NONE;
}

/* ---- the cache ------------------------------------------------------------------------- */

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
    struct stat info = {0};
    bool needs_clang = source->language != TJ_LANGUAGE_TTIR;

    if (needs_clang && stat(source->clang, &info))
        return false;
    tj_hash_start(&hasher);
    tj_hash_text(&hasher, "source");
    tj_hash_digest(&hasher, &ctx->identity);
    tj_hash_text(&hasher, needs_clang ? source->clang : NULL);
    tj_hash_number(&hasher, (uint64_t)info.st_size);
    tj_hash_number(&hasher, (uint64_t)info.st_mtim.tv_sec);
    tj_hash_number(&hasher, (uint64_t)info.st_mtim.tv_nsec);
    tj_hash_number(&hasher, source->language);
    tj_hash_text(&hasher, source->name);
    tj_hash_text(&hasher, source->standard);
    tj_hash_number(&hasher, source->is_fast_math);
    tj_hash_number(&hasher, source->num_warps);
    tj_hash_number(&hasher, ctx->allows_fp64);
    tj_hash_text(&hasher, source->entry);
    hash_list(&hasher, source->defines);
    hash_list(&hasher, source->include_dirs);
    hash_list(&hasher, source->layouts);
    tj_hash_number(&hasher, source->byte_len);
    tj_hash_bytes(&hasher, source->text, source->byte_len);
    *out = tj_hash_end(&hasher);
    return true;
}

static tmjit_status load_bitcode(tmjit_context *ctx, const tj_source *source, const void *bytes,
                                 size_t byte_len, const tmjit_source_info *info,
                                 tmjit_library **out)
{
    double start_s = tj_clock();
    tmjit_status status = tj_library_load_memory(ctx, bytes, byte_len, source->name, out);

    if (!status) {
        (*out)->source = *info;
        (*out)->source.is_source = true;
        (*out)->source.load_s = tj_clock() - start_s;
    }
    return status;
}

/* ---- files that the text includes ------------------------------------------------------ */

enum { LONGEST_FILE = 64 << 20 };

/* A file's content as a digest; false when it cannot be read. */
static bool digest_file(const char *path, tj_digest *out)
{
    FILE *stream = fopen(path, "rbe");
    struct stat info;
    char bytes[1 << 14];
    size_t got, all = 0;
    tj_hasher hasher;

    if (!stream)
        return false;
    bool is_good = !fstat(fileno(stream), &info) && S_ISREG(info.st_mode);
    tj_hash_start(&hasher);
    while (is_good && all < LONGEST_FILE && (got = fread(bytes, 1, sizeof bytes, stream))) {
        tj_hash_bytes(&hasher, bytes, got);
        all += got;
    }
    is_good = is_good && !ferror(stream);
    fclose(stream);
    *out = tj_hash_end(&hasher);
    return is_good;
}

/* An entry: the number of files, of each its name and digest, then the bitcode. */
static bool write_entry(const tj_text *names, const tj_text *bitcode, tj_text *out)
{
    char *name = names->data;
    uint32_t count = 0;

    tj_text_add(out, (const char *)&count, sizeof count);
    while (name && *name) {
        size_t len = strcspn(name, "\n");
        tj_digest digest;
        name[len] = '\0';
        if (!digest_file(name, &digest))
            return false;
        tj_text_add(out, name, len + 1);
        tj_text_add(out, (const char *)digest.bytes, sizeof digest.bytes);
        count++;
        name += len + 1;
    }
    memcpy(out->data, &count, sizeof count);
    tj_text_add(out, bitcode->data, bitcode->byte_len);
    return true;
}

/* Where an entry's bitcode starts; 0 when a file has changed since, or the entry is no such. */
static size_t check_entry(const uint8_t *bytes, size_t byte_len)
{
    uint32_t count;
    size_t at = sizeof count;

    if (byte_len < at)
        return 0;
    memcpy(&count, bytes, sizeof count);
    for (; count; count--) {
        const uint8_t *end = memchr(bytes + at, 0, byte_len - at);
        tj_digest digest, now;
        if (!end || (size_t)(bytes + byte_len - end) < sizeof digest.bytes + 1 ||
            !digest_file((const char *)bytes + at, &now))
            return 0;
        memcpy(digest.bytes, end + 1, sizeof digest.bytes);
        if (!tj_digest_equal(&digest, &now))
            return 0;
        at = (size_t)(end - bytes) + 1 + sizeof digest.bytes;
    }
    return at;
}

/* ---- compiling ------------------------------------------------------------------------- */

/* Metal's library for clang, compiled once and kept. What goes wrong is found again, and told,
 * when the source itself is compiled. */
static uint8_t *prepare(tmjit_context *ctx, tj_source *source)
{
    tj_source nothing = {.language = source->language,
                         .text = "",
                         .name = "<library>",
                         .standard = "prepared",
                         .is_fast_math = source->is_fast_math,
                         .clang = source->clang};
    tj_digest key;
    uint8_t *bytes = NULL;

    if (!ctx->cache || source->language != TJ_LANGUAGE_METAL || !make_key(ctx, &nothing, &key))
        return NULL;
    bytes = tj_cache_get(ctx->cache, TJ_ENTRY_SOURCE, &key, &source->prepared_len);
    if (!bytes) {
        tj_diags diags = {.arena = tj_arena_create()};
        tj_text made = {0};
        if (!tj_metal_prepare(source, &diags, &made)) {
            tj_cache_put(ctx->cache, TJ_ENTRY_SOURCE, &key, made.data, made.byte_len);
            source->prepared_len = made.byte_len;
            bytes = (uint8_t *)made.data;
        }
        tj_arena_destroy(diags.arena);
    }
    source->prepared = bytes;
    return bytes;
}

static tj_ttir_source as_ttir(const tmjit_context *ctx, const tj_source *source)
{
    return (tj_ttir_source){.text = source->text,
                            .byte_len = source->byte_len,
                            .name = source->name,
                            .num_warps = source->num_warps,
                            .layouts = source->layouts,
                            .is_fast_math = source->is_fast_math,
                            .allows_fp64 = ctx->allows_fp64};
}

static tj_status to_bitcode(const tmjit_context *ctx, const tj_source *source, tj_diags *diags,
                            tj_text *out)
{
    const tj_ttir_source ttir = as_ttir(ctx, source);
    return source->language == TJ_LANGUAGE_TTIR ? tj_ttir_compile(&ttir, diags, out)
                                                : tj_source_compile(source, diags, out);
}

static tmjit_status compile(tmjit_context *ctx, const tj_source *given, const tj_digest *key,
                            tmjit_library **out)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_text bitcode = {0}, names = {0}, entry = {0};
    tj_source source = *given;
    tj_source_times times = {0};
    tmjit_source_info info = {0};
    tmjit_status status;
    double start_s = tj_clock();
    uint8_t *prepared = prepare(ctx, &source);

    info.prepare_s = tj_clock() - start_s;
    source.included = &names;
    source.times = &times;
    bool is_bad = to_bitcode(ctx, &source, &diags, &bitcode);
    info.preprocess_s = times.preprocess_s;
    info.rewrite_s = times.rewrite_s;
    info.clang_s = times.clang_s;
    info.read_s = times.read_s;
    info.adopt_s = times.adopt_s;
    status = is_bad ? tj_publish(ctx, &diags.first)
                    : load_bitcode(ctx, &source, bitcode.data, bitcode.byte_len, &info, out);
    if (!status && key && write_entry(&names, &bitcode, &entry))
        tj_cache_put(ctx->cache, TJ_ENTRY_SOURCE, key, entry.data, entry.byte_len);
    free(prepared);
    tj_text_fini(&bitcode);
    tj_text_fini(&names);
    tj_text_fini(&entry);
    tj_arena_destroy(diags.arena);
    return status;
}

static tmjit_status load(tmjit_context *ctx, const tj_source *source, tmjit_library **out)
{
    tj_digest key;
    size_t byte_len, start = 0;

    if (!ctx->cache || !make_key(ctx, source, &key))
        return compile(ctx, source, NULL, out);
    uint8_t *kept = tj_cache_get(ctx->cache, TJ_ENTRY_SOURCE, &key, &byte_len);
    if (kept)
        start = check_entry(kept, byte_len);
    const tmjit_source_info cached = {.is_from_cache = true};
    tmjit_status status =
        start ? load_bitcode(ctx, source, kept + start, byte_len - start, &cached, out)
              : compile(ctx, source, &key, out);
    free(kept);
    return status;
}

/* ---- the interface --------------------------------------------------------------------- */

enum { DEFAULT_WARPS = 4 }; /* as Triton's own */

/* What tmjit_library_load_source and its like refuse; else the text with its options. */
static tmjit_status read_source(tmjit_context *ctx, tmjit_language language, const char *text,
                                size_t byte_len, const char *name,
                                const tmjit_source_options *given, const void *out,
                                tj_source *source)
{
    tmjit_source_options options = {0};

    if (!ctx || !tj_context_is_ours(ctx))
        return TMJIT_E_INVALID;
    if ((!text && byte_len) || !out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "text or out is NULL");
    if (language < TMJIT_LANGUAGE_OPENCL || language > TMJIT_LANGUAGE_TTIR)
        return tj_refuse(ctx, TMJIT_E_INVALID, "unknown language %d", (int)language);
    if (!tj_copy_options(&options, sizeof options, given))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "source options: struct_size %zu; %zu is accepted", given->struct_size,
                         sizeof options);
    *source = (tj_source){
        .language = (tj_language)language,
        .text = text ? text : "",
        .byte_len = byte_len,
        .name = name ? name : "<memory>",
        .clang = options.clang ? options.clang : tj_default_clang,
        .include_dirs = options.include_dirs,
        .defines = options.defines,
        .standard = options.standard,
        .is_fast_math = options.fast_math,
        .num_warps = options.num_warps ? options.num_warps : DEFAULT_WARPS,
        .time_limit_s = options.time_limit_s,
        .layouts = options.layouts,
        .entry = options.entry,
    };
    return TMJIT_OK;
}

tmjit_status tmjit_library_load_source(tmjit_context *ctx, tmjit_language language,
                                       const char *text, size_t byte_len, const char *name,
                                       const tmjit_source_options *options, tmjit_library **out)
{
    tj_source source = {0};
    tmjit_status status =
        read_source(ctx, language, text, byte_len, name, options, out, &source);

    return status ? status : load(ctx, &source, out);
}

tmjit_status tmjit_triton_layouts(tmjit_context *ctx, const char *text, size_t byte_len,
                                  const char *name, const tmjit_source_options *options,
                                  char **out, size_t *out_len)
{
    tj_source source = {0};
    tj_text table = {0};
    tmjit_status status = read_source(ctx, TMJIT_LANGUAGE_TTIR, text, byte_len, name, options,
                                      out_len ? out : NULL, &source);

    if (status)
        return status;
    tj_diags diags = {.arena = tj_arena_create()};
    const tj_ttir_source ttir = as_ttir(ctx, &source);
    if (tj_ttir_show_layouts(&ttir, &diags, &table)) {
        status = tj_publish(ctx, &diags.first);
    } else {
        *out = table.data; /* of malloc, with a NUL behind */
        *out_len = table.byte_len;
        table = (tj_text){0};
    }
    tj_text_fini(&table);
    tj_arena_destroy(diags.arena);
    return status;
}

tmjit_source_info tmjit_library_get_source_info(const tmjit_library *library)
{
    return library ? library->source : (tmjit_source_info){0};
}
