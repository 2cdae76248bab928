/* SPDX-License-Identifier: MIT */
/* clang for OpenCL C: prelude and source on its standard input, LLVM text on its output. The
 * target is spir64, whose address spaces and mangled names opencl.c knows. No `double`: it is
 * clang that refuses it, with its place; without it a constant such as 1.0 is a float. */
#include "source/job.h"
#include "source/opencl.h"
#include "source/opencl_internal.h"

static const char *const fast_words[] = {"-cl-fast-relaxed-math", "-ffp-contract=fast", NULL};
static const char *const fixed_words[] = {
    "-x", "cl", "-target", "spir64", "-Xclang", "-cl-ext=-cl_khr_fp64,-__opencl_c_fp64",
    "-Xclang", "-fdeclare-opencl-builtins", "-Xclang", "-finclude-default-header",
    /* All passes are ours. */
    "-O1", "-Xclang", "-disable-llvm-passes", "-Xclang", "-disable-lifetime-markers",
    "-ffp-contract=on", "-fno-strict-float-cast-overflow", "-fno-discard-value-names",
    "-Xclang", "-debug-info-kind=limited", "-Xclang", "-dwarf-version=5",
    "-fdebug-compilation-dir=.", "-w", "-Werror=implicit-function-declaration",
    "-fno-caret-diagnostics", "-fno-color-diagnostics", "-ferror-limit=20",
    "-fno-crash-diagnostics", "-S", "-emit-llvm", "-o", "-", "-", NULL};

static const char prelude_name[] = "<prelude of tmjit>";

static tj_status to_llvm(const tj_source_job *job, tj_text *out)
{
    const tj_source *source = job->source;
    tj_words words = {.arena = job->arena};
    tj_text input = {0};
    tj_words_add_all(&words, fixed_words);
    tj_words_add(&words, tj_arena_printf(job->arena, "-cl-std=%s",
                                         source->standard ? source->standard : "CL3.0"));
    if (source->is_fast_math)
        tj_words_add_all(&words, fast_words);
    tj_words_add_user(&words, source);
    tj_text_printf(&input, "# 1 \"%s\" 3\n", prelude_name);
    tj_text_puts(&input, tj_opencl_prelude);
    tj_text_puts(&input, "\n");
    tj_add_marker(&input, source->name);
    tj_text_add(&input, source->text, source->byte_len);
    const tj_clang_run run = {.words = &words, .input = &input, .lists_files = true};
    double start_s = tj_source_now();
    tj_status status = tj_run_clang(job, &run, out);
    tj_source_took(job, start_s, offsetof(tj_source_times, clang_s));
    tj_text_fini(&input);
    return status;
}

static void renumber(tj_text *text)
{
    tj_text plain = {0};
    tj_ocl_plain_spaces(text->data, text->byte_len, &plain);
    tj_text_fini(text);
    *text = plain;
}

static const char *const own_files[] = {prelude_name, "<command line>", "<built-in>", NULL};

static const tj_source_words message_words = {.own_files = own_files};

const tj_source_language tj_language_opencl = {.words = &message_words,
                                               .to_llvm = to_llvm,
                                               .renumber = renumber,
                                               .adopt = tj_adopt_opencl};
