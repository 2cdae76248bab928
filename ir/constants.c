/* SPDX-License-Identifier: MIT */
/* Function constants as !air.function_constants lists them (air.md 3.10): nodes of the global
 * that receives the value, Metal type, name, index, and whether the constant is required. The
 * last operand is absent before metallib output; required is then what Metal says: a constant
 * that no call of is_function_constant_defined asks for. */
#include "air_meta.h"
#include "elem.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <string.h>

enum { MAX_COMPONENTS = 4 };

const char *tj_global_name(tj_unit *unit, LLVMValueRef global)
{
    static const char stand_in[] = "unnamed";
    size_t byte_len;
    LLVMGetValueName2(global, &byte_len);
    if (!byte_len)
        LLVMSetValueName2(global, stand_in, strlen(stand_in));
    const char *name = LLVMGetValueName2(global, &byte_len);
    return tj_arena_strndup(unit->arena, name, byte_len);
}

static tj_status refuse(tj_unit *unit, unsigned node, const char *what)
{
    tj_loc loc = {.file = unit->file};
    return tj_fail_at(&unit->diags, TJ_E_MALFORMED, &loc, "!air.function_constants: node %u %s",
                      node, what);
}

static const char *string_of(tj_unit *unit, LLVMValueRef operand)
{
    unsigned byte_len;
    if (!operand || !LLVMIsAMDString(operand))
        return NULL;
    const char *text = LLVMGetMDString(operand, &byte_len);
    return tj_arena_strndup(unit->arena, text, byte_len);
}

/* Whether air.is_function_constant_defined is asked about the global. */
static bool is_asked_for(LLVMValueRef global)
{
    for (LLVMUseRef use = LLVMGetFirstUse(global); use; use = LLVMGetNextUse(use)) {
        size_t byte_len;
        LLVMValueRef user = LLVMGetUser(use);
        LLVMValueRef callee = LLVMIsACallInst(user) ? LLVMGetCalledValue(user) : NULL;
        if (callee && LLVMIsAFunction(callee) &&
            strcmp(LLVMGetValueName2(callee, &byte_len), "air.is_function_constant_defined") ==
                0)
            return true;
    }
    return false;
}

/* The numbers of a constant: by its Metal type when that is known and fits, else by the type of
 * its global (enumerations). */
static bool set_type(tj_unit *unit, tj_constant *constant)
{
    LLVMTypeRef type = LLVMGlobalGetValueType(constant->global);
    tj_elem elem, held;
    if (!tj_elem_of_type(type, &held))
        return false;
    bool is_known = tj_elem_parse(constant->type_name, &elem) && elem.byte_len == held.byte_len;
    if (!is_known)
        elem = held;
    constant->scalar = elem.scalar;
    constant->components = elem.components;
    if (!is_known && !*constant->type_name)
        constant->type_name = tj_elem_spell(unit->arena, &elem);
    return elem.components == held.components && elem.components <= MAX_COMPONENTS &&
           elem.scalar != TJ_SCALAR_F64;
}

static tj_status read_constant(tj_unit *unit, unsigned node, LLVMValueRef value)
{
    LLVMValueRef ops[5] = {NULL};
    unsigned count = value && LLVMIsAMDNode(value) ? LLVMGetMDNodeNumOperands(value) : 0;
    if (count < 4 || count > 5)
        return refuse(unit, node, "is not (global, type, name, index[, required])");
    LLVMGetMDNodeOperands(value, ops);
    if (!ops[0])
        return TJ_OK; /* what LLVM leaves of a global that was removed */
    tj_constant constant = {.type_name = string_of(unit, ops[1]),
                            .name = string_of(unit, ops[2]),
                            .global = ops[0]};
    if (!LLVMIsAGlobalVariable(ops[0]) ||
        LLVMGetPointerAddressSpace(LLVMTypeOf(ops[0])) != TJ_AS_CONSTANT)
        return refuse(unit, node, "does not start with a variable in constant memory");
    if (!constant.type_name || !constant.name || !ops[3] || !LLVMIsAConstantInt(ops[3]) ||
        LLVMGetIntTypeWidth(LLVMTypeOf(ops[3])) > 32)
        return refuse(unit, node, "is not (global, type, name, index[, required])");
    constant.index = (unsigned)LLVMConstIntGetZExtValue(ops[3]);
    constant.is_required = !is_asked_for(ops[0]);
    if (ops[4] && LLVMIsAConstantInt(ops[4]))
        constant.is_required = LLVMConstIntGetZExtValue(ops[4]) != 0;
    tj_global_name(unit, constant.global); /* copies are found by name */
    if (!set_type(unit, &constant))
        return refuse(unit, node, "has a type that is no number and no vector of them");
    for (unsigned i = 0; i < unit->constant_count; i++)
        if (unit->constants[i].index == constant.index ||
            unit->constants[i].global == constant.global)
            return refuse(unit, node, "repeats the index or the variable of another");
    unit->constants[unit->constant_count++] = constant;
    return TJ_OK;
}

tj_status tj_read_constants(tj_unit *unit)
{
    static const char list[] = "air.function_constants";
    unsigned count = LLVMGetNamedMetadataNumOperands(unit->module, list);
    LLVMValueRef *nodes = tj_new_array(unit->arena, LLVMValueRef, count);
    tj_status status = TJ_OK;
    if (!count)
        return TJ_OK;
    LLVMGetNamedMetadataOperands(unit->module, list, nodes);
    unit->constants = tj_new_array(unit->arena, tj_constant, count);
    for (unsigned i = 0; i < count && !status; i++)
        status = read_constant(unit, i, nodes[i]);
    return status;
}
