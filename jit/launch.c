/* SPDX-License-Identifier: MIT */
/* The run of a checked launch on either engine, and the launch on the calling thread. */
#include "log.h"

#include <stdlib.h>

static tj_status load_or_compile_ragged(tmjit_pipeline *pipeline)
{
    if (tj_load_ragged(pipeline))
        return TJ_OK;
    tj_status status = tj_pipeline_unit(pipeline);
    return status ? status : tj_compile_variant(pipeline, true, &pipeline->ragged);
}

/* Compiles the variants that this grid needs and are not there yet, and copies what the launch
 * needs of the pipeline's code: another launch may be compiling more. */
static tj_status take_code(tmjit_pipeline *pipeline, tjrt_launch *launch, tj_diags *diags)
{
    const uint32_t *size = pipeline->settings.threadgroup;
    bool needs_full = tj_pipeline_has_whole_slices(pipeline), needs_ragged = !needs_full;
    tj_status status = TJ_OK;

    for (unsigned d = 0; d < 3; d++) {
        needs_full = needs_full && launch->grid[d] >= size[d];
        needs_ragged = needs_ragged || launch->grid[d] % size[d];
    }
    pthread_mutex_lock(&pipeline->lock);
    if (needs_full && !pipeline->full.is_ready)
        status = tj_compile_variant(pipeline, false, &pipeline->full);
    if (!status && needs_ragged && !pipeline->ragged.is_ready)
        status = load_or_compile_ragged(pipeline);
    if (status) {
        const tj_diag *error = &pipeline->diags.first;
        tj_fail_at(diags, error->status, &error->loc, "%s", error->message);
    }
    launch->full = pipeline->full.code;
    launch->ragged = pipeline->ragged.code;
    launch->private_byte_len = pipeline->worker_private_byte_len;
    pthread_mutex_unlock(&pipeline->lock);
    return status;
}

static tj_status run_simd(tmjit_pipeline *pipeline, const tjrt_launch *inner, tj_diags *diags)
{
    tjrt_launch launch = *inner;
    tjrt_fault fault;
    tj_status status = take_code(pipeline, &launch, diags);

    if (status)
        return status;
    launch.lanes = pipeline->lanes;
    launch.static_threadgroup_byte_len = pipeline->static_threadgroup_byte_len;
    if (tjrt_run(pipeline->ctx->pool, &launch, &fault) == TJRT_END_OK)
        return TJ_OK;
    /* Words come from the unit's LLVM context, which a late compilation works in too. */
    pthread_mutex_lock(&pipeline->lock);
    status = tj_describe_fault(pipeline, &launch, &fault, diags);
    pthread_mutex_unlock(&pipeline->lock);
    return status;
}

/* One at a time: the interpreter's atomics are plain accesses. It takes a seat among the
 * pool's threads, and only once it is its turn, so that waiting launches hold none. */
static tj_status run_interp(tmjit_pipeline *pipeline, const tjrt_launch *inner, tj_diags *diags)
{
    tmjit_context *ctx = pipeline->ctx;
    tj_interp_launch launch = {
        .grid = {inner->grid[0], inner->grid[1], inner->grid[2]},
        .threadgroup = {inner->threadgroup[0], inner->threadgroup[1], inner->threadgroup[2]},
        .buffers = inner->buffers,
        .resident = inner->resident,
        .resident_count = inner->resident_count,
        .has_bounds_checks = !pipeline->settings.options.no_bounds_checks,
        .timeout_s = inner->timeout_s,
        .is_cancelled = inner->is_cancelled,
    };

    pthread_mutex_lock(&ctx->interp_lock);
    struct tjrt_worker *seat = tjrt_seat_take(ctx->pool);
    tj_status status = tj_interp_run(pipeline->interp, &launch, diags);
    tjrt_seat_give(ctx->pool, seat);
    pthread_mutex_unlock(&ctx->interp_lock);
    return status;
}

tj_status tj_launch_run(tmjit_pipeline *pipeline, const tmjit_launch *launch,
                        tjrt_buffer *bound, const _Atomic bool *is_cancelled, tj_diags *diags)
{
    const uint32_t *size = pipeline->settings.threadgroup;
    tjrt_launch inner = {
        .grid = {launch->grid.x, launch->grid.y ? launch->grid.y : 1,
                 launch->grid.z ? launch->grid.z : 1},
        .threadgroup = {size[0], size[1], size[2]},
        .buffers = bound,
        .buffer_count = (unsigned)tj_launch_bound_count(pipeline),
        .resident = bound + tj_launch_bound_count(pipeline),
        .resident_count = (unsigned)launch->resident_count,
        .is_threadgroup = pipeline->is_threadgroup,
        .flush_subnormals = pipeline->flush_subnormals,
        .timeout_s = launch->timeout_s,
        .order_seed = launch->order_seed,
        .is_cancelled = is_cancelled,
    };

    tj_status status = tj_log_bind(pipeline->kernel, launch, bound, diags);
    if (status)
        return status;
    tj_members_write(pipeline, bound);
    if (pipeline->settings.options.engine == TMJIT_ENGINE_SIMD)
        status = run_simd(pipeline, &inner, diags);
    else
        status = run_interp(pipeline, &inner, diags);
    tj_log_end(pipeline->kernel, launch, bound);
    return status;
}

/* ---- on the calling thread ----------------------------------------------------------- */

enum { FEW_ARGS = 32 }; /* bound on the stack; Metal has 31 buffers */

static tmjit_status launch_bound(tmjit_pipeline *pipeline, const tmjit_launch *launch,
                                 tjrt_buffer *bound)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tmjit_status status = TMJIT_OK;

    if (launch->wait_count)
        status = tj_events_await(pipeline->ctx, launch);
    if (!status && tj_launch_run(pipeline, launch, bound, NULL, &diags))
        status = tj_publish(pipeline->ctx, &diags.first);
    tj_arena_destroy(diags.arena);
    return status;
}

tmjit_status tj_pipeline_launch(tmjit_pipeline *pipeline, const tmjit_launch *given)
{
    tjrt_buffer few[FEW_ARGS], *bound = few;
    tmjit_launch launch;
    tmjit_status status = tj_launch_check(pipeline, given, &launch);

    if (status)
        return status;
    size_t place_count = tj_launch_bound_count(pipeline) + launch.resident_count;
    if (place_count > FEW_ARGS)
        bound = calloc(place_count, sizeof *bound);
    if (!bound)
        return tj_refuse(pipeline->ctx, TMJIT_E_MEMORY, "no memory for a launch");
    status = tj_launch_bind(pipeline, &launch, bound);
    for (size_t i = 0; !status && launch.buffers && i < launch.binding_count; i++)
        tj_buffer_hold(launch.buffers[i]);
    if (!status) {
        status = launch_bound(pipeline, &launch, bound);
        for (size_t i = 0; launch.buffers && i < launch.binding_count; i++)
            tj_buffer_release(launch.buffers[i]);
    }
    if (bound != few)
        free(bound);
    return status;
}
