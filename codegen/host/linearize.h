/* SPDX-License-Identifier: MIT */
/* The order in which a slice walks the blocks of a divergent control flow graph. */
#ifndef TJ_LINEARIZE_H
#define TJ_LINEARIZE_H

#include "shape.h"

typedef enum tj_exit {
    TJ_EXIT_RETURN,
    TJ_EXIT_JUMP,   /* to next[0], whatever the branch says: masks do the rest */
    TJ_EXIT_BRANCH, /* uniform: to next[s] for successor s */
    TJ_EXIT_LOOP /* latch of a divergent loop: to the header while a lane is left, else next[0]
                  */
} tj_exit;

typedef struct tj_step {
    tj_exit exit;
    int next[2];    /* blocks; TJ_NONE when there is none */
    bool has_guard; /* entered only when a lane is active, else guard_next */
    int guard_next;
    int owner;        /* block whose mask slot is this block's mask; the entry for "all" */
    bool guards_phis; /* an incoming edge may be walked with no lane active */
} tj_step;

typedef struct tj_plan {
    tj_step *steps;     /* by block */
    int *idom;          /* of the walk, by node: 2b the guard of b, 2b + 1 its content */
    int *order, *below; /* by node: its number, those it dominates follow; how many, with it */
} tj_plan;

tj_status tj_linearize(const tj_facts *facts, tj_arena *arena, tj_plan *out);

/* Whether the content of `above` always runs before the content of `below`. */
bool tj_plan_dominates(const tj_plan *plan, int above, int below);

#endif
