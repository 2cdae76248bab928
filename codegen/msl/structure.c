/* SPDX-License-Identifier: MIT */
/* Control flow graph to if, loop, break, continue and return, by the dominator tree (Ramsey,
 * "Beyond Relooper", ICFP 2022): what a block dominates stands in its arms, blocks that several
 * edges meet in stand behind it. Metal has no labels, so an edge must be a fall through, a
 * break or continue of the innermost loop, or a return; where one is not, the whole kernel
 * becomes a loop over a switch of its blocks.
 *
 * needs: a canonical kernel (one return, natural loops in loop-simplify and LCSSA form)
 */
#include "msl.h"

/* Where control goes from the end of a list, and what break and continue mean in it. */
typedef struct place {
    int next;         /* block reached by falling through; TJ_NONE: the end of the kernel */
    int loop;         /* innermost loop whose body this is */
    int break_target; /* block behind that loop */
} place;

typedef struct builder {
    tj_msl *m;
    bool has_failed;
} builder;

tj_stmt *tj_msl_append(tj_msl *m, tj_list *list, tj_stmt_kind kind)
{
    tj_stmt *stmt = tj_new(m->arena, tj_stmt);

    stmt->kind = kind;
    stmt->var = TJ_NONE;
    stmt->then.parent = stmt->orelse.parent = list;
    stmt->then.depth = stmt->orelse.depth = list->depth + 1;
    if (list->last)
        list->last->next = stmt;
    else
        list->first = stmt;
    list->last = stmt;
    return stmt;
}

static void put_block(builder *b, int block, place at, tj_list *list);

/* ---- edges ----------------------------------------------------------------------------- */

typedef struct copy {
    int var;
    LLVMValueRef value;
    bool is_done;
} copy;

static bool is_read_by_others(const tj_msl *m, const copy *copies, unsigned count,
                              unsigned skip)
{
    for (unsigned i = 0; i < count; i++)
        if (i != skip && !copies[i].is_done &&
            tj_msl_reads(m, copies[i].value, copies[skip].var))
            return true;
    return false;
}

static void put_copy(tj_msl *m, tj_list *list, copy *c)
{
    tj_stmt *stmt = tj_msl_append(m, list, TJ_STMT_COPY);

    stmt->var = c->var;
    stmt->value = c->value;
    c->is_done = true;
}

/* Copies in an order in which none overwrites what another reads; a cycle goes by way of
 * temporaries, all of them read before any is written. */
static void put_copies(tj_msl *m, tj_list *list, copy *copies, unsigned count)
{
    unsigned left = count, first_temp = m->temp_count;

    for (bool moved = true; moved && left;) {
        moved = false;
        for (unsigned i = 0; i < count; i++)
            if (!copies[i].is_done && !is_read_by_others(m, copies, count, i)) {
                put_copy(m, list, &copies[i]);
                moved = true;
                left--;
            }
    }
    for (unsigned i = 0; left && i < count; i++)
        if (!copies[i].is_done) {
            tj_stmt *save = tj_msl_append(m, list, TJ_STMT_SAVE);

            save->var = copies[i].var;
            save->value = copies[i].value;
            save->number = m->temp_count++;
        }
    for (unsigned i = 0, temp = first_temp; left && i < count; i++)
        if (!copies[i].is_done) {
            tj_stmt *restore = tj_msl_append(m, list, TJ_STMT_RESTORE);

            restore->var = copies[i].var;
            restore->number = temp++;
        }
}

static void put_edge(tj_msl *m, int from, int to, tj_list *list)
{
    LLVMBasicBlockRef source = m->cfg.blocks[from].bb, target = m->cfg.blocks[to].bb;
    LLVMValueRef phi = LLVMGetFirstInstruction(target);
    unsigned count = 0, room = 0;
    copy *copies;

    for (LLVMValueRef p = phi; p && LLVMIsAPHINode(p); p = LLVMGetNextInstruction(p))
        room++;
    copies = tj_new_array(m->arena, copy, room + 1);
    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        const tj_mval *val = tj_msl_find(m, phi), *from_val;

        for (unsigned i = 0; val->var != TJ_NONE && i < LLVMCountIncoming(phi); i++) {
            if (LLVMGetIncomingBlock(phi, i) != source)
                continue;
            from_val = tj_msl_find(m, LLVMGetIncomingValue(phi, i));
            if (!from_val || from_val->is_folded || from_val->var != val->var)
                copies[count++] = (copy){val->var, LLVMGetIncomingValue(phi, i), false};
            break;
        }
    }
    put_copies(m, list, copies, count);
}

/* ---- conditions ------------------------------------------------------------------------ */

enum { MAX_TERMS = 4 };

/* Blocks that only compute a condition, joined to one: their ways to `yes` and to `no`. */
typedef struct decision {
    int blocks[MAX_TERMS];
    int count;
    tj_cond *first, *last;
    int yes, no;           /* targets */
    int yes_from, no_from; /* a block that leads there */
} decision;

static int forward_preds(const tj_msl *m, int block)
{
    return m->cfg.blocks[block].pred_count - tj_is_header(&m->cfg, block);
}

static int target_of(const tj_msl *m, int block, unsigned i)
{
    LLVMValueRef end = LLVMGetBasicBlockTerminator(m->cfg.blocks[block].bb);

    return (int)tj_ptrmap_find(&m->cfg.index, LLVMGetSuccessor(end, i));
}

static bool is_only_condition(const tj_msl *m, int block)
{
    LLVMValueRef i = LLVMGetFirstInstruction(m->cfg.blocks[block].bb);

    for (; i && !LLVMIsATerminatorInst(i); i = LLVMGetNextInstruction(i))
        if (!tj_msl_find(m, i)->is_folded)
            return false;
    return LLVMIsABranchInst(i) && LLVMIsConditional(i) &&
           target_of(m, block, 0) != target_of(m, block, 1);
}

static LLVMValueRef incoming_from(LLVMValueRef phi, LLVMBasicBlockRef block)
{
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
        if (LLVMGetIncomingBlock(phi, i) == block)
            return LLVMGetIncomingValue(phi, i);
    return NULL;
}

/* Whether phis of `to` get the same from both blocks. */
static bool is_same_edge(const tj_msl *m, int a, int b, int to)
{
    LLVMValueRef phi = LLVMGetFirstInstruction(m->cfg.blocks[to].bb);

    for (; phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
        if (incoming_from(phi, m->cfg.blocks[a].bb) != incoming_from(phi, m->cfg.blocks[b].bb))
            return false;
    return true;
}

static tj_cond *new_term(tj_msl *m, int block, bool is_negated)
{
    tj_cond *term = tj_new(m->arena, tj_cond);

    term->value = LLVMGetCondition(LLVMGetBasicBlockTerminator(m->cfg.blocks[block].bb));
    term->is_negated = is_negated;
    return term;
}

/* Joins block `next`, which one way of the decision leads to, when it also leads to the other
 * way's target. Terms are joined by one operator only. */
static bool join_term(tj_msl *m, decision *d, int next, bool is_or)
{
    int other = is_or ? d->yes : d->no, other_from = is_or ? d->yes_from : d->no_from;
    bool is_first;
    int away;

    if (d->count == MAX_TERMS || forward_preds(m, next) != 1 || tj_is_header(&m->cfg, next) ||
        m->cfg.blocks[next].loop != m->cfg.blocks[d->blocks[0]].loop ||
        !is_only_condition(m, next))
        return false;
    is_first = target_of(m, next, 0) == other;
    away = target_of(m, next, is_first);
    if ((!is_first && target_of(m, next, 1) != other) ||
        !is_same_edge(m, other_from, next, other) ||
        (d->last != d->first && d->first->is_or != is_or))
        return false;
    d->last->next = new_term(m, next, is_or ? !is_first : is_first);
    d->last->is_or = is_or;
    d->last = d->last->next;
    d->blocks[d->count++] = next;
    if (is_or) {
        d->no = away;
        d->no_from = next;
    } else {
        d->yes = away;
        d->yes_from = next;
    }
    return true;
}

static decision decide(tj_msl *m, int block)
{
    decision d = {{block}, 1,    NULL, NULL, target_of(m, block, 0), target_of(m, block, 1),
                  block,   block};

    d.first = d.last = new_term(m, block, false);
    while (join_term(m, &d, d.no, true) || join_term(m, &d, d.yes, false))
        ;
    return d;
}

static bool is_member(const decision *d, int block)
{
    for (int i = 0; i < d->count; i++)
        if (d->blocks[i] == block)
            return true;
    return false;
}

/* ---- blocks ---------------------------------------------------------------------------- */

/* Whether all ways to `to` start in the decision: then it stands in an arm. */
static bool is_arm(const tj_msl *m, const decision *d, int to)
{
    const tj_block *target = &m->cfg.blocks[to];

    for (int i = 0; i < target->pred_count; i++)
        if (!is_member(d, target->preds[i]) && !tj_is_back_edge(&m->cfg, target->preds[i], to))
            return false;
    return true;
}

/* A block of nothing but a return can be printed wherever it is reached. */
static bool is_return(const tj_msl *m, int block)
{
    return LLVMIsAReturnInst(LLVMGetFirstInstruction(m->cfg.blocks[block].bb));
}

static void put_jump(builder *b, const decision *d, int from, int to, place at, tj_list *list)
{
    tj_msl *m = b->m;
    bool is_back = tj_is_back_edge(&m->cfg, from, to);

    put_edge(m, from, to, list);
    if (to == at.next)
        return;
    if (at.loop != TJ_NONE && to == m->cfg.loops[at.loop].header && is_back)
        tj_msl_append(m, list, TJ_STMT_CONTINUE);
    else if (at.loop != TJ_NONE && to == at.break_target)
        tj_msl_append(m, list, TJ_STMT_BREAK);
    else if (!is_back && is_arm(m, d, to))
        put_block(b, to, at, list);
    else if (is_return(m, to))
        tj_msl_append(m, list, TJ_STMT_RETURN);
    else
        b->has_failed = true;
}

static void put_instructions(tj_msl *m, int block, tj_list *list)
{
    for (LLVMValueRef i = LLVMGetFirstInstruction(m->cfg.blocks[block].bb); i;
         i = LLVMGetNextInstruction(i)) {
        const tj_mval *val = tj_msl_find(m, i);

        if (LLVMIsAPHINode(i) || LLVMIsATerminatorInst(i) || LLVMIsAAllocaInst(i) ||
            val->is_folded)
            continue;
        tj_stmt *stmt = tj_msl_append(m, list, TJ_STMT_INST);

        stmt->value = i;
        stmt->var = val->var;
    }
}

/* Blocks that stand behind the decision: dominated by a block of it, in the same loop, and
 * reached from elsewhere, too. In order. */
static unsigned find_merges(const tj_msl *m, const decision *d, int *out)
{
    int loop = m->cfg.blocks[d->blocks[0]].loop;
    unsigned count = 0;

    for (int b = d->blocks[0] + 1; b < m->cfg.block_count; b++)
        if (is_member(d, m->cfg.blocks[b].idom) && !is_member(d, b) && !is_arm(m, d, b) &&
            tj_loop_has(&m->cfg, loop, b))
            out[count++] = b;
    return count;
}

static void put_branch(builder *b, const decision *d, place at, tj_list *list)
{
    tj_msl *m = b->m;
    int block = d->blocks[0];
    LLVMValueRef end = LLVMGetBasicBlockTerminator(m->cfg.blocks[block].bb);
    tj_stmt *stmt;

    if (LLVMIsAReturnInst(end) || LLVMIsAUnreachableInst(end)) {
        if (at.next != TJ_NONE || at.loop != TJ_NONE)
            tj_msl_append(m, list, TJ_STMT_RETURN);
        return;
    }
    if (!d->first) {
        put_jump(b, d, block, target_of(m, block, 0), at, list);
        return;
    }
    stmt = tj_msl_append(m, list, TJ_STMT_IF);
    stmt->cond = d->first;
    put_jump(b, d, d->yes_from, d->yes, at, &stmt->then);
    put_jump(b, d, d->no_from, d->no, at, &stmt->orelse);
}

/* The block and what it dominates, but for what stands behind the loop that it is in. */
static void put_tree(builder *b, int block, place at, tj_list *list)
{
    tj_msl *m = b->m;
    int *merges = tj_new_array(m->arena, int, (size_t)m->cfg.block_count + 1);
    decision d = {{block}, 1, NULL, NULL, TJ_NONE, TJ_NONE, block, block};
    place inner = at;
    unsigned count;

    put_instructions(m, block, list);
    if (m->cfg.blocks[block].succ_count == 2)
        d = decide(m, block);
    count = find_merges(m, &d, merges);
    inner.next = count ? merges[0] : at.next;
    put_branch(b, &d, inner, list);
    for (unsigned i = 0; i < count; i++) {
        inner.next = i + 1 < count ? merges[i + 1] : at.next;
        put_block(b, merges[i], inner, list);
    }
}

/* Blocks of the loop around that several edges meet in, dominated by blocks of this one. */
static unsigned find_follow(const tj_msl *m, int loop, int *out)
{
    const tj_loop *l = &m->cfg.loops[loop];
    unsigned count = 0;

    for (int b = l->last + 1; b < m->cfg.block_count; b++) {
        int idom = m->cfg.blocks[b].idom;

        if (idom != TJ_NONE && tj_loop_has(&m->cfg, loop, idom) &&
            tj_loop_has(&m->cfg, l->parent, b) && forward_preds(m, b) > 1)
            out[count++] = b;
    }
    return count;
}

/* The only block that exits of the loop lead to; TJ_NONE when there are several. */
static int find_only_exit(const tj_msl *m, int loop)
{
    const tj_loop *l = &m->cfg.loops[loop];
    int exit = TJ_NONE;

    for (int b = l->header; b <= l->last; b++)
        for (int s = 0; s < m->cfg.blocks[b].succ_count; s++) {
            int to = m->cfg.blocks[b].succ[s];

            if (tj_loop_has(&m->cfg, loop, to) || to == exit)
                continue;
            if (exit != TJ_NONE)
                return TJ_NONE;
            exit = to;
        }
    return exit;
}

static void put_loop(builder *b, int header, place at, tj_list *list)
{
    tj_msl *m = b->m;
    int loop = m->cfg.blocks[header].loop;
    int *follow = tj_new_array(m->arena, int, (size_t)m->cfg.block_count + 1);
    unsigned count = find_follow(m, loop, follow);
    tj_stmt *stmt = tj_msl_append(m, list, TJ_STMT_LOOP);
    place body = {header, loop, at.next};

    if (!count && find_only_exit(m, loop) != TJ_NONE)
        follow[count++] = find_only_exit(m, loop);
    if (count)
        body.break_target = follow[0];
    put_tree(b, header, body, &stmt->then);
    for (unsigned i = 0; i < count; i++) {
        place behind = at;

        behind.next = i + 1 < count ? follow[i + 1] : at.next;
        put_block(b, follow[i], behind, list);
    }
}

static void put_block(builder *b, int block, place at, tj_list *list)
{
    if (b->has_failed)
        return;
    if (tj_is_header(&b->m->cfg, block))
        put_loop(b, block, at, list);
    else
        put_tree(b, block, at, list);
}

/* ---- what has no structure ------------------------------------------------------------- */

static void put_goto(tj_msl *m, int from, int to, tj_list *list)
{
    put_edge(m, from, to, list);
    tj_msl_append(m, list, TJ_STMT_GOTO)->number = (unsigned)to;
}

static void put_case(tj_msl *m, int block, tj_list *cases)
{
    tj_stmt *stmt = tj_msl_append(m, cases, TJ_STMT_CASE);
    LLVMValueRef end = LLVMGetBasicBlockTerminator(m->cfg.blocks[block].bb);

    stmt->number = (unsigned)block;
    put_instructions(m, block, &stmt->then);
    if (!LLVMIsABranchInst(end)) {
        tj_msl_append(m, &stmt->then, TJ_STMT_RETURN);
        return;
    }
    if (!LLVMIsConditional(end)) {
        put_goto(m, block, target_of(m, block, 0), &stmt->then);
        return;
    }
    tj_stmt *branch = tj_msl_append(m, &stmt->then, TJ_STMT_IF);

    branch->cond = new_term(m, block, false);
    put_goto(m, block, target_of(m, block, 0), &branch->then);
    put_goto(m, block, target_of(m, block, 1), &branch->orelse);
}

static void put_dispatch(tj_msl *m)
{
    tj_stmt *dispatch;

    m->body = (tj_list){0};
    m->is_dispatched = true;
    dispatch = tj_msl_append(m, &m->body, TJ_STMT_DISPATCH);
    dispatch->then.has_cases = true;
    for (int b = 0; b < m->cfg.block_count; b++)
        put_case(m, b, &dispatch->then);
}

void tj_msl_structure(tj_msl *m)
{
    builder b = {m, false};
    place end = {TJ_NONE, TJ_NONE, TJ_NONE};

    put_block(&b, 0, end, &m->body);
    if (b.has_failed)
        put_dispatch(m);
}
