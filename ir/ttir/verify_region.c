/* SPDX-License-Identifier: MIT */
/* Checks of operations with regions, of their terminators, and of calls. */
#include "ttir/verify.h"

#include <string.h>

/* Values against types, one by one. */
static bool same_types(tj_tt_verifier *v, const tj_tt_op *op, tj_tt_value *const *values,
                       uint32_t value_count, tj_tt_value *const *wanted, uint32_t wanted_count,
                       const char *what)
{
    if (value_count != wanted_count)
        return tj_tt_wrong(v, op, "%u %s; %u expected", value_count, what, wanted_count);
    for (uint32_t i = 0; i < value_count; i++)
        if (!tj_tt_same_type(&values[i]->type, &wanted[i]->type))
            return tj_tt_wrong(v, op, "number %u of the %s is of type %s, not %s", i, what,
                               tj_tt_spell(v, &values[i]->type),
                               tj_tt_spell(v, &wanted[i]->type));
    return true;
}

/* A region of one block that ends as `end` says. */
static bool one_block(tj_tt_verifier *v, const tj_tt_op *op, uint32_t region, tj_tt_kind end)
{
    const tj_tt_block *block = op->regions[region].first;
    if (!block || block->next)
        return tj_tt_wrong(v, op, "its region must be one block");
    if (block->last->kind != end)
        return tj_tt_wrong(v, op, "its region must end with %s", tj_tt_op_infos[end].name);
    return true;
}

static bool need_regions(tj_tt_verifier *v, const tj_tt_op *op, uint32_t count)
{
    return op->region_count == count ||
           tj_tt_wrong(v, op, "%u regions; %u expected", op->region_count, count);
}

/* Arguments are scalars of the operands' elements, `times` of each. */
static bool check_scalar_args(tj_tt_verifier *v, const tj_tt_op *op, const tj_tt_block *block,
                              uint32_t times)
{
    if (block->arg_count != op->operand_count * times)
        return tj_tt_wrong(v, op, "%u arguments of its region for %u operands",
                           block->arg_count, op->operand_count);
    for (uint32_t i = 0; i < block->arg_count; i++) {
        const tj_tt_type *type = &op->operands[i % op->operand_count]->type;
        tj_tt_type want = {.elem = type->elem, .is_pointer = type->is_pointer};
        if (!tj_tt_same_type(&block->args[i]->type, &want))
            return tj_tt_wrong(v, op, "argument %u of its region is of type %s, not %s", i,
                               tj_tt_spell(v, &block->args[i]->type), tj_tt_spell(v, &want));
    }
    return true;
}

/* The type of a reduction's or scan's result for an operand. */
static tj_tt_type combined(const tj_tt_op *op, const tj_tt_type *type, unsigned axis)
{
    tj_tt_type out = *type;
    if (op->kind == TJ_TT_OP_SCAN)
        return out;
    memmove(out.log2 + axis, out.log2 + axis + 1, out.rank - axis - 1u);
    out.log2[--out.rank] = 0;
    if (!out.rank)
        out.form = TJ_TT_SCALAR;
    return out;
}

bool tj_tt_check_combine(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *first = &op->operands[0]->type;
    int64_t axis = tj_tt_int_attr(op, "axis", -1);
    tj_tt_kind end = op->kind == TJ_TT_OP_SCAN ? TJ_TT_OP_SCAN_RETURN : TJ_TT_OP_REDUCE_RETURN;
    if (!need_regions(v, op, 1) || !one_block(v, op, 0, end))
        return false;
    if (first->form != TJ_TT_TENSOR || axis < 0 || axis >= first->rank)
        return tj_tt_wrong(v, op, "axis %lld of %s", (long long)axis, tj_tt_spell(v, first));
    if (op->result_count != op->operand_count)
        return tj_tt_wrong(v, op, "%u results for %u operands", op->result_count,
                           op->operand_count);
    for (uint32_t i = 0; i < op->operand_count; i++) {
        const tj_tt_type *type = &op->operands[i]->type;
        if (!tj_tt_same_shape(type, first))
            return tj_tt_wrong(v, op, "%s and %s have different shapes", tj_tt_spell(v, first),
                               tj_tt_spell(v, type));
        tj_tt_type want = combined(op, type, (unsigned)axis);
        if (!tj_tt_same_type(&op->results[i]->type, &want))
            return tj_tt_wrong(v, op, "result %u is of type %s; it must be %s", i,
                               tj_tt_spell(v, &op->results[i]->type), tj_tt_spell(v, &want));
    }
    const tj_tt_block *block = op->regions[0].first;
    return check_scalar_args(v, op, block, 2) &&
           same_types(v, op, block->last->operands, block->last->operand_count, block->args,
                      op->operand_count, "results of its region");
}

/* `pack` scalars of each tensor's elements. */
static bool elements_of(tj_tt_verifier *v, const tj_tt_op *op, tj_tt_value *const *scalars,
                        uint32_t scalar_count, tj_tt_value *const *tensors,
                        uint32_t tensor_count, const char *what)
{
    uint32_t pack = (uint32_t)tj_tt_int_attr(op, "pack", 1);
    if (scalar_count != tensor_count * (uint64_t)pack)
        return tj_tt_wrong(v, op, "%u %s of its region; %u tensors by %u expected",
                           scalar_count, what, tensor_count, pack);
    for (uint32_t i = 0; i < scalar_count; i++) {
        const tj_tt_type *type = &tensors[i / pack]->type;
        tj_tt_type want = {.elem = type->elem, .is_pointer = type->is_pointer};
        if (!tj_tt_same_type(&scalars[i]->type, &want))
            return tj_tt_wrong(v, op, "number %u of the %s of its region is of type %s, not %s",
                               i, what, tj_tt_spell(v, &scalars[i]->type),
                               tj_tt_spell(v, &want));
    }
    return true;
}

bool tj_tt_check_map(tj_tt_verifier *v, const tj_tt_op *op)
{
    int64_t pack = tj_tt_int_attr(op, "pack", 1);
    const tj_tt_type *first = &op->operands[0]->type;
    if (!need_regions(v, op, 1) || !op->regions[0].first)
        return false;
    if (pack < 1 || pack > 64 || (pack & (pack - 1)))
        return tj_tt_wrong(v, op, "pack %lld", (long long)pack);
    for (uint32_t i = 0; i < op->operand_count; i++)
        if (op->operands[i]->type.form != TJ_TT_TENSOR ||
            !tj_tt_same_shape(&op->operands[i]->type, first))
            return tj_tt_wrong(v, op, "operands of different shapes");
    for (uint32_t i = 0; i < op->result_count; i++)
        if (!tj_tt_same_shape(&op->results[i]->type, first))
            return tj_tt_wrong(v, op, "a result of another shape");
    if (!op->result_count || pack > INT64_C(1) << tj_tt_log2_size(first))
        return tj_tt_wrong(v, op, "pack %lld of %s, %u results", (long long)pack,
                           tj_tt_spell(v, first), op->result_count);
    const tj_tt_block *block = op->regions[0].first;
    if (!elements_of(v, op, block->args, block->arg_count, op->operands, op->operand_count,
                     "arguments"))
        return false;
    for (; block; block = block->next)
        if (block->last && block->last->kind == TJ_TT_OP_MAP_ELEMENTWISE_RETURN &&
            !elements_of(v, op, block->last->operands, block->last->operand_count, op->results,
                         op->result_count, "returned values"))
            return false;
    return true;
}

bool tj_tt_check_for(tj_tt_verifier *v, const tj_tt_op *op)
{
    if (!need_regions(v, op, 1) || !one_block(v, op, 0, TJ_TT_OP_YIELD))
        return false;
    const tj_tt_block *body = op->regions[0].first;
    for (int i = 0; i < 3; i++)
        if (!tj_tt_is_int(&op->operands[i]->type) || op->operands[i]->type.form != TJ_TT_SCALAR)
            return tj_tt_wrong(v, op, "its bounds and step are scalar integers");
    if (body->arg_count != op->operand_count - 2)
        return tj_tt_wrong(v, op, "%u arguments of its region for %u operands", body->arg_count,
                           op->operand_count);
    return same_types(v, op, body->args, 1, op->operands, 1, "counters") &&
           same_types(v, op, op->operands + 1, 2,
                      (tj_tt_value *[]){op->operands[0], op->operands[0]}, 2, "bounds") &&
           same_types(v, op, body->args + 1, body->arg_count - 1, op->operands + 3,
                      op->operand_count - 3, "arguments of its region") &&
           same_types(v, op, op->results, op->result_count, op->operands + 3,
                      op->operand_count - 3, "results") &&
           same_types(v, op, body->last->operands, body->last->operand_count, op->results,
                      op->result_count, "yielded values");
}

bool tj_tt_check_if(tj_tt_verifier *v, const tj_tt_op *op)
{
    if (!need_regions(v, op, 2))
        return false;
    if (op->operands[0]->type.elem != TJ_TT_I1 || op->operands[0]->type.form != TJ_TT_SCALAR ||
        op->operands[0]->type.is_pointer)
        return tj_tt_wrong(v, op, "its condition is a scalar i1");
    if (!op->regions[1].first && op->result_count)
        return tj_tt_wrong(v, op, "results and no else");
    for (uint32_t i = 0; i < 2 && op->regions[i].first; i++) {
        if (!one_block(v, op, i, TJ_TT_OP_YIELD))
            return false;
        const tj_tt_op *end = op->regions[i].first->last;
        if (op->regions[i].first->arg_count)
            return tj_tt_wrong(v, op, "its regions have no arguments");
        if (!same_types(v, op, end->operands, end->operand_count, op->results, op->result_count,
                        "yielded values"))
            return false;
    }
    return true;
}

bool tj_tt_check_while(tj_tt_verifier *v, const tj_tt_op *op)
{
    if (!need_regions(v, op, 2) || !one_block(v, op, 0, TJ_TT_OP_CONDITION) ||
        !one_block(v, op, 1, TJ_TT_OP_YIELD))
        return false;
    const tj_tt_block *before = op->regions[0].first, *after = op->regions[1].first;
    const tj_tt_type *condition = &before->last->operands[0]->type;
    if (condition->elem != TJ_TT_I1 || condition->form != TJ_TT_SCALAR || condition->is_pointer)
        return tj_tt_wrong(v, before->last, "its condition is a scalar i1");
    return same_types(v, op, before->args, before->arg_count, op->operands, op->operand_count,
                      "arguments of its region") &&
           same_types(v, op, before->last->operands + 1, before->last->operand_count - 1,
                      op->results, op->result_count, "values handed on") &&
           same_types(v, op, after->args, after->arg_count, op->results, op->result_count,
                      "arguments of its second region") &&
           same_types(v, op, after->last->operands, after->last->operand_count, op->operands,
                      op->operand_count, "yielded values");
}

bool tj_tt_check_execute(tj_tt_verifier *v, const tj_tt_op *op)
{
    return need_regions(v, op, 1) && one_block(v, op, 0, TJ_TT_OP_YIELD) &&
           same_types(v, op, op->regions[0].first->last->operands,
                      op->regions[0].first->last->operand_count, op->results, op->result_count,
                      "yielded values");
}

bool tj_tt_check_branch(tj_tt_verifier *v, const tj_tt_op *op)
{
    uint32_t at = op->kind == TJ_TT_OP_COND_BR;
    if (op->successor_count != at + 1)
        return tj_tt_wrong(v, op, "%u successors", op->successor_count);
    if (at && (op->operands[0]->type.elem != TJ_TT_I1 || op->operands[0]->type.form ||
               op->operands[0]->type.is_pointer))
        return tj_tt_wrong(v, op, "its condition is a scalar i1");
    const tj_tt_op *around = op->parent->parent->parent;
    if (around && around->kind != TJ_TT_OP_MAP_ELEMENTWISE)
        return tj_tt_wrong(v, op, "branches stand in functions, not in regions of %s",
                           tj_tt_op_infos[around->kind].name);
    for (uint32_t i = 0; i < op->successor_count; i++) {
        const tj_tt_block *to = op->successors[i];
        if (to == op->parent->parent->first)
            return tj_tt_wrong(v, op, "the first block has no predecessors");
        if (at + op->successor_operands[i] > op->operand_count)
            return tj_tt_wrong(v, op, "operands of its successors are missing");
        if (!same_types(v, op, op->operands + at, op->successor_operands[i], to->args,
                        to->arg_count, "arguments of a block"))
            return false;
        at += op->successor_operands[i];
    }
    return at == op->operand_count || tj_tt_wrong(v, op, "too many operands");
}

bool tj_tt_check_call(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_attr *name = tj_tt_find_attr(op, "callee");
    const tj_tt_func *callee = name && name->kind == TJ_TT_ATTR_STRING
                                   ? tj_tt_find_func(v->module, name->string)
                                   : NULL;
    if (!callee)
        return tj_tt_wrong(v, op, "no function @%s in the module",
                           name && name->string ? name->string : "");
    if (op->result_count != callee->result_count)
        return tj_tt_wrong(v, op, "@%s has %u results", callee->name, callee->result_count);
    for (uint32_t i = 0; i < op->result_count; i++)
        if (!tj_tt_same_type(&op->results[i]->type, &callee->results[i]))
            return tj_tt_wrong(v, op, "result %u of @%s is of type %s", i, callee->name,
                               tj_tt_spell(v, &callee->results[i]));
    return same_types(v, op, op->operands, op->operand_count, callee->body.first->args,
                      callee->body.first->arg_count, "arguments");
}

bool tj_tt_check_return(tj_tt_verifier *v, const tj_tt_op *op)
{
    if (op->parent->parent->parent)
        return tj_tt_wrong(v, op, "it ends a function, not a region of an operation");
    if (op->operand_count != v->func->result_count)
        return tj_tt_wrong(v, op, "%u values; @%s has %u results", op->operand_count,
                           v->func->name, v->func->result_count);
    for (uint32_t i = 0; i < op->operand_count; i++)
        if (!tj_tt_same_type(&op->operands[i]->type, &v->func->results[i]))
            return tj_tt_wrong(v, op, "value %u is of type %s, not %s", i,
                               tj_tt_spell(v, &op->operands[i]->type),
                               tj_tt_spell(v, &v->func->results[i]));
    return true;
}

/* A region's terminator ends a region of the operations that know it. */
bool tj_tt_check_yield(tj_tt_verifier *v, const tj_tt_op *op)
{
    static const struct {
        uint16_t end, parent;
    } pairs[] = {{TJ_TT_OP_YIELD, TJ_TT_OP_FOR},
                 {TJ_TT_OP_YIELD, TJ_TT_OP_IF},
                 {TJ_TT_OP_YIELD, TJ_TT_OP_WHILE},
                 {TJ_TT_OP_YIELD, TJ_TT_OP_EXECUTE_REGION},
                 {TJ_TT_OP_CONDITION, TJ_TT_OP_WHILE},
                 {TJ_TT_OP_REDUCE_RETURN, TJ_TT_OP_REDUCE},
                 {TJ_TT_OP_SCAN_RETURN, TJ_TT_OP_SCAN},
                 {TJ_TT_OP_MAP_ELEMENTWISE_RETURN, TJ_TT_OP_MAP_ELEMENTWISE}};
    const tj_tt_op *parent = op->parent->parent->parent;
    for (size_t i = 0; parent && i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].end == op->kind && pairs[i].parent == parent->kind)
            return true;
    return tj_tt_wrong(v, op, "it does not end %s",
                       parent ? tj_tt_op_infos[parent->kind].name : "a function");
}

bool tj_tt_check_print(tj_tt_verifier *v, const tj_tt_op *op)
{
    const char *name = op->kind == TJ_TT_OP_PRINT ? "prefix" : "message";
    const tj_tt_attr *text = tj_tt_find_attr(op, name);
    return (text && text->kind == TJ_TT_ATTR_STRING) ||
           tj_tt_wrong(v, op, "attribute '%s' is missing", name);
}
