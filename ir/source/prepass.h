/* SPDX-License-Identifier: MIT */
/* Metal source to C++ that clang understands: a rewrite of tokens. */
#ifndef TJ_SOURCE_PREPASS_H
#define TJ_SOURCE_PREPASS_H

#include "diag.h"
#include "source/lex.h"

typedef struct tj_prepass_input {
    const char *name; /* of the user's file */
    const char *text; /* preprocessed, with line markers */
    size_t byte_len;
    const char *written; /* the user's own text, for columns; NULL: none */
    size_t written_len;
    const char *entry; /* the only kernel that is wanted; NULL: all */
} tj_prepass_input;

/* Appends the C++ text to `out`. Every byte is survived; what is wrong beyond the attributes is
 * left for clang to say.
 * Errors: TJ_E_UNSUPPORTED for an attribute that Metal does not have, TJ_E_MALFORMED for one
 * with wrong arguments, TJ_E_UNSUPPORTED for text of more than 2^24 tokens. */
tj_status tj_prepass(const tj_prepass_input *input, tj_diags *diags, tj_text *out);

/* ---- between the files of the pre-pass ----------------------------------------------- */

/* What braces stand around a token. */
typedef enum tj_scope {
    TJ_SCOPE_NAMESPACE,
    TJ_SCOPE_CLASS,
    TJ_SCOPE_FUNCTION,
    TJ_SCOPE_LIST
} tj_scope;

typedef struct tj_prepass_state {
    tj_arena *arena;
    tj_diags *diags;
    tj_src_text text;
    tj_src_token *tokens; /* text.tokens */
    uint32_t count;
    uint8_t *scopes;      /* tj_scope by token */
    uint32_t *statements; /* the first token of the statement, by token */
    const char *entry;
} tj_prepass_state;

/* The word before or behind a token, lines left out; the token of TJ_SRC_END when there is
 * none. */
uint32_t tj_prepass_next(const tj_prepass_state *s, uint32_t i);
uint32_t tj_prepass_previous(const tj_prepass_state *s, uint32_t i);
/* Behind the `<...>` that starts at `i`; `i` when it does not look like one. */
uint32_t tj_prepass_skip_angles(const tj_prepass_state *s, uint32_t i);
bool tj_prepass_is_any(const tj_src_token *token, const char *const *spellings);
void tj_prepass_delete(tj_prepass_state *s, uint32_t first, uint32_t last); /* inclusive */
/* Puts text in front of a token or behind it, behind what was put there before. */
void tj_prepass_before(tj_prepass_state *s, uint32_t i, const char *text);
void tj_prepass_after(tj_prepass_state *s, uint32_t i, const char *text);
tj_status tj_prepass_fail(tj_prepass_state *s, uint32_t i, tj_status status, const char *format,
                          ...) __attribute__((format(printf, 4, 5)));

void tj_prepass_scopes(tj_prepass_state *s);
tj_status tj_prepass_attributes(tj_prepass_state *s);
tj_status tj_prepass_methods(tj_prepass_state *s); /* refuses copies that differ */
void tj_prepass_declarations(tj_prepass_state *s);
void tj_prepass_expressions(tj_prepass_state *s);
void tj_prepass_select(tj_prepass_state *s); /* drops what is not the entry's */

#endif
