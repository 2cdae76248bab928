/* SPDX-License-Identifier: MIT */
/* What a canonical kernel contains, counted from the table of intrinsics. */
#include "objects.h"

#include "intrin.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

static void count_call(LLVMValueRef call, tmjit_kernel_facts *facts)
{
    tj_intrin_use use;

    if (!tj_intrin_of(call, &use))
        return;
    const tj_intrin_info *info = &tj_intrin_infos[use.id];
    facts->barrier_count += info->effect == TJ_EFFECT_BARRIER;
    facts->matrix_op_count += info->overload == TJ_OVL_MAT;
    facts->atomic_count += info->overload == TJ_OVL_ATOMIC;
    facts->simd_op_count += info->effect == TJ_EFFECT_LANES && info->overload != TJ_OVL_MAT;
}

static uint64_t alloca_byte_len(LLVMTargetDataRef layout, LLVMValueRef inst)
{
    LLVMValueRef count = LLVMGetOperand(inst, 0);
    uint64_t byte_len = LLVMABISizeOfType(layout, LLVMGetAllocatedType(inst));

    return LLVMIsAConstantInt(count) ? byte_len * LLVMConstIntGetZExtValue(count) : byte_len;
}

static void count_inst(LLVMTargetDataRef layout, LLVMValueRef inst, tmjit_kernel_facts *facts)
{
    if (LLVMIsACallInst(inst))
        count_call(inst, facts);
    else if (LLVMIsAAllocaInst(inst))
        facts->private_byte_len += alloca_byte_len(layout, inst);
}

uint64_t tj_static_byte_len(const tj_unit *unit)
{
    LLVMModuleRef module = unit->module;
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(module);
    uint64_t total = 0;

    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g)) {
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) != TJ_AS_THREADGROUP)
            continue;
        LLVMTypeRef type = LLVMGlobalGetValueType(g);
        uint64_t align = LLVMGetAlignment(g);
        if (!align)
            align = LLVMABIAlignmentOfType(layout, type);
        total = (total + align - 1) / align * align + LLVMABISizeOfType(layout, type);
    }
    return total;
}

void tj_count_facts(const tj_unit *unit, tmjit_kernel_facts *out)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(unit->module);
    LLVMValueRef function = unit->kernels[0].function;
    tmjit_kernel_facts facts = {.flush_subnormals = unit->flush_subnormals};
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function);

    for (; block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef inst = LLVMGetFirstInstruction(block);
        for (; inst; inst = LLVMGetNextInstruction(inst))
            count_inst(layout, inst, &facts);
    }
    facts.static_threadgroup_byte_len = tj_static_byte_len(unit);
    *out = facts;
}
