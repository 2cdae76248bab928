/* SPDX-License-Identifier: MIT */
/* Multiply-accumulate of SIMD-group matrices: nests of fused multiply-adds on host vectors, k
 * from 0 to 7.
 *
 * A product by itself fills a 512-bit vector with two rows of the result, and wants
 * A[r][k] eight times beside A[r + 1][k] eight times: permutes. Two products with the same A
 * fill it with a row of each, and want one element of A in all lanes: a broadcast from memory.
 *
 * Each nest is a basic block of its own, between two looks at the watchdog's flag: in one large
 * block LLVM 22 moves loads of many products ahead of their multiply-adds and spills them.
 */
#include "host.h"

enum { N = TJ_TILE_SIDE, TILE = N * N, PAIR = 2 * N, MAX_GROUP = 4 };

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
    case TJ_EFFECT_BARRIER:
    case TJ_EFFECT_FENCE:
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

/* The factor's elements in memory: where they came from, or a copy. Fills rows[0..7]. */
static void place_factor(tj_gen *g, LLVMValueRef inst, LLVMValueRef *rows)
{
    LLVMValueRef factor = LLVMGetOperand(inst, 0), start = g->data_slot, step, tile;
    const tj_tile_source *source = find_source(g, factor, inst);
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
    slot = tj_gep(g, g->data_slot, tj_i64(g, (uint64_t)TILE * 4 + row * PAIR * 4));
    store = LLVMBuildStore(g->b, sum, slot);
    LLVMSetAlignment(store, 64);
    LLVMSetVolatile(store, true);
    load = LLVMBuildLoad2(g->b, vector, slot, "");
    LLVMSetAlignment(load, 64);
    LLVMSetVolatile(load, true);
    return load;
}

/* Products that share A, in pairs: one element of A meets a row of each pair's factors.
 * Elements and factors are loaded where they are used, so that the sums have the registers. */
typedef struct group {
    LLVMValueRef inst[MAX_GROUP];
    unsigned count; /* even */
} group;

static void multiply_group(tj_gen *g, const group *products, LLVMValueRef *rows,
                           LLVMValueRef sums[MAX_GROUP / 2][N])
{
    LLVMValueRef right[MAX_GROUP / 2];

    for (unsigned k = 0; k < N; k++) { /* rows inside: neighbours do not wait for each other */
        for (unsigned t = 0; t < products->count; t += 2)
            right[t / 2] = twin_row(g, f32_operand(g, products->inst[t], 1),
                                    f32_operand(g, products->inst[t + 1], 1), k);
        for (unsigned r = 0; r < N; r++) {
            LLVMValueRef element =
                splat_element(g, rows[r], tj_i64(g, (uint64_t)k * sizeof(float)));

            for (unsigned t = 0; t < products->count / 2; t++)
                sums[t][r] = tj_fma(g, element, right[t], sums[t][r]);
        }
    }
}

static void set_results(tj_gen *g, const group *products, LLVMValueRef sums[MAX_GROUP / 2][N])
{
    int lanes[PAIR];

    for (unsigned i = 0; i < PAIR; i++)
        lanes[i] = (int)i;
    for (unsigned t = 0; t < products->count; t++) {
        LLVMValueRef halves[N];

        for (unsigned r = 0; r < N; r++)
            halves[r] = tj_shuffle(g, sums[t / 2][r], NULL, lanes + t % 2 * N, N);
        set_result(g, products->inst[t], tj_join_tile(g, halves));
    }
}

static void emit_group(tj_gen *g, const group *products)
{
    LLVMValueRef rows[N], sums[MAX_GROUP / 2][N];

    place_factor(g, products->inst[0], rows);
    tj_poll(g, products->inst[0]);
    for (unsigned t = 0; t < products->count; t += 2)
        for (unsigned r = 0; r < N; r++)
            sums[t / 2][r] = twin_row(g, f32_operand(g, products->inst[t], 2),
                                      f32_operand(g, products->inst[t + 1], 2), r);
    multiply_group(g, products, rows, sums);
    for (unsigned t = 0; t < products->count / 2; t++)
        for (unsigned r = 0; r < N; r++)
            sums[t][r] = keep_here(g, sums[t][r], t * N + r);
    tj_poll(g, products->inst[0]);
    set_results(g, products, sums);
}

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

/* Later products of the block with the same A that need nothing made in between. */
static group find_group(const tj_gen *g, LLVMValueRef inst)
{
    group found = {{inst}, 1};

    for (LLVMValueRef next = LLVMGetNextInstruction(inst); next && found.count < MAX_GROUP;
         next = LLVMGetNextInstruction(next)) {
        bool is_ready = true;

        if (!is_multiply(next) || is_done(g, next) ||
            LLVMGetOperand(next, 0) != LLVMGetOperand(inst, 0))
            continue;
        for (LLVMValueRef i = inst; i != next; i = LLVMGetNextInstruction(i))
            is_ready &= !is_operand_of(i, next);
        if (is_ready)
            found.inst[found.count++] = next;
    }
    if (found.count > 1)
        found.count &= ~1u;
    return found;
}

void tj_emit_multiply(tj_gen *g, LLVMValueRef inst)
{
    group products;

    if (is_done(g, inst))
        return;
    products = find_group(g, inst);
    if (products.count > 1)
        emit_group(g, &products);
    else
        emit_single(g, inst);
}
