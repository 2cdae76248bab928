/* SPDX-License-Identifier: MIT */
/* The border between generated code and the runtime: structs both sides know, and the
 * functions generated code may call. No LLVM here.
 *
 * A launch runs threadgroups; each worker runs one threadgroup at a time and owns one
 * tjrt_frame. A SIMD-group is run in slices of W lanes (W divides 32): slice s holds the
 * threads s*W .. s*W+W-1 of the threadgroup by linear index.
 */
#ifndef TJRT_ABI_H
#define TJRT_ABI_H

#include <stdbool.h>
#include <stdint.h>

enum { TJRT_MAX_SLICES = 1024 / 4, TJRT_SIMD_WIDTH = 32 };

/* One per kernel parameter, in parameter order; zero for built-in inputs. */
typedef struct tjrt_buffer {
    uint8_t *data;
    uint64_t byte_len;
} tjrt_buffer;

struct tjrt_worker;

/* What a slice of a coroutine kernel waits for; written right before a suspend. */
typedef struct tjrt_wait {
    uint32_t site;      /* schedule site of the barrier */
    uint32_t lane_mask; /* of the slice: reached it, or can reach none any more */
} tjrt_wait;

typedef struct tjrt_frame {
    const tjrt_buffer *buffers;   /* by parameter; threadgroup arguments point into this worker's memory */
    uint8_t *threadgroup_memory;  /* static threadgroup variables, at the schedule's offsets */
    uint8_t *private_memory;      /* reserved for spilled private arrays; 64-byte aligned */
    struct tjrt_worker *worker;
    tjrt_wait *waits;             /* by slice */
    const uint16_t *order;        /* in which slices have their turns, until the next barrier */
    uint32_t group_pos[3];        /* threadgroup_position_in_grid */
    uint32_t group_count[3];      /* threadgroups_per_grid */
    uint32_t grid_size[3];        /* threads_per_grid */
    uint32_t group_size[3];       /* threads_per_threadgroup: actual, smaller at ragged edges */
    uint32_t dispatch_size[3];    /* dispatch_threads_per_threadgroup */
    uint32_t thread_count;        /* group_size[0] * [1] * [2] */
    uint32_t near_bits;           /* of an address; all 0: whole lines may be stored around the caches */
    uint32_t is_shuffled;         /* another order at each barrier: tjrt_next_order */
    uint32_t stop;                /* written by the watchdog, polled by loops (volatile) */
} tjrt_frame;

/* Offsets generated code uses; codegen/host/frame.c builds the same struct from these. */
#define TJRT_FRAME_FIELDS(FIELD) \
    FIELD(buffers, PTR, 1) FIELD(threadgroup_memory, PTR, 1) FIELD(private_memory, PTR, 1) \
    FIELD(worker, PTR, 1) FIELD(waits, PTR, 1) FIELD(order, PTR, 1) FIELD(group_pos, I32, 3) FIELD(group_count, I32, 3) \
    FIELD(grid_size, I32, 3) FIELD(group_size, I32, 3) FIELD(dispatch_size, I32, 3) \
    FIELD(thread_count, I32, 1) FIELD(near_bits, I32, 1) FIELD(is_shuffled, I32, 1) FIELD(stop, I32, 1)

/* Kernel entry of a whole threadgroup: runs all slices of the frame's, phase by phase between
 * barriers, in the order that the frame tells. */
typedef void tjrt_group_fn(tjrt_frame *frame);
/* Kernel entry with barriers that slices may come to by different ways: starts one slice, runs it to its first barrier or its end and
 * returns an LLVM switched-resume coroutine handle. handle[0] is the resume function,
 * NULL once the slice has ended. Never destroyed: its frame lives in the worker's arena. */
typedef void *tjrt_slice_fn(tjrt_frame *frame, uint32_t slice);

/* Static description of one checked access, emitted as constant data beside the code. */
typedef struct tjrt_access {
    uint32_t site;      /* index into the pipeline's sites: place and printed instruction */
    int32_t param;      /* parameter whose buffer bounds it; -1 static threadgroup variable;
                           -2 private array; -3 mixed: as tjrt_origins says by lane */
    uint64_t byte_len;  /* length of the static variable or private array; else 0 */
    uint32_t elem_byte_len; /* bytes of one component */
    uint16_t components;    /* consecutive components at each lane's address */
    uint8_t lanes;          /* W */
    uint8_t is_store;
    int64_t lane_step; /* bytes from a lane's address to the next one's: tjrt_access_line */
} tjrt_access;

/* Memory that pointers of mixed origin come from. Number 0 of a table is unknown memory, at first
 * none, then the last that held such a pointer; 1 + p the buffer of parameter p; globals and
 * private arrays follow. */
typedef struct tjrt_region {
    uint64_t base; /* address for lane 0 */
    uint64_t byte_len;
    uint64_t lane_stride; /* private arrays: from one lane's to the next; else 0 */
    uint64_t writable_len; /* bytes that may be written: none of a constant */
    uint64_t shadow; /* from a place to what is known of the pointer there; 0: nothing is */
} tjrt_region;

typedef struct tjrt_origins {
    uint32_t region_count;
    uint32_t numbers[TJRT_SIMD_WIDTH]; /* by lane: where its pointer comes from */
    tjrt_region regions[];
} tjrt_origins;

/* ---- functions that generated code may call ------------------------------------------ */

/* The slow path of a load or store: `base` is the start of the region named by
 * access->param; for -3 the slice's tjrt_origins, and offsets are addresses, which may be in
 * any memory of the launch where the origin is unknown. offsets[l] is the byte offset of lane
 * l; bit l of mask: lane l is active. Checks every active lane, then moves data[c * lanes + l]
 * (elements of elem_byte_len) from or to memory; inactive lanes of a load become zero. The
 * first active lane out of bounds traps; nothing is stored then. */
void tjrt_access_slow(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                      uint8_t *base, const uint64_t *offsets, uint32_t mask, void *data);
/* The same for lanes that are access->lane_step apart; lane 0 is at `first`. */
void tjrt_access_line(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                      uint8_t *base, uint64_t first, uint32_t mask, void *data);
/* Only the check, for atomics and tile accesses: returns when all active lanes are inside. */
void tjrt_check_slow(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                     const uint8_t *base, const uint64_t *offsets, uint32_t mask);
/* The same for one offset of all lanes. */
void tjrt_check_uniform(tjrt_frame *frame, uint32_t slice, const tjrt_access *access,
                        const uint8_t *base, uint64_t offset, uint32_t mask);
/* A SIMD-group collective that needs all lanes was reached by lane_mask only. Never returns. */
void tjrt_trap_diverged(tjrt_frame *frame, uint32_t slice, uint32_t site, uint32_t lane_mask);
/* llvm.trap executed by lane_mask. Never returns. */
void tjrt_trap_user(tjrt_frame *frame, uint32_t slice, uint32_t site, uint32_t lane_mask);
/* A loop saw frame->stop. Never returns. */
void tjrt_trap_timeout(tjrt_frame *frame, uint32_t slice, uint32_t site);
/* Shuffles frame->order between two phases of a launch with a seeded order. */
void tjrt_next_order(tjrt_frame *frame);
/* Memory of a coroutine frame; aligned to 64; gone when the threadgroup ends. */
void *tjrt_frame_take(tjrt_frame *frame, uint64_t byte_len);

#endif
