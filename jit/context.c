/* SPDX-License-Identifier: MIT */
/* What a context owns, and the order in which it dies: pipelines, libraries, the session
 * with all code, the worker threads, the errors. */
#include "objects.h"

#include <stdlib.h>

tmjit_status tj_context_create(const tmjit_context_options *options, tmjit_context **out)
{
    tmjit_context *ctx = calloc(1, sizeof *ctx);

    if (!ctx)
        return TMJIT_E_MEMORY;
    ctx->chip = tj_chip_newest();
    if (options->chip && !tj_chip_find(options->chip, &ctx->chip)) {
        free(ctx);
        return TMJIT_E_NOT_FOUND;
    }
    ctx->pool = tjrt_pool_create(options->threads);
    if (!ctx->pool) {
        free(ctx);
        return TMJIT_E_MEMORY;
    }
    pthread_mutex_init(&ctx->lock, NULL);
    pthread_mutex_init(&ctx->interp_lock, NULL);
    *out = ctx;
    return TMJIT_OK;
}

void tj_context_destroy(tmjit_context *ctx)
{
    while (ctx->pipelines) {
        tmjit_pipeline *pipeline = ctx->pipelines;
        tj_context_drop_pipeline(ctx, pipeline);
        tj_pipeline_free(pipeline);
    }
    while (ctx->libraries) {
        tmjit_library *library = ctx->libraries;
        tj_context_drop_library(ctx, library);
        tj_library_free(library);
    }
    tj_session_destroy(ctx->session);
    tj_cpu_fini(&ctx->cpu);
    tjrt_pool_destroy(ctx->pool);
    tj_errors_free(ctx);
    pthread_mutex_destroy(&ctx->interp_lock);
    pthread_mutex_destroy(&ctx->lock);
    free(ctx);
}

static tj_status make_session(tmjit_context *ctx, tj_diags *diags)
{
    tj_status status = TJ_OK;

    if (!ctx->cpu.target)
        status = tj_cpu_init(&ctx->cpu, diags);
    return status ? status : tj_session_create(&ctx->cpu, diags, &ctx->session);
}

tj_status tj_context_session(tmjit_context *ctx, tj_diags *diags, tj_session **out)
{
    tj_status status = TJ_OK;

    pthread_mutex_lock(&ctx->lock);
    if (!ctx->session)
        status = make_session(ctx, diags);
    *out = ctx->session;
    pthread_mutex_unlock(&ctx->lock);
    return status;
}

void tj_context_add_library(tmjit_context *ctx, tmjit_library *library)
{
    pthread_mutex_lock(&ctx->lock);
    library->next = ctx->libraries;
    if (library->next)
        library->next->previous = library;
    ctx->libraries = library;
    pthread_mutex_unlock(&ctx->lock);
}

void tj_context_drop_library(tmjit_context *ctx, tmjit_library *library)
{
    pthread_mutex_lock(&ctx->lock);
    if (library->previous)
        library->previous->next = library->next;
    else
        ctx->libraries = library->next;
    if (library->next)
        library->next->previous = library->previous;
    pthread_mutex_unlock(&ctx->lock);
}

void tj_context_add_pipeline(tmjit_context *ctx, tmjit_pipeline *pipeline)
{
    pthread_mutex_lock(&ctx->lock);
    pipeline->next = ctx->pipelines;
    if (pipeline->next)
        pipeline->next->previous = pipeline;
    ctx->pipelines = pipeline;
    pthread_mutex_unlock(&ctx->lock);
}

void tj_context_drop_pipeline(tmjit_context *ctx, tmjit_pipeline *pipeline)
{
    pthread_mutex_lock(&ctx->lock);
    if (pipeline->previous)
        pipeline->previous->next = pipeline->next;
    else
        ctx->pipelines = pipeline->next;
    if (pipeline->next)
        pipeline->next->previous = pipeline->previous;
    pthread_mutex_unlock(&ctx->lock);
}

uint64_t tj_context_next_variant(tmjit_context *ctx)
{
    pthread_mutex_lock(&ctx->lock);
    uint64_t number = ++ctx->variant_count;
    pthread_mutex_unlock(&ctx->lock);
    return number;
}
