/* SPDX-License-Identifier: MIT */
/* difftest: random kernels on both engines, compared bit for bit. */
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_JOBS = 64, REDUCE_SECONDS = 600 };

static const char usage[] =
    "usage: difftest gen SEED [-o FILE.ll]\n"
    "       difftest run FIRST [COUNT] [--jobs N] [CONFIGURATION]\n"
    "       difftest replay SEED|FILE.ll [CONFIGURATION]\n"
    "       difftest reduce SEED [-o FILE.ll] [CONFIGURATION | --contains TEXT]\n"
    "\n"
    "gen     prints the kernel of a seed\n"
    "run     compares the engines on COUNT kernels, each under some configurations or one\n"
    "replay  compares them on one kernel, under all configurations if none is given\n"
    "reduce  prints a small kernel that fails as the seed's does (or holds TEXT)\n"
    "\n"
    "CONFIGURATION: --launch I --lanes 4|8|16|32 --opt 0|2 [--order SEED] [--no-checks],\n"
    "or --launch I --opt 0|2 --interp for the interpreter against itself at level 0\n";

typedef struct options {
    const char *operands[3], *out, *contains;
    unsigned operand_count, jobs;
    config config;
    bool has_config;
} options;

/* ---- command line ---------------------------------------------------------------------- */

static bool parse_number(const char *digits, uint64_t *out)
{
    char *end;

    *out = strtoull(digits, &end, 0);
    return *digits && !*end;
}

static bool set_number_option(options *o, const char *name, uint64_t value)
{
    if (!strcmp(name, "--jobs"))
        o->jobs = value < 1 ? 1 : value > MAX_JOBS ? MAX_JOBS : (unsigned)value;
    else if (!strcmp(name, "--launch"))
        o->config.launch = (unsigned)value;
    else if (!strcmp(name, "--lanes"))
        o->config.lanes = (unsigned)value;
    else if (!strcmp(name, "--opt"))
        o->config.opt_level = (unsigned)value;
    else if (!strcmp(name, "--order"))
        o->config.order_seed = value;
    else
        return false;
    o->has_config |= strcmp(name, "--jobs") != 0;
    return true;
}

static bool parse_options(int argc, char **argv, options *o)
{
    *o = (options){.jobs = 2, .config = {.opt_level = 2, .lanes = 8}};
    for (int i = 0; i < argc; i++) {
        uint64_t value;

        if (argv[i][0] != '-') {
            if (o->operand_count == 2)
                return false;
            o->operands[o->operand_count++] = argv[i];
        } else if (!strcmp(argv[i], "--no-checks")) {
            o->config.no_checks = o->has_config = true;
        } else if (!strcmp(argv[i], "--interp")) {
            o->config.is_interp = o->has_config = true;
        } else if (i + 1 == argc) {
            return false;
        } else if (!strcmp(argv[i], "-o")) {
            o->out = argv[++i];
        } else if (!strcmp(argv[i], "--contains")) {
            o->contains = argv[++i];
        } else if (!parse_number(argv[i + 1], &value) ||
                   !set_number_option(o, argv[i], value)) {
            return false;
        } else {
            i++;
        }
    }
    return o->operand_count > 0;
}

/* ---- texts ----------------------------------------------------------------------------- */

static void add_kernel_of(uint64_t seed, text *out)
{
    pool owner = {0};

    kernel_print(kernel_generate(&owner, seed), out);
    pool_fini(&owner);
}

static bool add_file(const char *path, text *out)
{
    FILE *file = fopen(path, "r");
    char line[4096];

    if (!file)
        return false;
    while (fgets(line, sizeof(line), file))
        text_printf(out, "%s", line);
    fclose(file);
    return out->byte_len > 0;
}

static bool write_text(const char *path, const text *t)
{
    FILE *file = path ? fopen(path, "w") : stdout;

    if (!file)
        return false;
    bool ok = fputs(t->data, file) >= 0;
    return (path ? fclose(file) : fflush(file)) == 0 && ok;
}

static void report(const char *what, const verdict *v)
{
    text c = {0};

    config_print(&v->config, &c);
    printf("%s: %s\n  %s\n  difftest replay %s%s\n", what, outcome_names[v->outcome],
           v->message, what, c.data);
    text_fini(&c);
}

/* ---- commands -------------------------------------------------------------------------- */

static int command_gen(const options *o, uint64_t seed)
{
    text t = {0};

    add_kernel_of(seed, &t);
    bool ok = write_text(o->out, &t);
    text_fini(&t);
    if (!ok)
        fprintf(stderr, "difftest: cannot write '%s'\n", o->out);
    return ok ? 0 : 1;
}

static child start_seed(const options *o, uint64_t seed)
{
    config configs[MAX_CONFIGS] = {o->config};
    unsigned count = 1;
    text t = {0};

    add_kernel_of(seed, &t);
    if (!o->has_config)
        count = config_choose(t.data, seed, configs);
    child c = child_start(t.data, configs, count);
    c.seed = seed;
    text_fini(&t);
    return c;
}

static int command_run(const options *o, uint64_t first)
{
    child children[MAX_JOBS] = {0};
    uint64_t count = 1, failed = 0;

    if (o->operand_count == 2 && !parse_number(o->operands[1], &count))
        return 2;
    for (uint64_t i = 0; i < count + o->jobs; i++) {
        child *c = &children[i % o->jobs];

        if (c->pid) {
            verdict v = child_finish(c);

            if (v.outcome != OUTCOME_SAME) {
                char name[32];

                snprintf(name, sizeof(name), "%" PRIu64, c->seed);
                report(name, &v);
                fflush(stdout);
                failed++;
            }
        }
        if (i < count)
            *c = start_seed(o, first + i);
    }
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", count - failed, failed);
    return failed != 0;
}

static int command_replay(const options *o)
{
    config configs[MAX_CONFIGS] = {o->config};
    unsigned count = 1, failed = 0;
    uint64_t seed;
    text t = {0};

    if (parse_number(o->operands[0], &seed))
        add_kernel_of(seed, &t);
    else if (!add_file(o->operands[0], &t)) {
        fprintf(stderr, "difftest: cannot read '%s'\n", o->operands[0]);
        return 1;
    }
    if (!o->has_config)
        count = config_list_all(t.data, configs);
    for (unsigned i = 0; i < count; i++) {
        verdict v = run_in_child(t.data, &configs[i], 1);

        if (v.outcome == OUTCOME_SAME)
            continue;
        failed++;
        report(o->operands[0], &v);
    }
    text_fini(&t);
    printf("%u configurations the same, %u not\n", count - failed, failed);
    return failed != 0;
}

/* ---- reduce ---------------------------------------------------------------------------- */

typedef struct wanted {
    const char *contains;
    config config;
    outcome outcome;
    unsigned tries;
} wanted;

static bool still_wanted(void *user, const kernel *k)
{
    wanted *w = user;
    text t = {0};
    bool answer;

    kernel_print(k, &t);
    w->tries++;
    if (w->contains)
        answer = strstr(t.data, w->contains) != NULL;
    else
        answer = run_in_child(t.data, &w->config, 1).outcome == w->outcome;
    text_fini(&t);
    return answer;
}

/* What fails at first: the given configuration, or the first of those that `run` tries. */
static bool find_failure(const options *o, kernel *k, wanted *w)
{
    config configs[MAX_CONFIGS] = {o->config};
    unsigned count = 1;
    text t = {0};

    if (o->contains)
        return still_wanted(w, k);
    kernel_print(k, &t);
    if (!o->has_config)
        count = config_choose(t.data, k->seed, configs);
    verdict v = run_in_child(t.data, configs, count);
    text_fini(&t);
    w->outcome = v.outcome;
    w->config = v.config;
    if (v.outcome == OUTCOME_SAME)
        return false;
    /* One launch is enough from here on. */
    if (w->config.launch < k->launch_count)
        k->launches[0] = k->launches[w->config.launch];
    k->launch_count = 1;
    w->config.launch = 0;
    return true;
}

static int command_reduce(const options *o, uint64_t seed)
{
    pool owner = {0};
    kernel *k = kernel_generate(&owner, seed);
    wanted w = {.contains = o->contains};
    text out = {0};
    int status = 1;

    if (!find_failure(o, k, &w)) {
        fprintf(stderr, "difftest: seed %" PRIu64 " does not fail\n", seed);
        goto done;
    }
    kernel_reduce(k, &owner, still_wanted, &w, REDUCE_SECONDS);
    if (!w.contains) {
        verdict v;
        text how = {0}, t = {0};

        kernel_print(k, &t);
        v = run_in_child(t.data, &w.config, 1);
        config_print(&v.config, &how);
        text_printf(&out, "; %s:%s\n", outcome_names[v.outcome], how.data);
        for (char *line = strtok(v.message, "\n"); line; line = strtok(NULL, "\n"))
            text_printf(&out, "; %s\n", line);
        text_append(&out, &t);
        text_fini(&t);
        text_fini(&how);
    } else {
        kernel_print(k, &out);
    }
    status = write_text(o->out, &out) ? 0 : 1;
    fprintf(stderr, "difftest: reduced in %u tries\n", w.tries);
done:
    text_fini(&out);
    pool_fini(&owner);
    return status;
}

int main(int argc, char **argv)
{
    options o;
    uint64_t seed = 0;

    if (argc < 3 || !parse_options(argc - 2, argv + 2, &o)) {
        fputs(usage, stderr);
        return 2;
    }
    if (!strcmp(argv[1], "replay"))
        return command_replay(&o);
    if (!parse_number(o.operands[0], &seed)) {
        fprintf(stderr, "difftest: '%s' is no seed; files are reduced as README.md says\n",
                o.operands[0]);
        return 2;
    }
    if (!strcmp(argv[1], "gen"))
        return command_gen(&o, seed);
    if (!strcmp(argv[1], "run"))
        return command_run(&o, seed);
    if (!strcmp(argv[1], "reduce"))
        return command_reduce(&o, seed);
    fputs(usage, stderr);
    return 2;
}
