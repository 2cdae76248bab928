/* SPDX-License-Identifier: MIT */
/* Atomics: atomic_add(p, v) and atom_add(p, v) of OpenCL 1.x, and C11's with or without
 * _explicit. Numbers of 32 bits in memory that is named by its space go by AIR's functions, all
 * others by LLVM's instructions. Every order is sequentially consistent here. */
#include "opencl_internal.h"

#include <stdio.h>
#include <string.h>

/* One operation. */
typedef struct target {
    LLVMValueRef pointer;
    LLVMTypeRef type;
    const char *op, *sign; /* "add", "s." */
    bool is_air;
} target;

/* What has signs in AIR's names. */
static bool has_sign(const char *op)
{
    static const char *const words[] = {"add", "sub", "min", "max", "and", "or", "xor"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(op, words[i]) == 0)
            return true;
    return false;
}

static target find_target(tj_ocl_call *c, const char *op, LLVMTypeRef type)
{
    target t = {
        .pointer = tj_ocl_named_pointer(c->args[0]), .type = type, .op = op, .sign = ""};
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(t.pointer));
    bool is_float = tj_ocl_is_float(type);
    bool is_exchange = strcmp(op, "xchg") == 0 || strcmp(op, "load") == 0 ||
                       strcmp(op, "store") == 0 || strcmp(op, "cmpxchg.weak") == 0;
    t.is_air = (space == TJ_AS_DEVICE || space == TJ_AS_THREADGROUP) &&
               tj_ocl_bits(type) == 32 &&
               (!is_float || is_exchange || strcmp(op, "add") == 0 || strcmp(op, "sub") == 0);
    if (has_sign(op) && !is_float)
        t.sign = c->name->params[0].kind == 's' ? "s." : "u.";
    return t;
}

/* AIR's last operands: orders, scope, volatile. */
static unsigned put_orders(tj_ocl_call *c, LLVMValueRef *args, unsigned count, unsigned orders,
                           bool is_local)
{
    for (unsigned i = 0; i < orders; i++)
        args[count++] = tj_ocl_index(c, 0);
    args[count++] = tj_ocl_index(c, is_local ? 1 : 2);
    args[count++] = LLVMConstInt(tj_ocl_int_type(c, 1), 1, false);
    return count;
}

static LLVMValueRef invoke_air(tj_ocl_call *c, const target *t, LLVMTypeRef result,
                               LLVMValueRef *args, unsigned count, unsigned orders)
{
    char name[96], suffix[16];
    bool is_local = LLVMGetPointerAddressSpace(LLVMTypeOf(t->pointer)) == TJ_AS_THREADGROUP;
    snprintf(name, sizeof name, "air.atomic.%s.%s.%s%s", is_local ? "local" : "global", t->op,
             t->sign, tj_ocl_suffix(t->type, suffix));
    count = put_orders(c, args, count, orders, is_local);
    return tj_ocl_invoke(c, name, result, args, count);
}

/* ---- read, modify, write --------------------------------------------------------------------
 */

static bool find_instruction(const target *t, LLVMAtomicRMWBinOp *out)
{
    static const struct {
        const char *op;
        LLVMAtomicRMWBinOp is_signed, is_unsigned, is_float;
    } rows[] = {
        {"xchg", LLVMAtomicRMWBinOpXchg, LLVMAtomicRMWBinOpXchg, LLVMAtomicRMWBinOpXchg},
        {"add", LLVMAtomicRMWBinOpAdd, LLVMAtomicRMWBinOpAdd, LLVMAtomicRMWBinOpFAdd},
        {"sub", LLVMAtomicRMWBinOpSub, LLVMAtomicRMWBinOpSub, LLVMAtomicRMWBinOpFSub},
        {"min", LLVMAtomicRMWBinOpMin, LLVMAtomicRMWBinOpUMin, LLVMAtomicRMWBinOpFMin},
        {"max", LLVMAtomicRMWBinOpMax, LLVMAtomicRMWBinOpUMax, LLVMAtomicRMWBinOpFMax},
        {"and", LLVMAtomicRMWBinOpAnd, LLVMAtomicRMWBinOpAnd, LLVMAtomicRMWBinOpAnd},
        {"or", LLVMAtomicRMWBinOpOr, LLVMAtomicRMWBinOpOr, LLVMAtomicRMWBinOpOr},
        {"xor", LLVMAtomicRMWBinOpXor, LLVMAtomicRMWBinOpXor, LLVMAtomicRMWBinOpXor}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].op, t->op) != 0)
            continue;
        *out = tj_ocl_is_float(t->type) ? rows[i].is_float
               : t->sign[0] == 'u'      ? rows[i].is_unsigned
                                        : rows[i].is_signed;
        return true;
    }
    return false;
}

static tj_status modify(tj_ocl_call *c, LLVMValueRef value)
{
    LLVMAtomicRMWBinOp op;
    target t = find_target(c, c->what, LLVMTypeOf(value));
    if (t.is_air) {
        LLVMValueRef args[TJ_OCL_MAX_PARAMS] = {t.pointer, value};
        c->value = invoke_air(c, &t, t.type, args, 2, 1);
        return TJ_OK;
    }
    if (!find_instruction(&t, &op))
        return tj_ocl_refuse(c, "not with these types");
    c->value = LLVMBuildAtomicRMW(c->builder, op, t.pointer, value,
                                  LLVMAtomicOrderingSequentiallyConsistent, false);
    return TJ_OK;
}

/* Exchanges keep no sign, minima and maxima need one. */
tj_status tj_ocl_atomic(tj_ocl_call *c)
{
    return modify(c, c->args[1]);
}

static LLVMTypeRef pointee(tj_ocl_call *c)
{
    const tj_ocl_type *type = &c->name->params[0];
    return type->kind == 'f' ? LLVMFloatTypeInContext(c->unit->llctx)
                             : tj_ocl_int_type(c, type->bits);
}

/* atomic_inc, atomic_dec. */
tj_status tj_ocl_atomic_one(tj_ocl_call *c)
{
    return modify(c, LLVMConstInt(c->type, 1, false));
}

/* ---- loads and stores -----------------------------------------------------------------------
 */

static LLVMValueRef atomic_load(tj_ocl_call *c)
{
    target t = find_target(c, "load", pointee(c));
    LLVMValueRef args[TJ_OCL_MAX_PARAMS] = {t.pointer};
    if (t.is_air)
        return invoke_air(c, &t, t.type, args, 1, 1);
    LLVMValueRef load = LLVMBuildLoad2(c->builder, t.type, t.pointer, "");
    LLVMSetOrdering(load, LLVMAtomicOrderingSequentiallyConsistent);
    LLVMSetAlignment(load, tj_ocl_bits(t.type) / 8);
    return load;
}

static void atomic_store(tj_ocl_call *c, LLVMValueRef value)
{
    target t = find_target(c, "store", LLVMTypeOf(value));
    LLVMValueRef args[TJ_OCL_MAX_PARAMS] = {t.pointer, value};
    if (t.is_air) {
        invoke_air(c, &t, LLVMVoidTypeInContext(c->unit->llctx), args, 2, 1);
        return;
    }
    LLVMValueRef store = LLVMBuildStore(c->builder, value, t.pointer);
    LLVMSetOrdering(store, LLVMAtomicOrderingSequentiallyConsistent);
    LLVMSetAlignment(store, tj_ocl_bits(t.type) / 8);
}

tj_status tj_ocl_atomic_load(tj_ocl_call *c)
{
    c->value = atomic_load(c);
    return TJ_OK;
}

tj_status tj_ocl_atomic_store(tj_ocl_call *c)
{
    atomic_store(c, c->args[1]);
    return TJ_OK;
}

/* An atomic_flag is an int. */
tj_status tj_ocl_flag_set(tj_ocl_call *c)
{
    tj_status status = modify(c, LLVMConstInt(pointee(c), 1, false));
    if (!status)
        c->value = LLVMBuildICmp(c->builder, LLVMIntNE, c->value,
                                 LLVMConstNull(LLVMTypeOf(c->value)), "");
    return status;
}

tj_status tj_ocl_flag_clear(tj_ocl_call *c)
{
    atomic_store(c, LLVMConstNull(pointee(c)));
    return TJ_OK;
}

/* ---- compare and exchange -------------------------------------------------------------------
 */

/* The value that was there. AIR's may fail by itself. */
static LLVMValueRef exchange_weakly(tj_ocl_call *c, const target *t, LLVMValueRef expected,
                                    LLVMValueRef desired)
{
    LLVMValueRef box = tj_ocl_alloca(c, t->type);
    LLVMBuildStore(c->builder, expected, box);
    LLVMValueRef args[TJ_OCL_MAX_PARAMS] = {t->pointer, box, desired};
    return invoke_air(c, t, t->type, args, 3, 2);
}

static LLVMValueRef exchange(tj_ocl_call *c, LLVMValueRef expected, LLVMValueRef desired)
{
    target t = find_target(c, "cmpxchg.weak", LLVMTypeOf(desired));
    LLVMTypeRef bits = tj_ocl_int_type(c, tj_ocl_bits(t.type));
    LLVMAtomicOrdering order =
        t.is_air ? LLVMAtomicOrderingMonotonic : LLVMAtomicOrderingSequentiallyConsistent;
    if (t.is_air && strcmp(c->what, "weak") == 0)
        return exchange_weakly(c, &t, expected, desired);
    LLVMValueRef pair =
        LLVMBuildAtomicCmpXchg(c->builder, t.pointer, tj_ocl_bitcast(c, expected, bits),
                               tj_ocl_bitcast(c, desired, bits), order, order, false);
    return tj_ocl_bitcast(c, LLVMBuildExtractValue(c->builder, pair, 0, ""), t.type);
}

tj_status tj_ocl_atomic_cmpxchg(tj_ocl_call *c)
{
    c->value = exchange(c, c->args[1], c->args[2]);
    return TJ_OK;
}

/* C11's: the expected value is in memory, and what was there comes back in it. */
tj_status tj_ocl_compare_exchange(tj_ocl_call *c)
{
    LLVMTypeRef type = LLVMTypeOf(c->args[2]);
    LLVMTypeRef bits = tj_ocl_int_type(c, tj_ocl_bits(type));
    LLVMValueRef box = tj_ocl_named_pointer(c->args[1]);
    LLVMValueRef expected = LLVMBuildLoad2(c->builder, type, box, "");
    LLVMValueRef old = exchange(c, expected, c->args[2]);
    LLVMBuildStore(c->builder, old, box);
    c->value = LLVMBuildICmp(c->builder, LLVMIntEQ, tj_ocl_bitcast(c, old, bits),
                             tj_ocl_bitcast(c, expected, bits), "");
    return TJ_OK;
}
