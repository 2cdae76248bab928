/* SPDX-License-Identifier: MIT */
/* Loading a kernel file and reading the options that all pipelines have. */
#include "input.h"

#include "file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_LISTED = 8 }; /* names of kernels in a message */

double tj_now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Names are compared by the library; the nearest one by its spelling in the table. */
static int fail_chip(const char *name, tj_failure *why)
{
    const char *names[64] = {0};

    for (size_t i = 0; i + 1 < sizeof names / sizeof names[0]; i++)
        names[i] = tmjit_chip_at(i).name;
    const char *nearest = tj_nearest_word(name, names);
    return tj_fail_tool(why, TJ_EXIT_USAGE,
                        "--chip '%s': apple7 to apple10, a14 to a19 and m1 to m5 are "
                        "accepted%s%s",
                        name, nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

static int make_context(const tmjit_context_options *options, tmjit_context **out,
                        tj_failure *why)
{
    tmjit_status status = tmjit_context_create(options, out);

    if (status == TMJIT_E_NOT_FOUND)
        return fail_chip(options->chip, why);
    if (status)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "the worker threads cannot be made");
    return TJ_EXIT_GOOD;
}

/* The texts of a list option, ended by NULL; the caller frees the list. */
static const char **list_option(const tj_args *args, tj_option_id id)
{
    const char **list = calloc(args->given_count + 1, sizeof *list), *text;
    size_t cursor = 0, count = 0;

    while (list && (text = tj_args_next(args, id, &cursor)))
        list[count++] = text;
    return list;
}

/* "3.1" as __METAL_VERSION__ has it; NULL for NULL. The option's row knows which there are. */
static const char *metal_version(const char *text, char out[8])
{
    if (!text)
        return NULL;
    snprintf(out, 8, "%c%c0", text[0], text[2]);
    return out;
}

/* What is made of a source file's text. */
typedef tmjit_status use_source(const tj_input *input, tmjit_language language,
                                const char *text, size_t byte_len,
                                const tmjit_source_options *options, void *out);

static int with_source(const tj_args *args, const tj_input *input, tmjit_language language,
                       use_source *use, void *out, tj_failure *why)
{
    static const char *const standards[] = {"CL3.0", "CL2.0", "CL1.2"};
    static const unsigned warps[] = {4, 1, 2, 8, 16, 32};
    const char **folders = list_option(args, TJ_OPT_INCLUDE);
    const char **macros = list_option(args, TJ_OPT_DEFINE);
    const char **layouts = list_option(args, TJ_OPT_LAYOUT);
    char version[8];
    tmjit_source_options options = {
        .struct_size = sizeof options,
        .clang = tj_args_text(args, TJ_OPT_CLANG),
        .include_dirs = folders,
        .defines = macros,
        .fast_math = tj_args_choice(args, TJ_OPT_MATH) != 0,
        .standard = language == TMJIT_LANGUAGE_OPENCL
                        ? standards[tj_args_choice(args, TJ_OPT_CL_STD)]
                        : metal_version(tj_args_text(args, TJ_OPT_MSL_VERSION), version),
        .entry = tj_args_text(args, TJ_OPT_ENTRY),
        .layouts = layouts,
        .num_warps = warps[tj_args_choice(args, TJ_OPT_NUM_WARPS)],
    };
    void *text = NULL;
    size_t byte_len = 0;
    int status = tj_file_read(input->path, &text, &byte_len, why);

    if (!status && use(input, language, text, byte_len, &options, out))
        status = tj_fail_library(why, input->ctx);
    free(text);
    free(folders);
    free(macros);
    free(layouts);
    return status;
}

static tmjit_status load_library(const tj_input *input, tmjit_language language,
                                 const char *text, size_t byte_len,
                                 const tmjit_source_options *options, void *out)
{
    return tmjit_library_load_source(input->ctx, language, text, byte_len, input->path, options,
                                     out);
}

typedef struct table {
    char *text;
    size_t byte_len;
} table;

static tmjit_status make_table(const tj_input *input, tmjit_language language, const char *text,
                               size_t byte_len, const tmjit_source_options *options, void *out)
{
    table *made = out;

    (void)language;
    return tmjit_triton_layouts(input->ctx, text, byte_len, input->path, options, &made->text,
                                &made->byte_len);
}

int tj_input_layouts(const tj_args *args, const tj_input *input, char **out, size_t *byte_len,
                     tj_failure *why)
{
    tmjit_language language = tmjit_language_of(input->path);
    table made = {0};

    if (language != TMJIT_LANGUAGE_TTIR)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--layouts is for .ttir files");
    int status = with_source(args, input, language, make_table, &made, why);
    *out = made.text;
    *byte_len = made.byte_len;
    return status;
}

int tj_input_load(const tj_args *args, const tj_input *input, tmjit_library **out,
                  tj_failure *why)
{
    tmjit_language language = tmjit_language_of(input->path);

    if (language != TMJIT_LANGUAGE_TTIR && tj_args_has(args, TJ_OPT_LAYOUT))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--layout is for .ttir files");
    if (language != TMJIT_LANGUAGE_NONE)
        return with_source(args, input, language, load_library, out, why);
    tmjit_status status = input->piped
                              ? tmjit_library_load_memory(input->ctx, input->piped,
                                                          input->piped_len, input->path, out)
                              : tmjit_library_load_file(input->ctx, input->path, out);
    return status ? tj_fail_library(why, input->ctx) : TJ_EXIT_GOOD;
}

/* What commands load more than once is read once. */
static int read_stdin(tj_input *input, tj_failure *why)
{
    if (strcmp(input->path, "-") != 0)
        return TJ_EXIT_GOOD;
    input->path = "<stdin>";
    return tj_file_read("/dev/stdin", &input->piped, &input->piped_len, why);
}

int tj_input_open(const tj_args *args, tj_input *out, tj_failure *why)
{
    tmjit_context_options options = {.struct_size = sizeof options};
    uint64_t thread_count = tj_setting_number(args->settings, TJ_SET_THREADS, 0);

    if (args->operand_count != 1)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "one kernel file is wanted, %zu are given",
                            args->operand_count);
    int status = tj_args_integer(args, TJ_OPT_THREADS, 1, 1024, &thread_count, why);
    if (status)
        return status;
    options.threads = (unsigned)thread_count;
    options.chip = tj_args_text(args, TJ_OPT_CHIP);
    options.allow_fp64 = tj_args_has(args, TJ_OPT_ALLOW_FP64) ||
                         tj_setting_number(args->settings, TJ_SET_ALLOW_FP64, 0);
    char *folder = out->uses_cache ? tj_cache_folder(args) : NULL;
    options.cache_dir = folder;
    status = make_context(&options, &out->ctx, why);
    free(folder);
    if (!status)
        status = tj_check_cache(args, out->ctx, why);
    if (status)
        return status;
    out->path = args->operands[0];
    status = read_stdin(out, why);
    if (status)
        return status;
    double start_s = tj_now_s();
    status = tj_input_load(args, out, &out->library, why);
    if (status)
        return status;
    out->load_s = tj_now_s() - start_s;
    out->source = tmjit_library_get_source_info(out->library);
    return TJ_EXIT_GOOD;
}

void tj_input_close(tj_input *input)
{
    tmjit_library_destroy(input->library);
    tmjit_context_destroy(input->ctx);
    free(input->piped);
    *input = (tj_input){0};
}

/* "'a', 'b'": the names of the kernels; of many the first ones and how many more. */
static void list_kernels(const tmjit_library *library, char *out, size_t capacity)
{
    size_t at = 0, listed = 0, count = tmjit_library_kernel_count(library);

    out[0] = '\0';
    for (size_t i = 0; listed < count && at < capacity; i++) {
        tmjit_function function = tmjit_library_function(library, i);
        if (!function.is_kernel)
            continue;
        if (listed == MAX_LISTED) {
            snprintf(out + at, capacity - at, " and %zu more; tmjit info lists them",
                     count - listed);
            return;
        }
        at += (size_t)snprintf(out + at, capacity - at, "%s'%s'", listed ? ", " : "",
                               function.name);
        listed++;
    }
}

/* The nearest name of a function, NULL when none is near. */
static const char *nearest_function(const tmjit_library *library, const char *name)
{
    size_t count = tmjit_library_function_count(library);
    const char **names = calloc(count + 1, sizeof *names);

    for (size_t i = 0; names && i < count; i++)
        names[i] = tmjit_library_function(library, i).name;
    const char *nearest = names ? tj_nearest_word(name, names) : NULL;
    free(names);
    return nearest;
}

static int fail_unknown(const tj_input *input, const char *entry, tj_failure *why)
{
    char names[512];
    const char *nearest = nearest_function(input->library, entry);

    if (tmjit_library_kernel_count(input->library) > MAX_LISTED && nearest)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "'%s' has no kernel '%s'; the nearest is '%s'",
                            input->path, entry, nearest);
    list_kernels(input->library, names, sizeof names);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "'%s' has no kernel '%s'; it has %s", input->path,
                        entry, names);
}

int tj_input_find_kernel(const tj_input *input, const tj_args *args, const tmjit_kernel **out,
                         tj_failure *why)
{
    const char *entry = tj_args_text(args, TJ_OPT_ENTRY);
    size_t count = tmjit_library_kernel_count(input->library);
    char names[512];

    if (!count && !entry)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "'%s' has no kernel", input->path);
    if (!entry && count > 1) {
        list_kernels(input->library, names, sizeof names);
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "'%s' has %zu kernels; choose one by --entry: %s", input->path,
                            count, names);
    }
    if (!entry)
        return (*out = tmjit_library_kernel(input->library, 0))
                   ? TJ_EXIT_GOOD
                   : tj_fail_library(why, input->ctx);
    for (size_t i = 0; i < tmjit_library_function_count(input->library); i++)
        if (!strcmp(tmjit_library_function(input->library, i).name, entry))
            return tmjit_library_load_kernel(input->library, entry, out)
                       ? tj_fail_library(why, input->ctx)
                       : TJ_EXIT_GOOD;
    return fail_unknown(input, entry, why);
}

int tj_read_pipeline_options(const tj_args *args, tmjit_pipeline_options *out, tj_failure *why)
{
    static const unsigned lanes[] = {4, 8, 16, 32};
    tmjit_pipeline_options options = {.struct_size = sizeof options};

    int status = tj_args_extent(args, TJ_OPT_THREADGROUP, &options.threadgroup, why);
    if (!status)
        status = tj_args_extent(args, TJ_OPT_GRID, &options.grid, why);
    if (status)
        return status;
    options.math = tj_args_choice(args, TJ_OPT_MATH) ? TMJIT_MATH_FAST : TMJIT_MATH_STRICT;
    options.no_bounds_checks = tj_args_choice(args, TJ_OPT_CHECK) == 1;
    if (tj_args_has(args, TJ_OPT_LANES))
        options.lanes = lanes[tj_args_choice(args, TJ_OPT_LANES)];
    bool is_set = args->settings && args->settings->values[TJ_SET_OPT_LEVEL].is_set;
    options.has_opt_level = tj_args_has(args, TJ_OPT_OPT) || is_set;
    options.opt_level = tj_args_has(args, TJ_OPT_OPT)
                            ? (tj_args_choice(args, TJ_OPT_OPT) ? 2 : 0)
                            : (tj_setting_number(args->settings, TJ_SET_OPT_LEVEL, 0) ? 2 : 0);
    options.verify_each = tj_args_has(args, TJ_OPT_VERIFY_EACH) ||
                          tj_setting_number(args->settings, TJ_SET_DEBUG, 0);
    *out = options;
    return TJ_EXIT_GOOD;
}

void tj_get_steps(const tmjit_pipeline_info *info, tj_step out[TJ_STEP_COUNT])
{
    const tj_step steps[TJ_STEP_COUNT] = {
        {"extract", info->extract_s},   {"canon", info->canon_s}, {"lower", info->lower_s},
        {"optimize", info->optimize_s}, {"emit", info->emit_s},   {"link", info->link_s},
    };

    memcpy(out, steps, sizeof steps);
}

void tj_get_source_steps(const tmjit_source_info *info, tj_step out[TJ_SOURCE_STEP_COUNT])
{
    const tj_step steps[TJ_SOURCE_STEP_COUNT] = {
        {"prepare", info->prepare_s}, {"preprocess", info->preprocess_s},
        {"rewrite", info->rewrite_s}, {"clang", info->clang_s},
        {"read", info->read_s},       {"adopt", info->adopt_s},
        {"check", info->load_s},
    };

    memcpy(out, steps, sizeof steps);
}

void tj_print_source_steps(FILE *to, const tmjit_source_info *info)
{
    tj_step steps[TJ_SOURCE_STEP_COUNT];

    if (!info->is_source)
        return;
    tj_get_source_steps(info, steps);
    fprintf(to, "%-10s %10s\n", "source", "ms");
    for (int i = 0; i < TJ_SOURCE_STEP_COUNT; i++)
        fprintf(to, "%-10s %10.3f\n", steps[i].name, steps[i].seconds * 1e3);
    fprintf(to, "%-10s %10s\n", "module", info->is_from_cache ? "cached" : "compiled");
}

void tj_print_steps(FILE *to, double load_s, const tmjit_pipeline_info *info)
{
    tj_step steps[TJ_STEP_COUNT];
    double total_s = load_s;

    tj_get_steps(info, steps);
    fprintf(to, "%-10s %10s\n%-10s %10.3f\n", "step", "ms", "load", load_s * 1e3);
    for (int i = 0; i < TJ_STEP_COUNT; i++) {
        fprintf(to, "%-10s %10.3f\n", steps[i].name, steps[i].seconds * 1e3);
        total_s += steps[i].seconds;
    }
    fprintf(to, "%-10s %10.3f\n", "cache", info->cache_s * 1e3);
    fprintf(to, "%-10s %10.3f\n", "total", (total_s + info->cache_s) * 1e3);
    fprintf(to, "%-10s %10s\n", "code", info->is_from_cache ? "cached" : "compiled");
}
