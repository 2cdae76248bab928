/* SPDX-License-Identifier: MIT */
/*
 * Lowers memcpy, memset and memmove to loads and stores, and drops lifetime markers.
 *
 * needs   inlined bodies (inlining makes copies of byval arguments and lifetimes)
 * leaves  no memory function; up to 128 bytes of constant length are straight-line code,
 *         anything else is a call of a helper with a loop, which canon-ssa inlines
 *
 * Pieces are of 4 bytes where both alignments allow it, since kernels index by 4, else of 2
 * or 1; two to four pieces of 4 between buffers, a structure that stands for a vector, are one
 * vector; pointers between tables and private arrays of them, which know where those come from.
 * A memmove reads everything first, or walks downwards when it has to.
 */
#include "address.h"
#include "canon.h"

#include <llvm-c/Core.h>
#include <string.h>

enum { MAX_STRAIGHT_BYTES = 128, MAX_UNIT = 4, MAX_VECTOR_BYTES = 16, POINTER_UNIT = 8 };

/* One call, taken apart. */
typedef struct memory_op {
    LLVMValueRef call, to, from; /* `from` is the byte to write when is_set */
    LLVMValueRef byte_len;
    unsigned unit; /* bytes of a piece */
    bool is_set, may_overlap, is_volatile;
} memory_op;

/* ---- alignment ------------------------------------------------------------------------------
 */

static uint64_t promised_align(LLVMValueRef call, unsigned arg)
{
    LLVMAttributeRef attribute = LLVMGetCallSiteEnumAttribute(
        call, arg + 1, LLVMGetEnumAttributeKindForName("align", strlen("align")));
    LLVMValueRef pointer = LLVMGetOperand(call, arg);
    uint64_t align = attribute ? LLVMGetEnumAttributeValue(attribute) : 1;
    if ((LLVMIsAAllocaInst(pointer) || LLVMIsAGlobalVariable(pointer)) &&
        LLVMGetAlignment(pointer) > align)
        align = LLVMGetAlignment(pointer);
    return align;
}

static unsigned pointer_align(LLVMValueRef call, unsigned arg)
{
    uint64_t align = promised_align(call, arg);
    return align < MAX_UNIT ? (unsigned)align : MAX_UNIT;
}

/* Private or constant memory that holds pointers. */
static bool is_of_pointers(LLVMValueRef address)
{
    enum { MAX_STEPS = 64 };
    for (int i = 0; i < MAX_STEPS &&
                    (LLVMIsAGetElementPtrInst(address) || LLVMIsAAddrSpaceCastInst(address));
         i++)
        address = LLVMGetOperand(address, 0);
    if (LLVMIsAAllocaInst(address))
        return tj_type_has_pointer(LLVMGetAllocatedType(address));
    return LLVMIsAGlobalVariable(address) &&
           LLVMGetPointerAddressSpace(LLVMTypeOf(address)) != TJ_AS_THREADGROUP &&
           tj_type_has_pointer(LLVMGlobalGetValueType(address));
}

static unsigned op_unit(LLVMValueRef call, bool is_set)
{
    unsigned unit = pointer_align(call, 0);
    if (!is_set && is_of_pointers(LLVMGetOperand(call, 0)) &&
        is_of_pointers(LLVMGetOperand(call, 1)) && promised_align(call, 0) >= POINTER_UNIT &&
        promised_align(call, 1) >= POINTER_UNIT)
        return POINTER_UNIT;
    if (!is_set) {
        unsigned from_align = pointer_align(call, 1);
        unit = from_align < unit ? from_align : unit;
    }
    return unit >= 4 ? 4 : unit >= 2 ? 2 : 1;
}

/* ---- pieces ---------------------------------------------------------------------------------
 */

static LLVMTypeRef unit_type(tj_canon_state *state, unsigned unit)
{
    if (unit == POINTER_UNIT)
        return LLVMPointerTypeInContext(state->unit->llctx, TJ_AS_THREAD);
    return LLVMIntTypeInContext(state->unit->llctx, unit * 8);
}

static LLVMValueRef const_i64(tj_canon_state *state, uint64_t value)
{
    return LLVMConstInt(LLVMInt64TypeInContext(state->unit->llctx), value, false);
}

static LLVMValueRef byte_address(tj_canon_state *state, LLVMValueRef base, LLVMValueRef offset)
{
    if (LLVMIsAConstantInt(offset) && LLVMConstIntGetZExtValue(offset) == 0)
        return base;
    return LLVMBuildGEP2(state->builder, unit_type(state, 1), base, &offset, 1, "");
}

static LLVMValueRef load_piece(tj_canon_state *state, const memory_op *op, LLVMValueRef offset,
                               unsigned unit)
{
    LLVMValueRef from = byte_address(state, op->from, offset);
    LLVMValueRef piece = LLVMBuildLoad2(state->builder, unit_type(state, unit), from, "");
    LLVMSetAlignment(piece, unit);
    LLVMSetVolatile(piece, op->is_volatile);
    return piece;
}

static void store_piece(tj_canon_state *state, const memory_op *op, LLVMValueRef piece,
                        LLVMValueRef offset, unsigned unit)
{
    LLVMValueRef to = byte_address(state, op->to, offset);
    LLVMValueRef store = LLVMBuildStore(state->builder, piece, to);
    LLVMSetAlignment(store, unit);
    LLVMSetVolatile(store, op->is_volatile);
}

/* The byte `from` repeated over a piece. */
static LLVMValueRef repeat_byte(tj_canon_state *state, const memory_op *op, unsigned unit)
{
    LLVMTypeRef type = unit_type(state, unit);
    LLVMValueRef wide = LLVMBuildZExt(state->builder, op->from, type, "");
    return LLVMBuildMul(state->builder, wide, LLVMConstInt(type, 0x01010101, false), "");
}

/* ---- constant, short ------------------------------------------------------------------------
 */

/* Largest piece at `offset` of `byte_len` bytes; offsets are multiples of the unit but for
 * the tail, whose pieces shrink. */
static unsigned piece_at(const memory_op *op, uint64_t offset, uint64_t byte_len)
{
    unsigned unit = op->unit;
    while (unit > byte_len - offset)
        unit /= 2;
    return unit;
}

static void set_straight(tj_canon_state *state, const memory_op *op, uint64_t byte_len)
{
    unsigned unit;
    for (uint64_t offset = 0; offset < byte_len; offset += unit) {
        unit = piece_at(op, offset, byte_len);
        store_piece(state, op, repeat_byte(state, op, unit), const_i64(state, offset), unit);
    }
}

static void copy_straight(tj_canon_state *state, const memory_op *op, uint64_t byte_len)
{
    LLVMValueRef pieces[MAX_STRAIGHT_BYTES];
    unsigned unit, count = 0;
    for (uint64_t offset = 0; offset < byte_len; offset += unit) {
        unit = piece_at(op, offset, byte_len);
        pieces[count++] = load_piece(state, op, const_i64(state, offset), unit);
    }
    count = 0;
    for (uint64_t offset = 0; offset < byte_len; offset += unit) {
        unit = piece_at(op, offset, byte_len);
        store_piece(state, op, pieces[count++], const_i64(state, offset), unit);
    }
}

static LLVMValueRef variable_of(LLVMValueRef address)
{
    while (LLVMIsAGetElementPtrInst(address) || LLVMIsAAddrSpaceCastInst(address))
        address = LLVMGetOperand(address, 0);
    return LLVMIsAAllocaInst(address);
}

/* Not for prints, which keep the sizes of the source, and not where variables become values
 * piece by piece. */
static bool is_of_vector(tj_canon_state *state, const memory_op *op, uint64_t byte_len)
{
    return state->options->unrolls && !op->is_set && !op->is_volatile && op->unit == MAX_UNIT &&
           byte_len > MAX_UNIT && byte_len <= MAX_VECTOR_BYTES && byte_len % MAX_UNIT == 0 &&
           !variable_of(op->to) && !variable_of(op->from);
}

static void copy_vector(tj_canon_state *state, const memory_op *op, uint64_t byte_len)
{
    LLVMTypeRef type =
        LLVMVectorType(unit_type(state, MAX_UNIT), (unsigned)byte_len / MAX_UNIT);
    LLVMValueRef whole = LLVMBuildLoad2(state->builder, type, op->from, "");
    LLVMSetAlignment(whole, MAX_UNIT);
    LLVMSetAlignment(LLVMBuildStore(state->builder, whole, op->to), MAX_UNIT);
}

/* ---- long or variable: a helper function with a loop ----------------------------------------
 */

/* A helper under construction: void(ptr to, ptr or i8 from, i64 byte_len). The length is a
 * multiple of the unit. */
typedef struct helper {
    LLVMValueRef function;
    LLVMBasicBlockRef entry, exit;
    memory_op op;
} helper;

/* Offsets go up by a unit from 0, or down to it. */
static LLVMBasicBlockRef build_loop(tj_canon_state *state, const helper *h, bool is_downward)
{
    LLVMBuilderRef b = state->builder;
    LLVMBasicBlockRef loop =
        LLVMAppendBasicBlockInContext(state->unit->llctx, h->function, "bytes");
    LLVMValueRef step = const_i64(state, h->op.unit), zero = const_i64(state, 0);
    LLVMPositionBuilderAtEnd(b, loop);
    LLVMValueRef at = LLVMBuildPhi(b, LLVMTypeOf(step), "offset");
    LLVMValueRef next = is_downward ? LLVMBuildSub(b, at, step, "offset.next")
                                    : LLVMBuildAdd(b, at, step, "offset.next");
    LLVMValueRef offset = is_downward ? next : at;
    LLVMValueRef piece = h->op.is_set ? repeat_byte(state, &h->op, h->op.unit)
                                      : load_piece(state, &h->op, offset, h->op.unit);
    store_piece(state, &h->op, piece, offset, h->op.unit);
    LLVMValueRef end = is_downward ? zero : h->op.byte_len;
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntEQ, next, end, ""), h->exit, loop);
    LLVMValueRef values[] = {is_downward ? h->op.byte_len : zero, next};
    LLVMBasicBlockRef blocks[] = {h->entry, loop};
    LLVMAddIncoming(at, values, blocks, 2);
    return loop;
}

/* Which way a memmove walks: a block that chooses between the two loops. */
static LLVMBasicBlockRef build_direction(tj_canon_state *state, helper *h)
{
    LLVMBuilderRef b = state->builder;
    LLVMTypeRef generic = LLVMPointerTypeInContext(state->unit->llctx, TJ_AS_THREAD);
    LLVMBasicBlockRef first = h->entry;
    LLVMBasicBlockRef choose =
        LLVMAppendBasicBlockInContext(state->unit->llctx, h->function, "direction");
    h->entry = choose; /* the loops are entered from here */
    LLVMBasicBlockRef up = build_loop(state, h, false), down = build_loop(state, h, true);
    h->entry = first;
    LLVMPositionBuilderAtEnd(b, choose);
    LLVMValueRef to = h->op.to, from = h->op.from;
    if (LLVMTypeOf(to) != LLVMTypeOf(from)) {
        to = LLVMBuildPointerCast(b, to, generic, "");
        from = LLVMBuildPointerCast(b, from, generic, "");
    }
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntULE, to, from, ""), up, down);
    return choose;
}

static LLVMValueRef build_helper(tj_canon_state *state, const memory_op *op)
{
    tj_unit *unit = state->unit;
    LLVMTypeRef params[] = {LLVMTypeOf(op->to), LLVMTypeOf(op->from),
                            LLVMInt64TypeInContext(unit->llctx)};
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(unit->llctx), params, 3, false);
    helper h = {.op = *op, .function = LLVMAddFunction(unit->module, "tj.memory", type)};
    h.entry = LLVMAppendBasicBlockInContext(unit->llctx, h.function, "entry");
    h.exit = LLVMAppendBasicBlockInContext(unit->llctx, h.function, "exit");
    h.op.to = LLVMGetParam(h.function, 0);
    h.op.from = LLVMGetParam(h.function, 1);
    h.op.byte_len = LLVMGetParam(h.function, 2);
    LLVMSetLinkage(h.function, LLVMInternalLinkage);
    LLVMAddAttributeAtIndex(
        h.function, LLVMAttributeFunctionIndex,
        LLVMCreateEnumAttribute(unit->llctx,
                                LLVMGetEnumAttributeKindForName("alwaysinline", 12), 0));
    LLVMSetCurrentDebugLocation2(state->builder, NULL);
    LLVMBasicBlockRef body =
        op->may_overlap ? build_direction(state, &h) : build_loop(state, &h, false);
    LLVMPositionBuilderAtEnd(state->builder, h.exit);
    LLVMBuildRetVoid(state->builder);
    LLVMPositionBuilderAtEnd(state->builder, h.entry);
    LLVMValueRef is_empty =
        LLVMBuildICmp(state->builder, LLVMIntEQ, h.op.byte_len, const_i64(state, 0), "");
    LLVMBuildCondBr(state->builder, is_empty, h.exit, body);
    return h.function;
}

static void call_helper(tj_canon_state *state, const memory_op *op, LLVMValueRef byte_len)
{
    LLVMValueRef function = build_helper(state, op);
    LLVMPositionBuilderBefore(state->builder, op->call);
    LLVMValueRef args[] = {op->to, op->from, byte_len};
    LLVMBuildCall2(state->builder, LLVMGlobalGetValueType(function), function, args, 3, "");
    state->has_helpers = true;
}

/* A memmove in pieces of which the last ones are smaller would need its tail first when it
 * walks downwards, so a length that may leave a tail is moved byte by byte. */
static void lower_long(tj_canon_state *state, memory_op *op)
{
    LLVMBuilderRef b = state->builder;
    memory_op tail = *op;
    LLVMValueRef mask = const_i64(state, op->unit - 1);
    LLVMValueRef rest = LLVMBuildAnd(b, op->byte_len, mask, "");
    bool has_tail = !LLVMIsAConstantInt(rest) || LLVMConstIntGetZExtValue(rest) != 0;
    if (op->unit == 1 || !has_tail) {
        call_helper(state, op, op->byte_len);
        return;
    }
    if (op->may_overlap) {
        op->unit = 1;
        call_helper(state, op, op->byte_len);
        return;
    }
    LLVMValueRef whole = LLVMBuildAnd(b, op->byte_len, LLVMConstNot(mask), "");
    call_helper(state, op, whole);
    tail.unit = 1;
    tail.to = byte_address(state, op->to, whole);
    if (!op->is_set)
        tail.from = byte_address(state, op->from, whole);
    call_helper(state, &tail, rest);
}

/* ---- calls ----------------------------------------------------------------------------------
 */

static void lower_op(tj_canon_state *state, memory_op *op)
{
    LLVMTypeRef i64 = LLVMInt64TypeInContext(state->unit->llctx);
    op->byte_len = LLVMBuildZExtOrBitCast(state->builder, op->byte_len, i64, "");
    uint64_t byte_len = UINT64_MAX;
    if (LLVMIsAConstantInt(op->byte_len))
        byte_len = LLVMConstIntGetZExtValue(op->byte_len);
    if (byte_len > MAX_STRAIGHT_BYTES)
        lower_long(state, op);
    else if (op->is_set)
        set_straight(state, op, byte_len);
    else if (is_of_vector(state, op, byte_len))
        copy_vector(state, op, byte_len);
    else
        copy_straight(state, op, byte_len);
}

static void lower_call(tj_canon_state *state, LLVMValueRef call, const char *name)
{
    bool is_set = strncmp(name, "memset", 6) == 0;
    memory_op op = {
        .call = call,
        .to = LLVMGetOperand(call, 0),
        .from = LLVMGetOperand(call, 1),
        .byte_len = LLVMGetOperand(call, 2),
        .unit = op_unit(call, is_set),
        .is_set = is_set,
        .may_overlap = strcmp(name, "memmove") == 0,
        .is_volatile = LLVMConstIntGetZExtValue(LLVMGetOperand(call, 3)) != 0,
    };
    LLVMPositionBuilderBefore(state->builder, call);
    lower_op(state, &op);
}

static tj_status visit(tj_canon_state *state, LLVMValueRef inst)
{
    const char *name = tj_llvm_intrinsic_name(inst);
    if (!name)
        return TJ_OK;
    switch (tj_llvm_intrinsic_removal(name)) {
    case TJ_REMOVED_NOT:
    case TJ_REMOVED_HINT:
        return TJ_OK;
    case TJ_REMOVED_MEMORY:
        lower_call(state, inst, name);
        break;
    case TJ_REMOVED_LIFETIME:
        break;
    }
    LLVMInstructionEraseFromParent(inst);
    return TJ_OK;
}

tj_status tj_canon_memory(tj_canon_state *state)
{
    return tj_canon_each_inst(state, visit);
}
