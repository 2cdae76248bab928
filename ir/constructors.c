/* SPDX-License-Identifier: MIT */
/* Static initialisers: the functions of llvm.global_ctors, which copy function constants to the
 * variables that kernels read and compute others from them (air.md 3.10).
 *
 * Here they are found and checked, and it is found out which function constants each kernel
 * depends on: through the variables it reads, and through the stores that fill these.
 */
#include "address.h"
#include "check.h"
#include "ptrmap.h"

#include <llvm-c/Core.h>
#include <stdlib.h>

/* ---- the list ------------------------------------------------------------------------------
 */

enum { CTOR_PRIORITY = 0, CTOR_FUNCTION = 1 };

typedef struct row {
    uint64_t priority;
    unsigned number;
    LLVMValueRef function;
} row;

/* Lower priorities run first, equal ones in their order. */
static int compare_rows(const void *a, const void *b)
{
    const row *first = a, *second = b;
    if (first->priority != second->priority)
        return first->priority < second->priority ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

unsigned tj_constructors(const tj_unit *unit, tj_arena *arena, LLVMValueRef **out)
{
    LLVMValueRef global = LLVMGetNamedGlobal(unit->module, "llvm.global_ctors");
    LLVMValueRef init = global ? LLVMGetInitializer(global) : NULL;
    if (!init || !LLVMIsAConstantArray(init))
        return 0;
    unsigned count = (unsigned)LLVMGetNumOperands(init);
    row *rows = tj_new_array(arena, row, count);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef parts = LLVMGetOperand(init, i);
        bool is_whole = LLVMGetNumOperands(parts) > CTOR_FUNCTION;
        LLVMValueRef priority = is_whole ? LLVMGetOperand(parts, CTOR_PRIORITY) : NULL;
        rows[i].number = i;
        rows[i].function = is_whole ? LLVMGetOperand(parts, CTOR_FUNCTION) : parts;
        if (priority && LLVMIsAConstantInt(priority))
            rows[i].priority = LLVMConstIntGetZExtValue(priority);
    }
    qsort(rows, count, sizeof *rows, compare_rows);
    *out = tj_new_array(arena, LLVMValueRef, count);
    for (unsigned i = 0; i < count; i++)
        (*out)[i] = rows[i].function;
    return count;
}

LLVMValueRef tj_base_variable(LLVMValueRef address)
{
    while (!LLVMIsAGlobalVariable(address)) {
        bool is_step = LLVMIsAGetElementPtrInst(address) || LLVMIsABitCastInst(address) ||
                       (LLVMIsAConstantExpr(address) &&
                        (LLVMGetConstOpcode(address) == LLVMGetElementPtr ||
                         LLVMGetConstOpcode(address) == LLVMBitCast));
        if (!is_step)
            return NULL;
        address = LLVMGetOperand(address, 0);
    }
    return address;
}

bool tj_is_initialising_store(LLVMValueRef inst)
{
    if (!LLVMIsAStoreInst(inst) || LLVMGetOrdering(inst) != LLVMAtomicOrderingNotAtomic)
        return false;
    LLVMValueRef variable = tj_base_variable(LLVMGetOperand(inst, 1));
    return variable && !LLVMIsGlobalConstant(variable) &&
           LLVMGetPointerAddressSpace(LLVMTypeOf(variable)) == TJ_AS_CONSTANT &&
           LLVMGetInitializer(variable);
}

/* ---- checks --------------------------------------------------------------------------------
 */

static tj_status check_constructor(tj_unit *unit, LLVMValueRef function)
{
    tj_loc loc = {.file = unit->file};
    if (!LLVMIsAFunction(function) || LLVMIsDeclaration(function))
        return tj_fail_at(&unit->diags, TJ_E_UNSUPPORTED, &loc,
                          "a constructor that is no function of the module");
    if (LLVMCountParams(function) || LLVMGetTypeKind(LLVMGetReturnType(
                                         LLVMGlobalGetValueType(function))) != LLVMVoidTypeKind)
        return tj_fail(unit, function, TJ_E_UNSUPPORTED,
                       "a constructor with parameters or a result");
    return TJ_OK;
}

tj_status tj_check_constructors(tj_unit *unit)
{
    LLVMValueRef *list = NULL;
    unsigned count = tj_constructors(unit, unit->arena, &list);
    tj_status status = TJ_OK;
    for (unsigned i = 0; i < count && !status; i++)
        status = check_constructor(unit, list[i]);
    return status;
}

/* ---- what a kernel depends on
 * ----------------------------------------------------------------
 */

/* Everything reached so far; grows while it is walked. */
typedef struct reach {
    tj_unit *unit;
    tj_ptrmap seen; /* globals and instructions of constructors */
    LLVMValueRef *list;
    unsigned count;
    LLVMValueRef *stores; /* of all constructors */
    unsigned store_count;
} reach;

static void add(reach *r, LLVMValueRef value)
{
    if (tj_ptrmap_find(&r->seen, value) != UINT32_MAX)
        return;
    tj_ptrmap_put(&r->seen, value, 0);
    r->list[r->count++] = value;
}

static tj_status add_global(void *context, LLVMValueRef user, LLVMValueRef global)
{
    (void)user;
    if (LLVMIsAGlobalVariable(global) || LLVMIsAFunction(global))
        add(context, global);
    return TJ_OK;
}

static tj_status add_operands(reach *r, LLVMValueRef inst, bool with_instructions)
{
    tj_status status = TJ_OK;
    for (int i = 0; i < LLVMGetNumOperands(inst) && !status; i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, (unsigned)i);
        if (operand && LLVMIsAGlobalValue(operand))
            add_global(r, inst, operand);
        else if (operand && LLVMIsConstant(operand))
            status = tj_each_global(r->unit, inst, operand, add_global, r);
        else if (operand && with_instructions && LLVMIsAInstruction(operand))
            add(r, operand);
    }
    return status;
}

static tj_status add_function(reach *r, LLVMValueRef function)
{
    tj_status status = TJ_OK;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
         block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst && !status;
             inst = LLVMGetNextInstruction(inst))
            status = add_operands(r, inst, false);
    return status;
}

/* A store into `variable` adds what is stored; with control flow, all of its function. */
static tj_status add_store(reach *r, LLVMValueRef store)
{
    LLVMValueRef function = LLVMGetBasicBlockParent(LLVMGetInstructionParent(store));
    if (LLVMCountBasicBlocks(function) > 1) {
        add(r, function);
        return TJ_OK;
    }
    return add_operands(r, store, true);
}

static tj_status add_stores(reach *r, LLVMValueRef variable)
{
    tj_status status = TJ_OK;
    for (unsigned i = 0; i < r->store_count && !status; i++) {
        LLVMValueRef target = tj_base_variable(LLVMGetOperand(r->stores[i], 1));
        if (!target || target == variable)
            status = add_store(r, r->stores[i]);
    }
    return status;
}

/* What a table points to is reached with it. */
static void add_pointed(void *context, LLVMValueRef pointer, uint64_t at)
{
    reach *r = context;
    LLVMValueRef target = NULL;
    uint64_t offset;
    (void)at;
    if (tj_constant_address(LLVMGetModuleDataLayout(r->unit->module), pointer, &target,
                            &offset))
        add(r, target);
}

static void add_table(reach *r, LLVMValueRef variable)
{
    LLVMValueRef init = LLVMIsAGlobalVariable(variable) ? LLVMGetInitializer(variable) : NULL;
    if (init)
        tj_each_address(LLVMGetModuleDataLayout(r->unit->module), init, add_pointed, r);
}

static tj_status walk(reach *r)
{
    tj_status status = TJ_OK;
    for (unsigned i = 0; i < r->count && !status; i++) {
        LLVMValueRef value = r->list[i];
        if (LLVMIsAFunction(value))
            status = add_function(r, value);
        else if (LLVMIsAInstruction(value))
            status = add_operands(r, value, true);
        else if (!LLVMIsGlobalConstant(value))
            status = add_stores(r, value);
        add_table(r, value);
    }
    return status;
}

/* ---- all kernels
 * -----------------------------------------------------------------------------
 */

/* Functions that constructors reach, in a reach without stores. */
static tj_status collect_stores(reach *r, reach *constructors)
{
    tj_status status = walk(constructors);
    for (unsigned i = 0; i < constructors->count && !status; i++) {
        if (!LLVMIsAFunction(constructors->list[i]))
            continue;
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(constructors->list[i]); block;
             block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef inst = LLVMGetFirstInstruction(block); inst;
                 inst = LLVMGetNextInstruction(inst))
                if (LLVMIsAStoreInst(inst))
                    r->stores[r->store_count++] = inst;
    }
    return status;
}

static unsigned count_values(LLVMModuleRef module)
{
    unsigned count = 1;
    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g))
        count++;
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f)) {
        count++;
        for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
            for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
                count++;
    }
    return count;
}

static void begin(reach *r, tj_arena *arena, unsigned capacity)
{
    tj_ptrmap_init(&r->seen, arena, capacity);
    r->list = tj_new_array(arena, LLVMValueRef, capacity);
    r->count = 0;
}

static tj_status find_used(reach *r, tj_kernel *kernel)
{
    tj_unit *unit = r->unit;
    add(r, kernel->function);
    for (unsigned i = 0; i < kernel->arg_count; i++)
        if (kernel->args[i].predicate)
            add(r, LLVMGetNamedGlobal(unit->module, kernel->args[i].predicate));
    tj_status status = walk(r);
    kernel->constants = tj_new_array(unit->arena, unsigned, unit->constant_count);
    for (unsigned i = 0; i < unit->constant_count; i++)
        if (tj_ptrmap_find(&r->seen, unit->constants[i].global) != UINT32_MAX)
            kernel->constants[kernel->constant_count++] = i;
    return status;
}

tj_status tj_find_used_constants(tj_unit *unit)
{
    if (!unit->constant_count)
        return TJ_OK;
    tj_arena *scratch = tj_arena_create();
    unsigned capacity = count_values(unit->module);
    reach constructors = {.unit = unit}, r = {.unit = unit};
    LLVMValueRef *list = NULL;
    unsigned count = tj_constructors(unit, scratch, &list);
    begin(&constructors, scratch, capacity);
    r.stores = tj_new_array(scratch, LLVMValueRef, capacity);
    for (unsigned i = 0; i < count; i++)
        add(&constructors, list[i]);
    tj_status status = collect_stores(&r, &constructors);
    for (unsigned k = 0; k < unit->kernel_count && !status; k++) {
        tj_arena *of_kernel = tj_arena_create();
        begin(&r, of_kernel, capacity);
        status = find_used(&r, &unit->kernels[k]);
        tj_arena_destroy(of_kernel);
    }
    tj_arena_destroy(scratch);
    return status;
}
