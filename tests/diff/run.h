/* SPDX-License-Identifier: MIT */
/* Running one kernel text on both engines and comparing what they leave in memory. */
#ifndef DIFF_RUN_H
#define DIFF_RUN_H

#include "gen.h"

enum { MAX_CONFIGS = 64, VERDICT_MESSAGE = 4000 };

/* One way to run a kernel, compared with the interpreter at level 0. */
typedef struct config {
    unsigned launch; /* index into the launches of the head comment */
    bool is_interp;
    unsigned lanes, opt_level;
    uint64_t order_seed;
    bool no_checks;
} config;

typedef enum outcome {
    OUTCOME_SAME,
    OUTCOME_DIFFERENT, /* buffers differ */
    OUTCOME_ENGINE,    /* only the configuration refuses or faults */
    OUTCOME_REFERENCE, /* the interpreter refuses or faults */
    OUTCOME_CRASH,
    OUTCOME_TIMEOUT,
    OUTCOME_COUNT
} outcome;
extern const char *const outcome_names[OUTCOME_COUNT];

typedef struct verdict {
    outcome outcome;
    config config; /* the failing one */
    char message[VERDICT_MESSAGE];
} verdict;

/* The configurations that `run` tries for a kernel text: a random part of all. */
unsigned config_choose(const char *kernel_text, uint64_t seed, config *out);
/* All combinations of launch, lanes and level. */
unsigned config_list_all(const char *kernel_text, config *out);
/* " --launch 0 --lanes 8 --opt 2" */
void config_print(const config *c, text *out);

/* Runs the configurations until the first failure, in this process. `progress` is called
 * with each configuration before it runs; it may be NULL. */
typedef void run_progress(void *user, const config *c);
void run_kernel(const char *kernel_text, const config *configs, unsigned count,
                run_progress *progress, void *user, verdict *out);

/* The same in child processes, so that a crash or a hang becomes a verdict. */
typedef struct child {
    int pid; /* 0: none */
    int pipe;
    uint64_t seed;
} child;
child child_start(const char *kernel_text, const config *configs, unsigned count);
/* Waits for the child's end. */
verdict child_finish(child *c);
verdict run_in_child(const char *kernel_text, const config *configs, unsigned count);

/* ---- reduce.c ------------------------------------------------------------------------- */

/* Does the printed kernel still show what is looked for? */
typedef bool reduce_oracle(void *user, const kernel *k);
/* Shrinks `k` in place while the oracle says yes; ends after `seconds` at the latest. */
void kernel_reduce(kernel *k, pool *owner, reduce_oracle *oracle, void *user, double seconds);

#endif
