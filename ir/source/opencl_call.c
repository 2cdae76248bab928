/* SPDX-License-Identifier: MIT */
/* Calls of OpenCL's functions, by the rows of opencl.def. What stays without a row is refused
 * at its first call. */
#include "opencl_internal.h"

#include <llvm-c/DebugInfo.h>
#include <stdio.h>
#include <string.h>

static const struct row {
    const char *name; /* "convert_*": every name that starts so */
    tj_ocl_way *way;
    const char *what;
} rows[] = {
#define OPENCL(name, way, what) {name, tj_ocl_##way, what},
#include "opencl.def"
};

/* `*rest` is what of the name a star stands for. */
static const struct row *find_row(const char *name, const char **rest)
{
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t byte_len = strlen(rows[i].name);
        bool is_family = rows[i].name[byte_len - 1] == '*';
        *rest = name + byte_len - 1;
        if (is_family ? strncmp(rows[i].name, name, byte_len - 1) == 0
                      : strcmp(rows[i].name, name) == 0)
            return &rows[i];
    }
    return NULL;
}

static tj_status replace_call(tj_unit *unit, LLVMValueRef call, const tj_ocl_name *name,
                              bool is_fast, LLVMBuilderRef builder)
{
    tj_ocl_call c = {
        .unit = unit, .builder = builder, .call = call, .name = name, .is_fast = is_fast};
    const struct row *row = find_row(name->base, &c.rest);
    if (!row)
        return tj_ocl_refuse(&c, "not supported");
    c.what = row->what;
    c.type = LLVMTypeOf(call);
    c.count = LLVMGetNumArgOperands(call);
    if (c.count != name->count)
        return tj_ocl_refuse(&c, "its name and its call differ");
    for (unsigned i = 0; i < c.count; i++)
        c.args[i] = LLVMGetOperand(call, i);
    LLVMPositionBuilderBefore(builder, call);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(call));
    tj_status status = row->way(&c);
    if (status)
        return status;
    if (LLVMGetTypeKind(c.type) != LLVMVoidTypeKind) {
        if (!c.value || LLVMTypeOf(c.value) != c.type)
            return tj_ocl_refuse(&c, "not with these types");
        LLVMReplaceAllUsesWith(call, c.value);
    }
    LLVMInstructionEraseFromParent(call);
    return TJ_OK;
}

/* Calls of one declared function; a use that is no call is left to the checks. */
static tj_status replace_calls(tj_unit *unit, LLVMValueRef function, bool is_fast,
                               LLVMBuilderRef builder)
{
    size_t byte_len;
    tj_ocl_name name;
    if (!tj_ocl_demangle(LLVMGetValueName2(function, &byte_len), &name))
        return TJ_OK;
    for (LLVMUseRef use = LLVMGetFirstUse(function), next; use; use = next) {
        LLVMValueRef user = LLVMGetUser(use);
        next = LLVMGetNextUse(use);
        if (!LLVMIsACallInst(user) || LLVMGetCalledValue(user) != function)
            continue;
        tj_status status = replace_call(unit, user, &name, is_fast, builder);
        if (status)
            return status;
    }
    if (!LLVMGetFirstUse(function))
        LLVMDeleteFunction(function);
    return TJ_OK;
}

tj_status tj_ocl_calls(tj_unit *unit, bool is_fast)
{
    tj_status status = TJ_OK;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->llctx);
    LLVMValueRef next;
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f && !status; f = next) {
        next = LLVMGetNextFunction(f);
        if (LLVMIsDeclaration(f))
            status = replace_calls(unit, f, is_fast, builder);
    }
    LLVMDisposeBuilder(builder);
    return status;
}

/* ---- work-items, barriers ------------------------------------------------------------------
 */

/* A built-in input: the same arguments, the result's width as suffix. */
tj_status tj_ocl_input(tj_ocl_call *c)
{
    char name[96];
    snprintf(name, sizeof name, "air.%s.i%u", c->what, tj_ocl_bits(c->type));
    c->value = tj_ocl_invoke(c, name, c->type, c->args, c->count);
    return TJ_OK;
}

tj_status tj_ocl_zero(tj_ocl_call *c)
{
    c->value = LLVMConstNull(c->type);
    return TJ_OK;
}

/* OpenCL's flags: 1 local, 2 global, 4 images; AIR's: 1 device, 2 threadgroup, 4 textures. */
static LLVMValueRef air_flags(tj_ocl_call *c, LLVMValueRef flags)
{
    LLVMTypeRef i32 = tj_ocl_int_type(c, 32);
    LLVMValueRef one = LLVMConstInt(i32, 1, false);
    LLVMValueRef local = LLVMBuildAnd(c->builder, flags, one, "");
    LLVMValueRef global =
        LLVMBuildAnd(c->builder, LLVMBuildLShr(c->builder, flags, one, ""), one, "");
    return LLVMBuildOr(c->builder, LLVMBuildShl(c->builder, local, one, ""), global, "");
}

tj_status tj_ocl_barrier(tj_ocl_call *c)
{
    LLVMValueRef args[] = {air_flags(c, c->args[0]), tj_ocl_index(c, 1)};
    tj_ocl_invoke(c, c->what, LLVMVoidTypeInContext(c->unit->llctx), args, 2);
    return TJ_OK;
}

/* All orders are sequentially consistent here. */
tj_status tj_ocl_fence(tj_ocl_call *c)
{
    LLVMValueRef args[] = {air_flags(c, c->args[0]), tj_ocl_index(c, 5), tj_ocl_index(c, 2)};
    tj_ocl_invoke(c, c->what, LLVMVoidTypeInContext(c->unit->llctx), args, 3);
    return TJ_OK;
}

tj_status tj_ocl_nothing(tj_ocl_call *c)
{
    (void)c;
    return TJ_OK;
}

/* ---- other lanes ---------------------------------------------------------------------------
 */

/* "simd_sum", with the type and its sign: the function's first operand gives both. */
tj_status tj_ocl_lanes(tj_ocl_call *c)
{
    char name[96], suffix[16];
    LLVMTypeRef type = LLVMTypeOf(c->args[0]);
    const char *sign = tj_ocl_is_float(type)            ? ""
                       : c->name->params[0].kind == 's' ? "s."
                                                        : "u.";
    snprintf(name, sizeof name, "air.%s.%s%s", c->what, sign, tj_ocl_suffix(type, suffix));
    for (unsigned i = 1; i < c->count; i++)
        c->args[i] = LLVMBuildTrunc(c->builder, c->args[i], tj_ocl_int_type(c, 16), "");
    c->value = tj_ocl_invoke(c, name, type, c->args, c->count);
    return TJ_OK;
}

/* Votes take and give an int. */
tj_status tj_ocl_vote(tj_ocl_call *c)
{
    LLVMTypeRef i1 = tj_ocl_int_type(c, 1);
    LLVMValueRef is_true = LLVMBuildICmp(c->builder, LLVMIntNE, c->args[0],
                                         LLVMConstNull(LLVMTypeOf(c->args[0])), "");
    LLVMValueRef vote = tj_ocl_invoke(c, c->what, i1, &is_true, 1);
    c->value = LLVMBuildZExt(c->builder, vote, c->type, "");
    return TJ_OK;
}

/* The first active lane. */
tj_status tj_ocl_elect(tj_ocl_call *c)
{
    LLVMValueRef is_first = tj_ocl_invoke(c, c->what, tj_ocl_int_type(c, 1), NULL, 0);
    c->value = LLVMBuildZExt(c->builder, is_first, c->type, "");
    return TJ_OK;
}
