/* SPDX-License-Identifier: MIT */
/* What the tests of the runtime share: a launch with everything set, kernels are C. */
#ifndef RUNTIME_UTIL_H
#define RUNTIME_UTIL_H

#include "worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One parameter, whose data is the test's own struct. */
typedef struct fixture {
    tjrt_launch launch;
    tjrt_buffer buffer;
    tjrt_fault fault;
} fixture;

static inline void set_extent(uint32_t out[3], uint32_t x, uint32_t y, uint32_t z)
{
    out[0] = x;
    out[1] = y;
    out[2] = z;
}

static inline void init_fixture(fixture *f, void *data, uint64_t byte_len)
{
    *f = (fixture){.buffer = {data, byte_len}};
    f->launch.lanes = 8;
    f->launch.buffers = &f->buffer;
    f->launch.buffer_count = 1;
    set_extent(f->launch.grid, 1, 1, 1);
    set_extent(f->launch.threadgroup, 1, 1, 1);
}

static inline tjrt_end run_on(tjrt_pool *pool, fixture *f)
{
    tjrt_end end = tjrt_run(pool, &f->launch, &f->fault);
    assert_int_equal(end, f->fault.end);
    return end;
}

/* A pool for one launch. */
static inline tjrt_end run_with(unsigned thread_count, fixture *f)
{
    tjrt_pool *pool = tjrt_pool_create(thread_count);
    assert_non_null(pool);
    tjrt_end end = run_on(pool, f);
    tjrt_pool_destroy(pool);
    return end;
}

static inline void *data_of(const tjrt_frame *frame)
{
    return frame->buffers[0].data;
}

static inline void assert_extent(const uint32_t got[3], uint32_t x, uint32_t y, uint32_t z)
{
    assert_int_equal(got[0], x);
    assert_int_equal(got[1], y);
    assert_int_equal(got[2], z);
}

#endif
