/* SPDX-License-Identifier: MIT */
/* Private arrays that hold the same in all lanes: every store puts a uniform value at a uniform
 * place while all lanes run, and nothing else but loads sees the address. What is loaded from a
 * uniform place of one is uniform. Optimistic, as all shapes are.
 */
#include "shape_internal.h"

#include <llvm-c/Core.h>

static uint32_t array_number(const tj_facts *facts, LLVMValueRef pointer)
{
    tj_leaf leaf;

    if (LLVMGetTypeKind(LLVMTypeOf(pointer)) != LLVMPointerTypeKind ||
        !tj_facts_find(facts, pointer))
        return UINT32_MAX;
    leaf = tj_facts_leaf(facts, pointer, 0);
    if (leaf.root.kind != TJ_ROOT_ALLOCA)
        return UINT32_MAX;
    return (uint32_t)(tj_facts_find(facts, leaf.root.value) - facts->values);
}

/* Leaves that nothing is known of yet may still turn out uniform. */
static bool is_same(const tj_facts *facts, LLVMValueRef value)
{
    uint32_t count = tj_leaf_count(LLVMTypeOf(value));

    for (uint32_t i = 0; i < count; i++) {
        tj_leaf leaf = tj_facts_leaf(facts, value, i);

        if ((leaf.shape.kind != TJ_UNIFORM && leaf.shape.kind != TJ_UNSEEN) ||
            leaf.root.kind == TJ_ROOT_ALLOCA || leaf.root.is_varying)
            return false;
    }
    return true;
}

static bool is_same_place(const tj_facts *facts, LLVMValueRef pointer)
{
    tj_leaf leaf = tj_facts_leaf(facts, pointer, 0);

    return leaf.shape.kind == TJ_UNIFORM || leaf.shape.kind == TJ_UNSEEN;
}

/* Whether what instruction `inst` does with the array at operand `op` keeps it uniform. */
static bool keeps_uniform(const tj_facts *facts, const tj_value *record, unsigned op)
{
    LLVMValueRef inst = record->value;

    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMLoad:
        return LLVMGetOrdering(inst) == LLVMAtomicOrderingNotAtomic;
    case LLVMGetElementPtr:
    case LLVMAddrSpaceCast:
        return true;
    case LLVMStore:
        return op == 1 && LLVMGetOrdering(inst) == LLVMAtomicOrderingNotAtomic &&
               tj_mask_class(facts, record->block) == 0 &&
               is_same_place(facts, LLVMGetOperand(inst, 1)) &&
               is_same(facts, LLVMGetOperand(inst, 0));
    default:
        return false;
    }
}

bool tj_shape_update_arrays(tj_facts *facts)
{
    bool changed = false;

    for (uint32_t v = 0; v < facts->value_count; v++) {
        const tj_value *record = &facts->values[v];

        if (record->block == TJ_NONE)
            continue;
        for (int op = 0; op < LLVMGetNumOperands(record->value); op++) {
            uint32_t array = array_number(facts, LLVMGetOperand(record->value, (unsigned)op));

            if (array == UINT32_MAX || facts->is_varying_array[array] ||
                keeps_uniform(facts, record, (unsigned)op))
                continue;
            facts->is_varying_array[array] = changed = true;
        }
    }
    return changed;
}
