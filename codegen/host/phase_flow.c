/* SPDX-License-Identifier: MIT */
/* The flow of a coroutine in SSA form: its blocks and suspends, which values differ between
 * slices, and whether all slices of a threadgroup take the same way from barrier to barrier.
 *
 * A branch that slices take differently parts them until its immediate postdominator (Coutinho
 * et al., "Divergence Analysis and Optimizations", PACT 2011); no barrier may lie in between.
 */
#include "phases.h"

#include <string.h>

static const char *callee_name(LLVMValueRef inst)
{
    size_t length;
    const char *name = "";

    if (LLVMIsACallInst(inst) && LLVMIsAFunction(LLVMGetCalledValue(inst)))
        name = LLVMGetValueName2(LLVMGetCalledValue(inst), &length);
    return name;
}

static bool is_call_of(LLVMValueRef inst, const char *name)
{
    return strcmp(callee_name(inst), name) == 0;
}

/* Calls that only the coroutine needs. */
static bool is_of_coroutine(LLVMValueRef inst)
{
    return strncmp(callee_name(inst), "llvm.coro.", 10) == 0 ||
           is_call_of(inst, "tjrt_frame_take");
}

static bool is_memoryless(LLVMValueRef call)
{
    unsigned kind = LLVMGetEnumAttributeKindForName("memory", 6);
    LLVMValueRef callee = LLVMGetCalledValue(call);
    LLVMAttributeRef memory;

    if (!LLVMIsAFunction(callee) || !LLVMGetIntrinsicID(callee))
        return false;
    memory = LLVMGetEnumAttributeAtIndex(callee, LLVMAttributeFunctionIndex, kind);
    return memory && !LLVMGetEnumAttributeValue(memory);
}

static bool is_pure(LLVMValueRef inst)
{
    if (LLVMIsACallInst(inst))
        return is_memoryless(inst);
    return LLVMIsABinaryOperator(inst) || LLVMIsAUnaryOperator(inst) || LLVMIsACastInst(inst) ||
           LLVMIsACmpInst(inst) || LLVMIsASelectInst(inst) || LLVMIsAExtractElementInst(inst) ||
           LLVMIsAInsertElementInst(inst) || LLVMIsAShuffleVectorInst(inst) ||
           LLVMIsAExtractValueInst(inst) || LLVMIsAInsertValueInst(inst) ||
           LLVMIsAGetElementPtrInst(inst) || LLVMIsAFreezeInst(inst);
}

static bool is_invariant_load(const tj_gen *g, LLVMValueRef inst)
{
    return LLVMIsALoadInst(inst) &&
           LLVMGetMetadata(inst, LLVMGetMDKindIDInContext(g->llctx, "invariant.load", 14));
}

/* ---- blocks ---------------------------------------------------------------------------- */

/* The suspend of a block, NULL: none. */
static LLVMValueRef find_suspend(LLVMBasicBlockRef bb)
{
    for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
        if (is_call_of(i, "llvm.coro.suspend"))
            return i;
    return NULL;
}

static LLVMBasicBlockRef find_leave(LLVMValueRef function)
{
    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(function); bb;
         bb = LLVMGetNextBasicBlock(bb)) {
        LLVMValueRef last = LLVMGetBasicBlockTerminator(bb);
        LLVMValueRef first = LLVMGetFirstInstruction(bb);

        if (LLVMIsAReturnInst(last))
            return is_call_of(first, "llvm.coro.end") && LLVMGetNextInstruction(first) == last
                       ? bb
                       : NULL;
    }
    return NULL;
}

/* Blocks in postorder, by an explicit stack. */
typedef struct walk {
    LLVMBasicBlockRef bb;
    unsigned next;
} walk;

static uint32_t order_blocks(tj_flow *f, LLVMBasicBlockRef *post)
{
    unsigned most = LLVMCountBasicBlocks(f->g->function);
    walk *stack = tj_new_array(f->g->arena, walk, most + 1);
    uint32_t count = 0, depth = 1;
    tj_ptrmap seen;

    tj_ptrmap_init(&seen, f->g->arena, most + 1);
    stack[0].bb = LLVMGetEntryBasicBlock(f->g->function);
    tj_ptrmap_put(&seen, stack[0].bb, 0);
    while (depth) {
        walk *top = &stack[depth - 1];
        LLVMValueRef last = LLVMGetBasicBlockTerminator(top->bb);

        if (top->next == LLVMGetNumSuccessors(last)) {
            post[count++] = top->bb;
            depth--;
            continue;
        }
        LLVMBasicBlockRef succ = LLVMGetSuccessor(last, top->next++);

        if (succ == f->leave || tj_ptrmap_find(&seen, succ) != UINT32_MAX)
            continue;
        tj_ptrmap_put(&seen, succ, 0);
        stack[depth++] = (walk){.bb = succ};
    }
    return count;
}

static bool fill_block(tj_flow *f, tj_phase_block *block)
{
    LLVMValueRef last = LLVMGetBasicBlockTerminator(block->bb);
    LLVMValueRef suspend = find_suspend(block->bb);
    unsigned count = LLVMGetNumSuccessors(last);
    bool leaves = false;

    block->succ = tj_new_array(f->g->arena, uint32_t, count + 1);
    block->check = block->next = block->behind = TJ_NO_BLOCK;
    for (unsigned s = 0; s < count; s++) {
        LLVMBasicBlockRef succ = LLVMGetSuccessor(last, s);
        uint32_t at = tj_ptrmap_find(&f->block_index, succ);
        bool is_new = true;

        leaves = leaves || succ == f->leave;
        for (unsigned o = 0; o < block->succ_count; o++)
            is_new = is_new && block->succ[o] != at;
        if (succ != f->leave && is_new)
            block->succ[block->succ_count++] = at;
    }
    if (!suspend)
        return !leaves;
    if (LLVMConstIntGetZExtValue(LLVMGetOperand(suspend, 1))) {
        block->stop = TJ_STOP_END;
        block->succ_count = 0;
        f->end = (uint32_t)(block - f->blocks);
        return leaves;
    }
    block->stop = TJ_STOP_WAIT;
    return leaves && block->succ_count == 1;
}

static bool find_blocks(tj_flow *f)
{
    unsigned most = LLVMCountBasicBlocks(f->g->function);
    LLVMBasicBlockRef *post = tj_new_array(f->g->arena, LLVMBasicBlockRef, most + 1);
    unsigned ends = 0;

    f->leave = find_leave(f->g->function);
    if (!f->leave)
        return false;
    f->block_count = order_blocks(f, post);
    f->blocks = tj_new_array(f->g->arena, tj_phase_block, f->block_count);
    tj_ptrmap_init(&f->block_index, f->g->arena, f->block_count);
    for (uint32_t b = 0; b < f->block_count; b++) {
        f->blocks[b].bb = post[f->block_count - 1 - b];
        tj_ptrmap_put(&f->block_index, f->blocks[b].bb, b);
    }
    for (uint32_t b = 0; b < f->block_count; b++) {
        if (!fill_block(f, &f->blocks[b]))
            return false;
        ends += f->blocks[b].stop == TJ_STOP_END;
    }
    return ends == 1;
}

static void find_values(tj_flow *f)
{
    uint32_t count = 0;

    for (uint32_t b = 0; b < f->block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(f->blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            count++;
    f->values = tj_new_array(f->g->arena, tj_phase_value, count + 1);
    tj_ptrmap_init(&f->value_index, f->g->arena, count + 1);
    for (uint32_t b = 0; b < f->block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(f->blocks[b].bb); i;
             i = LLVMGetNextInstruction(i)) {
            tj_ptrmap_put(&f->value_index, i, f->value_count);
            f->values[f->value_count++] = (tj_phase_value){
                .inst = i, .block = b, .slot = TJ_NO_SLOT, .phi_slot = TJ_NO_SLOT};
        }
}

tj_phase_value *tj_phase_value_of(const tj_flow *f, LLVMValueRef value)
{
    uint32_t at = tj_ptrmap_find(&f->value_index, value);

    return at == UINT32_MAX ? NULL : &f->values[at];
}

/* ---- postdominators (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm") -- */

typedef struct preds {
    uint32_t *first, *list; /* those of block b: list[first[b]] .. list[first[b + 1] - 1] */
} preds;

static preds find_preds(const tj_flow *f)
{
    preds p = {tj_new_array(f->g->arena, uint32_t, f->block_count + 2), NULL};
    uint32_t total = 0;

    for (uint32_t b = 0; b < f->block_count; b++)
        for (unsigned s = 0; s < f->blocks[b].succ_count; s++, total++)
            p.first[f->blocks[b].succ[s] + 2]++;
    p.list = tj_new_array(f->g->arena, uint32_t, total + 1);
    for (uint32_t b = 2; b < f->block_count + 2; b++)
        p.first[b] += p.first[b - 1];
    for (uint32_t b = 0; b < f->block_count; b++)
        for (unsigned s = 0; s < f->blocks[b].succ_count; s++)
            p.list[p.first[f->blocks[b].succ[s] + 1]++] = b;
    return p;
}

/* Numbers live blocks in reverse postorder of the reversed graph; returns their number. */
static uint32_t order_backwards(tj_flow *f, const preds *p, uint32_t *order)
{
    uint32_t *stack = tj_new_array(f->g->arena, uint32_t, f->block_count + 1);
    uint32_t *next = tj_new_array(f->g->arena, uint32_t, f->block_count + 1);
    uint32_t depth = 1, count = 0;

    stack[0] = f->end;
    f->blocks[f->end].is_live = true;
    while (depth) {
        uint32_t b = stack[depth - 1], at = p->first[b] + next[b]++;

        if (at == p->first[b + 1]) {
            order[count++] = b;
            depth--;
        } else if (!f->blocks[p->list[at]].is_live) {
            f->blocks[p->list[at]].is_live = true;
            stack[depth++] = p->list[at];
        }
    }
    for (uint32_t i = 0; i < count; i++)
        f->blocks[order[i]].order = count - 1 - i;
    return count;
}

static uint32_t meet(const tj_flow *f, uint32_t a, uint32_t b)
{
    while (a != b) {
        while (f->blocks[a].order > f->blocks[b].order)
            a = f->blocks[a].behind;
        while (f->blocks[b].order > f->blocks[a].order)
            b = f->blocks[b].behind;
    }
    return a;
}

static void find_behind(tj_flow *f)
{
    preds p = find_preds(f);
    uint32_t *order = tj_new_array(f->g->arena, uint32_t, f->block_count + 1);
    uint32_t count = order_backwards(f, &p, order);

    f->blocks[f->end].behind = f->end;
    for (bool is_new = true; is_new;) {
        is_new = false;
        for (uint32_t i = count - 1; i-- > 0;) {
            tj_phase_block *block = &f->blocks[order[i]];
            uint32_t behind = TJ_NO_BLOCK;

            for (unsigned s = 0; s < block->succ_count; s++) {
                uint32_t to = block->succ[s];

                if (f->blocks[to].is_live && f->blocks[to].behind != TJ_NO_BLOCK)
                    behind = behind == TJ_NO_BLOCK ? to : meet(f, behind, to);
            }
            is_new |= block->behind != behind;
            block->behind = behind;
        }
    }
}

/* ---- early values ---------------------------------------------------------------------- */

static bool is_early_operand(const tj_flow *f, LLVMValueRef operand)
{
    const tj_phase_value *value = tj_phase_value_of(f, operand);

    if (operand == f->slice_param)
        return false;
    return value ? value->is_early : !LLVMIsAInstruction(operand);
}

static bool has_early_operands(const tj_flow *f, LLVMValueRef inst)
{
    for (int o = 0; o < LLVMGetNumOperands(inst); o++)
        if (!is_early_operand(f, LLVMGetOperand(inst, (unsigned)o)))
            return false;
    return true;
}

/* A check that returns when all is well: nothing but that call, and on to `next`. */
static bool is_check(const tj_flow *f, uint32_t b, uint32_t next, uint32_t from)
{
    const tj_phase_block *block = &f->blocks[b];
    LLVMValueRef call = LLVMGetFirstInstruction(block->bb);

    if (block->stop || block->succ_count != 1 || block->succ[0] != next || next <= from ||
        !is_call_of(call, "tjrt_check_uniform") ||
        LLVMGetNextInstruction(call) != LLVMGetBasicBlockTerminator(block->bb) ||
        LLVMIsAPHINode(LLVMGetFirstInstruction(f->blocks[next].bb)))
        return false;
    for (int o = 0; o < LLVMGetNumOperands(call); o++)
        if (LLVMGetOperand(call, (unsigned)o) != f->slice_param &&
            !is_early_operand(f, LLVMGetOperand(call, (unsigned)o)))
            return false;
    return true;
}

/* Marks what block `b` computes alike for all slices; false once something may be stored. */
static bool mark_early(tj_flow *f, uint32_t b)
{
    f->blocks[b].is_early = true;
    for (LLVMValueRef i = LLVMGetFirstInstruction(f->blocks[b].bb); i;
         i = LLVMGetNextInstruction(i)) {
        tj_phase_value *value = tj_phase_value_of(f, i);
        bool is_load = LLVMIsALoadInst(i) && !LLVMGetVolatile(i);

        if (LLVMIsATerminatorInst(i))
            return true;
        if (is_of_coroutine(i) || LLVMIsAAllocaInst(i))
            continue;
        if (is_load || is_pure(i))
            value->is_early = has_early_operands(f, i);
        else
            return false;
    }
    return true;
}

/* How many predecessors a block has is all that tells a loop from a straight line here. */
static unsigned count_preds(const tj_flow *f, uint32_t b)
{
    unsigned count = 0;

    for (uint32_t p = 0; p < f->block_count; p++)
        for (unsigned s = 0; s < f->blocks[p].succ_count; s++)
            count += f->blocks[p].succ[s] == b;
    return count;
}

/* All that every slice runs first, in one line but for checks, up to the first store: loads of
 * an address that all slices share may be done once, as if all had done them together. */
static void find_early(tj_flow *f)
{
    for (uint32_t b = 0;;) {
        tj_phase_block *block = &f->blocks[b];
        LLVMValueRef last = LLVMGetBasicBlockTerminator(block->bb);

        if (!mark_early(f, b) || block->stop || !LLVMIsABranchInst(last))
            return;
        if (block->succ_count == 1) {
            if (count_preds(f, block->succ[0]) != 1)
                return;
            block->next = block->succ[0];
        } else if (block->succ_count == 2 && is_early_operand(f, LLVMGetCondition(last))) {
            for (unsigned s = 0; s < 2 && block->next == TJ_NO_BLOCK; s++)
                if (is_check(f, block->succ[s], block->succ[!s], b) &&
                    count_preds(f, block->succ[s]) == 1 &&
                    count_preds(f, block->succ[!s]) == 2) {
                    block->check = block->succ[s];
                    block->next = block->succ[!s];
                }
            if (block->next == TJ_NO_BLOCK)
                return;
        } else {
            return;
        }
        b = block->next;
    }
}

/* ---- which values differ ---------------------------------------------------------------- */

static bool is_variant_operand(const tj_flow *f, LLVMValueRef operand)
{
    const tj_phase_value *value = tj_phase_value_of(f, operand);

    return value ? value->is_variant : operand == f->slice_param;
}

static bool has_variant_operand(const tj_flow *f, LLVMValueRef inst)
{
    for (int o = 0; o < LLVMGetNumOperands(inst); o++)
        if (is_variant_operand(f, LLVMGetOperand(inst, (unsigned)o)))
            return true;
    return false;
}

static bool varies(const tj_flow *f, const tj_phase_value *value)
{
    const tj_phase_block *block = &f->blocks[value->block];
    LLVMValueRef inst = value->inst;

    if (value->is_early)
        return false;
    if (LLVMIsAPHINode(inst))
        return block->is_apart || block->is_join || !block->is_live ||
               has_variant_operand(f, inst);
    return (!is_pure(inst) && !is_invariant_load(f->g, inst)) || has_variant_operand(f, inst);
}

static bool branch_varies(const tj_flow *f, const tj_phase_block *block)
{
    unsigned live = 0;

    for (unsigned s = 0; s < block->succ_count; s++)
        live += f->blocks[block->succ[s]].is_live;
    return block->is_live && live > 1 &&
           is_variant_operand(f, LLVMGetOperand(LLVMGetBasicBlockTerminator(block->bb), 0));
}

/* Marks the blocks between a branch and where its ways meet; false when one is a barrier. */
static bool part(tj_flow *f, uint32_t branch, uint32_t *stack, uint32_t *seen)
{
    uint32_t depth = 1, behind = f->blocks[branch].behind;

    f->blocks[behind].is_join = true;
    stack[0] = branch;
    while (depth) {
        const tj_phase_block *from = &f->blocks[stack[--depth]];

        for (unsigned s = 0; s < from->succ_count; s++) {
            tj_phase_block *to = &f->blocks[from->succ[s]];

            if (from->succ[s] == behind || seen[from->succ[s]] == branch + 1 || !to->is_live)
                continue;
            if (to->stop)
                return false;
            to->is_apart = true;
            seen[from->succ[s]] = branch + 1;
            stack[depth++] = from->succ[s];
        }
    }
    return true;
}

static bool find_variant(tj_flow *f)
{
    uint32_t *stack = tj_new_array(f->g->arena, uint32_t, f->block_count + 1);
    uint32_t *seen = tj_new_array(f->g->arena, uint32_t, f->block_count + 1);
    bool *is_done = tj_new_array(f->g->arena, bool, f->block_count + 1);

    for (bool is_new = true; is_new;) {
        is_new = false;
        for (uint32_t v = 0; v < f->value_count; v++)
            if (!f->values[v].is_variant && varies(f, &f->values[v]))
                f->values[v].is_variant = is_new = true;
        for (uint32_t b = 0; b < f->block_count; b++) {
            if (is_done[b] || !branch_varies(f, &f->blocks[b]))
                continue;
            is_done[b] = is_new = true;
            if (!part(f, b, stack, seen))
                return false;
        }
    }
    return true;
}

/* ---- values that phases compute again --------------------------------------------------- */

static bool is_cheap(LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
    case LLVMLShr:
    case LLVMAShr:
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMICmp:
    case LLVMSelect:
    case LLVMZExt:
    case LLVMSExt:
    case LLVMTrunc:
    case LLVMBitCast:
    case LLVMInsertElement:
    case LLVMShuffleVector:
    case LLVMGetElementPtr:
        return true;
    case LLVMUDiv:
    case LLVMURem:
        return LLVMIsAConstantInt(LLVMGetOperand(inst, 1)) &&
               LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 1));
    default:
        return false;
    }
}

static bool is_known_again(const tj_flow *f, LLVMValueRef operand)
{
    const tj_phase_value *value = tj_phase_value_of(f, operand);

    return !value || value->is_early || value->is_again || LLVMIsAAllocaInst(operand);
}

static void find_again(tj_flow *f)
{
    for (uint32_t v = 0; v < f->value_count; v++) {
        tj_phase_value *value = &f->values[v];
        bool is_again = !value->is_early && is_cheap(value->inst);

        for (int o = 0; is_again && o < LLVMGetNumOperands(value->inst); o++)
            is_again = is_known_again(f, LLVMGetOperand(value->inst, (unsigned)o));
        value->is_again = is_again;
    }
}

static bool has_dead_barrier(const tj_flow *f)
{
    for (uint32_t b = 0; b < f->block_count; b++)
        if (f->blocks[b].stop && !f->blocks[b].is_live)
            return true;
    return false;
}

bool tj_find_flow(tj_gen *g, tj_flow *out)
{
    *out = (tj_flow){.g = g, .slice_param = LLVMGetParam(g->function, 1)};
    if (!find_blocks(out))
        return false;
    find_values(out);
    find_behind(out);
    find_early(out);
    if (has_dead_barrier(out) || !find_variant(out))
        return false;
    find_again(out);
    return true;
}
