/* SPDX-License-Identifier: MIT */
/* Constants as words, and the regions of memory that a kernel names: parameters, module
 * globals, private arrays. Undefined values are zero. */
#include "interp_internal.h"

#include "address.h"

#include <string.h>

static bool is_zero(LLVMValueRef constant)
{
    return LLVMIsNull(constant) || LLVMIsUndef(constant) || LLVMIsPoison(constant);
}

/* The bits of an integer or float constant; a float's NaN payload survives the bitcast. */
static bool scalar_bits(LLVMValueRef constant, uint64_t *bits)
{
    LLVMTypeRef type = LLVMTypeOf(constant);
    LLVMContextRef ctx = LLVMGetTypeContext(type);
    unsigned width = 0;
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
        width = 16;
        break;
    case LLVMFloatTypeKind:
        width = 32;
        break;
    case LLVMDoubleTypeKind:
        width = 64;
        break;
    default:
        break;
    }
    if (width)
        constant = LLVMConstBitCast(constant, LLVMIntTypeInContext(ctx, width));
    if (!LLVMIsAConstantInt(constant))
        return false;
    *bits = LLVMConstIntGetZExtValue(constant);
    return true;
}

static int pointer_words(tj_interp *interp, LLVMValueRef constant, uint32_t word,
                         tj_iconst *out)
{
    LLVMValueRef variable = NULL;
    uint64_t offset;
    if (!tj_constant_address(interp->layout, constant, &variable, &offset))
        return -1;
    unsigned region = tj_ifind_region(interp, variable);
    if (!region)
        return -1;
    out[0] = (tj_iconst){.word = word, .region = region, .bits = offset};
    out[1] = (tj_iconst){.word = word + 1, .bits = region};
    return 2;
}

static unsigned member_count(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMStructTypeKind:
        return LLVMCountStructElementTypes(type);
    case LLVMArrayTypeKind:
        return (unsigned)LLVMGetArrayLength2(type);
    case LLVMVectorTypeKind:
        return LLVMGetVectorSize(type) == TJ_I_TILE ? 2 : LLVMGetVectorSize(type);
    default:
        return 0;
    }
}

int tj_iconst_words(tj_interp *interp, LLVMValueRef constant, uint32_t word, tj_iconst *out)
{
    LLVMTypeRef type = LLVMTypeOf(constant);
    const tj_itype *t = tj_itype_of(interp, type);
    if (!t)
        return -1;
    if (is_zero(constant)) {
        for (unsigned i = 0; i < t->words; i++)
            out[i] = (tj_iconst){.word = word + i};
        return (int)t->words;
    }
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind)
        return pointer_words(interp, constant, word, out);
    if (t->length == 1 && LLVMGetTypeKind(type) != LLVMVectorTypeKind) {
        out[0] = (tj_iconst){.word = word};
        return scalar_bits(constant, &out[0].bits) ? 1 : -1;
    }
    int words = 0;
    for (unsigned i = 0; i < member_count(type); i++) {
        LLVMValueRef member = LLVMGetAggregateElement(constant, i);
        int took =
            member ? tj_iconst_words(interp, member, word + (uint32_t)words, out + words) : -1;
        if (took < 0)
            return -1;
        words += took;
    }
    return words;
}

/* ---- regions ---------------------------------------------------------------------------- */

unsigned tj_ifind_region(const tj_interp *interp, LLVMValueRef value)
{
    for (unsigned i = 1; i < interp->region_count; i++)
        if (interp->regions[i].value == value)
            return i;
    return 0;
}

static uint64_t align_up(uint64_t offset, uint64_t align)
{
    return align > 1 ? (offset + align - 1) / align * align : offset;
}

static void add_threadgroup_variable(tj_interp *interp, tj_iregion *region, LLVMTypeRef type)
{
    uint64_t align = LLVMGetAlignment(region->value);
    uint64_t abi_align = LLVMABIAlignmentOfType(interp->layout, type);
    region->kind = TJ_I_REGION_THREADGROUP;
    region->offset =
        align_up(interp->threadgroup_byte_len, align > abi_align ? align : abi_align);
    interp->threadgroup_byte_len = region->offset + region->byte_len;
}

static void take_constant(tj_interp *interp, tj_iregion *region, LLVMTypeRef type)
{
    if (tj_type_has_pointer(type))
        region->shadow = align_up(region->byte_len, 64);
    region->base = tj_arena_take(interp->arena, region->shadow + region->byte_len + 1, 1, 64);
}

static void add_globals(tj_interp *interp)
{
    LLVMModuleRef module = interp->unit->module;
    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g)) {
        tj_iregion *region = &interp->regions[interp->region_count];
        LLVMTypeRef type = LLVMGlobalGetValueType(g);
        size_t name_len;
        if (!LLVMTypeIsSized(type))
            continue;
        *region = (tj_iregion){
            .kind = TJ_I_REGION_CONSTANT,
            .name = tj_arena_strdup(interp->arena, LLVMGetValueName2(g, &name_len)),
            .byte_len = LLVMABISizeOfType(interp->layout, type),
            .is_read_only = LLVMIsGlobalConstant(g),
            .value = g,
        };
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == TJ_AS_THREADGROUP)
            add_threadgroup_variable(interp, region, type);
        else
            take_constant(interp, region, type);
        interp->region_count++;
    }
}

/* The i-th alloca of the function; its length operand is a constant in canonical form. */
static tj_status add_alloca(tj_interp *interp, LLVMValueRef inst, bool stores_pointers)
{
    tj_iregion *region = &interp->regions[interp->region_count];
    LLVMValueRef length = LLVMGetOperand(inst, 0);
    LLVMTypeRef type = LLVMGetAllocatedType(inst);
    size_t name_len;
    if (!LLVMIsAConstantInt(length))
        return tj_fail(interp->unit, inst, TJ_E_INTERNAL,
                       "private array of a length that is not constant");
    uint64_t align = LLVMGetAlignment(inst);
    uint64_t byte_len =
        LLVMABISizeOfType(interp->layout, type) * LLVMConstIntGetZExtValue(length);
    *region = (tj_iregion){
        .kind = TJ_I_REGION_PRIVATE,
        .name = tj_arena_strdup(interp->arena, LLVMGetValueName2(inst, &name_len)),
        .byte_len = byte_len,
        .offset = align_up(interp->private_byte_len, align > 16 ? align : 16),
        .value = inst,
        .shadow = align_up(byte_len, 64),
    };
    interp->private_byte_len = region->offset + byte_len;
    if (stores_pointers)
        interp->private_byte_len = region->offset + region->shadow + byte_len;
    else
        region->shadow = 0;
    interp->region_count++;
    return TJ_OK;
}

static bool stores_pointer(LLVMValueRef inst)
{
    return LLVMIsAStoreInst(inst) && tj_type_has_pointer(LLVMTypeOf(LLVMGetOperand(inst, 0)));
}

static bool has_pointer_stores(LLVMValueRef function)
{
    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(function); bb;
         bb = LLVMGetNextBasicBlock(bb))
        for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
            if (stores_pointer(i))
                return true;
    return false;
}

static tj_status add_allocas(tj_interp *interp)
{
    LLVMValueRef function = interp->kernel->function;
    bool stores_pointers = has_pointer_stores(function);
    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(function); bb;
         bb = LLVMGetNextBasicBlock(bb)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i)) {
            tj_status status =
                LLVMIsAAllocaInst(i) ? add_alloca(interp, i, stores_pointers) : TJ_OK;
            if (status != TJ_OK)
                return status;
        }
    }
    interp->private_byte_len = align_up(interp->private_byte_len, 64);
    return TJ_OK;
}

static unsigned count_regions(const tj_interp *interp)
{
    unsigned count = 1 + interp->kernel->arg_count + interp->kernel->nested_count;
    LLVMValueRef function = interp->kernel->function;
    for (LLVMValueRef g = LLVMGetFirstGlobal(interp->unit->module); g; g = LLVMGetNextGlobal(g))
        count++;
    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(function); bb;
         bb = LLVMGetNextBasicBlock(bb))
        for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
            count += LLVMIsAAllocaInst(i) != NULL;
    return count;
}

/* Writes an initialiser into its region. Only addresses of constants may appear in one:
 * threadgroup variables and private arrays have no address yet. */
static tj_status fill_constant(tj_interp *interp, const tj_iregion *region)
{
    LLVMValueRef init = LLVMGetInitializer(region->value);
    if (!init || is_zero(init))
        return TJ_OK;
    const tj_itype *type = tj_itype_of(interp, LLVMGlobalGetValueType(region->value));
    tj_iconst *words = type ? tj_new_array(interp->arena, tj_iconst, type->words) : NULL;
    if (!type || tj_iconst_words(interp, init, 0, words) < 0)
        return tj_fail(interp->unit, region->value, TJ_E_INTERNAL,
                       "initialiser of '%s' has a form the interpreter does not know",
                       region->name);
    for (unsigned i = 0; i < type->leaf_count; i++) {
        const tj_ileaf *leaf = &type->leaves[i];
        const tj_iconst *word = &words[leaf->word];
        uint64_t value = word->bits;
        if (word->region)
            value += (uint64_t)(uintptr_t)interp->regions[word->region].base;
        tj_ileaf_write(leaf, region->base, value);
        if (leaf->scalar.kind == TJ_I_POINTER && word->region)
            tj_ileaf_write(leaf, region->base + region->shadow,
                           tj_ishadow_word(value, word->region));
    }
    return TJ_OK;
}

tj_status tj_ibuild_regions(tj_interp *interp)
{
    const tj_kernel *kernel = interp->kernel;
    tj_status status = TJ_OK;
    interp->regions = tj_new_array(interp->arena, tj_iregion, count_regions(interp));
    interp->region_count = 1 + kernel->arg_count + kernel->nested_count;
    for (unsigned i = 0; i < kernel->arg_count; i++)
        interp->regions[1 + i] = (tj_iregion){
            .kind =
                kernel->args[i].kind == TJ_ARG_SYSVAL ? TJ_I_REGION_NONE : TJ_I_REGION_BUFFER,
            .name = kernel->args[i].name,
            .value = LLVMGetParam(kernel->function, i),
        };
    for (unsigned i = 0; i < kernel->nested_count; i++)
        interp->regions[1 + kernel->arg_count + i] =
            (tj_iregion){.kind = TJ_I_REGION_BUFFER, .name = kernel->nested[i].name};
    add_globals(interp);
    for (unsigned i = 1; i < interp->region_count && status == TJ_OK; i++)
        if (interp->regions[i].kind == TJ_I_REGION_CONSTANT)
            status = fill_constant(interp, &interp->regions[i]);
    return status == TJ_OK ? add_allocas(interp) : status;
}
