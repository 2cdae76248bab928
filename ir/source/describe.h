/* SPDX-License-Identifier: MIT */
/* What clang's debug information says of the memory behind a kernel's parameter. */
#ifndef TJ_SOURCE_DESCRIBE_H
#define TJ_SOURCE_DESCRIBE_H

#include "ir.h"

typedef struct tj_described {
    LLVMMetadataRef fields; /* a node of !air.struct_type_info; NULL: no struct */
    bool holds_pointers;    /* to device or constant memory: an argument buffer */
} tj_described;

/* Describes parameter `index` of `function`: the struct that it points to, that it refers to,
 * or that it is. Fields of structs inside stand behind them with dotted names. Pointers count
 * as members of an argument buffer behind references and in constant memory; elsewhere they are
 * plain data. */
tj_described tj_describe_param(tj_unit *unit, LLVMValueRef function, unsigned index);

#endif
