/* SPDX-License-Identifier: MIT */
/* Atomics, AIR calls and native instructions alike.
 *
 * Lanes go one after the other, in lane order. Device atomics are host atomics; threadgroup
 * memory belongs to one worker, so a plain read, operation and write is enough there. Integer
 * operations on one address whose old value nobody reads are reduced over the lanes first.
 */
#include "host.h"

#include <string.h>

typedef enum rmw {
    RMW_NONE,
    RMW_LOAD,
    RMW_STORE,
    RMW_XCHG,
    RMW_CMPXCHG,
    RMW_ADD,
    RMW_SUB,
    RMW_AND,
    RMW_OR,
    RMW_XOR,
    RMW_NAND,
    RMW_SMIN,
    RMW_SMAX,
    RMW_UMIN,
    RMW_UMAX,
    RMW_FADD,
    RMW_FSUB,
    RMW_FMIN,
    RMW_FMAX
} rmw;

typedef struct rmw_row {
    LLVMAtomicRMWBinOp op;
    LLVMOpcode opcode;     /* of the plain form, where it is one instruction */
    const char *intrinsic; /* of the plain form otherwise */
    const char *reduce;    /* over lanes; NULL: the order or the old value matters */
    uint64_t identity;     /* ~0: all ones; 1: most positive; 2: most negative */
} rmw_row;

static const rmw_row rmw_rows[] = {
    [RMW_XCHG] = {.op = LLVMAtomicRMWBinOpXchg},
    [RMW_ADD] = {LLVMAtomicRMWBinOpAdd, LLVMAdd, NULL, "llvm.vector.reduce.add", 0},
    [RMW_SUB] = {LLVMAtomicRMWBinOpSub, LLVMSub, NULL, "llvm.vector.reduce.add", 0},
    [RMW_AND] = {LLVMAtomicRMWBinOpAnd, LLVMAnd, NULL, "llvm.vector.reduce.and", ~0ull},
    [RMW_OR] = {LLVMAtomicRMWBinOpOr, LLVMOr, NULL, "llvm.vector.reduce.or", 0},
    [RMW_XOR] = {LLVMAtomicRMWBinOpXor, LLVMXor, NULL, "llvm.vector.reduce.xor", 0},
    [RMW_NAND] = {LLVMAtomicRMWBinOpNand, LLVMAnd, NULL, NULL, 0},
    [RMW_SMIN] = {LLVMAtomicRMWBinOpMin, 0, "llvm.smin", "llvm.vector.reduce.smin", 1},
    [RMW_SMAX] = {LLVMAtomicRMWBinOpMax, 0, "llvm.smax", "llvm.vector.reduce.smax", 2},
    [RMW_UMIN] = {LLVMAtomicRMWBinOpUMin, 0, "llvm.umin", "llvm.vector.reduce.umin", ~0ull},
    [RMW_UMAX] = {LLVMAtomicRMWBinOpUMax, 0, "llvm.umax", "llvm.vector.reduce.umax", 0},
    [RMW_FADD] = {.op = LLVMAtomicRMWBinOpFAdd, .opcode = LLVMFAdd},
    [RMW_FSUB] = {.op = LLVMAtomicRMWBinOpFSub, .opcode = LLVMFSub},
    [RMW_FMIN] = {.op = LLVMAtomicRMWBinOpFMin, .intrinsic = "llvm.minimumnum"},
    [RMW_FMAX] = {.op = LLVMAtomicRMWBinOpFMax, .intrinsic = "llvm.maximumnum"},
};

typedef struct atomic {
    tj_gen *g;
    tj_mem mem;
    rmw op;
    LLVMTypeRef type;             /* of the element */
    LLVMValueRef value, expected; /* operands of the kernel; NULL when the form has none */
    LLVMValueRef expected_lanes;  /* vector: what compare-exchange compares with */
    bool is_shared;               /* other workers may touch the memory */
    bool is_used;                 /* somebody reads the old value */
    LLVMAtomicOrdering ordering;
} atomic;

/* ---- one lane -------------------------------------------------------------------------- */

static LLVMValueRef plain_result(const atomic *a, LLVMValueRef old, LLVMValueRef value)
{
    const rmw_row *row = &rmw_rows[a->op];
    LLVMBuilderRef b = a->g->b;

    if (a->op == RMW_XCHG || a->op == RMW_STORE)
        return value;
    if (row->intrinsic)
        return tj_llvm2(a->g, row->intrinsic, old, value);
    LLVMValueRef result = LLVMBuildBinOp(b, row->opcode, old, value, "");

    return a->op == RMW_NAND ? LLVMBuildNot(b, result, "") : result;
}

static LLVMValueRef plain_access(const atomic *a, LLVMValueRef pointer, LLVMValueRef value,
                                 LLVMValueRef expected)
{
    LLVMBuilderRef b = a->g->b;
    LLVMValueRef old = LLVMBuildLoad2(b, a->type, pointer, "old"), fresh;

    if (a->op == RMW_LOAD)
        return old;
    if (a->op == RMW_CMPXCHG)
        fresh =
            LLVMBuildSelect(b, LLVMBuildICmp(b, LLVMIntEQ, old, expected, ""), value, old, "");
    else
        fresh = plain_result(a, old, value);
    LLVMBuildStore(b, fresh, pointer);
    return old;
}

static LLVMValueRef shared_access(const atomic *a, LLVMValueRef pointer, LLVMValueRef value,
                                  LLVMValueRef expected)
{
    LLVMBuilderRef b = a->g->b;
    LLVMValueRef access;
    unsigned bytes = tj_leaf_bits(a->type) / 8;
    bool is_strong = a->ordering == LLVMAtomicOrderingSequentiallyConsistent;

    switch (a->op) {
    case RMW_LOAD:
        access = LLVMBuildLoad2(b, a->type, pointer, "");
        LLVMSetOrdering(access, a->ordering);
        LLVMSetAlignment(access, bytes);
        return access;
    case RMW_STORE:
        access = LLVMBuildStore(b, value, pointer);
        LLVMSetOrdering(access, a->ordering);
        LLVMSetAlignment(access, bytes);
        return value;
    case RMW_CMPXCHG:
        access = LLVMBuildAtomicCmpXchg(
            b, pointer, expected, value, is_strong ? a->ordering : LLVMAtomicOrderingMonotonic,
            is_strong ? a->ordering : LLVMAtomicOrderingMonotonic, false);
        return LLVMBuildExtractValue(b, access, 0, "");
    default:
        return LLVMBuildAtomicRMW(b, rmw_rows[a->op].op, pointer, value, a->ordering, false);
    }
}

static LLVMValueRef access_one(const atomic *a, LLVMValueRef pointer, LLVMValueRef value,
                               LLVMValueRef expected)
{
    return a->is_shared ? shared_access(a, pointer, value, expected)
                        : plain_access(a, pointer, value, expected);
}

/* ---- all lanes -------------------------------------------------------------------------
 *
 * Addresses, operands and results go through memory: LLVM would take the lanes of a vector out
 * one by one, which costs more than the access. The slots are volatile so that it does not.
 */

enum { SLOT_VALUE, SLOT_EXPECTED, SLOT_OLD };

static LLVMValueRef lane_pointer(const atomic *a, LLVMValueRef slot, unsigned part,
                                 LLVMValueRef lane, unsigned bytes)
{
    tj_gen *g = a->g;
    LLVMValueRef at =
        LLVMBuildMul(g->b, LLVMBuildZExt(g->b, lane, g->t.i64, ""), tj_i64(g, bytes), "");

    at = LLVMBuildAdd(g->b, at, tj_i64(g, (uint64_t)part * g->lanes * 8), "");
    return tj_gep(g, slot, at);
}

static LLVMValueRef load_lane(const atomic *a, unsigned part, LLVMValueRef lane)
{
    LLVMValueRef pointer = lane_pointer(a, a->g->data_slot, part, lane, a->mem.elem_bytes);
    LLVMValueRef load = LLVMBuildLoad2(a->g->b, a->type, pointer, "");

    LLVMSetVolatile(load, true);
    return load;
}

/* Stores a vector by 32 bytes: a load of one lane is forwarded faster from such a store than
 * from one of 64 bytes (measured on Sapphire Rapids: 0.6 against 1.0 ns a lane). */
static void spill_at(const atomic *a, LLVMValueRef vector, LLVMValueRef slot, unsigned bytes)
{
    tj_gen *g = a->g;
    unsigned count = 32 / bytes;
    int lanes[TJ_MAX_LANES];

    if (count > g->lanes)
        count = g->lanes;
    for (unsigned first = 0; first < g->lanes; first += count) {
        for (unsigned l = 0; l < count; l++)
            lanes[l] = (int)(first + l);
        LLVMValueRef part = tj_shuffle(g, vector, NULL, lanes, count);
        LLVMValueRef at = tj_gep(g, slot, tj_i64(g, (uint64_t)first * bytes));
        LLVMValueRef store = LLVMBuildStore(g->b, part, at);

        LLVMSetVolatile(store, true);
        LLVMSetAlignment(store, bytes);
    }
}

static void spill(const atomic *a, unsigned part, LLVMValueRef vector)
{
    tj_gen *g = a->g;

    spill_at(a, vector, tj_gep(g, g->data_slot, tj_i64(g, (uint64_t)part * g->lanes * 8)),
             a->mem.elem_bytes);
}

typedef struct lanes {
    LLVMValueRef pointers; /* vector; also spilled */
    LLVMValueRef values;   /* NULL, or one scalar for all lanes, or a vector, spilled */
    bool has_expected;
} lanes;

static void access_lane(const atomic *a, const lanes *in, LLVMValueRef lane)
{
    tj_gen *g = a->g;
    LLVMValueRef value = in->values, expected = NULL, old, store;
    LLVMValueRef pointer =
        LLVMBuildLoad2(g->b, g->t.ptr, lane_pointer(a, g->offsets_slot, 0, lane, 8), "");

    LLVMSetVolatile(pointer, true);
    if (value && tj_is_vector(value))
        value = load_lane(a, SLOT_VALUE, lane);
    if (in->has_expected)
        expected = load_lane(a, SLOT_EXPECTED, lane);
    old = access_one(a, pointer, value, expected);
    if (!a->is_used)
        return;
    store = LLVMBuildStore(g->b, old,
                           lane_pointer(a, g->data_slot, SLOT_OLD, lane, a->mem.elem_bytes));
    LLVMSetVolatile(store, true);
}

static void unrolled(const atomic *a, const lanes *in)
{
    for (unsigned l = 0; l < a->g->lanes; l++)
        access_lane(a, in, tj_i32(a->g, l));
}

/* A loop over the set bits of the mask. */
static void looped(const atomic *a, const lanes *in, LLVMValueRef start)
{
    tj_gen *g = a->g;
    LLVMTypeRef i32 = g->t.i32;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(g->b);
    LLVMBasicBlockRef loop = tj_new_block(g, "lane"), done = tj_new_block(g, "lanes_done");
    LLVMBasicBlockRef end;

    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntNE, start, tj_i32(g, 0), ""), loop, done);
    LLVMPositionBuilderAtEnd(g->b, loop);
    LLVMValueRef bits = LLVMBuildPhi(g->b, i32, "");
    LLVMValueRef args[] = {bits, LLVMConstInt(g->t.i1, 1, false)};

    access_lane(a, in, tj_llvm(g, "llvm.cttz", &i32, 1, args, 2));
    LLVMValueRef less = LLVMBuildSub(g->b, bits, tj_i32(g, 1), "");
    LLVMValueRef rest = LLVMBuildAnd(g->b, bits, less, "");

    end = LLVMGetInsertBlock(g->b);
    LLVMAddIncoming(bits, &start, &before, 1);
    LLVMAddIncoming(bits, &rest, &end, 1);
    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntNE, rest, tj_i32(g, 0), ""), loop, done);
    LLVMPositionBuilderAtEnd(g->b, done);
}

/* One instruction a lane is worth unrolling; a compare-and-swap loop is not. */
static bool is_short(const atomic *a)
{
    return !a->is_shared || (a->op >= RMW_XCHG && a->op <= RMW_SUB && a->op != RMW_CMPXCHG);
}

static void loop_or_unroll(const atomic *a, const lanes *in)
{
    tj_gen *g = a->g;
    LLVMValueRef bits = tj_mask_bits(g, g->mask);

    if (!is_short(a)) {
        looped(a, in, bits);
    } else if (g->is_full) {
        unrolled(a, in);
    } else {
        LLVMBasicBlockRef all = tj_new_block(g, "all_lanes"), some = tj_new_block(g, "lanes");
        LLVMBasicBlockRef done = tj_new_block(g, "atomic_done");
        uint32_t full = g->lanes == 32 ? UINT32_MAX : (1u << g->lanes) - 1;

        LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntEQ, bits, tj_i32(g, full), ""), all,
                        some);
        LLVMPositionBuilderAtEnd(g->b, all);
        unrolled(a, in);
        LLVMBuildBr(g->b, done);
        LLVMPositionBuilderAtEnd(g->b, some);
        looped(a, in, bits);
        LLVMBuildBr(g->b, done);
        LLVMPositionBuilderAtEnd(g->b, done);
    }
}

/* `values`: NULL, a scalar that all lanes use, or a vector. Returns the old values, zero for
 * inactive lanes; NULL when nobody reads them. */
static LLVMValueRef each_lane(const atomic *a, LLVMValueRef pointers, LLVMValueRef values)
{
    tj_gen *g = a->g;
    LLVMTypeRef type = tj_vector_of(g, a->type);
    lanes in = {pointers, values, a->expected_lanes != NULL};
    LLVMValueRef old;

    spill_at(a, pointers, g->offsets_slot, 8);
    if (values && tj_is_vector(values))
        spill(a, SLOT_VALUE, values);
    if (in.has_expected)
        spill(a, SLOT_EXPECTED, a->expected_lanes);
    if (a->is_used)
        spill(a, SLOT_OLD, LLVMConstNull(type));
    loop_or_unroll(a, &in);
    if (!a->is_used)
        return NULL;
    old = LLVMBuildLoad2(
        g->b, type, tj_gep(g, g->data_slot, tj_i64(g, (uint64_t)SLOT_OLD * g->lanes * 8)), "");
    LLVMSetVolatile(old, true);
    LLVMSetAlignment(old, 4);
    return old;
}

/* ---- one address ----------------------------------------------------------------------- */

static LLVMValueRef identity_of(const atomic *a)
{
    uint64_t top = (uint64_t)1 << (tj_leaf_bits(a->type) - 1);

    switch (rmw_rows[a->op].identity) {
    case 0:
        return LLVMConstNull(a->type);
    case 1:
        return LLVMConstInt(a->type, top - 1, false);
    case 2:
        return LLVMConstInt(a->type, top, false);
    default:
        return LLVMConstAllOnes(a->type);
    }
}

static LLVMValueRef reduced(const atomic *a)
{
    tj_gen *g = a->g;
    LLVMValueRef values = tj_use_vector(g, a->value, 0);
    LLVMTypeRef type = LLVMTypeOf(values);

    if (!g->is_full)
        values = LLVMBuildSelect(g->b, g->mask, values, tj_splat(g, identity_of(a)), "");
    return tj_llvm(g, rmw_rows[a->op].reduce, &type, 1, &values, 1);
}

/* Nobody reads a missing result. */
static void set_result(const atomic *a, LLVMValueRef old)
{
    if (old && tj_leaf_count(LLVMTypeOf(a->mem.inst)))
        tj_set_vector(a->g, a->mem.inst, 0, old);
}

/* The kernel's operand: one scalar where all lanes have the same. */
static LLVMValueRef value_operand(const atomic *a)
{
    if (!a->value)
        return NULL;
    bool is_uniform = tj_leaf_of(a->g, a->value, 0).shape.kind == TJ_UNIFORM;

    return tj_operand(a->g, a->value, 0, !is_uniform);
}

/* Address shared by all lanes. The block runs only with a lane active: see linearize.c. */
static void emit_uniform(atomic *a)
{
    tj_gen *g = a->g;
    LLVMValueRef offset = tj_use_scalar(g, a->mem.pointer, 0), pointer;

    tj_check_uniform(g, &a->mem, offset);
    pointer = tj_pointer_at(g, &a->mem, offset);
    if (a->op == RMW_LOAD) {
        set_result(a, tj_splat(g, access_one(a, pointer, NULL, NULL)));
    } else if (a->op == RMW_STORE) {
        access_one(a, pointer, tj_last_active(g, tj_use_vector(g, a->value, 0)), NULL);
    } else if (!a->is_used && rmw_rows[a->op].reduce) {
        access_one(a, pointer, reduced(a), NULL);
    } else {
        set_result(a, each_lane(a, tj_splat(g, pointer), value_operand(a)));
    }
}

static void emit(atomic *a)
{
    tj_gen *g = a->g;
    bool is_uniform =
        a->mem.leaf.shape.kind == TJ_UNIFORM && a->mem.leaf.root.kind != TJ_ROOT_ALLOCA;

    a->mem.elem_bytes = tj_leaf_bits(a->type) / 8;
    a->mem.components = 1;
    a->mem.align = a->mem.elem_bytes;
    a->mem.is_store = a->op != RMW_LOAD;
    a->mem.site = -1;
    a->is_used = LLVMGetFirstUse(a->mem.inst) != NULL || a->op == RMW_CMPXCHG;
    if (is_uniform) {
        emit_uniform(a);
        return;
    }
    LLVMValueRef offsets = tj_use_vector(g, a->mem.pointer, 0);

    tj_check_lanes(g, &a->mem, offsets);
    set_result(a, each_lane(a, tj_lane_pointers(g, &a->mem, offsets), value_operand(a)));
}

/* ---- forms ----------------------------------------------------------------------------- */

static atomic begin(tj_gen *g, LLVMValueRef inst, LLVMValueRef pointer)
{
    atomic a = {.g = g, .ordering = LLVMAtomicOrderingMonotonic};

    a.mem.inst = inst;
    a.mem.pointer = pointer;
    a.mem.leaf = tj_leaf_of(g, pointer, 0);
    a.is_shared = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer)) != TJ_AS_THREADGROUP;
    return a;
}

static rmw operation_of(const tj_intrin_use *use)
{
    bool is_float = use->type.kind == 'f', is_signed = use->type.kind == 's';

    switch (use->id) {
    case TJ_INTRIN_ATOMIC_LOAD:
        return RMW_LOAD;
    case TJ_INTRIN_ATOMIC_STORE:
        return RMW_STORE;
    case TJ_INTRIN_ATOMIC_XCHG:
        return RMW_XCHG;
    case TJ_INTRIN_ATOMIC_CMPXCHG:
        return RMW_CMPXCHG;
    case TJ_INTRIN_ATOMIC_ADD:
        return is_float ? RMW_FADD : RMW_ADD;
    case TJ_INTRIN_ATOMIC_SUB:
        return is_float ? RMW_FSUB : RMW_SUB;
    case TJ_INTRIN_ATOMIC_MIN:
        return is_signed ? RMW_SMIN : RMW_UMIN;
    case TJ_INTRIN_ATOMIC_MAX:
        return is_signed ? RMW_SMAX : RMW_UMAX;
    case TJ_INTRIN_ATOMIC_AND:
        return RMW_AND;
    case TJ_INTRIN_ATOMIC_OR:
        return RMW_OR;
    case TJ_INTRIN_ATOMIC_XOR:
        return RMW_XOR;
    default:
        return RMW_NONE;
    }
}

static LLVMTypeRef int_type(tj_gen *g, LLVMTypeRef type)
{
    return LLVMIntTypeInContext(g->llctx, tj_leaf_bits(type));
}

/* (pointer, pointer to expected, desired, ...): the old value goes back through the second. */
static void emit_compare_exchange(tj_gen *g, LLVMValueRef inst)
{
    LLVMValueRef box = LLVMGetOperand(inst, 1), desired = LLVMGetOperand(inst, 2);
    tj_mem mem = {.inst = inst, .pointer = box, .leaf = tj_leaf_of(g, box, 0), .site = -1};
    LLVMTypeRef own = LLVMTypeOf(desired);
    atomic a = begin(g, inst, LLVMGetOperand(inst, 0));
    LLVMValueRef old, pointers;

    a.op = RMW_CMPXCHG;
    a.type = int_type(g, own);
    a.value = desired;
    mem.elem_bytes = mem.align = tj_leaf_bits(own) / 8;
    mem.components = 1;
    tj_check_lanes(g, &mem, tj_use_vector(g, box, 0));
    if (mem.leaf.root.kind != TJ_ROOT_ALLOCA) {
        tj_mem back = mem;

        back.is_store = true;
        back.site = -1;
        tj_check_lanes(g, &back, tj_use_vector(g, box, 0));
    }
    pointers = tj_lane_pointers(g, &mem, tj_use_vector(g, box, 0));
    a.expected_lanes = tj_gather(g, a.type, pointers, g->mask, mem.align);
    a.mem.elem_bytes = mem.elem_bytes;
    a.mem.components = 1;
    a.mem.is_store = true;
    a.mem.site = -1;
    a.is_used = true;
    tj_check_lanes(g, &a.mem, tj_use_vector(g, a.mem.pointer, 0));
    old = each_lane(
        &a, tj_lane_pointers(g, &a.mem, tj_use_vector(g, a.mem.pointer, 0)),
        LLVMBuildBitCast(g->b, tj_use_vector(g, desired, 0), tj_vector_of(g, a.type), ""));
    tj_scatter(g, old, pointers, g->mask, mem.align);
    tj_set_vector(g, inst, 0, LLVMBuildBitCast(g->b, old, tj_vector_of(g, own), ""));
}

static LLVMAtomicOrdering ordering_of(LLVMValueRef order)
{
    bool is_relaxed = LLVMIsAConstantInt(order) && LLVMConstIntGetZExtValue(order) == 0;

    return is_relaxed ? LLVMAtomicOrderingMonotonic : LLVMAtomicOrderingSequentiallyConsistent;
}

void tj_emit_atomic_call(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    atomic a = begin(g, inst, LLVMGetOperand(inst, 0));

    a.op = operation_of(use);
    a.is_shared = use->address_space != TJ_AS_THREADGROUP;
    if (a.op == RMW_CMPXCHG) {
        emit_compare_exchange(g, inst);
        return;
    }
    if (a.op != RMW_LOAD)
        a.value = LLVMGetOperand(inst, 1);
    a.type = a.value ? LLVMTypeOf(a.value) : LLVMTypeOf(inst);
    a.ordering = ordering_of(LLVMGetOperand(inst, a.value ? 2 : 1));
    emit(&a);
}

static rmw operation_of_inst(LLVMValueRef inst)
{
    LLVMAtomicRMWBinOp op = LLVMGetAtomicRMWBinOp(inst);

    for (rmw r = RMW_XCHG; r <= RMW_FMAX; r++)
        if (r != RMW_CMPXCHG && rmw_rows[r].op == op)
            return r;
    return RMW_NONE;
}

/* { old, success } */
static void emit_cmpxchg_inst(tj_gen *g, LLVMValueRef inst)
{
    atomic a = begin(g, inst, LLVMGetOperand(inst, 0));
    LLVMValueRef old, offsets = tj_use_vector(g, a.mem.pointer, 0);

    a.op = RMW_CMPXCHG;
    a.type = LLVMTypeOf(LLVMGetOperand(inst, 2));
    a.mem.elem_bytes = tj_leaf_bits(a.type) / 8;
    a.mem.components = 1;
    a.mem.is_store = true;
    a.mem.site = -1;
    a.is_used = true;
    a.ordering = LLVMGetCmpXchgSuccessOrdering(inst);
    a.expected_lanes = tj_use_vector(g, LLVMGetOperand(inst, 1), 0);
    tj_check_lanes(g, &a.mem, offsets);
    old = each_lane(&a, tj_lane_pointers(g, &a.mem, offsets),
                    tj_use_vector(g, LLVMGetOperand(inst, 2), 0));
    tj_set_vector(g, inst, 0, old);
    tj_set_vector(g, inst, 1, LLVMBuildICmp(g->b, LLVMIntEQ, old, a.expected_lanes, ""));
}

void tj_emit_atomic_inst(tj_gen *g, LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    bool is_store = opcode == LLVMStore;

    if (opcode == LLVMAtomicCmpXchg) {
        emit_cmpxchg_inst(g, inst);
        return;
    }
    atomic a = begin(g, inst, LLVMGetOperand(inst, is_store ? 1 : 0));

    a.op = opcode == LLVMLoad ? RMW_LOAD : is_store ? RMW_STORE : operation_of_inst(inst);
    a.value = a.op == RMW_LOAD ? NULL : LLVMGetOperand(inst, is_store ? 0 : 1);
    a.type = a.value ? LLVMTypeOf(a.value) : LLVMTypeOf(inst);
    a.ordering = LLVMGetOrdering(inst);
    if (a.op == RMW_NONE)
        tj_give_up(g, inst, "this atomicrmw operation is not lowered for the host");
    else
        emit(&a);
}
