/* SPDX-License-Identifier: MIT */
/* simdgroup_matrix: a tile of 8 x 8 elements is one <64 x T> of the whole SIMD-group, row by
 * row. Loads and stores go by rows of 8; multiply.c has the arithmetic.
 *
 * Operand forms and the lane layout: air.md 4.9.
 */
#include "host.h"

#include <string.h>

enum { N = TJ_TILE_SIDE, TILE = N * N };

static LLVMTypeRef tile_of(LLVMTypeRef scalar)
{
    return LLVMVectorType(scalar, TILE);
}

/* ---- addresses ------------------------------------------------------------------------- */

typedef struct place {
    tj_mem mem;
    LLVMValueRef start;    /* byte offset of element (0, 0), i64 */
    LLVMValueRef row, col; /* bytes from a row, a column, to the next; i64 */
    LLVMValueRef shift;    /* bytes from the pointer to `start` */
    bool is_row_major;     /* elements of a row are consecutive, known now */
    bool is_col_major;
    LLVMTypeRef type; /* of an element in memory: moved by integers, bfloats keep their bits */
} place;

static LLVMValueRef pair_element(tj_gen *g, LLVMValueRef pair, unsigned i)
{
    return tj_use_first(g, pair, i);
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

/* Lane 0 speaks for the SIMD-group.
 * `first` is the operand behind the pointer: (i64, <2 x i64>, i1) or three <2 x i64>. */
static void fill_place(tj_gen *g, LLVMValueRef inst, unsigned first, place *p)
{
    LLVMValueRef second = LLVMGetOperand(inst, first + 1), stride[2], origin[2];
    bool is_legacy =
        LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(inst, first))) == LLVMIntegerTypeKind;

    if (is_legacy) {
        LLVMValueRef length = tj_use_first(g, LLVMGetOperand(inst, first), 0);
        LLVMValueRef flag = tj_use_first(g, LLVMGetOperand(inst, first + 2), 0);
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

    p->shift = LLVMBuildMul(g->b, at, tj_i64(g, bytes), "");
    p->start = LLVMBuildAdd(g->b, tj_use_first(g, p->mem.pointer, 0), p->shift, "");
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

/* Bytes from the pointer to the end of the last element when all is constant, else UINT64_MAX.
 */
static uint64_t constant_reach(const place *p)
{
    const LLVMValueRef steps[] = {p->shift, p->row, p->col};
    uint64_t reach = p->mem.elem_bytes;

    for (unsigned i = 0; i < 3; i++) {
        if (!LLVMIsAConstantInt(steps[i]) || LLVMConstIntGetZExtValue(steps[i]) > UINT32_MAX)
            return UINT64_MAX;
        reach += LLVMConstIntGetZExtValue(steps[i]) * (i ? N - 1 : 1);
    }
    return reach;
}

/* Checks the lines of 8 consecutive elements, or every element by itself. */
static void check_place(tj_gen *g, place *p)
{
    bool has_lines = p->is_row_major || p->is_col_major;
    LLVMValueRef lines[N];

    p->mem.elem_bytes = tj_leaf_bits(p->type) / 8;
    p->mem.components = has_lines ? N : 1;
    if (tj_is_known_inside(g, &p->mem, constant_reach(p)))
        return;
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

LLVMValueRef tj_join_tile(tj_gen *g, LLVMValueRef *rows)
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
    }
    LLVMValueRef tile = tj_join_tile(g, lines);

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
    if (p->is_row_major)
        g->tile_sources[g->tile_source_count++] =
            (tj_tile_source){inst, tj_pointer_at(g, &p->mem, p->start), p->row};
}

static void emit_load(tj_gen *g, LLVMValueRef inst)
{
    LLVMTypeRef elem = LLVMGetElementType(LLVMTypeOf(inst));
    place p = {.type = tj_memory_type(g, elem)};

    p.mem = (tj_mem){.inst = inst, .pointer = LLVMGetOperand(inst, 0), .site = -1};
    p.mem.leaf = tj_leaf_of(g, p.mem.pointer, 0);
    p.mem.leaf.root.is_varying = false;
    fill_place(g, inst, 1, &p);
    check_place(g, &p);
    if (!g->options->has_bounds_checks)
        tj_poll(g, inst); /* a block of its own, as the check makes it: see multiply.c */
    note_source(g, inst, &p);
    LLVMValueRef tile =
        p.is_row_major || p.is_col_major ? load_lines(g, &p) : load_elements(g, &p);

    tj_set_scalar(g, inst, 0, LLVMBuildBitCast(g->b, tile, tile_of(elem), ""));
}

static void emit_store(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef tile = tj_use_scalar(g, LLVMGetOperand(inst, 0), 0);
    place p = {.type = tj_memory_type(g, LLVMGetElementType(LLVMTypeOf(tile)))};

    tile = LLVMBuildBitCast(g->b, tile, tile_of(p.type), "");
    p.mem = (tj_mem){
        .inst = inst, .pointer = LLVMGetOperand(inst, 1), .is_store = true, .site = -1};
    p.mem.leaf = tj_leaf_of(g, p.mem.pointer, 0);
    p.mem.leaf.root.is_varying = false;
    fill_place(g, inst, 2, &p);
    check_place(g, &p);
    if (p.is_row_major || p.is_col_major)
        store_lines(g, &p, tile);
    else
        store_elements(g, &p, tile);
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
    LLVMValueRef flags[TILE], tile;

    tile = filled(g, tj_use_first(g, LLVMGetOperand(inst, 0), 0), type);
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
        tj_emit_multiply(g, inst);
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

LLVMValueRef tj_tile_mask(tj_gen *g, LLVMValueRef mask)
{
    int lanes[TILE];

    for (unsigned l = 0; l < TJ_SIMD_WIDTH; l++)
        for (unsigned which = 0; which < 2; which++)
            lanes[element_of_lane(l, which)] = (int)l;
    return tj_shuffle(g, mask, NULL, lanes, TILE);
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
    LLVMTypeRef elem = LLVMTypeOf(inst);

    tile = LLVMBuildBitCast(g->b, tile, tile_of(tj_memory_type(g, elem)), "");
    tj_set_vector(g, inst, 0, tj_from_memory(g, tile_elements(g, tile, which), elem));
}

static void insert_pair_element(tj_gen *g, LLVMValueRef inst, unsigned which)
{
    LLVMValueRef tile = tj_use_scalar(g, LLVMGetOperand(inst, 0), 0);
    LLVMValueRef values = tj_to_memory(g, tj_use_vector(g, LLVMGetOperand(inst, 1), 0));
    LLVMTypeRef type = LLVMTypeOf(inst);
    int widen[TILE], lanes[TILE];

    tile = LLVMBuildBitCast(g->b, tile, tile_of(tj_element(LLVMTypeOf(values))), "");
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
    tile = tj_shuffle(g, tile, tj_shuffle(g, values, NULL, widen, TILE), lanes, TILE);
    tj_set_scalar(g, inst, 0, LLVMBuildBitCast(g->b, tile, type, ""));
}

/* Indices are constant, 0 or 1 (canon-tiles). */
void tj_emit_matrix_element(tj_gen *g, LLVMValueRef inst)
{
    bool is_insert = LLVMGetInstructionOpcode(inst) == LLVMInsertElement;
    LLVMValueRef index = LLVMGetOperand(inst, is_insert ? 2 : 1);

    if (is_insert)
        insert_pair_element(g, inst, (unsigned)LLVMConstIntGetZExtValue(index));
    else
        extract_pair_element(g, inst, (unsigned)LLVMConstIntGetZExtValue(index));
}
