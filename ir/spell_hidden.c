/* SPDX-License-Identifier: MIT */
/* What canonical form made of a module, said as the readers of AIR want it: a module that is
 * printed can be read again. Parameters that were added get an argument node, or the attribute
 * of the short form; calls that log have their own name. */
#include "params.h"

#include <llvm-c/Core.h>
#include <string.h>

static LLVMMetadataRef make_string(tj_unit *unit, const char *text)
{
    return LLVMMDStringInContext2(unit->llctx, text, strlen(text));
}

/* air.md 3.9: place, role, type's name, argument's name. */
static LLVMMetadataRef make_node(tj_unit *unit, unsigned index, const tj_arg *arg)
{
    static const char *const types[] = {"uint", "uint", "uint2", "uint3"};
    LLVMValueRef number = LLVMConstInt(LLVMInt32TypeInContext(unit->llctx), index, false);
    LLVMMetadataRef parts[] = {
        LLVMValueAsMetadata(number),
        make_string(unit, tj_arena_printf(unit->arena, "air.%s", arg->name)),
        make_string(unit, "air.arg_type_name"),
        make_string(unit, types[arg->sysval_components]),
        make_string(unit, "air.arg_name"),
        make_string(unit, arg->name)};
    return LLVMMDNodeInContext2(unit->llctx, parts, sizeof parts / sizeof *parts);
}

static LLVMValueRef *read_operands(tj_unit *unit, LLVMValueRef node, unsigned *count)
{
    *count = LLVMGetMDNodeNumOperands(node);
    LLVMValueRef *ops = tj_new_array(unit->arena, LLVMValueRef, *count);
    LLVMGetMDNodeOperands(node, ops);
    return ops;
}

/* The kernel's node, {function, outputs, arguments, ...}; NULL: there is none. */
static LLVMValueRef find_kernel(tj_unit *unit)
{
    unsigned count = LLVMGetNamedMetadataNumOperands(unit->module, "air.kernel"), parts;
    LLVMValueRef *nodes = tj_new_array(unit->arena, LLVMValueRef, count);
    LLVMGetNamedMetadataOperands(unit->module, "air.kernel", nodes);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef *ops = read_operands(unit, nodes[i], &parts);
        if (parts > 2 && ops[0] == unit->kernels[0].function && ops[2])
            return nodes[i];
    }
    return NULL;
}

/* Nodes of arguments behind those that are there. */
static void add_nodes(tj_unit *unit, LLVMValueRef node)
{
    const tj_kernel *kernel = &unit->kernels[0];
    unsigned parts, count, first = kernel->arg_count - kernel->hidden_count;
    LLVMValueRef *ops = read_operands(unit, node, &parts);
    LLVMValueRef *old = read_operands(unit, ops[2], &count);
    LLVMMetadataRef *now =
        tj_new_array(unit->arena, LLVMMetadataRef, count + kernel->hidden_count);
    for (unsigned i = 0; i < count; i++)
        now[i] = LLVMValueAsMetadata(old[i]);
    for (unsigned i = first; i < kernel->arg_count; i++)
        if (kernel->args[i].kind == TJ_ARG_SYSVAL) /* the log has no spelling */
            now[count++] = make_node(unit, i, &kernel->args[i]);
    LLVMReplaceMDNodeOperandWith(node, 2, LLVMMDNodeInContext2(unit->llctx, now, count));
}

static void add_attributes(tj_unit *unit)
{
    static const char key[] = "tmjit.builtin";
    const tj_kernel *kernel = &unit->kernels[0];
    for (unsigned i = kernel->arg_count - kernel->hidden_count; i < kernel->arg_count; i++) {
        const char *name = kernel->args[i].name;
        if (kernel->args[i].kind != TJ_ARG_SYSVAL)
            continue;
        LLVMAddAttributeAtIndex(kernel->function, i + 1,
                                LLVMCreateStringAttribute(unit->llctx, key, sizeof key - 1,
                                                          name, (unsigned)strlen(name)));
    }
}

void tj_spell_hidden(tj_unit *unit)
{
    static const char name[] = "air.os_log";
    LLVMValueRef logging = LLVMGetNamedFunction(unit->module, TJ_LOGGING);
    if (logging)
        LLVMSetValueName2(logging, name, sizeof name - 1);
    if (!unit->kernels[0].hidden_count)
        return;
    LLVMValueRef node = find_kernel(unit);
    if (node)
        add_nodes(unit, node);
    else
        add_attributes(unit);
}
