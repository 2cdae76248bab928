/* SPDX-License-Identifier: MIT */
/* tmjit emit: one view of the kernel on its way to the host; and the names of the passes. */
#include "commands.h"

#include "constants.h"
#include "file.h"
#include "input.h"

#include <string.h>
#include <unistd.h>

static const tmjit_view views[] = {TMJIT_VIEW_AIR, TMJIT_VIEW_HOST, TMJIT_VIEW_ASM,
                                   TMJIT_VIEW_OBJECT, TMJIT_VIEW_MSL}; /* as in options.def */

static int check_options(const tj_args *args, tj_failure *why)
{
    const char *after = tj_args_text(args, TJ_OPT_AFTER);
    const char *const *passes = tmjit_pass_names();

    if (!tj_args_has(args, TJ_OPT_AS))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--as air|host|asm|obj is wanted");
    if (views[tj_args_choice(args, TJ_OPT_AS)] == TMJIT_VIEW_OBJECT &&
        !tj_args_has(args, TJ_OPT_OUTPUT) && isatty(STDOUT_FILENO))
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "an object file is no text for a terminal; use -o FILE");
    for (size_t i = 0; after && passes[i]; i++)
        if (!strcmp(passes[i], after))
            return TJ_EXIT_GOOD;
    if (!after)
        return TJ_EXIT_GOOD;
    const char *nearest = tj_nearest_word(after, passes);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "no pass '%s'%s%s; tmjit passes lists them", after,
                        nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

static int write_view(const tj_args *args, const char *bytes, size_t byte_len, tj_failure *why)
{
    const char *path = tj_args_text(args, TJ_OPT_OUTPUT);

    if (path)
        return tj_file_write(path, "", 0, bytes, byte_len, why);
    fwrite(bytes, 1, byte_len, stdout); /* main tells when stdout fails */
    return TJ_EXIT_GOOD;
}

static int print_pass_times(const tj_input *input, const tmjit_kernel *kernel,
                            const tmjit_pipeline_options *options, tj_failure *why)
{
    tmjit_pipeline *pipeline = NULL;

    if (tmjit_pipeline_create(input->ctx, kernel, options, &pipeline))
        return tj_fail_library(why, input->ctx);
    tmjit_pipeline_info info = tmjit_pipeline_get_info(pipeline);
    tj_print_source_steps(stderr, &input->source);
    tj_print_steps(stderr, input->load_s, &info);
    tmjit_pipeline_destroy(pipeline);
    return TJ_EXIT_GOOD;
}

static int emit_kernel(const tj_args *args, const tj_input *input, const tmjit_kernel *kernel,
                       const tmjit_pipeline_options *options, tj_failure *why)
{
    tmjit_view view = views[tj_args_choice(args, TJ_OPT_AS)];
    char *bytes = NULL;
    size_t byte_len = 0;

    if (tmjit_kernel_view(input->ctx, kernel, options, view, tj_args_text(args, TJ_OPT_AFTER),
                          tj_args_has(args, TJ_OPT_RAGGED), &bytes, &byte_len))
        return tj_fail_library(why, input->ctx);
    int status = write_view(args, bytes, byte_len, why);
    tmjit_free(bytes);
    if (!status && tj_args_has(args, TJ_OPT_TIME_PASSES))
        status = print_pass_times(input, kernel, options, why);
    return status;
}

static int emit(const tj_args *args, const tj_input *input, tj_failure *why)
{
    tmjit_pipeline_options options = {0};
    const tmjit_kernel *kernel = NULL;
    tj_constants constants = {0};

    int status = tj_read_pipeline_options(args, &options, why);
    if (!status)
        status = tj_input_find_kernel(input, args, &kernel, why);
    if (!status)
        status = tj_constants_read(args, kernel, &options, &constants, why);
    if (!status)
        status = emit_kernel(args, input, kernel, &options, why);
    tj_constants_fini(&constants);
    return status;
}

int tj_cmd_emit(const tj_args *args, tj_failure *why)
{
    tj_input input = {0};
    int status = check_options(args, why);

    input.uses_cache = tj_args_has(args, TJ_OPT_CACHE);
    if (!status)
        status = tj_input_open(args, &input, why);
    if (!status)
        status = emit(args, &input, why);
    tj_input_close(&input);
    return status;
}

int tj_cmd_passes(const tj_args *args, tj_failure *why)
{
    if (args->operand_count)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "passes takes no file, but '%s' is given",
                            args->operands[0]);
    for (const char *const *name = tmjit_pass_names(); *name; name++)
        puts(*name);
    return TJ_EXIT_GOOD;
}
