/* SPDX-License-Identifier: MIT */
/* Private arrays (allocas that stay in memory).
 *
 * An array whose address stays in loads, stores and address arithmetic is cut into cells of the
 * smallest access, and each cell is a row of W lanes: a uniform index is then one vector
 * access. Byte offset o of lane l lies at o * W + l * cell. Of an array that holds the same in
 * all lanes (ir/shape_private.c) there is one copy. An array whose address escapes has one
 * whole copy a lane, at real addresses in the worker's private memory.
 */
#include "host.h"

enum { MAX_CELL = 8, MAX_DEPTH = 12 };

static uint32_t value_number(const tj_gen *g, LLVMValueRef value)
{
    return (uint32_t)(tj_facts_find(&g->facts, value) - g->facts.values);
}

static uint64_t array_bytes(const tj_gen *g, LLVMValueRef array)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    uint64_t count = LLVMConstIntGetZExtValue(LLVMGetOperand(array, 0));

    return count * LLVMABISizeOfType(layout, LLVMGetAllocatedType(array));
}

/* Bytes between the copies of a lane-major array. */
uint64_t tj_lane_stride(const tj_gen *g, LLVMValueRef array)
{
    return (array_bytes(g, array) + 15) / 16 * 16;
}

static unsigned smaller(unsigned a, unsigned b)
{
    return a && a < b ? a : b;
}

/* Smallest power of two that divides every leaf access of `type` at `align`; 0: none does. */
static unsigned access_cell(const tj_gen *g, LLVMTypeRef type, unsigned align)
{
    unsigned cell = MAX_CELL;

    if (tj_is_tile(type))
        return 0;
    for (uint32_t i = 0; i < tj_leaf_count(type); i++) {
        unsigned bytes = (tj_leaf_bits(tj_leaf_type(type, i)) + 7) / 8;
        uint64_t offset = tj_leaf_offset(g->unit, type, i);

        cell = smaller(bytes, cell);
        while (offset % cell)
            cell /= 2;
    }
    return smaller(align, cell);
}

/* ---- alignment that is known, not promised ------------------------------------------------
 */

/* Largest power of two up to MAX_CELL that divides a constant. */
static unsigned power_of(uint64_t value)
{
    return value % MAX_CELL ? (unsigned)(value & -value) : MAX_CELL;
}

static unsigned product(unsigned a, unsigned b)
{
    return a * b < MAX_CELL ? a * b : MAX_CELL;
}

/* The same for an index. */
static unsigned power_of_index(LLVMValueRef index, int depth)
{
    LLVMValueRef factor;

    if (LLVMIsAConstantInt(index))
        return power_of(LLVMConstIntGetZExtValue(index));
    if (!depth || !LLVMIsAInstruction(index))
        return 1;
    switch (LLVMGetInstructionOpcode(index)) {
    case LLVMZExt:
    case LLVMSExt:
        return power_of_index(LLVMGetOperand(index, 0), depth - 1);
    case LLVMAdd:
    case LLVMSub:
    case LLVMOr:
        return smaller(power_of_index(LLVMGetOperand(index, 0), depth - 1),
                       power_of_index(LLVMGetOperand(index, 1), depth - 1));
    case LLVMMul:
        return product(power_of_index(LLVMGetOperand(index, 0), depth - 1),
                       power_of_index(LLVMGetOperand(index, 1), depth - 1));
    case LLVMShl:
        factor = LLVMGetOperand(index, 1);
        if (!LLVMIsAConstantInt(factor) || LLVMConstIntGetZExtValue(factor) > 31)
            return 1;
        return product(power_of_index(LLVMGetOperand(index, 0), depth - 1),
                       power_of((uint64_t)1 << LLVMConstIntGetZExtValue(factor)));
    default:
        return 1;
    }
}

static unsigned power_of_gep(const tj_gen *g, LLVMValueRef gep)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    unsigned power = MAX_CELL;

    for (unsigned i = 1; i <= LLVMGetNumIndices(gep); i++) {
        LLVMValueRef index = LLVMGetOperand(gep, i);

        if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);

            power = smaller(power_of(LLVMOffsetOfElement(layout, type, field)), power);
            type = LLVMStructGetTypeAtIndex(type, field);
            continue;
        }
        if (i > 1)
            type = LLVMGetElementType(type);
        power = smaller(product(power_of(LLVMABISizeOfType(layout, type)),
                                power_of_index(index, MAX_DEPTH)),
                        power);
    }
    return power;
}

/* Of a pointer's offset in its array. A phi that is looked into already says nothing new. */
static unsigned power_of_pointer(const tj_gen *g, LLVMValueRef pointer,
                                 const LLVMValueRef *phis, int depth)
{
    LLVMValueRef inside[MAX_DEPTH + 1];
    unsigned power = MAX_CELL;

    if (LLVMIsAAllocaInst(pointer))
        return MAX_CELL;
    if (depth == MAX_DEPTH || !LLVMIsAInstruction(pointer))
        return 1;
    if (LLVMIsAGetElementPtrInst(pointer))
        return smaller(power_of_gep(g, pointer),
                       power_of_pointer(g, LLVMGetOperand(pointer, 0), phis, depth));
    if (!LLVMIsAPHINode(pointer) && !LLVMIsASelectInst(pointer))
        return 1;
    for (int i = 0; i < depth; i++) {
        inside[i] = phis[i];
        if (phis[i] == pointer)
            return MAX_CELL;
    }
    inside[depth] = pointer;
    for (int i = LLVMIsASelectInst(pointer) != NULL; i < LLVMGetNumOperands(pointer); i++)
        power = smaller(
            power_of_pointer(g, LLVMGetOperand(pointer, (unsigned)i), inside, depth + 1),
            power);
    return power;
}

/* ---- cells ------------------------------------------------------------------------------ */

/* The array that operand `op` of `inst` points into, or NULL. */
static LLVMValueRef array_of(const tj_gen *g, LLVMValueRef inst, unsigned op)
{
    LLVMValueRef value = LLVMGetOperand(inst, op);

    if (LLVMGetTypeKind(LLVMTypeOf(value)) != LLVMPointerTypeKind ||
        !tj_facts_find(&g->facts, value))
        return NULL;
    tj_leaf leaf = tj_leaf_of(g, value, 0);

    return leaf.root.kind == TJ_ROOT_ALLOCA ? leaf.root.value : NULL;
}

static bool keeps_root(const tj_gen *g, LLVMValueRef inst, LLVMValueRef array)
{
    if (LLVMGetTypeKind(LLVMTypeOf(inst)) != LLVMPointerTypeKind)
        return false;
    return tj_leaf_of(g, inst, 0).root.value == array;
}

static void note_use(tj_gen *g, LLVMValueRef inst, unsigned op)
{
    LLVMValueRef array = array_of(g, inst, op);
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    unsigned *cell;

    if (!array)
        return;
    cell = &g->alloca_cell[value_number(g, array)];
    if (opcode == LLVMLoad || (opcode == LLVMStore && op == 1))
        *cell =
            *cell ? smaller(power_of_pointer(g, LLVMGetOperand(inst, op), NULL, 0), *cell) : 0;
    if (opcode == LLVMLoad)
        *cell = *cell ? smaller(access_cell(g, LLVMTypeOf(inst), LLVMGetAlignment(inst)), *cell)
                      : 0;
    else if (opcode == LLVMStore && op == 1)
        *cell = *cell ? smaller(access_cell(g, LLVMTypeOf(LLVMGetOperand(inst, 0)),
                                            LLVMGetAlignment(inst)),
                                *cell)
                      : 0;
    else if (!keeps_root(g, inst, array))
        *cell = 0;
}

static void find_cells(tj_gen *g)
{
    for (uint32_t v = 0; v < g->facts.value_count; v++)
        g->alloca_cell[v] = MAX_CELL;
    for (int b = 0; b < g->facts.cfg.block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(g->facts.cfg.blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            for (int op = 0; op < LLVMGetNumOperands(i); op++)
                note_use(g, i, (unsigned)op);
}

/* One copy for all lanes. */
static bool is_flat(const tj_gen *g, uint32_t value)
{
    return g->alloca_cell[value] && !g->facts.is_varying_array[value];
}

/* Bytes of all lanes' copies. */
static uint64_t storage_bytes(const tj_gen *g, uint32_t value)
{
    LLVMValueRef array = g->facts.values[value].value;
    /* One row more, for the tail of a misaligned index. */
    uint64_t bytes =
        g->alloca_cell[value] ? array_bytes(g, array) + 8 : tj_lane_stride(g, array);

    bytes = is_flat(g, value) ? bytes : bytes * g->lanes;
    return (bytes + 63) / 64 * 64;
}

/* With the shadow, which follows and has the same form. */
static uint64_t whole_bytes(const tj_gen *g, uint32_t value)
{
    uint64_t bytes = storage_bytes(g, value);

    return g->alloca_shadow[value] ? 2 * bytes : bytes;
}

static LLVMValueRef make_storage(tj_gen *g, LLVMValueRef array, uint32_t value)
{
    unsigned cell = g->alloca_cell[value];
    uint64_t bytes = whole_bytes(g, value);
    LLVMValueRef slot, offset;

    if (g->alloca_shadow[value])
        g->alloca_shadow[value] = bytes / 2;
    if (cell) {
        slot = tj_slot(g, LLVMArrayType2(g->t.i8, bytes), LLVMGetValueName(array));
        LLVMSetAlignment(slot, 64);
    } else {
        offset = LLVMBuildMul(g->b, LLVMBuildZExt(g->b, g->slice, g->t.i64, ""),
                              g->private_stride, "");
        offset = LLVMBuildAdd(g->b, offset, tj_i64(g, g->private_byte_len), "");
        slot = tj_gep(g, g->private_base, offset);
        g->private_byte_len += bytes;
    }
    LLVMBuildMemSet(g->b, slot, LLVMConstInt(g->t.i8, 0, false), tj_i64(g, bytes),
                    cell ? 64 : 16);
    return slot;
}

/* The slice's share of the worker's private memory, for arrays whose address escapes. */
static void reserve_private(tj_gen *g)
{
    uint64_t bytes = 0;

    for (uint32_t v = 0; v < g->facts.value_count; v++)
        if (LLVMIsAAllocaInst(g->facts.values[v].value) && !g->alloca_cell[v])
            bytes += whole_bytes(g, v);
    g->private_stride = tj_i64(g, bytes);
    if (bytes)
        g->private_base = tj_frame_load(g, "private_memory", 0);
}

void tj_plan_private(tj_gen *g)
{
    find_cells(g);
    tj_plan_shadows(g);
    reserve_private(g);
    for (uint32_t v = 0; v < g->facts.value_count; v++) {
        LLVMValueRef array = g->facts.values[v].value;

        if (!LLVMIsAAllocaInst(array))
            continue;
        g->alloca_slot[v] = make_storage(g, array, v);
        tj_set_scalar(g, array, 0, tj_i64(g, 0));
    }
}

bool tj_is_cellular(const tj_gen *g, LLVMValueRef array)
{
    return g->alloca_cell[value_number(g, array)] != 0;
}

LLVMValueRef tj_private_address(tj_gen *g, LLVMValueRef array, LLVMValueRef offsets)
{
    int64_t starts[TJ_MAX_LANES];
    LLVMValueRef base =
        LLVMBuildPtrToInt(g->b, g->alloca_slot[value_number(g, array)], g->t.i64, "");

    for (unsigned l = 0; l < g->lanes; l++)
        starts[l] = (int64_t)(l * tj_lane_stride(g, array));
    if (!tj_is_vector(offsets))
        offsets = tj_splat(g, offsets);
    offsets = LLVMBuildAdd(g->b, offsets, tj_const_lanes(g, g->t.i64, starts), "");
    return LLVMBuildAdd(g->b, tj_splat(g, base), offsets, "");
}

static bool is_in_flat(const tj_gen *g, const tj_mem *mem)
{
    return is_flat(g, value_number(g, mem->leaf.root.value));
}

/* Where byte `byte_offset` behind the pointer lies for each lane of a cellular array: a scalar
 * offset of a whole row, or a vector of offsets. */
static LLVMValueRef row_offset(tj_gen *g, const tj_mem *mem, uint64_t byte_offset,
                               unsigned cell, bool is_uniform)
{
    LLVMValueRef offset = tj_operand(g, mem->pointer, 0, !is_uniform);
    int64_t lanes[TJ_MAX_LANES];

    offset = LLVMBuildAdd(g->b, offset, tj_const_like(offset, g->t.i64, byte_offset), "");
    if (is_in_flat(g, mem))
        return offset;
    offset = LLVMBuildMul(g->b, offset, tj_const_like(offset, g->t.i64, g->lanes), "");
    if (is_uniform)
        return offset;
    for (unsigned l = 0; l < g->lanes; l++)
        lanes[l] = (int64_t)(l * cell);
    return LLVMBuildAdd(g->b, offset, tj_const_lanes(g, g->t.i64, lanes), "");
}

static LLVMValueRef row_pointers(tj_gen *g, const tj_mem *mem, LLVMValueRef offset)
{
    uint32_t array = value_number(g, mem->leaf.root.value);

    if (mem->is_shadow)
        offset = LLVMBuildAdd(g->b, offset,
                              tj_const_like(offset, g->t.i64, g->alloca_shadow[array]), "");
    return tj_gep(g, g->alloca_slot[array], offset);
}

static LLVMValueRef load_cell(tj_gen *g, const tj_mem *mem, LLVMTypeRef elem, uint64_t at,
                              unsigned cell)
{
    bool is_uniform = mem->leaf.shape.kind == TJ_UNIFORM;
    LLVMValueRef pointers = row_pointers(g, mem, row_offset(g, mem, at, cell, is_uniform));

    bool is_one = is_in_flat(g, mem);

    if (!is_uniform)
        return tj_gather(g, elem, pointers, g->mask, cell);
    LLVMValueRef load =
        LLVMBuildLoad2(g->b, is_one ? elem : tj_vector_of(g, elem), pointers, "");

    LLVMSetAlignment(load, cell);
    return is_one ? tj_splat(g, load) : load;
}

static void store_cell(tj_gen *g, const tj_mem *mem, LLVMValueRef value, uint64_t at,
                       unsigned cell)
{
    bool is_uniform = mem->leaf.shape.kind == TJ_UNIFORM;
    LLVMValueRef pointers = row_pointers(g, mem, row_offset(g, mem, at, cell, is_uniform));

    if (!is_uniform) {
        tj_scatter(g, value, pointers, g->mask, cell);
        return;
    }
    if (is_in_flat(g, mem)) { /* all lanes run, with one value */
        LLVMSetAlignment(LLVMBuildStore(g->b, tj_lane(g, value, 0), pointers), cell);
        return;
    }
    if (!g->is_full) {
        LLVMValueRef old = LLVMBuildLoad2(g->b, LLVMTypeOf(value), pointers, "");

        LLVMSetAlignment(old, cell);
        value = LLVMBuildSelect(g->b, g->mask, value, old, "");
    }
    LLVMSetAlignment(LLVMBuildStore(g->b, value, pointers), cell);
}

LLVMValueRef tj_private_load(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, uint32_t byte_offset)
{
    unsigned cell = g->alloca_cell[value_number(g, mem->leaf.root.value)];
    unsigned bits = tj_leaf_bits(elem);
    LLVMTypeRef piece = LLVMIntTypeInContext(g->llctx, cell * 8);
    LLVMTypeRef whole = tj_vector_of(g, LLVMIntTypeInContext(g->llctx, bits));
    LLVMValueRef sum = NULL;

    if (cell * 8 == bits)
        return load_cell(g, mem, elem, byte_offset, cell);
    for (unsigned p = 0; p * cell * 8 < bits; p++) {
        LLVMValueRef part = load_cell(g, mem, piece, byte_offset + p * cell, cell);

        part = LLVMBuildZExt(g->b, part, whole, "");
        part =
            LLVMBuildShl(g->b, part, tj_const_like(part, tj_element(whole), p * cell * 8), "");
        sum = sum ? LLVMBuildOr(g->b, sum, part, "") : part;
    }
    return LLVMBuildBitCast(g->b, sum, tj_vector_of(g, elem), "");
}

void tj_private_store(tj_gen *g, tj_mem *mem, LLVMValueRef value, uint32_t byte_offset)
{
    unsigned cell = g->alloca_cell[value_number(g, mem->leaf.root.value)];
    unsigned bits = tj_leaf_bits(tj_element(LLVMTypeOf(value)));
    LLVMTypeRef whole = LLVMIntTypeInContext(g->llctx, bits);
    LLVMTypeRef piece = LLVMIntTypeInContext(g->llctx, cell * 8);

    if (cell * 8 == bits) {
        store_cell(g, mem, value, byte_offset, cell);
        return;
    }
    value = LLVMBuildBitCast(g->b, value, tj_vector_of(g, whole), "");
    for (unsigned p = 0; p * cell * 8 < bits; p++) {
        LLVMValueRef part =
            LLVMBuildLShr(g->b, value, tj_const_like(value, whole, p * cell * 8), "");

        store_cell(g, mem, LLVMBuildTrunc(g->b, part, tj_vector_of(g, piece), ""),
                   byte_offset + p * cell, cell);
    }
}
