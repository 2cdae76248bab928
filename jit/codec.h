/* SPDX-License-Identifier: MIT */
/* One description of a payload for both directions: each function writes its value, or reads
 * it when the codec reads. Reading takes any bytes: after the first value that is not there or
 * out of range, `is_broken` is set and all further values are zero. */
#ifndef TJ_CODEC_H
#define TJ_CODEC_H

#include "arena.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct tj_codec {
    bool is_reading, is_broken;
    /* reading */
    const uint8_t *at, *end;
    tj_arena *arena; /* of strings and arrays */
    /* writing */
    tj_text out;
} tj_codec;

tj_codec tj_codec_reader(const uint8_t *bytes, size_t byte_len, tj_arena *arena);
tj_codec tj_codec_writer(void); /* out is freed by the caller */
/* Ends reading: true when all was there and nothing is left. */
bool tj_codec_is_whole(const tj_codec *codec);

void tj_code_u64(tj_codec *codec, uint64_t *value);
void tj_code_u32(tj_codec *codec, uint32_t *value); /* unsigned int is 32 bits wide */
void tj_code_bool(tj_codec *codec, bool *value);
/* A number below `limit`. */
void tj_code_below(tj_codec *codec, uint32_t *value, uint32_t limit);
void tj_code_text(tj_codec *codec, const char **value); /* NULL is allowed */
/* The length of an array whose elements have at least `min_byte_len` bytes each, so that a
 * short payload cannot ask for much memory. */
void tj_code_count(tj_codec *codec, uint32_t *count, size_t min_byte_len);
/* Bytes in place: reading points into the payload. */
void tj_code_bytes(tj_codec *codec, const uint8_t **bytes, size_t *byte_len);

/* An enum or a narrower type, by way of uint32_t. */
#define TJ_CODE_ENUM(codec, field, limit)                                                      \
    do {                                                                                       \
        uint32_t code_value_ = (uint32_t)(field);                                              \
        tj_code_below((codec), &code_value_, (limit));                                         \
        (field) = code_value_;                                                                 \
    } while (0)

#endif
