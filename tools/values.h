/* SPDX-License-Identifier: MIT */
/* Values of buffers: typed arrays, and the words that describe them on the command line. */
#ifndef TJ_TOOL_VALUES_H
#define TJ_TOOL_VALUES_H

#include "failure.h"

enum { TJ_MAX_DIMS = 8 };

/* A typed array, row-major. A zeroed struct is no value. */
typedef struct tj_value {
    tmjit_scalar scalar;
    unsigned dim_count; /* 0: one element */
    uint64_t dims[TJ_MAX_DIMS];
    uint64_t count; /* elements */
    uint64_t byte_len;
    unsigned char *data; /* aligned for every vector access of the host */
    void *memory;        /* owns data */
} tj_value;

/* Zeroed elements. On failure `out` is untouched. */
int tj_value_create(tmjit_scalar scalar, unsigned dim_count, const uint64_t *dims,
                    tj_value *out, tj_failure *why);
int tj_value_copy(const tj_value *from, tj_value *out, tj_failure *why);
void tj_value_fini(tj_value *value);

/* Reads FILE.npy, TYPE[SHAPE], TYPE[SHAPE]:FILL or TYPE:NUMBER,... */
int tj_value_parse(const char *text, tj_value *out, tj_failure *why);

/* The number and its element in one value, for constants of one or few elements. */
int tj_value_parse_list(tmjit_scalar scalar, const char *list, tj_value *out, tj_failure *why);

/* Prints the shape as in VALUE: "64x128"; nothing for a single element without dimensions. */
enum { TJ_SHAPE_TEXT = 24 * TJ_MAX_DIMS };
void tj_value_print_shape(const tj_value *value, char out[TJ_SHAPE_TEXT]);

#endif
