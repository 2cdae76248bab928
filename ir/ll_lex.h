/* SPDX-License-Identifier: MIT */
/* Tokens of LLVM text with their places; safe on any bytes. */
#ifndef TJ_LL_LEX_H
#define TJ_LL_LEX_H

#include <stdbool.h>
#include <stddef.h>

typedef enum tj_ll_kind {
    TJ_LL_END,
    TJ_LL_NEWLINE,
    TJ_LL_WORD,   /* keyword, number, $comdat */
    TJ_LL_LABEL,  /* name: or "name": */
    TJ_LL_STRING, /* with its quotes */
    TJ_LL_LOCAL,  /* %name or %"name" */
    TJ_LL_GLOBAL, /* @name or @"name" */
    TJ_LL_PUNCT   /* one byte */
} tj_ll_kind;

typedef struct tj_ll_token {
    tj_ll_kind kind;
    const char *start;
    size_t byte_len;
    unsigned line, column; /* 1-based */
} tj_ll_token;

typedef struct tj_ll_lexer {
    const char *at, *end, *line_start;
    unsigned line;
} tj_ll_lexer;

tj_ll_lexer tj_ll_start(const char *text, size_t byte_len);
/* Steps over blanks and comments to the next token; TJ_LL_END for ever at the end. */
tj_ll_token tj_ll_next(tj_ll_lexer *lexer);

bool tj_ll_is_punct(const tj_ll_token *token, char c);
bool tj_ll_is_word(const tj_ll_token *token, const char *word);

#endif
