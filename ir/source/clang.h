/* SPDX-License-Identifier: MIT */
/* Runs clang, or any other program, as a bounded child process: text in, bytes out. */
#ifndef TJ_SOURCE_CLANG_H
#define TJ_SOURCE_CLANG_H

#include "diag.h"

enum { TJ_CHILD_DESCRIPTORS = 4 };

typedef struct tj_child {
    const char *program;     /* path of the file; not searched for */
    const char *const *args; /* behind argv[0]; NULL-terminated */
    const char *input;       /* its standard input; NULL only with input_len 0 */
    size_t input_len;
    const int *descriptors; /* that it gets as 3, 4, ...; at most TJ_CHILD_DESCRIPTORS */
    unsigned descriptor_count;
    const char *file;            /* in errors, the source's; NULL: none */
    double cpu_limit_s;          /* of the processor; 0, or not on Linux: none */
    double time_limit_s;         /* by the clock, which runs for a child that waits as well */
    size_t out_limit, err_limit; /* bytes; of more errors the first ones are kept */
} tj_child;

typedef struct tj_child_result {
    int exit_status;
    tj_text out, err; /* the caller's, for tj_child_result_fini; NUL-terminated if not empty */
} tj_child_result;

/* Starts the program without a shell, with an empty environment, gives it its input and waits
 * for its end. TJ_OK: it ended by itself, exit_status says how. In all other cases `*out` is
 * empty, the child is gone, and `diags` says:
 *   TJ_E_NOT_FOUND    it cannot be started; the message says what to install
 *   TJ_E_TIMEOUT      it used more of the processor than its limit, or ran longer than that
 *                     by the clock
 *   TJ_E_UNSUPPORTED  it wrote more than its limit
 *   TJ_E_MALFORMED    it crashed
 *   TJ_E_INTERNAL     no pipes, or the process ignores SIGCHLD
 */
tj_status tj_child_run(const tj_child *child, tj_diags *diags, tj_child_result *out);
void tj_child_result_fini(tj_child_result *result);

/* A file without a name that holds the bytes, for tj_child.descriptors; the child opens it as
 * /dev/fd/N. Negative when the system has none. */
int tj_child_file(const void *bytes, size_t byte_len);

#endif
