/* SPDX-License-Identifier: MIT */
/* Values that cross blocks of a coroutine get slots; where slots are live, in the whole
 * function and within a phase. Sets are bits, the equations are those of any backward problem.
 */
#include "phases.h"

#include <string.h>

static void add_slot(uint64_t *set, uint32_t slot)
{
    set[slot / 64] |= UINT64_C(1) << slot % 64;
}

static uint64_t *set_of(const tj_flow *f, uint64_t *sets, uint32_t b)
{
    return sets + (size_t)b * f->words;
}

/* Whether a value is used outside of its block; a phi uses at the end of its predecessors. */
static bool is_crossing(const tj_flow *f, const tj_phase_value *value)
{
    LLVMBasicBlockRef home = f->blocks[value->block].bb;

    for (LLVMUseRef use = LLVMGetFirstUse(value->inst); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (!tj_phase_value_of(f, user))
            continue; /* in a block that only the coroutine has */
        if (!LLVMIsAPHINode(user) && LLVMGetInstructionParent(user) != home)
            return true;
        for (unsigned i = 0; LLVMIsAPHINode(user) && i < LLVMCountIncoming(user); i++)
            if (LLVMGetIncomingValue(user, i) == value->inst &&
                LLVMGetIncomingBlock(user, i) != home)
                return true;
    }
    return false;
}

static uint32_t new_slot(tj_flow *f, const tj_phase_value *value)
{
    f->slots[f->slot_count] = (tj_phase_slot){
        .type = LLVMTypeOf(value->inst), .is_variant = value->is_variant, .offset = UINT64_MAX};
    return f->slot_count++;
}

static void make_slots(tj_flow *f)
{
    f->slots = tj_new_array(f->g->arena, tj_phase_slot, 2 * (size_t)f->value_count + 1);
    for (uint32_t v = 0; v < f->value_count; v++) {
        tj_phase_value *value = &f->values[v];
        LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(value->inst));
        bool is_slot = !value->is_early && !value->is_again && kind != LLVMVoidTypeKind &&
                       kind != LLVMTokenTypeKind && !LLVMIsAAllocaInst(value->inst) &&
                       is_crossing(f, value);

        if (LLVMIsAPHINode(value->inst))
            value->phi_slot = new_slot(f, value);
        if (is_slot)
            value->slot = new_slot(f, value);
    }
}

static void add_use(tj_flow *f, uint32_t b, LLVMValueRef operand)
{
    const tj_phase_value *value = tj_phase_value_of(f, operand);

    if (value && value->slot != TJ_NO_SLOT && value->block != b)
        add_slot(set_of(f, f->uses, b), value->slot);
}

/* What the phis of `succ` make of an edge from block `b`. */
static void add_edge(tj_flow *f, uint32_t b, uint32_t succ)
{
    LLVMValueRef phi = LLVMGetFirstInstruction(f->blocks[succ].bb);

    for (; LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        add_slot(set_of(f, f->defs, b), tj_phase_value_of(f, phi)->phi_slot);
        for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
            if (LLVMGetIncomingBlock(phi, i) == f->blocks[b].bb)
                add_use(f, b, LLVMGetIncomingValue(phi, i));
    }
}

static void find_uses(tj_flow *f)
{
    for (uint32_t v = 0; v < f->value_count; v++) {
        const tj_phase_value *value = &f->values[v];

        if (value->slot != TJ_NO_SLOT)
            add_slot(set_of(f, f->defs, value->block), value->slot);
        if (value->phi_slot != TJ_NO_SLOT) {
            add_slot(set_of(f, f->uses, value->block), value->phi_slot);
            continue;
        }
        for (int o = 0; o < LLVMGetNumOperands(value->inst); o++)
            add_use(f, value->block, LLVMGetOperand(value->inst, (unsigned)o));
    }
    for (uint32_t b = 0; b < f->block_count; b++)
        for (unsigned s = 0; s < f->blocks[b].succ_count; s++)
            add_edge(f, b, f->blocks[b].succ[s]);
}

/* One step of the equations: what is live at the start of `b`; whether that is more. */
static bool flow_back(tj_flow *f, uint32_t b, uint64_t *sets, const uint64_t *out)
{
    uint64_t *in = set_of(f, sets, b), grown = 0;

    for (unsigned w = 0; w < f->words; w++) {
        uint64_t now = set_of(f, f->uses, b)[w] | (out[w] & ~set_of(f, f->defs, b)[w]);

        grown |= now & ~in[w];
        in[w] |= now;
    }
    return grown;
}

static void join(tj_flow *f, uint64_t *out, const uint64_t *set)
{
    for (unsigned w = 0; w < f->words; w++)
        out[w] |= set[w];
}

static void find_live(tj_flow *f)
{
    uint64_t *out = tj_new_array(f->g->arena, uint64_t, f->words);

    for (bool is_new = true; is_new;) {
        is_new = false;
        for (uint32_t b = f->block_count; b-- > 0;) {
            memset(out, 0, f->words * sizeof *out);
            for (unsigned s = 0; s < f->blocks[b].succ_count; s++)
                join(f, out, set_of(f, f->live, f->blocks[b].succ[s]));
            is_new |= flow_back(f, b, f->live, out);
        }
    }
}

void tj_find_phase_slots(tj_flow *f)
{
    size_t words;

    make_slots(f);
    f->words = f->slot_count / 64 + 1;
    words = (size_t)f->words * f->block_count;
    f->uses = tj_new_array(f->g->arena, uint64_t, words);
    f->defs = tj_new_array(f->g->arena, uint64_t, words);
    f->live = tj_new_array(f->g->arena, uint64_t, words);
    f->phase_live = tj_new_array(f->g->arena, uint64_t, words);
    f->written = tj_new_array(f->g->arena, uint64_t, f->words);
    find_uses(f);
    find_live(f);
}

uint32_t tj_phase_blocks(const tj_flow *f, uint32_t start, uint32_t *list)
{
    tj_mark mark = tj_arena_mark(f->g->arena);
    bool *seen = tj_new_array(f->g->arena, bool, f->block_count);
    uint32_t count = 1;

    list[0] = start;
    seen[start] = true;
    for (uint32_t i = 0; i < count; i++) {
        const tj_phase_block *block = &f->blocks[list[i]];

        for (unsigned s = 0; !block->stop && s < block->succ_count; s++)
            if (!seen[block->succ[s]]) {
                seen[block->succ[s]] = true;
                list[count++] = block->succ[s];
            }
    }
    tj_arena_rewind(f->g->arena, mark);
    return count;
}

void tj_find_phase_live(tj_flow *f, const uint32_t *list, uint32_t count, uint32_t start)
{
    tj_mark mark = tj_arena_mark(f->g->arena);
    uint64_t *out = tj_new_array(f->g->arena, uint64_t, f->words);

    memset(f->written, 0, f->words * sizeof *f->written);
    for (uint32_t i = 0; i < count; i++) {
        join(f, f->written, set_of(f, f->defs, list[i]));
        memset(set_of(f, f->phase_live, list[i]), 0, f->words * sizeof *out);
    }
    for (bool is_new = true; is_new;) {
        is_new = false;
        for (uint32_t i = count; i-- > 0;) {
            const tj_phase_block *block = &f->blocks[list[i]];

            memset(out, 0, f->words * sizeof *out);
            for (unsigned s = 0; s < block->succ_count; s++)
                join(f, out, set_of(f, block->stop ? f->live : f->phase_live, block->succ[s]));
            for (unsigned w = 0; block->stop && w < f->words; w++)
                out[w] &= f->written[w];
            is_new |= flow_back(f, list[i], f->phase_live, out);
        }
    }
    f->in = set_of(f, f->phase_live, start);
    tj_arena_rewind(f->g->arena, mark);
}
