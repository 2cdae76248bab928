/* SPDX-License-Identifier: MIT */
/**
 * tmjit: run GPU kernels in Apple's AIR convention on the host, checked.
 *
 * A tmjit_context owns everything else and the worker threads. A tmjit_library is a loaded
 * module; its tmjit_kernel objects describe entry points and live as long as the library. A
 * tmjit_pipeline is a kernel compiled for one threadgroup size and one set of options. A
 * launch binds memory, the caller's own or a tmjit_buffer's, to a pipeline's kernel: at once,
 * or in order on a tmjit_queue; then a tmjit_event tells how it goes.
 *
 * Rules, true everywhere:
 *   - on failure, out-parameters are untouched, and the context's last error of the calling
 *     thread says what and where (tmjit_last_error);
 *   - what a function hands out as "the context's" is ended by its destroy function, to which
 *     NULL may be given, or goes with the context. What a launch uses lives as long as that;
 *   - strings and structs handed out live until the object they came from is destroyed;
 *   - any function may be called from any thread, on one object by many threads at once, but
 *     nobody may use an object while or after it is destroyed;
 *   - a child that fork made must not use the context: functions that can fail refuse with
 *     TMJIT_E_INVALID, tmjit_context_destroy does nothing;
 *   - option structs start with struct_size (sizeof as the caller compiled it); a field that
 *     is zero means its default;
 *   - the library never prints, exits, or reads the environment.
 *
 * tools/example/vector_add.c is a complete program. Unstable until version 1.0.
 */
#ifndef TMJIT_H
#define TMJIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TMJIT_API __attribute__((visibility("default")))
#else
#define TMJIT_API
#endif

#define TMJIT_VERSION_MAJOR 0 /* raised when a caller must change */
#define TMJIT_VERSION_MINOR 1 /* raised when something is added */
#define TMJIT_VERSION_PATCH 0 /* raised for repairs */

/** The built library's version, e.g. "0.1.0 (LLVM 22.1.8)". */
TMJIT_API const char *tmjit_version(void);

/* ---- status and errors ---------------------------------------------------------------- */

typedef enum tmjit_status {
    TMJIT_OK,
    TMJIT_E_INVALID,     /**< an argument of the call is not acceptable */
    TMJIT_E_MALFORMED,   /**< the input is not what its format demands */
    TMJIT_E_UNSUPPORTED, /**< outside the accepted language */
    TMJIT_E_NOT_FOUND,   /**< no such file, kernel, argument or pass */
    TMJIT_E_BOUNDS,      /**< a thread accessed memory outside its buffer */
    TMJIT_E_DIVERGED,    /**< a barrier was not reached by all threads */
    TMJIT_E_TRAP,        /**< a thread executed a trap */
    TMJIT_E_TIMEOUT,     /**< the launch ran longer than its limit */
    TMJIT_E_MEMORY,      /**< a size chosen by the caller cannot be allocated */
    TMJIT_E_MISMATCH,    /**< two results that had to agree differ */
    TMJIT_E_CANCELLED,   /**< the launch was cancelled, or one that it builds on failed */
    TMJIT_E_PENDING,     /**< the work was not done when the wait for it ended */
    TMJIT_E_INTERNAL     /**< a fault of tmjit or LLVM */
} tmjit_status;

/** The short name of a status: "bounds", "unsupported", ... Never NULL. */
TMJIT_API const char *tmjit_status_name(tmjit_status status);

typedef struct tmjit_context tmjit_context;
typedef struct tmjit_library tmjit_library;
typedef struct tmjit_kernel tmjit_kernel;
typedef struct tmjit_pipeline tmjit_pipeline;
typedef struct tmjit_buffer tmjit_buffer;
typedef struct tmjit_queue tmjit_queue;
typedef struct tmjit_event tmjit_event;

/** What went wrong, and where, as far as known: unknown strings are NULL, unknown numbers 0. */
typedef struct tmjit_error {
    tmjit_status status;
    const char *message;  /**< one line: what was found; what is accepted */
    const char *rendered; /**< the whole text for a person, with place; ends with a newline */
    const char *file;
    unsigned line, column; /**< 1-based */
    const char *kernel;
} tmjit_error;

/**
 * The calling thread's last error in `ctx`; status TMJIT_OK when there was none. A call that
 * succeeds leaves it as it is.
 *
 * Owns:    it lives until the thread's next failing call on this context.
 * Errors:  never NULL; for a NULL `ctx` a fixed TMJIT_E_INVALID.
 * Threads: each thread sees its own errors only.
 */
TMJIT_API const tmjit_error *tmjit_last_error(const tmjit_context *ctx);
/** A copy, also for after the context; NULL without memory. Owns: freed by tmjit_free. */
TMJIT_API tmjit_error *tmjit_error_copy(const tmjit_error *error);
/** Frees what tmjit_error_copy or tmjit_kernel_view handed out. */
TMJIT_API void tmjit_free(void *memory);

/* ---- context -------------------------------------------------------------------------- */

typedef struct tmjit_context_options {
    size_t struct_size;
    unsigned threads; /**< that run a launch, the caller's included; at most 1024; 0: one per
                           core that this process may use */
    const char *chip; /**< whose limits kernels obey: a family, "apple7" to "apple10", or a
                           product, "m2 ultra"; NULL: the newest family. Not kept */
    const char *cache_dir; /**< folder of compiled code, see tmjit_cache_stats; NULL: none */
    uint64_t cache_byte_limit; /**< size that the cache keeps to; 0: 256 MiB */
    bool allow_fp64; /**< double computes, in AIR and Triton's IR; Metal has none, so no such
                          kernel prints as Metal. false: it is refused */
} tmjit_context_options;

/**
 * Creates a context and its worker threads, which sleep between launches.
 * Owns:    `*out` is the caller's, for tmjit_context_destroy.
 * Errors:  TMJIT_E_INVALID    `out` is NULL, or `options` (may be NULL) is no such struct
 *          TMJIT_E_NOT_FOUND  no chip of that name
 *          TMJIT_E_MEMORY     no memory or no threads
 */
TMJIT_API tmjit_status tmjit_context_create(const tmjit_context_options *options,
                                            tmjit_context **out);
/** Destroys a context with all its objects and threads. Launches under way are cancelled and
 *  waited for, with their callbacks. Threads: not from a callback; no other thread may be in a
 *  call on the context. */
TMJIT_API void tmjit_context_destroy(tmjit_context *ctx);

/* ---- chips ---------------------------------------------------------------------------- */

/** What a chip allows a compute kernel. */
typedef struct tmjit_chip {
    const char *name;     /**< "m2 ultra"; of a family: the family's */
    const char *family;   /**< "apple8" */
    unsigned max_threads; /**< of a threadgroup */
    uint64_t threadgroup_byte_len; /**< arguments and variables of a threadgroup together */
    unsigned buffer_count;         /**< [[buffer(0)]] to [[buffer(buffer_count - 1)]] */
    uint64_t value_byte_len; /**< of a constant argument given by value, not by buffer */
    bool has_shuffle_and_fill;
    bool has_atomic_min_max_64; /**< without a result */
    bool has_atomics_64;        /**< all others of 64 bits */
} tmjit_chip;

/** All families, then all products; all zero when `index` is out of range. Owns: strings live
 *  for ever. Source: Apple, "Metal Feature Set Tables", October 2025, and jit/chips.def. */
TMJIT_API tmjit_chip tmjit_chip_at(size_t index);
/** The chip whose limits a context's kernels obey. Errors: all zero for NULL. */
TMJIT_API tmjit_chip tmjit_context_get_chip(const tmjit_context *ctx);

/* ---- library and kernels -------------------------------------------------------------- */

/**
 * Loads LLVM text or bitcode in AIR form and checks that all of it is accepted; or opens a
 * `.metallib` container: its index is read and checked, the module of a kernel when that kernel
 * is asked for.
 *
 * Owns:    `*out` is the context's. The file of a container stays open as long as the
 *          library and must not change.
 * Errors:  TMJIT_E_NOT_FOUND    `path` cannot be opened or read
 *          TMJIT_E_MALFORMED    neither LLVM text nor bitcode, or wrong metadata; or a broken
 *                               container, with the offset of the byte
 *          TMJIT_E_UNSUPPORTED  something outside the accepted language; the place says where
 *          TMJIT_E_INTERNAL     a child process is needed and cannot be started
 * Child:   LLVM's readers can crash on hostile bytes. Bitcode, and text with debug information
 *          or more than 1024 metadata nodes, is therefore read in a forked child process
 *          first, which is waited for; input on which it dies, takes longer than 10 seconds or
 *          needs more than 2 GiB is TMJIT_E_MALFORMED. Without fork: plain text only.
 */
TMJIT_API tmjit_status tmjit_library_load_file(tmjit_context *ctx, const char *path,
                                               tmjit_library **out);
/** The same from memory. Owns: a container is copied, nothing else of `bytes` is kept; `name`
 *  is copied and stands in messages, NULL: "<memory>". */
TMJIT_API tmjit_status tmjit_library_load_memory(tmjit_context *ctx, const void *bytes,
                                                 size_t byte_len, const char *name,
                                                 tmjit_library **out);
/** Destroys a library; its kernels go with it, its pipelines stay usable. */
TMJIT_API void tmjit_library_destroy(tmjit_library *library);

typedef struct tmjit_function {
    const char *name; /**< NULL: there is no such function */
    const char *kind; /**< "kernel", or of a container also "vertex", "fragment", "visible",
                           "unqualified", "extern", "intersection", "unknown" */
    bool is_kernel;
    bool has_hash; /**< the container holds a SHA-256 of its module; loading compares it */
    unsigned air_major, air_minor;           /**< 0.0: unknown */
    unsigned language_major, language_minor; /**< of Metal; 0.0: unknown */
    uint64_t byte_len;                       /**< of its own module; 0: it has none */
} tmjit_function;

/** Functions of all kinds, in the order of the container; of a module: its kernels. */
TMJIT_API size_t tmjit_library_function_count(const tmjit_library *library);
/** All zero when `index` is out of range. */
TMJIT_API tmjit_function tmjit_library_function(const tmjit_library *library, size_t index);

/** Kernels are numbered from 0 in the order of the module or container. */
TMJIT_API size_t tmjit_library_kernel_count(const tmjit_library *library);
/** NULL when `index` is out of range, or when the kernel is in a container and cannot be
 *  loaded: the last error says why. */
TMJIT_API const tmjit_kernel *tmjit_library_kernel(const tmjit_library *library, size_t index);
/** NULL when there is no kernel of that name (not an error), or as tmjit_library_kernel. */
TMJIT_API const tmjit_kernel *tmjit_library_find_kernel(const tmjit_library *library,
                                                        const char *name);
/**
 * The kernel of that name. In a container, its module is read, checked and kept by the first
 * call that asks for it; kernels of one library are loaded in parallel.
 *
 * Errors:  TMJIT_E_NOT_FOUND    no function of that name, or the file cannot be read any more
 *          TMJIT_E_UNSUPPORTED  the function is no kernel, or of another AIR than 2.3 to 2.9
 *          as tmjit_library_load_file, TMJIT_E_MALFORMED also for a wrong hash or version
 */
TMJIT_API tmjit_status tmjit_library_load_kernel(const tmjit_library *library, const char *name,
                                                 const tmjit_kernel **out);

typedef enum tmjit_arg_kind {
    TMJIT_ARG_BUFFER,      /**< device or constant memory, bound at launch */
    TMJIT_ARG_THREADGROUP, /**< threadgroup memory, length chosen at launch */
    TMJIT_ARG_BUILTIN      /**< thread_position_in_grid and the like; not bound */
} tmjit_arg_kind;

typedef enum tmjit_scalar {
    TMJIT_SCALAR_UNKNOWN, /**< structs: bytes */
    TMJIT_SCALAR_BOOL, TMJIT_SCALAR_I8, TMJIT_SCALAR_U8, TMJIT_SCALAR_I16, TMJIT_SCALAR_U16,
    TMJIT_SCALAR_I32, TMJIT_SCALAR_U32, TMJIT_SCALAR_I64, TMJIT_SCALAR_U64,
    TMJIT_SCALAR_F16, TMJIT_SCALAR_BF16, TMJIT_SCALAR_F32, TMJIT_SCALAR_F64
} tmjit_scalar;

typedef struct tmjit_field {
    const char *name, *type_name;
    uint32_t byte_offset, byte_len;
    uint32_t array_len; /**< 0: not an array */
    const struct tmjit_arg *buffer; /**< behind a pointer of an argument buffer, or NULL */
} tmjit_field;

typedef struct tmjit_arg {
    tmjit_arg_kind kind;
    const char *name;      /**< never NULL */
    const char *type_name; /**< Metal spelling of the element or value; "" unknown */
    unsigned address_space; /**< 1 device, 2 constant, 3 threadgroup; 0 for built-in inputs */
    unsigned location;      /**< [[buffer(n)]] or [[threadgroup(n)]] */
    bool is_read, is_written, is_unused;
    tmjit_scalar scalar;
    unsigned components;    /**< scalars per element */
    uint64_t elem_byte_len; /**< 0 unknown */
    uint64_t fixed_byte_len; /**< length the kernel demands; 0: the caller chooses */
    const tmjit_field *fields;
    size_t field_count;
    const char *builtin; /**< "thread_position_in_grid", ...; NULL for others */
    bool is_optional;    /**< [[function_constant(x)]]: see tmjit_pipeline_has_arg */
} tmjit_arg;

typedef struct tmjit_constant_info {
    const char *name, *type_name; /**< Metal spelling */
    uint32_t index;               /**< [[function_constant(n)]] */
    tmjit_scalar scalar;
    unsigned components; /**< 1, or 2 to 4 of a vector */
    bool is_required;    /**< false: the kernel asks whether it is defined */
} tmjit_constant_info;
TMJIT_API const char *tmjit_kernel_name(const tmjit_kernel *kernel);
/** Arguments in the order of the kernel's parameters, built-in inputs among them. */
TMJIT_API size_t tmjit_kernel_arg_count(const tmjit_kernel *kernel);
/** NULL when `index` is out of range. */
TMJIT_API const tmjit_arg *tmjit_kernel_arg(const tmjit_kernel *kernel, size_t index);
/** Function constants that the kernel depends on; NULL when a position is out of range. */
TMJIT_API size_t tmjit_kernel_constant_count(const tmjit_kernel *kernel);
TMJIT_API const tmjit_constant_info *tmjit_kernel_constant(const tmjit_kernel *kernel,
                                                           size_t index);
/** Most threads a threadgroup may have: what the kernel says, else 1024. */
TMJIT_API unsigned tmjit_kernel_max_threads(const tmjit_kernel *kernel);

/* ---- pipelines ------------------------------------------------------------------------ */

typedef struct tmjit_extent {
    uint32_t x, y, z; /**< 0 in y or z means 1 */
} tmjit_extent;

typedef enum tmjit_engine { TMJIT_ENGINE_SIMD, TMJIT_ENGINE_INTERP } tmjit_engine;
typedef enum tmjit_math { TMJIT_MATH_STRICT, TMJIT_MATH_FAST } tmjit_math;

/** A value of a function constant. Its type must be the constant's. */
typedef struct tmjit_constant {
    const char *name; /**< NULL: `index` says which */
    uint32_t index;
    tmjit_scalar scalar;
    unsigned components;
    const void *data; /**< `components` numbers without padding; a bool is one byte */
} tmjit_constant;

typedef struct tmjit_pipeline_options {
    size_t struct_size;
    tmjit_extent threadgroup; /**< threads; all 0: chosen, see tmjit_pipeline_create */
    tmjit_extent grid;        /**< hint for that choice only; may be zero */
    tmjit_engine engine;
    tmjit_math math;
    bool no_bounds_checks;
    unsigned lanes; /**< 4, 8, 16 or 32 threads per slice; 0: chosen. Kernels that use
                         SIMD-group functions, or barriers that part of a SIMD-group may not
                         reach, always have 32 */
    bool has_opt_level; /**< false: level 2 */
    unsigned opt_level; /**< 0 or 2 */
    bool verify_each;   /**< run LLVM's verifier after every pass */
    bool no_watchdog;   /**< loops are not interruptible; launches refuse a timeout */
    const tmjit_constant *constants; /**< read while the pipeline is made, not kept */
    size_t constant_count;
} tmjit_pipeline_options;

/**
 * Compiles a kernel for one threadgroup size. Code for partial threadgroups is compiled by
 * the first launch that needs it.
 *
 * Shapes:  A threadgroup that is left to the library has, with m the smaller of 256 and the
 *          kernel's limit:
 *            1-D grid or none  as many SIMD-groups of 32 as m holds and the grid needs
 *            2-D grid          {32, m / 32, 1}
 *            3-D grid          {8, 8, 4}, or what m leaves of it
 *          2-D and 3-D: in no dimension more than the grid has.
 * Owns:    `*out` is the context's. `kernel` may go.
 * Errors:  TMJIT_E_INVALID      options out of range, more threads than the kernel takes, or a
 *                               kernel of another context; `options` may be NULL. A function
 *                               constant without a value, given twice, or of another type
 *          TMJIT_E_NOT_FOUND    the module has no such function constant
 *          TMJIT_E_UNSUPPORTED  the kernel cannot be compiled, or uses what the context's
 *                               chip lacks; the place says where
 *          TMJIT_E_MEMORY, TMJIT_E_INTERNAL
 * Threads: pipelines are compiled in parallel, also those of one kernel.
 * Source:  Apple, "Calculating Threadgroup and Grid Sizes", for the choice.
 */
TMJIT_API tmjit_status tmjit_pipeline_create(tmjit_context *ctx, const tmjit_kernel *kernel,
                                             const tmjit_pipeline_options *options,
                                             tmjit_pipeline **out);
TMJIT_API void tmjit_pipeline_destroy(tmjit_pipeline *pipeline);

typedef struct tmjit_pipeline_info {
    tmjit_extent threadgroup; /**< threads; as asked for or as chosen */
    unsigned lanes;           /**< threads per slice; 32 for the interpreter */
    bool has_barriers;
    uint64_t static_threadgroup_byte_len; /**< threadgroup variables, without arguments */
    uint64_t private_byte_len;            /**< arrays of one thread */
    /** Seconds of compilation so far, both variants together. */
    double extract_s, canon_s, lower_s, optimize_s, emit_s, link_s;
    double cache_s; /**< finding, reading, checking and linking cached code, or storing it */
    bool is_from_cache; /**< the code that was made with the pipeline is from the cache */
} tmjit_pipeline_info;
/** All zero for NULL. */
TMJIT_API tmjit_pipeline_info tmjit_pipeline_get_info(const tmjit_pipeline *pipeline);
/** False for an optional argument that is switched off: its binding is not looked at. */
TMJIT_API bool tmjit_pipeline_has_arg(const tmjit_pipeline *pipeline, size_t index);

/* ---- launch --------------------------------------------------------------------------- */

/** One per kernel argument, in argument order; built-in inputs are left zero. */
typedef struct tmjit_binding {
    void *data;        /**< the caller's memory, used in place, aligned as the element type;
                            NULL for threadgroup arguments and for length 0 */
    uint64_t byte_len; /**< length of data; for threadgroup arguments the length wanted */
} tmjit_binding;

typedef enum tmjit_log_level { TMJIT_LOG_DEFAULT, TMJIT_LOG_INFO, TMJIT_LOG_DEBUG,
                               TMJIT_LOG_ERROR, TMJIT_LOG_FAULT } tmjit_log_level;
/** A message that a kernel logged. Strings live during the callback. */
typedef struct tmjit_log_entry {
    tmjit_log_level level;
    const char *subsystem, *category, *message; /**< NULL: none; no message ends a cut log */
    uint32_t thread[3];  /**< position in the grid */
    uint64_t dropped_count; /**< of that entry: messages that found no room */
} tmjit_log_entry;
typedef void tmjit_log_fn(const tmjit_log_entry *entry, void *user);

/** What a pointer of an argument buffer points to; the launch writes the pointer into the
 *  argument's data when it begins. Every pointer needs one; data NULL and length 0 is null. */
typedef struct tmjit_member {
    const char *name; /**< "argument.field", "argument.field.field", ... */
    void *data;       /**< as of a binding */
    uint64_t byte_len;
} tmjit_member;

typedef struct tmjit_launch {
    size_t struct_size;
    tmjit_extent grid; /**< threads; x at least 1 */
    const tmjit_binding *bindings;
    size_t binding_count;
    double timeout_s;    /**< 0: no limit */
    uint64_t order_seed; /**< 0: threadgroups and SIMD-groups start in order; else in an order
                              that this number chooses, the same whatever the thread count
                              (the interpreter has one order) */
    tmjit_buffer *const *buffers; /**< binding_count many, each NULL or the buffer that the
                              binding's data lies in; data NULL: from its start, byte_len 0:
                              to its end. With buffers, bindings may be NULL: all zero */
    tmjit_event *const *waits; /**< the launch begins when these are done, and does not run
                              (TMJIT_E_CANCELLED) when one of them has failed */
    size_t wait_count;
    tmjit_log_fn *log; /**< by the thread that ran the launch, at its end, in thread order */
    void *log_user;
    uint64_t log_byte_limit; /**< of all messages together; 0: 1 MiB */
    const tmjit_member *members;
    size_t member_count;
    const tmjit_binding *resident; /**< memory that pointers made from integers may reach */
    size_t resident_count;         /**< at most 65536 */
} tmjit_launch;

/**
 * Runs the pipeline's kernel over a grid and waits until every thread has ended.
 *
 * Shapes:  `bindings[i]` belongs to argument i. A grid that is no multiple of the
 *          threadgroup has smaller threadgroups at its far edges.
 * Units:   grid in threads, lengths in bytes. Threadgroup arguments, each rounded up to 16
 *          bytes, and static threadgroup variables have 32768 bytes together, zeroed when
 *          the launch begins.
 * Errors:  before anything runs
 *          TMJIT_E_INVALID   a grid of no or more than 2^62 threads, a wrong binding, too
 *                            much threadgroup memory, a negative timeout, one without
 *                            watchdog, a wait in a callback for what its queue comes to later
 *          TMJIT_E_MEMORY, TMJIT_E_INTERNAL, TMJIT_E_UNSUPPORTED
 *          from the kernel: the launch stops, buffers keep what was written before
 *          TMJIT_E_BOUNDS    a thread accessed memory outside its buffer (unless
 *                            no_bounds_checks), and touched nothing; through a pointer loaded
 *                            or made from an integer: outside any memory of the launch
 *          TMJIT_E_DIVERGED  a barrier not reached by all threads of a SIMD-group that can
 *                            still reach one, or SIMD-groups at different barriers
 *          TMJIT_E_TRAP, TMJIT_E_TIMEOUT, TMJIT_E_CANCELLED
 *          TMJIT_E_MEMORY    private data of a threadgroup is larger than 256 MiB
 * Threads: launches at the same time share the context's threads; never more than its
 *          number work. On the interpreter launches run one by one. The calling thread works
 *          too: a kernel with b bytes of private arrays takes up to 32 * b bytes of its stack.
 * Source:  Metal, MTLComputeCommandEncoder dispatchThreads:threadsPerThreadgroup:.
 */
TMJIT_API tmjit_status tmjit_pipeline_launch(tmjit_pipeline *pipeline,
                                             const tmjit_launch *launch);

/* ---- buffers -------------------------------------------------------------------------- */

typedef struct tmjit_buffer_options {
    size_t struct_size;
    const char *label;    /**< for messages; copied */
    void *data;           /**< memory to wrap, used in place; NULL: allocated */
    void (*release)(void *data, void *user); /**< called once by the last user of wrapped
                                    memory, the caller or a launch; may be NULL */
    void *user;
    bool is_uncleared; /**< allocated memory is not zeroed */
} tmjit_buffer_options;

/**
 * Makes a buffer, of memory aligned to 256 bytes or around the caller's.
 * Owns:    `*out` is the context's; wrapped memory the caller's, until `release` is called.
 * Errors:  TMJIT_E_INVALID  wrong `options` (may be NULL), wrapped memory that ends behind the
 *                           address space, `release` without `data`; TMJIT_E_MEMORY
 */
TMJIT_API tmjit_status tmjit_buffer_create(tmjit_context *ctx, uint64_t byte_len,
                                           const tmjit_buffer_options *options,
                                           tmjit_buffer **out);
TMJIT_API void tmjit_buffer_destroy(tmjit_buffer *buffer);
/** Never NULL for a buffer. Launches that use it are not waited for. */
TMJIT_API void *tmjit_buffer_contents(const tmjit_buffer *buffer);
TMJIT_API uint64_t tmjit_buffer_byte_len(const tmjit_buffer *buffer);
/** "" for none. */
TMJIT_API const char *tmjit_buffer_label(const tmjit_buffer *buffer);

/* ---- queues and events ---------------------------------------------------------------- */

typedef struct tmjit_queue_options {
    size_t struct_size;
    bool is_forgiving; /**< launches run also behind one that failed */
} tmjit_queue_options;
/**
 * Makes a queue: its launches run one after the other, those of different queues at the same
 * time. When one fails, those behind it end with TMJIT_E_CANCELLED without running, until
 * tmjit_queue_wait has reported the error (not on a forgiving queue).
 *
 * Owns:    `*out` is the context's. `options` may be NULL.
 * Errors:  TMJIT_E_INVALID, TMJIT_E_MEMORY (or no thread)
 * Threads: a queue has a thread of its own, which sleeps while there is nothing to do.
 */
TMJIT_API tmjit_status tmjit_queue_create(tmjit_context *ctx,
                                          const tmjit_queue_options *options,
                                          tmjit_queue **out);
/** Waits for all its launches and their callbacks; in one of these it does not wait. */
TMJIT_API void tmjit_queue_destroy(tmjit_queue *queue);
/**
 * Puts a launch on the queue and returns. What tmjit_pipeline_launch checks before anything
 * runs is checked now; the rest is the event's. The time limit counts from the beginning.
 *
 * Owns:    `*event`, unless `event` is NULL, is the context's. `launch` and its arrays are
 *          copied; pipeline, buffers and waits are held.
 * Errors:  TMJIT_E_INVALID, TMJIT_E_MEMORY as tmjit_pipeline_launch
 */
TMJIT_API tmjit_status tmjit_queue_launch(tmjit_queue *queue, tmjit_pipeline *pipeline,
                                          const tmjit_launch *launch, tmjit_event **event);
/**
 * Waits until the launches given so far and their callbacks have ended.
 * Units:   0 seconds only looks; less than 0: no limit.
 * Errors:  the first error of a launch since a wait told one; TMJIT_E_PENDING  the time is
 *          over; TMJIT_E_INVALID  not a number, or called in a callback of the queue
 */
TMJIT_API tmjit_status tmjit_queue_wait(tmjit_queue *queue, double timeout_s);

typedef enum tmjit_event_state {
    TMJIT_EVENT_QUEUED, TMJIT_EVENT_RUNNING,
    TMJIT_EVENT_DONE /**< ended, well or not, or never run */
} tmjit_event_state;

/** The launch goes on. */
TMJIT_API void tmjit_event_destroy(tmjit_event *event);
/** TMJIT_EVENT_DONE for NULL. */
TMJIT_API tmjit_event_state tmjit_event_get_state(const tmjit_event *event);
/** Waits until the launch is done, as tmjit_queue_wait. Errors: also as there, but the launch's
 *  own; in a callback of its queue TMJIT_E_INVALID for what that has not come to. */
TMJIT_API tmjit_status tmjit_event_wait(tmjit_event *event, double timeout_s);
/** The launch's error, status TMJIT_OK when it has none yet. Never NULL. */
TMJIT_API const tmjit_error *tmjit_event_get_error(const tmjit_event *event);

/** Units: seconds on a clock that never goes back; 0: not yet, or never. */
typedef struct tmjit_event_times {
    double queued_s, started_s, ended_s;
} tmjit_event_times;
TMJIT_API tmjit_event_times tmjit_event_get_times(const tmjit_event *event);
/** Asks the launch to end with TMJIT_E_CANCELLED: at its turn when it has not begun, at its
 *  next poll when it runs (with no_watchdog: at its next threadgroup). Does not wait. */
TMJIT_API void tmjit_event_cancel(tmjit_event *event);

typedef void tmjit_callback(tmjit_event *event, void *user);
/** Has `callback` called once when the launch is done, in the order of such calls. Threads: on
 *  the queue's thread, whose next launch waits for it, or here and now when the launch is done
 *  already. It may call everything but tmjit_context_destroy; waiting for what the same queue
 *  has not come to is refused. */
TMJIT_API tmjit_status tmjit_event_notify(tmjit_event *event, tmjit_callback *callback,
                                          void *user);

/* ---- cache ---------------------------------------------------------------------------- */

/**
 * What a context's cache did, and what is in its folder: code by all that it depends on, and
 * descriptions of checked libraries. The least recently used go when the folder passes its
 * limit; damaged ones are made again. Many processes may use one folder. It is made if it is
 * missing, and must belong to the user and be writable by nobody else: its content is run.
 */
typedef struct tmjit_cache_stats {
    tmjit_status status; /**< TMJIT_OK: open; else why the folder given cannot be used */
    bool is_open;        /**< false with TMJIT_OK: none was asked for */
    /** Of this context: entries found, not found, stored, removed for room, found damaged, and
     *  attempts to read or store that failed. */
    uint64_t hits, misses, stored, evicted, broken, failed;
    uint64_t entry_count, byte_len; /**< of the folder, now */
    uint64_t byte_limit;
    char problem[256]; /**< the last one, one line; "" for none */
} tmjit_cache_stats;

/** Fills `*out`; `count_entries` looks through the folder for entry_count and byte_len, which
 *  are 0 otherwise. Errors: TMJIT_E_INVALID  `ctx` or `out` is NULL */
TMJIT_API tmjit_status tmjit_cache_get_stats(tmjit_context *ctx, bool count_entries,
                                             tmjit_cache_stats *out);
/** Removes all entries. Errors: TMJIT_E_INVALID  the context has no open cache */
TMJIT_API tmjit_status tmjit_cache_clear(tmjit_context *ctx);
/** Reads and checks every entry; removes damaged ones and counts them in `*broken`. Errors:
 *  TMJIT_E_INVALID  the context has no open cache, or `broken` is NULL */
TMJIT_API tmjit_status tmjit_cache_verify(tmjit_context *ctx, uint64_t *broken);

/* ---- inside views --------------------------------------------------------------------- */

typedef enum tmjit_view {
    TMJIT_VIEW_AIR,  /**< canonical AIR form, LLVM text */
    TMJIT_VIEW_HOST, /**< vector LLVM IR for the host, LLVM text */
    TMJIT_VIEW_ASM, TMJIT_VIEW_OBJECT, /**< host assembly; a relocatable object file */
    TMJIT_VIEW_SHAPES, /**< canonical kernel with the shape of each value */
    TMJIT_VIEW_MSL     /**< Metal source; threadgroup size and `after` do not matter */
} tmjit_view;

/**
 * Lowers `kernel` as tmjit_pipeline_create would and hands out one view of it.
 * `after` stops behind the pass of that name (NULL: all passes; tmjit_pass_names lists them);
 * `is_ragged` shows the code for partial threadgroups.
 *
 * Owns:    `*out` is freed by tmjit_free; it has a NUL behind `*byte_len` bytes.
 * Errors:  as tmjit_pipeline_create, and
 *          TMJIT_E_NOT_FOUND  there is no pass `after`
 *          TMJIT_E_INVALID    `after` is a "canon-..." pass and `view` neither AIR nor HOST
 */
TMJIT_API tmjit_status tmjit_kernel_view(tmjit_context *ctx, const tmjit_kernel *kernel,
                                         const tmjit_pipeline_options *options, tmjit_view view,
                                         const char *after, bool is_ragged, char **out,
                                         size_t *byte_len);
/** NULL-terminated names of all passes in order: "canon-..." names first, then host passes. */
TMJIT_API const char *const *tmjit_pass_names(void);

typedef struct tmjit_kernel_facts {
    unsigned barrier_count;       /**< threadgroup barrier sites */
    unsigned simd_op_count;       /**< SIMD-group and quad-group function sites */
    unsigned matrix_op_count;     /**< simdgroup_matrix sites */
    unsigned atomic_count;        /**< atomic sites */
    uint64_t static_threadgroup_byte_len;
    uint64_t private_byte_len;
    bool flush_subnormals;
} tmjit_kernel_facts;
/** For any values of function constants. Errors: as tmjit_pipeline_create. */
TMJIT_API tmjit_status tmjit_kernel_get_facts(tmjit_context *ctx, const tmjit_kernel *kernel,
                                              tmjit_kernel_facts *out);

#ifdef __cplusplus
}
#endif
#endif
