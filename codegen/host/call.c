/* SPDX-License-Identifier: MIT */
/* One instruction to its emitter; calls by the table's effect; barriers and traps. */
#include "host.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void emit_by_opcode(tj_gen *g, LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMAlloca: /* made in the entry block */
    case LLVMFence:  /* threads of a slice run in order; workers meet at atomics */
        return;
    case LLVMLoad:
        tj_emit_load(g, inst);
        return;
    case LLVMStore:
        tj_emit_store(g, inst);
        return;
    case LLVMGetElementPtr:
        tj_emit_gep(g, inst);
        return;
    case LLVMCall:
        tj_emit_call(g, inst);
        return;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        tj_emit_atomic_inst(g, inst);
        return;
    default:
        tj_emit_op(g, inst);
    }
}

void tj_emit_inst(tj_gen *g, LLVMValueRef inst)
{
    emit_by_opcode(g, inst);
    if (!g->status)
        tj_emit_origins(g, inst);
}

/* The lanes that a barrier need not wait for: those that are here, and those that can reach no
 * barrier any more. */
static LLVMValueRef come_or_past(tj_gen *g)
{
    LLVMValueRef past;

    if (g->is_full || g->mask == g->entry_mask || !g->past_slot)
        return g->mask;
    past = LLVMBuildLoad2(g->b, g->t.mask, g->past_slot, "past");
    return LLVMBuildOr(g->b, g->mask, past, "");
}

/* All lanes of the SIMD-group that can still come are needed. */
static void require_lanes(tj_gen *g, LLVMValueRef inst, const char *what)
{
    LLVMBasicBlockRef good, bad;
    LLVMValueRef missing;

    if (g->is_full || g->mask == g->entry_mask)
        return;
    good = tj_new_block(g, "together");
    bad = tj_new_block(g, "apart");
    missing = LLVMBuildXor(g->b, come_or_past(g), g->entry_mask, "");
    tj_likely(g, LLVMBuildNot(g->b, tj_any(g, missing), ""), good, bad);
    LLVMPositionBuilderAtEnd(g->b, bad);
    LLVMValueRef args[] = {g->frame, g->slice, tj_i32(g, tj_add_site(g, inst, what)),
                           tj_mask_bits(g, g->mask)};

    tj_extern(g, "tjrt_trap_diverged", g->t.void_, args, 4);
    LLVMBuildUnreachable(g->b);
    LLVMPositionBuilderAtEnd(g->b, good);
}

/* Tells the runtime where the slice waits. */
static void note_wait(tj_gen *g, unsigned site)
{
    LLVMValueRef slice = LLVMBuildZExt(g->b, g->slice, g->t.i64, "");
    LLVMValueRef byte_offset = LLVMBuildMul(g->b, slice, tj_i64(g, sizeof(tjrt_wait)), "");
    LLVMValueRef wait = tj_gep(g, tj_frame_load(g, "waits", 0), byte_offset);
    LLVMValueRef mask = tj_gep(g, wait, tj_i64(g, offsetof(tjrt_wait, lane_mask)));

    LLVMValueRef stores[] = {LLVMBuildStore(g->b, tj_i32(g, site), wait),
                             LLVMBuildStore(g->b, tj_mask_bits(g, come_or_past(g)), mask)};
    unsigned kind = LLVMGetMDKindIDInContext(g->llctx, "tj.wait", 7);
    LLVMValueRef none = LLVMMetadataAsValue(g->llctx, LLVMMDNodeInContext2(g->llctx, NULL, 0));

    for (unsigned i = 0; i < 2; i++)
        LLVMSetMetadata(stores[i], kind, none); /* for the coroutine only: see phases.c */
}

void tj_emit_barrier(tj_gen *g, LLVMValueRef inst)
{
    if (!g->has_barrier) { /* the whole threadgroup is this slice */
        require_lanes(g, inst, "barrier");
        return;
    }
    g->may_part = g->may_part || !(g->is_full || g->mask == g->entry_mask);
    note_wait(g, tj_add_site(g, inst, "barrier"));
    tj_suspend(g);
}

static void emit_trap(tj_gen *g, LLVMValueRef inst)
{
    LLVMBasicBlockRef trap = tj_new_block(g, "trap"), go = tj_new_block(g, "no_trap");

    LLVMBuildCondBr(g->b, tj_any(g, g->mask), trap, go);
    LLVMPositionBuilderAtEnd(g->b, trap);
    LLVMValueRef args[] = {g->frame, g->slice, tj_i32(g, tj_add_site(g, inst, "trap")),
                           tj_mask_bits(g, g->mask)};

    tj_extern(g, "tjrt_trap_user", g->t.void_, args, 4);
    LLVMBuildUnreachable(g->b);
    LLVMPositionBuilderAtEnd(g->b, go);
}

static void emit_pure(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    char message[160];

    if (use->id == TJ_INTRIN_CONVERT) {
        tj_emit_convert(g, inst, use);
    } else if (!tj_emit_math(g, inst, use)) {
        snprintf(message, sizeof(message), "'air.%s' is not lowered for the host",
                 tj_intrin_infos[use->id].name);
        tj_give_up(g, inst, message);
    }
}

void tj_emit_call(tj_gen *g, LLVMValueRef inst)
{
    size_t length;
    const char *name = LLVMGetValueName2(LLVMGetCalledValue(inst), &length);
    tj_intrin_use use;

    if (strcmp(name, "llvm.trap") == 0) {
        emit_trap(g, inst);
        return;
    }
    if (strncmp(name, "llvm.", 5) == 0) {
        if (!tj_emit_llvm_call(g, inst, name + 5))
            tj_give_up(g, inst, "this llvm intrinsic is not lowered for the host");
        return;
    }
    if (!tj_intrin_of(inst, &use)) {
        tj_give_up(g, inst, "call of a function outside the accepted language");
        return;
    }
    if (tj_intrin_infos[use.id].overload == TJ_OVL_MAT) {
        require_lanes(g, inst, tj_intrin_infos[use.id].name);
        if (g->options->is_ragged)
            tj_require_simdgroup(g, inst, tj_intrin_infos[use.id].name);
        tj_emit_matrix(g, inst, &use);
        return;
    }
    switch (tj_intrin_infos[use.id].effect) {
    case TJ_EFFECT_PURE:
        emit_pure(g, inst, &use);
        return;
    case TJ_EFFECT_LANES:
        tj_emit_simd(g, inst, &use);
        return;
    case TJ_EFFECT_BARRIER:
        tj_emit_barrier(g, inst);
        return;
    case TJ_EFFECT_FENCE:
        return;
    case TJ_EFFECT_MEMORY:
        tj_emit_atomic_call(g, inst, &use);
        return;
    }
}

/* A SIMD-group at a ragged edge may have fewer than 32 threads. */
void tj_require_simdgroup(tj_gen *g, LLVMValueRef inst, const char *what)
{
    LLVMBasicBlockRef good = tj_new_block(g, "whole"), bad = tj_new_block(g, "partial");
    LLVMValueRef bits = tj_mask_bits(g, g->mask);

    tj_likely(g, LLVMBuildICmp(g->b, LLVMIntEQ, bits, tj_i32(g, UINT32_MAX), ""), good, bad);
    LLVMPositionBuilderAtEnd(g->b, bad);
    LLVMValueRef args[] = {g->frame, g->slice, tj_i32(g, tj_add_site(g, inst, what)), bits};

    tj_extern(g, "tjrt_trap_diverged", g->t.void_, args, 4);
    LLVMBuildUnreachable(g->b);
    LLVMPositionBuilderAtEnd(g->b, good);
}
