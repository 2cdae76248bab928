/* SPDX-License-Identifier: MIT */
/* Messages of a launch (os_log): kernels write records into memory of the launch, which is read
 * when the launch has ended. The layout is that of air.os_log in ir/bodies.def, the words of
 * the arguments that of ir/logging.c; nothing in it is trusted, a kernel may have written
 * anything.
 *
 * Records are told in the order of threads in the grid, and of each thread in its own order.
 * The format is read here and every number printed alone, by a format that this file makes. */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_BYTES = 16,  /* used, limit, dropped, - */
    RECORD_BYTES = 40 /* total, type, three lengths, length of words, x, y, z, - */
};
enum { DEFAULT_BYTES = 1 << 20, RECORDS_A_TEXT = 8 };
enum { LEAST_LOG_BYTES = 1 << 20, MAX_LOG_BYTES = 1 << 30 };
enum { MAX_WIDTH = 256, MAX_PRECISION = 64, NUMBER_BYTES = 1024 };
enum { KIND_INTEGER = 1, KIND_FLOAT = 2, KIND_TEXT = 4 };

/* One message, in place. */
typedef struct record {
    const uint8_t *bytes; /* of the record; all lengths are checked */
    uint32_t type, lens[3], word_count, thread[3];
    size_t number; /* order of writing */
} record;

/* ---- memory of a launch --------------------------------------------------------------- */

static int log_arg(const tj_kernel *kernel)
{
    for (unsigned i = kernel->arg_count - kernel->hidden_count; i < kernel->arg_count; i++)
        if (kernel->args[i].kind == TJ_ARG_BUFFER)
            return (int)i;
    return -1;
}

static uint64_t text_limit(const tmjit_launch *launch)
{
    return launch->log_byte_limit ? launch->log_byte_limit : DEFAULT_BYTES;
}

tj_status tj_log_bind(const tj_kernel *kernel, const tmjit_launch *launch, tjrt_buffer *bound,
                      tj_diags *diags)
{
    int arg = log_arg(kernel);
    uint64_t limit = launch->log ? text_limit(launch) : 0;

    if (arg < 0)
        return TJ_OK;
    limit = limit > MAX_LOG_BYTES / RECORDS_A_TEXT ? MAX_LOG_BYTES : limit * RECORDS_A_TEXT;
    if (launch->log && limit < LEAST_LOG_BYTES)
        limit = LEAST_LOG_BYTES;
    bound[arg].byte_len = HEAD_BYTES + limit;
    bound[arg].data = calloc(1, HEAD_BYTES + limit);
    if (!bound[arg].data)
        return tj_fail_at(diags, TJ_E_MEMORY, NULL, "no memory for a log of %llu bytes",
                          (unsigned long long)limit);
    uint32_t room = (uint32_t)limit;
    memcpy(bound[arg].data + 4, &room, sizeof room);
    return TJ_OK;
}

/* ---- arguments ------------------------------------------------------------------------ */

/* The words of a message, as far as they were read. */
typedef struct words {
    const uint8_t *at;
    uint32_t count;
} words;

typedef struct argument {
    unsigned kind, bits, count;
    uint64_t values[16];
} argument;

static uint64_t take_word(words *w)
{
    uint64_t word = 0;

    if (!w->count)
        return 0;
    memcpy(&word, w->at, sizeof word);
    w->at += sizeof word;
    w->count--;
    return word;
}

/* Kind 0: there is none. */
static argument take_argument(words *w)
{
    uint64_t head = take_word(w);
    argument taken = {
        .kind = head >> 32 & 0xff, .bits = head >> 16 & 0xff, .count = head & 0xff};

    if (taken.count > 16)
        taken.count = 16;
    for (unsigned i = 0; i < taken.count; i++)
        taken.values[i] = take_word(w);
    return taken;
}

static double as_double(const argument *of, uint64_t value)
{
    double wide;
    float number;

    if (of->kind == KIND_INTEGER)
        return (double)(int64_t)value;
    if (of->bits == 64) {
        memcpy(&wide, &value, sizeof wide);
        return wide;
    }
    memcpy(&number, &value, sizeof number); /* the low bytes: hosts are little-endian */
    return (double)number;
}

/* Saturates; what is no number is 0. */
static long long as_integer(const argument *of, uint64_t value, bool is_signed)
{
    if (of->kind == KIND_FLOAT) {
        double number = as_double(of, value);
        return number >= 9.2e18    ? INT64_MAX
               : number <= -9.2e18 ? INT64_MIN
               : number == number  ? (long long)number
                                   : 0;
    }
    if (is_signed && of->bits && of->bits < 64 && value >> (of->bits - 1) & 1)
        value |= UINT64_MAX << of->bits;
    return (long long)value;
}

/* ---- formats -------------------------------------------------------------------------- */

/* "%-08.3v4lf", taken apart. */
typedef struct conversion {
    char flags[8];
    unsigned width, components;
    int precision; /* -1: none */
    char letter;   /* 0: not a known conversion */
} conversion;

static const char *read_number(const char *at, const char *end, unsigned limit, unsigned *out)
{
    *out = 0;
    while (at < end && *at >= '0' && *at <= '9') {
        *out = *out * 10 + (unsigned)(*at++ - '0');
        *out = *out > limit ? limit : *out;
    }
    return at;
}

static bool is_one_of(const char *at, const char *end, const char *letters)
{
    return at < end && *at && strchr(letters, *at);
}

/* `at` is behind the percent sign; gives the first byte behind the conversion. */
static const char *read_conversion(const char *at, const char *end, conversion *out)
{
    size_t flag_count = 0;
    unsigned number;

    *out = (conversion){.components = 1, .precision = -1};
    for (; is_one_of(at, end, "-+ #0"); at++)
        if (flag_count < sizeof out->flags - 1 && !strchr(out->flags, *at))
            out->flags[flag_count++] = *at;
    at = read_number(at, end, MAX_WIDTH, &out->width);
    if (at < end && *at == '.') {
        at = read_number(at + 1, end, MAX_PRECISION, &number);
        out->precision = (int)number;
    }
    if (at < end && *at == 'v')
        at = read_number(at + 1, end, 16, &out->components);
    while (is_one_of(at, end, "hlLqjzt"))
        at++;
    if (is_one_of(at, end, "diouxXcfFeEgGaAsp"))
        out->letter = *at++;
    return at;
}

/* Flags that mean something with the letter; the others are undefined in C. */
static void choose_flags(const conversion *how, char out[8])
{
    const char *known = how->letter == 'c'           ? "-"
                        : strchr("diu", how->letter) ? "-+ 0"
                                                     : "-+ #0";
    size_t count = 0;

    for (const char *flag = how->flags; *flag; flag++)
        if (strchr(known, *flag))
            out[count++] = *flag;
    out[count] = 0;
}

static void print_number(tj_text *to, const conversion *how, const argument *from,
                         unsigned component)
{
    char format[48], number[NUMBER_BYTES], precision[16] = "", flags[8];
    uint64_t value = from->values[component];
    bool is_float = strchr("fFeEgGaA", how->letter) != NULL;

    if (how->precision >= 0)
        snprintf(precision, sizeof precision, ".%d", how->precision);
    choose_flags(how, flags);
    snprintf(format, sizeof format, "%%%s%.0u%s%s%c", flags, how->width, precision,
             is_float             ? ""
             : how->letter == 'c' ? ""
                                  : "ll",
             how->letter);
    /* Both formats are made above: one conversion, of a number, of at most MAX_WIDTH and
     * MAX_PRECISION digits. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (is_float)
        snprintf(number, sizeof number, format, as_double(from, value));
    else if (how->letter == 'c')
        snprintf(number, sizeof number, format, (int)(value & 0x7f));
    else
        snprintf(number, sizeof number, format,
                 as_integer(from, value, how->letter == 'd' || how->letter == 'i'));
#pragma GCC diagnostic pop
    tj_text_add(to, number, strlen(number));
}

/* A literal's bytes, at most `precision` of them, in at least `width` places. */
static void print_literal(tj_text *to, const conversion *how, const argument *from)
{
    char bytes[sizeof from->values];
    size_t len = from->bits < 8 * from->count ? from->bits : 8 * from->count, gap;

    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(from->values[i / 8] >> 8 * (i % 8));
    if (how->precision >= 0 && len > (size_t)how->precision)
        len = (size_t)how->precision;
    gap = how->width > len ? how->width - len : 0;
    bool is_left = strchr(how->flags, '-') != NULL;
    if (is_left)
        tj_text_add(to, bytes, len);
    while (gap--)
        tj_text_add(to, " ", 1);
    if (!is_left)
        tj_text_add(to, bytes, len);
}

static void print_argument(tj_text *to, const conversion *how, words *w)
{
    argument from = take_argument(w);

    if (from.kind == KIND_TEXT && how->letter == 's') {
        print_literal(to, how, &from);
        return;
    }
    if (!from.kind || !from.count || from.kind == KIND_TEXT ||
        strchr("sp", how->letter)) {
        tj_text_printf(to, "%s", from.kind ? "(pointer)" : "(missing)");
        return;
    }
    for (unsigned i = 0; i < how->components && i < from.count; i++) {
        if (i)
            tj_text_printf(to, ",");
        print_number(to, how, &from, i);
    }
}

/* Conversions that are not known are printed as they stand. */
static void print_message(tj_text *to, const char *format, size_t byte_len, words w)
{
    const char *end = format + byte_len;

    for (const char *at = format; at < end;) {
        size_t plain = 0;
        conversion how;

        while (at + plain < end && at[plain] != '%')
            plain++;
        tj_text_add(to, at, plain);
        at += plain;
        if (at == end)
            break;
        if (at + 1 < end && at[1] == '%') {
            tj_text_add(to, "%", 1);
            at += 2;
            continue;
        }
        const char *next = read_conversion(at + 1, end, &how);
        if (how.letter)
            print_argument(to, &how, &w);
        else
            tj_text_add(to, at, (size_t)(next - at));
        at = next;
    }
}

/* ---- records -------------------------------------------------------------------------- */

/* False behind the last whole record. */
static bool read_record(const tjrt_buffer *log, uint64_t *at, record *out)
{
    uint32_t head[9];
    uint64_t room = log->byte_len - HEAD_BYTES;

    if (*at > room || room - *at < RECORD_BYTES)
        return false;
    out->bytes = log->data + HEAD_BYTES + *at;
    memcpy(head, out->bytes, sizeof head);
    uint64_t needed = (uint64_t)RECORD_BYTES + head[2] + head[3] + head[4] + head[5];
    if (head[0] < needed || head[0] > room - *at)
        return false;
    out->type = head[1];
    memcpy(out->lens, head + 2, sizeof out->lens);
    out->word_count = head[5] / 8;
    memcpy(out->thread, head + 6, sizeof out->thread);
    *at += head[0];
    return true;
}

static int compare_records(const void *a, const void *b)
{
    const record *first = a, *second = b;

    for (int d = 2; d >= 0; d--)
        if (first->thread[d] != second->thread[d])
            return first->thread[d] < second->thread[d] ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

static record *read_records(const tjrt_buffer *log, size_t *count)
{
    uint64_t at = 0;
    record next;

    for (*count = 0; read_record(log, &at, &next);)
        ++*count;
    record *list = calloc(*count + 1, sizeof *list);
    at = 0;
    for (size_t i = 0; list && i < *count && read_record(log, &at, &list[i]); i++)
        list[i].number = i;
    if (list)
        qsort(list, *count, sizeof *list, compare_records);
    return list;
}

/* ---- telling -------------------------------------------------------------------------- */

static const char *part(const record *r, unsigned number)
{
    const char *at = (const char *)r->bytes + RECORD_BYTES + 8ull * r->word_count;

    for (unsigned i = 0; i < number; i++)
        at += r->lens[i];
    return at;
}

/* NULL when the kernel gave none. */
static const char *text_of(tj_arena *arena, const record *r, unsigned number)
{
    return r->lens[number] ? tj_arena_strndup(arena, part(r, number), r->lens[number]) : NULL;
}

static tmjit_log_level level_of(uint32_t type)
{
    static const tmjit_log_level levels[] = {[0] = TMJIT_LOG_DEFAULT,
                                             [1] = TMJIT_LOG_INFO,
                                             [2] = TMJIT_LOG_DEBUG,
                                             [16] = TMJIT_LOG_ERROR,
                                             [17] = TMJIT_LOG_FAULT};

    return type < sizeof levels / sizeof *levels ? levels[type] : TMJIT_LOG_DEFAULT;
}

/* False when the text does not fit into `*room` any more. */
static bool tell(const record *r, const tmjit_launch *launch, uint64_t *room)
{
    tj_arena *arena = tj_arena_create();
    tj_text text = {0};
    words w = {r->bytes + RECORD_BYTES, r->word_count};

    print_message(&text, part(r, 2), r->lens[2], w);
    bool fits = text.byte_len <= *room;
    if (fits) {
        tmjit_log_entry entry = {
            .level = level_of(r->type),
            .subsystem = text_of(arena, r, 0),
            .category = text_of(arena, r, 1),
            .message = text.data ? text.data : "",
            .thread = {r->thread[0], r->thread[1], r->thread[2]},
        };
        *room -= text.byte_len;
        launch->log(&entry, launch->log_user);
    }
    tj_text_fini(&text);
    tj_arena_destroy(arena);
    return fits;
}

static void tell_all(const tjrt_buffer *log, const tmjit_launch *launch)
{
    uint64_t room = text_limit(launch);
    size_t count = 0, told = 0;
    uint32_t dropped;
    record *list = read_records(log, &count);

    while (list && told < count && tell(&list[told], launch, &room))
        told++;
    memcpy(&dropped, log->data + 8, sizeof dropped);
    tmjit_log_entry rest = {.dropped_count = dropped + (uint64_t)(count - told)};
    if (rest.dropped_count)
        launch->log(&rest, launch->log_user);
    free(list);
}

void tj_log_end(const tj_kernel *kernel, const tmjit_launch *launch, tjrt_buffer *bound)
{
    int arg = log_arg(kernel);

    if (arg < 0 || !bound[arg].data)
        return;
    if (launch->log)
        tell_all(&bound[arg], launch);
    free(bound[arg].data);
    bound[arg] = (tjrt_buffer){0};
}
