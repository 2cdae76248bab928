/* SPDX-License-Identifier: MIT */
/* Expressions as LLVM instructions. Everything that must hold whatever the operands are
 * (indices inside arrays, no NaN payload in integers) is added here, not in the tree. */
#include "print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *print_type(printer *p, type t)
{
    const char *elem = base_infos[t.base].llvm;

    return t.components == 1 ? elem : pool_printf(&p->pool, "<%u x %s>", t.components, elem);
}

static const char *type_suffix(printer *p, type t)
{
    const char *elem = base_infos[t.base].suffix;

    return t.components == 1 ? elem : pool_printf(&p->pool, "v%u%s", t.components, elem);
}

const char *print_inst(printer *p, const char *format, ...)
{
    char line[1024];
    const char *name = pool_printf(&p->pool, "%%t%u", p->next++);
    va_list args;

    va_start(args, format);
    int byte_len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (byte_len < 0 || (size_t)byte_len >= sizeof(line))
        abort();
    text_printf(&p->body, "  %s = %s\n", name, line);
    return name;
}

void print_line(printer *p, const char *format, ...)
{
    char line[1024];
    va_list args;

    va_start(args, format);
    int byte_len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (byte_len < 0 || (size_t)byte_len >= sizeof(line))
        abort();
    text_printf(&p->body, "  %s\n", line);
}

char *print_new_label(printer *p)
{
    return pool_printf(&p->pool, "b%u", p->next++);
}

void print_place_label(printer *p, char *label)
{
    if (p->label)
        print_line(p, "br label %%%s", label);
    text_printf(&p->body, "%s:\n", label);
    p->label = label;
}

void print_branch(printer *p, const char *condition, const char *yes, const char *no)
{
    print_line(p, "br i1 %s, label %%%s, label %%%s", condition, yes, no);
    p->label = NULL;
}

void print_declare(printer *p, const char *line)
{
    for (unsigned i = 0; i < p->declare_count; i++)
        if (!strcmp(p->declares[i], line))
            return;
    if (p->declare_count == MAX_DECLARES)
        abort();
    p->declares[p->declare_count++] = line;
}

/* ---- constants ------------------------------------------------------------------------ */

/* LLVM text writes float constants as the double of the same value. */
static uint64_t float_as_double(uint32_t bits)
{
    float f;
    uint64_t wide;

    memcpy(&f, &bits, sizeof(f));
    if (f != f)
        return (uint64_t)(bits >> 31) << 63 | 0x7ff8000000000000u;
    double d = (double)f;
    memcpy(&wide, &d, sizeof(wide));
    return wide;
}

static const char *scalar_constant(printer *p, base b, uint64_t bits)
{
    static const char forms[BASE_COUNT] = {[BASE_F16] = 'H', [BASE_BF16] = 'R'};

    if (b == BASE_F32)
        return pool_printf(&p->pool, "0x%016llX",
                           (unsigned long long)float_as_double((uint32_t)bits));
    if (forms[b])
        return pool_printf(&p->pool, "0x%c%04X", forms[b], (unsigned)(bits & 0xffff));
    if (b == BASE_I1)
        return bits & 1 ? "true" : "false";
    unsigned shift = 64 - base_infos[b].bits;

    return pool_printf(&p->pool, "%lld", (long long)(int64_t)(bits << shift) >> shift);
}

static const char *constant(printer *p, const expr *e)
{
    const char *elem = base_infos[e->type.base].llvm, *list = "";

    if (e->type.components == 1)
        return scalar_constant(p, (base)e->type.base, e->imm[0]);
    for (unsigned c = 0; c < e->type.components; c++)
        list = pool_printf(&p->pool, "%s%s%s %s", list, c ? ", " : "", elem,
                           scalar_constant(p, (base)e->type.base, e->imm[c]));
    return pool_printf(&p->pool, "<%s>", list);
}

/* The same scalar in every component. */
static const char *splat_constant(printer *p, type t, uint64_t bits)
{
    expr e = {.kind = EXPR_CONST, .type = t};

    for (unsigned c = 0; c < t.components; c++)
        e.imm[c] = bits;
    return constant(p, &e);
}

/* ---- addresses ------------------------------------------------------------------------ */

const char *print_input(printer *p, input in)
{
    static const char *const one[INPUT_KINDS] = {"%pos",  "%lid", "%lane", "%sgroup",
                                                 "%gpos", "0",    "%size", "%grid",
                                                 "%pos",  "0",    "%lpos", "0"};
    static const char *const two[INPUT_KINDS] = {"%gid", "%lid", "%lane",  "%sgroup",
                                                 "%tgx", "%tgy", "%count", "%total",
                                                 "%gx",  "%gy",  "%lx",    "%ly"};

    p->used_inputs |= 1u << in;
    return (p->kernel->dims == 1 ? one : two)[in];
}

const char *print_element(printer *p, const char *t, unsigned space, const char *array,
                          const char *index, bool is_wide)
{
    const char *width = "i32";

    if (is_wide) {
        index = print_inst(p, "zext i32 %s to i64", index);
        width = "i64";
    }
    return print_inst(p, "getelementptr inbounds %s, ptr%s %s, %s %s", t,
                      space == 0   ? ""
                      : space == 1 ? " addrspace(1)"
                      : space == 2 ? " addrspace(2)"
                                   : " addrspace(3)",
                      array, width, index);
}

static const char *scaled(printer *p, const char *index, uint64_t factor, uint64_t offset)
{
    if (factor != 1)
        index = print_inst(p, "mul i32 %s, %u", index, (unsigned)factor);
    if (offset)
        index = print_inst(p, "add i32 %s, %u", index, (unsigned)offset);
    return index;
}

static const char *load_index(printer *p, const expr *e)
{
    unsigned mask = buffer_infos[e->op].space == 2 ? CONSTANT_ELEMS - 1 : 255;
    const char *kid = e->kid_count ? print_expr(p, e->kids[0]) : NULL;

    switch ((index_form)e->imm[0]) {
    case INDEX_AFFINE:
        return scaled(p, print_input(p, INPUT_GID), e->imm[1], e->imm[2]);
    case INDEX_LOCAL:
        return scaled(p, print_input(p, INPUT_LID), 1, e->imm[2]);
    case INDEX_REVERSED: {
        const char *last = print_inst(p, "sub i32 %s, 1", print_input(p, INPUT_TOTAL));

        return print_inst(p, "sub i32 %s, %s", last, print_input(p, INPUT_GID));
    }
    case INDEX_XOR:
        return print_inst(p, "xor i32 %s, %u", print_input(p, INPUT_GID), (unsigned)e->imm[2]);
    case INDEX_NEAR: {
        const char *near = print_inst(p, "and i32 %s, 15", kid);

        return print_inst(p, "add i32 %s, %s", print_input(p, INPUT_GID), near);
    }
    case INDEX_MASKED:
        return print_inst(p, "and i32 %s, %u", kid, mask);
    case INDEX_CONST:
    case INDEX_FORMS:
        break;
    }
    return pool_printf(&p->pool, "%u", (unsigned)e->imm[2]);
}

static const char *load_address(printer *p, const expr *e)
{
    const buffer_info *buffer = &buffer_infos[e->op];
    const char *index = load_index(p, e), *name = pool_printf(&p->pool, "%%%s", buffer->name);

    p->used_buffers |= 1u << e->op;
    return print_element(p, print_type(p, buffer->type), buffer->space, name, index,
                         (e->imm[1] + e->imm[2]) % 2);
}

/* `in_memory`: elements of the buffer; a vector may lie in several. */
static const char *load_from(printer *p, type t, type in_memory, unsigned space,
                             const char *address)
{
    unsigned components = in_memory.components == 3 ? 4 : in_memory.components;

    return print_inst(p, "load %s, ptr addrspace(%u) %s, align %u", print_type(p, t), space,
                      address, components * base_infos[t.base].bits / 8);
}

static const char *load(printer *p, const expr *e)
{
    const buffer_info *buffer = &buffer_infos[e->op];

    return load_from(p, e->type, buffer->type, buffer->space, load_address(p, e));
}

static const char *pick(printer *p, const expr *e)
{
    const expr *a = e->kids[1], *b = e->kids[2];
    const char *condition = print_expr(p, e->kids[0]), *which;
    bool has_loads = a->kind == EXPR_LOAD && b->kind == EXPR_LOAD;

    if (!has_loads) { /* the reducer was here */
        const char *t = print_type(p, e->type), *x = print_expr(p, a), *y = print_expr(p, b);

        return print_inst(p, "select i1 %s, %s %s, %s %s", condition, t, x, t, y);
    }
    unsigned space = buffer_infos[a->op].space;
    type in_memory = buffer_infos[a->op].type;

    if (buffer_infos[b->op].type.components == 1)
        in_memory.components = 1;
    if (e->op == 0) {
        const char *x = load_address(p, a), *y = load_address(p, b);

        which = print_inst(p, "select i1 %s, ptr addrspace(%u) %s, ptr addrspace(%u) %s",
                           condition, space, x, space, y);
    } else {
        char *yes = print_new_label(p), *no = print_new_label(p), *join = print_new_label(p);

        print_branch(p, condition, yes, no);
        print_place_label(p, yes);
        const char *x = load_address(p, a), *x_label = p->label;
        print_line(p, "br label %%%s", join);
        p->label = NULL;
        print_place_label(p, no);
        const char *y = load_address(p, b), *y_label = p->label;
        print_place_label(p, join);
        which = print_inst(p, "phi ptr addrspace(%u) [ %s, %%%s ], [ %s, %%%s ]", space, x,
                           x_label, y, y_label);
    }
    return load_from(p, e->type, in_memory, space, which);
}

static const char *array_element(printer *p, const expr *e)
{
    const private_array *array = &p->kernel->arrays[e->op];
    const char *t = base_infos[array->base].llvm;
    const char *index =
        print_inst(p, "and i32 %s, %u", print_expr(p, e->kids[0]), array->length - 1);
    const char *address = print_element(p, t, 0, pool_printf(&p->pool, "%%a%u", e->op), index,
                                        array->length % 3 == 1);

    p->used_arrays |= 1u << e->op;
    return print_inst(p, "load %s, ptr %s", t, address);
}

/* A slot of a threadgroup array that some thread has written. */
static const char *shared_element(printer *p, const expr *e)
{
    const char *index = print_expr(p, e->kids[0]), *t = base_infos[e->type.base].llvm;

    p->used_shared |= 1u << e->op;
    index = e->op == SHARED_BINS
                ? print_inst(p, "and i32 %s, %d", index, ACC_BINS - 1)
                : print_inst(p, "urem i32 %s, %s", index, print_input(p, INPUT_COUNT));
    const char *array =
        pool_printf(&p->pool, "%s%u",
                    e->op == 1 && p->kernel->has_shared_arg ? "%shared" : "@shared", e->op);

    return print_inst(p, "load %s, ptr addrspace(3) %s", t,
                      print_element(p, t, 3, array, index, e->op));
}

/* ---- operations ----------------------------------------------------------------------- */

static const char *without_nan(printer *p, type t, const char *value)
{
    static const uint64_t ones[BASE_COUNT] = {
        [BASE_F16] = 0x3c00, [BASE_BF16] = 0x3f80, [BASE_F32] = 0x3f800000};
    const char *name = print_type(p, t);
    const char *zero = splat_constant(p, t, 0), *one = splat_constant(p, t, ones[t.base]);
    const char *ordered = print_inst(p, "fcmp ord %s %s, %s", name, value, zero);
    const char *mask = print_type(p, (type){BASE_I1, t.components});

    return print_inst(p, "select %s %s, %s %s, %s %s", mask, ordered, name, value, name, one);
}

static const char *convert(printer *p, const expr *e, const char *value, type from)
{
    char sign = e->imm[0] & 1 ? 'u' : 's';
    const char *rounding = rounding_names[e->imm[1]];
    const char *name =
        pool_printf(&p->pool, "air.convert.%c.%s.%c.%s%s", type_is_float(e->type) ? 'f' : sign,
                    type_suffix(p, e->type), type_is_float(from) ? 'f' : sign,
                    type_suffix(p, from), rounding);
    const char *to = print_type(p, e->type), *source = print_type(p, from);

    print_declare(p, pool_printf(&p->pool, "declare %s @%s(%s) #1", to, name, source));
    return print_inst(p, "call %s @%s(%s %s)", to, name, source, value);
}

static const char *cast_value(printer *p, const expr *e)
{
    type from = e->kids[0]->type;
    const char *value = print_expr(p, e->kids[0]);

    if (e->op == CAST_CONVERT)
        return convert(p, e, value, from);
    if (e->op == CAST_BITS && type_is_float(from))
        value = without_nan(p, from, value);
    value = print_inst(p, "%s %s %s to %s", cast_names[e->op], print_type(p, from), value,
                       print_type(p, e->type));
    return e->op == CAST_BITS && type_is_float(e->type) ? without_nan(p, e->type, value)
                                                        : value;
}

static const char *call_name(printer *p, const expr *e)
{
    const call_info *call = &call_infos[e->op];

    if (call->flags & CALL_BARE)
        return call->name;
    if (call->flags & CALL_I64)
        return pool_printf(&p->pool, "%s.i64", call->name);
    return pool_printf(&p->pool, "%s%s.%s", call->name,
                       !(call->flags & CALL_SIGN) ? ""
                       : e->imm[0]                ? ".u"
                                                  : ".s",
                       type_suffix(p, e->overload));
}

static const char *call(printer *p, const expr *e)
{
    const call_info *info = &call_infos[e->op];
    const char *name = call_name(p, e), *operands = "", *params = "";
    const char *result = print_type(p, e->type);

    for (unsigned i = 0; i < e->kid_count; i++) {
        const char *t = print_type(p, e->kids[i]->type), *value = print_expr(p, e->kids[i]);
        char letter = info->signature[1 + i];

        if (letter == 'n')
            value = print_inst(p, "and i16 %s, 31", value);
        else if (letter == 'c')
            value = without_nan(p, e->kids[i]->type, value);
        operands = pool_printf(&p->pool, "%s%s%s %s", operands, i ? ", " : "", t, value);
        params = pool_printf(&p->pool, "%s%s%s", params, i ? ", " : "", t);
    }
    print_declare(p, pool_printf(&p->pool, "declare %s @%s(%s)%s", result, name, params,
                                 info->flags & CALL_LANES     ? " #2"
                                 : !strncmp(name, "llvm.", 5) ? ""
                                                              : " #1"));
    return print_inst(p, "call %s @%s(%s)", result, name, operands);
}

static const char *helper_call(printer *p, const expr *e)
{
    const helper *h = &p->kernel->helpers[e->op];
    const char *a = print_expr(p, e->kids[0]), *b = print_expr(p, e->kids[1]);

    p->used_helpers |= 1u << e->op;
    return print_inst(p, "call %s @helper%u(%s %s, %s %s)", print_type(p, e->type), e->op,
                      print_type(p, h->params[0]), a, print_type(p, h->params[1]), b);
}

static const char *branch_value(printer *p, const expr *e)
{
    char *yes = print_new_label(p), *no = print_new_label(p), *join = print_new_label(p);
    const char *t = print_type(p, e->type);

    print_branch(p, print_expr(p, e->kids[0]), yes, no);
    print_place_label(p, yes);
    const char *a = print_expr(p, e->kids[1]), *a_label = p->label;
    print_line(p, "br label %%%s", join);
    p->label = NULL;
    print_place_label(p, no);
    const char *b = print_expr(p, e->kids[2]), *b_label = p->label;
    print_place_label(p, join);
    return print_inst(p, "phi %s [ %s, %%%s ], [ %s, %%%s ]", t, a, a_label, b, b_label);
}

static const char *select_value(printer *p, const expr *e)
{
    const char *c = print_expr(p, e->kids[0]), *a = print_expr(p, e->kids[1]);
    const char *b = print_expr(p, e->kids[2]), *t = print_type(p, e->type);

    return print_inst(p, "select %s %s, %s %s, %s %s", print_type(p, e->kids[0]->type), c, t, a,
                      t, b);
}

static const char *component_index(printer *p, const expr *index, unsigned components)
{
    if (index->kind == EXPR_CONST)
        return pool_printf(&p->pool, "%u", (unsigned)(index->imm[0] % components));
    return print_inst(p, "urem i32 %s, %u", print_expr(p, index), components);
}

static const char *insert(printer *p, const expr *e)
{
    const char *v = print_expr(p, e->kids[0]), *x = print_expr(p, e->kids[1]);
    const char *i = component_index(p, e->kids[2], e->type.components);

    return print_inst(p, "insertelement %s %s, %s %s, i32 %s", print_type(p, e->type), v,
                      base_infos[e->type.base].llvm, x, i);
}

static const char *extract(printer *p, const expr *e)
{
    const char *v = print_expr(p, e->kids[0]), *t = print_type(p, e->kids[0]->type);

    return print_inst(p, "extractelement %s %s, i32 %s", t, v,
                      component_index(p, e->kids[1], e->kids[0]->type.components));
}

static const char *shuffle(printer *p, const expr *e)
{
    const char *a = print_expr(p, e->kids[0]), *b = print_expr(p, e->kids[1]), *list = "";
    const char *t = print_type(p, e->type);

    for (unsigned c = 0; c < e->type.components; c++)
        list = pool_printf(&p->pool, "%s%si32 %u", list, c ? ", " : "", (unsigned)e->imm[c]);
    return print_inst(p, "shufflevector %s %s, %s %s, <%u x i32> <%s>", t, a, t, b,
                      e->type.components, list);
}

static const char *splat(printer *p, const expr *e)
{
    const char *t = print_type(p, e->type), *x = print_expr(p, e->kids[0]);
    const char *one = print_inst(p, "insertelement %s zeroinitializer, %s %s, i32 0", t,
                                 base_infos[e->type.base].llvm, x);

    return print_inst(p, "shufflevector %s %s, %s zeroinitializer, <%u x i32> zeroinitializer",
                      t, one, t, e->type.components);
}

static const char *two_operands(printer *p, const expr *e, const char *opcode)
{
    const char *a = print_expr(p, e->kids[0]), *b = print_expr(p, e->kids[1]);

    return print_inst(p, "%s %s %s, %s", opcode, print_type(p, e->kids[0]->type), a, b);
}

static const char *one_operand(printer *p, const expr *e, const char *opcode)
{
    const char *value = print_expr(p, e->kids[0]);

    return print_inst(p, "%s %s %s", opcode, print_type(p, e->type), value);
}

static const char *overflow(printer *p, const expr *e)
{
    type operand = e->kids[0]->type;
    const char *t = print_type(p, operand), *a = print_expr(p, e->kids[0]);
    const char *b = print_expr(p, e->kids[1]);
    const char *name = pool_printf(&p->pool, "llvm.%s.with.overflow.%s", overflow_names[e->op],
                                   type_suffix(p, operand));

    print_declare(p, pool_printf(&p->pool, "declare {%s, i1} @%s(%s, %s)", t, name, t, t));
    const char *both = print_inst(p, "call {%s, i1} @%s(%s %s, %s %s)", t, name, t, a, t, b);

    return print_inst(p, "extractvalue {%s, i1} %s, %u", t, both,
                      e->type.base == BASE_I1 ? 1u : 0u);
}

static const char *reshape(printer *p, const expr *e)
{
    const char *value = print_expr(p, e->kids[0]), *from = print_type(p, e->kids[0]->type);

    return print_inst(p, "bitcast %s %s to %s", from, value, print_type(p, e->type));
}

static const char *variable_value(printer *p, const expr *e)
{
    p->used_vars |= (uint64_t)1 << e->op;
    if (e->type.base != BASE_I1)
        return print_inst(p, "load %s, ptr %%v%u", print_type(p, e->type), e->op);
    const char *byte = print_inst(p, "load i8, ptr %%v%u", e->op);

    return print_inst(p, "trunc i8 %s to i1", byte);
}

const char *print_expr(printer *p, const expr *e)
{
    switch (e->kind) {
    case EXPR_CONST:
        return constant(p, e);
    case EXPR_VAR:
        return variable_value(p, e);
    case EXPR_PARAM:
        return pool_printf(&p->pool, "%%p%u", e->op);
    case EXPR_INPUT:
        return print_input(p, (input)e->op);
    case EXPR_BINARY:
        return two_operands(p, e, binary_names[e->op]);
    case EXPR_FNEG:
        return one_operand(p, e, "fneg");
    case EXPR_FREEZE:
        return one_operand(p, e, "freeze");
    case EXPR_ICMP:
        return two_operands(p, e, pool_printf(&p->pool, "icmp %s", icmp_names[e->op]));
    case EXPR_FCMP:
        return two_operands(p, e, pool_printf(&p->pool, "fcmp %s", fcmp_names[e->op]));
    case EXPR_SELECT:
        return select_value(p, e);
    case EXPR_BRANCH:
        return branch_value(p, e);
    case EXPR_CAST:
        return cast_value(p, e);
    case EXPR_CALL:
        return call(p, e);
    case EXPR_LOAD:
        return load(p, e);
    case EXPR_PICK:
        return pick(p, e);
    case EXPR_ARRAY:
        return array_element(p, e);
    case EXPR_SHARED:
        return shared_element(p, e);
    case EXPR_RESHAPE:
        return reshape(p, e);
    case EXPR_OVERFLOW:
        return overflow(p, e);
    case EXPR_EXTRACT:
        return extract(p, e);
    case EXPR_INSERT:
        return insert(p, e);
    case EXPR_SHUFFLE:
        return shuffle(p, e);
    case EXPR_SPLAT:
        return splat(p, e);
    case EXPR_HELPER:
        return helper_call(p, e);
    }
    abort();
}
