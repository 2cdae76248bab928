/* SPDX-License-Identifier: MIT */
/* Cuts LLVM types into leaves: scalars, vector elements, aggregate members; tiles whole. */
#include "shape.h"

#include <assert.h>
#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

bool tj_is_tile(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind && LLVMGetVectorSize(type) == 64;
}

/* Instructions whose operands are scalars when their result is one. */
static const bool is_alike[] = {
    [LLVMBr] = true,     [LLVMSwitch] = true, [LLVMFNeg] = true,          [LLVMAdd] = true,
    [LLVMFAdd] = true,   [LLVMSub] = true,    [LLVMFSub] = true,          [LLVMMul] = true,
    [LLVMFMul] = true,   [LLVMUDiv] = true,   [LLVMSDiv] = true,          [LLVMFDiv] = true,
    [LLVMURem] = true,   [LLVMSRem] = true,   [LLVMFRem] = true,          [LLVMShl] = true,
    [LLVMLShr] = true,   [LLVMAShr] = true,   [LLVMAnd] = true,           [LLVMOr] = true,
    [LLVMXor] = true,    [LLVMLoad] = true,   [LLVMGetElementPtr] = true, [LLVMTrunc] = true,
    [LLVMZExt] = true,   [LLVMSExt] = true,   [LLVMFPToUI] = true,        [LLVMFPToSI] = true,
    [LLVMUIToFP] = true, [LLVMSIToFP] = true, [LLVMFPTrunc] = true,       [LLVMFPExt] = true,
    [LLVMICmp] = true,   [LLVMFCmp] = true,   [LLVMPHI] = true,           [LLVMSelect] = true};

bool tj_is_scalar(LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(inst));

    return (size_t)opcode < sizeof is_alike / sizeof *is_alike && is_alike[opcode] &&
           kind != LLVMVectorTypeKind && kind != LLVMStructTypeKind &&
           kind != LLVMArrayTypeKind;
}

uint32_t tj_leaf_count(LLVMTypeRef type)
{
    uint32_t count = 0;

    switch (LLVMGetTypeKind(type)) {
    case LLVMVoidTypeKind:
    case LLVMLabelTypeKind:
    case LLVMMetadataTypeKind:
        return 0;
    case LLVMVectorTypeKind:
        return tj_is_tile(type) ? 1 : LLVMGetVectorSize(type);
    case LLVMArrayTypeKind:
        return (uint32_t)LLVMGetArrayLength2(type) * tj_leaf_count(LLVMGetElementType(type));
    case LLVMStructTypeKind:
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++)
            count += tj_leaf_count(LLVMStructGetTypeAtIndex(type, i));
        return count;
    default:
        return 1;
    }
}

LLVMTypeRef tj_leaf_type(LLVMTypeRef type, uint32_t index)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMVectorTypeKind:
        return tj_is_tile(type) ? type : LLVMGetElementType(type);
    case LLVMArrayTypeKind:
        return tj_leaf_type(LLVMGetElementType(type),
                            index % tj_leaf_count(LLVMGetElementType(type)));
    case LLVMStructTypeKind:
        for (unsigned i = 0;; i++) {
            LLVMTypeRef member = LLVMStructGetTypeAtIndex(type, i);
            uint32_t count = tj_leaf_count(member);

            if (index < count)
                return tj_leaf_type(member, index);
            index -= count;
        }
    default:
        assert(index == 0);
        return type;
    }
}

uint64_t tj_leaf_offset(const tj_unit *unit, LLVMTypeRef type, uint32_t index)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(unit->module);
    LLVMTypeRef element;

    switch (LLVMGetTypeKind(type)) {
    case LLVMVectorTypeKind:
        if (tj_is_tile(type))
            return 0;
        return index * ((tj_leaf_bits(LLVMGetElementType(type)) + 7) / 8);
    case LLVMArrayTypeKind:
        element = LLVMGetElementType(type);
        return index / tj_leaf_count(element) * LLVMABISizeOfType(layout, element) +
               tj_leaf_offset(unit, element, index % tj_leaf_count(element));
    case LLVMStructTypeKind:
        for (unsigned i = 0;; i++) {
            LLVMTypeRef member = LLVMStructGetTypeAtIndex(type, i);
            uint32_t count = tj_leaf_count(member);

            if (index < count)
                return LLVMOffsetOfElement(layout, type, i) +
                       tj_leaf_offset(unit, member, index);
            index -= count;
        }
    default:
        return 0;
    }
}

LLVMValueRef tj_constant_leaf(LLVMValueRef constant, uint32_t index)
{
    LLVMTypeRef type = LLVMTypeOf(constant);
    LLVMTypeKind kind = LLVMGetTypeKind(type);

    while (!tj_is_tile(type) && (kind == LLVMVectorTypeKind || kind == LLVMArrayTypeKind ||
                                 kind == LLVMStructTypeKind)) {
        unsigned member = 0;

        for (;; member++) {
            uint32_t count = tj_leaf_count(kind == LLVMStructTypeKind
                                               ? LLVMStructGetTypeAtIndex(type, member)
                                               : LLVMGetElementType(type));

            if (index < count)
                break;
            index -= count;
        }
        constant = LLVMGetAggregateElement(constant, member);
        type = LLVMTypeOf(constant);
        kind = LLVMGetTypeKind(type);
    }
    return constant;
}

unsigned tj_leaf_bits(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return LLVMGetIntTypeWidth(type);
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
        return 16;
    case LLVMFloatTypeKind:
        return 32;
    case LLVMVectorTypeKind:
        return LLVMGetVectorSize(type) * tj_leaf_bits(LLVMGetElementType(type));
    default:
        return 64; /* pointers, double */
    }
}

uint32_t tj_member_leaf(LLVMValueRef inst, LLVMTypeRef type, LLVMTypeRef *member)
{
    const unsigned *indices = LLVMGetIndices(inst);
    uint32_t leaf = 0;

    for (unsigned i = 0; i < LLVMGetNumIndices(inst); i++) {
        bool is_struct = LLVMGetTypeKind(type) == LLVMStructTypeKind;

        for (unsigned m = 0; m < indices[i]; m++)
            leaf += tj_leaf_count(is_struct ? LLVMStructGetTypeAtIndex(type, m)
                                            : LLVMGetElementType(type));
        type =
            is_struct ? LLVMStructGetTypeAtIndex(type, indices[i]) : LLVMGetElementType(type);
    }
    *member = type;
    return leaf;
}
