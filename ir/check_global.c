/* SPDX-License-Identifier: MIT */
/* Which module-level variables a kernel may use: constants with plain data in thread and
 * constant memory, and variables in threadgroup memory. */
#include "check.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

/* Deepest constant and most parts of one, counted as a tree. Compilers stay far below; LLVM
 * shares parts, so a small file can spell a tree of any size. */
enum { MAX_DEPTH = 32, MAX_EXPRESSION_PARTS = 4096 };
#define MAX_CONSTANT_BYTES ((uint64_t)64 << 20)

/* ---- the globals inside a constant ----------------------------------------------------------
 */

/* Numbers, null, undefined values and aggregates of zero have no parts. */
static bool is_leaf(LLVMValueRef constant)
{
    return !LLVMIsAGlobalValue(constant) && LLVMGetNumOperands(constant) == 0;
}

typedef struct constant_walk {
    tj_unit *unit;
    LLVMValueRef user;
    tj_global_visit *visit;
    void *context;
    unsigned parts;
} constant_walk;

/* The place is the function: the instruction cannot be printed, its text has no end. */
static tj_status refuse_size(constant_walk *w)
{
    LLVMBasicBlockRef block = LLVMGetInstructionParent(w->user);
    return tj_fail(w->unit, LLVMGetBasicBlockParent(block), TJ_E_UNSUPPORTED,
                   "constant of more than %d parts or %d levels", MAX_EXPRESSION_PARTS,
                   MAX_DEPTH);
}

static tj_status walk(constant_walk *w, LLVMValueRef value, unsigned depth)
{
    tj_status status = TJ_OK;
    if (++w->parts > MAX_EXPRESSION_PARTS || depth == 0)
        return refuse_size(w);
    if (LLVMIsAGlobalValue(value))
        return w->visit(w->context, w->user, value);
    if (LLVMIsABlockAddress(value))
        return tj_fail(w->unit, w->user, TJ_E_UNSUPPORTED,
                       "address of a block; branches name their blocks");
    for (int i = 0; i < LLVMGetNumOperands(value) && !status; i++)
        status = walk(w, LLVMGetOperand(value, (unsigned)i), depth - 1);
    return status;
}

tj_status tj_each_global(tj_unit *unit, LLVMValueRef user, LLVMValueRef constant,
                         tj_global_visit *visit, void *context)
{
    constant_walk w = {.unit = unit, .user = user, .visit = visit, .context = context};
    if (is_leaf(constant))
        return TJ_OK;
    return walk(&w, constant, MAX_DEPTH);
}

/* ---- initialisers ---------------------------------------------------------------------------
 */

/* Numbers, nulls and undefined values only. The size check bounds the walk. */
static bool is_plain_data(LLVMValueRef value, unsigned depth)
{
    if (is_leaf(value))
        return true;
    bool is_aggregate = LLVMIsAConstantVector(value) || LLVMIsAConstantArray(value) ||
                        LLVMIsAConstantStruct(value);
    if (!is_aggregate || depth == 0)
        return false;
    for (int i = 0; i < LLVMGetNumOperands(value); i++)
        if (!is_plain_data(LLVMGetOperand(value, (unsigned)i), depth - 1))
            return false;
    return true;
}

/* ---- variables ------------------------------------------------------------------------------
 */

typedef struct variable {
    tj_unit *unit;
    LLVMValueRef user, global;
    const char *name;
    unsigned address_space;
} variable;

static tj_status refuse(const variable *v, const char *what)
{
    return tj_fail(v->unit, v->user, TJ_E_UNSUPPORTED, "global '%.200s' %s", v->name, what);
}

static bool is_function_constant(const variable *v)
{
    for (unsigned i = 0; i < v->unit->constant_count; i++)
        if (v->unit->constants[i].global == v->global)
            return true;
    return false;
}

static tj_status check_constant(const variable *v)
{
    if (LLVMIsExternallyInitialized(v->global) && !is_function_constant(v))
        return refuse(v, "is set from outside and no function constant");
    /* Only static initialisers can write constant memory. */
    if (!LLVMIsGlobalConstant(v->global) && v->address_space != TJ_AS_CONSTANT)
        return refuse(v, "is writable; variables can be in threadgroup memory only");
    if (!is_plain_data(LLVMGetInitializer(v->global), MAX_DEPTH))
        return refuse(v, "is initialised with an address; plain data is supported");
    return TJ_OK;
}

/* Threadgroup memory has no contents when a threadgroup starts; zero is as good as none. */
static tj_status check_threadgroup(const variable *v)
{
    LLVMValueRef init = LLVMGetInitializer(v->global);
    if (!LLVMIsUndef(init) && !LLVMIsNull(init))
        return refuse(v, "in threadgroup memory has an initialiser; only undef is supported");
    return TJ_OK;
}

static tj_status check_size(const variable *v)
{
    LLVMTypeRef type = LLVMGlobalGetValueType(v->global);
    if (!LLVMTypeIsSized(type) || LLVMGetTypeKind(type) == LLVMScalableVectorTypeKind ||
        LLVMGetTypeKind(type) == LLVMTargetExtTypeKind)
        return refuse(v, "has a type without a constant size");
    uint64_t byte_len = LLVMABISizeOfType(LLVMGetModuleDataLayout(v->unit->module), type);
    if (byte_len > MAX_CONSTANT_BYTES)
        return tj_fail(v->unit, v->user, TJ_E_UNSUPPORTED,
                       "global '%.200s' of %llu bytes; up to %llu are supported", v->name,
                       (unsigned long long)byte_len, (unsigned long long)MAX_CONSTANT_BYTES);
    return TJ_OK;
}

tj_status tj_check_global(tj_unit *unit, LLVMValueRef user, LLVMValueRef global)
{
    size_t name_len;
    variable v = {.unit = unit, .user = user, .global = global};
    v.name = LLVMGetValueName2(global, &name_len);
    v.address_space = LLVMGetPointerAddressSpace(LLVMTypeOf(global));
    if (LLVMIsThreadLocal(global))
        return refuse(&v, "is thread-local; use thread memory inside the kernel");
    if (!LLVMGetInitializer(global))
        return refuse(&v, "is external; globals need an initialiser");
    tj_status status = check_size(&v);
    if (status)
        return status;
    switch (v.address_space) {
    case TJ_AS_THREADGROUP:
        return check_threadgroup(&v);
    case TJ_AS_THREAD:
    case TJ_AS_CONSTANT:
        return check_constant(&v);
    default:
        return tj_fail(unit, user, TJ_E_UNSUPPORTED,
                       "global '%.200s' in address space %u; 0, 2 and 3 are supported", v.name,
                       v.address_space);
    }
}
