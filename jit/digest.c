/* SPDX-License-Identifier: MIT */
/* BLAKE2b (RFC 7693) over fields with their lengths. A key must stand up to input that was
 * made to collide with other input: cached code would be run for the wrong kernel. */
#include "digest.h"

#include <pthread.h>
#include <sodium/core.h>
#include <stdlib.h>
#include <string.h>

/* Chooses the variant for this CPU; any number of calls is allowed. */
static void start_library(void)
{
    if (sodium_init() < 0)
        abort(); /* its only reason: a lock that cannot be taken */
}

static void add(tj_hasher *hasher, const void *bytes, size_t byte_len)
{
    if (byte_len)
        crypto_generichash_update(&hasher->state, bytes, byte_len);
}

static void add_u64(tj_hasher *hasher, uint64_t number)
{
    uint8_t bytes[8];

    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
    add(hasher, bytes, sizeof bytes);
}

void tj_hash_start(tj_hasher *hasher)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, start_library);
    crypto_generichash_init(&hasher->state, NULL, 0, TJ_DIGEST_BYTES);
}

void tj_hash_bytes(tj_hasher *hasher, const void *bytes, size_t byte_len)
{
    add_u64(hasher, byte_len);
    add(hasher, bytes, byte_len);
}

void tj_hash_text(tj_hasher *hasher, const char *text)
{
    if (text)
        tj_hash_bytes(hasher, text, strlen(text));
    else
        add_u64(hasher, UINT64_MAX);
}

void tj_hash_number(tj_hasher *hasher, uint64_t number)
{
    add_u64(hasher, 8);
    add_u64(hasher, number);
}

void tj_hash_digest(tj_hasher *hasher, const tj_digest *digest)
{
    tj_hash_bytes(hasher, digest->bytes, sizeof digest->bytes);
}

tj_digest tj_hash_end(tj_hasher *hasher)
{
    tj_digest digest;

    crypto_generichash_final(&hasher->state, digest.bytes, sizeof digest.bytes);
    return digest;
}

bool tj_digest_equal(const tj_digest *a, const tj_digest *b)
{
    return !memcmp(a->bytes, b->bytes, sizeof a->bytes);
}
