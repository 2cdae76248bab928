/* SPDX-License-Identifier: MIT */
/* The lowering of one kernel: values in their layouts, blocks, calls of AIR functions. */
#include "ttir/lower.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool tj_tt_refuse(tj_tt_lower *l, const tj_tt_op *op, const char *format, ...)
{
    char message[500];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tj_tt_fail(l->module, op, l->diags, TJ_E_UNSUPPORTED, "%s", message);
    return false;
}

LLVMValueRef tj_tt_int(tj_tt_lower *l, unsigned bits, uint64_t value)
{
    LLVMTypeRef type = LLVMIntTypeInContext(l->ctx, bits);
    return LLVMConstInt(type, bits < 64 ? value & ((UINT64_C(1) << bits) - 1) : value, false);
}

LLVMValueRef tj_tt_i32(tj_tt_lower *l, uint32_t value)
{
    return tj_tt_int(l, 32, value);
}

LLVMTypeRef tj_tt_llvm_type(tj_tt_lower *l, const tj_tt_type *type)
{
    enum { DEVICE_MEMORY = 1 };
    const tj_tt_elem_info *info = &tj_tt_elem_infos[type->elem];
    if (type->is_pointer)
        return LLVMPointerTypeInContext(l->ctx, DEVICE_MEMORY);
    switch ((tj_tt_elem)type->elem) {
    case TJ_TT_F16:
        return LLVMHalfTypeInContext(l->ctx);
    case TJ_TT_BF16:
        return LLVMBFloatTypeInContext(l->ctx);
    case TJ_TT_F32:
        return LLVMFloatTypeInContext(l->ctx);
    case TJ_TT_F64:
        return LLVMDoubleTypeInContext(l->ctx);
    default:
        return LLVMIntTypeInContext(l->ctx, info->bits); /* 8-bit floats are their bits */
    }
}

LLVMValueRef tj_tt_call(tj_tt_lower *l, const char *name, LLVMTypeRef result,
                        LLVMValueRef *args, unsigned count)
{
    LLVMTypeRef params[8];
    for (unsigned i = 0; i < count; i++)
        params[i] = LLVMTypeOf(args[i]);
    LLVMTypeRef type = LLVMFunctionType(result, params, count, false);
    LLVMValueRef callee = LLVMGetNamedFunction(l->out, name);
    if (!callee)
        callee = LLVMAddFunction(l->out, name, type);
    l->instructions++;
    return LLVMBuildCall2(l->builder, type, callee, args, count, "");
}

LLVMBasicBlockRef tj_tt_new_block(tj_tt_lower *l, const char *name)
{
    return LLVMAppendBasicBlockInContext(l->ctx, l->function, name);
}

LLVMBasicBlockRef tj_tt_begin_if(tj_tt_lower *l, LLVMValueRef condition)
{
    LLVMBasicBlockRef then = tj_tt_new_block(l, "then"), after = tj_tt_new_block(l, "after");
    LLVMBuildCondBr(l->builder, condition, then, after);
    LLVMPositionBuilderAtEnd(l->builder, then);
    return after;
}

void tj_tt_end_if(tj_tt_lower *l, LLVMBasicBlockRef after)
{
    LLVMBuildBr(l->builder, after);
    LLVMPositionBuilderAtEnd(l->builder, after);
}

/* ---- values ----------------------------------------------------------------------------- */

LLVMValueRef *tj_tt_new_regs(tj_tt_lower *l, const tj_tt_layout *layout)
{
    return tj_new_array(l->arena, LLVMValueRef, (size_t)1 << layout->regs);
}

const tj_tt_wants *tj_tt_wants_of(const tj_tt_lower *l, const tj_tt_value *value)
{
    return &l->frame->assigned.values[value->number];
}

static const tj_tt_regs *find_regs(const tj_tt_lower *l, const tj_tt_value *value,
                                   const tj_tt_layout *layout)
{
    const tj_tt_regs *regs = l->frame->values[value->number];
    while (regs && value->type.form == TJ_TT_TENSOR &&
           !tj_tt_same_layout(&regs->layout, layout))
        regs = regs->next;
    return regs;
}

/* What is asked for was wanted, so it is there; were it not, the operation is at fault here. */
LLVMValueRef *tj_tt_get(tj_tt_lower *l, const tj_tt_value *value, const tj_tt_layout *layout)
{
    const tj_tt_regs *regs = find_regs(l, value, layout);
    if (regs)
        return regs->at;
    tj_loc loc = {.file = l->module->file};
    tj_fail_at(l->diags, TJ_E_INTERNAL, &loc, "%%%s is not there in the layout %s", value->name,
               tj_tt_layout_text(l->arena, layout));
    LLVMValueRef *out = tj_tt_new_regs(l, layout);
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        out[i] = LLVMConstNull(tj_tt_llvm_type(l, &value->type));
    return out;
}

LLVMValueRef tj_tt_get_scalar(tj_tt_lower *l, const tj_tt_value *value)
{
    static const tj_tt_layout none = {0};
    return tj_tt_get(l, value, &none)[0];
}

LLVMValueRef *tj_tt_get_home(tj_tt_lower *l, const tj_tt_value *value, tj_tt_layout *layout)
{
    const tj_tt_wants *wants = tj_tt_wants_of(l, value);
    *layout = wants->has_home ? wants->home : wants->layouts[0];
    return tj_tt_get(l, value, layout);
}

void tj_tt_set(tj_tt_lower *l, const tj_tt_value *value, const tj_tt_layout *layout,
               LLVMValueRef *regs)
{
    tj_tt_regs *slot = tj_new(l->arena, tj_tt_regs);
    *slot = (tj_tt_regs){.layout = *layout,
                         .at = regs,
                         .count = 1u << layout->regs,
                         .next = l->frame->values[value->number]};
    l->frame->values[value->number] = slot;
    if (*value->name && LLVMIsAInstruction(regs[0]) &&
        !LLVMGetValueName2(regs[0], &(size_t){0})[0])
        LLVMSetValueName2(regs[0], value->name, strlen(value->name));
}

/* A value in a region that is lowered more than once has its newest meaning. */
void tj_tt_set_scalar(tj_tt_lower *l, const tj_tt_value *value, LLVMValueRef scalar)
{
    static const tj_tt_layout none = {0};
    LLVMValueRef *regs = tj_new_array(l->arena, LLVMValueRef, 1);
    regs[0] = scalar;
    tj_tt_set(l, value, &none, regs);
}

bool tj_tt_define_home(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_value *value,
                       const tj_tt_layout *layout, LLVMValueRef *regs)
{
    const tj_tt_wants *wants = tj_tt_wants_of(l, value);
    tj_tt_set(l, value, layout, regs);
    for (uint32_t i = 0; i < wants->count; i++) {
        if (tj_tt_same_layout(&wants->layouts[i], layout))
            continue;
        LLVMValueRef *moved =
            tj_tt_convert(l, op, &value->type, regs, layout, &wants->layouts[i]);
        if (!moved)
            return false;
        tj_tt_set(l, value, &wants->layouts[i], moved);
    }
    return true;
}

bool tj_tt_define_tiles(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_value *value,
                        const tj_tt_layout *layout, LLVMValueRef *tiles)
{
    if (!tj_tt_define_home(l, op, value, layout, tj_tt_regs_of_tiles(l, layout, tiles)))
        return false;
    for (tj_tt_regs *regs = l->frame->values[value->number]; regs; regs = regs->next)
        if (tj_tt_same_layout(&regs->layout, layout)) {
            regs->tiles = tiles;
            break;
        }
    return true;
}

LLVMValueRef *tj_tt_get_tiles(tj_tt_lower *l, const tj_tt_value *value,
                              const tj_tt_layout *layout)
{
    const tj_tt_regs *regs = find_regs(l, value, layout);
    return regs && regs->tiles ? regs->tiles
                               : tj_tt_tiles_of_regs(l, layout, tj_tt_get(l, value, layout));
}

bool tj_tt_in_layouts(tj_tt_lower *l, const tj_tt_op *op, tj_tt_in_layout_fn *lower)
{
    static const tj_tt_layout none = {0};
    for (uint32_t r = 0; r < op->result_count; r++) {
        const tj_tt_wants *wants = tj_tt_wants_of(l, op->results[r]);
        if (!wants->is_used)
            continue;
        if (op->results[r]->type.form != TJ_TT_TENSOR)
            return lower(l, op, &none);
        if (wants->has_home) {
            if (!lower(l, op, &wants->home))
                return false;
            const tj_tt_regs *regs = find_regs(l, op->results[r], &wants->home);
            /* set once more, with its conversions */
            LLVMValueRef *at = regs->at;
            l->frame->values[op->results[r]->number] = NULL;
            if (!tj_tt_define_home(l, op, op->results[r], &wants->home, at))
                return false;
            continue;
        }
        for (uint32_t i = 0; i < wants->count; i++)
            if (!find_regs(l, op->results[r], &wants->layouts[i]) &&
                !lower(l, op, &wants->layouts[i]))
                return false;
    }
    return true;
}

/* ---- regions ---------------------------------------------------------------------------- */

static bool lower_op(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_lower_fn *lower = tj_tt_lower_of(op->kind);
    if (!lower)
        return tj_tt_refuse(l, op, "not supported after the rewriting of descriptors");
    if (l->instructions > TJ_TT_MAX_INSTRUCTIONS)
        return tj_tt_refuse(l, op,
                            "the kernel has more than %d instructions here; smaller blocks "
                            "or more SIMD-groups (num_warps) make fewer",
                            TJ_TT_MAX_INSTRUCTIONS);
    tj_tt_debug_place(l, op);
    return lower(l, op) && l->diags->first.status == TJ_OK;
}

static bool lower_block(tj_tt_lower *l, const tj_tt_block *block)
{
    for (const tj_tt_op *op = block->first; op; op = op->next)
        if (!lower_op(l, op))
            return false;
    return true;
}

bool tj_tt_lower_region(tj_tt_lower *l, const tj_tt_region *region)
{
    return lower_block(l, region->first);
}

bool tj_tt_lower_combine(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args,
                         LLVMValueRef *results)
{
    const tj_tt_block *block = op->regions[0].first;
    for (uint32_t i = 0; i < block->arg_count; i++)
        tj_tt_set_scalar(l, block->args[i], args[i]);
    if (!lower_block(l, block))
        return false;
    for (uint32_t i = 0; i < op->operand_count; i++)
        results[i] = tj_tt_get_scalar(l, block->last->operands[i]);
    return true;
}

bool tj_tt_lower_nothing(tj_tt_lower *l, const tj_tt_op *op)
{
    (void)l;
    (void)op;
    return true;
}
