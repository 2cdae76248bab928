/* SPDX-License-Identifier: MIT */
/* tmjit compile: every kernel of a file, compiled, by --jobs threads; one line each says how it
 * went, in the order of the kernels. */
#include "commands.h"

#include "constants.h"
#include "file.h"
#include "input.h"
#include "jobs.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    KERNELS_A_LIBRARY = 256, /* a library keeps the modules that it has loaded */
    MAX_JOBS = 256
};

typedef struct row {
    const char *name;
    const char *stage; /* where it was refused: "load" or "compile"; "-": nowhere */
    tmjit_status status;
    double load_s, cpu_s;
    tmjit_pipeline_info info;
    char *message;  /* NULL: none; of malloc */
    tj_failure why; /* when the command cannot go on */
} row;

/* What all threads work on. */
typedef struct work {
    const tj_input *input;
    const tj_args *args;
    const tmjit_pipeline_options *options;
    const tmjit_library *library;
    row *rows;
    size_t refused;
    tj_failure *why;
} work;

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
    out->message = strdup(error->message);
}

/* Of this thread: other work on the machine does not count. */
static double cpu_now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
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
static void compile(void *user, size_t index)
{
    work *w = user;
    row *out = &w->rows[index];
    tmjit_pipeline_options options = *w->options;
    const char *number = tj_args_text(w->args, TJ_OPT_CONSTANTS);
    const tmjit_kernel *kernel = NULL;
    tj_constants constants = {0};
    double start_s = tj_now_s(), cpu_s = cpu_now_s();
    int status = TJ_EXIT_GOOD;
    bool is_loaded = !tmjit_library_load_kernel(w->library, out->name, &kernel);

    out->load_s = tj_now_s() - start_s;
    if (!is_loaded)
        note_failure(w->input->ctx, "load", out);
    else
        status =
            tj_constants_fill(number ? number : "0", kernel, &options, &constants, &out->why);
    if (is_loaded && !status)
        create(w->input, kernel, &options, out);
    tj_constants_fini(&constants);
    out->cpu_s = cpu_now_s() - cpu_s;
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
    for (const char *c = r->message ? r->message : ""; *c; c++)
        putchar(*c == '\t' || *c == '\n' ? ' ' : *c);
    putchar('\n');
    fflush(stdout);
}

/* ---- the command ---------------------------------------------------------------------- */

static bool take_row(void *user, size_t index)
{
    work *w = user;
    row *r = &w->rows[index];

    if (r->why.exit_status) {
        *w->why = r->why;
        r->why = (tj_failure){0};
        return false;
    }
    print_row(r);
    w->refused += r->status != TMJIT_OK;
    return true;
}

/* The kernels from `first` on of one library. */
static bool compile_some(work *w, const names *chosen, size_t first, size_t count,
                         unsigned job_count)
{
    tj_jobs jobs = {.count = count, .run = compile, .take = take_row, .user = w};

    w->rows = calloc(count + 1, sizeof *w->rows);
    if (take_memory(w->rows, w->why))
        return false;
    for (size_t i = 0; i < count; i++)
        w->rows[i] = (row){.name = chosen->list[first + i], .stage = "-"};
    bool goes_on = tj_jobs_run(&jobs, job_count);
    for (size_t i = 0; i < count; i++) {
        free(w->rows[i].message);
        tj_failure_fini(&w->rows[i].why);
    }
    free(w->rows);
    return goes_on;
}

static int compile_all(work *w, const names *chosen, unsigned job_count)
{
    bool is_one_module = w->input->source.is_source; /* and compiled already */
    size_t most = is_one_module ? chosen->count : KERNELS_A_LIBRARY;
    bool goes_on = true;

    print_head();
    for (size_t first = 0; first < chosen->count && goes_on; first += most) {
        size_t rest = chosen->count - first;
        tmjit_library *library = NULL;
        int status =
            is_one_module ? TJ_EXIT_GOOD : tj_input_load(w->args, w->input, &library, w->why);
        if (status)
            return status;
        w->library = library ? library : w->input->library;
        goes_on = compile_some(w, chosen, first, rest < most ? rest : most, job_count);
        tmjit_library_destroy(library);
    }
    if (!goes_on)
        return w->why->exit_status;
    if (w->refused)
        return tj_fail_tool(w->why, TJ_EXIT_INPUT, "%zu of %zu kernels cannot be compiled",
                            w->refused, chosen->count);
    return TJ_EXIT_GOOD;
}

int tj_cmd_compile(const tj_args *args, tj_failure *why)
{
    tmjit_pipeline_options options = {0};
    names chosen = {0};
    tj_input input = {0};
    work w = {.input = &input, .args = args, .options = &options, .why = why};
    uint64_t job_count = 1;
    int status = tj_read_pipeline_options(args, &options, why);

    if (!status)
        status = tj_args_integer(args, TJ_OPT_JOBS, 1, MAX_JOBS, &job_count, why);
    options.no_watchdog = true; /* as run without --timeout, which finds this code cached */
    input.uses_cache = tj_args_has(args, TJ_OPT_CACHE);
    if (!status)
        status = tj_input_open(args, &input, why);
    if (!status && tj_args_has(args, TJ_OPT_TIME_PASSES))
        tj_print_source_steps(stderr, &input.source);
    if (!status)
        status = choose_names(&input, args, &chosen, why);
    if (!status)
        status = compile_all(&w, &chosen, (unsigned)job_count);
    free(chosen.list);
    free(chosen.text);
    tj_input_close(&input);
    return status;
}
