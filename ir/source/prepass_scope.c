/* SPDX-License-Identifier: MIT */
/* What kind of braces each token stands in, where statements start, and which kernels there are
 * when only one is wanted. */
#include "source/prepass.h"

#include <string.h>

/* ---- braces -------------------------------------------------------------------------- */

/* Whether a brace opens a namespace, a class or an enumeration, by the statement's words from
 * `first` on; TJ_SCOPE_LIST for all else. */
static tj_scope find_head(const tj_prepass_state *s, uint32_t first, uint32_t brace)
{
    static const char *const classes[] = {"class", "struct", "union", NULL};
    static const char *const others[] = {"=", "enum", "return", NULL};
    enum { LONGEST = 4096 };
    tj_scope scope = TJ_SCOPE_LIST;
    for (uint32_t i = first; i < brace && i - first < LONGEST; i++) {
        const tj_src_token *token = &s->tokens[i];
        uint32_t next = tj_prepass_next(s, i);
        if (tj_src_is(token, "template"))
            i = tj_prepass_skip_angles(s, next) > next ? tj_prepass_skip_angles(s, next) - 1
                                                       : i;
        else if (tj_src_is(token, "namespace") ||
                 (tj_src_is(token, "extern") && s->tokens[next].kind == TJ_SRC_STRING))
            return TJ_SCOPE_NAMESPACE;
        else if (tj_prepass_is_any(token, others))
            return TJ_SCOPE_LIST;
        else if (tj_prepass_is_any(token, classes))
            scope = TJ_SCOPE_CLASS;
        else if (token->kind == TJ_SRC_PUNCT && token->match > i)
            i = token->match;
    }
    return scope;
}

/* `) const device noexcept -> T<U> {`: a function's body, or a lambda's. */
static bool follows_signature(const tj_prepass_state *s, uint32_t brace)
{
    enum { LONGEST = 64 };
    static const char *const qualifiers[] = {"const",    "volatile", "noexcept",    "mutable",
                                             "device",   "thread",   "threadgroup", "constant",
                                             "override", "final",    NULL};
    static const char *const type_parts[] = {"::", "<", ">", ">>", "*", "&", "&&", ",", NULL};
    bool is_plain = true; /* only qualifiers so far */
    uint32_t i = brace;
    for (int step = 0; step < LONGEST; step++) {
        i = tj_prepass_previous(s, i);
        const tj_src_token *token = &s->tokens[i];
        if (i == s->count)
            return false;
        if (tj_src_is(token, ")"))
            return is_plain;
        if (tj_src_is(token, "->"))
            return tj_src_is(&s->tokens[tj_prepass_previous(s, i)], ")") ||
                   s->tokens[tj_prepass_previous(s, i)].kind == TJ_SRC_WORD;
        is_plain = is_plain && tj_prepass_is_any(token, qualifiers);
        if (token->kind != TJ_SRC_WORD && token->kind != TJ_SRC_NUMBER &&
            !tj_prepass_is_any(token, type_parts))
            return false;
    }
    return false;
}

static tj_scope classify(const tj_prepass_state *s, tj_scope around, uint32_t first,
                         uint32_t brace)
{
    static const char *const block_words[] = {"else", "do", "try", NULL};
    static const char *const value_ends[] = {"=", ",", "(", "return", NULL};
    uint32_t previous = tj_prepass_previous(s, brace);
    const tj_src_token *before = &s->tokens[previous];
    if (previous == s->count)
        return TJ_SCOPE_LIST;
    if (around == TJ_SCOPE_FUNCTION && brace == first)
        return TJ_SCOPE_FUNCTION;
    if (tj_prepass_is_any(before, block_words) || follows_signature(s, brace))
        return TJ_SCOPE_FUNCTION;
    if (around == TJ_SCOPE_LIST || tj_prepass_is_any(before, value_ends))
        return TJ_SCOPE_LIST;
    if (around == TJ_SCOPE_FUNCTION && tj_src_is(before, "]"))
        return TJ_SCOPE_FUNCTION; /* a lambda without parameters */
    return find_head(s, first, brace);
}

/* A label ends here: case x:, default:, public:. */
static bool is_label_end(const tj_prepass_state *s, uint32_t first, uint32_t i)
{
    static const char *const words[] = {"case",    "default",   "public",
                                        "private", "protected", NULL};
    return tj_src_is(&s->tokens[i], ":") && tj_prepass_is_any(&s->tokens[first], words);
}

void tj_prepass_scopes(tj_prepass_state *s)
{
    enum { DEEPEST = 1024 };
    tj_scope *stack = tj_new_array(s->arena, tj_scope, DEEPEST + 1);
    uint32_t depth = 0, first = 0, paren_end = 0;
    s->scopes = tj_new_array(s->arena, uint8_t, s->count + 1);
    s->statements = tj_new_array(s->arena, uint32_t, s->count + 1);
    for (uint32_t i = 0; i < s->count; i++) {
        const tj_src_token *token = &s->tokens[i];
        bool is_inside = i < paren_end; /* round brackets: no statement ends there */
        bool is_open = tj_src_is(token, "{") && token->match > i;
        bool is_close = tj_src_is(token, "}") && token->match < i;
        if (token->kind == TJ_SRC_LINE && first == i)
            first = i + 1;
        if (is_close && depth)
            depth--;
        s->scopes[i] = (uint8_t)stack[depth];
        s->statements[i] = first;
        if (tj_src_is(token, "(") && !is_inside && stack[depth] != TJ_SCOPE_FUNCTION)
            paren_end = token->match;
        if (is_open && depth < DEEPEST) {
            tj_scope scope = classify(s, stack[depth], first, i);
            stack[++depth] = scope;
            if (scope != TJ_SCOPE_LIST)
                first = i + 1;
        } else if (is_close) {
            /* What a brace has closed: a list goes on, and so does a class before its `;`. */
            if (s->scopes[token->match] != TJ_SCOPE_LIST && i + 1 <= s->count)
                first = s->scopes[i] == TJ_SCOPE_LIST ? first : i + 1;
        } else if ((tj_src_is(token, ";") && !is_inside) || is_label_end(s, first, i)) {
            first = i + 1;
        }
    }
}

/* ---- one kernel out of many ---------------------------------------------------------- */

/* The last token of the statement that starts at `first`: its `;`, or the `}` of a body. */
static uint32_t end_of(const tj_prepass_state *s, uint32_t first)
{
    for (uint32_t i = first; i < s->count; i++) {
        const tj_src_token *token = &s->tokens[i];
        if (tj_src_is(token, ";"))
            return i;
        if (token->kind == TJ_SRC_PUNCT && token->match > i) {
            if (*token->start == '{')
                return token->match;
            i = token->match;
        }
    }
    return s->count;
}

/* Compares string tokens, put together, with the entry. */
static bool is_entry_string(const tj_prepass_state *s, uint32_t first, uint32_t last)
{
    const char *rest = s->entry;
    for (uint32_t i = first; i < last; i++) {
        const tj_src_token *token = &s->tokens[i];
        if (token->kind == TJ_SRC_LINE)
            continue;
        if (token->kind != TJ_SRC_STRING || token->byte_len < 2 || *token->start != '"')
            return true; /* not a plain name: kept */
        size_t len = token->byte_len - 2;
        if (memchr(token->start + 1, '\\', len))
            return true;
        if (strncmp(rest, token->start + 1, len))
            return false;
        rest += len;
    }
    return !*rest;
}

/* Looks through a declaration's attributes and words; the answer is about kernels only. */
static bool is_other_kernel(const tj_prepass_state *s, uint32_t first, uint32_t last,
                            uint32_t *word)
{
    bool is_kernel = false, has_host_name = false, is_entry = false;
    uint32_t name = s->count;
    for (uint32_t i = first; i < last; i++) {
        const tj_src_token *token = &s->tokens[i];
        uint32_t next = tj_prepass_next(s, i);
        if (tj_src_is(token, "{"))
            break;
        if (tj_src_is(token, "host_name") && tj_src_is(&s->tokens[next], "(")) {
            has_host_name = true;
            is_entry = is_entry_string(s, next + 1, s->tokens[next].match);
        }
        if (tj_src_is(token, "kernel")) {
            is_kernel = true;
            *word = i;
        }
        if (tj_src_is(token, "(") && name == s->count &&
            s->tokens[tj_prepass_previous(s, i)].kind == TJ_SRC_WORD &&
            *s->tokens[first].start != '[')
            name = tj_prepass_previous(s, i);
    }
    if (!has_host_name && name < s->count)
        is_entry = strlen(s->entry) == s->tokens[name].byte_len &&
                   !memcmp(s->entry, s->tokens[name].start, s->tokens[name].byte_len);
    return is_kernel && !is_entry && (has_host_name || name < s->count);
}

/* Explicit instantiations of other kernels go: clang need not make their code. Everything else
 * stays, as it may be called or named by what follows. */
void tj_prepass_select(tj_prepass_state *s)
{
    if (!s->entry)
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t word;
        if (s->statements[i] != i || s->scopes[i] != TJ_SCOPE_NAMESPACE ||
            !tj_src_is(&s->tokens[i], "template") ||
            tj_src_is(&s->tokens[tj_prepass_next(s, i)], "<"))
            continue;
        uint32_t last = end_of(s, i);
        if (last < s->count && tj_src_is(&s->tokens[last], ";") &&
            is_other_kernel(s, i, last, &word))
            tj_prepass_delete(s, i, last);
    }
}
