/* SPDX-License-Identifier: MIT */
/* Gathers and scatters that the host has no instruction for.
 *
 * needs   the module as LLVM's optimising passes leave it
 * leaves  calls of functions that are to be inlined, in place of such scatters; gathers of
 *         words in place of gathers of 8 and 16 bits
 *
 * AVX-512 gathers and scatters words of 32 and 64 bits. LLVM makes of another one a branch, an
 * extraction of the address and an access for each lane (ScalarizeMaskedMemIntrin.cpp): a
 * thousand bytes of code apiece, most of a kernel of half. Here a gather takes the aligned word
 * that an element lies in, which is in the same page, and shifts it. A scatter must not write
 * its neighbours: it leaves addresses and values on the stack and a loop goes through the bits
 * of the mask.
 */
#include "host.h"

#include <stdio.h>
#include <string.h>

enum { WORD = 4 /* bytes */, LANES_A_ROUND = 4 };

static bool is_narrow(LLVMTypeRef vector)
{
    LLVMTypeRef elem = LLVMGetElementType(vector);

    if (LLVMGetTypeKind(elem) == LLVMIntegerTypeKind)
        return LLVMGetIntTypeWidth(elem) == 8 || LLVMGetIntTypeWidth(elem) == 16;
    return LLVMGetTypeKind(elem) == LLVMHalfTypeKind;
}

static bool has_words(const tj_gen *g)
{
    return g->options->vector_bits >= 512;
}

static uint64_t alignment_of(LLVMValueRef call, unsigned arg)
{
    unsigned kind = LLVMGetEnumAttributeKindForName("align", 5);
    LLVMAttributeRef align = LLVMGetCallSiteEnumAttribute(call, arg + 1, kind);

    return align ? LLVMGetEnumAttributeValue(align) : 1;
}

/* ---- gathers --------------------------------------------------------------------------- */

static LLVMValueRef and_with(tj_gen *g, LLVMValueRef value, uint64_t bits)
{
    return LLVMBuildAnd(g->b, value, tj_const_like(value, g->t.i64, bits), "");
}

/* The words that hold the elements, each moved down so that its element is lowest. */
static LLVMValueRef gather_words(tj_gen *g, LLVMValueRef pointers, LLVMValueRef mask)
{
    LLVMTypeRef words = tj_type_like(pointers, g->t.i32);
    LLVMValueRef at = LLVMBuildPtrToInt(g->b, pointers, tj_type_like(pointers, g->t.i64), "");
    LLVMValueRef aligned = LLVMBuildIntToPtr(g->b, and_with(g, at, ~(uint64_t)(WORD - 1)),
                                             LLVMTypeOf(pointers), "");
    LLVMValueRef word = tj_gather(g, g->t.i32, aligned, mask, WORD);
    LLVMValueRef byte = LLVMBuildTrunc(g->b, and_with(g, at, WORD - 1), words, "");
    LLVMValueRef bits = LLVMBuildShl(g->b, byte, tj_const_like(byte, g->t.i32, 3), "");

    return LLVMBuildLShr(g->b, word, bits, "");
}

static void widen_gather(tj_gen *g, LLVMValueRef call)
{
    LLVMTypeRef type = LLVMTypeOf(call);
    LLVMValueRef mask = LLVMGetOperand(call, 1), rest = LLVMGetOperand(call, 2);
    unsigned bits = LLVMGetTypeKind(LLVMGetElementType(type)) == LLVMHalfTypeKind
                        ? 16
                        : LLVMGetIntTypeWidth(LLVMGetElementType(type));

    if (alignment_of(call, 0) < bits / 8)
        return;
    LLVMPositionBuilderBefore(g->b, call);
    LLVMValueRef words = gather_words(g, LLVMGetOperand(call, 0), mask);
    LLVMTypeRef narrow = tj_type_like(words, LLVMIntTypeInContext(g->llctx, bits));
    LLVMValueRef value =
        LLVMBuildBitCast(g->b, LLVMBuildTrunc(g->b, words, narrow, ""), type, "");

    /* An undefined value is what the words have there. */
    if (!LLVMIsUndef(rest) && !LLVMIsNull(rest))
        value = LLVMBuildSelect(g->b, mask, value, rest, "");
    LLVMReplaceAllUsesWith(call, value);
    LLVMInstructionEraseFromParent(call);
}

/* ---- scatters -------------------------------------------------------------------------- */

typedef struct scatter {
    tj_gen *g;
    LLVMValueRef function, slots[2]; /* addresses, values */
    LLVMTypeRef elems[2];
    unsigned align, lanes;
} scatter;

static LLVMValueRef load_lane(const scatter *s, unsigned slot, LLVMValueRef lane)
{
    tj_gen *g = s->g;
    LLVMValueRef at = LLVMBuildGEP2(g->b, s->elems[slot], s->slots[slot], &lane, 1, "");

    return LLVMBuildLoad2(g->b, s->elems[slot], at, "");
}

static void store_lane(const scatter *s, LLVMValueRef lane)
{
    LLVMValueRef store = LLVMBuildStore(s->g->b, load_lane(s, 1, lane), load_lane(s, 0, lane));

    LLVMSetAlignment(store, s->align);
}

/* for each bit: store its lane */
static void emit_some(const scatter *s, LLVMValueRef all, LLVMBasicBlockRef from,
                      LLVMBasicBlockRef loop, LLVMBasicBlockRef end)
{
    tj_gen *g = s->g;
    LLVMTypeRef i32 = g->t.i32;

    LLVMPositionBuilderAtEnd(g->b, loop);
    LLVMValueRef bits = LLVMBuildPhi(g->b, i32, "bits");
    LLVMValueRef cttz[] = {bits, LLVMConstInt(g->t.i1, 1, false)};
    LLVMValueRef lane = tj_llvm(g, "llvm.cttz", &i32, 1, cttz, 2);
    store_lane(s, LLVMBuildZExt(g->b, lane, g->t.i64, ""));
    LLVMValueRef less = LLVMBuildSub(g->b, bits, tj_i32(g, 1), "");
    LLVMValueRef left = LLVMBuildAnd(g->b, bits, less, "");
    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntEQ, left, tj_i32(g, 0), ""), end, loop);
    LLVMAddIncoming(bits, (LLVMValueRef[]){all, left}, (LLVMBasicBlockRef[]){from, loop}, 2);
}

/* for all lanes, some a round: store them */
static void emit_full(const scatter *s, LLVMBasicBlockRef from, LLVMBasicBlockRef loop,
                      LLVMBasicBlockRef end)
{
    tj_gen *g = s->g;
    LLVMTypeRef i64 = g->t.i64;

    LLVMPositionBuilderAtEnd(g->b, loop);
    LLVMValueRef lane = LLVMBuildPhi(g->b, i64, "lane"), next = lane;
    for (unsigned i = 0; i < LANES_A_ROUND; i++) {
        store_lane(s, next);
        next = LLVMBuildNUWAdd(g->b, lane, LLVMConstInt(i64, i + 1, false), "");
    }
    LLVMValueRef last = LLVMConstInt(i64, s->lanes, false), first = LLVMConstNull(i64);
    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntEQ, next, last, ""), end, loop);
    LLVMAddIncoming(lane, (LLVMValueRef[]){first, next}, (LLVMBasicBlockRef[]){from, loop}, 2);
}

/* The body of function(addresses, values, bits of the mask). */
static void emit_scatter(const scatter *s)
{
    tj_gen *g = s->g;
    LLVMBasicBlockRef blocks[5];
    LLVMValueRef bits = LLVMGetParam(s->function, 2), slots[2];
    LLVMValueRef all = tj_i32(g, s->lanes == 32 ? UINT32_MAX : (1u << s->lanes) - 1);
    scatter filled = *s;

    for (unsigned i = 0; i < 5; i++)
        blocks[i] = LLVMAppendBasicBlockInContext(g->llctx, s->function, "");
    LLVMPositionBuilderAtEnd(g->b, blocks[0]);
    for (unsigned i = 0; i < 2; i++) {
        LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(s->function, i));

        slots[i] = LLVMBuildAlloca(g->b, type, "");
        LLVMBuildStore(g->b, LLVMGetParam(s->function, i), slots[i]);
        filled.slots[i] = slots[i];
        filled.elems[i] = LLVMGetElementType(type);
    }
    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntEQ, bits, all, ""), blocks[1], blocks[2]);
    emit_full(&filled, blocks[0], blocks[1], blocks[4]);
    LLVMPositionBuilderAtEnd(g->b, blocks[2]);
    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntEQ, bits, tj_i32(g, 0), ""), blocks[4],
                    blocks[3]);
    emit_some(&filled, bits, blocks[2], blocks[3], blocks[4]);
    LLVMPositionBuilderAtEnd(g->b, blocks[4]);
    LLVMBuildRetVoid(g->b);
}

static LLVMValueRef scatter_function(tj_gen *g, LLVMValueRef *args, unsigned align)
{
    char name[64], *elem = LLVMPrintTypeToString(LLVMTypeOf(args[1]));
    LLVMTypeRef types[] = {LLVMTypeOf(args[0]), LLVMTypeOf(args[1]), g->t.i32};

    snprintf(name, sizeof name, "scatter %s by %u", elem, align);
    LLVMDisposeMessage(elem);
    LLVMValueRef function = LLVMGetNamedFunction(g->module, name);
    if (function)
        return function;
    function = LLVMAddFunction(
        g->module, name, LLVMFunctionType(LLVMVoidTypeInContext(g->llctx), types, 3, false));
    LLVMSetLinkage(function, LLVMInternalLinkage);
    tj_mark_function(g, function, "alwaysinline");
    tj_mark_function(g, function, "nounwind");
    emit_scatter(&(scatter){
        .g = g, .function = function, .align = align, .lanes = LLVMGetVectorSize(types[0])});
    return function;
}

static LLVMValueRef mask_bits(tj_gen *g, LLVMValueRef mask)
{
    LLVMTypeRef type = LLVMIntTypeInContext(g->llctx, LLVMGetVectorSize(LLVMTypeOf(mask)));
    LLVMValueRef bits = LLVMBuildBitCast(g->b, mask, type, "");

    return type == g->t.i32 ? bits : LLVMBuildZExt(g->b, bits, g->t.i32, "");
}

static void call_scatter(tj_gen *g, LLVMValueRef call)
{
    LLVMValueRef args[] = {LLVMGetOperand(call, 1), LLVMGetOperand(call, 0), NULL};
    LLVMValueRef function = scatter_function(g, args, (unsigned)alignment_of(call, 1));

    LLVMPositionBuilderBefore(g->b, call);
    args[2] = mask_bits(g, LLVMGetOperand(call, 2));
    LLVMBuildCall2(g->b, LLVMGlobalGetValueType(function), function, args, 3, "");
    LLVMInstructionEraseFromParent(call);
}

/* ---- the pass -------------------------------------------------------------------------- */

static void replace_calls(tj_gen *g, LLVMValueRef callee,
                          void (*replace)(tj_gen *, LLVMValueRef))
{
    for (LLVMUseRef use = LLVMGetFirstUse(callee), next; use; use = next) {
        next = LLVMGetNextUse(use);
        replace(g, LLVMGetUser(use));
    }
}

bool tj_expand_narrow(tj_gen *g)
{
    static const char in[] = "llvm.masked.gather", out[] = "llvm.masked.scatter";
    unsigned gathers = LLVMLookupIntrinsicID(in, strlen(in)),
             scatters = LLVMLookupIntrinsicID(out, strlen(out));
    bool is_any = false;

    for (LLVMValueRef f = LLVMGetFirstFunction(g->module); f; f = LLVMGetNextFunction(f)) {
        unsigned id = LLVMGetIntrinsicID(f);
        LLVMTypeRef type = id == gathers || id == scatters ? LLVMGlobalGetValueType(f) : NULL;

        if (id == gathers && has_words(g) && is_narrow(LLVMGetReturnType(type)))
            replace_calls(g, f, widen_gather);
        if (id != scatters || !LLVMGetFirstUse(f))
            continue;
        LLVMTypeRef params[3];
        LLVMGetParamTypes(type, params);
        if ((has_words(g) && !is_narrow(params[0])) ||
            LLVMGetVectorSize(params[0]) > TJ_MAX_LANES)
            continue;
        replace_calls(g, f, call_scatter);
        is_any = true;
    }
    return is_any;
}
