/* SPDX-License-Identifier: MIT */
/* Memory that LLVM's passes would take apart in a way that is no AIR. Copies of vectors: clang
 * moves a class's object by memcpy, which would fall apart into one access per component; a
 * copy of a whole vector becomes a load and a store of one, as Apple's compiler has it. A
 * vector of three is returned with the bytes behind it, which are nothing. Parts
 * of SIMD-group matrices: SROA writes a pair of elements into a matrix by a select between
 * vectors of 64, which becomes a shuffle. */
#include "source/adopt.h"
#include "source/walk.h"

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

/* Whether this is vec<T, 3> as it is returned: {T, T, T, [n x i8]}. */
static bool is_padded(LLVMTypeRef type)
{
    LLVMTypeRef last;
    if (LLVMGetTypeKind(type) != LLVMStructTypeKind || LLVMCountStructElementTypes(type) != 4 ||
        !LLVMGetStructName(type) ||
        strncmp(LLVMGetStructName(type), "struct.metal::vec", 17) != 0)
        return false;
    last = LLVMStructGetTypeAtIndex(type, 3);
    return LLVMGetTypeKind(last) == LLVMArrayTypeKind &&
           LLVMGetElementType(last) == LLVMInt8TypeInContext(LLVMGetTypeContext(type));
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
    if (count == 3 && (byte_len == 4 * size || (byte_len == 3 * size && is_padded(type))))
        return LLVMVectorType(element, 3);
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

/* The vector in a constant object of a class; NULL: it is none. What is behind a vector of
 * three would keep LLVM from seeing it. */
static LLVMValueRef constant_vector(LLVMValueRef from, LLVMTypeRef type)
{
    LLVMValueRef elements[MOST_COMPONENTS], object;
    unsigned count = LLVMGetVectorSize(type);
    if (!LLVMIsAGlobalVariable(from) || !LLVMIsGlobalConstant(from) ||
        LLVMIsExternallyInitialized(from) || !(object = LLVMGetInitializer(from)) ||
        LLVMGetTypeKind(LLVMTypeOf(object)) != LLVMStructTypeKind ||
        LLVMCountStructElementTypes(LLVMTypeOf(object)) < count)
        return NULL;
    for (unsigned i = 0; i < count; i++) {
        elements[i] = LLVMGetAggregateElement(object, i);
        if (!elements[i] || LLVMTypeOf(elements[i]) != LLVMGetElementType(type))
            return NULL;
    }
    return LLVMConstVector(elements, count);
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
    LLVMValueRef value = constant_vector(from, type);
    if (!value) {
        value = LLVMBuildLoad2(builder, type, from, "");
        LLVMSetAlignment(value, alignment(call, 1));
    }
    LLVMSetAlignment(LLVMBuildStore(builder, value, to), alignment(call, 0));
    LLVMInstructionEraseFromParent(call);
    return true;
}

/* The three components, as one vector in memory, without what is behind them. */
static void move_vector(LLVMBuilderRef builder, LLVMValueRef inst)
{
    LLVMValueRef stored = LLVMIsAStoreInst(inst) ? LLVMGetOperand(inst, 0) : NULL;
    LLVMTypeRef type = LLVMTypeOf(stored ? stored : inst);
    LLVMTypeRef vector = LLVMVectorType(LLVMStructGetTypeAtIndex(type, 0), 3);
    LLVMTypeRef index = LLVMInt32TypeInContext(LLVMGetTypeContext(type));
    LLVMValueRef sum = LLVMGetUndef(stored ? vector : type), from = stored;
    LLVMPositionBuilderBefore(builder, inst);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(inst));
    if (!stored) {
        from = LLVMBuildLoad2(builder, vector, LLVMGetOperand(inst, 0), "");
        LLVMSetAlignment(from, LLVMGetAlignment(inst));
    }
    for (unsigned i = 0; i < 3; i++) {
        LLVMValueRef at = LLVMConstInt(index, i, false);
        sum = stored
                  ? LLVMBuildInsertElement(builder, sum,
                                           LLVMBuildExtractValue(builder, from, i, ""), at, "")
                  : LLVMBuildInsertValue(builder, sum,
                                         LLVMBuildExtractElement(builder, from, at, ""), i, "");
    }
    if (stored)
        LLVMSetAlignment(LLVMBuildStore(builder, sum, LLVMGetOperand(inst, 1)),
                         LLVMGetAlignment(inst));
    else
        LLVMReplaceAllUsesWith(inst, sum);
    LLVMInstructionEraseFromParent(inst);
}

static void drop_padding(LLVMBuilderRef builder, LLVMValueRef function)
{
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b;
         b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b), next; i; i = next) {
            LLVMTypeRef type = LLVMIsAStoreInst(i)  ? LLVMTypeOf(LLVMGetOperand(i, 0))
                               : LLVMIsALoadInst(i) ? LLVMTypeOf(i)
                                                    : NULL;
            next = LLVMGetNextInstruction(i);
            if (type && is_padded(type))
                move_vector(builder, i);
        }
}

void tj_adopt_copies(tj_unit *unit)
{
    static const char memcpy_name[] = "llvm.memcpy.";
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f)) {
        size_t byte_len;
        drop_padding(builder, f);
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

/* ---- parts of matrices ----------------------------------------------------------------- */

enum { MATRIX_ELEMENTS = 64 };

/* Which operand of `select`, 0 or 1, gives each element; false when that is not constant. */
static bool read_mask(LLVMValueRef condition, LLVMValueRef *mask)
{
    LLVMTypeRef number = LLVMInt32TypeInContext(LLVMGetTypeContext(LLVMTypeOf(condition)));
    if (!LLVMIsAConstantVector(condition) && !LLVMIsAConstantDataVector(condition))
        return false;
    for (unsigned i = 0; i < MATRIX_ELEMENTS; i++) {
        LLVMValueRef bit = LLVMGetAggregateElement(condition, i);
        if (!bit || !LLVMIsAConstantInt(bit))
            return false;
        unsigned from = LLVMConstIntGetZExtValue(bit) ? i : MATRIX_ELEMENTS + i;
        mask[i] = LLVMConstInt(number, from, false);
    }
    return true;
}

static void replace_blend(LLVMBuilderRef builder, LLVMValueRef select)
{
    LLVMValueRef condition = LLVMGetOperand(select, 0), mask[MATRIX_ELEMENTS];
    LLVMTypeRef type = LLVMTypeOf(condition);
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind ||
        LLVMGetVectorSize(type) != MATRIX_ELEMENTS || !read_mask(condition, mask))
        return;
    LLVMPositionBuilderBefore(builder, select);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(select));
    LLVMValueRef shuffle =
        LLVMBuildShuffleVector(builder, LLVMGetOperand(select, 1), LLVMGetOperand(select, 2),
                               LLVMConstVector(mask, MATRIX_ELEMENTS), "");
    LLVMReplaceAllUsesWith(select, shuffle);
    LLVMInstructionEraseFromParent(select);
}

static void visit_blend(tj_unit *unit, LLVMValueRef inst, void *data)
{
    (void)unit;
    if (LLVMIsASelectInst(inst))
        replace_blend(data, inst);
}

void tj_adopt_blends(tj_unit *unit)
{
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    tj_each_inst(unit, visit_blend, builder);
    LLVMDisposeBuilder(builder);
}

/* ---- literals --------------------------------------------------------------------------- */

/* A string is in clang's default memory, and a constant pointer to it is a cast: it is moved to
 * where the pointer points. */
void tj_adopt_literals(tj_unit *unit)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g)) {
        LLVMValueRef moved = NULL;
        if (!LLVMIsGlobalConstant(g) || LLVMGetPointerAddressSpace(LLVMTypeOf(g)))
            continue;
        for (LLVMUseRef use = LLVMGetFirstUse(g); use; use = LLVMGetNextUse(use)) {
            LLVMValueRef cast = LLVMGetUser(use);
            LLVMTypeRef type = LLVMTypeOf(cast);
            if (!LLVMIsAConstantExpr(cast) || LLVMGetConstOpcode(cast) != LLVMAddrSpaceCast ||
                LLVMGetPointerAddressSpace(type) != TJ_AS_CONSTANT)
                continue;
            if (!moved) {
                moved = LLVMAddGlobalInAddressSpace(unit->module, LLVMGlobalGetValueType(g),
                                                    "literal", TJ_AS_CONSTANT);
                LLVMSetInitializer(moved, LLVMGetInitializer(g));
                LLVMSetGlobalConstant(moved, true);
                LLVMSetLinkage(moved, LLVMInternalLinkage);
                LLVMSetAlignment(moved, LLVMGetAlignment(g));
            }
            LLVMReplaceAllUsesWith(cast, moved);
        }
    }
}
