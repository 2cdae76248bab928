/* SPDX-License-Identifier: MIT */
/*
 * Defines what LLVM calls undefined, in one way for both engines and the printer.
 *
 * needs   no undefined operands (canon-constants), no promises (canon-facts)
 * leaves  shift amounts below the width; divisors that neither are zero nor overflow;
 *         saturating float to integer conversions; element indices inside the vector;
 *         llvm.fmuladd as multiply and add when strict; ctlz, cttz and abs defined
 *         everywhere; no unreachable: such a place returns zero
 *
 * The definitions are listed in ir/README.md.
 */
#include "canon.h"

#include <llvm-c/Core.h>
#include <string.h>

/* Scalar bits of an integer or of the elements of an integer vector. */
static unsigned scalar_bits(LLVMTypeRef type)
{
    if (LLVMGetTypeKind(type) == LLVMVectorTypeKind)
        type = LLVMGetElementType(type);
    return LLVMGetIntTypeWidth(type);
}

/* `value` in every element of `type`. */
static LLVMValueRef splat(LLVMTypeRef type, uint64_t value)
{
    LLVMValueRef elems[TJ_MAX_COMPONENTS];
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return LLVMConstInt(type, value, true);
    unsigned count = LLVMGetVectorSize(type);
    for (unsigned i = 0; i < count; i++)
        elems[i] = LLVMConstInt(LLVMGetElementType(type), value, true);
    return LLVMConstVector(elems, count);
}

typedef bool constant_test(uint64_t value, unsigned bits);

/* True when `value` is constant and all its elements pass. */
static bool all_elements(LLVMValueRef value, constant_test *test)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    if (!LLVMIsConstant(value))
        return false;
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return LLVMIsAConstantInt(value) &&
               test(LLVMConstIntGetZExtValue(value), LLVMGetIntTypeWidth(type));
    for (unsigned i = 0; i < LLVMGetVectorSize(type); i++) {
        LLVMValueRef elem = LLVMGetAggregateElement(value, i);
        if (!elem || !LLVMIsAConstantInt(elem) ||
            !test(LLVMConstIntGetZExtValue(elem), scalar_bits(type)))
            return false;
    }
    return true;
}

static uint64_t all_ones(unsigned bits)
{
    return bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
}

static bool is_below_width(uint64_t value, unsigned bits)
{
    return value < bits;
}

static bool is_nonzero(uint64_t value, unsigned bits)
{
    (void)bits;
    return value != 0;
}

static bool is_minus_one(uint64_t value, unsigned bits)
{
    return value == all_ones(bits);
}

static bool is_safe_divisor(uint64_t value, unsigned bits)
{
    return value != 0 && value != all_ones(bits);
}

/* ---- one function for each construct; the builder stands before `inst` --------------------
 */

static tj_status define_shift(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMValueRef amount = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = LLVMTypeOf(inst);
    if (!all_elements(amount, is_below_width))
        LLVMSetOperand(inst, 1,
                       LLVMBuildAnd(state->builder, amount, splat(type, scalar_bits(type) - 1),
                                    "shift.amount"));
    return TJ_OK;
}

static tj_status define_unsigned_division(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMBuilderRef b = state->builder;
    LLVMValueRef divisor = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = LLVMTypeOf(inst);
    if (all_elements(divisor, is_nonzero))
        return TJ_OK;
    LLVMValueRef is_zero = LLVMBuildICmp(b, LLVMIntEQ, divisor, LLVMConstNull(type), "");
    LLVMSetOperand(inst, 1, LLVMBuildSelect(b, is_zero, splat(type, 1), divisor, "divisor"));
    return TJ_OK;
}

/* x / -1 and x % -1 for every x. */
static void replace_minus_one(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMValueRef zero = LLVMConstNull(LLVMTypeOf(inst));
    bool is_rem = LLVMGetInstructionOpcode(inst) == LLVMSRem;
    LLVMValueRef negated =
        is_rem ? zero : LLVMBuildSub(state->builder, zero, LLVMGetOperand(inst, 0), "");
    tj_canon_replace(inst, negated);
}

static tj_status define_signed_division(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMBuilderRef b = state->builder;
    LLVMValueRef dividend = LLVMGetOperand(inst, 0), divisor = LLVMGetOperand(inst, 1);
    LLVMTypeRef type = LLVMTypeOf(inst);
    if (all_elements(divisor, is_safe_divisor))
        return TJ_OK;
    if (all_elements(divisor, is_minus_one)) {
        replace_minus_one(state, inst);
        return TJ_OK;
    }
    LLVMValueRef lowest = splat(type, (uint64_t)1 << (scalar_bits(type) - 1));
    LLVMValueRef is_zero = LLVMBuildICmp(b, LLVMIntEQ, divisor, LLVMConstNull(type), "");
    LLVMValueRef is_minus = LLVMBuildICmp(b, LLVMIntEQ, divisor, splat(type, UINT64_MAX), "");
    LLVMValueRef is_lowest = LLVMBuildICmp(b, LLVMIntEQ, dividend, lowest, "");
    LLVMValueRef overflows = LLVMBuildAnd(b, is_minus, is_lowest, "");
    LLVMValueRef is_bad = LLVMBuildOr(b, is_zero, overflows, "");
    LLVMSetOperand(inst, 1, LLVMBuildSelect(b, is_bad, splat(type, 1), divisor, "divisor"));
    return TJ_OK;
}

static tj_status define_conversion(tj_canon_state *state, LLVMValueRef inst)
{
    bool is_signed = LLVMGetInstructionOpcode(inst) == LLVMFPToSI;
    LLVMValueRef source = LLVMGetOperand(inst, 0);
    LLVMTypeRef types[] = {LLVMTypeOf(inst), LLVMTypeOf(source)};
    tj_canon_replace(inst, tj_canon_call_llvm(state,
                                              is_signed ? "llvm.fptosi.sat" : "llvm.fptoui.sat",
                                              types, 2, &source, 1));
    return TJ_OK;
}

/* The index of an element is taken modulo the length of the vector. */
static tj_status define_element(tj_canon_state *state, LLVMValueRef inst)
{
    unsigned place = LLVMIsAInsertElementInst(inst) ? 2 : 1;
    LLVMValueRef index = LLVMGetOperand(inst, place);
    LLVMTypeRef type = LLVMTypeOf(index);
    uint64_t length = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(inst, 0)));
    if (LLVMIsAConstantInt(index) && LLVMConstIntGetZExtValue(index) < length)
        return TJ_OK;
    bool is_power_of_two = (length & (length - 1)) == 0;
    LLVMValueRef inside =
        is_power_of_two
            ? LLVMBuildAnd(state->builder, index, LLVMConstInt(type, length - 1, false), "")
            : LLVMBuildURem(state->builder, index, LLVMConstInt(type, length, false), "");
    LLVMSetOperand(inst, place, inside);
    return TJ_OK;
}

static tj_status define_unreachable(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(inst));
    LLVMTypeRef type = LLVMGetReturnType(LLVMGlobalGetValueType(function));
    if (LLVMGetTypeKind(type) == LLVMVoidTypeKind)
        LLVMBuildRetVoid(state->builder);
    else
        LLVMBuildRet(state->builder, LLVMConstNull(type));
    LLVMInstructionEraseFromParent(inst);
    return TJ_OK;
}

static tj_status define_bit_count(tj_canon_state *state, LLVMValueRef call)
{
    (void)state;
    LLVMSetOperand(call, 1, LLVMConstNull(LLVMTypeOf(LLVMGetOperand(call, 1))));
    return TJ_OK;
}

static tj_status define_multiply_add(tj_canon_state *state, LLVMValueRef call)
{
    if (state->options->is_fast_math)
        return TJ_OK;
    LLVMValueRef product =
        LLVMBuildFMul(state->builder, LLVMGetOperand(call, 0), LLVMGetOperand(call, 1), "");
    tj_canon_replace(call, LLVMBuildFAdd(state->builder, product, LLVMGetOperand(call, 2), ""));
    return TJ_OK;
}

static tj_status define_trap(tj_canon_state *state, LLVMValueRef call)
{
    LLVMTypeRef type =
        LLVMFunctionType(LLVMVoidTypeInContext(state->unit->llctx), NULL, 0, false);
    if (!state->trap)
        state->trap = LLVMAddFunction(state->unit->module, "tj.trap", type);
    LLVMBuildCall2(state->builder, type, state->trap, NULL, 0, "");
    LLVMInstructionEraseFromParent(call);
    return TJ_OK;
}

/* ---- what each instruction needs ------------------------------------------------------------
 */

static const struct opcode_rule {
    LLVMOpcode opcode;
    tj_canon_visit *define;
} opcode_rules[] = {
    {LLVMShl, define_shift},
    {LLVMLShr, define_shift},
    {LLVMAShr, define_shift},
    {LLVMUDiv, define_unsigned_division},
    {LLVMURem, define_unsigned_division},
    {LLVMSDiv, define_signed_division},
    {LLVMSRem, define_signed_division},
    {LLVMFPToUI, define_conversion},
    {LLVMFPToSI, define_conversion},
    {LLVMExtractElement, define_element},
    {LLVMInsertElement, define_element},
    {LLVMUnreachable, define_unreachable},
};

static const struct call_rule {
    const char *name; /* without "llvm." */
    tj_canon_visit *define;
} call_rules[] = {
    {"abs", define_bit_count},        {"ctlz", define_bit_count}, {"cttz", define_bit_count},
    {"fmuladd", define_multiply_add}, {"trap", define_trap},
};

static tj_status visit_call(tj_canon_state *state, LLVMValueRef call)
{
    const char *name = tj_llvm_intrinsic_name(call);
    if (!name)
        return TJ_OK;
    for (size_t i = 0; i < sizeof(call_rules) / sizeof(call_rules[0]); i++) {
        if (strcmp(call_rules[i].name, name) == 0) {
            LLVMPositionBuilderBefore(state->builder, call);
            return call_rules[i].define(state, call);
        }
    }
    return TJ_OK;
}

static tj_status visit(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    if (opcode == LLVMCall)
        return visit_call(state, inst);
    for (size_t i = 0; i < sizeof(opcode_rules) / sizeof(opcode_rules[0]); i++) {
        if (opcode_rules[i].opcode == opcode) {
            LLVMPositionBuilderBefore(state->builder, inst);
            return opcode_rules[i].define(state, inst);
        }
    }
    return TJ_OK;
}

tj_status tj_canon_define(tj_canon_state *state)
{
    return tj_canon_each_inst(state, visit);
}

/* x / x and x / -x, which LLVM takes for 1 and -1: both are 0 where x is. */
static bool is_quotient_of_itself(LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    if (opcode != LLVMUDiv && opcode != LLVMSDiv)
        return false;
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);
    if (LLVMIsAInstruction(b) && LLVMGetInstructionOpcode(b) == LLVMSub &&
        LLVMGetOperand(b, 1) == a)
        return true;
    return a == b || (LLVMIsAInstruction(a) && LLVMGetInstructionOpcode(a) == LLVMSub &&
                      LLVMGetOperand(a, 1) == b);
}

/* What LLVM would fold to poison: it is known before it is run. */
static tj_status visit_known(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    unsigned place = opcode == LLVMFPToUI || opcode == LLVMFPToSI ? 0
                     : LLVMIsAInsertElementInst(inst)             ? 2
                                                                  : 1;
    if (opcode == LLVMCall || opcode == LLVMUnreachable ||
        place >= (unsigned)LLVMGetNumOperands(inst) ||
        (!LLVMIsConstant(LLVMGetOperand(inst, place)) && !is_quotient_of_itself(inst)))
        return TJ_OK;
    return visit(state, inst);
}

tj_status tj_canon_define_known(tj_unit *unit)
{
    tj_canon_state state = {.unit = unit, .builder = LLVMCreateBuilderInContext(unit->llctx)};
    tj_status status = tj_canon_each_inst(&state, visit_known);
    LLVMDisposeBuilder(state.builder);
    return status;
}
