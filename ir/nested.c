/* SPDX-License-Identifier: MIT */
/* The memory behind the pointers of argument buffers, as one list: level by level, in each
 * level in the order of arguments and fields. */
#include "ir.h"

static unsigned count_pointers(const tj_arg *arg)
{
    unsigned count = 0;

    for (unsigned i = 0; i < arg->field_count; i++)
        if (arg->fields[i].buffer)
            count += 1 + count_pointers(arg->fields[i].buffer);
    return count;
}

/* Appends the pointers of `arg`; `parent` says where that is. */
static void list_pointers(tj_arena *arena, const tj_arg *arg, tj_nested parent, tj_nested *out,
                          unsigned *count)
{
    for (unsigned i = 0; i < arg->field_count; i++) {
        const tj_field *field = &arg->fields[i];

        if (field->buffer)
            out[(*count)++] =
                (tj_nested){.name = tj_arena_printf(arena, "%s.%s", parent.name, field->name),
                            .parent = parent.parent,
                            .is_inner = parent.is_inner,
                            .byte_offset = field->byte_offset,
                            .buffer = field->buffer};
    }
}

void tj_list_nested(tj_arena *arena, tj_kernel *kernel)
{
    tj_nested *list;
    unsigned total = 0, count = 0;

    for (unsigned i = 0; i < kernel->arg_count; i++)
        total += count_pointers(&kernel->args[i]);
    list = tj_new_array(arena, tj_nested, total);
    for (unsigned i = 0; i < kernel->arg_count; i++)
        list_pointers(arena, &kernel->args[i],
                      (tj_nested){.name = kernel->args[i].name, .parent = i}, list, &count);
    for (unsigned i = 0; i < count; i++)
        list_pointers(arena, list[i].buffer,
                      (tj_nested){.name = list[i].name, .parent = i, .is_inner = true}, list,
                      &count);
    kernel->nested = list;
    kernel->nested_count = count;
}
