/* SPDX-License-Identifier: MIT */
/* Values that are descriptors or block pointers become several, wherever they go: parameters,
 * arguments of blocks, operands and results of loops, branches and calls. Products with scales
 * become others. */
#include "ttir/expand.h"
#include "ttir/scaled.h"

#include <string.h>

static bool is_compound(const tj_tt_type *type)
{
    return type->form == TJ_TT_DESCRIPTOR || type->form == TJ_TT_BLOCK_POINTER;
}

static uint32_t part_count(const tj_tt_type *type)
{
    return 1u + 2u * type->rank + (type->form == TJ_TT_DESCRIPTOR ? 1u : type->rank);
}

static tj_tt_type part_type(const tj_tt_type *type, uint32_t part)
{
    if (!part)
        return (tj_tt_type){.elem = type->elem, .is_pointer = 1};
    if (part < tj_tt_last_part(type))
        return tj_tt_scalar(TJ_TT_I64);
    return tj_tt_scalar(type->form == TJ_TT_DESCRIPTOR ? TJ_TT_I1 : TJ_TT_I32);
}

/* ---- new operations ---------------------------------------------------------------------- */

static tj_tt_value *new_value(tj_tt_expander *e, const tj_tt_type *type, const char *name)
{
    tj_tt_value *value = tj_new(e->arena, tj_tt_value);
    value->type = *type;
    value->name = name;
    value->number = e->func->value_count++;
    return value;
}

tj_tt_op *tj_tt_emit(tj_tt_expander *e, tj_tt_kind kind, tj_tt_value *const *operands,
                     uint32_t count, const tj_tt_type *type)
{
    tj_tt_op *op = tj_new(e->arena, tj_tt_op);
    op->kind = kind;
    op->operands = tj_new_array(e->arena, tj_tt_value *, count + 1);
    if (count)
        memcpy(op->operands, operands, count * sizeof *operands);
    op->operand_count = count;
    if (type) {
        op->results = tj_new_array(e->arena, tj_tt_value *, 1);
        op->results[0] = new_value(e, type, "");
        op->results[0]->def = op;
        op->result_count = 1;
    }
    op->parent = e->block;
    if (e->origin) {
        op->loc = e->origin->loc;
        op->line = e->origin->line;
        op->column = e->origin->column;
    }
    op->next = *e->link;
    *e->link = op;
    e->link = &op->next;
    return op;
}

void tj_tt_give_attr(tj_tt_expander *e, tj_tt_op *op, const char *name, int64_t number)
{
    tj_tt_attr *grown = tj_new_array(e->arena, tj_tt_attr, op->attr_count + 1);
    if (op->attr_count)
        memcpy(grown, op->attrs, op->attr_count * sizeof *grown);
    grown[op->attr_count++] =
        (tj_tt_attr){.name = name, .kind = TJ_TT_ATTR_INT, .number = number};
    op->attrs = grown;
}

tj_tt_value *tj_tt_emit1(tj_tt_expander *e, tj_tt_kind kind, tj_tt_value *a, tj_tt_value *b,
                         const tj_tt_type *type)
{
    tj_tt_value *operands[] = {a, b};
    return tj_tt_emit(e, kind, operands, b ? 2 : 1, type)->results[0];
}

tj_tt_value *tj_tt_emit_constant(tj_tt_expander *e, tj_tt_elem elem, int64_t number)
{
    tj_tt_type type = tj_tt_scalar(elem);
    tj_tt_op *op = tj_tt_emit(e, TJ_TT_OP_CONSTANT, NULL, 0, &type);
    tj_tt_give_attr(e, op, "value", number);
    return op->results[0];
}

/* ---- parts ------------------------------------------------------------------------------- */

static tj_tt_value **parts_of(tj_tt_expander *e, const tj_tt_op *op, const tj_tt_value *value)
{
    tj_tt_value **parts = value->number < e->part_capacity ? e->parts[value->number] : NULL;
    if (!parts)
        tj_tt_fail(e->module, op, e->diags, TJ_E_UNSUPPORTED,
                   "%%%s, of type %s, comes from an operation that is not supported for it",
                   value->name, tj_tt_type_name(e->arena, &value->type));
    return parts;
}

static tj_tt_value **new_parts(tj_tt_expander *e, const tj_tt_value *value)
{
    uint32_t count = part_count(&value->type);
    tj_tt_value **parts = tj_new_array(e->arena, tj_tt_value *, count);
    for (uint32_t i = 0; i < count; i++) {
        tj_tt_type type = part_type(&value->type, i);
        parts[i] = new_value(e, &type, value->name);
    }
    e->parts[value->number] = parts;
    e->has_changed = true;
    return parts;
}

static uint32_t flat_count(tj_tt_value *const *values, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += is_compound(&values[i]->type) ? part_count(&values[i]->type) : 1;
    return sum;
}

/* New values for those of a list that are defined here. */
static void flatten_defined(tj_tt_expander *e, tj_tt_value ***values, uint32_t *count,
                            tj_tt_op *def, tj_tt_block *block)
{
    uint32_t total = flat_count(*values, *count), at = 0;
    if (total == *count)
        return;
    tj_tt_value **out = tj_new_array(e->arena, tj_tt_value *, total);
    for (uint32_t i = 0; i < *count; i++) {
        tj_tt_value *value = (*values)[i];
        bool is_many = is_compound(&value->type);
        tj_tt_value **parts = is_many ? new_parts(e, value) : &value;
        for (uint32_t k = 0; k < (is_many ? part_count(&value->type) : 1); k++, at++) {
            out[at] = parts[k];
            out[at]->index = at;
            out[at]->def = def;
            out[at]->block = block;
        }
    }
    *values = out;
    *count = total;
}

/* Operands in place of operands; those of successors are counted anew. */
static bool flatten_operands(tj_tt_expander *e, tj_tt_op *op)
{
    uint32_t total = flat_count(op->operands, op->operand_count), at = 0;
    if (total == op->operand_count)
        return true;
    tj_tt_value **out = tj_new_array(e->arena, tj_tt_value *, total);
    uint32_t first = op->kind == TJ_TT_OP_COND_BR;
    for (uint32_t s = 0; s < op->successor_count; s++) {
        uint32_t own = op->successor_operands[s];
        op->successor_operands[s] = flat_count(op->operands + first, own);
        first += own;
    }
    for (uint32_t i = 0; i < op->operand_count; i++) {
        tj_tt_value *value = op->operands[i];
        bool is_many = is_compound(&value->type);
        tj_tt_value **parts = is_many ? parts_of(e, op, value) : &value;
        if (!parts)
            return false;
        for (uint32_t k = 0; k < (is_many ? part_count(&value->type) : 1); k++)
            out[at++] = parts[k];
    }
    op->operands = out;
    op->operand_count = total;
    return true;
}

/* ---- operations -------------------------------------------------------------------------- */

static tj_tt_value *widened(tj_tt_expander *e, tj_tt_value *value)
{
    tj_tt_type type = tj_tt_scalar(TJ_TT_I64);
    return value->type.elem == TJ_TT_I64 ? value
                                         : tj_tt_emit1(e, TJ_TT_OP_EXTSI, value, NULL, &type);
}

/* Pointer, shape, strides, and offsets or padding. */
static bool expand_make(tj_tt_expander *e, tj_tt_op *op)
{
    enum { PAD_NAN = 2 };
    const tj_tt_type *type = &op->results[0]->type;
    uint32_t count = part_count(type);
    tj_tt_value **parts = tj_new_array(e->arena, tj_tt_value *, count);
    bool is_descriptor = type->form == TJ_TT_DESCRIPTOR;
    for (uint32_t i = 0; i < count - (is_descriptor ? 1 : 0); i++)
        parts[i] =
            i && i < tj_tt_last_part(type) ? widened(e, op->operands[i]) : op->operands[i];
    if (is_descriptor)
        parts[count - 1] =
            tj_tt_emit_constant(e, TJ_TT_I1, tj_tt_int_attr(op, "padding", 1) == PAD_NAN);
    e->parts[op->results[0]->number] = parts;
    return true;
}

static bool expand_advance(tj_tt_expander *e, tj_tt_op *op)
{
    const tj_tt_type *type = &op->results[0]->type;
    tj_tt_value **from = parts_of(e, op, op->operands[0]);
    uint32_t count = part_count(type), first = tj_tt_last_part(type);
    tj_tt_value **parts = tj_new_array(e->arena, tj_tt_value *, count);
    if (!from)
        return false;
    memcpy(parts, from, count * sizeof *parts);
    for (uint32_t d = 0; d < type->rank; d++)
        parts[first + d] = tj_tt_emit1(e, TJ_TT_OP_ADDI, from[first + d], op->operands[1 + d],
                                       &from[first + d]->type);
    e->parts[op->results[0]->number] = parts;
    return true;
}

static void replace_in_region(tj_tt_region *region, const tj_tt_value *from, tj_tt_value *to)
{
    for (tj_tt_block *block = region->first; block; block = block->next)
        for (tj_tt_op *op = block->first; op; op = op->next) {
            for (uint32_t i = 0; i < op->operand_count; i++)
                if (op->operands[i] == from)
                    op->operands[i] = to;
            for (uint32_t i = 0; i < op->region_count; i++)
                replace_in_region(&op->regions[i], from, to);
        }
}

static bool expand_access(tj_tt_expander *e, tj_tt_op *op)
{
    tj_tt_value **parts = parts_of(e, op, op->operands[0]);
    if (!parts)
        return false;
    tj_tt_value *value = tj_tt_expand_access(e, op, parts);
    if (value && op->result_count)
        replace_in_region(&e->func->body, op->results[0], value);
    return e->diags->first.status == TJ_OK;
}

static bool expand_scaled(tj_tt_expander *e, tj_tt_op *op)
{
    tj_tt_value *value = tj_tt_expand_scaled(e, op);
    if (value)
        replace_in_region(&e->func->body, op->results[0], value);
    return value != NULL;
}

static bool is_of_block_pointers(const tj_tt_op *op)
{
    return (op->kind == TJ_TT_OP_LOAD || op->kind == TJ_TT_OP_STORE) &&
           op->operands[0]->type.form == TJ_TT_BLOCK_POINTER;
}

typedef bool expand_fn(tj_tt_expander *e, tj_tt_op *op);

static expand_fn *expander_of(const tj_tt_op *op)
{
    switch (op->kind) {
    case TJ_TT_OP_MAKE_TENSOR_DESCRIPTOR:
    case TJ_TT_OP_MAKE_TENSOR_PTR:
        return expand_make;
    case TJ_TT_OP_ADVANCE:
        return expand_advance;
    case TJ_TT_OP_DESCRIPTOR_LOAD:
    case TJ_TT_OP_DESCRIPTOR_STORE:
    case TJ_TT_OP_DESCRIPTOR_REDUCE:
    case TJ_TT_OP_DESCRIPTOR_GATHER:
    case TJ_TT_OP_DESCRIPTOR_SCATTER:
        return expand_access;
    case TJ_TT_OP_DOT_SCALED:
        return expand_scaled;
    default:
        return is_of_block_pointers(op) ? expand_access : NULL;
    }
}

static bool expand_region(tj_tt_expander *e, tj_tt_region *region);

static bool expand_block(tj_tt_expander *e, tj_tt_block *block)
{
    for (tj_tt_op **at = &block->first; *at;) {
        tj_tt_op *op = *at;
        expand_fn *expand = expander_of(op);
        e->block = block;
        e->link = at;
        e->origin = op;
        if (expand) {
            e->has_changed = true;
            if (!expand(e, op))
                return false;
            *e->link = op->next;
            at = e->link;
            continue;
        }
        if (!flatten_operands(e, op))
            return false;
        for (uint32_t i = 0; i < op->region_count; i++)
            if (!expand_region(e, &op->regions[i]))
                return false;
        flatten_defined(e, &op->results, &op->result_count, op, NULL);
        at = &op->next;
    }
    return true;
}

static bool expand_region(tj_tt_expander *e, tj_tt_region *region)
{
    bool is_entry = !region->parent;
    for (tj_tt_block *block = region->first; block; block = block->next, is_entry = false)
        if (!is_entry)
            flatten_defined(e, &block->args, &block->arg_count, NULL, block);
    for (tj_tt_block *block = region->first; block; block = block->next)
        if (!expand_block(e, block))
            return false;
    return true;
}

/* ---- functions --------------------------------------------------------------------------- */

/* A kernel's descriptor: sizes (i32) and strides (i64) are the parameters behind it. */
static bool expand_param(tj_tt_expander *e, uint32_t at)
{
    tj_tt_block *body = e->func->body.first;
    tj_tt_value *value = body->args[at];
    tj_tt_type type = value->type, pointer = part_type(&type, 0);
    tj_tt_value **parts = tj_new_array(e->arena, tj_tt_value *, part_count(&type));
    bool is_good = type.form == TJ_TT_DESCRIPTOR && body->arg_count - at > 2u * type.rank;
    for (uint32_t i = 1; i <= 2u * type.rank && is_good; i++) {
        tj_tt_type want = tj_tt_scalar(i <= type.rank ? TJ_TT_I32 : TJ_TT_I64);
        is_good = tj_tt_same_type(&body->args[at + i]->type, &want);
        parts[i] = is_good ? widened(e, body->args[at + i]) : NULL;
    }
    if (!is_good) {
        tj_loc loc = {
            .file = e->module->file, .line = e->func->line, .column = e->func->column};
        tj_fail_at(
            e->diags, TJ_E_UNSUPPORTED, &loc,
            "parameter %%%s of kernel @%s is of type %s; its shape (i32) and strides (i64) "
            "are not behind it",
            value->name, e->func->name, tj_tt_type_name(e->arena, &type));
        return false;
    }
    tj_tt_value *whole = tj_new(e->arena, tj_tt_value); /* the key of the uses */
    *whole = *value;
    whole->number = e->func->value_count++;
    value->type = pointer;
    parts[0] = value;
    parts[tj_tt_last_part(&type)] = tj_tt_emit_constant(e, TJ_TT_I1, 0);
    e->parts[whole->number] = parts;
    replace_in_region(&e->func->body, value, whole);
    /* the operations of the parts themselves use the parameter as it is now */
    e->has_changed = true;
    return true;
}

static bool expand_params(tj_tt_expander *e)
{
    tj_tt_block *body = e->func->body.first;
    e->block = body;
    e->link = &body->first;
    e->origin = body->first;
    if (!e->func->is_public) {
        flatten_defined(e, &body->args, &body->arg_count, NULL, body);
        return true;
    }
    for (uint32_t i = 0; i < body->arg_count; i++)
        if (is_compound(&body->args[i]->type) && !expand_param(e, i))
            return false;
    return true;
}

static void flatten_results(tj_tt_expander *e)
{
    tj_tt_func *func = e->func;
    uint32_t total = 0, at = 0;
    for (uint32_t i = 0; i < func->result_count; i++)
        total += is_compound(&func->results[i]) ? part_count(&func->results[i]) : 1;
    tj_tt_type *out = tj_new_array(e->arena, tj_tt_type, total + 1);
    for (uint32_t i = 0; i < func->result_count; i++) {
        const tj_tt_type *type = &func->results[i];
        if (!is_compound(type))
            out[at++] = *type;
        for (uint32_t k = 0; is_compound(type) && k < part_count(type); k++)
            out[at++] = part_type(type, k);
    }
    func->results = out;
    func->result_count = total;
}

tj_status tj_tt_expand(tj_tt_module *module, tj_diags *diags, bool *has_changed)
{
    *has_changed = false;
    for (tj_tt_func *func = module->first; func; func = func->next) {
        tj_tt_expander e = {
            .module = module, .func = func, .arena = diags->arena, .diags = diags};
        uint32_t params = func->body.first ? func->body.first->arg_count : 0;
        e.part_capacity = func->value_count + params;
        e.parts = tj_new_array(e.arena, tj_tt_value **, e.part_capacity + 1);
        if (!func->body.first)
            continue;
        flatten_results(&e);
        if (!expand_params(&e) || !expand_region(&e, &func->body))
            return diags->first.status;
        *has_changed |= e.has_changed;
    }
    return TJ_OK;
}
