/* SPDX-License-Identifier: MIT */
/* What went wrong in a command, and the exit status that says so. */
#ifndef TJ_TOOL_FAILURE_H
#define TJ_TOOL_FAILURE_H

#include <stdio.h>
#include <tmjit.h>

/* Exit statuses of the command. */
enum {
    TJ_EXIT_GOOD = 0,
    TJ_EXIT_INPUT = 1,  /* the kernel or its input is wrong */
    TJ_EXIT_USAGE = 2,  /* the command line is wrong */
    TJ_EXIT_DIFFERS = 3 /* the result is not the expected one */
};

/* The first failure of a command. Functions that can fail return an exit status and fill
 * this; a zeroed struct means none. Owns its strings: tj_failure_fini. */
typedef struct tj_failure {
    int exit_status;
    const char *status;    /* short name: "usage", "input", "mismatch", "bounds", ... */
    char *message;         /* one line */
    char *rendered;        /* whole text for a person; NULL: the message after "tmjit: " */
    char *file, *kernel;   /* NULL unknown */
    unsigned line, column; /* 0 unknown */
} tj_failure;

/* Records a failure, unless there is one already, and returns `exit_status`. */
int tj_fail_tool(tj_failure *why, int exit_status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same from the library's last error in `ctx`. */
int tj_fail_library(tj_failure *why, const tmjit_context *ctx);
/* Prints the failure; nothing when there is none. */
void tj_failure_print(const tj_failure *why, FILE *to);
void tj_failure_fini(tj_failure *why);

/* The word of the NULL-terminated list that is most like `word`; NULL when none is near. */
const char *tj_nearest_word(const char *word, const char *const *words);

#endif
