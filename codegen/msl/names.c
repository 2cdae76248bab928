/* SPDX-License-Identifier: MIT */
/* Identifiers of the text: the author's where they are possible, each once, none of Metal's. */
#include "msl.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Words that the standard headers or the language take (MSL specification, "Naming"). */
static const char *const reserved[] = {
    "alignas",
    "alignof",
    "and",
    "array",
    "as_type",
    "asm",
    "assert",
    "atomic",
    "auto",
    "bfloat",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "class",
    "clamp",
    "compl",
    "const",
    "const_cast",
    "constant",
    "constexpr",
    "continue",
    "decltype",
    "default",
    "delete",
    "device",
    "do",
    "dot",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "exp",
    "explicit",
    "extern",
    "false",
    "fast",
    "float",
    "fma",
    "for",
    "fragment",
    "friend",
    "goto",
    "half",
    "if",
    "inline",
    "int",
    "kernel",
    "level",
    "log",
    "long",
    "main",
    "matrix",
    "max",
    "metal",
    "min",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "nullptr",
    "operator",
    "or",
    "pow",
    "precise",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "return",
    "round",
    "sampler",
    "select",
    "short",
    "sign",
    "signed",
    "simd",
    "size_t",
    "sizeof",
    "sqrt",
    "static",
    "static_assert",
    "static_cast",
    "step",
    "struct",
    "switch",
    "template",
    "texture",
    "this",
    "thread",
    "thread_local",
    "threadgroup",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "uchar",
    "uint",
    "ulong",
    "union",
    "unsigned",
    "user",
    "ushort",
    "using",
    "vec",
    "vertex",
    "virtual",
    "void",
    "volatile",
    "while",
    "xor",
    "abs",
    "all",
    "any",
    "ceil",
    "cos",
    "cross",
    "distance",
    "fabs",
    "floor",
    "fmax",
    "fmin",
    "fmod",
    "fract",
    "isnan",
    "isinf",
    "length",
    "mix",
    "normalize",
    "rint",
    "rsqrt",
    "saturate",
    "sin",
    "tan",
    "trunc",
    "uniform",
    "visible",
    "popcount",
    "clz",
    "ctz",
    "rotate",
};

/* float4, half2x2 */
static bool is_vector_type(const char *name)
{
    static const char *const scalars[] = {"float",  "half", "bfloat", "int",  "uint", "short",
                                          "ushort", "char", "uchar",  "bool", "long", "ulong"};

    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        size_t len = strlen(scalars[i]);
        const char *rest = name + len;

        if (strncmp(name, scalars[i], len) || *rest < '2' || *rest > '4')
            continue;
        if (!rest[1] || (rest[1] == 'x' && rest[2] >= '2' && rest[2] <= '4' && !rest[3]))
            return true;
    }
    return false;
}

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    for (int i = 0; i < TJ_INTRIN_COUNT; i++) /* the library's functions */
        if (strcmp(name, tj_intrin_infos[i].metal) == 0)
            return true;
    return is_vector_type(name);
}

static bool is_taken(const tj_msl *m, const char *name)
{
    for (unsigned i = 0; i < m->names.count; i++)
        if (strcmp(m->names.names[i], name) == 0)
            return true;
    return is_reserved(name);
}

/* Letters, digits and single underscores, a letter first; "" when nothing is left. */
static char *clean(tj_msl *m, const char *wish)
{
    char *out = tj_arena_strdup(m->arena, wish);
    size_t len = 0;

    for (const char *c = wish; *c; c++) {
        bool is_word = isalnum((unsigned char)*c);

        if (!is_word && (!len || out[len - 1] == '_'))
            continue;
        if (!len && isdigit((unsigned char)*c))
            return tj_arena_strdup(m->arena, "");
        out[len++] = is_word ? *c : '_';
    }
    while (len && out[len - 1] == '_')
        len--;
    out[len] = 0;
    return out;
}

static const char *keep(tj_msl *m, const char *name)
{
    if (m->names.count == m->names.cap) {
        unsigned cap = m->names.cap ? 2 * m->names.cap : 64;
        const char **names = tj_new_array(m->arena, const char *, cap);

        if (m->names.count)
            memcpy(names, m->names.names, m->names.count * sizeof *names);
        m->names.names = names;
        m->names.cap = cap;
    }
    return m->names.names[m->names.count++] = name;
}

const char *tj_msl_name(tj_msl *m, const char *wish, const char *otherwise)
{
    const char *base = wish ? clean(m, wish) : "";
    const char *name;

    if (!*base)
        base = otherwise;
    name = base;
    for (unsigned i = 2; is_taken(m, name); i++)
        name = TJ_MSL_TEXT(m, isdigit((unsigned char)base[strlen(base) - 1]) ? "%s_%u" : "%s%u",
                           base, i);
    return keep(m, name);
}
