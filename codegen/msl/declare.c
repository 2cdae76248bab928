/* SPDX-License-Identifier: MIT */
/* Where variables are declared: in the innermost list that holds all of their uses, at their
 * first definition when it stands there itself, else in front of the statement that holds it.
 */
#include "msl.h"

typedef void touch_fn(tj_msl *m, int var, tj_list *list);

static void touch_value(tj_msl *m, LLVMValueRef value, touch_fn *touch, tj_list *list)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (!val)
        return;
    if (val->var != TJ_NONE) {
        touch(m, val->var, list);
        return;
    }
    if (!val->is_folded)
        return;
    for (int i = 0; i < LLVMGetNumOperands(value); i++)
        touch_value(m, LLVMGetOperand(value, (unsigned)i), touch, list);
}

static void touch_list(tj_msl *m, tj_list *list, touch_fn *touch);

/* Calls `touch` for each variable of the statement, those of inner lists included. */
static void touch_statement(tj_msl *m, tj_stmt *stmt, tj_list *list, touch_fn *touch)
{
    if (stmt->var != TJ_NONE)
        touch(m, stmt->var, list);
    if (stmt->kind == TJ_STMT_INST)
        for (int i = 0; i < LLVMGetNumOperands(stmt->value); i++)
            touch_value(m, LLVMGetOperand(stmt->value, (unsigned)i), touch, list);
    else if (stmt->value)
        touch_value(m, stmt->value, touch, list);
    if (stmt->other)
        touch_value(m, stmt->other, touch, list);
    for (tj_cond *term = stmt->cond; term; term = term->next) {
        if (!term->value)
            touch(m, term->flag, list);
        else
            touch_value(m, term->value, touch, stmt->kind == TJ_STMT_LOOP ? &stmt->then : list);
    }
    if (stmt->init)
        touch_statement(m, stmt->init, &stmt->then, touch);
    if (stmt->step)
        touch_statement(m, stmt->step, &stmt->then, touch);
    touch_list(m, &stmt->then, touch);
    touch_list(m, &stmt->orelse, touch);
}

static void touch_list(tj_msl *m, tj_list *list, touch_fn *touch)
{
    for (tj_stmt *stmt = list->first; stmt; stmt = stmt->next)
        touch_statement(m, stmt, list, touch);
}

static void widen_scope(tj_msl *m, int var, tj_list *list)
{
    tj_list *scope = m->vars[var].scope;

    if (!scope) {
        m->vars[var].scope = list;
        return;
    }
    while (scope != list) {
        if (scope->depth >= list->depth)
            scope = scope->parent;
        else
            list = list->parent;
    }
    while (scope->has_cases) /* nothing stands between cases */
        scope = scope->parent;
    m->vars[var].scope = scope;
}

static bool value_touches(const tj_msl *m, LLVMValueRef value, int var)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (!val)
        return false;
    if (val->var != TJ_NONE)
        return val->var == var;
    for (int i = 0; val->is_folded && i < LLVMGetNumOperands(value); i++)
        if (value_touches(m, LLVMGetOperand(value, (unsigned)i), var))
            return true;
    return false;
}

typedef struct question {
    const tj_msl *m;
    int var;
    const tj_stmt *skip;
    bool only_reads;
} question;

static bool asks_list(const question *q, const tj_list *list);

static bool asks_statement(const question *q, const tj_stmt *stmt)
{
    if (stmt == q->skip)
        return false;
    if (stmt->var == q->var && !q->only_reads)
        return true;
    for (int i = 0; stmt->kind == TJ_STMT_INST && i < LLVMGetNumOperands(stmt->value); i++)
        if (value_touches(q->m, LLVMGetOperand(stmt->value, (unsigned)i), q->var))
            return true;
    if (stmt->kind != TJ_STMT_INST && stmt->value && value_touches(q->m, stmt->value, q->var))
        return true;
    if (stmt->other && value_touches(q->m, stmt->other, q->var))
        return true;
    for (const tj_cond *term = stmt->cond; term; term = term->next)
        if (term->value ? value_touches(q->m, term->value, q->var) : term->flag == q->var)
            return true;
    return (stmt->init && asks_statement(q, stmt->init)) ||
           (stmt->step && asks_statement(q, stmt->step)) || asks_list(q, &stmt->then) ||
           asks_list(q, &stmt->orelse);
}

static bool asks_list(const question *q, const tj_list *list)
{
    for (const tj_stmt *stmt = list->first; stmt; stmt = stmt->next)
        if (asks_statement(q, stmt))
            return true;
    return false;
}

bool tj_msl_touches(const tj_msl *m, const tj_list *list, int var, const tj_stmt *skip)
{
    question q = {m, var, skip, false};

    return asks_list(&q, list);
}

bool tj_msl_is_read(const tj_msl *m, const tj_list *list, int var, const tj_stmt *skip)
{
    question q = {m, var, skip, true};

    return asks_list(&q, list);
}

/* ---- placing --------------------------------------------------------------------------- */

typedef struct placing {
    tj_list *list;
    tj_stmt *before; /* the statement in front of which a declaration may be needed */
    tj_stmt **link;  /* that points to it */
} placing;

static void mark_declared(tj_msl *m, int var)
{
    m->vars[var].is_declared = true;
    m->vars[var].scope->undeclared--;
}

static void put_declaration(tj_msl *m, placing *p, int var)
{
    tj_stmt *stmt = tj_new(m->arena, tj_stmt);

    stmt->kind = TJ_STMT_DECLARE;
    stmt->var = var;
    stmt->next = p->before;
    *p->link = stmt;
    p->link = &stmt->next;
    mark_declared(m, var);
}

static bool defines(const tj_stmt *stmt)
{
    return stmt->kind == TJ_STMT_INST || stmt->kind == TJ_STMT_COPY ||
           stmt->kind == TJ_STMT_CHOOSE;
}

static void place_value(tj_msl *m, LLVMValueRef value, placing *p)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (!val)
        return;
    if (val->var != TJ_NONE) {
        if (m->vars[val->var].scope == p->list && !m->vars[val->var].is_declared)
            put_declaration(m, p, val->var);
        return;
    }
    for (int i = 0; val->is_folded && i < LLVMGetNumOperands(value); i++)
        place_value(m, LLVMGetOperand(value, (unsigned)i), p);
}

static void place_inner(tj_msl *m, tj_list *list, placing *p);

/* Declares in front of the statement what belongs to the list and is first touched in it. */
static void place_statement(tj_msl *m, tj_stmt *stmt, placing *p, bool is_own)
{
    if (stmt->kind == TJ_STMT_INST)
        for (int i = 0; i < LLVMGetNumOperands(stmt->value); i++)
            place_value(m, LLVMGetOperand(stmt->value, (unsigned)i), p);
    else if (stmt->value)
        place_value(m, stmt->value, p);
    if (stmt->other)
        place_value(m, stmt->other, p);
    for (tj_cond *term = stmt->cond; term; term = term->next)
        if (term->value)
            place_value(m, term->value, p);
    if (stmt->var != TJ_NONE && m->vars[stmt->var].scope == p->list &&
        !m->vars[stmt->var].is_declared) {
        if (is_own && defines(stmt)) {
            stmt->declares = true;
            mark_declared(m, stmt->var);
        } else {
            put_declaration(m, p, stmt->var);
        }
    }
    if (stmt->init)
        place_statement(m, stmt->init, p, false);
    if (stmt->step)
        place_statement(m, stmt->step, p, false);
    place_inner(m, &stmt->then, p);
    place_inner(m, &stmt->orelse, p);
}

static void place_inner(tj_msl *m, tj_list *list, placing *p)
{
    for (tj_stmt *stmt = list->first; stmt; stmt = stmt->next)
        place_statement(m, stmt, p, false);
}

static void place_list(tj_msl *m, tj_list *list)
{
    placing p = {list, list->first, &list->first};

    while (p.before) {
        tj_stmt *stmt = p.before;

        if (stmt->init && m->vars[stmt->init->var].scope == &stmt->then) {
            stmt->init->declares = true;
            if (!m->vars[stmt->init->var].is_declared)
                mark_declared(m, stmt->init->var);
        }
        if (list->undeclared)
            place_statement(m, stmt, &p, true);
        place_list(m, &stmt->then);
        place_list(m, &stmt->orelse);
        p.link = &stmt->next;
        p.before = stmt->next;
    }
}

void tj_msl_declare(tj_msl *m)
{
    touch_list(m, &m->body, widen_scope);
    for (int i = 0; i < m->var_count; i++)
        if (m->vars[i].scope && !m->vars[i].is_declared)
            m->vars[i].scope->undeclared++;
    place_list(m, &m->body);
}
