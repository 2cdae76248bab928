/* SPDX-License-Identifier: MIT */
/* JSON objects out of reports and kernels. Numbers of buffers are printed as everywhere else,
 * so that they read back as the same element; nan and inf, which JSON has not, are strings. */
#include "json.h"

#include "element.h"
#include "input.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_COUNT = 16 };

static cJSON *extent_array(tmjit_extent extent)
{
    const double parts[3] = {extent.x, extent.y ? extent.y : 1, extent.z ? extent.z : 1};

    return cJSON_CreateDoubleArray(parts, 3);
}

/* ---- buffers -------------------------------------------------------------------------- */

/* FNV-1a, 64 bits. Source: Fowler, Noll, Vo; RFC 9923. */
static uint64_t checksum(const unsigned char *bytes, uint64_t byte_len)
{
    uint64_t hash = 0xcbf29ce484222325ull;

    for (uint64_t i = 0; i < byte_len; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3ull;
    return hash;
}

static cJSON *element_array(const tj_value *value, uint64_t count)
{
    unsigned elem_len = tj_element_get_info(value->scalar)->byte_len;
    cJSON *array = cJSON_CreateArray();
    char text[TJ_ELEMENT_TEXT];

    for (uint64_t i = 0; i < count; i++) {
        tj_element_print(value->scalar, value->data + i * elem_len, text);
        bool is_number = isdigit((unsigned char)text[strlen(text) - 1]);
        cJSON_AddItemToArray(array,
                             is_number ? cJSON_CreateRaw(text) : cJSON_CreateString(text));
    }
    return array;
}

static cJSON *buffer_object(const char *name, const tj_value *value, bool is_whole)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *shape = NULL;
    char hash[17];

    cJSON_AddStringToObject(object, "name", name);
    cJSON_AddStringToObject(object, "type", tj_element_get_info(value->scalar)->name);
    shape = cJSON_AddArrayToObject(object, "shape");
    for (unsigned i = 0; i < value->dim_count; i++)
        cJSON_AddItemToArray(shape, cJSON_CreateNumber((double)value->dims[i]));
    cJSON_AddNumberToObject(object, "bytes", (double)value->byte_len);
    snprintf(hash, sizeof hash, "%016" PRIx64, checksum(value->data, value->byte_len));
    cJSON_AddStringToObject(object, "checksum", hash);
    uint64_t first_count = value->count < FIRST_COUNT ? value->count : FIRST_COUNT;
    cJSON_AddItemToObject(object, "first", element_array(value, first_count));
    if (is_whole)
        cJSON_AddItemToObject(object, "values", element_array(value, value->count));
    return object;
}

cJSON *tj_json_buffers(const tj_bound *bound, const tj_outputs *outputs)
{
    cJSON *buffers = cJSON_CreateArray();

    for (size_t i = 0; i < bound->count; i++) {
        const char *name = bound->slots[i].name;
        bool is_whole = tj_outputs_has_print(outputs, i);
        if (bound->values[i].memory)
            cJSON_AddItemToArray(buffers, buffer_object(name, &bound->values[i], is_whole));
    }
    return buffers;
}

/* ---- run ------------------------------------------------------------------------------ */

static void add_steps(cJSON *to, const char *name, const tj_step *steps, int step_count)
{
    cJSON *object = cJSON_AddObjectToObject(to, name);

    for (int i = 0; i < step_count; i++)
        cJSON_AddNumberToObject(object, steps[i].name, steps[i].seconds);
}

static void add_compile_steps(cJSON *to, const tmjit_pipeline_info *info)
{
    tj_step steps[TJ_STEP_COUNT];

    tj_get_steps(info, steps);
    add_steps(to, "compile_s", steps, TJ_STEP_COUNT);
}

static void add_source_steps(cJSON *to, const tmjit_source_info *info)
{
    tj_step steps[TJ_SOURCE_STEP_COUNT];

    tj_get_source_steps(info, steps);
    add_steps(to, "source_s", steps, TJ_SOURCE_STEP_COUNT);
    cJSON_AddBoolToObject(to, "source_is_from_cache", info->is_from_cache);
}

static void add_cache(cJSON *to, const tj_report *report)
{
    const tmjit_cache_stats *stats = &report->cache;
    cJSON *cache = cJSON_AddObjectToObject(to, "cache");

    cJSON_AddBoolToObject(cache, "open", stats->is_open);
    cJSON_AddBoolToObject(cache, "hit", report->info.is_from_cache);
    cJSON_AddNumberToObject(cache, "seconds", report->info.cache_s);
    cJSON_AddNumberToObject(cache, "hits", (double)stats->hits);
    cJSON_AddNumberToObject(cache, "misses", (double)stats->misses);
    cJSON_AddNumberToObject(cache, "stored", (double)stats->stored);
    cJSON_AddNumberToObject(cache, "broken", (double)stats->broken);
    cJSON_AddNumberToObject(cache, "failed", (double)stats->failed);
    if (stats->problem[0])
        cJSON_AddStringToObject(cache, "problem", stats->problem);
}

static void add_timings(cJSON *to, const tj_report *report)
{
    cJSON *timings = cJSON_AddObjectToObject(to, "timings");

    cJSON_AddNumberToObject(timings, "load_s", report->load_s);
    if (report->source.is_source)
        add_source_steps(timings, &report->source);
    if (report->is_compiled)
        add_compile_steps(timings, &report->info);
    if (report->has_run)
        cJSON_AddNumberToObject(timings, "first_run_s", report->first_run_s);
    if (!report->run_count)
        return;
    cJSON_AddItemToObject(timings, "run_s",
                          cJSON_CreateDoubleArray(report->run_s, (int)report->run_count));
    cJSON_AddNumberToObject(timings, "median_s", tj_report_median_s(report));
    cJSON_AddNumberToObject(timings, "min_s", report->run_s[0]);
    cJSON_AddNumberToObject(timings, "max_s", report->run_s[report->run_count - 1]);
    cJSON_AddNumberToObject(timings, "gb_per_s", tj_report_gb_per_s(report));
}

void tj_json_add_report(cJSON *to, const tj_report *report)
{
    cJSON_AddStringToObject(to, "file", report->path ? report->path : "");
    if (!report->kernel)
        return;
    cJSON_AddStringToObject(to, "kernel", tmjit_kernel_name(report->kernel));
    cJSON_AddStringToObject(to, "engine", report->engine);
    cJSON_AddStringToObject(to, "math", report->math);
    if (report->is_compiled) {
        cJSON_AddItemToObject(to, "grid", extent_array(report->grid));
        cJSON_AddItemToObject(to, "threadgroup", extent_array(report->info.threadgroup));
        cJSON_AddNumberToObject(to, "lanes", report->info.lanes);
    }
    add_timings(to, report);
    if (report->is_compiled)
        add_cache(to, report);
}

static void add_text(cJSON *to, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(to, key, text);
}

void tj_json_add_failure(cJSON *to, const tj_failure *why)
{
    cJSON *error = cJSON_AddObjectToObject(to, "error");

    add_text(error, "status", why->status);
    add_text(error, "message", why->message);
    add_text(error, "file", why->file);
    if (why->line)
        cJSON_AddNumberToObject(error, "line", why->line);
    if (why->column)
        cJSON_AddNumberToObject(error, "column", why->column);
    add_text(error, "kernel", why->kernel);
}

/* ---- info ----------------------------------------------------------------------------- */

static const char *const arg_kinds[] = {
    [TMJIT_ARG_BUFFER] = "buffer",
    [TMJIT_ARG_THREADGROUP] = "threadgroup",
    [TMJIT_ARG_BUILTIN] = "builtin",
};

static cJSON *arg_object(const tmjit_arg *arg);

static void add_fields(cJSON *to, const tmjit_arg *arg)
{
    cJSON *fields = cJSON_AddArrayToObject(to, "fields");

    for (size_t i = 0; i < arg->field_count; i++) {
        cJSON *field = cJSON_CreateObject();
        cJSON_AddItemToArray(fields, field);
        cJSON_AddStringToObject(field, "name", arg->fields[i].name);
        cJSON_AddStringToObject(field, "type", arg->fields[i].type_name);
        cJSON_AddNumberToObject(field, "offset", arg->fields[i].byte_offset);
        cJSON_AddNumberToObject(field, "bytes", arg->fields[i].byte_len);
        cJSON_AddNumberToObject(field, "array", arg->fields[i].array_len);
        if (arg->fields[i].buffer)
            cJSON_AddItemToObject(field, "buffer", arg_object(arg->fields[i].buffer));
    }
}

static cJSON *arg_object(const tmjit_arg *arg)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "name", arg->name);
    cJSON_AddStringToObject(object, "kind", arg_kinds[arg->kind]);
    cJSON_AddStringToObject(object, "type", arg->type_name);
    if (arg->kind == TMJIT_ARG_BUILTIN) {
        add_text(object, "builtin", arg->builtin);
        return object;
    }
    cJSON_AddNumberToObject(object, "location", arg->location);
    cJSON_AddNumberToObject(object, "address_space", arg->address_space);
    cJSON_AddBoolToObject(object, "read", arg->is_read);
    cJSON_AddBoolToObject(object, "written", arg->is_written);
    cJSON_AddBoolToObject(object, "unused", arg->is_unused);
    if (arg->is_optional)
        cJSON_AddBoolToObject(object, "optional", true);
    cJSON_AddStringToObject(object, "scalar", tj_element_get_info(arg->scalar)->name);
    cJSON_AddNumberToObject(object, "components", arg->components);
    cJSON_AddNumberToObject(object, "element_bytes", (double)arg->elem_byte_len);
    cJSON_AddNumberToObject(object, "fixed_bytes", (double)arg->fixed_byte_len);
    if (arg->field_count)
        add_fields(object, arg);
    return object;
}

static void add_facts(cJSON *to, const tmjit_kernel_facts *facts)
{
    cJSON_AddNumberToObject(to, "barriers", facts->barrier_count);
    cJSON_AddNumberToObject(to, "simd_operations", facts->simd_op_count);
    cJSON_AddNumberToObject(to, "matrix_operations", facts->matrix_op_count);
    cJSON_AddNumberToObject(to, "atomics", facts->atomic_count);
    cJSON_AddNumberToObject(to, "threadgroup_bytes",
                            (double)facts->static_threadgroup_byte_len);
    cJSON_AddNumberToObject(to, "private_bytes", (double)facts->private_byte_len);
    cJSON_AddBoolToObject(to, "flush_subnormals", facts->flush_subnormals);
}

static void add_chip(cJSON *to, const tmjit_chip *chip)
{
    cJSON *object = cJSON_AddObjectToObject(to, "chip");

    cJSON_AddStringToObject(object, "name", chip->name);
    cJSON_AddStringToObject(object, "family", chip->family);
    cJSON_AddNumberToObject(object, "max_threads", chip->max_threads);
    cJSON_AddNumberToObject(object, "threadgroup_bytes", (double)chip->threadgroup_byte_len);
    cJSON_AddNumberToObject(object, "buffers", chip->buffer_count);
    cJSON_AddNumberToObject(object, "value_bytes", (double)chip->value_byte_len);
    cJSON_AddBoolToObject(object, "shuffle_and_fill", chip->has_shuffle_and_fill);
    cJSON_AddBoolToObject(object, "atomic_min_max_64", chip->has_atomic_min_max_64);
    cJSON_AddBoolToObject(object, "atomics_64", chip->has_atomics_64);
}

static void add_constants(cJSON *to, const tmjit_kernel *kernel)
{
    cJSON *list = cJSON_AddArrayToObject(to, "constants");

    for (size_t i = 0; i < tmjit_kernel_constant_count(kernel); i++) {
        const tmjit_constant_info *info = tmjit_kernel_constant(kernel, i);
        cJSON *object = cJSON_CreateObject();
        cJSON_AddItemToArray(list, object);
        cJSON_AddStringToObject(object, "name", info->name);
        cJSON_AddNumberToObject(object, "index", info->index);
        cJSON_AddStringToObject(object, "type", info->type_name);
        cJSON_AddBoolToObject(object, "required", info->is_required);
    }
}

cJSON *tj_json_kernel(const tmjit_kernel *kernel, const tmjit_kernel_facts *facts,
                      const tmjit_pipeline_info *info, const tmjit_chip *chip)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *args = NULL;

    cJSON_AddStringToObject(object, "name", tmjit_kernel_name(kernel));
    args = cJSON_AddArrayToObject(object, "arguments");
    for (size_t i = 0; i < tmjit_kernel_arg_count(kernel); i++)
        cJSON_AddItemToArray(args, arg_object(tmjit_kernel_arg(kernel, i)));
    if (tmjit_kernel_constant_count(kernel))
        add_constants(object, kernel);
    if (facts)
        add_facts(object, facts);
    cJSON_AddNumberToObject(object, "max_threads", tmjit_kernel_max_threads(kernel));
    if (info && info->lanes) {
        cJSON_AddItemToObject(object, "threadgroup", extent_array(info->threadgroup));
        cJSON_AddNumberToObject(object, "lanes", info->lanes);
    }
    add_chip(object, chip);
    return object;
}

cJSON *tj_json_function(const tmjit_function *function)
{
    cJSON *object = cJSON_CreateObject();
    char version[32];

    cJSON_AddStringToObject(object, "name", function->name);
    cJSON_AddStringToObject(object, "kind", function->kind);
    snprintf(version, sizeof version, "%u.%u", function->air_major, function->air_minor);
    cJSON_AddStringToObject(object, "air", version);
    snprintf(version, sizeof version, "%u.%u", function->language_major,
             function->language_minor);
    cJSON_AddStringToObject(object, "metal", version);
    cJSON_AddNumberToObject(object, "bytes", (double)function->byte_len);
    cJSON_AddBoolToObject(object, "hash", function->has_hash);
    return object;
}

int tj_json_print(FILE *to, cJSON *object, tj_failure *why)
{
    char *text = cJSON_Print(object);

    cJSON_Delete(object);
    if (!text)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    fprintf(to, "%s\n", text);
    cJSON_free(text);
    return TJ_EXIT_GOOD;
}
