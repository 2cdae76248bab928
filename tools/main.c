/* SPDX-License-Identifier: MIT */
/* The command: a table of commands, and what they have in common. */
#include "commands.h"

#include <string.h>

typedef struct command {
    const char *name;
    unsigned bit;
    const char *operand; /* "" for none */
    const char *summary;
    const char *more; /* behind the options in --help; NULL for none */
    int (*run)(const tj_args *args, tj_failure *why);
} command;

static const char value_help[] =
    "VALUE:\n"
    "  FILE.npy                    a NumPy array\n"
    "  TYPE[SHAPE]                 zeros: f32[1024], i32[64x128]\n"
    "  TYPE[SHAPE]:FILL            filled: f32[1024]:rand(1)\n"
    "  TYPE:NUMBER,NUMBER,...      a list: f32:1,2,3.5\n"
    "TYPE:\n"
    "  bool i8 u8 i16 u16 i32 u32 i64 u64 f16 bf16 f32\n"
    "  It must be the type that the kernel declares; signed and unsigned integers of\n"
    "  one width may stand for each other, and u16 or i16 for bf16.\n"
    "FILL:\n"
    "  zeros, ones\n"
    "  iota                        0 1 2 ...; integers wrap, floats round\n"
    "  rand(SEED)                  floats uniform in [0, 1), integers over their range\n"
    "  randn(SEED)                 floats, standard normal\n"
    "  NUMBER                      also nan, inf, -inf, 0x10, 0x1.8p-3\n"
    "  Random numbers have the same bits on every machine: element i is made from\n"
    "  SEED and i alone (SplitMix64; normal by the inverse distribution, AS 241).\n";

static const char compile_help[] =
    "A line holds, between tabs: the kernel; ok or why not; where it was refused (load,\n"
    "compile); the milliseconds of each step, and of the processor in all; the\n"
    "message. Status 1 when one is refused. With --cache, run finds the code there.\n";

static const char cache_help[] =
    "ACTION:\n"
    "  stats                       the number of entries, their size and its limit\n"
    "  clear                       remove all entries\n"
    "  verify                      read and check all entries, remove damaged ones; exit\n"
    "                              status 1 when there was one\n";

static const char doctor_help[] =
    "A line of each: ok, BAD, or - for what only some kernels need; what to do; and a\n"
    "verdict, status 1 when kernels cannot run. Settings come from the environment\n"
    "(TMJIT_CACHE_DIR, TMJIT_THREADS, TMJIT_DEBUG, TMJIT_FORCE_SYNC,\n"
    "TMJIT_DISABLE_AUTOTUNING), $XDG_CONFIG_HOME/tmjit/config.json or\n"
    "~/.config/tmjit/config.json, and ~/.triton/metal_config.json, in this order;\n"
    "options go before them.\n";

static const command commands[] = {
    {"run", TJ_CMD_RUN, "KERNEL", "run a kernel over a grid", value_help, tj_cmd_run},
    {"emit", TJ_CMD_EMIT, "KERNEL", "print the kernel on its way to the host", NULL,
     tj_cmd_emit},
    {"info", TJ_CMD_INFO, "KERNEL", "arguments, built-in inputs, memory, barriers", NULL,
     tj_cmd_info},
    {"compile", TJ_CMD_COMPILE, "KERNELS", "compile every kernel of a file, one line each",
     compile_help, tj_cmd_compile},
    {"cache", TJ_CMD_CACHE, "ACTION", "compiled code that is kept: size, removal, check",
     cache_help, tj_cmd_cache},
    {"doctor", TJ_CMD_DOCTOR, "", "what this machine has of what kernels need", doctor_help,
     tj_cmd_doctor},
    {"passes", TJ_CMD_PASSES, "", "names of the passes, in order", NULL, tj_cmd_passes},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const char status_help[] =
    "Exit status: 0 good; 1 the kernel or its input is wrong; 2 the command line is\n"
    "wrong; 3 the result differs from --expect, or the two engines differ.\n";

static void print_help(FILE *to)
{
    fputs("usage: tmjit COMMAND [options]\n"
          "Runs and checks GPU compute kernels in Apple's AIR convention on the host.\n\n"
          "commands:\n",
          to);
    for (const command *c = commands; c < commands + COMMAND_COUNT; c++)
        fprintf(to, "  %-8s %-8s %s\n", c->name, c->operand, c->summary);
    fprintf(to,
            "\n  tmjit COMMAND --help      the options of a command\n"
            "  tmjit --version\n\n%s",
            status_help);
}

static void print_command_help(FILE *to, const command *c)
{
    fprintf(to, "usage: tmjit %s%s%s [options]\n%s\n\noptions:\n", c->name,
            *c->operand ? " " : "", c->operand, c->summary);
    tj_options_print_help(to, c->bit);
    if (c->more)
        fprintf(to, "\n%s", c->more);
    fprintf(to, "\n%s", status_help);
}

static const command *find_command(const char *name)
{
    for (const command *c = commands; c < commands + COMMAND_COUNT; c++)
        if (!strcmp(c->name, name))
            return c;
    return NULL;
}

static int fail_command(const char *name, tj_failure *why)
{
    const char *names[COMMAND_COUNT + 1] = {NULL};

    for (int i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *nearest = tj_nearest_word(name, names);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "unknown command '%s'%s%s; tmjit --help lists them",
                        name, nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

static int run_command(const command *c, int argc, char **argv, tj_failure *why)
{
    tj_args args = {0};
    tj_settings settings = {0};
    int status = tj_args_parse(argc, argv, c->bit, &args, why);
    bool is_help = !status && tj_args_has(&args, TJ_OPT_HELP);

    /* The doctor reads them itself, and goes on when they are wrong. */
    if (!status && !is_help && c->bit != TJ_CMD_DOCTOR)
        status = tj_settings_read(&settings, why);
    args.settings = &settings;
    if (is_help)
        print_command_help(stdout, c);
    else if (!status)
        status = c->run(&args, why);
    tj_settings_fini(&settings);
    tj_args_fini(&args);
    return status;
}

static int dispatch(int argc, char **argv, tj_failure *why)
{
    if (argc < 2) {
        print_help(stderr);
        return TJ_EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_help(stdout);
        return TJ_EXIT_GOOD;
    }
    if (!strcmp(argv[1], "--version")) {
        printf("tmjit %s\n", tmjit_version());
        return TJ_EXIT_GOOD;
    }
    const command *c = find_command(argv[1]);
    return c ? run_command(c, argc - 1, argv + 1, why) : fail_command(argv[1], why);
}

int main(int argc, char **argv)
{
    tj_failure why = {0};
    int status = dispatch(argc, argv, &why);

    if ((fflush(stdout) != 0 || ferror(stdout)) && !status)
        status = tj_fail_tool(&why, TJ_EXIT_INPUT, "cannot write to stdout");
    tj_failure_print(&why, stderr);
    tj_failure_fini(&why);
    return status;
}
