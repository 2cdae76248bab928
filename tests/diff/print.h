/* SPDX-License-Identifier: MIT */
/* What the two halves of the printer share. */
#ifndef DIFF_PRINT_H
#define DIFF_PRINT_H

#include "gen.h"

enum { MAX_DECLARES = 400, MAX_NESTED_LOOPS = 16 };

typedef struct printer {
    const kernel *kernel;
    pool pool;          /* names of values */
    text body;          /* instructions of the function that is printed */
    unsigned next;      /* number of the next value or label */
    char *label;        /* basic block that is printed; NULL after a terminator */
    const char *declares[MAX_DECLARES];
    unsigned declare_count;
    uint64_t used_buffers, used_inputs, used_vars, used_arrays, used_shared, used_helpers;
    const char *breaks[MAX_NESTED_LOOPS], *continues[MAX_NESTED_LOOPS];
    unsigned loop_depth, loop_floor; /* jumps leave loops above the floor only */
} printer;

const char *print_type(printer *p, type t);
/* One instruction; hands out the name of its value. */
const char *print_inst(printer *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One line without a value. */
void print_line(printer *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A new label, not placed yet; placing it ends the block before with a branch to it. */
char *print_new_label(printer *p);
void print_place_label(printer *p, char *label);
void print_branch(printer *p, const char *condition, const char *yes, const char *no);
void print_declare(printer *p, const char *line);

/* The operand text of an expression's value. */
const char *print_expr(printer *p, const expr *e);
const char *print_input(printer *p, input in);
/* Address of element `index` (operand text, i32) of an array of `t`. */
const char *print_element(printer *p, const char *t, unsigned space, const char *array,
                          const char *index, bool is_wide);

#endif
