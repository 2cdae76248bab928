/* SPDX-License-Identifier: MIT */
/* The .npy format: magic, version, a Python dict in text, then the elements.
 * Source: NumPy, numpy.lib.format, "Format Version 1.0" to "3.0" (NEP 1). */
#include "npy.h"

#include "element.h"
#include "file.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "\x93NUMPY"
enum {
    MAGIC_LEN = 6,
    ALIGN = 64,      /* the data of written files */
    MAX_DESCR = 16,  /* longest dtype text that can be right */
    MAX_HEADER = 512 /* written headers: 8 dimensions of 20 digits and the words fit */
};

/* What a header says. */
typedef struct npy_header {
    char descr[MAX_DESCR];
    bool is_fortran, has_descr, has_order, has_shape;
    unsigned dim_count;
    uint64_t dims[TJ_MAX_DIMS];
} npy_header;

/* Reads the dict; `at` never passes `end`. */
typedef struct reader {
    const char *at, *end;
    const char *name;
    tj_failure *why;
} reader;

static int refuse(const reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int refuse(const reader *r, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return tj_fail_tool(r->why, TJ_EXIT_INPUT, "'%s': %s", r->name, text);
}

/* ---- the dict ------------------------------------------------------------------------- */

static void skip_space(reader *r)
{
    while (r->at < r->end && isspace((unsigned char)*r->at))
        r->at++;
}

/* Takes the character when it comes next. */
static bool take(reader *r, char c)
{
    skip_space(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool take_word(reader *r, const char *word)
{
    size_t len = strlen(word);

    skip_space(r);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len))
        return false;
    r->at += len;
    return true;
}

/* Takes a quoted text; one that is too long, or not there, is no text. */
static bool take_text(reader *r, char *out, size_t capacity)
{
    size_t len = 0;

    skip_space(r);
    if (r->at == r->end || (*r->at != '\'' && *r->at != '"'))
        return false;
    char quote = *r->at++;
    while (r->at < r->end && *r->at != quote && len + 1 < capacity &&
           isprint((unsigned char)*r->at))
        out[len++] = *r->at++;
    out[len] = '\0';
    return take(r, quote);
}

/* Files of Python 2 have an L behind the number. */
static bool take_number(reader *r, uint64_t *out)
{
    uint64_t value = 0;

    skip_space(r);
    const char *first = r->at;
    for (; r->at < r->end && isdigit((unsigned char)*r->at); r->at++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*r->at - '0'), &value))
            return false;
    if (r->at == first)
        return false;
    *out = value;
    take(r, 'L');
    return true;
}

static int read_descr(reader *r, npy_header *header)
{
    if (take(r, '['))
        return refuse(r, "structured dtype; a single scalar type is accepted");
    if (!take_text(r, header->descr, sizeof header->descr))
        return refuse(r, "malformed header: 'descr' is no short text");
    header->has_descr = true;
    return TJ_EXIT_GOOD;
}

static int read_order(reader *r, npy_header *header)
{
    header->is_fortran = take_word(r, "True");
    if (!header->is_fortran && !take_word(r, "False"))
        return refuse(r, "malformed header: 'fortran_order' is neither True nor False");
    header->has_order = true;
    return TJ_EXIT_GOOD;
}

static int read_shape(reader *r, npy_header *header)
{
    if (!take(r, '('))
        return refuse(r, "malformed header: 'shape' is no tuple");
    header->dim_count = 0;
    while (!take(r, ')')) {
        if (header->dim_count == TJ_MAX_DIMS)
            return refuse(r, "more than %d dimensions", TJ_MAX_DIMS);
        if (!take_number(r, &header->dims[header->dim_count]))
            return refuse(r, "malformed header: 'shape' has something that is no length");
        header->dim_count++;
        if (!take(r, ',') && (r->at == r->end || *r->at != ')'))
            return refuse(r, "malformed header: 'shape' does not end");
    }
    header->has_shape = true;
    return TJ_EXIT_GOOD;
}

typedef struct header_key {
    const char *name;
    int (*read)(reader *r, npy_header *header);
} header_key;

static const header_key header_keys[] = {
    {"descr", read_descr}, {"fortran_order", read_order}, {"shape", read_shape}};
enum { KEY_COUNT = sizeof header_keys / sizeof header_keys[0] };

static int read_entry(reader *r, npy_header *header)
{
    char key[MAX_DESCR];

    if (!take_text(r, key, sizeof key) || !take(r, ':'))
        return refuse(r, "malformed header: a quoted key and a colon are missing");
    for (const header_key *k = header_keys; k < header_keys + KEY_COUNT; k++)
        if (!strcmp(k->name, key))
            return k->read(r, header);
    return refuse(r, "malformed header: unknown key '%s'", key);
}

static int read_dict(reader *r, npy_header *header)
{
    if (!take(r, '{'))
        return refuse(r, "malformed header: it does not start with '{'");
    while (!take(r, '}')) {
        int status = read_entry(r, header);
        if (status)
            return status;
        if (!take(r, ',') && (r->at == r->end || *r->at != '}'))
            return refuse(r, "malformed header: ',' or '}' is missing");
    }
    skip_space(r);
    if (r->at != r->end)
        return refuse(r, "malformed header: text behind '}'");
    if (!header->has_descr || !header->has_order || !header->has_shape)
        return refuse(r, "malformed header: '%s' is missing",
                      !header->has_descr   ? "descr"
                      : !header->has_order ? "fortran_order"
                                           : "shape");
    return TJ_EXIT_GOOD;
}

/* ---- types ---------------------------------------------------------------------------- */

/* The order mark is checked apart: '|' and '<' mean the same for one byte. */
static int find_scalar(const reader *r, const char *descr, tmjit_scalar *out)
{
    char mark = descr[0];
    const char *type = mark ? descr + 1 : descr;

    if (!strcmp(type, "c8") || !strcmp(type, "c16"))
        return refuse(r, "dtype '%s': Metal has no such type; convert to f4 first", descr);
    for (int i = TMJIT_SCALAR_BOOL; i <= TMJIT_SCALAR_F64; i++) {
        const tj_element_info *info = tj_element_get_info((tmjit_scalar)i);
        if (strcmp(info->npy + 1, type))
            continue;
        if (mark == '>' && info->byte_len > 1)
            return refuse(r, "dtype '%s': big-endian; little-endian is accepted", descr);
        if (!strchr("<|=>", mark))
            return refuse(r, "dtype '%s': unknown byte order '%c'", descr, mark);
        *out = (tmjit_scalar)i;
        return TJ_EXIT_GOOD;
    }
    return refuse(r,
                  "dtype '%s'; b1, i1, u1, i2, u2, i4, u4, i8, u8, f2, f4, f8 and V2 "
                  "(bfloat) are accepted",
                  descr);
}

/* ---- files ---------------------------------------------------------------------------- */

/* Sets `r` to the text of the header; answers where the data starts. */
static int find_header(reader *r, const unsigned char *bytes, size_t byte_len,
                       size_t *data_start)
{
    if (byte_len < MAGIC_LEN + 4 || memcmp(bytes, MAGIC, MAGIC_LEN))
        return refuse(r, "no .npy file: it does not start with \\x93NUMPY");
    unsigned major = bytes[6];
    if (major < 1 || major > 3 || bytes[7] != 0)
        return refuse(r, "format version %u.%u; 1.0, 2.0 and 3.0 are accepted", major,
                      bytes[7]);
    size_t text_start = major == 1 ? 10 : 12;
    if (byte_len < text_start)
        return refuse(r, "the file ends inside the header");
    size_t text_len = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (major > 1)
        text_len |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (text_len > byte_len - text_start)
        return refuse(r, "the file ends inside the header");
    r->at = (const char *)bytes + text_start;
    r->end = r->at + text_len;
    *data_start = text_start + text_len;
    return TJ_EXIT_GOOD;
}

/* Before memory is taken: the shape must fit the bytes that are there. */
static int check_data_len(const reader *r, const npy_header *header, unsigned elem_len,
                          uint64_t data_len)
{
    uint64_t wanted = elem_len;
    bool has_zero = false;
    bool overflows = false;

    for (unsigned i = 0; i < header->dim_count; i++) {
        has_zero = has_zero || header->dims[i] == 0;
        overflows = overflows || __builtin_mul_overflow(wanted, header->dims[i], &wanted);
    }
    if (has_zero)
        wanted = 0;
    else if (overflows)
        wanted = UINT64_MAX;
    if (wanted != data_len)
        return refuse(r, "the shape needs %" PRIu64 " bytes of data, the file has %" PRIu64,
                      wanted, data_len);
    return TJ_EXIT_GOOD;
}

/* NumPy's bools are 0 or 1; anything else would be another value to each reader. */
static int check_bools(const reader *r, const tj_value *value)
{
    for (uint64_t i = 0; i < value->count; i++)
        if (value->data[i] > 1)
            return refuse(r, "element %" PRIu64 " is %u, which is no bool", i, value->data[i]);
    return TJ_EXIT_GOOD;
}

int tj_npy_parse(const void *bytes, size_t byte_len, const char *name, tj_value *out,
                 tj_failure *why)
{
    reader r = {.name = name, .why = why};
    npy_header header = {0};
    tmjit_scalar scalar = TMJIT_SCALAR_UNKNOWN;
    tj_value value = {0};
    size_t data_start = 0;

    int status = find_header(&r, bytes, byte_len, &data_start);
    if (!status)
        status = read_dict(&r, &header);
    if (!status)
        status = find_scalar(&r, header.descr, &scalar);
    if (!status && header.is_fortran && header.dim_count > 1)
        status = refuse(&r, "fortran order; save it with numpy.ascontiguousarray");
    if (!status)
        status = check_data_len(&r, &header, tj_element_get_info(scalar)->byte_len,
                                byte_len - data_start);
    if (!status)
        status = tj_value_create(scalar, header.dim_count, header.dims, &value, why);
    if (status)
        return status;
    memcpy(value.data, (const unsigned char *)bytes + data_start, value.byte_len);
    if (scalar == TMJIT_SCALAR_BOOL)
        status = check_bools(&r, &value);
    if (status)
        tj_value_fini(&value);
    else
        *out = value;
    return status;
}

int tj_npy_load(const char *path, tj_value *out, tj_failure *why)
{
    void *bytes = NULL;
    size_t byte_len = 0;
    int status = tj_file_read(path, &bytes, &byte_len, why);

    if (!status)
        status = tj_npy_parse(bytes, byte_len, path, out, why);
    free(bytes);
    return status;
}

static int print_header(const tj_value *value, char *out, int capacity)
{
    tmjit_scalar scalar = value->scalar == TMJIT_SCALAR_BF16 ? TMJIT_SCALAR_U16 : value->scalar;
    int at =
        snprintf(out, (size_t)capacity, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                 tj_element_get_info(scalar)->npy);

    for (unsigned i = 0; i < value->dim_count; i++)
        at += snprintf(out + at, (size_t)(capacity - at), i ? " %" PRIu64 "," : "%" PRIu64 ",",
                       value->dims[i]);
    if (value->dim_count > 1)
        at--; /* Python wants the last comma for one dimension only */
    return at + snprintf(out + at, (size_t)(capacity - at), "), }");
}

int tj_npy_save(const char *path, const tj_value *value, tj_failure *why)
{
    char head[MAX_HEADER];
    int text_start = MAGIC_LEN + 4;
    int used = text_start + print_header(value, head + text_start, MAX_HEADER - text_start);
    int head_len = (used + 1 + ALIGN - 1) / ALIGN * ALIGN; /* 1: the newline */

    memset(head + used, ' ', (size_t)(head_len - used));
    head[head_len - 1] = '\n';
    memcpy(head, MAGIC "\x01\x00", MAGIC_LEN + 2);
    head[8] = (char)((head_len - text_start) & 0xff);
    head[9] = (char)((head_len - text_start) >> 8);
    return tj_file_write(path, head, (size_t)head_len, value->data, value->byte_len, why);
}
