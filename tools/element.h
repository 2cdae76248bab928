/* SPDX-License-Identifier: MIT */
/* One element of a buffer: its type's names, and from and to text. */
#ifndef TJ_TOOL_ELEMENT_H
#define TJ_TOOL_ELEMENT_H

#include <tmjit.h>

typedef enum tj_element_kind {
    TJ_ELEMENT_BYTES, /* no known type */
    TJ_ELEMENT_BOOL,
    TJ_ELEMENT_SIGNED,
    TJ_ELEMENT_UNSIGNED,
    TJ_ELEMENT_FLOAT
} tj_element_kind;

typedef struct tj_element_info {
    const char *name;  /* in VALUE: "f32" */
    const char *metal; /* "float" */
    const char *npy;   /* descr of NumPy, written */
    unsigned byte_len;
    tj_element_kind kind;
} tj_element_info;

enum { TJ_ELEMENT_TEXT = 48 }; /* bytes that hold every printed element */

const tj_element_info *tj_element_get_info(tmjit_scalar scalar);
/* By the name in VALUE, by Metal's name; TMJIT_SCALAR_UNKNOWN when there is none. */
tmjit_scalar tj_element_find(const char *name);
tmjit_scalar tj_element_find_metal(const char *name);
/* The names accepted in VALUE, in one line. */
#define TJ_ELEMENT_NAMES "bool i8 u8 i16 u16 i32 u32 i64 u64 f16 bf16 f32 f64"

/* Reads one number. Answers NULL, or what is wrong with it ("is not an i32"). `out` has
 * room for the element and is untouched on failure. */
const char *tj_element_parse(tmjit_scalar scalar, const char *text, void *out);
/* Prints the shortest text that reads back as the same element; nan, inf and -inf by name. */
void tj_element_print(tmjit_scalar scalar, const void *element, char out[TJ_ELEMENT_TEXT]);

/* Numbers of the element; 64-bit integers are rounded. */
double tj_element_to_double(tmjit_scalar scalar, const void *element);
/* Rounds to the element's type; integers take the value modulo their range. */
void tj_element_from_double(tmjit_scalar scalar, double value, void *out);
void tj_element_from_bits(tmjit_scalar scalar, uint64_t integer, void *out);
bool tj_element_is_nan(tmjit_scalar scalar, const void *element);

#endif
