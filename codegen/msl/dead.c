/* SPDX-License-Identifier: MIT */
/* Deletes what the kernel computes for nobody: stores that are never read, and all that no
 * effect depends on.
 */
#include "prepare.h"

/* Thread memory that nobody reads. */
static bool is_only_written(LLVMValueRef pointer)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (LLVMIsAStoreInst(user) ? LLVMGetOperand(user, 0) == pointer || LLVMGetVolatile(user)
                                   : !LLVMIsAGetElementPtrInst(user) || !is_only_written(user))
            return false;
    }
    return true;
}

static bool is_lost(LLVMValueRef store)
{
    LLVMValueRef root = tj_msl_root(LLVMGetOperand(store, 1));

    return LLVMIsAAllocaInst(root) && is_only_written(root);
}

static bool has_effect(LLVMValueRef inst)
{
    tj_intrin_use use;

    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMStore:
        return !is_lost(inst);
    case LLVMFence:
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        return true;
    case LLVMLoad:
        return LLVMGetVolatile(inst);
    case LLVMCall:
        return tj_intrin_of(inst, &use)
                   ? tj_intrin_infos[use.id].effect > TJ_EFFECT_LANES
                   : !LLVMGetIntrinsicID(LLVMGetCalledValue(inst)) ||
                         LLVMGetTypeKind(LLVMTypeOf(inst)) == LLVMVoidTypeKind;
    default:
        return LLVMIsATerminatorInst(inst) != NULL;
    }
}

/* Whether some of its first users, theirs and so on, have an effect; `phi` is where it began.
 */
static bool feeds_effect(LLVMValueRef value, LLVMValueRef phi, unsigned *budget)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value); use && *budget; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        --*budget;
        if (user != phi && (has_effect(user) || feeds_effect(user, phi, budget)))
            return true;
    }
    return false;
}

/* Deletes what nobody uses; whether phis may be left that are only each other's operands. */
static bool delete_unused(LLVMValueRef *list, unsigned count, const bool *is_live)
{
    bool has_left = false, is_again = true;

    while (is_again) { /* a phi uses what stands behind it */
        is_again = false;
        for (unsigned i = count; i-- > 0;)
            if (list[i] && !is_live[i] && !LLVMGetFirstUse(list[i])) {
                is_again |= LLVMIsAPHINode(list[i]) != NULL;
                LLVMInstructionEraseFromParent(list[i]);
                list[i] = NULL;
            }
    }
    for (unsigned i = 0; i < count && !has_left; i++) {
        unsigned budget = 64;

        has_left =
            list[i] && LLVMIsAPHINode(list[i]) && !feeds_effect(list[i], list[i], &budget);
    }
    return has_left;
}

/* Marks what `work` depends on, and deletes the rest. */
static void sweep(tj_msl *m, LLVMValueRef *list, unsigned count, bool *is_live)
{
    uint32_t *work = tj_new_array(m->arena, uint32_t, count + 1);
    unsigned waiting = 0;
    tj_ptrmap index;

    tj_ptrmap_init(&index, m->arena, count + 1);
    for (unsigned i = 0; i < count; i++) {
        if (list[i])
            tj_ptrmap_put(&index, list[i], i);
        if (is_live[i])
            work[waiting++] = i;
    }
    while (waiting) {
        LLVMValueRef inst = list[work[--waiting]];

        for (int n = 0; n < LLVMGetNumOperands(inst); n++) {
            uint32_t at = tj_ptrmap_find(&index, LLVMGetOperand(inst, (unsigned)n));

            if (at != UINT32_MAX && !is_live[at]) {
                is_live[at] = true;
                work[waiting++] = at;
            }
        }
    }
    for (unsigned i = count; i-- > 0;)
        if (list[i] && !is_live[i]) {
            if (LLVMGetFirstUse(list[i]))
                LLVMReplaceAllUsesWith(list[i], LLVMGetUndef(LLVMTypeOf(list[i])));
            LLVMInstructionEraseFromParent(list[i]);
        }
}

/* What no effect depends on, phis that are only each other's operands among it; those are rare,
 * and finding them takes most of the time. */
void tj_msl_delete_dead(tj_msl *m)
{
    unsigned count = 0;
    LLVMValueRef *list = tj_msl_instructions(m, &count);
    bool *is_live = tj_new_array(m->arena, bool, count + 1);

    for (unsigned i = 0; i < count; i++)
        is_live[i] = has_effect(list[i]);
    if (delete_unused(list, count, is_live))
        sweep(m, list, count, is_live);
}
