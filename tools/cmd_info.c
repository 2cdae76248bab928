/* SPDX-License-Identifier: MIT */
/* tmjit info: what a kernel takes, what it uses, and how it would run; or the functions of a
 * container, or the kernels of a file that has many. */
#include "commands.h"

#include "constants.h"
#include "input.h"
#include "json.h"

#include <inttypes.h>
#include <string.h>

enum { MANY_KERNELS = 32 }; /* more are listed: what one uses takes milliseconds to find out */

typedef struct kernel_view {
    const tmjit_kernel *kernel;
    tmjit_kernel_facts facts;
    tmjit_pipeline_info pipeline;
    tmjit_chip chip;
} kernel_view;

/* ---- text ----------------------------------------------------------------------------- */

static const char *access_name(const tmjit_arg *arg)
{
    if (arg->is_unused)
        return "unused";
    if (arg->is_read && arg->is_written)
        return "read, write";
    return arg->is_written ? "write" : "read";
}

static const char *space_name(unsigned address_space)
{
    static const char *const names[] = {"thread", "device", "constant", "threadgroup"};

    return address_space < sizeof names / sizeof names[0] ? names[address_space] : "?";
}

/* Behind pointers of argument buffers stand the fields of what they point to. */
static void print_fields(const tmjit_arg *arg, int indent)
{
    for (size_t i = 0; i < arg->field_count; i++) {
        const tmjit_field *field = &arg->fields[i];
        const tmjit_arg *buffer = field->buffer;

        char type[80];

        snprintf(type, sizeof type, "%s", field->type_name);
        if (field->array_len)
            snprintf(type, sizeof type, "%s[%u]", field->type_name, field->array_len);
        printf("%*s.%-15s %-14s at byte %u, %u bytes", indent, "", field->name, type,
               field->byte_offset, field->byte_len);
        if (!buffer) {
            printf("\n");
            continue;
        }
        printf(": pointer to %s memory, id %u, %s\n", space_name(buffer->address_space),
               buffer->location, access_name(buffer));
        print_fields(buffer, indent + 2);
    }
}

static void print_memory_arg(size_t index, const tmjit_arg *arg)
{
    char place[48], length[64];
    const char *kind = arg->kind == TMJIT_ARG_THREADGROUP ? "threadgroup" : "buffer";

    snprintf(place, sizeof place, "%s %u", kind, arg->location);
    if (arg->fixed_byte_len)
        snprintf(length, sizeof length, "%" PRIu64 " in all", arg->fixed_byte_len);
    else if (arg->elem_byte_len)
        snprintf(length, sizeof length, "%" PRIu64 " an element", arg->elem_byte_len);
    else
        snprintf(length, sizeof length, "free");
    printf("  %5zu  %-16s %-14s %-12s %-12s %-12s %s%s\n", index, arg->name,
           *arg->type_name ? arg->type_name : "bytes", space_name(arg->address_space), place,
           access_name(arg), length, arg->is_optional ? ", optional" : "");
    print_fields(arg, 9);
}

static void print_args(const tmjit_kernel *kernel)
{
    printf("  %5s  %-16s %-14s %-12s %-12s %-12s %s\n", "index", "argument", "type", "memory",
           "place", "access", "bytes");
    for (size_t i = 0; i < tmjit_kernel_arg_count(kernel); i++) {
        const tmjit_arg *arg = tmjit_kernel_arg(kernel, i);
        if (arg->kind == TMJIT_ARG_BUILTIN)
            printf("  %5zu  %-16s %-14s built-in %s\n", i, arg->name, arg->type_name,
                   arg->builtin ? arg->builtin : "?");
        else
            print_memory_arg(i, arg);
    }
}

static void print_constants(const tmjit_kernel *kernel)
{
    size_t count = tmjit_kernel_constant_count(kernel);

    if (count)
        printf("  %5s  %-16s %-14s %s\n", "index", "constant", "type", "value");
    for (size_t i = 0; i < count; i++) {
        const tmjit_constant_info *info = tmjit_kernel_constant(kernel, i);
        printf("  %5u  %-16s %-14s %s\n", (unsigned)info->index, info->name, info->type_name,
               info->is_required ? "required" : "optional");
    }
}

static void print_facts(const kernel_view *view)
{
    const tmjit_kernel_facts *facts = &view->facts;

    printf("  threadgroup memory     %" PRIu64 " bytes\n", facts->static_threadgroup_byte_len);
    printf("  private memory         %" PRIu64 " bytes a thread\n", facts->private_byte_len);
    printf("  barriers               %u\n", facts->barrier_count);
    printf("  SIMD-group functions   %u\n", facts->simd_op_count);
    printf("  SIMD-group matrices    %u\n", facts->matrix_op_count);
    printf("  atomics                %u\n", facts->atomic_count);
    printf("  subnormal floats       %s\n", facts->flush_subnormals ? "flushed" : "kept");
    printf("  max threads            %u a threadgroup\n",
           tmjit_kernel_max_threads(view->kernel));
}

static void print_pipeline(const tmjit_pipeline_info *pipeline)
{
    const tmjit_extent group = pipeline->threadgroup;

    printf("  threadgroup            %u,%u,%u\n", group.x, group.y ? group.y : 1,
           group.z ? group.z : 1);
    printf("  lanes                  %u\n", pipeline->lanes);
}

static void print_chip(const tmjit_chip *chip)
{
    bool is_family = !strcmp(chip->name, chip->family);

    printf("  chip                   %s", chip->name);
    printf(is_family ? "\n" : " (%s)\n", chip->family);
    printf("  chip's limits          %u threads and %" PRIu64
           " bytes a threadgroup, %u buffers, "
           "%" PRIu64 " bytes by value\n",
           chip->max_threads, chip->threadgroup_byte_len, chip->buffer_count,
           chip->value_byte_len);
    if (!chip->has_atomics_64)
        printf("  chip lacks             64-bit atomics%s%s\n",
               chip->has_atomic_min_max_64 ? " but minimum and maximum" : "",
               chip->has_shuffle_and_fill ? "" : ", SIMD-group shuffle and fill");
}

/* ---- the command ---------------------------------------------------------------------- */

static int read_facts(const tj_input *input, kernel_view *view, tj_failure *why)
{
    if (tmjit_kernel_get_facts(input->ctx, view->kernel, &view->facts))
        return tj_fail_library(why, input->ctx);
    return TJ_EXIT_GOOD;
}

/* Reads the options that all pipelines have, and the kernel's constants. */
static int read_options(const tj_args *args, const tmjit_kernel *kernel,
                        tmjit_pipeline_options *options, tj_constants *constants,
                        tj_failure *why)
{
    int status = tj_read_pipeline_options(args, options, why);

    return status ? status : tj_constants_read(args, kernel, options, constants, why);
}

static int make_pipeline(const tj_input *input, kernel_view *view,
                         const tmjit_pipeline_options *options, tj_failure *why)
{
    tmjit_pipeline *pipeline = NULL;

    if (tmjit_pipeline_create(input->ctx, view->kernel, options, &pipeline))
        return tj_fail_library(why, input->ctx);
    view->pipeline = tmjit_pipeline_get_info(pipeline);
    tmjit_pipeline_destroy(pipeline);
    return TJ_EXIT_GOOD;
}

/* Without values of all required constants there is no pipeline to tell about. */
static int read_pipeline(const tj_input *input, const tj_args *args, kernel_view *view,
                         tj_failure *why)
{
    tmjit_pipeline_options options = {0};
    tj_constants constants = {0};
    int status = read_options(args, view->kernel, &options, &constants, why);

    if (!status && !tj_constants_missing(&constants, view->kernel))
        status = make_pipeline(input, view, &options, why);
    tj_constants_fini(&constants);
    return status;
}

/* What is known is printed before compilation, which may refuse the kernel. */
static int show_text(const tj_input *input, const tj_args *args, kernel_view *view,
                     tj_failure *why)
{
    printf("kernel %s\n", tmjit_kernel_name(view->kernel));
    print_args(view->kernel);
    print_constants(view->kernel);
    int status = read_facts(input, view, why);
    if (!status) {
        print_facts(view);
        status = read_pipeline(input, args, view, why);
    }
    if (!status) {
        if (view->pipeline.lanes)
            print_pipeline(&view->pipeline);
        print_chip(&view->chip);
    }
    return status;
}

static int show_json(const tj_input *input, const tj_args *args, kernel_view *view,
                     cJSON *kernels, tj_failure *why)
{
    int status = read_facts(input, view, why);

    if (!status)
        status = read_pipeline(input, args, view, why);
    if (!status)
        cJSON_AddItemToArray(
            kernels, tj_json_kernel(view->kernel, &view->facts, &view->pipeline, &view->chip));
    return status;
}

static int print_shapes(const tj_input *input, const tj_args *args, const tmjit_kernel *kernel,
                        tj_failure *why)
{
    tmjit_pipeline_options options = {0};
    tj_constants constants = {0};
    char *text = NULL;
    size_t byte_len = 0;
    int status = read_options(args, kernel, &options, &constants, why);

    if (!status && tmjit_kernel_view(input->ctx, kernel, &options, TMJIT_VIEW_SHAPES, NULL,
                                     false, &text, &byte_len))
        status = tj_fail_library(why, input->ctx);
    if (!status)
        fwrite(text, 1, byte_len, stdout);
    tmjit_free(text);
    tj_constants_fini(&constants);
    return status;
}

/* One kernel: as text, as shapes, or into the JSON array. */
static int show_kernel(const tj_input *input, const tj_args *args, const tmjit_kernel *kernel,
                       cJSON *kernels, tj_failure *why)
{
    kernel_view view = {.kernel = kernel, .chip = tmjit_context_get_chip(input->ctx)};

    if (tj_args_has(args, TJ_OPT_SHAPES))
        return print_shapes(input, args, kernel, why);
    return kernels ? show_json(input, args, &view, kernels, why)
                   : show_text(input, args, &view, why);
}

/* ---- a container's functions ---------------------------------------------------------- */

static bool is_container(const tj_input *input)
{
    return tmjit_library_function(input->library, 0).byte_len != 0;
}

static void list_text(const tmjit_library *library)
{
    size_t count = tmjit_library_function_count(library);

    printf("%-12s %5s %6s %8s %-8s %s\n", "kind", "AIR", "Metal", "bytes", "hash", "function");
    for (size_t i = 0; i < count; i++) {
        const tmjit_function f = tmjit_library_function(library, i);
        char air[16], metal[16];
        snprintf(air, sizeof air, "%u.%u", f.air_major, f.air_minor);
        snprintf(metal, sizeof metal, "%u.%u", f.language_major, f.language_minor);
        printf("%-12s %5s %6s %8" PRIu64 " %-8s %s\n", f.kind, air, metal, f.byte_len,
               f.has_hash ? "SHA-256" : "none", f.name);
    }
}

static void list_json(const tmjit_library *library, cJSON *object)
{
    size_t count = tmjit_library_function_count(library);
    cJSON *functions = cJSON_AddArrayToObject(object, "functions");

    for (size_t i = 0; i < count; i++) {
        const tmjit_function f = tmjit_library_function(library, i);
        cJSON_AddItemToArray(functions, tj_json_function(&f));
    }
}

/* ---- many kernels ----------------------------------------------------------------------- */

static size_t count_args(const tmjit_kernel *kernel, tmjit_arg_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < tmjit_kernel_arg_count(kernel); i++)
        count += tmjit_kernel_arg(kernel, i)->kind == kind;
    return count;
}

static void list_kernels(const tj_input *input, cJSON *kernels)
{
    size_t count = tmjit_library_kernel_count(input->library);
    const tmjit_chip chip = tmjit_context_get_chip(input->ctx);

    if (!kernels)
        printf("%zu kernels; --entry NAME tells about one\n"
               "buffers threadgroup built-in constants  kernel\n",
               count);
    for (size_t i = 0; i < count; i++) {
        const tmjit_kernel *kernel = tmjit_library_kernel(input->library, i);
        if (kernels)
            cJSON_AddItemToArray(kernels, tj_json_kernel(kernel, NULL, NULL, &chip));
        else
            printf("%7zu %11zu %8zu %9zu  %s\n", count_args(kernel, TMJIT_ARG_BUFFER),
                   count_args(kernel, TMJIT_ARG_THREADGROUP),
                   count_args(kernel, TMJIT_ARG_BUILTIN), tmjit_kernel_constant_count(kernel),
                   tmjit_kernel_name(kernel));
    }
}

static int show(const tj_input *input, const tj_args *args, cJSON *kernels, tj_failure *why)
{
    size_t count = tmjit_library_kernel_count(input->library);
    const tmjit_kernel *only = NULL;
    int status = TJ_EXIT_GOOD;

    if (tj_args_has(args, TJ_OPT_ENTRY) || !count) {
        status = tj_input_find_kernel(input, args, &only, why);
        return status ? status : show_kernel(input, args, only, kernels, why);
    }
    if (count > MANY_KERNELS && !tj_args_has(args, TJ_OPT_SHAPES)) {
        list_kernels(input, kernels);
        return status;
    }
    for (size_t i = 0; i < count && !status; i++) {
        if (i && !kernels)
            putchar('\n');
        status =
            show_kernel(input, args, tmjit_library_kernel(input->library, i), kernels, why);
    }
    return status;
}

static int print_layouts(const tj_input *input, const tj_args *args, tj_failure *why)
{
    char *text = NULL;
    size_t byte_len = 0;
    int status = tj_input_layouts(args, input, &text, &byte_len, why);

    if (!status)
        fwrite(text, 1, byte_len, stdout);
    tmjit_free(text);
    return status;
}

int tj_cmd_info(const tj_args *args, tj_failure *why)
{
    bool is_json = tj_args_has(args, TJ_OPT_JSON);
    cJSON *object = is_json ? cJSON_CreateObject() : NULL;
    cJSON *kernels = is_json ? cJSON_AddArrayToObject(object, "kernels") : NULL;
    tj_input input = {0};
    int status = TJ_EXIT_GOOD;

    if (is_json && tj_args_has(args, TJ_OPT_SHAPES))
        status = tj_fail_tool(why, TJ_EXIT_USAGE, "--shapes is text; it goes without --json");
    if (is_json && tj_args_has(args, TJ_OPT_LAYOUTS))
        status = tj_fail_tool(why, TJ_EXIT_USAGE, "--layouts is text; it goes without --json");
    if (!status)
        status = tj_input_open(args, &input, why);
    if (!status && tj_args_has(args, TJ_OPT_LAYOUTS))
        status = print_layouts(&input, args, why);
    else if (!status && is_container(&input) && !tj_args_has(args, TJ_OPT_ENTRY)) {
        if (is_json)
            list_json(input.library, object);
        else
            list_text(input.library);
    } else if (!status) {
        status = show(&input, args, kernels, why);
    }
    if (is_json) {
        if (status)
            tj_json_add_failure(object, why);
        int json_status = tj_json_print(stdout, object, why);
        status = status ? status : json_status;
    }
    tj_input_close(&input);
    return status;
}
