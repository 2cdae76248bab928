/* SPDX-License-Identifier: MIT */
/* Statements and modules as LLVM text in AIR form, short form of kernel attributes. */
#include "print.h"

#include <stdlib.h>
#include <string.h>

static void print_block(printer *p, const block *b);

/* Printed from the table below, where the built-in input is used at all. */
enum {
    PARAM_POS,
    PARAM_LPOS,
    PARAM_GPOS,
    PARAM_SIZE,
    PARAM_GRID,
    PARAM_LID,
    PARAM_LANE,
    PARAM_SGROUP,
    PARAM_COUNT
};
static const struct {
    const char *name, *builtin;
    bool has_components;
    unsigned inputs; /* what is computed from it */
} params[PARAM_COUNT] = {
    {"pos", "thread_position_in_grid", true, 1u << INPUT_GID | 1u << INPUT_GX | 1u << INPUT_GY},
    {"lpos", "thread_position_in_threadgroup", true, 1u << INPUT_LX | 1u << INPUT_LY},
    {"gpos", "threadgroup_position_in_grid", true, 1u << INPUT_TGX | 1u << INPUT_TGY},
    {"size", "threads_per_threadgroup", true, 1u << INPUT_COUNT},
    {"grid", "threads_per_grid", true, 1u << INPUT_TOTAL},
    {"lid", "thread_index_in_threadgroup", false, 1u << INPUT_LID},
    {"lane", "thread_index_in_simdgroup", false, 1u << INPUT_LANE},
    {"sgroup", "simdgroup_index_in_threadgroup", false, 1u << INPUT_SGROUP},
};

static void store(printer *p, const char *t, const char *value, unsigned space,
                  const char *address, unsigned align)
{
    const char *spaces[] = {"ptr", "ptr addrspace(1)", "ptr addrspace(2)", "ptr addrspace(3)"};

    print_line(p, "store %s %s, %s %s, align %u", t, value, spaces[space], address, align);
}

/* bool in memory is a byte. */
static type memory_type(type t)
{
    return t.base == BASE_I1 ? scalar_type(BASE_I8) : t;
}

static unsigned align_of(type t)
{
    return base_infos[t.base].bits / 8 * (t.components == 3 ? 4 : t.components);
}

static void store_variable(printer *p, unsigned var, const char *value)
{
    type t = memory_type(p->kernel->vars[var].type);

    p->used_vars |= (uint64_t)1 << var;
    if (p->kernel->vars[var].type.base == BASE_I1)
        value = print_inst(p, "zext i1 %s to i8", value);
    store(p, print_type(p, t), value, 0, pool_printf(&p->pool, "%%v%u", var), align_of(t));
}

static void print_array_store(printer *p, const stmt *s)
{
    const private_array *array = &p->kernel->arrays[s->op];
    type t = scalar_type(array->base);
    const char *i = print_inst(p, "and i32 %s, %u", print_expr(p, s->x[0]), array->length - 1);
    const char *value = print_expr(p, s->x[1]);

    p->used_arrays |= 1u << s->op;
    store(p, print_type(p, t), value, 0,
          print_element(p, print_type(p, t), 0, pool_printf(&p->pool, "%%a%u", s->op), i, true),
          align_of(t));
}

static void print_copy(printer *p, const stmt *s)
{
    const private_array *to = &p->kernel->arrays[s->op];
    const private_array *from = &p->kernel->arrays[s->imm[0]];
    unsigned length = to->length < from->length ? to->length : from->length;

    p->used_arrays |= 1u << s->op | 1u << s->imm[0];
    print_declare(p, "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)");
    print_line(p, "call void @llvm.memcpy.p0.p0.i64(ptr %%a%u, ptr %%a%u, i64 %u, i1 false)",
               s->op, (unsigned)s->imm[0], length * align_of(scalar_type(to->base)));
}

static void print_store(printer *p, const stmt *s)
{
    const buffer_info *buffer = &buffer_infos[s->op];
    unsigned slots = p->kernel->slots[s->op];
    const char *t = print_type(p, buffer->type), *value = print_expr(p, s->x[0]);
    const char *index = print_input(p, INPUT_GID);

    if (slots > 1)
        index = print_inst(p, "mul i32 %s, %u", index, slots);
    if (s->imm[0])
        index = print_inst(p, "add i32 %s, %u", index, (unsigned)s->imm[0]);
    p->used_buffers |= 1u << s->op;
    store(p, t, value, 1,
          print_element(p, t, 1, pool_printf(&p->pool, "%%%s", buffer->name), index,
                        s->imm[0] % 2 == 0),
          align_of(buffer->type));
}

static void print_atomic_call(printer *p, const stmt *s, unsigned space, const char *address,
                              const char *value)
{
    if (s->imm[1]) {
        bool is_unsigned = s->imm[0] && strchr(atomic_infos[s->op].op, 'm');

        print_inst(p, "atomicrmw %s%s ptr addrspace(%u) %s, i32 %s monotonic, align 4",
                   is_unsigned ? "u" : "", atomic_infos[s->op].op, space, address, value);
        return;
    }
    const char *name =
        pool_printf(&p->pool, "air.atomic.%s.%s.%c.i32", space == 1 ? "global" : "local",
                    atomic_infos[s->op].op, s->imm[0] ? 'u' : 's');

    print_declare(p, pool_printf(&p->pool,
                                 "declare i32 @%s(ptr addrspace(%u), i32, i32, i32, "
                                 "i1) #4",
                                 name, space));
    print_inst(p, "call i32 @%s(ptr addrspace(%u) %s, i32 %s, i32 0, i32 %u, i1 true)", name,
               space, address, value, space == 1 ? 2u : 1u);
}

/* Each operation has bins of its own: different ones do not commute. */
static void print_atomic(printer *p, const stmt *s)
{
    const char *bin = print_inst(p, "and i32 %s, %d", print_expr(p, s->x[0]), ACC_BINS - 1);
    const char *value = print_expr(p, s->x[1]);
    unsigned first = (2 * s->op + (unsigned)s->imm[0]) * ACC_BINS;

    p->used_buffers |= 1u << BUFFER_ACC;
    if (first)
        bin = print_inst(p, "or i32 %s, %u", bin, first);
    print_atomic_call(p, s, 1, print_element(p, "i32", 1, "%acc", bin, true), value);
}

static void print_if(printer *p, const stmt *s)
{
    char *yes = print_new_label(p), *no = print_new_label(p), *join = print_new_label(p);
    bool has_else = s->blocks[1].count != 0, joins = !has_else;

    print_branch(p, print_expr(p, s->x[0]), yes, has_else ? no : join);
    for (unsigned i = 0; i < 1u + has_else; i++) {
        print_place_label(p, i ? no : yes);
        print_block(p, &s->blocks[i]);
        if (p->label) {
            print_line(p, "br label %%%s", join);
            p->label = NULL;
            joins = true;
        }
    }
    if (joins)
        print_place_label(p, join);
}

/* The latch part of every loop: counts, and goes on to `body` or leaves to `done`. */
static void print_latch(printer *p, const stmt *s, const char *bound, char *body, char *done)
{
    const char *i = print_inst(p, "load i32, ptr %%v%u", s->op);
    const char *next = print_inst(p, "%s i32 %s, 1", s->imm[2] ? "sub" : "add", i);

    store_variable(p, s->op, next);
    if (s->imm[1] == LOOP_WHILE)
        return;
    const char *more = print_inst(p, s->imm[2] ? "icmp sgt i32 %s, %s" : "icmp ult i32 %s, %s",
                                  next, s->imm[2] ? "0" : bound);
    if (s->x[1]) {
        char *check = print_new_label(p);

        print_branch(p, more, check, done);
        print_place_label(p, check);
        more = print_expr(p, s->x[1]);
    }
    print_branch(p, more, body, done);
}

static void print_loop_head(printer *p, const stmt *s, const char *bound, char *body,
                            char *done)
{
    const char *i = print_inst(p, "load i32, ptr %%v%u", s->op);
    const char *more = print_inst(p, s->imm[2] ? "icmp sgt i32 %s, %s" : "icmp ult i32 %s, %s",
                                  i, s->imm[2] ? "0" : bound);

    if (s->x[1]) {
        char *check = print_new_label(p);

        print_branch(p, more, check, done);
        print_place_label(p, check);
        more = print_expr(p, s->x[1]);
    }
    print_branch(p, more, body, done);
}

static void print_loop(printer *p, const stmt *s)
{
    char *head = print_new_label(p), *body = print_new_label(p), *next = print_new_label(p);
    char *done = print_new_label(p);
    const char *bound =
        print_inst(p, "and i32 %s, %u", print_expr(p, s->x[0]), (unsigned)s->imm[0]);

    store_variable(p, s->op, s->imm[2] ? bound : "0");
    if (s->imm[1] == LOOP_WHILE) {
        print_place_label(p, head);
        print_loop_head(p, s, bound, body, done);
    } else if (s->imm[1] == LOOP_ROTATED) {
        print_branch(p, print_inst(p, "icmp ne i32 %s, 0", bound), body, done);
    }
    print_place_label(p, body);
    if (p->loop_depth == MAX_NESTED_LOOPS)
        abort();
    p->breaks[p->loop_depth] = done;
    p->continues[p->loop_depth++] = next;
    print_block(p, &s->blocks[0]);
    p->loop_depth--;
    print_place_label(p, next);
    print_latch(p, s, bound, body, done);
    if (s->imm[1] == LOOP_WHILE) {
        print_line(p, "br label %%%s", head);
        p->label = NULL;
    }
    print_place_label(p, done);
}

static void print_switch(printer *p, const stmt *s)
{
    char *labels[5], *join = print_new_label(p);
    const char *selector = print_expr(p, s->x[0]);
    bool joins = false;

    for (unsigned i = 0; i < s->block_count; i++)
        labels[i] = print_new_label(p);
    text_printf(&p->body, "  switch i32 %s, label %%%s [", selector,
                labels[s->block_count - 1]);
    for (unsigned i = 0; i + 1 < s->block_count; i++)
        text_printf(&p->body, " i32 %u, label %%%s", (unsigned)s->imm[i], labels[i]);
    text_printf(&p->body, " ]\n");
    p->label = NULL;
    for (unsigned i = 0; i < s->block_count; i++) {
        bool falls_through = i + 1 < s->block_count && s->imm[4] >> i & 1;

        print_place_label(p, labels[i]);
        print_block(p, &s->blocks[i]);
        if (p->label && !falls_through) {
            print_line(p, "br label %%%s", join);
            p->label = NULL;
            joins = true;
        }
    }
    if (joins)
        print_place_label(p, join);
}

static void print_jump(printer *p, const stmt *s)
{
    if (s->kind == STMT_RETURN)
        print_line(p, "ret void");
    else if (p->loop_depth == p->loop_floor)
        return; /* the reducer has removed the loop */
    else
        print_line(p, "br label %%%s",
                   (s->kind == STMT_BREAK ? p->breaks : p->continues)[p->loop_depth - 1]);
    p->label = NULL;
}

static void print_barrier(printer *p)
{
    print_declare(p, "declare void @air.wg.barrier(i32, i32) #3");
    print_line(p, "call void @air.wg.barrier(i32 2, i32 1)");
}

static void print_between(printer *p, const stmt *s)
{
    unsigned outer = p->loop_floor;

    p->loop_floor = p->loop_depth; /* no jump over the second barrier */
    print_barrier(p);
    print_block(p, &s->blocks[0]);
    print_barrier(p);
    p->loop_floor = outer;
}

static void print_exchange(printer *p, const stmt *s)
{
    const char *t = s->op ? "float" : "i32", *value = print_expr(p, s->x[0]);
    const char *array = s->op == 0                  ? "@shared0"
                        : p->kernel->has_shared_arg ? "%shared1"
                                                    : "@shared1";

    p->used_shared |= 1u << s->op;
    store(p, t, value, 3, print_element(p, t, 3, array, print_input(p, INPUT_LID), false), 4);
    print_between(p, s);
}

/* for (i = lid; i < bins; i += threads) bin[i] = start; */
static void print_clear_bins(printer *p, const stmt *s)
{
    char *head = print_new_label(p), *body = print_new_label(p), *done = print_new_label(p);
    const char *start = pool_printf(&p->pool, "%d", (int)atomic_infos[s->op].start);
    const char *i = pool_printf(&p->pool, "%%i%u", p->next++);
    const char *lid = print_input(p, INPUT_LID), *entry = p->label;

    print_place_label(p, head);
    text_printf(&p->body, "  %s = phi i32 [ %s, %%%s ], [ %s.next, %%%s ]\n", i, lid, entry, i,
                body);
    const char *more = print_inst(p, "icmp ult i32 %s, %d", i, ACC_BINS);
    print_branch(p, more, body, done);
    print_place_label(p, body);
    store(p, "i32", start, 3, print_element(p, "i32", 3, "@shared2", i, false), 4);
    text_printf(&p->body, "  %s.next = add i32 %s, %s\n", i, i, print_input(p, INPUT_COUNT));
    print_line(p, "br label %%%s", head);
    p->label = NULL;
    print_place_label(p, done);
}

static void print_bins(printer *p, const stmt *s)
{
    char *yes = print_new_label(p), *join = print_new_label(p);

    p->used_shared |= 1u << SHARED_BINS;
    print_clear_bins(p, s);
    print_barrier(p);
    const char *bin = print_inst(p, "and i32 %s, %d", print_expr(p, s->x[0]), ACC_BINS - 1);
    const char *value = print_expr(p, s->x[1]);
    if (s->x[2]) {
        print_branch(p, print_expr(p, s->x[2]), yes, join);
        print_place_label(p, yes);
    }
    print_atomic_call(p, s, 3, print_element(p, "i32", 3, "@shared2", bin, false), value);
    print_place_label(p, join);
    print_between(p, s);
}

static void print_stmt(printer *p, const stmt *s)
{
    switch (s->kind) {
    case STMT_ASSIGN:
        store_variable(p, s->op, print_expr(p, s->x[0]));
        return;
    case STMT_ARRAY:
        print_array_store(p, s);
        return;
    case STMT_COPY:
        print_copy(p, s);
        return;
    case STMT_STORE:
        print_store(p, s);
        return;
    case STMT_ATOMIC:
        print_atomic(p, s);
        return;
    case STMT_IF:
        print_if(p, s);
        return;
    case STMT_LOOP:
        print_loop(p, s);
        return;
    case STMT_SWITCH:
        print_switch(p, s);
        return;
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_RETURN:
        print_jump(p, s);
        return;
    case STMT_BARRIER:
        print_barrier(p);
        return;
    case STMT_EXCHANGE:
        print_exchange(p, s);
        return;
    case STMT_BINS:
        print_bins(p, s);
        return;
    }
}

static void print_block(printer *p, const block *b)
{
    for (unsigned i = 0; i < b->count && p->label; i++)
        print_stmt(p, b->items[i]);
}

/* ---- the module ----------------------------------------------------------------------- */

/* Gives every element of a private array a value before anything can read it. */
static void print_array_start(printer *p, unsigned number)
{
    const private_array *array = &p->kernel->arrays[number];
    const char *t = base_infos[array->base].llvm,
               *name = pool_printf(&p->pool, "%%a%u", number);
    unsigned align = align_of(scalar_type(array->base));
    const char *zero = base_infos[array->base].is_float ? "0.0" : "0";

    if (array->start == 0) {
        print_declare(p, "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)");
        print_line(p, "call void @llvm.memset.p0.i64(ptr %s, i8 0, i64 %u, i1 false)", name,
                   array->length * align);
        return;
    }
    if (array->start == 1) {
        for (unsigned i = 0; i < array->length; i++)
            store(p, t, zero, 0,
                  print_element(p, t, 0, name, pool_printf(&p->pool, "%u", i), false), align);
        return;
    }
    char *body = print_new_label(p), *done = print_new_label(p);
    const char *i = pool_printf(&p->pool, "%%i%u", p->next++), *entry = p->label;

    print_place_label(p, body);
    text_printf(&p->body, "  %s = phi i32 [ 0, %%%s ], [ %s.next, %%%s ]\n", i, entry, i, body);
    store(p, t, zero, 0, print_element(p, t, 0, name, i, true), align);
    text_printf(&p->body, "  %s.next = add i32 %s, 1\n", i, i);
    print_branch(p, print_inst(p, "icmp ult i32 %s.next, %u", i, array->length), body, done);
    print_place_label(p, done);
}

static void print_start(printer *p)
{
    text_fini(&p->body);
    p->next = 0;
    p->declare_count = 0;
    p->label = NULL;
    print_place_label(p, print_new_label(p));
}

/* The kernel's instructions behind the prologue, in `p->body`. What nothing uses is left out,
 * so a first walk only sees what is used; a variable's start reads variables before it. */
static void print_body(printer *p)
{
    const kernel *k = p->kernel;

    print_start(p);
    print_block(p, &k->body);
    for (unsigned i = k->var_count; i-- > 0;)
        if (p->used_vars >> i & 1 && k->vars[i].start)
            print_expr(p, k->vars[i].start);

    print_start(p);
    for (unsigned i = 0; i < k->array_count; i++)
        if (p->used_arrays >> i & 1)
            print_array_start(p, i);
    for (unsigned i = 0; i < k->var_count; i++)
        if (p->used_vars >> i & 1)
            store_variable(p, i, k->vars[i].start ? print_expr(p, k->vars[i].start) : "0");
    print_block(p, &k->body);
    if (p->label)
        print_line(p, "ret void");
}

static void print_helper(printer *p, unsigned number, text *out)
{
    const helper *h = &p->kernel->helpers[number];
    const char *t = print_type(p, h->body->type);
    text saved = p->body;

    p->body = (text){0};
    p->label = NULL;
    print_place_label(p, print_new_label(p));
    print_line(p, "ret %s %s", t, print_expr(p, h->body));
    text_printf(out, "\ndefine internal %s @helper%u(%s %%p0, %s %%p1) {\n", t, number,
                print_type(p, h->params[0]), print_type(p, h->params[1]));
    text_append(out, &p->body);
    text_printf(out, "}\n");
    text_fini(&p->body);
    p->body = saved;
}

static void print_head(printer *p, text *out)
{
    const kernel *k = p->kernel;

    text_printf(out, "; difftest seed %llu\n", (unsigned long long)k->seed);
    for (unsigned i = 0; i < BUFFER_COUNT; i++) {
        const buffer_info *b = &buffer_infos[i];
        unsigned per_thread = b->is_output ? k->slots[i] : b->space == 1 ? 4 : 0;
        unsigned extra = b->is_output ? 0 : b->space == 1 ? INPUT_EXTRA : CONSTANT_ELEMS;

        if (i == BUFFER_ACC) {
            per_thread = 0;
            extra = 2 * ATOMIC_COUNT * ACC_BINS;
        }
        if (p->used_buffers >> i & 1)
            text_printf(out, "; buffer %s %s %u %u %u %s\n", b->name,
                        base_infos[b->type.base].suffix, b->type.components, per_thread, extra,
                        i == BUFFER_ACC ? "zero"
                        : b->is_output  ? "pattern"
                                        : "random");
    }
    if (p->used_shared >> 1 & 1 && k->has_shared_arg)
        text_printf(out, "; threadgroup shared1 %u\n", SHARED_LENGTH * 4);
    for (unsigned i = 0; i < k->launch_count; i++) {
        const launch *l = &k->launches[i];

        text_printf(out, "; launch %u %u %u %u\n", l->grid[0], l->grid[1], l->threadgroup[0],
                    l->threadgroup[1]);
    }
    text_printf(out, "; lanes %s\n\n", k->has_lanes ? "32" : "any");
}

static bool uses_param(const printer *p, unsigned param)
{
    uint64_t inputs = p->used_inputs;

    /* Two-dimensional linear positions need the extent as well. */
    if (param == PARAM_GRID && p->kernel->dims == 2)
        inputs |= inputs >> INPUT_GID & 1 ? 1u << INPUT_TOTAL : 0;
    return inputs & params[param].inputs;
}

static void print_signature(printer *p, text *out)
{
    const kernel *k = p->kernel;
    const char *comma = "";

    text_printf(out, "\ndefine void @k(");
    for (unsigned i = 0; i < BUFFER_COUNT; i++) {
        const buffer_info *b = &buffer_infos[i];

        if (!(p->used_buffers >> i & 1))
            continue;
        text_printf(out, "%sptr addrspace(%u) \"tmjit.type\"=\"%s", comma, b->space,
                    base_infos[b->type.base].metal);
        if (b->type.components > 1)
            text_printf(out, "%u", b->type.components);
        text_printf(out, "\" %%%s", b->name);
        comma = ",\n               ";
    }
    if (p->used_shared >> 1 & 1 && k->has_shared_arg) {
        text_printf(out, "%sptr addrspace(3) \"tmjit.type\"=\"float\" %%shared1", comma);
        comma = ",\n               ";
    }
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        const char *t = i == PARAM_LANE && k->has_short_lane        ? "i16"
                        : !params[i].has_components || k->dims == 1 ? "i32"
                        : k->has_three                              ? "<3 x i32>"
                                                                    : "<2 x i32>";

        if (!uses_param(p, i))
            continue;
        text_printf(out, "%s%s \"tmjit.builtin\"=\"%s\" %%%s%s", comma, t, params[i].builtin,
                    params[i].name, i == PARAM_LANE && k->has_short_lane ? "16" : "");
        comma = ",\n               ";
    }
    text_printf(out, ") \"tmjit.kernel\" {\nentry:\n");
}

/* Scalars from the built-in inputs with two or three components. */
static void print_prologue(printer *p, text *out)
{
    static const char *const names[PARAM_LID][2] = {
        {"gx", "gy"}, {"lx", "ly"}, {"tgx", "tgy"}, {"sx", "sy"}, {"gw", "gh"}};
    unsigned components = p->kernel->has_three ? 3 : 2;
    uint64_t inputs = p->used_inputs;

    if (p->kernel->has_short_lane && inputs >> INPUT_LANE & 1)
        text_printf(out, "  %%lane = zext i16 %%lane16 to i32\n");
    if (p->kernel->dims == 1)
        return;
    for (unsigned i = 0; i < PARAM_LID; i++)
        for (unsigned c = 0; c < 2 && uses_param(p, i); c++)
            text_printf(out, "  %%%s = extractelement <%u x i32> %%%s, i32 %u\n", names[i][c],
                        components, params[i].name, c);
    if (inputs >> INPUT_GID & 1)
        text_printf(out, "  %%row = mul i32 %%gy, %%gw\n  %%gid = add i32 %%row, %%gx\n");
    if (inputs >> INPUT_TOTAL & 1)
        text_printf(out, "  %%total = mul i32 %%gw, %%gh\n");
    if (inputs >> INPUT_COUNT & 1)
        text_printf(out, "  %%count = mul i32 %%sx, %%sy\n");
}

static void print_globals(const printer *p, text *out)
{
    static const char *const types[SHARED_COUNT] = {"[1024 x i32]", "[1024 x float]",
                                                    "[16 x i32]"};

    for (unsigned i = 0; i < SHARED_COUNT; i++)
        if (p->used_shared >> i & 1 && !(i == 1 && p->kernel->has_shared_arg))
            text_printf(out, "@shared%u = internal addrspace(3) global %s undef, align 4\n", i,
                        types[i]);
}

void kernel_print(const kernel *k, text *out)
{
    printer p = {.kernel = k};
    text helpers = {0};

    print_body(&p);
    for (unsigned i = 0; i < k->helper_count; i++)
        if (p.used_helpers >> i & 1)
            print_helper(&p, i, &helpers);
    print_head(&p, out);
    print_globals(&p, out);
    for (unsigned i = 0; i < p.declare_count; i++)
        text_printf(out, "%s\n", p.declares[i]);
    text_append(out, &helpers);
    print_signature(&p, out);
    print_prologue(&p, out);
    for (unsigned i = 0; i < k->var_count; i++)
        if (p.used_vars >> i & 1)
            text_printf(out, "  %%v%u = alloca %s, align %u\n", i,
                        print_type(&p, memory_type(k->vars[i].type)),
                        align_of(memory_type(k->vars[i].type)));
    for (unsigned i = 0; i < k->array_count; i++)
        if (p.used_arrays >> i & 1)
            text_printf(out, "  %%a%u = alloca [%u x %s], align %u\n", i, k->arrays[i].length,
                        base_infos[k->arrays[i].base].llvm,
                        align_of(scalar_type(k->arrays[i].base)));
    text_printf(out, "  br label %%b0\n");
    text_append(out, &p.body);
    text_printf(out, "}\n\nattributes #1 = { nounwind willreturn memory(none) }\n"
                     "attributes #2 = { convergent nounwind willreturn }\n"
                     "attributes #3 = { convergent nounwind willreturn }\n"
                     "attributes #4 = { nounwind willreturn }\n");
    text_fini(&helpers);
    text_fini(&p.body);
    pool_fini(&p.pool);
}
