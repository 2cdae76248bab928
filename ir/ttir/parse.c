/* SPDX-License-Identifier: MIT */
/* Reads Triton's IR in MLIR's textual form, pretty or generic, with locations or without.
 *
 * One token of lookahead; names resolve while the text is read, so a value stands before its
 * uses. Source: MLIR language reference; Triton 3.6 to 3.9 for its own operations (ops.def).
 */
#include "ttir/parser.h"

#include <string.h>

/* ---- values ----------------------------------------------------------------------------- */

static uint32_t slot_of(const char *text, size_t byte_len)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < byte_len; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    return hash % TJ_TT_SCOPE_SLOTS;
}

static tj_tt_name *find_name(const tj_tt_parser *p, const tj_tt_token *token)
{
    tj_tt_name *name = p->slots[slot_of(token->start, token->byte_len)];
    while (name && (name->byte_len != token->byte_len ||
                    memcmp(name->text, token->start, token->byte_len) != 0))
        name = name->below;
    return name;
}

bool tj_tt_define(tj_tt_parser *p, const tj_tt_token *token, tj_tt_value **values,
                  uint32_t count)
{
    if (find_name(p, token))
        return tj_tt_bad(p, token, "%%%s is defined twice", tj_tt_text(p, token));
    tj_tt_name *name = tj_new(p->arena, tj_tt_name);
    uint32_t slot = slot_of(token->start, token->byte_len);
    *name = (tj_tt_name){.text = token->start,
                         .byte_len = token->byte_len,
                         .values = values,
                         .count = count,
                         .slot = slot,
                         .below = p->slots[slot],
                         .before = p->names};
    p->slots[slot] = p->names = name;
    return true;
}

/* Forgets all names that were defined after `name`. */
static void close_scope(tj_tt_parser *p, tj_tt_name *name)
{
    for (; p->names != name; p->names = p->names->before)
        p->slots[p->names->slot] = p->names->below;
}

tj_tt_value *tj_tt_new_value(tj_tt_parser *p, const tj_tt_type *type, const tj_tt_token *name)
{
    tj_tt_value *value = tj_new(p->arena, tj_tt_value);
    value->type = *type;
    value->number = p->value_count++;
    value->name = name ? tj_tt_text(p, name) : "";
    return value;
}

bool tj_tt_use(tj_tt_parser *p, tj_tt_values *out)
{
    tj_tt_token token = p->tok;
    int64_t index = 0;
    if (token.kind != TJ_TT_TOK_VALUE)
        return tj_tt_expected(p, "a value, %name,");
    tj_tt_advance(p);
    bool has_index = p->tok.kind == TJ_TT_TOK_HASH && p->tok.byte_len > 1 &&
                     p->tok.byte_len < 9 && p->tok.start[1] >= '0' && p->tok.start[1] <= '9';
    if (has_index) {
        for (size_t i = 1; i < p->tok.byte_len; i++)
            index = index * 10 + (p->tok.start[i] - '0');
        tj_tt_advance(p);
    }
    const tj_tt_name *name = find_name(p, &token);
    if (!name)
        return tj_tt_bad(p, &token, "%%%s is not defined above", tj_tt_text(p, &token));
    if (index < 0 || index >= name->count || (!has_index && name->count != 1))
        return tj_tt_bad(p, &token, "%%%s has %u results; %%%s#0 is the first of them",
                         tj_tt_text(p, &token), name->count, tj_tt_text(p, &token));
    tj_tt_add_value(p, out, name->values[index]);
    return true;
}

bool tj_tt_use_list(tj_tt_parser *p, tj_tt_values *out, char end)
{
    if (tj_tt_is(p, (char[]){end, 0}) || p->tok.kind != TJ_TT_TOK_VALUE)
        return true;
    do {
        if (!tj_tt_use(p, out))
            return false;
        if (out->count > TJ_TT_MAX_LIST)
            return tj_tt_bad(p, &p->tok, "more than %d values in a list", TJ_TT_MAX_LIST);
    } while (tj_tt_take(p, ","));
    return true;
}

bool tj_tt_check_type(tj_tt_parser *p, const tj_tt_value *value, const tj_tt_type *type)
{
    return tj_tt_same_type(&value->type, type) ||
           tj_tt_bad(p, &p->last, "%%%s is of type %s, not %s", value->name,
                     tj_tt_type_name(p->arena, &value->type), tj_tt_type_name(p->arena, type));
}

/* ---- blocks ----------------------------------------------------------------------------- */

static tj_tt_label *find_label(tj_tt_parser *p, const tj_tt_token *token)
{
    for (tj_tt_label *label = p->labels; label; label = label->next)
        if (label->byte_len == token->byte_len &&
            !memcmp(label->text, token->start, token->byte_len))
            return label;
    tj_tt_label *label = tj_new(p->arena, tj_tt_label);
    *label = (tj_tt_label){.text = token->start,
                           .byte_len = token->byte_len,
                           .block = tj_new(p->arena, tj_tt_block),
                           .used = *token,
                           .next = p->labels};
    p->labels = label;
    return label;
}

bool tj_tt_use_typed(tj_tt_parser *p, tj_tt_values *out)
{
    tj_tt_types types = {0};
    uint32_t first = out->count;
    if (!tj_tt_use_list(p, out, ':') || !tj_tt_need(p, ":") || !tj_tt_parse_types(p, &types))
        return false;
    if (types.count != out->count - first)
        return tj_tt_bad(p, &p->last, "%u types for %u operands", types.count,
                         out->count - first);
    for (uint32_t i = 0; i < types.count; i++)
        if (!tj_tt_check_type(p, out->at[first + i], &types.at[i]))
            return false;
    return true;
}

/* ^bb1, ^bb1(%a, %b : i32, f32) */
bool tj_tt_parse_successor(tj_tt_parser *p, tj_tt_draft *d)
{
    uint32_t first = d->operands.count, n = d->op->successor_count;
    if (p->tok.kind != TJ_TT_TOK_BLOCK)
        return tj_tt_expected(p, "a block, ^name,");
    if (!d->op->successors) {
        d->op->successors = tj_new_array(p->arena, tj_tt_block *, 2);
        d->op->successor_operands = tj_new_array(p->arena, uint32_t, 2);
    }
    if (n == 2)
        return tj_tt_bad(p, &p->tok, "more than two successors");
    d->op->successors[n] = find_label(p, &p->tok)->block;
    tj_tt_advance(p);
    if (tj_tt_take(p, "(") && (!tj_tt_use_typed(p, &d->operands) || !tj_tt_need(p, ")")))
        return false;
    d->op->successor_operands[n] = d->operands.count - first;
    d->op->successor_count = n + 1;
    return true;
}

static void append_block(tj_tt_region *region, tj_tt_block *block)
{
    block->parent = region;
    if (region->last)
        region->last->next = block;
    else
        region->first = block;
    region->last = block;
}

static void append_op(tj_tt_block *block, tj_tt_op *op)
{
    op->parent = block;
    if (block->last)
        block->last->next = op;
    else
        block->first = op;
    block->last = op;
}

/* scf.yield without operands is not written. */
void tj_tt_end_region(tj_tt_parser *p, tj_tt_region *region)
{
    if (!region->first) {
        tj_tt_block *block = tj_new(p->arena, tj_tt_block);
        block->line = p->last.line;
        block->column = p->last.column;
        append_block(region, block);
    }
    const tj_tt_op *last = region->last->last;
    if (last && tj_tt_op_infos[last->kind].flags & TJ_TT_TERMINATOR)
        return;
    tj_tt_op *yield = tj_new(p->arena, tj_tt_op);
    yield->kind = TJ_TT_OP_YIELD;
    yield->line = p->last.line;
    yield->column = p->last.column;
    append_op(region->last, yield);
}

/* ( %a: T loc(..), %b: U ) of a label */
static bool parse_block_args(tj_tt_parser *p, tj_tt_block *block)
{
    tj_tt_values args = {0};
    while (!tj_tt_take(p, ")")) {
        tj_tt_token name = p->tok;
        tj_tt_type type;
        if (args.count && (!tj_tt_need(p, ",")))
            return false;
        name = p->tok;
        if (name.kind != TJ_TT_TOK_VALUE)
            return tj_tt_expected(p, "% and the name of an argument");
        tj_tt_advance(p);
        if (!tj_tt_need(p, ":") || !tj_tt_parse_type(p, &type))
            return false;
        tj_tt_value *value = tj_tt_new_value(p, &type, &name);
        value->block = block;
        value->index = args.count;
        tj_tt_add_value(p, &args, value);
        if (args.count > TJ_TT_MAX_LIST)
            return tj_tt_bad(p, &p->tok, "more than %d arguments", TJ_TT_MAX_LIST);
        if (!tj_tt_define(p, &name, &args.at[args.count - 1], 1) ||
            !tj_tt_parse_loc(p, &value->loc))
            return false;
    }
    block->args = args.at;
    block->arg_count = args.count;
    return true;
}

static bool parse_op(tj_tt_parser *p, tj_tt_block *block);

static bool parse_ops(tj_tt_parser *p, tj_tt_block *block)
{
    while (!tj_tt_is(p, "}") && p->tok.kind != TJ_TT_TOK_BLOCK)
        if (!parse_op(p, block))
            return false;
    return true;
}

static bool parse_labelled(tj_tt_parser *p, tj_tt_region *region)
{
    tj_tt_label *label = find_label(p, &p->tok);
    if (label->is_defined)
        return tj_tt_bad(p, &p->tok, "^%s is defined twice", tj_tt_text(p, &p->tok));
    label->is_defined = true;
    label->block->line = p->tok.line;
    label->block->column = p->tok.column;
    append_block(region, label->block);
    tj_tt_advance(p);
    if (tj_tt_take(p, "(") && !parse_block_args(p, label->block))
        return false;
    return tj_tt_need(p, ":") && parse_ops(p, label->block);
}

static bool parse_blocks(tj_tt_parser *p, tj_tt_region *out, tj_tt_value **args,
                         uint32_t arg_count)
{
    if (!args && tj_tt_is(p, "}"))
        return true;
    if (p->tok.kind != TJ_TT_TOK_BLOCK || args) {
        tj_tt_block *block = tj_new(p->arena, tj_tt_block);
        block->line = p->tok.line;
        block->column = p->tok.column;
        block->args = args;
        block->arg_count = arg_count;
        for (uint32_t i = 0; i < arg_count; i++) {
            args[i]->block = block;
            args[i]->index = i;
        }
        append_block(out, block);
        if (!parse_ops(p, block))
            return false;
    }
    while (p->tok.kind == TJ_TT_TOK_BLOCK)
        if (!parse_labelled(p, out))
            return false;
    return true;
}

bool tj_tt_parse_region(tj_tt_parser *p, tj_tt_op *op, tj_tt_region *out, tj_tt_value **args,
                        const tj_tt_token *arg_names, uint32_t arg_count)
{
    tj_tt_label *outer = p->labels;
    tj_tt_name *scope = p->names;
    out->parent = op;
    if (!tj_tt_need(p, "{") || !tj_tt_enter(p))
        return false;
    p->labels = NULL;
    for (uint32_t i = 0; i < arg_count; i++)
        if (!tj_tt_define(p, &arg_names[i], &args[i], 1))
            return false;
    if (!parse_blocks(p, out, args, arg_count))
        return false;
    for (const tj_tt_label *label = p->labels; label; label = label->next)
        if (!label->is_defined)
            return tj_tt_bad(p, &label->used, "^%s is not defined in its region",
                             tj_tt_text(p, &label->used));
    p->labels = outer;
    close_scope(p, scope);
    tj_tt_leave(p);
    return tj_tt_need(p, "}");
}

tj_tt_region *tj_tt_new_regions(tj_tt_parser *p, tj_tt_op *op, uint32_t count)
{
    op->regions = tj_new_array(p->arena, tj_tt_region, count);
    op->region_count = count;
    for (uint32_t i = 0; i < count; i++)
        op->regions[i].parent = op;
    return op->regions;
}

/* ---- operations ------------------------------------------------------------------------- */

static tj_tt_kind find_kind(const tj_tt_parser *p, const tj_tt_token *token)
{
    const char *name = tj_tt_unquote((tj_tt_parser *)p, token);
    for (int i = 1; i < TJ_TT_OP_COUNT; i++)
        if (strcmp(tj_tt_op_infos[i].name, name) == 0)
            return (tj_tt_kind)i;
    return TJ_TT_NO_OP;
}

/* ({ ... }, { ... }) */
static bool parse_generic_regions(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_region regions[4] = {0};
    uint32_t count = 0;
    do {
        if (count == 4)
            return tj_tt_bad(p, &p->tok, "more than four regions");
        if (!tj_tt_parse_region(p, d->op, &regions[count], NULL, NULL, 0))
            return false;
        count++;
    } while (tj_tt_take(p, ","));
    tj_tt_region *kept = tj_tt_new_regions(p, d->op, count);
    for (uint32_t i = 0; i < count; i++) {
        kept[i] = regions[i];
        for (tj_tt_block *block = kept[i].first; block; block = block->next)
            block->parent = &kept[i];
    }
    return tj_tt_need(p, ")");
}

/* In generic form all operands of successors are the operation's: one successor gets all, of
 * two operandSegmentSizes tells. */
static bool share_operands(tj_tt_parser *p, tj_tt_draft *d)
{
    if (d->op->successor_count == 1)
        d->op->successor_operands[0] = d->operands.count;
    for (uint32_t i = 0; d->op->successor_count == 2 && i < d->attrs.count; i++) {
        const tj_tt_attr *sizes = &d->attrs.at[i];
        if (strcmp(sizes->name, "operandSegmentSizes") != 0 || sizes->count != 3)
            continue;
        for (int k = 0; k < 2; k++) {
            int64_t size = sizes->items[k + 1].number;
            if (size < 0 || size > d->operands.count)
                return tj_tt_bad(p, &p->last, "operandSegmentSizes does not fit the operands");
            d->op->successor_operands[k] = (uint32_t)size;
        }
    }
    return true;
}

/* "name"(%a) [^bb1] <{...}> ({...}) {...} : (T) -> U */
static bool parse_generic(tj_tt_parser *p, tj_tt_draft *d)
{
    if (!tj_tt_need(p, "(") || !tj_tt_use_list(p, &d->operands, ')') || !tj_tt_need(p, ")"))
        return false;
    uint32_t own = d->operands.count;
    if (tj_tt_take(p, "[")) {
        do {
            if (!tj_tt_parse_successor(p, d))
                return false;
        } while (tj_tt_take(p, ","));
        if (!tj_tt_need(p, "]"))
            return false;
    }
    if (d->operands.count != own)
        return tj_tt_bad(p, &p->last, "operands of blocks stand with the operation's own");
    if (tj_tt_take(p, "<") &&
        (!tj_tt_need(p, "{") || !tj_tt_parse_entries(p, &d->attrs, "}") || !tj_tt_need(p, ">")))
        return false;
    if (tj_tt_take(p, "(") && !parse_generic_regions(p, d))
        return false;
    if (!tj_tt_parse_attr_dict(p, &d->attrs) || !tj_tt_need(p, ":") || !share_operands(p, d))
        return false;
    if (!tj_tt_is(p, "("))
        return tj_tt_expected(p, "'('");
    if (!tj_tt_parse_type_list(p, &d->types) || !tj_tt_need(p, "->") ||
        !tj_tt_parse_type_list(p, &d->results))
        return false;
    if (d->types.count != own)
        return tj_tt_bad(p, &p->last, "%u types for %u operands", d->types.count, own);
    for (uint32_t i = 0; i < own; i++)
        if (!tj_tt_check_type(p, d->operands.at[i], &d->types.at[i]))
            return false;
    return true;
}

static bool parse_pretty(tj_tt_parser *p, tj_tt_draft *d)
{
    const tj_tt_op_info *info = &tj_tt_op_infos[d->op->kind];
    tj_tt_parse_fn *special = tj_tt_special_form(d->op->kind);
    if (special)
        return special(p, d) &&
               (info->rule == TJ_TT_RULE_FUNCTION || tj_tt_infer_results(p, d));
    if (!info->format)
        return tj_tt_bad(p, &p->last, "%s is written in generic form, \"%s\"(...)", info->name,
                         info->name);
    return tj_tt_parse_format(p, d, info->format) && tj_tt_infer_results(p, d);
}

typedef struct result_names {
    tj_tt_token at[16];
    uint32_t sizes[16];
    uint32_t count, total;
} result_names;

/* %a, %b:2 = */
static bool parse_result_names(tj_tt_parser *p, result_names *out)
{
    if (p->tok.kind != TJ_TT_TOK_VALUE)
        return true;
    do {
        int64_t size = 1;
        if (p->tok.kind != TJ_TT_TOK_VALUE)
            return tj_tt_expected(p, "% and the name of a result");
        if (out->count == 16)
            return tj_tt_bad(p, &p->tok, "more than 16 names of results");
        out->at[out->count] = p->tok;
        tj_tt_advance(p);
        if (tj_tt_take(p, ":") && !tj_tt_parse_int(p, &size))
            return false;
        if (size < 1 || size > TJ_TT_MAX_LIST)
            return tj_tt_bad(p, &p->last, "a number of results from 1 to %d expected",
                             TJ_TT_MAX_LIST);
        out->sizes[out->count++] = (uint32_t)size;
        out->total += (uint32_t)size;
    } while (tj_tt_take(p, ","));
    return tj_tt_need(p, "=");
}

static bool define_results(tj_tt_parser *p, tj_tt_draft *d, const result_names *names)
{
    tj_tt_op *op = d->op;
    uint32_t at = 0;
    if (names->total && names->total != d->results.count)
        return tj_tt_bad(p, &names->at[0], "%u names for the %u results of %s", names->total,
                         d->results.count, tj_tt_op_infos[op->kind].name);
    op->result_count = d->results.count;
    op->results = tj_new_array(p->arena, tj_tt_value *, op->result_count);
    for (uint32_t i = 0; i < op->result_count; i++) {
        op->results[i] = tj_tt_new_value(p, &d->results.at[i], NULL);
        op->results[i]->def = op;
        op->results[i]->index = i;
        op->results[i]->loc = op->loc;
    }
    for (uint32_t i = 0; i < names->count; at += names->sizes[i++]) {
        for (uint32_t k = 0; k < names->sizes[i]; k++)
            op->results[at + k]->name = tj_tt_text(p, &names->at[i]);
        if (!tj_tt_define(p, &names->at[i], op->results + at, names->sizes[i]))
            return false;
    }
    return true;
}

static bool parse_op(tj_tt_parser *p, tj_tt_block *block)
{
    result_names names = {.count = 0};
    tj_tt_draft d = {.op = tj_new(p->arena, tj_tt_op)};
    if (!parse_result_names(p, &names))
        return false;
    tj_tt_token name = p->tok;
    bool is_generic = name.kind == TJ_TT_TOK_STRING;
    if (!is_generic && name.kind != TJ_TT_TOK_WORD)
        return tj_tt_expected(p, "an operation");
    d.op->kind = find_kind(p, &name);
    d.op->line = name.line;
    d.op->column = name.column;
    if (!d.op->kind) {
        tj_tt_bad(p, &name,
                  "operation '%s' is not one of Triton's that are read (ir/ttir/ops.def)",
                  tj_tt_unquote(p, &name));
        p->diags->first.status = TJ_E_UNSUPPORTED;
        return false;
    }
    tj_tt_advance(p);
    if (!(is_generic ? parse_generic(p, &d) : parse_pretty(p, &d)) ||
        !tj_tt_parse_loc(p, &d.op->loc))
        return false;
    d.op->operands = d.operands.at;
    d.op->operand_count = d.operands.count;
    d.op->attrs = d.attrs.at;
    d.op->attr_count = d.attrs.count;
    append_op(block, d.op);
    return define_results(p, &d, &names);
}

/* ---- functions -------------------------------------------------------------------------- */

/* (%a: T {attributes} loc(...), ...); the attributes go to the function. */
static bool parse_params(tj_tt_parser *p, tj_tt_func *func, tj_tt_values *out,
                         tj_tt_tokens *names)
{
    uint32_t capacity = 0;
    if (!tj_tt_need(p, "("))
        return false;
    while (!tj_tt_take(p, ")")) {
        tj_tt_type type;
        if (out->count && !tj_tt_need(p, ","))
            return false;
        tj_tt_token name = p->tok;
        if (name.kind != TJ_TT_TOK_VALUE)
            return tj_tt_expected(p, "% and the name of a parameter");
        tj_tt_advance(p);
        if (!tj_tt_need(p, ":") || !tj_tt_parse_type(p, &type))
            return false;
        if (out->count == TJ_TT_MAX_LIST)
            return tj_tt_bad(p, &name, "more than %d parameters", TJ_TT_MAX_LIST);
        if (out->count == capacity) {
            capacity = capacity ? capacity * 2 : 8;
            tj_tt_attrs *grown = tj_new_array(p->arena, tj_tt_attrs, capacity);
            if (out->count)
                memcpy(grown, func->param_attrs, out->count * sizeof *grown);
            func->param_attrs = grown;
        }
        tj_tt_value *value = tj_tt_new_value(p, &type, &name);
        if (!tj_tt_parse_attr_dict(p, &func->param_attrs[out->count]) ||
            !tj_tt_parse_loc(p, &value->loc))
            return false;
        tj_tt_add_token(p, names, &name);
        tj_tt_add_value(p, out, value);
    }
    return true;
}

/* -> T, -> (T {attributes}, U) */
static bool parse_func_results(tj_tt_parser *p, tj_tt_func *func)
{
    tj_tt_types types = {0};
    tj_tt_attrs ignored = {0};
    tj_tt_type type;
    if (!tj_tt_take(p, "->"))
        return true;
    if (!tj_tt_is(p, "(")) {
        if (!tj_tt_parse_type_list(p, &types))
            return false;
    } else {
        tj_tt_advance(p);
        while (!tj_tt_take(p, ")")) {
            if ((types.count && !tj_tt_need(p, ",")) || !tj_tt_parse_type(p, &type) ||
                !tj_tt_parse_attr_dict(p, &ignored))
                return false;
            tj_tt_add_type(p, &types, &type);
        }
    }
    func->results = types.at;
    func->result_count = types.count;
    return true;
}

static bool parse_body(tj_tt_parser *p, tj_tt_func *func, const tj_tt_values *params,
                       const tj_tt_tokens *names)
{
    if (!tj_tt_is(p, "{"))
        return tj_tt_expected(p, "the body of the function, '{',");
    p->names = NULL;
    memset(p->slots, 0, TJ_TT_SCOPE_SLOTS * sizeof *p->slots);
    tj_tt_value **args = params->count ? params->at : tj_new_array(p->arena, tj_tt_value *, 1);
    return tj_tt_parse_region(p, NULL, &func->body, args, names->at, params->count);
}

/* public @name; without a word a function is public. */
static bool parse_func_name(tj_tt_parser *p, tj_tt_func *func)
{
    func->line = p->tok.line;
    func->column = p->tok.column;
    func->is_public = true;
    if (!tj_tt_take(p, "public") && (tj_tt_is(p, "private") || tj_tt_is(p, "nested"))) {
        func->is_public = false;
        tj_tt_advance(p);
    }
    if (p->tok.kind != TJ_TT_TOK_SYMBOL)
        return tj_tt_expected(p, "@ and the name of the function");
    func->name = tj_tt_unquote(p, &p->tok);
    if (tj_tt_find_func(p->module, func->name))
        return tj_tt_bad(p, &p->tok, "function @%s is defined twice", func->name);
    tj_tt_advance(p);
    return true;
}

/* tt.func public @name(...) -> T attributes {...} { ... } */
static bool parse_func(tj_tt_parser *p)
{
    tj_tt_func *func = tj_new(p->arena, tj_tt_func);
    tj_tt_values params = {0};
    tj_tt_tokens names = {0};
    tj_tt_attrs attrs = {0};
    p->value_count = 0;
    if (!tj_tt_need(p, "tt.func") || !parse_func_name(p, func) ||
        !parse_params(p, func, &params, &names) || !parse_func_results(p, func) ||
        (tj_tt_take(p, "attributes") && !tj_tt_parse_attr_dict(p, &attrs)) ||
        !parse_body(p, func, &params, &names) || !tj_tt_parse_loc(p, &func->loc))
        return false;
    func->value_count = p->value_count;
    if (p->module->last)
        p->module->last->next = func;
    else
        p->module->first = func;
    p->module->last = func;
    return true;
}

/* ---- the file --------------------------------------------------------------------------- */

static bool define_type(tj_tt_parser *p, const tj_tt_token *name)
{
    tj_tt_alias *alias = tj_new(p->arena, tj_tt_alias);
    alias->text = name->start;
    alias->byte_len = name->byte_len;
    if (!tj_tt_parse_type(p, &alias->type))
        return false;
    alias->next = p->types;
    p->types = alias;
    return true;
}

/* #name = attribute, !name = type */
static bool parse_alias(tj_tt_parser *p)
{
    tj_tt_token name = p->tok;
    tj_tt_attr ignored = {0};
    tj_tt_advance(p);
    if (!tj_tt_need(p, "="))
        return false;
    if (name.kind == TJ_TT_TOK_BANG)
        return define_type(p, &name);
    if (tj_tt_is(p, "loc"))
        return tj_tt_define_loc(p, &name);
    return tj_tt_parse_attr(p, &ignored);
}

static bool parse_module(tj_tt_parser *p)
{
    tj_tt_attrs attrs = {0};
    const tj_tt_loc *loc;
    if (p->tok.kind == TJ_TT_TOK_SYMBOL)
        tj_tt_advance(p);
    if ((tj_tt_take(p, "attributes") && !tj_tt_parse_attr_dict(p, &attrs)) ||
        !tj_tt_need(p, "{"))
        return false;
    while (!tj_tt_take(p, "}")) {
        if (!tj_tt_is(p, "tt.func"))
            return tj_tt_expected(p, "tt.func or '}'");
        if (!parse_func(p))
            return false;
    }
    return tj_tt_parse_loc(p, &loc);
}

static bool parse_file(tj_tt_parser *p)
{
    bool has_module = false;
    while (p->tok.kind != TJ_TT_TOK_END) {
        bool is_good = false;
        if (p->tok.kind == TJ_TT_TOK_HASH || p->tok.kind == TJ_TT_TOK_BANG)
            is_good = parse_alias(p);
        else if (tj_tt_is(p, "tt.func"))
            is_good = parse_func(p);
        else if (!has_module && tj_tt_take(p, "module"))
            is_good = has_module = parse_module(p);
        else
            tj_tt_expected(p, has_module ? "the end of the text" : "module or tt.func");
        if (!is_good)
            return false;
    }
    return true;
}

tj_status tj_tt_parse(const char *text, size_t byte_len, const char *file, tj_diags *diags,
                      tj_tt_module *out)
{
    *out =
        (tj_tt_module){.arena = diags->arena, .file = file, .text = text, .byte_len = byte_len};
    tj_tt_parser p = {.lex = tj_tt_lex_start(text, byte_len),
                      .arena = diags->arena,
                      .diags = diags,
                      .module = out};
    p.slots = tj_new_array(p.arena, tj_tt_name *, TJ_TT_SCOPE_SLOTS);
    p.tok = p.last = tj_tt_lex_next(&p.lex);
    if (!parse_file(&p))
        return diags->first.status;
    tj_tt_resolve_locs(&p);
    return TJ_OK;
}
