/* SPDX-License-Identifier: MIT */
/* Where pointers of mixed origin come from: beside the address of such a pointer goes the
 * number of the memory that it was made from, through the same phis, selects and copies.
 *
 * Number 0 is unknown, 1 + p the buffer of parameter p; then come what argument buffers point
 * to, the module's globals and the private arrays that have addresses. The slice keeps start
 * and length of each in a table (tjrt_origins), which checks read by number. Pointers that
 * memory holds: shadow.c. Without bounds checks there is nothing of this.
 */
#include "host.h"

#include <stddef.h>

enum { REGION_BYTES = sizeof(tjrt_region) };

bool tj_has_origin(const tj_gen *g, const tj_leaf *leaf)
{
    return g->options->has_bounds_checks && leaf->root.kind == TJ_ROOT_ANY &&
           LLVMGetTypeKind(leaf->type) == LLVMPointerTypeKind;
}

LLVMTypeRef tj_origin_type(const tj_gen *g, const tj_leaf *leaf)
{
    return leaf->root.is_varying ? tj_vector_of(g, g->t.i32) : g->t.i32;
}

/* ---- the table ------------------------------------------------------------------------- */

static bool is_lane_major(const tj_gen *g, LLVMValueRef value)
{
    return LLVMIsAAllocaInst(value) && !tj_is_cellular(g, value);
}

static void add_region(tj_gen *g, LLVMValueRef value, bool is_private)
{
    tj_ptrmap_put(&g->region_index, value, g->region_count);
    bool is_threadgroup = LLVMGetPointerAddressSpace(LLVMTypeOf(value)) == TJ_AS_THREADGROUP;

    g->region_names[g->region_count++] = (tj_region){
        .name = LLVMGetValueName(value),
        .is_private = is_private,
        .is_constant = !is_private && !is_threadgroup,
    };
}

static void number_regions(tj_gen *g)
{
    unsigned count = tj_bound_count(g) + 1;

    for (LLVMValueRef v = LLVMGetFirstGlobal(g->unit->module); v; v = LLVMGetNextGlobal(v))
        count++;
    for (uint32_t v = 0; v < g->facts.value_count; v++)
        count += is_lane_major(g, g->facts.values[v].value);
    g->region_names = tj_new_array(g->unit->arena, tj_region, count);
    tj_ptrmap_init(&g->region_index, g->arena, count);
    for (unsigned p = 0; p <= tj_bound_count(g); p++)
        g->region_names[g->region_count++] = (tj_region){.name = ""};
    for (LLVMValueRef v = LLVMGetFirstGlobal(g->unit->module); v; v = LLVMGetNextGlobal(v))
        if (LLVMGetFirstUse(v))
            add_region(g, v, false);
    for (uint32_t v = 0; v < g->facts.value_count; v++)
        if (is_lane_major(g, g->facts.values[v].value))
            add_region(g, g->facts.values[v].value, true);
}

static void write_region(tj_gen *g, unsigned number, LLVMValueRef base, LLVMValueRef byte_len,
                         uint64_t lane_stride, uint64_t shadow)
{
    LLVMValueRef writable = g->region_names[number].is_constant ? tj_i64(g, 0) : byte_len;
    uint64_t at = offsetof(tjrt_origins, regions) + (uint64_t)number * REGION_BYTES;
    LLVMValueRef fields[] = {base, byte_len, tj_i64(g, lane_stride), writable,
                             tj_i64(g, shadow)};

    g->has_shadows |= shadow != 0;
    for (unsigned f = 0; f < 5; f++)
        if (!LLVMIsNull(fields[f]))
            LLVMBuildStore(g->b, fields[f], tj_gep(g, g->origins, tj_i64(g, at + 8 * f)));
}

/* Instructions behind which a pointer needs its number: all but accesses and steps. */
static bool hands_on(LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMPHI:
    case LLVMSelect:
    case LLVMStore:
    case LLVMInsertValue:
        return true;
    default:
        return false;
    }
}

/* Marks the parameters that pointers of mixed origin may come from. */
static void mark_mixed(const tj_gen *g, LLVMValueRef inst, bool *is_mixed)
{
    for (int op = 0; op < LLVMGetNumOperands(inst); op++) {
        LLVMValueRef value = LLVMGetOperand(inst, (unsigned)op);
        const tj_value *record = tj_facts_find(&g->facts, value);

        for (uint32_t i = 0; record && i < record->leaf_count; i++) {
            tj_root root = tj_leaf_of(g, value, i).root;

            if (root.kind == TJ_ROOT_PARAM)
                is_mixed[tj_region_number(g, &root) - 1] = true;
        }
    }
}

static bool *find_mixed(const tj_gen *g)
{
    bool *is_mixed = tj_new_array(g->arena, bool, tj_bound_count(g) + 1);

    for (uint32_t v = 0; v < g->facts.value_count; v++)
        if (g->facts.values[v].block != TJ_NONE && hands_on(g->facts.values[v].value))
            mark_mixed(g, g->facts.values[v].value, is_mixed);
    for (unsigned p = g->facts.kernel->arg_count; p < tj_bound_count(g); p++)
        is_mixed[p] = true;
    return is_mixed;
}

/* Numbers that no pointer has are of memory without bytes. */
static void fill_regions(tj_gen *g)
{
    const bool *is_mixed = find_mixed(g);

    for (unsigned p = 0; p < tj_bound_count(g); p++)
        if (g->param_base[p] && is_mixed[p])
            write_region(g, 1 + p, LLVMBuildPtrToInt(g->b, g->param_base[p], g->t.i64, ""),
                         g->param_len[p], 0, 0);
    for (LLVMValueRef v = LLVMGetFirstGlobal(g->unit->module); v; v = LLVMGetNextGlobal(v)) {
        uint32_t number = tj_ptrmap_find(&g->region_index, v);
        tj_root root = {TJ_ROOT_GLOBAL, v, false};

        if (number != UINT32_MAX)
            write_region(g, number, LLVMBuildPtrToInt(g->b, tj_global_base(g, v), g->t.i64, ""),
                         tj_i64(g, tj_root_byte_len(g, &root)), 0, tj_constant_shadow(g, v));
    }
    for (uint32_t v = 0; v < g->facts.value_count; v++) {
        LLVMValueRef array = g->facts.values[v].value;
        tj_root root = {TJ_ROOT_ALLOCA, array, false};

        if (is_lane_major(g, array))
            write_region(g, tj_ptrmap_find(&g->region_index, array),
                         LLVMBuildPtrToInt(g->b, g->alloca_slot[v], g->t.i64, ""),
                         tj_i64(g, tj_root_byte_len(g, &root)), tj_lane_stride(g, array),
                         g->alloca_shadow[v]);
    }
}

/* Null may be an address without being any instruction's result. */
static bool uses_null(LLVMValueRef inst)
{
    for (int i = 0; i < LLVMGetNumOperands(inst); i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, (unsigned)i);
        if (LLVMGetTypeKind(LLVMTypeOf(operand)) == LLVMPointerTypeKind &&
            LLVMIsConstant(operand) && !LLVMIsAGlobalValue(operand))
            return true;
    }
    return false;
}

static bool has_null(const tj_gen *g)
{
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(g->facts.kernel->function);

    for (; block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef inst = LLVMGetFirstInstruction(block);
        for (; inst; inst = LLVMGetNextInstruction(inst))
            if (uses_null(inst))
                return true;
    }
    return false;
}

void tj_plan_origins(tj_gen *g)
{
    bool is_needed = g->options->has_bounds_checks && has_null(g);

    for (uint32_t i = 0; i < g->facts.leaf_count; i++)
        is_needed |= tj_has_origin(g, &g->facts.leaves[i]);
    if (!is_needed)
        return;
    number_regions(g);
    uint64_t bytes = offsetof(tjrt_origins, regions) + (uint64_t)g->region_count * REGION_BYTES;

    g->origins = tj_slot(g, LLVMArrayType2(g->t.i8, bytes), "origins");
    LLVMSetAlignment(g->origins, 64);
    LLVMBuildMemSet(g->b, g->origins, LLVMConstInt(g->t.i8, 0, false), tj_i64(g, bytes), 64);
    LLVMBuildStore(g->b, tj_i32(g, g->region_count), g->origins);
    fill_regions(g);
}

LLVMValueRef tj_region_field(tj_gen *g, LLVMValueRef origin, size_t field)
{
    LLVMTypeRef wide = tj_type_like(origin, g->t.i64);
    LLVMValueRef at = LLVMBuildZExt(g->b, origin, wide, "");

    at = LLVMBuildMul(g->b, at, tj_const_like(at, g->t.i64, REGION_BYTES), "");
    at = LLVMBuildAdd(g->b, at,
                      tj_const_like(at, g->t.i64, offsetof(tjrt_origins, regions) + field), "");
    if (!tj_is_vector(at))
        return LLVMBuildLoad2(g->b, g->t.i64, tj_gep(g, g->origins, at), "");
    return tj_gather(g, g->t.i64, tj_gep(g, g->origins, at), tj_full_mask(g), 8);
}

static LLVMValueRef origin_of_access(tj_gen *g, const tj_mem *mem)
{
    LLVMValueRef origin = tj_use_origin(g, mem->pointer, 0);

    return tj_is_vector(origin) && !mem->leaf.root.is_varying ? tj_lane(g, origin, 0) : origin;
}

void tj_region_of(tj_gen *g, const tj_mem *mem, bool as_vector, LLVMValueRef *start,
                  LLVMValueRef *byte_len)
{
    LLVMValueRef origin = origin_of_access(g, mem), stride;
    bool has_private = g->private_byte_len != 0;
    int64_t lanes[TJ_MAX_LANES];

    *start = tj_region_field(g, origin, offsetof(tjrt_region, base));
    *byte_len = tj_region_field(g, origin,
                                mem->is_store ? offsetof(tjrt_region, writable_len)
                                              : offsetof(tjrt_region, byte_len));
    if (!as_vector)
        return;
    stride =
        has_private ? tj_region_field(g, origin, offsetof(tjrt_region, lane_stride)) : NULL;
    if (!tj_is_vector(origin)) {
        *start = tj_splat(g, *start);
        *byte_len = tj_splat(g, *byte_len);
        stride = stride ? tj_splat(g, stride) : NULL;
    }
    if (!stride)
        return;
    for (unsigned l = 0; l < g->lanes; l++)
        lanes[l] = l;
    stride = LLVMBuildMul(g->b, stride, tj_const_lanes(g, g->t.i64, lanes), "");
    *start = LLVMBuildAdd(g->b, *start, stride, "");
}

LLVMValueRef tj_origins_of(tj_gen *g, const tj_mem *mem)
{
    LLVMValueRef origin = origin_of_access(g, mem), store;

    if (!tj_is_vector(origin))
        origin = tj_splat(g, origin);
    store = LLVMBuildStore(g->b, origin,
                           tj_gep(g, g->origins, tj_i64(g, offsetof(tjrt_origins, numbers))));
    LLVMSetAlignment(store, 4);
    return g->origins;
}

/* ---- numbers of values ----------------------------------------------------------------- */

uint32_t tj_region_number(const tj_gen *g, const tj_root *root)
{
    if (root->kind == TJ_ROOT_PARAM)
        return 1 + (uint32_t)(tj_facts_find(&g->facts, root->value) - g->facts.values);
    return tj_ptrmap_find(&g->region_index, root->value);
}

LLVMValueRef tj_use_origin(tj_gen *g, LLVMValueRef value, uint32_t index)
{
    tj_leaf leaf = tj_leaf_of(g, value, index);
    const tj_value *record = tj_facts_find(&g->facts, value);
    const tj_emitted *e = record ? &g->emitted[record->first_leaf + index] : NULL;

    if (leaf.root.kind != TJ_ROOT_ANY)
        return tj_i32(g, tj_region_number(g, &leaf.root));
    if (e && e->origin_slot)
        return LLVMBuildLoad2(g->b, tj_origin_type(g, &leaf), e->origin_slot, "");
    return e && e->origin ? e->origin : tj_i32(g, 0);
}

LLVMValueRef tj_origin_as(tj_gen *g, LLVMValueRef value, uint32_t index, bool as_vector)
{
    LLVMValueRef origin = tj_use_origin(g, value, index);

    return as_vector && !tj_is_vector(origin) ? tj_splat(g, origin) : origin;
}

void tj_set_origin(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef origin)
{
    tj_emitted *e = &g->emitted[tj_facts_find(&g->facts, inst)->first_leaf + index];

    e->origin = origin;
    if (e->origin_slot)
        LLVMBuildStore(g->b, origin, e->origin_slot);
}

static LLVMValueRef select_origin(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef condition = LLVMGetOperand(inst, 0);

    condition =
        tj_operand(g, condition, 0, tj_leaf_of(g, condition, 0).shape.kind == TJ_VARYING);
    return LLVMBuildSelect(g->b, condition,
                           tj_origin_as(g, LLVMGetOperand(inst, 1), index, as_vector),
                           tj_origin_as(g, LLVMGetOperand(inst, 2), index, as_vector), "");
}

static LLVMValueRef member_origin(tj_gen *g, LLVMValueRef inst, uint32_t index, bool as_vector)
{
    LLVMValueRef whole = LLVMGetOperand(inst, 0);
    LLVMTypeRef member;
    uint32_t first = tj_member_leaf(inst, LLVMTypeOf(whole), &member);

    if (LLVMIsAExtractValueInst(inst))
        return tj_origin_as(g, whole, first + index, as_vector);
    if (index >= first && index < first + tj_leaf_count(member))
        return tj_origin_as(g, LLVMGetOperand(inst, 1), index - first, as_vector);
    return tj_origin_as(g, whole, index, as_vector);
}

/* i1: the pointer was loaded from where argument buffer `nested->parent` keeps it, and is still
 * the one that the launch wrote. */
static LLVMValueRef is_member(tj_gen *g, LLVMValueRef load, uint32_t index, bool as_vector,
                              const tj_nested *nested, unsigned place)
{
    LLVMValueRef from = LLVMGetOperand(load, 0);
    tj_leaf leaf = tj_leaf_of(g, from, 0);
    LLVMValueRef at = tj_operand(g, from, 0, as_vector), is_there, base;
    uint64_t offset = nested->byte_offset - tj_leaf_offset(g->unit, LLVMTypeOf(load), index);
    LLVMValueRef value = tj_operand(g, load, index, as_vector);

    if (leaf.root.kind == TJ_ROOT_ANY) {
        base = LLVMBuildPtrToInt(g->b, g->param_base[tj_parent_place(g->facts.kernel, nested)],
                                 g->t.i64, "");
        at = LLVMBuildSub(g->b, at, as_vector ? tj_splat(g, base) : base, "");
    }
    is_there = LLVMBuildICmp(g->b, LLVMIntEQ, at, tj_const_like(at, g->t.i64, offset), "");
    if (leaf.root.kind == TJ_ROOT_ANY) {
        LLVMValueRef origin = tj_origin_as(g, from, 0, as_vector);
        LLVMValueRef parent =
            tj_const_like(origin, g->t.i32, 1 + tj_parent_place(g->facts.kernel, nested));

        is_there = LLVMBuildAnd(g->b, is_there,
                                LLVMBuildICmp(g->b, LLVMIntEQ, origin, parent, ""), "");
    }
    base = LLVMBuildPtrToInt(g->b, g->param_base[place], g->t.i64, "");
    base = as_vector ? tj_splat(g, base) : base;
    return LLVMBuildAnd(g->b, is_there, LLVMBuildICmp(g->b, LLVMIntEQ, value, base, ""), "");
}

static bool may_point_into(const tj_gen *g, const tj_leaf *pointer, unsigned place)
{
    const tj_kernel *kernel = g->facts.kernel;

    if (pointer->root.kind == TJ_ROOT_PARAM)
        return place < kernel->arg_count &&
               pointer->root.value == LLVMGetParam(kernel->function, place);
    return pointer->root.kind == TJ_ROOT_ANY;
}

/* What memory knows of the pointer, and the launch of those in argument buffers. */
static LLVMValueRef loaded_origin(tj_gen *g, LLVMValueRef load, uint32_t index, bool as_vector)
{
    const tj_kernel *kernel = g->facts.kernel;
    tj_leaf from = tj_leaf_of(g, LLVMGetOperand(load, 0), 0);
    LLVMValueRef origin = tj_load_shadow(g, load, index, as_vector);

    for (unsigned i = 0; i < kernel->nested_count; i++) {
        const tj_nested *nested = &kernel->nested[i];
        unsigned place = kernel->arg_count + i;

        if (may_point_into(g, &from, tj_parent_place(kernel, nested)))
            origin = LLVMBuildSelect(g->b, is_member(g, load, index, as_vector, nested, place),
                                     tj_const_like(origin, g->t.i32, 1 + place), origin, "");
    }
    return origin;
}

static LLVMValueRef origin_of_result(tj_gen *g, LLVMValueRef inst, uint32_t index,
                                     bool as_vector)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMGetElementPtr:
    case LLVMAddrSpaceCast:
    case LLVMBitCast:
        return tj_origin_as(g, LLVMGetOperand(inst, 0), index, as_vector);
    case LLVMSelect:
        return select_origin(g, inst, index, as_vector);
    case LLVMExtractValue:
    case LLVMInsertValue:
        return member_origin(g, inst, index, as_vector);
    case LLVMLoad:
        return loaded_origin(g, inst, index, as_vector);
    default: /* made of an integer, or by an atomic */
        return as_vector ? tj_splat(g, tj_i32(g, 0)) : tj_i32(g, 0);
    }
}

void tj_emit_origins(tj_gen *g, LLVMValueRef inst)
{
    uint32_t count = g->origins ? tj_leaf_count(LLVMTypeOf(inst)) : 0;

    for (uint32_t i = 0; i < count; i++) {
        tj_leaf leaf = tj_leaf_of(g, inst, i);

        if (tj_has_origin(g, &leaf))
            tj_set_origin(g, inst, i, origin_of_result(g, inst, i, leaf.root.is_varying));
    }
}
