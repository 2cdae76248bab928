/* SPDX-License-Identifier: MIT */
/*
 * Gives every undefined value one value, zero, and every constant expression a place.
 *
 * needs   verified IR
 * leaves  operands are instructions, parameters, globals or plain constant data; no undef,
 *         no poison, no freeze, no undefined shuffle lane; initialisers of constants are
 *         plain data and addresses of constants
 *
 * A constant expression becomes instructions before its user; for a phi at the end of the
 * predecessor. The builder folds constants, so each instruction is built on a stand-in and
 * given its real operands afterwards.
 */
#include "address.h"
#include "canon.h"

#include <llvm-c/Core.h>

/* Deepest aggregate or expression; LLVM's own readers build nothing near it. */
enum { MAX_DEPTH = 64 };

static bool is_aggregate(LLVMValueRef value)
{
    return LLVMIsAConstantVector(value) || LLVMIsAConstantArray(value) ||
           LLVMIsAConstantStruct(value);
}

/* Is `value` anything else than a plain constant or no constant at all? */
static bool needs_expansion(LLVMValueRef value, unsigned depth)
{
    if (LLVMIsUndef(value) || LLVMIsAConstantExpr(value))
        return true;
    if (!is_aggregate(value) || depth == 0)
        return false;
    for (int i = 0; i < LLVMGetNumOperands(value); i++)
        if (needs_expansion(LLVMGetOperand(value, (unsigned)i), depth - 1))
            return true;
    return false;
}

/* What an initialiser may keep: an address of a constant. */
static bool is_address(LLVMValueRef value)
{
    return LLVMIsAConstantExpr(value) &&
           LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind;
}

/* `value` with zero for every undefined or computed element; `keeps_addresses`: but those. */
static LLVMValueRef plain_part(tj_canon_state *state, LLVMValueRef value, unsigned depth,
                               bool keeps_addresses)
{
    if (keeps_addresses && is_address(value))
        return value;
    if (LLVMIsUndef(value) || LLVMIsAConstantExpr(value))
        return LLVMConstNull(LLVMTypeOf(value));
    if (!needs_expansion(value, depth))
        return value;
    tj_mark mark = tj_arena_mark(state->unit->arena);
    unsigned count = (unsigned)LLVMGetNumOperands(value);
    LLVMValueRef *elems = tj_new_array(state->unit->arena, LLVMValueRef, count);
    for (unsigned i = 0; i < count; i++)
        elems[i] = plain_part(state, LLVMGetOperand(value, i), depth - 1, keeps_addresses);
    LLVMValueRef plain = tj_constant_whole(LLVMTypeOf(value), elems, count);
    tj_arena_rewind(state->unit->arena, mark);
    return plain;
}

static LLVMValueRef expand(tj_canon_state *state, LLVMValueRef value, unsigned depth);

/* Puts the computed elements of `value` into its plain part. */
static LLVMValueRef expand_aggregate(tj_canon_state *state, LLVMValueRef value, unsigned depth)
{
    LLVMValueRef whole = plain_part(state, value, depth, false);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(state->unit->llctx);
    bool is_vector = LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind;
    for (unsigned i = 0; i < (unsigned)LLVMGetNumOperands(value); i++) {
        LLVMValueRef elem = LLVMGetOperand(value, i);
        if (LLVMIsUndef(elem) || !needs_expansion(elem, depth))
            continue;
        elem = expand(state, elem, depth - 1);
        if (is_vector)
            whole = LLVMBuildInsertElement(state->builder, whole, elem,
                                           LLVMConstInt(i32, i, false), "");
        else
            whole = LLVMBuildInsertValue(state->builder, whole, elem, i, "");
    }
    return whole;
}

static LLVMValueRef build_gep(tj_canon_state *state, LLVMValueRef expr, LLVMValueRef *ops,
                              unsigned count)
{
    return LLVMBuildGEPWithNoWrapFlags(state->builder, LLVMGetGEPSourceElementType(expr),
                                       ops[0], ops + 1, count - 1, "",
                                       LLVMGEPGetNoWrapFlags(expr));
}

/* The instruction that computes `expr`, on operands `ops`, of which the first is no
 * constant. */
static LLVMValueRef build_expression(tj_canon_state *state, LLVMValueRef expr,
                                     LLVMValueRef *ops, unsigned count)
{
    LLVMOpcode opcode = LLVMGetConstOpcode(expr);
    switch (opcode) {
    case LLVMGetElementPtr:
        return build_gep(state, expr, ops, count);
    case LLVMExtractElement:
        return LLVMBuildExtractElement(state->builder, ops[0], ops[1], "");
    case LLVMInsertElement:
        return LLVMBuildInsertElement(state->builder, ops[0], ops[1], ops[2], "");
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMXor:
        return LLVMBuildBinOp(state->builder, opcode, ops[0], ops[1], "");
    case LLVMTrunc:
    case LLVMPtrToInt:
    case LLVMPtrToAddr:
    case LLVMIntToPtr:
    case LLVMBitCast:
    case LLVMAddrSpaceCast:
        return LLVMBuildCast(state->builder, opcode, ops[0], LLVMTypeOf(expr), "");
    default:
        return NULL;
    }
}

/* The builder stands before the user. NULL: an expression of a kind LLVM 22 does not have
 * outside initialisers. */
static LLVMValueRef expand_expression(tj_canon_state *state, LLVMValueRef expr, unsigned depth)
{
    tj_arena *arena = state->unit->arena;
    tj_mark mark = tj_arena_mark(arena);
    unsigned count = (unsigned)LLVMGetNumOperands(expr);
    LLVMValueRef *ops = tj_new_array(arena, LLVMValueRef, count);
    for (unsigned i = 0; i < count; i++)
        ops[i] = expand(state, LLVMGetOperand(expr, i), depth - 1);
    LLVMValueRef first = ops[0];
    ops[0] = LLVMBuildFreeze(state->builder, LLVMConstNull(LLVMTypeOf(first)), "");
    LLVMValueRef inst = build_expression(state, expr, ops, count);
    LLVMReplaceAllUsesWith(ops[0], first);
    LLVMInstructionEraseFromParent(ops[0]);
    tj_arena_rewind(arena, mark);
    return inst ? inst : expr;
}

static LLVMValueRef expand(tj_canon_state *state, LLVMValueRef value, unsigned depth)
{
    if (depth == 0 || !needs_expansion(value, depth))
        return value;
    if (LLVMIsUndef(value))
        return LLVMConstNull(LLVMTypeOf(value));
    if (LLVMIsAConstantExpr(value))
        return expand_expression(state, value, depth);
    return expand_aggregate(state, value, depth);
}

/* A phi may name a predecessor twice and then has the same value twice. */
static void expand_incoming(tj_canon_state *state, LLVMValueRef phi)
{
    unsigned count = LLVMCountIncoming(phi);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef old = LLVMGetOperand(phi, i);
        if (!needs_expansion(old, MAX_DEPTH))
            continue;
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);
        LLVMPositionBuilderBefore(state->builder, LLVMGetBasicBlockTerminator(block));
        LLVMValueRef expanded = expand(state, old, MAX_DEPTH);
        for (unsigned k = i; k < count; k++)
            if (LLVMGetIncomingBlock(phi, k) == block)
                LLVMSetOperand(phi, k, expanded);
    }
}

static void expand_operands(tj_canon_state *state, LLVMValueRef inst)
{
    unsigned count = (unsigned)LLVMGetNumOperands(inst);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, i);
        if (!operand || !LLVMIsConstant(operand) || !needs_expansion(operand, MAX_DEPTH))
            continue;
        LLVMPositionBuilderBefore(state->builder, inst);
        LLVMSetOperand(inst, i, expand(state, operand, MAX_DEPTH));
    }
}

/* An undefined lane of a shuffle takes element 0 of the first vector. */
static void define_shuffle_mask(tj_canon_state *state, LLVMValueRef shuffle)
{
    LLVMValueRef lanes[TJ_MAX_COMPONENTS];
    LLVMTypeRef i32 = LLVMInt32TypeInContext(state->unit->llctx);
    unsigned count = LLVMGetNumMaskElements(shuffle);
    bool has_undefined = false;
    if (count > TJ_MAX_COMPONENTS)
        return;
    for (unsigned i = 0; i < count; i++) {
        int lane = LLVMGetMaskValue(shuffle, i);
        has_undefined |= lane < 0;
        lanes[i] = LLVMConstInt(i32, lane < 0 ? 0 : (unsigned)lane, false);
    }
    if (!has_undefined)
        return;
    LLVMPositionBuilderBefore(state->builder, shuffle);
    LLVMValueRef defined =
        LLVMBuildShuffleVector(state->builder, LLVMGetOperand(shuffle, 0),
                               LLVMGetOperand(shuffle, 1), LLVMConstVector(lanes, count), "");
    tj_canon_replace(shuffle, defined);
}

static tj_status visit(tj_canon_state *state, LLVMValueRef inst)
{
    if (LLVMIsAPHINode(inst)) {
        expand_incoming(state, inst);
        return TJ_OK;
    }
    expand_operands(state, inst);
    if (LLVMIsAFreezeInst(inst))
        tj_canon_replace(inst, LLVMGetOperand(inst, 0));
    else if (LLVMIsAShuffleVectorInst(inst))
        define_shuffle_mask(state, inst);
    return TJ_OK;
}

tj_status tj_canon_constants(tj_canon_state *state)
{
    for (LLVMValueRef global = LLVMGetFirstGlobal(state->unit->module); global;
         global = LLVMGetNextGlobal(global)) {
        LLVMValueRef init = LLVMGetInitializer(global);
        if (init && LLVMIsGlobalConstant(global) && needs_expansion(init, MAX_DEPTH))
            LLVMSetInitializer(global, plain_part(state, init, MAX_DEPTH, true));
    }
    return tj_canon_each_inst(state, visit);
}
