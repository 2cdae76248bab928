/* SPDX-License-Identifier: MIT */
/* Everything a launch binds by name: arguments, and what argument buffers point to. */
#include "slots.h"

#include <stdlib.h>
#include <string.h>

typedef struct slot_list {
    tj_slot *slots;
    size_t count;
} slot_list;

static size_t count_pointers(const tmjit_arg *arg)
{
    size_t count = 0;

    for (size_t i = 0; i < arg->field_count; i++)
        count += arg->fields[i].buffer != NULL;
    return count;
}

static bool make_room(slot_list *list, size_t more)
{
    size_t room = list->count + more;
    tj_slot *grown = realloc(list->slots, (room + 1) * sizeof *grown);

    if (!grown)
        return false;
    list->slots = grown;
    return true;
}

static char *join_names(const char *parent, const char *name)
{
    size_t room = strlen(parent) + strlen(name) + 2;
    char *joined = malloc(room);

    if (joined)
        snprintf(joined, room, "%s.%s", parent, name);
    return joined;
}

static bool add_slot(slot_list *list, const tmjit_arg *arg, char *name, size_t parent)
{
    if (!name)
        return false;
    list->slots[list->count++] = (tj_slot){.arg = arg, .name = name, .parent = parent};
    return true;
}

static bool add_members(slot_list *list, size_t parent)
{
    const tmjit_arg *arg = list->slots[parent].arg;
    bool is_good = make_room(list, count_pointers(arg));

    for (size_t i = 0; i < arg->field_count && is_good; i++)
        if (arg->fields[i].buffer)
            is_good =
                add_slot(list, arg->fields[i].buffer,
                         join_names(list->slots[parent].name, arg->fields[i].name), parent);
    return is_good;
}

int tj_slots_create(const tmjit_kernel *kernel, tj_slot **out, size_t *count, tj_failure *why)
{
    size_t arg_count = tmjit_kernel_arg_count(kernel);
    slot_list list = {0};
    bool is_good = make_room(&list, arg_count);

    for (size_t i = 0; i < arg_count && is_good; i++) {
        const tmjit_arg *arg = tmjit_kernel_arg(kernel, i);
        is_good = add_slot(&list, arg, strdup(arg->name), i);
    }
    for (size_t i = 0; i < list.count && is_good; i++)
        is_good = add_members(&list, i);
    if (!is_good) {
        tj_slots_destroy(list.slots, list.count);
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    }
    *out = list.slots;
    *count = list.count;
    return TJ_EXIT_GOOD;
}

void tj_slots_destroy(tj_slot *slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(slots[i].name);
    free(slots);
}

bool tj_slots_find_member(const tj_slot *slots, size_t count, size_t parent, const char *name,
                          size_t name_len, size_t *index)
{
    size_t parent_len = strlen(slots[parent].name) + 1;

    for (size_t i = 0; i < count; i++) {
        if (slots[i].parent != parent || i == parent)
            continue;
        const char *own = slots[i].name + parent_len; /* may have dots of its own */
        if (strlen(own) == name_len && !memcmp(own, name, name_len)) {
            *index = i;
            return true;
        }
    }
    return false;
}
