/* SPDX-License-Identifier: MIT */
/* Parameters that canonical form adds to a kernel. */
#ifndef TJ_PARAMS_H
#define TJ_PARAMS_H

#include "ir.h"

typedef struct tj_param {
    LLVMTypeRef type;
    tj_arg arg;
} tj_param;

/* Adds parameters behind those that the kernel of a unit has. LLVM functions do not grow: the
 * kernel becomes a new function of the same name. */
void tj_add_params(tj_unit *unit, const tj_param *params, unsigned count);

#endif
