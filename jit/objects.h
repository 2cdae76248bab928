/* SPDX-License-Identifier: MIT */
/* The public objects from the inside, and the functions behind api.c.
 *
 * Lives: what a launch uses is counted, so that a destroy function only gives up the caller's
 * count. The context's lists hold what the caller has not destroyed.
 *
 * Locks, outermost first: pipeline, library, work, context, the runtime pool's own. None is
 * held while a kernel runs but the interpreter's, and none while a callback does.
 */
#ifndef TJ_OBJECTS_H
#define TJ_OBJECTS_H

#include "cache.h"
#include "codegen.h"
#include "interp.h"
#include "ir.h"
#include "metallib.h"
#include "runtime.h"
#include "session.h"
#include "tmjit.h"
#include "tmjit_source.h"

#include <pthread.h>
#include <stdatomic.h>

/* First member of what a context lists. */
typedef struct tj_node {
    struct tj_node *previous, *next;
} tj_node;

typedef enum tj_list {
    TJ_LIST_QUEUES,
    TJ_LIST_EVENTS,
    TJ_LIST_PIPELINES,
    TJ_LIST_LIBRARIES,
    TJ_LIST_BUFFERS,
    TJ_LIST_COUNT
} tj_list;

typedef struct tj_thread_error tj_thread_error;

struct tmjit_context {
    pthread_mutex_t lock; /* of the lists, the errors and the session's creation */
    tj_node *lists[TJ_LIST_COUNT];
    tj_thread_error *errors; /* one per thread that has failed */
    tjrt_pool *pool;
    pid_t process;                /* that made it; 0: `is_ours` tells */
    const unsigned char *is_ours; /* a page whose bytes are 1, and 0 in a forked child */
    pthread_mutex_t work_lock;    /* of all queues and events */
    bool is_closing;              /* under work_lock: queues take no more launches */
    pthread_mutex_t interp_lock; /* held while the interpreter runs */
    tmjit_chip chip;             /* whose limits kernels obey */
    bool allows_fp64;            /* doubles compute */
    tj_cpu cpu;                  /* valid once session is there */
    tj_session *session;         /* made by the first compilation */
    uint64_t variant_count;      /* makes symbol names unique */
    tj_cache *cache;             /* NULL: none */
    tj_digest identity;          /* of everything but input and options; with a cache only */
    tmjit_status cache_status;   /* why there is none, when one was asked for */
    char cache_problem[TJ_CACHE_PROBLEM];
};

/* One loaded module of a library. */
typedef struct tj_module {
    tmjit_library *library;
    tj_arena *arena; /* kernels and their arguments, and the module itself */
    const char *file;
    unsigned air_major, air_minor;
    const tj_kernel *inner; /* the unit's, or from the cache */
    tmjit_kernel *kernels;
    size_t kernel_count;
    const tj_constant *constants;
    unsigned constant_count;
    tj_digest digest;     /* of all that loading reads; with a cache only */
    pthread_mutex_t lock; /* of `unit` */
    tj_unit *unit;        /* NULL: described from the cache, not loaded yet */
    uint8_t *bytes;       /* to load it from; NULL with a unit, and in a container */
    size_t byte_len;
    size_t function; /* of the container */
} tj_module;

struct tmjit_kernel {
    tmjit_library *library;
    tj_module *module;
    const tj_kernel *kernel;
    tmjit_arg *args;
    tmjit_constant_info *constants;
};

/* A plain library has one module. One from a container has an index, and a module for each
 * function that somebody has asked for. */
struct tmjit_library {
    tj_node node;
    tmjit_context *ctx;
    tj_module *plain;      /* NULL in a container */
    tj_metallib *metallib; /* NULL in a plain library */
    pthread_mutex_t lock;  /* of `modules` */
    tj_module **modules;   /* by function of the container; NULL: not loaded yet */
    uint32_t *functions;   /* of the container, by kernel */
    size_t kernel_count;
    tmjit_source_info source;
    unsigned users; /* its creator, and pipelines that may have to load a module; by `lock` */
};

/* Code for whole or for partial threadgroups. */
typedef struct tj_variant {
    bool is_ready, is_coroutine;
    tj_linked linked;
    tjrt_code code;
    uint64_t private_byte_len; /* that it wants from each worker */
    const tj_site *sites; /* in the pipeline's unit or arena */
    unsigned site_count;
    const tj_region *regions; /* by a fault's origin; in the same place */
    unsigned region_count;
} tj_variant;

/* What both engines must know about a canonical kernel. */
typedef struct tj_settings {
    tmjit_pipeline_options options;
    uint32_t threadgroup[3];
    bool is_open; /* function constants stay unknown; for counting and printing */
    bool is_printed; /* as Metal */
    bool keeps_logging; /* calls that log stay calls; for printing */
    bool has_no_places; /* what fails does not know its line: faster */
} tj_settings;

typedef struct tj_compile_times {
    double extract_s, canon_s, lower_s, optimize_s, emit_s, link_s, cache_s;
} tj_compile_times;

struct tmjit_pipeline {
    tj_node node;
    tmjit_context *ctx;
    _Atomic unsigned use_count;
    pthread_mutex_t lock;   /* of `unit` and of what is compiled late */
    tj_unit *unit;          /* canonical, one kernel; NULL while all code is from the cache */
    tmjit_library *library; /* retained for `unit`, when that was NULL at first; else NULL */
    tj_module *module;      /* library's */
    const tj_kernel *kernel; /* the unit's, or from the cache */
    const char *file;
    tj_digest key; /* of its code in the cache; zero: not cached */
    bool has_key;
    tj_arena *arena;
    tj_diags diags; /* in `arena` */
    tj_settings settings;
    tj_compile_times times;
    unsigned lanes;
    bool has_barriers, flush_subnormals;
    bool is_from_cache; /* the variant that was made with the pipeline */
    uint64_t static_threadgroup_byte_len;
    uint64_t private_byte_len;        /* of one thread, for information */
    uint64_t worker_private_byte_len; /* that generated code wants from each worker */
    tj_variant full, ragged;
    const uint8_t *is_threadgroup; /* by what a launch binds */
    tj_interp *interp;       /* TMJIT_ENGINE_INTERP only */
};

/* ---- error.c ------------------------------------------------------------------------- */

/* Errors with strings of their own, in one block; never NULL, but for tj_error_clone without
 * memory, whose result may be freed as a plain block. */
tmjit_error *tj_error_of(const tj_diag *diag);
tmjit_error *tj_error_copy(const tmjit_error *error);
tmjit_error *tj_error_clone(const tmjit_error *error);
void tj_error_free(tmjit_error *error); /* NULL is allowed */
/* Makes `diag` the calling thread's last error; strings are copied. Returns its status. */
tmjit_status tj_publish(tmjit_context *ctx, const tj_diag *diag);
tmjit_status tj_publish_error(tmjit_context *ctx, const tmjit_error *error);
tmjit_status tj_refuse(tmjit_context *ctx, tmjit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const tmjit_error *tj_last_error(const tmjit_context *ctx);
void tj_errors_free(tmjit_context *ctx);

/* ---- context.c ----------------------------------------------------------------------- */

tmjit_status tj_context_create(const tmjit_context_options *options, tmjit_context **out);
void tj_context_destroy(tmjit_context *ctx);
/* The session, made at the first call. */
tj_status tj_context_session(tmjit_context *ctx, tj_diags *diags, tj_session **out);
void tj_context_add(tmjit_context *ctx, tj_list list, tj_node *node);
void tj_context_drop(tmjit_context *ctx, tj_list list, tj_node *node); /* unlinks only */
/* False in a child that fork made. */
bool tj_context_is_ours(const tmjit_context *ctx);
uint64_t tj_context_next_variant(tmjit_context *ctx);
void tj_context_cache_stats(tmjit_context *ctx, bool count_entries, tmjit_cache_stats *out);

/* ---- library.c ----------------------------------------------------------------------- */

tmjit_status tj_library_load_file(tmjit_context *ctx, const char *path, tmjit_library **out);
tmjit_status tj_library_load_memory(tmjit_context *ctx, const void *bytes, size_t byte_len,
                                    const char *name, tmjit_library **out);
/* Not in the context's list any more; freed with the last user. */
void tj_library_release(tmjit_library *library);
void tj_library_retain(tmjit_library *library);
tmjit_status tj_library_load_kernel(tmjit_library *library, const char *name,
                                    const tmjit_kernel **out);
const tmjit_kernel *tj_library_kernel(tmjit_library *library, size_t index);
const tmjit_kernel *tj_library_find_kernel(tmjit_library *library, const char *name);
size_t tj_library_function_count(const tmjit_library *library);
tmjit_function tj_library_function(const tmjit_library *library, size_t index);

/* ---- module.c ------------------------------------------------------------------------ */

/* Loads bytes, or a function of the library's container. */
tj_status tj_module_load(tmjit_library *library, const tj_bytes *bytes, const char *name,
                         tj_diags *diags, tj_module **out);
tj_status tj_module_load_function(tmjit_library *library, size_t function, tj_diags *diags,
                                  tj_module **out);
void tj_module_destroy(tj_module *module); /* NULL is allowed */
const tmjit_kernel *tj_module_find(const tj_module *module, const char *name);
/* The module's unit, loaded if it is not there yet. The module's lock is held. */
tj_status tj_module_unit(tj_module *module, tj_diags *diags, tj_unit **out);

/* ---- options.c ----------------------------------------------------------------------- */

/* Copies what the caller's struct has of `into`, which is zeroed and `byte_len` long. False
 * when struct_size is too small to be one, or when fields of a later version are set. */
bool tj_copy_options(void *into, size_t byte_len, const void *from);
/* Checks the options for `kernel` and chooses the threadgroup. */
tmjit_status tj_settle(const tmjit_kernel *kernel, const tmjit_pipeline_options *options,
                       tj_settings *out);

/* ---- compile.c ----------------------------------------------------------------------- */

/* The canonical unit of a module's kernel. `after`: as in tj_canon_options. On failure the
 * error is in `diags`. */
tj_status tj_compile_unit(tj_module *module, const char *name, const tj_settings *settings,
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
 * pipeline's lock is held or nobody else has the pipeline yet. Errors: in pipeline->diags. */
tj_status tj_compile_variant(tmjit_pipeline *pipeline, bool is_ragged, tj_variant *out);
/* Makes a linked variant ready. */
void tj_finish_variant(tmjit_pipeline *pipeline, const tj_linked *linked, tj_variant *out);
/* Seconds of a clock that only goes forward; the second adds the time since *start to *sum and
 * starts again. */
double tj_clock(void);
void tj_lap(double *start, double *sum);

/* ---- stored.c ------------------------------------------------------------------------ */

/* Computes the pipeline's key. */
void tj_find_key(tmjit_pipeline *pipeline, const tj_module *module, const char *name);
/* The variant that comes with a new pipeline, from the cache, and all that the pipeline tells
 * of its kernel. False when it is not there. */
bool tj_load_first(tmjit_pipeline *pipeline);
/* The variant for partial threadgroups, when it is not the first one. */
bool tj_load_ragged(tmjit_pipeline *pipeline);
/* Stores a variant that was compiled. `name` is the object's name of the entry. */
void tj_store_variant(tmjit_pipeline *pipeline, const tj_variant *variant, bool is_ragged,
                      const char *object, size_t object_len, const char *name);

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
/* Bytes of all variables in threadgroup memory. */
uint64_t tj_static_byte_len(const tj_unit *unit);

/* ---- pipeline.c ---------------------------------------------------------------------- */

tmjit_status tj_pipeline_create(const tmjit_kernel *kernel,
                                const tmjit_pipeline_options *options, tmjit_pipeline **out);
tmjit_pipeline *tj_pipeline_hold(tmjit_pipeline *pipeline);
void tj_pipeline_release(tmjit_pipeline *pipeline); /* the last one frees it */
tmjit_pipeline_info tj_pipeline_get_info(const tmjit_pipeline *pipeline);
/* Whether whole threadgroups fill whole slices; they need no masks then. */
bool tj_pipeline_has_whole_slices(const tmjit_pipeline *pipeline);

/* The unit; compiled when all code came from the cache and more is wanted. */
tj_status tj_pipeline_unit(tmjit_pipeline *pipeline);

/* ---- launch.c, fault.c --------------------------------------------------------------- */

/* Copies the caller's struct and checks all of it but bindings. */
tmjit_status tj_launch_check(tmjit_pipeline *pipeline, const tmjit_launch *given,
                             tmjit_launch *out);
/* Regions of memory that a launch binds: arguments, then what argument buffers point to. */
size_t tj_launch_bound_count(const tmjit_pipeline *pipeline);
/* Checks bindings and buffers; fills tj_launch_bound_count elements of `out`, and behind them
 * those of the launch's resident memory. */
tmjit_status tj_launch_bind(tmjit_pipeline *pipeline, const tmjit_launch *launch,
                            tjrt_buffer *out);
/* members.c: the part of it for argument buffers, and their pointers for a launch. */
tmjit_status tj_members_bind(const tmjit_pipeline *pipeline, const tmjit_launch *launch,
                             tjrt_buffer *out);
void tj_members_write(const tmjit_pipeline *pipeline, const tjrt_buffer *bound);
/* launch_check.c: one buffer's memory. */
tmjit_status tj_check_memory(const tmjit_pipeline *pipeline, const tj_arg *arg, const char *name,
                             const tmjit_binding *binding);
/* Runs a checked launch. `is_cancelled` may be NULL. On failure the error is in `diags`. */
tj_status tj_launch_run(tmjit_pipeline *pipeline, const tmjit_launch *launch,
                        tjrt_buffer *bound, const _Atomic bool *is_cancelled, tj_diags *diags);
tmjit_status tj_pipeline_launch(tmjit_pipeline *pipeline, const tmjit_launch *launch);
/* Puts the fault of a launch into words. */
tj_status tj_describe_fault(const tmjit_pipeline *pipeline, const tjrt_launch *launch,
                            const tjrt_fault *fault, tj_diags *diags);

/* ---- buffer.c ------------------------------------------------------------------------ */

struct tmjit_buffer {
    tj_node node;
    tmjit_context *ctx;
    _Atomic unsigned use_count;
    uint8_t *data;
    uint64_t byte_len;
    void *block; /* heap block that `data` lies in; NULL: wrapped */
    void (*release)(void *data, void *user);
    void *user;
    char label[]; /* NUL at its end */
};

tmjit_status tj_buffer_create(tmjit_context *ctx, uint64_t byte_len,
                              const tmjit_buffer_options *options, tmjit_buffer **out);
tmjit_buffer *tj_buffer_hold(tmjit_buffer *buffer); /* NULL is allowed */
void tj_buffer_release(tmjit_buffer *buffer);       /* NULL is allowed */

/* ---- event.c, queue.c ---------------------------------------------------------------- */

typedef struct tj_waiter tj_waiter;
typedef struct tj_notice tj_notice;

/* A launch on a queue, and the caller's handle of it. All but what is said to be fixed is
 * under the context's work_lock. */
struct tmjit_event {
    tj_node node;
    tmjit_context *ctx;
    _Atomic unsigned use_count;
    tmjit_event *next; /* behind it on the queue */
    /* fixed; released once the launch has ended */
    tmjit_queue *queue;
    tmjit_pipeline *pipeline;
    tmjit_launch launch; /* buffers and waits are copies that are held */
    tjrt_buffer *bound;
    _Atomic bool is_cancelled; /* written under the pool's lock */
    tmjit_event_state state;
    tmjit_event_times times;
    tmjit_error *failure; /* fixed once it is done; NULL: none */
    tj_waiter *waiters;
    tj_notice *notices, **last_notice;
    bool is_notifying; /* the queue's thread calls the notices */
};

struct tj_waiter {
    tj_waiter *next;
    pthread_cond_t *wake;
};

/* A launch checked and copied, held by its queue. `bound` is not filled. NULL without memory. */
tmjit_event *tj_event_create(tmjit_queue *queue, tmjit_pipeline *pipeline,
                             const tmjit_launch *launch);
/* Gives up pipeline, buffers and waits. No lock is held. */
void tj_event_drop_launch(tmjit_event *event);
tmjit_event *tj_event_hold(tmjit_event *event);
void tj_event_release(tmjit_event *event);
/* Wakes all waiters; work_lock is held. */
void tj_event_finish(tmjit_event *event);
/* Calls the notices of an event that is done; work_lock is held, but not during the calls. */
void tj_event_notify_all(tmjit_event *event);
tmjit_status tj_event_wait(tmjit_event *event, double timeout_s);
const tmjit_error *tj_event_get_error(const tmjit_event *event);
tmjit_status tj_event_notify(tmjit_event *event, tmjit_callback *callback, void *user);
void tj_event_cancel(tmjit_event *event);
/* For a launch on the calling thread: waits for all and refuses when one has failed. */
tmjit_status tj_events_await(tmjit_context *ctx, const tmjit_launch *launch);

struct tmjit_queue {
    tj_node node;
    tmjit_context *ctx;
    pthread_t thread;
    bool is_forgiving;
    /* under work_lock */
    bool is_closing;
    bool is_claimed; /* somebody joins the thread and frees the queue */
    tmjit_event *first, **last; /* the first one is the one that runs */
    uint64_t given_count, ended_count;
    pthread_cond_t wake;  /* its own thread: work, closing, waits that are over, cancelling */
    pthread_cond_t ended; /* others: ended_count has changed */
    tmjit_error *failure; /* the first since one was last reported; NULL: none */
};

tmjit_status tj_queue_create(tmjit_context *ctx, const tmjit_queue_options *options,
                             tmjit_queue **out);
tmjit_status tj_queue_launch(tmjit_queue *queue, tmjit_pipeline *pipeline,
                             const tmjit_launch *launch, tmjit_event **out);
tmjit_status tj_queue_wait(tmjit_queue *queue, double timeout_s);
void tj_queue_destroy(tmjit_queue *queue);
/* Cancels everything, waits for the end and frees the queues. */
void tj_queues_shut_down(tmjit_context *ctx);

/* ---- view.c -------------------------------------------------------------------------- */

typedef struct tj_view_request {
    tmjit_view view;
    const char *after;
    bool is_ragged;
} tj_view_request;

struct tmjit_metal_text;
tmjit_status tj_kernel_print_metal(const tmjit_kernel *kernel,
                                   const tmjit_pipeline_options *options,
                                   struct tmjit_metal_text *out);
tmjit_status tj_kernel_view(const tmjit_kernel *kernel, const tmjit_pipeline_options *options,
                            const tj_view_request *request, char **out, size_t *byte_len);
tmjit_status tj_kernel_get_facts(const tmjit_kernel *kernel, tmjit_kernel_facts *out);
const char *const *tj_pass_names(void);

#endif
