/* SPDX-License-Identifier: MIT */
/* Barriers without coroutines: a loop over the threadgroup's slices for each phase.
 *
 * needs   the coroutine of a slice in SSA form, not yet split
 * leaves  one function of the whole threadgroup, or what was there where slices may take
 *         different ways to a barrier, by all that is known, or code would grow too much
 *
 * What PoCL calls work-item loops (Jaaskelainen et al., "pocl: A Performance-Portable OpenCL
 * Implementation", IJPP 2015), over slices. A phase begins behind a barrier and has a copy of
 * every block that is reached without passing another. Values that cross blocks go through
 * slots; those that cross phases are kept in the slice's record, or once where all slices hold
 * the same. What a phase fetches it copies first: other slices still want the old value.
 */
#include "phases.h"

#include <string.h>

enum { MAX_PHASE_BLOCKS = 400, MAX_GROWTH = 2, FREE_GROWTH = 400 };
enum { MAX_RECORDS = 16 << 20 }; /* bytes of a threadgroup */

typedef struct cutter {
    tj_gen *g;
    tj_flow flow;
    LLVMValueRef coroutine;
    LLVMBasicBlockRef entry, done;
    LLVMBasicBlockRef *start; /* by block: where the phase that begins there begins */
    uint32_t *list;           /* blocks of the phase */
    LLVMBasicBlockRef *copy;  /* by block: in this phase */
    LLVMBasicBlockRef head;
    LLVMValueRef index; /* alloca: which slice of the order runs */
    LLVMValueRef order, count, is_shuffled, slice, record;
    LLVMValueRef records, records_base; /* alloca: bytes of one; where the first is */
    uint64_t record_byte_len;
    unsigned phase, block; /* numbers of what is copied, from 1 */
} cutter;

/* ---- what it would cost ------------------------------------------------------------------ */

static uint32_t count_instructions(LLVMBasicBlockRef bb)
{
    uint32_t count = 0;

    for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
        count++;
    return count;
}

/* Whether block `b` begins a phase. */
static bool is_start(const tj_flow *f, uint32_t b)
{
    if (!b)
        return true;
    for (uint32_t w = 0; w < f->block_count; w++)
        if (f->blocks[w].stop == TJ_STOP_WAIT && f->blocks[w].succ[0] == b)
            return true;
    return false;
}

static bool is_affordable(cutter *c)
{
    tj_flow *f = &c->flow;
    uint32_t blocks = 0, total = 0;

    for (uint32_t b = 0; b < f->block_count; b++) {
        uint32_t count = is_start(f, b) ? tj_phase_blocks(f, b, c->list) : 0;

        for (uint32_t i = 0; i < count; i++)
            total += count_instructions(f->blocks[c->list[i]].bb);
        blocks += count;
    }
    return blocks <= MAX_PHASE_BLOCKS && total <= MAX_GROWTH * f->value_count + FREE_GROWTH;
}

static uint64_t aligned(uint64_t offset, uint64_t align)
{
    return (offset + align - 1) / align * align;
}

static uint64_t most_slices(const tj_gen *g)
{
    const uint32_t *size = g->options->threadgroup;

    return ((uint64_t)size[0] * size[1] * size[2] + g->lanes - 1) / g->lanes;
}

/* Whether records stay small when every value is in them. */
static bool has_room(const cutter *c)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(c->g->module);
    const tj_flow *f = &c->flow;
    uint64_t bytes = 0;

    for (uint32_t v = 0; v < f->value_count && !f->values[v].block; v++)
        if (LLVMIsAAllocaInst(f->values[v].inst))
            bytes += LLVMABISizeOfType(layout, LLVMGetAllocatedType(f->values[v].inst)) + 64;
    for (uint32_t s = 0; s < f->slot_count; s++)
        bytes += LLVMABISizeOfType(layout, f->slots[s].type) + 64;
    return bytes * most_slices(c->g) <= MAX_RECORDS;
}

/* ---- operands ---------------------------------------------------------------------------- */

static LLVMValueRef copy_of(cutter *c, LLVMValueRef operand);

static void set_operands(cutter *c, LLVMValueRef copy)
{
    for (int o = 0; o < LLVMGetNumOperands(copy); o++) {
        LLVMValueRef operand = LLVMGetOperand(copy, (unsigned)o);

        if (!LLVMValueIsBasicBlock(operand))
            LLVMSetOperand(copy, (unsigned)o, copy_of(c, operand));
    }
}

/* A value made of the slice's number, at the head of the phase. */
static LLVMValueRef make_again(cutter *c, tj_phase_value *value)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(c->g->b);
    unsigned block = c->block;

    if (value->again_phase == c->phase)
        return value->again;
    value->again = LLVMInstructionClone(value->inst);
    value->again_phase = c->phase;
    c->block = 0; /* nothing of the block is there yet */
    set_operands(c, value->again);
    c->block = block;
    LLVMPositionBuilderAtEnd(c->g->b, c->head);
    LLVMInsertIntoBuilder(c->g->b, value->again);
    LLVMPositionBuilderAtEnd(c->g->b, here);
    return value->again;
}

static LLVMValueRef copy_of(cutter *c, LLVMValueRef operand)
{
    tj_phase_value *value = tj_phase_value_of(&c->flow, operand);

    if (operand == c->flow.slice_param)
        return c->slice;
    if (operand == LLVMGetParam(c->coroutine, 0))
        return c->g->frame;
    if (!value)
        return operand;
    if (value->is_early)
        return value->early;
    if (c->block && value->local_block == c->block)
        return value->local;
    if (value->is_again)
        return make_again(c, value);
    value->local =
        LLVMBuildLoad2(c->g->b, LLVMTypeOf(value->inst), c->flow.slots[value->slot].local, "");
    value->local_block = c->block;
    return value->local;
}

/* ---- slots ---------------------------------------------------------------------------------
 */

static uint64_t reserve(cutter *c, LLVMTypeRef type)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(c->g->module);
    uint64_t size = LLVMABISizeOfType(layout, type), align = size >= 64 ? 64 : 8;
    uint64_t offset = aligned(c->record_byte_len, align);

    c->record_byte_len = offset + size;
    return offset;
}

/* Where a variant slot is in the record of the slice that runs. */
static LLVMValueRef kept_at(cutter *c, tj_phase_slot *slot)
{
    if (slot->offset == UINT64_MAX)
        slot->offset = reserve(c, slot->type);
    return tj_gep(c->g, c->record, tj_i64(c->g, slot->offset));
}

static LLVMValueRef in_entry(cutter *c, LLVMTypeRef type)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(c->g->b);
    LLVMValueRef first = LLVMGetFirstInstruction(c->entry), slot;

    LLVMPositionBuilderBefore(c->g->b, first);
    slot = LLVMBuildAlloca(c->g->b, type, "");
    LLVMSetAlignment(slot, 64);
    LLVMPositionBuilderAtEnd(c->g->b, here);
    return slot;
}

static LLVMValueRef fetch(cutter *c, LLVMTypeRef type, LLVMValueRef pointer)
{
    LLVMValueRef load = LLVMBuildLoad2(c->g->b, type, pointer, "");

    LLVMSetAlignment(load, 8);
    return load;
}

static void move_slot(cutter *c, LLVMTypeRef type, LLVMValueRef to, LLVMValueRef from)
{
    LLVMValueRef store = LLVMBuildStore(c->g->b, fetch(c, type, from), to);

    LLVMSetAlignment(store, 8);
}

static LLVMValueRef place_of(cutter *c, tj_phase_slot *slot)
{
    if (slot->is_variant)
        return kept_at(c, slot);
    if (!slot->kept)
        slot->kept = in_entry(c, slot->type);
    return slot->kept;
}

static void make_locals(cutter *c)
{
    for (uint32_t s = 0; s < c->flow.slot_count; s++)
        c->flow.slots[s].local = in_entry(c, c->flow.slots[s].type);
}

/* ---- blocks --------------------------------------------------------------------------------
 */

/* What the phis of `succ` get from block `b`: all are read before one is written. */
static void leave_to(cutter *c, uint32_t b, uint32_t succ)
{
    tj_flow *f = &c->flow;
    LLVMValueRef first = LLVMGetFirstInstruction(f->blocks[succ].bb);
    unsigned count = 0;
    LLVMValueRef *values;

    for (LLVMValueRef phi = first; LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
        count++;
    values = tj_new_array(c->g->arena, LLVMValueRef, count + 1);
    count = 0;
    for (LLVMValueRef phi = first; LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        unsigned i = 0;

        while (LLVMGetIncomingBlock(phi, i) != f->blocks[b].bb)
            i++;
        values[count++] = copy_of(c, LLVMGetIncomingValue(phi, i));
    }
    count = 0;
    for (LLVMValueRef phi = first; LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
        LLVMBuildStore(c->g->b, values[count++],
                       f->slots[tj_phase_value_of(f, phi)->phi_slot].local);
}

static bool is_skipped(const cutter *c, LLVMValueRef inst)
{
    unsigned wait = LLVMGetMDKindIDInContext(c->g->llctx, "tj.wait", 7);
    size_t length;

    if (LLVMIsACallInst(inst) && LLVMIsAFunction(LLVMGetCalledValue(inst))) {
        const char *name = LLVMGetValueName2(LLVMGetCalledValue(inst), &length);

        return strncmp(name, "llvm.coro.", 10) == 0 || strcmp(name, "tjrt_frame_take") == 0;
    }
    return LLVMIsAStoreInst(inst) && LLVMGetMetadata(inst, wait);
}

/* Scratch of slow paths, which is written before it is read, is shared; private arrays, rows of
 * bytes, are in the slice's record. */
static void place_array(cutter *c, tj_phase_value *value)
{
    LLVMTypeRef type = LLVMGetAllocatedType(value->inst);
    bool is_scratch =
        LLVMGetTypeKind(type) == LLVMVectorTypeKind ||
        (LLVMGetTypeKind(type) == LLVMArrayTypeKind && LLVMGetElementType(type) == c->g->t.i64);

    if (is_scratch) {
        if (!value->is_early) {
            value->early = in_entry(c, type);
            LLVMSetAlignment(value->early, LLVMGetAlignment(value->inst));
        }
    } else {
        if (!value->is_early) { /* arrays promise their alignment to every access */
            c->record_byte_len = aligned(c->record_byte_len, 64);
            value->offset = reserve(c, type);
        }
        value->early = tj_gep(c->g, c->record, tj_i64(c->g, value->offset));
    }
    value->is_early = true;
}

static void copy_instruction(cutter *c, LLVMValueRef inst)
{
    tj_phase_value *value = tj_phase_value_of(&c->flow, inst);
    LLVMValueRef copy;

    if (value->is_early || is_skipped(c, inst) || LLVMIsAAllocaInst(inst))
        return;
    if (LLVMIsAPHINode(inst)) {
        copy =
            LLVMBuildLoad2(c->g->b, LLVMTypeOf(inst), c->flow.slots[value->phi_slot].local, "");
    } else {
        copy = LLVMInstructionClone(inst);
        set_operands(c, copy);
        LLVMInsertIntoBuilder(c->g->b, copy);
    }
    value->local = copy;
    value->local_block = c->block;
    if (value->slot != TJ_NO_SLOT)
        LLVMBuildStore(c->g->b, copy, c->flow.slots[value->slot].local);
}

/* The slice stands at a barrier or at its end: the next one's turn, or the next phase's. */
static void end_turn(cutter *c, uint32_t b)
{
    tj_flow *f = &c->flow;
    tj_gen *g = c->g;
    const tj_phase_block *block = &f->blocks[b];
    LLVMBasicBlockRef over = tj_new_block(g, "over");
    LLVMValueRef next;

    for (uint32_t s = 0; s < f->slot_count; s++)
        if (f->slots[s].is_variant && tj_is_kept(f, b, s))
            move_slot(c, f->slots[s].type, place_of(c, &f->slots[s]), f->slots[s].local);
    next = LLVMBuildAdd(g->b, LLVMBuildLoad2(g->b, g->t.i32, c->index, ""), tj_i32(g, 1), "");
    LLVMBuildStore(g->b, next, c->index);
    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntULT, next, c->count, ""), c->head, over);
    LLVMPositionBuilderAtEnd(g->b, over);
    for (uint32_t s = 0; s < f->slot_count; s++)
        if (!f->slots[s].is_variant && tj_is_kept(f, b, s))
            move_slot(c, f->slots[s].type, place_of(c, &f->slots[s]), f->slots[s].local);
    LLVMBuildBr(g->b, block->stop == TJ_STOP_END ? c->done : c->start[block->succ[0]]);
}

static bool is_suspend(LLVMValueRef inst)
{
    size_t length;

    return LLVMIsACallInst(inst) && LLVMIsAFunction(LLVMGetCalledValue(inst)) &&
           strcmp(LLVMGetValueName2(LLVMGetCalledValue(inst), &length), "llvm.coro.suspend") ==
               0;
}

static void copy_block(cutter *c, uint32_t b)
{
    const tj_phase_block *block = &c->flow.blocks[b];
    LLVMValueRef last = LLVMGetBasicBlockTerminator(block->bb), copy;

    c->block++;
    LLVMPositionBuilderAtEnd(c->g->b, c->copy[b]);
    for (LLVMValueRef i = LLVMGetFirstInstruction(block->bb); i != last && !is_suspend(i);
         i = LLVMGetNextInstruction(i))
        copy_instruction(c, i);
    for (unsigned s = 0; s < block->succ_count; s++)
        leave_to(c, b, block->succ[s]);
    if (block->stop) {
        end_turn(c, b);
        return;
    }
    copy = LLVMInstructionClone(last);
    set_operands(c, copy);
    for (unsigned s = 0; s < LLVMGetNumSuccessors(last); s++)
        LLVMSetSuccessor(
            copy, s, c->copy[tj_ptrmap_find(&c->flow.block_index, LLVMGetSuccessor(last, s))]);
    LLVMInsertIntoBuilder(c->g->b, copy);
}

/* ---- phases --------------------------------------------------------------------------------
 */

/* Seeded orders change at each barrier. */
static void shuffle(cutter *c)
{
    tj_gen *g = c->g;
    LLVMBasicBlockRef shuffle = tj_new_block(g, "shuffle"), go = tj_new_block(g, "go");

    tj_likely(g, c->is_shuffled, go, shuffle);
    LLVMPositionBuilderAtEnd(g->b, shuffle);
    tj_extern(g, "tjrt_next_order", g->t.void_, &g->frame, 1);
    LLVMBuildBr(g->b, go);
    LLVMPositionBuilderAtEnd(g->b, go);
}

static void begin_turn(cutter *c)
{
    tj_gen *g = c->g;
    LLVMValueRef at = LLVMBuildLoad2(g->b, g->t.i32, c->index, "at");

    at = LLVMBuildMul(g->b, LLVMBuildZExt(g->b, at, g->t.i64, ""), tj_i64(g, 2), "");
    c->slice = LLVMBuildLoad2(g->b, g->t.i16, tj_gep(g, c->order, at), "");
    c->slice = LLVMBuildZExt(g->b, c->slice, g->t.i32, "slice");
    at = LLVMBuildZExt(g->b, c->slice, g->t.i64, "");
    /* The length is known when all phases are made. */
    c->record = LLVMBuildMul(g->b, at, LLVMBuildLoad2(g->b, g->t.i64, c->records, ""), "");
    c->record = tj_gep(g, c->records_base, c->record);
}

static void make_phase(cutter *c, uint32_t start)
{
    tj_flow *f = &c->flow;
    tj_gen *g = c->g;
    uint32_t count = tj_phase_blocks(f, start, c->list);

    tj_find_phase_live(f, c->list, count, start);
    LLVMPositionBuilderAtEnd(g->b, c->start[start]);
    if (c->phase++)
        shuffle(c);
    LLVMBuildStore(g->b, tj_i32(g, 0), c->index);
    c->head = tj_new_block(g, "slices");
    LLVMBuildBr(g->b, c->head);
    LLVMPositionBuilderAtEnd(g->b, c->head);
    begin_turn(c);
    for (uint32_t s = 0; s < f->slot_count; s++)
        if (tj_has_slot(f->in, s))
            move_slot(c, f->slots[s].type, f->slots[s].local, place_of(c, &f->slots[s]));
    for (uint32_t i = 0; i < count; i++)
        c->copy[c->list[i]] = tj_new_block(g, "");
    for (uint32_t v = 0; v < f->value_count && !f->values[v].block; v++)
        if (LLVMIsAAllocaInst(f->values[v].inst))
            place_array(c, &f->values[v]);
    for (uint32_t i = 0; i < count; i++)
        copy_block(c, c->list[i]);
    LLVMPositionBuilderAtEnd(g->b, c->head);
    LLVMBuildBr(g->b, c->copy[start]);
}

/* What all slices share, once, with the checks in between. */
static void make_early(cutter *c)
{
    tj_flow *f = &c->flow;
    tj_gen *g = c->g;

    c->slice = tj_i32(g, 0); /* of checks */
    for (uint32_t b = 0; b != TJ_NO_BLOCK; b = f->blocks[b].next) {
        const tj_phase_block *block = &f->blocks[b];
        LLVMValueRef last = LLVMGetBasicBlockTerminator(block->bb), i, copy;

        for (i = LLVMGetFirstInstruction(block->bb); i; i = LLVMGetNextInstruction(i)) {
            tj_phase_value *value = tj_phase_value_of(f, i);

            if (!value->is_early)
                continue;
            value->early = LLVMInstructionClone(i);
            set_operands(c, value->early);
            LLVMInsertIntoBuilder(g->b, value->early);
        }
        if (block->check == TJ_NO_BLOCK)
            continue;
        LLVMBasicBlockRef check = tj_new_block(g, "check"), good = tj_new_block(g, "good");
        bool is_first = LLVMGetSuccessor(last, 0) == f->blocks[block->check].bb;

        tj_likely(g, copy_of(c, LLVMGetCondition(last)), is_first ? check : good,
                  is_first ? good : check);
        LLVMPositionBuilderAtEnd(g->b, check);
        copy = LLVMInstructionClone(LLVMGetFirstInstruction(f->blocks[block->check].bb));
        set_operands(c, copy);
        LLVMInsertIntoBuilder(g->b, copy);
        LLVMBuildBr(g->b, good);
        LLVMPositionBuilderAtEnd(g->b, good);
    }
}

static LLVMValueRef slice_count(tj_gen *g)
{
    const uint32_t *size = g->options->threadgroup;
    LLVMValueRef count;

    if (!g->options->is_ragged)
        return tj_i32(g, size[0] * size[1] * size[2] / g->lanes);
    count =
        LLVMBuildAdd(g->b, tj_frame_load(g, "thread_count", 0), tj_i32(g, g->lanes - 1), "");
    return LLVMBuildUDiv(g->b, count, tj_i32(g, g->lanes), "");
}

/* Private arrays whose addresses escape come first in private memory. */
static uint64_t arrays_byte_len(const tj_gen *g)
{
    return aligned(g->private_byte_len * most_slices(g), 64);
}

static void begin_function(cutter *c)
{
    tj_gen *g = c->g;
    LLVMTypeRef type = LLVMFunctionType(g->t.void_, &g->t.ptr, 1, false);

    LLVMSetValueName2(c->coroutine, "coroutine", 9);
    g->function = LLVMAddFunction(g->module, "kernel", type);
    tj_describe_function(g, g->function);
    g->frame = LLVMGetParam(g->function, 0);
    c->entry = g->entry = tj_new_block(g, "entry");
    c->done = tj_new_block(g, "done");
    LLVMPositionBuilderAtEnd(g->b, c->done);
    LLVMBuildRetVoid(g->b);
    LLVMPositionBuilderAtEnd(g->b, c->entry);
    c->index = LLVMBuildAlloca(g->b, g->t.i32, "index");
    c->records = LLVMBuildAlloca(g->b, g->t.i64, "record_byte_len");
    make_locals(c);
    c->order = tj_frame_load(g, "order", 0);
    c->is_shuffled =
        LLVMBuildICmp(g->b, LLVMIntEQ, tj_frame_load(g, "is_shuffled", 0), tj_i32(g, 0), "");
    c->count = slice_count(g);
    c->records_base =
        tj_gep(g, tj_frame_load(g, "private_memory", 0), tj_i64(g, arrays_byte_len(g)));
    make_early(c);
}

static void place_records(cutter *c, LLVMBasicBlockRef last_of_entry)
{
    tj_gen *g = c->g;

    g->records_byte_len =
        64 + aligned(c->record_byte_len, 64) * most_slices(g); /* 64: behind the arrays */
    LLVMPositionBuilderBefore(g->b, LLVMGetBasicBlockTerminator(last_of_entry));
    LLVMBuildStore(g->b, tj_i64(g, aligned(c->record_byte_len, 64)), c->records);
}

static void cut(cutter *c)
{
    tj_flow *f = &c->flow;
    LLVMBasicBlockRef last;

    begin_function(c);
    last = LLVMGetInsertBlock(c->g->b);
    for (uint32_t b = 0; b < f->block_count; b++)
        if (is_start(f, b))
            c->start[b] = tj_new_block(c->g, "phase");
    LLVMBuildBr(c->g->b, c->start[0]);
    for (uint32_t b = 0; b < f->block_count; b++)
        if (c->start[b])
            make_phase(c, b);
    place_records(c, last);
    LLVMDeleteFunction(c->coroutine);
    c->g->is_phased = true;
}

void tj_cut_phases(tj_gen *g)
{
    cutter c = {.g = g, .coroutine = g->function};
    uint32_t blocks = LLVMCountBasicBlocks(g->function);

    if (!g->has_barrier || g->may_part || blocks > MAX_PHASE_BLOCKS ||
        !tj_find_flow(g, &c.flow))
        return;
    c.list = tj_new_array(g->arena, uint32_t, blocks + 1);
    c.copy = tj_new_array(g->arena, LLVMBasicBlockRef, blocks + 1);
    c.start = tj_new_array(g->arena, LLVMBasicBlockRef, blocks + 1);
    if (!is_affordable(&c))
        return;
    tj_find_phase_slots(&c.flow);
    if (has_room(&c))
        cut(&c);
}
