/* SPDX-License-Identifier: MIT */
/* Memory for coroutine frames: bump allocation per worker, forgotten at each threadgroup. */
#include "worker.h"

#include <stdlib.h>

/* A threadgroup of 1024 threads with 64 KiB private memory each needs 64 MiB. */
#define FRAMES_LIMIT (UINT64_C(256) << 20)
#define CHUNK_BYTES (UINT64_C(256) << 10)

struct tjrt_chunk {
    tjrt_chunk *next;
    uint8_t *data;
    uint64_t byte_cap, used;
};

void tjrt_frames_rewind(tjrt_frames *frames)
{
    frames->current = NULL;
}

void tjrt_frames_fini(tjrt_frames *frames)
{
    while (frames->first) {
        tjrt_chunk *next = frames->first->next;
        free(frames->first->data);
        free(frames->first);
        frames->first = next;
    }
    *frames = (tjrt_frames){0};
}

/* A chunk of at least `byte_len`, linked behind `*link`; NULL when the limit is reached. */
static tjrt_chunk *add_chunk(tjrt_frames *frames, tjrt_chunk **link, uint64_t byte_len)
{
    uint64_t byte_cap = byte_len > CHUNK_BYTES ? byte_len : CHUNK_BYTES;
    tjrt_chunk *chunk;

    if (byte_cap > FRAMES_LIMIT - frames->total_byte_len)
        return NULL;
    chunk = calloc(1, sizeof *chunk);
    if (!chunk)
        return NULL;
    chunk->data = aligned_alloc(TJRT_MEMORY_ALIGN, byte_cap);
    if (!chunk->data) {
        free(chunk);
        return NULL;
    }
    chunk->byte_cap = byte_cap;
    chunk->next = *link;
    *link = chunk;
    frames->total_byte_len += byte_cap;
    return chunk;
}

/* The next chunk with room, reused or new. */
static tjrt_chunk *find_chunk(tjrt_frames *frames, uint64_t byte_len)
{
    tjrt_chunk *chunk = frames->current;
    tjrt_chunk **link = chunk ? &chunk->next : &frames->first;

    if (chunk && byte_len <= chunk->byte_cap - chunk->used)
        return chunk;
    /* A kept chunk that is too small stays for smaller frames of later threadgroups. */
    while (*link && (*link)->byte_cap < byte_len)
        link = &(*link)->next;
    chunk = *link ? *link : add_chunk(frames, link, byte_len);
    if (chunk) {
        chunk->used = 0;
        frames->current = chunk;
    }
    return chunk;
}

void *tjrt_frame_take(tjrt_frame *frame, uint64_t byte_len)
{
    static const tjrt_fault out_of_memory = {.end = TJRT_END_MEMORY, .site = TJRT_NO_SITE};
    tjrt_chunk *chunk = NULL;

    if (byte_len <= FRAMES_LIMIT) {
        byte_len = (byte_len + TJRT_MEMORY_ALIGN - 1) & ~(uint64_t)(TJRT_MEMORY_ALIGN - 1);
        chunk = find_chunk(&frame->worker->frames, byte_len);
    }
    if (!chunk)
        tjrt_trap(frame, 0, &out_of_memory);
    chunk->used += byte_len;
    return chunk->data + chunk->used - byte_len;
}
