/* SPDX-License-Identifier: MIT */
/* Tests that a unit has the canonical form that ir.h promises; changes nothing. */
#include "canon.h"
#include "intrin.h"

#include <llvm-c/Core.h>
#include <string.h>

static tj_status fail(tj_canon_state *state, LLVMValueRef inst, const char *what)
{
    return tj_fail(state->unit, inst, TJ_E_INTERNAL, "the canonical form has no %s", what);
}

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

static tj_status check_call(tj_canon_state *state, LLVMValueRef call)
{
    tj_intrin_use use;
    const char *name = tj_llvm_intrinsic_name(call);
    if (name ? tj_llvm_intrinsic_is_accepted(name) : tj_intrin_of(call, &use))
        return TJ_OK;
    return fail(state, call, "call of anything but an accepted intrinsic");
}

static tj_status check_inst(tj_canon_state *state, LLVMValueRef inst)
{
    tj_status status = check_opcode(state, inst);
    if (!status)
        status = check_operands(state, inst);
    if (!status && LLVMIsACallInst(inst))
        status = check_call(state, inst);
    return status;
}

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
    return tj_canon_each_inst(state, check_inst);
}
