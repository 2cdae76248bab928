/* SPDX-License-Identifier: MIT */
/* Control flow graph to if, loop, break, continue and return, by the dominator tree (Ramsey,
 * "Beyond Relooper", ICFP 2022): what a block dominates stands in its arms, blocks that several
 * edges meet in stand behind it. Metal has no labels, so an edge is a fall through, a break or
 * continue of the innermost loop, or a return. Where it is none of these a short block is
 * repeated; else what stands before the target goes into a block that is left by break,
 * do { } while (false), and breaks of more than one level set a flag that is asked behind each.
 * Should all that fail, blocks stand one behind the other, each asks whether it is its turn,
 * and those of a loop are in a loop: threads that part meet again where they do in the graph.
 *
 * needs: a canonical kernel (one return, natural loops in loop-simplify and LCSSA form)
 */
#include "msl.h"

#include <string.h>

/* What break and continue leave: a loop, or a block that is left by break. */
typedef struct construct {
    const struct construct *outer;
    int loop;         /* TJ_NONE: a block */
    int break_target; /* what stands behind it */
    tj_stmt *stmt;
    tj_list *list;        /* that it stands in */
    struct leave *leaves; /* what to ask behind it */
} construct;

/* `if (flag) break;`, or continue, behind a construct. */
typedef struct leave {
    int var;
    bool is_continue;
    struct leave *next;
} leave;

/* Where control goes from the end of a list, and what break and continue mean in it. */
typedef struct place {
    int next; /* block reached by falling through; TJ_NONE: the end of the kernel */
    construct *inside;
} place;

typedef struct builder {
    tj_msl *m;
    bool *is_wrapped; /* by block: what stands before it is in a block of its own */
    int failed;       /* a target that could not be reached; TJ_NONE: none */
    int depth;        /* of repeated blocks */
    int *child;       /* by block: the first that it dominates directly; TJ_NONE: none */
    int *sibling;     /* by block: the next one */
} builder;

enum { MAX_TERMS = 4 };

/* Blocks that only compute a condition, joined to one: their ways to `yes` and to `no`. */
typedef struct decision {
    int blocks[MAX_TERMS];
    int count;
    tj_cond *first, *last;
    int yes, no;           /* targets */
    int yes_from, no_from; /* a block that leads there */
} decision;

/* What comes first, and blocks that stand behind it. */
typedef struct sequence {
    int block;
    const decision *d; /* NULL: the block is the header of a loop */
    const int *merges;
} sequence;

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

/* ---- conditions ------------------------------------------------------------------------ */

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

/* Whether a construct around is followed by the block: it stands there. */
static bool is_target(const construct *c, int block)
{
    for (; c; c = c->outer)
        if (c->break_target == block)
            return true;
    return false;
}

/* A block of nothing but a return can be printed wherever it is reached. */
static bool is_return(const tj_msl *m, int block)
{
    return LLVMIsAReturnInst(LLVMGetFirstInstruction(m->cfg.blocks[block].bb));
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

/* ---- jumps ----------------------------------------------------------------------------- */

static void insert_before(tj_list *list, tj_stmt *stmt, tj_stmt *what)
{
    tj_stmt **link = &list->first;

    while (*link != stmt)
        link = &(*link)->next;
    what->next = stmt;
    *link = what;
}

static tj_stmt *copy_bool(tj_msl *m, int var, bool is_set)
{
    tj_stmt *stmt = tj_new(m->arena, tj_stmt);

    stmt->kind = TJ_STMT_COPY;
    stmt->var = var;
    stmt->value = LLVMConstInt(LLVMInt1TypeInContext(m->unit->llctx), is_set, false);
    return stmt;
}

static int new_flag(tj_msl *m)
{
    if ((uint32_t)m->var_count == m->var_capacity) {
        tj_mvar *larger = tj_new_array(m->arena, tj_mvar, m->var_capacity *= 2);

        memcpy(larger, m->vars, (size_t)m->var_count * sizeof *larger);
        m->vars = larger;
    }
    m->vars[m->var_count] = (tj_mvar){
        .wish = "is_done", .type = LLVMInt1TypeInContext(m->unit->llctx), .is_flag = true};
    return m->var_count++;
}

/* Leaves all constructs from the innermost to `last`, then breaks or continues the one around.
 */
static bool leave_by_flag(tj_msl *m, construct *from, construct *last, bool is_continue,
                          tj_list *list)
{
    int var = m->var_count < m->var_room ? new_flag(m) : TJ_NONE;

    if (var == TJ_NONE)
        return false;
    insert_before(last->list, last->stmt, copy_bool(m, var, false));
    tj_stmt *set = tj_msl_append(m, list, TJ_STMT_COPY);

    *set = *copy_bool(m, var, true);
    tj_msl_append(m, list, TJ_STMT_BREAK);
    for (construct *c = from;; c = (construct *)c->outer) {
        leave *l = tj_new(m->arena, leave);

        *l = (leave){var, c == last && is_continue, c->leaves};
        c->leaves = l;
        if (c == last)
            return true;
    }
}

static void put_leaves(tj_msl *m, const construct *c)
{
    for (const leave *l = c->leaves; l; l = l->next) {
        tj_stmt *stmt = tj_msl_append(m, c->list, TJ_STMT_IF);

        stmt->cond = tj_new(m->arena, tj_cond);
        stmt->cond->flag = l->var;
        tj_msl_append(m, &stmt->then, l->is_continue ? TJ_STMT_CONTINUE : TJ_STMT_BREAK);
    }
}

/* A break or continue that leads there; false: there is none. */
static bool put_leave(tj_msl *m, int to, bool is_back, construct *inside, tj_list *list)
{
    construct *before = NULL;

    for (construct *c = inside; c; before = c, c = (construct *)c->outer) {
        bool is_continue = is_back && c->loop != TJ_NONE && m->cfg.loops[c->loop].header == to;

        if (!is_continue && (is_back || c->break_target != to))
            continue;
        if (before)
            return leave_by_flag(m, inside, before, is_continue, list);
        tj_msl_append(m, list, is_continue ? TJ_STMT_CONTINUE : TJ_STMT_BREAK);
        return true;
    }
    return false;
}

enum { MAX_REPEATED = 2, MAX_REPEATS = 4 };

/* Few statements that compute or store, then one way on. */
static bool is_short(const tj_msl *m, int block)
{
    int count = 0;

    if (tj_is_header(&m->cfg, block) || m->cfg.blocks[block].succ_count > 1)
        return false;
    for (LLVMValueRef i = LLVMGetFirstInstruction(m->cfg.blocks[block].bb); i;
         i = LLVMGetNextInstruction(i)) {
        if (LLVMIsACallInst(i) || LLVMIsAAllocaInst(i))
            return false;
        count +=
            !LLVMIsAPHINode(i) && !LLVMIsATerminatorInst(i) && !tj_msl_find(m, i)->is_folded;
    }
    return count <= MAX_REPEATED;
}

static void put_jump(builder *b, const decision *d, int from, int to, place at, tj_list *list);

static void repeat(builder *b, int block, place at, tj_list *list)
{
    tj_msl *m = b->m;
    decision d = {{block}, 1, NULL, NULL, TJ_NONE, TJ_NONE, block, block};

    put_instructions(m, block, list);
    b->depth++;
    put_jump(b, &d, block, target_of(m, block, 0), at, list);
    b->depth--;
}

static void put_jump(builder *b, const decision *d, int from, int to, place at, tj_list *list)
{
    tj_msl *m = b->m;
    bool is_back = tj_is_back_edge(&m->cfg, from, to);

    tj_msl_put_edge(m, from, to, list);
    if (to == at.next || b->failed != TJ_NONE)
        return;
    if (!is_back && !b->depth && is_arm(m, d, to) && !is_target(at.inside, to))
        put_block(b, to, at, list);
    else if (at.inside && at.inside->break_target == to && !is_back)
        tj_msl_append(m, list, TJ_STMT_BREAK); /* so that a test at the head stays one */
    else if (is_return(m, to))
        tj_msl_append(m, list, TJ_STMT_RETURN);
    else if (put_leave(m, to, is_back, at.inside, list))
        return;
    else if (!is_back && b->depth < MAX_REPEATS && is_short(m, to) &&
             m->cfg.blocks[to].succ_count == 1)
        repeat(b, to, at, list);
    else
        b->failed = to;
}

/* How many blocks the blocks from `first` to `last` dominate directly. */
static unsigned count_children(const builder *b, int first, int last)
{
    unsigned count = 0;

    for (int i = first; i <= last; i++)
        for (int at = b->child[i]; at != TJ_NONE; at = b->sibling[at])
            count++;
    return count;
}

/* Keeps the order of the blocks. */
static void put_in_order(int *list, unsigned *count, int block)
{
    unsigned at = (*count)++;

    for (; at && list[at - 1] > block; at--)
        list[at] = list[at - 1];
    list[at] = block;
}

/* Blocks that stand behind the decision: dominated by a block of it, in the same loop, and
 * reached from elsewhere, too. In order. */
static int *find_merges(const builder *b, const decision *d, unsigned *count)
{
    const tj_msl *m = b->m;
    int loop = m->cfg.blocks[d->blocks[0]].loop, *out;
    unsigned room = 0;

    for (int i = 0; i < d->count; i++)
        room += count_children(b, d->blocks[i], d->blocks[i]);
    out = tj_new_array(m->arena, int, room);
    *count = 0;
    for (int i = 0; i < d->count; i++)
        for (int at = b->child[d->blocks[i]]; at != TJ_NONE; at = b->sibling[at])
            if (!is_member(d, at) && !is_arm(m, d, at) && tj_loop_has(&m->cfg, loop, at))
                put_in_order(out, count, at);
    return out;
}

static void put_branch(builder *b, const decision *d, place at, tj_list *list)
{
    tj_msl *m = b->m;
    int block = d->blocks[0];
    LLVMValueRef end = LLVMGetBasicBlockTerminator(m->cfg.blocks[block].bb);
    tj_stmt *stmt;

    if (LLVMIsAReturnInst(end) || LLVMIsAUnreachableInst(end)) {
        if (at.next != TJ_NONE || at.inside)
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

static void put_loop(builder *b, int header, place at, tj_list *list);

/* What comes first and the first `count` of the blocks behind it. */
static void put_sequence(builder *b, const sequence *s, unsigned count, place at, tj_list *list)
{
    tj_msl *m = b->m;
    unsigned wrapped = count, done = 0;
    place inner = at;

    while (wrapped && !b->is_wrapped[s->merges[wrapped - 1]])
        wrapped--;
    if (wrapped && !(s->d == NULL && wrapped == 1)) {
        int behind = s->merges[wrapped - 1];
        construct block = {at.inside, TJ_NONE, behind, NULL, list, NULL};

        block.stmt = tj_msl_append(m, list, TJ_STMT_BLOCK);
        inner = (place){behind, &block};
        put_sequence(b, s, wrapped - 1, inner, &block.stmt->then);
        put_leaves(m, &block);
        done = wrapped - 1;
    } else {
        inner.next = count ? s->merges[0] : at.next;
        if (s->d)
            put_branch(b, s->d, inner, list);
        else
            put_loop(b, s->block, inner, list);
    }
    for (unsigned i = done; i < count; i++) {
        inner = at;
        inner.next = i + 1 < count ? s->merges[i + 1] : at.next;
        put_block(b, s->merges[i], inner, list);
    }
}

/* The block and what it dominates, but for what stands behind the loop that it is in. */
static void put_tree(builder *b, int block, place at, tj_list *list)
{
    tj_msl *m = b->m;
    decision d = {{block}, 1, NULL, NULL, TJ_NONE, TJ_NONE, block, block};
    sequence s = {block, &d, NULL};
    unsigned count;

    put_instructions(m, block, list);
    if (m->cfg.blocks[block].succ_count == 2)
        d = decide(m, block);
    s.merges = find_merges(b, &d, &count);
    put_sequence(b, &s, count, at, list);
}

/* Blocks of the loop around that several edges meet in, dominated by blocks of this one; with
 * room for one more. */
static int *find_follow(const builder *b, int loop, unsigned *count)
{
    const tj_msl *m = b->m;
    const tj_loop *l = &m->cfg.loops[loop];
    int *out = tj_new_array(m->arena, int, count_children(b, l->header, l->last) + 1);

    *count = 0;
    for (int i = l->header; i <= l->last; i++)
        for (int at = b->child[i]; at != TJ_NONE; at = b->sibling[at])
            if (at > l->last && tj_loop_has(&m->cfg, l->parent, at) && forward_preds(m, at) > 1)
                put_in_order(out, count, at);
    return out;
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

/* The block that the end, or else the start, of the loop leaves it for. */
static int find_natural_exit(const tj_msl *m, int loop)
{
    const int from[] = {m->cfg.loops[loop].latch, m->cfg.loops[loop].header};

    for (size_t i = 0; i < 2; i++)
        for (int s = 0; s < m->cfg.blocks[from[i]].succ_count; s++) {
            int to = m->cfg.blocks[from[i]].succ[s];

            if (!tj_loop_has(&m->cfg, loop, to) &&
                tj_loop_has(&m->cfg, loop, m->cfg.blocks[to].idom))
                return to;
        }
    return TJ_NONE;
}

/* `at.next` is what stands behind the loop. */
static void put_loop(builder *b, int header, place at, tj_list *list)
{
    tj_msl *m = b->m;
    construct loop = {at.inside, m->cfg.blocks[header].loop, at.next, NULL, list, NULL};
    place body = {header, &loop};

    loop.stmt = tj_msl_append(m, list, TJ_STMT_LOOP);
    put_tree(b, header, body, &loop.stmt->then);
    put_leaves(m, &loop);
}

static void put_whole_loop(builder *b, int header, place at, tj_list *list)
{
    tj_msl *m = b->m;
    int loop = m->cfg.blocks[header].loop;
    unsigned count;
    int *follow = find_follow(b, loop, &count);
    int only = find_only_exit(m, loop);
    sequence s = {header, NULL, follow};

    if (!count && only == TJ_NONE)
        only = find_natural_exit(m, loop);
    if (!count && only != TJ_NONE && is_short(m, only) && m->cfg.blocks[only].succ_count &&
        (m->cfg.blocks[only].succ[0] == at.next ||
         is_target(at.inside, m->cfg.blocks[only].succ[0])))
        only = find_only_exit(m, loop); /* stands in its arm, before the break */
    if (!count && only != TJ_NONE && only != at.next && !is_target(at.inside, only))
        follow[count++] = only;
    put_sequence(b, &s, count, at, list);
}

static void put_block(builder *b, int block, place at, tj_list *list)
{
    if (b->failed != TJ_NONE)
        return;
    if (tj_is_header(&b->m->cfg, block))
        put_whole_loop(b, block, at, list);
    else
        put_tree(b, block, at, list);
}

/* ---- what has no structure ------------------------------------------------------------- */

static void put_goto(tj_msl *m, int from, int to, tj_list *list)
{
    tj_msl_put_edge(m, from, to, list);
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

static tj_list *put_cases_of(tj_msl *m, tj_list *list, int first, int last)
{
    tj_stmt *stmt = tj_msl_append(m, list, TJ_STMT_DISPATCH);

    stmt->number = (unsigned)first;
    stmt->last = (unsigned)last;
    stmt->then.has_cases = true;
    return &stmt->then;
}

/* The blocks in their order: threads that take different ways to a block meet there. */
static void put_cases(tj_msl *m, int first, int last, int loop, tj_list *cases)
{
    for (int b = first; b <= last; b++) {
        int inner = m->cfg.blocks[b].loop;

        if (inner == loop) {
            put_case(m, b, cases);
            continue;
        }
        int end = m->cfg.loops[inner].last;

        put_cases(m, b, end, inner, put_cases_of(m, cases, b, end));
        b = end;
    }
}

static void put_dispatch(tj_msl *m)
{
    int last = m->cfg.block_count - 1;

    m->body = (tj_list){0};
    m->is_dispatched = true;
    put_cases(m, 0, last, TJ_NONE, put_cases_of(m, &m->body, 0, last));
}

static void list_children(builder *b)
{
    const tj_cfg *cfg = &b->m->cfg;

    for (int i = 0; i < cfg->block_count; i++)
        b->child[i] = TJ_NONE;
    for (int i = cfg->block_count - 1; i > 0; i--) {
        int idom = cfg->blocks[i].idom;

        b->sibling[i] = idom == TJ_NONE ? TJ_NONE : b->child[idom];
        if (idom != TJ_NONE)
            b->child[idom] = i;
    }
}

void tj_msl_structure(tj_msl *m)
{
    size_t room = (size_t)m->cfg.block_count + 1;
    builder b = {.m = m,
                 .is_wrapped = tj_new_array(m->arena, bool, room),
                 .child = tj_new_array(m->arena, int, room),
                 .sibling = tj_new_array(m->arena, int, room)};
    place end = {TJ_NONE, NULL};
    int var_count = m->var_count;

    list_children(&b);
    do { /* each time with one more block */
        unsigned temp_count = m->temp_count;

        b.failed = TJ_NONE;
        put_block(&b, 0, end, &m->body);
        if (b.failed == TJ_NONE)
            return;
        if (b.is_wrapped[b.failed])
            break;
        b.is_wrapped[b.failed] = true;
        m->body = (tj_list){0};
        m->var_count = var_count;
        m->temp_count = temp_count;
    } while (true);
    m->var_count = var_count;
    put_dispatch(m);
}
