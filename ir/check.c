/* SPDX-License-Identifier: MIT */
/*
 * Refuses everything outside the accepted language, by name and place.
 *
 * needs   verified IR, kernels read
 * leaves  nothing changed; what passes can be brought into canonical form
 *
 * From each kernel the functions it reaches are walked depth first, so that a call of a
 * function that is still on the way is recursion. What no kernel reaches is not looked at.
 */
#include "check.h"

#include "ptrmap.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

/* Of a kernel after inlining; a few calls of calls can mean any number. */
enum { MAX_INSTRUCTIONS = 1 << 20 };

enum visit_state { NOT_SEEN, ON_THE_WAY, DONE };

/* A function on the way, and the call that is being followed. */
typedef struct frame {
    LLVMValueRef function;
    LLVMValueRef inst;
    uint64_t inst_count; /* so far, with everything called */
} frame;

typedef struct check {
    tj_unit *unit;
    tj_ptrmap functions; /* function with a body to its number */
    tj_ptrmap variables; /* threadgroup variables of this kernel */
    enum visit_state *states;
    uint64_t *inst_counts; /* of functions that are DONE */
    bool *checked;         /* instructions are checked once, whichever kernel comes first */
    bool is_constructor;   /* what is walked may write variables in constant memory */
    frame *stack;
    unsigned depth, function_count;
    uint64_t threadgroup_bytes; /* of this kernel */
} check;

/* ---- sizes ----------------------------------------------------------------------------------
 */

static uint64_t align_up(uint64_t value, uint64_t align)
{
    return align ? (value + align - 1) / align * align : value;
}

static tj_status add_variable(void *context, LLVMValueRef user, LLVMValueRef global)
{
    check *c = context;
    (void)user;
    if (!LLVMIsAGlobalVariable(global) ||
        LLVMGetPointerAddressSpace(LLVMTypeOf(global)) != TJ_AS_THREADGROUP ||
        tj_ptrmap_find(&c->variables, global) != UINT32_MAX)
        return TJ_OK;
    tj_ptrmap_put(&c->variables, global, 0);
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(c->unit->module);
    LLVMTypeRef type = LLVMGlobalGetValueType(global);
    uint64_t align = LLVMGetAlignment(global);
    uint64_t abi_align = LLVMABIAlignmentOfType(layout, type);
    c->threadgroup_bytes =
        align_up(c->threadgroup_bytes, align > abi_align ? align : abi_align) +
        LLVMABISizeOfType(layout, type);
    return TJ_OK;
}

static tj_status count_variables(check *c, LLVMValueRef inst)
{
    tj_status status = TJ_OK;
    for (int i = 0; i < LLVMGetNumOperands(inst) && !status; i++) {
        LLVMValueRef operand = LLVMGetOperand(inst, (unsigned)i);
        if (operand && LLVMIsConstant(operand) && !LLVMIsAFunction(operand))
            status = tj_each_global(c->unit, inst, operand, add_variable, c);
    }
    return status;
}

/* Of several kernels one may want too much: then only its own pipeline fails, as in Metal. */
static tj_status check_threadgroup_bytes(check *c, LLVMValueRef kernel)
{
    if (c->threadgroup_bytes <= TJ_MAX_THREADGROUP_BYTES || c->unit->kernel_count > 1)
        return TJ_OK;
    return tj_fail(c->unit, kernel, TJ_E_UNSUPPORTED,
                   "%llu bytes of threadgroup memory; a threadgroup has %d",
                   (unsigned long long)c->threadgroup_bytes, TJ_MAX_THREADGROUP_BYTES);
}

static tj_status check_private_bytes(check *c, LLVMValueRef function)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(c->unit->module);
    uint64_t total = 0;
    for (LLVMValueRef inst = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)); inst;
         inst = LLVMGetNextInstruction(inst)) {
        if (!LLVMIsAAllocaInst(inst))
            continue;
        uint64_t count = LLVMConstIntGetZExtValue(LLVMGetOperand(inst, 0));
        uint64_t byte_len = LLVMABISizeOfType(layout, LLVMGetAllocatedType(inst));
        if (byte_len && count > (UINT64_MAX - total) / byte_len)
            total = UINT64_MAX;
        else
            total += count * byte_len;
        if (total > TJ_MAX_PRIVATE_BYTES)
            return tj_fail(c->unit, inst, TJ_E_UNSUPPORTED,
                           "%llu bytes of thread memory; a thread has %d",
                           (unsigned long long)total, TJ_MAX_PRIVATE_BYTES);
    }
    return TJ_OK;
}

/* ---- functions ------------------------------------------------------------------------------
 */

static const char *name_of(LLVMValueRef function)
{
    size_t byte_len;
    return LLVMGetValueName2(function, &byte_len);
}

/* "recursion: @a calls @b calls @a" */
static tj_status refuse_recursion(check *c, LLVMValueRef call, LLVMValueRef callee)
{
    unsigned first = c->depth;
    const char *path = "";
    while (c->stack[--first].function != callee)
        continue;
    for (unsigned i = first; i < c->depth; i++)
        path = tj_arena_printf(c->unit->arena, "%s@%s calls ", path,
                               name_of(c->stack[i].function));
    return tj_fail(c->unit, call, TJ_E_UNSUPPORTED, "recursion: %s@%s", path, name_of(callee));
}

static LLVMValueRef first_inst(LLVMBasicBlockRef block)
{
    LLVMValueRef inst = NULL;
    for (; block && !inst; block = LLVMGetNextBasicBlock(block))
        inst = LLVMGetFirstInstruction(block);
    return inst;
}

static LLVMValueRef next_inst(LLVMValueRef inst)
{
    LLVMValueRef next = LLVMGetNextInstruction(inst);
    return next ? next : first_inst(LLVMGetNextBasicBlock(LLVMGetInstructionParent(inst)));
}

static void push(check *c, LLVMValueRef function)
{
    c->states[tj_ptrmap_find(&c->functions, function)] = ON_THE_WAY;
    c->stack[c->depth++] = (frame){function, first_inst(LLVMGetFirstBasicBlock(function)), 0};
}

/* Saturates far above the limit. */
static void add_instructions(check *c, uint64_t count)
{
    if (c->depth == 0)
        return;
    uint64_t *total = &c->stack[c->depth - 1].inst_count;
    *total = *total + count > UINT32_MAX ? UINT32_MAX : *total + count;
}

static tj_status pop(check *c)
{
    frame top = c->stack[--c->depth];
    unsigned number = tj_ptrmap_find(&c->functions, top.function);
    c->states[number] = DONE;
    c->checked[number] = true;
    c->inst_counts[number] = top.inst_count;
    add_instructions(c, top.inst_count);
    if (top.inst_count > MAX_INSTRUCTIONS)
        return tj_fail(c->unit, top.function, TJ_E_UNSUPPORTED,
                       "more than %d instructions when all calls are inlined",
                       MAX_INSTRUCTIONS);
    return check_private_bytes(c, top.function);
}

static tj_status follow(check *c, LLVMValueRef call, LLVMValueRef callee)
{
    unsigned number = tj_ptrmap_find(&c->functions, callee);
    switch (c->states[number]) {
    case NOT_SEEN:
        push(c, callee);
        break;
    case ON_THE_WAY:
        return refuse_recursion(c, call, callee);
    case DONE:
        add_instructions(c, c->inst_counts[number]);
        break;
    }
    return TJ_OK;
}

/* Before a launch there is no memory of buffers and threadgroups. */
static tj_status check_constructor_store(check *c, LLVMValueRef inst)
{
    if (!LLVMIsAStoreInst(inst) ||
        LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(inst, 1))) == TJ_AS_THREAD)
        return TJ_OK;
    return tj_fail(c->unit, inst, TJ_E_UNSUPPORTED,
                   "a constructor writes memory in address space %u; static initialisers fill "
                   "variables in constant memory",
                   LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(inst, 1))));
}

/* One instruction of the innermost function, or its end. */
static tj_status step(check *c)
{
    frame *top = &c->stack[c->depth - 1];
    LLVMValueRef inst = top->inst;
    tj_status status = TJ_OK;
    if (!inst)
        return pop(c);
    top->inst = next_inst(inst);
    add_instructions(c, 1);
    bool is_initialising = c->is_constructor && tj_is_initialising_store(inst);
    if (!is_initialising && !c->checked[tj_ptrmap_find(&c->functions, top->function)])
        status = tj_check_inst(c->unit, inst);
    if (!status && !is_initialising && c->is_constructor)
        status = check_constructor_store(c, inst);
    if (!status)
        status = count_variables(c, inst);
    LLVMValueRef callee = status ? NULL : tj_called_body(inst);
    return callee ? follow(c, inst, callee) : status;
}

static tj_status check_kernel(check *c, LLVMValueRef kernel, unsigned variable_count)
{
    tj_arena *arena = c->unit->arena;
    tj_status status = TJ_OK;
    for (unsigned i = 0; i < c->function_count; i++)
        c->states[i] = NOT_SEEN;
    tj_ptrmap_init(&c->variables, arena, variable_count);
    c->threadgroup_bytes = 0;
    c->depth = 0;
    push(c, kernel);
    while (c->depth && !status)
        status = step(c);
    return status ? status : check_threadgroup_bytes(c, kernel);
}

static unsigned count_globals(LLVMModuleRef module)
{
    unsigned count = 0;
    for (LLVMValueRef global = LLVMGetFirstGlobal(module); global;
         global = LLVMGetNextGlobal(global))
        count++;
    return count;
}

static void number_functions(check *c)
{
    tj_arena *arena = c->unit->arena;
    LLVMModuleRef module = c->unit->module;
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f))
        c->function_count += !LLVMIsDeclaration(f);
    tj_ptrmap_init(&c->functions, arena, c->function_count);
    c->states = tj_new_array(arena, enum visit_state, c->function_count);
    c->inst_counts = tj_new_array(arena, uint64_t, c->function_count);
    c->checked = tj_new_array(arena, bool, c->function_count);
    c->stack = tj_new_array(arena, frame, c->function_count);
    unsigned number = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f))
        if (!LLVMIsDeclaration(f))
            tj_ptrmap_put(&c->functions, f, number++);
}

/* After the kernels: a function that a kernel calls too may not write constant memory. */
static tj_status check_constructors(check *c, unsigned variable_count)
{
    LLVMValueRef *list = NULL;
    unsigned count = tj_constructors(c->unit, c->unit->arena, &list);
    tj_status status = tj_check_constructors(c->unit);
    c->is_constructor = true;
    for (unsigned i = 0; i < count && !status; i++)
        status = check_kernel(c, list[i], variable_count);
    return status;
}

tj_status tj_check(tj_unit *unit)
{
    check c = {.unit = unit};
    tj_status status = tj_check_module(unit);
    unsigned variable_count = count_globals(unit->module);
    number_functions(&c);
    for (unsigned i = 0; i < unit->kernel_count && !status; i++)
        status = check_kernel(&c, unit->kernels[i].function, variable_count);
    if (!status)
        status = check_constructors(&c, variable_count);
    return status ? status : tj_find_used_constants(unit);
}
