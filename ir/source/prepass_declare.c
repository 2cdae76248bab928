/* SPDX-License-Identifier: MIT */
/* Address-space words where C++ does not take them: local variables, methods, array parameters.
 */
#include "source/prepass.h"

#include <string.h>

enum { LONGEST = 4096 }; /* tokens of a declaration's head */

static const char *const spaces[] = {"constant", "device", "threadgroup", "thread", NULL};

/* ---- local variables ------------------------------------------------------------------- */

/* `threadgroup T x[N];` in a function is one object for all calls, which C++ calls static, and
 * so is `device T *threadgroup x[N]`; a pointer to such memory is an ordinary local. */
static void make_static(tj_prepass_state *s, uint32_t first)
{
    static const char *const before[] = {"const", "constexpr", "volatile", "alignas", NULL};
    static const char *const here[] = {"threadgroup", "constant", NULL};
    static const char *const ends[] = {";", "=", "{", "(", "[", ",", NULL};
    uint32_t i = first;
    while (tj_prepass_is_any(&s->tokens[i], before)) {
        i = tj_prepass_next(s, i);
        if (tj_src_is(&s->tokens[i], "(") && s->tokens[i].match > i)
            i = tj_prepass_next(s, s->tokens[i].match);
    }
    if (!tj_prepass_is_any(&s->tokens[i], spaces))
        return;
    bool is_there = tj_prepass_is_any(&s->tokens[i], here);
    for (i = tj_prepass_next(s, i); i < s->count && i - first < LONGEST;
         i = tj_prepass_next(s, i)) {
        const tj_src_token *token = &s->tokens[i];
        uint32_t after = tj_prepass_skip_angles(s, i);
        if (tj_src_is(token, "static"))
            return;
        if (tj_prepass_is_any(token, ends))
            break;
        if (tj_src_is(token, "*") || tj_src_is(token, "&"))
            is_there = false; /* the pointer itself, unless a word behind it says where */
        is_there = is_there || tj_prepass_is_any(token, here);
        if (after > i)
            i = after - 1;
    }
    if (is_there && !tj_src_is(&s->tokens[i], "("))
        tj_prepass_before(s, first, "static ");
}

/* ---- methods --------------------------------------------------------------------------- */

/* `T at(int i) const device {`: copies of a method for several address spaces. Functions that
 * differ in the number of enable_if attributes are overloads for clang, and the one with more
 * is preferred. */
static void rewrite_method(tj_prepass_state *s, uint32_t i)
{
#define ONE "__attribute__((enable_if(1,\"\")))"
    static const char *const copies[] = {ONE, ONE ONE, ONE ONE ONE, ONE ONE ONE ONE};
#undef ONE
    static const char *const cv[] = {"const", "volatile", NULL};
    static const char *const behind[] = {"{",     ":",        ";",        "=",        "->",
                                         "const", "noexcept", "volatile", "override", NULL};
    uint32_t before = tj_prepass_previous(s, i), after = tj_prepass_next(s, i), space = 0;
    while (before < s->count && tj_prepass_is_any(&s->tokens[before], cv))
        before = tj_prepass_previous(s, before);
    if (before == s->count || !tj_src_is(&s->tokens[before], ")") ||
        !tj_prepass_is_any(&s->tokens[after], behind))
        return;
    while (!tj_src_is(&s->tokens[i], spaces[space]))
        space++;
    s->tokens[i].instead = copies[space];
    if (tj_src_is(&s->tokens[after], "noexcept"))
        s->tokens[after].instead = "";
}

/* ---- array parameters ------------------------------------------------------------------ */

/* The parameter of tokens `first` to `last` (not included): `threadgroup T a[N][M]` becomes
 * `threadgroup T (*a)[M]`. */
static void rewrite_array(tj_prepass_state *s, uint32_t first, uint32_t last)
{
    uint32_t name = s->count, open;
    bool has_space = false;
    for (uint32_t i = first; i < last; i = tj_prepass_next(s, i)) {
        const tj_src_token *token = &s->tokens[i];
        uint32_t after = tj_prepass_skip_angles(s, i);
        has_space = has_space || tj_prepass_is_any(token, spaces);
        if (token->instead || tj_src_is(token, "(") || tj_src_is(token, "*") ||
            tj_src_is(token, "&") || tj_src_is(token, "="))
            return;
        if (tj_src_is(token, "["))
            break;
        if (token->kind == TJ_SRC_WORD)
            name = i;
        if (after > i)
            i = after - 1;
    }
    if (name == s->count || !has_space)
        return;
    open = tj_prepass_next(s, name);
    if (open >= last || !tj_src_is(&s->tokens[open], "[") || s->tokens[open].match >= last)
        return;
    bool is_nested = tj_src_is(&s->tokens[tj_prepass_next(s, s->tokens[open].match)], "[") &&
                     !s->tokens[tj_prepass_next(s, s->tokens[open].match)].instead;
    tj_prepass_before(s, name, is_nested ? "(*" : "*");
    if (is_nested)
        tj_prepass_after(s, name, ")");
    tj_prepass_delete(s, open, s->tokens[open].match);
}

/* ---- types of arguments ------------------------------------------------------------------ */

/* A kernel's argument that is a pointer or reference gets an annotation of what it points to:
 * clang's IR does not tell, and a template's type is known to clang only. */
static void describe_argument(tj_prepass_state *s, uint32_t first, uint32_t last)
{
    static const char *const not_type[] = {"constant", "device",   "threadgroup", "thread",
                                           "const",    "volatile", "restrict",    NULL};
    tj_text type = {0};
    uint32_t i = first;
    for (; i < last; i++) {
        const tj_src_token *token = &s->tokens[i];
        if (tj_src_is(token, "*") || tj_src_is(token, "&") || tj_src_is(token, "("))
            break;
        if (token->instead || token->kind == TJ_SRC_LINE || tj_prepass_is_any(token, not_type))
            continue;
        if (tj_prepass_skip_angles(s, i) > i) {
            uint32_t end = tj_prepass_skip_angles(s, i);
            for (; i < end && i < last; i++)
                tj_text_printf(&type, " %.*s", (int)s->tokens[i].byte_len, s->tokens[i].start);
            i--;
            continue;
        }
        tj_text_printf(&type, "%s%.*s", type.byte_len ? " " : "", (int)token->byte_len,
                       token->start);
    }
    if (i < last && type.byte_len && strcmp(type.data, "void") != 0 &&
        !tj_src_is(&s->tokens[i], "(") && !memchr(type.data, '"', type.byte_len) &&
        !memchr(type.data, '\\', type.byte_len))
        tj_prepass_before(s, last,
                          tj_arena_printf(s->arena,
                                          " __attribute__((annotate(\"msl.type=%s\", "
                                          "::metal::__type_code<%s>, sizeof(%s)))) ",
                                          type.data, type.data, type.data));
    tj_text_fini(&type);
}

/* The list of a kernel's definition: the word stands before it. */
static bool is_kernel_list(const tj_prepass_state *s, uint32_t open)
{
    uint32_t first = s->statements[open];
    bool is_kernel = false;
    if (s->scopes[open] != TJ_SCOPE_NAMESPACE ||
        (tj_src_is(&s->tokens[first], "template") &&
         !tj_src_is(&s->tokens[tj_prepass_next(s, first)], "<")))
        return false;
    for (uint32_t i = first; i < open && i - first < LONGEST; i++)
        is_kernel = is_kernel || tj_src_is(&s->tokens[i], "kernel");
    return is_kernel && tj_src_is(&s->tokens[tj_prepass_next(s, s->tokens[open].match)], "{");
}

static void rewrite_parameters(tj_prepass_state *s, uint32_t open)
{
    bool is_kernel = is_kernel_list(s, open);
    uint32_t close = s->tokens[open].match, first = open + 1;
    for (uint32_t i = open + 1; i <= close; i++) {
        const tj_src_token *token = &s->tokens[i];
        uint32_t after = tj_prepass_skip_angles(s, i);
        if (i == close || tj_src_is(token, ",")) {
            rewrite_array(s, first, i);
            if (is_kernel)
                describe_argument(s, first, i);
            first = i + 1;
        } else if (after > i) {
            i = after - 1;
        } else if (token->kind == TJ_SRC_PUNCT && token->match > i) {
            i = token->match;
        }
    }
}

void tj_prepass_declarations(tj_prepass_state *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const tj_src_token *token = &s->tokens[i];
        if (token->kind == TJ_SRC_LINE || token->instead)
            continue;
        if (s->statements[i] == i && s->scopes[i] == TJ_SCOPE_FUNCTION)
            make_static(s, i);
        if (tj_prepass_is_any(token, spaces))
            rewrite_method(s, i);
        /* A parameter list, not a condition: some parameter starts with such a word. */
        if (tj_src_is(token, "(") && token->match > i) {
            uint32_t previous = tj_prepass_previous(s, i);
            if (previous < s->count && s->tokens[previous].kind == TJ_SRC_WORD &&
                !tj_prepass_is_any(&s->tokens[previous],
                                   (const char *const[]){"for", "if", "while", "switch", NULL}))
                rewrite_parameters(s, i);
        }
    }
}
