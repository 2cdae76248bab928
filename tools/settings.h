/* SPDX-License-Identifier: MIT */
/* Settings: an option goes before the environment, that before config.json, that before
 * Triton's metal_config.json. The library reads none of them. */
#ifndef TJ_TOOL_SETTINGS_H
#define TJ_TOOL_SETTINGS_H

#include "failure.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

typedef enum tj_setting_id {
#define SETTING(id, ...) TJ_SET_##id,
#include "settings.def"
    TJ_SET_COUNT
} tj_setting_id;

typedef struct tj_setting {
    bool is_set;
    uint64_t number; /* of BOOL 0 or 1 */
    char *text;      /* of TEXT, else NULL */
    char *from;      /* the variable or the file */
} tj_setting;

typedef struct tj_settings {
    tj_setting values[TJ_SET_COUNT];
} tj_settings;

/* Reads both files and the environment. Fails for what is unknown, of another kind or out of
 * range, with the place. Owns: tj_settings_fini, also after a failure. */
int tj_settings_read(tj_settings *out, tj_failure *why);
void tj_settings_fini(tj_settings *settings);
/* The number, or `otherwise` when it is not set. `settings` may be NULL: nothing is set. */
uint64_t tj_setting_number(const tj_settings *settings, tj_setting_id id, uint64_t otherwise);
/* The text; NULL when it is not set. */
const char *tj_setting_text(const tj_settings *settings, tj_setting_id id);
/* An object: the value and where it is from, by key, of those that are set. */
cJSON *tj_settings_json(const tj_settings *settings);

#endif
