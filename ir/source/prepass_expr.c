/* SPDX-License-Identifier: MIT */
/* What expressions need: literals of half and bfloat, casts between these, the arms of `?:`,
 * questions about function constants. */
#include "source/prepass.h"

#include <ctype.h>
#include <string.h>

/* ---- literals ------------------------------------------------------------------------ */

static bool has_any(const tj_src_token *token, size_t byte_len, const char *letters)
{
    for (size_t i = 0; i < byte_len; i++)
        if (strchr(letters, token->start[i]) && token->start[i])
            return true;
    return false;
}

/* 1.0h is ((half)1.0f), 0.5bf is ((bfloat)0.5f), 2.5 is 2.5f: clang has an option for the last,
 * which it forgets inside of templates. */
static void rewrite_literal(tj_prepass_state *s, tj_src_token *token)
{
    size_t len = token->byte_len;
    bool is_hex = len > 1 && token->start[0] == '0' && (token->start[1] | 32) == 'x';
    bool is_float = has_any(token, len, is_hex ? "pP" : ".eE");
    bool is_half = len > 1 && (token->start[len - 1] | 32) == 'h';
    bool is_bfloat =
        len > 2 && (token->start[len - 1] | 32) == 'f' && (token->start[len - 2] | 32) == 'b';
    if (is_hex && !is_float)
        return; /* 0x1bf */
    if (is_half || is_bfloat)
        token->instead =
            tj_arena_printf(s->arena, "((%s)%.*s%sf)", is_half ? "half" : "bfloat",
                            (int)(len - (is_half ? 1 : 2)), token->start, is_float ? "" : ".0");
    else if (is_float && isdigit((unsigned char)token->start[len - 1]))
        token->instead = tj_arena_printf(s->arena, "%.*sf", (int)len, token->start);
    else if (is_float && token->start[len - 1] == '.')
        token->instead = tj_arena_printf(s->arena, "%.*sf", (int)len, token->start);
}

/* ---- conditions ----------------------------------------------------------------------- */

enum { REACH = 4096 }; /* tokens that one condition is looked at for */

/* The token in `?:` after which an arm ends: the first of `ends`, outside of brackets and inner
 * conditions. */
static uint32_t end_of_arm(const tj_prepass_state *s, uint32_t first, bool is_middle)
{
    static const char *const ends[] = {",", ";", ")", "]", "}", NULL};
    unsigned depth = 0, steps = 0;
    for (uint32_t i = first; i < s->count && steps < REACH; i++, steps++) {
        const tj_src_token *token = &s->tokens[i];
        if (token->kind != TJ_SRC_PUNCT)
            continue;
        if (token->match > i)
            i = token->match;
        else if (tj_src_is(token, "?"))
            depth++;
        else if (tj_src_is(token, ":") && !depth--)
            return i;
        else if (!(is_middle && tj_src_is(token, ",")) && tj_prepass_is_any(token, ends))
            return i;
    }
    return s->count;
}

/* A `<` without its `>` stands between the statement's or bracket's start and the condition. */
static bool is_behind_angle(const tj_prepass_state *s, uint32_t at)
{
    static const char *const stops[] = {";", "{", "}", "(", "[", "=", "return", NULL};
    unsigned closed = 0, steps = 0;
    while ((at = tj_prepass_previous(s, at)) < s->count && steps++ < REACH) {
        const tj_src_token *token = &s->tokens[at];
        if (token->kind == TJ_SRC_PUNCT && token->match < at)
            at = token->match;
        else if (tj_src_is(token, ">"))
            closed++;
        else if (tj_src_is(token, "<") && !closed--)
            return true;
        else if (tj_prepass_is_any(token, stops))
            return false;
    }
    return false;
}

/* `name<a ? b : c>`: the condition is a template's argument. */
static bool is_template_argument(const tj_prepass_state *s, uint32_t question, uint32_t colon)
{
    unsigned open = 0;
    if (!is_behind_angle(s, question))
        return false;
    uint32_t end = end_of_arm(s, colon + 1, false);
    for (uint32_t i = colon + 1; i <= end && i < s->count; i++) {
        const tj_src_token *token = &s->tokens[i];
        uint32_t after = tj_prepass_skip_angles(s, i);
        if (after > i)
            i = after - 1;
        else if (token->kind == TJ_SRC_PUNCT && token->match > i)
            i = token->match;
        else if (tj_src_is(token, ">") || tj_src_is(token, ">>"))
            return !open;
    }
    return false;
}

static void wrap(tj_prepass_state *s, uint32_t first, uint32_t end)
{
    uint32_t start = s->tokens[first].kind == TJ_SRC_LINE ? tj_prepass_next(s, first) : first;
    uint32_t last = tj_prepass_previous(s, end);
    bool is_literal = start == last && (s->tokens[start].kind == TJ_SRC_NUMBER ||
                                        s->tokens[start].kind == TJ_SRC_STRING ||
                                        tj_src_is(&s->tokens[start], "nullptr"));
    if (start >= end || last == s->count || is_literal)
        return;
    tj_prepass_before(s, start, "::metal::__rv(");
    s->tokens[last].after =
        s->tokens[last].after ? tj_arena_printf(s->arena, "%s)", s->tokens[last].after) : ")";
}

/* Both arms become values without an address space: C++ has no common type of a value and a
 * class object in device memory. */
static void rewrite_condition(tj_prepass_state *s, uint32_t question)
{
    uint32_t colon = end_of_arm(s, question + 1, true);
    if (colon >= s->count || !tj_src_is(&s->tokens[colon], ":") ||
        is_template_argument(s, question, colon))
        return;
    wrap(s, tj_prepass_next(s, question), colon);
    wrap(s, tj_prepass_next(s, colon), end_of_arm(s, colon + 1, false));
}

/* ---- words ----------------------------------------------------------------------------- */

static void rewrite_word(tj_prepass_state *s, uint32_t i)
{
    tj_src_token *token = &s->tokens[i];
    uint32_t next = tj_prepass_next(s, i);
    const tj_src_token *behind = &s->tokens[next];
    if (tj_src_is(token, "static_cast") && tj_src_is(behind, "<")) {
        token->instead = "::metal::__sc";
    } else if (tj_src_is(token, "coherent")) {
        tj_prepass_delete(s, i,
                          tj_src_is(behind, "(") && behind->match > next ? behind->match : i);
    } else if (tj_src_is(token, "is_function_constant_defined") && tj_src_is(behind, "(") &&
               behind->match > next) {
        token->instead = "__fc_defined";
        tj_prepass_after(s, next, "&(");
        tj_prepass_before(s, behind->match, ")");
    }
}

void tj_prepass_expressions(tj_prepass_state *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        tj_src_token *token = &s->tokens[i];
        if (token->instead || token->kind == TJ_SRC_LINE)
            continue;
        if (token->kind == TJ_SRC_NUMBER)
            rewrite_literal(s, token);
        else if (token->kind == TJ_SRC_WORD)
            rewrite_word(s, i);
        else if (tj_src_is(token, "?"))
            rewrite_condition(s, i);
    }
}
