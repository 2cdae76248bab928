/* SPDX-License-Identifier: MIT */
/* What both arms of an if assign: once in front of it where it is the same, as a choice where
 * that is all they do. Compilers' guards of loops leave many of these.
 */
#include "msl.h"

static void unlink_stmt(tj_list *list, tj_stmt *stmt)
{
    tj_stmt *before = NULL;

    for (tj_stmt *s = list->first; s != stmt; s = s->next)
        before = s;
    if (before)
        before->next = stmt->next;
    else
        list->first = stmt->next;
    if (list->last == stmt)
        list->last = before;
    stmt->next = NULL;
}

static bool cond_reads(const tj_msl *m, const tj_cond *cond, int var)
{
    for (; cond; cond = cond->next)
        if (cond->value ? tj_msl_reads(m, cond->value, var) : cond->flag == var)
            return true;
    return false;
}

static int var_of(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);

    return val ? val->var : TJ_NONE;
}

/* A constant, or a variable that nothing up to here has changed. */
static bool is_same_before(const tj_msl *m, const tj_list *list, const tj_stmt *end,
                           LLVMValueRef value)
{
    int var = var_of(m, value);

    if (LLVMIsConstant(value))
        return true;
    if (var == TJ_NONE)
        return false;
    for (const tj_stmt *s = list->first; s != end; s = s->next)
        if (s->var == var || tj_msl_assigns(&s->then, var) || tj_msl_assigns(&s->orelse, var))
            return false;
    return true;
}

/* The copy of `value` into `var` that may as well stand in front of the list. */
static tj_stmt *find_movable(const tj_msl *m, const tj_list *list, int var, LLVMValueRef value)
{
    for (tj_stmt *s = list->first; s; s = s->next) {
        if (s->kind == TJ_STMT_COPY && s->var == var)
            return s->value == value && is_same_before(m, list, s, value) ? s : NULL;
        if (s->kind != TJ_STMT_COPY && s->kind != TJ_STMT_INST)
            return NULL;
        if (s->kind == TJ_STMT_COPY && tj_msl_reads(m, s->value, var))
            return NULL;
        for (int i = 0; s->kind == TJ_STMT_INST && i < LLVMGetNumOperands(s->value); i++)
            if (tj_msl_reads(m, LLVMGetOperand(s->value, (unsigned)i), var))
                return NULL;
    }
    return NULL;
}

/* Moves what both arms copy first in front of the if. */
static tj_stmt **hoist(tj_msl *m, tj_stmt **link)
{
    tj_stmt *branch = *link;

    for (tj_stmt *s = branch->then.first, *next; s; s = next) {
        tj_stmt *same;

        next = s->next;
        if (s->kind != TJ_STMT_COPY || cond_reads(m, branch->cond, s->var) ||
            find_movable(m, &branch->then, s->var, s->value) != s ||
            !(same = find_movable(m, &branch->orelse, s->var, s->value)))
            continue;
        unlink_stmt(&branch->then, s);
        unlink_stmt(&branch->orelse, same);
        s->next = branch;
        *link = s;
        link = &s->next;
    }
    return link;
}

static bool is_lone_copy(const tj_list *list)
{
    return list->first && list->first == list->last && list->first->kind == TJ_STMT_COPY;
}

static bool is_matrix(LLVMTypeRef type)
{
    return tj_msl_is_vector(type) && LLVMGetVectorSize(type) == 64;
}

static void choose(tj_stmt *branch)
{
    tj_stmt *yes = branch->then.first, *no = branch->orelse.first;

    if (!is_lone_copy(&branch->then) || !is_lone_copy(&branch->orelse) || yes->var != no->var ||
        is_matrix(LLVMTypeOf(yes->value)))
        return;
    branch->kind = TJ_STMT_CHOOSE;
    branch->var = yes->var;
    branch->value = yes->value;
    branch->other = no->value;
    branch->then.first = branch->then.last = branch->orelse.first = branch->orelse.last = NULL;
}

void tj_msl_merge(tj_msl *m, tj_list *list)
{
    for (tj_stmt **link = &list->first; *link; link = &(*link)->next) {
        tj_msl_merge(m, &(*link)->then);
        tj_msl_merge(m, &(*link)->orelse);
        if ((*link)->kind != TJ_STMT_IF)
            continue;
        link = hoist(m, link);
        choose(*link);
    }
}

/* ---- do ... while ---------------------------------------------------------------------- */

/* The condition stands outside of the braces and sees only what is declared there. */
static bool sees(const tj_msl *m, const tj_cond *cond, const tj_stmt *loop)
{
    for (; cond; cond = cond->next)
        for (int var = 0; var < m->var_count; var++)
            if (tj_msl_reads(m, cond->value, var) && tj_msl_assigns(&loop->then, var) &&
                !tj_msl_touches(m, &m->body, var, loop))
                return false;
    return true;
}

void tj_msl_make_do(tj_msl *m, tj_list *list)
{
    for (tj_stmt *stmt = list->first; stmt; stmt = stmt->next) {
        tj_msl_make_do(m, &stmt->then);
        tj_msl_make_do(m, &stmt->orelse);
        if (stmt->kind != TJ_STMT_LOOP || stmt->cond || stmt->init || stmt->step ||
            !tj_msl_is_break_if(stmt->then.last) || !stmt->then.last->cond->value ||
            tj_msl_has_continue(&stmt->then) || !sees(m, stmt->then.last->cond, stmt))
            continue;
        tj_stmt *last = stmt->then.last;

        for (tj_cond *cond = last->cond; cond; cond = cond->next) {
            cond->is_negated = !cond->is_negated;
            cond->is_or = !cond->is_or;
        }
        stmt->cond = last->cond;
        stmt->kind = TJ_STMT_DO;
        unlink_stmt(&stmt->then, last);
    }
}
