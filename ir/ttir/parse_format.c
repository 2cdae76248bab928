/* SPDX-License-Identifier: MIT */
/* Pretty forms that a line of ops.def describes, and the types of results. */
#include "ttir/parser.h"

#include <string.h>

/* Reads the name between braces behind a letter of the format. */
static const char *item_name(tj_tt_parser *p, const char **format)
{
    const char *open = *format + 1, *close = strchr(open, '}');
    *format = close + 1;
    return tj_arena_strndup(p->arena, open, (size_t)(close - open));
}

static bool add_keyword(tj_tt_parser *p, tj_tt_draft *d, const char *name)
{
    tj_tt_attr attr = {.name = name, .kind = TJ_TT_ATTR_STRING};
    if (p->tok.kind != TJ_TT_TOK_WORD)
        return tj_tt_expected(p, tj_arena_printf(p->arena, "a word for '%s'", name));
    attr.string = tj_tt_text(p, &p->tok);
    tj_tt_advance(p);
    tj_tt_add_attr(p, &d->attrs, attr);
    return true;
}

static bool parse_assigned(tj_tt_parser *p, tj_tt_draft *d, const char *name)
{
    return !tj_tt_take(p, name) || (tj_tt_need(p, "=") && add_keyword(p, d, name));
}

/* ", name = keyword"; a comma is only there with it. */
static bool parse_behind_comma(tj_tt_parser *p, tj_tt_draft *d, const char *name)
{
    return !tj_tt_take(p, ",") ||
           (tj_tt_need(p, name) && tj_tt_need(p, "=") && add_keyword(p, d, name));
}

static bool parse_string(tj_tt_parser *p, tj_tt_draft *d, const char *name,
                         tj_tt_token_kind kind)
{
    if (p->tok.kind != kind)
        return tj_tt_expected(p, kind == TJ_TT_TOK_STRING ? "a string" : "@ and a name");
    tj_tt_attr attr = {
        .name = name, .kind = TJ_TT_ATTR_STRING, .string = tj_tt_unquote(p, &p->tok)};
    tj_tt_advance(p);
    tj_tt_add_attr(p, &d->attrs, attr);
    return true;
}

static bool parse_flag(tj_tt_parser *p, tj_tt_draft *d, const char *name)
{
    if (tj_tt_take(p, name))
        tj_tt_add_attr(p, &d->attrs, (tj_tt_attr){.name = name, .kind = TJ_TT_ATTR_UNIT});
    return true;
}

/* overflow<nsw>, fastmath<...> and words; they permit, never demand. A rounding of truncf would
 * demand. */
static bool skip_arith_flags(tj_tt_parser *p)
{
    for (;;) {
        if (tj_tt_is(p, "overflow") || tj_tt_is(p, "fastmath")) {
            tj_tt_advance(p);
            if (!tj_tt_is(p, "<"))
                return tj_tt_expected(p, "'<'");
            if (!tj_tt_skip_balanced(p))
                return false;
        } else if (!tj_tt_take(p, "nneg") && !tj_tt_take(p, "exact") &&
                   !tj_tt_take(p, "to_nearest_even")) {
            return true;
        }
    }
}

/* "a, b : T, U" behind attributes; each type is its operand's. */
static bool parse_typed_operands(tj_tt_parser *p, tj_tt_draft *d)
{
    return p->tok.kind != TJ_TT_TOK_VALUE || tj_tt_use_typed(p, &d->operands);
}

static bool count_types(tj_tt_parser *p, const tj_tt_draft *d)
{
    return d->types.count == d->operands.count ||
           tj_tt_bad(p, &p->last, "%u types for %u operands", d->types.count,
                     d->operands.count);
}

static bool parse_function_type(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_types results = {0};
    if (!tj_tt_is(p, "("))
        return tj_tt_expected(p, "'('");
    if (!tj_tt_parse_type_list(p, &d->types) || !tj_tt_need(p, "->") ||
        !tj_tt_parse_type_list(p, &results))
        return false;
    d->results = results;
    return count_types(p, d);
}

/* The same without parentheses, and ": types" only for operands. */
static bool parse_arrow_types(tj_tt_parser *p, tj_tt_draft *d)
{
    return (!tj_tt_take(p, ":") || tj_tt_parse_types(p, &d->types)) && tj_tt_need(p, "->") &&
           tj_tt_parse_types(p, &d->results) && count_types(p, d);
}

static bool parse_one_type(tj_tt_parser *p, tj_tt_draft *d, char letter)
{
    tj_tt_type type;
    if (letter == 'T' ? !tj_tt_parse_type(p, &type)
                      : !tj_tt_parse_stripped(p, letter == 'd', &type))
        return false;
    tj_tt_add_type(p, &d->types, &type);
    return true;
}

static bool parse_optional_operand(tj_tt_parser *p, tj_tt_draft *d)
{
    return !tj_tt_take(p, ",") || tj_tt_use(p, &d->operands);
}

static bool parse_literal(tj_tt_parser *p, char c)
{
    if (c == '>')
        return tj_tt_need(p, "->");
    if (c == '~')
        return tj_tt_need(p, "to");
    return tj_tt_need(p, (char[]){c, 0});
}

static bool parse_item(tj_tt_parser *p, tj_tt_draft *d, const char **at)
{
    char c = *(*at)++;
    char end = **at == ']' || **at == ')' ? **at : ':';
    switch (c) {
    case '$':
        return tj_tt_use(p, &d->operands);
    case '?':
        return parse_optional_operand(p, d);
    case 'm':
        return tj_tt_use_list(p, &d->operands, end);
    case 'T':
    case 'p':
    case 'd':
        return parse_one_type(p, d, c);
    case 'L':
        return tj_tt_parse_types(p, &d->types);
    case 'F':
        return parse_function_type(p, d);
    case 'E':
        return parse_arrow_types(p, d);
    case 'A':
        return tj_tt_parse_attr_dict(p, &d->attrs);
    case 'f':
        return skip_arith_flags(p);
    case 'M':
        return parse_typed_operands(p, d);
    case 'P':
        return !tj_tt_take(p, ":") || parse_typed_operands(p, d);
    case 't':
        return !tj_tt_take(p, "timeout") || tj_tt_use(p, &d->operands);
    case 'k':
        return add_keyword(p, d, item_name(p, at));
    case 'K':
        return parse_assigned(p, d, item_name(p, at));
    case 'C':
        return parse_behind_comma(p, d, item_name(p, at));
    case 'S':
        return parse_string(p, d, item_name(p, at), TJ_TT_TOK_STRING);
    case 'Y':
        return parse_string(p, d, item_name(p, at), TJ_TT_TOK_SYMBOL);
    case 'o':
        return parse_flag(p, d, item_name(p, at));
    default:
        return parse_literal(p, c);
    }
}

bool tj_tt_parse_format(tj_tt_parser *p, tj_tt_draft *d, const char *format)
{
    while (*format)
        if (!parse_item(p, d, &format))
            return false;
    return true;
}

/* ---- types of results ------------------------------------------------------------------- */

/* Operands from `first` on have the written types, as far as there are both. */
static bool check_operands(tj_tt_parser *p, const tj_tt_draft *d, uint32_t types)
{
    for (uint32_t i = 0; i < types && i < d->operands.count; i++)
        if (!tj_tt_check_type(p, d->operands.at[i], &d->types.at[i]))
            return false;
    return true;
}

static bool check_all_same(tj_tt_parser *p, const tj_tt_draft *d)
{
    for (uint32_t i = 0; i < d->operands.count; i++)
        if (!tj_tt_check_type(p, d->operands.at[i], &d->types.at[0]))
            return false;
    return true;
}

static void add_results(tj_tt_parser *p, tj_tt_draft *d, const tj_tt_type *type, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        tj_tt_add_type(p, &d->results, type);
}

/* A select's condition is i1, of the shape of the operands when two types are written. */
static bool infer_select(tj_tt_parser *p, tj_tt_draft *d)
{
    const tj_tt_type *type = &d->types.at[d->types.count - 1];
    if (d->types.count > 2)
        return tj_tt_bad(p, &p->last, "a select has one or two types");
    if (d->types.count == 2 && !tj_tt_check_type(p, d->operands.at[0], &d->types.at[0]))
        return false;
    for (int i = 1; i < 3; i++)
        if (!tj_tt_check_type(p, d->operands.at[i], type))
            return false;
    add_results(p, d, type, 1);
    return true;
}

/* Both kinds of sums with a carry: T, or T and the carry's type. */
static bool infer_last(tj_tt_parser *p, tj_tt_draft *d)
{
    const tj_tt_type *last = &d->types.at[d->types.count - 1];
    if (d->op->kind == TJ_TT_OP_ADDUI_EXTENDED) {
        add_results(p, d, &d->types.at[0], 1);
        add_results(p, d, last, 1);
        d->types.count = 1;
        return check_all_same(p, d);
    }
    add_results(p, d, last, d->op->kind == TJ_TT_OP_SPLIT ? 2 : 1);
    return check_operands(p, d, d->types.count - 1);
}

static bool infer_load(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_type type = d->types.at[0];
    if (type.form == TJ_TT_BLOCK_POINTER) {
        type.form = TJ_TT_TENSOR;
    } else if (type.is_pointer) {
        type.is_pointer = false;
    } else {
        return tj_tt_bad(p, &p->last, "a load takes pointers, not %s",
                         tj_tt_type_name(p->arena, &type));
    }
    add_results(p, d, &type, 1);
    return check_operands(p, d, 1);
}

bool tj_tt_infer_results(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_rule rule = tj_tt_op_infos[d->op->kind].rule;
    tj_tt_type type;
    switch (rule) {
    case TJ_TT_RULE_NONE:
        return check_operands(p, d, d->types.count ? 1 : 0);
    case TJ_TT_RULE_FUNCTION:
        return check_operands(p, d, d->types.count);
    case TJ_TT_RULE_LAST:
        return infer_last(p, d);
    case TJ_TT_RULE_SELECT:
        return infer_select(p, d);
    case TJ_TT_RULE_LOAD:
        return infer_load(p, d);
    case TJ_TT_RULE_FIRST:
        add_results(p, d, &d->types.at[0], 1);
        return check_operands(p, d, d->types.count);
    case TJ_TT_RULE_COMPARE:
        type = tj_tt_with_elem(&d->types.at[0], TJ_TT_I1);
        add_results(p, d, &type, 1);
        return check_all_same(p, d);
    case TJ_TT_RULE_ELEMENT:
        type =
            (tj_tt_type){.elem = d->types.at[0].elem, .is_pointer = d->types.at[0].is_pointer};
        add_results(p, d, &type, 1);
        return check_all_same(p, d);
    case TJ_TT_RULE_SAME:
        add_results(p, d, &d->types.at[0],
                    d->op->kind == TJ_TT_OP_MULSI_EXTENDED ||
                            d->op->kind == TJ_TT_OP_MULUI_EXTENDED
                        ? 2
                        : 1);
        return check_all_same(p, d);
    }
    return false;
}
