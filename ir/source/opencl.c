/* SPDX-License-Identifier: MIT */
/* OpenCL C in AIR form: what clang made of it for SPIR, with its kernels, its functions and its
 * address spaces in AIR's words. */
#include "opencl.h"
#include "llvm.h"
#include "opencl_internal.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/IRReader.h>
#include <string.h>

/* ---- reading and writing --------------------------------------------------------------------
 */

static tj_status parse(tj_unit *unit, const char *text, size_t byte_len)
{
    tj_text plain = {0};
    char *message = NULL;
    tj_ocl_plain_spaces(text, byte_len, &plain);
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(
        plain.data ? plain.data : "", plain.byte_len, "opencl");
    tj_text_fini(&plain);
    bool is_bad = LLVMParseIRInContext2(unit->llctx, buffer, &unit->module, &message);
    LLVMDisposeMemoryBuffer(buffer);
    if (!is_bad)
        return TJ_OK;
    unit->module = NULL;
    tj_loc loc = {.file = unit->file};
    tj_status status = tj_fail_at(&unit->diags, TJ_E_INTERNAL, &loc,
                                  "clang's output cannot be read: %.200s", message);
    LLVMDisposeMessage(message);
    return status;
}

static void write_bitcode(tj_unit *unit, tj_text *out)
{
    LLVMMemoryBufferRef buffer = LLVMWriteBitcodeToMemoryBuffer(unit->module);
    tj_text_add(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
}

static tj_status verify(tj_unit *unit)
{
    char *message = NULL;
    tj_loc loc = {.file = unit->file};
    tj_status status = TJ_OK;
    if (LLVMVerifyModule(unit->module, LLVMReturnStatusAction, &message))
        status =
            tj_fail_at(&unit->diags, TJ_E_INTERNAL, &loc,
                       "what was made of OpenCL's functions is no good IR: %.400s", message);
    LLVMDisposeMessage(message);
    return status;
}

/* ---- the module -----------------------------------------------------------------------------
 */

/* SPIR's calling conventions mean nothing to AIR. */
static void drop_conventions(tj_unit *unit)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f)) {
        LLVMSetFunctionCallConv(f, LLVMCCallConv);
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block;
             block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst;
                 inst = LLVMGetNextInstruction(inst))
                if (LLVMIsACallInst(inst))
                    LLVMSetInstructionCallConv(inst, LLVMCCallConv);
    }
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
static void name_values(tj_unit *unit)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block;
             block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst;
                 inst = LLVMGetNextInstruction(inst)) {
                if (LLVMIsAAllocaInst(inst) ||
                    LLVMGetTypeKind(LLVMTypeOf(inst)) == LLVMVoidTypeKind)
                    continue;
                const char *name = stored_to(unit, inst);
                LLVMSetValueName2(inst, name, strlen(name));
            }
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

static tj_status convert(tj_unit *unit, const char *text, size_t byte_len, bool is_fast,
                         tj_text *out)
{
    tj_status status = parse(unit, text, byte_len);
    if (status)
        return status;
    LLVMSetTarget(unit->module, "air64-apple-macosx");
    LLVMSetDataLayout(unit->module, "");
    status = tj_ocl_kernels(unit);
    if (!status)
        status = tj_ocl_calls(unit, is_fast);
    if (status)
        return status;
    give_scratch(unit);
    define_printf(unit);
    name_values(unit);
    LLVMAddNamedMetadataOperand(
        unit->module, "tmjit.source",
        LLVMMetadataAsValue(unit->llctx, LLVMMDNodeInContext2(unit->llctx, NULL, 0)));
    drop_conventions(unit);
    status = verify(unit);
    if (!status)
        write_bitcode(unit, out);
    return status;
}

tj_status tj_opencl_to_air(const char *text, size_t byte_len, const char *file,
                           bool is_fast_math, tj_diags *diags, tj_text *out)
{
    tj_status status = tj_llvm_open(diags);
    if (status)
        return status;
    tj_unit unit = {.arena = tj_arena_create(), .file = file};
    unit.diags.arena = unit.arena;
    unit.llctx = LLVMContextCreate();
    LLVMContextSetDiscardValueNames(unit.llctx, false);
    status = convert(&unit, text, byte_len, is_fast_math, out);
    const tj_diag *first = &unit.diags.first;
    if (status)
        tj_fail_at(diags, first->status, &first->loc, "%s", first->message);
    if (unit.module)
        LLVMDisposeModule(unit.module);
    LLVMContextDispose(unit.llctx);
    tj_arena_destroy(unit.arena);
    return status;
}
