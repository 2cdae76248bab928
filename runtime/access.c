/* SPDX-License-Identifier: MIT */
/* The slow path of checked accesses: every lane is compared with the region that its
 * pointer came from before any byte moves. */
#include "worker.h"

#include <string.h>

static bool holds(const uint8_t *data, uint64_t region_len, uint64_t address, uint64_t byte_len)
{
    uint64_t offset = address - (uint64_t)(uintptr_t)data;

    return data && offset <= region_len && byte_len <= region_len - offset;
}

/* Whether some region of the launch holds the bytes: for pointers of unknown origin. */
static bool is_anywhere(const tjrt_frame *frame, uint64_t address, uint64_t byte_len)
{
    const tjrt_worker *worker = frame->worker;
    const tjrt_launch *launch = worker->job->launch;

    for (unsigned i = 0; i < launch->buffer_count; i++)
        if (holds(frame->buffers[i].data, frame->buffers[i].byte_len, address, byte_len))
            return true;
    return holds(frame->threadgroup_memory, launch->static_threadgroup_byte_len, address,
                 byte_len) ||
           holds(frame->private_memory, worker->private_byte_len, address, byte_len);
}

static bool is_inside(const tjrt_frame *frame, const tjrt_access *access, uint64_t region_len,
                      uint64_t offset, uint64_t byte_len)
{
    if (access->param == -3)
        return is_anywhere(frame, offset, byte_len);
    return offset <= region_len && byte_len <= region_len - offset;
}

void tjrt_check_slow(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                     const uint8_t *base, const uint64_t *offsets, uint32_t mask)
{
    uint64_t byte_len = (uint64_t)access->components * access->elem_byte_len;
    uint64_t region_len =
        access->param >= 0 ? frame->buffers[access->param].byte_len : access->byte_len;

    (void)base;
    for (unsigned lane = 0; lane < access->lanes; lane++) {
        if (!(mask >> lane & 1) ||
            is_inside(frame, access, region_len, offsets[lane], byte_len))
            continue;
        tjrt_fault fault = {
            .end = TJRT_END_BOUNDS,
            .site = access->site,
            .other_site = TJRT_NO_SITE,
            .param = access->param,
            .offset = offsets[lane],
            .byte_len = byte_len,
            .region_byte_len = region_len,
            .is_store = access->is_store,
        };
        tjrt_trap(frame, slice * access->lanes + lane, &fault);
    }
}

void tjrt_access_slow(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                      uint8_t *base, const uint64_t *offsets, uint32_t mask, void *data)
{
    size_t elem_len = access->elem_byte_len;

    tjrt_check_slow(frame, slice, access, base, offsets, mask);
    for (unsigned lane = 0; lane < access->lanes; lane++) {
        bool is_active = mask >> lane & 1;
        uint8_t *memory = access->param == -3 ? (uint8_t *)(uintptr_t)offsets[lane]
                          : is_active         ? base + offsets[lane]
                                              : NULL;
        for (unsigned c = 0; c < access->components; c++) {
            uint8_t *value = (uint8_t *)data + (size_t)(c * access->lanes + lane) * elem_len;
            if (is_active && access->is_store)
                memcpy(memory + c * elem_len, value, elem_len);
            else if (is_active)
                memcpy(value, memory + c * elem_len, elem_len);
            else if (!access->is_store)
                memset(value, 0, elem_len);
        }
    }
}
