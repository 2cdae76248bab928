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

#include <llvm-c/DebugInfo.h>

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
    return tj_to_computed(g, tj_use_scalar(g, LLVMGetOperand(inst, op), 0));
}

static void set_result(tj_gen *g, LLVMValueRef inst, LLVMValueRef tile)
{
    tj_set_scalar(g, inst, 0, tj_from_computed(g, tile, LLVMGetElementType(LLVMTypeOf(inst))));
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

/* LLVM would take the elements out of the vectors that it stored or loaded there by permutes,
 * where the host broadcasts from memory. */
LLVMValueRef tj_launder(tj_gen *g, LLVMValueRef pointer)
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

    if (source && LLVMGetElementType(LLVMTypeOf(source->inst)) != g->t.f32)
        source = NULL; /* elements would be converted one by one */

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
    start = tj_launder(g, start);
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

/* ---- nests as loops -------------------------------------------------------------------- */

/* A loop of eight rounds over k. Written out, a step takes as long to compile as to run a
 * thousand times. */
typedef struct k_loop {
    LLVMBasicBlockRef before, body;
    LLVMValueRef k; /* i64 */
} k_loop;

static k_loop begin_loop(tj_gen *g)
{
    k_loop loop = {.before = LLVMGetInsertBlock(g->b), .body = tj_new_block(g, "products")};
    LLVMValueRef zero = tj_i64(g, 0);

    LLVMBuildBr(g->b, loop.body);
    LLVMPositionBuilderAtEnd(g->b, loop.body);
    loop.k = LLVMBuildPhi(g->b, g->t.i64, "k");
    LLVMAddIncoming(loop.k, &zero, &loop.before, 1);
    return loop;
}

/* Written out by LLVM it would be what it is here to avoid. */
static void keep_rolled(tj_gen *g, LLVMValueRef branch)
{
    static const char name[] = "llvm.loop.unroll.disable";
    LLVMMetadataRef disable = LLVMMDStringInContext2(g->llctx, name, sizeof(name) - 1);
    LLVMMetadataRef node = LLVMMDNodeInContext2(g->llctx, &disable, 1);
    LLVMMetadataRef self = LLVMTemporaryMDNode(g->llctx, NULL, 0), items[] = {self, node};
    LLVMMetadataRef loop = LLVMMDNodeInContext2(g->llctx, items, 2);

    LLVMMetadataReplaceAllUsesWith(self, loop);
    LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(g->llctx, "llvm.loop", 9),
                    LLVMMetadataAsValue(g->llctx, loop));
}

static void end_loop(tj_gen *g, k_loop *loop)
{
    LLVMBasicBlockRef end = tj_new_block(g, "products_end");
    LLVMValueRef next = LLVMBuildNUWAdd(g->b, loop->k, tj_i64(g, 1), "");
    LLVMValueRef more = LLVMBuildICmp(g->b, LLVMIntULT, next, tj_i64(g, N), "");

    LLVMAddIncoming(loop->k, &next, &loop->body, 1);
    keep_rolled(g, LLVMBuildCondBr(g->b, more, loop->body, end));
    LLVMPositionBuilderAtEnd(g->b, end);
}

/* Rows of two factors B side by side, in memory. */
typedef struct twin_source {
    LLVMValueRef start[2], row[2]; /* of each; start[1] NULL: rows of both together */
    LLVMTypeRef elem;
} twin_source;

/* Where two factors B were loaded from, or a copy at byte `copy_at` of the group's slot. */
static twin_source place_twins(tj_gen *g, tj_products *group, LLVMValueRef *inst,
                               uint64_t copy_at)
{
    twin_source out;

    for (unsigned i = 0; i < 2; i++) {
        const tj_tile_source *source = find_source(g, LLVMGetOperand(inst[i], 1), group->at);

        if (!source)
            break;
        out.start[i] = source->start;
        out.row[i] = source->row;
        LLVMTypeRef elem = LLVMGetElementType(LLVMTypeOf(source->inst));

        if (i && elem == out.elem)
            return out;
        out.elem = elem;
    }
    if (!g->tile_slot) {
        g->tile_slot = tj_slot(
            g, LLVMArrayType2(g->t.f32, (uint64_t)MAX_STEPS * MAX_GROUP * TILE), "tiles");
        LLVMSetAlignment(g->tile_slot, 64);
    }
    LLVMValueRef first = f32_operand(g, inst[0], 1), second = f32_operand(g, inst[1], 1);

    out.start[0] = tj_gep(g, g->tile_slot, tj_i64(g, copy_at));
    out.start[1] = NULL;
    out.elem = g->t.f32;
    out.row[0] = tj_i64(g, PAIR * sizeof(float));
    for (unsigned k = 0; k < N; k++)
        LLVMSetAlignment(
            LLVMBuildStore(g->b, twin_row(g, first, second, k),
                           tj_gep(g, out.start[0], tj_i64(g, k * PAIR * sizeof(float)))),
            64);
    return out;
}

static LLVMValueRef load_twins(tj_gen *g, const twin_source *source, LLVMValueRef k)
{
    LLVMTypeRef memory = tj_memory_type(g, source->elem);
    unsigned count = source->start[1] ? N : PAIR;
    LLVMValueRef rows[2];
    int lanes[PAIR];

    for (unsigned i = 0; i < 2 && source->start[i]; i++) {
        LLVMValueRef at =
            tj_gep(g, source->start[i], LLVMBuildMul(g->b, source->row[i], k, ""));

        rows[i] = LLVMBuildLoad2(g->b, LLVMVectorType(memory, count), at, "");
        LLVMSetAlignment(rows[i], source->start[1] ? tj_leaf_bits(memory) / 8 : 64);
    }
    if (!source->start[1])
        return rows[0];
    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)i;
    return tj_to_computed(
        g, tj_from_memory(g, tj_shuffle(g, rows[0], rows[1], lanes, PAIR), source->elem));
}

/* One step: `sums` go into the loop and come out of it. */
static void loop_step(tj_gen *g, unsigned count, LLVMValueRef *rows, const twin_source *twins,
                      LLVMValueRef sums[MAX_GROUP / 2][N])
{
    k_loop loop = begin_loop(g);
    LLVMValueRef phis[MAX_GROUP / 2][N], right[MAX_GROUP / 2];

    for (unsigned t = 0; t < count / 2; t++)
        for (unsigned r = 0; r < N; r++) {
            phis[t][r] = LLVMBuildPhi(g->b, LLVMTypeOf(sums[t][r]), "");
            LLVMAddIncoming(phis[t][r], &sums[t][r], &loop.before, 1);
        }
    for (unsigned t = 0; t < count / 2; t++)
        right[t] = load_twins(g, &twins[t], loop.k);
    LLVMValueRef column = LLVMBuildMul(g->b, loop.k, tj_i64(g, sizeof(float)), "");

    for (unsigned r = 0; r < N; r++) {
        LLVMValueRef element = splat_element(g, rows[r], column);

        for (unsigned t = 0; t < count / 2; t++) {
            sums[t][r] = tj_fma(g, element, right[t], phis[t][r]);
            LLVMAddIncoming(phis[t][r], &sums[t][r], &loop.body, 1);
        }
    }
    end_loop(g, &loop);
}

static LLVMValueRef home_of(const tj_gen *g, LLVMValueRef value)
{
    const tj_value *record = tj_facts_find(&g->facts, value);

    return record ? g->emitted[record->first_leaf].home : NULL;
}

/* Address of a row of a matrix in its home. */
static LLVMValueRef home_row(tj_gen *g, LLVMValueRef home, unsigned r)
{
    return tj_gep(g, home, tj_i64(g, (uint64_t)r * N * sizeof(float)));
}

static LLVMValueRef load_row(tj_gen *g, LLVMValueRef home, unsigned r)
{
    LLVMValueRef row =
        LLVMBuildLoad2(g->b, LLVMVectorType(g->t.f32, N), home_row(g, home, r), "");

    LLVMSetAlignment(row, N * sizeof(float));
    return row;
}

static void set_home(tj_gen *g, LLVMValueRef inst, LLVMValueRef home, LLVMValueRef *halves)
{
    for (unsigned r = 0; r < N; r++)
        LLVMSetAlignment(LLVMBuildStore(g->b, halves[r], home_row(g, home, r)),
                         N * sizeof(float));
    g->emitted[tj_facts_find(&g->facts, inst)->first_leaf].scalar = home; /* it is done */
}

static void set_results(tj_gen *g, LLVMValueRef *inst, unsigned count,
                        LLVMValueRef sums[MAX_GROUP / 2][N])
{
    int lanes[PAIR];

    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)i;
    for (unsigned t = 0; t < count; t++) {
        LLVMValueRef halves[N], home = home_of(g, inst[t]);

        for (unsigned r = 0; r < N; r++)
            halves[r] = tj_shuffle(g, sums[t / 2][r], NULL, lanes + t % 2 * N, N);
        if (home)
            set_home(g, inst[t], home, halves);
        else
            set_result(g, inst[t], tj_join_tile(g, halves));
    }
}

/* The sums that a group goes on from. */
static void sums_at_start(tj_gen *g, const tj_products *group,
                          LLVMValueRef sums[MAX_GROUP / 2][N])
{
    int lanes[PAIR];

    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)i;
    for (unsigned t = 0; t < group->count; t += 2) {
        LLVMValueRef a = LLVMGetOperand(group->inst[0][t], 2);
        LLVMValueRef b = LLVMGetOperand(group->inst[0][t + 1], 2);
        LLVMValueRef a_home = home_of(g, a), b_home = home_of(g, b);

        if (a_home && b_home) {
            for (unsigned r = 0; r < N; r++)
                sums[t / 2][r] =
                    tj_shuffle(g, load_row(g, a_home, r), load_row(g, b_home, r), lanes, PAIR);
            continue;
        }
        a = tj_to_computed(g, tj_use_scalar(g, a, 0));
        b = tj_to_computed(g, tj_use_scalar(g, b, 0));
        for (unsigned r = 0; r < N; r++)
            sums[t / 2][r] = twin_row(g, a, b, r);
    }
}

/* Where a register holds a row of twins, the sums of a group fit into registers. */
static void emit_loops(tj_gen *g, tj_products *group)
{
    LLVMValueRef rows[MAX_STEPS][N], sums[MAX_GROUP / 2][N];
    twin_source twins[MAX_STEPS][MAX_GROUP / 2];

    for (unsigned s = 0; s < group->steps; s++) {
        place_factor(g, group->inst[s][0], group->at, s * FACTOR_BYTES, rows[s]);
        for (unsigned t = 0; t < group->count; t += 2)
            twins[s][t / 2] = place_twins(g, group, group->inst[s] + t,
                                          (uint64_t)(s * MAX_GROUP + t) * FACTOR_BYTES);
    }
    sums_at_start(g, group, sums);
    for (unsigned s = 0; s < group->steps; s++)
        loop_step(g, group->count, rows[s], twins[s], sums);
    set_results(g, group->inst[group->steps - 1], group->count, sums);
}

static void emit_group(tj_gen *g, tj_products *group)
{
    LLVMValueRef rows[MAX_STEPS][N], sums[MAX_GROUP / 2][N];

    for (unsigned s = 0; s < group->steps; s++)
        place_factor(g, group->inst[s][0], group->at, s * FACTOR_BYTES, rows[s]);
    tj_poll(g, group->at);
    sums_at_start(g, group, sums);
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
    if (group->count > 1 && g->options->vector_bits >= 512)
        emit_loops(g, group);
    else if (group->count > 1)
        emit_group(g, group);
    else
        emit_single(g, inst);
}
