/* SPDX-License-Identifier: MIT */
/* Element by element comparison, and the words for what was found. */
#include "compare.h"

#include "element.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- finding -------------------------------------------------------------------------- */

static double absolute_difference(tmjit_scalar scalar, const void *a, const void *b)
{
    double difference = fabs(tj_element_to_double(scalar, a) - tj_element_to_double(scalar, b));

    return isnan(difference) ? (double)INFINITY : difference;
}

/* Same bits, or both NaN. */
static bool is_same(tmjit_scalar scalar, const void *a, const void *b)
{
    return !memcmp(a, b, tj_element_get_info(scalar)->byte_len) ||
           (tj_element_is_nan(scalar, a) && tj_element_is_nan(scalar, b));
}

static void count_element(tmjit_scalar scalar, const void *expected, const void *got,
                          tj_tolerance tolerance, uint64_t element, tj_difference *out)
{
    double difference = absolute_difference(scalar, expected, got);
    double magnitude = fabs(tj_element_to_double(scalar, expected));
    double relative = magnitude > 0 ? difference / magnitude : difference > 0 ? INFINITY : 0;
    bool is_exact = tolerance.absolute == 0 && tolerance.relative == 0;
    bool is_infinite = isinf(difference);

    if (isnan(relative))
        relative = INFINITY;
    out->max_absolute = fmax(out->max_absolute, difference);
    out->max_relative = fmax(out->max_relative, relative);
    if (!is_exact && !is_infinite &&
        difference <= tolerance.absolute + tolerance.relative * magnitude)
        return;
    if (!out->count)
        out->first = element;
    out->count++;
}

tj_difference tj_compare(const tj_value *expected, const tj_value *got, tj_tolerance tolerance)
{
    unsigned elem_len = tj_element_get_info(got->scalar)->byte_len;
    tj_difference out = {0};

    assert(expected->scalar == got->scalar && expected->count == got->count);
    for (uint64_t i = 0; i < got->count; i++) {
        const unsigned char *a = expected->data + i * elem_len;
        const unsigned char *b = got->data + i * elem_len;
        if (!is_same(got->scalar, a, b))
            count_element(got->scalar, a, b, tolerance, i, &out);
    }
    return out;
}

/* ---- telling -------------------------------------------------------------------------- */

enum { PLACE_TEXT = 256 };

/* " (row 1, column 3)" for two dimensions, " (1, 3, 5)" for more, nothing for one. */
static void print_place(const tj_value *value, uint64_t element, char out[PLACE_TEXT])
{
    uint64_t index[TJ_MAX_DIMS];
    int at;

    out[0] = '\0';
    if (value->dim_count < 2)
        return;
    for (unsigned i = value->dim_count; i-- > 0; element /= value->dims[i])
        index[i] = element % value->dims[i];
    if (value->dim_count == 2) {
        snprintf(out, PLACE_TEXT, " (row %" PRIu64 ", column %" PRIu64 ")", index[0], index[1]);
        return;
    }
    at = snprintf(out, PLACE_TEXT, " (%" PRIu64, index[0]);
    for (unsigned i = 1; i < value->dim_count; i++)
        at += snprintf(out + at, (size_t)(PLACE_TEXT - at), ", %" PRIu64, index[i]);
    snprintf(out + at, (size_t)(PLACE_TEXT - at), ")");
}

static void print_element(const tj_value *value, uint64_t element, char out[TJ_ELEMENT_TEXT])
{
    unsigned elem_len = tj_element_get_info(value->scalar)->byte_len;

    tj_element_print(value->scalar, value->data + element * elem_len, out);
}

static void print_amount(double amount, char out[TJ_ELEMENT_TEXT])
{
    snprintf(out, TJ_ELEMENT_TEXT, "%.3g", amount);
}

int tj_check_expected(const char *name, const tj_value *expected, const tj_value *got,
                      tj_tolerance tolerance, tj_failure *why)
{
    char place[PLACE_TEXT], wanted[TJ_ELEMENT_TEXT], found[TJ_ELEMENT_TEXT];
    char absolute[TJ_ELEMENT_TEXT], relative[TJ_ELEMENT_TEXT];

    if (expected->scalar != got->scalar)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "buffer '%s' is %s, the expected value is %s",
                            name, tj_element_get_info(got->scalar)->name,
                            tj_element_get_info(expected->scalar)->name);
    if (expected->count != got->count)
        return tj_fail_tool(why, TJ_EXIT_DIFFERS,
                            "buffer '%s' has %" PRIu64 " elements, expected %" PRIu64, name,
                            got->count, expected->count);
    tj_difference d = tj_compare(expected, got, tolerance);
    if (!d.count)
        return TJ_EXIT_GOOD;
    print_place(got, d.first, place);
    print_element(expected, d.first, wanted);
    print_element(got, d.first, found);
    print_amount(d.max_absolute, absolute);
    print_amount(d.max_relative, relative);
    return tj_fail_tool(why, TJ_EXIT_DIFFERS,
                        "buffer '%s', element %" PRIu64 "%s: expected %s, got %s; %" PRIu64
                        " of %" PRIu64 " differ, max abs %s, max rel %s",
                        name, d.first, place, wanted, found, d.count, got->count, absolute,
                        relative);
}

/* ", thread (1, 2, 0)" when elements and threads are one to one; else nothing. */
static void print_thread(const tj_value *value, unsigned components, uint64_t element,
                         tmjit_extent grid, char out[PLACE_TEXT])
{
    uint64_t width = grid.x;
    uint64_t height = grid.y ? grid.y : 1;
    uint64_t depth = grid.z ? grid.z : 1;
    uint64_t per_thread = components ? components : 1;

    out[0] = '\0';
    if (value->count % per_thread || value->count / per_thread != width * height * depth)
        return;
    element /= per_thread;
    snprintf(out, PLACE_TEXT, ", thread (%" PRIu64 ", %" PRIu64 ", %" PRIu64 ")",
             element % width, element / width % height, element / width / height);
}

int tj_check_engines(const char *name, unsigned components, const tj_value *simd,
                     const tj_value *interp, tmjit_extent grid, tj_failure *why)
{
    char place[PLACE_TEXT], thread[PLACE_TEXT];
    char simd_text[TJ_ELEMENT_TEXT], interp_text[TJ_ELEMENT_TEXT];
    tj_difference d = tj_compare(interp, simd, (tj_tolerance){0});

    if (!d.count)
        return TJ_EXIT_GOOD;
    print_place(simd, d.first, place);
    print_thread(simd, components, d.first, grid, thread);
    print_element(simd, d.first, simd_text);
    print_element(interp, d.first, interp_text);
    return tj_fail_tool(why, TJ_EXIT_DIFFERS,
                        "engines differ: buffer '%s', element %" PRIu64
                        "%s%s: simd %s, interp %s; %" PRIu64 " of %" PRIu64 " differ",
                        name, d.first, place, thread, simd_text, interp_text, d.count,
                        simd->count);
}
