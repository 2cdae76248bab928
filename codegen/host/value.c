/* SPDX-License-Identifier: MIT */
/* Leaves in and out: the scalar and vector forms of values, and addresses of pointers. */
#include "affine.h"
#include "host.h"

#include <assert.h>

tj_leaf tj_leaf_of(const tj_gen *g, LLVMValueRef value, uint32_t index)
{
    return tj_facts_leaf(&g->facts, value, index);
}

LLVMTypeRef tj_host_type(const tj_gen *g, const tj_leaf *leaf)
{
    return LLVMGetTypeKind(leaf->type) == LLVMPointerTypeKind ? g->t.i64 : leaf->type;
}

static tj_emitted *emitted_of(const tj_gen *g, LLVMValueRef value, uint32_t index)
{
    const tj_value *record = tj_facts_find(&g->facts, value);

    return record ? &g->emitted[record->first_leaf + index] : NULL;
}

/* Constants and globals: the same for all lanes. Globals are offsets from their own start. */
static LLVMValueRef constant_scalar(tj_gen *g, LLVMValueRef value, uint32_t index)
{
    value = tj_constant_leaf(value, index);
    return LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind ? tj_i64(g, 0) : value;
}

static LLVMValueRef load_slot(tj_gen *g, LLVMTypeRef type, LLVMValueRef slot)
{
    return LLVMBuildLoad2(g->b, type, slot, "");
}

LLVMValueRef tj_use_scalar(tj_gen *g, LLVMValueRef value, uint32_t index)
{
    const tj_emitted *e = emitted_of(g, value, index);

    if (!e)
        return constant_scalar(g, value, index);
    tj_leaf leaf = tj_leaf_of(g, value, index);

    assert(leaf.shape.kind != TJ_VARYING);
    if (e->home)
        return tj_load_home(g, e->home);
    if (e->slot)
        return load_slot(g, tj_host_type(g, &leaf), e->slot);
    assert(e->scalar);
    return e->scalar;
}

LLVMValueRef tj_use_first(tj_gen *g, LLVMValueRef value, uint32_t index)
{
    if (tj_wants_vector(g, value, index))
        return tj_lane(g, tj_use_vector(g, value, index), 0);
    return tj_use_scalar(g, value, index);
}

LLVMValueRef tj_coefficient(tj_gen *g, const tj_term *term, LLVMTypeRef type)
{
    const tj_emitted *e = &g->emitted[term->leaf];
    LLVMTypeRef own = tj_host_type(g, &g->facts.leaves[term->leaf]);
    LLVMValueRef value = e->slot ? load_slot(g, own, e->slot) : e->scalar;

    switch (term->cast) {
    case TJ_CAST_ZEXT:
        return LLVMBuildZExt(g->b, value, type, "");
    case TJ_CAST_SEXT:
        return LLVMBuildSExt(g->b, value, type, "");
    case TJ_CAST_TRUNC:
        return LLVMBuildTrunc(g->b, value, type, "");
    case TJ_CAST_NONE:
        break;
    }
    return value;
}

LLVMValueRef tj_spread(tj_gen *g, LLVMValueRef scalar, const tj_shape *shape)
{
    LLVMTypeRef type = LLVMTypeOf(scalar);
    LLVMValueRef vector = tj_splat(g, scalar);

    if (shape->kind != TJ_AFFINE)
        return vector;
    if (shape->k)
        vector = LLVMBuildAdd(g->b, vector, tj_const_lanes(g, type, shape->k), "");
    for (int t = 0; t < shape->term_count; t++) {
        LLVMValueRef factor = tj_splat(g, tj_coefficient(g, &shape->terms[t], type));
        LLVMValueRef lanes = tj_const_lanes(g, type, shape->terms[t].k);

        vector = LLVMBuildAdd(g->b, vector, LLVMBuildMul(g->b, factor, lanes, ""), "");
    }
    return vector;
}

LLVMValueRef tj_use_vector(tj_gen *g, LLVMValueRef value, uint32_t index)
{
    tj_emitted *e = emitted_of(g, value, index);
    tj_leaf leaf = tj_leaf_of(g, value, index);
    LLVMTypeRef type = tj_vector_of(g, tj_host_type(g, &leaf));

    if (!e)
        return tj_splat(g, constant_scalar(g, value, index));
    if (leaf.shape.kind == TJ_VARYING)
        return e->slot ? load_slot(g, type, e->slot) : e->vector;
    if (!e->vector || e->vector_block != LLVMGetInsertBlock(g->b)) {
        LLVMValueRef scalar = tj_use_scalar(g, value, index);

        if (leaf.shape.is_guarded)
            e->vector = LLVMBuildAdd(g->b, tj_splat(g, scalar), tj_delta(g, value, index), "");
        else
            e->vector = tj_spread(g, scalar, &leaf.shape);
        e->vector_block = LLVMGetInsertBlock(g->b);
    }
    return e->vector;
}

LLVMValueRef tj_in_range(tj_gen *g, LLVMValueRef value, uint32_t index)
{
    const tj_emitted *e = emitted_of(g, value, index);

    if (!e || !tj_leaf_of(g, value, index).shape.is_guarded)
        return NULL;
    return e->range_slot ? load_slot(g, g->t.i1, e->range_slot) : e->in_range;
}

LLVMValueRef tj_delta(tj_gen *g, LLVMValueRef value, uint32_t index)
{
    const tj_emitted *e = emitted_of(g, value, index);
    tj_leaf leaf = tj_leaf_of(g, value, index);
    LLVMTypeRef type = tj_host_type(g, &leaf);

    if (leaf.shape.kind != TJ_AFFINE)
        return NULL;
    if (!leaf.shape.is_guarded)
        return tj_spread(g, LLVMConstNull(type), &leaf.shape);
    return e->delta_slot ? load_slot(g, tj_vector_of(g, type), e->delta_slot) : e->delta;
}

void tj_set_scalar(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef scalar)
{
    tj_emitted *e = emitted_of(g, inst, index);

    e->scalar = scalar;
    if (e->home)
        tj_store_home(g, scalar, e->home);
    else if (e->slot)
        LLVMBuildStore(g->b, scalar, e->slot);
}

void tj_set_vector(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef vector)
{
    tj_emitted *e = emitted_of(g, inst, index);

    e->vector = vector;
    if (e->slot)
        LLVMBuildStore(g->b, vector, e->slot);
}

void tj_set_guarded(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef in_range,
                    LLVMValueRef delta)
{
    tj_emitted *e = emitted_of(g, inst, index);

    e->in_range = in_range ? in_range : LLVMConstInt(g->t.i1, 1, false);
    e->delta = delta;
    if (e->slot) {
        LLVMBuildStore(g->b, e->in_range, e->range_slot);
        LLVMBuildStore(g->b, delta, e->delta_slot);
    }
}

LLVMValueRef tj_root_base(tj_gen *g, const tj_root *root)
{
    const tj_value *record;

    switch (root->kind) {
    case TJ_ROOT_PARAM:
        record = tj_facts_find(&g->facts, root->value);
        return g->param_base[record - g->facts.values];
    case TJ_ROOT_GLOBAL:
        return tj_global_base(g, root->value);
    case TJ_ROOT_ALLOCA:
    case TJ_ROOT_ANY:
    case TJ_ROOT_UNSEEN:
        break;
    }
    return NULL;
}

LLVMValueRef tj_address(tj_gen *g, LLVMValueRef pointer, uint32_t index, bool as_vector)
{
    tj_leaf leaf = tj_leaf_of(g, pointer, index);
    LLVMValueRef offset = tj_operand(g, pointer, index, as_vector);
    LLVMValueRef base = tj_root_base(g, &leaf.root);

    if (leaf.root.kind == TJ_ROOT_ALLOCA)
        return tj_private_address(g, leaf.root.value, tj_use_vector(g, pointer, index));
    if (!base)
        return offset;
    base = LLVMBuildPtrToInt(g->b, base, g->t.i64, "");
    return LLVMBuildAdd(g->b, as_vector ? tj_splat(g, base) : base, offset, "");
}
