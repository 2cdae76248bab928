/* SPDX-License-Identifier: MIT */
/* 256-bit digests (BLAKE2b, by libsodium) of fields of any kind. Each field is preceded by its
 * length, so that two different lists of fields never have the same bytes. */
#ifndef TJ_DIGEST_H
#define TJ_DIGEST_H

#include <sodium/crypto_generichash.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TJ_DIGEST_BYTES = 32 };

typedef struct tj_digest {
    uint8_t bytes[TJ_DIGEST_BYTES];
} tj_digest;

typedef struct tj_hasher {
    crypto_generichash_state state;
} tj_hasher;

void tj_hash_start(tj_hasher *hasher);
void tj_hash_bytes(tj_hasher *hasher, const void *bytes, size_t byte_len);
void tj_hash_text(tj_hasher *hasher, const char *text); /* NULL is no text of any length */
void tj_hash_number(tj_hasher *hasher, uint64_t number);
void tj_hash_digest(tj_hasher *hasher, const tj_digest *digest);
tj_digest tj_hash_end(tj_hasher *hasher);

bool tj_digest_equal(const tj_digest *a, const tj_digest *b);

/* ---- identity.c ---------------------------------------------------------------------- */

/* What compiled code depends on beside its input: this build of tmjit, LLVM, the host's CPU.
 * False when the build cannot be told from others. */
bool tj_identity(tj_digest *out);

#endif
