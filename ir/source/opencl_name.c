/* SPDX-License-Identifier: MIT */
/* Demangles names of OpenCL functions.
 *
 *   name   = "_Z" LENGTH base type*
 *   type   = letter | "Dh" | "Dv" LENGTH "_" type | "P" type | qualifier+ type
 *          | LENGTH name | "S" [digit or capital] "_"
 *   qualifier = "U" LENGTH vendor's word ("AS1", "_Atomic") | "V" | "K" | "r"
 *
 * Every type but a letter is remembered when it ends, and "S_", "S0_", ... name the remembered
 * ones. Source: Itanium C++ ABI, section 5.1. */
#include "opencl_name.h"

#include <string.h>

enum { MAX_REMEMBERED = 32, MAX_DEPTH = 8, MAX_LENGTH = 1000 };

typedef struct reader {
    const char *at;
    tj_ocl_type remembered[MAX_REMEMBERED];
    unsigned count, depth;
} reader;

/* ---- small parts ------------------------------------------------------------------------ */

static bool read_length(reader *r, unsigned *out)
{
    *out = 0;
    if (*r->at < '1' || *r->at > '9')
        return false;
    while (*r->at >= '0' && *r->at <= '9') {
        *out = *out * 10 + (unsigned)(*r->at++ - '0');
        if (*out > MAX_LENGTH)
            return false;
    }
    return true;
}

/* A length and as many bytes. */
static bool read_word(reader *r, const char **word, unsigned *byte_len)
{
    if (!read_length(r, byte_len) || strnlen(r->at, *byte_len) < *byte_len)
        return false;
    *word = r->at;
    r->at += *byte_len;
    return true;
}

static bool remember(reader *r, tj_ocl_type type)
{
    if (r->count == MAX_REMEMBERED)
        return false;
    r->remembered[r->count++] = type;
    return true;
}

/* ---- types ------------------------------------------------------------------------------ */

static bool read_type(reader *r, tj_ocl_type *out);

static bool read_letter(reader *r, tj_ocl_type *out)
{
    static const struct {
        char letter, kind;
        unsigned bits;
    } rows[] = {{'v', 'v', 0},  {'b', 'u', 1},  {'a', 's', 8},  {'c', 's', 8},  {'h', 'u', 8},
                {'s', 's', 16}, {'t', 'u', 16}, {'i', 's', 32}, {'j', 'u', 32}, {'l', 's', 64},
                {'m', 'u', 64}, {'f', 'f', 32}, {'d', 'f', 64}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].letter != *r->at)
            continue;
        *out = (tj_ocl_type){.kind = rows[i].kind, .bits = rows[i].bits, .length = 1};
        r->at++;
        return true;
    }
    return false;
}

static bool read_vector(reader *r, tj_ocl_type *out)
{
    unsigned length;
    r->at += strlen("Dv");
    if (!read_length(r, &length) || length > 16 || *r->at++ != '_' || !read_type(r, out) ||
        out->is_pointer || out->length != 1 || !strchr("fsu", out->kind))
        return false;
    out->length = length;
    return remember(r, *out);
}

/* "S_" is the first, "S0_" the second, "SA_" the twelfth. */
static bool read_substitution(reader *r, tj_ocl_type *out)
{
    unsigned number = 0;
    r->at++;
    if (*r->at >= '0' && *r->at <= '9')
        number = (unsigned)(*r->at++ - '0') + 1;
    else if (*r->at >= 'A' && *r->at <= 'Z')
        number = (unsigned)(*r->at++ - 'A') + 11;
    if (*r->at != '_' || number >= r->count)
        return false;
    r->at++;
    *out = r->remembered[number];
    return true;
}

static bool read_space(const char *word, unsigned byte_len, unsigned *space)
{
    if (byte_len != 3 || memcmp(word, "AS", 2) != 0 || word[2] < '0' || word[2] > '4')
        return false;
    *space = (unsigned)(word[2] - '0');
    return true;
}

/* All qualifiers before a type and the type are one; the address space is kept. */
static bool read_qualified(reader *r, tj_ocl_type *out, unsigned *space)
{
    bool is_atomic = false, is_other = false;
    while (*r->at && strchr("UVKr", *r->at)) {
        const char *word;
        unsigned byte_len;
        if (*r->at++ != 'U') {
            is_other = true;
            continue;
        }
        if (!read_word(r, &word, &byte_len))
            return false;
        if (byte_len == 7 && memcmp(word, "_Atomic", 7) == 0)
            is_atomic = true;
        else if (read_space(word, byte_len, space))
            is_other = true;
        else
            return false;
    }
    if (!read_type(r, out) || (is_atomic && !remember(r, *out)))
        return false;
    out->space = *space;
    return !is_other || remember(r, *out);
}

static bool read_pointer(reader *r, tj_ocl_type *out)
{
    unsigned space = 0;
    r->at++;
    bool is_qualified = *r->at && strchr("UVKr", *r->at);
    bool is_named = *r->at == 'S';
    if (is_qualified ? !read_qualified(r, out, &space) : !read_type(r, out))
        return false;
    if (is_named)
        space = out->space;
    if (out->is_pointer)
        *out = (tj_ocl_type){.kind = 'p', .bits = 64, .length = 1};
    out->is_pointer = true;
    out->space = space;
    return remember(r, *out);
}

static bool read_named(reader *r, tj_ocl_type *out)
{
    const char *word;
    unsigned byte_len;
    if (!read_word(r, &word, &byte_len))
        return false;
    *out = (tj_ocl_type){.kind = 'n', .bits = 32, .length = 1};
    return remember(r, *out);
}

static bool read_any_type(reader *r, tj_ocl_type *out)
{
    unsigned space = 0;
    if (strncmp(r->at, "Dv", 2) == 0)
        return read_vector(r, out);
    if (strncmp(r->at, "Dh", 2) == 0) {
        r->at += 2;
        *out = (tj_ocl_type){.kind = 'f', .bits = 16, .length = 1};
        return true;
    }
    switch (*r->at) {
    case 'P':
        return read_pointer(r, out);
    case 'S':
        return read_substitution(r, out);
    case 'U':
    case 'V':
    case 'K':
    case 'r':
        return read_qualified(r, out, &space);
    }
    return *r->at >= '1' && *r->at <= '9' ? read_named(r, out) : read_letter(r, out);
}

static bool read_type(reader *r, tj_ocl_type *out)
{
    if (r->depth == MAX_DEPTH)
        return false;
    r->depth++;
    bool is_read = read_any_type(r, out);
    r->depth--;
    return is_read;
}

bool tj_ocl_demangle(const char *mangled, tj_ocl_name *out)
{
    reader r = {.at = mangled};
    const char *word;
    unsigned byte_len;
    *out = (tj_ocl_name){0};
    if (strncmp(mangled, "_Z", 2) != 0)
        return false;
    r.at += 2;
    if (!read_word(&r, &word, &byte_len) || byte_len >= sizeof out->base)
        return false;
    memcpy(out->base, word, byte_len);
    while (*r.at) {
        if (out->count == TJ_OCL_MAX_PARAMS || !read_type(&r, &out->params[out->count]))
            return false;
        out->count++;
    }
    if (out->count == 1 && out->params[0].kind == 'v' && !out->params[0].is_pointer)
        out->count = 0;
    return out->count || strcmp(mangled + strlen(mangled) - 1, "v") == 0;
}
