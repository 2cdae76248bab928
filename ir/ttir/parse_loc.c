/* SPDX-License-Identifier: MIT */
/* Locations: loc("file":1:2), loc("name"(loc)), loc(callsite(a at b)), loc(fused[a, b]),
 * #aliases.
 *
 * Aliases may be used before they are defined, so places are worked out when all is read.
 */
#include "ttir/parser.h"

#include <string.h>

typedef enum loc_kind {
    LOC_UNKNOWN,
    LOC_FILE,
    LOC_NAME,
    LOC_CALL,
    LOC_FUSED,
    LOC_ALIAS
} loc_kind;

struct tj_tt_loc_node {
    tj_tt_loc out; /* first: others point to it */
    loc_kind kind;
    tj_tt_loc_node *inner, *caller;
    const char *alias; /* its name; for LOC_ALIAS */
    size_t alias_len;
    uint8_t state; /* 0: to do, 1: being worked out, 2: done */
    tj_tt_loc_node *next;
};

static tj_tt_loc_node *new_node(tj_tt_parser *p, loc_kind kind)
{
    tj_tt_loc_node *node = tj_new(p->arena, tj_tt_loc_node);
    node->kind = kind;
    node->next = p->locs;
    p->locs = node;
    return node;
}

/* The node of an alias, which its definition fills. */
static tj_tt_loc_node *find_alias(tj_tt_parser *p, const tj_tt_token *name)
{
    for (tj_tt_loc_node *node = p->loc_aliases; node; node = node->next)
        if (node->alias_len == name->byte_len &&
            !memcmp(node->alias, name->start, name->byte_len))
            return node;
    tj_tt_loc_node *node = tj_new(p->arena, tj_tt_loc_node);
    node->kind = LOC_ALIAS;
    node->alias = name->start;
    node->alias_len = name->byte_len;
    node->next = p->loc_aliases;
    p->loc_aliases = node;
    return node;
}

static tj_tt_loc_node *parse_node(tj_tt_parser *p);

static bool parse_number(tj_tt_parser *p, unsigned *out)
{
    int64_t value;
    if (!tj_tt_parse_int(p, &value))
        return false;
    *out = value < 0 || value > UINT32_MAX ? 0 : (unsigned)value;
    return true;
}

/* "file":1:2, with "to :3:4" perhaps; "name"; "name"(loc). */
static tj_tt_loc_node *parse_string(tj_tt_parser *p)
{
    const char *text = tj_tt_unquote(p, &p->tok);
    unsigned ignored;
    tj_tt_advance(p);
    if (tj_tt_take(p, ":")) {
        tj_tt_loc_node *node = new_node(p, LOC_FILE);
        node->out.file = text;
        if (!parse_number(p, &node->out.line) || !tj_tt_need(p, ":") ||
            !parse_number(p, &node->out.column))
            return NULL;
        if (!tj_tt_take(p, "to"))
            return node;
        if (!tj_tt_is(p, ":") && !parse_number(p, &ignored)) /* to 5:6, to :6, to :5:6 */
            return NULL;
        if (!tj_tt_need(p, ":") || !parse_number(p, &ignored))
            return NULL;
        return !tj_tt_take(p, ":") || parse_number(p, &ignored) ? node : NULL;
    }
    tj_tt_loc_node *node = new_node(p, LOC_NAME);
    node->out.name = text;
    if (!tj_tt_take(p, "("))
        return node;
    node->inner = parse_node(p);
    return node->inner && tj_tt_need(p, ")") ? node : NULL;
}

static tj_tt_loc_node *parse_fused(tj_tt_parser *p)
{
    tj_tt_loc_node *node = new_node(p, LOC_FUSED), *last = node;
    if (tj_tt_is(p, "<") && !tj_tt_skip_balanced(p))
        return NULL;
    if (!tj_tt_need(p, "["))
        return NULL;
    if (tj_tt_take(p, "]"))
        return node;
    do { /* a chain: each link is one place and the rest */
        tj_tt_loc_node *inner = parse_node(p);
        if (!inner)
            return NULL;
        if (last->inner)
            last = last->caller = new_node(p, LOC_FUSED);
        last->inner = inner;
    } while (tj_tt_take(p, ","));
    return tj_tt_need(p, "]") ? node : NULL;
}

static tj_tt_loc_node *parse_call(tj_tt_parser *p)
{
    tj_tt_loc_node *node = new_node(p, LOC_CALL);
    if (!tj_tt_need(p, "(") || !(node->inner = parse_node(p)) || !tj_tt_need(p, "at"))
        return NULL;
    return (node->caller = parse_node(p)) && tj_tt_need(p, ")") ? node : NULL;
}

static tj_tt_loc_node *parse_plain(tj_tt_parser *p)
{
    if (p->tok.kind == TJ_TT_TOK_STRING)
        return parse_string(p);
    if (p->tok.kind == TJ_TT_TOK_HASH) {
        tj_tt_token name = p->tok;
        tj_tt_advance(p);
        return find_alias(p, &name);
    }
    if (tj_tt_take(p, "unknown"))
        return new_node(p, LOC_UNKNOWN);
    if (tj_tt_take(p, "callsite"))
        return parse_call(p);
    if (tj_tt_take(p, "fused"))
        return parse_fused(p);
    tj_tt_expected(p, "a location");
    return NULL;
}

/* A location by itself, or inside loc(). */
static tj_tt_loc_node *parse_node(tj_tt_parser *p)
{
    if (!tj_tt_enter(p))
        return NULL;
    bool has_word = tj_tt_take(p, "loc");
    tj_tt_loc_node *node = NULL;
    if (!has_word || tj_tt_need(p, "("))
        node = parse_plain(p);
    if (node && has_word && !tj_tt_need(p, ")"))
        node = NULL;
    tj_tt_leave(p);
    return node;
}

bool tj_tt_parse_loc(tj_tt_parser *p, const tj_tt_loc **out)
{
    *out = NULL;
    if (!tj_tt_is(p, "loc"))
        return true;
    tj_tt_loc_node *node = parse_node(p);
    if (!node)
        return false;
    *out = &node->out;
    return true;
}

bool tj_tt_define_loc(tj_tt_parser *p, const tj_tt_token *name)
{
    tj_tt_loc_node *alias = find_alias(p, name);
    if (alias->inner)
        return tj_tt_bad(p, name, "%.*s is defined twice", (int)name->byte_len, name->start);
    alias->inner = parse_node(p);
    return alias->inner != NULL;
}

/* Chains may be as long as the text: of each at most so many links count. */
enum { MAX_CHAIN = 200 };

static void resolve(tj_tt_loc_node *node, unsigned depth)
{
    if (node->state || depth == MAX_CHAIN)
        return;
    node->state = 1;
    const char *name = node->out.name;
    if (node->inner)
        resolve(node->inner, depth + 1);
    if (node->caller)
        resolve(node->caller, depth + 1);
    if (node->inner && node->inner->state == 2)
        node->out = node->inner->out;
    if (node->caller && node->caller->state == 2) {
        if (!node->out.file)
            node->out = node->caller->out;
        else if (node->kind == LOC_CALL)
            node->out.call = &node->caller->out;
    }
    if (name)
        node->out.name = name;
    node->state = 2;
}

void tj_tt_resolve_locs(tj_tt_parser *p)
{
    for (tj_tt_loc_node *node = p->loc_aliases; node; node = node->next)
        resolve(node, 0);
    for (tj_tt_loc_node *node = p->locs; node; node = node->next)
        resolve(node, 0);
}
