/* SPDX-License-Identifier: MIT */
/* SHA-256 of a block of memory. */
#ifndef TJ_SHA256_H
#define TJ_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { TJ_SHA256_BYTES = 32 };

void tj_sha256(const void *bytes, size_t byte_len, uint8_t out[TJ_SHA256_BYTES]);

#endif
