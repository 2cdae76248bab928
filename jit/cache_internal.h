/* SPDX-License-Identifier: MIT */
/* What cache.c (entries) and cache_folder.c (the folder) share. */
#ifndef TJ_CACHE_INTERNAL_H
#define TJ_CACHE_INTERNAL_H

#include "cache.h"

#include <pthread.h>

enum {
    TJ_CACHE_VERSION = 1, /* of the files' layout; payloads change with the build */
    TJ_CACHE_HEAD = 88,
    TJ_CACHE_NAME = 2 * TJ_DIGEST_BYTES + 16
};

#define TJ_CACHE_TEMPORARY "new."

struct tj_cache {
    int dir; /* open folder */
    uint64_t byte_limit;
    pthread_mutex_t lock; /* of what follows */
    tj_cache_counts counts;
    uint64_t temporary_count;
    uint64_t byte_len; /* of the folder as last counted, and of what was stored since */
    bool has_stored;
    unsigned until_count; /* entries to store before it is counted again */
};

/* Adds one to a counter of `cache`; with a text: it becomes the last problem. */
void tj_cache_count(tj_cache *cache, uint64_t *counter);
void tj_cache_report(tj_cache *cache, uint64_t *counter, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void tj_cache_name(tj_entry_kind kind, const tj_digest *key, char out[TJ_CACHE_NAME]);
bool tj_cache_parse_name(const char *name, tj_entry_kind *kind, tj_digest *key);
/* The bytes of a file of the folder; errno tells why not, 0: it is not ours alone. `is_used`
 * makes it the last used one. */
uint8_t *tj_cache_read(tj_cache *cache, const char *name, bool is_used, size_t *byte_len);
/* What is wrong with an entry's file; NULL: nothing. */
const char *tj_cache_check(const uint8_t *file, size_t byte_len, tj_entry_kind kind,
                           const tj_digest *key);
/* An entry of `byte_len` bytes was added: keeps the folder within its limit. */
void tj_cache_bound(tj_cache *cache, const tj_digest *key, uint64_t byte_len);

#endif
