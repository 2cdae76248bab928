/* SPDX-License-Identifier: MIT */
/* Stores of whole cache lines around the caches, in launches that write more than caches hold:
 * a line that is written as a whole need not be read first (Intel's optimisation manual,
 * "Non-temporal Stores"). Where lanes may be off, as behind the usual guard against the grid's
 * end, whether all are on is asked when it is known.
 *
 * Only into buffers that the kernel does not load from, and only in kernels without atomics and
 * fences, where no thread can wait for another threadgroup's store: such stores are in order
 * for the thread that makes them, for others at the end of the launch (runtime/launch.c), which
 * also knows whether it is large: frame->near_bits. Nor in kernels that multiply matrices.
 */
#include "host.h"

#include "intrin.h"

#include <string.h>

enum { LINE_BYTES = 64 };

/* A kernel that uses memory in a way that needs its order, or that multiplies matrices: no
 * store limits that, and each store around the caches is a branch to compile and to run. */
static bool stays_near(LLVMValueRef inst)
{
    tj_intrin_use use;

    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMFence:
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        return true;
    case LLVMLoad:
    case LLVMStore:
        return LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic || LLVMGetVolatile(inst);
    case LLVMCall:
        return tj_intrin_of(inst, &use) && (tj_intrin_infos[use.id].overload == TJ_OVL_ATOMIC ||
                                            tj_intrin_infos[use.id].effect == TJ_EFFECT_FENCE ||
                                            use.id == TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE);
    default:
        return false;
    }
}

/* All buffers, when it is not known which one. */
static void note_load(tj_gen *g, LLVMValueRef pointer)
{
    tj_leaf leaf = tj_leaf_of(g, pointer, 0);

    if (leaf.root.kind == TJ_ROOT_PARAM) {
        const tj_value *record = tj_facts_find(&g->facts, leaf.root.value);
        g->is_streamed[record - g->facts.values] = false;
    }
    if (leaf.root.kind == TJ_ROOT_ANY)
        memset(g->is_streamed, 0, g->facts.kernel->arg_count * sizeof *g->is_streamed);
}

static void note(tj_gen *g, LLVMValueRef inst)
{
    if (LLVMGetInstructionOpcode(inst) == LLVMLoad)
        note_load(g, LLVMGetOperand(inst, 0));
    if (LLVMGetInstructionOpcode(inst) != LLVMCall)
        return;
    for (unsigned i = 0; i < LLVMGetNumArgOperands(inst); i++)
        if (LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(inst, i))) == LLVMPointerTypeKind)
            note_load(g, LLVMGetOperand(inst, i));
}

void tj_plan_around(tj_gen *g)
{
    const tj_cfg *cfg = &g->facts.cfg;
    unsigned count = g->facts.kernel->arg_count;

    g->is_streamed = tj_new_array(g->arena, bool, count + 1);
    for (int b = 0; b < cfg->block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            if (stays_near(i))
                return;
    for (unsigned p = 0; p < count; p++)
        g->is_streamed[p] = g->facts.kernel->args[p].address_space == TJ_AS_DEVICE;
    for (int b = 0; b < cfg->block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            note(g, i);
}

static bool is_streamed(const tj_gen *g, const tj_mem *mem, LLVMValueRef value)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);

    if (mem->leaf.root.kind != TJ_ROOT_PARAM ||
        LLVMStoreSizeOfType(layout, LLVMTypeOf(value)) % LINE_BYTES)
        return false;
    return g->is_streamed[tj_facts_find(&g->facts, mem->leaf.root.value) - g->facts.values];
}

static LLVMValueRef store(tj_gen *g, LLVMValueRef value, LLVMValueRef pointer, unsigned align)
{
    LLVMValueRef inst = LLVMBuildStore(g->b, value, pointer);

    LLVMSetAlignment(inst, align);
    return inst;
}

/* One that the caches see; mask: of the elements, NULL for all. */
static void store_near(tj_gen *g, const tj_mem *mem, LLVMValueRef value, LLVMValueRef pointer,
                       LLVMValueRef mask)
{
    LLVMTypeRef types[] = {LLVMTypeOf(value), g->t.ptr};
    LLVMValueRef args[] = {value, pointer, mask};

    if (!mask) {
        store(g, value, pointer, mem->align);
        return;
    }
    tj_align_pointers(g, tj_llvm(g, "llvm.masked.store", types, 2, args, 3), 1, mem->align);
}

/* What lets a store around the caches, beside where it goes: the launch, and all lanes. */
static LLVMValueRef goes_around(tj_gen *g, LLVMValueRef pointer, LLVMValueRef mask)
{
    LLVMValueRef bits = LLVMBuildPtrToInt(g->b, pointer, g->t.i32, "");
    bits = LLVMBuildAnd(g->b, bits, tj_frame_load(g, "near_bits", 0), "");
    LLVMValueRef is_far = LLVMBuildICmp(g->b, LLVMIntEQ, bits, tj_i32(g, 0), "");

    return mask ? LLVMBuildAnd(g->b, is_far, tj_all(g, g->mask), "") : is_far;
}

void tj_store_wide(tj_gen *g, const tj_mem *mem, LLVMValueRef value, LLVMValueRef pointer,
                   LLVMValueRef mask)
{
    if (!is_streamed(g, mem, value)) {
        store_near(g, mem, value, pointer, mask);
        return;
    }
    LLVMBasicBlockRef around = tj_new_block(g, "around"), near = tj_new_block(g, "near");
    LLVMBasicBlockRef done = tj_new_block(g, "stored");
    unsigned kind = LLVMGetMDKindIDInContext(g->llctx, "nontemporal", 11);
    LLVMMetadataRef one = LLVMValueAsMetadata(tj_i32(g, 1));

    LLVMBuildCondBr(g->b, goes_around(g, pointer, mask), around, near);
    LLVMPositionBuilderAtEnd(g->b, around);
    LLVMSetMetadata(store(g, value, pointer, LINE_BYTES), kind,
                    LLVMMetadataAsValue(g->llctx, LLVMMDNodeInContext2(g->llctx, &one, 1)));
    LLVMBuildBr(g->b, done);
    LLVMPositionBuilderAtEnd(g->b, near);
    if (mask) { /* a store of no lane would still bring its line into the caches */
        near = tj_new_block(g, "some");
        LLVMBuildCondBr(g->b, tj_any(g, g->mask), near, done);
        LLVMPositionBuilderAtEnd(g->b, near);
    }
    store_near(g, mem, value, pointer, mask);
    LLVMBuildBr(g->b, done);
    LLVMPositionBuilderAtEnd(g->b, done);
}
