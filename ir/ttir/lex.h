/* SPDX-License-Identifier: MIT */
/* Tokens of MLIR text with their places; safe on any bytes. */
#ifndef TJ_TTIR_LEX_H
#define TJ_TTIR_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum tj_tt_token_kind {
    TJ_TT_TOK_END,
    TJ_TT_TOK_WORD,   /* addi, tt.load, i32 */
    TJ_TT_TOK_VALUE,  /* %name */
    TJ_TT_TOK_BLOCK,  /* ^name */
    TJ_TT_TOK_SYMBOL, /* @name or @"name" */
    TJ_TT_TOK_HASH,   /* #name */
    TJ_TT_TOK_BANG,   /* !name */
    TJ_TT_TOK_NUMBER, /* without a sign */
    TJ_TT_TOK_STRING, /* with its quotes */
    TJ_TT_TOK_PUNCT,  /* one byte, or -> :: ... */
    TJ_TT_TOK_BAD     /* a string without end */
} tj_tt_token_kind;

typedef struct tj_tt_token {
    tj_tt_token_kind kind;
    const char *start; /* with its sigil */
    size_t byte_len;
    uint32_t line, column; /* 1-based */
} tj_tt_token;

typedef struct tj_tt_lexer {
    const char *at, *end, *line_start;
    uint32_t line;
} tj_tt_lexer;

tj_tt_lexer tj_tt_lex_start(const char *text, size_t byte_len);
/* Steps over blanks and comments to the next token; TJ_TT_TOK_END for ever at the end. */
tj_tt_token tj_tt_lex_next(tj_tt_lexer *lexer);
/* The lexer at a byte inside the token that it gave last: dimensions of shapes are tokens only
 * there. */
void tj_tt_lex_back(tj_tt_lexer *lexer, const char *at);

#endif
