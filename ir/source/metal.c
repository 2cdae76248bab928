/* SPDX-License-Identifier: MIT */
/* Metal source in four steps. Clang runs twice: once as the preprocessor, with our macros
 * behind the names of Metal's headers, and once over the rewritten text, with our library in
 * front, for a target whose default address space is generic (nvptx64; no code is made for it).
 * The headers reach clang as nameless files under /dev/fd; nothing is installed or written.
 */
#include "source/source.h"

#include "llvm.h"
#include "source/adopt.h"
#include "source/clang.h"
#include "source/prepass.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Support.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The headers of source/metal. */
extern const char tj_metal_macros[], tj_metal_base[], tj_metal_vector[], tj_metal_math[],
    tj_metal_group[], tj_metal_atomic[], tj_metal_matrix[];
static const char *const library_parts[] = {tj_metal_base,  tj_metal_vector, tj_metal_math,
                                            tj_metal_group, tj_metal_atomic, tj_metal_matrix};

enum {
    MAX_TEXT = 64 << 20,    /* bytes behind the preprocessor */
    MAX_MODULE = 1 << 30,   /* bytes of LLVM text */
    MAX_MESSAGES = 1 << 16, /* bytes of errors */
    MAX_SOURCE = 16 << 20,
    DEFAULT_SECONDS = 60
};

/* What the steps share. */
typedef struct compilation {
    const tj_source *source;
    tj_diags *diags;
    tj_arena *arena; /* scratch */
} compilation;

/* ---- command lines ----------------------------------------------------------------------- */

typedef struct words {
    tj_arena *arena;
    const char **list;
    size_t count, capacity;
} words;

static void add_word(words *w, const char *word)
{
    if (w->count + 1 >= w->capacity) {
        const char **more = tj_new_array(w->arena, const char *, w->capacity * 2 + 64);
        if (w->count)
            memcpy(more, w->list, w->count * sizeof *more);
        w->list = more;
        w->capacity = w->capacity * 2 + 64;
    }
    w->list[w->count++] = word;
}

static void add_words(words *w, const char *const *list)
{
    for (; *list; list++)
        add_word(w, *list);
}

static tj_status run_clang(const compilation *job, const words *w, const int *fds,
                           unsigned fd_count, const char *input, size_t input_len, size_t limit,
                           tj_text *out)
{
    double seconds = job->source->time_limit_s;
    tj_child child = {.program = job->source->clang,
                      .args = w->list,
                      .input = input,
                      .input_len = input_len,
                      .descriptors = fds,
                      .descriptor_count = fd_count,
                      .file = job->source->name,
                      .time_limit_s = seconds > 0 ? seconds : DEFAULT_SECONDS,
                      .out_limit = limit,
                      .err_limit = MAX_MESSAGES};
    tj_child_result result;
    tj_status status = tj_child_run(&child, job->diags, &result);
    if (status)
        return status;
    if (result.exit_status) {
        status = tj_metal_report(result.err.data ? result.err.data : "", job->source->name,
                                 job->diags);
    } else {
        *out = result.out;
        result.out = (tj_text){0};
    }
    tj_child_result_fini(&result);
    return status;
}

static tj_status open_files(const compilation *job, int fds[2], const char *first,
                            size_t first_len, const void *second, size_t second_len)
{
    tj_loc loc = {.file = job->source->name};
    fds[0] = tj_child_file(first, first_len);
    fds[1] = second ? tj_child_file(second, second_len) : -1;
    if (fds[0] >= 0 && (!second || fds[1] >= 0))
        return TJ_OK;
    return tj_fail_at(job->diags, TJ_E_INTERNAL, &loc, "cannot hand Metal's headers to clang");
}

static void close_files(const int fds[2])
{
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* ---- step 1: the preprocessor
 * ---------------------------------------------------------------- */

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

static const char *folder_of(tj_arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? tj_arena_strndup(arena, name, (size_t)(slash - name) + (slash == name))
                 : ".";
}

static void add_preprocessor_words(const compilation *job, words *w)
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
    add_words(w, fixed);
    add_word(w, tj_arena_printf(job->arena, "-D__METAL_VERSION__=%s",
                                source->standard ? source->standard : "320"));
    for (const char *const *one = source->defines; one && *one; one++)
        add_word(w, tj_arena_printf(job->arena, "-D%s", *one));
    add_word(w, "-iquote");
    add_word(w, folder_of(job->arena, job->source->name));
    for (const char *const *one = source->include_dirs; one && *one; one++) {
        add_word(w, "-I");
        add_word(w, *one);
    }
    add_word(w, "-");
    add_word(w, NULL);
}

/* A line marker that names the file; quotes and backslashes as in C. */
static void add_marker(tj_text *text, const char *name)
{
    tj_text_puts(text, "# 1 \"");
    for (; *name; name++) {
        if (strchr("\"\\", *name))
            tj_text_add(text, "\\", 1);
        if ((unsigned char)*name >= ' ')
            tj_text_add(text, name, 1);
    }
    tj_text_puts(text, "\"\n");
}

static tj_status preprocess(const compilation *job, tj_text *out)
{
    words w = {.arena = job->arena};
    tj_text input = {0};
    int fds[2];
    const char *overlay = make_overlay(job->arena);
    tj_status status = open_files(job, fds, overlay, strlen(overlay), tj_metal_macros,
                                  strlen(tj_metal_macros));
    add_preprocessor_words(job, &w);
    add_marker(&input, job->source->name);
    tj_text_add(&input, job->source->text, job->source->byte_len);
    tj_text_puts(&input, "\n");
    if (!status)
        status = run_clang(job, &w, fds, 2, input.data, input.byte_len, MAX_TEXT, out);
    close_files(fds);
    tj_text_fini(&input);
    return status;
}

/* Files that markers say were entered: # 1 "name" 1. */
static void list_files(const char *text, tj_text *out)
{
    for (const char *line = text; line && *line;) {
        const char *end = line + strcspn(line, "\n");
        if (strncmp(line, "# 1 \"", 5) == 0) {
            const char *name = line + 5, *close = name + strcspn(name, "\"\n");
            if (strncmp(close, "\" 1", 3) == 0 && close > name && *name != '<' &&
                strncmp(name, "/tmjit/", 7) != 0) {
                tj_text_add(out, name, (size_t)(close - name));
                tj_text_puts(out, "\n");
            }
        }
        line = *end ? end + 1 : NULL;
    }
}

/* ---- step 3: clang
 * -------------------------------------------------------------------------------- */

static const char *const compile_words[] = {"-x",
                                            "c++",
                                            "-std=c++17",
                                            "-target",
                                            "nvptx64-nvidia-cuda",
                                            "-nogpulib",
                                            "-nostdinc",
                                            "-Xclang",
                                            "-cl-single-precision-constant",
                                            "-fdeclspec",
                                            "-Xclang",
                                            "-ffloat16-excess-precision=none",
                                            "-Xclang",
                                            "-fbfloat16-excess-precision=none",
                                            "-ffp-contract=off",
                                            "-fno-threadsafe-statics",
                                            "-fno-exceptions",
                                            "-fno-rtti",
                                            "-fno-strict-aliasing",
                                            "-O1",
                                            "-Xclang",
                                            "-disable-llvm-passes",
                                            "-fno-discard-value-names",
                                            "-Xclang",
                                            "-debug-info-kind=line-tables-only",
                                            "-Xclang",
                                            "-dwarf-version=5",
                                            "-w",
                                            "-Wno-gcc-compat",
                                            "-Wno-narrowing",
                                            "-fno-color-diagnostics",
                                            "-fno-caret-diagnostics",
                                            "-fno-crash-diagnostics",
                                            NULL};

/* The library's text. */
static void fill_library(tj_text *text)
{
    tj_text_puts(text, "# 1 \"<metal>\"\n");
    for (size_t i = 0; i < sizeof library_parts / sizeof *library_parts; i++)
        tj_text_puts(text, library_parts[i]);
}

static tj_status compile(const compilation *job, const tj_text *text, tj_text *out)
{
    static const char *const last[] = {"/dev/fd/3", "-x", "c++", "-S", "-emit-llvm",
                                       "-o",        "-",  "-",   NULL};
    const tj_source *source = job->source;
    words w = {.arena = job->arena};
    tj_text library = {0};
    int fds[2];
    if (!source->prepared)
        fill_library(&library);
    tj_status status =
        source->prepared ? open_files(job, fds, source->prepared, source->prepared_len, NULL, 0)
                         : open_files(job, fds, library.data, library.byte_len, NULL, 0);
    add_words(&w, compile_words);
    add_word(&w, source->prepared ? "-include-pch" : "-include");
    add_words(&w, last);
    add_word(&w, NULL);
    if (!status)
        status = run_clang(job, &w, fds, 1, text->data, text->byte_len, MAX_MODULE, out);
    close_files(fds);
    tj_text_fini(&library);
    return status;
}

tj_status tj_metal_prepare(const tj_source *source, tj_diags *diags, tj_text *out)
{
    static const char *const last[] = {"-x", "c++-header", "-o", "-", "-", NULL};
    compilation job = {.source = source, .diags = diags, .arena = tj_arena_create()};
    words w = {.arena = job.arena};
    tj_text library = {0};
    fill_library(&library);
    add_words(&w, compile_words);
    add_words(&w, last);
    add_word(&w, NULL);
    tj_status status =
        run_clang(&job, &w, NULL, 0, library.data, library.byte_len, MAX_MODULE, out);
    tj_text_fini(&library);
    tj_arena_destroy(job.arena);
    return status;
}

/* Constant memory is address space 4 on clang's target and 2 here. A pointer's type cannot be
 * changed in a module, so this happens in its text; strings stay as they are. */
static void renumber_constant_memory(char *text)
{
    static const char spelling[] = "addrspace(4)";
    for (char *at = text; *at; at++) {
        if (*at == '"')
            at += strcspn(at + 1, "\"\n") + 1; /* LLVM writes quotes in strings as \22 */
        else if (*at == 'a' && strncmp(at, spelling, sizeof spelling - 1) == 0)
            at[sizeof spelling - 3] = '2';
        if (!*at)
            break;
    }
}

/* ---- step 4: the module --------------------------------------------------------------------
 */

static void set_llvm_options(void)
{
    /* No target of the host has a generic address space for infer-address-spaces to look for.
     */
    const char *const args[] = {"tmjit", "-assume-default-is-flat-addrspace"};
    LLVMParseCommandLineOptions(2, args, NULL);
}

static tj_status parse(tj_unit *unit, const tj_text *text)
{
    char *message = NULL;
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRange(
        text->data ? text->data : "", text->byte_len, "clang", true);
    bool is_bad = LLVMParseIRInContext2(unit->llctx, buffer, &unit->module, &message);
    LLVMDisposeMemoryBuffer(buffer);
    if (!is_bad)
        return TJ_OK;
    tj_loc loc = {.file = unit->file};
    unit->module = NULL;
    tj_status status = tj_fail_at(&unit->diags, TJ_E_INTERNAL, &loc,
                                  "cannot read what clang wrote: %s", message ? message : "");
    LLVMDisposeMessage(message);
    return status;
}

static tj_status verify(tj_unit *unit)
{
    char *message = NULL;
    tj_status status = TJ_OK;
    tj_loc loc = {.file = unit->file};
    if (LLVMVerifyModule(unit->module, LLVMReturnStatusAction, &message))
        status = tj_fail_at(&unit->diags, TJ_E_INTERNAL, &loc,
                            "the module made of the source is not valid: %s", message);
    LLVMDisposeMessage(message);
    return status;
}

static tj_status convert(tj_unit *unit, tj_text *text, tj_text *out)
{
    if (text->data)
        renumber_constant_memory(text->data);
    tj_status status = parse(unit, text);
    if (status)
        return status;
    LLVMSetTarget(unit->module, "air64-apple-macosx");
    LLVMSetDataLayout(unit->module, "");
    LLVMAddNamedMetadataOperand(
        unit->module, "tmjit.source",
        LLVMMetadataAsValue(unit->llctx, LLVMMDNodeInContext2(unit->llctx, NULL, 0)));
    status = tj_adopt_metal(unit);
    if (!status)
        status = verify(unit);
    if (status)
        return status;
    LLVMMemoryBufferRef buffer = LLVMWriteBitcodeToMemoryBuffer(unit->module);
    tj_text_add(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return TJ_OK;
}

static tj_status make_air(const tj_source *source, tj_text *text, tj_diags *diags, tj_text *out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    tj_status status = tj_llvm_open(diags);
    if (status)
        return status;
    pthread_once(&once, set_llvm_options);
    tj_unit unit = {.arena = tj_arena_create(), .file = source->name};
    unit.diags.arena = unit.arena;
    unit.llctx = LLVMContextCreate();
    LLVMContextSetDiscardValueNames(unit.llctx, false);
    status = convert(&unit, text, out);
    if (status)
        tj_fail_at(diags, unit.diags.first.status, &unit.diags.first.loc, "%s",
                   unit.diags.first.message);
    if (unit.module)
        LLVMDisposeModule(unit.module);
    LLVMContextDispose(unit.llctx);
    tj_arena_destroy(unit.arena);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------
 */

static tj_status check_size(const compilation *job)
{
    tj_loc loc = {.file = job->source->name};
    if (job->source->byte_len <= MAX_SOURCE)
        return TJ_OK;
    return tj_fail_at(job->diags, TJ_E_UNSUPPORTED, &loc,
                      "%zu bytes of source; accepted are %d", job->source->byte_len,
                      MAX_SOURCE);
}

static tj_status make_module(const compilation *job, tj_text *module)
{
    const tj_source *source = job->source;
    tj_text preprocessed = {0}, rewritten = {0};
    tj_status status = preprocess(job, &preprocessed);
    tj_prepass_input input = {.name = source->name,
                              .text = preprocessed.data ? preprocessed.data : "",
                              .byte_len = preprocessed.byte_len,
                              .written = source->text,
                              .written_len = source->byte_len,
                              .entry = source->entry};
    if (!status && source->included)
        list_files(input.text, source->included);
    if (!status)
        status = tj_prepass(&input, job->diags, &rewritten);
    tj_text_fini(&preprocessed);
    if (!status)
        status = compile(job, &rewritten, module);
    tj_text_fini(&rewritten);
    return status;
}

tj_status tj_metal_compile(const tj_source *source, tj_diags *diags, tj_text *out)
{
    tj_text module = {0};
    compilation job = {.source = source, .diags = diags, .arena = tj_arena_create()};
    tj_status status = check_size(&job);
    if (!status)
        status = make_module(&job, &module);
    if (!status)
        status = make_air(source, &module, diags, out);
    tj_text_fini(&module);
    tj_arena_destroy(job.arena);
    return status;
}
