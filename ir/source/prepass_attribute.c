/* SPDX-License-Identifier: MIT */
/* Metal's attributes and function constants.
 *
 * Clang drops attributes that it does not know. All of Metal's become annotations, which reach
 * the IR: `[[buffer(3)]]` is annotate("msl.buffer", 3), whose argument may depend on a
 * template's. A function constant becomes an external variable of the name tmjit.fc.NAME, and
 * beside it stands a used variable tmjit.fc.index.TYPE.NAME that holds its number.
 */
#include "source/prepass.h"

#include "ir.h"

#include <string.h>

typedef enum form {
    FORM_PLAIN,  /* [[kernel]] */
    FORM_NUMBER, /* [[buffer(3)]]: a constant expression */
    FORM_NAME,   /* [[host_name("x")]] */
    FORM_OBJECT, /* [[function_constant(x)]] of a parameter: a variable */
    FORM_ANY     /* of other stages: kept as a name, refused on kernels */
} form;

typedef struct row {
    const char *name;
    form form;
} row;

static const row rows[] = {
    {"kernel", FORM_PLAIN},
    {"host_name", FORM_NAME},
    {"buffer", FORM_NUMBER},
    {"threadgroup", FORM_NUMBER},
    {"texture", FORM_NUMBER},
    {"sampler", FORM_NUMBER},
    {"id", FORM_NUMBER},
    {"function_constant", FORM_OBJECT},
    {"max_total_threads_per_threadgroup", FORM_NUMBER},
    {"required_threads_per_threadgroup", FORM_ANY},
    {"max_total_threadgroups_per_mesh_grid", FORM_ANY},
    {"vertex", FORM_ANY},
    {"fragment", FORM_ANY},
    {"mesh", FORM_ANY},
    {"object", FORM_ANY},
    {"visible", FORM_ANY},
    {"stitchable", FORM_ANY},
    {"intersection", FORM_ANY},
    {"stage_in", FORM_ANY},
    {"user", FORM_ANY},
    {"position", FORM_ANY},
    {"color", FORM_ANY},
    {"attribute", FORM_ANY},
    {"depth", FORM_ANY},
    {"stencil", FORM_ANY},
    {"point_size", FORM_ANY},
    {"point_coord", FORM_ANY},
    {"clip_distance", FORM_ANY},
    {"vertex_id", FORM_ANY},
    {"instance_id", FORM_ANY},
    {"base_vertex", FORM_ANY},
    {"base_instance", FORM_ANY},
    {"primitive_id", FORM_ANY},
    {"front_facing", FORM_ANY},
    {"sample_id", FORM_ANY},
    {"sample_mask", FORM_ANY},
    {"viewport_array_index", FORM_ANY},
    {"render_target_array_index", FORM_ANY},
    {"early_fragment_tests", FORM_ANY},
    {"flat", FORM_ANY},
    {"center_perspective", FORM_ANY},
    {"center_no_perspective", FORM_ANY},
    {"centroid_perspective", FORM_ANY},
    {"centroid_no_perspective", FORM_ANY},
    {"sample_perspective", FORM_ANY},
    {"sample_no_perspective", FORM_ANY},
    {"invariant", FORM_ANY},
    {"payload", FORM_ANY},
    {"raster_order_group", FORM_ANY},
    {"patch", FORM_ANY},
};

static const char *const standard[] = {
    "maybe_unused", "nodiscard",  "noreturn",          "fallthrough", "likely",
    "unlikely",     "deprecated", "no_unique_address", NULL};

static bool is_word(const tj_src_token *token, const char *name)
{
    return token->kind == TJ_SRC_WORD && tj_src_is(token, name);
}

static const row *find_row(const tj_src_token *token)
{
    static const row builtin = {"", FORM_PLAIN};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_word(token, rows[i].name))
            return &rows[i];
    for (unsigned i = 0; i < TJ_SYSVAL_COUNT; i++)
        if (is_word(token, tj_sysval_infos[i].metal))
            return &builtin;
    return NULL;
}

/* The tokens `first` to `last` (not included) as one text. */
static const char *spell(tj_prepass_state *s, uint32_t first, uint32_t last)
{
    tj_text text = {0};
    for (uint32_t i = first; i < last; i++) {
        if (s->tokens[i].kind == TJ_SRC_LINE)
            continue;
        if (text.byte_len)
            tj_text_add(&text, " ", 1);
        tj_text_add(&text, s->tokens[i].start, s->tokens[i].byte_len);
    }
    const char *copy = tj_arena_strndup(s->arena, text.data ? text.data : "", text.byte_len);
    tj_text_fini(&text);
    return copy;
}

/* The same inside a string. */
static const char *spell_quoted(tj_prepass_state *s, uint32_t first, uint32_t last)
{
    const char *text = spell(s, first, last);
    char *copy = tj_arena_take(s->arena, 2 * strlen(text) + 1, 1, 1), *to = copy;
    for (; *text; text++) {
        if (strchr("\"\\", *text))
            *to++ = '\\';
        *to++ = *text;
    }
    *to = '\0';
    return copy;
}

/* ---- one attribute ------------------------------------------------------------------- */

/* The attribute of the tokens `at` to `end` (not included) as clang's; "" for one that stays
 * out. */
static tj_status translate(tj_prepass_state *s, uint32_t at, uint32_t end, const char **out)
{
    const tj_src_token *name = &s->tokens[at];
    const char *word = tj_arena_strndup(s->arena, name->start, name->byte_len);
    uint32_t open = tj_prepass_next(s, at);
    bool has_args =
        open < end && tj_src_is(&s->tokens[open], "(") && s->tokens[open].match < end;
    bool is_qualified = open < end && tj_src_is(&s->tokens[open], "::");
    const row *found = find_row(name);
    *out = "";
    if (is_qualified || tj_prepass_is_any(name, standard)) {
        *out = tj_arena_printf(s->arena, "[[%s]]", spell(s, at, end));
        return TJ_OK;
    }
    if (name->kind != TJ_SRC_WORD || !found)
        return tj_prepass_fail(s, at, TJ_E_UNSUPPORTED, "unknown attribute '%s'", word);
    bool wants_args = found->form != FORM_PLAIN;
    bool is_empty = has_args && tj_prepass_next(s, open) == s->tokens[open].match;
    if (found->form != FORM_ANY && (has_args != wants_args || is_empty))
        return tj_prepass_fail(s, at, TJ_E_MALFORMED, "attribute '%s' %s", word,
                               wants_args ? "needs an argument" : "takes no argument");
    uint32_t first = has_args ? open + 1 : end, last = has_args ? s->tokens[open].match : end;
    static const char *const formats[] = {
        [FORM_NUMBER] = "__attribute__((annotate(\"msl.%s\", %s)))",
        [FORM_NAME] = "__attribute__((annotate(\"msl.%s=\" %s)))",
        [FORM_OBJECT] = "__attribute__((annotate(\"msl.%s\", &(%s))))",
        [FORM_ANY] = "__attribute__((annotate(\"msl.%s=%s\")))"};
    const char *args =
        found->form == FORM_ANY ? spell_quoted(s, first, last) : spell(s, first, last);
    *out = found->form == FORM_PLAIN
               ? tj_arena_printf(s->arena, "__attribute__((annotate(\"msl.%s\")))", word)
               : tj_arena_printf(s->arena, formats[found->form], word, args);
    return TJ_OK;
}

/* ---- function constants --------------------------------------------------------------- */

/* `constant T name [[function_constant(n)]];` outside of parameter lists. */
static tj_status rewrite_constant(tj_prepass_state *s, uint32_t open, uint32_t at, uint32_t end)
{
    static const char *const dropped[] = {"static", "constexpr", "inline", "extern", NULL};
    static const char *const no_type[] = {"constant", "const", "volatile", NULL};
    uint32_t first = s->statements[open], name = tj_prepass_previous(s, open);
    uint32_t args = tj_prepass_next(s, at);
    tj_text type = {0};
    bool has_number = args < end && tj_src_is(&s->tokens[args], "(") &&
                      tj_prepass_next(s, args) < s->tokens[args].match;
    if (!has_number || name <= first || s->tokens[name].kind != TJ_SRC_WORD ||
        !tj_src_is(&s->tokens[tj_prepass_next(s, s->tokens[open].match)], ";"))
        return tj_prepass_fail(s, at, TJ_E_MALFORMED,
                               "a function constant is 'constant TYPE NAME "
                               "[[function_constant(NUMBER)]];'");
    for (uint32_t i = first; i < name; i++) {
        tj_src_token *token = &s->tokens[i];
        if (tj_prepass_is_any(token, dropped))
            token->instead = "";
        else if (token->kind != TJ_SRC_LINE && !tj_prepass_is_any(token, no_type))
            tj_text_printf(&type, "%s%.*s", type.byte_len ? " " : "", (int)token->byte_len,
                           token->start);
    }
    const char *word =
        tj_arena_strndup(s->arena, s->tokens[name].start, s->tokens[name].byte_len);
    tj_prepass_before(s, first, "extern ");
    tj_prepass_after(s, name, tj_arena_printf(s->arena, " __asm(\"tmjit.fc.%s\")", word));
    tj_prepass_after(
        s, tj_prepass_next(s, s->tokens[open].match),
        tj_arena_printf(s->arena,
                        " __attribute__((used)) static constant unsigned __tmjit_fc_%s "
                        "__asm(\"tmjit.fc.index.%s.%s\") = (%s);",
                        word, type.data ? type.data : "", word,
                        spell(s, args + 1, s->tokens[args].match)));
    tj_text_fini(&type);
    tj_prepass_delete(s, open, s->tokens[open].match);
    return TJ_OK;
}

/* ---- lists ---------------------------------------------------------------------------- */

/* `[[` and its `]]`. */
static bool is_list(const tj_prepass_state *s, uint32_t i)
{
    const tj_src_token *outer = &s->tokens[i], *inner = outer + 1;
    return i + 1 < s->count && tj_src_is(outer, "[") && tj_src_is(inner, "[") &&
           outer->match > i && inner->match + 1 == outer->match;
}

/* Whether round brackets stand around a token of the statement: it is of a parameter. */
static bool is_parameter(const tj_prepass_state *s, uint32_t i)
{
    enum { REACH = 4096 };
    uint32_t first = s->statements[i];
    for (uint32_t at = i - first > REACH ? i - REACH : first; at < i; at++) {
        const tj_src_token *token = &s->tokens[at];
        if (token->kind != TJ_SRC_PUNCT || token->match <= at)
            continue;
        if (token->match > i)
            return *token->start == '(';
        at = token->match;
    }
    return false;
}

static tj_status rewrite_list(tj_prepass_state *s, uint32_t open)
{
    uint32_t last = s->tokens[open].match - 1; /* the inner bracket */
    tj_text text = {0};
    tj_status status = TJ_OK;
    for (uint32_t at = open + 2; at < last && !status;) {
        uint32_t end = at;
        const char *one = "";
        while (end < last && !tj_src_is(&s->tokens[end], ","))
            end = s->tokens[end].match > end ? s->tokens[end].match + 1 : end + 1;
        if (is_word(&s->tokens[at], "function_constant") && !is_parameter(s, open) &&
            s->scopes[open] != TJ_SCOPE_FUNCTION) {
            tj_text_fini(&text);
            return rewrite_constant(s, open, at, end);
        }
        if (end > at)
            status = translate(s, at, end, &one);
        tj_text_puts(&text, one);
        at = end + 1;
    }
    if (!status) {
        tj_prepass_delete(s, open, s->tokens[open].match);
        s->tokens[open].instead =
            tj_arena_strndup(s->arena, text.data ? text.data : "", text.byte_len);
    }
    tj_text_fini(&text);
    return status;
}

tj_status tj_prepass_attributes(tj_prepass_state *s)
{
    static const char kernel[] = "__attribute__((annotate(\"msl.kernel\")))";
    tj_status status = TJ_OK;
    for (uint32_t i = 0; i < s->count && !status; i++) {
        tj_src_token *token = &s->tokens[i];
        if (token->instead || token->kind == TJ_SRC_LINE)
            continue;
        if (is_list(s, i)) {
            status = rewrite_list(s, i);
            i = token->match;
        } else if (is_word(token, "kernel")) {
            token->instead = kernel;
        } else if (is_word(token, "vertex") || is_word(token, "fragment")) {
            token->instead = *token->start == 'v'
                                 ? "__attribute__((annotate(\"msl.vertex\")))"
                                 : "__attribute__((annotate(\"msl.fragment\")))";
        }
    }
    return status;
}
