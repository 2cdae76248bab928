/* SPDX-License-Identifier: MIT */
/* What a context owns, and the order in which it dies: launches under way and their queues,
 * events, pipelines, libraries, buffers, the session with all code, the worker threads, the
 * errors. */
#include "objects.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The threads of a context do not follow a fork, and its locks may be held for ever in the
 * child. A page that the kernel clears there tells for the price of a load (madvise(2),
 * MADV_WIPEONFORK); where there is none, the number of the process. */
static const unsigned char *map_page(void)
{
    unsigned char *page = NULL;
#ifdef MADV_WIPEONFORK
    size_t byte_len = (size_t)sysconf(_SC_PAGESIZE);

    page = mmap(NULL, byte_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return NULL;
    if (madvise(page, byte_len, MADV_WIPEONFORK)) {
        munmap(page, byte_len);
        return NULL;
    }
    *page = 1;
#endif
    return page;
}

static void unmap_page(const unsigned char *page)
{
    if (page)
        munmap((void *)page, (size_t)sysconf(_SC_PAGESIZE));
}

bool tj_context_is_ours(const tmjit_context *ctx)
{
    if (ctx->process)
        return ctx->process == getpid();
    return *(volatile const unsigned char *)ctx->is_ours;
}

enum { DEFAULT_LIMIT = 256 << 20 };

static tj_status open_cache(tmjit_context *ctx, const tmjit_context_options *options,
                            tj_diags *diags)
{
    uint64_t limit = options->cache_byte_limit ? options->cache_byte_limit : DEFAULT_LIMIT;

    if (!tj_identity(&ctx->identity))
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, NULL,
                          "no cache: this build of tmjit has no build id");
    return tj_cache_open(options->cache_dir, limit, diags, &ctx->cache);
}

/* A context works without a cache; tmjit_cache_get_stats says why there is none. */
static void try_cache(tmjit_context *ctx, const tmjit_context_options *options)
{
    tj_diags diags = {.arena = NULL};

    if (!options->cache_dir)
        return;
    diags.arena = tj_arena_create();
    if (open_cache(ctx, options, &diags)) {
        ctx->cache_status = (tmjit_status)diags.first.status;
        snprintf(ctx->cache_problem, sizeof ctx->cache_problem, "%s", diags.first.message);
    }
    tj_arena_destroy(diags.arena);
}

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
    ctx->allows_fp64 = options->allow_fp64;
    ctx->pool = tjrt_pool_create(options->threads);
    if (!ctx->pool) {
        free(ctx);
        return TMJIT_E_MEMORY;
    }
    ctx->is_ours = map_page();
    ctx->process = ctx->is_ours ? 0 : getpid();
    pthread_mutex_init(&ctx->lock, NULL);
    pthread_mutex_init(&ctx->work_lock, NULL);
    pthread_mutex_init(&ctx->interp_lock, NULL);
    try_cache(ctx, options);
    *out = ctx;
    return TMJIT_OK;
}

static void free_event(tj_node *node)
{
    tj_event_release((tmjit_event *)node);
}

static void free_pipeline(tj_node *node)
{
    tj_pipeline_release((tmjit_pipeline *)node);
}

static void free_library(tj_node *node)
{
    tj_library_release((tmjit_library *)node);
}

static void free_buffer(tj_node *node)
{
    tj_buffer_release((tmjit_buffer *)node);
}

/* Queues end by themselves. */
static void (*const free_functions[TJ_LIST_COUNT])(tj_node *node) = {
    [TJ_LIST_EVENTS] = free_event,
    [TJ_LIST_PIPELINES] = free_pipeline,
    [TJ_LIST_LIBRARIES] = free_library,
    [TJ_LIST_BUFFERS] = free_buffer,
};

void tj_context_destroy(tmjit_context *ctx)
{
    tj_queues_shut_down(ctx);
    for (unsigned list = TJ_LIST_EVENTS; list < TJ_LIST_COUNT; list++)
        while (ctx->lists[list]) {
            tj_node *node = ctx->lists[list];
            tj_context_drop(ctx, (tj_list)list, node);
            free_functions[list](node);
        }
    tj_session_destroy(ctx->session);
    tj_cpu_fini(&ctx->cpu);
    tj_cache_close(ctx->cache);
    tjrt_pool_destroy(ctx->pool);
    tj_errors_free(ctx);
    unmap_page(ctx->is_ours);
    pthread_mutex_destroy(&ctx->interp_lock);
    pthread_mutex_destroy(&ctx->work_lock);
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

void tj_context_add(tmjit_context *ctx, tj_list list, tj_node *node)
{
    pthread_mutex_lock(&ctx->lock);
    node->previous = NULL;
    node->next = ctx->lists[list];
    if (node->next)
        node->next->previous = node;
    ctx->lists[list] = node;
    pthread_mutex_unlock(&ctx->lock);
}

void tj_context_drop(tmjit_context *ctx, tj_list list, tj_node *node)
{
    pthread_mutex_lock(&ctx->lock);
    if (node->previous)
        node->previous->next = node->next;
    else
        ctx->lists[list] = node->next;
    if (node->next)
        node->next->previous = node->previous;
    pthread_mutex_unlock(&ctx->lock);
}

uint64_t tj_context_next_variant(tmjit_context *ctx)
{
    pthread_mutex_lock(&ctx->lock);
    uint64_t number = ++ctx->variant_count;
    pthread_mutex_unlock(&ctx->lock);
    return number;
}

void tj_context_cache_stats(tmjit_context *ctx, bool count_entries, tmjit_cache_stats *out)
{
    tmjit_cache_stats stats = {.status = ctx->cache_status, .is_open = ctx->cache != NULL};

    snprintf(stats.problem, sizeof stats.problem, "%s", ctx->cache_problem);
    if (ctx->cache) {
        tj_cache_usage usage = {0};
        if (count_entries)
            usage = tj_cache_get_usage(ctx->cache);
        tj_cache_counts counts = tj_cache_get_counts(ctx->cache);
        stats.hits = counts.hits;
        stats.misses = counts.misses;
        stats.stored = counts.stored;
        stats.evicted = counts.evicted;
        stats.broken = counts.broken;
        stats.failed = counts.failed;
        stats.entry_count = usage.entry_count;
        stats.byte_len = usage.byte_len;
        stats.byte_limit = tj_cache_limit(ctx->cache);
        snprintf(stats.problem, sizeof stats.problem, "%s", counts.problem);
    }
    *out = stats;
}
