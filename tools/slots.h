/* SPDX-License-Identifier: MIT */
/* Everything a launch binds by name: arguments, and what argument buffers point to. */
#ifndef TJ_TOOL_SLOTS_H
#define TJ_TOOL_SLOTS_H

#include "failure.h"

typedef struct tj_slot {
    const tmjit_arg *arg;
    char *name;    /* "args", "args.weights" */
    size_t parent; /* slot of the argument buffer; its own number for arguments */
    bool is_null;  /* bound to null */
} tj_slot;

/* Arguments in their order, then members level by level. */
int tj_slots_create(const tmjit_kernel *kernel, tj_slot **out, size_t *count, tj_failure *why);
void tj_slots_destroy(tj_slot *slots, size_t count);
/* The member `name` of the argument buffer in slot `parent`; false when there is none. */
bool tj_slots_find_member(const tj_slot *slots, size_t count, size_t parent, const char *name,
                          size_t name_len, size_t *index);

#endif
