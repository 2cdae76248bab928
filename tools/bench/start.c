/* SPDX-License-Identifier: MIT */
/* From the start of the tmjit command to the first byte of its printed result: with everything
 * compiled, and with the code in the cache. */
#include "bench.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { STARTS = 15, MAX_ARGS = 26 };

static double read_clock(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static const char *const vector_add[] = {"--grid",  "1024",
                                         "--buf",   "a=f32[1024]:iota",
                                         "--buf",   "b=f32[1024]:100",
                                         "--buf",   "c=f32[1024]",
                                         "--print", "c",
                                         NULL};

static const char *const triton_add[] = {"--grid",  "4",
                                         "--buf",   "x_ptr=f32[1024]:iota",
                                         "--buf",   "y_ptr=f32[1024]:100",
                                         "--buf",   "out_ptr=f32[1024]",
                                         "--set",   "n=1024",
                                         "--print", "out_ptr",
                                         NULL};

/* A row softmax out of MLX's library, the sums by SIMD-group functions and barriers. */
static const char *const softmax[] = {"--entry",
                                      "block_softmax_float32",
                                      "--threadgroups",
                                      "4",
                                      "--threadgroup",
                                      "256",
                                      "--buf",
                                      "in=f32[4096]:rand(1)",
                                      "--buf",
                                      "out=f32[4096]",
                                      "--set",
                                      "axis_size=1024",
                                      "--print",
                                      "out",
                                      NULL};

/* The kernel's own arguments between these. */
static void fill_args(const tjb_options *options, const char *kernel,
                      const char *const *kernel_args, const char *folder,
                      const char *out[MAX_ARGS])
{
    size_t count = 0;

    out[count++] = options->tmjit;
    out[count++] = "run";
    out[count++] = kernel;
    while (*kernel_args && count < MAX_ARGS - 6)
        out[count++] = *kernel_args++;
    if (folder) {
        out[count++] = "--cache";
        out[count++] = folder;
    } else {
        out[count++] = "--no-cache";
    }
    out[count] = NULL;
}

/* Seconds to the first byte; -1: the command failed. */
static double start_command(const char *const *args)
{
    posix_spawn_file_actions_t actions;
    double start, first = -1.0;
    char block[4096];
    ssize_t got;
    int ends[2], status = 0;
    pid_t child;

    if (pipe(ends))
        return -1.0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    start = read_clock();
    if (posix_spawn(&child, args[0], &actions, NULL, (char *const *)args, environ))
        child = -1;
    close(ends[1]);
    while (child > 0 && (got = read(ends[0], block, sizeof block)) > 0)
        if (first < 0)
            first = read_clock() - start;
    close(ends[0]);
    posix_spawn_file_actions_destroy(&actions);
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ||
        WEXITSTATUS(status))
        return -1.0;
    return first;
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

/* One more start than is measured: it fills the cache, or the system's. A macro gives each
 * kernel another name: neither the source nor its code is in the cache. */
static bool measure(const char **args, bool is_changed, tjb_times *out, char *error,
                    size_t error_len)
{
    double sample[STARTS];
    size_t count = 0;
    char macro[64];

    while (args[count])
        count++;
    for (int i = -1; i < STARTS; i++) {
        if (is_changed) {
            snprintf(macro, sizeof macro, "-Dvector_add=vector_add_%d", i + 1);
            args[count] = macro;
            args[count + 1] = NULL;
        }
        double time = start_command(args);
        if (time < 0) {
            snprintf(error, error_len, "%s run does not print a result", args[0]);
            return false;
        }
        if (i >= 0)
            sample[i] = time;
    }
    qsort(sample, STARTS, sizeof *sample, compare);
    *out = (tjb_times){sample[STARTS / 2], sample[0], sample[STARTS - 1]};
    return true;
}

/* Empties a cache and takes its folder away. */
static void remove_cache(const tjb_options *options, const char *folder)
{
    const char *clear[] = {options->tmjit, "cache", "clear", "--cache", folder, NULL};
    start_command(clear);
    rmdir(folder);
}

bool tjb_measure_start_parts(const tjb_options *options, double out[TJB_PARTS], char *error,
                             size_t error_len)
{
    char folder[] = "/tmp/tmjit-bench-XXXXXX";

    if (!mkdtemp(folder)) {
        snprintf(error, error_len, "no folder in /tmp for a cache");
        return false;
    }
    bool is_good = tjb_measure_split(options, folder, out, error, error_len);
    remove_cache(options, folder);
    return is_good;
}

bool tjb_measure_start(const tjb_options *options, tjb_start which, tjb_times *out, char *error,
                       size_t error_len)
{
    char kernel[4096], folder[] = "/tmp/tmjit-bench-XXXXXX";
    const char *args[MAX_ARGS];
    bool is_cold = which == TJB_START_COLD, is_corpus = which == TJB_START_WARM_CORPUS;
    bool is_metal = which == TJB_START_METAL || which == TJB_START_WARM_METAL;
    bool is_triton = which == TJB_START_WARM_TTIR;

    tjb_kernel_path(kernel, sizeof kernel, options, "vector_add",
                    is_metal    ? TJB_FORM_METAL
                    : is_triton ? TJB_FORM_TTIR
                                : TJB_FORM_AIR);
    if (!is_cold && !mkdtemp(folder)) {
        snprintf(error, error_len, "no folder in /tmp for a cache");
        return false;
    }
    fill_args(options, is_corpus ? options->metallib : kernel,
              is_corpus   ? softmax
              : is_triton ? triton_add
                          : vector_add,
              is_cold ? NULL : folder, args);
    bool is_good = measure(args, which == TJB_START_METAL, out, error, error_len);
    if (!is_cold)
        remove_cache(options, folder);
    return is_good;
}
