/* SPDX-License-Identifier: MIT */
/* The command line, parsed by the rows of options.def. */
#ifndef TJ_TOOL_OPTIONS_H
#define TJ_TOOL_OPTIONS_H

#include "settings.h"

typedef enum tj_option_id {
#define OPTION(id, ...) TJ_OPT_##id,
#include "options.def"
    TJ_OPT_COUNT
} tj_option_id;

/* Commands, as bits of an option's row. */
enum {
    TJ_CMD_RUN = 1,
    TJ_CMD_EMIT = 2,
    TJ_CMD_INFO = 4,
    TJ_CMD_PASSES = 8,
    TJ_CMD_CACHE = 16,
    TJ_CMD_COMPILE = 32,
    TJ_CMD_DOCTOR = 64,
    TJ_CMD_ANY = 127
};

typedef struct tj_given {
    tj_option_id id;
    const char *text; /* "" for flags; in argv */
} tj_given;

/* What stood on the command line, in order. */
typedef struct tj_args {
    tj_given *given;
    size_t given_count;
    char *const *operands; /* in argv */
    size_t operand_count;
    const tj_settings *settings; /* what options go before; NULL: nothing is set */
} tj_args;

/* argv[0] is the command's name. Reorders argv. */
int tj_args_parse(int argc, char **argv, unsigned command, tj_args *out, tj_failure *why);
void tj_args_fini(tj_args *args);
/* The options that `command` accepts, wrapped at 80 columns. */
void tj_options_print_help(FILE *to, unsigned command);

bool tj_args_has(const tj_args *args, tj_option_id id);
/* The option's last text; NULL when it was not given. */
const char *tj_args_text(const tj_args *args, tj_option_id id);
/* Index of the word that was chosen; 0 when the option was not given. */
unsigned tj_args_choice(const tj_args *args, tj_option_id id);
/* The next use of a LIST option from `*cursor` on; NULL at the end. */
const char *tj_args_next(const tj_args *args, tj_option_id id, size_t *cursor);

/* Numbers. The option's absence leaves `*out` as it is. */
int tj_args_integer(const tj_args *args, tj_option_id id, uint64_t min, uint64_t max,
                    uint64_t *out, tj_failure *why);
int tj_args_number(const tj_args *args, tj_option_id id, double *out, tj_failure *why);
int tj_args_extent(const tj_args *args, tj_option_id id, tmjit_extent *out, tj_failure *why);

/* Cuts "NAME=REST": copies NAME (the caller frees it) and points behind the sign. */
int tj_split_assignment(tj_option_id id, const char *text, char **name, const char **rest,
                        tj_failure *why);

#endif
