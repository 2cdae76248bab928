/* SPDX-License-Identifier: MIT */
/**
 * tmjit: source text. Kernels in other languages than AIR come in through clang 22, which runs
 * as a child process; without it everything else of tmjit works.
 */
#ifndef TMJIT_SOURCE_H
#define TMJIT_SOURCE_H

#include "tmjit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reading --------------------------------------------------------------------------- */

typedef enum tmjit_language {
    TMJIT_LANGUAGE_NONE,   /**< none that tmjit_library_load_source reads */
    TMJIT_LANGUAGE_OPENCL, /**< OpenCL C 1.2 to 3.0 */
    TMJIT_LANGUAGE_METAL,  /**< Metal Shading Language */
    TMJIT_LANGUAGE_TTIR    /**< Triton's IR, as its front end prints it; needs no clang */
} tmjit_language;

/** The language that a file's name ends for: ".cl", ".metal", ".ttir". */
TMJIT_API tmjit_language tmjit_language_of(const char *path);

typedef struct tmjit_source_options {
    size_t struct_size;
    const char *clang; /**< path of the program; NULL: clang of the LLVM that tmjit
                            was built with */
    const char *const
        *include_dirs;          /**< folders for #include; a list that NULL ends, or NULL */
    const char *const *defines; /**< macros, "NAME" or "NAME=VALUE"; the same */
    const char *standard;       /**< OpenCL: "CL1.2", "CL2.0", "CL3.0", the default; Metal:
                                     the value of __METAL_VERSION__, "320" when not given */
    double time_limit_s;        /**< of the processor, for each run of clang, which may wait
                                     ten times as long; 0: a minute */
    const char *entry;  /**< Metal: the only kernel that is wanted, which saves time; may be a
                             template with its arguments, "scale<float, 4>". NULL: all */
    bool fast_math;     /**< as -cl-fast-relaxed-math of OpenCL and Metal's own default: maths
                             functions are the fast ones, and TMJIT_MATH_FAST may regroup
                             operations */
    unsigned num_warps; /**< Triton: SIMD-groups of a program, a power of two up to 32; 0: 4.
                             A program is a threadgroup of 32 * num_warps threads */
    const char *const *layouts; /**< Triton: layouts of tensors, "VALUE=LAYOUT", a list that
                                     NULL ends; see tmjit_triton_layouts. NULL: none */
} tmjit_source_options;

/**
 * Compiles source text to a library, which is checked as tmjit_library_load_memory does. With a
 * cache (tmjit_context_options), text is compiled again when it or a file that it includes has
 * changed.
 *
 * Shapes:  `text` has `byte_len` bytes; `name`, as of a file, stands in places, and quoted
 *          includes are looked for in its folder
 * Owns:    `*out` is the context's. Nothing of what is given is kept.
 * Errors:  TMJIT_E_MALFORMED    what clang refuses, with the place of its first error
 *          TMJIT_E_UNSUPPORTED  something outside the accepted language; or output of clang
 *                               beyond 1 GiB
 *          TMJIT_E_NOT_FOUND    no clang; the message says what to install
 *          TMJIT_E_TIMEOUT      clang took more of the processor than its limit, or ten
 *                               times as long by the clock
 *          TMJIT_E_INVALID      NULL, or options that are none
 * Threads: any.
 */
TMJIT_API tmjit_status tmjit_library_load_source(tmjit_context *ctx, tmjit_language language,
                                                 const char *text, size_t byte_len,
                                                 const char *name,
                                                 const tmjit_source_options *options,
                                                 tmjit_library **out);

/**
 * A table of the layouts of a Triton kernel's tensors: which thread has which element. A line
 * has the value's name in the text, the author's name, line and column, the type, a word for
 * the layout and the layout itself: of each bit of a register's number, of a lane's, of a
 * SIMD-group's the element that it stands for. Words: COALESCED (neighbours of the last
 * dimension in neighbouring lanes, which suits reductions), BLOCKED:N (N neighbours in a
 * thread), COLUMNS (the first dimension in lanes), MATRIX (SIMD-group matrices).
 *
 * `options->layouts` takes "VALUE=LAYOUT": a value's name in the text or the author's, and a
 * word but MATRIX, or "reg [...] lane [...] group [...]", for results of loads, reductions,
 * gathers, histograms and operations on elements.
 *
 * Owns:    `*out` is freed by tmjit_free; it has a NUL behind `*out_len` bytes.
 * Errors:  TMJIT_E_INVALID  no such value or layout; the message says what is accepted
 *          and as tmjit_library_load_source
 * Threads: any.
 * Source:  Zhou et al., "Linear Layouts", 2025
 */
TMJIT_API tmjit_status tmjit_triton_layouts(tmjit_context *ctx, const char *text,
                                            size_t byte_len, const char *name,
                                            const tmjit_source_options *options, char **out,
                                            size_t *out_len);

/** How a library came out of source text: the seconds of its steps. All zero for a library of
 * AIR. */
typedef struct tmjit_source_info {
    bool is_source;
    bool is_from_cache; /**< clang was not asked; the steps are zero */
    double prepare_s;   /**< Metal: compiling the library for clang, once for a cache */
    double preprocess_s, rewrite_s; /**< Metal: clang as the preprocessor, and the pre-pass */
    double clang_s;
    double read_s;  /**< LLVM reads what clang wrote */
    double adopt_s; /**< our passes to AIR form */
    double load_s;  /**< checking it, as for any other library */
} tmjit_source_info;
/** All zero for NULL. */
TMJIT_API tmjit_source_info tmjit_library_get_source_info(const tmjit_library *library);

/* ---- printing -------------------------------------------------------------------------- */

typedef enum tmjit_metal_place {
    TMJIT_METAL_BUFFER,      /**< [[buffer(index)]] */
    TMJIT_METAL_THREADGROUP, /**< [[threadgroup(index)]], its length chosen by the launch */
    TMJIT_METAL_BUILTIN      /**< an input that Metal fills; index is 0 */
} tmjit_metal_place;

typedef struct tmjit_metal_argument {
    const char *name; /**< in the text */
    tmjit_metal_place place;
    unsigned index;
    bool is_reference; /**< one value, by reference: setBytes suits it */
} tmjit_metal_argument;

/** A kernel as Metal source, and what its host must know. */
typedef struct tmjit_metal_text {
    size_t struct_size;
    const char *text; /**< a whole .metal file */
    size_t byte_len;
    const char *kernel_name;          /**< in the text */
    const tmjit_metal_argument *args; /**< in the kernel's order, as tmjit_argument */
    size_t arg_count;
    uint64_t static_threadgroup_byte_len; /**< of the variables in the text */
    unsigned max_threads;                 /**< of a threadgroup */
} tmjit_metal_text;

/**
 * Prints `kernel` as Metal Shading Language. Same kernel, same bytes. Without values in
 * `options` function constants stay what they are, `constant T name [[function_constant(n)]]`;
 * with values the text is the specialised kernel. Other options do not matter.
 *
 * Shapes:  `out->args` has `arg_count` entries; `text` has a NUL behind `byte_len` bytes
 * Units:   lengths in bytes
 * Owns:    what `*out` points to is freed by tmjit_metal_text_free, also after the context
 * Errors:  TMJIT_E_UNSUPPORTED  Metal cannot say it; name and place are told, `*out` is zero
 *          TMJIT_E_INVALID      NULL, `struct_size` not set, or bad options
 *          and as tmjit_pipeline_create
 * Threads: any.
 * Source:  Metal Shading Language Specification, version 3.2
 */
TMJIT_API tmjit_status tmjit_kernel_print_metal(tmjit_context *ctx, const tmjit_kernel *kernel,
                                                const tmjit_pipeline_options *options,
                                                tmjit_metal_text *out);
/** NULL and text that was freed before are allowed. */
TMJIT_API void tmjit_metal_text_free(tmjit_metal_text *text);

#ifdef __cplusplus
}
#endif

#endif
