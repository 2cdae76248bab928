/* SPDX-License-Identifier: MIT */
/* Functions that log (air.md 4.12): Apple's compiler emits a helper with variable arguments
 * that hands its va_list to air.os_log,
 *
 *     define void @log(ptr addrspace(2) %format, ...) {
 *       %list = alloca ptr
 *       call void @llvm.va_start(ptr %list)
 *       %args = load ptr, ptr %list
 *       call void @air.os_log(subsystem, category, i32 type, %format, %args, i64 size)
 *       call void @llvm.va_end(ptr %list)
 *
 * and passes floats as double, which kernels otherwise do not have. Here the helper gets two
 * parameters instead: a pointer to the arguments, and their length. Each caller writes them to
 * thread memory as 64-bit words: for each argument one that says what follows, then one for
 * each component. jit/log.c reads the same words. A literal goes with its bytes, as its address
 * says nothing behind the launch; of other pointers nothing goes.
 */
#include "params.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <string.h>

enum { KIND_INTEGER = 1, KIND_FLOAT = 2, KIND_POINTER = 3, KIND_TEXT = 4 };
enum { MAX_WORDS = 512, TEXT_WORDS = 16 };

/* The words of one call. */
typedef struct words {
    tj_unit *unit;
    LLVMBuilderRef builder;
    LLVMValueRef list[MAX_WORDS];
    unsigned count;
} words;

static const char *name_of(LLVMValueRef value)
{
    size_t byte_len;
    return LLVMGetValueName2(value, &byte_len);
}

static bool calls(LLVMValueRef inst, const char *prefix)
{
    LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
    return callee && LLVMIsAFunction(callee) &&
           strncmp(name_of(callee), prefix, strlen(prefix)) == 0;
}

/* ---- what can be passed ---------------------------------------------------------------------
 */

/* The value that was widened to double, or the argument itself. */
static LLVMValueRef narrow(LLVMValueRef value)
{
    return LLVMIsAFPExtInst(value) ? LLVMGetOperand(value, 0) : value;
}

static bool is_passable(LLVMValueRef value)
{
    value = narrow(value);
    LLVMTypeRef type = LLVMTypeOf(value);
    bool is_vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    LLVMTypeRef scalar = is_vector ? LLVMGetElementType(type) : type;
    if (is_vector && LLVMGetVectorSize(type) > 16)
        return false;
    switch (LLVMGetTypeKind(scalar)) {
    case LLVMIntegerTypeKind:
        return LLVMGetIntTypeWidth(scalar) <= 64;
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
    case LLVMFloatTypeKind:
        return true;
    case LLVMDoubleTypeKind:
        return LLVMIsAConstantFP(value) != NULL;
    case LLVMPointerTypeKind:
        return !is_vector;
    default:
        return false;
    }
}

/* Whether the value, a pointer to the arguments, only goes to air.os_log: their words are laid
 * out for jit/log.c alone. */
static bool is_only_logged(LLVMValueRef args)
{
    for (LLVMUseRef use = LLVMGetFirstUse(args); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsABitCastInst(user)
                ? !is_only_logged(user)
                : !calls(user, "air.os_log") || LLVMGetNumArgOperands(user) != 6 ||
                      LLVMGetOperand(user, 4) != args)
            return false;
    }
    return true;
}

/* The same for a va_list, or a cast of one. */
static bool is_list_only_logged(LLVMValueRef list)
{
    for (LLVMUseRef use = LLVMGetFirstUse(list); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        bool is_good = calls(user, "llvm.va_start") || calls(user, "llvm.va_end") ||
                       calls(user, "llvm.lifetime.");
        if (LLVMIsABitCastInst(user))
            is_good = is_list_only_logged(user);
        else if (LLVMIsALoadInst(user))
            is_good = is_only_logged(user);
        if (!is_good)
            return false;
    }
    return true;
}

/* It has a va_list, and that is only logged. */
static bool is_body_lowerable(LLVMValueRef function)
{
    bool has_list = false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
         block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst;
             inst = LLVMGetNextInstruction(inst)) {
            if (LLVMGetInstructionOpcode(inst) == LLVMVAArg || calls(inst, "llvm.va_copy"))
                return false;
            if (!calls(inst, "llvm.va_start"))
                continue;
            LLVMValueRef list = LLVMGetOperand(inst, 0);
            while (LLVMIsABitCastInst(list))
                list = LLVMGetOperand(list, 0);
            if (!LLVMIsAAllocaInst(list) || !is_list_only_logged(list))
                return false;
            has_list = true;
        }
    return has_list;
}

/* Every use is a direct call whose variable arguments can be passed. */
static bool is_lowerable(LLVMValueRef function)
{
    unsigned fixed = LLVMCountParams(function);
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef call = LLVMGetUser(use);
        if (!LLVMIsACallInst(call) || LLVMGetCalledValue(call) != function ||
            LLVMGetCalledFunctionType(call) != LLVMGlobalGetValueType(function) ||
            LLVMGetNumArgOperands(call) - fixed > MAX_WORDS / 17)
            return false;
        for (unsigned i = fixed; i < LLVMGetNumArgOperands(call); i++)
            if (!is_passable(LLVMGetOperand(call, i)))
                return false;
        for (unsigned i = 0; i < fixed; i++)
            if (LLVMGetOperand(call, i) == function)
                return false;
    }
    return true;
}

/* ---- words ----------------------------------------------------------------------------------
 */

static LLVMTypeRef i64_type(const words *w)
{
    return LLVMInt64TypeInContext(w->unit->llctx);
}

static void put(words *w, LLVMValueRef word)
{
    w->list[w->count++] = word;
}

static void put_head(words *w, unsigned kind, unsigned bits, unsigned count)
{
    uint64_t head = (uint64_t)kind << 32 | bits << 16 | count;
    put(w, LLVMConstInt(i64_type(w), head, false));
}

/* Bits of a number in a word; half and bfloat count as float. */
static LLVMValueRef number_word(words *w, LLVMValueRef value)
{
    LLVMTypeRef i32 = LLVMInt32TypeInContext(w->unit->llctx);
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(value));
    LLVMBool is_inexact;
    if (kind == LLVMDoubleTypeKind) {
        double number = LLVMConstRealGetDouble(value, &is_inexact);
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        return LLVMConstInt(i64_type(w), bits, false);
    }
    if (kind != LLVMIntegerTypeKind) {
        if (kind != LLVMFloatTypeKind)
            value =
                LLVMBuildFPExt(w->builder, value, LLVMFloatTypeInContext(w->unit->llctx), "");
        value = LLVMBuildBitCast(w->builder, value, i32, "");
    }
    return LLVMBuildIntCast2(w->builder, value, i64_type(w), false, "");
}

/* The bytes of the literal that a pointer is the address of, without the final zero; NULL: it is
 * none, or too long. */
static const char *literal_at(LLVMValueRef pointer, size_t *byte_len)
{
    while (LLVMIsConstant(pointer) && !LLVMIsAGlobalVariable(pointer) &&
           LLVMGetNumOperands(pointer) == 1)
        pointer = LLVMGetOperand(pointer, 0); /* a cast */
    LLVMValueRef data = LLVMIsAGlobalVariable(pointer) && LLVMIsGlobalConstant(pointer)
                            ? LLVMGetInitializer(pointer)
                            : NULL;
    *byte_len = 0;
    if (data && LLVMIsAConstantAggregateZero(data))
        return "";
    if (!data || !LLVMIsAConstantDataArray(data) || !LLVMIsConstantString(data))
        return NULL;
    const char *bytes = LLVMGetAsString(data, byte_len);
    *byte_len = strnlen(bytes, *byte_len);
    return *byte_len <= 8 * TEXT_WORDS ? bytes : NULL;
}

static void put_pointer(words *w, LLVMValueRef pointer)
{
    size_t byte_len;
    const char *bytes = literal_at(pointer, &byte_len);
    if (!bytes) {
        put_head(w, KIND_POINTER, 64, 0);
        return;
    }
    put_head(w, KIND_TEXT, (unsigned)byte_len, (unsigned)(byte_len + 7) / 8);
    for (size_t i = 0; i < byte_len; i += 8) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8 && i + k < byte_len; k++)
            word |= (uint64_t)(unsigned char)bytes[i + k] << 8 * k;
        put(w, LLVMConstInt(i64_type(w), word, false));
    }
}

static void put_argument(words *w, LLVMValueRef value)
{
    value = narrow(value);
    LLVMTypeRef type = LLVMTypeOf(value);
    bool is_vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    unsigned count = is_vector ? LLVMGetVectorSize(type) : 1;
    LLVMTypeRef scalar = is_vector ? LLVMGetElementType(type) : type;
    LLVMTypeRef i32 = LLVMInt32TypeInContext(w->unit->llctx);
    if (LLVMGetTypeKind(scalar) == LLVMPointerTypeKind) {
        put_pointer(w, value);
        return;
    }
    if (LLVMGetTypeKind(scalar) == LLVMIntegerTypeKind)
        put_head(w, KIND_INTEGER, LLVMGetIntTypeWidth(scalar), count);
    else
        put_head(w, KIND_FLOAT, LLVMGetTypeKind(scalar) == LLVMDoubleTypeKind ? 64 : 32, count);
    for (unsigned i = 0; i < count; i++)
        put(w,
            number_word(w, is_vector ? LLVMBuildExtractElement(w->builder, value,
                                                               LLVMConstInt(i32, i, false), "")
                                     : value));
}

/* Thread memory of the caller that holds the words. */
static LLVMValueRef store_words(words *w, LLVMValueRef call)
{
    LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(call));
    LLVMTypeRef type = LLVMArrayType2(i64_type(w), w->count ? w->count : 1);
    LLVMPositionBuilderBefore(w->builder,
                              LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)));
    LLVMValueRef area = LLVMBuildAlloca(w->builder, type, "log arguments");
    LLVMSetAlignment(area, 8);
    LLVMPositionBuilderBefore(w->builder, call);
    for (unsigned i = 0; i < w->count; i++) {
        LLVMValueRef index = LLVMConstInt(i64_type(w), i, false);
        LLVMValueRef place =
            LLVMBuildInBoundsGEP2(w->builder, i64_type(w), area, &index, 1, "");
        LLVMSetAlignment(LLVMBuildStore(w->builder, w->list[i], place), 8);
    }
    return area;
}

/* ---- calls and helpers ----------------------------------------------------------------------
 */

static void drop_widened(LLVMValueRef value)
{
    if (LLVMIsAFPExtInst(value) && !LLVMGetFirstUse(value))
        LLVMInstructionEraseFromParent(value);
}

static void replace_call(tj_unit *unit, LLVMValueRef call, LLVMValueRef function)
{
    unsigned fixed = LLVMCountParams(function) - 2, count = LLVMGetNumArgOperands(call);
    words *w = tj_new(unit->arena, words);
    LLVMValueRef *args = tj_new_array(unit->arena, LLVMValueRef, count + 2);
    w->unit = unit;
    w->builder = LLVMCreateBuilderInContext(unit->llctx);
    LLVMPositionBuilderBefore(w->builder, call);
    LLVMSetCurrentDebugLocation2(w->builder, LLVMInstructionGetDebugLoc(call));
    for (unsigned i = 0; i < count; i++)
        args[i] = LLVMGetOperand(call, i);
    for (unsigned i = fixed; i < count; i++)
        put_argument(w, args[i]);
    LLVMValueRef now[64];
    for (unsigned i = 0; i < fixed; i++)
        now[i] = args[i];
    now[fixed] = store_words(w, call);
    now[fixed + 1] = LLVMConstInt(i64_type(w), 8ull * w->count, false);
    LLVMValueRef result = LLVMBuildCall2(w->builder, LLVMGlobalGetValueType(function), function,
                                         now, fixed + 2, "");
    LLVMReplaceAllUsesWith(call, result);
    LLVMInstructionEraseFromParent(call);
    for (unsigned i = fixed; i < count; i++) {
        bool is_first = true;
        for (unsigned j = fixed; j < i; j++)
            is_first = is_first && args[j] != args[i];
        if (is_first)
            drop_widened(args[i]);
    }
    LLVMDisposeBuilder(w->builder);
}

/* va_start becomes a store of the pointer, va_end nothing; the length is the real one. */
static void lower_body(tj_unit *unit, LLVMValueRef function)
{
    unsigned count = LLVMCountParams(function);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
         block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef inst = LLVMGetFirstInstruction(block), next; inst; inst = next) {
            next = LLVMGetNextInstruction(inst);
            LLVMPositionBuilderBefore(builder, inst);
            if (calls(inst, "air.os_log") && LLVMGetNumArgOperands(inst) == 6) {
                LLVMSetOperand(inst, 5, LLVMGetParam(function, count - 1));
            } else if (calls(inst, "llvm.va_start")) {
                LLVMBuildStore(builder, LLVMGetParam(function, count - 2),
                               LLVMGetOperand(inst, 0));
                LLVMInstructionEraseFromParent(inst);
            } else if (calls(inst, "llvm.va_end")) {
                LLVMInstructionEraseFromParent(inst);
            }
        }
    LLVMDisposeBuilder(builder);
}

static void lower_function(tj_unit *unit, LLVMValueRef old)
{
    enum { MAX_FIXED = 62 };
    LLVMTypeRef types[MAX_FIXED + 2], type = LLVMGlobalGetValueType(old);
    unsigned fixed = LLVMCountParams(old);
    if (fixed > MAX_FIXED)
        return;
    LLVMGetParamTypes(type, types);
    types[fixed] = LLVMPointerTypeInContext(unit->llctx, TJ_AS_THREAD);
    types[fixed + 1] = LLVMInt64TypeInContext(unit->llctx);
    type = LLVMFunctionType(LLVMGetReturnType(type), types, fixed + 2, false);
    LLVMValueRef function = LLVMAddFunction(unit->module, "", type);
    LLVMSetLinkage(function, LLVMInternalLinkage);
    tj_move_body(old, function);
    lower_body(unit, function);
    for (LLVMUseRef use; (use = LLVMGetFirstUse(old));)
        replace_call(unit, LLVMGetUser(use), function);
    const char *name = tj_arena_strdup(unit->arena, name_of(old));
    LLVMDeleteFunction(old);
    LLVMSetValueName2(function, name, strlen(name));
}

void tj_lower_logging(tj_unit *unit)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module), next; f; f = next) {
        next = LLVMGetNextFunction(f);
        if (LLVMIsFunctionVarArg(LLVMGlobalGetValueType(f)) && !LLVMIsDeclaration(f) &&
            is_lowerable(f) && is_body_lowerable(f))
            lower_function(unit, f);
    }
}
