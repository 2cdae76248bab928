/* SPDX-License-Identifier: MIT */
/*
 * Gives AIR functions that are made of others their bodies, and coherent accesses their
 * instructions.
 *
 * needs   verified, checked IR
 * leaves  no call of a function of bodies.def without a body; no air.load.*_coherent and
 *         air.store.*_coherent (air.md 4.2): memory is coherent here, so they are volatile
 *         accesses, which only keeps LLVM from leaving them out
 */
#include "air_type.h"
#include "canon.h"

#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Linker.h>
#include <string.h>

static const struct body_row {
    const char *name, *signature, *text; /* without a signature: for other bodies only */
} body_rows[] = {
#define BODY(name, signature, text) {name, signature, text},
#include "bodies.def"
};
enum { BODY_ROWS = sizeof body_rows / sizeof body_rows[0], MAX_PARAMS = 16 };

/* ---- signatures -----------------------------------------------------------------------------
 */

static LLVMTypeRef letter_type(LLVMContextRef llctx, char letter)
{
    LLVMTypeRef i64 = LLVMInt64TypeInContext(llctx);
    switch (letter) {
    case 'v':
        return LLVMVoidTypeInContext(llctx);
    case 'b':
        return LLVMInt1TypeInContext(llctx);
    case 'i':
        return LLVMInt32TypeInContext(llctx);
    case 'l':
        return i64;
    case 'V':
        return LLVMVectorType(i64, 2);
    case 'p':
        return LLVMPointerTypeInContext(llctx, TJ_AS_THREAD);
    default:
        return LLVMPointerTypeInContext(llctx, (unsigned)(letter - '0'));
    }
}

static bool has_signature(LLVMContextRef llctx, LLVMTypeRef type, const char *signature)
{
    LLVMTypeRef params[MAX_PARAMS];
    unsigned count = 0;
    for (const char *letter = signature + 1; *letter; letter++)
        params[count++] = letter_type(llctx, *letter);
    return type == LLVMFunctionType(letter_type(llctx, *signature), params, count, false);
}

/* "air.load.device_coherent.v4f32.p1v4f32": T(pointer); stores: void(T, pointer). */
static bool is_coherent(LLVMContextRef llctx, const char *name, LLVMTypeRef type, bool is_load)
{
    static const char *const prefixes[2][2] = {
        {"air.store.device_coherent.", "air.store.system_coherent."},
        {"air.load.device_coherent.", "air.load.system_coherent."}};
    for (unsigned i = 0; i < 2; i++) {
        size_t byte_len = strlen(prefixes[is_load][i]);
        tj_air_type value, pointee;
        if (strncmp(name, prefixes[is_load][i], byte_len) != 0)
            continue;
        const char *rest = tj_air_type_parse(name + byte_len, &value);
        if (!rest || strncmp(rest, ".p1", 3) != 0)
            return false;
        rest = tj_air_type_parse(rest + 3, &pointee);
        LLVMTypeRef of = tj_air_type_llvm(llctx, value);
        LLVMTypeRef params[] = {of, LLVMPointerTypeInContext(llctx, TJ_AS_DEVICE)};
        return rest && !*rest && tj_air_type_llvm(llctx, pointee) == of &&
               type == LLVMFunctionType(is_load ? of : LLVMVoidTypeInContext(llctx),
                                        is_load ? params + 1 : params, is_load ? 1 : 2, false);
    }
    return false;
}

static const struct body_row *find_body(const char *name)
{
    for (unsigned i = 0; i < BODY_ROWS; i++)
        if (strcmp(body_rows[i].name, name) == 0)
            return &body_rows[i];
    return NULL;
}

bool tj_gets_a_body(LLVMContextRef llctx, LLVMValueRef callee)
{
    size_t byte_len;
    const char *name = LLVMGetValueName2(callee, &byte_len);
    LLVMTypeRef type = LLVMGlobalGetValueType(callee);
    const struct body_row *row = find_body(name);
    if (row)
        return *row->signature && has_signature(llctx, type, row->signature);
    return is_coherent(llctx, name, type, true) || is_coherent(llctx, name, type, false);
}

/* ---- bodies ---------------------------------------------------------------------------------
 */

/* What the texts call and do not define. */
static const char declarations[] = "declare i64 @air.simd_active_threads_mask.i64()\n"
                                   "declare i32 @air.thread_index_in_simdgroup()\n"
                                   "declare void @air.simdgroup.barrier(i32, i32)\n"
                                   "declare i64 @llvm.ctpop.i64(i64)\n"
                                   "declare <3 x i32> @air.thread_position_in_grid.v3i32()\n"
                                   "declare ptr addrspace(1) @tmjit.log()\n";

static LLVMModuleRef parse_bodies(tj_unit *unit)
{
    tj_text text = {0};
    LLVMModuleRef module = NULL;
    char *message = NULL;
    tj_text_printf(&text, "%s", declarations);
    for (unsigned i = 0; i < BODY_ROWS; i++)
        tj_text_printf(&text, "%s", body_rows[i].text);
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(text.data, text.byte_len, "bodies");
    tj_text_fini(&text);
    bool is_bad = LLVMParseIRInContext2(unit->llctx, buffer, &module, &message);
    LLVMDisposeMemoryBuffer(buffer);
    if (!is_bad)
        return module;
    tj_fail(unit, unit->kernels[0].function, TJ_E_INTERNAL, "bodies of AIR functions: %s",
            message);
    LLVMDisposeMessage(message);
    return NULL;
}

static bool needs_bodies(const tj_unit *unit)
{
    for (unsigned i = 0; i < BODY_ROWS; i++) {
        LLVMValueRef function = LLVMGetNamedFunction(unit->module, body_rows[i].name);
        if (function && LLVMIsDeclaration(function) && LLVMGetFirstUse(function))
            return true;
    }
    return false;
}

/* All of them; what is not called goes with inlining. */
static tj_status link_bodies(tj_unit *unit)
{
    LLVMModuleRef bodies = parse_bodies(unit);
    if (!bodies)
        return TJ_E_INTERNAL;
    LLVMSetTarget(bodies, LLVMGetTarget(unit->module));
    LLVMSetDataLayout(bodies, LLVMGetDataLayoutStr(unit->module));
    if (LLVMLinkModules2(unit->module, bodies))
        return tj_fail(unit, unit->kernels[0].function, TJ_E_INTERNAL,
                       "bodies of AIR functions cannot be linked");
    for (unsigned i = 0; i < BODY_ROWS; i++)
        LLVMSetLinkage(LLVMGetNamedFunction(unit->module, body_rows[i].name),
                       LLVMInternalLinkage);
    return TJ_OK;
}

/* ---- coherent accesses ----------------------------------------------------------------------
 */

static tj_status replace_coherent(tj_canon_state *state, LLVMValueRef inst)
{
    size_t byte_len;
    LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL, access;
    if (!callee || !LLVMIsAFunction(callee) || !LLVMIsDeclaration(callee))
        return TJ_OK;
    const char *name = LLVMGetValueName2(callee, &byte_len);
    LLVMTypeRef type = LLVMGlobalGetValueType(callee);
    LLVMContextRef llctx = state->unit->llctx;
    LLVMPositionBuilderBefore(state->builder, inst);
    if (is_coherent(llctx, name, type, true))
        access = LLVMBuildLoad2(state->builder, LLVMTypeOf(inst), LLVMGetOperand(inst, 0), "");
    else if (is_coherent(llctx, name, type, false))
        access =
            LLVMBuildStore(state->builder, LLVMGetOperand(inst, 0), LLVMGetOperand(inst, 1));
    else
        return TJ_OK;
    LLVMSetVolatile(access, true);
    if (LLVMIsALoadInst(access))
        tj_canon_replace(inst, access);
    else
        LLVMInstructionEraseFromParent(inst);
    return TJ_OK;
}

tj_status tj_canon_bodies(tj_canon_state *state)
{
    LLVMValueRef logging = LLVMGetNamedFunction(state->unit->module, "air.os_log");
    if (logging && state->options->keeps_logging)
        LLVMSetValueName2(logging, TJ_LOGGING, strlen(TJ_LOGGING));
    tj_status status = tj_canon_each_inst(state, replace_coherent);
    if (!status && needs_bodies(state->unit))
        status = link_bodies(state->unit);
    return status;
}
