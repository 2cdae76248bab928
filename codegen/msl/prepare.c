/* SPDX-License-Identifier: MIT */
/* Rewrites that need no more than an instruction and its operands, and the order of all. */
#include "prepare.h"

#include "shape.h"

#include <string.h>

typedef struct preparer {
    tj_msl *m;
    LLVMBuilderRef builder;
    LLVMContextRef c;
} preparer;

LLVMValueRef *tj_msl_instructions(tj_msl *m, unsigned *count)
{
    LLVMValueRef function = m->kernel->function;
    unsigned capacity = m->inst_room > 256 ? m->inst_room : 256, n = 0;
    LLVMValueRef *list = tj_new_array(m->arena, LLVMValueRef, capacity);

    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b;
         b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
            if (n == capacity) {
                LLVMValueRef *larger = tj_new_array(m->arena, LLVMValueRef, capacity *= 2);

                memcpy(larger, list, n * sizeof *list);
                list = larger;
            }
            list[n++] = i;
        }
    m->inst_room = n + n / 8;
    *count = n;
    return list;
}

bool tj_msl_has(const tj_msl *m, bool (*is_one)(LLVMValueRef inst))
{
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(m->kernel->function); b;
         b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
            if (is_one(i))
                return true;
    return false;
}

LLVMBasicBlockRef tj_msl_only_predecessor(LLVMBasicBlockRef block)
{
    LLVMBasicBlockRef found = NULL;

    for (LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block)); use;
         use = LLVMGetNextUse(use)) {
        if (!LLVMIsATerminatorInst(LLVMGetUser(use)))
            continue;
        if (found)
            return NULL;
        found = LLVMGetInstructionParent(LLVMGetUser(use));
    }
    return found;
}

/* ---- what canonical form made safe ----------------------------------------------------- */

static bool is_splat_of(LLVMValueRef value, int64_t number)
{
    if (LLVMIsAConstantInt(value))
        return LLVMConstIntGetSExtValue(value) == number;
    if (!LLVMIsConstant(value) || LLVMGetTypeKind(LLVMTypeOf(value)) != LLVMVectorTypeKind)
        return false;
    for (unsigned i = 0; i < LLVMGetVectorSize(LLVMTypeOf(value)); i++) {
        LLVMValueRef one = LLVMGetAggregateElement(value, i);

        if (!one || !LLVMIsAConstantInt(one) || LLVMConstIntGetSExtValue(one) != number)
            return false;
    }
    return true;
}

static bool compares(LLVMValueRef cond, LLVMValueRef value, int64_t number)
{
    return LLVMIsAICmpInst(cond) && LLVMGetICmpPredicate(cond) == LLVMIntEQ &&
           LLVMGetOperand(cond, 0) == value && is_splat_of(LLVMGetOperand(cond, 1), number);
}

static bool is_and_of(LLVMValueRef cond, LLVMValueRef *a, LLVMValueRef *b)
{
    if (!LLVMIsAInstruction(cond) || LLVMGetInstructionOpcode(cond) != LLVMAnd)
        return false;
    *a = LLVMGetOperand(cond, 0);
    *b = LLVMGetOperand(cond, 1);
    return true;
}

/* Whether `cond` asks for the smallest integer by -1, where the quotient does not fit. */
static bool asks_for_overflow(LLVMValueRef cond, LLVMValueRef inst, LLVMValueRef divisor)
{
    LLVMValueRef number = LLVMGetOperand(inst, 0), a, b;
    int64_t least = (int64_t)(~0ull << (tj_msl_bits(LLVMTypeOf(inst)) - 1));

    if (is_and_of(cond, &a, &b))
        return (compares(a, divisor, -1) && compares(b, number, least)) ||
               (compares(b, divisor, -1) && compares(a, number, least));
    return compares(cond, divisor, -1) &&
           (is_splat_of(number, least) || LLVMGetInstructionOpcode(inst) == LLVMSRem);
}

/* x / (y == 0 ? 1 : y) means x / y; so does the form that looks for the smallest / -1, too. */
static void bare_divisor(LLVMValueRef inst)
{
    LLVMValueRef divisor = LLVMGetOperand(inst, 1), cond, value;

    while (LLVMIsAPHINode(divisor) && tj_msl_only_value(divisor))
        divisor = tj_msl_only_value(divisor);
    if (!LLVMIsASelectInst(divisor) || !is_splat_of(LLVMGetOperand(divisor, 1), 1))
        return;
    cond = LLVMGetOperand(divisor, 0);
    value = LLVMGetOperand(divisor, 2);
    if (LLVMIsAInstruction(cond) && LLVMGetInstructionOpcode(cond) == LLVMOr) {
        if (!asks_for_overflow(LLVMGetOperand(cond, 1), inst, value))
            return;
        cond = LLVMGetOperand(cond, 0);
    }
    if (compares(cond, value, 0) || asks_for_overflow(cond, inst, value))
        LLVMSetOperand(inst, 1, value);
}

/* ---- LLVM's atomics as AIR's ------------------------------------------------------------ */

static unsigned order_of(LLVMAtomicOrdering order)
{
    switch (order) {
    case LLVMAtomicOrderingAcquire:
        return 2;
    case LLVMAtomicOrderingRelease:
        return 3;
    case LLVMAtomicOrderingAcquireRelease:
        return 4;
    case LLVMAtomicOrderingSequentiallyConsistent:
        return 5;
    default:
        return 0;
    }
}

static LLVMValueRef number(preparer *p, unsigned n)
{
    return LLVMConstInt(LLVMInt32TypeInContext(p->c), n, false);
}

/* Calls air.atomic.SPACE.OPERATION; NULL: Metal has none for the type. */
static LLVMValueRef call_atomic(preparer *p, LLVMValueRef pointer, const char *operation,
                                LLVMTypeRef type, LLVMTypeRef result, LLVMValueRef *args,
                                unsigned count)
{
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
    const char *suffix = LLVMGetTypeKind(type) == LLVMFloatTypeKind     ? "f32"
                         : LLVMGetTypeKind(type) != LLVMIntegerTypeKind ? NULL
                         : LLVMGetIntTypeWidth(type) == 32              ? "i32"
                         : LLVMGetIntTypeWidth(type) == 64              ? "i64"
                                                                        : NULL;
    LLVMTypeRef types[8];
    const char *name;
    LLVMValueRef function;
    tj_intrin_use use;

    if (!suffix || (space != TJ_AS_DEVICE && space != TJ_AS_THREADGROUP))
        return NULL;
    name = tj_arena_printf(p->m->arena, "air.atomic.%s.%s.%s",
                           space == TJ_AS_DEVICE ? "global" : "local", operation, suffix);
    if (!tj_intrin_decode(name, &use))
        return NULL;
    for (unsigned i = 0; i < count; i++)
        types[i] = LLVMTypeOf(args[i]);
    function = LLVMGetNamedFunction(p->m->unit->module, name);
    LLVMTypeRef shape = LLVMFunctionType(result, types, count, false);

    if (!function)
        function = LLVMAddFunction(p->m->unit->module, name, shape);
    return LLVMBuildCall2(p->builder, shape, function, args, count, "");
}

static void replace(LLVMValueRef inst, LLVMValueRef with)
{
    if (LLVMGetTypeKind(LLVMTypeOf(inst)) != LLVMVoidTypeKind)
        LLVMReplaceAllUsesWith(inst, with);
    LLVMInstructionEraseFromParent(inst);
}

/* Calls a function that is printed, too: `operation` on the space that `args` begins with. */
static LLVMValueRef call_printed(preparer *p, const char *operation, LLVMValueRef *args,
                                 unsigned count)
{
    LLVMTypeRef types[3], shape;
    const char *name =
        tj_arena_printf(p->m->arena, TJ_MSL_ATOMIC "%s %s", operation,
                        tj_msl_space(LLVMGetPointerAddressSpace(LLVMTypeOf(args[0]))));
    LLVMValueRef function = LLVMGetNamedFunction(p->m->unit->module, name);

    for (unsigned i = 0; i < count; i++)
        types[i] = LLVMTypeOf(args[i]);
    shape = LLVMFunctionType(types[count - 1], types, count, false);
    if (!function)
        function = LLVMAddFunction(p->m->unit->module, name, shape);
    return LLVMBuildCall2(p->builder, shape, function, args, count, "");
}

/* The largest or smallest float. */
static bool rewrite_extreme(preparer *p, LLVMValueRef inst)
{
    LLVMAtomicRMWBinOp op = LLVMGetAtomicRMWBinOp(inst);
    LLVMValueRef args[] = {LLVMGetOperand(inst, 0), LLVMGetOperand(inst, 1)};
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(args[0]));

    if ((op != LLVMAtomicRMWBinOpFMax && op != LLVMAtomicRMWBinOpFMin) ||
        LLVMGetTypeKind(LLVMTypeOf(args[1])) != LLVMFloatTypeKind ||
        (space != TJ_AS_DEVICE && space != TJ_AS_THREADGROUP))
        return false;
    replace(inst, call_printed(p, op == LLVMAtomicRMWBinOpFMax ? "fmax" : "fmin", args, 2));
    return true;
}

static void rewrite_rmw(preparer *p, LLVMValueRef inst)
{
    static const char *const names[] = {
        [LLVMAtomicRMWBinOpXchg] = "xchg",  [LLVMAtomicRMWBinOpAdd] = "add",
        [LLVMAtomicRMWBinOpSub] = "sub",    [LLVMAtomicRMWBinOpAnd] = "and",
        [LLVMAtomicRMWBinOpOr] = "or",      [LLVMAtomicRMWBinOpXor] = "xor",
        [LLVMAtomicRMWBinOpMax] = "max.s",  [LLVMAtomicRMWBinOpMin] = "min.s",
        [LLVMAtomicRMWBinOpUMax] = "max.u", [LLVMAtomicRMWBinOpUMin] = "min.u",
        [LLVMAtomicRMWBinOpFAdd] = "add"};
    LLVMAtomicRMWBinOp op = LLVMGetAtomicRMWBinOp(inst);
    LLVMValueRef pointer = LLVMGetOperand(inst, 0), value = LLVMGetOperand(inst, 1), new = NULL;
    LLVMTypeRef type = LLVMTypeOf(value);
    const char *name =
        (size_t)op < sizeof names / sizeof *names && names[op] ? names[op] : NULL;

    if (rewrite_extreme(p, inst))
        return;
    if (name && LLVMGetTypeKind(type) == LLVMIntegerTypeKind && !strchr(name, '.') &&
        op != LLVMAtomicRMWBinOpXchg)
        name = TJ_MSL_TEXT(p->m, "%s.u", name);
    LLVMValueRef args[] = {pointer, value, number(p, order_of(LLVMGetOrdering(inst))),
                           number(p, 2), LLVMConstInt(LLVMInt1TypeInContext(p->c), 1, false)};

    if (name)
        new = call_atomic(p, pointer, name, type, type, args, 5);
    if (!new && name) /* without a sign */
        new = call_atomic(p, pointer, names[op], type, type, args, 5);
    if (new)
        replace(inst, new);
    else
        tj_msl_refuse(p->m, inst, "this atomic operation is not in Metal");
}

static void rewrite_load(preparer *p, LLVMValueRef inst)
{
    LLVMValueRef pointer = LLVMGetOperand(inst, 0);
    LLVMValueRef args[] = {pointer, number(p, order_of(LLVMGetOrdering(inst))), number(p, 2),
                           LLVMConstInt(LLVMInt1TypeInContext(p->c), 1, false)};
    LLVMTypeRef type = LLVMTypeOf(inst);
    LLVMValueRef new = call_atomic(p, pointer, "load", type, type, args, 4);

    if (new)
        replace(inst, new);
    else
        tj_msl_refuse(p->m, inst, "this atomic load is not in Metal");
}

static void rewrite_store(preparer *p, LLVMValueRef inst)
{
    LLVMValueRef pointer = LLVMGetOperand(inst, 1), value = LLVMGetOperand(inst, 0);
    LLVMValueRef args[] = {pointer, value, number(p, order_of(LLVMGetOrdering(inst))),
                           number(p, 2), LLVMConstInt(LLVMInt1TypeInContext(p->c), 1, false)};
    LLVMValueRef new = call_atomic(p, pointer, "store", LLVMTypeOf(value),
                                   LLVMVoidTypeInContext(p->c), args, 5);

    if (new)
        replace(inst, new);
    else
        tj_msl_refuse(p->m, inst, "this atomic store is not in Metal");
}

/* One that may fail by itself: what is expected goes by way of a variable. */
static LLVMValueRef exchange_weakly(preparer *p, LLVMValueRef inst)
{
    LLVMValueRef pointer = LLVMGetOperand(inst, 0), expected = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = LLVMTypeOf(expected);
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(p->m->kernel->function);
    LLVMBuilderRef top = LLVMCreateBuilderInContext(p->c);

    LLVMPositionBuilderBefore(top, LLVMGetFirstInstruction(entry));
    LLVMValueRef box = LLVMBuildAlloca(top, type, "expected.i");
    LLVMDisposeBuilder(top);
    LLVMBuildStore(p->builder, expected, box);
    LLVMValueRef args[] = {pointer,
                           box,
                           LLVMGetOperand(inst, 2),
                           number(p, order_of(LLVMGetCmpXchgSuccessOrdering(inst))),
                           number(p, order_of(LLVMGetCmpXchgFailureOrdering(inst))),
                           number(p, 2),
                           LLVMConstInt(LLVMInt1TypeInContext(p->c), 1, false)};

    return call_atomic(p, pointer, "cmpxchg.weak", type, type, args, 7);
}

static LLVMValueRef exchange_strongly(preparer *p, LLVMValueRef inst)
{
    LLVMValueRef args[] = {LLVMGetOperand(inst, 0), LLVMGetOperand(inst, 1),
                           LLVMGetOperand(inst, 2)};
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(args[0]));

    if (LLVMTypeOf(args[1]) != LLVMInt32TypeInContext(p->c) ||
        (space != TJ_AS_DEVICE && space != TJ_AS_THREADGROUP))
        return NULL;
    return call_printed(p, "cmpxchg", args, 3);
}

static bool is_relaxed(LLVMValueRef cmpxchg)
{
    return LLVMGetCmpXchgSuccessOrdering(cmpxchg) == LLVMAtomicOrderingMonotonic &&
           LLVMGetCmpXchgFailureOrdering(cmpxchg) == LLVMAtomicOrderingMonotonic;
}

/* {was, success} = cmpxchg */
static void rewrite_cmpxchg(preparer *p, LLVMValueRef inst)
{
    LLVMValueRef expected = LLVMGetOperand(inst, 1), was = NULL;

    if (LLVMGetWeak(inst))
        was = exchange_weakly(p, inst);
    else if (is_relaxed(inst))
        was = exchange_strongly(p, inst);
    if (!was) {
        tj_msl_refuse(p->m, inst,
                      "this compare and exchange is not in Metal; accepted are numbers of 32 "
                      "bits, memory order relaxed unless it may fail by itself");
        return;
    }
    LLVMValueRef pair = LLVMConstNull(LLVMTypeOf(inst));

    pair = LLVMBuildInsertValue(p->builder, pair, was, 0, "");
    pair = LLVMBuildInsertValue(p->builder, pair,
                                LLVMBuildICmp(p->builder, LLVMIntEQ, was, expected, ""), 1, "");
    replace(inst, pair);
}

static bool takes(LLVMValueRef call, LLVMValueRef value)
{
    for (int i = 0; i < LLVMGetNumOperands(call); i++)
        if (LLVMGetOperand(call, (unsigned)i) == value)
            return true;
    return false;
}

/* Whether `expected` holds the value in front of the call, as far as the way to it says so. */
static bool is_expected(LLVMValueRef call, LLVMValueRef value)
{
    LLVMValueRef box = LLVMGetOperand(call, 1), i = LLVMGetPreviousInstruction(call);
    LLVMBasicBlockRef block = LLVMGetInstructionParent(call);

    if (!LLVMIsAAllocaInst(box))
        return false;
    for (unsigned blocks = 0; block && blocks < 8; blocks++) {
        for (; i; i = LLVMGetPreviousInstruction(i)) {
            if (LLVMIsALoadInst(i) && LLVMGetOperand(i, 0) == box && i == value)
                return true;
            if (LLVMIsAStoreInst(i) && LLVMGetOperand(i, 1) == box)
                return LLVMGetOperand(i, 0) == value;
            if (LLVMIsACallInst(i) && takes(i, box))
                return false;
        }
        block = tj_msl_only_predecessor(block);
        i = block ? LLVMGetLastInstruction(block) : NULL;
    }
    return false;
}

/* The number, or the one that a float's bits are of. */
static LLVMValueRef number_of(LLVMValueRef value)
{
    return LLVMIsABitCastInst(value) ? LLVMGetOperand(value, 0) : value;
}

/* Whether the comparison asks if what was there is what was expected. */
static bool asks_if_replaced(LLVMValueRef compare, LLVMValueRef call, LLVMValueRef replaced)
{
    LLVMIntPredicate how;
    LLVMValueRef a, b;

    if (!LLVMIsAICmpInst(compare))
        return false;
    how = LLVMGetICmpPredicate(compare);
    a = number_of(LLVMGetOperand(compare, 0));
    b = number_of(LLVMGetOperand(compare, 1));
    return (how == LLVMIntEQ || how == LLVMIntNE) && (a == call || b == call) &&
           is_expected(replaced, a == call ? b : a);
}

static void answer(preparer *p, LLVMValueRef value, LLVMValueRef call, LLVMValueRef replaced)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value), next; use; use = next) {
        LLVMValueRef user = LLVMGetUser(use);

        next = LLVMGetNextUse(use);
        if (LLVMIsABitCastInst(user)) {
            answer(p, user, call, replaced);
        } else if (asks_if_replaced(user, call, replaced)) {
            bool is_equal = LLVMGetICmpPredicate(user) == LLVMIntEQ;

            LLVMPositionBuilderBefore(p->builder, user);
            LLVMReplaceAllUsesWith(user, is_equal ? replaced
                                                  : LLVMBuildNot(p->builder, replaced, ""));
        }
    }
}

/* AIR's compare and exchange gives what was there; Metal leaves that in `expected`, and says
 * whether it was replaced: the call becomes one of a bool. `.i` keeps LLVM's numbers, which
 * differ from print to print, out of the names. */
static void read_expected(preparer *p, LLVMValueRef call)
{
    unsigned count = LLVMGetNumArgOperands(call);
    LLVMTypeRef types[9], shape;
    LLVMValueRef args[9], was, replaced;
    tj_intrin_use use;

    if (!tj_intrin_of(call, &use) || use.id != TJ_INTRIN_ATOMIC_CMPXCHG || count > 9 ||
        LLVMTypeOf(call) == LLVMInt1TypeInContext(p->c))
        return;
    for (unsigned i = 0; i < count; i++) {
        args[i] = LLVMGetOperand(call, i);
        types[i] = LLVMTypeOf(args[i]);
    }
    shape = LLVMFunctionType(LLVMInt1TypeInContext(p->c), types, count, false);
    LLVMPositionBuilderBefore(p->builder, call);
    replaced =
        LLVMBuildCall2(p->builder, shape, LLVMGetCalledValue(call), args, count, "replaced.i");
    answer(p, call, call, replaced);
    was = LLVMBuildLoad2(p->builder, LLVMTypeOf(call), args[1], "was.i");
    LLVMReplaceAllUsesWith(call, was);
    LLVMInstructionEraseFromParent(call);
}

/* ---- pointers ---------------------------------------------------------------------------- */

/* A pointer that is only copied, by the copy of an aggregate, is its bits. */
static void copy_bits(preparer *p, LLVMValueRef load)
{
    LLVMTypeRef bits = LLVMInt64TypeInContext(p->c);
    LLVMValueRef number;

    for (LLVMUseRef use = LLVMGetFirstUse(load); use; use = LLVMGetNextUse(use))
        if (!LLVMIsAStoreInst(LLVMGetUser(use)) || LLVMGetOperand(LLVMGetUser(use), 0) != load)
            return;
    number = LLVMBuildLoad2(p->builder, bits, LLVMGetOperand(load, 0), "");
    LLVMSetAlignment(number, LLVMGetAlignment(load));
    for (LLVMUseRef use; (use = LLVMGetFirstUse(load));)
        LLVMSetOperand(LLVMGetUser(use), 0, number);
    LLVMInstructionEraseFromParent(load);
}

static bool is_generic_pointer(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMPointerTypeKind &&
           LLVMGetPointerAddressSpace(type) == TJ_AS_THREAD;
}

/* ---- matrices --------------------------------------------------------------------------- */

/* A constant whose two elements differ has no spelling: filled with one, then the other set. */
static LLVMValueRef make_matrix(preparer *p, LLVMValueRef constant)
{
    LLVMTypeRef type = LLVMTypeOf(constant), elem = LLVMGetElementType(type);
    const char *suffix = LLVMGetTypeKind(elem) == LLVMHalfTypeKind     ? "f16"
                         : LLVMGetTypeKind(elem) == LLVMBFloatTypeKind ? "bf16"
                                                                       : "f32";
    const char *name = tj_arena_printf(
        p->m->arena, "air.simdgroup_matrix_8x8_init_filled.v64%s.%s", suffix, suffix);
    LLVMValueRef function = LLVMGetNamedFunction(p->m->unit->module, name),
                 first = LLVMGetAggregateElement(constant, 0);
    LLVMTypeRef shape = LLVMFunctionType(type, &elem, 1, false);

    if (!function)
        function = LLVMAddFunction(p->m->unit->module, name, shape);
    first = LLVMBuildCall2(p->builder, shape, function, &first, 1, "");
    return LLVMBuildInsertElement(p->builder, first, LLVMGetAggregateElement(constant, 1),
                                  number(p, 1), "");
}

static void spell_matrices(preparer *p, LLVMValueRef inst)
{
    if (tj_is_scalar(inst) || LLVMIsAPHINode(inst))
        return;
    for (unsigned i = 0; i < (unsigned)LLVMGetNumOperands(inst); i++) {
        LLVMValueRef value = LLVMGetOperand(inst, i);

        if (!LLVMIsConstant(value) || !tj_msl_is_vector(LLVMTypeOf(value)) ||
            LLVMGetVectorSize(LLVMTypeOf(value)) != 64 ||
            LLVMGetAggregateElement(value, 0) == LLVMGetAggregateElement(value, 1))
            continue;
        LLVMPositionBuilderBefore(p->builder, inst);
        LLVMSetOperand(inst, i, make_matrix(p, value));
    }
}

/* ---- order ------------------------------------------------------------------------------ */

static void rewrite(preparer *p, LLVMValueRef inst)
{
    LLVMPositionBuilderBefore(p->builder, inst);
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMAtomicRMW:
        rewrite_rmw(p, inst);
        break;
    case LLVMAtomicCmpXchg:
        rewrite_cmpxchg(p, inst);
        break;
    case LLVMLoad:
        if (LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic)
            rewrite_load(p, inst);
        else if (is_generic_pointer(LLVMTypeOf(inst)))
            copy_bits(p, inst);
        break;
    case LLVMStore:
        if (LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic)
            rewrite_store(p, inst);
        break;
    case LLVMCall:
        tj_msl_lower_call(p->m, p->builder, inst);
        break;
    default:
        break;
    }
}

static void make_bare(LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMURem:
    case LLVMSRem:
        bare_divisor(inst);
        break;
    default:
        break;
    }
}

typedef void step(preparer *p, LLVMValueRef inst);

static void for_all(preparer *p, step *visit)
{
    unsigned count = 0;
    LLVMValueRef *list = tj_msl_instructions(p->m, &count);

    for (unsigned i = 0; i < count && !p->m->status; i++)
        visit(p, list[i]);
}

/* The call may be gone afterwards. */
static void spell(preparer *p, LLVMValueRef inst)
{
    spell_matrices(p, inst);
    if (LLVMIsACallInst(inst))
        read_expected(p, inst);
}

static void make_bare_of(preparer *p, LLVMValueRef inst)
{
    (void)p;
    make_bare(inst);
}

void tj_msl_prepare(tj_msl *m)
{
    preparer p = {m, LLVMCreateBuilderInContext(m->unit->llctx), m->unit->llctx};

    tj_msl_spell_logs(m);
    tj_msl_place_pointers(m);
    tj_msl_delete_dead(m);
    for_all(&p, rewrite);
    if (!m->status)
        tj_msl_explode(m);
    for_all(&p, spell);
    if (!m->status)
        tj_msl_leave_loops(m);
    if (!m->status)
        tj_msl_narrow_loads(m);
    for_all(&p, make_bare_of);
    if (!m->status) {
        tj_msl_simplify(m);
        tj_msl_delete_dead(m);
        tj_msl_normalise(m);
        tj_msl_delete_dead(m);
    }
    LLVMDisposeBuilder(p.builder);
}
