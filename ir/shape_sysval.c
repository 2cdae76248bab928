/* SPDX-License-Identifier: MIT */
/* Shapes of the built-in inputs, from the threadgroup size and the lanes of a slice.
 *
 * Lane l of slice s is thread s*W + l of its threadgroup (air.md 6.1: x fastest). With x a
 * multiple of W, or W of x, positions are a base plus a constant pattern.
 */
#include "shape_internal.h"

enum { GRID_LIMIT = 0x7fffffff }; /* launches refuse more threads in one dimension */

static tj_shape pattern(const tj_facts *facts, uint32_t divide, uint32_t modulo, uint64_t umax,
                        unsigned tz)
{
    tj_algebra alg = tj_facts_algebra(facts);
    int64_t *k = tj_new_array(alg.arena, int64_t, alg.lanes);

    for (uint32_t l = 0; l < alg.lanes; l++)
        k[l] = (int64_t)(modulo ? l / divide % modulo : l / divide);
    return tj_shape_affine(&alg, k, umax, tz);
}

static unsigned log2_of(unsigned lanes)
{
    return (unsigned)__builtin_ctz(lanes);
}

static unsigned known_zeros(uint64_t value)
{
    return value ? (unsigned)__builtin_ctzll(value) : 64;
}

/* thread_index_in_threadgroup */
static tj_shape linear(const tj_facts *facts)
{
    return pattern(facts, 1, 0, TJ_MAX_THREADS - facts->options.lanes,
                   log2_of(facts->options.lanes));
}

static tj_shape position(const tj_facts *facts, unsigned component)
{
    const uint32_t *size = facts->options.threadgroup;
    uint32_t lanes = facts->options.lanes;

    if (size[1] == 1 && size[2] == 1)
        return component ? tj_shape_uniform(0, 64) : linear(facts);
    if (facts->options.is_ragged)
        return tj_shape_varying();
    if (size[0] % lanes == 0)
        return component ? tj_shape_uniform(size[component] - 1, 0)
                         : pattern(facts, 1, 0, size[0] - lanes, log2_of(lanes));
    if (lanes % size[0])
        return tj_shape_varying();
    if (component == 0)
        return pattern(facts, 1, size[0], 0, 64);
    uint32_t rows = lanes / size[0]; /* of x in one slice */

    if (size[1] % rows == 0)
        return component == 1 ? pattern(facts, size[0], 0, size[1] - rows, known_zeros(rows))
                              : tj_shape_uniform(size[2] - 1, 0);
    if (rows % size[1])
        return tj_shape_varying();
    return component == 1 ? pattern(facts, size[0], size[1], 0, 64)
                          : pattern(facts, size[0] * size[1], 0, size[2] - 1, 0);
}

static tj_shape position_in_grid(const tj_facts *facts, unsigned component)
{
    const uint32_t *size = facts->options.threadgroup;
    tj_shape shape = position(facts, component);
    unsigned tz = known_zeros(size[component]);

    if (shape.kind == TJ_VARYING)
        return shape;
    shape.umax = GRID_LIMIT - TJ_MAX_THREADS;
    shape.tz = shape.tz < tz ? shape.tz : tz;
    return shape;
}

/* The highest number of a SIMD-group, as far as it is known. */
static uint32_t last_simdgroup(const tj_facts *facts)
{
    const uint32_t *size = facts->options.threadgroup;
    uint64_t threads = (uint64_t)size[0] * size[1] * size[2];

    if (facts->options.is_ragged || !threads || threads > TJ_MAX_THREADS)
        threads = TJ_MAX_THREADS;
    return (uint32_t)((threads - 1) / TJ_SIMD_WIDTH);
}

tj_shape tj_shape_of_sysval(const tj_facts *facts, const tj_arg *arg, unsigned component)
{
    uint32_t lanes = facts->options.lanes;

    switch (arg->sysval) {
    case TJ_SYSVAL_THREAD_INDEX_IN_THREADGROUP:
        return linear(facts);
    case TJ_SYSVAL_THREAD_INDEX_IN_SIMDGROUP:
        return pattern(facts, 1, 0, TJ_SIMD_WIDTH - lanes, log2_of(lanes));
    case TJ_SYSVAL_THREAD_INDEX_IN_QUADGROUP:
        return pattern(facts, 1, 4, 0, 64);
    case TJ_SYSVAL_QUADGROUP_INDEX_IN_THREADGROUP:
        return pattern(facts, 4, 0, (TJ_MAX_THREADS - lanes) / 4, log2_of(lanes) - 2);
    case TJ_SYSVAL_THREAD_POSITION_IN_THREADGROUP:
        return position(facts, component);
    case TJ_SYSVAL_THREAD_POSITION_IN_GRID:
        return position_in_grid(facts, component);
    case TJ_SYSVAL_SIMDGROUP_INDEX_IN_THREADGROUP:
        return tj_shape_uniform(last_simdgroup(facts), 0);
    case TJ_SYSVAL_SIMDGROUPS_PER_THREADGROUP:
    case TJ_SYSVAL_QUADGROUPS_PER_THREADGROUP:
    case TJ_SYSVAL_DISPATCH_SIMDGROUPS_PER_THREADGROUP:
    case TJ_SYSVAL_DISPATCH_QUADGROUPS_PER_THREADGROUP:
    case TJ_SYSVAL_THREADS_PER_SIMDGROUP:
    case TJ_SYSVAL_THREAD_EXECUTION_WIDTH:
    case TJ_SYSVAL_THREADS_PER_THREADGROUP:
    case TJ_SYSVAL_DISPATCH_THREADS_PER_THREADGROUP:
        return tj_shape_uniform(TJ_MAX_THREADS, 0);
    case TJ_SYSVAL_THREADGROUP_POSITION_IN_GRID:
    case TJ_SYSVAL_THREADGROUPS_PER_GRID:
    case TJ_SYSVAL_THREADS_PER_GRID:
    case TJ_SYSVAL_GRID_ORIGIN:
    case TJ_SYSVAL_GRID_SIZE:
        return tj_shape_uniform(GRID_LIMIT, 0);
    case TJ_SYSVAL_COUNT:
        break;
    }
    return tj_shape_varying();
}
