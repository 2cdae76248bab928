/* SPDX-License-Identifier: MIT */
/*
 * Expands the calls that are made of others, so that the engines need not know them.
 *
 * needs   checked IR without promises (canon-facts)
 * leaves  no air.sincos, air.pack.*, air.unpack.*; no runtime helper (runtime_helper.h);
 *         no air.is_uniform whose result only an llvm.assume has used
 *
 * Comes before variables are promoted, because sincos and frexp write through pointers.
 */
#include "canon_expand.h"
#include "air_type.h"
#include "canon.h"
#include "runtime_helper.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <stdio.h>
#include <string.h>

/* ---- makers ----------------------------------------------------------------------------- */

LLVMTypeRef tj_expand_like(LLVMTypeRef shape, LLVMTypeRef scalar)
{
    if (LLVMGetTypeKind(shape) != LLVMVectorTypeKind)
        return scalar;
    return LLVMVectorType(scalar, LLVMGetVectorSize(shape));
}

LLVMValueRef tj_expand_int(LLVMTypeRef type, uint64_t value)
{
    LLVMValueRef elements[TJ_MAX_COMPONENTS];
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return LLVMConstInt(type, value, true);
    unsigned count = LLVMGetVectorSize(type);
    for (unsigned i = 0; i < count; i++)
        elements[i] = LLVMConstInt(LLVMGetElementType(type), value, true);
    return LLVMConstVector(elements, count);
}

LLVMValueRef tj_expand_real(LLVMTypeRef type, double value)
{
    LLVMValueRef elements[TJ_MAX_COMPONENTS];
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return LLVMConstReal(type, value);
    unsigned count = LLVMGetVectorSize(type);
    for (unsigned i = 0; i < count; i++)
        elements[i] = LLVMConstReal(LLVMGetElementType(type), value);
    return LLVMConstVector(elements, count);
}

LLVMValueRef tj_expand_call(tj_canon_state *state, const char *stem, tj_air_type type,
                            LLVMValueRef *args, unsigned count)
{
    char name[96], length[16] = "";
    const char *element = type.is_bfloat    ? "bf16"
                          : type.bits == 16 ? "f16"
                          : type.bits == 64 ? "f64"
                                            : "f32";
    LLVMTypeRef params[4], result = tj_air_type_llvm(state->unit->llctx, type);
    if (type.length > 1)
        snprintf(length, sizeof length, "v%u", type.length);
    snprintf(name, sizeof name, "air.%s.%s%s", stem, length, element);
    for (unsigned i = 0; i < count; i++)
        params[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef function = LLVMFunctionType(result, params, count, false);
    LLVMValueRef callee = LLVMGetNamedFunction(state->unit->module, name);
    if (!callee) {
        callee = LLVMAddFunction(state->unit->module, name, function);
        tj_canon_declare_effect(state->unit, callee);
    }
    return LLVMBuildCall2(state->builder, function, callee, args, count, "");
}

/* ---- sincos ----------------------------------------------------------------------------- */

static void store_part(tj_canon_state *state, LLVMValueRef value, LLVMValueRef pointer)
{
    LLVMValueRef store = LLVMBuildStore(state->builder, value, pointer);
    LLVMTypeRef type = LLVMTypeOf(value);
    if (LLVMGetTypeKind(type) == LLVMVectorTypeKind)
        type = LLVMGetElementType(type);
    LLVMSetAlignment(
        store, LLVMABIAlignmentOfType(LLVMGetModuleDataLayout(state->unit->module), type));
}

static void expand_sincos(tj_canon_state *state, LLVMValueRef call, const tj_intrin_use *use)
{
    LLVMValueRef x = LLVMGetOperand(call, 0);
    LLVMValueRef sine =
        tj_expand_call(state, use->is_fast ? "fast_sin" : "sin", use->type, &x, 1);
    LLVMValueRef cosine =
        tj_expand_call(state, use->is_fast ? "fast_cos" : "cos", use->type, &x, 1);
    store_part(state, cosine, LLVMGetOperand(call, 1));
    tj_canon_replace(call, sine);
}

/* ---- runtime helpers -------------------------------------------------------------------- */

/* A float taken apart: |x| = fraction * 2^exponent with fraction in [0.5, 1), for finite
 * x other than 0; bits are those of x, scaled into the normal numbers. */
typedef struct parts {
    LLVMValueRef x, bits, exponent, is_special; /* zero, infinity, NaN */
} parts;

static parts take_apart(tj_canon_state *state, LLVMValueRef value)
{
    LLVMBuilderRef b = state->builder;
    LLVMContextRef llctx = state->unit->llctx;
    LLVMTypeRef type = tj_expand_like(LLVMTypeOf(value), LLVMFloatTypeInContext(llctx));
    LLVMTypeRef i32 = tj_expand_like(type, LLVMInt32TypeInContext(llctx));
    LLVMValueRef x = LLVMTypeOf(value) == type ? value : LLVMBuildFPExt(b, value, type, "");
    LLVMValueRef size =
        LLVMBuildAnd(b, LLVMBuildBitCast(b, x, i32, ""), tj_expand_int(i32, 0x7fffffff), "");
    LLVMValueRef is_small =
        LLVMBuildICmp(b, LLVMIntULT, size, tj_expand_int(i32, 0x00800000), "");
    LLVMValueRef scaled = LLVMBuildFMul(b, x, tj_expand_real(type, 0x1p64), "");
    LLVMValueRef bits =
        LLVMBuildBitCast(b, LLVMBuildSelect(b, is_small, scaled, x, ""), i32, "");
    LLVMValueRef field = LLVMBuildAnd(b, LLVMBuildLShr(b, bits, tj_expand_int(i32, 23), ""),
                                      tj_expand_int(i32, 255), "");
    LLVMValueRef bias =
        LLVMBuildSelect(b, is_small, tj_expand_int(i32, 126 + 64), tj_expand_int(i32, 126), "");
    LLVMValueRef is_zero = LLVMBuildICmp(b, LLVMIntEQ, size, tj_expand_int(i32, 0), "");
    LLVMValueRef is_huge =
        LLVMBuildICmp(b, LLVMIntUGE, size, tj_expand_int(i32, 0x7f800000), "");
    return (parts){x, bits, LLVMBuildSub(b, field, bias, ""),
                   LLVMBuildOr(b, is_zero, is_huge, "")};
}

static LLVMValueRef narrow(tj_canon_state *state, LLVMValueRef value, LLVMTypeRef type)
{
    return LLVMTypeOf(value) == type ? value
                                     : LLVMBuildFPTrunc(state->builder, value, type, "");
}

/* Fraction; the exponent goes through the pointer. Zero, infinity and NaN stay, with 0. */
static void expand_frexp(tj_canon_state *state, LLVMValueRef call)
{
    LLVMBuilderRef b = state->builder;
    parts p = take_apart(state, LLVMGetOperand(call, 0));
    LLVMTypeRef i32 = LLVMTypeOf(p.bits);
    LLVMValueRef fraction = LLVMBuildAnd(b, p.bits, tj_expand_int(i32, 0x807fffff), "");
    fraction = LLVMBuildOr(b, fraction, tj_expand_int(i32, 126 << 23), "");
    fraction = LLVMBuildBitCast(b, fraction, LLVMTypeOf(p.x), "");
    fraction = LLVMBuildSelect(b, p.is_special, p.x, fraction, "");
    store_part(state, LLVMBuildSelect(b, p.is_special, tj_expand_int(i32, 0), p.exponent, ""),
               LLVMGetOperand(call, 1));
    tj_canon_replace(call, narrow(state, fraction, LLVMTypeOf(call)));
}

/* The exponent as frexp's less one; as C's: the least integer of 0 and NaN, the largest of
 * infinities. */
static void expand_ilogb(tj_canon_state *state, LLVMValueRef call)
{
    LLVMBuilderRef b = state->builder;
    parts p = take_apart(state, LLVMGetOperand(call, 0));
    LLVMTypeRef i32 = LLVMTypeOf(p.bits);
    LLVMValueRef size = LLVMBuildAnd(b, p.bits, tj_expand_int(i32, 0x7fffffff), "");
    LLVMValueRef is_infinite =
        LLVMBuildICmp(b, LLVMIntEQ, size, tj_expand_int(i32, 0x7f800000), "");
    LLVMValueRef special = LLVMBuildSelect(b, is_infinite, tj_expand_int(i32, INT32_MAX),
                                           tj_expand_int(i32, 0x80000000), "");
    LLVMValueRef exponent = LLVMBuildSub(b, p.exponent, tj_expand_int(i32, 1), "");
    tj_canon_replace(call, LLVMBuildSelect(b, p.is_special, special, exponent, ""));
}

/* x less its whole part, which goes through the pointer; both with the sign of x. */
static void expand_modf(tj_canon_state *state, LLVMValueRef call, tj_air_type type)
{
    LLVMBuilderRef b = state->builder;
    LLVMValueRef x = LLVMGetOperand(call, 0);
    LLVMValueRef whole = tj_expand_call(state, "trunc", type, &x, 1);
    LLVMValueRef is_whole = LLVMBuildFCmp(b, LLVMRealOEQ, whole, x, ""); /* or infinite */
    LLVMValueRef args[] = {LLVMBuildSelect(b, is_whole, LLVMConstNull(LLVMTypeOf(x)),
                                           LLVMBuildFSub(b, x, whole, ""), ""),
                           x};
    store_part(state, whole, LLVMGetOperand(call, 1));
    tj_canon_replace(call, tj_expand_call(state, "copysign", type, args, 2));
}

/* The air function of that name takes the first operands. */
static void expand_renamed(tj_canon_state *state, LLVMValueRef call, const tj_helper *helper)
{
    static const struct {
        tj_helper_id id;
        const char *stem;
        unsigned count;
    } rows[] = {{TJ_HELPER_FRACT, "fract", 1},
                {TJ_HELPER_LDEXP, "ldexp", 2},
                {TJ_HELPER_NEXTAFTER, "nextafter", 2}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        LLVMValueRef args[] = {LLVMGetOperand(call, 0),
                               rows[i].count > 1 ? LLVMGetOperand(call, 1) : NULL};
        if (rows[i].id != helper->id)
            continue;
        tj_canon_replace(
            call, tj_expand_call(state, rows[i].stem, helper->type, args, rows[i].count));
        return;
    }
}

static void expand_helper(tj_canon_state *state, LLVMValueRef call, const tj_helper *helper)
{
    switch (helper->id) {
    case TJ_HELPER_FREXP:
        expand_frexp(state, call);
        return;
    case TJ_HELPER_ILOGB:
        expand_ilogb(state, call);
        return;
    case TJ_HELPER_MODF:
        expand_modf(state, call, helper->type);
        return;
    case TJ_HELPER_FRACT:
    case TJ_HELPER_LDEXP:
    case TJ_HELPER_NEXTAFTER:
        expand_renamed(state, call, helper);
    }
}

/* ---- calls ------------------------------------------------------------------------------ */

static tj_status visit(tj_canon_state *state, LLVMValueRef inst)
{
    tj_intrin_use use;
    tj_helper helper;
    size_t byte_len;
    LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
    if (!callee || !LLVMIsAFunction(callee) || !LLVMIsDeclaration(callee))
        return TJ_OK;
    LLVMPositionBuilderBefore(state->builder, inst);
    if (tj_helper_decode(LLVMGetValueName2(callee, &byte_len), &helper))
        expand_helper(state, inst, &helper);
    else if (!tj_intrin_of(inst, &use))
        return TJ_OK;
    else if (use.id == TJ_INTRIN_SINCOS)
        expand_sincos(state, inst, &use);
    else if (use.id == TJ_INTRIN_IS_UNIFORM && !LLVMGetFirstUse(inst))
        LLVMInstructionEraseFromParent(inst);
    else
        tj_expand_packing(state, inst, &use);
    return TJ_OK;
}

tj_status tj_canon_expand(tj_canon_state *state)
{
    return tj_canon_each_inst(state, visit);
}
