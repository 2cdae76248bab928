/* SPDX-License-Identifier: MIT */
/* LLVM's passes over the host module: slots to SSA form, coroutine splitting, clean-up.
 *
 * Order: values must be in SSA form before CoroSplit, or whole slots would live in the frame;
 * loop passes come after it, on the resume function that holds the loops. No instcombine before
 * it: that sinks arithmetic behind a suspend, and its operands into the frame.
 */
#include "host.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <string.h>

typedef enum effort {
    EFFORT_LEAST, /* linear time: slots stay in memory */
    EFFORT_PLAIN, /* opt_level 0 */
    EFFORT_GOOD   /* opt_level 2 */
} effort;

typedef struct stage {
    const char *name;
    const char *passes[3]; /* by effort */
    bool is_coroutine_only;
    void (*own)(tj_gen *g); /* a pass of ours behind them; NULL: none */
    /* One before them, false: there is nothing for them to do; NULL: none. */
    bool (*before)(tj_gen *g);
} stage;

/* A slice is never destroyed, its frame goes with the worker's arena: the copies of the whole
 * slice that CoroSplit makes for that (LLVM 22, CoroSplit.cpp) need no passes. Null stands in
 * the frame for the destroy function. */
static void drop_destroyers(tj_gen *g)
{
    static const char *const suffixes[] = {"destroy", "cleanup"};
    char name[256];

    for (unsigned i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s.%s", LLVMGetValueName(g->function), suffixes[i]);
        LLVMValueRef copy = LLVMGetNamedFunction(g->module, name);

        if (!copy)
            continue;
        LLVMReplaceAllUsesWith(copy, LLVMConstNull(g->t.ptr));
        LLVMDeleteFunction(copy);
    }
}

static void tidy_split(tj_gen *g)
{
    drop_destroyers(g);
    tj_unpin_values(g);
}

#define SPLIT "coro-early,cgscc(coro-split),coro-cleanup"
static const stage stages[] = {
    {"host-widen", {NULL, NULL, NULL}, false, NULL, NULL},
    {"host-ssa",
     {"always-inline", "always-inline,function(sroa)",
      "always-inline,globaldce,function(sroa,early-cse,simplifycfg,instsimplify)"},
     false,
     tj_keep_rows,
     NULL},
    {"host-phases", {NULL, NULL, "no-op-module"}, true, tj_cut_phases, NULL},
    {"host-lcssa", {NULL, NULL, "function(loop-simplify,lcssa)"}, true, tj_pin_values, NULL},
    {"host-split", {SPLIT, SPLIT, SPLIT}, true, tidy_split, NULL},
    {"host-optimize",
     {NULL, NULL,
      "function(sroa,early-cse<memssa>,simplifycfg,loop-mssa(loop-rotate,licm),"
      "instcombine<no-verify-fixpoint>,gvn,loop(loop-idiom,indvars,loop-deletion,loop-unroll-"
      "full),"
      "instcombine<no-verify-fixpoint>,dse,loop-mssa(licm),loop-unroll<O2>,"
      "early-cse,instcombine<no-verify-fixpoint>,simplifycfg,adce)"},
     false,
     tj_keep_chains,
     NULL},
    {"host-narrow",
     {"always-inline", "always-inline", "always-inline"},
     false,
     NULL,
     tj_expand_narrow},
};

static tj_status run(tj_gen *g, const char *passes, LLVMTargetMachineRef machine)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error;

    LLVMPassBuilderOptionsSetVerifyEach(options, g->options->verify_each);
    error = LLVMRunPasses(g->module, passes, machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error)
        return TJ_OK;
    char *message = LLVMGetErrorMessage(error);
    tj_status st = tj_fail(g->unit, NULL, TJ_E_INTERNAL, "host passes: %s", message);

    LLVMDisposeErrorMessage(message);
    return st;
}

static tj_status verify(tj_gen *g, const char *after)
{
    char *message = NULL;
    tj_status st = TJ_OK;

    if (LLVMVerifyModule(g->module, LLVMReturnStatusAction, &message))
        st = tj_fail(g->unit, NULL, TJ_E_INTERNAL, "invalid host module after %s: %s", after,
                     message);
    LLVMDisposeMessage(message);
    return st;
}

/* Several passes take time that grows with the square of a function's blocks; each checked
 * access is one. Beyond this, or when that many instructions alone take seconds, the plain
 * passes have to do. */
enum { MAX_OPTIMISED_BLOCKS = 4096, MAX_OPTIMISED_INSTRUCTIONS = 1 << 17 };

/* Making SSA form of slots takes time with the product of slots and blocks: ten million are two
 * seconds. */
enum { MAX_PROMOTED = 10000000 };

static bool is_promoted(const tj_gen *g)
{
    uint64_t slot_count = 0;

    for (LLVMValueRef i = LLVMGetFirstInstruction(g->entry); i; i = LLVMGetNextInstruction(i))
        slot_count += LLVMIsAAllocaInst(i) != NULL;
    return slot_count * LLVMCountBasicBlocks(LLVMGetBasicBlockParent(g->entry)) <= MAX_PROMOTED;
}

static effort find_effort(const tj_gen *g)
{
    if (!is_promoted(g))
        return EFFORT_LEAST;
    if (!g->options->opt_level ||
        tj_is_larger(g->module, MAX_OPTIMISED_BLOCKS, MAX_OPTIMISED_INSTRUCTIONS))
        return EFFORT_PLAIN;
    return EFFORT_GOOD;
}

tj_status tj_optimize(tj_gen *g, LLVMTargetMachineRef machine)
{
    effort level = find_effort(g);
    tj_status st = TJ_OK;

    for (unsigned s = 0; !st && s < sizeof(stages) / sizeof(stages[0]); s++) {
        const char *passes = stages[s].passes[level];
        bool is_coroutine = g->has_barrier && !g->is_phased;
        bool is_run = passes && (is_coroutine || !stages[s].is_coroutine_only);

        if (is_run && stages[s].before)
            is_run = stages[s].before(g);
        if (is_run)
            st = run(g, passes, machine);
        if (!st && is_run && stages[s].own)
            stages[s].own(g);
        if (!st && g->options->verify_each)
            st = verify(g, stages[s].name);
        if (g->options->after && strcmp(g->options->after, stages[s].name) == 0)
            break;
    }
    return st;
}
