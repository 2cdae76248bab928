/* SPDX-License-Identifier: MIT */
/* From a kernel of a loaded library to linked code:
 *   extract (under the module's lock) > canon > lower to vector IR > object > link.
 * Everything behind extract works on an LLVM context of its own, so pipelines compile in
 * parallel. */
#include "objects.h"

#include "entry.h"
#include "interp.h"

#include <inttypes.h>
#include <llvm-c/Core.h>
#include <string.h>
#include <time.h>

double tj_clock(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void tj_lap(double *start, double *sum)
{
    double end = tj_clock();

    *sum += end - *start;
    *start = end;
}

static tj_status copy_error(tj_diags *to, const tj_diags *from)
{
    return tj_fail_at(to, from->first.status, &from->first.loc, "%s", from->first.message);
}

static tj_status specialize(tj_unit *unit, const tj_settings *settings)
{
    size_t count = settings->options.constant_count;
    tj_constant_value *values = tj_new_array(unit->arena, tj_constant_value, count);

    for (size_t i = 0; i < count; i++) {
        const tmjit_constant *given = &settings->options.constants[i];
        values[i] = (tj_constant_value){
            .name = given->name,
            .index = given->index,
            .scalar = (tj_scalar)given->scalar,
            .components = given->components,
            .data = given->data,
        };
    }
    return tj_specialize(unit, values, count, settings->is_open, tj_initialise_constants);
}

/* ---- unit ---------------------------------------------------------------------------- */

tj_status tj_compile_unit(tj_module *module, const char *name, const tj_settings *settings,
                          const char *after, tj_diags *diags, tj_compile_times *times,
                          tj_unit **out)
{
    tj_canon_options options = {
        .is_fast_math = settings->options.math == TMJIT_MATH_FAST,
        .opt_level = settings->options.opt_level,
        .after = after,
        .verify_each = settings->options.verify_each,
        .keeps_logging = settings->is_printed || settings->keeps_logging,
        .unrolls = !settings->is_printed,
    };
    tj_unit *loaded = NULL, *unit = NULL;
    double start = tj_clock();

    pthread_mutex_lock(&module->lock);
    tj_status status = tj_module_unit(module, diags, &loaded);
    if (!status)
        status = settings->has_no_places ? tj_extract_bare(loaded, name, diags, &unit)
                                         : tj_extract(loaded, name, diags, &unit);
    pthread_mutex_unlock(&module->lock);
    if (status)
        return status;
    tj_lap(&start, &times->extract_s);
    status = specialize(unit, settings);
    if (!status)
        status = tj_canon(unit, &options);
    if (!status && !after && !settings->is_open)
        status = tj_chip_check(unit, &module->library->ctx->chip);
    tj_lap(&start, &times->canon_s);
    if (status) {
        copy_error(diags, &unit->diags);
        tj_unit_destroy(unit);
        return status;
    }
    *out = unit;
    return TJ_OK;
}

/* ---- host code ----------------------------------------------------------------------- */

tj_status tj_compile_host(tj_unit *unit, const tj_settings *settings, const tj_cpu *cpu,
                          LLVMTargetMachineRef machine, bool is_ragged, const char *after,
                          tj_host_code *out)
{
    tj_host_options options = {
        .lanes = tj_host_lanes(unit, settings->threadgroup, settings->options.lanes,
                               cpu->vector_bits),
        .is_ragged = is_ragged,
        .is_fast_math = settings->options.math == TMJIT_MATH_FAST,
        .has_bounds_checks = !settings->options.no_bounds_checks,
        .has_watchdog = !settings->options.no_watchdog,
        .vector_bits = cpu->vector_bits,
        .opt_level = settings->options.opt_level,
        .after = after,
        .verify_each = settings->options.verify_each,
    };

    memcpy(options.threadgroup, settings->threadgroup, sizeof options.threadgroup);
    return tj_host_lower(unit, &options, machine, out);
}

/* LLVM's default handler prints and ends the process on an error. */
static void record_diagnostic(LLVMDiagnosticInfoRef info, void *user)
{
    tj_diags *diags = user;
    char *text = LLVMGetDiagInfoDescription(info);

    if (LLVMGetDiagInfoSeverity(info) == LLVMDSError)
        tj_fail_at(diags, TJ_E_INTERNAL, NULL, "LLVM's code generator: %s", text);
    LLVMDisposeMessage(text);
}

/* LLVM's register allocator takes time that grows with the square of a loop's blocks, and each
 * checked access is a block: 1000 take seconds, 10,000 minutes. Code beyond, or of that many
 * instructions, is made by the plain one, in linear time. */
enum { MAX_ALLOCATED_BLOCKS = 1024, MAX_ALLOCATED_INSTRUCTIONS = 1 << 15 };

/* The same machine for code in linear time. */
static LLVMTargetMachineRef plain_machine(LLVMTargetMachineRef machine)
{
    char *triple = LLVMGetTargetMachineTriple(machine);
    char *cpu = LLVMGetTargetMachineCPU(machine);
    char *features = LLVMGetTargetMachineFeatureString(machine);
    LLVMTargetMachineRef plain =
        LLVMCreateTargetMachine(LLVMGetTargetMachineTarget(machine), triple, cpu, features,
                                LLVMCodeGenLevelNone, LLVMRelocPIC, LLVMCodeModelSmall);

    LLVMDisposeMessage(triple);
    LLVMDisposeMessage(cpu);
    LLVMDisposeMessage(features);
    return plain;
}

tj_status tj_compile_emit(LLVMTargetMachineRef machine, LLVMModuleRef module,
                          LLVMCodeGenFileType type, tj_diags *diags, LLVMMemoryBufferRef *out)
{
    LLVMContextRef llctx = LLVMGetModuleContext(module);
    LLVMDiagnosticHandler handler = LLVMContextGetDiagnosticHandler(llctx);
    void *handler_user = LLVMContextGetDiagnosticContext(llctx);
    bool is_huge = tj_is_larger(module, MAX_ALLOCATED_BLOCKS, MAX_ALLOCATED_INSTRUCTIONS);
    LLVMTargetMachineRef plain = is_huge ? plain_machine(machine) : NULL;
    LLVMMemoryBufferRef buffer = NULL;
    char *message = NULL;

    LLVMContextSetDiagnosticHandler(llctx, record_diagnostic, diags);
    if (LLVMTargetMachineEmitToMemoryBuffer(plain ? plain : machine, module, type, &message,
                                            &buffer)) {
        tj_fail_at(diags, TJ_E_INTERNAL, NULL, "LLVM's code generator: %s", message);
        LLVMDisposeMessage(message);
    }
    if (plain)
        LLVMDisposeTargetMachine(plain);
    LLVMContextSetDiagnosticHandler(llctx, handler, handler_user);
    if (!diags->first.status) {
        *out = buffer;
        return TJ_OK;
    }
    if (buffer)
        LLVMDisposeMemoryBuffer(buffer);
    return diags->first.status;
}

/* Only the entry is seen by the linker, under a name that no other variant has. */
static void rename_entry(tmjit_context *ctx, tj_unit *unit, tj_host_code *code)
{
    LLVMValueRef entry = LLVMGetNamedFunction(code->module, code->entry_name);
    LLVMValueRef value;

    for (value = LLVMGetFirstFunction(code->module); value; value = LLVMGetNextFunction(value))
        if (value != entry && !LLVMIsDeclaration(value))
            LLVMSetLinkage(value, LLVMInternalLinkage);
    for (value = LLVMGetFirstGlobal(code->module); value; value = LLVMGetNextGlobal(value))
        if (!LLVMIsDeclaration(value))
            LLVMSetLinkage(value, LLVMInternalLinkage);
    code->entry_name = tj_arena_printf(unit->arena, TJ_ENTRY_PREFIX "%016" PRIx64,
                                       tj_context_next_variant(ctx));
    LLVMSetValueName2(entry, code->entry_name, strlen(code->entry_name));
    LLVMSetLinkage(entry, LLVMExternalLinkage);
    LLVMSetVisibility(entry, LLVMDefaultVisibility);
}

static void fill_variant(tmjit_pipeline *pipeline, const tj_host_code *code, tj_variant *out)
{
    out->sites = code->sites;
    out->site_count = code->site_count;
    out->regions = code->regions;
    out->region_count = code->region_count;
    out->is_coroutine = code->is_coroutine;
    out->private_byte_len = code->private_byte_len;
    /* Launches read these without the lock: the first variant settles them. */
    if (pipeline->lanes != code->lanes)
        pipeline->lanes = code->lanes;
    if (pipeline->static_threadgroup_byte_len != code->static_threadgroup_byte_len)
        pipeline->static_threadgroup_byte_len = code->static_threadgroup_byte_len;
}

void tj_finish_variant(tmjit_pipeline *pipeline, const tj_linked *linked, tj_variant *out)
{
    out->linked = *linked;
    if (out->is_coroutine)
        out->code.slice = (tjrt_slice_fn *)linked->entry;
    else
        out->code.group = (tjrt_group_fn *)linked->entry;
    out->is_ready = true;
    if (pipeline->worker_private_byte_len < out->private_byte_len)
        pipeline->worker_private_byte_len = out->private_byte_len;
}

static tj_status build_variant(tmjit_pipeline *pipeline, tj_session *session,
                               LLVMTargetMachineRef machine, bool is_ragged, tj_variant *out)
{
    tj_unit *unit = pipeline->unit;
    bool is_fast = pipeline->settings.options.math == TMJIT_MATH_FAST;
    LLVMMemoryBufferRef object = NULL;
    tj_host_code code = {0};
    tj_linked linked = {0};
    double start = tj_clock();

    tj_status status = tj_compile_host(unit, &pipeline->settings, &pipeline->ctx->cpu, machine,
                                       is_ragged, NULL, &code);
    tj_lap(&start, &pipeline->times.lower_s);
    if (status)
        return status;
    pipeline->times.lower_s -= code.optimize_s;
    pipeline->times.optimize_s += code.optimize_s;
    rename_entry(pipeline->ctx, unit, &code);
    status = tj_compile_emit(machine, code.module, LLVMObjectFile, &unit->diags, &object);
    LLVMDisposeModule(code.module);
    tj_lap(&start, &pipeline->times.emit_s);
    if (status)
        return status;
    fill_variant(pipeline, &code, out);
    tj_store_variant(pipeline, out, is_ragged, LLVMGetBufferStart(object),
                     LLVMGetBufferSize(object), code.entry_name);
    tj_lap(&start, &pipeline->times.cache_s);
    status = tj_session_link(session, object, code.entry_name, is_fast, &unit->diags, &linked);
    tj_lap(&start, &pipeline->times.link_s);
    if (!status)
        tj_finish_variant(pipeline, &linked, out);
    return status;
}

tj_status tj_compile_variant(tmjit_pipeline *pipeline, bool is_ragged, tj_variant *out)
{
    tj_session *session = NULL;
    tj_status status = tj_context_session(pipeline->ctx, &pipeline->diags, &session);

    if (status)
        return status;
    LLVMTargetMachineRef machine =
        tj_cpu_machine(&pipeline->ctx->cpu, pipeline->settings.options.opt_level);
    if (!machine)
        return tj_fail_at(&pipeline->diags, TJ_E_INTERNAL, NULL, "LLVM has no machine for '%s'",
                          pipeline->ctx->cpu.name);
    status = build_variant(pipeline, session, machine, is_ragged, out);
    if (status)
        copy_error(&pipeline->diags, &pipeline->unit->diags);
    LLVMDisposeTargetMachine(machine);
    return status;
}
