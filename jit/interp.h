/* SPDX-License-Identifier: MIT */
/* The second engine: a plain interpreter of canonical AIR-form modules, thread by thread.
 * Shares nothing with codegen/host; it is the oracle of the differential tests. */
#ifndef TJ_INTERP_H
#define TJ_INTERP_H

#include "ir.h"
#include "runtime.h"

typedef struct tj_interp tj_interp; /* a kernel decoded for interpretation */

/* Decodes the only kernel of a canonical unit; `unit` must outlive it. */
tj_status tj_interp_create(tj_unit *unit, bool is_fast_math, tj_interp **out);
void tj_interp_destroy(tj_interp *interp);

typedef struct tj_interp_launch {
    uint32_t grid[3], threadgroup[3]; /* threads */
    const tjrt_buffer *buffers; /* by parameter; threadgroup arguments: byte_len only */
    const tjrt_buffer *resident; /* what pointers made from integers may reach beside them */
    unsigned resident_count;
    bool has_bounds_checks;
    double timeout_s; /* 0: none */
    uint64_t step_limit; /* instructions, roughly; 0: none */
    const _Atomic bool *is_cancelled; /* polled; may be NULL */
} tj_interp_launch;

/* Runs the grid in order on the calling thread. A fault is recorded in `diags` with place,
 * kernel and thread, in the same words as the JIT's. */
tj_status tj_interp_run(tj_interp *interp, const tj_interp_launch *launch, tj_diags *diags);

/* Static initialisers: see tj_initialise. */
tj_status tj_initialise_constants(tj_unit *unit);

#endif
