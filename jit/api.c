/* SPDX-License-Identifier: MIT */
/* Every public function: check the arguments, call, return. */
#include "objects.h"
#include "tmjit_source.h"

#include "entry.h"

#include <stdlib.h>

#ifndef TMJIT_LLVM_VERSION
#error "the build must define TMJIT_LLVM_VERSION"
#endif
#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

/* The public header repeats ir/errors.def by hand. */
#define ERR(id, name, meaning)                                                                 \
    _Static_assert((int)TMJIT_##id == (int)TJ_##id, "tmjit.h and errors.def differ at " #id);
#include "errors.def"

const char *tmjit_version(void)
{
    return VERSION_TEXT(TMJIT_VERSION_MAJOR, TMJIT_VERSION_MINOR,
                        TMJIT_VERSION_PATCH) " (LLVM " TMJIT_LLVM_VERSION ")";
}

const char *tmjit_status_name(tmjit_status status)
{
    return tj_status_name((tj_status)status);
}

/* ---- context ------------------------------------------------------------------------- */

/* Not in a forked child: there not even an error can be recorded, because a thread that the
 * fork left behind may hold the lock. */
static bool is_usable(const tmjit_context *ctx)
{
    return ctx && tj_context_is_ours(ctx);
}

const tmjit_error *tmjit_last_error(const tmjit_context *ctx)
{
    static const tmjit_error no_context = {
        .status = TMJIT_E_INVALID,
        .message = "the context is NULL",
        .rendered = "error: the context is NULL [invalid]\n",
    };
    static const tmjit_error not_ours = {
        .status = TMJIT_E_INVALID,
        .message = "the context is of the process that forked this one",
        .rendered = "error: the context is of the process that forked this one [invalid]\n",
    };

    if (!ctx)
        return &no_context;
    return is_usable(ctx) ? tj_last_error(ctx) : &not_ours;
}

tmjit_error *tmjit_error_copy(const tmjit_error *error)
{
    return error ? tj_error_clone(error) : NULL;
}

void tmjit_free(void *memory)
{
    free(memory);
}

tmjit_status tmjit_context_create(const tmjit_context_options *options, tmjit_context **out)
{
    tmjit_context_options copy = {0};

    if (!out || !tj_copy_options(&copy, sizeof copy, options) || copy.threads > 1024)
        return TMJIT_E_INVALID;
    return tj_context_create(&copy, out);
}

void tmjit_context_destroy(tmjit_context *ctx)
{
    if (is_usable(ctx))
        tj_context_destroy(ctx);
}

tmjit_chip tmjit_chip_at(size_t index)
{
    return tj_chip_at(index);
}

tmjit_chip tmjit_context_get_chip(const tmjit_context *ctx)
{
    return ctx ? ctx->chip : (tmjit_chip){0};
}

/* ---- library ------------------------------------------------------------------------- */

tmjit_status tmjit_library_load_file(tmjit_context *ctx, const char *path, tmjit_library **out)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if (!path || !out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "path or out is NULL");
    return tj_library_load_file(ctx, path, out);
}

tmjit_status tmjit_library_load_memory(tmjit_context *ctx, const void *bytes, size_t byte_len,
                                       const char *name, tmjit_library **out)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if ((!bytes && byte_len) || !out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "bytes or out is NULL");
    return tj_library_load_memory(ctx, bytes ? bytes : "", byte_len, name ? name : "<memory>",
                                  out);
}

void tmjit_library_destroy(tmjit_library *library)
{
    if (!library || !is_usable(library->ctx))
        return;
    tj_context_drop(library->ctx, TJ_LIST_LIBRARIES, &library->node);
    tj_library_release(library);
}

size_t tmjit_library_kernel_count(const tmjit_library *library)
{
    return library ? library->kernel_count : 0;
}

const tmjit_kernel *tmjit_library_kernel(const tmjit_library *library, size_t index)
{
    return library ? tj_library_kernel((tmjit_library *)library, index) : NULL;
}

const tmjit_kernel *tmjit_library_find_kernel(const tmjit_library *library, const char *name)
{
    return library && name ? tj_library_find_kernel((tmjit_library *)library, name) : NULL;
}

tmjit_status tmjit_library_load_kernel(const tmjit_library *library, const char *name,
                                       const tmjit_kernel **out)
{
    if (!library || !is_usable(library->ctx))
        return TMJIT_E_INVALID;
    if (!name || !out)
        return tj_refuse(library->ctx, TMJIT_E_INVALID, "name or out is NULL");
    return tj_library_load_kernel((tmjit_library *)library, name, out);
}

size_t tmjit_library_function_count(const tmjit_library *library)
{
    return library ? tj_library_function_count(library) : 0;
}

tmjit_function tmjit_library_function(const tmjit_library *library, size_t index)
{
    if (!library || index >= tj_library_function_count(library))
        return (tmjit_function){0};
    return tj_library_function(library, index);
}

const char *tmjit_kernel_name(const tmjit_kernel *kernel)
{
    return kernel ? kernel->kernel->name : NULL;
}

size_t tmjit_kernel_arg_count(const tmjit_kernel *kernel)
{
    return kernel ? kernel->kernel->arg_count : 0;
}

const tmjit_arg *tmjit_kernel_arg(const tmjit_kernel *kernel, size_t index)
{
    return kernel && index < kernel->kernel->arg_count ? &kernel->args[index] : NULL;
}

size_t tmjit_kernel_constant_count(const tmjit_kernel *kernel)
{
    return kernel ? kernel->kernel->constant_count : 0;
}

const tmjit_constant_info *tmjit_kernel_constant(const tmjit_kernel *kernel, size_t index)
{
    return index < tmjit_kernel_constant_count(kernel) ? &kernel->constants[index] : NULL;
}

unsigned tmjit_kernel_max_threads(const tmjit_kernel *kernel)
{
    return kernel ? kernel->kernel->max_threads : 0;
}

bool tmjit_pipeline_has_arg(const tmjit_pipeline *pipeline, size_t index)
{
    const tj_kernel *kernel = pipeline ? pipeline->kernel : NULL;

    return kernel && index < kernel->arg_count - kernel->hidden_count &&
           !kernel->args[index].is_absent;
}

/* ---- pipeline and launch ------------------------------------------------------------- */

/* What pipelines, views and facts ask of their first arguments. */
static tmjit_status check_kernel(tmjit_context *ctx, const tmjit_kernel *kernel,
                                 const void *out)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if (!kernel || !out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "kernel or out is NULL");
    if (kernel->library->ctx != ctx)
        return tj_refuse(ctx, TMJIT_E_INVALID, "kernel '%s' belongs to another context",
                         kernel->kernel->name);
    return TMJIT_OK;
}

tmjit_status tmjit_pipeline_create(tmjit_context *ctx, const tmjit_kernel *kernel,
                                   const tmjit_pipeline_options *options, tmjit_pipeline **out)
{
    tmjit_status status = check_kernel(ctx, kernel, out);

    return status ? status : tj_pipeline_create(kernel, options, out);
}

void tmjit_pipeline_destroy(tmjit_pipeline *pipeline)
{
    if (!pipeline || !is_usable(pipeline->ctx))
        return;
    tj_context_drop(pipeline->ctx, TJ_LIST_PIPELINES, &pipeline->node);
    tj_pipeline_release(pipeline);
}

tmjit_pipeline_info tmjit_pipeline_get_info(const tmjit_pipeline *pipeline)
{
    if (!pipeline)
        return (tmjit_pipeline_info){0};
    return tj_pipeline_get_info(pipeline);
}

tmjit_status tmjit_pipeline_launch(tmjit_pipeline *pipeline, const tmjit_launch *launch)
{
    if (!pipeline || !is_usable(pipeline->ctx))
        return TMJIT_E_INVALID;
    if (!launch)
        return tj_refuse(pipeline->ctx, TMJIT_E_INVALID, "launch is NULL");
    return tj_pipeline_launch(pipeline, launch);
}

/* ---- buffers ------------------------------------------------------------------------- */

tmjit_status tmjit_buffer_create(tmjit_context *ctx, uint64_t byte_len,
                                 const tmjit_buffer_options *options, tmjit_buffer **out)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if (!out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "out is NULL");
    return tj_buffer_create(ctx, byte_len, options, out);
}

void tmjit_buffer_destroy(tmjit_buffer *buffer)
{
    if (!buffer || !is_usable(buffer->ctx))
        return;
    tj_context_drop(buffer->ctx, TJ_LIST_BUFFERS, &buffer->node);
    tj_buffer_release(buffer);
}

void *tmjit_buffer_contents(const tmjit_buffer *buffer)
{
    return buffer ? buffer->data : NULL;
}

uint64_t tmjit_buffer_byte_len(const tmjit_buffer *buffer)
{
    return buffer ? buffer->byte_len : 0;
}

const char *tmjit_buffer_label(const tmjit_buffer *buffer)
{
    return buffer ? buffer->label : "";
}

/* ---- queues and events --------------------------------------------------------------- */

tmjit_status tmjit_queue_create(tmjit_context *ctx, const tmjit_queue_options *options,
                                tmjit_queue **out)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if (!out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "out is NULL");
    return tj_queue_create(ctx, options, out);
}

void tmjit_queue_destroy(tmjit_queue *queue)
{
    if (queue && is_usable(queue->ctx))
        tj_queue_destroy(queue);
}

tmjit_status tmjit_queue_launch(tmjit_queue *queue, tmjit_pipeline *pipeline,
                                const tmjit_launch *launch, tmjit_event **event)
{
    if (!queue || !is_usable(queue->ctx))
        return TMJIT_E_INVALID;
    if (!pipeline || !launch)
        return tj_refuse(queue->ctx, TMJIT_E_INVALID, "pipeline or launch is NULL");
    if (pipeline->ctx != queue->ctx)
        return tj_refuse(queue->ctx, TMJIT_E_INVALID,
                         "the pipeline belongs to another context");
    return tj_queue_launch(queue, pipeline, launch, event);
}

tmjit_status tmjit_queue_wait(tmjit_queue *queue, double timeout_s)
{
    if (!queue || !is_usable(queue->ctx))
        return TMJIT_E_INVALID;
    return tj_queue_wait(queue, timeout_s);
}

void tmjit_event_destroy(tmjit_event *event)
{
    if (!event || !is_usable(event->ctx))
        return;
    tj_context_drop(event->ctx, TJ_LIST_EVENTS, &event->node);
    tj_event_release(event);
}

tmjit_event_state tmjit_event_get_state(const tmjit_event *event)
{
    if (!event || !is_usable(event->ctx))
        return TMJIT_EVENT_DONE;
    pthread_mutex_lock(&event->ctx->work_lock);
    tmjit_event_state state = event->state;
    pthread_mutex_unlock(&event->ctx->work_lock);
    return state;
}

tmjit_status tmjit_event_wait(tmjit_event *event, double timeout_s)
{
    if (!event || !is_usable(event->ctx))
        return TMJIT_E_INVALID;
    return tj_event_wait(event, timeout_s);
}

const tmjit_error *tmjit_event_get_error(const tmjit_event *event)
{
    static const tmjit_error no_event = {
        .status = TMJIT_E_INVALID,
        .message = "the event is NULL",
        .rendered = "error: the event is NULL [invalid]\n",
    };

    return event && is_usable(event->ctx) ? tj_event_get_error(event) : &no_event;
}

tmjit_event_times tmjit_event_get_times(const tmjit_event *event)
{
    tmjit_event_times times = {0};

    if (!event || !is_usable(event->ctx))
        return times;
    pthread_mutex_lock(&event->ctx->work_lock);
    times = event->times;
    pthread_mutex_unlock(&event->ctx->work_lock);
    return times;
}

void tmjit_event_cancel(tmjit_event *event)
{
    if (event && is_usable(event->ctx))
        tj_event_cancel(event);
}

tmjit_status tmjit_event_notify(tmjit_event *event, tmjit_callback *callback, void *user)
{
    if (!event || !is_usable(event->ctx))
        return TMJIT_E_INVALID;
    if (!callback)
        return tj_refuse(event->ctx, TMJIT_E_INVALID, "callback is NULL");
    return tj_event_notify(event, callback, user);
}

/* ---- cache --------------------------------------------------------------------------- */

tmjit_status tmjit_cache_get_stats(tmjit_context *ctx, bool count_entries,
                                   tmjit_cache_stats *out)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if (!out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "out is NULL");
    tj_context_cache_stats(ctx, count_entries, out);
    return TMJIT_OK;
}

tmjit_status tmjit_cache_clear(tmjit_context *ctx)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if (!ctx->cache)
        return tj_refuse(ctx, TMJIT_E_INVALID, "the context has no open cache");
    tj_cache_clear(ctx->cache);
    return TMJIT_OK;
}

tmjit_status tmjit_cache_verify(tmjit_context *ctx, uint64_t *broken)
{
    if (!is_usable(ctx))
        return TMJIT_E_INVALID;
    if (!ctx->cache || !broken)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "the context has no open cache, or broken is NULL");
    *broken = tj_cache_verify(ctx->cache, tj_entry_is_whole);
    return TMJIT_OK;
}

/* ---- views --------------------------------------------------------------------------- */

tmjit_status tmjit_kernel_view(tmjit_context *ctx, const tmjit_kernel *kernel,
                               const tmjit_pipeline_options *options, tmjit_view view,
                               const char *after, bool is_ragged, char **out, size_t *byte_len)
{
    tj_view_request request = {.view = view, .after = after, .is_ragged = is_ragged};
    tmjit_status status = check_kernel(ctx, kernel, out);

    if (status)
        return status;
    if (!byte_len)
        return tj_refuse(ctx, TMJIT_E_INVALID, "byte_len is NULL");
    return tj_kernel_view(kernel, options, &request, out, byte_len);
}

tmjit_status tmjit_kernel_print_metal(tmjit_context *ctx, const tmjit_kernel *kernel,
                                      const tmjit_pipeline_options *options,
                                      tmjit_metal_text *out)
{
    tmjit_status status = check_kernel(ctx, kernel, out);

    return status ? status : tj_kernel_print_metal(kernel, options, out);
}

const char *const *tmjit_pass_names(void)
{
    return tj_pass_names();
}

tmjit_status tmjit_kernel_get_facts(tmjit_context *ctx, const tmjit_kernel *kernel,
                                    tmjit_kernel_facts *out)
{
    tmjit_status status = check_kernel(ctx, kernel, out);

    return status ? status : tj_kernel_get_facts(kernel, out);
}
