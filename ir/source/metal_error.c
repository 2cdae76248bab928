/* SPDX-License-Identifier: MIT */
/* Clang's messages as errors: "file:line:column: error: text", notes behind it. */
#include "source/source.h"

#include <ctype.h>
#include <stdbool.h>
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

/* In the library that clang gets from us. */
static bool is_ours(const message *m)
{
    static const char *const files[] = {"<metal>", "<command line>", "<built-in>", "/dev/fd/"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (m->file_len >= strlen(files[i]) &&
            strncmp(m->file, files[i], strlen(files[i])) == 0)
            return true;
    return false;
}

/* Address spaces by Metal's words. */
static const char *translate(tj_arena *arena, const char *text, size_t byte_len)
{
    static const struct {
        const char *clang, *metal;
    } words[] = {{"__attribute__((address_space(1)))", "device"},
                 {"__attribute__((address_space(3)))", "threadgroup"},
                 {"const __attribute__((address_space(4)))", "constant"},
                 {"__attribute__((address_space(4)))", "constant"},
                 {"_Float16", "half"},
                 {"__bf16", "bfloat"}};
    tj_text out = {0};
    for (size_t at = 0; at < byte_len;) {
        size_t used = 0;
        for (size_t w = 0; w < sizeof words / sizeof *words && !used; w++) {
            size_t len = strlen(words[w].clang);
            if (byte_len - at >= len && strncmp(text + at, words[w].clang, len) == 0) {
                tj_text_puts(&out, words[w].metal);
                used = len;
            }
        }
        if (!used)
            tj_text_add(&out, text + at, used = 1);
        at += used;
    }
    const char *copy = tj_arena_strndup(arena, out.data ? out.data : "", out.byte_len);
    tj_text_fini(&out);
    return copy;
}

/* What Metal's library has and ours has not: clang names it as something that is missing. */
static const char *find_refused(const message *error)
{
    static const char *const missing[] = {"no template named '", "unknown type name '",
                                          "use of undeclared identifier '",
                                          "no member named '"};
    static const struct {
        const char *start, *what;
    } words[] = {{"texture", "textures"},
                 {"depth", "textures"},
                 {"sampler", "samplers"},
                 {"raytracing", "ray tracing"},
                 {"visible_function_table", "tables of functions"},
                 {"imageblock", "image blocks"},
                 {"tensor", "tensors"},
                 {"mpp", "MetalPerformancePrimitives"}};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        size_t len = strlen(missing[i]);
        if (error->text_len < len || strncmp(error->text, missing[i], len) != 0)
            continue;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (error->text_len - len > strlen(words[w].start) &&
                strncmp(error->text + len, words[w].start, strlen(words[w].start)) == 0)
                return words[w].what;
    }
    return NULL;
}

tj_status tj_metal_report(const char *messages, const char *name, tj_diags *diags)
{
    message error = {0}, place = {0}, m;
    for (const char *line = messages; *line;) {
        size_t byte_len = strcspn(line, "\n");
        if (read_message(line, byte_len, &m)) {
            if (is_kind(&m, "error") && error.file)
                break;
            if (is_kind(&m, "error"))
                error = m;
            if (error.file && !place.file && !is_ours(&m))
                place = m;
        }
        line += byte_len + (line[byte_len] == '\n');
    }
    if (!error.file) {
        tj_loc loc = {.file = name};
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc, "clang: %.*s",
                          (int)strcspn(messages, "\n"),
                          *messages ? messages : "no reason given");
    }
    tj_loc loc = {.file = name};
    if (place.file) {
        loc.file = tj_arena_strndup(diags->arena, place.file, place.file_len);
        loc.line = place.line;
        loc.column = place.column;
    }
    const char *text = translate(diags->arena, error.text, error.text_len);
    const char *refused = find_refused(&error);
    return refused ? tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc, "not supported, %s: %s", refused,
                                text)
                   : tj_fail_at(diags, TJ_E_MALFORMED, &loc, "%s", text);
}
