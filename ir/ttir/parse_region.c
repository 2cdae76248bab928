/* SPDX-License-Identifier: MIT */
/* Operations with a form of their own: control flow, constants, dot_scaled, barriers. */
#include "ttir/parser.h"

/* "%a = %init, %b = %init2" between parentheses. */
static bool parse_inits(tj_tt_parser *p, tj_tt_draft *d, tj_tt_tokens *names)
{
    if (!tj_tt_need(p, "("))
        return false;
    if (tj_tt_take(p, ")"))
        return true;
    do {
        if (p->tok.kind != TJ_TT_TOK_VALUE)
            return tj_tt_expected(p, "% and a name");
        tj_tt_add_token(p, names, &p->tok);
        tj_tt_advance(p);
        if (!tj_tt_need(p, "=") || !tj_tt_use(p, &d->operands))
            return false;
        if (names->count == TJ_TT_MAX_LIST)
            return tj_tt_bad(p, &p->tok, "more than %d values in a loop", TJ_TT_MAX_LIST);
    } while (tj_tt_take(p, ","));
    return tj_tt_need(p, ")");
}

static tj_tt_value **new_args(tj_tt_parser *p, const tj_tt_token *names,
                              const tj_tt_type *types, uint32_t count)
{
    tj_tt_value **args = tj_new_array(p->arena, tj_tt_value *, count);
    for (uint32_t i = 0; i < count; i++)
        args[i] = tj_tt_new_value(p, &types[i], &names[i]);
    return args;
}

static bool count_types(tj_tt_parser *p, uint32_t types, uint32_t values)
{
    return types == values || tj_tt_bad(p, &p->last, "%u types for %u values", types, values);
}

/* scf.for %i = %lo to %hi step %st iter_args(%a = %x) -> (T) : i32 { ... } */
static bool parse_for(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_tokens names = {0};
    tj_tt_types types = {0};
    tj_tt_type index_type = tj_tt_scalar(TJ_TT_INDEX);
    if (tj_tt_is(p, "unsigned"))
        return tj_tt_bad(p, &p->tok, "loops that compare without a sign are not read");
    if (p->tok.kind != TJ_TT_TOK_VALUE)
        return tj_tt_expected(p, "% and the name of the loop's counter");
    tj_tt_add_token(p, &names, &p->tok);
    tj_tt_advance(p);
    if (!tj_tt_need(p, "=") || !tj_tt_use(p, &d->operands) || !tj_tt_need(p, "to") ||
        !tj_tt_use(p, &d->operands) || !tj_tt_need(p, "step") || !tj_tt_use(p, &d->operands))
        return false;
    if (tj_tt_take(p, "iter_args") && (!parse_inits(p, d, &names) || !tj_tt_need(p, "->") ||
                                       !tj_tt_parse_type_list(p, &d->results)))
        return false;
    if (!count_types(p, d->results.count, names.count - 1) ||
        (tj_tt_take(p, ":") && !tj_tt_parse_type(p, &index_type)))
        return false;
    tj_tt_add_type(p, &types, &index_type);
    for (uint32_t i = 0; i < d->results.count; i++)
        tj_tt_add_type(p, &types, &d->results.at[i]);
    for (uint32_t i = 0; i < d->operands.count; i++)
        if (!tj_tt_check_type(p, d->operands.at[i], &types.at[i < 3 ? 0 : i - 2]))
            return false;
    tj_tt_value **args = new_args(p, names.at, types.at, names.count);
    tj_tt_region *body = tj_tt_new_regions(p, d->op, 1);
    if (!tj_tt_parse_region(p, d->op, body, args, names.at, names.count))
        return false;
    tj_tt_end_region(p, body);
    return tj_tt_parse_attr_dict(p, &d->attrs);
}

/* scf.if %c -> (T) { ... } else { ... } */
static bool parse_if(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_region *regions = tj_tt_new_regions(p, d->op, 2);
    if (!tj_tt_use(p, &d->operands) ||
        (tj_tt_take(p, "->") && !tj_tt_parse_type_list(p, &d->results)) ||
        !tj_tt_parse_region(p, d->op, &regions[0], NULL, NULL, 0))
        return false;
    tj_tt_end_region(p, &regions[0]);
    if (tj_tt_take(p, "else")) {
        if (!tj_tt_parse_region(p, d->op, &regions[1], NULL, NULL, 0))
            return false;
        tj_tt_end_region(p, &regions[1]);
    }
    return tj_tt_parse_attr_dict(p, &d->attrs);
}

/* scf.while (%a = %x) : (T) -> (U) { ... } do { ^bb0(%b: U): ... } attributes {} */
static bool parse_while(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_tokens names = {0};
    tj_tt_region *regions = tj_tt_new_regions(p, d->op, 2);
    if ((tj_tt_is(p, "(") && !parse_inits(p, d, &names)) || !tj_tt_need(p, ":"))
        return false;
    if (!tj_tt_parse_type_list(p, &d->types) || !tj_tt_need(p, "->") ||
        !tj_tt_parse_type_list(p, &d->results) || !count_types(p, d->types.count, names.count))
        return false;
    tj_tt_value **args = new_args(p, names.at, d->types.at, names.count);
    return tj_tt_parse_region(p, d->op, &regions[0], args, names.at, names.count) &&
           tj_tt_need(p, "do") && tj_tt_parse_region(p, d->op, &regions[1], NULL, NULL, 0) &&
           (!tj_tt_take(p, "attributes") || tj_tt_parse_attr_dict(p, &d->attrs));
}

static bool parse_execute_region(tj_tt_parser *p, tj_tt_draft *d)
{
    return (!tj_tt_take(p, "->") || tj_tt_parse_type_list(p, &d->results)) &&
           tj_tt_parse_region(p, d->op, tj_tt_new_regions(p, d->op, 1), NULL, NULL, 0) &&
           tj_tt_parse_attr_dict(p, &d->attrs);
}

static bool parse_br(tj_tt_parser *p, tj_tt_draft *d)
{
    return tj_tt_parse_successor(p, d) && tj_tt_parse_attr_dict(p, &d->attrs);
}

/* cf.cond_br %c weights([1, 2]), ^bb1(%a : i32), ^bb2 */
static bool parse_cond_br(tj_tt_parser *p, tj_tt_draft *d)
{
    if (!tj_tt_use(p, &d->operands))
        return false;
    if (tj_tt_take(p, "weights") && !tj_tt_skip_balanced(p))
        return false;
    return tj_tt_need(p, ",") && tj_tt_parse_successor(p, d) && tj_tt_need(p, ",") &&
           tj_tt_parse_successor(p, d) && tj_tt_parse_attr_dict(p, &d->attrs);
}

/* An operand and maybe its scale. */
static bool parse_scaled(tj_tt_parser *p, tj_tt_draft *d, const char *scale, bool *has_scale)
{
    if (!tj_tt_use(p, &d->operands))
        return false;
    *has_scale = tj_tt_take(p, "scale");
    tj_tt_add_attr(p, &d->attrs,
                   (tj_tt_attr){.name = scale, .kind = TJ_TT_ATTR_INT, .number = *has_scale});
    return !*has_scale || tj_tt_use(p, &d->operands);
}

static bool parse_format_word(tj_tt_parser *p, tj_tt_draft *d, const char *name)
{
    tj_tt_attr attr = {.name = name, .kind = TJ_TT_ATTR_STRING};
    if (!tj_tt_need(p, name) || !tj_tt_need(p, "="))
        return false;
    if (p->tok.kind != TJ_TT_TOK_WORD)
        return tj_tt_expected(p, "a format of numbers");
    attr.string = tj_tt_text(p, &p->tok);
    tj_tt_advance(p);
    tj_tt_add_attr(p, &d->attrs, attr);
    return true;
}

/* tt.dot_scaled %a scale %s, %b scale %t, %c lhs = e2m1 rhs = e4m3 {} : A, S * B, T -> C.
 * Operands in memory: a, its scale, b, its scale, c. */
static bool parse_dot_scaled(tj_tt_parser *p, tj_tt_draft *d)
{
    bool has[2];
    if (!parse_scaled(p, d, "has_a_scale", &has[0]) || !tj_tt_need(p, ",") ||
        !parse_scaled(p, d, "has_b_scale", &has[1]) || !tj_tt_need(p, ",") ||
        !tj_tt_use(p, &d->operands) || !parse_format_word(p, d, "lhs") ||
        !parse_format_word(p, d, "rhs") || !tj_tt_parse_attr_dict(p, &d->attrs) ||
        !tj_tt_need(p, ":"))
        return false;
    tj_tt_type type;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k <= (int)has[i]; k++) {
            if ((k && !tj_tt_need(p, ",")) || !tj_tt_parse_type(p, &type))
                return false;
            tj_tt_add_type(p, &d->types, &type);
            if (k == (int)has[i] && !tj_tt_need(p, i ? "->" : "*"))
                return false;
        }
    if (!tj_tt_parse_type(p, &type))
        return false;
    tj_tt_add_type(p, &d->types, &type);
    return true;
}

/* llvm.intr.assume %c ["align"(%p, %n : T, U)] : i1 */
static bool parse_assume(tj_tt_parser *p, tj_tt_draft *d)
{
    if (!tj_tt_use(p, &d->operands))
        return false;
    if (tj_tt_is(p, "[") && !tj_tt_skip_balanced(p))
        return false;
    tj_tt_type type;
    return tj_tt_parse_attr_dict(p, &d->attrs) && tj_tt_need(p, ":") &&
           tj_tt_parse_type(p, &type) && tj_tt_check_type(p, d->operands.at[0], &type);
}

/* gpu.barrier; ttg.barrier local|global_read */
static bool parse_barrier(tj_tt_parser *p, tj_tt_draft *d)
{
    if (d->op->kind == TJ_TT_OP_TTG_BARRIER)
        do {
            if (p->tok.kind != TJ_TT_TOK_WORD)
                return tj_tt_expected(p, "the memory that a barrier orders");
            tj_tt_advance(p);
        } while (tj_tt_take(p, "|"));
    return tj_tt_parse_attr_dict(p, &d->attrs);
}

tj_tt_parse_fn *tj_tt_special_form(tj_tt_kind kind)
{
    static tj_tt_parse_fn *const forms[TJ_TT_OP_COUNT] = {
        [TJ_TT_OP_CONSTANT] = tj_tt_parse_constant,
        [TJ_TT_OP_FOR] = parse_for,
        [TJ_TT_OP_IF] = parse_if,
        [TJ_TT_OP_WHILE] = parse_while,
        [TJ_TT_OP_EXECUTE_REGION] = parse_execute_region,
        [TJ_TT_OP_BR] = parse_br,
        [TJ_TT_OP_COND_BR] = parse_cond_br,
        [TJ_TT_OP_DOT_SCALED] = parse_dot_scaled,
        [TJ_TT_OP_ASSUME] = parse_assume,
        [TJ_TT_OP_GPU_BARRIER] = parse_barrier,
        [TJ_TT_OP_TTG_BARRIER] = parse_barrier,
    };
    return forms[kind];
}
