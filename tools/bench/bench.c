/* SPDX-License-Identifier: MIT */
/* The benchmark's command line, its table and its JSON. */
#include "bench.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: tmjit-bench [options]\n"
    "Runs AIR kernels in the simulator beside native C on the same data; prints a table.\n"
    "  --only NAME          rows whose name begins with NAME (copy, softmax, sgemm, launch, "
    "...)\n"
    "  --reps N             runs of each competitor, the median counts (default 11)\n"
    "  --threads N          worker threads and OpenMP threads (default: one per core)\n"
    "  --lanes W            lanes of a slice, 4, 8, 16 or 32 (default: chosen per kernel)\n"
    "  --check none|bounds  one kind of simulator run only (default: both)\n"
    "  --clock wall|cpu     cpu: processor time over threads, for a machine that is not idle\n"
    "  --small              small sizes: a test of the results, the times mean nothing\n"
    "  --json FILE          medians, minima and maxima of everything\n"
    "  --kernels FOLDER     where the .ll files are\n"
    "  --tmjit FILE         the tmjit command, for the start rows\n"
    "  --metallib FILE      MLX's library, for the start of one of its kernels\n";

static int refuse_usage(const char *what)
{
    fprintf(stderr, "tmjit-bench: %s\n%s", what, help);
    return 2;
}

/* 0: good; else the exit status. */
static int parse_options(int argc, char **argv, tjb_options *out)
{
    enum {
        ONLY = 1,
        REPS,
        THREADS,
        LANES,
        CHECK,
        CLOCK,
        SMALL,
        JSON,
        KERNELS,
        TMJIT,
        METALLIB,
        HELP
    };
    static const struct option options[] = {{"only", required_argument, NULL, ONLY},
                                            {"reps", required_argument, NULL, REPS},
                                            {"threads", required_argument, NULL, THREADS},
                                            {"lanes", required_argument, NULL, LANES},
                                            {"check", required_argument, NULL, CHECK},
                                            {"clock", required_argument, NULL, CLOCK},
                                            {"small", no_argument, NULL, SMALL},
                                            {"json", required_argument, NULL, JSON},
                                            {"kernels", required_argument, NULL, KERNELS},
                                            {"tmjit", required_argument, NULL, TMJIT},
                                            {"metallib", required_argument, NULL, METALLIB},
                                            {"help", no_argument, NULL, HELP},
                                            {NULL, 0, NULL, 0}};
    int option;

    *out = (tjb_options){.reps = 11,
                         .threads = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
                         .has_none = true,
                         .has_bounds = true,
                         .folder = TJB_KERNELS,
                         .tmjit = TJB_TMJIT};
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case ONLY:
            out->only = optarg;
            break;
        case REPS:
            out->reps = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case THREADS:
            out->threads = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case LANES:
            out->lanes = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case SMALL:
            out->is_small = true;
            break;
        case JSON:
            out->json = optarg;
            break;
        case KERNELS:
            out->folder = optarg;
            break;
        case TMJIT:
            out->tmjit = optarg;
            break;
        case METALLIB:
            out->metallib = optarg;
            break;
        case CHECK:
            out->has_none = strcmp(optarg, "none") == 0;
            out->has_bounds = strcmp(optarg, "bounds") == 0;
            break;
        case CLOCK:
            out->is_cpu_time = strcmp(optarg, "cpu") == 0;
            if (!out->is_cpu_time && strcmp(optarg, "wall"))
                return refuse_usage("--clock takes wall or cpu");
            break;
        case HELP:
            fputs(help, stdout);
            exit(0);
        default:
            return refuse_usage("unknown option");
        }
    }
    if (optind < argc)
        return refuse_usage("no operands are taken");
    if (!out->has_none && !out->has_bounds)
        return refuse_usage("--check takes none or bounds");
    if (out->reps < 1 || out->reps > TJB_MAX_REPS || out->threads < 1 || out->threads > 64)
        return refuse_usage("--reps takes 1 to 1001, --threads 1 to 64");
    return 0;
}

static bool is_wanted(const tjb_options *options, const char *name)
{
    return !options->only || strncmp(name, options->only, strlen(options->only)) == 0;
}

/* What a latency is, besides a tjb_start. */
enum { A_LAUNCH = -1, A_PRINT = -2, A_COMPILE = -3, A_LONGEST_COMPILE = -4, LATENCIES = 10 };
static const struct {
    const char *name, *title;
    double target_ms;
    int start; /* a tjb_start or one of the above */
} latencies[LATENCIES] = {
    {"start", "start to first result", 80, TJB_START_COLD},
    {"warm", "warm start of vector add", 25, TJB_START_WARM},
    {"corpus", "warm start of MLX's softmax", 40, TJB_START_WARM_CORPUS},
    {"metal", "start of a changed .metal", 400, TJB_START_METAL},
    {"metal_warm", "start of the same .metal", 25 + 5, TJB_START_WARM_METAL},
    {"launch", "launch of 256 threads", 0.01, A_LAUNCH},
    {"print", "print of 500 lines of Metal", 5, A_PRINT},
    {"triton_warm", "start of the same .ttir", 25 + 5, TJB_START_WARM_TTIR},
    {"triton_compile", "Triton cases, median compile", 60, A_COMPILE},
    {"triton_longest", "Triton cases, longest compile", 400, A_LONGEST_COMPILE},
};

/* Without MLX's library there is no kernel of it to start. */
static bool is_latency_wanted(const tjb_options *options, int i)
{
    return is_wanted(options, latencies[i].name) &&
           (latencies[i].start != TJB_START_WARM_CORPUS || options->metallib);
}

static bool is_any_wanted(const tjb_options *options)
{
    bool is_any = false;

    for (size_t i = 0; i < tjb_row_count; i++)
        is_any = is_any || (is_wanted(options, tjb_rows[i].name) && !tjb_rows[i].is_source);
    for (int i = 0; i < LATENCIES; i++)
        is_any = is_any || is_latency_wanted(options, i);
    return is_any;
}

/* ---- table ---------------------------------------------------------------------------- */

static int best_native(const tjb_result *r)
{
    int best = -1;

    for (int i = 0; i < TJB_NATIVES; i++) {
        double time = r->time[TJB_RUN_NATIVE + i].median;

        if (time > 0 && (best < 0 || time < r->time[TJB_RUN_NATIVE + best].median))
            best = i;
    }
    return best;
}

/* The simulator's time that counts: without checks, if that was measured. */
static double own_time(const tjb_result *r)
{
    double none = r->time[TJB_RUN_NONE].median;

    return none > 0 ? none : r->time[TJB_RUN_BOUNDS].median;
}

static double checks_ratio(const tjb_result *r)
{
    double none = r->time[TJB_RUN_NONE].median, bounds = r->time[TJB_RUN_BOUNDS].median;

    return none > 0 && bounds > 0 ? bounds / none : 0.0;
}

static void print_head(const tjb_machine *m, const tjb_options *options)
{
    if (options->is_small) {
        printf("small sizes, results only\n\n| kernel               | result |\n"
               "|----------------------|--------|\n");
        return;
    }
    printf("%u threads, medians of %u%s; memory %.1f GB/s read, %.1f GB/s copied; FMA peak "
           "%.0f GFLOP/s\n",
           options->threads, options->reps, options->is_cpu_time ? ", processor time" : "",
           1e-9 * m->read_rate, 1e-9 * m->copy_rate, 1e-9 * m->peak_rate);
    printf("\n| %-28s | %8s | %8s | %-5s | %6s | %-10s | %-14s | %-6s | %-18s |\n", "kernel",
           "tmjit ms", "C ms", "by", "of C", "of limit", "target", "", "checks on");
    printf("|%s|%s:|%s:|%s|%s:|%s|%s|%s|%s|\n", "------------------------------", "---------",
           "---------", "-------", "-------", "------------", "----------------", "--------",
           "--------------------");
}

static const char *verdict(bool is_reached)
{
    return is_reached ? "ok" : "SHORT";
}

static void print_row(const tjb_machine *m, const tjb_row *row, const tjb_result *r)
{
    int native = best_native(r);
    double own = own_time(r), c = native < 0 ? 0 : r->time[TJB_RUN_NATIVE + native].median;
    double of_limit = r->limit / own, checks = checks_ratio(r);
    bool is_peak = row->yardstick == TJB_OF_PEAK;
    bool is_reached = (is_peak ? of_limit : c / own) >= row->target;
    char limit[32] = "", target[32], cost[32] = "";

    if (r->limit > 0)
        snprintf(limit, sizeof limit, "%.0f %% %s", 100 * of_limit,
                 r->limit_is_memory ? "mem" : "FMA");
    if (is_peak)
        snprintf(target, sizeof target, "%.0f %% of FMA", 100 * row->target);
    else
        snprintf(target, sizeof target, "%.2g of C", row->target);
    if (checks > 0)
        snprintf(cost, sizeof cost, "%.2fx (%.1fx) %s", checks, row->checks_limit,
                 verdict(checks <= row->checks_limit));
    printf("| %-28s | %8.2f | %8.2f | %-5s | %6.2f | %-10s | %-14s | %-6s | %-18s |\n",
           row->title, 1e3 * own, 1e3 * c, native < 0 ? "" : m->native_name[native], c / own,
           limit, target, verdict(is_reached), cost);
}

static void print_failure(const char *title, const char *error)
{
    printf("| %-28s | FAILED: %s |\n", title, error);
}

static void print_time(const char *title, double ms, double target_ms)
{
    char own[32], target[32];

    snprintf(own, sizeof own, ms < 1 ? "%.1f us" : "%.1f", ms < 1 ? 1e3 * ms : ms);
    snprintf(target, sizeof target, target_ms < 1 ? "%g us" : "%g ms",
             target_ms < 1 ? 1e3 * target_ms : target_ms);
    printf("| %-28s | %8s | %8s | %-5s | %6s | %-10s | %-14s | %-6s | %-18s |\n", title, own,
           "", "", "", "", target, verdict(ms <= target_ms), "");
}

/* ---- JSON ----------------------------------------------------------------------------- */

static const char *const runner_name[TJB_RUNNERS] = {"tmjit", "tmjit_bounds", "gcc", "clang"};

static void write_times(FILE *f, const char *name, tjb_times t)
{
    fprintf(f, ", \"%s\": {\"median_s\": %.9g, \"min_s\": %.9g, \"max_s\": %.9g}", name,
            t.median, t.min, t.max);
}

static void write_text(FILE *f, const char *text)
{
    fputc('"', f);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', f);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, f);
    }
    fputc('"', f);
}

static void write_result(FILE *f, const tjb_row *row, const tjb_result *r)
{
    fprintf(f,
            ",\n  {\"name\": \"%s\", \"target\": %g, \"yardstick\": \"%s\", \"limit_s\": %.9g",
            row->name, row->target, row->yardstick == TJB_OF_PEAK ? "fma" : "native", r->limit);
    for (int i = 0; i < TJB_RUNNERS; i++)
        if (r->time[i].median > 0)
            write_times(f, runner_name[i], r->time[i]);
    fprintf(f, ", \"error\": ");
    write_text(f, r->error);
    fprintf(f, "}");
}

/* ---- all rows ------------------------------------------------------------------------- */

static bool run_rows(tjb_machine *m, const tjb_options *options, FILE *json)
{
    bool is_good = true;

    for (size_t i = 0; i < tjb_row_count; i++) {
        const tjb_row *row = &tjb_rows[i];
        tjb_result result;

        if (!is_wanted(options, row->name) || row->is_source)
            continue;
        tjb_measure(m, row, options, &result);
        if (result.error[0])
            print_failure(options->is_small ? row->name : row->title, result.error);
        else if (options->is_small)
            printf("| %-20s | good   |\n", row->name);
        else
            print_row(m, row, &result);
        fflush(stdout);
        is_good = is_good && !result.error[0];
        if (json)
            write_result(json, row, &result);
    }
    return is_good;
}

static bool measure_latency(tjb_machine *m, const tjb_options *options, int start,
                            tjb_times *out, char *error, size_t error_len)
{
    if (start == A_LAUNCH)
        return tjb_measure_launch(m, options, out, error, error_len);
    if (start == A_PRINT)
        return tjb_measure_print(m, options, out, error, error_len);
    if (start == A_COMPILE)
        return tjb_measure_compile(m, options, out, error, error_len);
    if (start == A_LONGEST_COMPILE) {
        bool is_good = tjb_measure_compile(m, options, out, error, error_len);
        out->median = out->max;
        return is_good;
    }
    return tjb_measure_start(options, (tjb_start)start, out, error, error_len);
}

/* Below the row of a changed .metal file. */
static bool run_parts(const tjb_options *options, FILE *json)
{
    static const char *const titles[TJB_PARTS] = {"of it: preprocessor", "of it: pre-pass",
                                                  "of it: clang", "of it: our passes",
                                                  "of it: LLVM"};
    static const char *const names[TJB_PARTS] = {"preprocess", "rewrite", "clang", "ours",
                                                 "llvm"};
    double part[TJB_PARTS];
    char error[512] = "";

    if (options->is_small)
        return true;
    if (!tjb_measure_start_parts(options, part, error, sizeof error)) {
        print_failure("of it", error);
        return false;
    }
    for (int p = 0; p < TJB_PARTS; p++) {
        printf("| %-28s | %8.2f | %8s | %-5s | %6s | %-10s | %-14s | %-6s | %-18s |\n",
               titles[p], 1e3 * part[p], "", "", "", "", "", "", "");
        if (json)
            fprintf(json, ",\n  {\"name\": \"metal_%s\", \"median_s\": %.9g}", names[p],
                    part[p]);
    }
    return true;
}

static bool run_latencies(tjb_machine *m, const tjb_options *options, FILE *json)
{
    bool is_good = true;

    for (int i = 0; i < LATENCIES; i++) {
        tjb_times times = {0, 0, 0};
        char error[512] = "";
        bool is_measured;

        if (!is_latency_wanted(options, i))
            continue;
        is_measured =
            measure_latency(m, options, latencies[i].start, &times, error, sizeof error);
        if (is_measured && options->is_small)
            printf("| %-20s | good   |\n", latencies[i].name);
        else if (is_measured)
            print_time(latencies[i].title, 1e3 * times.median, latencies[i].target_ms);
        else
            print_failure(latencies[i].title, error);
        is_good = is_good && is_measured;
        if (json) {
            fprintf(json, ",\n  {\"name\": \"%s\", \"target_ms\": %g", latencies[i].name,
                    latencies[i].target_ms);
            write_times(json, "tmjit", times);
            fprintf(json, ", \"error\": ");
            write_text(json, error);
            fprintf(json, "}");
        }
        if (is_measured && latencies[i].start == TJB_START_METAL)
            is_good = run_parts(options, json) && is_good;
    }
    return is_good;
}

int main(int argc, char **argv)
{
    tjb_options options;
    tjb_machine machine;
    int status = parse_options(argc, argv, &options);
    FILE *json = NULL;
    bool is_good;

    if (status)
        return status;
    if (!is_any_wanted(&options))
        return refuse_usage("no row of that name");
    if (options.json && !(json = fopen(options.json, "w"))) {
        perror(options.json);
        return 2;
    }
    if (!tjb_machine_init(&machine, &options, argv[0]))
        return 1;
    print_head(&machine, &options);
    if (json)
        fprintf(
            json,
            "[\n  {\"name\": \"machine\", \"version\": \"%s\", \"threads\": %u, \"reps\": %u, "
            "\"read_bytes_per_s\": %.6g, \"copy_bytes_per_s\": %.6g, \"flop_per_s\": %.6g}",
            tmjit_version(), options.threads, options.reps, machine.read_rate,
            machine.copy_rate, machine.peak_rate);
    is_good = run_rows(&machine, &options, json);
    is_good = run_latencies(&machine, &options, json) && is_good;
    if (json && (fprintf(json, "\n]\n") < 0 || fclose(json)))
        is_good = false;
    tjb_machine_fini(&machine);
    return is_good ? 0 : 1;
}
