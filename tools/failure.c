/* SPDX-License-Identifier: MIT */
/* Failures of a command: recorded once, printed once; and the search for the word that was
 * meant (Levenshtein distance). */
#include "failure.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const status_names[] = {
    [TJ_EXIT_GOOD] = "ok",
    [TJ_EXIT_INPUT] = "input",
    [TJ_EXIT_USAGE] = "usage",
    [TJ_EXIT_DIFFERS] = "mismatch",
};

static char *copy_or_null(const char *text)
{
    return text ? strdup(text) : NULL;
}

int tj_fail_tool(tj_failure *why, int exit_status, const char *format, ...)
{
    va_list args;

    assert(exit_status > TJ_EXIT_GOOD && exit_status <= TJ_EXIT_DIFFERS);
    if (why->exit_status)
        return exit_status;
    why->exit_status = exit_status;
    why->status = status_names[exit_status];
    va_start(args, format);
    if (vasprintf(&why->message, format, args) < 0)
        why->message = NULL;
    va_end(args);
    return exit_status;
}

int tj_fail_library(tj_failure *why, const tmjit_context *ctx)
{
    const tmjit_error *error = tmjit_last_error(ctx);
    int exit_status = error->status == TMJIT_E_INVALID ? TJ_EXIT_USAGE : TJ_EXIT_INPUT;

    if (why->exit_status)
        return exit_status;
    why->exit_status = exit_status;
    why->status = tmjit_status_name(error->status);
    why->message = copy_or_null(error->message);
    why->rendered = copy_or_null(error->rendered);
    why->file = copy_or_null(error->file);
    why->kernel = copy_or_null(error->kernel);
    why->line = error->line;
    why->column = error->column;
    return exit_status;
}

void tj_failure_print(const tj_failure *why, FILE *to)
{
    if (!why->exit_status)
        return;
    if (why->rendered)
        fputs(why->rendered, to);
    else
        fprintf(to, "tmjit: %s\n", why->message ? why->message : "out of memory");
}

void tj_failure_fini(tj_failure *why)
{
    free(why->message);
    free(why->rendered);
    free(why->file);
    free(why->kernel);
    *why = (tj_failure){0};
}

enum { MAX_WORD = 48 };

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Words that are longer than MAX_WORD are cut. */
static unsigned word_distance(const char *a, const char *b)
{
    unsigned row[MAX_WORD + 1];
    unsigned b_len = (unsigned)strnlen(b, MAX_WORD);

    for (unsigned j = 0; j <= b_len; j++)
        row[j] = j;
    for (unsigned i = 0; i < MAX_WORD && a[i]; i++) {
        unsigned diagonal = row[0];

        row[0] = i + 1;
        for (unsigned j = 0; j < b_len; j++) {
            unsigned above = row[j + 1];

            row[j + 1] = min3(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
            diagonal = above;
        }
    }
    return row[b_len];
}

const char *tj_nearest_word(const char *word, const char *const *words)
{
    unsigned best = (unsigned)strnlen(word, MAX_WORD) / 3 + 2; /* farther is no help */
    const char *nearest = NULL;

    for (; *words; words++) {
        unsigned distance = word_distance(word, *words);

        if (distance < best) {
            best = distance;
            nearest = *words;
        }
    }
    return nearest;
}
