/* SPDX-License-Identifier: MIT */
/* Tokens of C++ text that has gone through the preprocessor. */
#ifndef TJ_SOURCE_LEX_H
#define TJ_SOURCE_LEX_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum tj_src_kind {
    TJ_SRC_WORD,
    TJ_SRC_NUMBER,
    TJ_SRC_STRING, /* and characters, with their prefix */
    TJ_SRC_PUNCT,
    TJ_SRC_LINE, /* a line that starts with #: marker or pragma */
    TJ_SRC_END
} tj_src_kind;

typedef struct tj_src_token {
    const char *start; /* in the text */
    uint32_t byte_len;
    uint8_t kind;          /* tj_src_kind */
    bool has_space;        /* white space stands in front */
    uint32_t match;        /* of a bracket: the other one, by number; else its own number */
    uint32_t file;         /* by tj_src_text.files */
    uint32_t line, column; /* where it was written; column 0: out of a macro */
    const char *before, *instead, *after; /* what a pass wants; NULL: nothing, the token */
} tj_src_token;

typedef struct tj_src_text {
    tj_src_token *tokens; /* the last one is TJ_SRC_END */
    uint32_t count;       /* without it */
    const char **files;
    uint32_t file_count;
} tj_src_text;

enum { TJ_SRC_MAX_FILES = 4096, TJ_SRC_MAX_DEPTH = 4096 };

/* Splits the text into tokens, reads line markers and pairs brackets; brackets without a
 * partner are their own. Any bytes are accepted. `name`: of the file that the text starts in.
 * Tokens point into `text`. */
tj_src_text tj_src_lex(tj_arena *arena, const char *text, size_t byte_len, const char *name);

/* Finds the columns in `name`'s own text of the tokens that came from it: the preprocessor
 * keeps lines only. */
void tj_src_place(tj_src_text *tokens, const char *name, const char *text, size_t byte_len);

static inline bool tj_src_is(const tj_src_token *token, const char *spelling)
{
    uint32_t i = 0;
    while (i < token->byte_len && spelling[i] && spelling[i] == token->start[i])
        i++;
    return i == token->byte_len && !spelling[i] && token->kind != TJ_SRC_STRING &&
           token->kind != TJ_SRC_END;
}

#endif
