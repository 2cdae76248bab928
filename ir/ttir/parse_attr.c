/* SPDX-License-Identifier: MIT */
/* Attributes in MLIR's text, and the literals of constants. */
#include "ttir/parser.h"

#include <string.h>

/* A number that fits 64 bits, signed or not: -1, 4294967295, 0xFF. */
bool tj_tt_parse_int(tj_tt_parser *p, int64_t *out)
{
    bool is_negative = tj_tt_take(p, "-");
    if (p->tok.kind != TJ_TT_TOK_NUMBER || memchr(p->tok.start, '.', p->tok.byte_len))
        return tj_tt_expected(p, "an integer");
    const char *at = p->tok.start, *end = at + p->tok.byte_len;
    unsigned base = p->tok.byte_len > 2 && at[1] == 'x' ? 16 : 10;
    uint64_t value = 0;
    for (at += base == 16 ? 2 : 0; at < end; at++) {
        unsigned digit = *at <= '9' ? (unsigned)(*at - '0') : ((unsigned)*at | 32) - 'a' + 10;
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return tj_tt_bad(p, &p->tok, "a number of more than 64 bits");
    }
    if (is_negative && value > (uint64_t)1 << 63)
        return tj_tt_bad(p, &p->tok, "a number of more than 64 bits");
    *out = (int64_t)(is_negative ? 0 - value : value);
    tj_tt_advance(p);
    return true;
}

/* A number of any kind: `string` is the text of one with a dot. */
static bool parse_number(tj_tt_parser *p, tj_tt_attr *out)
{
    const char *start = p->tok.start;
    bool is_negative = tj_tt_is(p, "-");
    tj_tt_lexer ahead = p->lex;
    tj_tt_token number = is_negative ? tj_tt_lex_next(&ahead) : p->tok;
    if (number.kind == TJ_TT_TOK_NUMBER && memchr(number.start, '.', number.byte_len)) {
        if (is_negative && number.start != start + 1)
            return tj_tt_expected(p, "a number");
        tj_tt_take(p, "-");
        size_t byte_len = (size_t)(number.start + number.byte_len - start);
        if (byte_len > 64)
            return tj_tt_bad(p, &p->tok, "a number of more than 64 characters");
        out->kind = TJ_TT_ATTR_FLOAT;
        out->string = tj_arena_strndup(p->arena, start, byte_len);
        tj_tt_advance(p);
        return true;
    }
    out->kind = TJ_TT_ATTR_INT;
    return tj_tt_parse_int(p, &out->number);
}

bool tj_tt_skip_balanced(tj_tt_parser *p)
{
    uint32_t open = 0;
    do {
        if (p->tok.kind == TJ_TT_TOK_END || p->tok.kind == TJ_TT_TOK_BAD)
            return tj_tt_expected(p, "a closing bracket");
        if (p->tok.kind == TJ_TT_TOK_PUNCT && p->tok.byte_len == 1) {
            open += strchr("<([{", *p->tok.start) != NULL;
            open -= strchr(">)]}", *p->tok.start) != NULL;
        }
        tj_tt_advance(p);
    } while (open);
    return true;
}

/* Items up to `end`, nested lists one behind the other. */
static bool parse_items(tj_tt_parser *p, tj_tt_attrs *out, const char *end)
{
    if (tj_tt_take(p, end))
        return true;
    do {
        tj_tt_attr item = {.name = ""};
        if (tj_tt_is(p, "[")) {
            if (!tj_tt_enter(p))
                return false;
            tj_tt_advance(p);
            bool is_good = parse_items(p, out, "]");
            tj_tt_leave(p);
            if (!is_good)
                return false;
            continue;
        }
        if (!tj_tt_parse_attr(p, &item))
            return false;
        if (out->count >> TJ_TT_MAX_LOG2)
            return tj_tt_bad(p, &p->tok, "a list of more than %u items", 1u << TJ_TT_MAX_LOG2);
        tj_tt_add_attr(p, out, item);
    } while (tj_tt_take(p, ","));
    return tj_tt_need(p, end);
}

static bool parse_list(tj_tt_parser *p, tj_tt_attr *out, const char *end)
{
    tj_tt_attrs items = {0};
    if (!parse_items(p, &items, end))
        return false;
    out->kind = TJ_TT_ATTR_LIST;
    out->items = items.at;
    out->count = items.count;
    return true;
}

/* array<i32: 1, 0>, array<i32> */
static bool parse_array(tj_tt_parser *p, tj_tt_attr *out)
{
    tj_tt_type type;
    if (!tj_tt_need(p, "<") || !tj_tt_parse_type(p, &type))
        return false;
    out->kind = TJ_TT_ATTR_LIST;
    if (tj_tt_take(p, ">"))
        return true;
    return tj_tt_need(p, ":") && parse_list(p, out, ">");
}

static bool type_follows(tj_tt_parser *p, tj_tt_type *out)
{
    return !tj_tt_take(p, ":") || tj_tt_parse_type(p, out);
}

/* `dense<5>`, `dense<[1, 2]>`, `dense<>`; the type follows. */
static bool parse_dense(tj_tt_parser *p, tj_tt_attr *out)
{
    if (!tj_tt_need(p, "<"))
        return false;
    if (tj_tt_is(p, "[")) {
        tj_tt_advance(p);
        return parse_list(p, out, "]") && tj_tt_need(p, ">");
    }
    if (tj_tt_take(p, ">")) {
        out->kind = TJ_TT_ATTR_LIST;
        return true;
    }
    return tj_tt_parse_attr(p, out) && tj_tt_need(p, ">");
}

static bool parse_word(tj_tt_parser *p, tj_tt_attr *out)
{
    tj_tt_type type;
    out->kind = TJ_TT_ATTR_INT;
    out->number = tj_tt_is(p, "true");
    if (tj_tt_take(p, "true") || tj_tt_take(p, "false"))
        return true;
    out->number = 0;
    if (tj_tt_take(p, "array"))
        return parse_array(p, out);
    if (tj_tt_take(p, "dense"))
        return parse_dense(p, out) && type_follows(p, &type);
    out->kind = TJ_TT_ATTR_UNIT;
    if (tj_tt_take(p, "unit"))
        return true;
    out->kind = TJ_TT_ATTR_OTHER;
    if (tj_tt_is(p, "loc")) {
        tj_tt_advance(p);
        return tj_tt_is(p, "(") ? tj_tt_skip_balanced(p) : tj_tt_expected(p, "'('");
    }
    return tj_tt_parse_type(p, &type);
}

static bool parse_attr(tj_tt_parser *p, tj_tt_attr *out)
{
    tj_tt_type type;
    switch (p->tok.kind) {
    case TJ_TT_TOK_NUMBER:
        return parse_number(p, out) && type_follows(p, &type);
    case TJ_TT_TOK_STRING:
    case TJ_TT_TOK_SYMBOL:
        out->kind = TJ_TT_ATTR_STRING;
        out->string = tj_tt_unquote(p, &p->tok);
        tj_tt_advance(p);
        return type_follows(p, &type);
    case TJ_TT_TOK_HASH: /* #alias, #dialect.name<...> */
        out->kind = TJ_TT_ATTR_OTHER;
        tj_tt_advance(p);
        return !tj_tt_is(p, "<") || tj_tt_skip_balanced(p);
    case TJ_TT_TOK_WORD:
        return parse_word(p, out);
    case TJ_TT_TOK_BANG:
        out->kind = TJ_TT_ATTR_OTHER;
        return tj_tt_parse_type(p, &type);
    default:
        break;
    }
    if (tj_tt_is(p, "-"))
        return parse_number(p, out) && type_follows(p, &type);
    if (tj_tt_take(p, "["))
        return parse_list(p, out, "]");
    out->kind = TJ_TT_ATTR_OTHER;
    return tj_tt_is(p, "{") ? tj_tt_skip_balanced(p) : tj_tt_expected(p, "an attribute");
}

bool tj_tt_parse_attr(tj_tt_parser *p, tj_tt_attr *out)
{
    if (!tj_tt_enter(p))
        return false;
    bool is_good = parse_attr(p, out);
    tj_tt_leave(p);
    return is_good;
}

bool tj_tt_parse_entries(tj_tt_parser *p, tj_tt_attrs *out, const char *end)
{
    if (tj_tt_take(p, end))
        return true;
    do {
        tj_tt_attr attr = {.kind = TJ_TT_ATTR_UNIT};
        if (p->tok.kind != TJ_TT_TOK_WORD && p->tok.kind != TJ_TT_TOK_STRING)
            return tj_tt_expected(p, "the name of an attribute");
        attr.name = tj_tt_unquote(p, &p->tok);
        tj_tt_advance(p);
        if (tj_tt_take(p, "=") && !tj_tt_parse_attr(p, &attr))
            return false;
        if (out->count == TJ_TT_MAX_LIST)
            return tj_tt_bad(p, &p->tok, "more than %d attributes", TJ_TT_MAX_LIST);
        tj_tt_add_attr(p, out, attr);
    } while (tj_tt_take(p, ","));
    return tj_tt_need(p, end);
}

bool tj_tt_parse_attr_dict(tj_tt_parser *p, tj_tt_attrs *out)
{
    return !tj_tt_take(p, "{") || tj_tt_parse_entries(p, out, "}");
}

/* "0x..." of a tensor constant: the bytes of its elements, in order, low bytes first. */
static bool split_bytes(tj_tt_parser *p, const tj_tt_token *at, const tj_tt_type *type,
                        tj_tt_attr *value)
{
    static const char digits[] = "0123456789ABCDEF0123456789abcdef";
    const char *text = value->string + 2;
    uint32_t bytes = tj_tt_elem_infos[type->elem].bits / 8;
    size_t count = strlen(text) / 2;
    if (strncmp(value->string, "0x", 2) != 0 || !bytes || bytes > 8 || strlen(text) % 2 ||
        count != (size_t)bytes << tj_tt_log2_size(type))
        return tj_tt_bad(p, at, "a string of %zu bytes is no constant of type %s", count,
                         tj_tt_type_name(p->arena, type));
    tj_tt_attr *items = tj_new_array(p->arena, tj_tt_attr, count / bytes);
    for (size_t i = 0; i < count; i++) {
        const char *high = strchr(digits, text[2 * i]), *low = strchr(digits, text[2 * i + 1]);
        if (!high || !low)
            return tj_tt_bad(p, at, "'0x' and hexadecimal digits expected");
        uint64_t byte = (uint64_t)((high - digits) % 16 * 16 + (low - digits) % 16);
        items[i / bytes].kind = TJ_TT_ATTR_INT;
        items[i / bytes].number |= (int64_t)(byte << i % bytes * 8);
    }
    *value = (tj_tt_attr){.name = value->name,
                          .kind = TJ_TT_ATTR_LIST,
                          .items = items,
                          .count = (uint32_t)(count / bytes)};
    return true;
}

/* An integer literal of a float type is hexadecimal: its bits; a decimal one has a dot. */
static bool check_literal(tj_tt_parser *p, const tj_tt_token *at, const tj_tt_type *type,
                          const tj_tt_attr *value)
{
    bool is_float = tj_tt_elem_infos[type->elem].is_float;
    if (type->is_pointer || type->form > TJ_TT_TENSOR)
        return tj_tt_bad(p, at, "a constant of type %s", tj_tt_type_name(p->arena, type));
    if (value->kind != TJ_TT_ATTR_INT && (value->kind != TJ_TT_ATTR_FLOAT || !is_float))
        return tj_tt_bad(p, at, "a constant of type %s is %s", tj_tt_type_name(p->arena, type),
                         is_float ? "a number with a dot, or its bits as 0x..." : "an integer");
    return true;
}

bool tj_tt_parse_constant(tj_tt_parser *p, tj_tt_draft *d)
{
    tj_tt_attr value = {.name = "value"};
    tj_tt_type type = tj_tt_scalar(TJ_TT_I1);
    if (!tj_tt_parse_attr_dict(p, &d->attrs))
        return false;
    tj_tt_token at = p->tok;
    if (tj_tt_take(p, "dense")) {
        if (!parse_dense(p, &value) || !tj_tt_need(p, ":") || !tj_tt_parse_type(p, &type))
            return false;
        if (type.form != TJ_TT_TENSOR)
            return tj_tt_bad(p, &at, "a dense constant is a tensor");
    } else if (tj_tt_is(p, "true") || tj_tt_is(p, "false")) {
        value.number = tj_tt_is(p, "true");
        value.kind = TJ_TT_ATTR_INT;
        tj_tt_advance(p);
    } else if (!parse_number(p, &value) || !tj_tt_need(p, ":") || !tj_tt_parse_type(p, &type)) {
        return false;
    }
    if (value.kind == TJ_TT_ATTR_STRING && !split_bytes(p, &at, &type, &value))
        return false;
    if (value.kind == TJ_TT_ATTR_LIST && value.count != 1u << tj_tt_log2_size(&type))
        return tj_tt_bad(p, &at, "%u elements for %s", value.count,
                         tj_tt_type_name(p->arena, &type));
    for (uint32_t i = 0; value.kind == TJ_TT_ATTR_LIST && i < value.count; i++)
        if (!check_literal(p, &at, &type, &value.items[i]))
            return false;
    if (value.kind != TJ_TT_ATTR_LIST && !check_literal(p, &at, &type, &value))
        return false;
    tj_tt_add_attr(p, &d->attrs, value);
    tj_tt_add_type(p, &d->types, &type);
    return true;
}
