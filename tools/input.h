/* SPDX-License-Identifier: MIT */
/* What every command does first: a context, the file, the kernel, the pipeline's options. */
#ifndef TJ_TOOL_INPUT_H
#define TJ_TOOL_INPUT_H

#include "options.h"

#include <tmjit_source.h>

typedef struct tj_input {
    const char *path;
    tmjit_context *ctx;
    tmjit_library *library;
    double load_s;
    tmjit_source_info source; /* of the library */
    bool uses_cache;          /* set by the command: it takes --cache and --no-cache */
    void *piped;              /* what stdin had; NULL: a file is read */
    size_t piped_len;
} tj_input;

/* The folder that --cache names, or the user's own; NULL: no cache. The caller frees it. */
char *tj_cache_folder(const tj_args *args);
/* Tells why a context that was given a folder has no open cache: an error when the command line
 * names the folder, else a note on stderr when the folder is not safe. */
int tj_check_cache(const tj_args *args, tmjit_context *ctx, tj_failure *why);

/* Loads the command's operand once more: source by its name, all else by its bytes. */
int tj_input_load(const tj_args *args, const tj_input *input, tmjit_library **out,
                  tj_failure *why);
/* Loads the command's only operand; "-" is a kernel in AIR form, or a container, from stdin.
 * Close it also after a failure. */
/* The table of tmjit_triton_layouts, for tmjit_free. */
int tj_input_layouts(const tj_args *args, const tj_input *input, char **out, size_t *byte_len,
                     tj_failure *why);
int tj_input_open(const tj_args *args, tj_input *out, tj_failure *why);
void tj_input_close(tj_input *input);

/* The kernel that --entry names, or the only one. */
int tj_input_find_kernel(const tj_input *input, const tj_args *args, const tmjit_kernel **out,
                         tj_failure *why);
int tj_read_pipeline_options(const tj_args *args, tmjit_pipeline_options *out, tj_failure *why);

/* The steps of compilation, with their names. */
enum { TJ_STEP_COUNT = 6 };
typedef struct tj_step {
    const char *name;
    double seconds;
} tj_step;
void tj_get_steps(const tmjit_pipeline_info *info, tj_step out[TJ_STEP_COUNT]);
/* The steps from source to a loaded library. */
enum { TJ_SOURCE_STEP_COUNT = 7 };
void tj_get_source_steps(const tmjit_source_info *info, tj_step out[TJ_SOURCE_STEP_COUNT]);
/* A table of milliseconds; nothing when the input is no source. */
void tj_print_source_steps(FILE *to, const tmjit_source_info *info);
/* A table of milliseconds, and whether the code is from the cache. */
void tj_print_steps(FILE *to, double load_s, const tmjit_pipeline_info *info);

/* Seconds of a clock that only goes forward. */
double tj_now_s(void);

#endif
