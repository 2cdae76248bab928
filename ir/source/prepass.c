/* SPDX-License-Identifier: MIT */
/* The pre-pass: tokens, scopes, rewrites, and text again.
 *
 * Upstream clang has no Metal mode. What Metal adds to C++ is few words and attributes; each
 * rewrite marks tokens, and the text is written once at the end. Tokens keep their lines and,
 * in the user's own file, their columns: where a rewrite makes a line longer, a line marker
 * starts it again in front of the next token, so that clang's messages and debug information
 * name the places of the user's text.
 */
#include "source/prepass.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TOKENS = 1 << 24 };

/* ---- for the rewrites ---------------------------------------------------------------- */

uint32_t tj_prepass_next(const tj_prepass_state *s, uint32_t i)
{
    if (i < s->count)
        i++;
    while (i < s->count && s->tokens[i].kind == TJ_SRC_LINE)
        i++;
    return i;
}

uint32_t tj_prepass_previous(const tj_prepass_state *s, uint32_t i)
{
    while (i-- > 0)
        if (s->tokens[i].kind != TJ_SRC_LINE)
            return i;
    return s->count;
}

bool tj_prepass_is_any(const tj_src_token *token, const char *const *spellings)
{
    for (; *spellings; spellings++)
        if (tj_src_is(token, *spellings))
            return true;
    return false;
}

uint32_t tj_prepass_skip_angles(const tj_prepass_state *s, uint32_t i)
{
    enum { LONGEST = 4096 };
    static const char *const ends[] = {";", "{", "}", ")", "]", "&&", "||", NULL};
    unsigned depth = 0;
    if (!tj_src_is(&s->tokens[i], "<"))
        return i;
    for (uint32_t at = i; at < s->count && at - i < LONGEST; at++) {
        const tj_src_token *token = &s->tokens[at];
        if (token->kind != TJ_SRC_PUNCT)
            continue;
        if (tj_src_is(token, "<"))
            depth++;
        else if (tj_src_is(token, ">"))
            depth -= 1;
        else if (tj_src_is(token, ">>"))
            depth -= depth > 1 ? 2 : 1;
        else if (token->match > at)
            at = token->match;
        else if (tj_prepass_is_any(token, ends))
            return i;
        if (!depth)
            return at + 1;
    }
    return i;
}

void tj_prepass_delete(tj_prepass_state *s, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i <= last && i < s->count; i++)
        if (s->tokens[i].kind != TJ_SRC_LINE)
            s->tokens[i].instead = "";
}

static const char *join(tj_prepass_state *s, const char *a, const char *b)
{
    if (!a || !b)
        return a ? a : b;
    return tj_arena_printf(s->arena, "%s%s", a, b);
}

void tj_prepass_before(tj_prepass_state *s, uint32_t i, const char *text)
{
    s->tokens[i].before = join(s, s->tokens[i].before, text);
}

void tj_prepass_after(tj_prepass_state *s, uint32_t i, const char *text)
{
    s->tokens[i].after = join(s, s->tokens[i].after, text);
}

tj_status tj_prepass_fail(tj_prepass_state *s, uint32_t i, tj_status status, const char *format,
                          ...)
{
    const tj_src_token *token = &s->tokens[i];
    tj_loc loc = {
        .file = s->text.files[token->file], .line = token->line, .column = token->column};
    char message[400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return tj_fail_at(s->diags, status, &loc, "%s", message);
}

/* ---- pragmas ------------------------------------------------------------------------- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Clang 22 crashes on unknown names in some pragmas, and the preprocessor expands none there:
 * a loop's pragma keeps its number at most, and all others but clang's own for loops go. The
 * line is copied: the token may end with the text, and what reads words here wants their end. */
static const char *rewrite_pragma(tj_prepass_state *s, const tj_src_token *token)
{
    const char *text = tj_arena_strndup(s->arena, token->start + 1, token->byte_len - 1);
    text += strspn(text, " ");
    if (!starts_with(text, "pragma "))
        return "";
    text += strlen("pragma");
    text += strspn(text, " ");
    if (starts_with(text, "nounroll"))
        return "#pragma nounroll";
    if (starts_with(text, "unroll")) {
        unsigned count = 0;
        if (sscanf(text, "unroll ( %u )", &count) == 1 ||
            sscanf(text, "unroll %u", &count) == 1)
            return tj_arena_printf(s->arena, "#pragma unroll %u", count ? count : 1);
        return "#pragma unroll";
    }
    if (starts_with(text, "clang loop unroll(full)"))
        return "#pragma unroll";
    if (starts_with(text, "clang loop unroll(disable)"))
        return "#pragma nounroll";
    return "";
}

/* ---- writing ------------------------------------------------------------------------- */

typedef struct writer {
    const tj_prepass_state *s;
    tj_text *out;
    uint32_t file, line,
        column; /* where clang thinks that the next byte stands; line 0: unknown */
    bool was_edited;
} writer;

static void put(writer *w, const char *text, size_t byte_len)
{
    tj_text_add(w->out, text, byte_len);
    for (size_t i = 0; i < byte_len; i++) {
        w->line += text[i] == '\n';
        w->column = text[i] == '\n' ? 1 : w->column + 1;
    }
}

static void mark(writer *w, const tj_src_token *token)
{
    tj_text_printf(w->out, "\n# %u \"%s\"\n", token->line, w->s->text.files[token->file]);
    w->file = token->file;
    w->line = token->line;
    w->column = 1;
}

/* Goes to the token's place. */
static void go_to(writer *w, const tj_src_token *token, bool is_edited)
{
    enum { MAX_NEWLINES = 8, MAX_COLUMN = 4096 };
    bool is_new_line = token->line != w->line || token->file != w->file;
    if (token->file != w->file || !w->line || token->line < w->line ||
        token->line - w->line > MAX_NEWLINES)
        mark(w, token);
    while (w->line < token->line)
        put(w, "\n", 1);
    if (!token->column || token->column > MAX_COLUMN) {
        if (token->has_space || is_edited || w->was_edited)
            put(w, " ", 1);
        return;
    }
    bool touches = !is_new_line && w->column == token->column && (is_edited || w->was_edited);
    if (w->column > token->column || touches)
        mark(w, token);
    while (w->column < token->column)
        put(w, " ", 1);
}

static void write_line(writer *w, const tj_src_token *token)
{
    const char *text = token->instead;
    if (!text || !*text)
        return;
    tj_text_printf(w->out, "\n%s\n", text);
    w->line = 0;
}

static void write_token(writer *w, const tj_src_token *token)
{
    bool is_edited = token->before || token->instead || token->after;
    bool is_gone = token->instead && !*token->instead && !token->before && !token->after;
    if (is_gone)
        return;
    go_to(w, token, is_edited);
    if (token->before)
        put(w, token->before, strlen(token->before));
    if (token->before && token->column && (!token->instead || *token->instead))
        go_to(w, token, true); /* behind what was put in front */
    if (token->instead)
        put(w, token->instead, strlen(token->instead));
    else
        put(w, token->start, token->byte_len);
    if (token->after)
        put(w, token->after, strlen(token->after));
    w->was_edited = is_edited;
}

static void write_all(tj_prepass_state *s, tj_text *out)
{
    writer w = {.s = s, .out = out};
    for (uint32_t i = 0; i < s->count; i++) {
        tj_src_token *token = &s->tokens[i];
        if (token->kind == TJ_SRC_LINE) {
            if (!token->instead)
                token->instead = rewrite_pragma(s, token);
            write_line(&w, token);
        } else {
            write_token(&w, token);
        }
    }
    put(&w, "\n", 1);
}

/* A kernel template that the user names with its arguments. */
static void add_instance(const tj_prepass_state *s, tj_text *out)
{
    const char *open = s->entry ? strchr(s->entry, '<') : NULL;
    if (!open || strpbrk(s->entry, ";{}\"\\\n"))
        return;
    tj_text_printf(out,
                   "# 1 \"--entry\"\ntemplate __attribute__((annotate(\"msl.kernel\"))) "
                   "__attribute__((annotate(\"msl.host_name=%s\"))) decltype(%s) %s;\n",
                   s->entry, s->entry, s->entry);
}

tj_status tj_prepass(const tj_prepass_input *input, tj_diags *diags, tj_text *out)
{
    tj_arena *arena = tj_arena_create();
    tj_prepass_state s = {.arena = arena, .diags = diags, .entry = input->entry};
    tj_status status = TJ_OK;
    s.text = tj_src_lex(arena, input->text, input->byte_len, input->name);
    s.tokens = s.text.tokens;
    s.count = s.text.count;
    if (s.count > MAX_TOKENS) {
        tj_loc loc = {.file = input->name};
        status = tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc,
                            "%u tokens after the preprocessor; accepted are %d", s.count,
                            MAX_TOKENS);
    }
    if (!status) {
        if (input->written)
            tj_src_place(&s.text, input->name, input->written, input->written_len);
        tj_prepass_scopes(&s);
        tj_prepass_select(&s);
        status = tj_prepass_methods(&s);
    }
    if (!status)
        status = tj_prepass_attributes(&s);
    if (!status) {
        tj_prepass_declarations(&s);
        tj_prepass_expressions(&s);
        write_all(&s, out);
        add_instance(&s, out);
    }
    tj_arena_destroy(arena);
    return status;
}
