/* SPDX-License-Identifier: MIT */
/* Which module-level variables a kernel may use: constants in thread and constant memory, of
 * plain data and of addresses of such constants, and variables in threadgroup memory. */
#include "address.h"
#include "check.h"
#include "ptrmap.h"

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

/* ---- variables ------------------------------------------------------------------------------
 */

/* Variables that an instruction reaches through tables: each is checked once. */
typedef struct reached {
    tj_ptrmap seen;
    LLVMValueRef *list;
    unsigned count;
} reached;

typedef struct variable {
    tj_unit *unit;
    LLVMValueRef user, global;
    const char *name;
    unsigned address_space;
    reached *found;
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

static tj_status check_address(const variable *v, LLVMValueRef address)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(v->unit->module);
    LLVMValueRef target = NULL;
    uint64_t offset;
    if (!tj_constant_address(layout, address, &target, &offset) ||
        LLVMGetPointerAddressSpace(LLVMTypeOf(target)) == TJ_AS_THREADGROUP)
        return refuse(v, "is initialised with an address that is not one of a constant");
    if (tj_ptrmap_find(&v->found->seen, target) == UINT32_MAX) {
        tj_ptrmap_put(&v->found->seen, target, 0);
        v->found->list[v->found->count++] = target;
    }
    return TJ_OK;
}

/* Numbers, null, undefined values and addresses of constants. The size check bounds the walk.
 */
static tj_status check_data(const variable *v, LLVMValueRef value, unsigned depth)
{
    bool is_aggregate = LLVMIsAConstantVector(value) || LLVMIsAConstantArray(value) ||
                        LLVMIsAConstantStruct(value);
    tj_status status = TJ_OK;
    if (is_leaf(value))
        return TJ_OK;
    if (LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind)
        return check_address(v, value);
    if (!is_aggregate || depth == 0)
        return refuse(v, "is initialised with an address as a number");
    for (int i = 0; i < LLVMGetNumOperands(value) && !status; i++)
        status = check_data(v, LLVMGetOperand(value, (unsigned)i), depth - 1);
    return status;
}

static tj_status check_constant(const variable *v)
{
    if (LLVMIsExternallyInitialized(v->global) && !is_function_constant(v))
        return refuse(v, "is set from outside and no function constant");
    /* Only static initialisers can write constant memory. */
    if (!LLVMIsGlobalConstant(v->global) && v->address_space != TJ_AS_CONSTANT)
        return refuse(v, "is writable; variables can be in threadgroup memory only");
    return check_data(v, LLVMGetInitializer(v->global), MAX_DEPTH);
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

static tj_status check_one(tj_unit *unit, LLVMValueRef user, LLVMValueRef global,
                           reached *found)
{
    size_t name_len;
    variable v = {.unit = unit, .user = user, .global = global, .found = found};
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

static unsigned count_globals(LLVMModuleRef module)
{
    unsigned count = 0;
    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g))
        count++;
    return count;
}

/* A table of plain data needs no list. */
static bool holds_pointers(LLVMValueRef global)
{
    LLVMTypeRef type = LLVMGlobalGetValueType(global);
    return LLVMGetInitializer(global) && tj_type_has_pointer(type);
}

tj_status tj_check_global(tj_unit *unit, LLVMValueRef user, LLVMValueRef global)
{
    reached found = {0};
    if (!holds_pointers(global))
        return check_one(unit, user, global, NULL);
    tj_arena *scratch = tj_arena_create();
    unsigned capacity = count_globals(unit->module);
    tj_status status = TJ_OK;
    tj_ptrmap_init(&found.seen, scratch, capacity);
    found.list = tj_new_array(scratch, LLVMValueRef, capacity);
    tj_ptrmap_put(&found.seen, global, 0);
    found.list[found.count++] = global;
    for (unsigned i = 0; i < found.count && !status; i++)
        status = check_one(unit, user, found.list[i], &found);
    tj_arena_destroy(scratch);
    return status;
}
