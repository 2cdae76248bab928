/* SPDX-License-Identifier: MIT */
/* clang's messages as errors: "file:line:column: error: text", notes behind it. The first error
 * counts; how many follow stands behind it. */
#include "source/job.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One message, its parts in the text. */
typedef struct message {
    const char *file, *kind, *text;
    size_t file_len, kind_len, text_len;
    unsigned line, column;
} message;

/* ":12" in front of `*at`, which goes to the colon's text. */
static bool take_number(const char **at, unsigned *out)
{
    char *end;
    if (**at != ':' || !isdigit((unsigned char)(*at)[1]))
        return false;
    *out = (unsigned)strtoul(*at + 1, &end, 10);
    *at = end;
    return true;
}

/* The file's name ends where two numbers and a blank follow. */
static bool read_message(const char *line, size_t byte_len, message *out)
{
    static const char *const kinds[] = {"error", "fatal error", "note", "warning"};
    for (const char *p = line; p < line + byte_len; p++) {
        const char *at = p;
        unsigned row, column = 0;
        if (*p != ':' || !take_number(&at, &row))
            continue;
        take_number(&at, &column);
        if (strncmp(at, ": ", 2) != 0)
            continue;
        at += 2;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            size_t len = strlen(kinds[k]);
            if (strncmp(at, kinds[k], len) == 0 && strncmp(at + len, ": ", 2) == 0) {
                *out = (message){.file = line,
                                 .file_len = (size_t)(p - line),
                                 .line = row,
                                 .column = column,
                                 .kind = at,
                                 .kind_len = len,
                                 .text = at + len + 2};
                out->text_len = (size_t)(line + byte_len - out->text);
                return true;
            }
        }
    }
    return false;
}

static bool is_kind(const message *m, const char *kind)
{
    return m->kind_len >= strlen(kind) &&
           strncmp(m->kind + m->kind_len - strlen(kind), kind, strlen(kind)) == 0;
}

static bool is_own(const tj_source_words *words, const message *m)
{
    for (const char *const *own = words->own_files; *own; own++)
        if (m->file_len >= strlen(*own) && strncmp(m->file, *own, strlen(*own)) == 0)
            return true;
    return false;
}

/* ---- the language's words ---------------------------------------------------------------- */

static const char *translate(const tj_source_words *words, tj_arena *arena, const message *m)
{
    tj_text out = {0};
    for (size_t at = 0; at < m->text_len;) {
        size_t used = 0;
        for (const tj_source_pair *w = words->translations; w && w->clang && !used; w++) {
            size_t len = strlen(w->clang);
            if (m->text_len - at >= len && strncmp(m->text + at, w->clang, len) == 0) {
                tj_text_puts(&out, w->ours);
                used = len;
            }
        }
        if (!used)
            tj_text_add(&out, m->text + at, used = 1);
        at += used;
    }
    const char *copy = tj_arena_strndup(arena, out.data ? out.data : "", out.byte_len);
    tj_text_fini(&out);
    return copy;
}

/* What the language has and our library has not: clang names it as something that is missing.
 */
static const char *find_refused(const tj_source_words *words, const message *error)
{
    static const char *const missing[] = {"no template named '", "unknown type name '",
                                          "use of undeclared identifier '",
                                          "no member named '"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        size_t len = strlen(missing[i]);
        if (error->text_len < len || strncmp(error->text, missing[i], len) != 0)
            continue;
        for (const tj_source_pair *w = words->refused; w && w->clang; w++)
            if (error->text_len - len > strlen(w->clang) &&
                strncmp(error->text + len, w->clang, strlen(w->clang)) == 0)
                return w->ours;
    }
    return NULL;
}

/* ---- the error --------------------------------------------------------------------------- */

/* The first error, the first place in the user's text that it or its notes name, and how many
 * errors there are. */
typedef struct summary {
    message error, place;
    unsigned count;
} summary;

static void summarise(const tj_source_words *words, const char *messages, summary *out)
{
    message m;
    for (const char *line = messages; *line;) {
        size_t byte_len = strcspn(line, "\n");
        if (read_message(line, byte_len, &m)) {
            bool is_error = is_kind(&m, "error");
            if (is_error && !out->count++)
                out->error = m;
            if (out->count == 1 && !out->place.file && !is_own(words, &m))
                out->place = m;
        }
        line += byte_len + (line[byte_len] == '\n');
    }
}

static const char *line_of(tj_arena *arena, const tj_source *source, unsigned number)
{
    const char *at = source->text, *end = source->text + source->byte_len;
    for (unsigned i = 1; i < number && at; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    if (!at || at == end)
        return NULL;
    const char *close = memchr(at, '\n', (size_t)(end - at));
    size_t byte_len = (size_t)((close ? close : end) - at);
    byte_len -= byte_len && at[byte_len - 1] == '\r';
    if (byte_len > 240 || memchr(at, '\0', byte_len))
        return NULL;
    return tj_arena_strndup(arena, at, byte_len);
}

/* What clang says without a place: of its command line, or nothing that is known. */
static tj_status fail_without_place(const tj_source_job *job, const char *messages)
{
    static const char word[] = "error: ";
    tj_loc loc = {.file = job->source->name};
    const char *at = strstr(messages, word);
    if (at) {
        at += sizeof word - 1;
        return tj_fail_at(job->diags, TJ_E_MALFORMED, &loc, "%.*s", (int)strcspn(at, "\n"), at);
    }
    return tj_fail_at(job->diags, TJ_E_INTERNAL, &loc, "clang failed: %.200s",
                      *messages ? messages : "without a message");
}

tj_status tj_clang_error(const tj_source_job *job, const char *messages)
{
    const tj_source_words *words = job->language->words;
    tj_loc loc = {.file = job->source->name};
    summary s = {0};
    char more[64] = "";
    summarise(words, messages, &s);
    if (!s.error.file)
        return fail_without_place(job, messages);
    if (s.place.file) {
        loc.file = tj_arena_strndup(job->diags->arena, s.place.file, s.place.file_len);
        loc.line = s.place.line;
        loc.column = s.place.column;
    }
    if (loc.line && strcmp(loc.file, job->source->name) == 0)
        loc.source = line_of(job->diags->arena, job->source, loc.line);
    if (s.count > 1)
        snprintf(more, sizeof more, " (and %u more error%s)", s.count - 1,
                 s.count > 2 ? "s" : "");
    const char *text = translate(words, job->diags->arena, &s.error);
    const char *refused = find_refused(words, &s.error);
    return refused ? tj_fail_at(job->diags, TJ_E_UNSUPPORTED, &loc, "not supported, %s: %s%s",
                                refused, text, more)
                   : tj_fail_at(job->diags, TJ_E_MALFORMED, &loc, "%s%s", text, more);
}
