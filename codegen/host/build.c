/* SPDX-License-Identifier: MIT */
/* Small builders over LLVM-C: constants, shuffles, intrinsics, masks, blocks, sites. */
#include "host.h"

#include <stdio.h>
#include <string.h>

LLVMValueRef tj_i32(const tj_gen *g, uint32_t value)
{
    return LLVMConstInt(g->t.i32, value, false);
}

LLVMValueRef tj_i64(const tj_gen *g, uint64_t value)
{
    return LLVMConstInt(g->t.i64, value, false);
}

LLVMTypeRef tj_vector_of(const tj_gen *g, LLVMTypeRef scalar)
{
    return LLVMVectorType(scalar, g->lanes);
}

bool tj_is_vector(LLVMValueRef value)
{
    return LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind;
}

LLVMTypeRef tj_element(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

LLVMValueRef tj_splat(tj_gen *g, LLVMValueRef scalar)
{
    LLVMTypeRef type = tj_vector_of(g, LLVMTypeOf(scalar));
    LLVMValueRef zeros = LLVMConstNull(LLVMVectorType(g->t.i32, g->lanes));

    if (LLVMIsConstant(scalar)) {
        LLVMValueRef same[TJ_MAX_LANES];

        for (unsigned l = 0; l < g->lanes; l++)
            same[l] = scalar;
        return LLVMConstVector(same, g->lanes);
    }
    LLVMValueRef one =
        LLVMBuildInsertElement(g->b, LLVMGetPoison(type), scalar, tj_i32(g, 0), "");

    return LLVMBuildShuffleVector(g->b, one, LLVMGetPoison(type), zeros, "");
}

LLVMValueRef tj_const_lanes(const tj_gen *g, LLVMTypeRef scalar, const int64_t *values)
{
    LLVMValueRef lanes[TJ_MAX_LANES];

    for (unsigned l = 0; l < g->lanes; l++)
        lanes[l] = LLVMConstInt(scalar, values ? (uint64_t)values[l] : 0, true);
    return LLVMConstVector(lanes, g->lanes);
}

LLVMValueRef tj_lane(tj_gen *g, LLVMValueRef vector, unsigned lane)
{
    return LLVMBuildExtractElement(g->b, vector, tj_i32(g, lane), "");
}

LLVMValueRef tj_shuffle(tj_gen *g, LLVMValueRef a, LLVMValueRef b, const int *lanes,
                        unsigned count)
{
    LLVMValueRef mask[1024]; /* 16 components of 32 lanes, twice */

    for (unsigned i = 0; i < count; i++)
        mask[i] = lanes[i] < 0 ? LLVMGetPoison(g->t.i32) : tj_i32(g, (uint32_t)lanes[i]);
    return LLVMBuildShuffleVector(g->b, a, b ? b : LLVMGetPoison(LLVMTypeOf(a)),
                                  LLVMConstVector(mask, count), "");
}

LLVMValueRef tj_llvm(tj_gen *g, const char *name, LLVMTypeRef *types, unsigned type_count,
                     LLVMValueRef *args, unsigned arg_count)
{
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef callee = LLVMGetIntrinsicDeclaration(g->module, id, types, type_count);

    return LLVMBuildCall2(g->b, LLVMGlobalGetValueType(callee), callee, args, arg_count, "");
}

LLVMValueRef tj_llvm1(tj_gen *g, const char *name, LLVMValueRef a)
{
    LLVMTypeRef type = LLVMTypeOf(a);

    return tj_llvm(g, name, &type, 1, &a, 1);
}

LLVMValueRef tj_llvm2(tj_gen *g, const char *name, LLVMValueRef a, LLVMValueRef b)
{
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef args[] = {a, b};

    return tj_llvm(g, name, &type, 1, args, 2);
}

LLVMValueRef tj_extern(tj_gen *g, const char *name, LLVMTypeRef result, LLVMValueRef *args,
                       unsigned arg_count)
{
    LLVMValueRef callee = LLVMGetNamedFunction(g->module, name);
    LLVMTypeRef params[8];

    if (!callee) {
        for (unsigned i = 0; i < arg_count; i++)
            params[i] = LLVMTypeOf(args[i]);
        callee = LLVMAddFunction(g->module, name,
                                 LLVMFunctionType(result, params, arg_count, false));
        unsigned nounwind = LLVMGetEnumAttributeKindForName("nounwind", 8);

        LLVMAddAttributeAtIndex(callee, LLVMAttributeFunctionIndex,
                                LLVMCreateEnumAttribute(g->llctx, nounwind, 0));
    }
    return LLVMBuildCall2(g->b, LLVMGlobalGetValueType(callee), callee, args, arg_count, "");
}

LLVMBasicBlockRef tj_new_block(tj_gen *g, const char *name)
{
    return LLVMAppendBasicBlockInContext(g->llctx, g->function, name);
}

LLVMValueRef tj_slot(tj_gen *g, LLVMTypeRef type, const char *name)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(g->b);
    LLVMValueRef first = LLVMGetFirstInstruction(g->entry);

    if (first)
        LLVMPositionBuilderBefore(g->b, first);
    else
        LLVMPositionBuilderAtEnd(g->b, g->entry);
    LLVMValueRef slot = LLVMBuildAlloca(g->b, type, name);

    if (here)
        LLVMPositionBuilderAtEnd(g->b, here);
    return slot;
}

LLVMValueRef tj_gep(tj_gen *g, LLVMValueRef base, LLVMValueRef byte_offset)
{
    return LLVMBuildGEP2(g->b, g->t.i8, base, &byte_offset, 1, "");
}

LLVMValueRef tj_full_mask(const tj_gen *g)
{
    return LLVMConstAllOnes(g->t.mask);
}

bool tj_is_all_ones(LLVMValueRef mask)
{
    return mask == LLVMConstAllOnes(LLVMTypeOf(mask));
}

LLVMValueRef tj_any(tj_gen *g, LLVMValueRef mask)
{
    if (tj_is_all_ones(mask))
        return LLVMConstInt(g->t.i1, 1, false);
    LLVMTypeRef type = LLVMTypeOf(mask);

    return tj_llvm(g, "llvm.vector.reduce.or", &type, 1, &mask, 1);
}

LLVMValueRef tj_all(tj_gen *g, LLVMValueRef mask)
{
    LLVMTypeRef type = LLVMTypeOf(mask);

    return tj_llvm(g, "llvm.vector.reduce.and", &type, 1, &mask, 1);
}

LLVMValueRef tj_mask_bits(tj_gen *g, LLVMValueRef mask)
{
    LLVMTypeRef bits = LLVMIntTypeInContext(g->llctx, g->lanes);
    LLVMValueRef value = LLVMBuildBitCast(g->b, mask, bits, "");

    return g->lanes == 32 ? value : LLVMBuildZExt(g->b, value, g->t.i32, "");
}

LLVMValueRef tj_and_mask(tj_gen *g, LLVMValueRef a, LLVMValueRef b)
{
    if (tj_is_all_ones(a))
        return b;
    return tj_is_all_ones(b) ? a : LLVMBuildAnd(g->b, a, b, "");
}

void tj_likely(tj_gen *g, LLVMValueRef condition, LLVMBasicBlockRef likely,
               LLVMBasicBlockRef unlikely)
{
    LLVMValueRef branch = LLVMBuildCondBr(g->b, condition, likely, unlikely);
    LLVMMetadataRef weights[] = {LLVMMDStringInContext2(g->llctx, "branch_weights", 14),
                                 LLVMValueAsMetadata(tj_i32(g, 2000)),
                                 LLVMValueAsMetadata(tj_i32(g, 1))};
    unsigned kind = LLVMGetMDKindIDInContext(g->llctx, "prof", 4);

    LLVMSetMetadata(branch, kind,
                    LLVMMetadataAsValue(g->llctx, LLVMMDNodeInContext2(g->llctx, weights, 3)));
}

unsigned tj_add_site(tj_gen *g, LLVMValueRef inst, const char *what)
{
    if (g->site_count == g->site_cap) {
        unsigned cap = g->site_cap ? g->site_cap * 2 : 32;
        tj_site *grown = tj_new_array(g->unit->arena, tj_site, cap);

        if (g->site_count)
            memcpy(grown, g->sites, g->site_count * sizeof(*grown));
        g->sites = grown;
        g->site_cap = cap;
    }
    g->sites[g->site_count] = (tj_site){.loc = tj_loc_of(g->unit->arena, g->unit, inst),
                                           .what = what};
    return g->site_count++;
}

void tj_give_up(tj_gen *g, LLVMValueRef inst, const char *what)
{
    if (!g->status)
        g->status = tj_fail(g->unit, inst, TJ_E_UNSUPPORTED, "%s", what);
}
