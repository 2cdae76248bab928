/* SPDX-License-Identifier: MIT */
/* needs: tools/values.c tools/npy.c tools/element.c tools/half.c tools/random.c tools/file.c tools/failure.c tools/options.c */
/* Any line as a value of the command (TYPE[SHAPE]:FILL), as a list of numbers of each type, and
 * as the words of a command line. */
#include "tools/options.h"
#include "tools/values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

enum { LONGEST = 512, MOST_WORDS = 24, MOST_DIGITS = 6 };

/* Shapes of more digits than this are memory, not parsing; files are another target's. */
static bool is_modest(const char *text)
{
    unsigned digits = 0;

    for (; *text; text++)
        digits += isdigit((unsigned char)*text) != 0;
    return digits <= MOST_DIGITS;
}

static void finish(int status, tj_value *value, tj_failure *why)
{
    if (status ? !why->message : why->message || !value->memory)
        abort(); /* a failure has a message, success a value */
    tj_value_fini(value);
    tj_failure_fini(why);
}

static void try_value(const char *text)
{
    tj_failure why = {0};
    tj_value value = {0};
    size_t len = strlen(text);

    if (is_modest(text) && (len < 4 || strcmp(text + len - 4, ".npy")))
        finish(tj_value_parse(text, &value, &why), &value, &why);
}

static void try_lists(const char *text)
{
    for (int scalar = TMJIT_SCALAR_BOOL; scalar <= TMJIT_SCALAR_F64; scalar++) {
        tj_failure why = {0};
        tj_value value = {0};
        finish(tj_value_parse_list((tmjit_scalar)scalar, text, &value, &why), &value, &why);
    }
}

static void try_options(char *text)
{
    char name[] = "run";
    char *words[MOST_WORDS + 2] = {name};
    int count = 1;
    tj_failure why = {0};
    tj_args args;
    tmjit_extent extent = {0, 0, 0};

    for (char *word = strtok(text, " "); word && count <= MOST_WORDS; word = strtok(NULL, " "))
        words[count++] = word;
    if (!tj_args_parse(count, words, TJ_CMD_RUN, &args, &why)) {
        (void)tj_args_extent(&args, TJ_OPT_THREADGROUP, &extent, &why);
        tj_args_fini(&args);
    } else if (!why.message) {
        abort();
    }
    tj_failure_fini(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    char text[LONGEST + 1] = "";

    if (byte_len > LONGEST)
        byte_len = LONGEST;
    if (byte_len)
        memcpy(text, bytes, byte_len);
    try_value(text);
    try_lists(text);
    try_options(text);
    return 0;
}
