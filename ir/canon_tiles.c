/* SPDX-License-Identifier: MIT */
/*
 * Elements of SIMD-group matrices: one form for both engines.
 *
 * needs   no undefined operands and shuffle lanes (canon-constants)
 * leaves  no shufflevector of a matrix; extractelement and insertelement of elements 0 and 1
 *         only; constant matrices that repeat their first two elements; after
 *         canon-tile-memory no load or store of a matrix
 *
 * Of a matrix <64 x T> a thread holds elements 0 and 1 (air.md 4.9). Compilers pass the pair as
 * <2 x T> through shuffles, which become single elements here. A constant gives every thread
 * the same pair; pairs lie side by side in a row, so repeating it makes the constant the
 * whole matrix, row by row, as well.
 */
#include "canon.h"
#include "shape.h"

#include <llvm-c/Core.h>

enum { TILE = 64, PAIR = 2 };

static bool is_tile(LLVMValueRef value)
{
    return tj_is_tile(LLVMTypeOf(value));
}

static tj_status refuse_element(tj_canon_state *state, LLVMValueRef inst)
{
    return tj_fail(state->unit, inst, TJ_E_UNSUPPORTED,
                   "element of a SIMD-group matrix other than 0 and 1, this thread's pair");
}

static LLVMValueRef index_of(tj_canon_state *state, unsigned index)
{
    return LLVMConstInt(LLVMInt32TypeInContext(state->unit->llctx), index, false);
}

/* ---- shuffles --------------------------------------------------------------------------- */

/* Element `lane` of the two vectors of `shuffle`; NULL: none that a thread has. */
static LLVMValueRef source_element(tj_canon_state *state, LLVMValueRef shuffle, unsigned lane)
{
    unsigned size = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(shuffle, 0)));
    LLVMValueRef from = LLVMGetOperand(shuffle, lane >= size);
    if (is_tile(from) && lane % size >= PAIR)
        return NULL;
    return LLVMBuildExtractElement(state->builder, from, index_of(state, lane % size), "");
}

static bool takes_pair(LLVMValueRef shuffle, unsigned first)
{
    return LLVMGetMaskValue(shuffle, 0) == (int)first &&
           LLVMGetMaskValue(shuffle, 1) == (int)first + 1;
}

static tj_status lower_shuffle(tj_canon_state *state, LLVMValueRef shuffle)
{
    LLVMValueRef a = LLVMGetOperand(shuffle, 0);
    if (!is_tile(a) && !is_tile(shuffle))
        return TJ_OK;
    if (is_tile(a) && is_tile(shuffle) &&
        (takes_pair(shuffle, 0) || takes_pair(shuffle, TILE))) {
        tj_canon_replace(shuffle, LLVMGetOperand(shuffle, takes_pair(shuffle, TILE)));
        return TJ_OK;
    }
    unsigned count = is_tile(shuffle) ? PAIR : LLVMGetVectorSize(LLVMTypeOf(shuffle));
    LLVMValueRef out = LLVMConstNull(LLVMTypeOf(shuffle));
    LLVMPositionBuilderBefore(state->builder, shuffle);
    for (unsigned i = 0; i < count; i++) {
        int lane = LLVMGetMaskValue(shuffle, i);
        LLVMValueRef element = source_element(state, shuffle, lane < 0 ? 0 : (unsigned)lane);
        if (!element)
            return refuse_element(state, shuffle);
        out = LLVMBuildInsertElement(state->builder, out, element, index_of(state, i), "");
    }
    tj_canon_replace(shuffle, out);
    return TJ_OK;
}

static tj_status check_index(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMValueRef index = LLVMGetOperand(inst, LLVMIsAInsertElementInst(inst) ? 2 : 1);
    if (!is_tile(LLVMGetOperand(inst, 0)) ||
        (LLVMIsAConstantInt(index) && LLVMConstIntGetZExtValue(index) < PAIR))
        return TJ_OK;
    return refuse_element(state, inst);
}

static tj_status visit_elements(tj_canon_state *state, LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMShuffleVector:
        return lower_shuffle(state, inst);
    case LLVMInsertElement:
    case LLVMExtractElement:
        return check_index(state, inst);
    default:
        return TJ_OK;
    }
}

/* ---- constants -------------------------------------------------------------------------- */

static tj_status visit_constants(tj_canon_state *state, LLVMValueRef inst)
{
    (void)state;
    if (tj_is_scalar(inst))
        return TJ_OK;
    for (int i = 0; i < LLVMGetNumOperands(inst); i++) {
        LLVMValueRef value = LLVMGetOperand(inst, (unsigned)i), elements[TILE];
        if (!value || !LLVMIsConstant(value) || LLVMIsNull(value) || !is_tile(value))
            continue;
        for (unsigned e = 0; e < TILE; e++)
            elements[e] = LLVMGetAggregateElement(value, e % PAIR);
        LLVMSetOperand(inst, (unsigned)i, LLVMConstVector(elements, TILE));
    }
    return TJ_OK;
}

/* ---- private memory -----------------------------------------------------------------------
 */

static LLVMValueRef pair_address(tj_canon_state *state, LLVMValueRef address, LLVMTypeRef type,
                                 unsigned element)
{
    LLVMValueRef index = index_of(state, element);
    return LLVMBuildGEP2(state->builder, type, address, &index, 1, "");
}

/* A later number of a vector is as aligned as its size and the vector allow. */
static unsigned pair_align(LLVMValueRef inst, LLVMTypeRef type, unsigned element)
{
    unsigned align = LLVMGetAlignment(inst);
    unsigned byte_len = LLVMGetTypeKind(type) == LLVMFloatTypeKind ? 4 : 2;
    return element && align > byte_len ? byte_len : align;
}

static void lower_load(tj_canon_state *state, LLVMValueRef load)
{
    LLVMTypeRef type = LLVMGetElementType(LLVMTypeOf(load));
    LLVMValueRef out = LLVMConstNull(LLVMTypeOf(load));
    for (unsigned i = 0; i < PAIR; i++) {
        LLVMValueRef at = pair_address(state, LLVMGetOperand(load, 0), type, i);
        LLVMValueRef element = LLVMBuildLoad2(state->builder, type, at, "");
        LLVMSetAlignment(element, pair_align(load, type, i));
        out = LLVMBuildInsertElement(state->builder, out, element, index_of(state, i), "");
    }
    tj_canon_replace(load, out);
}

static void lower_store(tj_canon_state *state, LLVMValueRef store)
{
    LLVMValueRef tile = LLVMGetOperand(store, 0);
    LLVMTypeRef type = LLVMGetElementType(LLVMTypeOf(tile));
    for (unsigned i = 0; i < PAIR; i++) {
        LLVMValueRef element =
            LLVMBuildExtractElement(state->builder, tile, index_of(state, i), "");
        LLVMValueRef at = pair_address(state, LLVMGetOperand(store, 1), type, i);
        LLVMSetAlignment(LLVMBuildStore(state->builder, element, at),
                         pair_align(store, type, i));
    }
    LLVMInstructionEraseFromParent(store);
}

static tj_status visit_memory(tj_canon_state *state, LLVMValueRef inst)
{
    bool is_load = LLVMIsALoadInst(inst) && is_tile(inst);
    if (!is_load && !(LLVMIsAStoreInst(inst) && is_tile(LLVMGetOperand(inst, 0))))
        return TJ_OK;
    LLVMValueRef address = LLVMGetOperand(inst, is_load ? 0 : 1);
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(address)) != TJ_AS_THREAD)
        return tj_fail(state->unit, inst, TJ_E_UNSUPPORTED,
                       "%s of a SIMD-group matrix value in memory that threads share; "
                       "air.simdgroup_matrix_8x8_%s is accepted",
                       is_load ? "load" : "store", is_load ? "load" : "store");
    LLVMPositionBuilderBefore(state->builder, inst);

    if (is_load)
        lower_load(state, inst);
    else
        lower_store(state, inst);
    return TJ_OK;
}

/* In a thread's own memory a matrix takes 64 numbers, of which the pair is its first two. */
tj_status tj_canon_tile_memory(tj_canon_state *state)
{
    return tj_canon_each_inst(state, visit_memory);
}

tj_status tj_canon_tiles(tj_canon_state *state)
{
    tj_status status = tj_canon_each_inst(state, visit_elements);
    return status ? status : tj_canon_each_inst(state, visit_constants);
}
