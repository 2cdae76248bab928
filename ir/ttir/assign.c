/* SPDX-License-Identifier: MIT */
/* Homes forward along definitions, wishes backward along uses, both to a fixed point. */
#include "ttir/assign.h"

#include <string.h>

typedef struct assigner {
    tj_arena *arena;
    tj_tt_assignment *out;
    unsigned group_bits;
    bool has_changed;
} assigner;

static tj_tt_wants *wants_of(const assigner *s, const tj_tt_value *value)
{
    return &s->out->values[value->number];
}

static bool is_tensor(const tj_tt_value *value)
{
    return value->type.form == TJ_TT_TENSOR;
}

static void set_home(assigner *s, const tj_tt_value *value, const tj_tt_layout *home)
{
    tj_tt_wants *wants = wants_of(s, value);
    if (wants->has_home || wants->is_again || !is_tensor(value))
        return;
    wants->has_home = s->has_changed = true;
    wants->home = *home;
}

static const tj_tt_layout *home_of(const assigner *s, const tj_tt_value *value)
{
    const tj_tt_wants *wants = wants_of(s, value);
    return is_tensor(value) && wants->has_home ? &wants->home : NULL;
}

static void copy_home(assigner *s, const tj_tt_value *to, const tj_tt_value *from)
{
    const tj_tt_layout *home = home_of(s, from);
    if (home)
        set_home(s, to, home);
}

static tj_tt_layout default_of(const assigner *s, const tj_tt_value *value)
{
    return tj_tt_default_layout(&value->type, s->group_bits);
}

static tj_tt_layout home_or_default(const assigner *s, const tj_tt_value *value)
{
    const tj_tt_layout *home = home_of(s, value);
    return home ? *home : default_of(s, value);
}

/* ---- homes ------------------------------------------------------------------------------ */

static void home_region(assigner *s, const tj_tt_region *region);

/* Elementwise: the first operand that has one. */
static void home_elementwise(assigner *s, const tj_tt_op *op)
{
    for (uint32_t i = 0; i < op->operand_count; i++)
        for (uint32_t k = 0; k < op->result_count && home_of(s, op->operands[i]); k++)
            copy_home(s, op->results[k], op->operands[i]);
}

static void home_access(assigner *s, const tj_tt_op *op)
{
    if (!is_tensor(op->results[0]))
        return;
    tj_tt_layout layout = tj_tt_access_layout(s->out->axis, op->operands[0], s->group_bits);
    const tj_tt_layout *home = home_of(s, op->operands[0]);
    for (uint32_t i = 1; op->kind != TJ_TT_OP_LOAD && i < op->operand_count && !home; i++)
        home = home_of(s, op->operands[i]);
    set_home(s, op->results[0], home ? home : &layout);
}

static void home_view(assigner *s, const tj_tt_op *op)
{
    const tj_tt_layout *home = home_of(s, op->operands[0]);
    uint8_t order[TJ_TT_MAX_RANK];
    if (!home)
        return;
    tj_tt_layout out = *home;
    if (op->kind == TJ_TT_OP_TRANS) {
        tj_tt_read_order(op, order);
        out = tj_tt_permuted(home, &op->operands[0]->type, order);
    }
    set_home(s, op->results[0], &out);
}

/* Joined and appended values stay where they are; parts of pairs have a layout of their own. */
static void home_pair(assigner *s, const tj_tt_op *op)
{
    const tj_tt_value *from = op->operands[0];
    if (!is_tensor(from) || !is_tensor(op->results[0]))
        return;
    tj_tt_layout home = home_or_default(s, from);
    home = op->kind == TJ_TT_OP_SPLIT  ? default_of(s, op->results[0])
           : op->kind == TJ_TT_OP_JOIN ? tj_tt_joined(&home)
                                       : tj_tt_appended(&home, &from->type);
    for (uint32_t i = 0; i < op->result_count; i++)
        set_home(s, op->results[i], &home);
}

static void home_combine(assigner *s, const tj_tt_op *op)
{
    tj_tt_layout home = tj_tt_op_layout(s->out, op);
    if (op->kind == TJ_TT_OP_REDUCE) {
        unsigned axis = (unsigned)tj_tt_int_attr(op, "axis", 0);
        home = tj_tt_without_bits(&home, tj_tt_dim_mask(&op->operands[0]->type, axis));
    }
    for (uint32_t i = 0; i < op->result_count; i++)
        set_home(s, op->results[i], &home);
}

bool tj_tt_has_matrices(const tj_tt_op *op)
{
    const tj_tt_type *a = &op->operands[0]->type, *c = &op->results[0]->type;
    if ((c->elem != TJ_TT_F32 && c->elem != TJ_TT_F16) || a->elem == TJ_TT_F64)
        return false;
    for (unsigned i = 0; i < 2; i++)
        if (c->log2[c->rank - 1 - i] < TJ_TT_SIDE_BITS)
            return false;
    return a->log2[a->rank - 1] >= TJ_TT_SIDE_BITS;
}

static void home_dot(assigner *s, const tj_tt_op *op)
{
    const tj_tt_type *type = &op->results[0]->type;
    tj_tt_layout home = tj_tt_has_matrices(op) ? tj_tt_matrix_layout(type, s->group_bits)
                                               : default_of(s, op->results[0]);
    set_home(s, op->results[0], &home);
}

static void home_defaults(assigner *s, const tj_tt_op *op)
{
    for (uint32_t i = 0; i < op->result_count; i++) {
        tj_tt_layout home = default_of(s, op->results[i]);
        set_home(s, op->results[i], &home);
    }
}

/* As the operands are; where several elements are taken together a thread has as many. */
static void home_map(assigner *s, const tj_tt_op *op)
{
    unsigned per_thread = (unsigned)__builtin_ctzll((uint64_t)tj_tt_int_attr(op, "pack", 1));
    const tj_tt_type *type = &op->operands[0]->type;
    uint8_t order[TJ_TT_MAX_RANK];
    for (unsigned i = 0; i < type->rank; i++)
        order[i] = (uint8_t)(type->rank - 1 - i);
    tj_tt_layout home = tj_tt_blocked(type, order, per_thread, s->group_bits);
    for (uint32_t i = op->operand_count; i-- > 0 && !per_thread;) {
        const tj_tt_layout *own = home_of(s, op->operands[i]);
        home = own ? *own : home;
    }
    for (uint32_t i = 0; i < op->result_count; i++)
        set_home(s, op->results[i], &home);
}

/* What enters a loop, what it yields, its argument and its result have one home. */
static void home_for(assigner *s, const tj_tt_op *op)
{
    const tj_tt_block *body = op->regions[0].first;
    for (uint32_t i = 0; i < op->result_count; i++) {
        copy_home(s, body->args[i + 1], op->operands[i + 3]);
        copy_home(s, body->args[i + 1], body->last->operands[i]);
    }
    home_region(s, &op->regions[0]);
    for (uint32_t i = 0; i < op->result_count; i++) {
        copy_home(s, body->args[i + 1], body->last->operands[i]);
        copy_home(s, op->results[i], body->args[i + 1]);
        copy_home(s, body->args[i + 1], op->results[i]);
    }
}

static void home_if(assigner *s, const tj_tt_op *op)
{
    for (uint32_t r = 0; r < 2 && op->regions[r].first; r++) {
        home_region(s, &op->regions[r]);
        for (uint32_t i = 0; i < op->result_count; i++)
            copy_home(s, op->results[i], op->regions[r].first->last->operands[i]);
    }
}

static void home_execute(assigner *s, const tj_tt_op *op)
{
    home_region(s, &op->regions[0]);
    for (uint32_t i = 0; i < op->result_count; i++)
        copy_home(s, op->results[i], op->regions[0].first->last->operands[i]);
}

static void home_while(assigner *s, const tj_tt_op *op)
{
    const tj_tt_block *before = op->regions[0].first, *after = op->regions[1].first;
    for (uint32_t i = 0; i < op->operand_count; i++) {
        copy_home(s, before->args[i], op->operands[i]);
        copy_home(s, before->args[i], after->last->operands[i]);
    }
    home_region(s, &op->regions[0]);
    for (uint32_t i = 0; i < op->result_count; i++) {
        copy_home(s, op->results[i], before->last->operands[i + 1]);
        copy_home(s, after->args[i], op->results[i]);
        copy_home(s, op->results[i], after->args[i]);
    }
    home_region(s, &op->regions[1]);
    for (uint32_t i = 0; i < op->operand_count; i++)
        copy_home(s, before->args[i], after->last->operands[i]);
}

static void home_op(assigner *s, const tj_tt_op *op)
{
    if (tj_tt_op_infos[op->kind].flags & TJ_TT_ELEMENTWISE) {
        home_elementwise(s, op);
        return;
    }
    switch (op->kind) {
    case TJ_TT_OP_LOAD:
    case TJ_TT_OP_ATOMIC_RMW:
    case TJ_TT_OP_ATOMIC_CAS:
        home_access(s, op);
        break;
    case TJ_TT_OP_EXPAND_DIMS:
    case TJ_TT_OP_RESHAPE:
    case TJ_TT_OP_TRANS:
        home_view(s, op);
        break;
    case TJ_TT_OP_JOIN:
    case TJ_TT_OP_SPLIT:
    case TJ_TT_OP_CAT:
        home_pair(s, op);
        break;
    case TJ_TT_OP_REDUCE:
    case TJ_TT_OP_SCAN:
        home_combine(s, op);
        break;
    case TJ_TT_OP_MAP_ELEMENTWISE:
        home_map(s, op);
        break;
    case TJ_TT_OP_GATHER:
    case TJ_TT_OP_HISTOGRAM:
    case TJ_TT_OP_CALL:
        home_defaults(s, op);
        break;
    case TJ_TT_OP_DOT:
        home_dot(s, op);
        break;
    case TJ_TT_OP_FOR:
        home_for(s, op);
        break;
    case TJ_TT_OP_IF:
        home_if(s, op);
        break;
    case TJ_TT_OP_WHILE:
        home_while(s, op);
        break;
    case TJ_TT_OP_EXECUTE_REGION:
        home_execute(s, op);
        break;
    default:
        break;
    }
}

static void home_region(assigner *s, const tj_tt_region *region)
{
    for (const tj_tt_block *block = region->first; block; block = block->next)
        for (const tj_tt_op *op = block->first; op; op = op->next)
            home_op(s, op);
}

/* Tensors that blocks of a function take have one layout whatever branches there. */
static void home_block_args(assigner *s, const tj_tt_region *body)
{
    for (const tj_tt_block *block = body->first; block; block = block->next)
        for (uint32_t i = 0; i < block->arg_count; i++)
            if (is_tensor(block->args[i])) {
                tj_tt_layout home = default_of(s, block->args[i]);
                set_home(s, block->args[i], &home);
            }
}

/* ---- wishes ----------------------------------------------------------------------------- */

/* Pointers do not move between threads: where they would have to, what they are made of does.
 */
static void drop_home(assigner *s, const tj_tt_value *value, const tj_tt_layout *layout)
{
    tj_tt_wants *wants = wants_of(s, value);
    const tj_tt_op *op = value->def;
    if (!wants->has_home || !value->type.is_pointer || !op)
        return;
    bool is_made = (tj_tt_op_infos[op->kind].flags & TJ_TT_ELEMENTWISE) ||
                   op->kind == TJ_TT_OP_EXPAND_DIMS || op->kind == TJ_TT_OP_RESHAPE ||
                   op->kind == TJ_TT_OP_TRANS;
    if (!is_made || tj_tt_plan_conversion(&wants->home, layout).move == TJ_TT_MOVE_RENAME)
        return;
    wants->has_home = false;
    wants->is_again = s->has_changed = true;
}

static void want(assigner *s, const tj_tt_value *value, const tj_tt_layout *layout)
{
    tj_tt_wants *wants = wants_of(s, value);
    if (!wants->is_used)
        wants->is_used = s->has_changed = true;
    if (!is_tensor(value) || (wants->has_home && tj_tt_same_layout(&wants->home, layout)))
        return;
    drop_home(s, value, layout);
    for (uint32_t i = 0; i < wants->count; i++)
        if (tj_tt_same_layout(&wants->layouts[i], layout))
            return;
    if (wants->count == wants->capacity) {
        uint32_t capacity = wants->capacity ? wants->capacity * 2 : 2;
        tj_tt_layout *grown = tj_new_array(s->arena, tj_tt_layout, capacity);
        if (wants->count)
            memcpy(grown, wants->layouts, wants->count * sizeof *grown);
        wants->layouts = grown;
        wants->capacity = capacity;
    }
    wants->layouts[wants->count++] = *layout;
    s->has_changed = true;
}

static void want_home(assigner *s, const tj_tt_value *value)
{
    tj_tt_layout layout = is_tensor(value) ? home_or_default(s, value) : (tj_tt_layout){0};
    want(s, value, &layout);
}

/* In the layout of another value, which has a home. */
static void want_as(assigner *s, const tj_tt_value *value, const tj_tt_value *like)
{
    const tj_tt_layout *home = home_of(s, like);
    if (home)
        want(s, value, home);
    else
        want_home(s, value);
}

static void want_region(assigner *s, const tj_tt_region *region);

/* Every operand in the layout that gives the results in `layout`. */
static void want_operands(assigner *s, const tj_tt_op *op, const tj_tt_layout *layout)
{
    tj_tt_layout needed = tj_tt_operand_layout(op, layout);
    for (uint32_t i = 0; i < op->operand_count; i++)
        want(s, op->operands[i], &needed);
}

static void want_for_results(assigner *s, const tj_tt_op *op)
{
    static const tj_tt_layout none = {0};
    for (uint32_t i = 0; i < op->result_count; i++) {
        const tj_tt_wants *wants = wants_of(s, op->results[i]);
        if (!wants->is_used)
            continue;
        if (!is_tensor(op->results[i]) || wants->has_home)
            want_operands(s, op, wants->has_home ? &wants->home : &none);
        for (uint32_t k = 0; k < wants->count && !wants->has_home; k++) {
            tj_tt_layout layout = wants->layouts[k];
            want_operands(s, op, &layout);
        }
    }
}

/* A loop's value without a home gets the first layout that somebody wants. */
static void settle(assigner *s, const tj_tt_value *value)
{
    const tj_tt_wants *wants = wants_of(s, value);
    if (is_tensor(value) && !wants->has_home && wants->is_used) {
        tj_tt_layout home = wants->count ? wants->layouts[0] : default_of(s, value);
        set_home(s, value, &home);
    }
}

/* Values that hand on to each other are wanted together and have one home. */
static void tie(assigner *s, const tj_tt_value *a, const tj_tt_value *b)
{
    settle(s, a);
    settle(s, b);
    if (wants_of(s, a)->is_used)
        want_as(s, b, a);
    if (wants_of(s, b)->is_used)
        want_as(s, a, b);
    copy_home(s, a, b);
    copy_home(s, b, a);
}

static void want_for(assigner *s, const tj_tt_op *op)
{
    const tj_tt_block *body = op->regions[0].first;
    for (int i = 0; i < 3; i++)
        want_home(s, op->operands[i]);
    want_region(s, &op->regions[0]);
    for (uint32_t i = 0; i < op->result_count; i++) {
        tie(s, body->args[i + 1], op->results[i]);
        if (wants_of(s, body->args[i + 1])->is_used) {
            want_as(s, op->operands[i + 3], body->args[i + 1]);
            want_as(s, body->last->operands[i], body->args[i + 1]);
        }
    }
}

static void want_if(assigner *s, const tj_tt_op *op)
{
    want_home(s, op->operands[0]);
    for (uint32_t r = 0; r < 2 && op->regions[r].first; r++) {
        for (uint32_t i = 0; i < op->result_count; i++) {
            settle(s, op->results[i]);
            if (wants_of(s, op->results[i])->is_used)
                want_as(s, op->regions[r].first->last->operands[i], op->results[i]);
        }
        want_region(s, &op->regions[r]);
    }
}

static void want_while(assigner *s, const tj_tt_op *op)
{
    const tj_tt_block *before = op->regions[0].first, *after = op->regions[1].first;
    want_home(s, before->last->operands[0]);
    want_region(s, &op->regions[1]);
    for (uint32_t i = 0; i < op->result_count; i++) {
        tie(s, after->args[i], op->results[i]);
        if (wants_of(s, op->results[i])->is_used)
            want_as(s, before->last->operands[i + 1], op->results[i]);
    }
    want_region(s, &op->regions[0]);
    for (uint32_t i = 0; i < op->operand_count; i++) {
        settle(s, before->args[i]);
        if (wants_of(s, before->args[i])->is_used) {
            want_as(s, op->operands[i], before->args[i]);
            want_as(s, after->last->operands[i], before->args[i]);
        }
    }
}

static void want_execute(assigner *s, const tj_tt_op *op)
{
    for (uint32_t i = 0; i < op->result_count; i++) {
        settle(s, op->results[i]);
        if (wants_of(s, op->results[i])->is_used)
            want_as(s, op->regions[0].first->last->operands[i], op->results[i]);
    }
    want_region(s, &op->regions[0]);
}

static void want_branch(assigner *s, const tj_tt_op *op)
{
    uint32_t at = op->kind == TJ_TT_OP_COND_BR;
    if (at)
        want_home(s, op->operands[0]);
    for (uint32_t i = 0; i < op->successor_count; i++)
        for (uint32_t k = 0; k < op->successor_operands[i]; k++, at++)
            want_as(s, op->operands[at], op->successors[i]->args[k]);
}

/* Operations that are carried out for what they do. */
static void want_effect(assigner *s, const tj_tt_op *op)
{
    tj_tt_layout layout = tj_tt_op_layout(s->out, op);
    for (uint32_t i = 0; i < op->operand_count; i++)
        want(s, op->operands[i], &layout);
}

static void want_all_home(assigner *s, const tj_tt_op *op)
{
    for (uint32_t i = 0; i < op->operand_count; i++)
        want_home(s, op->operands[i]);
}

/* A function's tensors go in and out in the default layout. */
static void want_all_default(assigner *s, const tj_tt_op *op)
{
    for (uint32_t i = 0; i < op->operand_count; i++) {
        tj_tt_layout layout =
            is_tensor(op->operands[i]) ? default_of(s, op->operands[i]) : (tj_tt_layout){0};
        want(s, op->operands[i], &layout);
    }
}

static bool any_used(const assigner *s, const tj_tt_op *op)
{
    for (uint32_t i = 0; i < op->result_count; i++)
        if (wants_of(s, op->results[i])->is_used)
            return true;
    return false;
}

static void want_op(assigner *s, const tj_tt_op *op)
{
    switch (op->kind) {
    case TJ_TT_OP_STORE:
    case TJ_TT_OP_ATOMIC_RMW:
    case TJ_TT_OP_ATOMIC_CAS:
    case TJ_TT_OP_ATOMIC_POLL:
        want_effect(s, op);
        break;
    case TJ_TT_OP_MAP_ELEMENTWISE:
        want_effect(s, op);
        want_region(s, &op->regions[0]);
        break;
    case TJ_TT_OP_MAP_ELEMENTWISE_RETURN:
    case TJ_TT_OP_PRINT:
    case TJ_TT_OP_ASSERT:
        want_all_home(s, op);
        break;
    case TJ_TT_OP_FOR:
        want_for(s, op);
        break;
    case TJ_TT_OP_IF:
        want_if(s, op);
        break;
    case TJ_TT_OP_WHILE:
        want_while(s, op);
        break;
    case TJ_TT_OP_EXECUTE_REGION:
        want_execute(s, op);
        break;
    case TJ_TT_OP_BR:
    case TJ_TT_OP_COND_BR:
        want_branch(s, op);
        break;
    case TJ_TT_OP_CALL:
    case TJ_TT_OP_RETURN:
        want_all_default(s, op);
        break;
    case TJ_TT_OP_REDUCE:
    case TJ_TT_OP_SCAN:
        if (any_used(s, op)) {
            want_effect(s, op);
            want_region(s, &op->regions[0]);
        }
        break;
    case TJ_TT_OP_REDUCE_RETURN:
    case TJ_TT_OP_SCAN_RETURN:
        want_all_home(s, op);
        break;
    case TJ_TT_OP_GATHER:
        if (any_used(s, op)) {
            want_home(s, op->operands[0]);
            want_as(s, op->operands[1], op->results[0]);
        }
        break;
    case TJ_TT_OP_HISTOGRAM:
        if (any_used(s, op)) {
            want_home(s, op->operands[0]);
            if (op->operand_count > 1) {
                tj_tt_layout layout = home_or_default(s, op->operands[0]);
                want(s, op->operands[1], &layout);
            }
        }
        break;
    case TJ_TT_OP_DOT:
        if (any_used(s, op)) {
            want_home(s, op->operands[0]);
            want_home(s, op->operands[1]);
            want_as(s, op->operands[2], op->results[0]);
        }
        break;
    case TJ_TT_OP_YIELD:
    case TJ_TT_OP_CONDITION:
        break; /* by their parents */
    default:
        want_for_results(s, op);
        break;
    }
}

static void want_block(assigner *s, const tj_tt_block *block)
{
    uint32_t count = 0;
    for (const tj_tt_op *op = block->first; op; op = op->next)
        count++;
    const tj_tt_op **ops = tj_new_array(s->arena, const tj_tt_op *, count);
    uint32_t i = 0;
    for (const tj_tt_op *op = block->first; op; op = op->next)
        ops[i++] = op;
    while (i-- > 0)
        want_op(s, ops[i]);
}

static void want_region(assigner *s, const tj_tt_region *region)
{
    uint32_t count = 0;
    for (const tj_tt_block *block = region->first; block; block = block->next)
        count++;
    const tj_tt_block **blocks = tj_new_array(s->arena, const tj_tt_block *, count);
    uint32_t i = 0;
    for (const tj_tt_block *block = region->first; block; block = block->next)
        blocks[i++] = block;
    while (i-- > 0)
        want_block(s, blocks[i]);
}

/* ---- operations with effects ------------------------------------------------------------- */

/* A store goes where its value is, unless that is spread: then through neighbours. */
static tj_tt_layout store_layout(const tj_tt_assignment *a, const tj_tt_op *op)
{
    for (int i = 1; i >= 0; i--) {
        const tj_tt_wants *wants = &a->values[op->operands[i]->number];
        if (op->operands[i]->type.form == TJ_TT_TENSOR && wants->has_home &&
            !tj_tt_is_matrices(&op->operands[i]->type, &wants->home))
            return wants->home;
    }
    return tj_tt_access_layout(a->axis, op->operands[0], a->group_bits);
}

tj_tt_layout tj_tt_op_layout(const tj_tt_assignment *a, const tj_tt_op *op)
{
    if (!op->operand_count || op->operands[0]->type.form != TJ_TT_TENSOR)
        return (tj_tt_layout){0};
    if (op->kind == TJ_TT_OP_STORE)
        return store_layout(a, op);
    if (op->result_count && op->kind != TJ_TT_OP_REDUCE && op->kind != TJ_TT_OP_SCAN)
        return a->values[op->results[0]->number].home;
    for (uint32_t i = 0; i < op->operand_count; i++)
        if (a->values[op->operands[i]->number].has_home)
            return a->values[op->operands[i]->number].home;
    return tj_tt_default_layout(&op->operands[0]->type, a->group_bits);
}

tj_tt_assignment tj_tt_assign(tj_arena *arena, const tj_tt_func *func, unsigned group_bits,
                              const tj_tt_choice *choices)
{
    tj_tt_assignment out = {.axis = tj_tt_axis_create(arena, func),
                            .values = tj_new_array(arena, tj_tt_wants, func->value_count),
                            .group_bits = group_bits};
    assigner s = {.arena = arena, .out = &out, .group_bits = group_bits};
    home_block_args(&s, &func->body);
    for (; choices; choices = choices->next)
        if (choices->func == func)
            set_home(&s, choices->value, &choices->layout);
    do { /* homes are only added, wishes too: this ends */
        s.has_changed = false;
        home_region(&s, &func->body);
        want_region(&s, &func->body);
    } while (s.has_changed);
    return out;
}
