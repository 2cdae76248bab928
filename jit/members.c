/* SPDX-License-Identifier: MIT */
/* Argument buffers: structs of plain data and of pointers to further memory. A launch takes
 * that memory by nested bindings and writes the pointers into the struct. */
#include "objects.h"

#include <inttypes.h>
#include <string.h>

static const tj_kernel *kernel_of(const tmjit_pipeline *pipeline)
{
    return pipeline->kernel;
}

size_t tj_launch_bound_count(const tmjit_pipeline *pipeline)
{
    return kernel_of(pipeline)->arg_count + kernel_of(pipeline)->nested_count;
}

static const tj_arg *arg_at(const tj_kernel *kernel, unsigned place, const char **name)
{
    const tj_nested *nested =
        place < kernel->arg_count ? NULL : &kernel->nested[place - kernel->arg_count];

    *name = nested ? nested->name : kernel->args[place].name;
    return nested ? nested->buffer : &kernel->args[place];
}

static tmjit_status find_member(const tmjit_pipeline *pipeline, const tmjit_launch *launch,
                                const char *name, const tmjit_member **out)
{
    *out = NULL;
    for (size_t i = 0; i < launch->member_count; i++) {
        if (strcmp(launch->members[i].name, name) != 0)
            continue;
        if (*out)
            return tj_refuse(pipeline->ctx, TMJIT_E_INVALID, "member '%s' is bound twice",
                             name);
        *out = &launch->members[i];
    }
    return TMJIT_OK;
}

static tmjit_status bind_member(const tmjit_pipeline *pipeline, const tmjit_launch *launch,
                                const tj_nested *nested, const tjrt_buffer *parent,
                                tjrt_buffer *out)
{
    tmjit_context *ctx = pipeline->ctx;
    const char *parent_name;
    const tmjit_member *member;
    tmjit_status status = find_member(pipeline, launch, nested->name, &member);

    *out = (tjrt_buffer){0};
    if (status)
        return status;
    if (!parent->byte_len) /* null itself: nobody gets here */
        return member ? tj_refuse(ctx, TMJIT_E_INVALID,
                                  "member '%s' is bound; what it is a member of is not",
                                  nested->name)
                      : TMJIT_OK;
    arg_at(kernel_of(pipeline), tj_parent_place(kernel_of(pipeline), nested), &parent_name);
    if (!member)
        return tj_refuse(ctx, TMJIT_E_INVALID, "member '%s' is not bound", nested->name);
    if (nested->byte_offset + UINT64_C(8) > parent->byte_len)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "argument buffer '%s' has %" PRIu64 " bytes; '%s' ends at byte %u",
                         parent_name, parent->byte_len, nested->name, nested->byte_offset + 8);
    *out = (tjrt_buffer){member->data, member->byte_len};
    if (!member->data && !member->byte_len)
        return TMJIT_OK;
    tmjit_binding binding = {member->data, member->byte_len};

    return tj_check_memory(pipeline, nested->buffer, nested->name, &binding);
}

static bool is_member(const tj_kernel *kernel, const char *name)
{
    for (unsigned i = 0; i < kernel->nested_count; i++)
        if (name && strcmp(kernel->nested[i].name, name) == 0)
            return true;
    return false;
}

tmjit_status tj_members_bind(const tmjit_pipeline *pipeline, const tmjit_launch *launch,
                             tjrt_buffer *out)
{
    const tj_kernel *kernel = kernel_of(pipeline);
    tmjit_context *ctx = pipeline->ctx;
    tmjit_status status = TMJIT_OK;

    if (launch->member_count && !launch->members)
        return tj_refuse(ctx, TMJIT_E_INVALID, "members is NULL");
    for (size_t i = 0; i < launch->member_count; i++)
        if (!is_member(kernel, launch->members[i].name))
            return tj_refuse(ctx, TMJIT_E_INVALID,
                             "members[%zu]: kernel '%s' has no pointer '%s' in its argument "
                             "buffers",
                             i, kernel->name,
                             launch->members[i].name ? launch->members[i].name : "NULL");
    for (unsigned i = 0; i < kernel->nested_count && !status; i++)
        status = bind_member(pipeline, launch, &kernel->nested[i],
                             &out[tj_parent_place(kernel, &kernel->nested[i])],
                             &out[kernel->arg_count + i]);
    return status;
}

void tj_members_write(const tmjit_pipeline *pipeline, const tjrt_buffer *bound)
{
    const tj_kernel *kernel = kernel_of(pipeline);

    for (unsigned i = 0; i < kernel->nested_count; i++) {
        const tj_nested *nested = &kernel->nested[i];
        uint64_t address = (uint64_t)(uintptr_t)bound[kernel->arg_count + i].data;

        const tjrt_buffer *parent = &bound[tj_parent_place(kernel, nested)];

        if (parent->byte_len)
            memcpy(parent->data + nested->byte_offset, &address, sizeof address);
    }
}
