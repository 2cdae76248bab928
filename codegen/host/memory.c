/* SPDX-License-Identifier: MIT */
/* Loads and stores by the shape of their address: one scalar access for a uniform one, a few
 * wide ones for lane-affine ones (span.c), rows for private arrays (private.c), else gather or
 * scatter under the mask.
 */
#include "host.h"

/* Members of one type at consecutive offsets are one access of several components. */
static bool is_even(const tj_gen *g, LLVMTypeRef type, uint32_t *elem_bytes)
{
    LLVMTypeRef first = tj_leaf_type(type, 0);

    *elem_bytes = tj_leaf_bits(tj_memory_type(g, first)) / 8;
    for (uint32_t i = 1; i < tj_leaf_count(type); i++)
        if (tj_leaf_type(type, i) != first ||
            tj_leaf_offset(g->unit, type, i) != (uint64_t)i * *elem_bytes)
            return false;
    return tj_leaf_count(type) <= 16;
}

typedef struct member {
    uint32_t leaf, count; /* leaves leaf .. leaf + count - 1 */
    LLVMTypeRef type;     /* of each leaf */
    uint64_t byte_offset;
} member;

static LLVMValueRef advance(tj_gen *g, LLVMValueRef offset, uint64_t bytes)
{
    return bytes ? LLVMBuildAdd(g->b, offset, tj_const_like(offset, g->t.i64, bytes), "")
                 : offset;
}

static LLVMTypeRef wide_type(LLVMTypeRef elem, uint32_t count)
{
    return count == 1 ? elem : LLVMVectorType(elem, count);
}

/* ---- loads ----------------------------------------------------------------------------- */

/* One scalar load a component: the host broadcasts scalars straight from memory. */
static void load_uniform(tj_gen *g, tj_mem *mem, const member *m)
{
    LLVMTypeRef elem = tj_memory_type(g, m->type);
    LLVMValueRef offset = advance(g, tj_use_scalar(g, mem->pointer, 0), m->byte_offset);

    tj_check_uniform(g, mem, offset);
    for (uint32_t i = 0; i < m->count; i++) {
        LLVMValueRef at = advance(g, offset, (uint64_t)i * mem->elem_bytes);
        LLVMValueRef one = LLVMBuildLoad2(g->b, elem, tj_pointer_at(g, mem, at), "");

        LLVMSetAlignment(one, mem->align);
        LLVMSetVolatile(one, LLVMGetVolatile(mem->inst));
        one = tj_from_memory(g, one, m->type);
        if (tj_wants_vector(g, mem->inst, m->leaf + i))
            tj_set_vector(g, mem->inst, m->leaf + i, tj_splat(g, one));
        else
            tj_set_scalar(g, mem->inst, m->leaf + i, one);
    }
}

static void load_lanes(tj_gen *g, tj_mem *mem, const member *m)
{
    LLVMTypeRef elem = tj_memory_type(g, m->type);
    LLVMValueRef offsets = advance(g, tj_use_vector(g, mem->pointer, 0), m->byte_offset);

    tj_check_lanes(g, mem, offsets);
    for (uint32_t i = 0; i < m->count; i++) {
        LLVMValueRef at = advance(g, offsets, (uint64_t)i * mem->elem_bytes);
        LLVMValueRef value =
            tj_gather(g, elem, tj_lane_pointers(g, mem, at), g->mask, mem->align);

        value = tj_from_memory(g, value, m->type);
        if (tj_wants_vector(g, mem->inst, m->leaf + i))
            tj_set_vector(g, mem->inst, m->leaf + i, value);
        else /* a private array that holds the same in all lanes */
            tj_set_scalar(g, mem->inst, m->leaf + i, tj_last_active(g, value));
    }
}

static void check_private(tj_gen *g, tj_mem *mem, const member *m)
{
    bool is_uniform = mem->leaf.shape.kind == TJ_UNIFORM;
    LLVMValueRef offset =
        advance(g, tj_operand(g, mem->pointer, 0, !is_uniform), m->byte_offset);

    if (is_uniform)
        tj_check_uniform(g, mem, offset);
    else
        tj_check_lanes(g, mem, offset);
}

static void load_private(tj_gen *g, tj_mem *mem, const member *m)
{
    check_private(g, mem, m);
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t at = (uint32_t)m->byte_offset + i * mem->elem_bytes;
        LLVMValueRef value = tj_private_load(g, mem, tj_memory_type(g, m->type), at);

        value = tj_from_memory(g, value, m->type);
        if (tj_wants_vector(g, mem->inst, m->leaf + i))
            tj_set_vector(g, mem->inst, m->leaf + i, value);
        else /* the same in all lanes, those that do not run included */
            tj_set_scalar(g, mem->inst, m->leaf + i, tj_lane(g, value, 0));
    }
}

/* Whether vectors of a thread are loaded only to be stored: a copy need not take them apart. */
static bool is_copied(LLVMValueRef load)
{
    LLVMUseRef use = LLVMGetFirstUse(load);

    if (!use || LLVMGetTypeKind(LLVMTypeOf(load)) != LLVMVectorTypeKind)
        return false;
    for (; use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (!LLVMIsAStoreInst(user) || LLVMGetOperand(user, 0) != load ||
            LLVMGetInstructionParent(user) != LLVMGetInstructionParent(load))
            return false;
    }
    return true;
}

static void keep_whole(tj_gen *g, const tj_mem *mem)
{
    tj_whole *whole = tj_new(g->arena, tj_whole);

    *whole = (tj_whole){g->wholes, mem->inst, mem->whole};
    g->wholes = whole;
}

static LLVMValueRef find_whole(const tj_gen *g, LLVMValueRef load)
{
    for (const tj_whole *whole = g->wholes; whole; whole = whole->next)
        if (whole->load == load)
            return whole->value;
    return NULL;
}

static bool load_span(tj_gen *g, tj_mem *mem, const member *m)
{
    LLVMValueRef values[TJ_MAX_COMPONENTS];

    if (mem->leaf.shape.kind != TJ_AFFINE || m->byte_offset)
        return false;
    mem->keeps_whole = is_copied(mem->inst);
    if (!tj_emit_span(g, mem, tj_memory_type(g, m->type), values))
        return false;
    if (mem->whole)
        keep_whole(g, mem);
    for (uint32_t i = 0; i < m->count; i++)
        tj_set_vector(g, mem->inst, m->leaf + i, tj_from_memory(g, values[i], m->type));
    return true;
}

static void load_member(tj_gen *g, tj_mem *mem, const member *m)
{
    if (mem->leaf.root.kind == TJ_ROOT_ALLOCA && tj_is_cellular(g, mem->leaf.root.value))
        load_private(g, mem, m);
    else if (mem->leaf.shape.kind == TJ_UNIFORM && mem->leaf.root.kind != TJ_ROOT_ALLOCA)
        load_uniform(g, mem, m);
    else if (mem->leaf.root.kind == TJ_ROOT_ALLOCA || !load_span(g, mem, m))
        load_lanes(g, mem, m);
}

/* ---- stores ---------------------------------------------------------------------------- */

static LLVMValueRef stored(const tj_mem *mem)
{
    return LLVMGetOperand(mem->inst, 0);
}

static LLVMValueRef stored_vector(tj_gen *g, const tj_mem *mem, const member *m, uint32_t i)
{
    bool is_pointer = LLVMGetTypeKind(m->type) == LLVMPointerTypeKind;

    return tj_to_memory(g, is_pointer ? tj_address(g, stored(mem), m->leaf + i, true)
                                      : tj_use_vector(g, stored(mem), m->leaf + i));
}

/* All lanes store to one place: the highest active lane's value stays. */
static LLVMValueRef stored_scalar(tj_gen *g, const tj_mem *mem, const member *m, uint32_t i)
{
    tj_leaf leaf = tj_leaf_of(g, stored(mem), m->leaf + i);
    bool is_pointer = LLVMGetTypeKind(m->type) == LLVMPointerTypeKind;

    if (leaf.shape.kind != TJ_UNIFORM || leaf.root.kind == TJ_ROOT_ALLOCA)
        return tj_last_active(g, stored_vector(g, mem, m, i));
    return tj_to_memory(g, is_pointer ? tj_address(g, stored(mem), m->leaf + i, false)
                                      : tj_use_scalar(g, stored(mem), m->leaf + i));
}

/* The value of component i, in memory type; what is known of a pointer is noted. */
static LLVMValueRef noted_vector(tj_gen *g, const tj_mem *mem, const member *m, uint32_t i)
{
    LLVMValueRef value = stored_vector(g, mem, m, i);

    if (g->origins && LLVMGetTypeKind(m->type) == LLVMPointerTypeKind)
        tj_store_shadow(g, mem, m->leaf + i, value,
                        m->byte_offset + (uint64_t)i * mem->elem_bytes);
    return value;
}

static void store_uniform(tj_gen *g, tj_mem *mem, const member *m)
{
    LLVMTypeRef elem = tj_memory_type(g, m->type);
    LLVMValueRef offset = advance(g, tj_use_scalar(g, mem->pointer, 0), m->byte_offset);
    LLVMValueRef wide = LLVMGetPoison(wide_type(elem, m->count)), store;

    tj_check_uniform(g, mem, offset);
    for (uint32_t i = 0; i < m->count; i++) {
        LLVMValueRef one = stored_scalar(g, mem, m, i);

        wide = m->count == 1 ? one : LLVMBuildInsertElement(g->b, wide, one, tj_i32(g, i), "");
    }
    store = LLVMBuildStore(g->b, wide, tj_pointer_at(g, mem, offset));
    LLVMSetAlignment(store, mem->align);
}

static void store_lanes(tj_gen *g, tj_mem *mem, const member *m)
{
    LLVMValueRef offsets = advance(g, tj_use_vector(g, mem->pointer, 0), m->byte_offset);

    tj_check_lanes(g, mem, offsets);
    for (uint32_t i = 0; i < m->count; i++) {
        LLVMValueRef at = advance(g, offsets, (uint64_t)i * mem->elem_bytes);

        tj_scatter(g, noted_vector(g, mem, m, i), tj_lane_pointers(g, mem, at), g->mask,
                   mem->align);
    }
}

static void store_private(tj_gen *g, tj_mem *mem, const member *m)
{
    check_private(g, mem, m);
    for (uint32_t i = 0; i < m->count; i++)
        tj_private_store(g, mem, noted_vector(g, mem, m, i),
                         (uint32_t)m->byte_offset + i * mem->elem_bytes);
}

static bool store_span(tj_gen *g, tj_mem *mem, const member *m)
{
    LLVMValueRef values[TJ_MAX_COMPONENTS];

    if (mem->leaf.shape.kind != TJ_AFFINE || m->byte_offset)
        return false;
    for (uint32_t i = 0; i < m->count; i++)
        values[i] = stored_vector(g, mem, m, i);
    mem->whole = find_whole(g, stored(mem));
    return tj_emit_span(g, mem, tj_memory_type(g, m->type), values);
}

static void store_member(tj_gen *g, tj_mem *mem, const member *m)
{
    if (mem->leaf.root.kind == TJ_ROOT_ALLOCA && tj_is_cellular(g, mem->leaf.root.value))
        store_private(g, mem, m);
    else if (mem->leaf.shape.kind == TJ_UNIFORM && mem->leaf.root.kind != TJ_ROOT_ALLOCA)
        store_uniform(g, mem, m);
    else if (mem->leaf.root.kind == TJ_ROOT_ALLOCA || !store_span(g, mem, m))
        store_lanes(g, mem, m);
}

/* ---- both ------------------------------------------------------------------------------ */

typedef void member_fn(tj_gen *g, tj_mem *mem, const member *m);

/* A value whose members differ is inside as a whole before any of it moves. */
static void check_whole(tj_gen *g, tj_mem *mem, LLVMTypeRef type)
{
    bool is_uniform = mem->leaf.shape.kind == TJ_UNIFORM;
    LLVMValueRef offset = tj_operand(g, mem->pointer, 0, !is_uniform);

    mem->elem_bytes =
        (uint32_t)LLVMStoreSizeOfType(LLVMGetModuleDataLayout(g->unit->module), type);
    mem->components = 1;
    if (is_uniform)
        tj_check_uniform(g, mem, offset);
    else
        tj_check_lanes(g, mem, offset);
    mem->is_checked = true;
}

/* Alignment beyond the element is a promise of the module that nothing enforces: an instruction
 * that relied on it would fault on the host. */
static void each_member(tj_gen *g, tj_mem *mem, LLVMTypeRef type, member_fn *emit)
{
    uint32_t count = tj_leaf_count(type), elem_bytes;
    unsigned align = mem->align;

    if (!count)
        return;
    if (is_even(g, type, &elem_bytes)) {
        member all = {0, count, tj_leaf_type(type, 0), 0};

        mem->elem_bytes = elem_bytes;
        mem->components = count;
        mem->align = elem_bytes < align ? elem_bytes : align;
        emit(g, mem, &all);
        return;
    }
    check_whole(g, mem, type);
    for (uint32_t i = 0; i < count; i++) {
        member one = {i, 1, tj_leaf_type(type, i), tj_leaf_offset(g->unit, type, i)};

        mem->elem_bytes = tj_leaf_bits(tj_memory_type(g, one.type)) / 8;
        mem->components = 1;
        mem->align = mem->elem_bytes < align ? mem->elem_bytes : align;
        while (one.byte_offset % mem->align)
            mem->align /= 2;
        emit(g, mem, &one);
    }
}

void tj_emit_load(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef pointer = LLVMGetOperand(inst, 0);
    tj_mem mem = {.inst = inst,
                  .pointer = pointer,
                  .leaf = tj_leaf_of(g, pointer, 0),
                  .align = LLVMGetAlignment(inst),
                  .site = -1};

    if (LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic)
        tj_emit_atomic_inst(g, inst);
    else if (tj_is_tile(LLVMTypeOf(inst)))
        tj_give_up(
            g, inst,
            "load of a SIMD-group matrix value; air.simdgroup_matrix_8x8_load is supported");
    else
        each_member(g, &mem, LLVMTypeOf(inst), load_member);
}

void tj_emit_store(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef pointer = LLVMGetOperand(inst, 1);
    tj_mem mem = {.inst = inst,
                  .pointer = pointer,
                  .leaf = tj_leaf_of(g, pointer, 0),
                  .align = LLVMGetAlignment(inst),
                  .is_store = true,
                  .site = -1};

    if (LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic)
        tj_emit_atomic_inst(g, inst);
    else if (tj_is_tile(LLVMTypeOf(LLVMGetOperand(inst, 0))))
        tj_give_up(
            g, inst,
            "store of a SIMD-group matrix value; air.simdgroup_matrix_8x8_store is supported");
    else
        each_member(g, &mem, LLVMTypeOf(LLVMGetOperand(inst, 0)), store_member);
}
