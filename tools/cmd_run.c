/* SPDX-License-Identifier: MIT */
/* tmjit run: bind, compile, launch, show. The product of a run is its first launch; launches
 * for --time come after everything has been printed and compared. */
#include "commands.h"

#include "bind.h"
#include "compare.h"
#include "constants.h"
#include "input.h"
#include "json.h"
#include "log.h"
#include "outputs.h"
#include "print.h"
#include "progress.h"
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <tmjit_source.h>

enum { ENGINE_SIMD, ENGINE_INTERP, ENGINE_BOTH }; /* as in options.def */

typedef struct run_state {
    const tj_args *args;
    tj_input input;
    tmjit_pipeline_options options;
    tj_constants constants;
    unsigned engine;
    tj_report report;
    tj_bound bound;
    tj_bound interp_bound; /* ENGINE_BOTH: the second set of memory */
    tj_outputs outputs;
    tmjit_pipeline *pipeline, *interp_pipeline;
    tmjit_launch launch;
    uint64_t time_count; /* 0: no --time */
    cJSON *buffers;      /* contents after the first launch, for --json */
} run_state;

/* ---- before the launch ---------------------------------------------------------------- */

static int read_options(run_state *run, tj_failure *why)
{
    static const char *const engines[] = {"simd", "interp", "both"};
    const tj_args *args = run->args;
    tmjit_launch *launch = &run->launch;

    int status = tj_read_pipeline_options(args, &run->options, why);
    run->engine = tj_args_choice(args, TJ_OPT_ENGINE);
    run->report.engine = engines[run->engine];
    run->report.math = run->options.math == TMJIT_MATH_FAST ? "fast" : "strict";
    launch->struct_size = sizeof *launch;
    if (!status)
        status = tj_args_number(args, TJ_OPT_TIMEOUT, &launch->timeout_s, why);
    if (!status)
        status = tj_args_integer(args, TJ_OPT_ORDER, 0, UINT64_MAX, &launch->order_seed, why);
    if (!status)
        status = tj_args_integer(args, TJ_OPT_LOG_LIMIT, 1, UINT32_MAX, &launch->log_byte_limit,
                                 why);
    if (!status)
        status = tj_args_integer(args, TJ_OPT_TIME, 1, 1000000, &run->time_count, why);
    if (status)
        return status;
    run->options.no_watchdog = launch->timeout_s == 0;
    if (run->time_count && run->engine == ENGINE_BOTH)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--time needs one engine: simd or interp");
    if (tj_args_has(args, TJ_OPT_GRID) == tj_args_has(args, TJ_OPT_THREADGROUPS))
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "the size of the grid is wanted: --grid X[,Y[,Z]] in threads, or "
                            "--threadgroups X[,Y[,Z]]");
    return TJ_EXIT_GOOD;
}

static uint64_t count_bytes(const tj_bound *bound)
{
    uint64_t byte_len = 0;

    for (size_t i = 0; i < bound->count; i++)
        byte_len += bound->values[i].byte_len;
    return byte_len;
}

static int bind(run_state *run, tj_failure *why)
{
    tmjit_chip chip = tmjit_context_get_chip(run->input.ctx);
    int status = tj_bound_create(run->args, run->report.kernel, &chip, &run->bound, why);

    if (!status)
        status = tj_outputs_prepare(run->args, &run->bound, &run->outputs, why);
    if (!status && run->engine == ENGINE_BOTH)
        status = tj_bound_copy(&run->bound, &run->interp_bound, why);
    run->report.bound_byte_len = count_bytes(&run->bound);
    return status;
}

static int create_pipeline(run_state *run, tmjit_engine engine, tmjit_pipeline **out,
                           tj_failure *why)
{
    tmjit_pipeline_options options = run->options;

    options.engine = engine;
    if (tmjit_pipeline_create(run->input.ctx, run->report.kernel, &options, out))
        return tj_fail_library(why, run->input.ctx);
    return TJ_EXIT_GOOD;
}

static bool scale(uint32_t *count, uint32_t factor)
{
    return !__builtin_mul_overflow(*count, factor ? factor : 1, count);
}

/* The setting holds where neither the command line nor the language chooses. */
static void prefer_size(run_state *run)
{
    uint64_t size = tj_setting_number(run->args->settings, TJ_SET_THREADGROUP_SIZE, 0);
    uint64_t max = tmjit_kernel_max_threads(run->report.kernel);

    if (size && !run->options.threadgroup.x &&
        tmjit_language_of(run->input.path) != TMJIT_LANGUAGE_TTIR)
        run->options.threadgroup = (tmjit_extent){(uint32_t)(size < max ? size : max), 1, 1};
}

/* What the kernel declares and what --local asks for, against the setting. */
static int check_memory(const run_state *run, tj_failure *why)
{
    uint64_t limit = tj_setting_number(run->args->settings, TJ_SET_MAX_THREADGROUP_BYTES, 0);
    uint64_t byte_len = run->report.info.static_threadgroup_byte_len;

    for (size_t i = 0; i < run->bound.arg_count; i++)
        if (!run->bound.bindings[i].data &&
            tmjit_kernel_arg(run->report.kernel, i)->kind == TMJIT_ARG_THREADGROUP)
            byte_len += run->bound.bindings[i].byte_len;
    if (!limit || byte_len <= limit)
        return TJ_EXIT_GOOD;
    return tj_fail_tool(why, TJ_EXIT_INPUT,
                        "kernel '%s': %" PRIu64
                        " bytes of threadgroup memory are needed; there are %" PRIu64
                        ", by max_threadgroup_bytes of %s",
                        tmjit_kernel_name(run->report.kernel), byte_len, limit,
                        run->args->settings->values[TJ_SET_MAX_THREADGROUP_BYTES].from);
}

/* The grid in threads: --threadgroups counts threadgroups of the pipeline's size, and so does
 * --grid for Triton, whose programs are threadgroups. */
static int find_grid(run_state *run, tj_failure *why)
{
    const tmjit_extent group = run->report.info.threadgroup;
    tmjit_extent grid = {0};
    bool is_triton = tmjit_language_of(run->input.path) == TMJIT_LANGUAGE_TTIR;
    bool has_groups = tj_args_has(run->args, TJ_OPT_THREADGROUPS);
    tj_option_id option = has_groups ? TJ_OPT_THREADGROUPS : TJ_OPT_GRID;
    int status = tj_args_extent(run->args, option, &grid, why);

    if (!status && (has_groups || is_triton) &&
        (!scale(&grid.x, group.x) || !scale(&grid.y, group.y) || !scale(&grid.z, group.z)))
        status = tj_fail_tool(
            why, TJ_EXIT_USAGE, "%s %s: more than 4294967295 threads in one direction",
            has_groups ? "--threadgroups" : "--grid", tj_args_text(run->args, option));
    run->launch.grid = grid;
    run->report.grid = grid;
    return status;
}

static int compile(run_state *run, tj_failure *why)
{
    prefer_size(run);
    tmjit_engine engine =
        run->engine == ENGINE_INTERP ? TMJIT_ENGINE_INTERP : TMJIT_ENGINE_SIMD;
    int status = create_pipeline(run, engine, &run->pipeline, why);

    if (status)
        return status;
    run->report.info = tmjit_pipeline_get_info(run->pipeline);
    tmjit_cache_get_stats(run->input.ctx, false, &run->report.cache);
    status = check_memory(run, why);
    if (!status)
        status = find_grid(run, why);
    run->report.is_compiled = !status;
    /* Both engines must see the same threadgroups. */
    run->options.threadgroup = run->report.info.threadgroup;
    if (!status && run->engine == ENGINE_BOTH)
        status = create_pipeline(run, TMJIT_ENGINE_INTERP, &run->interp_pipeline, why);
    return status;
}

/* ---- launches ------------------------------------------------------------------------- */

static int launch(run_state *run, tmjit_pipeline *pipeline, tj_bound *bound, double *seconds,
                  tj_failure *why)
{
    tmjit_launch how = run->launch;

    how.bindings = bound->bindings;
    how.binding_count = bound->arg_count;
    how.members = bound->members;
    how.member_count = bound->member_count;
    double start_s = tj_now_s();
    tmjit_status status = tmjit_pipeline_launch(pipeline, &how);
    *seconds = tj_now_s() - start_s;
    tj_bound_clear_pointers(bound);
    return status ? tj_fail_library(why, run->input.ctx) : TJ_EXIT_GOOD;
}

static int check_engines(const run_state *run, tj_failure *why)
{
    int status = TJ_EXIT_GOOD;

    for (size_t i = 0; i < run->bound.count && !status; i++) {
        const tmjit_arg *arg = run->bound.slots[i].arg;
        if (run->bound.values[i].memory && arg->is_written)
            status = tj_check_engines(run->bound.slots[i].name, arg->components,
                                      &run->bound.values[i], &run->interp_bound.values[i],
                                      run->launch.grid, why);
    }
    return status;
}

static int launch_first(run_state *run, tj_failure *why)
{
    double interp_s = 0;
    tj_progress *progress = tj_progress_start();
    run->launch.log = tj_log_print; /* of this launch only: others would repeat it */
    int status = launch(run, run->pipeline, &run->bound, &run->report.first_run_s, why);

    run->launch.log = NULL;
    run->report.has_run = !status;
    if (!status && run->engine == ENGINE_BOTH)
        status = launch(run, run->interp_pipeline, &run->interp_bound, &interp_s, why);
    tj_progress_stop(progress);
    return status;
}

static int compare_seconds(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;

    return (first > second) - (first < second);
}

static int launch_timed(run_state *run, tj_failure *why)
{
    double *run_s = calloc(run->time_count, sizeof *run_s);
    tj_progress *progress = tj_progress_start();
    int status = run_s ? TJ_EXIT_GOOD : tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");

    for (uint64_t i = 0; i < run->time_count && !status; i++)
        status = launch(run, run->pipeline, &run->bound, &run_s[i], why);
    tj_progress_stop(progress);
    if (status) {
        free(run_s);
        return status;
    }
    qsort(run_s, run->time_count, sizeof *run_s, compare_seconds);
    run->report.run_s = run_s;
    run->report.run_count = run->time_count;
    return TJ_EXIT_GOOD;
}

double tj_report_median_s(const tj_report *report)
{
    size_t half = report->run_count / 2;

    if (!report->run_count)
        return 0;
    return report->run_count % 2 ? report->run_s[half]
                                 : (report->run_s[half - 1] + report->run_s[half]) / 2;
}

double tj_report_gb_per_s(const tj_report *report)
{
    double median_s = tj_report_median_s(report);

    return median_s > 0 ? (double)report->bound_byte_len / median_s * 1e-9 : 0;
}

/* ---- what is shown -------------------------------------------------------------------- */

static void print_written(const tj_bound *bound)
{
    for (size_t i = 0; i < bound->count; i++) {
        if (bound->values[i].memory && bound->slots[i].arg->is_written)
            tj_print_value(stdout, bound->slots[i].name, &bound->values[i], false);
    }
}

static bool is_silent(const run_state *run)
{
    return !run->outputs.count && !run->time_count && !tj_args_has(run->args, TJ_OPT_JSON);
}

static int show_results(run_state *run, tj_failure *why)
{
    bool is_json = tj_args_has(run->args, TJ_OPT_JSON);

    if (is_json)
        run->buffers = tj_json_buffers(&run->bound, &run->outputs);
    else
        tj_outputs_print(&run->outputs, &run->bound, stdout);
    if (is_silent(run))
        print_written(&run->bound);
    int status = tj_outputs_save(&run->outputs, &run->bound, why);
    if (!status && run->engine == ENGINE_BOTH)
        status = check_engines(run, why);
    if (!status)
        status = tj_outputs_check(&run->outputs, &run->bound, why);
    return status;
}

static void print_times(const tj_report *report)
{
    printf("%s: median %.4g ms, min %.4g ms, max %.4g ms, %.4g GB/s, %zu launches\n",
           tmjit_kernel_name(report->kernel), tj_report_median_s(report) * 1e3,
           report->run_s[0] * 1e3, report->run_s[report->run_count - 1] * 1e3,
           tj_report_gb_per_s(report), report->run_count);
}

static void print_steps(const tj_report *report)
{
    tj_print_source_steps(stderr, &report->source);
    tj_print_steps(stderr, report->load_s, &report->info);
    if (report->cache.problem[0])
        fprintf(stderr, "%-10s %s\n", "cache", report->cache.problem);
}

static int open_input(run_state *run, tj_failure *why)
{
    run->input.uses_cache = true;
    return tj_input_open(run->args, &run->input, why);
}

/* ---- the command ---------------------------------------------------------------------- */

static int prepare(run_state *run, tj_failure *why)
{
    int status = read_options(run, why);

    if (!status)
        status = open_input(run, why);
    run->report.path = run->input.path;
    run->report.load_s = run->input.load_s;
    run->report.source = run->input.source;
    if (!status)
        status = tj_input_find_kernel(&run->input, run->args, &run->report.kernel, why);
    if (!status)
        status = tj_constants_read(run->args, run->report.kernel, &run->options,
                                   &run->constants, why);
    if (!status)
        status = bind(run, why);
    if (!status)
        status = compile(run, why);
    if (!status)
        status = tj_bound_check(&run->bound, run->pipeline, why);
    if (!status && tj_args_has(run->args, TJ_OPT_TIME_PASSES))
        print_steps(&run->report);
    return status;
}

static int execute(run_state *run, tj_failure *why)
{
    int status = launch_first(run, why);

    if (!status)
        status = show_results(run, why);
    if (!status && run->time_count)
        status = launch_timed(run, why);
    if (!status && run->time_count && !tj_args_has(run->args, TJ_OPT_JSON))
        print_times(&run->report);
    return status;
}

static int print_json(run_state *run, tj_failure *why)
{
    cJSON *object = cJSON_CreateObject();

    tj_json_add_report(object, &run->report);
    if (run->buffers)
        cJSON_AddItemToObject(object, "buffers", run->buffers);
    run->buffers = NULL; /* taken */
    if (why->exit_status)
        tj_json_add_failure(object, why);
    return tj_json_print(stdout, object, why);
}

int tj_cmd_run(const tj_args *args, tj_failure *why)
{
    run_state run = {.args = args};
    int status = prepare(&run, why);

    if (!status)
        status = execute(&run, why);
    if (tj_args_has(args, TJ_OPT_JSON)) {
        int json_status = print_json(&run, why);
        status = status ? status : json_status;
    }
    tmjit_pipeline_destroy(run.pipeline);
    tmjit_pipeline_destroy(run.interp_pipeline);
    tj_constants_fini(&run.constants);
    tj_outputs_fini(&run.outputs);
    tj_bound_fini(&run.bound);
    tj_bound_fini(&run.interp_bound);
    tj_input_close(&run.input);
    free(run.report.run_s);
    return status;
}
