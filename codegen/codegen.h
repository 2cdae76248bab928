/* SPDX-License-Identifier: MIT */
/* From a canonical AIR-form kernel to vector LLVM IR for the host. */
#ifndef TJ_CODEGEN_H
#define TJ_CODEGEN_H

#include "ir.h"

#include <llvm-c/TargetMachine.h>

typedef struct tj_host_options {
    uint32_t threadgroup[3]; /* threads, each at least 1 */
    unsigned lanes;          /* W: 4, 8, 16, 32; 0: chosen by tj_host_lanes */
    bool is_ragged;          /* the variant for partial threadgroups */
    bool is_fast_math;
    bool has_bounds_checks;
    bool has_watchdog;    /* loops poll frame->stop */
    unsigned vector_bits; /* of the host: 128, 256, 512 */
    unsigned opt_level;   /* 0 or 2 */
    const char *after;    /* stop after the pass of this name; NULL: all */
    bool verify_each;
} tj_host_options;

/* A place that generated code can name when it fails: schedule sites, by index. */
typedef struct tj_site {
    tj_loc loc;
    const char *what; /* "load", "store", "atomic", "barrier", "loop", "simd_sum", ...; of an
                         access to a variable the variable's name */
    bool is_constant; /* that variable is constant */
} tj_site;

/* Memory by the number that a fault's `origin` has; the first ones are parameters. */
typedef struct tj_region {
    const char *name; /* of a global or private array */
    bool is_private;
    bool is_constant; /* a global that is no threadgroup variable */
} tj_region;

typedef struct tj_host_code {
    LLVMModuleRef module; /* in the unit's LLVM context; the caller disposes of it */
    const char *entry_name;
    bool is_coroutine; /* entry is a tjrt_slice_fn, else a tjrt_group_fn */
    unsigned lanes;
    uint64_t static_threadgroup_byte_len;
    uint64_t private_byte_len;
    const tj_site *sites; /* in the unit's arena */
    unsigned site_count;
    const tj_region *regions; /* in the unit's arena */
    unsigned region_count;
    double optimize_s; /* of the call's time, spent in LLVM's passes */
} tj_host_code;

/* W for a kernel: 32 when it uses SIMD-group functions or when part of a SIMD-group may not
 * come to a barrier, else by registers. `requested` 0: free. */
unsigned tj_host_lanes(tj_unit *unit, const uint32_t threadgroup[3], unsigned requested,
                       unsigned vector_bits);

/* Lowers the unit's only kernel. `unit` must be canonical and is not changed. The module
 * carries `machine`'s triple and data layout and is optimised to opt_level. */
tj_status tj_host_lower(tj_unit *unit, const tj_host_options *options,
                        LLVMTargetMachineRef machine, tj_host_code *out);
const char *const *tj_host_passes(void);
/* Whether a function has more blocks or instructions (host/size.c). */
bool tj_is_larger(LLVMModuleRef module, unsigned block_limit, unsigned inst_limit);

/* The schedule with shapes of values, for `tmjit info --shapes` and --after. */
tj_status tj_host_dump_shapes(tj_unit *unit, const tj_host_options *options, tj_text *out);

/* ---- msl/ -------------------------------------------------------------------------------- */

/* What the host of a printed kernel must know; memory of the unit's arena. */
typedef struct tj_msl_table {
    const char *kernel_name;
    const char **names; /* of parameters */
    bool *is_reference; /* of parameters */
    uint64_t threadgroup_byte_len;
} tj_msl_table;

/* The unit's only kernel as Metal source. `unit` must be canonical; only printing may follow, as
 * the kernel is rewritten for it. What Metal cannot say is refused by name and place, and then
 * nothing is added to `out`. `table` may be NULL. */
tj_status tj_msl_print(tj_unit *unit, tj_text *out, tj_msl_table *table);

#endif
