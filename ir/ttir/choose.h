/* SPDX-License-Identifier: MIT */
/* Layouts that people choose for values, and the words for layouts. */
#ifndef TJ_TTIR_CHOOSE_H
#define TJ_TTIR_CHOOSE_H

#include "ttir/layout.h"

typedef struct tj_tt_choice {
    const tj_tt_func *func;
    const tj_tt_value *value;
    tj_tt_layout layout;
    struct tj_tt_choice *next;
} tj_tt_choice;

/* From texts "VALUE=LAYOUT", a list that NULL ends, or NULL: VALUE is a name of the text or the
 * author's, LAYOUT what tj_tt_layout_word or tj_tt_layout_text gives. The value must be a
 * tensor whose layout is not the language's to choose. Errors: TJ_E_INVALID with what is
 * accepted. */
tj_status tj_tt_choose(const tj_tt_module *module, const char *const *texts,
                       unsigned group_bits, tj_diags *diags, tj_tt_choice **out);

/* COALESCED: neighbours of the last dimension in neighbouring lanes, which suits reductions;
 * BLOCKED:N: N neighbours in a thread; COLUMNS: as COALESCED along the first dimension; MATRIX:
 * SIMD-group matrices. "": another one. */
const char *tj_tt_layout_word(tj_arena *arena, const tj_tt_type *type,
                              const tj_tt_layout *layout);

#endif
