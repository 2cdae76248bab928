/* SPDX-License-Identifier: MIT */
/* A canonical kernel as Metal Shading Language.
 *
 * needs: canonical form (ir.h)
 * Same input, same bytes: names and order come from the module only.
 */
#include "prepare.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

tj_mval *tj_msl_find(const tj_msl *m, LLVMValueRef value)
{
    uint32_t index = tj_ptrmap_find(&m->val_index, value);

    return index == UINT32_MAX ? NULL : &m->vals[index];
}

void tj_msl_refuse(tj_msl *m, LLVMValueRef inst, const char *format, ...)
{
    char message[256];
    va_list args;

    if (m->status)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    m->status = tj_fail(m->unit, inst && LLVMIsAInstruction(inst) ? inst : m->kernel->function,
                        TJ_E_UNSUPPORTED, "%s", message);
}

static unsigned count_uses(LLVMValueRef value)
{
    unsigned count = 0;

    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use))
        count++;
    return count;
}

static void add_value(tj_msl *m, LLVMValueRef value, int block)
{
    tj_mval *val = &m->vals[m->val_count];

    *val = (tj_mval){.value = value,
                     .block = block,
                     .order = m->val_count,
                     .at = m->val_count,
                     .use_count = count_uses(value),
                     .var = TJ_NONE};
    tj_ptrmap_put(&m->val_index, value, m->val_count++);
}

static void number_values(tj_msl *m)
{
    LLVMValueRef function = m->kernel->function;
    uint32_t count = LLVMCountParams(function);

    for (int b = 0; b < m->cfg.block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(m->cfg.blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            count++;
    m->vals = tj_new_array(m->arena, tj_mval, count + 1);
    tj_ptrmap_init(&m->val_index, m->arena, count + 1);
    for (unsigned i = 0; i < LLVMCountParams(function); i++)
        add_value(m, LLVMGetParam(function, i), TJ_NONE);
    for (int b = 0; b < m->cfg.block_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(m->cfg.blocks[b].bb); i;
             i = LLVMGetNextInstruction(i))
            add_value(m, i, b);
}

static const char *name_of_global(tj_msl *m, LLVMValueRef global)
{
    const tj_constant *constant = tj_msl_function_constant(m, global);
    size_t len;

    return constant ? constant->name : tj_msl_plain_name(m, LLVMGetValueName2(global, &len));
}

static void name_things(tj_msl *m)
{
    unsigned count = 0, n = 0;

    m->kernel_name = tj_msl_kernel_name(m, m->kernel->name);
    m->args = tj_new_array(m->arena, const char *, m->kernel->arg_count + 1);
    for (unsigned i = 0; i < m->kernel->arg_count; i++)
        m->args[i] = tj_msl_name(m, m->kernel->args[i].name, "arg");
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g))
        count++;
    m->globals = tj_new_array(m->arena, const char *, count + 1);
    m->is_global_used = tj_new_array(m->arena, bool, count + 1);
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g))
        m->globals[n++] = tj_msl_name(m, name_of_global(m, g), "shared");
}

static bool is_printable_vector(LLVMTypeRef type)
{
    unsigned count = LLVMGetVectorSize(type);

    return (count >= 2 && count <= 4) || count == 64;
}

static void check_types(tj_msl *m)
{
    for (uint32_t i = 0; i < m->val_count; i++) {
        LLVMTypeRef type = LLVMTypeOf(m->vals[i].value);
        LLVMTypeKind kind = LLVMGetTypeKind(type);

        if (kind == LLVMVectorTypeKind && !is_printable_vector(type))
            tj_msl_refuse(m, m->vals[i].value, "vectors of %u elements are not in Metal",
                          LLVMGetVectorSize(type));
        if (kind == LLVMStructTypeKind || kind == LLVMArrayTypeKind)
            tj_msl_refuse(m, m->vals[i].value, "this aggregate cannot be printed as Metal");
    }
}

static bool has_double(LLVMTypeRef type)
{
    return LLVMGetTypeKind(tj_msl_scalar(type)) == LLVMDoubleTypeKind;
}

static void check_inst_doubles(tj_msl *m, LLVMValueRef inst)
{
    bool has_one = has_double(LLVMTypeOf(inst));

    for (int i = 0; i < LLVMGetNumOperands(inst); i++)
        has_one |= has_double(LLVMTypeOf(LLVMGetOperand(inst, (unsigned)i)));
    if (has_one)
        tj_msl_refuse(m, inst, "Metal has no double");
}

/* First of all: what comes then counts on types that Metal has. */
static void check_doubles(tj_msl *m)
{
    if (!m->unit->allows_fp64)
        return;
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(m->kernel->function); b;
         b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
            check_inst_doubles(m, i);
    for (unsigned i = 0; i < m->kernel->arg_count; i++)
        if (m->kernel->args[i].scalar == TJ_SCALAR_F64)
            tj_msl_refuse(m, NULL, "argument '%.200s' is of double, which Metal has not",
                          m->kernel->args[i].name);
}

static uint64_t threadgroup_bytes(const tj_msl *m)
{
    uint64_t sum = 0;

    for (LLVMValueRef g = LLVMGetFirstGlobal(m->unit->module); g; g = LLVMGetNextGlobal(g))
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == TJ_AS_THREADGROUP)
            sum += LLVMABISizeOfType(m->layout, LLVMGlobalGetValueType(g));
    return sum;
}

tj_status tj_msl_print(tj_unit *unit, tj_text *out, tj_msl_table *table)
{
    tj_mark mark = tj_arena_mark(unit->arena);
    tj_text text = {0}, body = {0};
    tj_msl m = {.unit = unit,
                .kernel = &unit->kernels[0],
                .arena = unit->arena,
                .out = &text,
                .layout = LLVMGetModuleDataLayout(unit->module)};

    check_doubles(&m);
    if (m.status)
        return m.status;
    tj_msl_prepare(&m);
    if (m.status)
        return m.status;
    m.status = tj_cfg_build(unit, m.kernel->function, m.arena, &m.cfg);
    if (m.status)
        return m.status;
    number_values(&m);
    check_types(&m);
    if (!m.status) {
        name_things(&m);
        tj_msl_read_names(&m);
        tj_msl_find_structs(&m);
        tj_msl_find_webs(&m);
        tj_msl_find_references(&m);
        tj_msl_find_atomics(&m);
        tj_msl_fold(&m);
        tj_msl_choose_signs(&m);
        m.status = tj_msl_make_variables(&m);
        tj_msl_structure(&m);
        tj_msl_tidy(&m);
        tj_msl_declare(&m);
        tj_msl_name_variables(&m);
        m.state_name = tj_msl_name(&m, "block", "block");
        m.out = &body; /* first: it says which constants the head must define */
        tj_msl_print_signature(&m);
        m.out = &text;
        tj_msl_print_head(&m);
    }
    if (!m.status) {
        tj_msl_wrap_lines(out, &text);
        tj_msl_wrap_lines(out, &body);
    }
    tj_text_fini(&text);
    tj_text_fini(&body);
    if (!m.status && table)
        *table = (tj_msl_table){m.kernel_name, m.args, m.is_reference, threadgroup_bytes(&m)};
    else if (!m.status)
        tj_arena_rewind(unit->arena, mark);
    return m.status;
}
