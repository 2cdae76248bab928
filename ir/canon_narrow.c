/* SPDX-License-Identifier: MIT */
/*
 * Integers take the width that their values need: where all that goes into 64 bits comes from
 * 32 and only 32 of the result count, 32 are computed.
 *
 * needs   definite divisors: a divisor is not zero
 * leaves  the same values; what no one uses any more of these computations is gone
 *
 * OpenCL's indices are 64 bits wide and are kept in variables of 32: i += get_global_size(0)
 * extends, adds and truncates. Lanes of 32 bits are twice as many in a vector, a vector unit
 * has no division of 64 bits, and an index through an extension is no longer affine.
 */
#include "canon.h"

#include <llvm-c/Core.h>
#include <string.h>

enum { MAX_DEPTH = 6 };

static bool is_integer(LLVMValueRef value)
{
    return LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMIntegerTypeKind;
}

static unsigned bits_of(LLVMValueRef value)
{
    return LLVMGetIntTypeWidth(LLVMTypeOf(value));
}

/* The operation of an integer instruction; 0 for anything else. */
static LLVMOpcode opcode_of(LLVMValueRef value)
{
    return LLVMIsAInstruction(value) && is_integer(value) ? LLVMGetInstructionOpcode(value)
                                                          : (LLVMOpcode)0;
}

static bool is_shift_below(LLVMValueRef inst, unsigned bits)
{
    LLVMValueRef amount = LLVMGetOperand(inst, 1);

    return LLVMIsAConstantInt(amount) && LLVMConstIntGetZExtValue(amount) < bits;
}

static bool fits(LLVMValueRef value, unsigned bits, int depth);

static bool both_fit(LLVMValueRef inst, unsigned first, unsigned bits, int depth)
{
    return fits(LLVMGetOperand(inst, first), bits, depth) &&
           fits(LLVMGetOperand(inst, first + 1), bits, depth);
}

/* Whether a value is below 2^bits for what its operands are, and so are all parts of it. */
static bool fits(LLVMValueRef value, unsigned bits, int depth)
{
    if (LLVMIsAConstantInt(value))
        return bits < 64 && bits_of(value) <= 64 &&
               LLVMConstIntGetZExtValue(value) >> bits == 0;
    if (depth == 0)
        return false;
    switch (opcode_of(value)) {
    case LLVMZExt:
        return bits_of(LLVMGetOperand(value, 0)) <= bits;
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMUDiv:
    case LLVMURem:
        return both_fit(value, 0, bits, depth - 1);
    case LLVMLShr:
        return is_shift_below(value, bits) && fits(LLVMGetOperand(value, 0), bits, depth - 1);
    case LLVMSelect:
        return both_fit(value, 1, bits, depth - 1);
    default:
        return false;
    }
}

static bool has_low(LLVMValueRef value, unsigned bits, int depth);

static bool both_have_low(LLVMValueRef inst, unsigned first, unsigned bits, int depth)
{
    return has_low(LLVMGetOperand(inst, first), bits, depth) &&
           has_low(LLVMGetOperand(inst, first + 1), bits, depth);
}

/* Whether the low bits of a value can be computed in as many bits. */
static bool has_low(LLVMValueRef value, unsigned bits, int depth)
{
    if (LLVMIsAConstantInt(value))
        return bits_of(value) <= 64;
    if (depth == 0)
        return false;
    switch (opcode_of(value)) {
    case LLVMSExt:
        return bits_of(LLVMGetOperand(value, 0)) <= bits;
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
        return both_have_low(value, 0, bits, depth - 1);
    case LLVMShl:
        return is_shift_below(value, bits) &&
               has_low(LLVMGetOperand(value, 0), bits, depth - 1);
    case LLVMSelect:
        return both_have_low(value, 1, bits, depth - 1);
    default:
        return fits(value, bits, depth);
    }
}

/* Builds the low bits of what has_low or fits have found good. */
static LLVMValueRef build_low(tj_canon_state *state, LLVMValueRef value, LLVMTypeRef type)
{
    LLVMBuilderRef b = state->builder;
    LLVMOpcode opcode = opcode_of(value);

    if (LLVMIsAConstantInt(value))
        return LLVMConstInt(type, LLVMConstIntGetZExtValue(value), false);
    LLVMValueRef first = LLVMGetOperand(value, 0);
    if (opcode == LLVMZExt || opcode == LLVMSExt)
        return LLVMTypeOf(first) == type ? first : LLVMBuildCast(b, opcode, first, type, "");
    LLVMValueRef second = LLVMGetOperand(value, 1);
    if (opcode == LLVMSelect)
        return LLVMBuildSelect(b, first, build_low(state, second, type),
                               build_low(state, LLVMGetOperand(value, 2), type), "");
    return LLVMBuildBinOp(b, opcode, build_low(state, first, type),
                          build_low(state, second, type), "");
}

static tj_status narrow_trunc(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMValueRef wide = LLVMGetOperand(inst, 0);
    LLVMTypeRef type = LLVMTypeOf(inst);

    if (LLVMIsAConstant(wide) || !has_low(wide, LLVMGetIntTypeWidth(type), MAX_DEPTH))
        return TJ_OK;
    LLVMPositionBuilderBefore(state->builder, inst);
    tj_canon_replace(inst, build_low(state, wide, type));
    return TJ_OK;
}

/* The type that an operand was extended from; NULL: it was not. */
static LLVMTypeRef extended_from(LLVMValueRef value)
{
    return opcode_of(value) == LLVMZExt ? LLVMTypeOf(LLVMGetOperand(value, 0)) : NULL;
}

/* The narrower type of an operation on extended values: that of the wider one. */
static LLVMTypeRef common_type(LLVMValueRef inst)
{
    LLVMTypeRef a = extended_from(LLVMGetOperand(inst, 0)),
                b = extended_from(LLVMGetOperand(inst, 1));

    if (a && b)
        return LLVMGetIntTypeWidth(a) < LLVMGetIntTypeWidth(b) ? b : a;
    return a ? a : b;
}

static tj_status narrow_binary(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMTypeRef type = common_type(inst);

    if (!type || LLVMGetIntTypeWidth(type) < 32 ||
        !fits(inst, LLVMGetIntTypeWidth(type), MAX_DEPTH))
        return TJ_OK;
    LLVMPositionBuilderBefore(state->builder, inst);
    LLVMValueRef low = build_low(state, inst, type);
    tj_canon_replace(inst, LLVMBuildZExt(state->builder, low, LLVMTypeOf(inst), ""));
    return TJ_OK;
}

/* Extended values are not negative, so signed comparisons of them are unsigned ones. */
static LLVMIntPredicate unsigned_predicate(LLVMIntPredicate predicate)
{
    switch (predicate) {
    case LLVMIntSGT:
        return LLVMIntUGT;
    case LLVMIntSGE:
        return LLVMIntUGE;
    case LLVMIntSLT:
        return LLVMIntULT;
    case LLVMIntSLE:
        return LLVMIntULE;
    default:
        return predicate;
    }
}

static tj_status narrow_compare(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = is_integer(a) ? common_type(inst) : NULL;

    if (!type || LLVMGetIntTypeWidth(type) < 32 ||
        !both_fit(inst, 0, LLVMGetIntTypeWidth(type), MAX_DEPTH))
        return TJ_OK;
    LLVMPositionBuilderBefore(state->builder, inst);
    a = build_low(state, a, type);
    b = build_low(state, b, type);
    tj_canon_replace(inst,
                     LLVMBuildICmp(state->builder,
                                   unsigned_predicate(LLVMGetICmpPredicate(inst)), a, b, ""));
    return TJ_OK;
}

/* The builder gives what it inserts the name that it is told. */
static void insert_named(tj_canon_state *state, LLVMValueRef inst)
{
    size_t name_len;
    const char *name = LLVMGetValueName2(inst, &name_len);
    char kept[128] = "";

    if (name_len < sizeof kept)
        memcpy(kept, name, name_len);
    LLVMInsertIntoBuilderWithName(state->builder, inst, kept);
}

static tj_status hoist_component(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMValueRef function = state->unit->kernels[0].function;
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(function);

    LLVMBasicBlockRef here = LLVMGetInstructionParent(inst);

    if (here == entry || LLVMGetBasicBlockParent(here) != function ||
        !LLVMIsAArgument(LLVMGetOperand(inst, 0)) ||
        !LLVMIsAConstantInt(LLVMGetOperand(inst, 1)))
        return TJ_OK;
    LLVMInstructionRemoveFromParent(inst);
    LLVMPositionBuilderBefore(state->builder, LLVMGetFirstInstruction(entry));
    insert_named(state, inst);
    return TJ_OK;
}

static tj_status narrow(tj_canon_state *state, LLVMValueRef inst)
{
    if (LLVMGetInstructionOpcode(inst) == LLVMICmp)
        return narrow_compare(state, inst);
    if (LLVMGetInstructionOpcode(inst) == LLVMExtractElement)
        return hoist_component(state, inst);
    switch (opcode_of(inst)) {
    case LLVMTrunc:
        return narrow_trunc(state, inst);
    case LLVMUDiv:
    case LLVMURem:
    case LLVMLShr:
    case LLVMAnd:
        return narrow_binary(state, inst);
    default:
        return TJ_OK;
    }
}

/* Not phis: a cycle of them uses itself. */
static bool is_pure(LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);

    return LLVMIsACastInst(inst) || LLVMIsABinaryOperator(inst) || LLVMIsACmpInst(inst) ||
           opcode == LLVMSelect || opcode == LLVMExtractElement ||
           opcode == LLVMInsertElement || opcode == LLVMShuffleVector ||
           opcode == LLVMGetElementPtr || opcode == LLVMExtractValue;
}

/* From the end, so that operands come after their last use. */
static void drop_unused(LLVMValueRef function)
{
    for (LLVMBasicBlockRef bb = LLVMGetLastBasicBlock(function); bb;
         bb = LLVMGetPreviousBasicBlock(bb)) {
        LLVMValueRef before;
        for (LLVMValueRef inst = LLVMGetLastInstruction(bb); inst; inst = before) {
            before = LLVMGetPreviousInstruction(inst);
            if (!LLVMGetFirstUse(inst) && is_pure(inst))
                LLVMInstructionEraseFromParent(inst);
        }
    }
}

tj_status tj_canon_narrow(tj_canon_state *state)
{
    if (!state->options->opt_level)
        return TJ_OK;
    tj_status status = tj_canon_each_inst(state, narrow);
    if (!status)
        drop_unused(state->unit->kernels[0].function);
    return status;
}
