/* SPDX-License-Identifier: MIT */
/*
 * Tests that a unit has the canonical form that ir.h promises; changes nothing.
 *
 * needs   everything before it in canon.c
 * leaves  TJ_E_INTERNAL where the form does not hold. Loops are looked at only when every
 *         pass is verified; thread memory is counted again, since inlining adds to it.
 */
#include "canon.h"
#include "cfg.h"
#include "intrin.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <string.h>

static tj_status fail(tj_canon_state *state, LLVMValueRef inst, const char *what)
{
    return tj_fail(state->unit, inst, TJ_E_INTERNAL, "the canonical form has no %s", what);
}

/* ---- instructions ---------------------------------------------------------------------------
 */

static tj_status check_operands(tj_canon_state *state, LLVMValueRef inst)
{
    unsigned count = (unsigned)LLVMGetNumOperands(inst);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, i);
        if (LLVMIsUndef(operand))
            return fail(state, inst, "undefined operand");
        if (LLVMIsAConstantExpr(operand))
            return fail(state, inst, "constant expression");
    }
    return TJ_OK;
}

static tj_status check_opcode(tj_canon_state *state, LLVMValueRef inst)
{
    static const struct {
        LLVMOpcode opcode;
        const char *what;
    } gone[] = {
        {LLVMSwitch, "switch"},           {LLVMIndirectBr, "indirectbr"},
        {LLVMInvoke, "invoke"},           {LLVMFreeze, "freeze"},
        {LLVMUnreachable, "unreachable"}, {LLVMFPToSI, "fptosi"},
        {LLVMFPToUI, "fptoui"},           {LLVMVAArg, "va_arg"},
    };
    for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
        if (LLVMGetInstructionOpcode(inst) == gone[i].opcode)
            return fail(state, inst, gone[i].what);
    return TJ_OK;
}

static bool is_logging(LLVMValueRef call)
{
    size_t byte_len;
    return strcmp(LLVMGetValueName2(LLVMGetCalledValue(call), &byte_len), TJ_LOGGING) == 0;
}

static tj_status check_call(tj_canon_state *state, LLVMValueRef call)
{
    tj_intrin_use use;
    const char *name = tj_llvm_intrinsic_name(call);
    if (name ? tj_llvm_intrinsic_is_accepted(name) : tj_intrin_of(call, &use))
        return TJ_OK;
    if (state->options->keeps_logging && is_logging(call))
        return TJ_OK;
    return fail(state, call, "call of anything but an accepted intrinsic");
}

static tj_status check_alloca(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(state->unit->module);
    if (LLVMGetInstructionParent(inst) !=
        LLVMGetEntryBasicBlock(state->unit->kernels[0].function))
        return fail(state, inst, "alloca outside the entry block");
    state->private_bytes += LLVMABISizeOfType(layout, LLVMGetAllocatedType(inst)) *
                            LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 0));
    if (state->private_bytes <= TJ_MAX_PRIVATE_BYTES)
        return TJ_OK;
    return tj_fail(state->unit, inst, TJ_E_UNSUPPORTED,
                   "%llu bytes of thread memory; a thread has %d",
                   (unsigned long long)state->private_bytes, TJ_MAX_PRIVATE_BYTES);
}

static tj_status check_inst(tj_canon_state *state, LLVMValueRef inst)
{
    tj_status status = check_opcode(state, inst);
    if (!status)
        status = check_operands(state, inst);
    if (!status && LLVMIsACallInst(inst))
        status = check_call(state, inst);
    if (!status && LLVMIsAAllocaInst(inst))
        status = check_alloca(state, inst);
    return status;
}

/* ---- loops ----------------------------------------------------------------------------------
 */

/* The block that a use belongs to: for a phi the predecessor. */
static int block_of_use(const tj_cfg *cfg, LLVMValueRef user, LLVMValueRef value)
{
    LLVMBasicBlockRef block = LLVMGetInstructionParent(user);
    for (unsigned i = 0; LLVMIsAPHINode(user) && i < LLVMCountIncoming(user); i++)
        if (LLVMGetIncomingValue(user, i) == value)
            block = LLVMGetIncomingBlock(user, i);
    return (int)tj_ptrmap_find(&cfg->index, block);
}

/* Values leave a loop through a phi at the exit. */
static tj_status check_lcssa(tj_canon_state *state, const tj_cfg *cfg, int block)
{
    int loop = cfg->blocks[block].loop;
    if (loop == TJ_NONE)
        return TJ_OK;
    for (LLVMValueRef inst = LLVMGetFirstInstruction(cfg->blocks[block].bb); inst;
         inst = LLVMGetNextInstruction(inst))
        for (LLVMUseRef use = LLVMGetFirstUse(inst); use; use = LLVMGetNextUse(use))
            if (!tj_loop_has(cfg, loop, block_of_use(cfg, LLVMGetUser(use), inst)))
                return fail(state, inst, "use of a value outside its loop but a phi's");
    return TJ_OK;
}

/* All predecessors of an exit are in the loop, so the header dominates the exit. */
static tj_status check_exits(tj_canon_state *state, const tj_cfg *cfg, int block)
{
    const tj_block *from = &cfg->blocks[block];
    for (int s = 0; s < from->succ_count; s++) {
        const tj_block *exit = &cfg->blocks[from->succ[s]];
        if (from->loop == TJ_NONE || tj_loop_has(cfg, from->loop, from->succ[s]))
            continue;
        for (int p = 0; p < exit->pred_count; p++)
            if (!tj_loop_has(cfg, from->loop, exit->preds[p]))
                return fail(state, LLVMGetBasicBlockTerminator(from->bb),
                            "exit that is also reached from outside its loop");
    }
    return TJ_OK;
}

static tj_status check_loops(tj_canon_state *state)
{
    tj_unit *unit = state->unit;
    tj_mark mark = tj_arena_mark(unit->arena);
    tj_cfg cfg;
    tj_status status = tj_cfg_build(unit, unit->kernels[0].function, unit->arena, &cfg);
    if (status)
        return status; /* the message is in the arena */
    for (int i = 0; i < cfg.block_count && !status; i++) {
        status = check_exits(state, &cfg, i);
        if (!status)
            status = check_lcssa(state, &cfg, i);
    }
    if (!status)
        tj_arena_rewind(unit->arena, mark);
    return status;
}

/* ---- functions ------------------------------------------------------------------------------
 */

static unsigned count_returns(LLVMValueRef function)
{
    unsigned count = 0;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
         block = LLVMGetNextBasicBlock(block))
        count += LLVMGetInstructionOpcode(LLVMGetBasicBlockTerminator(block)) == LLVMRet;
    return count;
}

tj_status tj_canon_check_form(tj_canon_state *state)
{
    LLVMValueRef kernel = state->unit->kernels[0].function;
    for (LLVMValueRef function = LLVMGetFirstFunction(state->unit->module); function;
         function = LLVMGetNextFunction(function))
        if (!LLVMIsDeclaration(function) && function != kernel)
            return fail(state, function, "second function with a body");
    if (count_returns(kernel) != 1)
        return fail(state, kernel, "number of returns but one");
    tj_status status = tj_canon_each_inst(state, check_inst);
    if (!status && state->options->verify_each)
        status = check_loops(state);
    return status;
}
