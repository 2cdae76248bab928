/* SPDX-License-Identifier: MIT */
/*
 * Takes back what the input promises to LLVM, so that no promise becomes undefined behaviour.
 *
 * needs   verified, checked IR
 * leaves  no metadata but debug locations; no attributes but those that mean something here
 *         (byval, sret, extensions, alignment of memory functions, tmjit.*); no exact, nneg,
 *         disjoint, samesign, no-wrap of trunc, no nnan and ninf; no fast-math flag at all
 *         when strict; no llvm.assume and other hints; functions that are not kernels are
 *         internal and always inlined; air.* functions have the effects of their rows
 *
 * nuw, nsw and inbounds stay: the code generators use them.
 */
#include "canon.h"
#include "intrin.h"

#include <llvm-c/Comdat.h>
#include <llvm-c/Core.h>
#include <string.h>

static unsigned attribute_kind(const char *name)
{
    return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

/* ---- attributes -------------------------------------------------------------------------- */

/* What an attribute list belongs to: a function or a call of one. */
typedef struct attributed {
    LLVMValueRef value;
    bool is_call;
} attributed;

static unsigned count_attributes(attributed of, LLVMAttributeIndex index)
{
    return of.is_call ? LLVMGetCallSiteAttributeCount(of.value, index)
                      : LLVMGetAttributeCountAtIndex(of.value, index);
}

static void get_attributes(attributed of, LLVMAttributeIndex index, LLVMAttributeRef *out)
{
    if (of.is_call)
        LLVMGetCallSiteAttributes(of.value, index, out);
    else
        LLVMGetAttributesAtIndex(of.value, index, out);
}

static void remove_attribute(attributed of, LLVMAttributeIndex index, unsigned kind)
{
    if (of.is_call)
        LLVMRemoveCallSiteEnumAttribute(of.value, index, kind);
    else
        LLVMRemoveEnumAttributeAtIndex(of.value, index, kind);
}

enum { KEPT_COUNT = sizeof((tj_canon_state *)0)->kept_kinds / sizeof(unsigned) };

/* Attributes that say how a value is passed or how a call behaves, not what is known. */
static void find_kinds(tj_canon_state *state)
{
    static const char *const names[KEPT_COUNT] = {"byval",   "sret",       "zeroext",
                                                  "signext", "convergent", "immarg"};
    for (size_t i = 0; i < KEPT_COUNT; i++)
        state->kept_kinds[i] = attribute_kind(names[i]);
    state->debug_kind = LLVMGetMDKindIDInContext(state->unit->llctx, "dbg", 3);
}

static bool is_kept(const tj_canon_state *state, unsigned kind)
{
    for (size_t i = 0; i < KEPT_COUNT; i++)
        if (kind == state->kept_kinds[i])
            return true;
    return false;
}

/* Strings such as "no-nans-fp-math" change what LLVM does; ours do not. */
static void strip_string(attributed of, LLVMAttributeIndex index, LLVMAttributeRef attribute)
{
    unsigned byte_len;
    const char *key = LLVMGetStringAttributeKind(attribute, &byte_len);
    if (byte_len >= 6 && memcmp(key, "tmjit.", 6) == 0)
        return;
    if (of.is_call)
        LLVMRemoveCallSiteStringAttribute(of.value, index, key, byte_len);
    else
        LLVMRemoveStringAttributeAtIndex(of.value, index, key, byte_len);
}

/* `kept` is the kind of one more attribute to leave alone, or 0. */
static void strip_at(tj_canon_state *state, attributed of, LLVMAttributeIndex index,
                     unsigned kept)
{
    tj_unit *unit = state->unit;
    unsigned count = count_attributes(of, index);
    if (!count)
        return;
    tj_mark mark = tj_arena_mark(unit->arena);
    LLVMAttributeRef *attributes = tj_new_array(unit->arena, LLVMAttributeRef, count);
    get_attributes(of, index, attributes);
    for (unsigned i = 0; i < count; i++) {
        if (LLVMIsStringAttribute(attributes[i])) {
            strip_string(of, index, attributes[i]);
            continue;
        }
        unsigned kind = LLVMGetEnumAttributeKind(attributes[i]);
        if (kind != kept && !is_kept(state, kind))
            remove_attribute(of, index, kind);
    }
    tj_arena_rewind(unit->arena, mark);
}

static void strip_attributes(tj_canon_state *state, attributed of, unsigned param_count,
                             unsigned kept)
{
    strip_at(state, of, LLVMAttributeFunctionIndex, kept);
    for (unsigned i = 0; i <= param_count; i++)
        strip_at(state, of, LLVMAttributeReturnIndex + i, kept);
}

static void add_attribute(tj_unit *unit, LLVMValueRef function, const char *name)
{
    LLVMAttributeRef attribute = LLVMCreateEnumAttribute(unit->llctx, attribute_kind(name), 0);
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex, attribute);
}

/* The row says what the function does. LANES functions read other lanes, so the same call
 * in another place is another value: convergent. */
void tj_canon_declare_effect(tj_unit *unit, LLVMValueRef function)
{
    tj_intrin_use use;
    size_t byte_len;
    if (!tj_intrin_decode(LLVMGetValueName2(function, &byte_len), &use))
        return;
    tj_effect effect = tj_intrin_infos[use.id].effect;
    add_attribute(unit, function, "nounwind");
    add_attribute(unit, function, "nocallback");
    if (effect != TJ_EFFECT_BARRIER)
        add_attribute(unit, function, "willreturn");
    if (effect == TJ_EFFECT_PURE || effect == TJ_EFFECT_LANES)
        add_attribute(unit, function, "memory"); /* value 0: none */
    if (effect == TJ_EFFECT_PURE || effect == TJ_EFFECT_MEMORY)
        remove_attribute((attributed){function, false}, LLVMAttributeFunctionIndex,
                         attribute_kind("convergent"));
    else
        add_attribute(unit, function, "convergent");
}

static bool is_kernel(const tj_unit *unit, LLVMValueRef function)
{
    return unit->kernels[0].function == function;
}

/* A null pointer is an address like any other: its access is found by the bounds check. */
static void prepare_body(tj_unit *unit, LLVMValueRef function)
{
    add_attribute(unit, function, "nounwind");
    add_attribute(unit, function, "null_pointer_is_valid");
    if (is_kernel(unit, function))
        return;
    LLVMSetComdat(function, NULL);
    LLVMSetLinkage(function, LLVMInternalLinkage);
    LLVMSetVisibility(function, LLVMDefaultVisibility);
    add_attribute(unit, function, "alwaysinline");
}

static void visit_function(tj_canon_state *state, LLVMValueRef function)
{
    tj_unit *unit = state->unit;
    if (LLVMGetIntrinsicID(function))
        return;
    strip_attributes(state, (attributed){function, false}, LLVMCountParams(function), 0);
    if (LLVMIsDeclaration(function))
        tj_canon_declare_effect(unit, function);
    else
        prepare_body(unit, function);
}

/* ---- flags and metadata --------------------------------------------------------------------
 */

/* LLVM-C 22 lists the debug location among the others in spite of the function's name. */
static void strip_metadata(const tj_canon_state *state, LLVMValueRef inst)
{
    size_t count;
    if (!LLVMHasMetadata(inst))
        return;
    LLVMValueMetadataEntry *entries =
        LLVMInstructionGetAllMetadataOtherThanDebugLoc(inst, &count);
    for (unsigned i = 0; i < count; i++) {
        unsigned kind = LLVMValueMetadataEntriesGetKind(entries, i);
        if (kind != state->debug_kind)
            LLVMSetMetadata(inst, kind, NULL);
    }
    LLVMDisposeValueMetadataEntries(entries);
}

static void strip_poison_flags(LLVMValueRef inst)
{
    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMLShr:
    case LLVMAShr:
        LLVMSetExact(inst, false);
        break;
    case LLVMZExt:
    case LLVMUIToFP:
        LLVMSetNNeg(inst, false);
        break;
    case LLVMTrunc:
        LLVMSetNUW(inst, false);
        LLVMSetNSW(inst, false);
        break;
    case LLVMOr:
        LLVMSetIsDisjoint(inst, false);
        break;
    case LLVMICmp:
        LLVMSetICmpSameSign(inst, false);
        break;
    default:
        break;
    }
}

static LLVMValueRef copy_phi(LLVMBuilderRef builder, LLVMValueRef phi)
{
    LLVMValueRef copy = LLVMBuildPhi(builder, LLVMTypeOf(phi), "");
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        LLVMValueRef value = LLVMGetIncomingValue(phi, i);
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);
        LLVMAddIncoming(copy, &value, &block, 1);
    }
    return copy;
}

static void copy_call_attributes(tj_unit *unit, LLVMValueRef from, LLVMValueRef to,
                                 LLVMAttributeIndex index)
{
    unsigned count = LLVMGetCallSiteAttributeCount(from, index);
    tj_mark mark = tj_arena_mark(unit->arena);
    LLVMAttributeRef *attributes = tj_new_array(unit->arena, LLVMAttributeRef, count);
    LLVMGetCallSiteAttributes(from, index, attributes);
    for (unsigned i = 0; i < count; i++)
        LLVMAddCallSiteAttribute(to, index, attributes[i]);
    tj_arena_rewind(unit->arena, mark);
}

static LLVMValueRef copy_call(tj_canon_state *state, LLVMValueRef call)
{
    tj_unit *unit = state->unit;
    tj_mark mark = tj_arena_mark(unit->arena);
    unsigned count = LLVMGetNumArgOperands(call);
    LLVMValueRef *args = tj_new_array(unit->arena, LLVMValueRef, count);
    for (unsigned i = 0; i < count; i++)
        args[i] = LLVMGetOperand(call, i);
    LLVMValueRef copy = LLVMBuildCall2(state->builder, LLVMGetCalledFunctionType(call),
                                       LLVMGetCalledValue(call), args, count, "");
    LLVMSetInstructionCallConv(copy, LLVMGetInstructionCallConv(call));
    copy_call_attributes(unit, call, copy, LLVMAttributeFunctionIndex);
    for (unsigned i = 0; i <= count; i++)
        copy_call_attributes(unit, call, copy, LLVMAttributeReturnIndex + i);
    tj_arena_rewind(unit->arena, mark);
    return copy;
}

/* The same instruction without fast-math flags; NULL for an opcode that cannot have any. */
static LLVMValueRef copy_without_flags(tj_canon_state *state, LLVMValueRef inst)
{
    LLVMBuilderRef builder = state->builder;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);
    switch (opcode) {
    case LLVMFNeg:
        return LLVMBuildFNeg(builder, LLVMGetOperand(inst, 0), "");
    case LLVMFAdd:
    case LLVMFSub:
    case LLVMFMul:
    case LLVMFDiv:
    case LLVMFRem:
        return LLVMBuildBinOp(builder, opcode, LLVMGetOperand(inst, 0), LLVMGetOperand(inst, 1),
                              "");
    case LLVMFCmp:
        return LLVMBuildFCmp(builder, LLVMGetFCmpPredicate(inst), LLVMGetOperand(inst, 0),
                             LLVMGetOperand(inst, 1), "");
    case LLVMFPTrunc:
    case LLVMFPExt:
    case LLVMUIToFP:
    case LLVMSIToFP:
        return LLVMBuildCast(builder, opcode, LLVMGetOperand(inst, 0), LLVMTypeOf(inst), "");
    case LLVMSelect:
        return LLVMBuildSelect(builder, LLVMGetOperand(inst, 0), LLVMGetOperand(inst, 1),
                               LLVMGetOperand(inst, 2), "");
    case LLVMPHI:
        return copy_phi(builder, inst);
    case LLVMCall:
        return copy_call(state, inst);
    default:
        return NULL;
    }
}

/* LLVM-C 22 can add fast-math flags and cannot remove them, hence the copy. */
static tj_status strip_fast_math(tj_canon_state *state, LLVMValueRef inst)
{
    if (!LLVMCanValueUseFastMathFlags(inst))
        return TJ_OK;
    LLVMFastMathFlags flags = LLVMGetFastMathFlags(inst);
    LLVMFastMathFlags kept =
        state->options->is_fast_math ? flags & ~(LLVMFastMathNoNaNs | LLVMFastMathNoInfs) : 0;
    if (kept == flags)
        return TJ_OK;
    LLVMPositionBuilderBefore(state->builder, inst);
    LLVMValueRef copy = copy_without_flags(state, inst);
    if (!copy)
        return tj_fail(state->unit, inst, TJ_E_INTERNAL,
                       "fast-math flags on an instruction that cannot lose them");
    if (kept && LLVMIsAInstruction(copy))
        LLVMSetFastMathFlags(copy, kept);
    tj_canon_replace(inst, copy);
    return TJ_OK;
}

/* ---- calls --------------------------------------------------------------------------------
 */

bool tj_canon_remove_hint(LLVMValueRef call, const char *name)
{
    if (!name || tj_llvm_intrinsic_removal(name) != TJ_REMOVED_HINT)
        return false;
    if (LLVMGetTypeKind(LLVMTypeOf(call)) == LLVMVoidTypeKind)
        LLVMInstructionEraseFromParent(call);
    else
        tj_canon_replace(call, LLVMGetOperand(call, 0));
    return true;
}

/* The alignments of memcpy and the like are kept for canon-memory. */
static void strip_call(tj_canon_state *state, LLVMValueRef call, const char *name)
{
    bool is_memory = name && tj_llvm_intrinsic_removal(name) == TJ_REMOVED_MEMORY;
    LLVMSetTailCallKind(call, LLVMTailCallKindNone);
    strip_attributes(state, (attributed){call, true}, LLVMGetNumArgOperands(call),
                     is_memory ? attribute_kind("align") : 0);
}

static tj_status visit(tj_canon_state *state, LLVMValueRef inst)
{
    if (LLVMIsACallInst(inst)) {
        const char *name = tj_llvm_intrinsic_name(inst);
        if (tj_canon_remove_hint(inst, name))
            return TJ_OK;
        strip_call(state, inst, name);
    }
    strip_metadata(state, inst);
    strip_poison_flags(inst);
    return strip_fast_math(state, inst);
}

tj_status tj_canon_facts(tj_canon_state *state)
{
    find_kinds(state);
    for (LLVMValueRef function = LLVMGetFirstFunction(state->unit->module); function;
         function = LLVMGetNextFunction(function))
        visit_function(state, function);
    return tj_canon_each_inst(state, visit);
}
