/* SPDX-License-Identifier: MIT */
/* clang for OpenCL C: prelude and source on its standard input, LLVM text on its output. The
 * target is spir64, whose address spaces and mangled names opencl.c knows. No `double`: it is
 * clang that refuses it, with its place; without it a constant such as 1.0 is a float. */
#include "source/clang.h"
#include "source/opencl.h"
#include "source/source.h"

#include <string.h>

enum { MAX_ARGS = 512, OUT_LIMIT = 256 << 20, ERR_LIMIT = 1 << 20 };

static const char *const fixed_args[] = {
    "-x", "cl", "-target", "spir64", "-Xclang", "-cl-ext=-cl_khr_fp64,-__opencl_c_fp64",
    "-Xclang", "-fdeclare-opencl-builtins", "-Xclang", "-finclude-default-header",
    /* All passes are ours. */
    "-O1", "-Xclang", "-disable-llvm-passes", "-ffp-contract=on", "-fno-discard-value-names",
    "-gline-tables-only", "-fdebug-compilation-dir=.", "-w",
    "-Werror=implicit-function-declaration", "-fno-caret-diagnostics", "-fno-color-diagnostics",
    "-ferror-limit=20", "-fno-crash-diagnostics", "-S", "-emit-llvm", "-o", "-"};

typedef struct arguments {
    tj_arena *arena;
    const char *list[MAX_ARGS + 1];
    unsigned count;
    bool is_too_long;
} arguments;

static void put(arguments *args, const char *text)
{
    if (args->count == MAX_ARGS)
        args->is_too_long = true;
    else
        args->list[args->count++] = text;
}

static void put_all(arguments *args, const char *prefix, const char *const *list)
{
    for (; list && *list; list++)
        put(args, tj_arena_printf(args->arena, "%s%s", prefix, *list));
}

/* The folder of the source, for #include "name". */
static const char *folder_of(tj_arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? tj_arena_strndup(arena, name, (size_t)(slash - name) + (slash == name))
                 : ".";
}

static void fill_arguments(arguments *args, const tj_source *source)
{
    for (size_t i = 0; i < sizeof fixed_args / sizeof fixed_args[0]; i++)
        put(args, fixed_args[i]);
    put(args, tj_arena_printf(args->arena, "-cl-std=%s",
                              source->standard ? source->standard : "CL3.0"));
    if (source->is_fast_math)
        put(args, "-cl-fast-relaxed-math");
    put(args, "-iquote");
    put(args, folder_of(args->arena, source->name));
    put_all(args, "-I", source->include_dirs);
    put_all(args, "-D", source->defines);
    put(args, "-");
}

/* The prelude, and line 1 of the source under its own name. */
static void fill_input(tj_text *input, const tj_source *source)
{
    tj_text_puts(input, "# 1 \"<prelude of tmjit>\" 3\n");
    tj_text_puts(input, tj_opencl_prelude);
    tj_text_puts(input, "\n# 1 \"");
    for (const char *c = source->name; *c; c++) {
        if (*c == '"' || *c == '\\')
            tj_text_add(input, "\\", 1);
        tj_text_add(input, *c == '\n' ? " " : c, 1);
    }
    tj_text_puts(input, "\"\n");
    tj_text_add(input, source->text, source->byte_len);
}

static tj_status run_clang(const tj_source *source, const arguments *args, tj_diags *diags,
                           tj_child_result *result)
{
    tj_text input = {0};
    fill_input(&input, source);
    tj_child child = {
        .program = source->clang,
        .args = args->list,
        .input = input.data,
        .input_len = input.byte_len,
        .file = source->name,
        .time_limit_s = source->time_limit_s > 0 ? source->time_limit_s : 60,
        .out_limit = OUT_LIMIT,
        .err_limit = ERR_LIMIT,
    };
    tj_status status = tj_child_run(&child, diags, result);
    tj_text_fini(&input);
    if (!status && result->exit_status)
        status = tj_clang_error(source, result->err.data, diags);
    return status;
}

tj_status tj_opencl_compile(const tj_source *source, tj_diags *diags, tj_text *out)
{
    arguments args = {.arena = tj_arena_create()};
    tj_child_result result = {0};
    tj_loc loc = {.file = source->name};
    tj_status status = TJ_OK;
    fill_arguments(&args, source);
    if (args.is_too_long)
        status = tj_fail_at(diags, TJ_E_INVALID, &loc,
                            "more than %d words for clang: folders and macros", MAX_ARGS);
    if (!status)
        status = run_clang(source, &args, diags, &result);
    if (!status)
        status = tj_opencl_to_air(result.out.data, result.out.byte_len, source->name,
                                  source->is_fast_math, diags, out);
    tj_child_result_fini(&result);
    tj_arena_destroy(args.arena);
    return status;
}
