/* SPDX-License-Identifier: MIT */
/* Methods that exist once for each address space. C++ cannot tell them apart, so that one of
 * the copies is called for all (prepass_declare.c): they must say the same. Two methods are
 * copies when they stand in one class and their heads differ in address spaces only. */
#include "source/prepass.h"

#include <string.h>

static const char *const spaces[] = {"constant", "device", "threadgroup", "thread", NULL};

enum { LOOK_BACK = 64 }; /* methods of a class that one is compared with */

typedef struct method {
    uint32_t parent;             /* the class's brace */
    uint32_t first, head, space; /* the statement's first token, the ')', the word behind it */
    uint32_t close;              /* of the body */
} method;

/* What tells copies apart, and what says nothing. */
static bool is_skipped(const tj_src_token *token)
{
    return token->kind == TJ_SRC_LINE || tj_prepass_is_any(token, spaces);
}

static bool is_same(const tj_prepass_state *s, uint32_t a, uint32_t a_end, uint32_t b,
                    uint32_t b_end)
{
    for (;;) {
        while (a <= a_end && is_skipped(&s->tokens[a]))
            a++;
        while (b <= b_end && is_skipped(&s->tokens[b]))
            b++;
        if (a > a_end || b > b_end)
            return a > a_end && b > b_end;
        const tj_src_token *x = &s->tokens[a++], *y = &s->tokens[b++];
        if (x->byte_len != y->byte_len || memcmp(x->start, y->start, x->byte_len) != 0)
            return false;
    }
}

/* `T at(int i) const device {`, seen from `device`. */
static bool read_method(const tj_prepass_state *s, uint32_t i, method *out)
{
    static const char *const cv[] = {"const", "volatile", NULL};
    static const char *const ends[] = {";", "=", "}", NULL};
    uint32_t before = tj_prepass_previous(s, i), open = i;
    while (before < s->count && tj_prepass_is_any(&s->tokens[before], cv))
        before = tj_prepass_previous(s, before);
    if (before == s->count || !tj_src_is(&s->tokens[before], ")") ||
        tj_src_is(&s->tokens[tj_prepass_previous(s, s->tokens[before].match)], "__attribute__"))
        return false; /* the space of what a function returns */
    do
        open = tj_src_is(&s->tokens[open], "(") && s->tokens[open].match > open
                   ? s->tokens[open].match + 1
                   : open + 1;
    while (open < s->count && !tj_src_is(&s->tokens[open], "{") &&
           !tj_prepass_is_any(&s->tokens[open], ends));
    if (open >= s->count || !tj_src_is(&s->tokens[open], "{") || s->tokens[open].match <= open)
        return false;
    out->first = s->statements[i];
    out->head = before;
    out->space = i;
    out->close = s->tokens[open].match;
    return out->first < before;
}

static tj_status compare(tj_prepass_state *s, const method *list, uint32_t count)
{
    const method *new = &list[count - 1];
    for (uint32_t i = count - 1; i-- > 0 && count - i <= LOOK_BACK;) {
        const method *old = &list[i];
        uint32_t at = tj_prepass_previous(s, s->tokens[old->head].match);
        bool is_word = at < s->count && s->tokens[at].kind == TJ_SRC_WORD;
        if (old->parent != new->parent ||
            !is_same(s, old->first, old->head, new->first, new->head) ||
            is_same(s, old->space, old->close, new->space, new->close))
            continue;
        return tj_prepass_fail(
            s, new->space, TJ_E_UNSUPPORTED,
            "'%.*s' for %.*s memory says something else than for %.*s memory; accepted are "
            "copies that say the same",
            is_word ? (int)s->tokens[at].byte_len : 8,
            is_word ? s->tokens[at].start : "operator", (int)s->tokens[new->space].byte_len,
            s->tokens[new->space].start, (int)s->tokens[old->space].byte_len,
            s->tokens[old->space].start);
    }
    return TJ_OK;
}

tj_status tj_prepass_methods(tj_prepass_state *s)
{
    uint32_t count = 0, depth = 0, words = 0, braces = 1;
    tj_status status = TJ_OK;
    for (uint32_t i = 0; i < s->count; i++) {
        words += tj_prepass_is_any(&s->tokens[i], spaces);
        braces += tj_src_is(&s->tokens[i], "{");
    }
    method *list = tj_new_array(s->arena, method, words);
    uint32_t *open = tj_new_array(s->arena, uint32_t, braces);
    open[0] = s->count;
    for (uint32_t i = 0; i < s->count && !status; i++) {
        const tj_src_token *token = &s->tokens[i];
        if (token->kind == TJ_SRC_PUNCT && tj_src_is(token, "{") && token->match > i)
            open[++depth] = i;
        else if (token->kind == TJ_SRC_PUNCT && tj_src_is(token, "}") && depth &&
                 token->match == open[depth])
            depth--;
        if (s->scopes[i] != TJ_SCOPE_CLASS || !tj_prepass_is_any(token, spaces) ||
            !read_method(s, i, &list[count]))
            continue;
        list[count++].parent = open[depth];
        status = compare(s, list, count);
    }
    return status;
}
