/* SPDX-License-Identifier: MIT */
/* Checked addresses: the test that an access is inside the region its pointer came from, and
 * the calls into the runtime when it is not.
 *
 * The fast path costs one unsigned comparison: offset < saturate(length + 1 - bytes).
 */
#include "host.h"

#include <assert.h>

uint64_t tj_root_byte_len(const tj_gen *g, const tj_root *root)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);

    if (root->kind == TJ_ROOT_GLOBAL)
        return LLVMABISizeOfType(layout, LLVMGlobalGetValueType(root->value));
    if (root->kind != TJ_ROOT_ALLOCA)
        return 0;
    uint64_t count = LLVMConstIntGetZExtValue(LLVMGetOperand(root->value, 0));

    return count * LLVMABISizeOfType(layout, LLVMGetAllocatedType(root->value));
}

static bool is_constant(const tj_root *root)
{
    return root->kind == TJ_ROOT_GLOBAL &&
           LLVMGetPointerAddressSpace(LLVMTypeOf(root->value)) != TJ_AS_THREADGROUP;
}

/* Of a global or private array; nothing of a constant can be written. */
static uint64_t access_byte_len(const tj_gen *g, const tj_mem *mem)
{
    return mem->is_store && is_constant(&mem->leaf.root) ? 0
                                                         : tj_root_byte_len(g, &mem->leaf.root);
}

/* The same for an address in the memory that the pointer was made from. */
static LLVMValueRef is_inside_origin(tj_gen *g, const tj_mem *mem, LLVMValueRef address,
                                     uint64_t byte_len)
{
    LLVMValueRef start, len, one, bytes;

    tj_region_of(g, mem, tj_is_vector(address), &start, &len);
    one = tj_const_like(len, g->t.i64, 1);
    bytes = tj_const_like(len, g->t.i64, byte_len);
    len = tj_llvm2(g, "llvm.usub.sat", LLVMBuildAdd(g->b, len, one, ""), bytes);
    return LLVMBuildICmp(g->b, LLVMIntULT, LLVMBuildSub(g->b, address, start, ""), len, "");
}

LLVMValueRef tj_is_inside(tj_gen *g, const tj_mem *mem, LLVMValueRef offset, uint64_t byte_len)
{
    const tj_root *root = &mem->leaf.root;
    LLVMValueRef limit;

    if (root->kind == TJ_ROOT_ANY)
        return is_inside_origin(g, mem, offset, byte_len);
    if (root->kind == TJ_ROOT_PARAM) {
        const tj_value *record = tj_facts_find(&g->facts, root->value);
        LLVMValueRef len = g->param_len[record - g->facts.values];

        limit = tj_llvm2(g, "llvm.usub.sat", LLVMBuildAdd(g->b, len, tj_i64(g, 1), ""),
                         tj_i64(g, byte_len));
    } else {
        uint64_t len = access_byte_len(g, mem);

        limit = tj_i64(g, len >= byte_len ? len + 1 - byte_len : 0);
    }
    if (tj_is_vector(offset))
        limit = tj_splat(g, limit);
    return LLVMBuildICmp(g->b, LLVMIntULT, offset, limit, "");
}

static int32_t param_of(const tj_gen *g, const tj_root *root)
{
    switch (root->kind) {
    case TJ_ROOT_PARAM:
        return (int32_t)(tj_facts_find(&g->facts, root->value) - g->facts.values);
    case TJ_ROOT_GLOBAL:
        return -1;
    case TJ_ROOT_ALLOCA:
        return -2;
    case TJ_ROOT_ANY:
    case TJ_ROOT_UNSEEN:
        break;
    }
    return -3;
}

/* Whether lane l's address is lane 0's and l times k[1] bytes. */
static bool is_line(const tj_gen *g, const tj_mem *mem)
{
    const tj_shape *shape = &mem->leaf.shape;

    if (shape->kind != TJ_AFFINE || shape->term_count || shape->is_guarded || !shape->k)
        return false;
    for (unsigned l = 0; l < g->lanes; l++)
        if ((uint64_t)shape->k[l] != l * (uint64_t)shape->k[1])
            return false;
    return true;
}

/* The tjrt_access of this access, as constant data. */
static LLVMValueRef describe(tj_gen *g, tj_mem *mem)
{
    uint64_t lane_step = is_line(g, mem) ? (uint64_t)mem->leaf.shape.k[1] : 0;

    if (mem->site < 0)
        mem->site = (int)tj_add_site(g, mem->inst, mem->is_store ? "store" : "load");
    if (mem->leaf.root.kind == TJ_ROOT_GLOBAL || mem->leaf.root.kind == TJ_ROOT_ALLOCA)
        g->sites[mem->site].what = LLVMGetValueName(mem->leaf.root.value);
    if (mem->leaf.root.kind == TJ_ROOT_GLOBAL)
        g->sites[mem->site].is_constant = is_constant(&mem->leaf.root);
    LLVMValueRef fields[] = {
        tj_i32(g, (uint32_t)mem->site),
        tj_i32(g, (uint32_t)param_of(g, &mem->leaf.root)),
        tj_i64(g, access_byte_len(g, mem)),
        tj_i32(g, mem->elem_bytes),
        LLVMConstInt(g->t.i16, mem->components, false),
        LLVMConstInt(g->t.i8, g->lanes, false),
        LLVMConstInt(g->t.i8, mem->is_store, false),
        tj_i64(g, lane_step),
    };
    static_assert(sizeof(tjrt_access) == 32, "the constant below has tjrt_access's layout");
    LLVMValueRef data = LLVMConstStructInContext(g->llctx, fields, 8, false);
    LLVMValueRef global = LLVMAddGlobal(g->module, LLVMTypeOf(data), "access");

    LLVMSetInitializer(global, data);
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    return global;
}

static LLVMValueRef region_base(tj_gen *g, const tj_mem *mem)
{
    LLVMValueRef base;

    if (mem->leaf.root.kind == TJ_ROOT_ANY)
        return tj_origins_of(g, mem);
    base = tj_root_base(g, &mem->leaf.root);
    return base ? base : LLVMConstNull(g->t.ptr);
}

static void make_cold(tj_gen *g, LLVMValueRef call)
{
    unsigned cold = LLVMGetEnumAttributeKindForName("cold", 4);

    LLVMAddCallSiteAttribute(call, LLVMAttributeFunctionIndex,
                             LLVMCreateEnumAttribute(g->llctx, cold, 0));
}

void tj_call_check(tj_gen *g, tj_mem *mem, LLVMValueRef offsets, LLVMValueRef mask_bits)
{
    LLVMBuildStore(g->b, offsets, g->offsets_slot);
    LLVMValueRef args[] = {g->frame,        g->slice, describe(g, mem), region_base(g, mem),
                           g->offsets_slot, mask_bits};

    make_cold(g, tj_extern(g, "tjrt_check_slow", g->t.void_, args, 6));
}

void tj_call_slow(tj_gen *g, tj_mem *mem)
{
    bool in_line = is_line(g, mem);
    LLVMValueRef offsets = g->offsets_slot;

    if (in_line)
        offsets = tj_use_scalar(g, mem->pointer, 0);
    else
        LLVMBuildStore(g->b, tj_use_vector(g, mem->pointer, 0), offsets);
    LLVMValueRef args[] = {g->frame,         g->slice,
                           describe(g, mem), region_base(g, mem),
                           offsets,          tj_mask_bits(g, g->mask),
                           g->data_slot};

    make_cold(g, tj_extern(g, in_line ? "tjrt_access_line" : "tjrt_access_slow", g->t.void_,
                           args, 7));
}

static uint64_t bytes_of(const tj_mem *mem)
{
    return (uint64_t)mem->elem_bytes * mem->components;
}

/* The runtime repeats the offset: a constant vector would be hoisted out of the slices' loop,
 * and hundreds of them make the register allocator slow. */
static void call_check_uniform(tj_gen *g, tj_mem *mem, LLVMValueRef offset,
                               LLVMValueRef mask_bits)
{
    LLVMValueRef args[] = {g->frame, g->slice, describe(g, mem), region_base(g, mem),
                           offset,   mask_bits};

    make_cold(g, tj_extern(g, "tjrt_check_uniform", g->t.void_, args, 6));
}

/* Leaves the builder in the block where `ok` holds; the other one reports `offsets`. */
static void trap_unless(tj_gen *g, tj_mem *mem, LLVMValueRef ok, LLVMValueRef offsets,
                        LLVMValueRef mask_bits)
{
    LLVMBasicBlockRef good = tj_new_block(g, "inside"), bad = tj_new_block(g, "outside");

    tj_likely(g, ok, good, bad);
    LLVMPositionBuilderAtEnd(g->b, bad);
    if (!mask_bits)
        mask_bits = tj_mask_bits(g, g->mask);
    if (tj_is_vector(offsets))
        tj_call_check(g, mem, offsets, mask_bits);
    else
        call_check_uniform(g, mem, offsets, mask_bits);
    LLVMBuildBr(g->b, good);
    LLVMPositionBuilderAtEnd(g->b, good);
}

/* Highest byte offset of any lane; UINT64_MAX: not known, or lanes may be below lane 0. */
static uint64_t highest_offset(const tj_gen *g, const tj_shape *shape)
{
    int64_t most = 0;

    if (shape->kind == TJ_UNIFORM)
        return shape->umax;
    if (shape->kind != TJ_AFFINE || shape->term_count || shape->is_guarded)
        return UINT64_MAX;
    for (unsigned l = 0; l < g->lanes; l++) {
        if (shape->k[l] < 0)
            return UINT64_MAX;
        most = shape->k[l] > most ? shape->k[l] : most;
    }
    return shape->umax > UINT64_MAX - (uint64_t)most ? UINT64_MAX
                                                     : shape->umax + (uint64_t)most;
}

bool tj_is_known_inside(const tj_gen *g, const tj_mem *mem, uint64_t byte_len)
{
    uint64_t highest, len;

    if (mem->leaf.root.kind != TJ_ROOT_GLOBAL)
        return false;
    highest = highest_offset(g, &mem->leaf.shape);
    len = access_byte_len(g, mem);
    return byte_len <= len && highest <= len - byte_len;
}

void tj_check_uniform(tj_gen *g, tj_mem *mem, LLVMValueRef offset)
{
    if (!g->options->has_bounds_checks || mem->is_checked ||
        tj_is_known_inside(g, mem, bytes_of(mem)))
        return;
    trap_unless(g, mem, tj_is_inside(g, mem, offset, bytes_of(mem)), offset, NULL);
}

void tj_check_lanes(tj_gen *g, tj_mem *mem, LLVMValueRef offsets)
{
    LLVMValueRef inside, outside;

    if (!g->options->has_bounds_checks || mem->is_checked ||
        tj_is_known_inside(g, mem, bytes_of(mem)))
        return;
    inside = tj_is_inside(g, mem, offsets, bytes_of(mem));
    outside = tj_and_mask(g, LLVMBuildNot(g->b, inside, ""), g->mask);
    trap_unless(g, mem, LLVMBuildNot(g->b, tj_any(g, outside), ""), offsets, NULL);
}

void tj_check_rows(tj_gen *g, tj_mem *mem, LLVMValueRef *rows, unsigned row_count)
{
    LLVMValueRef ok = LLVMConstInt(g->t.i1, 1, false);
    LLVMValueRef offsets = LLVMConstNull(LLVMVectorType(g->t.i64, g->lanes));

    if (!g->options->has_bounds_checks)
        return;
    for (unsigned r = 0; r < row_count; r++) {
        offsets = LLVMBuildInsertElement(g->b, offsets, rows[r], tj_i32(g, r), "");
        ok = LLVMBuildAnd(g->b, ok, tj_is_inside(g, mem, rows[r], bytes_of(mem)), "");
    }
    LLVMValueRef bits = tj_i32(g, row_count >= 32 ? UINT32_MAX : (1u << row_count) - 1);

    trap_unless(g, mem, ok, offsets, bits);
}

LLVMValueRef tj_pointer_at(tj_gen *g, const tj_mem *mem, LLVMValueRef offset)
{
    LLVMValueRef base = tj_root_base(g, &mem->leaf.root);

    return base ? tj_gep(g, base, offset) : LLVMBuildIntToPtr(g->b, offset, g->t.ptr, "");
}

/* Memory of less than 2 GiB, so that 32 bits are enough for the offset of an access inside:
 * threadgroup memory and the module's own variables. */
static bool is_small(const tj_root *root)
{
    return root->kind == TJ_ROOT_GLOBAL ||
           (root->kind == TJ_ROOT_PARAM &&
            LLVMGetPointerAddressSpace(LLVMTypeOf(root->value)) == TJ_AS_THREADGROUP);
}

LLVMValueRef tj_lane_pointers(tj_gen *g, const tj_mem *mem, LLVMValueRef offsets)
{
    LLVMTypeRef pointers = LLVMVectorType(g->t.ptr, LLVMGetVectorSize(LLVMTypeOf(offsets)));
    LLVMValueRef base = tj_root_base(g, &mem->leaf.root);

    if (mem->leaf.root.kind == TJ_ROOT_ALLOCA)
        offsets = tj_private_address(g, mem->leaf.root.value, offsets);
    if (!base)
        return LLVMBuildIntToPtr(g->b, offsets, pointers, "");
    /* A gather of 32-bit offsets is half as many instructions; beside a check of the same
     * offsets LLVM widens them again. */
    if (!g->options->has_bounds_checks && is_small(&mem->leaf.root))
        offsets = LLVMBuildTrunc(
            g->b, offsets, LLVMVectorType(g->t.i32, LLVMGetVectorSize(LLVMTypeOf(offsets))),
            "");
    return tj_gep(g, base, offsets);
}

LLVMTypeRef tj_memory_type(const tj_gen *g, LLVMTypeRef leaf_type)
{
    if (leaf_type == g->t.i1)
        return g->t.i8;
    if (leaf_type == g->t.bfloat)
        return g->t.i16; /* LLVM 22 cannot lower all memory operations of bfloat vectors */
    return LLVMGetTypeKind(leaf_type) == LLVMPointerTypeKind ? g->t.i64 : leaf_type;
}

LLVMValueRef tj_to_memory(tj_gen *g, LLVMValueRef value)
{
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(value));

    if (scalar == g->t.bfloat)
        return LLVMBuildBitCast(g->b, value, tj_type_like(value, g->t.i16), "");
    if (scalar != g->t.i1)
        return value;
    return LLVMBuildZExt(g->b, value, tj_type_like(value, g->t.i8), "");
}

LLVMValueRef tj_from_memory(tj_gen *g, LLVMValueRef value, LLVMTypeRef leaf_type)
{
    if (leaf_type == g->t.bfloat)
        return LLVMBuildBitCast(g->b, value, tj_type_like(value, g->t.bfloat), "");
    if (leaf_type != g->t.i1)
        return value;
    return LLVMBuildTrunc(g->b, value, tj_type_like(value, g->t.i1), "");
}

void tj_align_pointers(tj_gen *g, LLVMValueRef call, unsigned arg, unsigned align)
{
    unsigned kind = LLVMGetEnumAttributeKindForName("align", 5);

    LLVMAddCallSiteAttribute(call, arg + 1, LLVMCreateEnumAttribute(g->llctx, kind, align));
}

LLVMValueRef tj_gather(tj_gen *g, LLVMTypeRef elem, LLVMValueRef pointers, LLVMValueRef mask,
                       unsigned align)
{
    LLVMTypeRef type = tj_type_like(pointers, elem);
    LLVMTypeRef types[] = {type, LLVMTypeOf(pointers)};
    LLVMValueRef args[] = {pointers, mask, LLVMConstNull(type)};
    LLVMValueRef call = tj_llvm(g, "llvm.masked.gather", types, 2, args, 3);

    tj_align_pointers(g, call, 0, align);
    return call;
}

void tj_scatter(tj_gen *g, LLVMValueRef value, LLVMValueRef pointers, LLVMValueRef mask,
                unsigned align)
{
    LLVMTypeRef types[] = {LLVMTypeOf(value), LLVMTypeOf(pointers)};
    LLVMValueRef args[] = {value, pointers, mask};

    tj_align_pointers(g, tj_llvm(g, "llvm.masked.scatter", types, 2, args, 3), 1, align);
}

LLVMValueRef tj_last_active(tj_gen *g, LLVMValueRef vector)
{
    LLVMTypeRef types[] = {g->t.i32};
    LLVMValueRef args[2], lane;

    if (g->is_full)
        return tj_lane(g, vector, g->lanes - 1);
    args[0] = tj_mask_bits(g, g->mask);
    args[1] = LLVMConstInt(g->t.i1, 0, false);
    lane = LLVMBuildSub(g->b, tj_i32(g, 31), tj_llvm(g, "llvm.ctlz", types, 1, args, 2), "");
    lane = LLVMBuildAnd(g->b, lane, tj_i32(g, g->lanes - 1), "");
    return LLVMBuildExtractElement(g->b, vector, lane, "");
}
