/* SPDX-License-Identifier: MIT */
/* The folder of compiled code: which one, and tmjit cache. The library never reads the
 * environment; the choice of a folder is the command's. */
#include "commands.h"

#include "input.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the folder ----------------------------------------------------------------------- */

/* As the XDG base directory specification wants it: a relative path counts as none, a missing
 * base is made for its owner only. */
static char *default_folder(void)
{
    const char *base = getenv("XDG_CACHE_HOME"), *inside = "";
    char *parent = NULL, *folder = NULL;

    if (!base || base[0] != '/') {
        base = getenv("HOME");
        inside = "/.cache";
    }
    if (!base || base[0] != '/' || asprintf(&parent, "%s%s", base, inside) < 0)
        return NULL;
    (void)mkdir(parent, 0700); /* there already, or the library says what is wrong */
    if (asprintf(&folder, "%s/tmjit", parent) < 0)
        folder = NULL;
    free(parent);
    return folder;
}

char *tj_cache_folder(const tj_args *args)
{
    const char *named = tj_args_text(args, TJ_OPT_CACHE);

    if (tj_args_has(args, TJ_OPT_NO_CACHE))
        return NULL;
    if (named)
        return strdup(named);
    const char *set = tj_setting_text(args->settings, TJ_SET_CACHE_DIR);
    if (set)
        return *set ? strdup(set) : NULL;
    return default_folder();
}

int tj_check_cache(const tj_args *args, tmjit_context *ctx, tj_failure *why)
{
    tmjit_cache_stats stats;

    tmjit_cache_get_stats(ctx, false, &stats);
    if (!stats.status)
        return TJ_EXIT_GOOD;
    if (tj_args_has(args, TJ_OPT_CACHE))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "--cache: %s", stats.problem);
    if (tj_setting_text(args->settings, TJ_SET_CACHE_DIR))
        return tj_fail_tool(why, TJ_EXIT_USAGE, "%s: %s",
                            args->settings->values[TJ_SET_CACHE_DIR].from, stats.problem);
    /* A home that cannot be written is nothing to talk about; one that is not safe is. */
    if (stats.status == TMJIT_E_INVALID)
        fprintf(stderr, "tmjit: note: not used: %s\n", stats.problem);
    return TJ_EXIT_GOOD;
}

/* ---- the command ---------------------------------------------------------------------- */

static int open_context(const tj_args *args, tmjit_context **out, tj_failure *why)
{
    char *folder = tj_cache_folder(args);
    tmjit_context_options options = {
        .struct_size = sizeof options, .threads = 1, .cache_dir = folder};
    tmjit_cache_stats stats;

    if (!folder)
        return tj_fail_tool(
            why, TJ_EXIT_USAGE,
            "no folder: neither XDG_CACHE_HOME nor HOME is set, or cache_dir is "
            "empty; --cache DIR names one");
    tmjit_status status = tmjit_context_create(&options, out);
    free(folder);
    if (status)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    tmjit_cache_get_stats(*out, false, &stats);
    return stats.is_open ? TJ_EXIT_GOOD : tj_fail_tool(why, TJ_EXIT_INPUT, "%s", stats.problem);
}

static int show_stats(tmjit_context *ctx, tj_failure *why)
{
    tmjit_cache_stats stats;

    (void)why;
    tmjit_cache_get_stats(ctx, true, &stats);
    printf("entries %" PRIu64 "\nbytes   %" PRIu64 "\nlimit   %" PRIu64 "\n", stats.entry_count,
           stats.byte_len, stats.byte_limit);
    return TJ_EXIT_GOOD;
}

static int clear(tmjit_context *ctx, tj_failure *why)
{
    tmjit_cache_stats stats;

    if (tmjit_cache_clear(ctx))
        return tj_fail_library(why, ctx);
    tmjit_cache_get_stats(ctx, true, &stats);
    if (stats.entry_count)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "%" PRIu64 " entries are left; %s",
                            stats.entry_count, stats.problem);
    return TJ_EXIT_GOOD;
}

static int verify(tmjit_context *ctx, tj_failure *why)
{
    tmjit_cache_stats stats;
    uint64_t broken = 0;

    if (tmjit_cache_verify(ctx, &broken))
        return tj_fail_library(why, ctx);
    tmjit_cache_get_stats(ctx, true, &stats);
    if (broken)
        return tj_fail_tool(why, TJ_EXIT_INPUT,
                            "%" PRIu64 " damaged entries are removed; the last: %s", broken,
                            stats.problem);
    printf("%" PRIu64 " entries are whole\n", stats.entry_count);
    return TJ_EXIT_GOOD;
}

static const struct {
    const char *name;
    int (*run)(tmjit_context *ctx, tj_failure *why);
} actions[] = {{"stats", show_stats}, {"clear", clear}, {"verify", verify}};

int tj_cmd_cache(const tj_args *args, tj_failure *why)
{
    const char *word = args->operand_count == 1 ? args->operands[0] : NULL;
    tmjit_context *ctx = NULL;

    for (size_t i = 0; word && i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(word, actions[i].name))
            continue;
        int status = open_context(args, &ctx, why);
        if (!status)
            status = actions[i].run(ctx, why);
        tmjit_context_destroy(ctx);
        return status;
    }
    return tj_fail_tool(why, TJ_EXIT_USAGE, "stats, clear or verify is wanted%s%s%s",
                        word ? ", not '" : "", word ? word : "", word ? "'" : "");
}
