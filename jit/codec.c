/* SPDX-License-Identifier: MIT */
/* Little-endian numbers, texts and arrays with their lengths. */
#include "codec.h"

#include <string.h>

enum { TEXT_NULL = 0, TEXT_HERE = 1 };

_Static_assert(sizeof(unsigned) == sizeof(uint32_t),
               "fields of type unsigned are coded as u32");

tj_codec tj_codec_reader(const uint8_t *bytes, size_t byte_len, tj_arena *arena)
{
    return (tj_codec){.is_reading = true, .at = bytes, .end = bytes + byte_len, .arena = arena};
}

tj_codec tj_codec_writer(void)
{
    return (tj_codec){.is_reading = false};
}

bool tj_codec_is_whole(const tj_codec *codec)
{
    return !codec->is_broken && codec->at == codec->end;
}

static const uint8_t *take(tj_codec *codec, uint64_t byte_len)
{
    const uint8_t *at = codec->at;

    if (codec->is_broken || byte_len > (uint64_t)(codec->end - at)) {
        codec->is_broken = true;
        return NULL;
    }
    codec->at += byte_len;
    return at;
}

static void code_number(tj_codec *codec, uint64_t *value, unsigned byte_len)
{
    uint8_t bytes[8];

    if (!codec->is_reading) {
        for (unsigned i = 0; i < byte_len; i++)
            bytes[i] = (uint8_t)(*value >> (8 * i));
        tj_text_add(&codec->out, (const char *)bytes, byte_len);
        return;
    }
    const uint8_t *from = take(codec, byte_len);
    *value = 0;
    for (unsigned i = 0; from && i < byte_len; i++)
        *value |= (uint64_t)from[i] << (8 * i);
}

void tj_code_u64(tj_codec *codec, uint64_t *value)
{
    code_number(codec, value, 8);
}

void tj_code_u32(tj_codec *codec, uint32_t *value)
{
    uint64_t wide = *value;

    code_number(codec, &wide, 4);
    *value = (uint32_t)wide;
}

void tj_code_below(tj_codec *codec, uint32_t *value, uint32_t limit)
{
    tj_code_u32(codec, value);
    if (codec->is_reading && *value >= limit) {
        codec->is_broken = true;
        *value = 0;
    }
}

void tj_code_bool(tj_codec *codec, bool *value)
{
    uint32_t number = *value;

    tj_code_below(codec, &number, 2);
    *value = number != 0;
}

void tj_code_text(tj_codec *codec, const char **value)
{
    uint32_t has_text = *value ? TEXT_HERE : TEXT_NULL, byte_len;

    tj_code_below(codec, &has_text, 2);
    if (has_text == TEXT_NULL) {
        *value = NULL;
        return;
    }
    byte_len = codec->is_reading ? 0 : (uint32_t)strlen(*value);
    tj_code_u32(codec, &byte_len);
    if (!codec->is_reading) {
        tj_text_add(&codec->out, *value, byte_len);
        return;
    }
    const uint8_t *from = take(codec, byte_len);
    *value = from ? tj_arena_strndup(codec->arena, (const char *)from, byte_len) : NULL;
}

void tj_code_count(tj_codec *codec, uint32_t *count, size_t min_byte_len)
{
    tj_code_u32(codec, count);
    if (codec->is_reading && *count > (size_t)(codec->end - codec->at) / min_byte_len) {
        codec->is_broken = true;
        *count = 0;
    }
}

void tj_code_bytes(tj_codec *codec, const uint8_t **bytes, size_t *byte_len)
{
    uint64_t wide = *byte_len;

    tj_code_u64(codec, &wide);
    if (!codec->is_reading) {
        tj_text_add(&codec->out, (const char *)*bytes, *byte_len);
        return;
    }
    *bytes = take(codec, wide);
    *byte_len = *bytes ? (size_t)wide : 0;
}
