/* SPDX-License-Identifier: MIT */
/* Which instructions and types a kernel may use (ir/README.md, "Language"). */
#include "check.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

/* Longest vector of ordinary values, and a SIMD-group matrix. */
enum { MAX_VECTOR_LENGTH = 16, TILE_LENGTH = 64 };

/* What an opcode may do beyond arithmetic. */
enum {
    REFUSED = 0,
    ACCEPTED = 1,
    MOVES = 2, /* only hands values on: SIMD-group matrices may pass */
};

static const struct opcode_row {
    LLVMOpcode opcode;
    const char *name;
    unsigned flags;
} opcode_rows[] = {
    {LLVMRet, "ret", ACCEPTED | MOVES},
    {LLVMBr, "br", ACCEPTED},
    {LLVMSwitch, "switch", ACCEPTED},
    {LLVMIndirectBr, "indirectbr", REFUSED},
    {LLVMInvoke, "invoke", REFUSED},
    {LLVMUnreachable, "unreachable", ACCEPTED},
    {LLVMCallBr, "callbr", REFUSED},
    {LLVMFNeg, "fneg", ACCEPTED},
    {LLVMAdd, "add", ACCEPTED},
    {LLVMFAdd, "fadd", ACCEPTED},
    {LLVMSub, "sub", ACCEPTED},
    {LLVMFSub, "fsub", ACCEPTED},
    {LLVMMul, "mul", ACCEPTED},
    {LLVMFMul, "fmul", ACCEPTED},
    {LLVMUDiv, "udiv", ACCEPTED},
    {LLVMSDiv, "sdiv", ACCEPTED},
    {LLVMFDiv, "fdiv", ACCEPTED},
    {LLVMURem, "urem", ACCEPTED},
    {LLVMSRem, "srem", ACCEPTED},
    {LLVMFRem, "frem", ACCEPTED},
    {LLVMShl, "shl", ACCEPTED},
    {LLVMLShr, "lshr", ACCEPTED},
    {LLVMAShr, "ashr", ACCEPTED},
    {LLVMAnd, "and", ACCEPTED},
    {LLVMOr, "or", ACCEPTED},
    {LLVMXor, "xor", ACCEPTED},
    {LLVMAlloca, "alloca", ACCEPTED},
    {LLVMLoad, "load", ACCEPTED | MOVES},
    {LLVMStore, "store", ACCEPTED | MOVES},
    {LLVMGetElementPtr, "getelementptr", ACCEPTED},
    {LLVMTrunc, "trunc", ACCEPTED},
    {LLVMZExt, "zext", ACCEPTED},
    {LLVMSExt, "sext", ACCEPTED},
    {LLVMFPToUI, "fptoui", ACCEPTED},
    {LLVMFPToSI, "fptosi", ACCEPTED},
    {LLVMUIToFP, "uitofp", ACCEPTED},
    {LLVMSIToFP, "sitofp", ACCEPTED},
    {LLVMFPTrunc, "fptrunc", ACCEPTED},
    {LLVMFPExt, "fpext", ACCEPTED},
    {LLVMPtrToInt, "ptrtoint", ACCEPTED},
    {LLVMPtrToAddr, "ptrtoaddr", REFUSED},
    {LLVMIntToPtr, "inttoptr", ACCEPTED},
    {LLVMBitCast, "bitcast", ACCEPTED},
    {LLVMAddrSpaceCast, "addrspacecast", ACCEPTED},
    {LLVMICmp, "icmp", ACCEPTED},
    {LLVMFCmp, "fcmp", ACCEPTED},
    {LLVMPHI, "phi", ACCEPTED | MOVES},
    {LLVMCall, "call", ACCEPTED | MOVES},
    {LLVMSelect, "select", ACCEPTED | MOVES},
    {LLVMVAArg, "va_arg", REFUSED},
    {LLVMExtractElement, "extractelement", ACCEPTED | MOVES},
    {LLVMInsertElement, "insertelement", ACCEPTED | MOVES},
    {LLVMShuffleVector, "shufflevector", ACCEPTED | MOVES},
    {LLVMExtractValue, "extractvalue", ACCEPTED | MOVES},
    {LLVMInsertValue, "insertvalue", ACCEPTED | MOVES},
    {LLVMFreeze, "freeze", ACCEPTED | MOVES},
    {LLVMFence, "fence", ACCEPTED},
    {LLVMAtomicCmpXchg, "cmpxchg", ACCEPTED},
    {LLVMAtomicRMW, "atomicrmw", ACCEPTED},
    {LLVMResume, "resume", REFUSED},
    {LLVMLandingPad, "landingpad", REFUSED},
    {LLVMCleanupRet, "cleanupret", REFUSED},
    {LLVMCatchRet, "catchret", REFUSED},
    {LLVMCatchPad, "catchpad", REFUSED},
    {LLVMCleanupPad, "cleanuppad", REFUSED},
    {LLVMCatchSwitch, "catchswitch", REFUSED},
};

static const struct opcode_row *find_row(LLVMOpcode opcode)
{
    for (size_t i = 0; i < sizeof(opcode_rows) / sizeof(opcode_rows[0]); i++)
        if (opcode_rows[i].opcode == opcode)
            return &opcode_rows[i];
    return NULL;
}

/* ---- types ----------------------------------------------------------------------------------
 */

/* The type of one operand or result under check. */
typedef struct type_check {
    tj_unit *unit;
    LLVMValueRef inst;
    const struct opcode_row *row;
    LLVMTypeRef whole; /* as printed in messages */
    unsigned components;
} type_check;

static tj_status refuse_type(type_check *c, const char *accepted)
{
    char *type = LLVMPrintTypeToString(c->whole);
    tj_status status = tj_fail(c->unit, c->inst, TJ_E_UNSUPPORTED, "%s of %.200s; %s",
                               c->row->name, type, accepted);
    LLVMDisposeMessage(type);
    return status;
}

static bool touches_memory(LLVMOpcode opcode)
{
    return opcode == LLVMLoad || opcode == LLVMStore;
}

static tj_status check_integer(type_check *c, LLVMTypeRef type)
{
    unsigned bits = LLVMGetIntTypeWidth(type);
    bool is_memory = touches_memory(c->row->opcode);
    if (bits == 8 || bits == 16 || bits == 32 || bits == 64 || (bits == 1 && !is_memory))
        return TJ_OK;
    return refuse_type(c, is_memory ? "widths 8, 16, 32 and 64 are supported"
                                    : "widths 1, 8, 16, 32 and 64 are supported");
}

static tj_status check_scalar(type_check *c, LLVMTypeRef type)
{
    c->components++;
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
    case LLVMFloatTypeKind:
        return TJ_OK;
    case LLVMIntegerTypeKind:
        return check_integer(c, type);
    case LLVMPointerTypeKind:
        if (LLVMGetPointerAddressSpace(type) <= TJ_AS_THREADGROUP)
            return TJ_OK;
        return refuse_type(c, "address spaces 0 to 3 are supported");
    case LLVMDoubleTypeKind:
        if (c->unit->allows_fp64)
            return TJ_OK;
        return refuse_type(c, c->unit->is_source
                                  ? "half, bfloat and float are supported"
                                  : "half, bfloat and float are supported, with fp64 allowed "
                                    "double too");
    case LLVMX86_FP80TypeKind:
    case LLVMFP128TypeKind:
    case LLVMPPC_FP128TypeKind:
        return refuse_type(c, "half, bfloat and float are supported");
    default:
        return refuse_type(c, "numbers, pointers, vectors, arrays and structs are supported");
    }
}

static tj_status check_vector(type_check *c, LLVMTypeRef type)
{
    LLVMTypeRef elem = LLVMGetElementType(type);
    unsigned length = LLVMGetVectorSize(type);
    LLVMTypeKind kind = LLVMGetTypeKind(elem);
    bool is_tile =
        length == TILE_LENGTH && kind != LLVMIntegerTypeKind && kind != LLVMDoubleTypeKind;
    if (kind == LLVMPointerTypeKind)
        return refuse_type(c, "vectors of numbers are supported");
    if (length > MAX_VECTOR_LENGTH && !is_tile)
        return refuse_type(c, "vectors of up to 16 elements are supported");
    if (is_tile && !(c->row->flags & MOVES))
        return refuse_type(c, "SIMD-group matrices are moved, loaded, stored and multiplied");
    tj_status status = check_scalar(c, elem);
    if (!is_tile)
        c->components += length - 1;
    return status;
}

/* Aggregates of more than TJ_MAX_COMPONENTS end the walk, however deep they are. */
static tj_status check_part(type_check *c, LLVMTypeRef type);

static tj_status check_struct(type_check *c, LLVMTypeRef type)
{
    tj_status status = TJ_OK;
    for (unsigned i = 0; i < LLVMCountStructElementTypes(type) && !status; i++)
        status = check_part(c, LLVMStructGetTypeAtIndex(type, i));
    return status;
}

static tj_status check_array(type_check *c, LLVMTypeRef type)
{
    tj_status status = TJ_OK;
    uint64_t length = LLVMGetArrayLength2(type);
    for (uint64_t i = 0; i < length && !status; i++) {
        unsigned before = c->components;
        status = check_part(c, LLVMGetElementType(type));
        if (c->components == before)
            break; /* elements without content, of any number */
    }
    return status;
}

static tj_status check_part(type_check *c, LLVMTypeRef type)
{
    tj_status status;
    if (c->components > TJ_MAX_COMPONENTS)
        return refuse_type(c, "values of up to 64 components are supported");
    switch (LLVMGetTypeKind(type)) {
    case LLVMVectorTypeKind:
        status = check_vector(c, type);
        break;
    case LLVMStructTypeKind:
        status = check_struct(c, type);
        break;
    case LLVMArrayTypeKind:
        status = check_array(c, type);
        break;
    default:
        status = check_scalar(c, type);
        break;
    }
    if (!status && c->components > TJ_MAX_COMPONENTS)
        return refuse_type(c, "values of up to 64 components are supported");
    return status;
}

static tj_status check_type(tj_unit *unit, LLVMValueRef inst, const struct opcode_row *row,
                            LLVMTypeRef type)
{
    type_check c = {.unit = unit, .inst = inst, .row = row, .whole = type};
    switch (LLVMGetTypeKind(type)) {
    case LLVMVoidTypeKind:
    case LLVMLabelTypeKind:
    case LLVMMetadataTypeKind:
        return TJ_OK;
    default:
        return check_part(&c, type);
    }
}

/* ---- memory ---------------------------------------------------------------------------------
 */

static tj_status check_target(tj_unit *unit, LLVMValueRef inst, LLVMValueRef pointer)
{
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(pointer)) == TJ_AS_CONSTANT)
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "write to constant memory; it can only be read");
    return TJ_OK;
}

static bool is_atomic_type(const tj_unit *unit, LLVMTypeRef type)
{
    if (LLVMGetTypeKind(type) == LLVMDoubleTypeKind)
        return unit->allows_fp64;
    if (LLVMGetTypeKind(type) == LLVMIntegerTypeKind)
        return LLVMGetIntTypeWidth(type) == 32 || LLVMGetIntTypeWidth(type) == 64;
    return LLVMGetTypeKind(type) == LLVMFloatTypeKind;
}

static tj_status check_atomic(tj_unit *unit, LLVMValueRef inst, LLVMTypeRef type)
{
    if (is_atomic_type(unit, type))
        return TJ_OK;
    char *text = LLVMPrintTypeToString(type);
    tj_status status =
        tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                "atomic access of %.200s; i32, i64 and float are supported", text);
    LLVMDisposeMessage(text);
    return status;
}

static tj_status check_load(tj_unit *unit, LLVMValueRef inst)
{
    if (LLVMGetOrdering(inst) == LLVMAtomicOrderingNotAtomic)
        return TJ_OK;
    return check_atomic(unit, inst, LLVMTypeOf(inst));
}

static tj_status check_store(tj_unit *unit, LLVMValueRef inst)
{
    tj_status status = check_target(unit, inst, LLVMGetOperand(inst, 1));
    if (status || LLVMGetOrdering(inst) == LLVMAtomicOrderingNotAtomic)
        return status;
    return check_atomic(unit, inst, LLVMTypeOf(LLVMGetOperand(inst, 0)));
}

static tj_status check_cmpxchg(tj_unit *unit, LLVMValueRef inst)
{
    tj_status status = check_target(unit, inst, LLVMGetOperand(inst, 0));
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(inst, 1));
    bool is_short =
        LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 16;
    return status || is_short ? status : check_atomic(unit, inst, type);
}

static tj_status check_atomicrmw(tj_unit *unit, LLVMValueRef inst)
{
    tj_status status = check_target(unit, inst, LLVMGetOperand(inst, 0));
    if (!status)
        status = check_atomic(unit, inst, LLVMTypeOf(LLVMGetOperand(inst, 1)));
    if (status)
        return status;
    switch (LLVMGetAtomicRMWBinOp(inst)) {
    case LLVMAtomicRMWBinOpXchg:
    case LLVMAtomicRMWBinOpAdd:
    case LLVMAtomicRMWBinOpSub:
    case LLVMAtomicRMWBinOpAnd:
    case LLVMAtomicRMWBinOpOr:
    case LLVMAtomicRMWBinOpXor:
    case LLVMAtomicRMWBinOpMax:
    case LLVMAtomicRMWBinOpMin:
    case LLVMAtomicRMWBinOpUMax:
    case LLVMAtomicRMWBinOpUMin:
    case LLVMAtomicRMWBinOpFAdd:
    case LLVMAtomicRMWBinOpFMax:
    case LLVMAtomicRMWBinOpFMin:
        return TJ_OK;
    default:
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "this atomicrmw operation; xchg, add, sub, and, or, xor, max, min, "
                       "umax, umin, fadd, fmax and fmin are supported");
    }
}

static tj_status check_alloca(tj_unit *unit, LLVMValueRef inst)
{
    LLVMBasicBlockRef block = LLVMGetInstructionParent(inst);
    LLVMTypeRef type = LLVMGetAllocatedType(inst);
    if (!LLVMIsAConstantInt(LLVMGetOperand(inst, 0)))
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "alloca of variable length; constant lengths are supported");
    if (block != LLVMGetEntryBasicBlock(LLVMGetBasicBlockParent(block)))
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "alloca outside the entry block; variables are made there");
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(inst)) != TJ_AS_THREAD)
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "alloca in address space %u; variables live in space 0",
                       LLVMGetPointerAddressSpace(LLVMTypeOf(inst)));
    if (LLVMGetTypeKind(type) == LLVMScalableVectorTypeKind ||
        LLVMGetTypeKind(type) == LLVMTargetExtTypeKind)
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "alloca of a type without a constant size");
    return TJ_OK;
}

/* ---- instructions ---------------------------------------------------------------------------
 */

static const struct opcode_rule {
    LLVMOpcode opcode;
    tj_status (*check)(tj_unit *unit, LLVMValueRef inst);
} opcode_rules[] = {
    {LLVMAlloca, check_alloca}, {LLVMLoad, check_load},
    {LLVMStore, check_store},   {LLVMAtomicCmpXchg, check_cmpxchg},
    {LLVMCall, tj_check_call},  {LLVMAtomicRMW, check_atomicrmw},
};

static tj_status refuse_global(void *context, LLVMValueRef user, LLVMValueRef global)
{
    tj_unit *unit = context;
    size_t byte_len;
    const char *name = LLVMGetValueName2(global, &byte_len);
    if (LLVMIsAGlobalVariable(global))
        return tj_check_global(unit, user, global);
    return tj_fail(unit, user, TJ_E_UNSUPPORTED, "address of '%.200s'; only variables have one",
                   name);
}

static tj_status check_operands(tj_unit *unit, LLVMValueRef inst, const struct opcode_row *row)
{
    bool is_call = row->opcode == LLVMCall;
    unsigned count = is_call ? LLVMGetNumArgOperands(inst) : (unsigned)LLVMGetNumOperands(inst);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, i);
        tj_status status = check_type(unit, inst, row, LLVMTypeOf(operand));
        if (!status && LLVMIsConstant(operand))
            status = tj_each_global(unit, inst, operand, refuse_global, unit);
        if (status)
            return status;
    }
    return TJ_OK;
}

static tj_status accept_global(void *context, LLVMValueRef user, LLVMValueRef global)
{
    (void)context;
    (void)user;
    (void)global;
    return TJ_OK;
}

/* First of all, so that every later message can print the instruction. */
static tj_status check_constant_sizes(tj_unit *unit, LLVMValueRef inst)
{
    tj_status status = TJ_OK;
    for (int i = 0; i < LLVMGetNumOperands(inst) && !status; i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, (unsigned)i);
        if (operand && LLVMIsConstant(operand) && !LLVMIsAFunction(operand))
            status = tj_each_global(unit, inst, operand, accept_global, NULL);
    }
    return status;
}

tj_status tj_check_inst(tj_unit *unit, LLVMValueRef inst)
{
    const struct opcode_row *row = find_row(LLVMGetInstructionOpcode(inst));
    tj_status sizes = check_constant_sizes(unit, inst);
    if (sizes)
        return sizes;
    if (!row || !(row->flags & ACCEPTED))
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED, "instruction '%s' is not supported",
                       row ? row->name : "unknown");
    for (size_t i = 0; i < sizeof(opcode_rules) / sizeof(opcode_rules[0]); i++) {
        tj_status status =
            opcode_rules[i].opcode == row->opcode ? opcode_rules[i].check(unit, inst) : TJ_OK;
        if (status)
            return status;
    }
    tj_status status = check_type(unit, inst, row, LLVMTypeOf(inst));
    return status ? status : check_operands(unit, inst, row);
}
