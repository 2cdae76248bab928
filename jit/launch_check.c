/* SPDX-License-Identifier: MIT */
/* Checks of a launch against its pipeline's kernel, before anything runs. */
#include "objects.h"

#include <inttypes.h>
#include <math.h>

static tmjit_context *context_of(const tmjit_pipeline *pipeline)
{
    return pipeline->ctx;
}

static const tj_kernel *kernel_of(const tmjit_pipeline *pipeline)
{
    return pipeline->kernel;
}

/* ---- checks -------------------------------------------------------------------------- */

tmjit_status tj_check_memory(const tmjit_pipeline *pipeline, const tj_arg *arg,
                             const char *name, const tmjit_binding *binding)
{
    tmjit_context *ctx = context_of(pipeline);
    uintptr_t address = (uintptr_t)binding->data;

    if (!binding->data && binding->byte_len)
        return tj_refuse(ctx, TMJIT_E_INVALID, "buffer '%s' is NULL with %" PRIu64 " bytes",
                         name, binding->byte_len);
    if (binding->byte_len > UINTPTR_MAX - address)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "buffer '%s' of %" PRIu64 " bytes is larger than memory", name,
                         binding->byte_len);
    if (binding->byte_len < arg->fixed_byte_len)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "buffer '%s' has %" PRIu64 " bytes; the kernel demands %" PRIu64, name,
                         binding->byte_len, arg->fixed_byte_len);
    if (arg->elem_align && address % arg->elem_align)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "buffer '%s' is at %p; its elements are aligned to %" PRIu64 " bytes",
                         name, binding->data, arg->elem_align);
    return TMJIT_OK;
}

static tmjit_status check_buffer(const tmjit_pipeline *pipeline, const tj_arg *arg,
                                 const tmjit_binding *binding)
{
    return tj_check_memory(pipeline, arg, arg->name, binding);
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
                                             const tjrt_buffer *bound)
{
    uint64_t total = (pipeline->static_threadgroup_byte_len + 15) / 16 * 16;
    const tmjit_chip *chip = &context_of(pipeline)->chip;

    for (unsigned i = 0; i < kernel_of(pipeline)->arg_count; i++) {
        uint64_t byte_len = bound[i].byte_len;
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

/* Narrows a buffer object to the part that the binding names. */
static tmjit_status resolve(const tmjit_pipeline *pipeline, const tj_arg *arg,
                            const tmjit_buffer *buffer, tmjit_binding *binding)
{
    tmjit_context *ctx = context_of(pipeline);
    uint8_t *data = binding->data ? binding->data : buffer->data;
    uint64_t offset = (uint64_t)((uintptr_t)data - (uintptr_t)buffer->data);

    if (arg->kind != TJ_ARG_BUFFER)
        return tj_refuse(ctx, TMJIT_E_INVALID, "argument '%s' takes no buffer", arg->name);
    if (buffer->ctx != ctx)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "the buffer '%s' of argument '%s' belongs to another context",
                         buffer->label, arg->name);
    if (offset > buffer->byte_len || binding->byte_len > buffer->byte_len - offset)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "argument '%s': %" PRIu64 " bytes at %p are not inside the buffer "
                         "'%s' of %" PRIu64 " bytes at %p",
                         arg->name, binding->byte_len, (void *)data, buffer->label,
                         buffer->byte_len, (void *)buffer->data);
    binding->data = data;
    if (!binding->byte_len)
        binding->byte_len = buffer->byte_len - offset;
    return TMJIT_OK;
}

/* An argument that is not there. Compilers read members of structs in constant memory before
 * they ask for the function constant: one element reads as zero. */
static tjrt_buffer bind_absent(const tj_arg *arg)
{
    static const _Alignas(256) uint8_t zeros[4096];
    uint64_t byte_len = arg->fixed_byte_len ? arg->fixed_byte_len : arg->elem_byte_len;

    if (arg->kind != TJ_ARG_BUFFER || arg->address_space != TJ_AS_CONSTANT)
        return (tjrt_buffer){0};
    return (tjrt_buffer){.data = (void *)(uintptr_t)zeros,
                         .byte_len = byte_len < sizeof zeros ? byte_len : sizeof zeros};
}

static tmjit_status bind_one(tmjit_pipeline *pipeline, const tmjit_launch *launch, unsigned i,
                             tjrt_buffer *out)
{
    const tj_arg *arg = &kernel_of(pipeline)->args[i];
    bool is_hidden = i >= launch->binding_count;
    tmjit_binding binding =
        launch->bindings && !is_hidden ? launch->bindings[i] : (tmjit_binding){0};
    tmjit_status status = TMJIT_OK;

    if (arg->is_absent || is_hidden) {
        *out = bind_absent(arg);
        return TMJIT_OK;
    }
    if (launch->buffers && launch->buffers[i])
        status = resolve(pipeline, arg, launch->buffers[i], &binding);
    if (!status)
        status = binding_checks[arg->kind](pipeline, arg, &binding);
    *out = (tjrt_buffer){.data = binding.data, .byte_len = binding.byte_len};
    return status;
}

tmjit_status tj_launch_bind(tmjit_pipeline *pipeline, const tmjit_launch *launch,
                            tjrt_buffer *out)
{
    tmjit_status status = TMJIT_OK;

    for (unsigned i = 0; i < kernel_of(pipeline)->arg_count && !status; i++)
        status = bind_one(pipeline, launch, i, &out[i]);
    if (!status)
        status = tj_members_bind(pipeline, launch, out);
    for (size_t i = 0; i < launch->resident_count; i++)
        out[tj_launch_bound_count(pipeline) + i] = (tjrt_buffer){
            .data = launch->resident[i].data, .byte_len = launch->resident[i].byte_len};
    return status ? status : check_threadgroup_memory(pipeline, out);
}

/* ---- the launch itself --------------------------------------------------------------- */

enum { MAX_RESIDENT = 1 << 16 };

static tmjit_status check_resident(const tmjit_pipeline *pipeline, const tmjit_launch *launch)
{
    tmjit_context *ctx = context_of(pipeline);

    if (launch->resident_count > MAX_RESIDENT)
        return tj_refuse(ctx, TMJIT_E_INVALID, "resident_count is %zu; at most %d are accepted",
                         launch->resident_count, MAX_RESIDENT);
    if (launch->resident_count && !launch->resident)
        return tj_refuse(ctx, TMJIT_E_INVALID, "resident is NULL");
    for (size_t i = 0; i < launch->resident_count; i++)
        if (!launch->resident[i].data && launch->resident[i].byte_len)
            return tj_refuse(ctx, TMJIT_E_INVALID,
                             "resident[%zu] has %" PRIu64 " bytes at NULL", i,
                             launch->resident[i].byte_len);
    return TMJIT_OK;
}

static tmjit_status check_counts(const tmjit_pipeline *pipeline, const tmjit_launch *launch)
{
    const tj_kernel *kernel = kernel_of(pipeline);
    tmjit_context *ctx = context_of(pipeline);

    unsigned arg_count = kernel->arg_count - kernel->hidden_count;
    if (launch->binding_count != arg_count)
        return tj_refuse(ctx, TMJIT_E_INVALID, "%zu bindings; kernel '%s' has %u arguments",
                         launch->binding_count, kernel->name, arg_count);
    if (launch->binding_count && !launch->bindings && !launch->buffers)
        return tj_refuse(ctx, TMJIT_E_INVALID, "bindings is NULL, and so is buffers");
    if (launch->wait_count && !launch->waits)
        return tj_refuse(ctx, TMJIT_E_INVALID, "waits is NULL");
    for (size_t i = 0; i < launch->wait_count; i++)
        if (!launch->waits[i] || launch->waits[i]->ctx != ctx)
            return tj_refuse(ctx, TMJIT_E_INVALID, "waits[%zu] is %s", i,
                             launch->waits[i] ? "of another context" : "NULL");
    return check_resident(pipeline, launch);
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
                         "grid %u x %u x %u; at most 2^62 threads are accepted", grid.x, grid.y,
                         grid.z);
    if (isnan(launch->timeout_s) || launch->timeout_s < 0)
        return tj_refuse(ctx, TMJIT_E_INVALID, "timeout_s is %g; 0 or more is accepted",
                         launch->timeout_s);
    if (launch->timeout_s > 0 && pipeline->settings.options.no_watchdog)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "timeout_s is %g; the pipeline was made with no_watchdog",
                         launch->timeout_s);
    return check_counts(pipeline, launch);
}

tmjit_status tj_launch_check(tmjit_pipeline *pipeline, const tmjit_launch *given,
                             tmjit_launch *out)
{
    *out = (tmjit_launch){0};
    if (!tj_copy_options(out, sizeof *out, given))
        return tj_refuse(context_of(pipeline), TMJIT_E_INVALID,
                         "launch: struct_size %zu; %zu is accepted", given->struct_size,
                         sizeof *out);
    return check_launch(pipeline, out);
}
