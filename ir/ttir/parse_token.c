/* SPDX-License-Identifier: MIT */
/* Tokens with one of lookahead, errors at them, and the lists that reading fills. */
#include "ttir/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- tokens ----------------------------------------------------------------------------- */

static const char *line_text(tj_tt_parser *p, const tj_tt_token *token)
{
    const char *start = token->start - (token->column - 1), *end = p->lex.end;
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    size_t byte_len = (size_t)((newline ? newline : end) - start);
    return byte_len < 400 ? tj_arena_strndup(p->arena, start, byte_len) : NULL;
}

bool tj_tt_bad(tj_tt_parser *p, const tj_tt_token *token, const char *format, ...)
{
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tj_loc loc = {.file = p->module->file,
                  .line = token->line,
                  .column = token->column,
                  .source = line_text(p, token)};
    tj_fail_at(p->diags, TJ_E_MALFORMED, &loc, "%s", message);
    p->has_failed = true;
    return false;
}

bool tj_tt_expected(tj_tt_parser *p, const char *what)
{
    if (p->tok.kind == TJ_TT_TOK_END)
        return tj_tt_bad(p, &p->tok, "%s expected, the text ends", what);
    int shown = p->tok.byte_len > 60 ? 60 : (int)p->tok.byte_len;
    return tj_tt_bad(p, &p->tok, "%s expected, found '%.*s'", what, shown, p->tok.start);
}

void tj_tt_advance(tj_tt_parser *p)
{
    p->last = p->tok;
    p->tok = tj_tt_lex_next(&p->lex);
}

bool tj_tt_is(const tj_tt_parser *p, const char *text)
{
    size_t byte_len = strlen(text);
    return (p->tok.kind == TJ_TT_TOK_PUNCT || p->tok.kind == TJ_TT_TOK_WORD) &&
           p->tok.byte_len == byte_len && !memcmp(p->tok.start, text, byte_len);
}

bool tj_tt_take(tj_tt_parser *p, const char *text)
{
    if (!tj_tt_is(p, text))
        return false;
    tj_tt_advance(p);
    return true;
}

bool tj_tt_need(tj_tt_parser *p, const char *text)
{
    return tj_tt_take(p, text) || tj_tt_expected(p, tj_arena_printf(p->arena, "'%s'", text));
}

static unsigned hex_digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : ((unsigned)c | 32) - 'a' + 10;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

const char *tj_tt_unquote(tj_tt_parser *p, const tj_tt_token *token)
{
    const char *at = token->start, *end = at + token->byte_len;
    at += *at == '@';
    if (at == end || *at != '"')
        return tj_arena_strndup(p->arena, at, (size_t)(end - at));
    char *copy = tj_arena_take(p->arena, token->byte_len, 1, 1), *to = copy;
    for (at++, end--; at < end; at++) {
        if (*at != '\\' || end - at < 2) {
            *to++ = *at;
        } else if (end - at > 2 && is_hex(at[1]) && is_hex(at[2])) {
            *to++ = (char)(hex_digit(at[1]) * 16 + hex_digit(at[2]));
            at += 2;
        } else {
            at++;
            *to++ = *at == 'n' ? '\n' : *at == 't' ? '\t' : *at;
        }
    }
    *to = 0;
    return copy;
}

const char *tj_tt_text(tj_tt_parser *p, const tj_tt_token *token)
{
    size_t sigil = token->kind >= TJ_TT_TOK_VALUE && token->kind <= TJ_TT_TOK_BANG;
    return tj_arena_strndup(p->arena, token->start + sigil, token->byte_len - sigil);
}

bool tj_tt_enter(tj_tt_parser *p)
{
    if (p->depth == TJ_TT_MAX_DEPTH)
        return tj_tt_bad(p, &p->tok, "nested deeper than %d levels", TJ_TT_MAX_DEPTH);
    p->depth++;
    return true;
}

void tj_tt_leave(tj_tt_parser *p)
{
    p->depth--;
}

/* ---- lists ------------------------------------------------------------------------------ */

#define GROW(p, list, type)                                                                    \
    do {                                                                                       \
        if ((list)->count == (list)->capacity) {                                               \
            uint32_t capacity_ = (list)->capacity ? (list)->capacity * 2 : 4;                  \
            type *grown_ = tj_new_array((p)->arena, type, capacity_);                          \
            if ((list)->count)                                                                 \
                memcpy(grown_, (list)->at, (list)->count * sizeof *grown_);                    \
            (list)->at = grown_;                                                               \
            (list)->capacity = capacity_;                                                      \
        }                                                                                      \
    } while (0)

void tj_tt_add_value(tj_tt_parser *p, tj_tt_values *list, tj_tt_value *value)
{
    GROW(p, list, tj_tt_value *);
    list->at[list->count++] = value;
}

void tj_tt_add_type(tj_tt_parser *p, tj_tt_types *list, const tj_tt_type *type)
{
    GROW(p, list, tj_tt_type);
    list->at[list->count++] = *type;
}

void tj_tt_add_attr(tj_tt_parser *p, tj_tt_attrs *list, tj_tt_attr attr)
{
    GROW(p, list, tj_tt_attr);
    list->at[list->count++] = attr;
}

void tj_tt_add_token(tj_tt_parser *p, tj_tt_tokens *list, const tj_tt_token *token)
{
    GROW(p, list, tj_tt_token);
    list->at[list->count++] = *token;
}
