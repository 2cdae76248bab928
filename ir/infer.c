/* SPDX-License-Identifier: MIT */
/* Element type and access of a pointer parameter from its uses, for kernels whose metadata
 * does not tell. Follows address computations, casts, phis, selects and calls of functions
 * with a body; the number of pointers and uses looked at is bounded. */
#include "elem.h"

#include <llvm-c/Core.h>
#include <string.h>

enum { MAX_POINTERS = 64, MAX_USES = 4096 };

typedef struct walk {
    LLVMTargetDataRef layout; /* NULL: no types wanted */
    LLVMValueRef seen[MAX_POINTERS];
    unsigned seen_count, use_count;
    unsigned access; /* bits of tj_access */
    bool has_elem;
    tj_elem elem;
} walk;

static void follow(walk *w, LLVMValueRef pointer);

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Uses are visited newest first, so the last word is the first use's. */
static void note_elem(walk *w, tj_elem elem)
{
    w->has_elem = true;
    w->elem = elem;
}

/* Arrays and structs with one member count as what they hold. */
static void note_type(walk *w, LLVMTypeRef type)
{
    tj_elem elem;
    if (!w->layout || !LLVMTypeIsSized(type))
        return;
    for (;;) {
        LLVMTypeKind kind = LLVMGetTypeKind(type);
        if (kind == LLVMArrayTypeKind)
            type = LLVMGetElementType(type);
        else if (kind == LLVMStructTypeKind && LLVMCountStructElementTypes(type) == 1)
            type = LLVMStructGetTypeAtIndex(type, 0);
        else
            break;
    }
    if (tj_elem_of_type(type, &elem)) {
        note_elem(w, elem);
    } else if (LLVMGetTypeKind(type) == LLVMStructTypeKind) {
        note_elem(w, (tj_elem){TJ_SCALAR_UNKNOWN, 1, LLVMABISizeOfType(w->layout, type),
                               LLVMABIAlignmentOfType(w->layout, type)});
    }
}

static bool is_byte_type(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 8;
}

/* Byte offsets say less about the element than what is accessed behind them. */
static void visit_byte_gep(walk *w, LLVMValueRef gep, LLVMTypeRef type)
{
    bool had_elem = w->has_elem;
    tj_elem later = w->elem;
    w->has_elem = false;
    follow(w, gep);
    if (w->has_elem)
        return;
    if (had_elem)
        note_elem(w, later);
    else
        note_type(w, type);
}

static void visit_gep(walk *w, LLVMValueRef gep)
{
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    if (is_byte_type(type)) {
        visit_byte_gep(w, gep, type);
        return;
    }
    follow(w, gep);
    note_type(w, type);
}

/* The element type at the end of an AIR overload suffix: ".u.i32", ".p1f16", ".v2f32". */
static void note_suffix(walk *w, const char *callee)
{
    static const struct {
        const char *suffix;
        tj_elem elem;
    } rows[] = {
        {"bf16", {TJ_SCALAR_BF16, 1, 2, 2}}, {"f16", {TJ_SCALAR_F16, 1, 2, 2}},
        {"f32", {TJ_SCALAR_F32, 1, 4, 4}},   {"u.i32", {TJ_SCALAR_U32, 1, 4, 4}},
        {"i32", {TJ_SCALAR_I32, 1, 4, 4}},   {"u.i64", {TJ_SCALAR_U64, 1, 8, 8}},
        {"i64", {TJ_SCALAR_I64, 1, 8, 8}},
    };
    size_t callee_len = strlen(callee);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t suffix_len = strlen(rows[i].suffix);
        if (suffix_len < callee_len &&
            strcmp(callee + callee_len - suffix_len, rows[i].suffix) == 0) {
            note_elem(w, rows[i].elem);
            return;
        }
    }
}

static void visit_declared_call(walk *w, const char *callee, unsigned operand)
{
    static const struct {
        const char *prefix;
        unsigned operand;
        tj_access access;
    } rows[] = {
        {"air.atomic.global.load.", 0, TJ_ACCESS_READ},
        {"air.atomic.local.load.", 0, TJ_ACCESS_READ},
        {"air.atomic.global.store.", 0, TJ_ACCESS_WRITE},
        {"air.atomic.local.store.", 0, TJ_ACCESS_WRITE},
        {"air.simdgroup_matrix_8x8_load.", 0, TJ_ACCESS_READ},
        {"air.simdgroup_matrix_8x8_store.", 1, TJ_ACCESS_WRITE},
        {"llvm.memcpy.", 0, TJ_ACCESS_WRITE},
        {"llvm.memcpy.", 1, TJ_ACCESS_READ},
        {"llvm.memmove.", 0, TJ_ACCESS_WRITE},
        {"llvm.memmove.", 1, TJ_ACCESS_READ},
        {"llvm.memset.", 0, TJ_ACCESS_WRITE},
    };
    if (starts_with(callee, "air."))
        note_suffix(w, callee);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (operand == rows[i].operand && starts_with(callee, rows[i].prefix)) {
            w->access |= rows[i].access;
            return;
        }
    }
    w->access |= TJ_ACCESS_READ_WRITE;
}

static void visit_call(walk *w, LLVMValueRef call, unsigned operand)
{
    LLVMValueRef callee = LLVMGetCalledValue(call);
    bool is_known = LLVMIsAFunction(callee) && operand < LLVMGetNumArgOperands(call);
    if (is_known && LLVMCountBasicBlocks(callee) && operand < LLVMCountParams(callee)) {
        follow(w, LLVMGetParam(callee, operand));
    } else if (is_known) {
        size_t name_len;
        visit_declared_call(w, LLVMGetValueName2(callee, &name_len), operand);
    } else {
        w->access |= TJ_ACCESS_READ_WRITE;
    }
}

static void visit_use(walk *w, LLVMValueRef user, unsigned operand)
{
    switch (LLVMGetInstructionOpcode(user)) {
    case LLVMLoad:
        note_type(w, LLVMTypeOf(user));
        w->access |= TJ_ACCESS_READ;
        break;
    case LLVMStore:
        if (operand == 1)
            note_type(w, LLVMTypeOf(LLVMGetOperand(user, 0)));
        w->access |= operand == 1 ? TJ_ACCESS_WRITE : TJ_ACCESS_READ_WRITE;
        break;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        note_type(w, LLVMTypeOf(LLVMGetOperand(user, 1)));
        w->access |= TJ_ACCESS_READ_WRITE;
        break;
    case LLVMGetElementPtr:
        visit_gep(w, user);
        break;
    case LLVMBitCast:
    case LLVMAddrSpaceCast:
    case LLVMPHI:
    case LLVMSelect:
        follow(w, user);
        break;
    case LLVMCall:
        visit_call(w, user, operand);
        break;
    case LLVMICmp:
        break;
    default:
        w->access |= TJ_ACCESS_READ_WRITE;
        break;
    }
}

/* False when the pointer was seen before or the limits are reached. */
static bool enter(walk *w, LLVMValueRef pointer)
{
    for (unsigned i = 0; i < w->seen_count; i++)
        if (w->seen[i] == pointer)
            return false;
    if (w->seen_count == MAX_POINTERS) {
        w->access |= TJ_ACCESS_READ_WRITE;
        return false;
    }
    w->seen[w->seen_count++] = pointer;
    return true;
}

static void visit_user(walk *w, LLVMValueRef user, LLVMValueRef pointer)
{
    int operand_count = LLVMGetNumOperands(user);
    for (int i = 0; i < operand_count; i++)
        if (LLVMGetOperand(user, (unsigned)i) == pointer)
            visit_use(w, user, (unsigned)i);
}

static void follow(walk *w, LLVMValueRef pointer)
{
    if (!enter(w, pointer))
        return;
    LLVMUseRef use = LLVMGetFirstUse(pointer);
    for (; use; use = LLVMGetNextUse(use)) {
        if (w->use_count++ >= MAX_USES) {
            w->access |= TJ_ACCESS_READ_WRITE;
            return;
        }
        visit_user(w, LLVMGetUser(use), pointer);
    }
}

bool tj_elem_infer(LLVMValueRef pointer, LLVMTargetDataRef layout, tj_elem *out)
{
    walk w = {.layout = layout};
    follow(&w, pointer);
    if (w.has_elem)
        *out = w.elem;
    return w.has_elem;
}

tj_access tj_access_infer(LLVMValueRef pointer)
{
    walk w = {0};
    follow(&w, pointer);
    return w.access ? (tj_access)w.access : TJ_ACCESS_READ;
}
