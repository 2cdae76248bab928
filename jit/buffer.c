/* SPDX-License-Identifier: MIT */
/* Buffers: memory of the library's or around the caller's, counted by its users. */
#include "objects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_ALIGN = 256 };

/* calloc leaves large blocks to the kernel, which clears a page when it is first touched. */
static bool allocate(tmjit_buffer *buffer, uint64_t byte_len, bool is_uncleared)
{
    uint64_t total = byte_len + BUFFER_ALIGN;

    if (total < byte_len || total > SIZE_MAX / 2)
        return false;
    buffer->block = is_uncleared ? malloc((size_t)total) : calloc((size_t)total, 1);
    if (!buffer->block)
        return false;
    buffer->data =
        (uint8_t *)buffer->block + BUFFER_ALIGN - (uintptr_t)buffer->block % BUFFER_ALIGN;
    return true;
}

static tmjit_status check(tmjit_context *ctx, uint64_t byte_len,
                          const tmjit_buffer_options *options)
{
    if (options->release && !options->data)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "release without data; it is for wrapped memory");
    if (options->data && byte_len > UINTPTR_MAX - (uintptr_t)options->data)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "wrapped memory of %" PRIu64 " bytes is larger than memory", byte_len);
    return TMJIT_OK;
}

tmjit_status tj_buffer_create(tmjit_context *ctx, uint64_t byte_len,
                              const tmjit_buffer_options *given, tmjit_buffer **out)
{
    tmjit_buffer_options options = {0};

    if (!tj_copy_options(&options, sizeof options, given))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "buffer options: struct_size %zu; %zu is accepted", given->struct_size,
                         sizeof options);
    tmjit_status status = check(ctx, byte_len, &options);
    if (status)
        return status;
    size_t label_len = options.label ? strlen(options.label) : 0;
    tmjit_buffer *buffer = calloc(1, sizeof *buffer + label_len + 1);
    if (buffer && label_len)
        memcpy(buffer->label, options.label, label_len);
    if (buffer && options.data)
        buffer->data = options.data;
    if (!buffer || (!options.data && !allocate(buffer, byte_len, options.is_uncleared))) {
        free(buffer);
        return tj_refuse(ctx, TMJIT_E_MEMORY,
                         "a buffer of %" PRIu64 " bytes cannot be allocated", byte_len);
    }
    buffer->ctx = ctx;
    buffer->use_count = 1;
    buffer->byte_len = byte_len;
    buffer->release = options.release;
    buffer->user = options.user;
    tj_context_add(ctx, TJ_LIST_BUFFERS, &buffer->node);
    *out = buffer;
    return TMJIT_OK;
}

tmjit_buffer *tj_buffer_hold(tmjit_buffer *buffer)
{
    if (buffer)
        atomic_fetch_add(&buffer->use_count, 1);
    return buffer;
}

void tj_buffer_release(tmjit_buffer *buffer)
{
    if (!buffer || atomic_fetch_sub(&buffer->use_count, 1) != 1)
        return;
    if (buffer->release)
        buffer->release(buffer->data, buffer->user);
    free(buffer->block);
    free(buffer);
}
