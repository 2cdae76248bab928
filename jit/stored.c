/* SPDX-License-Identifier: MIT */
/* Variants of pipelines in the cache: what a key is made of, and the way in and out.
 *
 * A pipeline has up to two entries: the variant that is compiled with it, for whole
 * threadgroups or, where those do not fill whole slices, for all; and the one for partial
 * threadgroups that a launch may ask for later. Which of the two the first one is depends on
 * the number of lanes, which is found out by compiling: the entry says it. */
#include "objects.h"

#include "entry.h"
#include "loader.h"

#include <inttypes.h>
#include <llvm-c/Core.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum slot { SLOT_FIRST, SLOT_RAGGED } slot;

/* An option that changes the code must be part of the key. */
_Static_assert(sizeof(tmjit_pipeline_options) == 80,
               "tj_find_key: an option is not in the key");

/* False for values that no constant can have: compiling refuses them. */
static bool hash_constants(tj_hasher *hasher, const tmjit_pipeline_options *options)
{
    tj_hash_number(hasher, options->constant_count);
    for (size_t i = 0; i < options->constant_count; i++) {
        const tmjit_constant *constant = &options->constants[i];
        if (constant->components < 1 || constant->components > 4)
            return false;
        tj_hash_text(hasher, constant->name);
        tj_hash_number(hasher, constant->index);
        tj_hash_number(hasher, constant->scalar);
        tj_hash_bytes(hasher, constant->data,
                      constant->components * tj_scalar_byte_len((tj_scalar)constant->scalar));
    }
    return true;
}

void tj_find_key(tmjit_pipeline *pipeline, const tj_module *module, const char *name)
{
    const tmjit_pipeline_options *options = &pipeline->settings.options;
    tj_hasher hasher;

    if (!pipeline->ctx->cache || options->engine != TMJIT_ENGINE_SIMD || options->verify_each)
        return;
    tj_hash_start(&hasher);
    tj_hash_text(&hasher, "code");
    tj_hash_digest(&hasher, &pipeline->ctx->identity);
    tj_hash_digest(&hasher, &module->digest);
    tj_hash_text(&hasher, name);
    tj_hash_text(&hasher, pipeline->ctx->chip.name); /* compiling checks its limits */
    for (unsigned d = 0; d < 3; d++)
        tj_hash_number(&hasher, pipeline->settings.threadgroup[d]);
    tj_hash_number(&hasher, options->math);
    tj_hash_number(&hasher, options->no_bounds_checks);
    tj_hash_number(&hasher, options->no_watchdog);
    tj_hash_number(&hasher, options->lanes);
    tj_hash_number(&hasher, options->opt_level);
    if (!hash_constants(&hasher, options))
        return;
    pipeline->key = tj_hash_end(&hasher);
    pipeline->has_key = true;
}

static tj_digest key_of(const tmjit_pipeline *pipeline, slot which)
{
    tj_hasher hasher;

    tj_hash_start(&hasher);
    tj_hash_digest(&hasher, &pipeline->key);
    tj_hash_number(&hasher, which);
    return tj_hash_end(&hasher);
}

/* ---- out of the cache ---------------------------------------------------------------- */

/* Links the entry's object under a name of its own. `bytes` are the entry's payload. */
static const char *link_by_session(tmjit_pipeline *pipeline, const tj_code_entry *entry,
                                   size_t name_at, tj_linked *out)
{
    bool is_fast = pipeline->settings.options.math == TMJIT_MATH_FAST;
    tj_diags diags = {.arena = pipeline->arena};
    char name[sizeof TJ_ENTRY_SYMBOL];
    tj_session *session;

    if (tj_context_session(pipeline->ctx, &diags, &session))
        return "there is no session to link it";
    snprintf(name, sizeof name, TJ_ENTRY_PREFIX "%016" PRIx64,
             tj_context_next_variant(pipeline->ctx));
    memcpy((uint8_t *)entry->object + name_at, name, sizeof name - 1);
    LLVMMemoryBufferRef object = LLVMCreateMemoryBufferWithMemoryRangeCopy(
        (const char *)entry->object, entry->object_len, name);
    if (tj_session_link(session, object, name, is_fast, &diags, out))
        return diags.first.message;
    return NULL;
}

static const char *link_object(tmjit_pipeline *pipeline, const tj_code_entry *entry,
                               size_t name_at, tj_linked *out)
{
    bool is_fast = pipeline->settings.options.math == TMJIT_MATH_FAST;

    if (!tj_load_object(entry->object, entry->object_len, TJ_ENTRY_SYMBOL, is_fast, out))
        return NULL;
    return link_by_session(pipeline, entry, name_at, out);
}

static const char *take_entry(tmjit_pipeline *pipeline, slot which, uint8_t *bytes,
                              size_t byte_len, tj_code_entry *entry)
{
    tj_linked linked;
    size_t name_at;
    const char *why = tj_decode_code(bytes, byte_len, pipeline->arena, entry);

    if (!why)
        why = tj_check_object(entry->object, entry->object_len, &name_at);
    if (!why && which == SLOT_RAGGED && !entry->is_ragged)
        why = "it is for whole threadgroups";
    if (why)
        return why;
    tj_variant *variant = entry->is_ragged ? &pipeline->ragged : &pipeline->full;
    variant->sites = entry->sites;
    variant->site_count = entry->site_count;
    variant->regions = entry->regions;
    variant->region_count = entry->region_count;
    variant->is_coroutine = entry->is_coroutine;
    variant->private_byte_len = entry->worker_private_byte_len;
    why = link_object(pipeline, entry, name_at, &linked);
    if (!why)
        tj_finish_variant(pipeline, &linked, variant);
    return why;
}

static bool load(tmjit_pipeline *pipeline, slot which, tj_code_entry *entry)
{
    tj_cache *cache = pipeline->ctx->cache;
    double start = tj_clock();
    size_t byte_len;

    if (!pipeline->has_key)
        return false;
    tj_digest key = key_of(pipeline, which);
    uint8_t *bytes = tj_cache_get(cache, TJ_ENTRY_CODE, &key, &byte_len);
    const char *why = bytes ? take_entry(pipeline, which, bytes, byte_len, entry) : NULL;

    if (why)
        tj_cache_reject(cache, TJ_ENTRY_CODE, &key, why);
    free(bytes);
    tj_lap(&start, &pipeline->times.cache_s);
    return bytes && !why;
}

bool tj_load_first(tmjit_pipeline *pipeline)
{
    tj_code_entry entry;

    if (!load(pipeline, SLOT_FIRST, &entry))
        return false;
    pipeline->kernel = entry.kernel;
    pipeline->lanes = entry.lanes;
    pipeline->has_barriers = entry.has_barriers;
    pipeline->flush_subnormals = entry.flush_subnormals;
    pipeline->private_byte_len = entry.thread_private_byte_len;
    pipeline->static_threadgroup_byte_len = entry.static_threadgroup_byte_len;
    pipeline->is_from_cache = true;
    return true;
}

bool tj_load_ragged(tmjit_pipeline *pipeline)
{
    tj_code_entry entry;

    return load(pipeline, SLOT_RAGGED, &entry);
}

/* ---- into the cache ------------------------------------------------------------------ */

/* A copy of the object with the digits of the entry's name set back; NULL without memory. */
static uint8_t *copy_object(const char *object, size_t object_len, const char *name)
{
    uint8_t *copy = malloc(object_len);
    uint8_t *at = NULL;

    if (copy) {
        memcpy(copy, object, object_len);
        at = memmem(copy, object_len, name, strlen(name) + 1);
    }
    if (at)
        memcpy(at, TJ_ENTRY_SYMBOL, sizeof TJ_ENTRY_SYMBOL);
    return copy;
}

void tj_store_variant(tmjit_pipeline *pipeline, const tj_variant *variant, bool is_ragged,
                      const char *object, size_t object_len, const char *name)
{
    slot which = is_ragged && tj_pipeline_has_whole_slices(pipeline) ? SLOT_RAGGED : SLOT_FIRST;

    if (!pipeline->has_key)
        return;
    uint8_t *copy = copy_object(object, object_len, name);
    if (!copy)
        return;
    tj_code_entry entry = {
        .is_ragged = is_ragged,
        .is_coroutine = variant->is_coroutine,
        .has_barriers = pipeline->has_barriers,
        .flush_subnormals = pipeline->flush_subnormals,
        .lanes = pipeline->lanes,
        .static_threadgroup_byte_len = pipeline->static_threadgroup_byte_len,
        .thread_private_byte_len = pipeline->private_byte_len,
        .worker_private_byte_len = variant->private_byte_len,
        .sites = variant->sites,
        .site_count = variant->site_count,
        .regions = variant->regions,
        .region_count = variant->region_count,
        .kernel = pipeline->kernel,
        .object = copy,
        .object_len = object_len,
    };
    tj_digest key = key_of(pipeline, which);
    tj_text bytes = tj_encode_code(&entry);
    tj_cache_put(pipeline->ctx->cache, TJ_ENTRY_CODE, &key, bytes.data, bytes.byte_len);
    tj_text_fini(&bytes);
    free(copy);
}
