/* SPDX-License-Identifier: MIT */
/* Memory, text and random numbers of the differential tests. */
#ifndef DIFF_UTIL_H
#define DIFF_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory that dies at once; aborts when there is none. */
typedef struct pool {
    struct chunk *chunks;
} pool;
void *pool_take(pool *owner, size_t byte_len);
char *pool_printf(pool *owner, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pool_fini(pool *owner);

/* Growing text; `data` is NUL-terminated once anything was added. */
typedef struct text {
    char *data;
    size_t byte_len, byte_cap;
} text;
void text_fini(text *out);
void text_printf(text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append(text *out, const text *more);

/* Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (SplitMix64). */
typedef struct rng {
    uint64_t state;
} rng;
uint64_t rng_next(rng *source);
unsigned rng_below(rng *source, unsigned n); /* 0 .. n-1 */
bool rng_chance(rng *source, unsigned percent);

#endif
