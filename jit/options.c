/* SPDX-License-Identifier: MIT */
/* Option structs of any version, and the settings of a pipeline. */
#include "objects.h"

#include <string.h>

enum {
    MAX_STRUCT_BYTES = 1 << 16
}; /* no later version is larger; what is, was not filled in */

bool tj_copy_options(void *into, size_t byte_len, const void *from)
{
    size_t given_len;

    if (!from)
        return true;
    memcpy(&given_len, from, sizeof given_len); /* struct_size comes first */
    if (given_len <= sizeof given_len || given_len > MAX_STRUCT_BYTES)
        return false;
    for (size_t i = byte_len; i < given_len; i++)
        if (((const unsigned char *)from)[i])
            return false;
    memcpy(into, from, given_len < byte_len ? given_len : byte_len);
    return true;
}

static uint32_t at_least_one(uint32_t value)
{
    return value ? value : 1;
}

static uint32_t min_of(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* One dimension: as many threads as the grid has, in whole SIMD-groups, up to `limit`. */
static uint32_t default_line(uint32_t grid_x, uint32_t limit)
{
    uint32_t groups = grid_x / TJ_SIMD_WIDTH + (grid_x % TJ_SIMD_WIDTH != 0);
    uint32_t whole = limit / TJ_SIMD_WIDTH;

    if (!whole)
        return limit;
    return TJ_SIMD_WIDTH * (grid_x ? min_of(groups, whole) : whole);
}

/* Apple, "Calculating Threadgroup and Grid Sizes": one row of threadExecutionWidth threads
 * and as many rows as fit; here 256 threads at most, so that a core gets several. */
static void choose_threadgroup(tmjit_extent grid, uint32_t max_threads, uint32_t out[3])
{
    uint32_t limit = min_of(256, max_threads);
    uint32_t y = at_least_one(grid.y), z = at_least_one(grid.z);

    out[0] = out[1] = out[2] = 1;
    if (y == 1 && z == 1) {
        out[0] = default_line(grid.x, limit);
        return;
    }
    uint32_t width = z > 1 ? 8 : TJ_SIMD_WIDTH;
    out[0] = min_of(width, limit);
    out[1] = z > 1 ? min_of(8, limit / out[0]) : limit / out[0];
    out[2] = z > 1 ? min_of(4, limit / (out[0] * out[1])) : 1;
    out[0] = min_of(out[0], at_least_one(grid.x));
    out[1] = min_of(out[1], y);
    out[2] = min_of(out[2], z);
}

static tmjit_status settle_threadgroup(const tmjit_kernel *kernel,
                                       const tmjit_pipeline_options *options, uint32_t out[3])
{
    tmjit_context *ctx = kernel->library->ctx;
    tmjit_extent wanted = options->threadgroup;
    const tmjit_chip *chip = &ctx->chip;
    uint32_t max_threads = min_of(kernel->kernel->max_threads, chip->max_threads);

    if (!wanted.x && (wanted.y || wanted.z))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "threadgroup 0 x %u x %u; x is at least 1, or all are 0", wanted.y,
                         wanted.z);
    const uint32_t *only = kernel->kernel->threadgroup;
    bool is_other = wanted.x != only[0] || at_least_one(wanted.y) != only[1] ||
                    at_least_one(wanted.z) != only[2];
    if (only[0] && wanted.x && is_other)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "threadgroup %u x %u x %u; kernel '%s' runs with %u x %u x %u only",
                         wanted.x, at_least_one(wanted.y), at_least_one(wanted.z),
                         kernel->kernel->name, only[0], only[1], only[2]);
    if (only[0])
        wanted = (tmjit_extent){only[0], only[1], only[2]};
    if (!wanted.x) {
        choose_threadgroup(options->grid, max_threads, out);
        return TMJIT_OK;
    }
    out[0] = wanted.x;
    out[1] = at_least_one(wanted.y);
    out[2] = at_least_one(wanted.z);
    /* The first product cannot overflow 64 bits, the second is guarded by the first. */
    uint64_t plane = (uint64_t)out[0] * out[1];
    if (plane <= max_threads && plane * out[2] <= max_threads)
        return TMJIT_OK;
    if (kernel->kernel->max_threads < chip->max_threads)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "threadgroup %u x %u x %u; kernel '%s' takes at most %u threads",
                         out[0], out[1], out[2], kernel->kernel->name, max_threads);
    return tj_refuse(ctx, TMJIT_E_INVALID,
                     "threadgroup %u x %u x %u; %s takes at most %u threads", out[0], out[1],
                     out[2], chip->name, max_threads);
}

static bool lanes_are_known(unsigned lanes)
{
    return !lanes || lanes == 4 || lanes == 8 || lanes == 16 || lanes == 32;
}

tmjit_status tj_settle(const tmjit_kernel *kernel, const tmjit_pipeline_options *given,
                       tj_settings *out)
{
    tmjit_context *ctx = kernel->library->ctx;
    tmjit_pipeline_options options = {0};

    if (!tj_copy_options(&options, sizeof options, given))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "pipeline options: struct_size %zu; %zu is accepted",
                         given->struct_size, sizeof options);
    if (!options.has_opt_level)
        options.opt_level = 2;
    if (options.engine != TMJIT_ENGINE_SIMD && options.engine != TMJIT_ENGINE_INTERP)
        return tj_refuse(ctx, TMJIT_E_INVALID, "unknown engine %d", (int)options.engine);
    if (options.math != TMJIT_MATH_STRICT && options.math != TMJIT_MATH_FAST)
        return tj_refuse(ctx, TMJIT_E_INVALID, "unknown maths mode %d", (int)options.math);
    if (!lanes_are_known(options.lanes))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "%u lanes; 4, 8, 16 and 32 are accepted, 0 chooses", options.lanes);
    if (options.opt_level != 0 && options.opt_level != 2)
        return tj_refuse(ctx, TMJIT_E_INVALID, "optimisation level %u; 0 and 2 are accepted",
                         options.opt_level);
    for (size_t i = 0; i < options.constant_count; i++) {
        if (!options.constants || !options.constants[i].data)
            return tj_refuse(ctx, TMJIT_E_INVALID, "function constant without data");
        if (options.constants[i].scalar <= TMJIT_SCALAR_UNKNOWN ||
            options.constants[i].scalar > TMJIT_SCALAR_F64)
            return tj_refuse(ctx, TMJIT_E_INVALID, "function constant of unknown type %d",
                             (int)options.constants[i].scalar);
    }
    out->options = options;
    out->is_open = out->is_printed = out->keeps_logging = out->has_no_places = false;
    return settle_threadgroup(kernel, &options, out->threadgroup);
}
