/* SPDX-License-Identifier: MIT */
/* Runs one row: the simulator and native code take turns on the same memory, so that whatever
 * else the machine does hits them alike. */
#include "bench.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Wall time, or processor time divided by the threads: what wall time would be alone. */
double tjb_now(const tjb_options *options)
{
    return options->is_cpu_time ? read_clock(CLOCK_PROCESS_CPUTIME_ID) / options->threads
                                : read_clock(CLOCK_MONOTONIC);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

tjb_times tjb_summarize(double *sample, size_t count)
{
    qsort(sample, count, sizeof *sample, compare_doubles);
    return (tjb_times){sample[count / 2], sample[0], sample[count - 1]};
}

/* ---- limits --------------------------------------------------------------------------- */

static tjb_native *find_native(const tjb_machine *m, int compiler, const char *name)
{
    tjb_native *function = NULL;

    if (m->native[compiler])
        *(void **)&function = dlsym(m->native[compiler], name); /* as POSIX dlsym shows it */
    return function;
}

/* The shortest of some runs by either compiler, in seconds. */
static double shortest(const tjb_machine *m, const tjb_options *options, const char *name,
                       void *const *buffer, size_t n)
{
    double best = 0.0;

    for (int i = 0; i < TJB_NATIVES; i++) {
        tjb_native *function = find_native(m, i, name);

        for (int r = 0; function && r < 7; r++) {
            double start = tjb_now(options), time;

            function(buffer, n);
            time = tjb_now(options) - start;
            best = best == 0.0 || time < best ? time : best;
        }
    }
    return best;
}

static void measure_limits(tjb_machine *m, const tjb_options *options)
{
    static const struct {
        const char *name;
        double arrays;
    } copies[] = {{"tjb_limit_copy", 2},
                  {"tjb_limit_copy_around", 2},
                  {"tjb_limit_update", 3},
                  {"tjb_limit_triad", 3},
                  {"tjb_limit_triad_around", 3}};
    size_t n = options->is_small ? 1 << 16 : 1 << 24;
    double bytes = (double)n * sizeof(float), time;
    void *buffer[3] = {tjb_take(n * sizeof(float)), tjb_take(n * sizeof(float)),
                       tjb_take(n * sizeof(float))};

    m->read_rate = bytes / shortest(m, options, "tjb_limit_read", buffer, n);
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
        double rate =
            copies[i].arrays * bytes / shortest(m, options, copies[i].name, buffer, n);

        m->copy_rate = rate > m->copy_rate ? rate : m->copy_rate;
    }
    time = shortest(m, options, "tjb_limit_fma", buffer, options->threads);
    m->peak_rate = *(double *)buffer[2] / time;
    for (int i = 0; i < 3; i++)
        free(buffer[i]);
}

/* ---- machine -------------------------------------------------------------------------- */

static void *open_beside(const char *program_path, const char *file)
{
    const char *slash = strrchr(program_path, '/');
    int folder_len = slash ? (int)(slash - program_path) : 1;
    char path[4096];

    snprintf(path, sizeof path, "%.*s/%s", folder_len, slash ? program_path : ".", file);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

bool tjb_machine_init(tjb_machine *m, const tjb_options *options, const char *program_path)
{
    static const char *const name[TJB_NATIVES] = {"gcc", "clang"};
    static const char *const file[TJB_NATIVES] = {"native_gcc.so", "native_clang.so"};
    tmjit_context_options context = {.struct_size = sizeof context,
                                     .threads = options->threads};
    char threads[16];

    memset(m, 0, sizeof *m);
    snprintf(threads, sizeof threads, "%u", options->threads);
    setenv("OMP_NUM_THREADS", threads, 1);
    /* Two OpenMP libraries and the simulator share the cores: nobody may spin while waiting. */
    setenv("OMP_WAIT_POLICY", "passive", 1);
    setenv("KMP_BLOCKTIME", "0", 1);
    for (int i = 0; i < TJB_NATIVES; i++) {
        m->native[i] = open_beside(program_path, file[i]);
        m->native_name[i] = name[i];
        if (!m->native[i])
            fprintf(stderr, "tmjit-bench: no native code by %s: %s\n", name[i], dlerror());
    }
    if (!m->native[0] && !m->native[1])
        return false;
    if (tmjit_context_create(&context, &m->ctx)) {
        fprintf(stderr, "tmjit-bench: the simulator does not start\n");
        return false;
    }
    measure_limits(m, options);
    return true;
}

/* The native objects stay: threads of their OpenMP libraries still wait inside them. */
void tjb_machine_fini(tjb_machine *m)
{
    tmjit_context_destroy(m->ctx);
}

/* ---- simulator ------------------------------------------------------------------------ */

static void explain(const tjb_machine *m, const char *what, char *error, size_t error_len)
{
    const tmjit_error *e = tmjit_last_error(m->ctx);

    snprintf(error, error_len, "%s: %s", what, e && e->message ? e->message : "no message");
}

void tjb_program_destroy(tjb_program *p)
{
    for (size_t i = 0; i < TJB_STEPS; i++) {
        tmjit_pipeline_destroy(p->pipeline[i]);
        tmjit_library_destroy(p->library[i]);
    }
    memset(p, 0, sizeof *p);
}

static const struct {
    const char *ending;
    tmjit_language language;
} forms[TJB_FORMS] = {{"ll", TMJIT_LANGUAGE_NONE},
                      {"metal", TMJIT_LANGUAGE_METAL},
                      {"cl", TMJIT_LANGUAGE_OPENCL},
                      {"ttir", TMJIT_LANGUAGE_TTIR}};

void tjb_kernel_path(char *out, size_t len, const tjb_options *options, const char *file,
                     tjb_form form)
{
    if (form == TJB_FORM_TTIR && strncmp(file, "triton_", 7) != 0) /* those are ours */
        snprintf(out, len, TJB_CASES "/%s/kernel.ttir", file);
    else
        snprintf(out, len, "%s/%s.%s", options->folder, file, forms[form].ending);
}

char *tjb_read_text(const char *path, size_t *byte_len)
{
    FILE *f = fopen(path, "rb");
    char *text = f ? calloc(1, TJB_LONGEST_SOURCE) : NULL;

    *byte_len = text ? fread(text, 1, TJB_LONGEST_SOURCE - 1, f) : 0;
    if (f)
        fclose(f);
    return text;
}

static tmjit_status load_kernel(const tjb_machine *m, const char *path, tjb_form form,
                                unsigned num_warps, tmjit_library **out)
{
    tmjit_source_options source = {
        .struct_size = sizeof source, .fast_math = true, .num_warps = num_warps};
    size_t byte_len;
    char *text;
    tmjit_status status;

    if (form == TJB_FORM_AIR)
        return tmjit_library_load_file(m->ctx, path, out);
    text = tjb_read_text(path, &byte_len);
    status = tmjit_library_load_source(m->ctx, forms[form].language, text, byte_len, path,
                                       &source, out);
    free(text);
    return status;
}

static bool create_step(tjb_program *p, size_t i, const tjb_machine *m, const tjb_step *step,
                        unsigned num_warps, const tjb_options *options, char *error,
                        size_t error_len)
{
    tmjit_pipeline_options pipeline = {.struct_size = sizeof pipeline,
                                       .threadgroup = step->threadgroup,
                                       .grid = step->grid,
                                       .math = TMJIT_MATH_FAST,
                                       .no_bounds_checks = !p->has_checks,
                                       .no_watchdog = true,
                                       .lanes = options->lanes};
    tjb_form form = num_warps ? TJB_FORM_TTIR : p->form;
    char path[4096];

    tjb_kernel_path(path, sizeof path, options, step->file, form);
    if (load_kernel(m, path, form, num_warps, &p->library[i])) {
        explain(m, "load", error, error_len);
        return false;
    }
    p->kernel[i] = tmjit_library_find_kernel(p->library[i], step->entry);
    if (!p->kernel[i]) {
        snprintf(error, error_len, "%s has no kernel %s", path, step->entry);
        return false;
    }
    if (tmjit_pipeline_create(m->ctx, p->kernel[i], &pipeline, &p->pipeline[i])) {
        explain(m, "compile", error, error_len);
        return false;
    }
    return true;
}

bool tjb_program_create(tjb_program *p, const tjb_machine *m, const tjb_case *c,
                        const tjb_options *options, tjb_form form, bool has_checks, char *error,
                        size_t error_len)
{
    *p = (tjb_program){.form = form, .has_checks = has_checks};
    for (size_t i = 0; i < c->step_count; i++)
        if (!create_step(p, i, m, &c->step[i], c->num_warps, options, error, error_len))
            return false;
    return true;
}

bool tjb_program_run(const tjb_program *p, const tjb_machine *m, const tjb_case *c, char *error,
                     size_t error_len)
{
    for (size_t i = 0; i < c->step_count; i++) {
        const tjb_step *step = &c->step[i];
        tmjit_binding bindings[16] = {{NULL, 0}};
        tmjit_launch launch = {
            .struct_size = sizeof launch, .grid = step->grid, .bindings = bindings};

        launch.binding_count = tmjit_kernel_arg_count(p->kernel[i]);
        for (size_t b = 0; b < TJB_BUFFERS && step->buffer[b] >= 0; b++)
            bindings[b] =
                (tmjit_binding){c->buffer[step->buffer[b]], c->byte_len[step->buffer[b]]};
        if (tmjit_pipeline_launch(p->pipeline[i], &launch)) {
            explain(m, "run", error, error_len);
            return false;
        }
    }
    return true;
}

/* ---- one row -------------------------------------------------------------------------- */

typedef struct contest {
    tjb_machine *m;
    const tjb_row *row;
    const tjb_options *options;
    tjb_case data;
    tjb_program program[TJB_RUN_NATIVE];
    tjb_native *native[TJB_NATIVES];
    bool takes_part[TJB_RUNNERS];
    tjb_result *result;
} contest;

static bool run_one(contest *x, int runner)
{
    if (runner >= TJB_RUN_NATIVE) {
        x->native[runner - TJB_RUN_NATIVE](x->data.buffer, x->data.n);
        return true;
    }
    return tjb_program_run(&x->program[runner], x->m, &x->data, x->result->error,
                           sizeof x->result->error);
}

static void find_natives(contest *x)
{
    for (int i = 0; i < TJB_NATIVES; i++) {
        x->native[i] = find_native(x->m, i, x->row->native);
        x->takes_part[TJB_RUN_NATIVE + i] = x->native[i] != NULL;
    }
}

/* Native code first: it leaves the reference. */
static bool verify(contest *x)
{
    static const int order[TJB_RUNNERS] = {TJB_RUN_NATIVE, TJB_RUN_NATIVE + 1, TJB_RUN_NONE,
                                           TJB_RUN_BOUNDS};
    static const char *const name[TJB_RUNNERS] = {"the simulator", "the simulator with checks",
                                                  "gcc's code", "clang's code"};
    bool has_reference = false;

    for (int i = 0; i < TJB_RUNNERS; i++) {
        int runner = order[i];

        if (!x->takes_part[runner])
            continue;
        tjb_case_reset(&x->data);
        if (!run_one(x, runner))
            return false;
        if (!has_reference) {
            tjb_case_keep_reference(&x->data);
            has_reference = true;
        }
        x->result->differ[runner] = tjb_case_compare(&x->data, x->row);
        if (x->result->differ[runner] > x->row->may_differ) {
            snprintf(x->result->error, sizeof x->result->error,
                     "%s differs from the reference in %.4f %% of the elements", name[runner],
                     100.0 * x->result->differ[runner]);
            return false;
        }
    }
    return true;
}

static bool take_times(contest *x)
{
    static double sample[TJB_RUNNERS][TJB_MAX_REPS];
    unsigned reps = x->options->reps;

    for (unsigned r = 0; r < reps; r++) {
        /* The order turns round each time: each finds the caches as the one before left them.
         */
        for (unsigned turn = 0; turn < TJB_RUNNERS; turn++) {
            unsigned runner = r % 2 ? TJB_RUNNERS - 1 - turn : turn;
            double start = tjb_now(x->options);

            if (!x->takes_part[runner])
                continue;
            if (!run_one(x, (int)runner))
                return false;
            sample[runner][r] = tjb_now(x->options) - start;
        }
    }
    for (int runner = 0; runner < TJB_RUNNERS; runner++)
        if (x->takes_part[runner])
            x->result->time[runner] = tjb_summarize(sample[runner], reps);
    return true;
}

double tjb_limit_of(const tjb_machine *m, const tjb_case *data, bool *is_memory)
{
    double memory = data->bytes / (data->only_reads ? m->read_rate : m->copy_rate);
    double compute = data->flops / m->peak_rate;

    *is_memory = memory > compute;
    return *is_memory ? memory : compute;
}

void tjb_measure(tjb_machine *m, const tjb_row *row, const tjb_options *options,
                 tjb_result *out)
{
    contest x = {.m = m, .row = row, .options = options, .result = out};
    const bool wanted[TJB_RUN_NATIVE] = {options->has_none, options->has_bounds};
    bool is_ready = true;

    memset(out, 0, sizeof *out);
    tjb_case_create(&x.data, row, options->is_small);
    find_natives(&x);
    for (int i = 0; i < TJB_RUN_NATIVE && is_ready; i++) {
        x.takes_part[i] = wanted[i];
        if (wanted[i])
            is_ready = tjb_program_create(&x.program[i], m, &x.data, options, TJB_FORM_AIR,
                                          i == TJB_RUN_BOUNDS, out->error, sizeof out->error);
    }
    if (is_ready && verify(&x) && take_times(&x))
        out->limit = tjb_limit_of(m, &x.data, &out->limit_is_memory);
    for (int i = 0; i < TJB_RUN_NATIVE; i++)
        tjb_program_destroy(&x.program[i]);
    tjb_case_destroy(&x.data);
}

/* ---- launch ----------------------------------------------------------------- */

bool tjb_measure_launch(tjb_machine *m, const tjb_options *options, tjb_times *out, char *error,
                        size_t error_len)
{
    static const tjb_row row = {.name = "vector_add", .n = 256};
    static double sample[TJB_MAX_REPS];
    tjb_case data = {.buffer = {tjb_take(1024), tjb_take(1024), tjb_take(1024)},
                     .byte_len = {1024, 1024, 1024},
                     .buffer_count = 3,
                     .step = {{row.name, row.name, {256, 1, 1}, {256, 1, 1}, {0, 1, 2, -1}}},
                     .step_count = 1};
    tjb_program p;
    bool is_good =
        tjb_program_create(&p, m, &data, options, TJB_FORM_AIR, true, error, error_len);

    for (int i = 0; i < 100 && is_good; i++)
        is_good = tjb_program_run(&p, m, &data, error, error_len);
    for (int i = 0; i < TJB_MAX_REPS && is_good; i++) {
        double start = tjb_now(options);

        is_good = tjb_program_run(&p, m, &data, error, error_len);
        sample[i] = tjb_now(options) - start;
    }
    if (is_good)
        *out = tjb_summarize(sample, TJB_MAX_REPS);
    tjb_program_destroy(&p);
    tjb_case_destroy(&data);
    return is_good;
}
