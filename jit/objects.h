/* SPDX-License-Identifier: MIT */
/* The four public objects from the inside, and the functions behind api.c.
 *
 * Locks, outermost first: pipeline, library, context. None is held while a kernel runs but
 * the runtime pool's own (SIMD engine) and the context's interpreter lock.
 */
#ifndef TJ_OBJECTS_H
#define TJ_OBJECTS_H

#include "codegen.h"
#include "interp.h"
#include "ir.h"
#include "metallib.h"
#include "runtime.h"
#include "session.h"
#include "tmjit.h"

#include <pthread.h>

typedef struct tj_thread_error tj_thread_error;

struct tmjit_context {
    pthread_mutex_t lock; /* of the lists, the errors and the session's creation */
    tmjit_library *libraries;
    tmjit_pipeline *pipelines;
    tj_thread_error *errors; /* one per thread that has failed */
    tjrt_pool *pool;
    pthread_mutex_t interp_lock; /* held while the interpreter runs */
    tmjit_chip chip;             /* whose limits kernels obey */
    tj_cpu cpu;                  /* valid once session is there */
    tj_session *session;         /* made by the first compilation */
    uint64_t variant_count;      /* makes symbol names unique */
};

/* One loaded module of a library. */
typedef struct tj_module {
    pthread_mutex_t lock; /* of `unit` */
    tj_unit *unit;
    tj_arena *arena; /* kernels and their arguments, and the module itself */
    tmjit_kernel *kernels;
    size_t kernel_count;
} tj_module;

struct tmjit_kernel {
    tmjit_library *library;
    tj_module *module;
    const tj_kernel *kernel;
    tmjit_arg *args;
};

/* A plain library has one module. One from a container has an index, and a module for each
 * function that somebody has asked for. */
struct tmjit_library {
    tmjit_context *ctx;
    tmjit_library *previous, *next;
    tj_module *plain;      /* NULL in a container */
    tj_metallib *metallib; /* NULL in a plain library */
    pthread_mutex_t lock;  /* of `modules` */
    tj_module **modules;   /* by function of the container; NULL: not loaded yet */
    uint32_t *functions;   /* of the container, by kernel */
    size_t kernel_count;
};

/* Code for whole or for partial threadgroups. */
typedef struct tj_variant {
    bool is_ready;
    tj_linked linked;
    tjrt_code code;
    const tj_site *sites; /* in the pipeline's unit */
    unsigned site_count;
    const tj_region *regions; /* by a fault's origin; in the pipeline's unit */
} tj_variant;

/* What both engines must know about a canonical kernel. */
typedef struct tj_settings {
    tmjit_pipeline_options options;
    uint32_t threadgroup[3];
} tj_settings;

typedef struct tj_compile_times {
    double extract_s, canon_s, lower_s, optimize_s, emit_s, link_s;
} tj_compile_times;

struct tmjit_pipeline {
    tmjit_context *ctx;
    tmjit_pipeline *previous, *next;
    pthread_mutex_t lock; /* of `unit` and of what is compiled late */
    tj_unit *unit;        /* canonical, one kernel */
    tj_settings settings;
    tj_compile_times times;
    unsigned lanes;
    bool has_barriers;
    uint64_t static_threadgroup_byte_len;
    uint64_t private_byte_len;        /* of one thread, for information */
    uint64_t worker_private_byte_len; /* that generated code wants from each worker */
    tj_variant full, ragged;
    uint8_t *is_threadgroup; /* by argument */
    tj_interp *interp;       /* TMJIT_ENGINE_INTERP only */
};

/* ---- error.c ------------------------------------------------------------------------- */

/* Makes `diag` the calling thread's last error; strings are copied. Returns its status. */
tmjit_status tj_publish(tmjit_context *ctx, const tj_diag *diag);
tmjit_status tj_refuse(tmjit_context *ctx, tmjit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const tmjit_error *tj_last_error(const tmjit_context *ctx);
void tj_errors_free(tmjit_context *ctx);

/* ---- context.c ----------------------------------------------------------------------- */

tmjit_status tj_context_create(const tmjit_context_options *options, tmjit_context **out);
void tj_context_destroy(tmjit_context *ctx);
/* The session, made at the first call. */
tj_status tj_context_session(tmjit_context *ctx, tj_diags *diags, tj_session **out);
void tj_context_add_library(tmjit_context *ctx, tmjit_library *library);
void tj_context_add_pipeline(tmjit_context *ctx, tmjit_pipeline *pipeline);
/* Unlink only. */
void tj_context_drop_library(tmjit_context *ctx, tmjit_library *library);
void tj_context_drop_pipeline(tmjit_context *ctx, tmjit_pipeline *pipeline);
uint64_t tj_context_next_variant(tmjit_context *ctx);

/* ---- library.c ----------------------------------------------------------------------- */

tmjit_status tj_library_load_file(tmjit_context *ctx, const char *path, tmjit_library **out);
tmjit_status tj_library_load_memory(tmjit_context *ctx, const void *bytes, size_t byte_len,
                                    const char *name, tmjit_library **out);
void tj_library_free(tmjit_library *library); /* not in the context's list any more */
tmjit_status tj_library_load_kernel(tmjit_library *library, const char *name,
                                    const tmjit_kernel **out);
const tmjit_kernel *tj_library_kernel(tmjit_library *library, size_t index);
const tmjit_kernel *tj_library_find_kernel(tmjit_library *library, const char *name);
size_t tj_library_function_count(const tmjit_library *library);
tmjit_function tj_library_function(const tmjit_library *library, size_t index);

/* ---- options.c ----------------------------------------------------------------------- */

/* Copies what the caller's struct has of `into`, which is zeroed and `byte_len` long. False
 * when struct_size is too small to be one, or when fields of a later version are set. */
bool tj_copy_options(void *into, size_t byte_len, const void *from);
/* Checks the options for `kernel` and chooses the threadgroup. */
tmjit_status tj_settle(const tmjit_kernel *kernel, const tmjit_pipeline_options *options,
                       tj_settings *out);

/* ---- compile.c ----------------------------------------------------------------------- */

/* The canonical unit of a kernel. `after`: as in tj_canon_options. On failure the error is in
 * `diags`. */
tj_status tj_compile_unit(const tmjit_kernel *kernel, const tj_settings *settings,
                          const char *after, tj_diags *diags, tj_compile_times *times,
                          tj_unit **out);
/* Vector IR of the unit; the caller disposes of out->module. */
tj_status tj_compile_host(tj_unit *unit, const tj_settings *settings, const tj_cpu *cpu,
                          LLVMTargetMachineRef machine, bool is_ragged, const char *after,
                          tj_host_code *out);
/* An object or assembly text of a host module. */
tj_status tj_compile_emit(LLVMTargetMachineRef machine, LLVMModuleRef module,
                          LLVMCodeGenFileType type, tj_diags *diags, LLVMMemoryBufferRef *out);
/* Lowers, emits and links one variant, and fills what the pipeline tells about its code. The
 * pipeline's lock is held or nobody else has the pipeline yet. Errors: in unit->diags. */
tj_status tj_compile_variant(tmjit_pipeline *pipeline, bool is_ragged, tj_variant *out);

/* ---- chip.c -------------------------------------------------------------------------- */

tmjit_chip tj_chip_at(size_t index); /* all zero past the end */
/* Finds a family or a product; false when there is none of that name. */
bool tj_chip_find(const char *name, tmjit_chip *out);
tmjit_chip tj_chip_newest(void);
/* "m2 ultra (apple8)"; a family's name alone. */
const char *tj_chip_label(tj_arena *arena, const tmjit_chip *chip);
/* Refuses what a canonical kernel uses and the chip lacks. */
tj_status tj_chip_check(tj_unit *unit, const tmjit_chip *chip);

/* ---- facts.c ------------------------------------------------------------------------- */

/* Counts sites and sizes in a canonical unit. */
void tj_count_facts(const tj_unit *unit, tmjit_kernel_facts *out);

/* ---- pipeline.c ---------------------------------------------------------------------- */

tmjit_status tj_pipeline_create(const tmjit_kernel *kernel,
                                const tmjit_pipeline_options *options, tmjit_pipeline **out);
void tj_pipeline_free(tmjit_pipeline *pipeline); /* not in the context's list any more */
tmjit_pipeline_info tj_pipeline_get_info(const tmjit_pipeline *pipeline);
/* Whether whole threadgroups fill whole slices; they need no masks then. */
bool tj_pipeline_has_whole_slices(const tmjit_pipeline *pipeline);

/* ---- launch.c, fault.c --------------------------------------------------------------- */

tmjit_status tj_pipeline_launch(tmjit_pipeline *pipeline, const tmjit_launch *launch);
/* Puts the fault of a launch into words. */
tj_status tj_describe_fault(const tmjit_pipeline *pipeline, const tjrt_launch *launch,
                            const tjrt_fault *fault, tj_diags *diags);

/* ---- view.c -------------------------------------------------------------------------- */

typedef struct tj_view_request {
    tmjit_view view;
    const char *after;
    bool is_ragged;
} tj_view_request;

tmjit_status tj_kernel_view(const tmjit_kernel *kernel, const tmjit_pipeline_options *options,
                            const tj_view_request *request, char **out, size_t *byte_len);
tmjit_status tj_kernel_get_facts(const tmjit_kernel *kernel, tmjit_kernel_facts *out);
const char *const *tj_pass_names(void);

#endif
