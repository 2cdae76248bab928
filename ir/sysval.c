/* SPDX-License-Identifier: MIT */
/* The rows of sysvals.def as a table. */
#include "ir.h"

const tj_sysval_info tj_sysval_infos[TJ_SYSVAL_COUNT] = {
#define SYSVAL(id, name, components, metal) [TJ_SYSVAL_##id] = {name, components, metal},
#include "sysvals.def"
};
