/* SPDX-License-Identifier: MIT */
/* Source text of other languages to bitcode in AIR form, through clang. */
#ifndef TJ_SOURCE_H
#define TJ_SOURCE_H

#include "diag.h"

#include <stdbool.h>

typedef enum tj_language {
    TJ_LANGUAGE_OPENCL = 1,
    TJ_LANGUAGE_METAL = 2,
    TJ_LANGUAGE_TTIR = 3 /* read without clang, by ir/ttir */
} tj_language;

/* Seconds of the steps. */
typedef struct tj_source_times {
    double preprocess_s, rewrite_s; /* Metal */
    double clang_s;
    double read_s;  /* LLVM reads what clang wrote */
    double adopt_s; /* to AIR form, checked and written */
} tj_source_times;

typedef struct tj_source {
    tj_language language;
    const char *text;
    size_t byte_len;
    const char *name;                /* of the file; stands in places */
    const char *clang;               /* path of clang 22 */
    const char *const *include_dirs; /* NULL-terminated; NULL: none */
    const char *const *defines;      /* "NAME" or "NAME=VALUE"; the same */
    const char *standard;            /* of the language; NULL: its newest */
    double time_limit_s;             /* of the processor, for clang; 0: a minute */
    bool is_fast_math;               /* -cl-fast-relaxed-math; Metal: its own default */
    unsigned num_warps;              /* Triton: SIMD-groups of a program */
    const char *const *layouts;      /* Triton: chosen ones, "VALUE=LAYOUT"; as include_dirs */
    const char *entry;    /* Metal: the only kernel that is wanted, or a template with its
                             arguments; NULL: all */
    const void *prepared; /* Metal: what tj_metal_prepare made; NULL: the library for clang is
                             read from its text */
    size_t prepared_len;
    tj_source_times *times; /* is added to; NULL: nobody asks */
    tj_text *included;      /* gets the names of included files, each ended by a newline;
                          NULL: nobody asks */
} tj_source;

/* Gives bitcode for tj_load, which checks it. clang's first error comes back with its place.
 * `*out` is the caller's, for tj_text_fini; empty after a failure. */
tj_status tj_source_compile(const tj_source *source, tj_diags *diags, tj_text *out);

/* clang of the LLVM that tmjit is built with; need not be there. (made by CMake) */
extern const char tj_default_clang[];

/* Metal's library for clang as a precompiled header, which saves most of clang's time. It holds
 * for this clang and this build. `*out` as tj_source_compile. */
tj_status tj_metal_prepare(const tj_source *source, tj_diags *diags, tj_text *out);

#endif
