/* SPDX-License-Identifier: MIT */
/* The rows' kernels in all their forms: AIR, Metal and OpenCL C in tmjit, and OpenCL C in the
 * OpenCL of this machine (PoCL), on the same memory in turns. */
#include "bench.h"

#include <dlfcn.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- one row --------------------------------------------------------------------------- */

enum {
    RUN_AIR,
    RUN_METAL,
    RUN_OPENCL,
    RUN_CHECKED,
    OWN_RUNNERS,
    RUN_OTHER = OWN_RUNNERS,
    RUNNERS
};

static const struct {
    const char *name;
    tjb_form form;
    bool has_checks;
} runners[RUNNERS] = {
    {"AIR", TJB_FORM_AIR, false},         {"Metal", TJB_FORM_METAL, false},
    {"OpenCL C", TJB_FORM_OPENCL, false}, {"OpenCL C with checks", TJB_FORM_OPENCL, true},
    {"OpenCL", TJB_FORM_OPENCL, false},
};

typedef struct contest {
    const tjb_options *options;
    tjb_machine *m;
    tjb_opencl *cl; /* NULL: none */
    const tjb_row *row;
    tjb_case data;
    tjb_program own[OWN_RUNNERS];
    tjb_opencl_program *other;
    bool takes_part[RUNNERS];
    tjb_times time[RUNNERS];
    char error[512];
} contest;

static bool has_form(const tjb_options *options, const char *file, tjb_form form)
{
    char path[4096];

    tjb_kernel_path(path, sizeof path, options, file, form);
    return access(path, R_OK) == 0;
}

static bool create(contest *x)
{
    bool is_good = true;

    for (int i = 0; i < OWN_RUNNERS && is_good; i++) {
        x->takes_part[i] = has_form(x->options, x->data.step[0].file, runners[i].form);
        if (x->takes_part[i])
            is_good =
                tjb_program_create(&x->own[i], x->m, &x->data, x->options, runners[i].form,
                                   runners[i].has_checks, x->error, sizeof x->error);
    }
    if (is_good && x->cl && x->takes_part[RUN_OPENCL])
        x->other = tjb_opencl_create(x->cl, &x->data, &x->own[RUN_OPENCL], x->options, x->error,
                                     sizeof x->error);
    x->takes_part[RUN_OTHER] = x->other != NULL;
    return is_good && !x->error[0];
}

static void destroy(contest *x)
{
    for (int i = 0; i < OWN_RUNNERS; i++)
        tjb_program_destroy(&x->own[i]);
    tjb_opencl_destroy(x->other);
    tjb_case_destroy(&x->data);
}

static bool run_one(contest *x, int runner)
{
    return runner == RUN_OTHER
               ? tjb_opencl_run(x->other, x->error, sizeof x->error)
               : tjb_program_run(&x->own[runner], x->m, &x->data, x->error, sizeof x->error);
}

/* Everybody's result against that of native C. */
static bool verify(contest *x)
{
    tjb_native *native = NULL;

    for (int i = 0; i < TJB_NATIVES && !native; i++)
        if (x->m->native[i])
            *(void **)&native = dlsym(x->m->native[i], x->row->native);
    if (!native) {
        snprintf(x->error, sizeof x->error, "no native code to compare with");
        return false;
    }
    tjb_case_reset(&x->data);
    native(x->data.buffer, x->data.n);
    tjb_case_keep_reference(&x->data);
    for (int runner = 0; runner < RUNNERS; runner++) {
        if (!x->takes_part[runner])
            continue;
        tjb_case_reset(&x->data);
        if (!run_one(x, runner))
            return false;
        double differ = tjb_case_compare(&x->data, x->row);
        if (differ > x->row->may_differ) {
            snprintf(x->error, sizeof x->error,
                     "%s differs from native C in %.4f %% of the elements",
                     runners[runner].name, 100.0 * differ);
            return false;
        }
    }
    return true;
}

static bool take_times(contest *x)
{
    static double sample[RUNNERS][TJB_MAX_REPS];
    unsigned reps = x->options->reps;

    for (unsigned r = 0; r < reps; r++)
        for (int turn = 0; turn < RUNNERS; turn++) {
            int runner = r % 2 ? RUNNERS - 1 - turn : turn;
            double start = tjb_now(x->options);

            if (!x->takes_part[runner])
                continue;
            if (!run_one(x, runner))
                return false;
            sample[runner][r] = tjb_now(x->options) - start;
        }
    for (int runner = 0; runner < RUNNERS; runner++)
        if (x->takes_part[runner])
            x->time[runner] = tjb_summarize(sample[runner], reps);
    return true;
}

/* ---- all rows -------------------------------------------------------------------------- */

typedef struct totals {
    double log_sum, log_limit_sum;
    unsigned count, slower, failed, near_limit;
} totals;

enum { MOST = 8 }; /* times faster, as wanted of all rows together */

/* How much faster than OpenCL a program can be whose row has a limit; else as fast as tmjit is.
 */
static double print_limit(const contest *x, double own, double other, totals *all)
{
    bool is_memory;
    double limit = tjb_limit_of(x->m, &x->data, &is_memory);

    if (limit <= 0) {
        printf("| %-9s | %7s ", "", "");
        return other / own;
    }
    printf("| %3.0f %% %-3s | %6.1fx ", 100.0 * limit / own, is_memory ? "mem" : "FMA",
           other / limit);
    all->near_limit += other / limit < MOST;
    return other / limit;
}

static void print_row(const contest *x, totals *all)
{
    double own = x->time[RUN_OPENCL].median, other = x->time[RUN_OTHER].median;

    printf("| %-26s ", x->row->title);
    for (int i = 0; i < RUNNERS; i++) {
        if (x->takes_part[i])
            printf("| %8.*f ", x->time[i].median < 1e-3 ? 4 : 2, 1e3 * x->time[i].median);
        else
            printf("| %8s ", "");
    }
    if (x->takes_part[RUN_OTHER]) {
        printf("| %6.2fx ", other / own);
        all->log_limit_sum += log(print_limit(x, own, other, all));
        printf("| %-5s |\n", other >= own ? "ok" : "SHORT");
        all->log_sum += log(other / own);
        all->count++;
        all->slower += other < own;
    } else {
        printf("| %7s | %-9s | %7s | %-5s |\n", "", "", "", "");
    }
}

static void run_row(const tjb_options *options, tjb_machine *m, tjb_opencl *cl,
                    const tjb_row *row, totals *all)
{
    contest x = {.options = options, .m = m, .cl = cl, .row = row};

    tjb_case_create(&x.data, row, options->is_small);
    bool is_good = create(&x) && verify(&x) && (options->is_small || take_times(&x));
    if (!is_good) {
        printf("| %-26s | FAILED: %s |\n", row->title, x.error);
        all->failed++;
    } else if (options->is_small) {
        printf("| %-26s | good |\n", row->title);
    } else {
        print_row(&x, all);
    }
    fflush(stdout);
    destroy(&x);
}

static void run_rows(const tjb_options *options, tjb_machine *m, tjb_opencl *cl, totals *all)
{
    for (size_t i = 0; i < tjb_row_count; i++) {
        const tjb_row *row = &tjb_rows[i];

        bool is_named =
            !options->only || strncmp(row->name, options->only, strlen(options->only)) == 0;
        if (is_named && !row->is_triton)
            run_row(options, m, cl, row, all);
    }
}

static void print_head(const tjb_options *options, const tjb_opencl *cl)
{
    printf("%s, on %u threads; medians of %u%s, in ms\n\n",
           cl ? tjb_opencl_about(cl) : "no OpenCL on this machine", options->threads,
           options->reps, options->is_cpu_time ? ", processor time" : "");
    if (options->is_small)
        return;
    printf("| %-26s | %8s | %8s | %8s | %8s | %8s | %7s | %-9s | %7s | %-5s |\n", "kernel",
           "AIR", "Metal", "OpenCL C", "checked", "OpenCL", "faster", "of limit", "at most",
           "");
    puts("|----------------------------|---------:|---------:|---------:|---------:|---------:|"
         "--------:|-----------|--------:|-------|");
}

static const char help[] =
    "usage: tmjit-bench-forms [options]\n"
    "Runs kernels as AIR, Metal and OpenCL C in tmjit, and kernels/*.cl in the OpenCL of this\n"
    "machine, in turns on the same data.\n"
    "  --only NAME       rows whose name begins with NAME\n"
    "  --reps N          runs of each, the median counts (default 11)\n"
    "  --threads N       threads of all (default: one per core)\n"
    "  --lanes W         lanes of a slice, 4, 8, 16 or 32 (default: chosen per kernel)\n"
    "  --clock wall|cpu  cpu: processor time over threads, for a machine that is not idle\n"
    "  --small           small sizes: a test of the results without times\n";

static bool parse_number(const char *text, unsigned low, unsigned high, unsigned *out)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    *out = (unsigned)number;
    return end != text && !*end && number >= low && number <= high;
}

/* -1: good; else the exit status. */
static int parse(int argc, char **argv, tjb_options *out)
{
    static const struct option options[] = {
        {"only", required_argument, NULL, 'o'},    {"reps", required_argument, NULL, 'r'},
        {"threads", required_argument, NULL, 't'}, {"lanes", required_argument, NULL, 'l'},
        {"clock", required_argument, NULL, 'c'},   {"small", no_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    bool is_good = true;
    int option;

    *out = (tjb_options){
        .reps = 11, .threads = (unsigned)sysconf(_SC_NPROCESSORS_ONLN), .folder = TJB_KERNELS};
    while (is_good && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return 0;
        }
        if (option == 'o')
            out->only = optarg;
        else if (option == 'r')
            is_good = parse_number(optarg, 1, TJB_MAX_REPS, &out->reps);
        else if (option == 't')
            is_good = parse_number(optarg, 1, 64, &out->threads);
        else if (option == 'l')
            is_good = parse_number(optarg, 4, 32, &out->lanes);
        else if (option == 'c')
            is_good =
                (out->is_cpu_time = strcmp(optarg, "cpu") == 0) || strcmp(optarg, "wall") == 0;
        else
            is_good = out->is_small = option == 's';
    }
    if (is_good && optind == argc)
        return -1;
    fputs(help, stderr);
    return 2;
}

int main(int argc, char **argv)
{
    tjb_options options;
    tjb_machine machine;
    totals all = {0};
    char threads[16];
    int status = parse(argc, argv, &options);

    if (status >= 0)
        return status;
    snprintf(threads, sizeof threads, "%u", options.threads);
    setenv("POCL_MAX_PTHREAD_COUNT", threads, 1);
    if (!tjb_machine_init(&machine, &options, argv[0]))
        return 1;
    tjb_opencl *cl = tjb_opencl_open();
    print_head(&options, cl);
    run_rows(&options, &machine, cl, &all);
    if (all.count)
        printf("\ngeometric mean: %.2f times faster (%d wanted); %u of %u kernels slower; with "
               "every kernel at its limit %.2f, %u of them below %d\n",
               exp(all.log_sum / all.count), MOST, all.slower, all.count,
               exp(all.log_limit_sum / all.count), all.near_limit, MOST);
    tjb_machine_fini(&machine);
    return all.failed ? 1 : 0;
}
