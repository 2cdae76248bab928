/* SPDX-License-Identifier: MIT */
/* Loading LLVM text in unit tests: one fixture that owns the unit and the diagnostics. */
#ifndef LOAD_UTIL_H
#define LOAD_UTIL_H

#include "ir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* wants the four before it */

typedef struct loaded {
    tj_status status;
    tj_diags diags;
    tj_unit *unit; /* NULL when the load failed */
} loaded;

static inline loaded load_bytes(const void *bytes, size_t byte_len, const char *file)
{
    loaded l = {.diags = {.arena = tj_arena_create()}};
    l.status = tj_load(bytes, byte_len, file, &l.diags, &l.unit);
    return l;
}

/* With doubles. */
static inline loaded load_text_fp64(const char *text)
{
    const tj_load_options options = {.allows_fp64 = true};
    loaded l = {.diags = {.arena = tj_arena_create()}};
    l.status = tj_load_with(text, strlen(text), "k.ll", &options, &l.diags, &l.unit);
    return l;
}

static inline loaded load_text(const char *text)
{
    return load_bytes(text, strlen(text), "k.ll");
}

static inline void unload(loaded *l)
{
    tj_unit_destroy(l->unit);
    tj_arena_destroy(l->diags.arena);
    *l = (loaded){0};
}

/* Loads text that must be good; prints the error when it is not. */
static inline loaded load_good(const char *text)
{
    loaded l = load_text(text);
    if (l.status) {
        tj_text rendered = {0};
        tj_diag_render(&l.diags.first, &rendered);
        print_error("%s", rendered.data);
        tj_text_fini(&rendered);
    }
    assert_int_equal(l.status, TJ_OK);
    assert_non_null(l.unit);
    return l;
}

/* Loads text that must be refused with this status and with `part` in the message. */
static inline void assert_refused(const char *text, tj_status status, const char *part,
                                  unsigned line)
{
    loaded l = load_text(text);
    if (l.status != status || !l.diags.first.message || !strstr(l.diags.first.message, part))
        print_error("wanted '%s' [%s], got '%s' [%s]\n", part, tj_status_name(status),
                    l.diags.first.message ? l.diags.first.message : "",
                    tj_status_name(l.status));
    assert_int_equal(l.status, status);
    assert_null(l.unit);
    assert_non_null(strstr(l.diags.first.message, part));
    assert_string_equal(l.diags.first.loc.file, "k.ll");
    if (line)
        assert_int_equal(l.diags.first.loc.line, line);
    unload(&l);
}

static inline void assert_elem(const tj_arg *arg, tj_scalar scalar, unsigned components,
                               uint64_t byte_len, uint64_t align)
{
    assert_int_equal(arg->scalar, scalar);
    assert_int_equal(arg->components, components);
    assert_int_equal(arg->elem_byte_len, byte_len);
    assert_int_equal(arg->elem_align, align);
}

#endif
