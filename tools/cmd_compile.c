/* SPDX-License-Identifier: MIT */
/* tmjit compile: every kernel of a file, compiled; one line each says how it went. */
#include "commands.h"

#include "constants.h"
#include "file.h"
#include "input.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KERNELS_A_LIBRARY = 256 }; /* a library keeps the modules that it has loaded */

typedef struct row {
    const char *name;
    const char *stage; /* where it was refused: "load" or "compile"; "-": nowhere */
    tmjit_status status;
    double load_s, cpu_s;
    tmjit_pipeline_info info;
    const char *message; /* "" */
} row;

typedef struct names {
    char *text; /* what `list` points into, or NULL */
    const char **list;
    size_t count;
} names;

/* ---- which kernels -------------------------------------------------------------------- */

static int take_memory(void *memory, tj_failure *why)
{
    return memory ? TJ_EXIT_GOOD : tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
}

/* One name a line. */
static int read_names(const char *path, names *out, tj_failure *why)
{
    void *bytes = NULL;
    size_t byte_len = 0;
    int status = tj_file_read(path, &bytes, &byte_len, why);

    if (status)
        return status;
    out->text = malloc(byte_len + 1);
    out->list = calloc(byte_len + 1, sizeof *out->list);
    status = take_memory(out->text && out->list ? out->text : NULL, why);
    if (!status) {
        memcpy(out->text, bytes, byte_len);
        out->text[byte_len] = '\0';
        char *rest = out->text;
        for (char *line; (line = strsep(&rest, "\n"));)
            if (*line)
                out->list[out->count++] = line;
    }
    free(bytes);
    return status;
}

/* The names live in the library, which stays open. */
static int list_kernels(const tmjit_library *library, names *out, tj_failure *why)
{
    size_t count = tmjit_library_function_count(library);

    out->list = calloc(count + 1, sizeof *out->list);
    for (size_t i = 0; out->list && i < count; i++) {
        const tmjit_function function = tmjit_library_function(library, i);
        if (function.is_kernel)
            out->list[out->count++] = function.name;
    }
    return take_memory(out->list, why);
}

static int choose_names(const tj_input *input, const tj_args *args, names *out, tj_failure *why)
{
    const char *path = tj_args_text(args, TJ_OPT_ENTRIES);

    return path ? read_names(path, out, why) : list_kernels(input->library, out, why);
}

/* ---- one kernel ----------------------------------------------------------------------- */

static void note_failure(const tmjit_context *ctx, const char *stage, row *out)
{
    const tmjit_error *error = tmjit_last_error(ctx);

    out->stage = stage;
    out->status = error->status;
    out->message = error->message;
}

/* Of the whole process: other work on the machine does not count. */
static double cpu_now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void create(const tj_input *input, const tmjit_kernel *kernel,
                   const tmjit_pipeline_options *options, row *out)
{
    tmjit_pipeline *pipeline = NULL;

    if (tmjit_pipeline_create(input->ctx, kernel, options, &pipeline)) {
        note_failure(input->ctx, "compile", out);
        return;
    }
    out->info = tmjit_pipeline_get_info(pipeline);
    tmjit_pipeline_destroy(pipeline);
}

/* Fails only when the command line's number is no value of a constant. */
static int compile(const tj_input *input, const tj_args *args, const tmjit_library *library,
                   tmjit_pipeline_options options, row *out, tj_failure *why)
{
    const char *number = tj_args_text(args, TJ_OPT_CONSTANTS);
    const tmjit_kernel *kernel = NULL;
    tj_constants constants = {0};
    double start_s = tj_now_s(), cpu_s = cpu_now_s();
    int status = TJ_EXIT_GOOD;
    bool is_loaded = !tmjit_library_load_kernel(library, out->name, &kernel);

    out->load_s = tj_now_s() - start_s;
    if (!is_loaded)
        note_failure(input->ctx, "load", out);
    else
        status = tj_constants_fill(number ? number : "0", kernel, &options, &constants, why);
    if (is_loaded && !status)
        create(input, kernel, &options, out);
    tj_constants_fini(&constants);
    out->cpu_s = cpu_now_s() - cpu_s;
    return status;
}

static void print_head(void)
{
    const tmjit_pipeline_info none = {0};
    tj_step steps[TJ_STEP_COUNT];

    tj_get_steps(&none, steps);
    printf("function\toutcome\tstage\tload");
    for (int i = 0; i < TJ_STEP_COUNT; i++)
        printf("\t%s", steps[i].name);
    puts("\tcpu\tmessage");
}

/* Flushed: a kernel that ends the process is the one without a line. */
static void print_row(const row *r)
{
    tj_step steps[TJ_STEP_COUNT];

    tj_get_steps(&r->info, steps);
    printf("%s\t%s\t%s\t%.3f", r->name, tmjit_status_name(r->status), r->stage,
           r->load_s * 1e3);
    for (int i = 0; i < TJ_STEP_COUNT; i++)
        printf("\t%.3f", steps[i].seconds * 1e3);
    printf("\t%.3f\t", r->cpu_s * 1e3);
    for (const char *c = r->message; *c; c++)
        putchar(*c == '\t' || *c == '\n' ? ' ' : *c);
    putchar('\n');
    fflush(stdout);
}

/* ---- the command ---------------------------------------------------------------------- */

static int compile_all(const tj_input *input, const tj_args *args,
                       const tmjit_pipeline_options *options, const names *chosen,
                       tj_failure *why)
{
    bool is_one_module = input->source.is_source; /* and compiled already */
    tmjit_library *library = NULL;
    size_t refused = 0;

    print_head();
    for (size_t i = 0; i < chosen->count; i++) {
        if (!is_one_module && i % KERNELS_A_LIBRARY == 0) {
            tmjit_library_destroy(library);
            library = NULL;
            int status = tj_input_load(args, input, &library, why);
            if (status)
                return status;
        }
        row r = {.name = chosen->list[i], .stage = "-", .message = ""};
        int status = compile(input, args, is_one_module ? input->library : library, *options, &r,
                             why);
        if (status) {
            tmjit_library_destroy(library);
            return status;
        }
        print_row(&r);
        refused += r.status != TMJIT_OK;
    }
    tmjit_library_destroy(library);
    if (refused)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "%zu of %zu kernels cannot be compiled",
                            refused, chosen->count);
    return TJ_EXIT_GOOD;
}

int tj_cmd_compile(const tj_args *args, tj_failure *why)
{
    tmjit_pipeline_options options = {0};
    names chosen = {0};
    tj_input input = {0};
    int status = tj_read_pipeline_options(args, &options, why);

    options.no_watchdog = true; /* as run without --timeout, which finds this code cached */
    input.uses_cache = tj_args_has(args, TJ_OPT_CACHE);
    if (!status)
        status = tj_input_open(args, &input, why);
    if (!status && tj_args_has(args, TJ_OPT_TIME_PASSES))
        tj_print_source_steps(stderr, &input.source);
    if (!status)
        status = choose_names(&input, args, &chosen, why);
    if (!status)
        status = compile_all(&input, args, &options, &chosen, why);
    free(chosen.list);
    free(chosen.text);
    tj_input_close(&input);
    return status;
}
