/* SPDX-License-Identifier: MIT */
/* The answers of run and info as JSON objects (cJSON). Every function answers an object that
 * the caller owns, or adds to one. */
#ifndef TJ_TOOL_JSON_H
#define TJ_TOOL_JSON_H

#include "outputs.h"
#include "report.h"

#include <cjson/cJSON.h>

/* All but the buffers. */
void tj_json_add_report(cJSON *to, const tj_report *report);
/* An array; all elements of those that --print names. */
cJSON *tj_json_buffers(const tj_bound *bound, const tj_outputs *outputs);
void tj_json_add_failure(cJSON *to, const tj_failure *why);
/* What a container tells of a function. */
cJSON *tj_json_function(const tmjit_function *function);
/* `info` is all zero when the pipeline could not be made without function constants. */
cJSON *tj_json_kernel(const tmjit_kernel *kernel, const tmjit_kernel_facts *facts,
                      const tmjit_pipeline_info *info, const tmjit_chip *chip);
/* Prints the object and deletes it. */
int tj_json_print(FILE *to, cJSON *object, tj_failure *why);

#endif
