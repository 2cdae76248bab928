/* SPDX-License-Identifier: MIT */
/* --out, --print and --expect: read before the launch, done after it. */
#include "outputs.h"

#include "element.h"
#include "half.h"
#include "npy.h"
#include "print.h"

#include <stdlib.h>
#include <string.h>

/* ---- before the launch ---------------------------------------------------------------- */

static int prepare_out(const tj_bound *bound, const char *rest, tj_output *output,
                       tj_failure *why)
{
    size_t len = strlen(rest);

    (void)bound;
    if (len < 5 || strcmp(rest + len - 4, ".npy"))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--out '%s': the file's name must end in .npy",
                            rest);
    output->path = rest;
    return TJ_EXIT_GOOD;
}

/* Expected integers may differ in sign's spelling from the buffer, as at --buf. */
static int prepare_expect(const tj_bound *bound, const char *rest, tj_output *output,
                          tj_failure *why)
{
    const tj_value *value = &bound->values[output->index];
    const tj_element_info *have = tj_element_get_info(value->scalar);
    int status = tj_parse_for_slot(bound, output->index, rest, &output->expected, why);

    if (status)
        return status;
    const tj_element_info *want = tj_element_get_info(output->expected.scalar);
    bool are_integers = have->kind != TJ_ELEMENT_FLOAT && want->kind != TJ_ELEMENT_FLOAT;
    if (are_integers && have->byte_len == want->byte_len)
        output->expected.scalar = value->scalar;
    return TJ_EXIT_GOOD;
}

/* `text` is "NAME" or "NAME:all". */
static int prepare_print(const tj_bound *bound, const char *text, tj_output *output,
                         tj_failure *why)
{
    size_t name_len = strcspn(text, ":");

    output->is_whole = text[name_len] != '\0';
    if (output->is_whole && strcmp(text + name_len, ":all"))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--print '%s': NAME or NAME:all is accepted",
                            text);
    char *name = strndup(text, name_len);
    if (!name)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    int status = tj_find_buffer(bound, name, &output->index, why);
    free(name);
    return status;
}

static int prepare_assigned(const tj_bound *bound, const char *text, tj_output *output,
                            tj_failure *why)
{
    const char *rest = NULL;
    char *name = NULL;

    int status = tj_split_assignment(output->id, text, &name, &rest, why);
    if (!status)
        status = tj_find_buffer(bound, name, &output->index, why);
    free(name);
    if (status)
        return status;
    return output->id == TJ_OPT_OUT ? prepare_out(bound, rest, output, why)
                                    : prepare_expect(bound, rest, output, why);
}

int tj_outputs_prepare(const tj_args *args, const tj_bound *bound, tj_outputs *out,
                       tj_failure *why)
{
    static const tj_option_id ids[] = {TJ_OPT_OUT, TJ_OPT_PRINT, TJ_OPT_EXPECT};
    tj_outputs outputs = {.items = calloc(args->given_count + 1, sizeof *outputs.items)};
    int status =
        outputs.items ? TJ_EXIT_GOOD : tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");

    if (!status)
        status = tj_args_number(args, TJ_OPT_RTOL, &outputs.tolerance.relative, why);
    if (!status)
        status = tj_args_number(args, TJ_OPT_ATOL, &outputs.tolerance.absolute, why);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0] && !status; i++) {
        size_t cursor = 0;
        const char *text;
        while (!status && (text = tj_args_next(args, ids[i], &cursor))) {
            tj_output *output = &outputs.items[outputs.count++];
            output->id = ids[i];
            status = ids[i] == TJ_OPT_PRINT ? prepare_print(bound, text, output, why)
                                            : prepare_assigned(bound, text, output, why);
        }
    }
    if (status)
        tj_outputs_fini(&outputs);
    else
        *out = outputs;
    return status;
}

void tj_outputs_fini(tj_outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        tj_value_fini(&outputs->items[i].expected);
    free(outputs->items);
    *outputs = (tj_outputs){0};
}

/* ---- after the launch ----------------------------------------------------------------- */

int tj_outputs_save(const tj_outputs *outputs, const tj_bound *bound, tj_failure *why)
{
    int status = TJ_EXIT_GOOD;

    for (const tj_output *o = outputs->items; o < outputs->items + outputs->count; o++)
        if (o->id == TJ_OPT_OUT && !status)
            status = tj_npy_save(o->path, &bound->values[o->index], why);
    return status;
}

void tj_outputs_print(const tj_outputs *outputs, const tj_bound *bound, FILE *to)
{
    for (const tj_output *o = outputs->items; o < outputs->items + outputs->count; o++)
        if (o->id == TJ_OPT_PRINT)
            tj_print_value(to, bound->slots[o->index].name, &bound->values[o->index],
                           o->is_whole);
}

/* 8-bit floats are bytes here: their values are compared. */
static int decode(const char *type_name, const tj_value *codes, tj_value *out, tj_failure *why)
{
    int status = tj_value_create(TMJIT_SCALAR_F32, codes->dim_count, codes->dims, out, why);

    for (uint64_t i = 0; !status && i < codes->count; i++) {
        float value = tj_float8_to_float(type_name, codes->data[i]);
        memcpy(out->data + i * sizeof value, &value, sizeof value);
    }
    return status;
}

static int check_one(const tj_outputs *outputs, const tj_bound *bound, const tj_output *o,
                     tj_failure *why)
{
    const tj_slot *slot = &bound->slots[o->index];
    const tj_value *got = &bound->values[o->index];
    tj_value wanted = {0}, found = {0};
    int status = TJ_EXIT_GOOD;

    if (!tj_is_float8(slot->arg->type_name))
        return tj_check_expected(slot->name, &o->expected, got, outputs->tolerance, why);
    status = decode(slot->arg->type_name, &o->expected, &wanted, why);
    if (!status)
        status = decode(slot->arg->type_name, got, &found, why);
    if (!status)
        status = tj_check_expected(slot->name, &wanted, &found, outputs->tolerance, why);
    tj_value_fini(&wanted);
    tj_value_fini(&found);
    return status;
}

int tj_outputs_check(const tj_outputs *outputs, const tj_bound *bound, tj_failure *why)
{
    int status = TJ_EXIT_GOOD;

    for (const tj_output *o = outputs->items; o < outputs->items + outputs->count; o++)
        if (o->id == TJ_OPT_EXPECT && !status)
            status = check_one(outputs, bound, o, why);
    return status;
}

bool tj_outputs_has_print(const tj_outputs *outputs, size_t index)
{
    for (const tj_output *o = outputs->items; o < outputs->items + outputs->count; o++)
        if (o->id == TJ_OPT_PRINT && o->index == index)
            return true;
    return false;
}
