/* SPDX-License-Identifier: MIT */
/* What is known of a run when it is over, as far as it came. */
#ifndef TJ_TOOL_REPORT_H
#define TJ_TOOL_REPORT_H

#include <tmjit_source.h>

typedef struct tj_report {
    const char *path;
    const tmjit_kernel *kernel; /* NULL: not found, and nothing below is known */
    const char *engine, *math;
    bool is_compiled; /* info and grid are filled */
    tmjit_pipeline_info info;
    tmjit_extent grid; /* threads */
    double load_s;
    tmjit_source_info source;
    bool has_run; /* first_run_s is filled */
    double first_run_s;
    double *run_s; /* timed launches, in order of time */
    size_t run_count;
    uint64_t bound_byte_len; /* of all buffers */
    tmjit_cache_stats cache; /* when it was compiled */
} tj_report;

/* Of sorted times; 0 without any. */
double tj_report_median_s(const tj_report *report);
/* Bytes of all bound buffers over the median, in 1e9 bytes a second. */
double tj_report_gb_per_s(const tj_report *report);

#endif
