/* SPDX-License-Identifier: MIT */
/* VALUE of the command line: files, fills and lists. The grammar is in tj_value_parse. */
#include "values.h"

#include "element.h"
#include "npy.h"
#include "random.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DATA_ALIGN = 128 }; /* two cache lines: no vector access is split */

/* ---- memory --------------------------------------------------------------------------- */

static bool multiply(uint64_t *product, uint64_t factor)
{
    return !__builtin_mul_overflow(*product, factor, product) && *product <= INT64_MAX;
}

/* More than the machine has would be given by the kernel and then end the process. */
static bool fits_machine(uint64_t byte_len)
{
    return byte_len / (uint64_t)sysconf(_SC_PAGESIZE) < (uint64_t)sysconf(_SC_PHYS_PAGES);
}

int tj_value_create(tmjit_scalar scalar, unsigned dim_count, const uint64_t *dims,
                    tj_value *out, tj_failure *why)
{
    tj_value value = {.scalar = scalar, .dim_count = dim_count, .count = 1};
    bool is_counted = true;

    for (unsigned i = 0; i < dim_count; i++) {
        value.dims[i] = dims[i];
        is_counted = is_counted && multiply(&value.count, dims[i]);
    }
    value.byte_len = value.count;
    is_counted = is_counted && multiply(&value.byte_len, tj_element_get_info(scalar)->byte_len);
    if (is_counted && fits_machine(value.byte_len))
        value.memory = calloc(1, value.byte_len + DATA_ALIGN);
    if (!value.memory) {
        char shape[TJ_SHAPE_TEXT];
        tj_value_print_shape(&value, shape);
        return tj_fail_tool(why, TJ_EXIT_INPUT, "%s[%s] is too large for memory",
                            tj_element_get_info(scalar)->name, shape);
    }
    uintptr_t start = (uintptr_t)value.memory;
    value.data = (unsigned char *)value.memory + (DATA_ALIGN - start % DATA_ALIGN) % DATA_ALIGN;
    *out = value;
    return TJ_EXIT_GOOD;
}

int tj_value_copy(const tj_value *from, tj_value *out, tj_failure *why)
{
    int status = tj_value_create(from->scalar, from->dim_count, from->dims, out, why);

    if (!status)
        memcpy(out->data, from->data, from->byte_len);
    return status;
}

void tj_value_fini(tj_value *value)
{
    free(value->memory);
    *value = (tj_value){0};
}

void tj_value_print_shape(const tj_value *value, char out[TJ_SHAPE_TEXT])
{
    size_t at = 0;

    out[0] = '\0';
    for (unsigned i = 0; i < value->dim_count; i++)
        at += (size_t)snprintf(out + at, TJ_SHAPE_TEXT - at, "%s%" PRIu64, i ? "x" : "",
                               value->dims[i]);
}

/* ---- fills ---------------------------------------------------------------------------- */

static void fill_zeros(tj_value *value, uint64_t seed)
{
    (void)seed;
    memset(value->data, 0, value->byte_len);
}

static void fill_iota_from(tj_value *value, uint64_t first, uint64_t step)
{
    const tj_element_info *info = tj_element_get_info(value->scalar);

    for (uint64_t i = 0; i < value->count; i++) {
        void *element = value->data + i * info->byte_len;
        if (info->kind == TJ_ELEMENT_FLOAT)
            tj_element_from_double(value->scalar, (double)(first + i * step), element);
        else
            tj_element_from_bits(value->scalar, first + i * step, element);
    }
}

static void fill_ones(tj_value *value, uint64_t seed)
{
    (void)seed;
    fill_iota_from(value, 1, 0);
}

static void fill_iota(tj_value *value, uint64_t seed)
{
    (void)seed;
    fill_iota_from(value, 0, 1);
}

/* Significant bits of a float type: that many random bits give a number below 1 exactly. */
static unsigned significant_bits(tmjit_scalar scalar)
{
    static const unsigned bits[] = {[TMJIT_SCALAR_F16] = 11,
                                    [TMJIT_SCALAR_BF16] = 8,
                                    [TMJIT_SCALAR_F32] = 24,
                                    [TMJIT_SCALAR_F64] = 53};

    return scalar < sizeof bits / sizeof *bits ? bits[scalar] : 0;
}

static void fill_rand(tj_value *value, uint64_t seed)
{
    const tj_element_info *info = tj_element_get_info(value->scalar);
    uint64_t key = tj_random_key(seed);
    unsigned float_bits = significant_bits(value->scalar);
    double scale = 1.0 / (double)(UINT64_C(1) << float_bits);

    for (uint64_t i = 0; i < value->count; i++) {
        void *element = value->data + i * info->byte_len;
        uint64_t bits = tj_random_bits(key, i);
        if (info->kind == TJ_ELEMENT_FLOAT)
            tj_element_from_double(value->scalar, (double)(bits >> (64 - float_bits)) * scale,
                                   element);
        else
            tj_element_from_bits(value->scalar, bits >> (64 - 8 * info->byte_len), element);
    }
}

static void fill_randn(tj_value *value, uint64_t seed)
{
    unsigned elem_len = tj_element_get_info(value->scalar)->byte_len;
    uint64_t key = tj_random_key(seed);

    for (uint64_t i = 0; i < value->count; i++)
        tj_element_from_double(value->scalar, tj_random_normal(key, i),
                               value->data + i * elem_len);
}

typedef struct fill {
    const char *name;
    void (*run)(tj_value *value, uint64_t seed);
    bool has_seed, is_float_only;
} fill;

static const fill fills[] = {
    {"zeros", fill_zeros, false, false}, {"ones", fill_ones, false, false},
    {"iota", fill_iota, false, false},   {"rand", fill_rand, true, false},
    {"randn", fill_randn, true, true},
};
enum { FILL_COUNT = sizeof fills / sizeof fills[0] };

/* Finds the fill whose name starts `text`, alone or before a parenthesis. */
static const fill *find_fill(const char *text)
{
    size_t name_len = strcspn(text, "(");

    for (const fill *f = fills; f < fills + FILL_COUNT; f++)
        if (strlen(f->name) == name_len && !strncmp(f->name, text, name_len))
            return f;
    return NULL;
}

/* Reads "(SEED)" to the end of the text. */
static bool parse_seed(const char *text, uint64_t *seed)
{
    char *end;

    if (text[0] != '(' || !isdigit((unsigned char)text[1]))
        return false;
    errno = 0;
    *seed = strtoull(text + 1, &end, 10);
    return !errno && !strcmp(end, ")");
}

static int run_fill(const fill *f, const char *text, tj_value *value, tj_failure *why)
{
    const tj_element_info *info = tj_element_get_info(value->scalar);
    const char *rest = text + strlen(f->name);
    uint64_t seed = 0;

    if (f->has_seed && !parse_seed(rest, &seed))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "'%s' has no seed: write %s(1)", text, f->name);
    if (!f->has_seed && *rest)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "'%s': %s takes no argument", text, f->name);
    if (f->is_float_only && info->kind != TJ_ELEMENT_FLOAT)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "%s is for float types, not for %s", f->name,
                            info->name);
    f->run(value, seed);
    return TJ_EXIT_GOOD;
}

static int fill_constant(const char *text, tj_value *value, tj_failure *why)
{
    const tj_element_info *info = tj_element_get_info(value->scalar);
    uint64_t element[1];
    const char *problem = tj_element_parse(value->scalar, text, element);

    if (problem)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "'%s' %s (%s); FILL is zeros, ones, iota, rand(SEED), "
                            "randn(SEED) or a number",
                            text, problem, info->name);
    for (uint64_t i = 0; i < value->count; i++)
        memcpy(value->data + i * info->byte_len, element, info->byte_len);
    return TJ_EXIT_GOOD;
}

/* ---- lists ---------------------------------------------------------------------------- */

static uint64_t count_items(const char *list)
{
    uint64_t count = 1;

    for (; *list; list++)
        count += *list == ',';
    return count;
}

/* `value` has as many elements as the list. */
static int fill_list(const char *list, tj_value *value, tj_failure *why)
{
    const tj_element_info *info = tj_element_get_info(value->scalar);
    char item[TJ_ELEMENT_TEXT];

    for (uint64_t i = 0; i < value->count; i++) {
        size_t len = strcspn(list, ",");
        if (len >= sizeof item)
            return tj_fail_tool(why, TJ_EXIT_USAGE, "'%.*s' is no number of type %s", (int)len,
                                list, info->name);
        memcpy(item, list, len);
        item[len] = '\0';
        const char *problem =
            tj_element_parse(value->scalar, item, value->data + i * info->byte_len);
        if (problem)
            return tj_fail_tool(why, TJ_EXIT_USAGE, "'%s' %s (%s)", item, problem, info->name);
        list += len + (list[len] == ',');
    }
    return TJ_EXIT_GOOD;
}

int tj_value_parse_list(tmjit_scalar scalar, const char *list, tj_value *out, tj_failure *why)
{
    tj_value value = {0};
    uint64_t count = count_items(list);
    int status = tj_value_create(scalar, 1, &count, &value, why);

    if (!status)
        status = fill_list(list, &value, why);
    if (status)
        tj_value_fini(&value);
    else
        *out = value;
    return status;
}

/* ---- the grammar ---------------------------------------------------------------------- */

static int parse_type(const char *text, size_t len, tmjit_scalar *out, tj_failure *why)
{
    char name[8] = "";

    if (len < sizeof name)
        memcpy(name, text, len);
    *out = tj_element_find(name);
    if (*out == TMJIT_SCALAR_UNKNOWN)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "'%s' is no value: write FILE.npy, TYPE[SHAPE]:FILL or "
                            "TYPE:NUMBER,...; TYPE is one of " TJ_ELEMENT_NAMES,
                            text);
    return TJ_EXIT_GOOD;
}

typedef struct shape {
    unsigned dim_count;
    uint64_t dims[TJ_MAX_DIMS];
} shape;

/* Reads "64x128]" and answers what stands behind the bracket; NULL when malformed. */
static const char *parse_shape(const char *text, shape *out)
{
    char *end;

    for (out->dim_count = 0; out->dim_count < TJ_MAX_DIMS; text = end + 1) {
        if (!isdigit((unsigned char)*text))
            return NULL;
        errno = 0;
        out->dims[out->dim_count++] = strtoull(text, &end, 10);
        if (errno)
            return NULL;
        if (*end == ']')
            return end + 1;
        if (*end != 'x')
            return NULL;
    }
    return NULL;
}

static int fill_value(const char *text, tj_value *value, tj_failure *why)
{
    uint64_t item_count = count_items(text);
    const fill *f = find_fill(text);

    if (f)
        return run_fill(f, text, value, why);
    if (item_count == 1)
        return fill_constant(text, value, why);
    if (item_count != value->count)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "the list has %" PRIu64 " numbers for %" PRIu64 " elements",
                            item_count, value->count);
    return fill_list(text, value, why);
}

static int parse_shaped(tmjit_scalar scalar, const char *text, const char *whole, tj_value *out,
                        tj_failure *why)
{
    shape sh = {0};
    const char *rest = parse_shape(text, &sh);
    tj_value value = {0};

    if (!rest || (*rest && *rest != ':'))
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "'%s': write TYPE[SHAPE] or TYPE[SHAPE]:FILL, SHAPE as 1024 or "
                            "64x128, at most %d dimensions",
                            whole, TJ_MAX_DIMS);
    int status = tj_value_create(scalar, sh.dim_count, sh.dims, &value, why);
    if (!status && *rest)
        status = fill_value(rest + 1, &value, why);
    if (status)
        tj_value_fini(&value);
    else
        *out = value;
    return status;
}

static bool ends_with(const char *text, const char *end)
{
    size_t text_len = strlen(text);
    size_t end_len = strlen(end);

    return text_len >= end_len && !strcmp(text + text_len - end_len, end);
}

int tj_value_parse(const char *text, tj_value *out, tj_failure *why)
{
    size_t type_len = strcspn(text, "[:");
    tmjit_scalar scalar;

    if (ends_with(text, ".npy"))
        return tj_npy_load(text, out, why);
    int status = parse_type(text, type_len, &scalar, why);
    if (status)
        return status;
    if (text[type_len] == '[')
        return parse_shaped(scalar, text + type_len + 1, text, out, why);
    if (text[type_len] != ':')
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "'%s' has no shape: write %s[SHAPE] or %s:NUMBER,...", text, text,
                            text);
    if (find_fill(text + type_len + 1))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "'%s' has no shape: write %.*s[SHAPE]:%s", text,
                            (int)type_len, text, text + type_len + 1);
    return tj_value_parse_list(scalar, text + type_len + 1, out, why);
}
