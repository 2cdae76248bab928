/* SPDX-License-Identifier: MIT */
/* Copies of vectors: clang moves a class's object by memcpy, which would fall apart into one
 * access per component. A copy of a whole vector becomes a load and a store of one, as Apple's
 * compiler has it. */
#include "source/adopt.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <string.h>

enum { MOST_COMPONENTS = 4 };

static uint64_t scalar_bits(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return LLVMGetIntTypeWidth(type);
    case LLVMFloatTypeKind:
        return 32;
    default:
        return 16;
    }
}

/* The object that an address is of, when it is a local variable. */
static LLVMTypeRef local_type(LLVMValueRef address)
{
    while (LLVMIsAAddrSpaceCastInst(address))
        address = LLVMGetOperand(address, 0);
    return LLVMIsAAllocaInst(address) ? LLVMGetAllocatedType(address) : NULL;
}

/* The vector that `byte_len` bytes of a local object are; NULL: none. */
static LLVMTypeRef vector_type(LLVMValueRef address, uint64_t byte_len)
{
    LLVMTypeRef type = local_type(address), element;
    unsigned count;
    if (!type || LLVMGetTypeKind(type) != LLVMStructTypeKind ||
        !tj_flatten_type(type, &element, &count) || count < 2 || count > MOST_COMPONENTS)
        return NULL;
    uint64_t size = scalar_bits(element) / 8;
    if (!size || byte_len % size || byte_len / size > MOST_COMPONENTS ||
        byte_len / size < count || (byte_len / size) % 2)
        return NULL; /* a packed vector of three has no vector in memory */
    return LLVMVectorType(element, (unsigned)(byte_len / size));
}

static unsigned alignment(LLVMValueRef call, unsigned arg)
{
    unsigned kind = LLVMGetEnumAttributeKindForName("align", 5);
    LLVMAttributeRef attribute = LLVMGetCallSiteEnumAttribute(call, arg + 1, kind);
    return attribute ? (unsigned)LLVMGetEnumAttributeValue(attribute) : 1;
}

static bool rewrite(LLVMBuilderRef builder, LLVMValueRef call)
{
    LLVMValueRef to = LLVMGetOperand(call, 0), from = LLVMGetOperand(call, 1);
    LLVMValueRef len = LLVMGetOperand(call, 2);
    if (!LLVMIsAConstantInt(len))
        return false;
    uint64_t byte_len = LLVMConstIntGetZExtValue(len);
    LLVMTypeRef type = vector_type(to, byte_len);
    if (!type)
        type = vector_type(from, byte_len);
    if (!type)
        return false;
    LLVMPositionBuilderBefore(builder, call);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(call));
    LLVMValueRef value = LLVMBuildLoad2(builder, type, from, "");
    LLVMSetAlignment(value, alignment(call, 1));
    LLVMSetAlignment(LLVMBuildStore(builder, value, to), alignment(call, 0));
    LLVMInstructionEraseFromParent(call);
    return true;
}

void tj_adopt_copies(tj_unit *unit)
{
    static const char memcpy_name[] = "llvm.memcpy.";
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f)) {
        size_t byte_len;
        if (strncmp(LLVMGetValueName2(f, &byte_len), memcpy_name, sizeof memcpy_name - 1) != 0)
            continue;
        for (LLVMUseRef use = LLVMGetFirstUse(f), next; use; use = next) {
            LLVMValueRef call = LLVMGetUser(use);
            next = LLVMGetNextUse(use);
            if (LLVMIsACallInst(call) && LLVMGetCalledValue(call) == f)
                rewrite(builder, call);
        }
    }
    LLVMDisposeBuilder(builder);
}
