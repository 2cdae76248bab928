/* SPDX-License-Identifier: MIT */
/* One place, one diagnostic, and the list a unit collects. The first error wins. */
#ifndef TJ_DIAG_H
#define TJ_DIAG_H

#include "arena.h"
#include "text.h"

#include <stdint.h>

typedef enum tj_status {
#define ERR(id, name, meaning) TJ_##id,
#include "errors.def"
} tj_status;

const char *tj_status_name(tj_status status); /* "bounds", "unsupported", ... */

/* A place, filled as far as it is known. */
typedef struct tj_loc {
    const char *file;      /* as the user named it; "<memory>" for buffers; NULL unknown */
    unsigned line, column; /* 1-based; 0 is unknown */
    const char *kernel;    /* NULL outside a kernel */
    const char *block;     /* label of the basic block, NULL when not meant */
    const char *inst;      /* the printed instruction, NULL when none is meant */
    const char *source;    /* the text of the line, NULL when it is not at hand */
} tj_loc;

typedef struct tj_diag {
    tj_status status;
    const char *message; /* what was found; what is accepted. lower case, no full stop */
    tj_loc loc;
} tj_diag;

/* Collects at most one error; strings live in `arena`. Zero-initialise but for `arena`. */
typedef struct tj_diags {
    tj_arena *arena;
    tj_diag first; /* status TJ_OK while there is none */
} tj_diags;

/* Records the error unless one is already there; returns `status` for `return tj_fail(...)`. */
tj_status tj_fail_at(tj_diags *diags, tj_status status, const tj_loc *loc,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A copy of `message` with control characters made visible: one line. */
const char *tj_diag_line(tj_arena *arena, const char *message);

/* "file:line:column: error: message [name]\n  in kernel @k, block %b: inst\n", and when the
 * source is at hand "  line | source\n" and a caret below the column. */
void tj_diag_render(const tj_diag *diag, tj_text *out);

#endif
