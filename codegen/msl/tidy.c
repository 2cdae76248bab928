/* SPDX-License-Identifier: MIT */
/* Statements as a person would write them: no empty arms, conditions that lead into a long
 * rest become early exits, loops that count become `for` with a head.
 */
#include "msl.h"

static void negate(tj_cond *cond)
{
    for (; cond; cond = cond->next) {
        cond->is_negated = !cond->is_negated;
        cond->is_or = !cond->is_or;
    }
}

static void move_list(tj_list *to, const tj_list *from)
{
    to->first = from->first;
    to->last = from->last;
}

/* Lists below a moved statement keep their parents: those of the arm go to the new list. */
static void adopt(tj_list *list)
{
    for (tj_stmt *stmt = list->first; stmt; stmt = stmt->next) {
        stmt->then.parent = stmt->orelse.parent = list;
        stmt->then.depth = stmt->orelse.depth = list->depth + 1;
        adopt(&stmt->then);
        adopt(&stmt->orelse);
    }
}

static bool ends_away(const tj_list *list)
{
    return list->last &&
           (list->last->kind == TJ_STMT_BREAK || list->last->kind == TJ_STMT_CONTINUE ||
            list->last->kind == TJ_STMT_RETURN);
}

/* Puts the statements of `from` behind `stmt` in `list`. */
static void splice(tj_list *list, tj_stmt *stmt, tj_list *from)
{
    if (!from->first)
        return;
    from->last->next = stmt->next;
    if (list->last == stmt)
        list->last = from->last;
    stmt->next = from->first;
    *from = (tj_list){.parent = from->parent, .depth = from->depth};
}

static unsigned length_of(const tj_list *list)
{
    unsigned count = 0;

    for (const tj_stmt *stmt = list->first; stmt; stmt = stmt->next)
        count += 1 + length_of(&stmt->then) + length_of(&stmt->orelse);
    return count;
}

/* An if without arms does nothing: conditions have no effects. */
static bool is_empty(const tj_stmt *stmt)
{
    return stmt->kind == TJ_STMT_IF && !stmt->then.first && !stmt->orelse.first;
}

/* Whether the condition is printed as the opposite of something. */
static bool is_negative(const tj_cond *cond)
{
    LLVMValueRef value = cond->value;
    bool is_not = value && LLVMIsAInstruction(value) &&
                  LLVMGetInstructionOpcode(value) == LLVMXor &&
                  LLVMIsAConstantInt(LLVMGetOperand(value, 1));

    return !cond->next && (!value || !LLVMIsAICmpInst(value)) && cond->is_negated != is_not;
}

static void swap_arms(tj_stmt *stmt)
{
    tj_list then = stmt->then;

    negate(stmt->cond);
    move_list(&stmt->then, &stmt->orelse);
    move_list(&stmt->orelse, &then);
}

static void tidy_if(tj_list *list, tj_stmt *stmt)
{
    if (!stmt->then.first ||
        (ends_away(&stmt->orelse) && !ends_away(&stmt->then) && length_of(&stmt->orelse) <= 2))
        swap_arms(stmt);
    else if (stmt->orelse.first && !ends_away(&stmt->then) && is_negative(stmt->cond))
        swap_arms(stmt);
    if (ends_away(&stmt->then) && stmt->orelse.first)
        splice(list, stmt, &stmt->orelse);
}

/* What follows the list anyway need not be said. */
static void drop_last(tj_list *list, tj_stmt_kind kind)
{
    tj_stmt *before = NULL, *last = list->last;

    if (!last)
        return;
    if (last->kind == TJ_STMT_IF) {
        drop_last(&last->then, kind);
        drop_last(&last->orelse, kind);
        return;
    }
    if (last->kind != kind)
        return;
    for (tj_stmt *stmt = list->first; stmt != last; stmt = stmt->next)
        before = stmt;
    if (before)
        before->next = NULL;
    else
        list->first = NULL;
    list->last = before;
}

static void tidy_list(tj_msl *m, tj_list *list);

/* `if (c) { long }` at the end of a loop's body or of the kernel: `if (!c) leave; long`. */
static void leave_early(tj_msl *m, tj_list *list, tj_stmt_kind leave)
{
    tj_stmt *last = list->last;

    if (!last || last->kind != TJ_STMT_IF || last->orelse.first || length_of(&last->then) < 4 ||
        last->cond->next)
        return;
    tj_list rest = last->then;

    last->then.first = last->then.last = NULL;
    negate(last->cond);
    tj_msl_append(m, &last->then, leave);
    splice(list, last, &rest);
    leave_early(m, list, leave);
}

/* ---- loops ------------------------------------------------------------------------------- */

static bool is_break_if(const tj_stmt *stmt)
{
    return stmt && stmt->kind == TJ_STMT_IF && stmt->then.first &&
           stmt->then.first->kind == TJ_STMT_BREAK && !stmt->orelse.first;
}

/* for (;;) { if (c) break; ... }: the negated condition is the head's. */
static void take_condition(tj_stmt *loop)
{
    tj_stmt *first = loop->then.first;

    if (!is_break_if(first))
        return;
    negate(first->cond);
    loop->cond = first->cond;
    loop->then.first = first->next;
    if (!loop->then.first)
        loop->then.last = NULL;
}

static void tidy_loop(tj_msl *m, tj_stmt *loop)
{
    drop_last(&loop->then, TJ_STMT_CONTINUE);
    take_condition(loop);
    leave_early(m, &loop->then, TJ_STMT_CONTINUE);
}

static void tidy_list(tj_msl *m, tj_list *list)
{
    tj_stmt **link = &list->first, *last = NULL;

    for (tj_stmt *stmt = list->first; stmt; stmt = stmt->next) {
        if (stmt->kind == TJ_STMT_IF)
            tidy_if(list, stmt);
        tidy_list(m, &stmt->then);
        tidy_list(m, &stmt->orelse);
        if (stmt->kind == TJ_STMT_LOOP)
            tidy_loop(m, stmt);
        if (stmt->kind == TJ_STMT_BLOCK)
            drop_last(&stmt->then, TJ_STMT_BREAK);
    }
    while (*link) {
        if (is_empty(*link)) {
            *link = (*link)->next;
            continue;
        }
        last = *link;
        if (last->kind == TJ_STMT_BREAK || last->kind == TJ_STMT_CONTINUE ||
            last->kind == TJ_STMT_RETURN)
            last->next = NULL; /* nothing gets behind it */
        link = &last->next;
    }
    list->last = last;
}

/* Assignments of a variable. */
static void drop_copies(tj_list *list, int var)
{
    tj_stmt **link = &list->first;

    list->last = NULL;
    while (*link) {
        tj_stmt *stmt = *link;

        if (stmt->kind == TJ_STMT_COPY && stmt->var == var) {
            *link = stmt->next;
            continue;
        }
        drop_copies(&stmt->then, var);
        drop_copies(&stmt->orelse, var);
        list->last = stmt;
        link = &stmt->next;
    }
}

/* Flags that nothing asks for, as a break behind them goes where they would lead. */
static void drop_flags(tj_msl *m)
{
    for (int i = 0; i < m->var_count; i++)
        if (m->vars[i].is_flag && !tj_msl_is_read(m, &m->body, i, NULL))
            drop_copies(&m->body, i);
}

void tj_msl_tidy(tj_msl *m)
{
    if (m->is_dispatched)
        return;
    tidy_list(m, &m->body);
    tj_msl_merge(m, &m->body);
    tidy_list(m, &m->body);
    tj_msl_count_loops(m, &m->body);
    tidy_list(m, &m->body);
    tj_msl_make_do(m, &m->body);
    drop_last(&m->body, TJ_STMT_RETURN);
    leave_early(m, &m->body, TJ_STMT_RETURN);
    drop_flags(m);
    adopt(&m->body);
}
