/* SPDX-License-Identifier: MIT */
/* Settings by one table, from two files (cJSON) and the environment. */
#include "settings.h"

#include "file.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum setting_kind { TEXT, NUMBER, BOOL } setting_kind;

typedef struct setting_info {
    const char *key, *variable;
    setting_kind kind;
    uint64_t max;
} setting_info;

static const setting_info infos[TJ_SET_COUNT] = {
#define SETTING(id, key, variable, kind, max, meaning)                                         \
    [TJ_SET_##id] = {key, variable, kind, max},
#include "settings.def"
};

/* A key of a file, and the setting that it gives. */
typedef struct file_key {
    const char *key;
    setting_kind kind;
    uint64_t min, max;
    tj_setting_id id;
    bool is_inverse; /* of BOOL */
} file_key;

/* Triton's own names. */
static const file_key metal_keys[] = {
    {"cache_dir", TEXT, 0, 0, TJ_SET_CACHE_DIR, false},
    {"debug_level", NUMBER, 0, 3, TJ_SET_DEBUG, false},
    {"auto_tuning", BOOL, 0, 1, TJ_SET_DISABLE_AUTOTUNING, true},
    {"preferred_threadgroup_size", NUMBER, 1, 1024, TJ_SET_THREADGROUP_SIZE, false},
    {"max_shared_memory", NUMBER, 1, 65536, TJ_SET_MAX_THREADGROUP_BYTES, false},
    {"optimization_level", NUMBER, 0, 3, TJ_SET_OPT_LEVEL, false},
};
enum { METAL_COUNT = sizeof metal_keys / sizeof *metal_keys };

/* A file while it is read. */
typedef struct config_file {
    const char *path;
    char *text; /* ended by NUL */
    const file_key *keys;
    size_t key_count;
} config_file;

/* ---- values --------------------------------------------------------------------------- */

static int set(tj_setting *setting, const char *from, uint64_t number, const char *text,
               tj_failure *why)
{
    free(setting->text);
    free(setting->from);
    *setting = (tj_setting){true, number, text ? strdup(text) : NULL, strdup(from)};
    return setting->from && (setting->text || !text)
               ? TJ_EXIT_GOOD
               : tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
}

/* `shown` is the value as it was written. */
static int fail_value(const char *where, const char *name, const char *shown, setting_kind kind,
                      uint64_t min, uint64_t max, tj_failure *why)
{
    static const char *const accepted[] = {[TEXT] = "text", [BOOL] = "true or false"};

    if (kind == NUMBER)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "%s%s is %s; a number from %" PRIu64 " to %" PRIu64 " is accepted",
                            where, name, shown, min, max);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "%s%s is %s; %s is accepted", where, name, shown,
                        accepted[kind]);
}

/* ---- files ---------------------------------------------------------------------------- */

static unsigned line_of(const char *text, const char *at)
{
    unsigned line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* The line of a key: the first place where it stands quoted before a colon. */
static unsigned line_of_key(const char *text, const char *key)
{
    size_t len = strlen(key);

    for (const char *at = text; (at = strchr(at, '"')); at++) {
        if (strncmp(at + 1, key, len) || at[len + 1] != '"')
            continue;
        if (at[len + 2 + strspn(at + len + 2, " \t\r\n")] == ':')
            return line_of(text, at);
    }
    return 1;
}

static int fail_unknown(const config_file *file, const char *where, const char *key,
                        tj_failure *why)
{
    char known[256] = "";

    for (size_t i = 0, at = 0; i < file->key_count && at < sizeof known; i++)
        at += (size_t)snprintf(known + at, sizeof known - at, "%s%s", i ? ", " : "",
                               file->keys[i].key);
    return tj_fail_tool(why, TJ_EXIT_USAGE, "%sunknown key '%s'; known are %s", where, key,
                        known);
}

static bool is_number(const cJSON *item, uint64_t min, uint64_t max)
{
    return cJSON_IsNumber(item) && item->valuedouble >= (double)min &&
           item->valuedouble <= (double)max &&
           (double)(uint64_t)item->valuedouble == item->valuedouble;
}

static int take_value(const config_file *file, const char *where, const file_key *key,
                      const cJSON *item, tj_settings *out, tj_failure *why)
{
    tj_setting *setting = &out->values[key->id];

    if (key->kind == TEXT && cJSON_IsString(item))
        return set(setting, file->path, 0, item->valuestring, why);
    if (key->kind == BOOL && cJSON_IsBool(item))
        return set(setting, file->path, cJSON_IsTrue(item) != key->is_inverse, NULL, why);
    if (key->kind == NUMBER && is_number(item, key->min, key->max)) {
        uint64_t number = (uint64_t)item->valuedouble;
        bool is_bool = infos[key->id].kind == BOOL;
        return set(setting, file->path, is_bool ? number != 0 : number, NULL, why);
    }
    char *shown = cJSON_PrintUnformatted(item);
    int status = fail_value(where, key->key, shown ? shown : "no value", key->kind, key->min,
                            key->max, why);
    cJSON_free(shown);
    return status;
}

static int take_item(const config_file *file, const cJSON *item, tj_settings *out,
                     tj_failure *why)
{
    const file_key *key = NULL;
    char *where = NULL;

    if (asprintf(&where, "%s:%u: ", file->path, line_of_key(file->text, item->string)) < 0)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    for (size_t i = 0; i < file->key_count && !key; i++)
        if (!strcmp(file->keys[i].key, item->string))
            key = &file->keys[i];
    int status = TJ_EXIT_GOOD;
    if (!key)
        status = fail_unknown(file, where, item->string, why);
    for (const cJSON *before = item->prev; !status && before->next; before = before->prev)
        if (!strcmp(before->string, item->string))
            status = tj_fail_tool(why, TJ_EXIT_USAGE, "%skey '%s' is given twice", where,
                                  item->string);
    if (!status)
        status = take_value(file, where, key, item, out, why);
    free(where);
    return status;
}

static int read_object(const config_file *file, tj_settings *out, tj_failure *why)
{
    const char *end = NULL;
    cJSON *object = cJSON_ParseWithOpts(file->text, &end, true);
    const cJSON *item;
    int status = TJ_EXIT_GOOD;

    if (!object)
        return tj_fail_tool(why, TJ_EXIT_USAGE, "%s:%u: no JSON", file->path,
                            line_of(file->text, end ? end : file->text));
    if (!cJSON_IsObject(object))
        status = tj_fail_tool(why, TJ_EXIT_USAGE, "%s:1: an object is accepted", file->path);
    else
        cJSON_ArrayForEach(item, object) if (!status) status = take_item(file, item, out, why);
    cJSON_Delete(object);
    return status;
}

/* A file that is not there sets nothing. */
static int read_config(const char *path, const file_key *keys, size_t key_count,
                       tj_settings *out, tj_failure *why)
{
    void *bytes = NULL;
    size_t byte_len = 0;

    if (access(path, F_OK) && (errno == ENOENT || errno == ENOTDIR))
        return TJ_EXIT_GOOD;
    int status = tj_file_read(path, &bytes, &byte_len, why);
    if (status)
        return status;
    config_file file = {path, strndup(bytes, byte_len), keys, key_count};
    status = file.text ? read_object(&file, out, why)
                       : tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    free(file.text);
    free(bytes);
    return status;
}

/* ---- where they are ------------------------------------------------------------------- */

static int read_under(const char *base, const char *rest, const file_key *keys,
                      size_t key_count, tj_settings *out, tj_failure *why)
{
    char *path = NULL;

    if (!base || base[0] != '/')
        return TJ_EXIT_GOOD;
    if (asprintf(&path, "%s/%s", base, rest) < 0)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "out of memory");
    int status = read_config(path, keys, key_count, out, why);
    free(path);
    return status;
}

static int read_files(tj_settings *out, tj_failure *why)
{
    file_key own[TJ_SET_COUNT];
    const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");
    int status =
        read_under(home, ".triton/metal_config.json", metal_keys, METAL_COUNT, out, why);

    for (int i = 0; i < TJ_SET_COUNT; i++)
        own[i] =
            (file_key){infos[i].key, infos[i].kind, 0, infos[i].max, (tj_setting_id)i, false};
    if (status)
        return status;
    return config && config[0] == '/'
               ? read_under(config, "tmjit/config.json", own, TJ_SET_COUNT, out, why)
               : read_under(home, ".config/tmjit/config.json", own, TJ_SET_COUNT, out, why);
}

static int read_variable(const setting_info *info, tj_setting *out, tj_failure *why)
{
    const char *text = info->variable ? getenv(info->variable) : NULL;
    uint64_t number = 0;
    char *end = NULL;

    if (!text)
        return TJ_EXIT_GOOD;
    if (info->kind == TEXT)
        return set(out, info->variable, 0, text, why);
    errno = 0;
    if (isdigit((unsigned char)*text))
        number = strtoull(text, &end, 10);
    if (!end || *end || errno || number > info->max)
        return tj_fail_tool(why, TJ_EXIT_USAGE,
                            "%s is '%s'; a number from 0 to %" PRIu64 " is accepted",
                            info->variable, text, info->max);
    return set(out, info->variable, number, NULL, why);
}

int tj_settings_read(tj_settings *out, tj_failure *why)
{
    int status = read_files(out, why);

    for (int i = 0; i < TJ_SET_COUNT && !status; i++)
        status = read_variable(&infos[i], &out->values[i], why);
    return status;
}

void tj_settings_fini(tj_settings *settings)
{
    for (int i = 0; i < TJ_SET_COUNT; i++) {
        free(settings->values[i].text);
        free(settings->values[i].from);
    }
    *settings = (tj_settings){0};
}

/* ---- what is set ---------------------------------------------------------------------- */

uint64_t tj_setting_number(const tj_settings *settings, tj_setting_id id, uint64_t otherwise)
{
    return settings && settings->values[id].is_set ? settings->values[id].number : otherwise;
}

const char *tj_setting_text(const tj_settings *settings, tj_setting_id id)
{
    return settings && settings->values[id].is_set ? settings->values[id].text : NULL;
}

cJSON *tj_settings_json(const tj_settings *settings)
{
    cJSON *all = cJSON_CreateObject();

    for (int i = 0; i < TJ_SET_COUNT; i++) {
        const tj_setting *each = &settings->values[i];
        if (!each->is_set)
            continue;
        cJSON *object = cJSON_AddObjectToObject(all, infos[i].key);
        if (infos[i].kind == TEXT)
            cJSON_AddStringToObject(object, "value", each->text);
        else if (infos[i].kind == BOOL)
            cJSON_AddBoolToObject(object, "value", each->number != 0);
        else
            cJSON_AddNumberToObject(object, "value", (double)each->number);
        cJSON_AddStringToObject(object, "from", each->from);
    }
    return all;
}
