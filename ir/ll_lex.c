/* SPDX-License-Identifier: MIT */
/* Tokens of LLVM text (LLVM Language Reference, "Identifiers"). Strings have no escaped
 * quotes and may hold newlines; comments run to the end of the line or are C's. */
#include "ll_lex.h"

#include <string.h>

tj_ll_lexer tj_ll_start(const char *text, size_t byte_len)
{
    return (tj_ll_lexer){text, text + byte_len, text, 1};
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.' || c == '$' || c == '-';
}

static void step(tj_ll_lexer *lexer)
{
    if (*lexer->at++ == '\n') {
        lexer->line++;
        lexer->line_start = lexer->at;
    }
}

static bool is_comment(const tj_ll_lexer *lexer)
{
    return *lexer->at == '/' && lexer->end - lexer->at > 1 && lexer->at[1] == '*';
}

static void skip_comment(tj_ll_lexer *lexer)
{
    lexer->at += 2;
    while (lexer->at < lexer->end) {
        if (*lexer->at == '*' && lexer->end - lexer->at > 1 && lexer->at[1] == '/') {
            lexer->at += 2;
            return;
        }
        step(lexer);
    }
}

static void skip_blanks(tj_ll_lexer *lexer)
{
    while (lexer->at < lexer->end && *lexer->at != '\n') {
        if (*lexer->at == ';') {
            while (lexer->at < lexer->end && *lexer->at != '\n')
                lexer->at++;
        } else if (is_comment(lexer)) {
            skip_comment(lexer);
        } else if (*lexer->at == ' ' || *lexer->at == '\t' || *lexer->at == '\r') {
            lexer->at++;
        } else {
            return;
        }
    }
}

static void skip_string(tj_ll_lexer *lexer)
{
    for (lexer->at++; lexer->at < lexer->end; step(lexer))
        if (*lexer->at == '"') {
            lexer->at++;
            return;
        }
}

static void skip_word(tj_ll_lexer *lexer)
{
    while (lexer->at < lexer->end && is_word_char(*lexer->at))
        lexer->at++;
}

/* A label's colon belongs to it. */
static tj_ll_kind take_colon(tj_ll_lexer *lexer, tj_ll_kind otherwise)
{
    if (lexer->at == lexer->end || *lexer->at != ':')
        return otherwise;
    lexer->at++;
    return TJ_LL_LABEL;
}

static tj_ll_kind lex(tj_ll_lexer *lexer)
{
    char c = *lexer->at;
    if (c == '\n') {
        step(lexer);
        return TJ_LL_NEWLINE;
    }
    if (c == '"') {
        skip_string(lexer);
        return take_colon(lexer, TJ_LL_STRING);
    }
    if (is_word_char(c)) {
        skip_word(lexer);
        return take_colon(lexer, TJ_LL_WORD);
    }
    lexer->at++;
    if (c != '%' && c != '@')
        return TJ_LL_PUNCT;
    if (lexer->at < lexer->end && *lexer->at == '"')
        skip_string(lexer);
    else
        skip_word(lexer);
    return c == '%' ? TJ_LL_LOCAL : TJ_LL_GLOBAL;
}

tj_ll_token tj_ll_next(tj_ll_lexer *lexer)
{
    skip_blanks(lexer);
    tj_ll_token token = {.start = lexer->at,
                         .line = lexer->line,
                         .column = (unsigned)(lexer->at - lexer->line_start) + 1};
    if (lexer->at < lexer->end)
        token.kind = lex(lexer);
    token.byte_len = (size_t)(lexer->at - token.start);
    return token;
}

bool tj_ll_is_punct(const tj_ll_token *token, char c)
{
    return token->kind == TJ_LL_PUNCT && *token->start == c;
}

bool tj_ll_is_word(const tj_ll_token *token, const char *word)
{
    return token->kind == TJ_LL_WORD && token->byte_len == strlen(word) &&
           memcmp(token->start, word, token->byte_len) == 0;
}
