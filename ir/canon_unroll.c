/* SPDX-License-Identifier: MIT */
/*
 * Asks LLVM to write out loops that it finds too long, where that frees an array of memory or
 * lets products of matrices follow each other.
 *
 * needs   reducible loops of one latch each (loop-simplify)
 * leaves  llvm.loop.unroll.full on their latches
 *
 * An array stays in memory as long as one index of it runs with a loop; then so does each
 * matrix of an accumulator, all the way through the kernel, because the loop that stores the
 * results is beyond LLVM's limit. A loop is marked when all variable indices of an array run
 * with loops of constant length, and these are not too long together.
 *
 * Sums of matrices that a loop carries are more than a host's registers hold: they pass through
 * memory in each round, but not from one product to the next (codegen/host/multiply.c).
 */
#include "canon.h"
#include "ptrmap.h"
#include "shape.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <string.h>

enum {
    MAX_COST = 4096, /* instructions that a loop may become, with the marked ones in it */
    MAX_CARRIER_COST = 1024, /* the same of a loop that carries matrices */
    MAX_SHORT_COST = 1024,   /* about what LLVM finds short */
    MAX_SUM = 2048,          /* of all short loops together */
    MAX_ROUNDS = 64,
    MAX_BLOCKS = 1024, /* beyond, a kernel is large enough as it is */
    MAX_LOOPS = 128,
    MAX_DEPTH = 12 /* of the computation of an index */
};

typedef struct loop {
    LLVMBasicBlockRef header, latch;
    bool *has;       /* by block */
    unsigned rounds; /* 0: not constant, or too many */
    bool is_wanted, is_marked;
} loop;

typedef struct search {
    tj_arena *arena;
    LLVMBasicBlockRef *blocks; /* the entry is 0 */
    unsigned block_count;
    tj_ptrmap number; /* block to its place in `blocks` */
    loop loops[MAX_LOOPS];
    unsigned loop_count;
} search;

static unsigned number_of(const search *s, LLVMBasicBlockRef block)
{
    return tj_ptrmap_find(&s->number, block);
}

/* ---- loops ------------------------------------------------------------------------------ */

/* Blocks from which `latch` is reached without passing `header`; false: the entry is one. */
static bool collect(const search *s, loop *l)
{
    unsigned *stack = tj_new_array(s->arena, unsigned, s->block_count), depth = 0;
    l->has = tj_new_array(s->arena, bool, s->block_count);
    l->has[number_of(s, l->header)] = true;
    if (l->latch != l->header) {
        stack[depth++] = number_of(s, l->latch);
        l->has[stack[0]] = true;
    }
    while (depth) {
        LLVMValueRef block = LLVMBasicBlockAsValue(s->blocks[stack[--depth]]);
        for (LLVMUseRef use = LLVMGetFirstUse(block); use; use = LLVMGetNextUse(use)) {
            LLVMValueRef user = LLVMGetUser(use);
            if (!LLVMIsAInstruction(user) || !LLVMIsATerminatorInst(user))
                continue;
            unsigned from = number_of(s, LLVMGetInstructionParent(user));
            if (!l->has[from])
                stack[depth++] = from;
            l->has[from] = true;
        }
    }
    return !l->has[0] || s->blocks[0] == l->header;
}

static bool find_loops(search *s)
{
    for (unsigned b = 0; b < s->block_count; b++) {
        LLVMValueRef end = LLVMGetBasicBlockTerminator(s->blocks[b]);
        for (unsigned i = 0; i < LLVMGetNumSuccessors(end); i++) {
            tj_mark mark = tj_arena_mark(s->arena);
            loop l = {.header = LLVMGetSuccessor(end, i), .latch = s->blocks[b]};
            if (!LLVMIsAPHINode(LLVMGetFirstInstruction(l.header)))
                continue;
            if (!collect(s, &l)) {
                tj_arena_rewind(s->arena, mark);
                continue;
            }
            if (s->loop_count == MAX_LOOPS)
                return false;
            s->loops[s->loop_count++] = l;
        }
    }
    return true;
}

/* ---- rounds ----------------------------------------------------------------------------- */

static bool is_number(LLVMValueRef value, long long *out)
{
    if (!LLVMIsAConstantInt(value) || LLVMGetIntTypeWidth(LLVMTypeOf(value)) > 64)
        return false;
    *out = LLVMConstIntGetSExtValue(value);
    return true;
}

/* The constant that `value` is compared with by something that decides about a way. */
static bool find_limit(LLVMValueRef value, long long *out)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        LLVMUseRef decision = LLVMIsAICmpInst(user) ? LLVMGetFirstUse(user) : NULL;
        if (decision && LLVMIsATerminatorInst(LLVMGetUser(decision)) &&
            is_number(LLVMGetOperand(user, LLVMGetOperand(user, 0) == value), out))
            return true;
    }
    return false;
}

/* About how often the loop of a counter goes round, LLVM looks more closely; 0: not known. */
static unsigned count_rounds(const loop *l, LLVMValueRef phi)
{
    long long start, step, limit;
    if (LLVMCountIncoming(phi) != 2)
        return 0;
    unsigned back = LLVMGetIncomingBlock(phi, 1) == l->latch;
    LLVMValueRef next = LLVMGetIncomingValue(phi, back);
    if (!is_number(LLVMGetIncomingValue(phi, !back), &start) || !LLVMIsAInstruction(next) ||
        LLVMGetInstructionOpcode(next) != LLVMAdd || LLVMGetOperand(next, 0) != phi ||
        !is_number(LLVMGetOperand(next, 1), &step) || !step)
        return 0;
    if (!find_limit(phi, &limit) && !find_limit(next, &limit))
        return 0;
    if (limit > INT32_MAX || limit < INT32_MIN || start > INT32_MAX || start < INT32_MIN)
        return 0;
    long long rounds = (limit - start) / step;
    return rounds > 0 && rounds <= MAX_ROUNDS ? (unsigned)rounds : 0;
}

static void measure(loop *l)
{
    for (LLVMValueRef phi = LLVMGetFirstInstruction(l->header);
         LLVMIsAPHINode(phi) && !l->rounds; phi = LLVMGetNextInstruction(phi))
        l->rounds = count_rounds(l, phi);
}

/* ---- arrays ----------------------------------------------------------------------------- */

/* Whether `value` is computed from what a header's phis hold. */
static bool runs_with(LLVMValueRef value, LLVMBasicBlockRef header, unsigned depth)
{
    if (!LLVMIsAInstruction(value) || depth == MAX_DEPTH)
        return false;
    if (LLVMIsAPHINode(value))
        return LLVMGetInstructionParent(value) == header;
    for (int i = 0; i < LLVMGetNumOperands(value); i++)
        if (runs_with(LLVMGetOperand(value, (unsigned)i), header, depth + 1))
            return true;
    return false;
}

/* Finds the loops that the variable indices of a GEP run with; false when an index would stay
 * one without those. */
static bool want_loops(search *s, LLVMValueRef gep)
{
    unsigned block = number_of(s, LLVMGetInstructionParent(gep));
    for (int i = 1; i < LLVMGetNumOperands(gep); i++) {
        LLVMValueRef index = LLVMGetOperand(gep, (unsigned)i);
        bool is_found = LLVMIsAConstant(index);
        for (unsigned k = 0; k < s->loop_count; k++) {
            loop *l = &s->loops[k];
            if (!l->has[block] || !runs_with(index, l->header, 0))
                continue;
            if (!l->rounds)
                return false;
            is_found = l->is_wanted = true;
        }
        if (!is_found)
            return false;
    }
    return true;
}

static bool is_access(LLVMValueRef inst)
{
    const char *name = tj_llvm_intrinsic_name(inst);
    return LLVMIsALoadInst(inst) || LLVMIsAStoreInst(inst) ||
           (name && tj_llvm_intrinsic_removal(name) != TJ_REMOVED_NOT);
}

/* The same for all addresses made from `pointer`. */
static bool want_for(search *s, LLVMValueRef pointer, unsigned depth)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAGetElementPtrInst(user)) {
            if (!is_access(user))
                return false;
        } else if (depth == MAX_DEPTH || !want_loops(s, user) ||
                   !want_for(s, user, depth + 1)) {
            return false;
        }
    }
    return true;
}

/* ---- marks ------------------------------------------------------------------------------ */

static unsigned count_instructions(LLVMBasicBlockRef block)
{
    unsigned count = 0;
    for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst;
         inst = LLVMGetNextInstruction(inst))
        count++;
    return count;
}

/* Instructions that the loop becomes when it and all wanted ones in it are written out. */
static uint64_t cost_of(const search *s, const loop *outer)
{
    uint64_t cost = 0;
    for (unsigned b = 0; b < s->block_count && cost <= MAX_COST; b++) {
        uint64_t times = outer->has[b] ? outer->rounds : 0;
        for (unsigned k = 0; k < s->loop_count && times && times <= MAX_COST; k++) {
            const loop *l = &s->loops[k];
            bool is_inside = l != outer && outer->has[number_of(s, l->header)];
            times *= is_inside && l->has[b] && l->rounds ? l->rounds : 1;
        }
        cost += times * count_instructions(s->blocks[b]);
    }
    return cost;
}

/* A node of a loop begins with itself. */
static void mark_latch(LLVMContextRef llctx, LLVMBasicBlockRef latch)
{
    static const char word[] = "llvm.loop.unroll.full", kind[] = "llvm.loop";
    LLVMMetadataRef text = LLVMMDStringInContext2(llctx, word, strlen(word));
    LLVMMetadataRef self = LLVMTemporaryMDNode(llctx, NULL, 0);
    LLVMMetadataRef parts[] = {self, LLVMMDNodeInContext2(llctx, &text, 1)};
    LLVMMetadataRef node = LLVMMDNodeInContext2(llctx, parts, 2);
    LLVMMetadataReplaceAllUsesWith(self, node);
    LLVMSetMetadata(LLVMGetBasicBlockTerminator(latch),
                    LLVMGetMDKindIDInContext(llctx, kind, strlen(kind)),
                    LLVMMetadataAsValue(llctx, node));
}

/* Marks the wanted loops, all or none; whether a new one is among them. */
static bool mark_wanted(search *s, LLVMContextRef llctx, bool is_good, unsigned max_cost)
{
    bool is_any = false;
    for (unsigned k = 0; k < s->loop_count && is_good; k++)
        is_good = !s->loops[k].is_wanted || cost_of(s, &s->loops[k]) <= max_cost;
    for (unsigned k = 0; k < s->loop_count; k++) {
        loop *l = &s->loops[k];
        if (is_good && l->is_wanted && !l->is_marked) {
            mark_latch(llctx, l->latch);
            is_any = l->is_marked = true;
        }
        l->is_wanted = false;
    }
    return is_any;
}

static bool mark_for_arrays(search *s, LLVMContextRef llctx)
{
    bool is_any = false;
    for (LLVMValueRef inst = LLVMGetFirstInstruction(s->blocks[0]); inst;
         inst = LLVMGetNextInstruction(inst))
        if (LLVMIsAAllocaInst(inst))
            is_any |= mark_wanted(s, llctx, want_for(s, inst, 0), MAX_COST);
    return is_any;
}

static bool mark_carriers(search *s, LLVMContextRef llctx)
{
    bool is_any = false;
    for (unsigned k = 0; k < s->loop_count; k++) {
        loop *l = &s->loops[k];
        for (LLVMValueRef phi = LLVMGetFirstInstruction(l->header);
             LLVMIsAPHINode(phi) && l->rounds; phi = LLVMGetNextInstruction(phi))
            l->is_wanted |= tj_is_tile(LLVMTypeOf(phi));
        is_any |= mark_wanted(s, llctx, true, MAX_CARRIER_COST);
    }
    return is_any;
}

static void number_blocks(search *s, LLVMValueRef function)
{
    unsigned b = 0;
    s->block_count = LLVMCountBasicBlocks(function);
    s->blocks = tj_new_array(s->arena, LLVMBasicBlockRef, s->block_count);
    LLVMGetBasicBlocks(function, s->blocks);
    tj_ptrmap_init(&s->number, s->arena, s->block_count);
    for (; b < s->block_count; b++)
        tj_ptrmap_put(&s->number, s->blocks[b], b);
}

/* Loops of a kernel, each with its rounds; NULL: too many. */
static search *find_all(tj_canon_state *state)
{
    LLVMValueRef function = state->unit->kernels[0].function;
    search *s = tj_new(state->unit->arena, search);

    s->arena = state->unit->arena;
    if (LLVMCountBasicBlocks(function) > MAX_BLOCKS)
        return NULL;
    number_blocks(s, function);
    if (!find_loops(s))
        return NULL;
    for (unsigned k = 0; k < s->loop_count; k++)
        measure(&s->loops[k]);
    return s;
}

bool tj_canon_mark_loops(tj_canon_state *state)
{
    tj_mark mark = tj_arena_mark(state->unit->arena);
    search *s = find_all(state);
    bool is_any = false;

    if (s) {
        is_any = mark_for_arrays(s, state->unit->llctx);
        is_any |= mark_carriers(s, state->unit->llctx);
    }
    tj_arena_rewind(state->unit->arena, mark);
    return is_any;
}

/* Whether another short loop is around this one. */
static bool is_inner(const search *s, const loop *of)
{
    for (unsigned k = 0; k < s->loop_count; k++) {
        const loop *l = &s->loops[k];

        if (l != of && l->rounds && l->has[number_of(s, of->header)] &&
            cost_of(s, l) <= MAX_SHORT_COST)
            return true;
    }
    return false;
}

bool tj_canon_has_many_rounds(tj_canon_state *state)
{
    tj_mark mark = tj_arena_mark(state->unit->arena);
    search *s = find_all(state);
    uint64_t sum = 0;

    for (unsigned k = 0; s && k < s->loop_count; k++) {
        uint64_t cost = s->loops[k].rounds ? cost_of(s, &s->loops[k]) : 0;

        if (cost && cost <= MAX_SHORT_COST && !is_inner(s, &s->loops[k]))
            sum += cost;
    }
    tj_arena_rewind(state->unit->arena, mark);
    return !s || sum > MAX_SUM;
}
