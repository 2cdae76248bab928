/* SPDX-License-Identifier: MIT */
/* Faults of a launch in words: site numbers become places again. */
#include "objects.h"

#include <inttypes.h>
#include <llvm-c/Core.h>
#include <stdio.h>
#include <string.h>

/* The variant that ran the faulting threadgroup: its site numbers are meant. */
static const tj_variant *variant_of(const tmjit_pipeline *pipeline, const tjrt_launch *launch,
                                    const tjrt_fault *fault)
{
    bool is_whole = tj_pipeline_has_whole_slices(pipeline);

    for (unsigned d = 0; d < 3; d++) {
        uint64_t end = ((uint64_t)fault->group_pos[d] + 1) * launch->threadgroup[d];
        is_whole = is_whole && end <= launch->grid[d];
    }
    return is_whole ? &pipeline->full : &pipeline->ragged;
}

/* A pipeline from the cache has no unit; its container is still open. */
static void add_source(const tmjit_pipeline *pipeline, tj_arena *arena, tj_loc *loc)
{
    const tj_module *module = pipeline->module;
    tj_diags ignored = {.arena = arena};
    tj_sources *sources = NULL;

    if (pipeline->unit) {
        tj_add_source(loc, arena, pipeline->unit);
        return;
    }
    if (!pipeline->library || !pipeline->library->metallib || !loc->file || !loc->line)
        return;
    tj_metallib_sources(pipeline->library->metallib, module->function, &ignored, &sources);
    if (sources)
        loc->source = tj_sources_line(sources, arena, loc->file, loc->line);
    tj_sources_release(sources);
}

static tj_loc place_of(const tmjit_pipeline *pipeline, const tj_variant *variant, uint32_t site,
                       tj_arena *arena)
{
    if (site < variant->site_count) {
        tj_loc loc = variant->sites[site].loc;
        add_source(pipeline, arena, &loc);
        return loc;
    }
    return (tj_loc){.file = pipeline->file, .kernel = pipeline->kernel->name};
}

static const char *thread_text(tj_arena *arena, const tjrt_fault *fault)
{
    const uint32_t *grid = fault->thread_in_grid, *inside = fault->thread_in_group,
                   *group = fault->group_pos;

    return tj_arena_printf(arena,
                           "by thread (%u, %u, %u) of the grid, (%u, %u, %u) of threadgroup "
                           "(%u, %u, %u)",
                           grid[0], grid[1], grid[2], inside[0], inside[1], inside[2], group[0],
                           group[1], group[2]);
}

/* What a region outside buffers and private arrays is: the module's globals are threadgroup
 * variables and constants. */
static const char *global_kind(bool is_constant)
{
    return is_constant ? "constant" : "threadgroup variable";
}

/* "of buffer 'a' (4096 bytes)". The site of an access to a variable carries its name. */
static const char *region_text(tj_arena *arena, const tmjit_pipeline *pipeline,
                               const tj_variant *variant, const tjrt_fault *fault)
{
    const tj_kernel *kernel = pipeline->kernel;
    const char *kind = "buffer", *name = "";
    bool is_constant = false;

    if (fault->param == -3 && !fault->origin)
        return "of no buffer of this launch";
    if (fault->param >= (int32_t)kernel->arg_count) {
        name = kernel->nested[(unsigned)fault->param - kernel->arg_count].name;
    } else if (fault->param >= 0) {
        name = kernel->args[fault->param].name;
    } else if (fault->param == -3) {
        const tj_region *origin = &variant->regions[fault->origin];

        name = origin->name;
        is_constant = origin->is_constant;
        kind = origin->is_private ? "private array" : global_kind(is_constant);
    } else {
        if (fault->site < variant->site_count) {
            name = variant->sites[fault->site].what;
            is_constant = variant->sites[fault->site].is_constant;
        }
        kind = fault->param == -1 ? global_kind(is_constant) : "private array";
    }
    if (is_constant && fault->is_store)
        return tj_arena_printf(arena, "of constant '%s', which can only be read", name);
    return tj_arena_printf(arena, "of %s '%s' (%" PRIu64 " bytes)", kind, name,
                           fault->region_byte_len);
}

static tj_status fail_bounds(const tmjit_pipeline *pipeline, const tj_variant *variant,
                             const tjrt_fault *fault, tj_diags *diags)
{
    const tj_loc loc = place_of(pipeline, variant, fault->site, diags->arena);
    const char *what = fault->is_store ? "store" : "load";
    const char *region = region_text(diags->arena, pipeline, variant, fault);
    const char *thread = thread_text(diags->arena, fault);
    char where[64];

    if (fault->param == -3 && !fault->origin)
        snprintf(where, sizeof where, "at address 0x%" PRIx64, fault->offset);
    else /* an offset before the start is negative */
        snprintf(where, sizeof where, "at byte offset %" PRId64, (int64_t)fault->offset);
    return tj_fail_at(diags, TJ_E_BOUNDS, &loc, "%s of %" PRIu64 " byte%s %s %s, %s", what,
                      fault->byte_len, fault->byte_len == 1 ? "" : "s", where, region, thread);
}

static tj_status fail_diverged(const tj_variant *variant, const tjrt_fault *fault,
                               const tj_loc *loc, tj_diags *diags)
{
    const char *what =
        fault->site < variant->site_count ? variant->sites[fault->site].what : "barrier";

    if (fault->other_site < variant->site_count) {
        const tj_loc *other = &variant->sites[fault->other_site].loc;
        return tj_fail_at(diags, TJ_E_DIVERGED, loc,
                          "SIMD-groups wait at different barriers; the other is at %s:%u",
                          other->file ? other->file : "<memory>", other->line);
    }
    return tj_fail_at(diags, TJ_E_DIVERGED, loc,
                      "%s reached by part of the SIMD-group's threads",
                      strcmp(what, "barrier") ? what : "threadgroup barrier");
}

tj_status tj_describe_fault(const tmjit_pipeline *pipeline, const tjrt_launch *launch,
                            const tjrt_fault *fault, tj_diags *diags)
{
    const tj_variant *variant = variant_of(pipeline, launch, fault);
    tj_loc loc = place_of(pipeline, variant, fault->site, diags->arena);

    switch (fault->end) {
    case TJRT_END_OK:
        return TJ_OK;
    case TJRT_END_BOUNDS:
        return fail_bounds(pipeline, variant, fault, diags);
    case TJRT_END_DIVERGED:
        return fail_diverged(variant, fault, &loc, diags);
    case TJRT_END_TRAP:
        return tj_fail_at(diags, TJ_E_TRAP, &loc, "trap, %s", thread_text(diags->arena, fault));
    case TJRT_END_TIMEOUT:
        return tj_fail_at(diags, TJ_E_TIMEOUT, &loc, "launch ran longer than %g s",
                          launch->timeout_s);
    case TJRT_END_CANCELLED:
        return tj_fail_at(diags, TJ_E_CANCELLED, &loc, "cancelled while it ran");
    case TJRT_END_MEMORY:
        return tj_fail_at(diags, TJ_E_MEMORY, &loc,
                          "no memory for a worker's threadgroup; private data of all its "
                          "threads is at most 256 MiB");
    case TJRT_END_THREAD:
        return tj_fail_at(diags, TJ_E_MEMORY, &loc,
                          "the time limit of %g s cannot be watched: no thread can be started",
                          launch->timeout_s);
    }
    return tj_fail_at(diags, TJ_E_INTERNAL, &loc, "unknown end of a launch");
}
