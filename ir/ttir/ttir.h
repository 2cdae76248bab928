/* SPDX-License-Identifier: MIT */
/* Triton's IR to bitcode in AIR form. */
#ifndef TJ_TTIR_H
#define TJ_TTIR_H

#include "diag.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct tj_ttir_source {
    const char *text;
    size_t byte_len;
    const char *name;           /* of the file; stands in places */
    unsigned num_warps;         /* SIMD-groups of a program: 1, 2, 4 ... 32 */
    const char *const *layouts; /* chosen ones, "VALUE=LAYOUT"; NULL ends; NULL: none */
    bool is_fast_math;          /* functions of float may be less exact */
    bool allows_fp64;           /* f64 computes */
} tj_ttir_source;

/* Each public function becomes a kernel in short form: a program is a threadgroup of
 * 32 * num_warps threads, a scalar parameter a constant buffer of one element. Gives bitcode
 * for tj_load, which checks it. `*out` is the caller's, for tj_text_fini; empty after a
 * failure. */
tj_status tj_ttir_compile(const tj_ttir_source *source, tj_diags *diags, tj_text *out);

/* A table of the layouts of all tensors; `*out` as above. (show.c) */
tj_status tj_ttir_show_layouts(const tj_ttir_source *source, tj_diags *diags, tj_text *out);

/* Read, verified, with the chosen layouts and log2 of SIMD-groups. */
struct tj_tt_module;
struct tj_tt_choice;
tj_status tj_ttir_read(const tj_ttir_source *source, tj_diags *diags,
                       struct tj_tt_module *module, struct tj_tt_choice **choices,
                       unsigned *group_bits);

#endif
