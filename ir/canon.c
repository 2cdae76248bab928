/* SPDX-License-Identifier: MIT */
/*
 * The way into canonical form: a table of passes, ours and LLVM's.
 *
 * needs   a checked unit (tj_check) with one kernel
 * leaves  the form that ir.h lists at tj_canon; canon_form.c tests it
 *
 * LLVM's passes are named here and nowhere else in ir/. They may use whatever LLVM calls
 * undefined, so everything that tmjit defines is rewritten before the first of them runs.
 */
#include "canon.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <string.h>

static tj_status fail_llvm(tj_unit *unit, LLVMErrorRef err)
{
    char *message = LLVMGetErrorMessage(err);
    tj_status status = tj_fail(unit, unit->kernels[0].function, TJ_E_INTERNAL,
                               "LLVM could not simplify the kernel: %s", message);
    LLVMDisposeErrorMessage(message);
    return status;
}

static tj_status run_llvm(tj_canon_state *state, const char *passes)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef err = LLVMRunPasses(state->unit->module, passes, NULL, options);
    LLVMDisposePassBuilderOptions(options);
    return err ? fail_llvm(state->unit, err) : TJ_OK;
}

static tj_status inline_calls(tj_canon_state *state)
{
    return run_llvm(state, "always-inline,globaldce");
}

/* simplifycfg without the rewrites that make tables, selects of stores or odd integers. */
#define SIMPLIFYCFG                                                                            \
    "simplifycfg<keep-loops;no-switch-to-lookup;no-switch-range-to-icmp;"                      \
    "no-switch-to-arithmetic;no-forward-switch-cond;no-hoist-common-insts;"                    \
    "no-sink-common-insts>"

static bool has_allocas(const tj_canon_state *state)
{
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(state->unit->kernels[0].function);
    LLVMValueRef inst = LLVMGetFirstInstruction(entry);
    while (inst && !LLVMIsAAllocaInst(inst))
        inst = LLVMGetNextInstruction(inst);
    return inst != NULL;
}

#define UNROLL                                                                                 \
    "loop-simplify,lcssa,loop-unroll<O3;no-partial;no-runtime;no-peeling;no-upperbound>"       \
    "," SIMPLIFYCFG ",early-cse,sroa<preserve-cfg>"

/* What is behind the last round of a loop that was written out is unreachable: simplifycfg
 * makes an llvm.assume of the condition that leads there. */
static tj_status drop_hint(tj_canon_state *state, LLVMValueRef inst)
{
    (void)state;
    tj_canon_remove_hint(inst, tj_llvm_intrinsic_name(inst));
    return TJ_OK;
}

/* An array stays in memory while a loop counts through it: short loops of constant length are
 * written out, as source has them that was not optimised. Whole loops only; the round behind
 * the last one, which is never run, goes before its elements are looked for. Not when they come
 * to thousands of instructions together: LLVM's back end would have seconds to do. Twice: a
 * loop around others is only short without those rounds. Then those beyond LLVM's limit that
 * are marked; values that have left memory show more of them. */
static tj_status unroll(tj_canon_state *state)
{
    if (!state->options->unrolls || !state->options->opt_level || !has_allocas(state))
        return TJ_OK;
    tj_status status = run_llvm(state, "function(loop-simplify,lcssa)");
    if (status || tj_canon_has_many_rounds(state))
        return status;
    status = run_llvm(state, "function(" UNROLL "," UNROLL ")");
    for (int i = 0; i < 2 && !status && tj_canon_mark_loops(state); i++)
        status = run_llvm(state, "function(" UNROLL ")");
    return status ? status : tj_canon_each_inst(state, drop_hint);
}

/* Variables become SSA values, undefined ones and constant expressions among them. */
static tj_status promote_variables(tj_canon_state *state)
{
    if (!state->has_variables)
        return TJ_OK;
    tj_status status = run_llvm(state, "function(sroa<preserve-cfg>)");
    if (!status)
        status = unroll(state);
    if (status)
        return status;
    tj_canon_drop_zeroes(state);
    return tj_canon_constants(state);
}

/* simplifycfg makes switches of comparison chains, so lower-switch comes after it; it leaves
 * conditions of two constants where blocks became one, and runs again without them. */
static tj_status build_ssa(tj_canon_state *state)
{
    bool is_simplified = state->options->opt_level > 0;
    if (state->has_helpers) {
        tj_status status = inline_calls(state);
        if (status)
            return status;
        state->has_helpers = false;
    }
    return run_llvm(state, is_simplified
                               ? "function(early-cse<memssa>," SIMPLIFYCFG
                                 ",instsimplify," SIMPLIFYCFG
                                 ",lower-switch,unreachableblockelim,mergereturn)"
                               : "function(lower-switch,unreachableblockelim,mergereturn)");
}

/* LLVM's loop passes take seconds for some thousand nested loops; the walk over divergent
 * control flow needs a bit for each pair of blocks. */
enum { MAX_LOOPS = 1024, MAX_BLOCKS = 1 << 15 };

/* LLVM 22's fix-irreducible leaves phis without an entry when cycles are nested, so it gets
 * a kernel without phis; to be dropped when `fix-irreducible,verify` takes the irreducible
 * kernels of tests/unit/test_canon_run.c. */
static tj_status form_loops(tj_canon_state *state)
{
    unsigned block_count = LLVMCountBasicBlocks(state->unit->kernels[0].function);
    if (block_count > MAX_BLOCKS)
        return tj_fail(state->unit, state->unit->kernels[0].function, TJ_E_UNSUPPORTED,
                       "%u basic blocks; up to %d are supported", block_count, MAX_BLOCKS);
    tj_cycles cycles = tj_canon_cycles(state);
    if (cycles.header_count > MAX_LOOPS)
        return tj_fail(state->unit, state->unit->kernels[0].function, TJ_E_UNSUPPORTED,
                       "%u loops; up to %d are supported", cycles.header_count, MAX_LOOPS);
    if (cycles.header_count == 0)
        return TJ_OK;
    return run_llvm(state, cycles.is_reducible
                               ? "function(loop-simplify,lcssa)"
                               : "function(reg2mem,fix-irreducible,sroa<preserve-cfg>,dce,"
                                 "loop-simplify,lcssa)");
}

static void restore_traps(tj_canon_state *state)
{
    unsigned id = LLVMLookupIntrinsicID("llvm.trap", strlen("llvm.trap"));
    if (!state->trap)
        return;
    LLVMReplaceAllUsesWith(state->trap,
                           LLVMGetIntrinsicDeclaration(state->unit->module, id, NULL, 0));
    LLVMDeleteFunction(state->trap);
    state->trap = NULL;
}

/* What is declared afterwards is called. */
static tj_status settle_callees(tj_canon_state *state)
{
    restore_traps(state);
    tj_status status = tj_canon_each_inst(state, drop_hint);
    if (status)
        return status;
    LLVMValueRef next;
    for (LLVMValueRef function = LLVMGetFirstFunction(state->unit->module); function;
         function = next) {
        next = LLVMGetNextFunction(function);
        if (LLVMIsDeclaration(function) && !LLVMGetFirstUse(function))
            LLVMDeleteFunction(function);
    }
    return TJ_OK;
}

/* Order: undefined values and LLVM's promises go before anything of LLVM runs; matrices in
 * memory that promotion has left become pairs of numbers; memory functions go after promotion,
 * which sees through them, and after inlining, which makes new ones; an endless loop gets its
 * exit after the last pass that would fold it and before loops are put into form; LLVM's passes
 * bring undefined values and constant expressions back, so they are replaced once more at the
 * end, and so are constant matrices. */
#define PASSES(PASS)                                                                           \
    PASS("canon-bodies", tj_canon_bodies)                                                      \
    PASS("canon-constants", tj_canon_constants)                                                \
    PASS("canon-facts", tj_canon_facts)                                                        \
    PASS("canon-expand", tj_canon_expand)                                                      \
    PASS("canon-define", tj_canon_define)                                                      \
    PASS("canon-tiles", tj_canon_tiles)                                                        \
    PASS("canon-inline", inline_calls)                                                         \
    PASS("canon-inputs", tj_canon_inputs)                                                      \
    PASS("canon-variables", tj_canon_variables)                                                \
    PASS("canon-promote", promote_variables)                                                   \
    PASS("canon-tile-memory", tj_canon_tile_memory)                                            \
    PASS("canon-memory", tj_canon_memory)                                                      \
    PASS("canon-ssa", build_ssa)                                                               \
    PASS("canon-narrow", tj_canon_narrow)                                                      \
    PASS("canon-exits", tj_canon_exits)                                                        \
    PASS("canon-loops", form_loops)                                                            \
    PASS("canon-callees", settle_callees)                                                      \
    PASS("canon-values", tj_canon_constants)                                                   \
    PASS("canon-tile-values", tj_canon_tiles)                                                  \
    PASS("canon-form", tj_canon_check_form)

static const struct pass {
    const char *name;
    tj_canon_pass *run;
} passes[] = {
#define PASS_ROW(name, run) {name, run},
    PASSES(PASS_ROW)};
enum { PASS_COUNT = sizeof(passes) / sizeof(passes[0]) };

const char *const *tj_canon_passes(void)
{
#define PASS_NAME(name, run) name,
    static const char *const names[] = {PASSES(PASS_NAME) NULL};
    return names;
}

static bool is_pass(const char *name)
{
    for (unsigned i = 0; i < PASS_COUNT; i++)
        if (strcmp(passes[i].name, name) == 0)
            return true;
    return false;
}

static tj_status verify(tj_unit *unit, const char *pass)
{
    char *message = NULL;
    tj_status status = TJ_OK;
    if (LLVMVerifyModule(unit->module, LLVMReturnStatusAction, &message))
        status = tj_fail(unit, unit->kernels[0].function, TJ_E_INTERNAL,
                         "the module is not valid after %s: %s", pass, message);
    LLVMDisposeMessage(message);
    return status;
}

static bool is_last(const tj_canon_options *options, unsigned pass)
{
    return pass + 1 == PASS_COUNT ||
           (options->after && strcmp(options->after, passes[pass].name) == 0);
}

static tj_status run_passes(tj_canon_state *state)
{
    tj_status status = TJ_OK;
    unsigned i = 0;
    for (bool is_done = false; !is_done && !status; i++) {
        status = passes[i].run(state);
        if (!status && state->options->verify_each)
            status = verify(state->unit, passes[i].name);
        is_done = is_last(state->options, i);
    }
    state->unit->is_canonical = !status && i == PASS_COUNT;
    return status;
}

tj_status tj_canon(tj_unit *unit, const tj_canon_options *options)
{
    tj_canon_state state = {.unit = unit, .options = options};
    if (unit->kernel_count != 1)
        return tj_fail(unit, NULL, TJ_E_INVALID, "%u kernels; one is brought to form at a time",
                       unit->kernel_count);
    if (options->after && !is_pass(options->after))
        return tj_fail(unit, NULL, TJ_E_NOT_FOUND, "no pass named '%s'", options->after);
    state.builder = LLVMCreateBuilderInContext(unit->llctx);
    tj_status status = run_passes(&state);
    LLVMDisposeBuilder(state.builder);
    return status;
}
