/* SPDX-License-Identifier: MIT */
/* Checks of a launch against its kernel, then the run on either engine. */
#include "objects.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static tmjit_context *context_of(const tmjit_pipeline *pipeline)
{
    return pipeline->ctx;
}

static const tj_kernel *kernel_of(const tmjit_pipeline *pipeline)
{
    return &pipeline->unit->kernels[0];
}

/* ---- checks -------------------------------------------------------------------------- */

static tmjit_status check_buffer(const tmjit_pipeline *pipeline, const tj_arg *arg,
                                 const tmjit_binding *binding)
{
    tmjit_context *ctx = context_of(pipeline);
    uintptr_t address = (uintptr_t)binding->data;

    if (!binding->data && binding->byte_len)
        return tj_refuse(ctx, TMJIT_E_INVALID, "buffer '%s' is NULL with %" PRIu64 " bytes",
                         arg->name, binding->byte_len);
    if (binding->byte_len > UINTPTR_MAX - address)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "buffer '%s' of %" PRIu64 " bytes is larger than memory", arg->name,
                         binding->byte_len);
    if (binding->byte_len < arg->fixed_byte_len)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "buffer '%s' has %" PRIu64 " bytes; the kernel demands %" PRIu64,
                         arg->name, binding->byte_len, arg->fixed_byte_len);
    if (arg->elem_align && address % arg->elem_align)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "buffer '%s' is at %p; its elements are aligned to %" PRIu64 " bytes",
                         arg->name, binding->data, arg->elem_align);
    return TMJIT_OK;
}

static tmjit_status check_threadgroup_arg(const tmjit_pipeline *pipeline, const tj_arg *arg,
                                          const tmjit_binding *binding)
{
    tmjit_context *ctx = context_of(pipeline);

    if (binding->data)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "threadgroup argument '%s' has data; only a length is accepted",
                         arg->name);
    if (binding->byte_len < arg->fixed_byte_len)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "threadgroup argument '%s' has %" PRIu64
                         " bytes; the kernel demands %" PRIu64,
                         arg->name, binding->byte_len, arg->fixed_byte_len);
    return TMJIT_OK;
}

static tmjit_status check_builtin(const tmjit_pipeline *pipeline, const tj_arg *arg,
                                  const tmjit_binding *binding)
{
    if (binding->data || binding->byte_len)
        return tj_refuse(context_of(pipeline), TMJIT_E_INVALID,
                         "argument '%s' is a built-in input; its binding must be zero",
                         arg->name);
    return TMJIT_OK;
}

typedef tmjit_status check_binding_fn(const tmjit_pipeline *pipeline, const tj_arg *arg,
                                      const tmjit_binding *binding);
static check_binding_fn *const binding_checks[] = {
    [TJ_ARG_BUFFER] = check_buffer,
    [TJ_ARG_THREADGROUP] = check_threadgroup_arg,
    [TJ_ARG_SYSVAL] = check_builtin,
};

static tmjit_status check_threadgroup_memory(const tmjit_pipeline *pipeline,
                                             const tmjit_launch *launch)
{
    uint64_t total = (pipeline->static_threadgroup_byte_len + 15) / 16 * 16;
    const tmjit_chip *chip = &context_of(pipeline)->chip;

    for (unsigned i = 0; i < launch->binding_count; i++) {
        uint64_t byte_len = launch->bindings[i].byte_len;
        if (!pipeline->is_threadgroup[i])
            continue;
        if (byte_len > chip->threadgroup_byte_len)
            byte_len = chip->threadgroup_byte_len + 1;
        total += (byte_len + 15) / 16 * 16;
    }
    if (total > chip->threadgroup_byte_len)
        return tj_refuse(context_of(pipeline), TMJIT_E_INVALID,
                         "more than the %" PRIu64 " bytes of threadgroup memory of %s: %" PRIu64
                         " of static variables, the rest of arguments",
                         chip->threadgroup_byte_len, chip->name,
                         pipeline->static_threadgroup_byte_len);
    return TMJIT_OK;
}

static tmjit_status check_bindings(const tmjit_pipeline *pipeline, const tmjit_launch *launch)
{
    const tj_kernel *kernel = kernel_of(pipeline);
    tmjit_status status = TMJIT_OK;

    if (launch->binding_count != kernel->arg_count)
        return tj_refuse(context_of(pipeline), TMJIT_E_INVALID,
                         "%zu bindings; kernel '%s' has %u arguments", launch->binding_count,
                         kernel->name, kernel->arg_count);
    if (launch->binding_count && !launch->bindings)
        return tj_refuse(context_of(pipeline), TMJIT_E_INVALID, "bindings is NULL");
    for (unsigned i = 0; i < kernel->arg_count && !status; i++)
        status = binding_checks[kernel->args[i].kind](pipeline, &kernel->args[i],
                                                      &launch->bindings[i]);
    return status ? status : check_threadgroup_memory(pipeline, launch);
}

/* Threadgroups are counted in 64 bits; 2^62 threads never end anyway. */
static bool grid_is_countable(tmjit_extent grid)
{
    uint64_t plane = (uint64_t)grid.x * (grid.y ? grid.y : 1);

    return plane <= (UINT64_C(1) << 62) / (grid.z ? grid.z : 1);
}

static tmjit_status check_launch(const tmjit_pipeline *pipeline, const tmjit_launch *launch)
{
    tmjit_context *ctx = context_of(pipeline);
    tmjit_extent grid = launch->grid;

    if (!grid.x)
        return tj_refuse(ctx, TMJIT_E_INVALID, "grid.x is 0; it is at least 1");
    if (!grid_is_countable(grid))
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "grid %u x %u x %u; at most 2^62 threads are accepted", grid.x,
                         grid.y, grid.z);
    if (isnan(launch->timeout_s) || launch->timeout_s < 0)
        return tj_refuse(ctx, TMJIT_E_INVALID, "timeout_s is %g; 0 or more is accepted",
                         launch->timeout_s);
    if (launch->timeout_s > 0 && pipeline->settings.options.no_watchdog)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "timeout_s is %g; the pipeline was made with no_watchdog",
                         launch->timeout_s);
    return check_bindings(pipeline, launch);
}

/* ---- runs ---------------------------------------------------------------------------- */

/* Compiles the variants that this grid needs and are not there yet. */
static tj_status ensure_variants(tmjit_pipeline *pipeline, const uint32_t grid[3])
{
    const uint32_t *size = pipeline->settings.threadgroup;
    bool needs_full = tj_pipeline_has_whole_slices(pipeline), needs_ragged = !needs_full;
    tj_status status = TJ_OK;

    for (unsigned d = 0; d < 3; d++) {
        needs_full = needs_full && grid[d] >= size[d];
        needs_ragged = needs_ragged || grid[d] % size[d];
    }
    pthread_mutex_lock(&pipeline->lock);
    if (needs_full && !pipeline->full.is_ready)
        status = tj_compile_variant(pipeline, false, &pipeline->full);
    if (!status && needs_ragged && !pipeline->ragged.is_ready)
        status = tj_compile_variant(pipeline, true, &pipeline->ragged);
    pthread_mutex_unlock(&pipeline->lock);
    return status;
}

static tj_status run_simd(tmjit_pipeline *pipeline, const tjrt_launch *inner, tj_diags *diags)
{
    tjrt_launch launch = *inner;
    tjrt_fault fault;

    if (ensure_variants(pipeline, launch.grid)) {
        const tj_diag *error = &pipeline->unit->diags.first;
        return tj_fail_at(diags, error->status, &error->loc, "%s", error->message);
    }
    launch.full = pipeline->full.code;
    launch.ragged = pipeline->ragged.code;
    launch.lanes = pipeline->lanes;
    launch.static_threadgroup_byte_len = pipeline->static_threadgroup_byte_len;
    launch.private_byte_len = pipeline->worker_private_byte_len;
    if (tjrt_run(pipeline->ctx->pool, &launch, &fault) == TJRT_END_OK)
        return TJ_OK;
    return tj_describe_fault(pipeline, &launch, &fault, diags);
}

static tj_status run_interp(tmjit_pipeline *pipeline, const tjrt_launch *inner,
                            tj_diags *diags)
{
    tj_interp_launch launch = {
        .grid = {inner->grid[0], inner->grid[1], inner->grid[2]},
        .threadgroup = {inner->threadgroup[0], inner->threadgroup[1], inner->threadgroup[2]},
        .buffers = inner->buffers,
        .has_bounds_checks = !pipeline->settings.options.no_bounds_checks,
        .timeout_s = inner->timeout_s,
    };

    pthread_mutex_lock(&pipeline->ctx->interp_lock);
    tj_status status = tj_interp_run(pipeline->interp, &launch, diags);
    pthread_mutex_unlock(&pipeline->ctx->interp_lock);
    return status;
}

static tmjit_status run(tmjit_pipeline *pipeline, const tmjit_launch *launch,
                        tjrt_buffer *buffers)
{
    const uint32_t *size = pipeline->settings.threadgroup;
    tjrt_launch inner = {
        .grid = {launch->grid.x, launch->grid.y ? launch->grid.y : 1,
                 launch->grid.z ? launch->grid.z : 1},
        .threadgroup = {size[0], size[1], size[2]},
        .buffers = buffers,
        .buffer_count = (unsigned)launch->binding_count,
        .is_threadgroup = pipeline->is_threadgroup,
        .flush_subnormals = pipeline->unit->flush_subnormals,
        .timeout_s = launch->timeout_s,
        .order_seed = launch->order_seed,
    };
    bool is_simd = pipeline->settings.options.engine == TMJIT_ENGINE_SIMD;
    tj_diags diags = {.arena = tj_arena_create()};
    tmjit_status status = TMJIT_OK;

    for (size_t i = 0; i < launch->binding_count; i++)
        buffers[i] = (tjrt_buffer){.data = launch->bindings[i].data,
                                   .byte_len = launch->bindings[i].byte_len};
    if (is_simd ? run_simd(pipeline, &inner, &diags) : run_interp(pipeline, &inner, &diags))
        status = tj_publish(pipeline->ctx, &diags.first);
    tj_arena_destroy(diags.arena);
    return status;
}

tmjit_status tj_pipeline_launch(tmjit_pipeline *pipeline, const tmjit_launch *given)
{
    tmjit_context *ctx = context_of(pipeline);
    tmjit_launch launch = {0};

    if (!tj_copy_options(&launch, sizeof launch, given))
        return tj_refuse(ctx, TMJIT_E_INVALID, "launch: struct_size %zu; %zu is accepted",
                         given->struct_size, sizeof launch);
    tmjit_status status = check_launch(pipeline, &launch);
    if (status)
        return status;
    tjrt_buffer *buffers = calloc(launch.binding_count + 1, sizeof *buffers);
    if (!buffers)
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for a launch");
    status = run(pipeline, &launch, buffers);
    free(buffers);
    return status;
}
