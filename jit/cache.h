/* SPDX-License-Identifier: MIT */
/* A folder of entries that many processes use at once, bounded in size.
 *
 * One file per entry, named by its key. A file is written beside the others under a name of
 * its own and renamed, so that a reader sees a whole entry or none. Nothing is flushed to the
 * disk: what a crash of the machine leaves behind has a wrong checksum, is found out when it
 * is read, and is made again. There is no lock: an entry that is removed while it is read stays
 * readable, and two processes that make one entry rename the same bytes.
 *
 * The folder must belong to the user of this process, and nobody else may write to it: entries
 * are machine code, and their checksum says that they are whole, not who wrote them. */
#ifndef TJ_CACHE_H
#define TJ_CACHE_H

#include "diag.h"
#include "digest.h"

typedef enum tj_entry_kind {
    TJ_ENTRY_LIBRARY, /* what a module's metadata says */
    TJ_ENTRY_CODE,    /* one compiled variant of a pipeline */
    TJ_ENTRY_SOURCE,  /* what was made of source text: bitcode in AIR form */
    TJ_ENTRY_KINDS
} tj_entry_kind;

enum { TJ_CACHE_PROBLEM = 256 };

/* Counters of this process's use, since the cache was opened. */
typedef struct tj_cache_counts {
    uint64_t hits, misses, stored, evicted;
    uint64_t broken;                /* entries that were found out and removed */
    uint64_t failed;                /* entries that could not be read or stored */
    char problem[TJ_CACHE_PROBLEM]; /* the last broken or failed one; "" without any */
} tj_cache_counts;

typedef struct tj_cache_usage {
    uint64_t entry_count, byte_len;
} tj_cache_usage;

typedef struct tj_cache tj_cache;

/* Makes the folder when only its last part is missing. */
tj_status tj_cache_open(const char *path, uint64_t byte_limit, tj_diags *diags, tj_cache **out);
void tj_cache_close(tj_cache *cache); /* NULL is allowed */

/* The payload of an entry; the caller frees it. NULL: there is none. */
uint8_t *tj_cache_get(tj_cache *cache, tj_entry_kind kind, const tj_digest *key,
                      size_t *byte_len);
/* An entry whose payload turned out to be wrong: counted, reported and removed. */
void tj_cache_reject(tj_cache *cache, tj_entry_kind kind, const tj_digest *key,
                     const char *why);
/* Stores an entry and removes the least recently used ones when the limit is passed. What
 * goes wrong is counted, not returned: a cache that cannot grow still works. */
void tj_cache_put(tj_cache *cache, tj_entry_kind kind, const tj_digest *key, const void *bytes,
                  size_t byte_len);

tj_cache_counts tj_cache_get_counts(tj_cache *cache);
uint64_t tj_cache_limit(const tj_cache *cache);
tj_cache_usage tj_cache_get_usage(tj_cache *cache);
/* Removes all entries and abandoned files; other files stay. */
void tj_cache_clear(tj_cache *cache);
/* Reads every entry; `is_whole` judges payloads whose checksum is right. Broken ones are
 * removed. Returns how many there were. */
typedef bool tj_cache_judge(tj_entry_kind kind, const uint8_t *bytes, size_t byte_len);
uint64_t tj_cache_verify(tj_cache *cache, tj_cache_judge *is_whole);

#endif
