/* SPDX-License-Identifier: MIT */
/* Addresses back to objects: chains of GEPs become root[index].field, a cast only where memory
 * is read as another type than the root's.
 */
#include "msl.h"

#include "shape.h"

#include <string.h>

enum { MAX_TERMS = 8, MAX_FACTOR = 1 << 20, MAX_STEPS = 4 };

/* root + sum(index * scale) + constant, in bytes */
typedef struct address {
    LLVMValueRef root;
    LLVMValueRef index[MAX_TERMS];
    int64_t scale[MAX_TERMS];
    unsigned count;
    int64_t constant;
} address;

/* ---- taking apart ---------------------------------------------------------------------- */

static bool is_step(LLVMValueRef value, int depth)
{
    LLVMOpcode opcode;
    LLVMValueRef by;

    if (!LLVMIsABinaryOperator(value) ||
        LLVMGetTypeKind(LLVMTypeOf(value)) != LLVMIntegerTypeKind ||
        LLVMGetIntTypeWidth(LLVMTypeOf(value)) != 64)
        return false;
    opcode = LLVMGetInstructionOpcode(value);
    by = LLVMGetOperand(value, 1);
    if (!LLVMIsAConstantInt(by) || LLVMConstIntGetSExtValue(by) > MAX_FACTOR ||
        LLVMConstIntGetSExtValue(by) < -MAX_FACTOR)
        return false;
    if (opcode != LLVMAdd && opcode != LLVMMul &&
        (opcode != LLVMShl || LLVMConstIntGetZExtValue(by) > 20))
        return false;
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use))
        if (!LLVMIsAGetElementPtrInst(LLVMGetUser(use)) &&
            (!depth || !is_step(LLVMGetUser(use), depth - 1)))
            return false;
    return true;
}

bool tj_msl_is_index_step(LLVMValueRef value)
{
    return is_step(value, MAX_STEPS);
}

static void add_index(tj_msl *m, address *a, LLVMValueRef index, int64_t scale)
{
    while (tj_msl_is_index_step(index) && scale < MAX_FACTOR && scale > -MAX_FACTOR) {
        int64_t by = LLVMConstIntGetSExtValue(LLVMGetOperand(index, 1));

        if (LLVMGetInstructionOpcode(index) == LLVMAdd)
            a->constant += by * scale;
        else
            scale *= LLVMGetInstructionOpcode(index) == LLVMMul ? by : (int64_t)1 << by;
        index = LLVMGetOperand(index, 0);
    }
    if (LLVMIsAConstantInt(index)) {
        a->constant += LLVMConstIntGetSExtValue(index) * scale;
        return;
    }
    if (a->count == MAX_TERMS) {
        tj_msl_refuse(m, index, "address of more than %d indices", MAX_TERMS);
        return;
    }
    a->index[a->count] = index;
    a->scale[a->count++] = scale;
}

static void add_gep(tj_msl *m, address *a, LLVMValueRef gep)
{
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);

    for (unsigned i = 1; i <= LLVMGetNumIndices(gep); i++) {
        LLVMValueRef index = LLVMGetOperand(gep, i);

        if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);

            a->constant += (int64_t)LLVMOffsetOfElement(m->layout, type, field);
            type = LLVMStructGetTypeAtIndex(type, field);
            continue;
        }
        if (i > 1)
            type = LLVMGetElementType(type);
        add_index(m, a, index, (int64_t)LLVMABISizeOfType(m->layout, type));
    }
}

LLVMValueRef tj_msl_root(LLVMValueRef pointer)
{
    while (LLVMIsAGetElementPtrInst(pointer) ||
           (LLVMIsAConstantExpr(pointer) && LLVMGetConstOpcode(pointer) == LLVMGetElementPtr))
        pointer = LLVMGetOperand(pointer, 0);
    return pointer;
}

static address take_apart(tj_msl *m, LLVMValueRef pointer)
{
    address a = {.root = pointer};

    while (LLVMIsAGetElementPtrInst(a.root) ||
           (LLVMIsAConstantExpr(a.root) && LLVMGetConstOpcode(a.root) == LLVMGetElementPtr)) {
        add_gep(m, &a, a.root);
        a.root = LLVMGetOperand(a.root, 0);
    }
    return a;
}

/* ---- what memory holds ----------------------------------------------------------------- */

static LLVMTypeRef scalar_type(const tj_msl *m, tj_scalar scalar, bool *is_signed)
{
    LLVMContextRef c = m->unit->llctx;

    *is_signed = scalar == TJ_SCALAR_I8 || scalar == TJ_SCALAR_I16 || scalar == TJ_SCALAR_I32 ||
                 scalar == TJ_SCALAR_I64;
    switch (scalar) {
    case TJ_SCALAR_I8:
    case TJ_SCALAR_U8:
    case TJ_SCALAR_BOOL:
        return LLVMInt8TypeInContext(c);
    case TJ_SCALAR_I16:
    case TJ_SCALAR_U16:
        return LLVMInt16TypeInContext(c);
    case TJ_SCALAR_I32:
    case TJ_SCALAR_U32:
        return LLVMInt32TypeInContext(c);
    case TJ_SCALAR_I64:
    case TJ_SCALAR_U64:
        return LLVMInt64TypeInContext(c);
    case TJ_SCALAR_F16:
        return LLVMHalfTypeInContext(c);
    case TJ_SCALAR_BF16:
        return LLVMBFloatTypeInContext(c);
    case TJ_SCALAR_F32:
        return LLVMFloatTypeInContext(c);
    default:
        return NULL;
    }
}

static LLVMTypeRef type_by_use(const tj_msl *m, LLVMValueRef pointer, int depth)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        LLVMTypeRef type = NULL;

        if (LLVMIsALoadInst(user))
            return LLVMTypeOf(user);
        if (LLVMIsAStoreInst(user) && LLVMGetOperand(user, 1) == pointer)
            return LLVMTypeOf(LLVMGetOperand(user, 0));
        if (LLVMIsAGetElementPtrInst(user))
            type = LLVMGetGEPSourceElementType(user);
        if (type &&
            (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) != 8))
            return type;
        if (depth && (type || LLVMIsAPHINode(user) || LLVMIsASelectInst(user)))
            if ((type = type_by_use(m, user, depth - 1)))
                return type;
    }
    return NULL;
}

LLVMTypeRef tj_msl_type_by_use(const tj_msl *m, LLVMValueRef pointer)
{
    LLVMTypeRef type = type_by_use(m, pointer, 4);

    return type && LLVMGetTypeKind(type) == LLVMPointerTypeKind
               ? LLVMInt64TypeInContext(m->unit->llctx)
               : type;
}

/* The struct that address computations with this pointer as base go through. */
LLVMTypeRef tj_msl_struct_by_use(LLVMValueRef pointer)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (LLVMIsAGetElementPtrInst(user) && LLVMGetOperand(user, 0) == pointer &&
            LLVMGetTypeKind(LLVMGetGEPSourceElementType(user)) == LLVMStructTypeKind)
            return LLVMGetGEPSourceElementType(user);
    }
    return NULL;
}

LLVMTypeRef tj_msl_type_of_argument(tj_msl *m, const tj_arg *arg, bool *is_signed)
{
    LLVMTypeRef type = scalar_type(m, arg->scalar, is_signed);

    if (type && arg->components > 1 && arg->components <= 4 &&
        strncmp(arg->type_name, "packed_", 7) != 0)
        type = LLVMVectorType(type, arg->components);
    return type;
}

static LLVMTypeRef pointee_of_arg(tj_msl *m, LLVMValueRef pointer, bool *is_signed)
{
    for (unsigned i = 0; i < m->kernel->arg_count; i++) {
        const tj_arg *arg = &m->kernel->args[i];
        LLVMTypeRef type;

        if (LLVMGetParam(m->kernel->function, i) != pointer)
            continue;
        type = tj_msl_type_of_argument(m, arg, is_signed);
        if (type || !arg->field_count)
            return type;
        return tj_msl_struct_of_arg(m, pointer, arg);
    }
    return NULL;
}

LLVMValueRef tj_msl_offset(tj_msl *m, LLVMValueRef pointer, int64_t *offset)
{
    address a = take_apart(m, pointer);

    *offset = a.constant;
    return a.count ? NULL : a.root;
}

LLVMValueRef tj_msl_steps(tj_msl *m, LLVMValueRef pointer, int64_t *constant, int64_t *step)
{
    address a = take_apart(m, pointer);

    *constant = a.constant;
    *step = 0;
    for (unsigned i = 0; i < a.count; i++)
        for (int64_t b = a.scale[i]; b;) {
            int64_t rest = *step % b;

            *step = b;
            b = rest;
        }
    return a.root;
}

static unsigned global_number(const tj_msl *m, LLVMValueRef global)
{
    unsigned n = 0;

    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g != global;
         g = LLVMGetNextGlobal(g))
        n++;
    return n;
}

LLVMTypeRef tj_msl_pointee(tj_msl *m, LLVMValueRef pointer, bool *is_signed)
{
    LLVMTypeRef type = NULL;
    LLVMValueRef origin;

    *is_signed = false;
    if (LLVMIsAGlobalVariable(pointer)) {
        *is_signed = m->is_global_signed && m->is_global_signed[global_number(m, pointer)];
        return tj_msl_memory_type(m, LLVMGlobalGetValueType(pointer));
    }
    if (LLVMIsAAllocaInst(pointer)) {
        *is_signed = tj_msl_is_signed(m, pointer);
        return tj_msl_memory_type(m, LLVMGetAllocatedType(pointer));
    }
    if (LLVMIsALoadInst(pointer) && (type = tj_msl_slot_pointee(m, pointer, is_signed)))
        return type;
    if ((type = tj_msl_web_pointee(m, pointer, &origin))) {
        if (origin)
            tj_msl_pointee(m, origin, is_signed);
        return type;
    }
    if (LLVMIsAArgument(pointer))
        type = pointee_of_arg(m, pointer, is_signed);
    if (!type)
        type = tj_msl_type_by_use(m, pointer);
    if (!type)
        return LLVMInt8TypeInContext(m->unit->llctx);
    if (tj_msl_is_vector(type) && LLVMGetVectorSize(type) > 4 && !tj_is_tile(type))
        type = LLVMVectorType(LLVMGetElementType(type), 4);
    return tj_msl_memory_type(m, type);
}

/* Parameters that are references, variables and arrays: their names are objects. */
static bool is_object(const tj_msl *m, LLVMValueRef root)
{
    const tj_mval *val = tj_msl_find(m, root);

    if (val && val->block == TJ_NONE)
        return m->is_reference[val - m->vals];
    return LLVMIsAGlobalVariable(root) || LLVMIsAAllocaInst(root);
}

static bool stays_inside(tj_msl *m, LLVMValueRef pointer, uint64_t limit)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        LLVMTypeRef type = NULL;
        address a;

        if (LLVMIsALoadInst(user))
            type = LLVMTypeOf(user);
        else if (LLVMIsAStoreInst(user) && LLVMGetOperand(user, 1) == pointer)
            type = LLVMTypeOf(LLVMGetOperand(user, 0));
        if (LLVMIsAGetElementPtrInst(user)) {
            if (!stays_inside(m, user, limit))
                return false;
            continue;
        }
        if (!type)
            return false;
        a = take_apart(m, pointer);
        /* within an array of a struct, any index does */
        if (a.constant < 0 ||
            (uint64_t)a.constant + LLVMABISizeOfType(m->layout, type) > limit ||
            (a.count && (int64_t)limit <= a.scale[0]))
            return false;
    }
    return true;
}

/* Metal writes what one value is by reference: `constant uint &count`. */
void tj_msl_find_references(tj_msl *m)
{
    m->is_reference = tj_new_array(m->arena, bool, m->kernel->arg_count + 1);
    for (unsigned i = 0; i < m->kernel->arg_count; i++) {
        const tj_arg *arg = &m->kernel->args[i];
        LLVMValueRef pointer = LLVMGetParam(m->kernel->function, i);
        bool is_signed;
        uint64_t size;

        if (arg->kind != TJ_ARG_BUFFER)
            continue;
        LLVMTypeRef type = tj_msl_pointee(m, pointer, &is_signed);

        size = LLVMABISizeOfType(m->layout, type);
        if (arg->address_space != TJ_AS_CONSTANT && !arg->fixed_byte_len)
            continue;
        m->is_reference[i] = arg->fixed_byte_len
                                 ? arg->fixed_byte_len == size && stays_inside(m, pointer, size)
                                 : LLVMGetFirstUse(pointer) && stays_inside(m, pointer, size);
    }
}

/* ---- putting together ------------------------------------------------------------------ */

/* How large the value can be, read without sign. */
static uint64_t limit_of(const tj_msl *m, LLVMValueRef value, int depth)
{
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(value));
    uint64_t all = bits >= 64 ? UINT64_MAX : (1ull << bits) - 1, a, b;
    LLVMOpcode opcode;

    if (LLVMIsAConstantInt(value))
        return LLVMConstIntGetZExtValue(value);
    if (!LLVMIsAInstruction(value) || !depth)
        return all;
    opcode = LLVMGetInstructionOpcode(value);
    if (opcode == LLVMZExt)
        return limit_of(m, LLVMGetOperand(value, 0), depth - 1);
    if (opcode == LLVMExtractElement)
        return tj_msl_input_limit(m, LLVMGetOperand(value, 0), all);
    if (LLVMGetNumOperands(value) != 2 || LLVMIsAPHINode(value))
        return all;
    if (LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(value, 1))) != LLVMIntegerTypeKind)
        return all;
    a = limit_of(m, LLVMGetOperand(value, 0), depth - 1);
    b = limit_of(m, LLVMGetOperand(value, 1), depth - 1);
    switch (opcode) {
    case LLVMAnd:
        return a < b ? a : b;
    case LLVMURem:
        return LLVMIsAConstantInt(LLVMGetOperand(value, 1)) && b ? b - 1 : a;
    case LLVMLShr:
        return LLVMIsAConstantInt(LLVMGetOperand(value, 1)) && b < bits ? a >> b : a;
    case LLVMShl:
        return LLVMIsAConstantInt(LLVMGetOperand(value, 1)) && b < bits && a <= all >> b
                   ? a << b
                   : all;
    case LLVMMul:
        return a && b <= all / a ? a * b : all;
    case LLVMAdd:
        return b <= all - a ? a + b : all;
    case LLVMUDiv:
        return a;
    default:
        return all;
    }
}

uint64_t tj_msl_input_limit(const tj_msl *m, LLVMValueRef value, uint64_t otherwise)
{
    const tj_mval *val = tj_msl_find(m, value);
    const tj_arg *arg;

    if (!val || val->block != TJ_NONE)
        return otherwise;
    arg = &m->kernel->args[val - m->vals];
    if (arg->kind != TJ_ARG_SYSVAL)
        return otherwise;
    switch (arg->sysval) {
    case TJ_SYSVAL_THREAD_POSITION_IN_THREADGROUP:
    case TJ_SYSVAL_THREAD_INDEX_IN_THREADGROUP:
        return TJ_MAX_THREADS - 1;
    case TJ_SYSVAL_THREADS_PER_THREADGROUP:
        return TJ_MAX_THREADS;
    case TJ_SYSVAL_THREAD_INDEX_IN_SIMDGROUP:
    case TJ_SYSVAL_SIMDGROUP_INDEX_IN_THREADGROUP:
        return TJ_SIMD_WIDTH - 1;
    default:
        return otherwise;
    }
}

/* One index: its value before it was widened, when that stands in its place. */
typedef struct term {
    LLVMValueRef value;
    bool is_signed, is_wide; /* 64 bits */
    uint64_t limit;          /* of narrow ones without sign */
    int64_t factor;
} term;

static term term_of(const tj_msl *m, LLVMValueRef index, int64_t factor)
{
    const tj_mval *val = tj_msl_find(m, index);
    term t = {.value = index, .is_signed = true, .factor = factor};

    if (val && val->is_folded && LLVMIsAInstruction(index)) {
        LLVMValueRef from = LLVMGetNumOperands(index) ? LLVMGetOperand(index, 0) : NULL;

        if (LLVMIsAZExtInst(index) && LLVMGetIntTypeWidth(LLVMTypeOf(from)) > 1) {
            t.value = from;
            t.is_signed = false;
        } else if (LLVMIsASExtInst(index) && LLVMGetIntTypeWidth(LLVMTypeOf(from)) > 1) {
            t.value = from;
        }
    }
    t.is_wide = LLVMGetIntTypeWidth(LLVMTypeOf(t.value)) == 64;
    t.limit = t.is_signed ? UINT64_MAX : limit_of(m, t.value, 8);
    if (!t.is_signed && LLVMIsAArgument(t.value))
        t.limit = tj_msl_input_limit(m, t.value, t.limit);
    return t;
}

static const char *term_text(tj_msl *m, const term *t, bool is_widened, int prec)
{
    bool has_factor = t->factor != 1;
    const char *text = tj_msl_expr_as(m, t->value, t->is_signed,
                                      is_widened   ? 0
                                      : has_factor ? TJ_PREC_MUL
                                                   : prec);

    if (is_widened)
        text = TJ_MSL_TEXT(m, "long(%s)", text);
    return has_factor ? TJ_MSL_TEXT(m, "%s * %lld", text, (long long)t->factor) : text;
}

/* Whether the sum of all terms and the constant fits 32 bits without sign. */
static bool is_small(const term *terms, unsigned count, int64_t whole)
{
    uint64_t sum = whole < 0 ? UINT32_MAX : (uint64_t)whole;

    for (unsigned i = 0; i < count; i++) {
        if (terms[i].is_signed || terms[i].factor < 0 || terms[i].limit > UINT32_MAX ||
            (uint64_t)terms[i].factor > UINT32_MAX)
            return false;
        sum += terms[i].limit * (uint64_t)terms[i].factor;
        if (sum >= UINT32_MAX)
            return false;
    }
    return true;
}

static const char *sum_text(tj_msl *m, const term *terms, unsigned count, int64_t whole,
                            int prec)
{
    const char *text = "";
    bool is_alone = count == 1 && !whole, is_wide = is_small(terms, count, whole);

    if (is_alone && terms[0].factor == 1)
        return term_text(m, &terms[0], false, prec);
    /* wide terms first: what is added to them is widened without being told */
    for (int narrow = 0; narrow < 2; narrow++)
        for (unsigned i = 0; i < count; i++) {
            const char *one;

            if (terms[i].is_wide == narrow)
                continue;
            bool must_widen =
                narrow &&
                (!is_wide || (terms[i].factor != 1 && !is_small(terms, count, whole)));

            one = term_text(m, &terms[i], must_widen, TJ_PREC_ADD + (*text != 0));
            text = *text ? TJ_MSL_TEXT(m, "%s + %s", text, one) : one;
            is_wide = true;
        }
    if (whole && *text)
        text = TJ_MSL_TEXT(m, "%s %c %lld", text, whole < 0 ? '-' : '+',
                           (long long)(whole < 0 ? -whole : whole));
    else if (whole)
        text = TJ_MSL_TEXT(m, "%lld", (long long)whole);
    return tj_msl_wrap(m, text, count + (whole != 0) > 1 ? TJ_PREC_ADD : TJ_PREC_MUL, prec);
}

/* Takes the part of the address that counts in steps of `size`: "i + 4", "" for 0. More than
 * one term is added in 64 bits, as addresses are. */
static const char *take_steps(tj_msl *m, address *a, int64_t size, int prec)
{
    int64_t whole = a->constant / size - (a->constant % size < 0);
    term terms[MAX_TERMS];
    unsigned taken = 0, left = 0;

    for (unsigned i = 0; i < a->count; i++) {
        if (a->scale[i] % size) {
            a->index[left] = a->index[i];
            a->scale[left++] = a->scale[i];
        } else {
            terms[taken++] = term_of(m, a->index[i], a->scale[i] / size);
        }
    }
    a->count = left;
    a->constant -= whole * size;
    if (!taken && !whole)
        return "";
    return sum_text(m, terms, taken, whole, prec);
}

static const char *name_of(tj_msl *m, LLVMValueRef root)
{
    if (!LLVMIsAGlobalVariable(root))
        return tj_msl_expr(m, root, TJ_PREC_PRIMARY);
    unsigned n = global_number(m, root);

    m->is_global_used[n] = true;
    return m->globals[n];
}

static bool is_arrow(const char *text)
{
    size_t len = strlen(text);

    return len > 2 && strcmp(text + len - 2, "->") == 0;
}

/* A matrix gives each thread two of its numbers. */
static const char *own_elements(tj_msl *m, const char *text, const address *a)
{
    return a->count || a->constant < 0 || a->constant >= 8
               ? NULL
               : TJ_MSL_TEXT(m, is_arrow(text) ? "%sthread_elements()" : "%s.thread_elements()",
                             text);
}

/* Goes down from an object of type *type to one of `wanted`; NULL when there is none. */
static const char *descend(tj_msl *m, const char *text, LLVMTypeRef *type, bool *is_signed,
                           address *a, LLVMTypeRef wanted)
{
    while (*type != wanted) {
        LLVMTypeKind kind = LLVMGetTypeKind(*type);

        if (kind == LLVMArrayTypeKind || kind == LLVMVectorTypeKind) {
            LLVMTypeRef elem = LLVMGetElementType(*type);
            const char *steps;

            if (kind == LLVMVectorTypeKind && LLVMGetVectorSize(*type) > 4 &&
                !(text = own_elements(m, text, a)))
                return NULL;
            steps = take_steps(m, a, (int64_t)LLVMABISizeOfType(m->layout, elem), 0);
            if (kind == LLVMVectorTypeKind && LLVMGetVectorSize(*type) <= 4 &&
                (!*steps || (*steps < '4' && !steps[1])))
                text = TJ_MSL_TEXT(m, is_arrow(text) ? "%s%c" : "%s.%c", text,
                                   "xyzw"[*steps ? *steps - '0' : 0]);
            else
                text = TJ_MSL_TEXT(m, "%s[%s]", text, *steps ? steps : "0");
            *type = elem;
        } else if (kind == LLVMStructTypeKind && a->constant >= 0 &&
                   (uint64_t)a->constant < LLVMABISizeOfType(m->layout, *type)) {
            const tj_mstruct *info = tj_msl_struct(m, *type);
            unsigned field =
                LLVMElementAtOffset(m->layout, *type, (unsigned long long)a->constant);

            if (!info || tj_msl_member_form(m, *type, field) == TJ_MEMBER_BYTES)
                return NULL;
            a->constant -= (int64_t)LLVMOffsetOfElement(m->layout, *type, field);
            text = TJ_MSL_TEXT(m, is_arrow(text) ? "%s%s" : "%s.%s", text, info->fields[field]);
            *is_signed = info->is_signed[field];
            *type = tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(*type, field));
        } else {
            return NULL;
        }
    }
    return a->count || a->constant ? NULL : text;
}

/* The number that starts where `pointer` points; NULL: there is none of this type. */
static const char *element_at(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type)
{
    address a = take_apart(m, pointer);
    bool is_signed;
    LLVMTypeRef at = tj_msl_pointee(m, a.root, &is_signed);
    const char *text = name_of(m, a.root), *steps;

    if (!is_object(m, a.root)) {
        steps = take_steps(m, &a, (int64_t)LLVMABISizeOfType(m->layout, at), 0);
        text = TJ_MSL_TEXT(m, "%s[%s]", text, *steps ? steps : "0");
    }
    return descend(m, text, &at, &is_signed, &a, type);
}

/* Vectors at addresses that only their numbers are aligned for. */
static bool is_packed(const tj_msl *m, LLVMTypeRef type)
{
    return tj_msl_is_vector(type) && m->align &&
           m->align < LLVMABIAlignmentOfType(m->layout, type) &&
           !(tj_msl_is_integer(type) && tj_msl_bits(type) == 1);
}

/* The bytes' address cast: for memory that is read as another type. */
static const char *by_cast(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type, bool is_signed)
{
    address a = take_apart(m, pointer);
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
    const char *const_word = "", *words = tj_msl_space(space), *steps, *element, *name;
    int64_t size = (int64_t)LLVMABISizeOfType(m->layout, type);
    const char *base =
        is_object(m, a.root) ? TJ_MSL_TEXT(m, "&%s", name_of(m, a.root)) : name_of(m, a.root);
    address trial = a;

    if (tj_msl_is_const(m, a.root) && space == TJ_AS_DEVICE)
        const_word = "const ";
    element = element_at(m, pointer, tj_msl_scalar(type));
    name = tj_msl_type(m, type, is_signed);
    if (is_packed(m, type))
        name = TJ_MSL_TEXT(m, "packed_%s", name);
    if (element)
        return TJ_MSL_TEXT(m, "*(%s%s %s *)&%s", const_word, words, name, element);
    steps = take_steps(m, &trial, size, 0);
    if (!trial.count && !trial.constant)
        return TJ_MSL_TEXT(m, "((%s%s %s *)%s)[%s]", const_word, words, name, base,
                           *steps ? steps : "0");
    steps = take_steps(m, &a, 1, TJ_PREC_MUL);
    return TJ_MSL_TEXT(m, "*(%s%s %s *)((%s%s uchar *)%s + %s)", const_word, words, name,
                       const_word, words, base, steps);
}

const char *tj_msl_plain_object(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type,
                                bool *is_signed)
{
    address a = take_apart(m, pointer);
    LLVMTypeRef at = tj_msl_pointee(m, a.root, is_signed);
    const char *text = name_of(m, a.root);

    if (!is_object(m, a.root)) {
        const char *steps = take_steps(m, &a, (int64_t)LLVMABISizeOfType(m->layout, at), 0);

        /* a pointer that walks is dereferenced, a buffer is indexed */
        if (!*steps && at == type && !LLVMIsAArgument(a.root))
            text = TJ_MSL_TEXT(m, "*%s", text);
        else if (!*steps && LLVMGetTypeKind(at) == LLVMStructTypeKind)
            text = TJ_MSL_TEXT(m, "%s->", text);
        else
            text = TJ_MSL_TEXT(m, "%s[%s]", text, *steps ? steps : "0");
    }
    return descend(m, text, &at, is_signed, &a, type);
}

const char *tj_msl_object(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type, bool *is_signed)
{
    const char *text = tj_msl_plain_object(m, pointer, type, is_signed);

    if (text)
        return text;
    tj_msl_pointee(m, tj_msl_root(pointer), is_signed);
    return by_cast(m, pointer, type, *is_signed);
}

const char *tj_msl_walk(tj_msl *m, LLVMValueRef pointer, int prec)
{
    address a = take_apart(m, pointer);
    bool is_signed;
    LLVMTypeRef at = tj_msl_pointee(m, a.root, &is_signed);
    const char *steps;

    if (is_object(m, a.root))
        return NULL;
    steps = take_steps(m, &a, (int64_t)LLVMABISizeOfType(m->layout, at), TJ_PREC_MUL);
    if (a.count || a.constant)
        return NULL;
    return *steps ? tj_msl_wrap(m, TJ_MSL_TEXT(m, "%s + %s", name_of(m, a.root), steps),
                                TJ_PREC_ADD, prec)
                  : name_of(m, a.root);
}
