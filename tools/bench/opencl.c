/* SPDX-License-Identifier: MIT */
/* The rows' kernels in OpenCL C, by tmjit and by the OpenCL of this machine (PoCL), on the same
 * memory in turns. OpenCL's library is opened when it is there; its few functions are declared
 * here, so that the benchmark is built without its headers. */
#include "bench.h"
#include "tmjit_source.h"

#include <dlfcn.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- OpenCL, as Khronos' headers number it --------------------------------------------- */

enum { DEVICE_CPU = 2, MEM_READ_WRITE = 1, MEM_USE_HOST_PTR = 8, BUILD_LOG = 0x1183 };
enum { PLATFORM_VERSION = 0x901, DEVICE_NAME = 0x102b, MAX_ARGS = 16 };

#define FUNCTIONS(F)                                                                           \
    F(int, GetPlatformIDs, (unsigned, void **, unsigned *))                                    \
    F(int, GetPlatformInfo, (void *, unsigned, size_t, void *, size_t *))                      \
    F(int, GetDeviceIDs, (void *, uint64_t, unsigned, void **, unsigned *))                    \
    F(int, GetDeviceInfo, (void *, unsigned, size_t, void *, size_t *))                        \
    F(void *, CreateContext,                                                                   \
      (const intptr_t *, unsigned, void *const *, void *, void *, int *))                      \
    F(void *, CreateCommandQueue, (void *, void *, uint64_t, int *))                           \
    F(void *, CreateProgramWithSource,                                                         \
      (void *, unsigned, const char **, const size_t *, int *))                                \
    F(int, BuildProgram, (void *, unsigned, void *const *, const char *, void *, void *))      \
    F(int, GetProgramBuildInfo, (void *, void *, unsigned, size_t, void *, size_t *))          \
    F(void *, CreateKernel, (void *, const char *, int *))                                     \
    F(int, SetKernelArg, (void *, unsigned, size_t, const void *))                             \
    F(void *, CreateBuffer, (void *, uint64_t, size_t, void *, int *))                         \
    F(int, EnqueueNDRangeKernel,                                                               \
      (void *, void *, unsigned, const size_t *, const size_t *, const size_t *, unsigned,     \
       const void *, void *))                                                                  \
    F(int, Finish, (void *))                                                                   \
    F(int, ReleaseMemObject, (void *))                                                         \
    F(int, ReleaseKernel, (void *))                                                            \
    F(int, ReleaseProgram, (void *))

typedef struct opencl {
#define DECLARE(result, name, parameters) result(*name) parameters;
    FUNCTIONS(DECLARE)
    void *device, *context, *queue;
    char about[400];
} opencl;

static bool opencl_open(opencl *cl)
{
    void *library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL), *platform = NULL;
    char version[256] = "", device[128] = "";
    int status = 0;

    if (!library)
        return false;
#define FIND(result, name, parameters)                                                         \
    *(void **)&cl->name = dlsym(library, "cl" #name); /* as POSIX dlsym shows it */            \
    if (!cl->name)                                                                             \
        return false;
    FUNCTIONS(FIND)
    if (cl->GetPlatformIDs(1, &platform, NULL) ||
        cl->GetDeviceIDs(platform, DEVICE_CPU, 1, &cl->device, NULL))
        return false;
    cl->GetPlatformInfo(platform, PLATFORM_VERSION, sizeof version - 1, version, NULL);
    cl->GetDeviceInfo(cl->device, DEVICE_NAME, sizeof device - 1, device, NULL);
    snprintf(cl->about, sizeof cl->about, "%s; %s", version, device);
    cl->context = cl->CreateContext(NULL, 1, &cl->device, NULL, NULL, &status);
    if (!cl->context)
        return false;
    cl->queue = cl->CreateCommandQueue(cl->context, cl->device, 0, &status);
    return cl->queue != NULL;
}

/* ---- one row --------------------------------------------------------------------------- */

enum { RUN_TMJIT, RUN_CHECKED, RUN_OPENCL, RUNNERS };

typedef struct contest {
    const tjb_options *options;
    tjb_machine *m;
    opencl *cl; /* NULL: none */
    const tjb_row *row;
    tjb_case data;
    tmjit_library *library[TJB_STEPS];
    tmjit_pipeline *pipeline[2][TJB_STEPS];
    const tmjit_kernel *kernel[TJB_STEPS];
    void *program[TJB_STEPS], *cl_kernel[TJB_STEPS], *memory[TJB_BUFFERS];
    double time[RUNNERS];
    char error[512];
} contest;

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool fail(contest *x, const char *what, const char *why)
{
    snprintf(x->error, sizeof x->error, "%.90s: %.400s", what, why ? why : "no message");
    return false;
}

static bool fail_tmjit(contest *x, const char *what)
{
    const tmjit_error *e = tmjit_last_error(x->m->ctx);

    return fail(x, what, e ? e->rendered : NULL);
}

static char *read_text(const char *path, size_t *byte_len)
{
    FILE *f = fopen(path, "rb");
    char *text = f ? calloc(1, 1 << 16) : NULL;

    *byte_len = text ? fread(text, 1, (1 << 16) - 1, f) : 0;
    if (f)
        fclose(f);
    return text;
}

static bool create_step(contest *x, size_t i, const char *text, size_t byte_len,
                        const char *path)
{
    const tjb_step *step = &x->data.step[i];
    tmjit_pipeline_options options = {.struct_size = sizeof options,
                                      .threadgroup = step->threadgroup,
                                      .grid = step->grid,
                                      .math = TMJIT_MATH_FAST,
                                      .no_watchdog = true,
                                      .lanes = x->options->lanes};

    tmjit_source_options source = {.struct_size = sizeof source, .fast_math = true};

    if (tmjit_library_load_source(x->m->ctx, TMJIT_LANGUAGE_OPENCL, text, byte_len, path,
                                  &source, &x->library[i]))
        return fail_tmjit(x, "load");
    x->kernel[i] = tmjit_library_find_kernel(x->library[i], step->entry);
    if (!x->kernel[i])
        return fail(x, step->entry, "no such kernel");
    for (int checks = 0; checks < 2; checks++) {
        options.no_bounds_checks = !checks;
        if (tmjit_pipeline_create(x->m->ctx, x->kernel[i], &options, &x->pipeline[checks][i]))
            return fail_tmjit(x, "compile");
    }
    return true;
}

static bool is_value(const contest *x, size_t step, size_t arg)
{
    const tmjit_arg *about = tmjit_kernel_arg(x->kernel[step], arg);

    return about->address_space == 2 && about->fixed_byte_len;
}

static bool set_args(contest *x, size_t i)
{
    const tjb_step *step = &x->data.step[i];

    for (unsigned a = 0; a < TJB_BUFFERS && step->buffer[a] >= 0; a++) {
        int b = step->buffer[a];
        bool is_given = is_value(x, i, a);
        if (x->cl->SetKernelArg(x->cl_kernel[i], a,
                                is_given ? x->data.byte_len[b] : sizeof(void *),
                                is_given ? x->data.buffer[b] : (void *)&x->memory[b]))
            return fail(x, step->entry, "OpenCL refuses an argument");
    }
    return true;
}

static bool create_opencl(contest *x, size_t i, const char *text, size_t byte_len)
{
    opencl *cl = x->cl;
    int status = 0;

    x->program[i] = cl->CreateProgramWithSource(cl->context, 1, &text, &byte_len, &status);
    if (!x->program[i] ||
        cl->BuildProgram(x->program[i], 1, &cl->device, "-cl-fast-relaxed-math -cl-mad-enable",
                         NULL, NULL)) {
        char log[400] = "";
        if (x->program[i])
            cl->GetProgramBuildInfo(x->program[i], cl->device, BUILD_LOG, sizeof log - 1, log,
                                    NULL);
        return fail(x, "OpenCL's build", log);
    }
    x->cl_kernel[i] = cl->CreateKernel(x->program[i], x->data.step[i].entry, &status);
    return x->cl_kernel[i] ? set_args(x, i) : fail(x, "OpenCL", "no such kernel");
}

static bool create(contest *x)
{
    bool is_good = true;

    for (size_t b = 0; x->cl && b < x->data.buffer_count; b++) {
        int status = 0;
        x->memory[b] = x->cl->CreateBuffer(x->cl->context, MEM_READ_WRITE | MEM_USE_HOST_PTR,
                                           x->data.byte_len[b], x->data.buffer[b], &status);
    }
    for (size_t i = 0; i < x->data.step_count && is_good; i++) {
        char path[4096];
        size_t byte_len;
        snprintf(path, sizeof path, "%s/%s.cl", x->options->folder, x->data.step[i].file);
        char *text = read_text(path, &byte_len);
        is_good = text ? create_step(x, i, text, byte_len, path) &&
                             (!x->cl || create_opencl(x, i, text, byte_len))
                       : fail(x, path, "cannot be read");
        free(text);
    }
    return is_good;
}

static void destroy(contest *x)
{
    for (size_t i = 0; i < TJB_STEPS; i++) {
        tmjit_pipeline_destroy(x->pipeline[0][i]);
        tmjit_pipeline_destroy(x->pipeline[1][i]);
        tmjit_library_destroy(x->library[i]);
        if (x->cl_kernel[i])
            x->cl->ReleaseKernel(x->cl_kernel[i]);
        if (x->program[i])
            x->cl->ReleaseProgram(x->program[i]);
    }
    for (size_t b = 0; b < TJB_BUFFERS; b++)
        if (x->memory[b])
            x->cl->ReleaseMemObject(x->memory[b]);
    tjb_case_destroy(&x->data);
}

static bool run_tmjit(contest *x, int checks)
{
    for (size_t i = 0; i < x->data.step_count; i++) {
        const tjb_step *step = &x->data.step[i];
        tmjit_binding bindings[MAX_ARGS] = {{NULL, 0}};
        tmjit_launch launch = {.struct_size = sizeof launch,
                               .grid = step->grid,
                               .bindings = bindings,
                               .binding_count = tmjit_kernel_arg_count(x->kernel[i])};

        for (size_t a = 0; a < TJB_BUFFERS && step->buffer[a] >= 0; a++)
            bindings[a] = (tmjit_binding){x->data.buffer[step->buffer[a]],
                                          x->data.byte_len[step->buffer[a]]};
        if (tmjit_pipeline_launch(x->pipeline[checks][i], &launch))
            return fail_tmjit(x, "run");
    }
    return true;
}

static bool run_opencl(contest *x)
{
    for (size_t i = 0; i < x->data.step_count; i++) {
        const tjb_step *step = &x->data.step[i];
        const size_t grid[3] = {step->grid.x, step->grid.y, step->grid.z};
        const size_t group[3] = {step->threadgroup.x, step->threadgroup.y, step->threadgroup.z};

        if (x->cl->EnqueueNDRangeKernel(x->cl->queue, x->cl_kernel[i], 3, NULL, grid, group, 0,
                                        NULL, NULL))
            return fail(x, step->entry, "OpenCL refuses the launch");
    }
    return !x->cl->Finish(x->cl->queue) || fail(x, "OpenCL", "a launch failed");
}

static bool run_one(contest *x, int runner)
{
    return runner == RUN_OPENCL ? run_opencl(x) : run_tmjit(x, runner == RUN_CHECKED);
}

/* Everybody's result against that of native C. */
static bool verify(contest *x)
{
    static const char *const names[RUNNERS] = {"tmjit", "tmjit with checks", "OpenCL"};
    tjb_native *native = NULL;

    for (int i = 0; i < TJB_NATIVES && !native; i++)
        if (x->m->native[i])
            *(void **)&native = dlsym(x->m->native[i], x->row->native);
    if (!native)
        return fail(x, x->row->native, "no native code to compare with");
    tjb_case_reset(&x->data);
    native(x->data.buffer, x->data.n);
    tjb_case_keep_reference(&x->data);
    for (int runner = 0; runner < RUNNERS; runner++) {
        if (runner == RUN_OPENCL && !x->cl)
            continue;
        tjb_case_reset(&x->data);
        if (!run_one(x, runner))
            return false;
        double differ = tjb_case_compare(&x->data, x->row);
        if (differ > x->row->may_differ) {
            snprintf(x->error, sizeof x->error,
                     "%s differs from native C in %.4f %% of the elements", names[runner],
                     100.0 * differ);
            return false;
        }
    }
    return true;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool take_times(contest *x)
{
    static double sample[RUNNERS][TJB_MAX_REPS];
    unsigned reps = x->options->reps;

    for (unsigned r = 0; r < reps; r++)
        for (int turn = 0; turn < RUNNERS; turn++) {
            int runner = r % 2 ? RUNNERS - 1 - turn : turn;
            double start = now_s();

            if (runner == RUN_OPENCL && !x->cl)
                continue;
            if (!run_one(x, runner))
                return false;
            sample[runner][r] = now_s() - start;
        }
    for (int runner = 0; runner < RUNNERS; runner++) {
        qsort(sample[runner], reps, sizeof(double), compare_doubles);
        x->time[runner] = runner == RUN_OPENCL && !x->cl ? 0 : sample[runner][reps / 2];
    }
    return true;
}

/* ---- all rows -------------------------------------------------------------------------- */

typedef struct totals {
    double log_sum;
    unsigned count, slower, failed;
} totals;

static void print_row(const contest *x, totals *all)
{
    double own = x->time[RUN_TMJIT], other = x->time[RUN_OPENCL];

    if (x->error[0]) {
        printf("| %-26s | FAILED: %s |\n", x->row->title, x->error);
        all->failed++;
    } else if (x->options->is_small) {
        printf("| %-26s | good |\n", x->row->title);
    } else if (!x->cl) {
        printf("| %-26s | %8.2f | %8.2f |          |         |       |\n", x->row->title,
               1e3 * own, 1e3 * x->time[RUN_CHECKED]);
    } else {
        printf("| %-26s | %8.2f | %8.2f | %8.2f | %6.2fx | %-5s |\n", x->row->title, 1e3 * own,
               1e3 * x->time[RUN_CHECKED], 1e3 * other, other / own,
               other >= own ? "ok" : "SHORT");
        all->log_sum += log(other / own);
        all->count++;
        all->slower += other < own;
    }
    fflush(stdout);
}

static bool has_source(const tjb_options *options, const tjb_row *row)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s.cl", options->folder, row->name);
    return access(path, R_OK) == 0;
}

static void run_rows(const tjb_options *options, tjb_machine *m, opencl *cl, totals *all)
{
    for (size_t i = 0; i < tjb_row_count; i++) {
        const tjb_row *row = &tjb_rows[i];
        contest x = {.options = options, .m = m, .cl = cl, .row = row};

        if (!has_source(options, row) ||
            (options->only && strncmp(row->name, options->only, strlen(options->only)) != 0))
            continue;
        tjb_case_create(&x.data, row, options->is_small);
        if (create(&x) && verify(&x) && !options->is_small)
            take_times(&x);
        print_row(&x, all);
        destroy(&x);
    }
}

static void print_head(const tjb_options *options, const opencl *cl)
{
    printf("%s, on %u threads; medians of %u\n\n", cl ? cl->about : "no OpenCL on this machine",
           options->threads, options->reps);
    if (options->is_small)
        return;
    printf("| %-26s | %8s | %8s | %8s | %7s | %-5s |\n", "kernel in OpenCL C", "tmjit ms",
           "checked", "OpenCL", "faster", "");
    puts("|----------------------------|---------:|---------:|---------:|--------:|-------|");
}

static const char help[] =
    "usage: tmjit-bench-opencl [options]\n"
    "Runs kernels/*.cl in tmjit and in the OpenCL of this machine, in turns on the same data.\n"
    "  --only NAME   rows whose name begins with NAME\n"
    "  --reps N      runs of each, the median counts (default 11)\n"
    "  --threads N   threads of both (default: one per core)\n"
    "  --lanes W     lanes of a slice, 4, 8, 16 or 32 (default: chosen per kernel)\n"
    "  --small       small sizes: a test of the results without times\n";

static int parse(int argc, char **argv, tjb_options *out)
{
    static const struct option options[] = {{"only", required_argument, NULL, 'o'},
                                            {"reps", required_argument, NULL, 'r'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"lanes", required_argument, NULL, 'l'},
                                            {"small", no_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int option;

    *out = (tjb_options){
        .reps = 11, .threads = (unsigned)sysconf(_SC_NPROCESSORS_ONLN), .folder = TJB_KERNELS};
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'o')
            out->only = optarg;
        else if (option == 'r')
            out->reps = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 't')
            out->threads = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'l')
            out->lanes = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 's')
            out->is_small = true;
        else {
            fputs(help, option == 'h' ? stdout : stderr);
            return option == 'h' ? 0 : 2;
        }
    }
    if (out->reps < 1 || out->reps > TJB_MAX_REPS || out->threads < 1 || out->threads > 64) {
        fputs(help, stderr);
        return 2;
    }
    return -1;
}

int main(int argc, char **argv)
{
    tjb_options options;
    tjb_machine machine;
    opencl cl = {0};
    totals all = {0};
    char threads[16];
    int status = parse(argc, argv, &options);

    if (status >= 0)
        return status;
    snprintf(threads, sizeof threads, "%u", options.threads);
    setenv("POCL_MAX_PTHREAD_COUNT", threads, 1);
    if (!tjb_machine_init(&machine, &options, argv[0]))
        return 1;
    bool has_opencl = opencl_open(&cl);
    print_head(&options, has_opencl ? &cl : NULL);
    run_rows(&options, &machine, has_opencl ? &cl : NULL, &all);
    if (all.count)
        printf("\ngeometric mean: %.2f times faster (8 wanted); %u of %u kernels slower\n",
               exp(all.log_sum / all.count), all.slower, all.count);
    tjb_machine_fini(&machine);
    return all.failed ? 1 : 0;
}
