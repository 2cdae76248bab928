/* SPDX-License-Identifier: MIT */
/* simdgroup_matrix: a tile of 8 x 8 elements is one <64 x T> of the whole SIMD-group, row by
 * row. Loads and stores go by rows of 8; multiply-accumulate is a nest of fused
 * multiply-adds on host vectors, k from 0 to 7.
 *
 * Operand forms and the lane layout: air.md 4.9.
 */
#include "host.h"

#include <string.h>

enum { N = 8, TILE = N * N };

static LLVMTypeRef tile_of(LLVMTypeRef scalar)
{
    return LLVMVectorType(scalar, TILE);
}

/* ---- addresses ------------------------------------------------------------------------- */

typedef struct place {
    tj_mem mem;
    LLVMValueRef start;    /* byte offset of element (0, 0), i64 */
    LLVMValueRef row, col; /* bytes from a row, a column, to the next; i64 */
    LLVMValueRef step;     /* bytes from one round of the loop to the next; NULL: unknown */
    bool is_row_major;     /* elements of a row are consecutive, known now */
    bool is_col_major;
    LLVMTypeRef type; /* of an element */
} place;

static LLVMValueRef pair_element(tj_gen *g, LLVMValueRef pair, unsigned i)
{
    return tj_use_scalar(g, pair, i);
}

static bool is_one(LLVMValueRef value)
{
    return LLVMIsAConstantInt(value) && LLVMConstIntGetZExtValue(value) == 1;
}

/* A select that a constant flag decides here: what is consecutive must be known now. */
static LLVMValueRef choose(tj_gen *g, LLVMValueRef flag, LLVMValueRef a, LLVMValueRef b)
{
    if (LLVMIsAConstantInt(flag))
        return LLVMConstIntGetZExtValue(flag) ? a : b;
    return LLVMBuildSelect(g->b, flag, a, b, "");
}

/* The pointer's step and the origin's, which is the last operand or the one before a flag. */
static LLVMValueRef step_of_place(tj_gen *g, LLVMValueRef inst, unsigned first, const place *p,
                                  LLVMValueRef *stride)
{
    LLVMTypeRef last = LLVMTypeOf(LLVMGetOperand(inst, first + 2));
    bool is_legacy = LLVMGetTypeKind(last) == LLVMIntegerTypeKind;
    LLVMValueRef origin = LLVMGetOperand(inst, first + (is_legacy ? 1 : 2));
    LLVMValueRef flag = is_legacy ? LLVMGetOperand(inst, first + 2) : NULL;
    LLVMValueRef bytes = tj_i64(g, tj_leaf_bits(p->type) / 8);
    LLVMValueRef step = tj_step_of(g, p->mem.pointer, 0);

    if (flag && !(LLVMIsAConstantInt(flag) && !LLVMConstIntGetZExtValue(flag)))
        return NULL; /* transposed: components change places */
    for (unsigned i = 0; i < 2 && step; i++) {
        LLVMValueRef moved = tj_step_of(g, origin, i);

        if (!moved)
            return NULL;
        moved = LLVMBuildMul(g->b, LLVMBuildMul(g->b, moved, stride[i], ""), bytes, "");
        step = LLVMBuildAdd(g->b, step, moved, "");
    }
    return step;
}

/* `first` is the operand behind the pointer: (i64, <2 x i64>, i1) or three <2 x i64>. */
static void fill_place(tj_gen *g, LLVMValueRef inst, unsigned first, place *p)
{
    LLVMValueRef second = LLVMGetOperand(inst, first + 1), stride[2], origin[2];
    bool is_legacy =
        LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(inst, first))) == LLVMIntegerTypeKind;

    if (is_legacy) {
        LLVMValueRef length = tj_use_scalar(g, LLVMGetOperand(inst, first), 0);
        LLVMValueRef flag = tj_use_scalar(g, LLVMGetOperand(inst, first + 2), 0);
        LLVMValueRef one = tj_i64(g, 1), x = pair_element(g, second, 0),
                     y = pair_element(g, second, 1);

        stride[0] = choose(g, flag, length, one);
        stride[1] = choose(g, flag, one, length);
        origin[0] = choose(g, flag, y, x);
        origin[1] = choose(g, flag, x, y);
    } else {
        for (unsigned i = 0; i < 2; i++) {
            stride[i] = pair_element(g, second, i);
            origin[i] = pair_element(g, LLVMGetOperand(inst, first + 2), i);
        }
    }
    uint64_t bytes = tj_leaf_bits(p->type) / 8;
    LLVMValueRef at = LLVMBuildAdd(g->b, LLVMBuildMul(g->b, origin[0], stride[0], ""),
                                   LLVMBuildMul(g->b, origin[1], stride[1], ""), "");

    p->start = LLVMBuildAdd(g->b, tj_use_scalar(g, p->mem.pointer, 0),
                            LLVMBuildMul(g->b, at, tj_i64(g, bytes), ""), "");
    p->step = step_of_place(g, inst, first, p, stride);
    p->is_row_major = is_one(stride[0]);
    p->is_col_major = !p->is_row_major && is_one(stride[1]);
    p->col = LLVMBuildMul(g->b, stride[0], tj_i64(g, bytes), "");
    p->row = LLVMBuildMul(g->b, stride[1], tj_i64(g, bytes), "");
}

static LLVMValueRef offset_of(tj_gen *g, const place *p, unsigned r, unsigned c)
{
    LLVMValueRef at = p->start;

    if (r)
        at = LLVMBuildAdd(g->b, at, LLVMBuildMul(g->b, p->row, tj_i64(g, r), ""), "");
    if (c)
        at = LLVMBuildAdd(g->b, at, LLVMBuildMul(g->b, p->col, tj_i64(g, c), ""), "");
    return at;
}

/* Checks the lines of 8 consecutive elements, or every element by itself. */
static void check_place(tj_gen *g, place *p)
{
    bool has_lines = p->is_row_major || p->is_col_major;
    LLVMValueRef lines[N];

    p->mem.elem_bytes = tj_leaf_bits(p->type) / 8;
    p->mem.components = has_lines ? N : 1;
    if (has_lines) {
        for (unsigned i = 0; i < N; i++)
            lines[i] = offset_of(g, p, p->is_row_major ? i : 0, p->is_row_major ? 0 : i);
        tj_check_rows(g, &p->mem, lines, N);
        return;
    }
    for (unsigned r = 0; r < N; r++) {
        for (unsigned c = 0; c < N; c++)
            lines[c] = offset_of(g, p, r, c);
        tj_check_rows(g, &p->mem, lines, N);
    }
}

/* ---- rows and tiles -------------------------------------------------------------------- */

static LLVMValueRef join(tj_gen *g, LLVMValueRef *rows)
{
    int lanes[TILE];

    for (unsigned i = 0; i < TILE; i++)
        lanes[i] = (int)i;
    for (unsigned count = N; count > 1; count /= 2)
        for (unsigned i = 0; i < count / 2; i++)
            rows[i] = tj_shuffle(g, rows[2 * i], rows[2 * i + 1], lanes, TILE / (count / 2));
    return rows[0];
}

static LLVMValueRef row_of(tj_gen *g, LLVMValueRef tile, unsigned r)
{
    int lanes[N];

    for (unsigned c = 0; c < N; c++)
        lanes[c] = (int)(r * N + c);
    return tj_shuffle(g, tile, NULL, lanes, N);
}

static LLVMValueRef transpose(tj_gen *g, LLVMValueRef tile)
{
    int lanes[TILE];

    for (unsigned i = 0; i < TILE; i++)
        lanes[i] = (int)(i % N * N + i / N);
    return tj_shuffle(g, tile, NULL, lanes, TILE);
}

static LLVMValueRef load_lines(tj_gen *g, const place *p)
{
    LLVMValueRef lines[N];

    for (unsigned i = 0; i < N; i++) {
        LLVMValueRef at = offset_of(g, p, p->is_row_major ? i : 0, p->is_row_major ? 0 : i);

        lines[i] =
            LLVMBuildLoad2(g->b, LLVMVectorType(p->type, N), tj_pointer_at(g, &p->mem, at), "");
        LLVMSetAlignment(lines[i], p->mem.elem_bytes);
        tj_prefetch(g, &p->mem.leaf.root, at, p->step, 1, true);
    }
    LLVMValueRef tile = join(g, lines);

    return p->is_row_major ? tile : transpose(g, tile);
}

static LLVMValueRef load_elements(tj_gen *g, const place *p)
{
    LLVMValueRef tile = LLVMGetPoison(tile_of(p->type));

    for (unsigned i = 0; i < TILE; i++) {
        LLVMValueRef at = tj_pointer_at(g, &p->mem, offset_of(g, p, i / N, i % N));

        tile = LLVMBuildInsertElement(g->b, tile, LLVMBuildLoad2(g->b, p->type, at, ""),
                                      tj_i32(g, i), "");
    }
    return tile;
}

static void store_lines(tj_gen *g, const place *p, LLVMValueRef tile)
{
    if (!p->is_row_major)
        tile = transpose(g, tile);
    for (unsigned i = 0; i < N; i++) {
        LLVMValueRef at = offset_of(g, p, p->is_row_major ? i : 0, p->is_row_major ? 0 : i);
        LLVMValueRef store =
            LLVMBuildStore(g->b, row_of(g, tile, i), tj_pointer_at(g, &p->mem, at));

        LLVMSetAlignment(store, p->mem.elem_bytes);
    }
}

static void store_elements(tj_gen *g, const place *p, LLVMValueRef tile)
{
    for (unsigned i = 0; i < TILE; i++)
        LLVMBuildStore(g->b, LLVMBuildExtractElement(g->b, tile, tj_i32(g, i), ""),
                       tj_pointer_at(g, &p->mem, offset_of(g, p, i / N, i % N)));
}

static void note_source(tj_gen *g, LLVMValueRef inst, const place *p)
{
    if (!g->tile_sources)
        g->tile_sources = tj_new_array(g->arena, tj_tile_source, g->facts.value_count);
    if (p->is_row_major && p->type == g->t.f32)
        g->tile_sources[g->tile_source_count++] =
            (tj_tile_source){inst, tj_pointer_at(g, &p->mem, p->start), p->row};
}

static void emit_load(tj_gen *g, LLVMValueRef inst)
{
    place p = {.type = LLVMGetElementType(LLVMTypeOf(inst))};

    p.mem = (tj_mem){.inst = inst, .pointer = LLVMGetOperand(inst, 0), .site = -1};
    p.mem.leaf = tj_leaf_of(g, p.mem.pointer, 0);
    fill_place(g, inst, 1, &p);
    check_place(g, &p);
    note_source(g, inst, &p);
    tj_set_scalar(g, inst, 0,
                  p.is_row_major || p.is_col_major ? load_lines(g, &p) : load_elements(g, &p));
}

static void emit_store(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef tile = tj_use_scalar(g, LLVMGetOperand(inst, 0), 0);
    place p = {.type = LLVMGetElementType(LLVMTypeOf(tile))};

    p.mem = (tj_mem){
        .inst = inst, .pointer = LLVMGetOperand(inst, 1), .is_store = true, .site = -1};
    p.mem.leaf = tj_leaf_of(g, p.mem.pointer, 0);
    fill_place(g, inst, 2, &p);
    check_place(g, &p);
    if (p.is_row_major || p.is_col_major)
        store_lines(g, &p, tile);
    else
        store_elements(g, &p, tile);
}

/* ---- arithmetic ------------------------------------------------------------------------
 *
 * A product by itself fills a 512-bit vector with two rows of the result, and wants
 * A[r][k] eight times beside A[r + 1][k] eight times: permutes. Two products with the same A
 * fill it with a row of each, and want one element of A in all lanes: a broadcast from memory.
 * Each pair of products is a basic block of its own, between two looks at the watchdog's flag:
 * in one large block LLVM 22 moves loads of many products ahead of their multiply-adds and
 * spills them.
 */

enum { PAIR = 2 * N, MAX_GROUP = 4 };

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
        set_result(g, products->inst[t], join(g, halves));
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

static void emit_multiply(tj_gen *g, LLVMValueRef inst)
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

static LLVMValueRef filled(tj_gen *g, LLVMValueRef scalar, LLVMTypeRef type)
{
    int lanes[TILE] = {0};
    LLVMValueRef one =
        LLVMBuildInsertElement(g->b, LLVMGetPoison(type), scalar, tj_i32(g, 0), "");

    return tj_shuffle(g, one, NULL, lanes, TILE);
}

static void emit_init(tj_gen *g, LLVMValueRef inst, bool is_diagonal)
{
    LLVMTypeRef type = LLVMTypeOf(inst);
    LLVMValueRef value = LLVMGetOperand(inst, 0), flags[TILE], tile, scalar;

    /* The value should be the same in all threads; else lane 0 decides. */
    if (tj_leaf_of(g, value, 0).shape.kind == TJ_UNIFORM)
        scalar = tj_use_scalar(g, value, 0);
    else
        scalar = tj_lane(g, tj_use_vector(g, value, 0), 0);
    tile = filled(g, scalar, type);
    for (unsigned i = 0; i < TILE; i++)
        flags[i] = LLVMConstInt(g->t.i1, i / N == i % N, false);
    if (is_diagonal)
        tile =
            LLVMBuildSelect(g->b, LLVMConstVector(flags, TILE), tile, LLVMConstNull(type), "");
    tj_set_scalar(g, inst, 0, tile);
}

void tj_emit_matrix(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    bool is_store = use->id == TJ_INTRIN_MATRIX_STORE;

    if ((is_store || use->id == TJ_INTRIN_MATRIX_LOAD) &&
        tj_leaf_of(g, LLVMGetOperand(inst, is_store), 0).root.kind == TJ_ROOT_ALLOCA) {
        tj_give_up(g, inst,
                   "SIMD-group matrix in private memory; device and threadgroup memory "
                   "are supported");
        return;
    }
    switch (use->id) {
    case TJ_INTRIN_MATRIX_LOAD:
        emit_load(g, inst);
        return;
    case TJ_INTRIN_MATRIX_STORE:
        emit_store(g, inst);
        return;
    case TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE:
        emit_multiply(g, inst);
        return;
    default:
        emit_init(g, inst, use->id == TJ_INTRIN_MATRIX_INIT_DIAG);
    }
}

/* ---- elements of a lane ---------------------------------------------------------------- */

/* Tile element that is element `which` (0 or 1) of lane `lane`'s pair. */
static unsigned element_of_lane(unsigned lane, unsigned which)
{
    unsigned row = (lane / 4 & 4) + lane / 2 % 4;
    unsigned col = (lane / 4 & 2) * 2 + lane % 2 * 2;

    return row * N + col + which;
}

/* Element `which` of each lane's pair. */
static LLVMValueRef tile_elements(tj_gen *g, LLVMValueRef tile, unsigned which)
{
    int lanes[TJ_SIMD_WIDTH];

    for (unsigned l = 0; l < TJ_SIMD_WIDTH; l++)
        lanes[l] = (int)element_of_lane(l, which);
    return tj_shuffle(g, tile, NULL, lanes, TJ_SIMD_WIDTH);
}

static void extract_pair_element(tj_gen *g, LLVMValueRef inst, unsigned which)
{
    LLVMValueRef tile = tj_use_scalar(g, LLVMGetOperand(inst, 0), 0);

    tj_set_vector(g, inst, 0, tile_elements(g, tile, which));
}

static void insert_pair_element(tj_gen *g, LLVMValueRef inst, unsigned which)
{
    LLVMValueRef tile = tj_use_scalar(g, LLVMGetOperand(inst, 0), 0);
    LLVMValueRef values = tj_use_vector(g, LLVMGetOperand(inst, 1), 0);
    int widen[TILE], lanes[TILE];

    if (!g->is_full) { /* lanes that are off keep their elements */
        LLVMValueRef old = tile_elements(g, tile, which);

        values = LLVMBuildSelect(g->b, g->mask, values, old, "");
    }
    for (unsigned i = 0; i < TILE; i++) {
        widen[i] = i < TJ_SIMD_WIDTH ? (int)i : -1;
        lanes[i] = (int)i;
    }
    for (unsigned l = 0; l < TJ_SIMD_WIDTH; l++)
        lanes[element_of_lane(l, which)] = (int)(TILE + l);
    tj_set_scalar(g, inst, 0,
                  tj_shuffle(g, tile, tj_shuffle(g, values, NULL, widen, TILE), lanes, TILE));
}

void tj_emit_matrix_element(tj_gen *g, LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    bool is_insert = opcode == LLVMInsertElement;
    LLVMValueRef index =
        opcode == LLVMShuffleVector ? NULL : LLVMGetOperand(inst, is_insert ? 2 : 1);

    if (opcode == LLVMShuffleVector) {
        /* <64 x T> to this lane's <2 x T> and back, as compilers pass thread_elements() */
        tj_give_up(g, inst,
                   "shufflevector of a SIMD-group matrix; extractelement and insertelement of "
                   "elements 0 and 1 are supported");
        return;
    }
    if (!LLVMIsAConstantInt(index) || LLVMConstIntGetZExtValue(index) > 1) {
        tj_give_up(g, inst,
                   "element of a SIMD-group matrix other than 0 and 1, this thread's pair");
        return;
    }
    if (is_insert)
        insert_pair_element(g, inst, (unsigned)LLVMConstIntGetZExtValue(index));
    else
        extract_pair_element(g, inst, (unsigned)LLVMConstIntGetZExtValue(index));
}
