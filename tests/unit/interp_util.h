/* SPDX-License-Identifier: MIT */
/* Running LLVM text on the interpreter in unit tests. */
#ifndef INTERP_UTIL_H
#define INTERP_UTIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "load_util.h"

#include "interp.h"

typedef struct machine {
    loaded source;
    tj_unit *unit;
    tj_interp *interp;
    tj_diags diags; /* of the last run */
} machine;

static inline void show(const tj_diag *diag)
{
    tj_text rendered = {0};

    if (diag->status != TJ_OK) {
        tj_diag_render(diag, &rendered);
        print_error("%s", rendered.data);
        tj_text_fini(&rendered);
    }
}

/* Loads, extracts, canonicalises and decodes the first kernel of good text. */
static inline machine machine_of(const char *text)
{
    static const tj_canon_options options = {.verify_each = true};
    machine m = {.source = load_good(text)};

    m.diags.arena = tj_arena_create();
    assert_int_equal(
        tj_extract(m.source.unit, m.source.unit->kernels[0].name, &m.diags, &m.unit), TJ_OK);
    tj_status status = tj_canon(m.unit, &options);
    if (status == TJ_OK)
        status = tj_interp_create(m.unit, false, &m.interp);
    show(&m.unit->diags.first);
    assert_int_equal(status, TJ_OK);
    return m;
}

static inline void machine_end(machine *m)
{
    tj_interp_destroy(m->interp);
    tj_unit_destroy(m->unit);
    tj_arena_destroy(m->diags.arena);
    unload(&m->source);
}

static inline tj_status machine_launch(machine *m, const tj_interp_launch *launch)
{
    m->diags.first = (tj_diag){0};
    return tj_interp_run(m->interp, launch, &m->diags);
}

/* One dimension, checks on, must succeed. */
static inline void machine_run(machine *m, uint32_t grid, uint32_t threadgroup,
                               const tjrt_buffer *buffers)
{
    tj_interp_launch launch = {
        .grid = {grid, 1, 1},
        .threadgroup = {threadgroup, 1, 1},
        .buffers = buffers,
        .has_bounds_checks = true,
    };
    tj_status status = machine_launch(m, &launch);
    show(&m->diags.first);
    assert_int_equal(status, TJ_OK);
}

/* One dimension, must fail with this status and message; `line` 0: any place. */
static inline void machine_fail(machine *m, uint32_t grid, uint32_t threadgroup,
                                const tjrt_buffer *buffers, tj_status status,
                                const char *message)
{
    tj_interp_launch launch = {
        .grid = {grid, 1, 1},
        .threadgroup = {threadgroup, 1, 1},
        .buffers = buffers,
        .has_bounds_checks = true,
    };
    assert_int_equal(machine_launch(m, &launch), status);
    assert_string_equal(m->diags.first.message, message);
    assert_non_null(m->diags.first.loc.inst);
    assert_string_equal(m->diags.first.loc.file, "k.ll");
}

#define BUFFER(array) {(uint8_t *)(array), sizeof(array)}

#endif
