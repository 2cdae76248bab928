/* SPDX-License-Identifier: MIT */
/* Random statements and whole kernels.
 *
 * Nothing depends on the order of threads: a thread stores to its own elements only, threads
 * meet in commutative atomics, and in threadgroup arrays between barriers. Barriers stand
 * where the whole threadgroup is together: never under a divergent condition, in a loop with
 * a divergent bound or exit, or in a kernel that returns early. */
#include "gen.h"

static void gen_block(gen *g, block *out, unsigned most);

static stmt *stmt_new(gen *g, block *out, stmt_kind kind, unsigned op, unsigned block_count)
{
    stmt *s = pool_take(g->pool, sizeof(*s));

    *s = (stmt){.kind = kind, .op = op, .block_count = block_count};
    if (out->count == out->cap) {
        stmt **grown = pool_take(g->pool, (2 * out->cap + 4) * sizeof(stmt *));

        for (unsigned i = 0; i < out->count; i++)
            grown[i] = out->items[i];
        out->items = grown;
        out->cap = 2 * out->cap + 4;
    }
    out->items[out->count++] = s;
    return s;
}

static unsigned depth_of(gen *g)
{
    return 1 + rng_below(&g->rng, g->work > 16 || g->is_branchy ? 2 : 4);
}

static type i32_type(void)
{
    return scalar_type(BASE_I32);
}

static unsigned new_variable(gen *g, type t, expr *start)
{
    g->kernel->vars[g->kernel->var_count] = (variable){t, start};
    return g->kernel->var_count++;
}

static bool is_counter(const gen *g, unsigned var)
{
    return g->kernel->vars[var].start == NULL;
}

static void gen_assign(gen *g, block *out)
{
    unsigned var;

    do
        var = rng_below(&g->rng, g->kernel->var_count);
    while (is_counter(g, var));
    stmt *s = stmt_new(g, out, STMT_ASSIGN, var, 0);

    s->x[0] = gen_expr(g, g->kernel->vars[var].type, depth_of(g));
}

static void gen_array_store(gen *g, block *out)
{
    if (!g->kernel->array_count)
        return;
    unsigned array = rng_below(&g->rng, g->kernel->array_count);
    stmt *s = stmt_new(g, out, STMT_ARRAY, array, 0);

    s->x[0] = gen_expr(g, i32_type(), depth_of(g));
    s->x[1] = gen_expr(g, scalar_type(g->kernel->arrays[array].base), depth_of(g));
}

static void gen_copy(gen *g, block *out)
{
    kernel *k = g->kernel;

    for (unsigned to = 0; to < k->array_count; to++)
        for (unsigned from = 0; from < to; from++)
            if (k->arrays[to].base == k->arrays[from].base) {
                stmt_new(g, out, STMT_COPY, to, 0)->imm[0] = from;
                return;
            }
}

static void gen_store_of(gen *g, block *out, unsigned buffer, expr *value)
{
    stmt *s = stmt_new(g, out, STMT_STORE, buffer, 0);

    s->x[0] = value;
    s->imm[0] = g->kernel->slots[buffer]++;
}

static void gen_store(gen *g, block *out)
{
    unsigned buffer;

    do
        buffer = rng_below(&g->rng, BUFFER_COUNT);
    while (!buffer_infos[buffer].is_output);
    gen_store_of(g, out, buffer, gen_expr(g, buffer_infos[buffer].type, depth_of(g)));
}

static void gen_atomic(gen *g, block *out)
{
    stmt *s = stmt_new(g, out, STMT_ATOMIC, rng_below(&g->rng, ATOMIC_COUNT), 0);

    s->imm[0] = rng_below(&g->rng, 2);
    s->imm[1] = rng_chance(&g->rng, 25);
    s->x[0] = gen_expr(g, i32_type(), depth_of(g));
    s->x[1] = gen_expr(g, i32_type(), depth_of(g));
}

/* Ends a conditional block with a jump, where one is allowed. */
static void gen_jump(gen *g, block *out, bool is_uniform)
{
    bool may_leave_loop = g->loop_depth && (is_uniform || !g->has_full_loop);

    if (may_leave_loop && rng_chance(&g->rng, g->is_branchy ? 50 : 30))
        stmt_new(g, out, rng_chance(&g->rng, 60) ? STMT_BREAK : STMT_CONTINUE, 0, 0);
    else if (g->kernel->has_returns && rng_chance(&g->rng, g->loop_depth ? 6 : 12))
        stmt_new(g, out, STMT_RETURN, 0, 0);
}

static void gen_if(gen *g, block *out)
{
    bool was_full = g->is_full;
    bool is_uniform = was_full ? rng_chance(&g->rng, 40) : rng_chance(&g->rng, 15);
    stmt *s = stmt_new(g, out, STMT_IF, 0, 2);

    s->x[0] = gen_condition(g, is_uniform, depth_of(g));
    g->is_full = was_full && is_uniform;
    gen_block(g, &s->blocks[0], 3);
    gen_jump(g, &s->blocks[0], is_uniform && was_full);
    if (rng_chance(&g->rng, 50)) {
        gen_block(g, &s->blocks[1], 3);
        if (rng_chance(&g->rng, 30))
            gen_jump(g, &s->blocks[1], is_uniform && was_full);
    }
    g->is_full = was_full;
}

static void gen_switch(gen *g, block *out)
{
    bool was_full = g->is_full, is_uniform = rng_chance(&g->rng, 30);
    stmt *s = stmt_new(g, out, STMT_SWITCH, 0, 2 + rng_below(&g->rng, 4));
    expr *masked = expr_new(g, EXPR_BINARY, i32_type(), BINARY_AND, 2);

    masked->kids[0] = is_uniform ? gen_uniform(g, 1) : gen_expr(g, i32_type(), depth_of(g));
    masked->kids[1] = expr_const(g, i32_type(), 7);
    s->x[0] = masked;
    g->is_full = was_full && is_uniform;
    for (unsigned i = 0; i < s->block_count; i++) {
        s->imm[i < 4 ? i : 3] = i + 2 * rng_below(&g->rng, 2) * (i == 3);
        gen_block(g, &s->blocks[i], 2);
        if (rng_chance(&g->rng, 10))
            gen_jump(g, &s->blocks[i], is_uniform && was_full);
    }
    s->imm[4] = rng_chance(&g->rng, 40) ? rng_below(&g->rng, 16) : 0;
    g->is_full = was_full;
}

static void gen_loop_head(gen *g, stmt *s, bool is_uniform)
{
    static const uint8_t masks[] = {1, 3, 3, 7, 7, 15};
    unsigned mask = masks[rng_below(&g->rng, sizeof(masks))];

    if (g->work * mask > 160)
        mask = 1;
    s->imm[0] = mask;
    s->imm[1] = rng_below(&g->rng, LOOP_FORMS);
    s->imm[2] = rng_chance(&g->rng, 25);
    s->x[0] = is_uniform ? gen_uniform(g, 1) : gen_expr(g, i32_type(), depth_of(g));
    if (is_uniform && rng_chance(&g->rng, 50))
        s->x[0] = expr_const(g, i32_type(), mask);
    g->work *= mask;
}

static void gen_loop(gen *g, block *out)
{
    gen saved = *g;
    bool is_full = g->is_full && rng_chance(&g->rng, 50);
    bool is_uniform = is_full || rng_chance(&g->rng, 35);

    if (g->work > 100 || g->kernel->var_count + 1 >= MAX_VARS || g->loop_depth > 3)
        return;
    unsigned counter = new_variable(g, i32_type(), NULL);
    stmt *s = stmt_new(g, out, STMT_LOOP, counter, 1);

    gen_loop_head(g, s, is_uniform);
    g->is_full = is_full;
    g->has_full_loop = is_full;
    g->loop_depth++;
    if (is_full && g->uniform_counter_count < 4)
        g->uniform_counters[g->uniform_counter_count++] = counter;
    if (rng_chance(&g->rng, 25))
        s->x[1] = gen_condition(g, is_full, 2);
    gen_block(g, &s->blocks[0], 4);

    g->work = saved.work;
    g->is_full = saved.is_full;
    g->has_full_loop = saved.has_full_loop;
    g->loop_depth = saved.loop_depth;
    g->uniform_counter_count = saved.uniform_counter_count;
}

/* The part between two barriers, in which threadgroup array `shared` may be read. */
static void gen_between(gen *g, stmt *s, unsigned shared)
{
    gen saved = *g;

    g->shared |= 1u << shared;
    g->loop_depth = 0; /* a break would jump over the second barrier */
    gen_block(g, &s->blocks[0], 3);
    if (shared != SHARED_BINS) {
        unsigned var =
            new_variable(g, scalar_type(shared ? BASE_F32 : BASE_I32),
                         expr_const(g, scalar_type(shared ? BASE_F32 : BASE_I32), 0));
        stmt *a = stmt_new(g, &s->blocks[0], STMT_ASSIGN, var, 0);

        a->x[0] = expr_new(g, EXPR_SHARED, g->kernel->vars[var].type, shared, 1);
        a->x[0]->kids[0] = gen_expr(g, i32_type(), 2);
    }
    g->shared = saved.shared;
    g->loop_depth = saved.loop_depth;
}

static void gen_exchange(gen *g, block *out)
{
    unsigned shared = rng_below(&g->rng, 2);

    if (g->shared >> shared & 1 || g->kernel->var_count + 2 >= MAX_VARS)
        return;
    stmt *s = stmt_new(g, out, STMT_EXCHANGE, shared, 1);

    s->x[0] = gen_expr(g, scalar_type(shared ? BASE_F32 : BASE_I32), depth_of(g));
    gen_between(g, s, shared);
}

static void gen_bins(gen *g, block *out)
{
    if (g->shared >> SHARED_BINS & 1)
        return;
    stmt *s = stmt_new(g, out, STMT_BINS, rng_below(&g->rng, ATOMIC_COUNT), 1);

    s->imm[0] = rng_below(&g->rng, 2);
    s->imm[1] = rng_chance(&g->rng, 25);
    s->x[0] = gen_expr(g, i32_type(), depth_of(g));
    s->x[1] = gen_expr(g, i32_type(), depth_of(g));
    if (rng_chance(&g->rng, 50))
        s->x[2] = gen_condition(g, false, depth_of(g));
    gen_between(g, s, SHARED_BINS);
}

/* Barriers and what needs them; only called where they may stand. */
static void gen_meeting(gen *g, block *out)
{
    unsigned roll = rng_below(&g->rng, 10);

    if (roll < 6)
        gen_exchange(g, out);
    else if (roll < 9)
        gen_bins(g, out);
    else
        stmt_new(g, out, STMT_BARRIER, 0, 0);
}

static void gen_stmt(gen *g, block *out, unsigned nesting)
{
    unsigned roll = rng_below(&g->rng, 100);

    if (g->is_branchy && nesting < 7)
        roll = roll < 35 ? 2 * roll % 62 : 62 + roll * 38 / 100;
    if (g->is_full && g->kernel->has_barriers && rng_chance(&g->rng, 25))
        gen_meeting(g, out);
    else if (roll < 44 || nesting >= (g->is_branchy ? 7 : 5))
        gen_assign(g, out);
    else if (roll < 50)
        gen_array_store(g, out);
    else if (roll < 52)
        gen_copy(g, out);
    else if (roll < 57)
        gen_store(g, out);
    else if (roll < 62)
        gen_atomic(g, out);
    else if (roll < 80)
        gen_if(g, out);
    else if (roll < 94)
        gen_loop(g, out);
    else
        gen_switch(g, out);
}

static void gen_block(gen *g, block *out, unsigned most)
{
    unsigned wanted = 1 + rng_below(&g->rng, most);

    g->nesting++;
    for (unsigned i = 0; i < wanted && g->budget; i++) {
        g->budget--;
        gen_stmt(g, out, g->nesting);
    }
    g->nesting--;
}

static void gen_helpers(gen *g)
{
    kernel *k = g->kernel;
    unsigned count = rng_chance(&g->rng, 30) ? 1 + rng_below(&g->rng, MAX_HELPERS) : 0;

    g->is_in_helper = true;
    for (unsigned i = 0; i < count; i++) {
        helper *h = &k->helpers[i];

        h->params[0] = gen_type(g);
        h->params[1] = gen_type(g);
        g->params = h->params;
        h->body = gen_expr(g, gen_type(g), 3);
    }
    k->helper_count = count;
    g->is_in_helper = false;
}

static void gen_arrays(gen *g)
{
    static const base bases[] = {BASE_I32, BASE_I32, BASE_F32, BASE_F32, BASE_I8, BASE_F16};
    kernel *k = g->kernel;

    k->array_count = rng_chance(&g->rng, 50) ? 1 + rng_below(&g->rng, MAX_ARRAYS) : 0;
    for (unsigned i = 0; i < k->array_count; i++) {
        k->arrays[i].base =
            i && rng_chance(&g->rng, 40) ? k->arrays[0].base : bases[rng_below(&g->rng, 6)];
        k->arrays[i].length = 2u << rng_below(&g->rng, 4);
        k->arrays[i].start = rng_below(&g->rng, 3);
    }
}

static void gen_variables(gen *g)
{
    unsigned count = 4 + rng_below(&g->rng, 6);

    for (unsigned i = 0; i < count; i++) {
        type t = i == 0 ? i32_type() : i == 1 ? scalar_type(BASE_F32) : gen_type(g);
        expr *start = gen_expr(g, t, 1);

        new_variable(g, t, start);
    }
}

/* Stores every variable, so that all of them matter. */
static void gen_results(gen *g)
{
    kernel *k = g->kernel;

    for (unsigned var = 0; var < k->var_count; var++) {
        type t = k->vars[var].type;
        unsigned buffer = 0;

        while (buffer < BUFFER_COUNT &&
               !(buffer_infos[buffer].is_output && type_equal(buffer_infos[buffer].type, t)))
            buffer++;
        if (buffer < BUFFER_COUNT) {
            gen_store_of(g, &k->body, buffer, expr_new(g, EXPR_VAR, t, var, 0));
            continue;
        }
        type elem = t.base == BASE_I1 ? scalar_type(BASE_I8) : scalar_type((base)t.base);

        for (buffer = 0;
             !buffer_infos[buffer].is_output || !type_equal(buffer_infos[buffer].type, elem);)
            buffer++;
        for (unsigned c = 0; c < t.components; c++) {
            bool is_bool = t.base == BASE_I1;
            expr *e = expr_new(g, is_bool ? EXPR_CAST : EXPR_EXTRACT, elem,
                               is_bool ? CAST_ZEXT : 0, is_bool ? 1 : 2);

            e->kids[0] = expr_new(g, EXPR_VAR, t, var, 0);
            if (!is_bool)
                e->kids[1] = expr_const(g, i32_type(), c);
            gen_store_of(g, &k->body, buffer, e);
        }
    }
}

static void gen_launches(gen *g)
{
    static const unsigned one[] = {32, 64, 96, 33, 100, 256, 31, 128, 7, 160};
    static const unsigned two[][2] = {{8, 8}, {16, 16}, {32, 4}, {10, 7},
                                      {4, 4}, {5, 3},   {64, 2}, {16, 4}};
    kernel *k = g->kernel;

    k->launch_count = 2;
    for (unsigned i = 0; i < k->launch_count; i++) {
        launch *l = &k->launches[i];

        l->threadgroup[0] = one[rng_below(&g->rng, 10)];
        l->threadgroup[1] = 1;
        if (k->dims == 2) {
            unsigned shape = rng_below(&g->rng, 8);

            l->threadgroup[0] = two[shape][0];
            l->threadgroup[1] = two[shape][1];
        }
        for (unsigned d = 0; d < 2; d++) {
            unsigned size = l->threadgroup[d];
            unsigned groups = 1 + rng_below(&g->rng, size > 128 ? 2 : d ? 2 : 4);

            l->grid[d] =
                size * groups - (rng_chance(&g->rng, 60) ? rng_below(&g->rng, size) : 0);
        }
    }
}

kernel *kernel_generate(pool *owner, uint64_t seed)
{
    kernel *k = pool_take(owner, sizeof(*k));
    gen g = {.pool = owner, .rng = {seed * 0x9E3779B97F4A7C15u + 1}, .kernel = k, .work = 1};

    k->seed = seed;
    k->dims = rng_chance(&g.rng, 35) ? 2 : 1;
    k->has_barriers = rng_chance(&g.rng, 40);
    k->has_lanes = rng_chance(&g.rng, 40);
    k->has_returns = !k->has_barriers && rng_chance(&g.rng, 40);
    k->has_short_lane = rng_chance(&g.rng, 50);
    k->has_three = k->dims == 2 && rng_chance(&g.rng, 40);
    k->has_shared_arg = rng_chance(&g.rng, 50);
    g.is_full = !k->has_returns;
    g.is_branchy = rng_chance(&g.rng, 35);
    g.budget = 8 + rng_below(&g.rng, g.is_branchy ? 60 : 32);
    gen_helpers(&g);
    gen_arrays(&g);
    gen_variables(&g);
    while (g.budget)
        gen_block(&g, &k->body, 6);
    gen_results(&g);
    gen_launches(&g);
    return k;
}
