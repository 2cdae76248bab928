/* SPDX-License-Identifier: MIT */
/* Values on one line each, in a form that stays the same. */
#include "print.h"

#include "element.h"

enum { MAX_WHOLE = 16, EDGE = 3 }; /* elements */

static void print_range(FILE *to, const tj_value *value, uint64_t first, uint64_t end)
{
    unsigned elem_len = tj_element_get_info(value->scalar)->byte_len;
    char text[TJ_ELEMENT_TEXT];

    for (uint64_t i = first; i < end; i++) {
        tj_element_print(value->scalar, value->data + i * elem_len, text);
        fprintf(to, " %s", text);
    }
}

void tj_print_value(FILE *to, const char *name, const tj_value *value, bool is_whole)
{
    char shape[TJ_SHAPE_TEXT];

    fputs(name, to);
    if (value->count <= MAX_WHOLE || is_whole) {
        fputs(" =", to);
        print_range(to, value, 0, value->count);
    } else {
        tj_value_print_shape(value, shape);
        fprintf(to, " %s[%s] =", tj_element_get_info(value->scalar)->name, shape);
        print_range(to, value, 0, EDGE);
        fputs(" ...", to);
        print_range(to, value, value->count - EDGE, value->count);
    }
    fputc('\n', to);
}
