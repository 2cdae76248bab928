/* SPDX-License-Identifier: MIT */
/* Loops that count get a head again.
 *
 * Compilers turn `for (k = a; k < n; k = next) body` into
 *     if (a < n) { k = a; for (;;) { body; k = next; if (k >= n) break; } }
 * Here the test at the end goes to the front where the guard, or constants, say that it holds
 * when the loop is entered; then the guard is not needed.
 */
#include "msl.h"

/* `x PREDICATE y` */
typedef struct test {
    LLVMIntPredicate predicate;
    LLVMValueRef x, y;
} test;

static LLVMIntPredicate inverse(LLVMIntPredicate predicate)
{
    static const LLVMIntPredicate table[] = {LLVMIntNE,  LLVMIntEQ,  LLVMIntULE, LLVMIntULT,
                                             LLVMIntUGE, LLVMIntUGT, LLVMIntSLE, LLVMIntSLT,
                                             LLVMIntSGE, LLVMIntSGT};

    return table[predicate - LLVMIntEQ];
}

static bool is_zero(LLVMValueRef value)
{
    return LLVMIsAConstantInt(value) && LLVMConstIntGetZExtValue(value) == 0;
}

/* A comparison that the condition consists of; n != 0 is read as 0 < n. */
static bool read_test(const tj_msl *m, const tj_cond *cond, bool is_inverted, test *out)
{
    const tj_mval *val = cond->value ? tj_msl_find(m, cond->value) : NULL;

    if (cond->next || !val || !LLVMIsAICmpInst(cond->value) || val->var != TJ_NONE)
        return false;
    *out = (test){LLVMGetICmpPredicate(cond->value), LLVMGetOperand(cond->value, 0),
                  cond->limit ? cond->limit : LLVMGetOperand(cond->value, 1)};
    if (cond->is_negated != is_inverted)
        out->predicate = inverse(out->predicate);
    return true;
}

static bool holds(LLVMIntPredicate predicate, LLVMValueRef x, LLVMValueRef y)
{
    uint64_t a, b;
    int64_t c, d;

    if (!LLVMIsAConstantInt(x) || !LLVMIsAConstantInt(y))
        return false;
    a = LLVMConstIntGetZExtValue(x);
    b = LLVMConstIntGetZExtValue(y);
    c = LLVMConstIntGetSExtValue(x);
    d = LLVMConstIntGetSExtValue(y);
    switch (predicate) {
    case LLVMIntNE:
        return a != b;
    case LLVMIntUGT:
        return a > b;
    case LLVMIntULT:
        return a < b;
    case LLVMIntSGT:
        return c > d;
    case LLVMIntSLT:
        return c < d;
    default:
        return false;
    }
}

static tj_stmt *before_last(const tj_list *list)
{
    tj_stmt *stmt = list->first;

    if (!stmt || stmt == list->last)
        return NULL;
    while (stmt->next != list->last)
        stmt = stmt->next;
    return stmt;
}

static void remove_last(tj_list *list)
{
    tj_stmt *stmt = before_last(list);

    if (stmt)
        stmt->next = NULL;
    else
        list->first = NULL;
    list->last = stmt;
}

bool tj_msl_is_break_if(const tj_stmt *stmt)
{
    return stmt && stmt->kind == TJ_STMT_IF && stmt->then.first &&
           stmt->then.first->kind == TJ_STMT_BREAK && !stmt->orelse.first;
}

bool tj_msl_assigns(const tj_list *list, int var)
{
    for (const tj_stmt *stmt = list->first; stmt; stmt = stmt->next)
        if (stmt->var == var || tj_msl_assigns(&stmt->then, var) ||
            tj_msl_assigns(&stmt->orelse, var))
            return true;
    return false;
}

/* The variable that holds an operand of the test; TJ_NONE: none does. */
static int var_of(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(m, value);

    return val ? val->var : TJ_NONE;
}

/* The copy into `var` before `end`; NULL when there is none. */
static tj_stmt *find_copy(const tj_list *list, const tj_stmt *end, int var)
{
    for (tj_stmt *stmt = list->first; stmt && stmt != end; stmt = stmt->next)
        if (stmt->kind == TJ_STMT_COPY && stmt->var == var)
            return stmt;
    return NULL;
}

/* The same in front of `stmt`, when nothing else touches the variable there. */
static tj_stmt *find_copy_before(const tj_list *list, const tj_stmt *stmt, int var)
{
    tj_stmt *found = NULL;

    for (tj_stmt *s = list->first; s != stmt; s = s->next) {
        if (s->kind == TJ_STMT_COPY && s->var == var)
            found = s;
        else if (s->var == var || tj_msl_assigns(&s->then, var) ||
                 tj_msl_assigns(&s->orelse, var))
            found = NULL;
    }
    return found;
}

static bool is_same_value(const tj_msl *m, LLVMValueRef a, LLVMValueRef b)
{
    int var = var_of(m, a);

    return a == b || (var != TJ_NONE && var == var_of(m, b));
}

/* Whether the guard says what the loop's test says of the first round. */
static bool is_guard(const tj_msl *m, const test *guard, const test *end, LLVMValueRef start)
{
    if (guard->predicate == end->predicate && is_same_value(m, guard->x, start) &&
        is_same_value(m, guard->y, end->y))
        return true;
    return guard->predicate == LLVMIntNE && is_zero(guard->y) && is_zero(start) &&
           (end->predicate == LLVMIntULT || end->predicate == LLVMIntNE) &&
           is_same_value(m, guard->x, end->y);
}

static bool only_copies(const tj_list *list, const tj_stmt *end)
{
    for (const tj_stmt *stmt = list->first; stmt != end; stmt = stmt->next)
        if (stmt->kind != TJ_STMT_COPY)
            return false;
    return true;
}

/* What the other way copies must be copied on this one, too; what only this one copies must
 * matter to nobody else. */
static bool can_drop_guard(const tj_msl *m, const tj_stmt *guard, const tj_stmt *loop)
{
    if (!only_copies(&guard->then, loop) || !only_copies(&guard->orelse, NULL))
        return false;
    for (const tj_stmt *stmt = guard->orelse.first; stmt; stmt = stmt->next) {
        const tj_stmt *same = find_copy(&guard->then, loop, stmt->var);

        if (!same || !is_same_value(m, same->value, stmt->value))
            return false;
    }
    for (const tj_stmt *stmt = guard->then.first; stmt != loop; stmt = stmt->next)
        if (!find_copy(&guard->orelse, NULL, stmt->var) &&
            tj_msl_touches(m, &m->body, stmt->var, guard))
            return false;
    return true;
}

/* Puts the test of the loop's end to its front. */
static void turn(tj_stmt *loop)
{
    tj_cond *cond = loop->then.last->cond;

    cond->is_negated = !cond->is_negated;
    loop->cond = cond;
    remove_last(&loop->then);
}

/* The test at the end of the loop, as a reason to go on, whose left side is a variable. */
static bool end_test(const tj_msl *m, const tj_stmt *loop, test *out)
{
    return loop && loop->kind == TJ_STMT_LOOP && !loop->cond &&
           tj_msl_is_break_if(loop->then.last) &&
           read_test(m, loop->then.last->cond, true, out) && var_of(m, out->x) != TJ_NONE;
}

bool tj_msl_has_continue(const tj_list *list)
{
    for (const tj_stmt *stmt = list->first; stmt; stmt = stmt->next)
        if (stmt->kind == TJ_STMT_CONTINUE ||
            (stmt->kind == TJ_STMT_IF &&
             (tj_msl_has_continue(&stmt->then) || tj_msl_has_continue(&stmt->orelse))))
            return true;
    return false;
}

static void replace_guard(tj_list *list, tj_stmt **link, tj_stmt *guard)
{
    *link = guard->then.first;
    guard->then.last->next = guard->next;
    if (list->last == guard)
        list->last = guard->then.last;
}

/* if (guard) { copies; loop }: the loop alone. */
static bool turn_guarded(tj_msl *m, tj_list *list, tj_stmt **link)
{
    tj_stmt *guard = *link, *loop = guard->then.last, *start;
    test first, end;

    if (guard->kind != TJ_STMT_IF || !end_test(m, loop, &end) ||
        tj_msl_has_continue(&loop->then) || !read_test(m, guard->cond, false, &first))
        return false;
    start = find_copy(&guard->then, loop, var_of(m, end.x));
    if (!start)
        start = find_copy_before(list, guard, var_of(m, end.x));
    if (!start || !is_guard(m, &first, &end, start->value))
        return false;
    turn(loop);
    if (!can_drop_guard(m, guard, loop))
        return false;
    replace_guard(list, link, guard);
    return true;
}

/* k = 0; for (;;) { ...; if (k == 8) break; } */
static void turn_constant(tj_msl *m, const tj_list *list, tj_stmt *loop)
{
    tj_stmt *start;
    test end;

    if (!end_test(m, loop, &end) || tj_msl_has_continue(&loop->then))
        return;
    start = find_copy_before(list, loop, var_of(m, end.x));
    if (start && holds(end.predicate, start->value, end.y))
        turn(loop);
}

/* ---- steps behind the test --------------------------------------------------------------- */

static bool is_plain_step(const tj_stmt *stmt)
{
    return stmt->kind == TJ_STMT_COPY || (stmt->kind == TJ_STMT_INST && stmt->var != TJ_NONE &&
                                          LLVMIsABinaryOperator(stmt->value));
}

/* The test in the loop that only such steps follow. */
static tj_stmt *test_before_steps(const tj_stmt *loop)
{
    tj_stmt *found = NULL;

    for (tj_stmt *stmt = loop->then.first; stmt; stmt = stmt->next) {
        if (tj_msl_is_break_if(stmt) && stmt->next)
            found = stmt;
        else if (found && !is_plain_step(stmt))
            found = NULL;
    }
    return found;
}

/* The constant that `stmt` adds to `var`, above 0; else 0. */
static uint64_t step_of(const tj_msl *m, const tj_stmt *stmt, int var)
{
    LLVMValueRef add = stmt->value;

    if (!LLVMIsABinaryOperator(add) || LLVMGetInstructionOpcode(add) != LLVMAdd ||
        !LLVMIsAConstantInt(LLVMGetOperand(add, 1)) ||
        var_of(m, LLVMGetOperand(add, 0)) != var ||
        LLVMConstIntGetSExtValue(LLVMGetOperand(add, 1)) <= 0)
        return 0;
    return LLVMConstIntGetZExtValue(LLVMGetOperand(add, 1));
}

/* `k < 15` before `k += 1` is `k < 16` behind it, as long as nothing wraps. */
static bool shift_test(const tj_msl *m, const tj_list *list, const tj_stmt *loop, tj_stmt *stmt,
                       const tj_stmt *step)
{
    const tj_stmt *start = find_copy_before(list, loop, step->var);
    uint64_t by = step_of(m, step, step->var), limit, from, most;
    test end;

    if (!by || !read_test(m, stmt->cond, true, &end) || var_of(m, end.x) != step->var ||
        !LLVMIsAConstantInt(end.y) || stmt->cond->limit || !start ||
        !LLVMIsAConstantInt(start->value))
        return false;
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(end.y));

    limit = LLVMConstIntGetZExtValue(end.y);
    from = LLVMConstIntGetZExtValue(start->value);
    most = 1ull << (bits - 1); /* in either sign */
    if (limit >= most || by >= most || from > limit || limit + 2 * by >= most ||
        (end.predicate != LLVMIntULT && end.predicate != LLVMIntSLT &&
         end.predicate != LLVMIntNE))
        return false;
    stmt->cond->limit = LLVMConstInt(LLVMTypeOf(end.y), limit + by, false);
    return true;
}

/* Steps that stand behind the test go in front of it where nobody sees the difference. */
static void move_steps(tj_msl *m, const tj_list *list, tj_stmt *loop)
{
    tj_stmt *stmt, *before = NULL;
    const tj_stmt *tested = NULL;

    if (loop->kind != TJ_STMT_LOOP || loop->cond || tj_msl_has_continue(&loop->then) ||
        !(stmt = test_before_steps(loop)) || stmt->then.first->next)
        return;
    for (const tj_stmt *step = stmt->next; step; step = step->next) {
        for (const tj_cond *cond = stmt->cond; cond; cond = cond->next)
            if (cond->value && tj_msl_reads(m, cond->value, step->var)) {
                if (tested && tested != step)
                    return;
                tested = step;
            }
        if (tj_msl_is_read(m, &m->body, step->var, loop))
            return;
    }
    if (tested && !shift_test(m, list, loop, stmt, tested))
        return;
    for (tj_stmt *s = loop->then.first; s != stmt; s = s->next)
        before = s;
    if (before)
        before->next = stmt->next;
    else
        loop->then.first = stmt->next;
    loop->then.last->next = stmt;
    loop->then.last = stmt;
    stmt->next = NULL;
}

/* ---- heads ----------------------------------------------------------------------------- */

static bool is_step(const tj_stmt *stmt, int var)
{
    return stmt && (stmt->kind == TJ_STMT_COPY || stmt->kind == TJ_STMT_INST) &&
           stmt->var == var;
}

/* The head does not see variables that the body declares. */
static bool reads_body(const tj_msl *m, LLVMValueRef value, int var, const tj_list *body)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (!val)
        return false;
    if (val->var != TJ_NONE)
        return val->var != var && tj_msl_assigns(body, val->var);
    for (int i = 0; i < LLVMGetNumOperands(value); i++)
        if (reads_body(m, LLVMGetOperand(value, (unsigned)i), var, body))
            return true;
    return false;
}

static bool step_reads_body(const tj_msl *m, const tj_stmt *step, int var, const tj_list *body)
{
    if (step->kind == TJ_STMT_COPY)
        return reads_body(m, step->value, var, body);
    for (int i = 0; i < LLVMGetNumOperands(step->value); i++)
        if (reads_body(m, LLVMGetOperand(step->value, (unsigned)i), var, body))
            return true;
    return false;
}

/* `k != 4` that ones are added up to is `k < 4`. */
static void write_less(const tj_msl *m, tj_stmt *loop)
{
    test head;

    if (loop->init && read_test(m, loop->cond, false, &head) && head.predicate == LLVMIntNE &&
        LLVMIsAConstantInt(head.y) && LLVMIsAConstantInt(loop->init->value) &&
        LLVMConstIntGetSExtValue(loop->init->value) >= 0 &&
        LLVMConstIntGetSExtValue(loop->init->value) < LLVMConstIntGetSExtValue(head.y) &&
        step_of(m, loop->step, loop->step->var) == 1)
        loop->cond->is_less = true;
}

static bool stmt_reads(const tj_msl *m, const tj_stmt *stmt, int var)
{
    bool is_copy = stmt->kind == TJ_STMT_COPY;

    for (int i = 0; !is_copy && i < LLVMGetNumOperands(stmt->value); i++)
        if (tj_msl_reads(m, LLVMGetOperand(stmt->value, (unsigned)i), var))
            return true;
    return is_copy && tj_msl_reads(m, stmt->value, var);
}

/* The step of the variable goes behind the steps of others. */
static void put_step_last(const tj_msl *m, tj_stmt *loop, int var)
{
    tj_stmt **found = NULL, *step;

    for (tj_stmt **link = &loop->then.first; *link; link = &(*link)->next) {
        if (is_plain_step(*link) && (*link)->var == var)
            found = link;
        else if (found && (!is_plain_step(*link) || stmt_reads(m, *link, var) ||
                           stmt_reads(m, *found, (*link)->var)))
            return;
    }
    if (!found || !(*found)->next)
        return;
    step = *found;
    *found = step->next;
    step->next = NULL;
    loop->then.last->next = step;
    loop->then.last = step;
}

/* The copy that starts the variable, when only copies of others stand between. */
static void take_start(const tj_msl *m, tj_list *list, tj_stmt *loop, int var)
{
    tj_stmt **link = &list->first, **found = NULL;

    for (; *link != loop; link = &(*link)->next) {
        tj_stmt *stmt = *link;

        if (stmt->kind == TJ_STMT_COPY && stmt->var == var)
            found = link;
        else if (stmt->kind != TJ_STMT_COPY || tj_msl_reads(m, stmt->value, var))
            found = NULL;
    }
    if (!found)
        return;
    for (tj_stmt *s = (*found)->next; s != loop; s = s->next)
        if (tj_msl_reads(m, (*found)->value, s->var))
            return;
    loop->init = *found;
    *found = loop->init->next;
    loop->init->next = NULL;
}

/* The start and the step of the variable that the loop's test is about go into the head. */
static void take_head(tj_msl *m, tj_list *list, tj_stmt *loop)
{
    int var = loop->cond && !loop->cond->next && loop->cond->value &&
                      LLVMIsAICmpInst(loop->cond->value)
                  ? var_of(m, LLVMGetOperand(loop->cond->value, 0))
                  : TJ_NONE;

    if (var == TJ_NONE || tj_msl_has_continue(&loop->then))
        return;
    put_step_last(m, loop, var);
    if (!is_step(loop->then.last, var) || step_reads_body(m, loop->then.last, var, &loop->then))
        return;
    loop->step = loop->then.last;
    remove_last(&loop->then);
    take_start(m, list, loop, var);
    write_less(m, loop);
}

void tj_msl_count_loops(tj_msl *m, tj_list *list)
{
    for (tj_stmt **link = &list->first; *link; link = &(*link)->next) {
        if ((*link)->kind == TJ_STMT_IF && (*link)->then.last)
            move_steps(m, &(*link)->then, (*link)->then.last);
        while (turn_guarded(m, list, link))
            ;
        tj_msl_count_loops(m, &(*link)->then);
        tj_msl_count_loops(m, &(*link)->orelse);
        if ((*link)->kind != TJ_STMT_LOOP)
            continue;
        move_steps(m, list, *link);
        turn_constant(m, list, *link);
        tj_stmt *loop = *link;

        take_head(m, list, loop);
        for (link = &list->first; *link != loop; link = &(*link)->next)
            ;
    }
}
