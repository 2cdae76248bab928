/* SPDX-License-Identifier: MIT */
/* Tokens of preprocessed text, and where they were written.
 *
 * clang -E keeps the line of each token but squeezes white space and puts macros' tokens in
 * place. A second, plain look at the user's own line gives the columns back: tokens are paired
 * in order, and what has no partner is from a macro.
 */
#include "source/lex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct lexer {
    const char *at, *end;
    bool is_line_start;
} lexer;

static bool is_word_start(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static bool is_word_part(char c)
{
    return is_word_start(c) || isdigit((unsigned char)c);
}

static const char *skip_line(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : end;
}

/* Comments are white space, in text that no preprocessor has seen. */
static const char *skip_comment(const char *at, const char *end)
{
    if (end - at < 2 || *at != '/' || (at[1] != '/' && at[1] != '*'))
        return at;
    if (at[1] == '/')
        return skip_line(at, end);
    for (at += 2; end - at >= 2 && (at[0] != '*' || at[1] != '/'); at++)
        ;
    return end - at >= 2 ? at + 2 : end;
}

/* From the quote on; ends with the line at the latest. */
static const char *skip_quoted(const char *at, const char *end)
{
    char quote = *at++;
    while (at < end && *at != quote && *at != '\n')
        at += *at == '\\' && end - at > 1 ? 2 : 1;
    return at < end && *at == quote ? at + 1 : at;
}

/* R"delimiter( ... )delimiter" from the quote on. */
static const char *skip_raw(const char *at, const char *end)
{
    const char *open = at + 1;
    while (open < end && *open != '(' && open - at < 20)
        open++;
    size_t delimiter_len = (size_t)(open - at) - 1;
    for (const char *p = open; p < end; p++)
        if (*p == ')' && (size_t)(end - p) > delimiter_len + 1 &&
            !memcmp(p + 1, at + 1, delimiter_len) && p[delimiter_len + 1] == '"')
            return p + delimiter_len + 2;
    return end;
}

static const char *skip_number(const char *at, const char *end)
{
    while (at < end) {
        bool is_exponent = strchr("eEpP", *at) && end - at > 1 && strchr("+-", at[1]);
        bool is_quote = *at == '\'' && end - at > 1 && is_word_part(at[1]);
        if (!*at || (!is_word_part(*at) && *at != '.' && !is_quote))
            break;
        at += is_exponent || is_quote ? 2 : 1;
    }
    return at;
}

static size_t punct_len(const char *at, const char *end)
{
    static const char *const long_ones[] = {"<<=", ">>=", "...", "->*", "::", "->", "++", "--",
                                            "<<",  "<=",  ">=",  "==",  "!=", "&&", "||", "+=",
                                            "-=",  "*=",  "/=",  "%=",  "&=", "|=", "^=", "##"};
    for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++) {
        size_t len = strlen(long_ones[i]);
        if ((size_t)(end - at) >= len && !memcmp(at, long_ones[i], len))
            return len;
    }
    return 1;
}

static bool is_string_prefix(const char *word, size_t byte_len)
{
    static const char *const prefixes[] = {"L", "u", "U", "u8", "R", "LR", "uR", "UR", "u8R"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strlen(prefixes[i]) == byte_len && !memcmp(word, prefixes[i], byte_len))
            return true;
    return false;
}

static const char *skip_word(lexer *lex, tj_src_kind *kind)
{
    const char *at = lex->at;
    while (at < lex->end && is_word_part(*at))
        at++;
    *kind = TJ_SRC_WORD;
    if (at == lex->end || (*at != '"' && *at != '\'') ||
        !is_string_prefix(lex->at, (size_t)(at - lex->at)))
        return at;
    *kind = TJ_SRC_STRING;
    return at[-1] == 'R' && *at == '"' ? skip_raw(at, lex->end) : skip_quoted(at, lex->end);
}

static void skip_space(lexer *lex, tj_src_token *out)
{
    while (lex->at < lex->end) {
        const char *after = skip_comment(lex->at, lex->end);
        if (after == lex->at && !isspace((unsigned char)*lex->at) && *lex->at)
            return;
        lex->is_line_start = lex->is_line_start || *lex->at == '\n';
        out->has_space = true;
        lex->at = after > lex->at ? after : after + 1;
    }
}

static tj_src_token next(lexer *lex)
{
    tj_src_token token = {.kind = TJ_SRC_END};
    skip_space(lex, &token);
    const char *at = lex->at;
    token.start = at;
    if (at == lex->end)
        return token;
    if (*at == '#' && lex->is_line_start) {
        token.kind = TJ_SRC_LINE;
        at = skip_line(at, lex->end);
    } else if (is_word_start(*at)) {
        tj_src_kind kind;
        at = skip_word(lex, &kind);
        token.kind = kind;
    } else if (isdigit((unsigned char)*at) ||
               (*at == '.' && lex->end - at > 1 && isdigit((unsigned char)at[1]))) {
        token.kind = TJ_SRC_NUMBER;
        at = skip_number(at, lex->end);
    } else if (*at == '"' || *at == '\'') {
        token.kind = TJ_SRC_STRING;
        at = skip_quoted(at, lex->end);
    } else {
        token.kind = TJ_SRC_PUNCT;
        at += punct_len(at, lex->end);
    }
    lex->is_line_start = false;
    lex->at = at;
    token.byte_len = (uint32_t)(at - token.start);
    return token;
}

/* ---- line markers -------------------------------------------------------------------- */

typedef struct place {
    uint32_t file, line;
    const char *counted; /* lines up to here are in `line` */
} place;

static uint32_t find_file(tj_src_text *out, tj_arena *arena, const char *name, size_t byte_len)
{
    for (uint32_t i = out->file_count; i-- > 0;)
        if (strlen(out->files[i]) == byte_len && !memcmp(out->files[i], name, byte_len))
            return i;
    if (out->file_count == TJ_SRC_MAX_FILES)
        return 0;
    out->files[out->file_count] = tj_arena_strndup(arena, name, byte_len);
    return out->file_count++;
}

/* # 12 "name" flags: the next line is line 12 of that file. */
static void read_marker(tj_src_text *out, tj_arena *arena, const tj_src_token *token, place *at)
{
    const char *end = token->start + token->byte_len, *p = token->start + 1;
    uint64_t line = 0;
    while (p < end && *p == ' ')
        p++;
    if (p == end || !isdigit((unsigned char)*p))
        return;
    for (; p < end && isdigit((unsigned char)*p); p++)
        line = line < UINT32_MAX / 16 ? line * 10 + (uint64_t)(*p - '0') : line;
    const char *open = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL;
    const char *close = open ? skip_quoted(open, end) : NULL;
    if (close && close - open >= 2)
        at->file = find_file(out, arena, open + 1, (size_t)(close - open) - 2);
    at->line = (uint32_t)(line ? line - 1 : 0);
}

static void count_lines(place *at, const char *to)
{
    for (; at->counted < to; at->counted++)
        at->line += *at->counted == '\n';
}

/* ---- all of it ----------------------------------------------------------------------- */

static void pair_brackets(tj_src_text *out, tj_arena *arena)
{
    uint32_t *open = tj_new_array(arena, uint32_t, TJ_SRC_MAX_DEPTH);
    uint32_t depth = 0;
    for (uint32_t i = 0; i < out->count; i++) {
        tj_src_token *token = &out->tokens[i];
        token->match = i;
        if (token->kind != TJ_SRC_PUNCT || token->byte_len != 1)
            continue;
        const char *closing = strchr(")]}", *token->start);
        if (strchr("([{", *token->start) && depth < TJ_SRC_MAX_DEPTH)
            open[depth++] = i;
        while (closing && depth) { /* what has no partner inside is stepped over */
            uint32_t other = open[--depth];
            if (*out->tokens[other].start != "([{"[closing - ")]}"])
                continue;
            token->match = other;
            out->tokens[other].match = i;
            break;
        }
    }
}

static uint32_t count_tokens(const char *text, size_t byte_len)
{
    lexer lex = {text, text + byte_len, true};
    uint32_t count = 0;
    while (next(&lex).kind != TJ_SRC_END)
        count++;
    return count;
}

tj_src_text tj_src_lex(tj_arena *arena, const char *text, size_t byte_len, const char *name)
{
    tj_src_text out = {.files = tj_new_array(arena, const char *, TJ_SRC_MAX_FILES)};
    uint32_t capacity = count_tokens(text, byte_len) + 1;
    lexer lex = {text, text + byte_len, true};
    place at = {.file = find_file(&out, arena, name, strlen(name)), .line = 1, .counted = text};
    out.tokens = tj_new_array(arena, tj_src_token, capacity);
    for (;;) {
        tj_src_token token = next(&lex);
        count_lines(&at, token.start);
        token.file = at.file;
        token.line = at.line;
        token.match = out.count;
        out.tokens[out.count] = token;
        if (token.kind == TJ_SRC_END)
            break;
        out.count++;
        if (token.kind == TJ_SRC_LINE)
            read_marker(&out, arena, &token, &at);
    }
    pair_brackets(&out, arena);
    return out;
}

/* ---- columns ------------------------------------------------------------------------- */

static bool is_same(const tj_src_token *a, const tj_src_token *b)
{
    return a->byte_len == b->byte_len && !memcmp(a->start, b->start, a->byte_len);
}

/* The tokens `first` to `last` came from `line`, which has no end-of-line. A token that is not
 * the next of the line is looked for a little further on: a macro's call was between. */
static void place_line(tj_src_text *out, uint32_t first, uint32_t last, const char *line,
                       size_t byte_len)
{
    enum { REACH = 40 };
    lexer lex = {line, line + byte_len, false};
    for (uint32_t i = first; i < last; i++) {
        lexer look = lex;
        for (int step = 0; step < REACH; step++) {
            tj_src_token written = next(&look);
            if (written.kind == TJ_SRC_END)
                break;
            if (!is_same(&written, &out->tokens[i]))
                continue;
            out->tokens[i].column = (uint32_t)(written.start - line) + 1;
            lex = look;
            break;
        }
    }
}

/* One character of a name in a marker: as it is, behind a backslash, or as three octal digits,
 * which clang writes for all that is not ASCII. */
static char take_character(const char **at)
{
    const char *p = *at;
    unsigned value = 0, digits = 0;
    if (*p != '\\' || !p[1]) {
        *at = p + 1;
        return *p;
    }
    for (p++; digits < 3 && *p >= '0' && *p <= '7'; digits++)
        value = value * 8 + (unsigned)(*p++ - '0');
    *at = digits ? p : p + 1;
    return digits ? (char)value : *p;
}

static bool is_named(const char *written, const char *name)
{
    while (*written && *name)
        if (take_character(&written) != *name++)
            return false;
    return !*written && !*name;
}

void tj_src_place(tj_src_text *out, const char *name, const char *text, size_t byte_len)
{
    const char *at = text, *end = text + byte_len;
    uint32_t line = 1;
    for (uint32_t i = 0; i < out->count;) {
        const tj_src_token *token = &out->tokens[i];
        uint32_t last = i + 1;
        while (last < out->count && out->tokens[last].file == token->file &&
               out->tokens[last].line == token->line)
            last++;
        if (is_named(out->files[token->file], name) && token->line >= line) {
            for (; line < token->line && at < end; line++)
                at = skip_line(at, end), at += at < end;
            if (at < end)
                place_line(out, i, last, at, (size_t)(skip_line(at, end) - at));
        }
        i = last;
    }
}
