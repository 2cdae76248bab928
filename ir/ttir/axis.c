/* SPDX-License-Identifier: MIT */
/* How addresses run along the dimensions of a tensor: contiguous, constant, neither.
 *
 * Only the choice of layouts depends on it: a wrong answer is slow, not wrong. Source: the
 * axis-information analysis of Triton, in small.
 */
#include "ttir/assign.h"

#include <string.h>

typedef enum run { RUN_UNKNOWN, RUN_CONSTANT, RUN_UNIT } run; /* along one dimension */

typedef struct runs {
    uint8_t dim[TJ_TT_MAX_RANK];
    bool is_known;
} runs;

struct tj_tt_axis {
    runs *values; /* by number, as far as they were asked for */
};

enum { MAX_STEPS = 200 }; /* of a chain of definitions */

static runs find_runs(tj_tt_axis *axis, const tj_tt_value *value, unsigned steps);

static runs all(run what)
{
    runs out;
    memset(out.dim, what, sizeof out.dim);
    out.is_known = true;
    return out;
}

/* Unit and constant give unit; two of a kind but constants are nothing. */
static runs add_runs(tj_tt_axis *axis, const tj_tt_op *op, unsigned steps)
{
    runs a = find_runs(axis, op->operands[0], steps),
         b = find_runs(axis, op->operands[1], steps), out = a;
    for (unsigned i = 0; i < TJ_TT_MAX_RANK; i++)
        out.dim[i] = a.dim[i] == RUN_CONSTANT   ? b.dim[i]
                     : b.dim[i] == RUN_CONSTANT ? a.dim[i]
                                                : (uint8_t)RUN_UNKNOWN;
    return out;
}

/* Products, shifts and the like: constant where all operands are. */
static runs scale_runs(tj_tt_axis *axis, const tj_tt_op *op, unsigned steps)
{
    runs out = all(RUN_CONSTANT);
    for (uint32_t k = 0; k < op->operand_count; k++) {
        runs a = find_runs(axis, op->operands[k], steps);
        for (unsigned i = 0; i < TJ_TT_MAX_RANK; i++)
            if (a.dim[i] != RUN_CONSTANT)
                out.dim[i] = RUN_UNKNOWN;
    }
    return out;
}

static bool is_one(const tj_tt_value *value)
{
    const tj_tt_attr *attr = value->def && value->def->kind == TJ_TT_OP_CONSTANT
                                 ? tj_tt_find_attr(value->def, "value")
                                 : NULL;
    return attr && attr->kind == TJ_TT_ATTR_INT && attr->number == 1;
}

static runs multiply_runs(tj_tt_axis *axis, const tj_tt_op *op, unsigned steps)
{
    for (int i = 0; i < 2; i++)
        if (is_one(op->operands[i]))
            return find_runs(axis, op->operands[1 - i], steps);
    return scale_runs(axis, op, steps);
}

/* Remainders and quotients by what the whole dimension shares mostly keep runs whole: a % m of
 * a run is one but where it wraps. */
static runs remainder_runs(tj_tt_axis *axis, const tj_tt_op *op, unsigned steps)
{
    runs a = find_runs(axis, op->operands[0], steps),
         b = find_runs(axis, op->operands[1], steps);
    for (unsigned i = 0; i < TJ_TT_MAX_RANK; i++)
        if (b.dim[i] != RUN_CONSTANT)
            a.dim[i] = RUN_UNKNOWN;
    return a;
}

static runs expand_runs(tj_tt_axis *axis, const tj_tt_op *op, unsigned steps)
{
    runs a = find_runs(axis, op->operands[0], steps), out = a;
    unsigned at = (unsigned)tj_tt_int_attr(op, "axis", 0);
    memmove(out.dim + at + 1, a.dim + at, TJ_TT_MAX_RANK - at - 1u);
    out.dim[at] = RUN_CONSTANT;
    return out;
}

static runs broadcast_runs(tj_tt_axis *axis, const tj_tt_op *op, unsigned steps)
{
    runs out = find_runs(axis, op->operands[0], steps);
    for (unsigned i = 0; i < op->results[0]->type.rank; i++)
        if (!op->operands[0]->type.log2[i])
            out.dim[i] = RUN_CONSTANT;
    return out;
}

static runs trans_runs(tj_tt_axis *axis, const tj_tt_op *op, unsigned steps)
{
    int64_t order[TJ_TT_MAX_RANK];
    runs a = find_runs(axis, op->operands[0], steps), out = a;
    int count = tj_tt_int_list(op, "order", order, TJ_TT_MAX_RANK);
    for (int i = 0; i < count; i++)
        out.dim[i] = a.dim[order[i]];
    return out;
}

/* A loop's argument runs as what it starts with. */
static runs argument_runs(tj_tt_axis *axis, const tj_tt_value *value, unsigned steps)
{
    const tj_tt_op *loop = value->block->parent->parent;
    if (loop && loop->kind == TJ_TT_OP_FOR && value->index)
        return find_runs(axis, loop->operands[value->index + 2], steps);
    if (loop && loop->kind == TJ_TT_OP_WHILE && value->block == loop->regions[0].first)
        return find_runs(axis, loop->operands[value->index], steps);
    return all(RUN_UNKNOWN);
}

static runs runs_of_result(tj_tt_axis *axis, const tj_tt_value *value, unsigned steps)
{
    const tj_tt_op *op = value->def;
    const tj_tt_attr *constant = tj_tt_find_attr(op, "value");
    switch (op->kind) {
    case TJ_TT_OP_CONSTANT:
        return all(constant && constant->kind == TJ_TT_ATTR_LIST ? RUN_UNKNOWN : RUN_CONSTANT);
    case TJ_TT_OP_SPLAT:
        return all(RUN_CONSTANT);
    case TJ_TT_OP_MAKE_RANGE:
        return all(RUN_UNIT);
    case TJ_TT_OP_ADDI:
    case TJ_TT_OP_ADDPTR:
    case TJ_TT_OP_SUBI:
    case TJ_TT_OP_ORI:
        return add_runs(axis, op, steps + 1);
    case TJ_TT_OP_MULI:
        return multiply_runs(axis, op, steps + 1);
    case TJ_TT_OP_REMSI:
    case TJ_TT_OP_REMUI:
        return remainder_runs(axis, op, steps + 1);
    case TJ_TT_OP_EXTSI:
    case TJ_TT_OP_EXTUI:
    case TJ_TT_OP_TRUNCI:
    case TJ_TT_OP_INDEX_CAST:
    case TJ_TT_OP_TT_BITCAST:
        return find_runs(axis, op->operands[0], steps + 1);
    case TJ_TT_OP_SELECT:
        return find_runs(axis, op->operands[1], steps + 1);
    case TJ_TT_OP_EXPAND_DIMS:
        return expand_runs(axis, op, steps + 1);
    case TJ_TT_OP_BROADCAST:
        return broadcast_runs(axis, op, steps + 1);
    case TJ_TT_OP_TRANS:
        return trans_runs(axis, op, steps + 1);
    case TJ_TT_OP_FOR:
        return find_runs(axis, op->operands[value->index + 3], steps + 1);
    default:
        return tj_tt_op_infos[op->kind].flags & TJ_TT_ELEMENTWISE
                   ? scale_runs(axis, op, steps + 1)
                   : all(RUN_UNKNOWN);
    }
}

static runs find_runs(tj_tt_axis *axis, const tj_tt_value *value, unsigned steps)
{
    runs *known = &axis->values[value->number];
    if (value->type.form == TJ_TT_SCALAR)
        return all(RUN_CONSTANT);
    if (steps > MAX_STEPS)
        return all(RUN_UNKNOWN);
    if (!known->is_known)
        *known = value->def ? runs_of_result(axis, value, steps)
                            : argument_runs(axis, value, steps + 1);
    return *known;
}

tj_tt_axis *tj_tt_axis_create(tj_arena *arena, const tj_tt_func *func)
{
    tj_tt_axis *axis = tj_new(arena, tj_tt_axis);
    axis->values = tj_new_array(arena, runs, func->value_count);
    return axis;
}

tj_tt_layout tj_tt_access_layout(tj_tt_axis *axis, const tj_tt_value *pointers,
                                 unsigned group_bits)
{
    runs found = find_runs(axis, pointers, 0);
    uint8_t order[TJ_TT_MAX_RANK];
    unsigned count = 0, rank = pointers->type.rank;
    for (int what = RUN_UNIT; what >= 0; what--) /* unit first, constant last but one */
        for (unsigned i = rank; i-- > 0;)
            if (found.dim[i] == (what == RUN_UNIT ? RUN_UNIT
                                 : what           ? RUN_UNKNOWN
                                                  : RUN_CONSTANT))
                order[count++] = (uint8_t)i;
    return tj_tt_blocked(&pointers->type, order, 0, group_bits);
}
