/* SPDX-License-Identifier: MIT */
/* For load.c: a module for kernels whose places nobody asks for. */
#ifndef TJ_BARE_H
#define TJ_BARE_H

#include "ir.h"

/* The unit's module as bitcode without what canonical form and the printer do not look at; the
 * module itself has it all again afterwards. The caller disposes of the buffer. */
LLVMMemoryBufferRef tj_write_bare(tj_unit *unit);

#endif
