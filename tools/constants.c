/* SPDX-License-Identifier: MIT */
/* --constant NAME|INDEX=V, in the type that the kernel's reflection tells. */
#include "constants.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_named(const tmjit_constant_info *info, const char *name)
{
    char *end;

    if (!strcmp(info->name, name))
        return true;
    if (!isdigit((unsigned char)*name))
        return false;
    unsigned long index = strtoul(name, &end, 10);
    return !*end && index == info->index;
}

/* "a (index 0, bool), ...", cut at the end of the text. */
static void list_names(const tmjit_kernel *kernel, char *out, size_t capacity)
{
    size_t at = 0;

    snprintf(out, capacity, "none");
    for (size_t i = 0; i < tmjit_kernel_constant_count(kernel) && at < capacity; i++) {
        const tmjit_constant_info *info = tmjit_kernel_constant(kernel, i);
        at += (size_t)snprintf(out + at, capacity - at, "%s%s (index %u, %s)", i ? ", " : "",
                               info->name, (unsigned)info->index, info->type_name);
    }
}

static const tmjit_constant_info *find(const tmjit_kernel *kernel, const char *name)
{
    for (size_t i = 0; i < tmjit_kernel_constant_count(kernel); i++)
        if (is_named(tmjit_kernel_constant(kernel, i), name))
            return tmjit_kernel_constant(kernel, i);
    return NULL;
}

static int fail_unknown(const tmjit_kernel *kernel, const char *name, tj_failure *why)
{
    char names[1024];

    list_names(kernel, names, sizeof names);
    return tj_fail_tool(why, TJ_EXIT_USAGE,
                        "kernel '%s' has no function constant '%s'; it has %s",
                        tmjit_kernel_name(kernel), name, names);
}

static int read_value(const tmjit_constant_info *info, const char *text, tj_value *out,
                      tj_failure *why)
{
    int status = tj_value_parse_list(info->scalar, text, out, why);

    if (!status && out->count != info->components)
        status = tj_fail_tool(
            why, TJ_EXIT_USAGE, "function constant '%s' (%s) takes a list of %u, not of %llu",
            info->name, info->type_name, info->components, (unsigned long long)out->count);
    return status;
}

static int read_constant(const tmjit_kernel *kernel, const char *text, tj_constants *out,
                         tj_failure *why)
{
    const char *rest = NULL;
    char *name = NULL;
    tj_value *value = &out->values[out->count];
    int status = tj_split_assignment(TJ_OPT_CONSTANT, text, &name, &rest, why);

    if (status)
        return status;
    const tmjit_constant_info *info = find(kernel, name);
    if (!info)
        status = fail_unknown(kernel, name, why);
    free(name);
    if (!status)
        status = read_value(info, rest, value, why);
    if (!status)
        out->list[out->count] = (tmjit_constant){.index = info->index,
                                                 .scalar = info->scalar,
                                                 .components = info->components,
                                                 .data = value->data};
    out->count++;
    return status;
}

int tj_constants_read(const tj_args *args, const tmjit_kernel *kernel,
                      tmjit_pipeline_options *options, tj_constants *out, tj_failure *why)
{
    size_t cursor = 0;
    const char *text;
    int status = TJ_EXIT_GOOD;

    *out = (tj_constants){.list = calloc(args->given_count + 1, sizeof *out->list),
                          .values = calloc(args->given_count + 1, sizeof *out->values)};
    if (!out->list || !out->values)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    while (!status && (text = tj_args_next(args, TJ_OPT_CONSTANT, &cursor)))
        status = read_constant(kernel, text, out, why);
    options->constants = out->list;
    options->constant_count = out->count;
    return status;
}

int tj_constants_fill(const char *number, const tmjit_kernel *kernel,
                      tmjit_pipeline_options *options, tj_constants *out, tj_failure *why)
{
    size_t count = tmjit_kernel_constant_count(kernel);
    int status = TJ_EXIT_GOOD;

    *out = (tj_constants){.list = calloc(count + 1, sizeof *out->list),
                          .values = calloc(count + 1, sizeof *out->values)};
    if (!out->list || !out->values)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    for (; out->count < count && !status; out->count++) {
        const tmjit_constant_info *info = tmjit_kernel_constant(kernel, out->count);
        char text[4 * 32] = "";
        for (unsigned i = 0; i < info->components; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.30s", i ? "," : "",
                     number);
        status = read_value(info, text, &out->values[out->count], why);
        out->list[out->count] = (tmjit_constant){.index = info->index,
                                                 .scalar = info->scalar,
                                                 .components = info->components,
                                                 .data = out->values[out->count].data};
    }
    options->constants = out->list;
    options->constant_count = out->count;
    return status;
}

void tj_constants_fini(tj_constants *constants)
{
    for (size_t i = 0; constants->values && i < constants->count; i++)
        tj_value_fini(&constants->values[i]);
    free(constants->values);
    free(constants->list);
    *constants = (tj_constants){0};
}

static bool has_value(const tj_constants *constants, uint32_t index)
{
    for (size_t i = 0; i < constants->count; i++)
        if (constants->list[i].index == index)
            return true;
    return false;
}

const tmjit_constant_info *tj_constants_missing(const tj_constants *constants,
                                                const tmjit_kernel *kernel)
{
    for (size_t i = 0; i < tmjit_kernel_constant_count(kernel); i++) {
        const tmjit_constant_info *info = tmjit_kernel_constant(kernel, i);
        if (info->is_required && !has_value(constants, info->index))
            return info;
    }
    return NULL;
}
