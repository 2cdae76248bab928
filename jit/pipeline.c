/* SPDX-License-Identifier: MIT */
/* A kernel made ready to launch: compiled for one threadgroup size, or decoded for the
 * interpreter. */
#include "objects.h"

#include <stdlib.h>

bool tj_pipeline_has_whole_slices(const tmjit_pipeline *pipeline)
{
    const uint32_t *size = pipeline->settings.threadgroup;

    return size[0] * size[1] * size[2] % pipeline->lanes == 0;
}

static tj_status prepare_simd(tmjit_pipeline *pipeline)
{
    /* tj_host_lanes needs the vector width, which the session's set-up finds out. */
    tj_session *session;
    tj_status status = tj_context_session(pipeline->ctx, &pipeline->unit->diags, &session);

    if (status)
        return status;
    pipeline->lanes = tj_host_lanes(pipeline->unit, pipeline->settings.options.lanes,
                                    pipeline->ctx->cpu.vector_bits);
    if (tj_pipeline_has_whole_slices(pipeline))
        return tj_compile_variant(pipeline, false, &pipeline->full);
    return tj_compile_variant(pipeline, true, &pipeline->ragged);
}

static tj_status prepare(tmjit_pipeline *pipeline)
{
    const tj_kernel *kernel = &pipeline->unit->kernels[0];
    tmjit_kernel_facts facts;

    tj_count_facts(pipeline->unit, &facts);
    pipeline->has_barriers = facts.barrier_count != 0;
    pipeline->private_byte_len = facts.private_byte_len;
    pipeline->static_threadgroup_byte_len = facts.static_threadgroup_byte_len;
    pipeline->is_threadgroup = calloc(kernel->arg_count + 1u, 1);
    if (!pipeline->is_threadgroup)
        return tj_fail_at(&pipeline->unit->diags, TJ_E_MEMORY, NULL,
                          "no memory for a pipeline");
    for (unsigned i = 0; i < kernel->arg_count; i++)
        pipeline->is_threadgroup[i] = kernel->args[i].kind == TJ_ARG_THREADGROUP;
    if (pipeline->settings.options.engine == TMJIT_ENGINE_SIMD)
        return prepare_simd(pipeline);
    pipeline->lanes = TJ_SIMD_WIDTH;
    return tj_interp_create(pipeline->unit, pipeline->settings.options.math == TMJIT_MATH_FAST,
                            &pipeline->interp);
}

static tmjit_status create(const tmjit_kernel *kernel, tmjit_pipeline *pipeline)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tmjit_context *ctx = pipeline->ctx;
    tmjit_status published = TMJIT_OK;

    if (tj_compile_unit(kernel, &pipeline->settings, NULL, &diags, &pipeline->times,
                        &pipeline->unit))
        published = tj_publish(ctx, &diags.first);
    else if (prepare(pipeline))
        published = tj_publish(ctx, &pipeline->unit->diags.first);
    pipeline->settings.options.constants = NULL; /* the caller's */
    pipeline->settings.options.constant_count = 0;
    tj_arena_destroy(diags.arena);
    return published;
}

tmjit_status tj_pipeline_create(const tmjit_kernel *kernel,
                                const tmjit_pipeline_options *options, tmjit_pipeline **out)
{
    tmjit_context *ctx = kernel->library->ctx;
    tj_settings settings;
    tmjit_status status = tj_settle(kernel, options, &settings);

    if (status)
        return status;
    tmjit_pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (!pipeline)
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for a pipeline");
    pipeline->ctx = ctx;
    pipeline->use_count = 1;
    pipeline->settings = settings;
    pthread_mutex_init(&pipeline->lock, NULL);
    status = create(kernel, pipeline);
    if (status) {
        tj_pipeline_release(pipeline);
        return status;
    }
    tj_context_add(ctx, TJ_LIST_PIPELINES, &pipeline->node);
    *out = pipeline;
    return TMJIT_OK;
}

tmjit_pipeline_info tj_pipeline_get_info(const tmjit_pipeline *pipeline)
{
    /* A launch on another thread may be compiling the ragged variant. */
    pthread_mutex_t *lock = (pthread_mutex_t *)&pipeline->lock;
    const uint32_t *size = pipeline->settings.threadgroup;

    pthread_mutex_lock(lock);
    tmjit_pipeline_info info = {
        .threadgroup = {size[0], size[1], size[2]},
        .lanes = pipeline->lanes,
        .has_barriers = pipeline->has_barriers,
        .static_threadgroup_byte_len = pipeline->static_threadgroup_byte_len,
        .private_byte_len = pipeline->private_byte_len,
        .extract_s = pipeline->times.extract_s,
        .canon_s = pipeline->times.canon_s,
        .lower_s = pipeline->times.lower_s,
        .optimize_s = pipeline->times.optimize_s,
        .emit_s = pipeline->times.emit_s,
        .link_s = pipeline->times.link_s,
    };
    pthread_mutex_unlock(lock);
    return info;
}

tmjit_pipeline *tj_pipeline_hold(tmjit_pipeline *pipeline)
{
    atomic_fetch_add(&pipeline->use_count, 1);
    return pipeline;
}

void tj_pipeline_release(tmjit_pipeline *pipeline)
{
    if (atomic_fetch_sub(&pipeline->use_count, 1) != 1)
        return;
    tj_session_unlink(pipeline->ctx->session, &pipeline->full.linked);
    tj_session_unlink(pipeline->ctx->session, &pipeline->ragged.linked);
    if (pipeline->interp)
        tj_interp_destroy(pipeline->interp);
    tj_unit_destroy(pipeline->unit);
    free(pipeline->is_threadgroup);
    pthread_mutex_destroy(&pipeline->lock);
    free(pipeline);
}
