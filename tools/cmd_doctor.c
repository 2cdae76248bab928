/* SPDX-License-Identifier: MIT */
/* tmjit doctor: a table of checks, each of which fills one line. What needs proof is tried: a
 * kernel is compiled and run, clang is given a program. */
#include "commands.h"

#include "input.h"
#include "json.h"
#include "probe.h"

#include <stdlib.h>
#include <string.h>
#include <tmjit_source.h>

enum { FOUND_LEN = 512, PYTHON_LIMIT_S = 20 };

typedef enum check_state { STATE_OK, STATE_MISSING, STATE_BAD } check_state;

typedef struct check {
    const char *name;
    check_state state;
    char found[FOUND_LEN];
    const char *advice; /* "" for none */
} check;

/* What checks share. */
typedef struct doctor {
    tj_args args;
    tj_settings settings;
    tj_failure why;         /* of the settings */
    tmjit_context *ctx;     /* NULL: none can be made */
    char python[FOUND_LEN]; /* "NAME VERSION" lines of python3 */
} doctor;

static void fill(check *out, check_state state, const char *found, const char *advice)
{
    out->state = state;
    out->advice = state == STATE_OK ? "" : advice;
    snprintf(out->found, sizeof out->found, "%.*s", (int)strcspn(found, "\n"), found);
}

/* ---- checks --------------------------------------------------------------------------- */

static void check_cpu(doctor *d, check *out)
{
    char text[FOUND_LEN];

    (void)d;
    tj_probe_cpu(text, sizeof text);
    fill(out, STATE_OK, text, "");
}

static void check_settings(doctor *d, check *out)
{
    char text[FOUND_LEN] = "";
    size_t at = 0;

    if (d->why.message) {
        fill(out, STATE_BAD, d->why.message, "correct or remove it");
        return;
    }
    cJSON *all = tj_settings_json(&d->settings);
    const cJSON *each;
    cJSON_ArrayForEach(each, all)
    {
        char *value = cJSON_PrintUnformatted(cJSON_GetObjectItem(each, "value"));
        if (value && at < sizeof text)
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%s=%s by %s", at ? ", " : "",
                                   each->string, value,
                                   cJSON_GetStringValue(cJSON_GetObjectItem(each, "from")));
        cJSON_free(value);
    }
    cJSON_Delete(all);
    fill(out, STATE_OK, *text ? text : "defaults", "");
}

static void check_library(doctor *d, check *out)
{
    char text[FOUND_LEN];

    if (!d->ctx) {
        fill(out, STATE_BAD, "its threads cannot be made", "free memory, or fewer processes");
        return;
    }
    snprintf(text, sizeof text, "%s, limits of %s", tmjit_version(),
             tmjit_context_get_chip(d->ctx).name);
    fill(out, STATE_OK, text, "");
}

static const char kernel_text[] =
    "module { tt.func public @k(%p: !tt.ptr<i32>) { %c = arith.constant 42 : i32\n"
    "tt.store %p, %c : !tt.ptr<i32>\ntt.return } }\n";

/* Compiles the text and runs it on `*value`; the error stands in the context. */
static tmjit_status run_kernel(tmjit_context *ctx, int32_t *value, unsigned *lanes)
{
    tmjit_library *library = NULL;
    tmjit_pipeline *pipeline = NULL;
    const tmjit_kernel *kernel = NULL;
    tmjit_source_options source = {.struct_size = sizeof source, .num_warps = 1};
    tmjit_pipeline_options options = {.struct_size = sizeof options};
    tmjit_binding bindings[8] = {{value, sizeof *value}};
    tmjit_status status =
        tmjit_library_load_source(ctx, TMJIT_LANGUAGE_TTIR, kernel_text, strlen(kernel_text),
                                  "doctor.ttir", &source, &library);

    if (!status)
        status = tmjit_library_load_kernel(library, "k", &kernel);
    if (!status)
        status = tmjit_pipeline_create(ctx, kernel, &options, &pipeline);
    if (!status) {
        *lanes = tmjit_pipeline_get_info(pipeline).lanes;
        tmjit_launch launch = {.struct_size = sizeof launch,
                               .grid = {32, 1, 1},
                               .bindings = bindings,
                               .binding_count = tmjit_kernel_arg_count(kernel),
                               .timeout_s = 60};
        status = tmjit_pipeline_launch(pipeline, &launch);
    }
    tmjit_pipeline_destroy(pipeline);
    tmjit_library_destroy(library);
    return status;
}

static void check_kernels(doctor *d, check *out)
{
    int32_t value = 0;
    unsigned lanes = 0;
    char text[FOUND_LEN];

    if (!d->ctx)
        return;
    if (run_kernel(d->ctx, &value, &lanes))
        fill(out, STATE_BAD, tmjit_last_error(d->ctx)->message, "report it: it is a fault");
    else if (value != 42)
        fill(out, STATE_BAD, "a kernel ran with a wrong result", "report it: it is a fault");
    else {
        snprintf(text, sizeof text, "one compiled and ran, %u lanes", lanes);
        fill(out, STATE_OK, text, "");
    }
}

static void check_clang(doctor *d, check *out)
{
    static const char text[] = "kernel void k(global int *p) { p[0] = 42; }\n";
    tmjit_source_options options = {.struct_size = sizeof options, .time_limit_s = 6};
    tmjit_library *library = NULL;

    if (!d->ctx)
        return;
    if (tmjit_library_load_source(d->ctx, TMJIT_LANGUAGE_OPENCL, text, sizeof text - 1,
                                  "doctor.cl", &options, &library))
        fill(out, STATE_MISSING, tmjit_last_error(d->ctx)->message,
             "for .metal and .cl: tools/setup installs it");
    else
        fill(out, STATE_OK, "compiles", "");
    tmjit_library_destroy(library);
}

static void check_cache(doctor *d, check *out)
{
    tmjit_cache_stats stats;
    char *folder = d->why.message ? NULL : tj_cache_folder(&d->args);

    if (!folder || !d->ctx) {
        fill(out, STATE_MISSING, "none", "kernels are compiled by every process");
        free(folder);
        return;
    }
    tmjit_cache_get_stats(d->ctx, false, &stats);
    if (stats.is_open)
        fill(out, STATE_OK, folder, "");
    else
        fill(out, tj_setting_text(&d->settings, TJ_SET_CACHE_DIR) ? STATE_BAD : STATE_MISSING,
             stats.problem, "TMJIT_CACHE_DIR or cache_dir names a folder of your own");
    free(folder);
}

/* A line of what python3 said, by its first word. */
static void check_python(doctor *d, check *out)
{
    size_t len = strlen(out->name);

    for (const char *at = d->python; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        if (!strncmp(at, out->name, len) && at[len] == ' ') {
            fill(out, STATE_OK, at + len + 1, "");
            return;
        }
    }
    fill(out, STATE_MISSING, "missing",
         !strcmp(out->name, "python3") ? "for kernels from Python"
         : !strcmp(out->name, "mlx")   ? "for its arrays: pip install mlx, on Linux mlx[cpu]"
                                       : "for kernels from Python: pip install it");
}

#ifdef __APPLE__
/* Untested: system_profiler is Apple's documented way to a GPU's name and Metal family. */
static void check_gpu(doctor *d, check *out)
{
    static const char *const argv[] = {"/usr/sbin/system_profiler", "SPDisplaysDataType", NULL};
    char text[8192];
    const char *chip = NULL, *metal = NULL;

    (void)d;
    if (tj_probe_program(argv, PYTHON_LIMIT_S, text, sizeof text)) {
        chip = strstr(text, "Chipset Model: ");
        metal = strstr(text, "Metal Support: ");
    }
    if (!chip)
        fill(out, STATE_MISSING, "not told by system_profiler", "this check is untested");
    else {
        char found[FOUND_LEN];
        snprintf(found, sizeof found, "%.*s, %.*s (untested)", (int)strcspn(chip + 15, "\n"),
                 chip + 15, metal ? (int)strcspn(metal + 15, "\n") : 0,
                 metal ? metal + 15 : "");
        fill(out, STATE_OK, found, "");
    }
}
#endif

static const struct {
    const char *name;
    void (*run)(doctor *d, check *out);
} checks[] = {
    {"CPU", check_cpu},          {"settings", check_settings}, {"cache", check_cache},
    {"libtmjit", check_library}, {"kernels", check_kernels},   {"clang 22", check_clang},
    {"python3", check_python},   {"numpy", check_python},      {"triton", check_python},
    {"torch", check_python},     {"mlx", check_python},        {"tmjit", check_python},
#ifdef __APPLE__
    {"GPU", check_gpu},
#endif
};
enum { CHECK_COUNT = sizeof checks / sizeof *checks };

/* ---- the command ---------------------------------------------------------------------- */

/* Without the current folder, whose files are nobody's packages. MLX's wheel for Linux alone
 * has no library in it.
 */
static void ask_python(doctor *d)
{
    static const char *const argv[] = {
        "python3", "-c",
        "import sys\nsys.path[:] = [p for p in sys.path if p]\n"
        "import importlib.metadata as m\n"
        "print('python3', sys.version.split()[0], sys.executable)\n"
        "for name in ('numpy', 'triton', 'torch', 'mlx', 'tmjit'):\n"
        "    try:\n"
        "        version = m.version(name)\n"
        "        if name == 'mlx': import mlx.core\n"
        "        print(name, version)\n"
        "    except ImportError: pass\n",
        NULL};

    if (!tj_probe_program(argv, PYTHON_LIMIT_S, d->python, sizeof d->python))
        d->python[0] = '\0';
}

static void open_context(doctor *d)
{
    char *folder = d->why.message ? NULL : tj_cache_folder(&d->args);
    tmjit_context_options options = {
        .struct_size = sizeof options, .threads = 1, .cache_dir = folder};

    if (tmjit_context_create(&options, &d->ctx))
        d->ctx = NULL;
    free(folder);
}

static void print_check(const check *each)
{
    static const char *const marks[] = {"ok  ", "-   ", "BAD "};

    printf("%s %s:%*s %s\n", marks[each->state], each->name, (int)(10 - strlen(each->name)), "",
           each->found);
    if (*each->advice)
        printf("%16s %s\n", "", each->advice);
}

static cJSON *check_object(const check *each)
{
    static const char *const states[] = {"ok", "missing", "bad"};
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "name", each->name);
    cJSON_AddStringToObject(object, "state", states[each->state]);
    cJSON_AddStringToObject(object, "found", each->found);
    cJSON_AddStringToObject(object, "advice", each->advice);
    return object;
}

static int show(const doctor *d, const check *found, bool is_json, tj_failure *why)
{
    char bad[128] = "";
    char verdict[160];
    size_t at = 0;

    for (int i = 0; i < CHECK_COUNT; i++)
        if (found[i].state == STATE_BAD)
            at += (size_t)snprintf(bad + at, sizeof bad - at, "%s%s", at ? ", " : "",
                                   found[i].name);
    snprintf(verdict, sizeof verdict, at ? "not fit: %s" : "fit: kernels can run%s", bad);
    int status = at ? TJ_EXIT_INPUT : TJ_EXIT_GOOD;
    if (!is_json) {
        for (int i = 0; i < CHECK_COUNT; i++)
            print_check(&found[i]);
        puts(verdict);
        return status;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON_AddBoolToObject(object, "fit", !at);
    cJSON_AddStringToObject(object, "verdict", verdict);
    cJSON_AddItemToObject(object, "settings", tj_settings_json(&d->settings));
    cJSON *list = cJSON_AddArrayToObject(object, "checks");
    for (int i = 0; i < CHECK_COUNT; i++)
        cJSON_AddItemToArray(list, check_object(&found[i]));
    int printed = tj_json_print(stdout, object, why);
    return printed ? printed : status;
}

int tj_cmd_doctor(const tj_args *args, tj_failure *why)
{
    check found[CHECK_COUNT] = {0};
    doctor d = {.args = *args};

    if (args->operand_count)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "doctor takes no '%s'", args->operands[0]);
    d.args.settings = &d.settings;
    (void)tj_settings_read(&d.settings, &d.why);
    open_context(&d);
    ask_python(&d);
    for (int i = 0; i < CHECK_COUNT; i++) {
        found[i].name = checks[i].name;
        fill(&found[i], STATE_BAD, "not tried", "");
        checks[i].run(&d, &found[i]);
    }
    int status = show(&d, found, tj_args_has(args, TJ_OPT_JSON), why);
    tmjit_context_destroy(d.ctx);
    tj_failure_fini(&d.why);
    tj_settings_fini(&d.settings);
    return status;
}
