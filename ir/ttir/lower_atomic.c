/* SPDX-License-Identifier: MIT */
/* Atomics of one element. AIR's functions have 32-bit integers and float, LLVM's instructions
 * 64-bit integers too; the others are a loop that compares and exchanges the bits. */
#include "ttir/lower.h"

#include <stdio.h>

enum { ORDER_RELAXED = 0, SCOPE_DEVICE = 2 };

/* The words of atomic_rmw_op, by number: AIR's name, its sign, LLVM's operation on two values.
 */
typedef struct rmw_row {
    const char *name;
    char sign;
    LLVMOpcode opcode;          /* 0: by comparison, or the operand itself */
    LLVMIntPredicate predicate; /* which of old and operand stays */
    LLVMAtomicRMWBinOp atomic;
} rmw_row;

enum { FADD = 5, EXCHANGE = 10 };

static const rmw_row rows[] = {[1] = {"and", 'u', LLVMAnd, 0, LLVMAtomicRMWBinOpAnd},
                               [2] = {"or", 'u', LLVMOr, 0, LLVMAtomicRMWBinOpOr},
                               [3] = {"xor", 'u', LLVMXor, 0, LLVMAtomicRMWBinOpXor},
                               [4] = {"add", 'u', LLVMAdd, 0, LLVMAtomicRMWBinOpAdd},
                               [FADD] = {"add", 0, LLVMFAdd, 0, LLVMAtomicRMWBinOpFAdd},
                               [6] = {"max", 's', 0, LLVMIntSGT, LLVMAtomicRMWBinOpMax},
                               [7] = {"min", 's', 0, LLVMIntSLT, LLVMAtomicRMWBinOpMin},
                               [8] = {"max", 'u', 0, LLVMIntUGT, LLVMAtomicRMWBinOpUMax},
                               [9] = {"min", 'u', 0, LLVMIntULT, LLVMAtomicRMWBinOpUMin},
                               [EXCHANGE] = {"xchg", 0, 0, 0, LLVMAtomicRMWBinOpXchg}};

static bool refuse(tj_tt_lower *l, const tj_tt_op *op)
{
    const tj_tt_attr *word = tj_tt_find_attr(op, "atomic_rmw_op");
    return tj_tt_refuse(l, op,
                        "atomic %s of %s is not supported; of 16, 32 and 64 bits all of "
                        "integers, add and xchg of floats are",
                        word && word->kind == TJ_TT_ATTR_STRING ? word->string : "an atomic",
                        tj_tt_elem_infos[op->operands[0]->type.elem].name);
}

/* ---- compare and exchange ---------------------------------------------------------------- */

/* { old, whether it was exchanged } of integers. LLVM's instruction does not fail by itself. */
static LLVMValueRef exchange(tj_tt_lower *l, LLVMValueRef pointer, LLVMValueRef expected,
                             LLVMValueRef wanted)
{
    l->instructions += 3;
    return LLVMBuildAtomicCmpXchg(l->builder, pointer, expected, wanted,
                                  LLVMAtomicOrderingMonotonic, LLVMAtomicOrderingMonotonic,
                                  false);
}

static LLVMTypeRef bits_of(tj_tt_lower *l, const tj_tt_op *op)
{
    unsigned bits = tj_tt_elem_infos[op->operands[0]->type.elem].bits;
    return bits >= 16 ? LLVMIntTypeInContext(l->ctx, bits) : NULL;
}

LLVMValueRef tj_tt_cas_element(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *operands)
{
    LLVMTypeRef elem = LLVMTypeOf(operands[1]), type = bits_of(l, op);
    if (!type || LLVMGetTypeKind(elem) == LLVMPointerTypeKind) {
        refuse(l, op);
        return NULL;
    }
    LLVMValueRef pair =
        exchange(l, operands[0], LLVMBuildBitCast(l->builder, operands[1], type, ""),
                 LLVMBuildBitCast(l->builder, operands[2], type, ""));
    return LLVMBuildBitCast(l->builder, LLVMBuildExtractValue(l->builder, pair, 0, ""), elem,
                            "");
}

static LLVMValueRef combine(tj_tt_lower *l, const rmw_row *row, LLVMValueRef old,
                            LLVMValueRef value)
{
    if (row->opcode)
        return LLVMBuildBinOp(l->builder, row->opcode, old, value, "");
    if (!row->predicate)
        return value;
    LLVMValueRef stays = LLVMBuildICmp(l->builder, row->predicate, old, value, "");
    return LLVMBuildSelect(l->builder, stays, old, value, "");
}

/* Reads, computes, and exchanges unless another thread was faster; then once more. */
static LLVMValueRef rmw_loop(tj_tt_lower *l, const rmw_row *row, LLVMTypeRef type,
                             LLVMValueRef pointer, LLVMValueRef value)
{
    LLVMBuilderRef b = l->builder;
    LLVMTypeRef elem = LLVMTypeOf(value);
    LLVMValueRef first = tj_tt_load(l, type, pointer);
    LLVMBasicBlockRef before = LLVMGetInsertBlock(b), again = tj_tt_new_block(l, "exchange");
    LLVMBasicBlockRef after = tj_tt_new_block(l, "exchanged");
    LLVMBuildBr(b, again);
    LLVMPositionBuilderAtEnd(b, again);
    LLVMValueRef seen = LLVMBuildPhi(b, type, "");
    LLVMValueRef old = LLVMBuildBitCast(b, seen, elem, "");
    LLVMValueRef wanted = LLVMBuildBitCast(b, combine(l, row, old, value), type, "");
    LLVMValueRef pair = exchange(l, pointer, seen, wanted);
    LLVMValueRef was = LLVMBuildExtractValue(b, pair, 0, "");
    LLVMAddIncoming(seen, &first, &before, 1);
    LLVMAddIncoming(seen, &was, &again, 1);
    LLVMBuildCondBr(b, LLVMBuildExtractValue(b, pair, 1, ""), after, again);
    LLVMPositionBuilderAtEnd(b, after);
    return old;
}

LLVMValueRef tj_tt_rmw_element(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *operands)
{
    char name[64];
    int word = tj_tt_word(op, "atomic_rmw_op", 0);
    const tj_tt_elem_info *elem = &tj_tt_elem_infos[op->operands[0]->type.elem];
    const rmw_row *row = &rows[word];
    LLVMTypeRef type = bits_of(l, op);
    bool is_of_floats = word == FADD || word == EXCHANGE;
    if (!type || (elem->is_float ? !is_of_floats : word == FADD)) {
        refuse(l, op);
        return NULL;
    }
    if (elem->bits == 16 || (elem->is_float && elem->bits == 64))
        return rmw_loop(l, row, type, operands[0], operands[1]);
    if (elem->bits == 64)
        return LLVMBuildAtomicRMW(l->builder, row->atomic, operands[0], operands[1],
                                  LLVMAtomicOrderingMonotonic, false);
    if (row->sign)
        snprintf(name, sizeof name, "air.atomic.global.%s.%c.i32", row->name, row->sign);
    else
        snprintf(name, sizeof name, "air.atomic.global.%s.%c32", row->name,
                 elem->is_float ? 'f' : 'i');
    LLVMValueRef args[] = {operands[0], operands[1], tj_tt_i32(l, ORDER_RELAXED),
                           tj_tt_i32(l, SCOPE_DEVICE), tj_tt_int(l, 1, 1)};
    return tj_tt_call(l, name, LLVMTypeOf(operands[1]), args, 5);
}

/* ---- polling ----------------------------------------------------------------------------- */

/* What is there, read so that other threads' stores are seen. */
static LLVMValueRef look(tj_tt_lower *l, LLVMTypeRef type, LLVMValueRef pointer,
                         LLVMValueRef expected)
{
    unsigned bits = LLVMGetIntTypeWidth(type);
    if (bits == 16) /* exchanged by itself */
        return LLVMBuildExtractValue(l->builder, exchange(l, pointer, expected, expected), 0,
                                     "");
    LLVMValueRef now = LLVMBuildLoad2(l->builder, type, pointer, "");
    LLVMSetOrdering(now, LLVMAtomicOrderingMonotonic);
    LLVMSetAlignment(now, bits / 8);
    return now;
}

/* Until it is there; with a time, at most as many looks as it has times 10 ns: there is no
 * clock. */
LLVMValueRef tj_tt_poll_element(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *operands)
{
    LLVMBuilderRef b = l->builder;
    LLVMTypeRef type = bits_of(l, op), i64 = LLVMInt64TypeInContext(l->ctx);
    bool has_limit = op->operand_count > 2;
    if (!type || LLVMTypeOf(operands[1]) != type) {
        refuse(l, op);
        return NULL;
    }
    LLVMValueRef ten = tj_tt_int(l, 64, 10), zero = tj_tt_int(l, 64, 0);
    LLVMValueRef looks = has_limit ? LLVMBuildSDiv(b, operands[2], ten, "") : NULL;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(b), again = tj_tt_new_block(l, "poll");
    LLVMBasicBlockRef after = tj_tt_new_block(l, "polled");
    LLVMBuildBr(b, again);
    LLVMPositionBuilderAtEnd(b, again);
    LLVMValueRef left = has_limit ? LLVMBuildPhi(b, i64, "") : NULL;
    LLVMValueRef now = look(l, type, operands[0], operands[1]);
    LLVMValueRef is_there = LLVMBuildICmp(b, LLVMIntEQ, now, operands[1], ""), ends = is_there;
    if (has_limit) {
        LLVMValueRef next = LLVMBuildSub(b, left, tj_tt_int(l, 64, 1), "");
        LLVMAddIncoming(left, &looks, &before, 1);
        LLVMAddIncoming(left, &next, &again, 1);
        ends = LLVMBuildOr(b, ends, LLVMBuildICmp(b, LLVMIntSLE, left, zero, ""), "");
    }
    LLVMBuildCondBr(b, ends, after, again);
    LLVMPositionBuilderAtEnd(b, after);
    return is_there;
}
