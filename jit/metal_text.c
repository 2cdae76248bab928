/* SPDX-License-Identifier: MIT */
/* Kernels as Metal source with a table for their host: one block of memory for all of it. */
#include "objects.h"
#include "tmjit_source.h"

#include <stdlib.h>
#include <string.h>

/* Metal prints function constants that have no value as what they are. */
static void open_for_printing(const tmjit_kernel *kernel, tj_settings *settings)
{
    settings->is_printed = true;
    settings->is_open |= kernel->kernel->constant_count && !settings->options.constant_count;
}

static const char *put_string(char **at, const char *string)
{
    size_t byte_len = strlen(string) + 1;
    char *start = *at;

    memcpy(start, string, byte_len);
    *at += byte_len;
    return start;
}

static tmjit_metal_argument describe(const tj_arg *arg, const char *name, bool is_reference)
{
    return (tmjit_metal_argument){.name = name,
                                  .place = arg->kind == TJ_ARG_BUFFER ? TMJIT_METAL_BUFFER
                                           : arg->kind == TJ_ARG_THREADGROUP
                                               ? TMJIT_METAL_THREADGROUP
                                               : TMJIT_METAL_BUILTIN,
                                  .index = arg->kind == TJ_ARG_SYSVAL ? 0 : arg->location,
                                  .is_reference = is_reference};
}

static tj_status pack(tj_unit *unit, const tj_text *text, const tj_msl_table *table,
                      tmjit_metal_text *out)
{
    const tj_kernel *kernel = &unit->kernels[0];
    size_t count = kernel->arg_count - kernel->hidden_count;
    size_t byte_len =
        count * sizeof *out->args + text->byte_len + 1 + strlen(table->kernel_name) + 1;
    tmjit_metal_argument *args;
    char *at;

    for (size_t i = 0; i < count; i++)
        byte_len += strlen(table->names[i]) + 1;
    args = malloc(byte_len);
    if (!args)
        return tj_fail_at(&unit->diags, TJ_E_MEMORY, NULL, "no memory for %zu bytes of text",
                          byte_len);
    at = (char *)(args + count);
    for (size_t i = 0; i < count; i++)
        args[i] = describe(&kernel->args[i], put_string(&at, table->names[i]),
                           table->is_reference[i]);
    out->args = args;
    out->arg_count = count;
    out->kernel_name = put_string(&at, table->kernel_name);
    out->text = put_string(&at, text->data);
    out->byte_len = text->byte_len;
    out->static_threadgroup_byte_len = table->threadgroup_byte_len;
    out->max_threads = kernel->max_threads;
    return TJ_OK;
}

static tj_status print(tj_unit *unit, tmjit_metal_text *out)
{
    tj_text text = {0};
    tj_msl_table table;
    tj_status status = tj_msl_print(unit, &text, &table);

    if (!status)
        status = pack(unit, &text, &table, out);
    tj_text_fini(&text);
    return status;
}

static tj_status print_with(const tmjit_kernel *kernel, const tj_settings *settings,
                            tj_diags *diags, tmjit_metal_text *out)
{
    tj_compile_times times = {0};
    tj_unit *unit = NULL;
    tj_status status = tj_compile_unit(kernel->module, kernel->kernel->name, settings, NULL,
                                       diags, &times, &unit);

    if (status)
        return status;
    status = print(unit, out);
    if (status)
        tj_fail_at(diags, status, &unit->diags.first.loc, "%s", unit->diags.first.message);
    tj_unit_destroy(unit);
    return status;
}

/* Without places first: only a refusal needs them. */
tmjit_status tj_kernel_print_metal(const tmjit_kernel *kernel,
                                   const tmjit_pipeline_options *options, tmjit_metal_text *out)
{
    tmjit_context *ctx = kernel->library->ctx;
    tj_settings settings;
    tmjit_status status;

    if (out->struct_size != sizeof *out)
        return tj_refuse(ctx, TMJIT_E_INVALID, "Metal text: struct_size %zu; %zu is accepted",
                         out->struct_size, sizeof *out);
    *out = (tmjit_metal_text){.struct_size = sizeof *out};
    status = tj_settle(kernel, options, &settings);
    if (status)
        return status;
    open_for_printing(kernel, &settings);
    for (int places = 0; places < 2; places++) {
        tj_diags diags = {.arena = tj_arena_create()};

        settings.has_no_places = !places;
        bool is_printed = !print_with(kernel, &settings, &diags, out);
        if (!is_printed && places)
            status = tj_publish(ctx, &diags.first);
        tj_arena_destroy(diags.arena);
        if (is_printed)
            break;
    }
    return status;
}

void tmjit_metal_text_free(tmjit_metal_text *text)
{
    if (!text)
        return;
    free((void *)text->args);
    *text = (tmjit_metal_text){.struct_size = text->struct_size};
}
