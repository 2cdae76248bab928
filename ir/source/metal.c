/* SPDX-License-Identifier: MIT */
/* Metal source in four steps. Clang runs twice: once as the preprocessor, with our macros
 * behind the names of Metal's headers, and once over the rewritten text, with our library in
 * front, for a target whose default address space is generic (nvptx64; no code is made for it).
 */
#include "source/adopt.h"
#include "source/job.h"
#include "source/prepass.h"

#include <llvm-c/Support.h>
#include <pthread.h>
#include <string.h>

enum { MAX_PREPROCESSED = 64 << 20 }; /* bytes */

/* The headers of source/metal. */
extern const char tj_metal_macros[], tj_metal_base[], tj_metal_vector[], tj_metal_math[],
    tj_metal_group[], tj_metal_atomic[], tj_metal_matrix[];
static const char *const library_parts[] = {tj_metal_base,  tj_metal_vector, tj_metal_math,
                                            tj_metal_group, tj_metal_atomic, tj_metal_matrix};

/* ---- step 1: the preprocessor ------------------------------------------------------------ */

/* Every header of Metal is one file (clang's virtual file system, VFS overlay). */
static const char *make_overlay(tj_arena *arena)
{
    static const char *const names[] = {"metal_stdlib",
                                        "metal_math",
                                        "metal_simdgroup",
                                        "metal_simdgroup_matrix",
                                        "metal_quadgroup",
                                        "metal_atomic",
                                        "metal_integer",
                                        "metal_common",
                                        "metal_compute",
                                        "metal_limits",
                                        "metal_array",
                                        "metal_logging",
                                        "metal_type_traits",
                                        "metal_geometric",
                                        "metal_relational",
                                        "metal_pack",
                                        "metal_types",
                                        "metal_extended_vector",
                                        "metal_matrix",
                                        "metal_config",
                                        "metal_assert",
                                        "metal_uniform",
                                        "metal_numeric",
                                        "metal_utility",
                                        "metal_packed_vector",
                                        "metal_half",
                                        "metal_bfloat",
                                        "metal_initializer_list",
                                        "metal_functional",
                                        "metal_tuple",
                                        "metal_pointers",
                                        "stdint.h",
                                        "stddef.h",
                                        "limits.h",
                                        "float.h"};
    const char *text = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        text = tj_arena_printf(arena,
                               "%s{\"name\":\"%s\",\"type\":\"file\",\"external-contents\":"
                               "\"/dev/fd/4\",\"use-external-name\":false},",
                               text, names[i]);
    return tj_arena_printf(
        arena,
        "{\"version\":0,\"case-sensitive\":\"true\",\"roots\":[{\"name\":\"/tmjit/metal\","
        "\"type\":\"directory\",\"contents\":[%s{\"name\":\"simd\",\"type\":\"directory\","
        "\"contents\":[{\"name\":\"simd.h\",\"type\":\"file\",\"external-contents\":"
        "\"/dev/fd/4\",\"use-external-name\":false}]}]}]}",
        text);
}

static void add_preprocessor_words(const tj_source_job *job, tj_words *words)
{
    static const char *const fixed[] = {"-E",
                                        "-x",
                                        "c++",
                                        "-std=c++17",
                                        "-target",
                                        "nvptx64-nvidia-cuda",
                                        "-nogpulib",
                                        "-nostdinc",
                                        "-undef",
                                        "-D__METAL__=1",
                                        "-D__METAL_MACOS__=1",
                                        "-D__HAVE_BFLOAT__=1",
                                        "-D__STDC__=1",
                                        "-D__cplusplus=201703L",
                                        "-Wno-builtin-macro-redefined",
                                        "-Wno-unused-command-line-argument",
                                        "-w",
                                        "-fno-color-diagnostics",
                                        "-fno-caret-diagnostics",
                                        "-ivfsoverlay",
                                        "/dev/fd/3",
                                        "-isystem",
                                        "/tmjit/metal",
                                        NULL};
    const tj_source *source = job->source;
    tj_words_add_all(words, fixed);
    tj_words_add(words, tj_arena_printf(job->arena, "-D__METAL_VERSION__=%s",
                                        source->standard ? source->standard : "320"));
    tj_words_add_user(words, source);
    tj_words_add(words, "-");
}

static tj_status preprocess(const tj_source_job *job, tj_text *out)
{
    tj_words words = {.arena = job->arena};
    tj_files files = {0};
    tj_text input = {0};
    const char *overlay = make_overlay(job->arena);
    tj_status status = tj_files_add(job, &files, overlay, strlen(overlay));
    if (!status)
        status = tj_files_add(job, &files, tj_metal_macros, strlen(tj_metal_macros));
    add_preprocessor_words(job, &words);
    tj_add_marker(&input, job->source->name);
    tj_text_add(&input, job->source->text, job->source->byte_len);
    tj_text_puts(&input, "\n");
    const tj_clang_run run = {.words = &words,
                              .files = &files,
                              .input = &input,
                              .output_limit = MAX_PREPROCESSED,
                              .lists_files = true};
    if (!status)
        status = tj_run_clang(job, &run, out);
    tj_files_close(&files);
    tj_text_fini(&input);
    return status;
}

/* ---- step 3: clang ----------------------------------------------------------------------- */

static const char *const compile_words[] = {
    "-x", "c++", "-std=c++17", "-target", "nvptx64-nvidia-cuda", "-nogpulib", "-nostdinc",
    "-Xclang", "-cl-single-precision-constant", "-fdeclspec", "-Xclang",
    "-ffloat16-excess-precision=none", "-Xclang", "-fbfloat16-excess-precision=none",
    "-fno-strict-float-cast-overflow", "-fno-threadsafe-statics", "-fno-exceptions",
    "-fno-rtti", "-fno-strict-aliasing", "-O1", "-Xclang", "-disable-llvm-passes",
    "-fno-discard-value-names", "-Xclang", "-debug-info-kind=standalone", "-Xclang",
    "-dwarf-version=5", "-Xclang", "-disable-lifetime-markers",
    /* else names lose what they share with it */
    "-fdebug-compilation-dir=.", "-w", "-Wno-gcc-compat", "-Wno-narrowing",
    "-fno-color-diagnostics", "-fno-caret-diagnostics", "-fno-crash-diagnostics", NULL};

/* Not -ffast-math: that there are no NaN and infinities is no one's promise. */
static const char *const fast_words[] = {"-funsafe-math-optimizations", "-ffp-contract=fast",
                                         "-DTJ_FAST_MATH", NULL};
static const char *const strict_words[] = {"-ffp-contract=off", NULL};

static void add_compile_words(const tj_source *source, tj_words *words)
{
    tj_words_add_all(words, compile_words);
    tj_words_add_all(words, source->is_fast_math ? fast_words : strict_words);
}

/* The library's text. */
static void fill_library(tj_text *text)
{
    tj_text_puts(text, "# 1 \"<metal>\"\n");
    for (size_t i = 0; i < sizeof library_parts / sizeof *library_parts; i++)
        tj_text_puts(text, library_parts[i]);
}

static tj_status compile(const tj_source_job *job, const tj_text *text, tj_text *out)
{
    static const char *const last[] = {"/dev/fd/3", "-x", "c++", "-S", "-emit-llvm",
                                       "-o",        "-",  "-",   NULL};
    const tj_source *source = job->source;
    tj_words words = {.arena = job->arena};
    tj_files files = {0};
    tj_text library = {0};
    if (!source->prepared)
        fill_library(&library);
    tj_status status = source->prepared
                           ? tj_files_add(job, &files, source->prepared, source->prepared_len)
                           : tj_files_add(job, &files, library.data, library.byte_len);
    add_compile_words(source, &words);
    tj_words_add(&words, source->prepared ? "-include-pch" : "-include");
    tj_words_add_all(&words, last);
    const tj_clang_run run = {.words = &words, .files = &files, .input = text};
    if (!status)
        status = tj_run_clang(job, &run, out);
    tj_files_close(&files);
    tj_text_fini(&library);
    return status;
}

tj_status tj_metal_prepare(const tj_source *source, tj_diags *diags, tj_text *out)
{
    static const char *const last[] = {"-x", "c++-header", "-o", "-", "-", NULL};
    tj_source_job job = {.source = source,
                         .language = &tj_language_metal,
                         .diags = diags,
                         .arena = tj_arena_create()};
    tj_words words = {.arena = job.arena};
    tj_text library = {0};
    fill_library(&library);
    add_compile_words(source, &words);
    tj_words_add_all(&words, last);
    const tj_clang_run run = {.words = &words, .input = &library};
    tj_status status = tj_run_clang(&job, &run, out);
    tj_text_fini(&library);
    tj_arena_destroy(job.arena);
    return status;
}

static tj_status rewrite(const tj_source_job *job, const tj_text *preprocessed, tj_text *out)
{
    const tj_source *source = job->source;
    tj_prepass_input input = {.name = source->name,
                              .text = preprocessed->data ? preprocessed->data : "",
                              .byte_len = preprocessed->byte_len,
                              .written = source->text,
                              .written_len = source->byte_len,
                              .entry = source->entry};
    return tj_prepass(&input, job->diags, out);
}

static tj_status to_llvm(const tj_source_job *job, tj_text *out)
{
    tj_text preprocessed = {0}, rewritten = {0};
    double start_s = tj_source_now();
    tj_status status = preprocess(job, &preprocessed);
    tj_source_took(job, start_s, offsetof(tj_source_times, preprocess_s));
    start_s = tj_source_now();
    if (!status)
        status = rewrite(job, &preprocessed, &rewritten);
    tj_text_fini(&preprocessed);
    tj_source_took(job, start_s, offsetof(tj_source_times, rewrite_s));
    start_s = tj_source_now();
    if (!status)
        status = compile(job, &rewritten, out);
    tj_text_fini(&rewritten);
    tj_source_took(job, start_s, offsetof(tj_source_times, clang_s));
    return status;
}

/* ---- step 4: the module ------------------------------------------------------------------ */

/* Constant memory is address space 4 on clang's target and 2 here. A pointer's type cannot be
 * changed in a module, so this happens in its text; strings stay as they are. */
static void renumber(tj_text *text)
{
    static const char spelling[] = "addrspace(4)";
    for (char *at = text->data; *at; at++) {
        if (*at == '"')
            at += strcspn(at + 1, "\"\n") + 1; /* LLVM writes quotes in strings as \22 */
        else if (*at == 'a' && strncmp(at, spelling, sizeof spelling - 1) == 0)
            at[sizeof spelling - 3] = '2';
        if (!*at)
            break;
    }
}

static void set_llvm_options(void)
{
    /* No target of the host has a generic address space for infer-address-spaces to look for.
     */
    const char *const args[] = {"tmjit", "-assume-default-is-flat-addrspace"};
    LLVMParseCommandLineOptions(2, args, NULL);
}

static tj_status adopt(tj_unit *unit, const tj_source *source)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)source;
    pthread_once(&once, set_llvm_options);
    return tj_adopt_metal(unit);
}

/* ---- clang's words ----------------------------------------------------------------------- */

static const tj_source_pair translations[] = {
    {"__attribute__((address_space(1)))", "device"},
    {"__attribute__((address_space(3)))", "threadgroup"},
    {"const __attribute__((address_space(4)))", "constant"},
    {"__attribute__((address_space(4)))", "constant"},
    {"_Float16", "half"},
    {"__bf16", "bfloat"},
    {0}};

static const tj_source_pair refused[] = {{"texture", "textures"},
                                         {"depth", "textures"},
                                         {"sampler", "samplers"},
                                         {"raytracing", "ray tracing"},
                                         {"visible_function_table", "tables of functions"},
                                         {"imageblock", "image blocks"},
                                         {"tensor", "tensors"},
                                         {"mpp", "MetalPerformancePrimitives"},
                                         {0}};

static const char *const own_files[] = {"<metal>", "<command line>", "<built-in>", "/dev/fd/",
                                        NULL};

static const tj_source_words message_words = {
    .translations = translations, .refused = refused, .own_files = own_files};

const tj_source_language tj_language_metal = {
    .words = &message_words, .to_llvm = to_llvm, .renumber = renumber, .adopt = adopt};
