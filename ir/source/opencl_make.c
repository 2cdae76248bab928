/* SPDX-License-Identifier: MIT */
/* Small makers of types and values for calls of OpenCL's functions. */
#include "opencl_internal.h"

#include <llvm-c/DebugInfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

LLVMTypeRef tj_ocl_int_type(tj_ocl_call *c, unsigned bits)
{
    return LLVMIntTypeInContext(c->unit->llctx, bits);
}

LLVMTypeRef tj_ocl_scalar(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

unsigned tj_ocl_length(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetVectorSize(type) : 1;
}

LLVMTypeRef tj_ocl_like(LLVMTypeRef type, LLVMTypeRef scalar)
{
    unsigned length = tj_ocl_length(type);
    return length > 1 ? LLVMVectorType(scalar, length) : scalar;
}

unsigned tj_ocl_bits(LLVMTypeRef type)
{
    type = tj_ocl_scalar(type);
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return LLVMGetIntTypeWidth(type);
    case LLVMHalfTypeKind:
        return 16;
    case LLVMFloatTypeKind:
        return 32;
    default:
        return 64;
    }
}

bool tj_ocl_is_float(LLVMTypeRef type)
{
    LLVMTypeKind kind = LLVMGetTypeKind(tj_ocl_scalar(type));
    return kind == LLVMHalfTypeKind || kind == LLVMFloatTypeKind;
}

LLVMValueRef tj_ocl_int(LLVMTypeRef type, uint64_t value)
{
    unsigned bits = tj_ocl_bits(type);
    uint64_t kept = bits < 64 ? value & ((1ull << bits) - 1) : value;
    LLVMValueRef elements[16], one = LLVMConstInt(tj_ocl_scalar(type), kept, false);
    unsigned length = tj_ocl_length(type);
    if (length == 1)
        return one;
    for (unsigned i = 0; i < length; i++)
        elements[i] = one;
    return LLVMConstVector(elements, length);
}

LLVMValueRef tj_ocl_index(tj_ocl_call *c, unsigned value)
{
    return LLVMConstInt(tj_ocl_int_type(c, 32), value, false);
}

LLVMValueRef tj_ocl_splat(tj_ocl_call *c, LLVMValueRef value, LLVMTypeRef type)
{
    unsigned length = tj_ocl_length(type);
    if (length == tj_ocl_length(LLVMTypeOf(value)))
        return value;
    LLVMTypeRef vector = tj_ocl_like(type, LLVMTypeOf(value));
    LLVMTypeRef mask = LLVMVectorType(tj_ocl_int_type(c, 32), length);
    LLVMValueRef one = LLVMBuildInsertElement(c->builder, LLVMGetPoison(vector), value,
                                              tj_ocl_index(c, 0), "");
    return LLVMBuildShuffleVector(c->builder, one, LLVMGetPoison(vector), LLVMConstNull(mask),
                                  "");
}

LLVMValueRef tj_ocl_bitcast(tj_ocl_call *c, LLVMValueRef value, LLVMTypeRef type)
{
    return LLVMBuildBitCast(c->builder, value, type, "");
}

LLVMValueRef tj_ocl_alloca(tj_ocl_call *c, LLVMTypeRef type)
{
    LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(c->call));
    LLVMValueRef first = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function));
    LLVMPositionBuilderBefore(c->builder, first);
    LLVMValueRef memory = LLVMBuildAlloca(c->builder, type, "");
    LLVMPositionBuilderBefore(c->builder, c->call);
    LLVMSetCurrentDebugLocation2(c->builder, LLVMInstructionGetDebugLoc(c->call));
    return memory;
}

LLVMValueRef tj_ocl_invoke(tj_ocl_call *c, const char *name, LLVMTypeRef result,
                           LLVMValueRef *args, unsigned count)
{
    LLVMTypeRef params[TJ_OCL_MAX_PARAMS];
    for (unsigned i = 0; i < count; i++)
        params[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef type = LLVMFunctionType(result, params, count, false);
    LLVMValueRef callee = LLVMGetNamedFunction(c->unit->module, name);
    if (!callee)
        callee = LLVMAddFunction(c->unit->module, name, type);
    return LLVMBuildCall2(c->builder, type, callee, args, count, "");
}

const char *tj_ocl_suffix(LLVMTypeRef type, char *out)
{
    char length[8] = "";
    if (tj_ocl_length(type) > 1)
        snprintf(length, sizeof length, "v%u", tj_ocl_length(type));
    snprintf(out, 16, "%s%c%u", length, tj_ocl_is_float(type) ? 'f' : 'i', tj_ocl_bits(type));
    return out;
}

LLVMValueRef tj_ocl_named_pointer(LLVMValueRef pointer)
{
    bool is_cast =
        LLVMIsAAddrSpaceCastInst(pointer) ||
        (LLVMIsAConstantExpr(pointer) && LLVMGetConstOpcode(pointer) == LLVMAddrSpaceCast);
    return is_cast ? LLVMGetOperand(pointer, 0) : pointer;
}

tj_status tj_ocl_refuse(tj_ocl_call *c, const char *format, ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return tj_fail(c->unit, c->call, TJ_E_UNSUPPORTED, "OpenCL function '%s': %s",
                   c->name->base, message);
}
