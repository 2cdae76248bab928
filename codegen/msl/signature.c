/* SPDX-License-Identifier: MIT */
/* The kernel's parameters, threadgroup variables and private arrays. */
#include "msl.h"

/* ---- parameters ------------------------------------------------------------------------ */

/* Whether all that is done with the address, or with steps from it, is reading numbers there.
 */
static bool is_only_read(LLVMValueRef pointer)
{
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (!LLVMIsALoadInst(user) && (!LLVMIsAGetElementPtrInst(user) || !is_only_read(user)))
            return false;
    }
    return true;
}

/* What the metadata says, or what is left of the kernel where it says that numbers may be
 * written. */
static bool is_const_parameter(const tj_msl *m, LLVMValueRef pointer)
{
    for (unsigned i = 0; i < m->kernel->arg_count; i++) {
        const tj_arg *arg = &m->kernel->args[i];

        if (LLVMGetParam(m->kernel->function, i) == pointer)
            return arg->kind == TJ_ARG_BUFFER && arg->address_space == TJ_AS_DEVICE &&
                   (arg->access == TJ_ACCESS_READ ||
                    (!arg->field_count && is_only_read(pointer)));
    }
    return false;
}

bool tj_msl_is_const(tj_msl *m, LLVMValueRef pointer)
{
    return is_const_parameter(m, pointer) || tj_msl_is_const_web(m, pointer) ||
           tj_msl_is_const_slot(m, pointer);
}

const tj_constant *tj_msl_function_constant(const tj_msl *m, LLVMValueRef global)
{
    for (unsigned i = 0; i < m->unit->constant_count; i++)
        if (global && m->unit->constants[i].global == global && !LLVMIsGlobalConstant(global))
            return &m->unit->constants[i];
    return NULL;
}

bool tj_msl_is_bool_memory(tj_msl *m, LLVMValueRef pointer)
{
    const tj_constant *constant = tj_msl_function_constant(m, pointer);
    LLVMValueRef origin;

    if (constant)
        return constant->scalar == TJ_SCALAR_BOOL && constant->components == 1;
    for (unsigned i = 0; i < m->kernel->arg_count; i++)
        if (LLVMGetParam(m->kernel->function, i) == pointer)
            return m->kernel->args[i].scalar == TJ_SCALAR_BOOL;
    if (tj_msl_is_bool_slot(m, pointer))
        return true;
    return tj_msl_web_pointee(m, pointer, &origin) && origin &&
           tj_msl_is_bool_memory(m, origin);
}

static const char *element_name(tj_msl *m, unsigned i)
{
    const tj_arg *arg = &m->kernel->args[i];
    bool is_signed;
    LLVMTypeRef type;

    if (arg->scalar == TJ_SCALAR_BOOL && arg->components == 1)
        return "bool";
    if (m->atomic_args[i])
        return m->atomic_args[i];
    type = tj_msl_pointee(m, LLVMGetParam(m->kernel->function, i), &is_signed);
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    return tj_msl_type(m, type, is_signed);
}

static const char *sysval_type(tj_msl *m, const tj_arg *arg)
{
    const char *scalar = arg->sysval_bits == 16 ? "ushort" : "uint";

    return arg->sysval_components > 1 ? TJ_MSL_TEXT(m, "%s%u", scalar, arg->sysval_components)
                                      : scalar;
}

/* ", function_constant(name)" of an argument that may be absent */
static const char *predicate_of(tj_msl *m, const tj_arg *arg)
{
    LLVMValueRef global =
        arg->predicate ? LLVMGetNamedGlobal(m->unit->module, arg->predicate) : NULL;
    const tj_constant *constant = tj_msl_function_constant(m, global);
    unsigned n = 0;

    if (!global || LLVMIsGlobalConstant(global))
        return "";
    if (!constant) {
        tj_msl_refuse(m, NULL,
                      "whether argument '%s' is there is computed from function constants: "
                      "give their values",
                      arg->name);
        return "";
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g != global;
         g = LLVMGetNextGlobal(g))
        n++;
    m->is_global_used[n] = true;
    return TJ_MSL_TEXT(m, ", function_constant(%s)", m->globals[n]);
}

static const char *parameter(tj_msl *m, unsigned i)
{
    const tj_arg *arg = &m->kernel->args[i];
    LLVMValueRef value = LLVMGetParam(m->kernel->function, i);
    const char *predicate;

    if (arg->kind == TJ_ARG_SYSVAL)
        return TJ_MSL_TEXT(m, "%s %s [[%s]]", sysval_type(m, arg), m->args[i],
                           tj_sysval_infos[arg->sysval].metal);
    predicate = predicate_of(m, arg);
    return TJ_MSL_TEXT(
        m, "%s%s %s %c%s [[%s(%u)%s]]", tj_msl_is_const(m, value) ? "const " : "",
        tj_msl_space(arg->address_space), element_name(m, i), m->is_reference[i] ? '&' : '*',
        m->args[i], arg->kind == TJ_ARG_BUFFER ? "buffer" : "threadgroup", arg->location,
        predicate);
}

/* A private array or variable. */
static const char *array(tj_msl *m, const tj_mval *val)
{
    LLVMTypeRef type = tj_msl_memory_type(m, LLVMGetAllocatedType(val->value));
    const char *name = m->vars[val->var].name, *pointers = tj_msl_root_pointer(m, val->value);

    if (pointers)
        return tj_msl_declare_as(m, type, pointers, name);
    return tj_msl_declaration(m, type, val->is_signed, name);
}

static void print_locals(tj_msl *m)
{
    unsigned n = 0;

    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g;
         g = LLVMGetNextGlobal(g), n++) {
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == TJ_AS_THREADGROUP &&
            tj_msl_root_pointer(m, g))
            tj_text_line(m->out, "%s;",
                         tj_msl_declare_as(m, LLVMGlobalGetValueType(g),
                                           tj_msl_root_pointer(m, g),
                                           TJ_MSL_TEXT(m, "threadgroup %s", m->globals[n])));
        else if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == TJ_AS_THREADGROUP)
            tj_text_line(
                m->out, "threadgroup %s;",
                m->atomic_globals[n]
                    ? tj_msl_declare_as(m, tj_msl_memory_type(m, LLVMGlobalGetValueType(g)),
                                        m->atomic_globals[n], m->globals[n])
                    : tj_msl_declaration(m, tj_msl_memory_type(m, LLVMGlobalGetValueType(g)),
                                         m->is_global_signed[n], m->globals[n]));
    }
    for (uint32_t i = 0; i < m->val_count; i++)
        if (LLVMIsAAllocaInst(m->vals[i].value))
            tj_text_line(m->out, "%s;", array(m, &m->vals[i]));
}

/* Arguments that function constants say are not there, when nothing reads them, are not. */
static bool is_dropped(const tj_msl *m, unsigned i)
{
    return m->kernel->args[i].is_absent &&
           !LLVMGetFirstUse(LLVMGetParam(m->kernel->function, i));
}

void tj_msl_print_signature(tj_msl *m)
{
    unsigned count = m->kernel->arg_count;
    const char *between = "\n    ";

    if (m->kernel->max_threads < TJ_MAX_THREADS)
        tj_text_line(m->out, "[[max_total_threads_per_threadgroup(%u)]]",
                     m->kernel->max_threads);
    tj_text_printf(m->out, "kernel void %s(", m->kernel_name);
    for (unsigned i = 0; i < count; i++) {
        if (is_dropped(m, i))
            continue;
        tj_text_printf(m->out, "%s%s", between, parameter(m, i));
        between = ",\n    ";
    }
    tj_text_puts(m->out, ")\n{\n");
    m->out->indent++;
    print_locals(m);
    tj_msl_print_body(m);
    m->out->indent--;
    tj_text_puts(m->out, "}\n");
}
