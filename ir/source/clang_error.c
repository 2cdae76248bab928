/* SPDX-License-Identifier: MIT */
/* clang's diagnostics, one a line: "file:line:column: error: message". The first error counts;
 * how many follow stands behind it. */
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where " error: " or " fatal error: " starts in a line; NULL: nowhere. */
static const char *find_error(const char *line, const char *end, const char **message)
{
    static const char *const words[] = {" error: ", " fatal error: "};
    for (const char *at = line; at < end; at++)
        for (unsigned i = 0; i < 2; i++) {
            size_t byte_len = strlen(words[i]);
            if ((size_t)(end - at) < byte_len || memcmp(at, words[i], byte_len) != 0)
                continue;
            *message = at + byte_len;
            return at;
        }
    return NULL;
}

/* "name:12:34:" at the end of [line, end). */
static tj_loc read_place(tj_arena *arena, const char *line, const char *end)
{
    tj_loc loc = {0};
    unsigned numbers[2] = {0, 0};
    if (end > line && end[-1] == ':')
        end--;
    for (unsigned i = 0; i < 2; i++) {
        const char *at = end;
        while (at > line && at[-1] >= '0' && at[-1] <= '9')
            at--;
        if (at == end || at == line || at[-1] != ':')
            return loc;
        numbers[i] = (unsigned)strtoul(at, NULL, 10);
        end = at - 1;
    }
    loc.file = tj_arena_strndup(arena, line, (size_t)(end - line));
    loc.line = numbers[1];
    loc.column = numbers[0];
    return loc;
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
    if (byte_len > 240 || memchr(at, '\0', byte_len))
        return NULL;
    return tj_arena_strndup(arena, at, byte_len);
}

/* The first error's line; `*count` is how many there are. */
static const char *first_error(const char *text, const char **place_end, const char **message,
                               unsigned *count)
{
    const char *first = NULL;
    *count = 0;
    for (const char *line = text; line && *line;) {
        const char *end = line + strcspn(line, "\n"), *what;
        const char *at = find_error(line, end, &what);
        if (at && !(*count)++) {
            first = line;
            *place_end = at;
            *message = what;
        }
        line = *end ? end + 1 : NULL;
    }
    return first;
}

tj_status tj_clang_error(const tj_source *source, const char *text, tj_diags *diags)
{
    const char *place_end = NULL, *message = NULL;
    unsigned count;
    tj_arena *arena = tj_arena_create();
    tj_loc loc = {.file = source->name};
    const char *line = first_error(text ? text : "", &place_end, &message, &count);
    tj_status status = TJ_E_MALFORMED;
    if (line) {
        tj_loc place = read_place(arena, line, place_end);
        if (place.file)
            loc = place;
        if (loc.line && strcmp(loc.file, source->name) == 0)
            loc.source = line_of(arena, source, loc.line);
        char more[64] = "";
        if (count > 1)
            snprintf(more, sizeof more, " (and %u more error%s)", count - 1,
                     count > 2 ? "s" : "");
        tj_fail_at(diags, status, &loc, "%.*s%s", (int)strcspn(message, "\n"), message, more);
    } else {
        status = tj_fail_at(diags, TJ_E_INTERNAL, &loc, "clang failed: %.200s",
                            text && *text ? text : "without a message");
    }
    tj_arena_destroy(arena);
    return status;
}
