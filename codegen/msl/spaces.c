/* SPDX-License-Identifier: MIT */
/* Metal converts no pointer from one address space to another. LLVM's generic pointers get the
 * space of what they come from, where that is one; their users are given pointers of it.
 */
#include "prepare.h"

enum { UNKNOWN = -1, MIXED = -2 };

typedef struct placer {
    tj_msl *m;
    LLVMBuilderRef builder;
    LLVMValueRef *list;
    unsigned count;
    tj_ptrmap index;    /* into list */
    int *space;         /* of the pointer that an instruction makes */
    LLVMValueRef *made; /* the same pointer in its own space; NULL: not made yet */
} placer;

static bool is_generic(LLVMValueRef value)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    return LLVMGetTypeKind(type) == LLVMPointerTypeKind &&
           LLVMGetPointerAddressSpace(type) == TJ_AS_THREAD;
}

static bool is_cast(LLVMValueRef value)
{
    return LLVMIsAAddrSpaceCastInst(value) ||
           (LLVMIsAConstantExpr(value) && LLVMGetConstOpcode(value) == LLVMAddrSpaceCast);
}

static unsigned space_of_type(LLVMValueRef value)
{
    return LLVMGetPointerAddressSpace(LLVMTypeOf(value));
}

static int meet(int a, int b)
{
    return a == UNKNOWN ? b : b == UNKNOWN || a == b ? a : MIXED;
}

static int space_of(const placer *p, LLVMValueRef value)
{
    uint32_t at;

    if (LLVMIsAConstantPointerNull(value))
        return UNKNOWN;
    if (is_cast(value))
        return is_generic(LLVMGetOperand(value, 0))
                   ? space_of(p, LLVMGetOperand(value, 0))
                   : (int)space_of_type(LLVMGetOperand(value, 0));
    at = tj_ptrmap_find(&p->index, value);
    if (at == UINT32_MAX || !is_generic(value))
        return (int)space_of_type(value);
    if (LLVMIsAGetElementPtrInst(value) || LLVMIsAPHINode(value) || LLVMIsASelectInst(value))
        return p->space[at];
    return TJ_AS_THREAD;
}

static void find_spaces(placer *p)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (unsigned i = 0; i < p->count; i++) {
            LLVMValueRef inst = p->list[i];
            int space = UNKNOWN;

            if (!is_generic(inst))
                continue;
            if (LLVMIsAGetElementPtrInst(inst))
                space = space_of(p, LLVMGetOperand(inst, 0));
            else if (LLVMIsASelectInst(inst))
                space = meet(space_of(p, LLVMGetOperand(inst, 1)),
                             space_of(p, LLVMGetOperand(inst, 2)));
            else if (LLVMIsAPHINode(inst))
                for (unsigned k = 0; k < LLVMCountIncoming(inst); k++)
                    space = meet(space, space_of(p, LLVMGetIncomingValue(inst, k)));
            else
                continue;
            changed |= space != p->space[i];
            p->space[i] = space;
        }
    }
}

static LLVMValueRef placed(placer *p, LLVMValueRef value, unsigned space);

static LLVMValueRef place_gep(placer *p, LLVMValueRef inst, unsigned space)
{
    unsigned count = LLVMGetNumIndices(inst);
    LLVMValueRef base = placed(p, LLVMGetOperand(inst, 0), space);
    LLVMValueRef *indices = tj_new_array(p->m->arena, LLVMValueRef, count + 1);
    size_t len;

    for (unsigned i = 0; i < count; i++)
        indices[i] = LLVMGetOperand(inst, i + 1);
    LLVMPositionBuilderBefore(p->builder, inst);
    return LLVMBuildGEP2(p->builder, LLVMGetGEPSourceElementType(inst), base, indices, count,
                         LLVMGetValueName2(inst, &len));
}

static LLVMValueRef place_phi(placer *p, LLVMValueRef inst, unsigned space, uint32_t at)
{
    LLVMTypeRef type = LLVMPointerTypeInContext(p->m->unit->llctx, space);
    size_t len;

    LLVMPositionBuilderBefore(p->builder, inst);
    LLVMValueRef phi = LLVMBuildPhi(p->builder, type, LLVMGetValueName2(inst, &len));

    p->made[at] = phi; /* it may be its own operand */
    for (unsigned i = 0; i < LLVMCountIncoming(inst); i++) {
        LLVMValueRef from = placed(p, LLVMGetIncomingValue(inst, i), space);
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(inst, i);

        LLVMAddIncoming(phi, &from, &block, 1);
    }
    return phi;
}

static LLVMValueRef placed(placer *p, LLVMValueRef value, unsigned space)
{
    uint32_t at = tj_ptrmap_find(&p->index, value);
    LLVMValueRef a, b;

    if (is_cast(value))
        return placed(p, LLVMGetOperand(value, 0), space);
    if (LLVMIsAConstantPointerNull(value))
        return LLVMConstNull(LLVMPointerTypeInContext(p->m->unit->llctx, space));
    if (at == UINT32_MAX || !is_generic(value) || space_of_type(value) == space)
        return value;
    if (p->made[at])
        return p->made[at];
    if (LLVMIsAGetElementPtrInst(value)) {
        p->made[at] = place_gep(p, value, space);
    } else if (LLVMIsAPHINode(value)) {
        return place_phi(p, value, space, at);
    } else if (LLVMIsASelectInst(value)) {
        a = placed(p, LLVMGetOperand(value, 1), space);
        b = placed(p, LLVMGetOperand(value, 2), space);
        LLVMPositionBuilderBefore(p->builder, value);
        p->made[at] = LLVMBuildSelect(p->builder, LLVMGetOperand(value, 0), a, b, "");
    } else {
        return value;
    }
    return p->made[at];
}

static bool is_address_operand(LLVMValueRef inst, unsigned i)
{
    return (LLVMIsALoadInst(inst) && i == 0) || (LLVMIsAStoreInst(inst) && i == 1) ||
           (LLVMIsAAtomicRMWInst(inst) && i == 0) ||
           (LLVMIsAAtomicCmpXchgInst(inst) && i == 0) || LLVMIsAPtrToIntInst(inst) ||
           LLVMIsAICmpInst(inst);
}

static void place_operands(placer *p, LLVMValueRef inst)
{
    for (unsigned i = 0; i < (unsigned)LLVMGetNumOperands(inst); i++) {
        LLVMValueRef value = LLVMGetOperand(inst, i);
        int space;

        if (!is_address_operand(inst, i) ||
            LLVMGetTypeKind(LLVMTypeOf(value)) != LLVMPointerTypeKind)
            continue;
        space = space_of(p, value);
        if (space == MIXED) {
            tj_msl_refuse(p->m, inst,
                          "a pointer into more than one address space is not in Metal");
            return;
        }
        if (space >= 0)
            LLVMSetOperand(inst, i, placed(p, value, (unsigned)space));
    }
}

/* Canonical form has no casts but instructions. */
static bool is_cast_inst(LLVMValueRef inst)
{
    return LLVMGetInstructionOpcode(inst) == LLVMAddrSpaceCast;
}

/* Without casts every pointer has its space. */
void tj_msl_place_pointers(tj_msl *m)
{
    if (!tj_msl_has(m, is_cast_inst))
        return;
    placer p = {.m = m, .builder = LLVMCreateBuilderInContext(m->unit->llctx)};

    p.list = tj_msl_instructions(m, &p.count);
    p.space = tj_new_array(m->arena, int, p.count + 1);
    p.made = tj_new_array(m->arena, LLVMValueRef, p.count + 1);
    tj_ptrmap_init(&p.index, m->arena, p.count + 1);
    for (unsigned i = 0; i < p.count; i++) {
        tj_ptrmap_put(&p.index, p.list[i], i);
        p.space[i] = UNKNOWN;
    }
    find_spaces(&p);
    for (unsigned i = 0; i < p.count; i++)
        place_operands(&p, p.list[i]);
    LLVMDisposeBuilder(p.builder);
}
