/* SPDX-License-Identifier: MIT */
/* Growing text with indentation. Exhausted memory aborts, as in the arena. */
#include "text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tj_text_fini(tj_text *text)
{
    free(text->data);
    *text = (tj_text){0};
}

/* Makes room for `more` bytes and the NUL behind them. */
static void reserve(tj_text *text, size_t more)
{
    if (more >= SIZE_MAX / 2 - text->byte_len)
        abort();
    size_t need = text->byte_len + more + 1;
    if (need <= text->byte_cap)
        return;
    size_t cap = text->byte_cap ? text->byte_cap : 256;
    while (cap < need)
        cap *= 2;
    text->data = realloc(text->data, cap);
    if (!text->data)
        abort();
    text->byte_cap = cap;
}

void tj_text_add(tj_text *text, const char *bytes, size_t byte_len)
{
    reserve(text, byte_len);
    if (byte_len)
        memcpy(text->data + text->byte_len, bytes, byte_len);
    text->byte_len += byte_len;
    text->data[text->byte_len] = '\0';
}

void tj_text_puts(tj_text *text, const char *string)
{
    tj_text_add(text, string, strlen(string));
}

void tj_text_visible(tj_text *text, const char *string)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *string; string++) {
        unsigned char c = (unsigned char)*string;
        char code[3] = {'\\', digits[c >> 4], digits[c & 15]};
        bool is_control = c < 0x20 || c == 0x7f;
        tj_text_add(text, is_control ? code : string, is_control ? sizeof code : 1);
    }
}

/* Prints into the room that is left, and again where that was too little. */
static void add_formatted(tj_text *text, const char *format, va_list args)
{
    va_list again;
    reserve(text, 0);
    size_t room = text->byte_cap - text->byte_len;
    va_copy(again, args);
    int byte_len = vsnprintf(text->data + text->byte_len, room, format, args);
    if (byte_len < 0)
        abort();
    if ((size_t)byte_len >= room) {
        reserve(text, (size_t)byte_len);
        vsnprintf(text->data + text->byte_len, (size_t)byte_len + 1, format, again);
    }
    va_end(again);
    text->byte_len += (size_t)byte_len;
}

void tj_text_printf(tj_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_formatted(text, format, args);
    va_end(args);
}

void tj_text_line(tj_text *text, const char *format, ...)
{
    for (unsigned i = 0; i < text->indent; i++)
        tj_text_add(text, "    ", 4);
    va_list args;
    va_start(args, format);
    add_formatted(text, format, args);
    va_end(args);
    tj_text_add(text, "\n", 1);
}
