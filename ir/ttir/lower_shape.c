/* SPDX-License-Identifier: MIT */
/* Constants, ranges, and views of tensors: operations that move no element between threads. */
#include "ttir/lower.h"

#include <stdlib.h>
#include <string.h>

/* ---- places ------------------------------------------------------------------------------ */

bool tj_tt_lower_program_id(tj_tt_lower *l, const tj_tt_op *op)
{
    unsigned axis = (unsigned)tj_tt_word(op, "axis", 0);
    LLVMValueRef *from = op->kind == TJ_TT_OP_GET_PROGRAM_ID ? l->programs : l->program_counts;
    LLVMTypeRef type = tj_tt_llvm_type(l, &op->results[0]->type);
    tj_tt_set_scalar(l, op->results[0],
                     LLVMBuildIntCast2(l->builder, from[axis], type, false, ""));
    return true;
}

/* ---- constants --------------------------------------------------------------------------- */

static LLVMValueRef make_constant(tj_tt_lower *l, const tj_tt_type *type,
                                  const tj_tt_attr *attr)
{
    LLVMTypeRef llvm = tj_tt_llvm_type(l, type);
    unsigned bits = tj_tt_elem_infos[type->elem].bits;
    if (attr->kind == TJ_TT_ATTR_INT) {
        LLVMValueRef number = tj_tt_int(l, bits, (uint64_t)attr->number);
        return LLVMTypeOf(number) == llvm ? number : LLVMConstBitCast(number, llvm);
    }
    if (bits == 8) { /* the instructions fold: the operand is a constant */
        LLVMTypeRef wide = LLVMFloatTypeInContext(l->ctx);
        return tj_tt_narrow8(l, type->elem, LLVMConstRealOfString(wide, attr->string), false);
    }
    return LLVMConstRealOfString(llvm, attr->string);
}

/* A table in constant memory, read at the element's number. */
static LLVMValueRef make_table(tj_tt_lower *l, const tj_tt_type *type, const tj_tt_attr *attr)
{
    enum { CONSTANT_MEMORY = 2 };
    LLVMTypeRef elem = tj_tt_memory_type(l, tj_tt_llvm_type(l, type));
    LLVMValueRef *items = tj_new_array(l->arena, LLVMValueRef, attr->count);
    for (uint32_t i = 0; i < attr->count; i++) {
        items[i] = make_constant(l, type, &attr->items[i]);
        if (LLVMTypeOf(items[i]) != elem)
            items[i] = tj_tt_int(l, 8, (uint64_t)attr->items[i].number & 1);
    }
    LLVMValueRef data = LLVMConstArray2(elem, items, attr->count);
    LLVMValueRef table =
        LLVMAddGlobalInAddressSpace(l->out, LLVMTypeOf(data), "table", CONSTANT_MEMORY);
    LLVMSetInitializer(table, data);
    LLVMSetGlobalConstant(table, true);
    LLVMSetLinkage(table, LLVMInternalLinkage);
    return table;
}

static bool constant_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    const tj_tt_type *type = &op->results[0]->type;
    const tj_tt_attr *attr = tj_tt_find_attr(op, "value");
    LLVMTypeRef elem = tj_tt_llvm_type(l, type);
    LLVMValueRef *regs = tj_tt_new_regs(l, layout);
    LLVMValueRef one = !attr                           ? LLVMConstNull(elem) /* poison */
                       : attr->kind == TJ_TT_ATTR_LIST ? make_table(l, type, attr)
                                                       : make_constant(l, type, attr);
    for (uint32_t i = 0; i < 1u << layout->regs; i++) {
        regs[i] = one;
        if (attr && attr->kind == TJ_TT_ATTR_LIST) {
            LLVMValueRef index = LLVMBuildZExt(l->builder, tj_tt_element_index(l, layout, i),
                                               LLVMInt64TypeInContext(l->ctx), "");
            LLVMTypeRef memory = tj_tt_memory_type(l, elem);
            regs[i] = tj_tt_load(l, elem,
                                 LLVMBuildInBoundsGEP2(l->builder, memory, one, &index, 1, ""));
        }
    }
    tj_tt_set(l, op->results[0], layout, regs);
    return true;
}

bool tj_tt_lower_constant(tj_tt_lower *l, const tj_tt_op *op)
{
    return tj_tt_in_layouts(l, op, constant_in);
}

/* ---- ranges, splats ---------------------------------------------------------------------- */

static bool range_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    LLVMValueRef *regs = tj_tt_new_regs(l, layout);
    int64_t start = tj_tt_int_attr(op, "start", 0);
    for (uint32_t i = 0; i < 1u << layout->regs; i++) {
        regs[i] = tj_tt_element_index(l, layout, i);
        if (start)
            regs[i] = LLVMBuildNSWAdd(l->builder, regs[i], tj_tt_i32(l, (uint32_t)start), "");
    }
    tj_tt_set(l, op->results[0], layout, regs);
    return true;
}

bool tj_tt_lower_range(tj_tt_lower *l, const tj_tt_op *op)
{
    return tj_tt_in_layouts(l, op, range_in);
}

static bool splat_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    LLVMValueRef *regs = tj_tt_new_regs(l, layout),
                 scalar = tj_tt_get_scalar(l, op->operands[0]);
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        regs[i] = scalar;
    tj_tt_set(l, op->results[0], layout, regs);
    return true;
}

bool tj_tt_lower_splat(tj_tt_lower *l, const tj_tt_op *op)
{
    return tj_tt_in_layouts(l, op, splat_in);
}

bool tj_tt_lower_unsplat(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_layout layout;
    if (!tj_tt_wants_of(l, op->results[0])->is_used)
        return true;
    tj_tt_set_scalar(l, op->results[0], tj_tt_get_home(l, op->operands[0], &layout)[0]);
    return true;
}

/* ---- views ------------------------------------------------------------------------------- */

static bool view_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    tj_tt_layout from = tj_tt_operand_layout(op, layout);
    LLVMValueRef *source = tj_tt_get(l, op->operands[0], &from);
    LLVMValueRef *regs = tj_tt_new_regs(l, layout);
    uint32_t mask = op->kind == TJ_TT_OP_BROADCAST ? tj_tt_broadcast_mask(op) : 0;
    for (uint32_t i = 0; i < 1u << layout->regs; i++)
        regs[i] = source[mask ? tj_tt_register_without(layout, mask, i) : i];
    tj_tt_set(l, op->results[0], layout, regs);
    return true;
}

bool tj_tt_lower_view(tj_tt_lower *l, const tj_tt_op *op)
{
    return tj_tt_in_layouts(l, op, view_in);
}

/* a and b interleaved, or one behind the other: a bit of the element's number tells which.
 * Where registers alone have that bit there is no code; elsewhere a select. */
static bool two_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    const tj_tt_type *half = &op->operands[0]->type;
    bool is_tensor = half->form == TJ_TT_TENSOR;
    uint32_t bit = op->kind == TJ_TT_OP_JOIN ? 1 : 1u << tj_tt_log2_size(half);
    tj_tt_layout from = is_tensor ? tj_tt_operand_layout(op, layout) : (tj_tt_layout){0};
    LLVMValueRef *a = tj_tt_get(l, op->operands[0], &from),
                 *b = tj_tt_get(l, op->operands[1], &from);
    LLVMValueRef *regs = tj_tt_new_regs(l, layout);
    bool is_fixed = true;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        is_fixed &= !(layout->lane[i] & bit);
    for (unsigned i = 0; i < layout->groups; i++)
        is_fixed &= !(layout->group[i] & bit);
    for (uint32_t i = 0; i < 1u << layout->regs; i++) {
        uint32_t source = is_tensor ? tj_tt_register_without(layout, bit, i) : 0;
        if (is_fixed) {
            bool is_second = tj_tt_element(layout, (tj_tt_place){.reg = i}) & bit;
            regs[i] = (is_second ? b : a)[source];
            continue;
        }
        LLVMValueRef which = tj_tt_element_field(l, layout, i, bit);
        which = LLVMBuildICmp(l->builder, LLVMIntNE, which, tj_tt_i32(l, 0), "");
        regs[i] = LLVMBuildSelect(l->builder, which, b[source], a[source], "");
    }
    tj_tt_set(l, op->results[0], layout, regs);
    return true;
}

bool tj_tt_lower_join(tj_tt_lower *l, const tj_tt_op *op)
{
    return tj_tt_in_layouts(l, op, two_in);
}

bool tj_tt_lower_cat(tj_tt_lower *l, const tj_tt_op *op)
{
    return tj_tt_in_layouts(l, op, two_in);
}

/* The operand is wanted as pairs: registers 2i and 2i + 1. */
static bool split_in(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    tj_tt_layout from = tj_tt_operand_layout(op, layout);
    LLVMValueRef *pairs = tj_tt_get(l, op->operands[0], &from);
    for (uint32_t r = 0; r < 2; r++) {
        LLVMValueRef *regs = tj_tt_new_regs(l, layout);
        for (uint32_t i = 0; i < 1u << layout->regs; i++)
            regs[i] = pairs[2 * i + r];
        l->frame->values[op->results[r]->number] = NULL;
        if (!tj_tt_define_home(l, op, op->results[r], layout, regs))
            return false;
    }
    return true;
}

bool tj_tt_lower_split(tj_tt_lower *l, const tj_tt_op *op)
{
    tj_tt_layout home = tj_tt_wants_of(l, op->results[0])->home;
    if (op->results[0]->type.form == TJ_TT_SCALAR)
        home = (tj_tt_layout){0};
    bool is_used = tj_tt_wants_of(l, op->results[0])->is_used ||
                   tj_tt_wants_of(l, op->results[1])->is_used;
    return !is_used || split_in(l, op, &home);
}
