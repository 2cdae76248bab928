/* SPDX-License-Identifier: MIT */
/* Tokens of MLIR's textual form (MLIR language reference, "Lexical conventions"). */
#include "ttir/lex.h"

#include <ctype.h>
#include <string.h>

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.' || c == '-';
}

/* Words and types have no minus; an arrow ends a name as well. */
static bool is_word_byte(char c)
{
    return is_name_byte(c) && c != '-';
}

tj_tt_lexer tj_tt_lex_start(const char *text, size_t byte_len)
{
    return (tj_tt_lexer){text, text + byte_len, text, 1};
}

void tj_tt_lex_back(tj_tt_lexer *lexer, const char *at)
{
    lexer->at = at;
}

static void skip_space(tj_tt_lexer *lex)
{
    while (lex->at < lex->end) {
        if (*lex->at == '\n') {
            lex->line++;
            lex->line_start = lex->at + 1;
        } else if (*lex->at == '/' && lex->end - lex->at > 1 && lex->at[1] == '/') {
            const char *newline = memchr(lex->at, '\n', (size_t)(lex->end - lex->at));
            lex->at = newline ? newline : lex->end;
            continue;
        } else if (!isspace((unsigned char)*lex->at)) {
            return;
        }
        lex->at++;
    }
}

static const char *skip_while(const char *at, const char *end, bool (*is_part)(char))
{
    while (at < end && is_part(*at))
        at++;
    return at;
}

/* From the quote on; NULL without an end on the line. */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '\n'; at++) {
        if (*at == '"')
            return at + 1;
        at += *at == '\\' && end - at > 1 && at[1] != '\n';
    }
    return NULL;
}

/* Digits, 0x digits, and floats, which have a dot: 1.000000e+00. */
static const char *skip_number(const char *at, const char *end)
{
    if (end - at > 2 && *at == '0' && at[1] == 'x' && isxdigit((unsigned char)at[2])) {
        for (at += 2; at < end && isxdigit((unsigned char)*at); at++)
            ;
        return at;
    }
    while (at < end && isdigit((unsigned char)*at))
        at++;
    if (at == end || *at != '.')
        return at;
    for (at++; at < end && isdigit((unsigned char)*at); at++)
        ;
    const char *exponent = at;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        if (at == end || !isdigit((unsigned char)*at))
            return exponent;
        while (at < end && isdigit((unsigned char)*at))
            at++;
    }
    return at;
}

static bool is_pair(const char *at, const char *end, const char *pair)
{
    return end - at > 1 && at[0] == pair[0] && at[1] == pair[1];
}

static const char *skip_punct(const char *at, const char *end)
{
    if (is_pair(at, end, "->") || is_pair(at, end, "::"))
        return at + 2;
    if (end - at > 2 && memcmp(at, "...", 3) == 0)
        return at + 3;
    return at + 1;
}

/* A name never swallows an arrow: %a->... does not occur, %a-1 does not either, but ^bb0->
 * might. */
static const char *skip_name(const char *at, const char *end)
{
    while (at < end && is_name_byte(*at) && !is_pair(at, end, "->"))
        at++;
    return at;
}

static const char *skip_sigil(tj_tt_token *token, const char *end)
{
    static const char sigils[] = "%^@#!";
    static const tj_tt_token_kind kinds[] = {TJ_TT_TOK_VALUE, TJ_TT_TOK_BLOCK, TJ_TT_TOK_SYMBOL,
                                             TJ_TT_TOK_HASH, TJ_TT_TOK_BANG};
    const char *at = token->start + 1;
    token->kind = kinds[strchr(sigils, *token->start) - sigils];
    if (token->kind == TJ_TT_TOK_SYMBOL && at < end && *at == '"')
        return skip_string(at, end);
    const char *after = skip_name(at, end);
    if (after == at && token->kind != TJ_TT_TOK_HASH)
        return NULL;
    if (after == at)
        token->kind = TJ_TT_TOK_PUNCT; /* %a#0 */
    return after;
}

tj_tt_token tj_tt_lex_next(tj_tt_lexer *lex)
{
    skip_space(lex);
    const char *at = lex->at, *end = lex->end, *after;
    tj_tt_token token = {.kind = TJ_TT_TOK_END,
                         .start = at,
                         .line = lex->line,
                         .column = (uint32_t)(at - lex->line_start) + 1};
    if (at == end)
        return token;
    if (*at && strchr("%^@#!", *at)) {
        after = skip_sigil(&token, end);
    } else if (*at == '"') {
        token.kind = TJ_TT_TOK_STRING;
        after = skip_string(at, end);
    } else if (isdigit((unsigned char)*at)) {
        token.kind = TJ_TT_TOK_NUMBER;
        after = skip_number(at, end);
    } else if (isalpha((unsigned char)*at) || *at == '_') {
        token.kind = TJ_TT_TOK_WORD;
        after = skip_while(at, end, is_word_byte);
    } else {
        token.kind = TJ_TT_TOK_PUNCT;
        after = skip_punct(at, end);
    }
    if (!after) {
        token.kind = TJ_TT_TOK_BAD;
        after = at + 1;
    }
    token.byte_len = (size_t)(after - at);
    lex->at = after;
    return token;
}
