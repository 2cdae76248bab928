/* SPDX-License-Identifier: MIT */
/* What the cache's entries hold, and their bytes. Decoding takes any bytes. */
#ifndef TJ_ENTRY_H
#define TJ_ENTRY_H

#include "cache.h"
#include "codegen.h"

/* Of TJ_ENTRY_LIBRARY: a module that was loaded and checked. */
typedef struct tj_library_entry {
    const tj_kernel *kernels; /* without `function` */
    unsigned kernel_count;
    const tj_constant *constants; /* without `global` */
    unsigned constant_count;
    unsigned air_major, air_minor;
} tj_library_entry;

/* Of TJ_ENTRY_CODE: one variant, and what a pipeline tells about its kernel. */
typedef struct tj_code_entry {
    bool is_ragged, is_coroutine;
    bool has_barriers, flush_subnormals;
    unsigned lanes;
    uint64_t static_threadgroup_byte_len;
    uint64_t thread_private_byte_len; /* arrays of one thread, for information */
    uint64_t worker_private_byte_len; /* that the code wants from each worker */
    const tj_site *sites;
    unsigned site_count;
    const tj_region *regions;
    unsigned region_count;
    const tj_kernel *kernel; /* as its function constants make it; without `function` */
    const uint8_t *object;
    size_t object_len;
} tj_code_entry;

/* Texts to be freed by tj_text_fini. */
tj_text tj_encode_library(const tj_library_entry *entry);
tj_text tj_encode_code(const tj_code_entry *entry);
/* NULL when all is well, else what is wrong. Strings and arrays live in `arena`; the object
 * stays in `bytes`. */
const char *tj_decode_library(const uint8_t *bytes, size_t byte_len, tj_arena *arena,
                              tj_library_entry *out);
const char *tj_decode_code(const uint8_t *bytes, size_t byte_len, tj_arena *arena,
                           tj_code_entry *out);
/* For tj_cache_verify. */
bool tj_entry_is_whole(tj_entry_kind kind, const uint8_t *bytes, size_t byte_len);

/* ---- object.c ------------------------------------------------------------------------ */

/* The name of the entry function in every object; the digits are replaced by a number before
 * an object is linked, because no two linked objects may define one name. */
#define TJ_ENTRY_PREFIX "tmjit.entry."
#define TJ_ENTRY_SYMBOL TJ_ENTRY_PREFIX "0000000000000000"

/* Checks a relocatable ELF object for this host with libelf. NULL when it is one that defines
 * TJ_ENTRY_SYMBOL once; `*name_at` is then where that name stands in the bytes. */
const char *tj_check_object(const uint8_t *bytes, size_t byte_len, size_t *name_at);

#endif
