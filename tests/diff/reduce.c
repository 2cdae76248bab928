/* SPDX-License-Identifier: MIT */
/* Shrinks a kernel's tree while an oracle still likes it.
 *
 * Method: greedy passes to a fixed point, as in Regehr et al., "Test-Case Reduction for C
 * Compiler Bugs" (PLDI 2012): runs of statements go (halves first), statements become their
 * blocks, expressions become constants or their own operands, launches become smaller. Every
 * tree prints as a valid kernel, so no step needs a check of its own. */
#include "run.h"

#include <string.h>
#include <time.h>

typedef struct reducer {
    kernel *kernel;
    pool *pool;   /* of the tree */
    pool scratch; /* of the lists of one walk */
    reduce_oracle *oracle;
    void *user;
    time_t end;
    bool changed;
} reducer;

static bool is_late(const reducer *r)
{
    return time(NULL) >= r->end;
}

static bool keeps(reducer *r)
{
    bool answer = !is_late(r) && r->oracle(r->user, r->kernel);

    r->changed |= answer;
    return answer;
}

/* ---- walking --------------------------------------------------------------------------- */

typedef struct list {
    void **items;
    unsigned count, cap;
} list;

static void add(reducer *r, list *l, void *item)
{
    if (l->count == l->cap) {
        void **grown = pool_take(&r->scratch, (2 * l->cap + 64) * sizeof(void *));

        if (l->count)
            memcpy(grown, l->items, l->count * sizeof(void *));
        l->items = grown;
        l->cap = 2 * l->cap + 64;
    }
    l->items[l->count++] = item;
}

static void list_blocks(reducer *r, block *b, list *out)
{
    add(r, out, b);
    for (unsigned i = 0; i < b->count; i++)
        for (unsigned k = 0; k < b->items[i]->block_count; k++)
            list_blocks(r, &b->items[i]->blocks[k], out);
}

/* Places of expressions that may be replaced by others of their type, outer ones first. */
static void list_exprs(reducer *r, expr **at, list *out)
{
    expr *e = *at;

    add(r, out, at);
    for (unsigned i = 0; i < e->kid_count; i++)
        if (e->kind != EXPR_CALL || !call_operand_is_fixed(&call_infos[e->op], i))
            list_exprs(r, &e->kids[i], out);
}

static void list_all_exprs(reducer *r, list *out)
{
    list blocks = {0};

    list_blocks(r, &r->kernel->body, &blocks);
    for (unsigned i = 0; i < blocks.count; i++) {
        const block *b = blocks.items[i];

        for (unsigned s = 0; s < b->count; s++)
            for (unsigned k = 0; k < 3; k++)
                if (b->items[s]->x[k])
                    list_exprs(r, &b->items[s]->x[k], out);
    }
    for (unsigned i = 0; i < r->kernel->var_count; i++)
        if (r->kernel->vars[i].start)
            list_exprs(r, &r->kernel->vars[i].start, out);
    for (unsigned i = 0; i < r->kernel->helper_count; i++)
        list_exprs(r, &r->kernel->helpers[i].body, out);
}

/* ---- statements ------------------------------------------------------------------------ */

static bool drop_run(reducer *r, block *b, unsigned first, unsigned count)
{
    block saved = *b;
    stmt **rest = pool_take(r->pool, (b->count + 1) * sizeof(stmt *));
    unsigned kept = 0;

    for (unsigned i = 0; i < b->count; i++)
        if (i < first || i >= first + count)
            rest[kept++] = b->items[i];
    *b = (block){rest, kept, b->count + 1};
    if (keeps(r))
        return true;
    *b = saved;
    return false;
}

static void drop_statements(reducer *r)
{
    list blocks = {0};

    list_blocks(r, &r->kernel->body, &blocks);
    for (unsigned i = 0; i < blocks.count && !is_late(r); i++) {
        block *b = blocks.items[i];

        for (unsigned run = b->count; run; run /= 2)
            for (unsigned first = 0; first < b->count;)
                if (!drop_run(r, b, first, run))
                    first += run;
    }
}

/* Statement `at` of `b` becomes the statements of one of its blocks. */
static bool replace_by_block(reducer *r, block *b, unsigned at, const block *inner)
{
    block saved = *b;
    stmt **items = pool_take(r->pool, (b->count + inner->count + 1) * sizeof(stmt *));
    unsigned count = 0;

    for (unsigned i = 0; i < at; i++)
        items[count++] = b->items[i];
    for (unsigned i = 0; i < inner->count; i++)
        items[count++] = inner->items[i];
    for (unsigned i = at + 1; i < b->count; i++)
        items[count++] = b->items[i];
    *b = (block){items, count, count};
    if (keeps(r))
        return true;
    *b = saved;
    return false;
}

static bool is_meeting(const stmt *s)
{
    return s->kind == STMT_EXCHANGE || s->kind == STMT_BINS;
}

static void unwrap_statements(reducer *r)
{
    list blocks = {0};

    list_blocks(r, &r->kernel->body, &blocks);
    for (unsigned i = 0; i < blocks.count && !is_late(r); i++) {
        block *b = blocks.items[i];

        for (unsigned at = 0; at < b->count; at++)
            for (unsigned k = 0; at < b->count && k < b->items[at]->block_count; k++)
                if (!is_meeting(b->items[at]) &&
                    replace_by_block(r, b, at, &b->items[at]->blocks[k]))
                    k = 4;
    }
}

static void set_number(reducer *r, uint64_t *number, uint64_t value)
{
    uint64_t saved = *number;

    if (saved == value)
        return;
    *number = value;
    if (!keeps(r))
        *number = saved;
}

/* Loops lose their second condition and their unusual form; bins their condition. */
static void simplify_statements(reducer *r)
{
    list blocks = {0};

    list_blocks(r, &r->kernel->body, &blocks);
    for (unsigned i = 0; i < blocks.count && !is_late(r); i++) {
        const block *b = blocks.items[i];

        for (unsigned at = 0; at < b->count; at++) {
            stmt *s = b->items[at];
            unsigned optional = s->kind == STMT_LOOP ? 1 : 2;
            expr *saved = s->x[optional];

            if (s->kind != STMT_LOOP && s->kind != STMT_BINS)
                continue;
            s->x[optional] = NULL;
            if (saved && !keeps(r))
                s->x[optional] = saved;
            for (unsigned n = 0; s->kind == STMT_LOOP && n < 3; n++)
                set_number(r, &s->imm[n], n == 0 ? 1 : 0);
        }
    }
}

/* ---- expressions ----------------------------------------------------------------------- */

static bool replace_expr(reducer *r, expr **at, expr *by)
{
    expr *saved = *at;

    *at = by;
    if (keeps(r))
        return true;
    *at = saved;
    return false;
}

static expr *make_const(reducer *r, type t, bool is_one)
{
    static const uint64_t ones[BASE_COUNT] = {1, 1, 1, 1, 1, 0x3c00, 0x3f80, 0x3f800000};
    expr *e = pool_take(r->pool, sizeof(*e));

    *e = (expr){.kind = EXPR_CONST, .type = t};
    for (unsigned c = 0; is_one && c < t.components; c++)
        e->imm[c] = ones[t.base];
    return e;
}

/* The nearest expression of the wanted type inside `e`, below its head, from `*skip` on. */
static expr *find_inside(const expr *e, type t, unsigned *skip)
{
    for (unsigned i = 0; i < e->kid_count; i++) {
        if (e->kind == EXPR_CALL && call_operand_is_fixed(&call_infos[e->op], i))
            continue;
        if (type_equal(e->kids[i]->type, t) && (*skip)-- == 0)
            return e->kids[i];
        expr *found = find_inside(e->kids[i], t, skip);
        if (found)
            return found;
    }
    return NULL;
}

static bool is_simple_const(const expr *e)
{
    return e->kind == EXPR_CONST && e->imm[0] <= 1;
}

static void shrink_expr(reducer *r, expr **at)
{
    expr *e = *at;

    if (is_simple_const(e))
        return;
    if (replace_expr(r, at, make_const(r, e->type, false)) ||
        replace_expr(r, at, make_const(r, e->type, true)))
        return;
    for (unsigned n = 0; n < 4; n++) {
        unsigned skip = n;
        expr *inside = find_inside(e, e->type, &skip);

        if (!inside)
            break;
        if (replace_expr(r, at, inside))
            return;
    }
    if (e->kind == EXPR_LOAD) {
        expr *simple = pool_take(r->pool, sizeof(*simple));

        *simple = *e;
        simple->imm[0] = buffer_infos[e->op].space == 2 ? INDEX_CONST : INDEX_AFFINE;
        simple->imm[1] = 1;
        simple->imm[2] = simple->kid_count = 0;
        if (memcmp(simple, e, sizeof(*e)))
            replace_expr(r, at, simple);
    }
}

static void shrink_exprs(reducer *r)
{
    for (unsigned i = 0; !is_late(r); i++) {
        list exprs = {0};

        pool_fini(&r->scratch);
        list_all_exprs(r, &exprs);
        if (i >= exprs.count)
            return;
        shrink_expr(r, (expr **)exprs.items[i]);
    }
}

/* ---- the kernel ------------------------------------------------------------------------ */

static void try_launch(reducer *r, launch l)
{
    launch saved = r->kernel->launches[0];
    unsigned grid = l.grid[0] * l.grid[1], old_grid = saved.grid[0] * saved.grid[1];

    if (grid > old_grid ||
        (grid == old_grid &&
         l.threadgroup[0] * l.threadgroup[1] >= saved.threadgroup[0] * saved.threadgroup[1]))
        return;
    r->kernel->launches[0] = l;
    if (!keeps(r))
        r->kernel->launches[0] = saved;
}

static void shrink_launch(reducer *r)
{
    const launch *l = &r->kernel->launches[0];

    try_launch(r, (launch){{1, 1}, {1, 1}});
    try_launch(r, (launch){{4, 1}, {4, 1}});
    try_launch(r, (launch){{32, 1}, {32, 1}});
    for (unsigned d = 0; d < 2; d++) {
        launch one = *l, half;

        one.grid[d] = one.threadgroup[d];
        try_launch(r, one);
        half = *l;
        half.threadgroup[d] = (half.threadgroup[d] + 1) / 2;
        half.grid[d] = half.threadgroup[d];
        try_launch(r, half);
    }
}

/* Memory per thread that no statement uses any more. */
static void shrink_slots(reducer *r)
{
    list blocks = {0};
    uint64_t next[BUFFER_COUNT] = {0};

    list_blocks(r, &r->kernel->body, &blocks);
    for (unsigned i = 0; i < blocks.count; i++) {
        const block *b = blocks.items[i];

        for (unsigned s = 0; s < b->count; s++)
            if (b->items[s]->kind == STMT_STORE)
                set_number(r, &b->items[s]->imm[0], next[b->items[s]->op]++);
    }
    for (unsigned i = 0; i < BUFFER_COUNT; i++) {
        unsigned saved = r->kernel->slots[i];

        if (!next[i] || next[i] == saved)
            continue;
        r->kernel->slots[i] = (unsigned)next[i];
        if (!keeps(r))
            r->kernel->slots[i] = saved;
    }
}

static void shrink_arrays(reducer *r)
{
    for (unsigned i = 0; i < r->kernel->array_count; i++) {
        private_array *a = &r->kernel->arrays[i], saved = *a;

        a->start = 1;
        a->length = 2;
        if (memcmp(a, &saved, sizeof(saved)) && !keeps(r))
            *a = saved;
    }
}

static void try_flag(reducer *r, bool *flag)
{
    if (!*flag)
        return;
    *flag = false;
    if (!keeps(r))
        *flag = true;
}

void kernel_reduce(kernel *k, pool *owner, reduce_oracle *oracle, void *user, double seconds)
{
    reducer r = {.kernel = k,
                 .pool = owner,
                 .oracle = oracle,
                 .user = user,
                 .end = time(NULL) + (time_t)seconds};

    do {
        r.changed = false;
        drop_statements(&r);
        unwrap_statements(&r);
        simplify_statements(&r);
        shrink_exprs(&r);
        shrink_launch(&r);
        shrink_slots(&r);
        shrink_arrays(&r);
        try_flag(&r, &k->has_short_lane);
        try_flag(&r, &k->has_three);
        try_flag(&r, &k->has_shared_arg);
        pool_fini(&r.scratch);
    } while (r.changed && !is_late(&r));
}
