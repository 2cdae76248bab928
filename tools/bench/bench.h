/* SPDX-License-Identifier: MIT */
/* The parts of the benchmark: rows.c says what is measured, measure.c measures it, bench.c
 * reads the command line and prints. */
#ifndef TJB_BENCH_H
#define TJB_BENCH_H

#include "native.h"
#include "tmjit_source.h"

#include <stdbool.h>

enum { TJB_BUFFERS = 8, TJB_STEPS = 3, TJB_NATIVES = 2, TJB_MAX_REPS = 1001 };
enum { TJB_LONGEST_SOURCE = 1 << 16 };

typedef struct tjb_options {
    const char *only, *json, *folder, *tmjit; /* folder: kernels; tmjit: the command */
    const char *metallib;                     /* NULL: none */
    unsigned reps, threads, lanes;
    bool is_small, has_none, has_bounds;
    bool is_cpu_time; /* processor time over threads instead of wall time */
} tjb_options;

/* ---- rows.c --------------------------------------------------------------------------- */

/* One launch of a row; `buffer` names the row's buffers in argument order, -1 ends. */
typedef struct tjb_step {
    const char *file, *entry;
    tmjit_extent grid, threadgroup;
    int buffer[TJB_BUFFERS];
} tjb_step;

/* A row made ready: its data and launches. */
typedef struct tjb_case {
    size_t n;
    void *buffer[TJB_BUFFERS];
    size_t byte_len[TJB_BUFFERS];
    void *initial[TJB_BUFFERS];   /* what outputs hold before a run; NULL for inputs */
    void *reference[TJB_BUFFERS]; /* what native code left in outputs */
    size_t buffer_count;
    tjb_step step[TJB_STEPS];
    size_t step_count;
    unsigned num_warps;     /* of Triton kernels, whose files are in tests/ttir/cases; else 0 */
    double bytes, flops;    /* that any method moves and computes; 0: not a bound */
    double flops_per_count; /* flops are this times the sum of an integer result */
    bool only_reads;        /* bytes are read, (almost) none written */
} tjb_case;

typedef enum tjb_yardstick { TJB_OF_NATIVE, TJB_OF_PEAK } tjb_yardstick;

typedef struct tjb_row {
    const char *name, *title, *native; /* native: the function in native.h */
    void (*prepare)(tjb_case *c, const struct tjb_row *row);
    size_t n, small_n;
    tjb_yardstick yardstick;
    double target;       /* at least: share of native speed or of the FMA peak */
    double checks_limit; /* at most: time with bounds checks over time without */
    bool is_integer;
    double rtol, atol; /* a float differs when |a - b| > atol + rtol |b| */
    double may_differ; /* share of elements that may differ */
    bool is_triton;
    bool is_source; /* Metal and OpenCL C only: a row of tmjit-bench-forms */
} tjb_row;

extern const tjb_row tjb_rows[];
extern const size_t tjb_row_count;

void tjb_case_create(tjb_case *c, const tjb_row *row, bool is_small);
void tjb_case_destroy(tjb_case *c);
/* Puts outputs back to what they were. */
void tjb_case_reset(const tjb_case *c);
/* Takes the outputs as what others are compared with. */
void tjb_case_keep_reference(tjb_case *c);
/* Share of output elements that differ from the reference. */
double tjb_case_compare(const tjb_case *c, const tjb_row *row);
/* Memory for `byte_len` bytes on large pages, zeroed; ends the process when there is none. */
void *tjb_take(size_t byte_len);

/* ---- measure.c ------------------------------------------------------------------------ */

typedef struct tjb_times {
    double median, min, max; /* seconds */
} tjb_times;

typedef struct tjb_machine {
    const char *native_name[TJB_NATIVES];
    void *native[TJB_NATIVES]; /* from dlopen; NULL: not built */
    tmjit_context *ctx;
    double read_rate, copy_rate; /* bytes per second */
    double peak_rate;            /* floating-point operations per second */
} tjb_machine;

/* The language of a kernel's file. */
typedef enum tjb_form {
    TJB_FORM_AIR,
    TJB_FORM_METAL,
    TJB_FORM_OPENCL,
    TJB_FORM_TTIR,
    TJB_FORMS
} tjb_form;

/* A row's launches in one form, compiled. */
typedef struct tjb_program {
    tjb_form form;
    bool has_checks;
    tmjit_library *library[TJB_STEPS];
    const tmjit_kernel *kernel[TJB_STEPS];
    tmjit_pipeline *pipeline[TJB_STEPS];
} tjb_program;

typedef enum tjb_runner {
    TJB_RUN_NONE,   /* simulator, no checks */
    TJB_RUN_BOUNDS, /* simulator, bounds checks */
    TJB_RUN_NATIVE  /* and the following: native functions */
} tjb_runner;
enum { TJB_RUNNERS = TJB_RUN_NATIVE + TJB_NATIVES };

typedef struct tjb_result {
    tjb_times time[TJB_RUNNERS]; /* median 0: not measured */
    double differ[TJB_RUNNERS];
    double limit; /* seconds that memory or arithmetic takes at least; 0: unknown */
    bool limit_is_memory;
    char error[512]; /* "": none */
} tjb_result;

/* Opens the native objects beside the executable, starts the simulator, measures the limits. */
bool tjb_machine_init(tjb_machine *m, const tjb_options *options, const char *program);
void tjb_machine_fini(tjb_machine *m);
/* Seconds that memory or arithmetic takes at least; 0: unknown. */
double tjb_limit_of(const tjb_machine *m, const tjb_case *data, bool *is_memory);
void tjb_measure(tjb_machine *m, const tjb_row *row, const tjb_options *options,
                 tjb_result *out);
/* Time of a launch of 256 threads of a pipeline that has run before; false: see error. */
bool tjb_measure_launch(tjb_machine *m, const tjb_options *options, tjb_times *out, char *error,
                        size_t error_len);

/* Seconds: wall time, or processor time over the threads. */
double tjb_now(const tjb_options *options);
tjb_times tjb_summarize(double *sample, size_t count);

void tjb_kernel_path(char *out, size_t len, const tjb_options *options, const char *file,
                     tjb_form form);
/* A file of fewer than TJB_LONGEST_SOURCE bytes, for free(); NULL: it cannot be read. */
char *tjb_read_text(const char *path, size_t *byte_len);
/* False: see error. Destroying is right after a failure too. */
bool tjb_program_create(tjb_program *p, const tjb_machine *m, const tjb_case *c,
                        const tjb_options *options, tjb_form form, bool has_checks, char *error,
                        size_t error_len);
bool tjb_program_run(const tjb_program *p, const tjb_machine *m, const tjb_case *c, char *error,
                     size_t error_len);
void tjb_program_destroy(tjb_program *p);

/* ---- print.c -------------------------------------------------------------------------- */

/* Time to print a loaded kernel of 500 lines as Metal; false: see error. */
bool tjb_measure_print(tjb_machine *m, const tjb_options *options, tjb_times *out, char *error,
                       size_t error_len);

/* ---- compile.c ------------------------------------------------------------------------ */

/* Time to compile each of the Triton cases with nothing in a cache. */
bool tjb_measure_compile(tjb_machine *m, const tjb_options *options, tjb_times *out,
                         char *error, size_t error_len);

/* ---- opencl.c ------------------------------------------------------------------------- */

typedef struct tjb_opencl tjb_opencl;
typedef struct tjb_opencl_program tjb_opencl_program;

/* The machine's OpenCL on its CPU; NULL: there is none. Stays until the end of the process. */
tjb_opencl *tjb_opencl_open(void);
const char *tjb_opencl_about(const tjb_opencl *cl);
/* `own` are the same kernels in tmjit, which tells what their arguments are. NULL: see error.
 */
tjb_opencl_program *tjb_opencl_create(tjb_opencl *cl, const tjb_case *data,
                                      const tjb_program *own, const tjb_options *options,
                                      char *error, size_t error_len);
bool tjb_opencl_run(const tjb_opencl_program *p, char *error, size_t error_len);
void tjb_opencl_destroy(tjb_opencl_program *p);

/* ---- start.c -------------------------------------------------------------------------- */

typedef enum tjb_start {
    TJB_START_COLD,        /* nothing is cached */
    TJB_START_WARM,        /* code of the same kernel is in the cache */
    TJB_START_WARM_CORPUS, /* the same for a kernel of options->metallib */
    TJB_START_METAL,       /* a .metal file that has changed since; the library for clang has
                              been prepared */
    TJB_START_WARM_METAL,  /* a .metal file that has not changed */
    TJB_START_WARM_TTIR    /* a .ttir file that has not changed */
} tjb_start;

/* What a start of a changed .metal file is made of, besides the start of the process. */
typedef enum tjb_part {
    TJB_PART_PREPROCESS, /* clang as the preprocessor; the library for clang is there */
    TJB_PART_REWRITE,    /* the pre-pass */
    TJB_PART_CLANG,
    TJB_PART_OURS, /* our passes and checks, of source and of code */
    TJB_PART_LLVM, /* reading what clang wrote, optimising, writing code */
    TJB_PARTS
} tjb_part;

/* Time from the start of the tmjit command to the first byte of its printed result. */
bool tjb_measure_start(const tjb_options *options, tjb_start which, tjb_times *out, char *error,
                       size_t error_len);
/* The parts of TJB_START_METAL, in seconds; false: see error. */
bool tjb_measure_start_parts(const tjb_options *options, double out[TJB_PARTS], char *error,
                             size_t error_len);

/* ---- split.c -------------------------------------------------------------------------- */

/* The same, with the cache in a folder. */
bool tjb_measure_split(const tjb_options *options, const char *folder, double out[TJB_PARTS],
                       char *error, size_t error_len);

#endif
