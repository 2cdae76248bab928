/* SPDX-License-Identifier: MIT */
/* Generic pointers of OpenCL C 2.0 (address space 4 of SPIR) become pointers of space 0, which
 * may point anywhere in AIR form too. The types of a module cannot be changed through LLVM's C
 * interface, so this happens in its text.
 *
 * A cast between spaces that are now the same is no addrspacecast any more; it becomes a
 * bitcast. */
#include "opencl_internal.h"

#include <string.h>

static const char cast_word[] = "addrspacecast", generic[] = " addrspace(4)";

/* The end of a string in quotes; LLVM's text writes quotes inside as \22. */
static const char *behind_string(const char *at, const char *end)
{
    const char *close = memchr(at + 1, '"', (size_t)(end - at - 1));
    return close ? close + 1 : end;
}

static bool starts(const char *at, const char *end, const char *word)
{
    size_t byte_len = strlen(word);
    return (size_t)(end - at) >= byte_len && memcmp(at, word, byte_len) == 0;
}

/* Whether `at`, a pointer type, is of space 0 or 4. */
static bool is_plain(const char *at, const char *end)
{
    return starts(at, end, "ptr") &&
           (!starts(at + 3, end, " addrspace(") || starts(at + 3, end, generic));
}

/* The type that a cast's " to " at its own depth of brackets names; NULL: none. */
static const char *cast_target(const char *at, const char *end)
{
    unsigned depth = 0;
    for (; at < end && *at != '\n'; at++) {
        if (*at == '"')
            at = behind_string(at, end) - 1;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && depth-- == 0)
            return NULL;
        else if (!depth && starts(at, end, " to "))
            return at + strlen(" to ");
    }
    return NULL;
}

/* `at` is behind the word; of a constant expression the operands are in brackets. */
static bool is_cast_of_equals(const char *at, const char *end)
{
    at += starts(at, end, " (") ? 2 : 1;
    if (at >= end || !is_plain(at, end))
        return false;
    const char *target = cast_target(at, end);
    return target && is_plain(target, end);
}

void tj_ocl_plain_spaces(const char *text, size_t byte_len, tj_text *out)
{
    const char *end = text + byte_len;
    while (text < end) {
        const char *at = text;
        while (at < end && *at != '"' && *at != 'a' && *at != ' ')
            at++;
        tj_text_add(out, text, (size_t)(at - text));
        text = at;
        if (at == end)
            break;
        if (*at == '"') {
            text = behind_string(at, end);
            tj_text_add(out, at, (size_t)(text - at));
        } else if (starts(at, end, generic)) {
            text += strlen(generic);
        } else if (starts(at, end, cast_word)) {
            text += strlen(cast_word);
            tj_text_puts(out, is_cast_of_equals(text, end) ? "bitcast" : cast_word);
        } else {
            tj_text_add(out, text++, 1);
        }
    }
}
