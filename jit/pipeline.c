/* SPDX-License-Identifier: MIT */
/* A kernel made ready to launch: compiled for one threadgroup size, or decoded for the
 * interpreter. */
#include "objects.h"

#include "loader.h"

#include <stdlib.h>
#include <string.h>

bool tj_pipeline_has_whole_slices(const tmjit_pipeline *pipeline)
{
    const uint32_t *size = pipeline->settings.threadgroup;

    return size[0] * size[1] * size[2] % pipeline->lanes == 0;
}

static tj_status prepare_simd(tmjit_pipeline *pipeline)
{
    /* tj_host_lanes needs the vector width, which the session's set-up finds out. */
    tj_session *session;
    tj_status status = tj_context_session(pipeline->ctx, &pipeline->diags, &session);

    if (status)
        return status;
    pipeline->lanes =
        tj_host_lanes(pipeline->unit, pipeline->settings.threadgroup,
                      pipeline->settings.options.lanes, pipeline->ctx->cpu.vector_bits);
    if (tj_pipeline_has_whole_slices(pipeline))
        return tj_compile_variant(pipeline, false, &pipeline->full);
    return tj_compile_variant(pipeline, true, &pipeline->ragged);
}

static tj_status prepare_interp(tmjit_pipeline *pipeline)
{
    tj_status status = tj_interp_create(
        pipeline->unit, pipeline->settings.options.math == TMJIT_MATH_FAST, &pipeline->interp);

    pipeline->lanes = TJ_SIMD_WIDTH;
    if (status)
        tj_fail_at(&pipeline->diags, status, &pipeline->unit->diags.first.loc, "%s",
                   pipeline->unit->diags.first.message);
    return status;
}

static void mark_threadgroup_args(tmjit_pipeline *pipeline)
{
    const tj_kernel *kernel = pipeline->kernel;
    uint8_t *marks = tj_new_array(pipeline->arena, uint8_t, tj_launch_bound_count(pipeline) + 1u);

    for (unsigned i = 0; i < kernel->arg_count; i++)
        marks[i] = kernel->args[i].kind == TJ_ARG_THREADGROUP;
    pipeline->is_threadgroup = marks;
}

static tj_status prepare(tmjit_pipeline *pipeline)
{
    tmjit_kernel_facts facts;

    pipeline->kernel = &pipeline->unit->kernels[0];
    tj_count_facts(pipeline->unit, &facts);
    pipeline->has_barriers = facts.barrier_count != 0;
    pipeline->private_byte_len = facts.private_byte_len;
    pipeline->static_threadgroup_byte_len = facts.static_threadgroup_byte_len;
    pipeline->flush_subnormals = pipeline->unit->flush_subnormals;
    if (pipeline->settings.options.engine == TMJIT_ENGINE_SIMD)
        return prepare_simd(pipeline);
    return prepare_interp(pipeline);
}

/* All code came from the cache: what compiles it stays within reach. */
static void retain_module(tmjit_pipeline *pipeline, const tmjit_kernel *kernel)
{
    pipeline->library = kernel->library;
    pipeline->module = kernel->module;
    tj_library_retain(pipeline->library);
}

tj_status tj_pipeline_unit(tmjit_pipeline *pipeline)
{
    if (pipeline->unit)
        return TJ_OK;
    return tj_compile_unit(pipeline->module, pipeline->kernel->name, &pipeline->settings, NULL,
                           &pipeline->diags, &pipeline->times, &pipeline->unit);
}

/* The caller's list is not there any more when a unit is compiled later. */
static void keep_constants(tmjit_pipeline *pipeline)
{
    tmjit_pipeline_options *options = &pipeline->settings.options;
    size_t count = pipeline->unit ? 0 : options->constant_count;
    tmjit_constant *copies = tj_new_array(pipeline->arena, tmjit_constant, count);

    for (size_t i = 0; i < count; i++) {
        tmjit_constant *copy = &copies[i];
        *copy = options->constants[i];
        size_t byte_len = copy->components * tj_scalar_byte_len((tj_scalar)copy->scalar);
        copy->data =
            memcpy(tj_arena_take(pipeline->arena, byte_len, 1, 8), copy->data, byte_len);
        copy->name = copy->name ? tj_arena_strdup(pipeline->arena, copy->name) : NULL;
    }
    options->constants = copies;
    options->constant_count = count;
}

static tmjit_status create(const tmjit_kernel *kernel, tmjit_pipeline *pipeline)
{
    tj_status status = TJ_OK;

    tj_find_key(pipeline, kernel->module, kernel->kernel->name);
    if (tj_load_first(pipeline)) {
        retain_module(pipeline, kernel);
    } else {
        status = tj_compile_unit(kernel->module, kernel->kernel->name, &pipeline->settings,
                                 NULL, &pipeline->diags, &pipeline->times, &pipeline->unit);
        if (!status)
            status = prepare(pipeline);
    }
    if (status)
        return tj_publish(pipeline->ctx, &pipeline->diags.first);
    keep_constants(pipeline);
    mark_threadgroup_args(pipeline);
    return TMJIT_OK;
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
    pipeline->arena = tj_arena_create();
    pipeline->diags.arena = pipeline->arena;
    pipeline->file = tj_arena_strdup(pipeline->arena, kernel->module->file);
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
        .cache_s = pipeline->times.cache_s,
        .is_from_cache = pipeline->is_from_cache,
    };
    pthread_mutex_unlock(lock);
    return info;
}

tmjit_pipeline *tj_pipeline_hold(tmjit_pipeline *pipeline)
{
    atomic_fetch_add(&pipeline->use_count, 1);
    return pipeline;
}

/* Without a tracker nothing says that the session is there, nor that another thread has not
 * just begun to make it. */
static void free_code(tmjit_context *ctx, tj_linked *linked)
{
    if (linked->tracker)
        tj_session_unlink(ctx->session, linked);
    else
        tj_unload_object(linked);
}

void tj_pipeline_release(tmjit_pipeline *pipeline)
{
    if (atomic_fetch_sub(&pipeline->use_count, 1) != 1)
        return;
    free_code(pipeline->ctx, &pipeline->full.linked);
    free_code(pipeline->ctx, &pipeline->ragged.linked);
    if (pipeline->interp)
        tj_interp_destroy(pipeline->interp);
    tj_unit_destroy(pipeline->unit);
    if (pipeline->library)
        tj_library_release(pipeline->library);
    tj_arena_destroy(pipeline->arena);
    pthread_mutex_destroy(&pipeline->lock);
    free(pipeline);
}
