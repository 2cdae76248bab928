/* SPDX-License-Identifier: MIT */
/* Records the first error of a unit and renders it for a person. */
#include "diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const status_names[] = {
#define ERR(id, name, meaning) [TJ_##id] = name,
#include "errors.def"
};

const char *tj_status_name(tj_status status)
{
    size_t count = sizeof status_names / sizeof status_names[0];
    return (size_t)status < count ? status_names[status] : "unknown";
}

static const char *copy(tj_arena *arena, const char *text)
{
    return text ? tj_arena_strdup(arena, text) : NULL;
}

const char *tj_diag_line(tj_arena *arena, const char *message)
{
    tj_text line = {0};
    tj_text_visible(&line, message);
    const char *copied = tj_arena_strndup(arena, line.data ? line.data : "", line.byte_len);
    tj_text_fini(&line);
    return copied;
}

static const char *format_text(tj_arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int byte_len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (byte_len < 0)
        abort();
    char *text = tj_arena_take(arena, (size_t)byte_len + 1, 1, 1);
    vsnprintf(text, (size_t)byte_len + 1, format, args);
    return tj_diag_line(arena, text);
}

tj_status tj_fail_at(tj_diags *diags, tj_status status, const tj_loc *loc, const char *format,
                     ...)
{
    if (diags->first.status != TJ_OK)
        return status;
    tj_loc place = loc ? *loc : (tj_loc){0};
    place.file = copy(diags->arena, place.file);
    place.kernel = copy(diags->arena, place.kernel);
    place.block = copy(diags->arena, place.block);
    place.inst = copy(diags->arena, place.inst);
    place.source = copy(diags->arena, place.source);
    va_list args;
    va_start(args, format);
    const char *message = format_text(diags->arena, format, args);
    va_end(args);
    diags->first = (tj_diag){.status = status, .message = message, .loc = place};
    return status;
}

static void render_file(const tj_loc *loc, tj_text *out)
{
    if (!loc->file)
        return;
    tj_text_visible(out, loc->file);
    if (loc->line)
        tj_text_printf(out, ":%u", loc->line);
    if (loc->line && loc->column)
        tj_text_printf(out, ":%u", loc->column);
    tj_text_puts(out, ": ");
}

static void render_part(tj_text *out, const char *before, const char *part)
{
    tj_text_puts(out, before);
    tj_text_visible(out, part);
}

static void render_kernel(const tj_loc *loc, tj_text *out)
{
    if (!loc->kernel && !loc->block && !loc->inst)
        return;
    const char *before = "  in ";
    if (loc->kernel) {
        render_part(out, "  in kernel @", loc->kernel);
        before = ", ";
    }
    if (loc->block) {
        tj_text_puts(out, before);
        render_part(out, "block %", loc->block);
        before = ": ";
    }
    if (loc->inst)
        render_part(out, loc->block ? ": " : before, loc->inst);
    tj_text_puts(out, "\n");
}

/* "  12 | source" and below it a caret at the column. */
static void render_source(const tj_loc *loc, tj_text *out)
{
    size_t start = out->byte_len;
    tj_text_printf(out, "  %u | ", loc->line);
    size_t margin = out->byte_len - start;
    tj_text_visible(out, loc->source);
    tj_text_puts(out, "\n");
    if (!loc->column || loc->column > strlen(loc->source) + 1)
        return;
    tj_text_printf(out, "%*s| ", (int)margin - 2, "");
    for (unsigned i = 0; i + 1 < loc->column; i++) {
        unsigned char c = (unsigned char)loc->source[i];
        bool is_inside = (c & 0xC0) == 0x80; /* of a character in UTF-8 */
        tj_text_puts(out, is_inside ? "" : c < ' ' || c == 0x7F ? "   " : " "); /* \XX */
    }
    tj_text_puts(out, "^\n");
}

void tj_diag_render(const tj_diag *diag, tj_text *out)
{
    const tj_loc *loc = &diag->loc;
    render_file(loc, out);
    tj_text_puts(out, "error: ");
    tj_text_visible(out, diag->message ? diag->message : "");
    tj_text_printf(out, " [%s]\n", tj_status_name(diag->status));
    render_kernel(loc, out);
    if (loc->source)
        render_source(loc, out);
}
