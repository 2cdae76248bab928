/* SPDX-License-Identifier: MIT */
/* A look at the bytes before LLVM's readers see them.
 *
 * The text parser recurses per bracket, lays types out per nested named type and makes
 * vector constants element by element, none of it with a limit; a few kilobytes of hostile
 * text end the process. One pass over the tokens refuses what no kernel needs. Metadata is
 * followed node by node, and scopes of debug information for ever when they form a ring:
 * text with many nodes or with debug information is tried in a child process first.
 */
#include "guard.h"

#include "ll_lex.h"

#include <string.h>

enum {
    MAX_DEPTH = 256,          /* nested brackets */
    MAX_VECTOR_LENGTH = 4096, /* the accepted language ends at 64 */
    MAX_NAMED_TYPES = 4096,
    MAX_ALIASES = 256,
    MAX_WORD_BYTES = 1024,   /* numbers; quoted names are longer and no words */
    MAX_UNTRIED_NODES = 1024 /* metadata nodes */
};

static bool starts_with(const char *bytes, size_t byte_len, const char *magic)
{
    return byte_len >= 4 && memcmp(bytes, magic, 4) == 0;
}

bool tj_guard_is_bitcode(const char *bytes, size_t byte_len)
{
    return starts_with(bytes, byte_len, "BC\xC0\xDE") ||
           starts_with(bytes, byte_len, "\xDE\xC0\x17\x0B");
}

/* LLVM's bitcode ends the strings of attributes and sections with a NUL; one inside would
 * turn into other records when the module is written. Constants c"..." and metadata !"..."
 * may hold any byte. */
static bool holds_forbidden_nul(const tj_ll_token *t, const tj_ll_token *before)
{
    if (t->kind != TJ_LL_STRING || tj_ll_is_word(before, "c") || tj_ll_is_punct(before, '!'))
        return false;
    for (size_t i = 0; i + 2 < t->byte_len; i++)
        if (memcmp(t->start + i, "\\00", 3) == 0)
            return true;
    return false;
}

/* What was found so far. */
typedef struct found {
    unsigned depth, type_count, alias_count, node_count;
    bool has_debug_info;
    tj_ll_token before, before_that;
} found;

/* The number that a word starts with; LLVM reads `4x` as `4 x`. */
static unsigned long leading_number(const tj_ll_token *token)
{
    unsigned long number = 0;
    for (size_t i = 0; i < token->byte_len; i++) {
        char c = token->start[i];
        if (c < '0' || c > '9')
            break;
        if (number <= MAX_VECTOR_LENGTH)
            number = number * 10 + (unsigned long)(c - '0');
    }
    return number;
}

static bool is_open(const tj_ll_token *t)
{
    return tj_ll_is_punct(t, '(') || tj_ll_is_punct(t, '[') || tj_ll_is_punct(t, '{') ||
           tj_ll_is_punct(t, '<');
}

static bool is_close(const tj_ll_token *t)
{
    return tj_ll_is_punct(t, ')') || tj_ll_is_punct(t, ']') || tj_ll_is_punct(t, '}') ||
           tj_ll_is_punct(t, '>');
}

/* What is wrong with the token, and the limit; NULL when nothing is. */
static const char *find_excess(found *f, const tj_ll_token *t, unsigned *limit)
{
    const char *what = NULL;
    if (is_open(t) && ++f->depth > MAX_DEPTH) {
        what = "brackets nested too deeply";
        *limit = MAX_DEPTH;
    } else if (is_close(t)) {
        f->depth -= f->depth > 0;
    } else if (t->kind == TJ_LL_WORD && tj_ll_is_punct(&f->before, '<') &&
               leading_number(t) > MAX_VECTOR_LENGTH) {
        what = "vector of too many elements";
        *limit = MAX_VECTOR_LENGTH;
    } else if (tj_ll_is_word(t, "type") && ++f->type_count > MAX_NAMED_TYPES) {
        what = "too many type definitions";
        *limit = MAX_NAMED_TYPES;
    } else if (tj_ll_is_word(t, "alias") && ++f->alias_count > MAX_ALIASES) {
        what = "too many aliases";
        *limit = MAX_ALIASES;
    } else if (t->kind == TJ_LL_WORD && t->byte_len > MAX_WORD_BYTES) {
        what = "a number of too many digits";
        *limit = MAX_WORD_BYTES;
    }
    return what;
}

/* `!0 = ` starts a node, `!DILocation(` is debug information. */
static void note_metadata(found *f, const tj_ll_token *t)
{
    if (f->before.kind != TJ_LL_WORD || !tj_ll_is_punct(&f->before_that, '!'))
        return;
    f->node_count += tj_ll_is_punct(t, '=');
    f->has_debug_info = f->has_debug_info || tj_ll_is_punct(t, '(');
}

static tj_status check_token(found *f, const tj_ll_token *t, tj_diags *diags, const char *file)
{
    unsigned limit = 0;
    tj_loc loc = {.file = file, .line = t->line, .column = t->column};
    const char *what = find_excess(f, t, &limit);
    if (what)
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc, "%s; accepted are at most %u", what,
                          limit);
    if (holds_forbidden_nul(t, &f->before))
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc, "a NUL byte in a string");
    if (t->kind == TJ_LL_NEWLINE)
        return TJ_OK;
    note_metadata(f, t);
    f->before_that = f->before;
    f->before = *t;
    return TJ_OK;
}

static tj_status check_text(tj_diags *diags, const char *file, const char *bytes,
                            size_t byte_len, bool *needs_trial)
{
    found f = {0};
    tj_ll_lexer lexer = tj_ll_start(bytes, byte_len);
    tj_status status = TJ_OK;
    for (;;) {
        tj_ll_token token = tj_ll_next(&lexer);
        if (token.kind == TJ_LL_END || status)
            break;
        status = check_token(&f, &token, diags, file);
    }
    *needs_trial = f.has_debug_info || f.node_count > MAX_UNTRIED_NODES;
    return status;
}

tj_status tj_guard(tj_diags *diags, const char *file, const char *bytes, size_t byte_len,
                   bool *needs_trial)
{
    *needs_trial = tj_guard_is_bitcode(bytes, byte_len);
    if (byte_len == 0) {
        tj_loc loc = {.file = file};
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                          "the input is empty; accepted are LLVM text and bitcode");
    }
    if (*needs_trial)
        return TJ_OK;
    const char *nul = memchr(bytes, 0, byte_len);
    if (nul) {
        tj_loc loc = {.file = file};
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                          "byte %zu is NUL; accepted are LLVM text and bitcode",
                          (size_t)(nul - bytes));
    }
    return check_text(diags, file, bytes, byte_len, needs_trial);
}
