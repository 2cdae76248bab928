/* SPDX-License-Identifier: MIT */
/* Multiply-accumulate of SIMD-group matrices: nests of fused multiply-adds on host vectors, k
 * from 0 to 7.
 *
 * A product by itself fills a 512-bit vector with two rows of the result, and wants
 * A[r][k] eight times beside A[r + 1][k] eight times: permutes. Two products with the same A
 * fill it with a row of each, and want one element of A in all lanes: a broadcast from memory.
 * So products are emitted in groups that share A. When the sums of a group go on, product by
 * product, as the sums of another one (the next eight of k), both run in one nest and the sums
 * stay in registers: a kernel has more of them than the host, and each nest loads and stores
 * its own. The nest stands where the last step's first product stood.
 *
 * Each nest is a basic block of its own, between two looks at the watchdog's flag: in one large
 * block LLVM 22 moves loads of many products ahead of their multiply-adds and spills them.
 */
#include "host.h"

enum {
    N = TJ_TILE_SIDE,
    TILE = N * N,
    PAIR = 2 * N,
    MAX_GROUP = TJ_MAX_PRODUCTS,
    MAX_STEPS = TJ_MAX_PRODUCT_STEPS
};

/* Room in the data slot: copies of the factors A of all steps, then the sums. */
enum { FACTOR_BYTES = TILE * 4, SUMS_AT = MAX_STEPS * FACTOR_BYTES };

static LLVMValueRef row_pair(tj_gen *g, LLVMValueRef tile, unsigned r)
{
    int lanes[PAIR];

    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)(r * N + i);
    return tj_shuffle(g, tile, NULL, lanes, PAIR);
}

/* A[r][k] eight times, then A[r + 1][k] eight times. */
static LLVMValueRef left_factor(tj_gen *g, LLVMValueRef pair, unsigned k)
{
    int lanes[PAIR];

    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)(i / N * N + k);
    return tj_shuffle(g, pair, NULL, lanes, PAIR);
}

/* Row r of two tiles side by side. */
static LLVMValueRef twin_row(tj_gen *g, LLVMValueRef first, LLVMValueRef second, unsigned r)
{
    int lanes[PAIR];

    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)(i / N * TILE + r * N + i % N);
    return tj_shuffle(g, first, second, lanes, PAIR);
}

static LLVMValueRef f32_operand(tj_gen *g, LLVMValueRef inst, unsigned op)
{
    return tj_to_f32(g, tj_use_scalar(g, LLVMGetOperand(inst, op), 0));
}

static void set_result(tj_gen *g, LLVMValueRef inst, LLVMValueRef tile)
{
    tj_set_scalar(g, inst, 0, tj_from_f32(g, tile, LLVMGetElementType(LLVMTypeOf(inst))));
}

static void emit_single(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef a = f32_operand(g, inst, 0), b = f32_operand(g, inst, 1);
    LLVMValueRef c = f32_operand(g, inst, 2), sums[N / 2];
    int lanes[TILE];

    for (unsigned r = 0; r < N / 2; r++) {
        LLVMValueRef left = row_pair(g, a, 2 * r);

        sums[r] = row_pair(g, c, 2 * r);
        for (unsigned k = 0; k < N; k++)
            sums[r] = tj_fma(g, left_factor(g, left, k), twin_row(g, b, b, k), sums[r]);
    }
    for (unsigned i = 0; i < TILE; i++)
        lanes[i] = (int)i;
    LLVMValueRef upper = tj_shuffle(g, sums[0], sums[1], lanes, TILE / 2);
    LLVMValueRef lower = tj_shuffle(g, sums[2], sums[3], lanes, TILE / 2);

    set_result(g, inst, tj_shuffle(g, upper, lower, lanes, TILE));
}

/* The same pointer, that LLVM does not see through: it would take the elements out of the
 * vectors that it stored or loaded there by permutes, where the host broadcasts from memory. */
static LLVMValueRef launder(tj_gen *g, LLVMValueRef pointer)
{
    static const char constraints[] = "=r,0,~{memory}";
    LLVMTypeRef type = LLVMFunctionType(g->t.ptr, &g->t.ptr, 1, false);
    LLVMValueRef nothing = LLVMGetInlineAsm(type, "", 0, constraints, sizeof(constraints) - 1,
                                            true, false, LLVMInlineAsmDialectATT, false);

    return LLVMBuildCall2(g->b, type, nothing, &pointer, 1, "");
}

static bool writes_memory(LLVMValueRef inst)
{
    tj_intrin_use use;

    if (LLVMIsAStoreInst(inst) || LLVMIsAAtomicRMWInst(inst) || LLVMIsAAtomicCmpXchgInst(inst))
        return true;
    if (!LLVMIsACallInst(inst) || !tj_intrin_of(inst, &use))
        return false;
    switch (tj_intrin_infos[use.id].effect) {
    case TJ_EFFECT_PURE:
    case TJ_EFFECT_LANES:
        return false;
    case TJ_EFFECT_MEMORY:
        return use.id != TJ_INTRIN_MATRIX_LOAD;
    case TJ_EFFECT_FENCE: /* that of a SIMD-group lets no other one run */
        return use.id != TJ_INTRIN_SIMDGROUP_BARRIER;
    case TJ_EFFECT_BARRIER:
        break;
    }
    return true;
}

/* Where the factor was loaded from, when its memory still holds it at `inst`. */
static const tj_tile_source *find_source(const tj_gen *g, LLVMValueRef factor,
                                         LLVMValueRef inst)
{
    for (unsigned i = 0; i < g->tile_source_count; i++) {
        LLVMValueRef at = g->tile_sources[i].inst;

        if (at != factor)
            continue;
        for (; at && at != inst; at = LLVMGetNextInstruction(at))
            if (writes_memory(at))
                return NULL;
        return at ? &g->tile_sources[i] : NULL; /* NULL: another block */
    }
    return NULL;
}

/* The factor's elements in memory: where they came from, or a copy at byte `copy_at` of the
 * slot; the memory is read at `at`. Fills rows[0..7]. */
static void place_factor(tj_gen *g, LLVMValueRef inst, LLVMValueRef at, uint64_t copy_at,
                         LLVMValueRef *rows)
{
    LLVMValueRef start = tj_gep(g, g->data_slot, tj_i64(g, copy_at)), step, tile;
    const tj_tile_source *source = find_source(g, LLVMGetOperand(inst, 0), at);
    int lanes[N];

    step = tj_i64(g, N * sizeof(float));
    if (source) {
        start = source->start;
        step = source->row;
    } else {
        tile = f32_operand(g, inst, 0);
        for (unsigned r = 0; r < N; r++) { /* by rows: a wider store forwards more slowly */
            for (unsigned c = 0; c < N; c++)
                lanes[c] = (int)(r * N + c);
            LLVMBuildStore(g->b, tj_shuffle(g, tile, NULL, lanes, N),
                           tj_gep(g, start, tj_i64(g, (uint64_t)r * N * sizeof(float))));
        }
    }
    start = launder(g, start);
    for (unsigned r = 0; r < N; r++)
        rows[r] = tj_gep(g, start, LLVMBuildMul(g->b, step, tj_i64(g, r), ""));
}

static LLVMValueRef splat_element(tj_gen *g, LLVMValueRef tile_memory, LLVMValueRef byte_offset)
{
    LLVMValueRef one = LLVMBuildLoad2(g->b, g->t.f32, tj_gep(g, tile_memory, byte_offset), "");
    LLVMTypeRef type = LLVMVectorType(g->t.f32, PAIR);
    LLVMValueRef lane =
        LLVMBuildInsertElement(g->b, LLVMGetPoison(type), one, tj_i32(g, 0), "");
    int zeros[PAIR] = {0};

    return tj_shuffle(g, lane, NULL, zeros, PAIR);
}

/* The value after a step that LLVM does not see through, or it would move the multiply-adds to
 * where the result is used, far from the loads of their factors. Where a register holds a whole
 * row of twins the step is empty; else the value goes by way of memory. */
static LLVMValueRef keep_here(tj_gen *g, LLVMValueRef sum, unsigned row)
{
    LLVMTypeRef vector = LLVMTypeOf(sum);
    LLVMValueRef slot, store, load;

    if (g->options->vector_bits >= 512) {
        LLVMTypeRef type = LLVMFunctionType(vector, &vector, 1, false);
        LLVMValueRef nothing = LLVMGetInlineAsm(type, "", 0, "=v,0", 4, true, false,
                                                LLVMInlineAsmDialectATT, false);

        return LLVMBuildCall2(g->b, type, nothing, &sum, 1, "");
    }
    slot = tj_gep(g, g->data_slot, tj_i64(g, SUMS_AT + (uint64_t)row * PAIR * 4));
    store = LLVMBuildStore(g->b, sum, slot);
    LLVMSetAlignment(store, 64);
    LLVMSetVolatile(store, true);
    load = LLVMBuildLoad2(g->b, vector, slot, "");
    LLVMSetAlignment(load, 64);
    LLVMSetVolatile(load, true);
    return load;
}

/* Elements and factors are loaded where they are used, so that the sums have the registers. */
static void multiply_step(tj_gen *g, LLVMValueRef *inst, unsigned count, LLVMValueRef *rows,
                          LLVMValueRef sums[MAX_GROUP / 2][N])
{
    LLVMValueRef right[MAX_GROUP / 2];

    for (unsigned k = 0; k < N; k++) { /* rows inside: neighbours do not wait for each other */
        for (unsigned t = 0; t < count; t += 2)
            right[t / 2] =
                twin_row(g, f32_operand(g, inst[t], 1), f32_operand(g, inst[t + 1], 1), k);
        for (unsigned r = 0; r < N; r++) {
            LLVMValueRef element =
                splat_element(g, rows[r], tj_i64(g, (uint64_t)k * sizeof(float)));

            for (unsigned t = 0; t < count / 2; t++)
                sums[t][r] = tj_fma(g, element, right[t], sums[t][r]);
        }
    }
}

static void set_results(tj_gen *g, LLVMValueRef *inst, unsigned count,
                        LLVMValueRef sums[MAX_GROUP / 2][N])
{
    int lanes[PAIR];

    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)i;
    for (unsigned t = 0; t < count; t++) {
        LLVMValueRef halves[N];

        for (unsigned r = 0; r < N; r++)
            halves[r] = tj_shuffle(g, sums[t / 2][r], NULL, lanes + t % 2 * N, N);
        set_result(g, inst[t], tj_join_tile(g, halves));
    }
}

static void emit_group(tj_gen *g, tj_products *group)
{
    LLVMValueRef rows[MAX_STEPS][N], sums[MAX_GROUP / 2][N], *first = group->inst[0];

    for (unsigned s = 0; s < group->steps; s++)
        place_factor(g, group->inst[s][0], group->at, s * FACTOR_BYTES, rows[s]);
    tj_poll(g, group->at);
    for (unsigned t = 0; t < group->count; t += 2)
        for (unsigned r = 0; r < N; r++)
            sums[t / 2][r] =
                twin_row(g, f32_operand(g, first[t], 2), f32_operand(g, first[t + 1], 2), r);
    for (unsigned s = 0; s < group->steps; s++)
        multiply_step(g, group->inst[s], group->count, rows[s], sums);
    for (unsigned t = 0; t < group->count / 2; t++)
        for (unsigned r = 0; r < N; r++)
            sums[t][r] = keep_here(g, sums[t][r], t * N + r);
    tj_poll(g, group->at);
    set_results(g, group->inst[group->steps - 1], group->count, sums);
}

/* ---- groups ---------------------------------------------------------------------------- */

static bool is_operand_of(LLVMValueRef value, LLVMValueRef inst)
{
    for (int i = 0; i < LLVMGetNumOperands(inst); i++)
        if (LLVMGetOperand(inst, (unsigned)i) == value)
            return true;
    return false;
}

static bool is_multiply(LLVMValueRef inst)
{
    tj_intrin_use use;

    return LLVMIsACallInst(inst) && tj_intrin_of(inst, &use) &&
           use.id == TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE;
}

static bool is_done(const tj_gen *g, LLVMValueRef inst)
{
    return g->emitted[tj_facts_find(&g->facts, inst)->first_leaf].scalar != NULL;
}

/* The group of several steps that `inst` waits for; NULL: none. */
static tj_products *find_waiting(const tj_gen *g, LLVMValueRef inst)
{
    for (tj_products *group = g->waiting; group; group = group->next)
        for (unsigned s = 0; s < group->steps; s++)
            for (unsigned t = 0; t < group->count; t++)
                if (group->inst[s][t] == inst)
                    return group;
    return NULL;
}

/* Whether all operands of `inst` are made before `first`, an earlier one of its block. */
static bool is_ready_at(LLVMValueRef inst, LLVMValueRef first)
{
    for (LLVMValueRef i = first; i != inst; i = LLVMGetNextInstruction(i))
        if (is_operand_of(i, inst))
            return false;
    return true;
}

/* Later products of the block with the same A that need nothing made in between. */
static void find_products(const tj_gen *g, LLVMValueRef inst, tj_products *group)
{
    group->inst[0][group->count++] = inst;
    for (LLVMValueRef next = LLVMGetNextInstruction(inst); next && group->count < MAX_GROUP;
         next = LLVMGetNextInstruction(next))
        if (is_multiply(next) && LLVMGetOperand(next, 0) == LLVMGetOperand(inst, 0) &&
            !is_done(g, next) && !find_waiting(g, next) && is_ready_at(next, inst))
            group->inst[0][group->count++] = next;
    if (group->count > 1)
        group->count &= ~1u;
}

/* The product of the same block that is the only user of this one, as its sum. */
static LLVMValueRef find_follower(const tj_gen *g, LLVMValueRef inst)
{
    LLVMUseRef use = LLVMGetFirstUse(inst);
    LLVMValueRef user;

    if (!use || LLVMGetNextUse(use))
        return NULL;
    user = LLVMGetUser(use);
    if (!is_multiply(user) || LLVMGetOperand(user, 2) != inst ||
        LLVMGetInstructionParent(user) != LLVMGetInstructionParent(inst) ||
        LLVMGetElementType(LLVMTypeOf(user)) != g->t.f32 || find_waiting(g, user))
        return NULL;
    return user;
}

static bool is_before(LLVMValueRef inst, LLVMValueRef other)
{
    while (inst && inst != other)
        inst = LLVMGetNextInstruction(inst);
    return inst != NULL;
}

/* Adds the products whose sums are the group's results: another step of k. */
static bool add_step(const tj_gen *g, tj_products *group)
{
    LLVMValueRef *last = group->inst[group->steps - 1], next[MAX_GROUP], first = NULL;

    if (group->steps == MAX_STEPS || LLVMGetElementType(LLVMTypeOf(last[0])) != g->t.f32)
        return false; /* other sums are rounded after each step */
    for (unsigned t = 0; t < group->count; t++) {
        next[t] = find_follower(g, last[t]);
        if (!next[t] || LLVMGetOperand(next[t], 0) != LLVMGetOperand(next[0], 0))
            return false;
        if (!first || is_before(next[t], first))
            first = next[t];
    }
    for (unsigned t = 0; t < group->count; t++)
        if (!is_ready_at(next[t], first))
            return false;
    for (LLVMValueRef i = group->inst[0][0]; i != first; i = LLVMGetNextInstruction(i))
        if (writes_memory(i))
            return false; /* a barrier may be among them */
    for (unsigned t = 0; t < group->count; t++)
        group->inst[group->steps][t] = next[t];
    group->steps++;
    group->at = first;
    return true;
}

void tj_emit_multiply(tj_gen *g, LLVMValueRef inst)
{
    tj_products *group = find_waiting(g, inst);

    if (is_done(g, inst))
        return;
    if (!group) {
        group = tj_new(g->arena, tj_products);
        *group = (tj_products){.steps = 1, .at = inst};
        find_products(g, inst, group);
        while (group->count > 1 && add_step(g, group))
            ;
        group->next = g->waiting;
        g->waiting = group;
    }
    if (inst != group->at)
        return;
    if (group->count > 1)
        emit_group(g, group);
    else
        emit_single(g, inst);
}
