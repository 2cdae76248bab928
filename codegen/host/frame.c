/* SPDX-License-Identifier: MIT */
/* The entry block of a slice: fields of the frame, buffers, built-in inputs, the entry mask. */
#include "host.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

typedef enum field_type { FIELD_PTR, FIELD_I32 } field_type;
typedef struct field {
    const char *name;
    field_type type;
    unsigned count;
    size_t byte_offset;
} field;

static const field fields[] = {
#define FIELD(name, type, count) {#name, FIELD_##type, count, offsetof(tjrt_frame, name)},
    TJRT_FRAME_FIELDS(FIELD)
#undef FIELD
};
enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

LLVMTypeRef tj_frame_type(const tj_gen *g)
{
    LLVMTypeRef types[FIELD_COUNT];

    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        LLVMTypeRef one = fields[f].type == FIELD_PTR ? g->t.ptr : g->t.i32;

        types[f] = fields[f].count == 1 ? one : LLVMArrayType2(one, fields[f].count);
    }
    return LLVMStructTypeInContext(g->llctx, types, FIELD_COUNT, false);
}

static const field *find_field(const char *name)
{
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (strcmp(fields[f].name, name) == 0)
            return &fields[f];
    assert(!"no such field of the frame");
    return NULL;
}

LLVMValueRef tj_frame_pointer(tj_gen *g, const char *name, unsigned index)
{
    const field *f = find_field(name);
    size_t size = f->type == FIELD_PTR ? sizeof(void *) : sizeof(uint32_t);

    return tj_gep(g, g->frame, tj_i64(g, f->byte_offset + index * size));
}

LLVMValueRef tj_frame_load(tj_gen *g, const char *name, unsigned index)
{
    LLVMTypeRef type = find_field(name)->type == FIELD_PTR ? g->t.ptr : g->t.i32;
    LLVMValueRef load = LLVMBuildLoad2(g->b, type, tj_frame_pointer(g, name, index), name);

    /* The frame does not change while a threadgroup runs. */
    LLVMSetMetadata(load, LLVMGetMDKindIDInContext(g->llctx, "invariant.load", 14),
                    LLVMMetadataAsValue(g->llctx, LLVMMDNodeInContext2(g->llctx, NULL, 0)));
    return load;
}

/* ---- buffers and globals --------------------------------------------------------------- */

static void load_buffer(tj_gen *g, LLVMValueRef table, unsigned place, const char *name)
{
    unsigned invariant = LLVMGetMDKindIDInContext(g->llctx, "invariant.load", 14);
    LLVMValueRef none = LLVMMetadataAsValue(g->llctx, LLVMMDNodeInContext2(g->llctx, NULL, 0));
    LLVMValueRef entry = tj_gep(g, table, tj_i64(g, place * sizeof(tjrt_buffer)));
    LLVMValueRef len = tj_gep(g, entry, tj_i64(g, offsetof(tjrt_buffer, byte_len)));

    g->param_base[place] = LLVMBuildLoad2(g->b, g->t.ptr, entry, name);
    g->param_len[place] = LLVMBuildLoad2(g->b, g->t.i64, len, "");
    LLVMSetMetadata(g->param_base[place], invariant, none);
    LLVMSetMetadata(g->param_len[place], invariant, none);
}

static void load_buffers(tj_gen *g)
{
    const tj_kernel *kernel = g->facts.kernel;
    LLVMValueRef table = tj_frame_load(g, "buffers", 0);

    for (unsigned p = 0; p < kernel->arg_count; p++) {
        if (kernel->args[p].kind == TJ_ARG_SYSVAL)
            continue;
        load_buffer(g, table, p, kernel->args[p].name);
        tj_set_scalar(g, LLVMGetParam(kernel->function, p), 0, tj_i64(g, 0));
    }
    for (unsigned i = 0; i < kernel->nested_count; i++)
        load_buffer(g, table, kernel->arg_count + i, kernel->nested[i].name);
}

/* Threadgroup variables lie one behind the other in the frame's threadgroup memory. */
static void place_globals(tj_gen *g)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    uint32_t count = 0;

    for (LLVMValueRef v = LLVMGetFirstGlobal(g->unit->module); v; v = LLVMGetNextGlobal(v))
        count++;
    tj_ptrmap_init(&g->globals, g->arena, count + 1);
    tj_ptrmap_init(&g->constants, g->arena, count + 1);
    g->copies = tj_new_array(g->arena, tj_constant_copy, count + 1);
    for (LLVMValueRef v = LLVMGetFirstGlobal(g->unit->module); v; v = LLVMGetNextGlobal(v)) {
        LLVMTypeRef type = LLVMGlobalGetValueType(v);
        uint64_t align = LLVMGetAlignment(v);

        if (LLVMGetPointerAddressSpace(LLVMTypeOf(v)) != TJ_AS_THREADGROUP)
            continue;
        if (align < LLVMABIAlignmentOfType(layout, type))
            align = LLVMABIAlignmentOfType(layout, type);
        g->threadgroup_byte_len = (g->threadgroup_byte_len + align - 1) / align * align;
        tj_ptrmap_put(&g->globals, v, (uint32_t)g->threadgroup_byte_len);
        g->threadgroup_byte_len += LLVMABISizeOfType(layout, type);
    }
}

LLVMValueRef tj_global_base(tj_gen *g, LLVMValueRef global)
{
    uint32_t offset = tj_ptrmap_find(&g->globals, global);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(g->b);

    if (offset == UINT32_MAX)
        return tj_constant_copy_of(g, global);
    if (!g->threadgroup_base) { /* made once, in the entry block */
        LLVMValueRef last = LLVMGetBasicBlockTerminator(g->entry);

        if (last)
            LLVMPositionBuilderBefore(g->b, last);
        else
            LLVMPositionBuilderAtEnd(g->b, g->entry);
        g->threadgroup_base = tj_frame_load(g, "threadgroup_memory", 0);
        LLVMPositionBuilderAtEnd(g->b, here);
    }
    return tj_gep(g, g->threadgroup_base, tj_i64(g, offset));
}

/* ---- built-in inputs ------------------------------------------------------------------- */

static LLVMValueRef first_thread(tj_gen *g)
{
    return LLVMBuildMul(g->b, g->slice, tj_i32(g, g->lanes), "first");
}

static LLVMValueRef divide(tj_gen *g, LLVMValueRef value, uint32_t by)
{
    return LLVMBuildUDiv(g->b, value, tj_i32(g, by), "");
}

/* Position of a thread from its linear index, in one dimension; scalar or vector. */
static LLVMValueRef unflatten(tj_gen *g, LLVMValueRef linear, unsigned component)
{
    bool is_vector = tj_is_vector(linear);
    LLVMValueRef size[3];

    for (unsigned d = 0; d < 3; d++) {
        size[d] = g->options->is_ragged ? tj_frame_load(g, "group_size", d)
                                        : tj_i32(g, g->options->threadgroup[d]);
        if (is_vector)
            size[d] = tj_splat(g, size[d]);
    }
    if (component == 0)
        return tj_binary(g, LLVMURem, linear, size[0], 0);
    LLVMValueRef row = tj_binary(g, LLVMUDiv, linear, size[0], 0);

    return tj_binary(g, component == 1 ? LLVMURem : LLVMUDiv, row, size[1], 0);
}

static LLVMValueRef linear_vector(tj_gen *g)
{
    int64_t lanes[TJ_MAX_LANES];

    for (unsigned l = 0; l < g->lanes; l++)
        lanes[l] = l;
    return LLVMBuildAdd(g->b, tj_splat(g, first_thread(g)), tj_const_lanes(g, g->t.i32, lanes),
                        "");
}

/* thread_position_in_threadgroup: lane 0, or all lanes. */
static LLVMValueRef position(tj_gen *g, unsigned component, bool as_vector)
{
    const uint32_t *size = g->options->threadgroup;

    if (size[1] == 1 && size[2] == 1 && !as_vector)
        return component ? tj_i32(g, 0) : first_thread(g);
    return unflatten(g, as_vector ? linear_vector(g) : first_thread(g), component);
}

static LLVMValueRef position_in_grid(tj_gen *g, unsigned component, bool as_vector)
{
    LLVMValueRef start = LLVMBuildMul(g->b, tj_frame_load(g, "group_pos", component),
                                      tj_i32(g, g->options->threadgroup[component]), "");

    return LLVMBuildAdd(g->b, as_vector ? tj_splat(g, start) : start,
                        position(g, component, as_vector), "");
}

static LLVMValueRef ceil_divide(tj_gen *g, LLVMValueRef value, uint32_t by)
{
    return divide(g, LLVMBuildAdd(g->b, value, tj_i32(g, by - 1), ""), by);
}

static LLVMValueRef dispatched_threads(const tj_gen *g)
{
    const uint32_t *size = g->options->threadgroup;

    return tj_i32(g, size[0] * size[1] * size[2]);
}

static LLVMValueRef sysval(tj_gen *g, tj_sysval id, unsigned component, bool as_vector)
{
    switch (id) {
    case TJ_SYSVAL_THREAD_INDEX_IN_THREADGROUP:
        return first_thread(g);
    case TJ_SYSVAL_THREAD_INDEX_IN_SIMDGROUP:
        return LLVMBuildAnd(g->b, first_thread(g), tj_i32(g, TJ_SIMD_WIDTH - 1), "");
    case TJ_SYSVAL_THREAD_INDEX_IN_QUADGROUP:
    case TJ_SYSVAL_GRID_ORIGIN:
        return tj_i32(g, 0);
    case TJ_SYSVAL_SIMDGROUP_INDEX_IN_THREADGROUP:
        return divide(g, first_thread(g), TJ_SIMD_WIDTH);
    case TJ_SYSVAL_QUADGROUP_INDEX_IN_THREADGROUP:
        return divide(g, first_thread(g), 4);
    case TJ_SYSVAL_SIMDGROUPS_PER_THREADGROUP:
        return ceil_divide(g, tj_frame_load(g, "thread_count", 0), TJ_SIMD_WIDTH);
    case TJ_SYSVAL_QUADGROUPS_PER_THREADGROUP:
        return ceil_divide(g, tj_frame_load(g, "thread_count", 0), 4);
    case TJ_SYSVAL_DISPATCH_SIMDGROUPS_PER_THREADGROUP:
        return ceil_divide(g, dispatched_threads(g), TJ_SIMD_WIDTH);
    case TJ_SYSVAL_DISPATCH_QUADGROUPS_PER_THREADGROUP:
        return ceil_divide(g, dispatched_threads(g), 4);
    case TJ_SYSVAL_THREADS_PER_SIMDGROUP:
    case TJ_SYSVAL_THREAD_EXECUTION_WIDTH:
        return tj_i32(g, TJ_SIMD_WIDTH);
    case TJ_SYSVAL_THREAD_POSITION_IN_GRID:
        return position_in_grid(g, component, as_vector);
    case TJ_SYSVAL_THREAD_POSITION_IN_THREADGROUP:
        return position(g, component, as_vector);
    case TJ_SYSVAL_THREADGROUP_POSITION_IN_GRID:
        return tj_frame_load(g, "group_pos", component);
    case TJ_SYSVAL_THREADGROUPS_PER_GRID:
        return tj_frame_load(g, "group_count", component);
    case TJ_SYSVAL_THREADS_PER_GRID:
    case TJ_SYSVAL_GRID_SIZE:
        return tj_frame_load(g, "grid_size", component);
    case TJ_SYSVAL_THREADS_PER_THREADGROUP:
        return g->options->is_ragged ? tj_frame_load(g, "group_size", component)
                                     : tj_i32(g, g->options->threadgroup[component]);
    case TJ_SYSVAL_DISPATCH_THREADS_PER_THREADGROUP:
        return tj_i32(g, g->options->threadgroup[component]);
    case TJ_SYSVAL_COUNT:
        break;
    }
    assert(!"every built-in input has an arm");
    return NULL;
}

static void set_sysvals(tj_gen *g)
{
    const tj_kernel *kernel = g->facts.kernel;

    for (unsigned p = 0; p < kernel->arg_count; p++) {
        LLVMValueRef param = LLVMGetParam(kernel->function, p);
        const tj_arg *arg = &kernel->args[p];

        for (unsigned c = 0; arg->kind == TJ_ARG_SYSVAL && c < tj_leaf_count(LLVMTypeOf(param));
             c++) {
            bool as_vector = tj_wants_vector(g, param, c);
            LLVMValueRef value = sysval(g, arg->sysval, c, as_vector);
            LLVMTypeRef type = tj_leaf_type(LLVMTypeOf(param), c);

            value = LLVMBuildIntCast2(g->b, value, tj_type_like(value, type), false, "");
            tj_set(g, param, c, value);
        }
    }
}

static void set_entry_mask(tj_gen *g)
{
    g->entry_mask = tj_full_mask(g);
    if (!g->options->is_ragged)
        return;
    LLVMValueRef count = tj_splat(g, tj_frame_load(g, "thread_count", 0));

    g->entry_mask = LLVMBuildICmp(g->b, LLVMIntULT, linear_vector(g), count, "entry_mask");
}

void tj_emit_frame(tj_gen *g)
{
    place_globals(g);
    tj_plan_around(g);
    load_buffers(g);
    set_sysvals(g);
    set_entry_mask(g);
    g->offsets_slot = tj_slot(g, LLVMVectorType(g->t.i64, g->lanes), "offsets");
    g->data_slot = tj_slot(g, LLVMArrayType2(g->t.i64, 16ull * g->lanes), "data");
    LLVMSetAlignment(g->data_slot, 64);
    tj_plan_private(g);
    tj_plan_origins(g);
}
