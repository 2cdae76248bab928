/* SPDX-License-Identifier: MIT */
/* OpenCL C in AIR form: what clang made of it for SPIR, with its kernels, its functions and its
 * address spaces in AIR's words. */
#include "opencl.h"
#include "opencl_internal.h"
#include "walk.h"

#include <llvm-c/DebugInfo.h>
#include <string.h>

/* ---- the module -----------------------------------------------------------------------------
 */

/* SPIR's calling conventions mean nothing to AIR. */
static void drop_convention(tj_unit *unit, LLVMValueRef inst, void *data)
{
    (void)unit;
    (void)data;
    if (LLVMIsACallInst(inst))
        LLVMSetInstructionCallConv(inst, LLVMCCallConv);
}

static void drop_conventions(tj_unit *unit)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f))
        LLVMSetFunctionCallConv(f, LLVMCCallConv);
    tj_each_inst(unit, drop_convention, NULL);
}

/* The prelude's memory for one number of each sub-group; one variable for all kernels that ask.
 */
static void give_scratch(tj_unit *unit)
{
    LLVMContextRef llctx = unit->llctx;
    LLVMValueRef function = LLVMGetNamedFunction(unit->module, "__tj_scratch");
    if (!function || !LLVMIsDeclaration(function))
        return;
    LLVMTypeRef type =
        LLVMArrayType2(LLVMInt64TypeInContext(llctx), TJ_MAX_THREADS / TJ_SIMD_WIDTH);
    LLVMValueRef memory =
        LLVMAddGlobalInAddressSpace(unit->module, type, "group_values", TJ_AS_THREADGROUP);
    LLVMSetInitializer(memory, LLVMGetUndef(type));
    LLVMSetLinkage(memory, LLVMInternalLinkage);
    LLVMSetAlignment(memory, 8);
    LLVMBuilderRef b = LLVMCreateBuilderInContext(llctx);
    LLVMPositionBuilderAtEnd(b, LLVMAppendBasicBlockInContext(llctx, function, "entry"));
    LLVMBuildRet(b, memory);
    LLVMSetSubprogram(function, NULL); /* of a declaration */
    LLVMSetLinkage(function, LLVMInternalLinkage);
    LLVMDisposeBuilder(b);
}

/* ---- names ----------------------------------------------------------------------------------
 */

/* The variable that an instruction's value is stored to; "x.addr" is parameter x. */
static const char *stored_to(tj_unit *unit, LLVMValueRef inst)
{
    size_t byte_len;
    for (LLVMUseRef use = LLVMGetFirstUse(inst); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef store = LLVMGetUser(use);
        if (!LLVMIsAStoreInst(store) || LLVMGetOperand(store, 0) != inst ||
            !LLVMIsAAllocaInst(LLVMGetOperand(store, 1)))
            continue;
        const char *name = LLVMGetValueName2(LLVMGetOperand(store, 1), &byte_len);
        size_t plain_len = strcspn(name, ".");
        if (plain_len && (!name[plain_len] || strcmp(name + plain_len, ".addr") == 0))
            return tj_arena_strndup(unit->arena, name, plain_len);
    }
    return "";
}

/* The author's names for values, in place of those that clang makes up ("conv", "call"). */
static void name_value(tj_unit *unit, LLVMValueRef inst, void *data)
{
    (void)data;
    if (LLVMIsAAllocaInst(inst) || LLVMGetTypeKind(LLVMTypeOf(inst)) == LLVMVoidTypeKind)
        return;
    const char *name = stored_to(unit, inst);
    if (*name) /* the variable has it: LLVM's number goes behind a dot */
        name = tj_arena_printf(unit->arena, "%s.", name);
    LLVMSetValueName2(inst, name, strlen(name));
}

/* printf(format, ...) hands its arguments to the log; ir/logging.c takes it from there. */
static void define_printf(tj_unit *unit)
{
    LLVMContextRef llctx = unit->llctx;
    LLVMValueRef function = LLVMGetNamedFunction(unit->module, "printf");
    if (!function || !LLVMIsDeclaration(function) || !LLVMCountParams(function))
        return;
    LLVMBuilderRef b = LLVMCreateBuilderInContext(llctx);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(llctx), i64 = LLVMInt64TypeInContext(llctx);
    LLVMTypeRef nothing = LLVMVoidTypeInContext(llctx);
    LLVMTypeRef plain = LLVMPointerTypeInContext(llctx, TJ_AS_THREAD);
    LLVMTypeRef text = LLVMPointerTypeInContext(llctx, TJ_AS_CONSTANT);
    LLVMTypeRef log_params[] = {text, text, i32, text, plain, i64};
    LLVMTypeRef log_type = LLVMFunctionType(nothing, log_params, 6, false);
    LLVMTypeRef list_type = LLVMFunctionType(nothing, &plain, 1, false);
    LLVMValueRef log = LLVMAddFunction(unit->module, "air.os_log", log_type);
    LLVMValueRef start = LLVMAddFunction(unit->module, "llvm.va_start.p0", list_type);
    LLVMValueRef end = LLVMAddFunction(unit->module, "llvm.va_end.p0", list_type);
    LLVMPositionBuilderAtEnd(b, LLVMAppendBasicBlockInContext(llctx, function, "entry"));
    LLVMValueRef list = LLVMBuildAlloca(b, plain, "list");
    LLVMBuildCall2(b, list_type, start, &list, 1, "");
    LLVMValueRef none = LLVMConstNull(text);
    LLVMValueRef args[] = {none,
                           none,
                           LLVMConstNull(i32),
                           LLVMGetParam(function, 0),
                           LLVMBuildLoad2(b, plain, list, ""),
                           LLVMConstNull(i64)};
    LLVMBuildCall2(b, log_type, log, args, 6, "");
    LLVMBuildCall2(b, list_type, end, &list, 1, "");
    LLVMBuildRet(b, LLVMConstNull(i32));
    LLVMSetSubprogram(function, NULL); /* of a declaration */
    LLVMSetLinkage(function, LLVMInternalLinkage);
    LLVMDisposeBuilder(b);
}

tj_status tj_adopt_opencl(tj_unit *unit, const tj_source *source)
{
    tj_status status = tj_ocl_kernels(unit);
    if (!status)
        status = tj_ocl_calls(unit, source->is_fast_math);
    if (status)
        return status;
    give_scratch(unit);
    define_printf(unit);
    tj_each_inst(unit, name_value, NULL);
    drop_conventions(unit);
    return TJ_OK;
}
