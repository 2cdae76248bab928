/* SPDX-License-Identifier: MIT */
/* getopt_long over one table of options; the same table prints the help. */
#include "options.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum option_kind { KIND_FLAG, KIND_TEXT, KIND_LIST, KIND_CHOICE } option_kind;

typedef struct option_info {
    const char *name;
    char letter; /* 0: none */
    option_kind kind;
    unsigned commands;
    const char *words, *help;
} option_info;

enum {
    RUN = TJ_CMD_RUN,
    EMIT = TJ_CMD_EMIT,
    INFO = TJ_CMD_INFO,
    COMPILE = TJ_CMD_COMPILE,
    CACHE = TJ_CMD_CACHE,
    DOCTOR = TJ_CMD_DOCTOR,
    ANY = TJ_CMD_ANY
};

static const option_info infos[TJ_OPT_COUNT] = {
#define OPTION(id, name, letter, kind, commands, words, help)                                  \
    [TJ_OPT_##id] = {name, letter, KIND_##kind, commands, words, help},
#include "options.def"
};

enum { FIRST_VALUE = 256 }; /* getopt values of long options; letters are below */

/* ---- parsing -------------------------------------------------------------------------- */

typedef struct getopt_tables {
    struct option longs[TJ_OPT_COUNT + 1];
    char shorts[2 * TJ_OPT_COUNT + 2];
    const char *names[TJ_OPT_COUNT + 1]; /* of the command's options, with dashes */
    char name_text[TJ_OPT_COUNT][24];
} getopt_tables;

static void build_tables(unsigned command, getopt_tables *out)
{
    size_t count = 0;
    size_t letters = 0;

    memset(out, 0, sizeof *out);
    out->shorts[letters++] = ':'; /* a missing argument is told apart */
    for (int i = 0; i < TJ_OPT_COUNT; i++) {
        const option_info *info = &infos[i];
        if (!(info->commands & command))
            continue;
        bool has_text = info->kind != KIND_FLAG;
        out->longs[count] = (struct option){info->name, has_text, NULL, FIRST_VALUE + i};
        snprintf(out->name_text[count], sizeof out->name_text[count], "--%s", info->name);
        out->names[count] = out->name_text[count];
        count++;
        if (info->letter) {
            out->shorts[letters++] = info->letter;
            if (has_text)
                out->shorts[letters++] = ':';
        }
    }
}

static tj_option_id find_letter(int letter)
{
    for (int i = 0; i < TJ_OPT_COUNT; i++)
        if (infos[i].letter == letter)
            return (tj_option_id)i;
    return TJ_OPT_COUNT;
}

/* Position of `word` among "a|b|c"; -1 when it is none of them. */
static int find_choice(const char *choices, const char *word)
{
    size_t word_len = strlen(word);

    for (int index = 0;; index++) {
        size_t len = strcspn(choices, "|");
        if (len == word_len && !strncmp(choices, word, len))
            return index;
        if (!choices[len])
            return -1;
        choices += len + 1;
    }
}

static int add_given(tj_args *args, tj_option_id id, const char *text, tj_failure *why)
{
    const option_info *info = &infos[id];

    if (info->kind == KIND_CHOICE && find_choice(info->words, text) < 0)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--%s '%s': accepted are %s", info->name, text,
                            info->words);
    args->given[args->given_count++] = (tj_given){id, text ? text : ""};
    return TJ_EXIT_GOOD;
}

static int fail_unknown(const char *word, const char *command_name, const getopt_tables *tables,
                        tj_failure *why)
{
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    for (int i = 0; i < TJ_OPT_COUNT; i++)
        if (!strncmp(name, "--", 2) && !strcmp(name + 2, infos[i].name))
            return tj_fail_tool(why, TJ_EXIT_USAGE,
                                "%s is no option of 'tmjit %s'; tmjit %s --help lists them",
                                name, command_name, command_name);
    const char *nearest = tj_nearest_word(name, tables->names);
    if (nearest)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "unknown option '%s'; the nearest is %s", name,
                            nearest);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "unknown option '%s'; tmjit %s --help lists them",
                        name, command_name);
}

/* getopt has seen something wrong in `word`: no such option, or one without its text. */
static int fail_getopt(int found, const char *word, const char *command_name,
                       const getopt_tables *tables, tj_failure *why)
{
    char letter[3] = {'-', (char)optopt, '\0'};

    if (found == ':') {
        tj_option_id id =
            optopt >= FIRST_VALUE ? (tj_option_id)(optopt - FIRST_VALUE) : find_letter(optopt);
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--%s needs %s", infos[id].name,
                            infos[id].words);
    }
    if (optopt >= FIRST_VALUE)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--%s takes no value",
                            infos[optopt - FIRST_VALUE].name);
    return fail_unknown(optopt ? letter : word, command_name, tables, why);
}

/* One word may hold many options: -hhh. */
static size_t most_options(int argc, char **argv)
{
    size_t count = 1;

    for (int i = 0; i < argc; i++)
        count += strlen(argv[i]) + 1;
    return count;
}

int tj_args_parse(int argc, char **argv, unsigned command, tj_args *out, tj_failure *why)
{
    getopt_tables tables;
    tj_args args = {.given = calloc(most_options(argc, argv), sizeof *args.given)};
    int status = args.given ? TJ_EXIT_GOOD : tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    int found;

    build_tables(command, &tables);
    opterr = 0;
#ifdef __GLIBC__
    optind = 0; /* forgets where a line that was left in the middle stood */
#else
    optind = 1;
#endif
    while (!status &&
           (found = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
        if (found == '?' || found == ':')
            status = fail_getopt(found, argv[optind - 1], argv[0], &tables, why);
        else
            status = add_given(&args,
                               found >= FIRST_VALUE ? (tj_option_id)(found - FIRST_VALUE)
                                                    : find_letter(found),
                               optarg, why);
    }
    if (status) {
        tj_args_fini(&args);
        return status;
    }
    args.operands = argv + optind;
    args.operand_count = (size_t)(argc - optind);
    *out = args;
    return TJ_EXIT_GOOD;
}

void tj_args_fini(tj_args *args)
{
    free(args->given);
    *args = (tj_args){0};
}

/* ---- help ----------------------------------------------------------------------------- */

enum { HELP_INDENT = 30, HELP_WIDTH = 80 };

/* Prints words from column HELP_INDENT on; `column` is where the line stands. */
static void print_wrapped(FILE *to, const char *text, int column)
{
    fprintf(to, "%*s", HELP_INDENT - column, "");
    column = HELP_INDENT;
    while (*text) {
        int len = (int)strcspn(text, " ");
        bool is_first = column == HELP_INDENT;
        if (column + len + 1 > HELP_WIDTH) {
            fprintf(to, "\n%*s", HELP_INDENT, "");
            column = HELP_INDENT;
            is_first = true;
        }
        column += fprintf(to, "%s%.*s", is_first ? "" : " ", len, text);
        text += len + (text[len] == ' ');
    }
    fputc('\n', to);
}

void tj_options_print_help(FILE *to, unsigned command)
{
    for (const option_info *info = infos; info < infos + TJ_OPT_COUNT; info++) {
        int column = 0;

        if (!(info->commands & command))
            continue;
        if (info->letter)
            column += fprintf(to, "  -%c, ", info->letter);
        else
            column += fprintf(to, "      ");
        column += fprintf(to, "--%s %s", info->name, info->words);
        if (column + 1 >= HELP_INDENT) {
            fputc('\n', to);
            column = 0;
        }
        print_wrapped(to, info->help, column);
    }
}

/* ---- what was given ------------------------------------------------------------------- */

const char *tj_args_next(const tj_args *args, tj_option_id id, size_t *cursor)
{
    while (*cursor < args->given_count) {
        const tj_given *given = &args->given[(*cursor)++];
        if (given->id == id)
            return given->text;
    }
    return NULL;
}

const char *tj_args_text(const tj_args *args, tj_option_id id)
{
    size_t cursor = 0;
    const char *last = NULL;
    const char *text;

    while ((text = tj_args_next(args, id, &cursor)))
        last = text;
    return last;
}

bool tj_args_has(const tj_args *args, tj_option_id id)
{
    return tj_args_text(args, id) != NULL;
}

unsigned tj_args_choice(const tj_args *args, tj_option_id id)
{
    const char *text = tj_args_text(args, id);

    assert(infos[id].kind == KIND_CHOICE);
    return text ? (unsigned)find_choice(infos[id].words, text) : 0;
}

int tj_args_integer(const tj_args *args, tj_option_id id, uint64_t min, uint64_t max,
                    uint64_t *out, tj_failure *why)
{
    const char *text = tj_args_text(args, id);
    char *end;

    if (!text)
        return TJ_EXIT_GOOD;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (errno || !isdigit((unsigned char)*text) || *end || value < min || value > max)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "--%s '%s': a number from %" PRIu64 " to %" PRIu64 " is accepted",
                            infos[id].name, text, min, max);
    *out = value;
    return TJ_EXIT_GOOD;
}

int tj_args_number(const tj_args *args, tj_option_id id, double *out, tj_failure *why)
{
    const char *text = tj_args_text(args, id);
    char *end;

    if (!text)
        return TJ_EXIT_GOOD;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || value < 0)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--%s '%s': a number from 0 is accepted",
                            infos[id].name, text);
    *out = value;
    return TJ_EXIT_GOOD;
}

/* Reads "X[,Y[,Z]]"; every number from 1 on. */
static bool parse_extent(const char *text, tmjit_extent *out)
{
    uint32_t parts[3] = {1, 1, 1};
    char *end;

    for (int i = 0; i < 3; i++) {
        if (!isdigit((unsigned char)*text))
            return false;
        errno = 0;
        unsigned long long value = strtoull(text, &end, 10);
        if (errno || value < 1 || value > UINT32_MAX)
            return false;
        parts[i] = (uint32_t)value;
        if (!*end) {
            *out = (tmjit_extent){parts[0], parts[1], parts[2]};
            return true;
        }
        if (*end != ',')
            return false;
        text = end + 1;
    }
    return false;
}

int tj_args_extent(const tj_args *args, tj_option_id id, tmjit_extent *out, tj_failure *why)
{
    const char *text = tj_args_text(args, id);

    if (text && !parse_extent(text, out))
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "--%s '%s': %s is accepted, each from 1 to %" PRIu32,
                            infos[id].name, text, infos[id].words, UINT32_MAX);
    return TJ_EXIT_GOOD;
}

int tj_split_assignment(tj_option_id id, const char *text, char **name, const char **rest,
                        tj_failure *why)
{
    size_t name_len = strcspn(text, "=");

    if (!name_len || !text[name_len])
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--%s '%s': %s is accepted", infos[id].name,
                            text, infos[id].words);
    char *copy = strndup(text, name_len);
    if (!copy)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    *name = copy;
    *rest = text + name_len + 1;
    return TJ_EXIT_GOOD;
}
