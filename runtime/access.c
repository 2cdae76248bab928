/* SPDX-License-Identifier: MIT */
/* The slow path of checked accesses: every lane is compared with the region that its
 * pointer came from before any byte moves. */
#include "worker.h"

#include <string.h>

static bool holds_offset(uint64_t region_len, uint64_t offset, uint64_t byte_len)
{
    return offset <= region_len && byte_len <= region_len - offset;
}

static bool holds(uint64_t base, uint64_t region_len, uint64_t address, uint64_t byte_len)
{
    return base && holds_offset(region_len, address - base, byte_len);
}

static uint64_t lane_base(const tjrt_region *region, unsigned lane)
{
    return region->base + lane * region->lane_stride;
}

static uint64_t length_for(const tjrt_region *region, const tjrt_access *access)
{
    return access->is_store ? region->writable_len : region->byte_len;
}

/* Generated code compares pointers of unknown origin with region 0: memory that held one before
 * most often holds the next. Private arrays stay out, they are another place for each lane. */
static void remember(tjrt_origins *origins, tjrt_region region)
{
    region.shadow = 0;
    if (!region.lane_stride)
        origins->regions[0] = region;
}

static bool is_in_buffers(tjrt_origins *origins, const tjrt_buffer *buffers, unsigned count,
                          uint64_t address, uint64_t byte_len)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t base = (uintptr_t)buffers[i].data, len = buffers[i].byte_len;

        if (!holds(base, len, address, byte_len))
            continue;
        remember(origins, (tjrt_region){.base = base, .byte_len = len, .writable_len = len});
        return true;
    }
    return false;
}

/* Whether some memory of the launch holds the bytes: for pointers of unknown origin. */
static bool is_anywhere(const tjrt_frame *frame, const tjrt_access *access,
                        tjrt_origins *origins, unsigned lane, uint64_t address,
                        uint64_t byte_len)
{
    const tjrt_launch *launch = frame->worker->job->launch;
    unsigned buffer_count = launch->buffer_count;

    if (holds(origins->regions[0].base, length_for(&origins->regions[0], access), address,
              byte_len))
        return true;
    if (is_in_buffers(origins, frame->buffers, buffer_count, address, byte_len) ||
        is_in_buffers(origins, launch->resident, launch->resident_count, address, byte_len))
        return true;
    for (unsigned i = buffer_count + 1; i < origins->region_count; i++)
        if (holds(lane_base(&origins->regions[i], lane),
                  length_for(&origins->regions[i], access), address, byte_len)) {
            remember(origins, origins->regions[i]);
            return true;
        }
    return false;
}

/* What one lane's access is compared with; `offset` becomes one from its start. */
typedef struct bounds {
    int32_t param;
    uint32_t origin;
    uint64_t region_len, offset;
    bool is_inside;
} bounds;

static bounds known_bounds(const tjrt_frame *frame, const tjrt_access *access, uint64_t offset,
                           uint64_t byte_len)
{
    bounds b = {.param = access->param, .offset = offset, .region_len = access->byte_len};

    if (access->param >= 0)
        b.region_len = frame->buffers[access->param].byte_len;
    b.is_inside = holds_offset(b.region_len, offset, byte_len);
    return b;
}

static bounds mixed_bounds(const tjrt_frame *frame, const tjrt_access *access,
                           tjrt_origins *origins, unsigned lane, uint64_t address,
                           uint64_t byte_len)
{
    uint32_t number = origins->numbers[lane];
    const tjrt_region *region = &origins->regions[number];
    bounds b = {.param = -3, .origin = number, .offset = address};

    if (!number) {
        b.is_inside = is_anywhere(frame, access, origins, lane, address, byte_len);
        return b;
    }
    if (number <= frame->worker->job->launch->buffer_count)
        b.param = (int32_t)number - 1;
    b.offset = address - lane_base(region, lane);
    b.region_len = length_for(region, access);
    b.is_inside = holds_offset(b.region_len, b.offset, byte_len);
    return b;
}

void tjrt_check_slow(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                     const uint8_t *base, const uint64_t *offsets, uint32_t mask)
{
    uint64_t byte_len = (uint64_t)access->components * access->elem_byte_len;

    for (unsigned lane = 0; lane < access->lanes; lane++) {
        if (!(mask >> lane & 1))
            continue;
        bounds b = access->param == -3
                       ? mixed_bounds(frame, access, (tjrt_origins *)(uintptr_t)base, lane,
                                      offsets[lane], byte_len)
                       : known_bounds(frame, access, offsets[lane], byte_len);
        if (b.is_inside)
            continue;
        tjrt_fault fault = {
            .end = TJRT_END_BOUNDS,
            .site = access->site,
            .other_site = TJRT_NO_SITE,
            .param = b.param,
            .origin = b.origin,
            .offset = b.offset,
            .byte_len = byte_len,
            .region_byte_len = b.region_len,
            .is_store = access->is_store,
        };
        tjrt_trap(frame, slice * access->lanes + lane, &fault);
    }
}

void tjrt_check_uniform(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                        const uint8_t *base, uint64_t offset, uint32_t mask)
{
    uint64_t offsets[TJRT_SIMD_WIDTH];

    for (unsigned lane = 0; lane < TJRT_SIMD_WIDTH; lane++)
        offsets[lane] = offset;
    tjrt_check_slow(frame, slice, access, base, offsets, mask);
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

void tjrt_access_line(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                      uint8_t *base, uint64_t first, uint32_t mask, void *data)
{
    uint64_t offsets[TJRT_SIMD_WIDTH];

    for (unsigned lane = 0; lane < access->lanes; lane++)
        offsets[lane] = first + lane * (uint64_t)access->lane_step;
    tjrt_access_slow(frame, slice, access, base, offsets, mask, data);
}
