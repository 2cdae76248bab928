/* SPDX-License-Identifier: MIT */
/* Values that leave loops. LLVM gives each a phi behind the loop, and passes move what is only
 * used there into the loop and back. Here it is computed behind the loop: a loop that ends in
 * `{ x = a & 255; break; }` is one that ends, then x.
 */
#include "prepare.h"

enum { MAX_CHAIN = 64 };

/* Nothing but an operator: it has no effect, reads no memory and stands anywhere. */
static bool is_operator(LLVMValueRef value)
{
    if (!LLVMIsAInstruction(value))
        return false;
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMInsertElement:
    case LLVMExtractElement:
        return LLVMIsAConstantInt(
                   LLVMGetOperand(value, LLVMIsAInsertElementInst(value) ? 2 : 1)) &&
               LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(value, 0))) <= 4;
    case LLVMGetElementPtr:
    case LLVMSelect:
    case LLVMICmp:
    case LLVMFCmp:
    case LLVMFNeg:
        return true;
    case LLVMCall:
        return tj_msl_is_pure_call(value) && !(tj_msl_is_vector(LLVMTypeOf(value)) &&
                                               LLVMGetVectorSize(LLVMTypeOf(value)) > 4);
    default:
        return LLVMIsABinaryOperator(value) || LLVMIsACastInst(value);
    }
}

/* Whether nothing is written between the load and the end of its block. */
static bool is_end_load(LLVMValueRef value)
{
    LLVMValueRef inst = LLVMIsALoadInst(value) ? value : NULL;

    if (!inst || LLVMGetVolatile(value))
        return false;
    while ((inst = LLVMGetNextInstruction(inst)))
        if (tj_msl_writes(inst))
            return false;
    return true;
}

/* A load at the end of a loop, where nothing is written any more. */
static bool is_last_load(LLVMValueRef value, LLVMValueRef phi)
{
    return LLVMCountIncoming(phi) == 1 &&
           LLVMGetIncomingBlock(phi, 0) == LLVMGetInstructionParent(value) &&
           is_end_load(value);
}

LLVMValueRef tj_msl_only_value(LLVMValueRef phi)
{
    LLVMValueRef value = LLVMGetIncomingValue(phi, 0);

    for (unsigned i = 1; i < LLVMCountIncoming(phi); i++)
        if (LLVMGetIncomingValue(phi, i) != value)
            return NULL;
    return value == phi ? NULL : value;
}

static LLVMValueRef behind_phis(LLVMBasicBlockRef block)
{
    LLVMValueRef inst = LLVMGetFirstInstruction(block);

    while (LLVMIsAPHINode(inst))
        inst = LLVMGetNextInstruction(inst);
    return inst;
}

static bool is_used_by(LLVMValueRef value, LLVMValueRef user)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use))
        if (LLVMGetUser(use) != user)
            return false;
    return true;
}

/* The phi that the value is in a block; NULL: there is none. */
static LLVMValueRef phi_of(LLVMValueRef value, LLVMBasicBlockRef block)
{
    for (LLVMValueRef phi = LLVMGetFirstInstruction(block); LLVMIsAPHINode(phi);
         phi = LLVMGetNextInstruction(phi))
        if (tj_msl_only_value(phi) == value)
            return phi;
    return NULL;
}

/* Moves the value in front of `place`, and all that only it uses. */
static void move(LLVMBuilderRef builder, LLVMValueRef value, LLVMValueRef place, unsigned depth)
{
    LLVMBasicBlockRef from = LLVMGetInstructionParent(value);
    bool is_next = tj_msl_only_predecessor(LLVMGetInstructionParent(place)) == from;

    LLVMInstructionRemoveFromParent(value);
    LLVMPositionBuilderBefore(builder, place);
    LLVMInsertIntoBuilder(builder, value);
    for (unsigned i = 0; depth && i < (unsigned)LLVMGetNumOperands(value); i++) {
        LLVMValueRef operand = LLVMGetOperand(value, i);

        if ((is_operator(operand) || (is_next && is_end_load(operand))) &&
            LLVMGetInstructionParent(operand) == from && is_used_by(operand, value))
            move(builder, operand, value, depth - 1);
        else if (LLVMIsAInstruction(operand) &&
                 phi_of(operand, LLVMGetInstructionParent(place)))
            LLVMSetOperand(value, i, phi_of(operand, LLVMGetInstructionParent(place)));
    }
}

/* A number at a fixed place of an argument that is only read. */
static bool is_constant_number(LLVMValueRef value)
{
    LLVMValueRef pointer = LLVMIsALoadInst(value) ? LLVMGetOperand(value, 0) : NULL;

    if (!pointer || LLVMGetVolatile(value) ||
        LLVMGetPointerAddressSpace(LLVMTypeOf(pointer)) != TJ_AS_CONSTANT)
        return false;
    for (; LLVMIsAGetElementPtrInst(pointer); pointer = LLVMGetOperand(pointer, 0))
        for (unsigned i = 1; i <= LLVMGetNumIndices(pointer); i++)
            if (!LLVMIsAConstantInt(LLVMGetOperand(pointer, i)))
                return false;
    return LLVMIsAArgument(pointer);
}

/* Computes it behind the loop, or reads it where it is used; false: it stays. */
static bool leave(LLVMBuilderRef builder, LLVMValueRef phi)
{
    LLVMValueRef value = LLVMIsAPHINode(phi) ? tj_msl_only_value(phi) : NULL;

    if (value && LLVMIsConstant(value)) {
        LLVMReplaceAllUsesWith(phi, value);
        LLVMInstructionEraseFromParent(phi);
        return true;
    }
    if (!value || !LLVMIsAInstruction(value) ||
        LLVMGetInstructionParent(value) == LLVMGetInstructionParent(phi))
        return false;
    if (LLVMIsAGetElementPtrInst(value) && !is_used_by(value, phi)) {
        value = LLVMInstructionClone(value); /* no more than a name of what it points to */
        LLVMPositionBuilderBefore(builder, behind_phis(LLVMGetInstructionParent(phi)));
        LLVMInsertIntoBuilder(builder, value);
    } else if (!is_constant_number(value)) {
        if (!is_used_by(value, phi) || (!is_operator(value) && !is_last_load(value, phi)))
            return false;
        move(builder, value, behind_phis(LLVMGetInstructionParent(phi)), MAX_CHAIN);
    }
    LLVMReplaceAllUsesWith(phi, value);
    LLVMInstructionEraseFromParent(phi);
    return true;
}

static LLVMValueRef *list_phis(tj_msl *m, unsigned *count)
{
    LLVMValueRef *all = NULL;

    for (int is_listed = 0; is_listed < 2; is_listed++) {
        if (is_listed)
            all = tj_new_array(m->arena, LLVMValueRef, *count);
        *count = 0;
        for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(m->kernel->function); b;
             b = LLVMGetNextBasicBlock(b))
            for (LLVMValueRef i = LLVMGetFirstInstruction(b); i && LLVMIsAPHINode(i);
                 i = LLVMGetNextInstruction(i), (*count)++)
                if (is_listed)
                    all[*count] = i;
    }
    return all;
}

/* Until nothing does: what leaves an inner loop may leave the next one, too. */
void tj_msl_leave_loops(tj_msl *m)
{
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(m->unit->llctx);

    for (bool changed = true; changed;) {
        unsigned count = 0;
        LLVMValueRef *list = list_phis(m, &count);

        changed = false;
        for (unsigned i = 0; i < count; i++)
            changed |= leave(builder, list[i]);
    }
    LLVMDisposeBuilder(builder);
}
