/* SPDX-License-Identifier: MIT */
/* Memory that is only read and written by atomic functions is declared atomic, as a program
 * says it: `device atomic_uint *count`, `threadgroup atomic_int bins[16]`.
 */
#include "msl.h"

#include <string.h>

bool tj_msl_is_printed_atomic(LLVMValueRef call)
{
    const char *name = LLVMGetValueName(LLVMGetCalledValue(call));

    return strncmp(name, TJ_MSL_ATOMIC, strlen(TJ_MSL_ATOMIC)) == 0;
}

/* The type of the operation; NULL: it is another use. */
static const char *type_of_use(tj_msl *m, LLVMValueRef user, LLVMValueRef pointer)
{
    tj_intrin_use decoded;

    if (!LLVMIsACallInst(user) || LLVMGetOperand(user, 0) != pointer)
        return NULL;
    if (tj_intrin_of(user, &decoded))
        return tj_intrin_infos[decoded.id].overload == TJ_OVL_ATOMIC
                   ? tj_msl_atomic_type(m, user, &decoded)
                   : NULL;
    if (!tj_msl_is_printed_atomic(user))
        return NULL;
    return LLVMGetTypeKind(LLVMTypeOf(user)) == LLVMFloatTypeKind ? "atomic_float"
                                                                  : "atomic_uint";
}

/* The type of all operations on the pointer; NULL: another use, or operations that differ. */
static const char *type_of_uses(tj_msl *m, LLVMValueRef pointer, const char *so_far)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        const char *type;

        if (LLVMIsAGetElementPtrInst(user)) {
            if (LLVMGetFirstUse(user) && !(so_far = type_of_uses(m, user, so_far)))
                return NULL;
            continue;
        }
        type = type_of_use(m, user, pointer);
        if (!type)
            return NULL;
        if (!*so_far)
            so_far = type;
        if (strcmp(type, so_far))
            return NULL;
    }
    return so_far;
}

static LLVMTypeRef innermost(LLVMTypeRef type)
{
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    return type;
}

/* Whether numbers of this type are what the operations work on. */
static bool is_same_size(const tj_msl *m, LLVMTypeRef type, const char *atomic)
{
    LLVMTypeKind kind = LLVMGetTypeKind(innermost(type));
    unsigned bits = strcmp(atomic, "atomic_ulong") == 0 ? 64 : 32;

    (void)m;
    if (kind == LLVMFloatTypeKind)
        return strcmp(atomic, "atomic_float") == 0;
    return kind == LLVMIntegerTypeKind && strcmp(atomic, "atomic_float") &&
           LLVMGetIntTypeWidth(innermost(type)) == bits;
}

static const char *atomic_of(tj_msl *m, LLVMValueRef root)
{
    bool is_signed;
    const char *type = type_of_uses(m, root, "");

    if (!type || !*type || !is_same_size(m, tj_msl_pointee(m, root, &is_signed), type))
        return NULL;
    return type;
}

void tj_msl_find_atomics(tj_msl *m)
{
    unsigned n = 0;

    m->atomic_args = tj_new_array(m->arena, const char *, m->kernel->arg_count + 1);
    for (unsigned i = 0; i < m->kernel->arg_count; i++)
        if (m->kernel->args[i].kind != TJ_ARG_SYSVAL)
            m->atomic_args[i] = atomic_of(m, LLVMGetParam(m->kernel->function, i));
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g))
        n++;
    m->atomic_globals = tj_new_array(m->arena, const char *, n + 1);
    n = 0;
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g), n++)
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == TJ_AS_THREADGROUP)
            m->atomic_globals[n] = atomic_of(m, g);
}

const char *tj_msl_atomic_root(const tj_msl *m, LLVMValueRef root)
{
    const tj_mval *val = tj_msl_find(m, root);
    unsigned n = 0;

    if (val)
        return val->block == TJ_NONE ? m->atomic_args[val - m->vals] : NULL;
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g), n++)
        if (g == root)
            return m->atomic_globals[n];
    return NULL;
}
