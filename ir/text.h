/* SPDX-License-Identifier: MIT */
/* Growing text with indentation; every printer and dump writes through it. */
#ifndef TJ_TEXT_H
#define TJ_TEXT_H

#include <stddef.h>

typedef struct tj_text {
    char *data; /* NUL-terminated once anything was added; heap, owned by this struct */
    size_t byte_len;
    size_t byte_cap;
    unsigned indent; /* levels of four spaces, used by tj_text_line and friends */
} tj_text;

void tj_text_fini(tj_text *text); /* frees data; the struct is zero again */
void tj_text_add(tj_text *text, const char *bytes, size_t byte_len);
void tj_text_puts(tj_text *text, const char *string);
void tj_text_printf(tj_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The string with control characters as \XX in hexadecimal: names in a module are any bytes, and
 * a message is one line that leaves the terminal as it is. */
void tj_text_visible(tj_text *text, const char *string);
/* One whole line: indentation, the formatted text, a newline. */
void tj_text_line(tj_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
