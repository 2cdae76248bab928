/* SPDX-License-Identifier: MIT */
/* Constant addresses: a variable and an offset, as initialisers of tables spell them. */
#include "address.h"

#include <llvm-c/Core.h>
#include <stddef.h>

/* Bytes that the indices of a constant address computation add; false: not constant. */
static bool add_indices(LLVMTargetDataRef layout, LLVMValueRef gep, uint64_t *offset)
{
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    for (unsigned i = 1; i < (unsigned)LLVMGetNumOperands(gep); i++) {
        LLVMValueRef index = LLVMGetOperand(gep, i);
        if (!LLVMIsAConstantInt(index) || LLVMGetIntTypeWidth(LLVMTypeOf(index)) > 64)
            return false;
        if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned member = (unsigned)LLVMConstIntGetZExtValue(index);
            *offset += LLVMOffsetOfElement(layout, type, member);
            type = LLVMStructGetTypeAtIndex(type, member);
            continue;
        }
        if (i > 1)
            type = LLVMGetElementType(type);
        *offset += (uint64_t)LLVMConstIntGetSExtValue(index) * LLVMABISizeOfType(layout, type);
    }
    return true;
}

bool tj_constant_address(LLVMTargetDataRef layout, LLVMValueRef value, LLVMValueRef *variable,
                         uint64_t *offset)
{
    enum { MAX_STEPS = 64 };
    *offset = 0;
    for (int i = 0; i < MAX_STEPS && LLVMIsAConstantExpr(value); i++) {
        LLVMOpcode opcode = LLVMGetConstOpcode(value);
        bool is_step = opcode == LLVMBitCast || opcode == LLVMAddrSpaceCast;
        if (!is_step && (opcode != LLVMGetElementPtr || !add_indices(layout, value, offset)))
            return false;
        value = LLVMGetOperand(value, 0);
    }
    *variable = value;
    return LLVMIsAGlobalVariable(value) != NULL;
}

/* Members of an aggregate constant, 0 for anything else. */
static unsigned member_count(LLVMValueRef value)
{
    bool is_aggregate = LLVMIsAConstantVector(value) || LLVMIsAConstantArray(value) ||
                        LLVMIsAConstantStruct(value);
    return is_aggregate ? (unsigned)LLVMGetNumOperands(value) : 0;
}

static uint64_t member_offset(LLVMTargetDataRef layout, LLVMTypeRef type, unsigned member)
{
    if (LLVMGetTypeKind(type) == LLVMStructTypeKind)
        return LLVMOffsetOfElement(layout, type, member);
    return member * LLVMABISizeOfType(layout, LLVMGetElementType(type));
}

static void visit(LLVMTargetDataRef layout, LLVMValueRef value, uint64_t at, unsigned depth,
                  tj_address_visit *each, void *context)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind && !LLVMIsNull(value) &&
        !LLVMIsUndef(value))
        each(context, value, at);
    for (unsigned i = 0; i < member_count(value) && depth; i++)
        visit(layout, LLVMGetOperand(value, i), at + member_offset(layout, type, i), depth - 1,
              each, context);
}

void tj_each_address(LLVMTargetDataRef layout, LLVMValueRef initializer, tj_address_visit *each,
                     void *context)
{
    enum { MAX_DEPTH = 64 };
    visit(layout, initializer, 0, MAX_DEPTH, each, context);
}

LLVMValueRef tj_constant_whole(LLVMTypeRef type, LLVMValueRef *members, unsigned count)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMVectorTypeKind:
        return LLVMConstVector(members, count);
    case LLVMArrayTypeKind:
        return LLVMConstArray2(LLVMGetElementType(type), members, count);
    default:
        break;
    }
    if (LLVMGetStructName(type))
        return LLVMConstNamedStruct(type, members, count);
    return LLVMConstStructInContext(LLVMGetTypeContext(type), members, count,
                                    LLVMIsPackedStruct(type));
}

bool tj_type_has_pointer(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMPointerTypeKind:
        return true;
    case LLVMArrayTypeKind:
    case LLVMVectorTypeKind:
        return tj_type_has_pointer(LLVMGetElementType(type));
    case LLVMStructTypeKind:
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++)
            if (tj_type_has_pointer(LLVMStructGetTypeAtIndex(type, i)))
                return true;
        return false;
    default:
        return false;
    }
}
