/* SPDX-License-Identifier: MIT */
/* What a call does: AIR's functions by the rows of intrinsics.def, LLVM's by name. */
#include "interp_internal.h"

#include <string.h>

static tj_iscalar with_sign(tj_iscalar type, bool is_signed)
{
    type.is_signed = is_signed;
    return type;
}

static const tj_itype *type_of_arg(tj_interp *interp, LLVMValueRef call, unsigned arg)
{
    return tj_itype_of(interp, LLVMTypeOf(LLVMGetOperand(call, arg)));
}

/* ---- air.* ------------------------------------------------------------------------------ */

static tj_ifn *fn_of_atomic(tj_intrin id, bool is_float)
{
    static tj_ifn *const fns[TJ_INTRIN_COUNT][2] = {
        [TJ_INTRIN_ATOMIC_XCHG] = {tj_ifn_second, tj_ifn_second},
        [TJ_INTRIN_ATOMIC_ADD] = {tj_ifn_add, tj_ifn_fadd},
        [TJ_INTRIN_ATOMIC_SUB] = {tj_ifn_sub, tj_ifn_fsub},
        [TJ_INTRIN_ATOMIC_MIN] = {tj_ifn_imin, tj_ifn_fmin},
        [TJ_INTRIN_ATOMIC_MAX] = {tj_ifn_imax, tj_ifn_fmax},
        [TJ_INTRIN_ATOMIC_AND] = {tj_ifn_and, NULL},
        [TJ_INTRIN_ATOMIC_OR] = {tj_ifn_or, NULL},
        [TJ_INTRIN_ATOMIC_XOR] = {tj_ifn_xor, NULL},
    };
    return fns[id][is_float];
}

static tj_status decode_atomic(tj_interp *interp, LLVMValueRef call, const tj_intrin_use *use,
                               tj_iinst *inst)
{
    if (use->id == TJ_INTRIN_ATOMIC_LOAD) {
        inst->exec = tj_iexec_load;
        return TJ_OK;
    }
    if (use->id == TJ_INTRIN_ATOMIC_CMPXCHG) {
        inst->exec = tj_iexec_air_cmpxchg;
        return TJ_OK;
    }
    inst->type = type_of_arg(interp, call, 1);
    if (!inst->type)
        return tj_iunknown(interp, call);
    if (use->id == TJ_INTRIN_ATOMIC_STORE) {
        inst->exec = tj_iexec_atomic_store;
        return TJ_OK;
    }
    inst->exec = tj_iexec_rmw;
    inst->from = inst->to = with_sign(inst->type->elem, use->type.kind == 's');
    inst->fn = fn_of_atomic(use->id, inst->from.kind != TJ_I_INT);
    return inst->fn ? TJ_OK : tj_iunknown(interp, call);
}

static tj_status decode_matrix(tj_interp *interp, LLVMValueRef call, const tj_intrin_use *use,
                               tj_iinst *inst)
{
    inst->exec = tj_iexec_of_matrix(use->id);
    if (use->id == TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE) {
        tj_iscalar *types = tj_new_array(interp->arena, tj_iscalar, 3);
        for (unsigned i = 0; i < 3; i++)
            types[i] = type_of_arg(interp, call, i)->elem;
        inst->extra = types;
    } else if (use->id == TJ_INTRIN_MATRIX_LOAD || use->id == TJ_INTRIN_MATRIX_STORE) {
        unsigned second = use->id == TJ_INTRIN_MATRIX_STORE ? 2 : 1;
        bool *is_new_form = tj_new(interp->arena, bool);
        LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(call, second));
        *is_new_form = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
        inst->extra = is_new_form;
        if (second == 2)
            inst->type = type_of_arg(interp, call, 0);
    }
    return inst->type ? TJ_OK : tj_iunknown(interp, call);
}

static tj_status decode_reduction(tj_interp *interp, tj_intrin id, tj_iinst *inst,
                                  const tj_itype *operand)
{
    inst->extra = tj_iextra(interp, &operand->length, 1);
    inst->exec = id == TJ_INTRIN_DOT ? tj_iexec_dot : tj_iexec_reduce;
    inst->fn = id == TJ_INTRIN_ALL ? tj_ifn_and : tj_ifn_or;
    return TJ_OK;
}

static tj_status decode_convert(const tj_intrin_use *use, tj_iinst *inst)
{
    inst->exec = tj_iexec_elements;
    inst->fn = tj_ifn_convert;
    inst->rounding = use->rounding;
    inst->from.is_signed = use->source.kind == 's';
    inst->to.is_signed = use->type.kind == 's';
    return TJ_OK;
}

static tj_status decode_air(tj_interp *interp, LLVMValueRef call, const tj_intrin_use *use,
                            tj_iinst *inst)
{
    const tj_intrin_info *info = &tj_intrin_infos[use->id];
    inst->intrin = use->id;
    if (info->effect == TJ_EFFECT_FENCE)
        return TJ_OK;
    if (info->effect == TJ_EFFECT_BARRIER) {
        interp->has_barrier = true;
        inst->exec = tj_iexec_barrier;
        return TJ_OK;
    }
    if (info->overload == TJ_OVL_ATOMIC)
        return decode_atomic(interp, call, use, inst);
    if (info->overload == TJ_OVL_MAT)
        return decode_matrix(interp, call, use, inst);
    if (use->id == TJ_INTRIN_DOT || use->id == TJ_INTRIN_ALL || use->id == TJ_INTRIN_ANY)
        return decode_reduction(interp, use->id, inst, type_of_arg(interp, call, 0));
    if (use->id == TJ_INTRIN_CONVERT)
        return decode_convert(use, inst);
    if (use->id == TJ_INTRIN_IS_UNIFORM)
        inst->extra = tj_iextra(interp, &use->type.length, 1);
    inst->from.is_signed = inst->to.is_signed = use->type.kind == 's';
    inst->exec = tj_iexec_of_simd(use->id);
    if (inst->exec)
        return TJ_OK;
    inst->exec = tj_iexec_elements;
    inst->fn =
        inst->to.kind == TJ_I_DOUBLE ? tj_ifn_of_double(use->id) : tj_ifn_of_math(use->id);
    if (!inst->fn)
        inst->fn = tj_ifn_of_integer(use->id);
    return inst->fn ? TJ_OK : tj_iunknown(interp, call);
}

/* ---- llvm.* ----------------------------------------------------------------------------- */

/* "sadd.with.overflow.i32": the sign is the first letter, the operation follows. */
static bool decode_overflow(const char *name, tj_iinst *inst)
{
    static const struct {
        const char *name, *op;
    } ops[] = {{"add", "+"}, {"sub", "-"}, {"mul", "*"}};
    for (unsigned i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        if (strncmp(name + 1, ops[i].name, 3) == 0 &&
            strncmp(name + 4, ".with.overflow.", 15) == 0) {
            inst->exec = tj_iexec_overflow;
            inst->extra = ops[i].op;
            inst->from.is_signed = name[0] == 's';
            return true;
        }
    }
    return false;
}

/* Functions about the program text, not about values. */
static bool has_no_effect(const char *name)
{
    static const char *const names[] = {"assume", "dbg.", "lifetime.",
                                        "experimental.noalias.scope.decl"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static tj_status decode_llvm(tj_interp *interp, LLVMValueRef call, const char *name,
                             tj_iinst *inst)
{
    if (has_no_effect(name))
        return TJ_OK;
    if (strcmp(name, "trap") == 0) {
        inst->exec = tj_iexec_trap;
        return TJ_OK;
    }
    if (decode_overflow(name, inst))
        return TJ_OK;
    inst->exec = tj_iexec_elements;
    inst->fn =
        inst->to.kind == TJ_I_DOUBLE ? tj_ifn_of_llvm_double(name) : tj_ifn_of_llvm_float(name);
    if (inst->fn)
        return TJ_OK;
    inst->fn = tj_ifn_of_llvm_integer(name);
    bool is_signed = name[0] == 's' || strncmp(name, "abs", 3) == 0;
    inst->from.is_signed = is_signed;
    inst->to.is_signed = is_signed || strncmp(name, "fptosi", 6) == 0;
    return inst->fn ? TJ_OK : tj_iunknown(interp, call);
}

tj_status tj_idecode_call(tj_interp *interp, LLVMValueRef call, tj_iinst *inst)
{
    tj_intrin_use use;
    size_t name_len;
    if (tj_intrin_of(call, &use))
        return decode_air(interp, call, &use, inst);
    const char *name = LLVMGetValueName2(LLVMGetCalledValue(call), &name_len);
    if (strncmp(name, "llvm.", 5) == 0)
        return decode_llvm(interp, call, name + 5, inst);
    return tj_iunknown(interp, call);
}
