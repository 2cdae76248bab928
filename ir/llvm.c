/* SPDX-License-Identifier: MIT */
/* LLVM linked directly. ir/lazy/open.c takes the place of these in the shared library. */
#include "llvm.h"

__attribute__((weak)) tj_status tj_llvm_open(tj_diags *diags)
{
    (void)diags;
    return TJ_OK;
}

__attribute__((weak)) const char *tj_llvm_path(void)
{
    return NULL;
}
