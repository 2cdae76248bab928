/* SPDX-License-Identifier: MIT */
/* A look at the bytes before LLVM's readers see them.
 *
 * The text parser recurses per bracket, lays types out per nested named type and makes
 * vector constants element by element, none of it with a limit; a few kilobytes of hostile
 * text end the process. One pass over the tokens refuses what no kernel needs.
 */
#include "guard.h"

#include <stdint.h>
#include <string.h>

enum {
    MAX_DEPTH = 256,         /* nested brackets */
    MAX_VECTOR_LENGTH = 4096, /* the accepted language ends at 64 */
    MAX_NAMED_TYPES = 4096
};

typedef struct scan {
    const char *at, *end, *line_start;
    unsigned line, depth, type_count;
} scan;

static bool starts_with(const char *bytes, size_t byte_len, const char *magic)
{
    return byte_len >= 4 && memcmp(bytes, magic, 4) == 0;
}

bool tj_guard_is_bitcode(const char *bytes, size_t byte_len)
{
    return starts_with(bytes, byte_len, "BC\xC0\xDE") ||
           starts_with(bytes, byte_len, "\xDE\xC0\x17\x0B");
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.' || c == '$' || c == '-';
}

static tj_status refuse(const scan *s, tj_diags *diags, const char *file, const char *what,
                        unsigned limit)
{
    tj_loc loc = {.file = file, .line = s->line, .column = (unsigned)(s->at - s->line_start) + 1};
    return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc, "%s; accepted are at most %u", what, limit);
}

/* Steps over `"..."`, `; ...` and block comments; LLVM strings have no escaped quotes. */
static void skip_opaque(scan *s)
{
    bool is_string = *s->at == '"', is_block = *s->at == '/';
    for (s->at++; s->at < s->end; s->at++) {
        if (*s->at == '\n') {
            if (!is_string && !is_block)
                return;
            s->line++;
            s->line_start = s->at + 1;
        }
        if (is_string && *s->at == '"')
            break;
        if (is_block && *s->at == '*' && s->end - s->at > 1 && s->at[1] == '/')
            break;
    }
    if (s->at < s->end)
        s->at += is_block ? 2 : 1;
}

/* The N of `<N x`, 0 for anything else. */
static uint64_t vector_length(const scan *s)
{
    const char *p = s->at + 1;
    uint64_t length = 0;
    while (p < s->end && *p == ' ')
        p++;
    for (; p < s->end && *p >= '0' && *p <= '9'; p++)
        length = length > UINT32_MAX ? length : length * 10 + (uint64_t)(*p - '0');
    while (p < s->end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
        p++;
    return p < s->end && *p == 'x' ? length : 0;
}

static bool is_type_keyword(const scan *s)
{
    return s->end - s->at > 4 && memcmp(s->at, "type", 4) == 0 && !is_word(s->at[4]);
}

static tj_status check_token(scan *s, tj_diags *diags, const char *file)
{
    switch (*s->at) {
    case '(':
    case '[':
    case '{':
        if (++s->depth > MAX_DEPTH)
            return refuse(s, diags, file, "brackets nested too deeply", MAX_DEPTH);
        break;
    case ')':
    case ']':
    case '}':
        s->depth -= s->depth > 0;
        break;
    case '<':
        if (vector_length(s) > MAX_VECTOR_LENGTH)
            return refuse(s, diags, file, "vector of too many elements", MAX_VECTOR_LENGTH);
        break;
    case '\n':
        s->line++;
        s->line_start = s->at + 1;
        break;
    default:
        break;
    }
    s->at++;
    return TJ_OK;
}

static tj_status check_text(tj_diags *diags, const char *file, const char *bytes,
                            size_t byte_len)
{
    scan s = {.at = bytes, .end = bytes + byte_len, .line_start = bytes, .line = 1};
    while (s.at < s.end) {
        bool is_comment = *s.at == '/' && s.end - s.at > 1 && s.at[1] == '*';
        if (*s.at == '"' || *s.at == ';' || is_comment) {
            skip_opaque(&s);
        } else if (is_word(*s.at)) {
            if (is_type_keyword(&s) && ++s.type_count > MAX_NAMED_TYPES)
                return refuse(&s, diags, file, "too many type definitions", MAX_NAMED_TYPES);
            while (s.at < s.end && is_word(*s.at))
                s.at++;
        } else {
            tj_status status = check_token(&s, diags, file);
            if (status)
                return status;
        }
    }
    return TJ_OK;
}

tj_status tj_guard(tj_diags *diags, const char *file, const char *bytes, size_t byte_len)
{
    if (byte_len == 0) {
        tj_loc loc = {.file = file};
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                          "the input is empty; accepted are LLVM text and bitcode");
    }
    if (tj_guard_is_bitcode(bytes, byte_len))
        return TJ_OK;
    return check_text(diags, file, bytes, byte_len);
}
