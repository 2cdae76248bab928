/* SPDX-License-Identifier: MIT */
/* Views of the inside: a kernel lowered as a pipeline would, printed instead of linked. */
#include "objects.h"
#include "params.h"
#include "tmjit_source.h"

#include <llvm-c/Core.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static bool has_name(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name))
        names++;
    return *names;
}

/* Copies to memory of tmjit_free, with a NUL behind. */
static tj_status hand_out(const char *bytes, size_t byte_len, tj_diags *diags, char **out,
                          size_t *out_len)
{
    char *copy = malloc(byte_len + 1);

    if (!copy)
        return tj_fail_at(diags, TJ_E_MEMORY, NULL, "no memory for a view of %zu bytes",
                          byte_len);
    memcpy(copy, bytes, byte_len);
    copy[byte_len] = 0;
    *out = copy;
    *out_len = byte_len;
    return TJ_OK;
}

static tj_status print_module(LLVMModuleRef module, tj_diags *diags, char **out,
                              size_t *byte_len)
{
    char *text = LLVMPrintModuleToString(module);
    tj_status status = hand_out(text, strlen(text), diags, out, byte_len);

    LLVMDisposeMessage(text);
    return status;
}

static tj_status print_shapes(tj_unit *unit, const tj_settings *settings, const tj_cpu *cpu,
                              const tj_view_request *request, char **out, size_t *byte_len)
{
    tj_host_options options = {
        .lanes = tj_host_lanes(unit, settings->threadgroup, settings->options.lanes,
                               cpu->vector_bits),
        .is_ragged = request->is_ragged,
        .is_fast_math = settings->options.math == TMJIT_MATH_FAST,
        .has_bounds_checks = !settings->options.no_bounds_checks,
        .has_watchdog = !settings->options.no_watchdog,
        .vector_bits = cpu->vector_bits,
        .opt_level = settings->options.opt_level,
    };
    tj_text text = {0};

    memcpy(options.threadgroup, settings->threadgroup, sizeof options.threadgroup);
    tj_status status = tj_host_dump_shapes(unit, &options, &text);
    if (!status)
        status =
            hand_out(text.data ? text.data : "", text.byte_len, &unit->diags, out, byte_len);
    tj_text_fini(&text);
    return status;
}

static tj_status emit_view(LLVMTargetMachineRef machine, LLVMModuleRef module, tmjit_view view,
                           tj_diags *diags, char **out, size_t *byte_len)
{
    LLVMMemoryBufferRef buffer = NULL;
    LLVMCodeGenFileType type = view == TMJIT_VIEW_ASM ? LLVMAssemblyFile : LLVMObjectFile;
    tj_status status = tj_compile_emit(machine, module, type, diags, &buffer);

    if (status)
        return status;
    status =
        hand_out(LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer), diags, out, byte_len);
    LLVMDisposeMemoryBuffer(buffer);
    return status;
}

static tj_status view_host(tj_unit *unit, const tj_settings *settings, const tj_cpu *cpu,
                           const tj_view_request *request, char **out, size_t *byte_len)
{
    LLVMTargetMachineRef machine = tj_cpu_machine(cpu, settings->options.opt_level);
    tj_host_code code = {0};

    if (!machine)
        return tj_fail_at(&unit->diags, TJ_E_INTERNAL, NULL, "LLVM has no machine for '%s'",
                          cpu->name);
    tj_status status = tj_compile_host(unit, settings, cpu, machine, request->is_ragged,
                                       request->after, &code);
    if (!status && request->view == TMJIT_VIEW_HOST)
        status = print_module(code.module, &unit->diags, out, byte_len);
    else if (!status)
        status = emit_view(machine, code.module, request->view, &unit->diags, out, byte_len);
    if (code.module)
        LLVMDisposeModule(code.module);
    LLVMDisposeTargetMachine(machine);
    return status;
}

static tj_status view_unit(tmjit_context *ctx, tj_unit *unit, const tj_settings *settings,
                           const tj_view_request *request, bool is_canon_pass, char **out,
                           size_t *byte_len)
{
    tj_session *session;

    if (request->view == TMJIT_VIEW_AIR || is_canon_pass) {
        tj_spell_hidden(unit);
        return print_module(unit->module, &unit->diags, out, byte_len);
    }
    tj_status status = tj_context_session(ctx, &unit->diags, &session);
    if (status)
        return status;
    if (request->view == TMJIT_VIEW_SHAPES)
        return print_shapes(unit, settings, &ctx->cpu, request, out, byte_len);
    return view_host(unit, settings, &ctx->cpu, request, out, byte_len);
}

static tmjit_status check_request(tmjit_context *ctx, const tj_view_request *request,
                                  bool is_canon_pass)
{
    bool is_text = request->view == TMJIT_VIEW_AIR || request->view == TMJIT_VIEW_HOST;

    if (request->view < TMJIT_VIEW_AIR || request->view > TMJIT_VIEW_MSL)
        return tj_refuse(ctx, TMJIT_E_INVALID, "unknown view %d", (int)request->view);
    if (!request->after)
        return TMJIT_OK;
    if (!is_canon_pass && !has_name(tj_host_passes(), request->after))
        return tj_refuse(ctx, TMJIT_E_NOT_FOUND, "there is no pass '%s'", request->after);
    if (is_canon_pass && !is_text)
        return tj_refuse(ctx, TMJIT_E_INVALID,
                         "pass '%s' leaves AIR form; only that can be viewed behind it",
                         request->after);
    return TMJIT_OK;
}

static tmjit_status view_metal(const tmjit_kernel *kernel,
                               const tmjit_pipeline_options *options, char **out,
                               size_t *byte_len)
{
    tmjit_metal_text text = {.struct_size = sizeof text};
    tmjit_status status = tj_kernel_print_metal(kernel, options, &text);

    if (status)
        return status;
    tj_diags diags = {.arena = tj_arena_create()};
    if (hand_out(text.text, text.byte_len, &diags, out, byte_len))
        status = tj_publish(kernel->library->ctx, &diags.first);
    tj_arena_destroy(diags.arena);
    tmjit_metal_text_free(&text);
    return status;
}

tmjit_status tj_kernel_view(const tmjit_kernel *kernel, const tmjit_pipeline_options *options,
                            const tj_view_request *request, char **out, size_t *byte_len)
{
    tmjit_context *ctx = kernel->library->ctx;
    bool is_canon_pass = request->after && has_name(tj_canon_passes(), request->after);
    tj_compile_times times = {0};
    tj_settings settings;
    tj_unit *unit = NULL;
    tmjit_status status = check_request(ctx, request, is_canon_pass);

    if (!status && request->view == TMJIT_VIEW_MSL)
        return view_metal(kernel, options, out, byte_len);
    if (!status)
        status = tj_settle(kernel, options, &settings);
    if (status)
        return status;
    settings.keeps_logging = request->view == TMJIT_VIEW_AIR && !request->after;
    tj_diags diags = {.arena = tj_arena_create()};
    if (tj_compile_unit(kernel->module, kernel->kernel->name, &settings,
                        is_canon_pass ? request->after : NULL, &diags, &times, &unit))
        status = tj_publish(ctx, &diags.first);
    else if (view_unit(ctx, unit, &settings, request, is_canon_pass, out, byte_len))
        status = tj_publish(ctx, &unit->diags.first);
    tj_unit_destroy(unit);
    tj_arena_destroy(diags.arena);
    return status;
}

tmjit_status tj_kernel_get_facts(const tmjit_kernel *kernel, tmjit_kernel_facts *out)
{
    tj_settings settings = {.options = {.opt_level = 2}, .is_open = true};
    tj_diags diags = {.arena = tj_arena_create()};
    tj_compile_times times = {0};
    tj_unit *unit = NULL;
    tmjit_status status = TMJIT_OK;

    if (tj_compile_unit(kernel->module, kernel->kernel->name, &settings, NULL, &diags, &times,
                        &unit))
        status = tj_publish(kernel->library->ctx, &diags.first);
    else
        tj_count_facts(unit, out);
    tj_unit_destroy(unit);
    tj_arena_destroy(diags.arena);
    return status;
}

/* ---- names --------------------------------------------------------------------------- */

enum { MAX_PASSES = 64 };

/* Two constant lists as one; written once, by pthread_once. */
static const char *pass_names[MAX_PASSES + 1];

static void join_names(void)
{
    const char *const *lists[] = {tj_canon_passes(), tj_host_passes()};
    size_t count = 0;

    for (size_t l = 0; l < 2; l++)
        for (const char *const *name = lists[l]; *name && count < MAX_PASSES; name++)
            pass_names[count++] = *name;
}

const char *const *tj_pass_names(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, join_names);
    return pass_names;
}
