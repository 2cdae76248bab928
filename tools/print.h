/* SPDX-License-Identifier: MIT */
/* Results as text. */
#ifndef TJ_TOOL_PRINT_H
#define TJ_TOOL_PRINT_H

#include "values.h"

#include <stdio.h>

/* "y = 1 2 3" up to 16 elements; longer values are "y f32[1024] = 0 1 2 ... 1021 1022 1023"
 * unless `is_whole`. */
void tj_print_value(FILE *to, const char *name, const tj_value *value, bool is_whole);

#endif
