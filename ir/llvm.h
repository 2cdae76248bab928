/* SPDX-License-Identifier: MIT */
/* LLVM's library, opened when it is first needed: loading it is most of a short run's time, and
 * a run whose code comes from the cache does not need it.
 *
 * In the shared library every LLVM function is a stub that jumps through a table (ir/lazy/),
 * which tj_llvm_open fills. Where LLVM is linked directly, both functions have nothing to
 * do. */
#ifndef TJ_LLVM_H
#define TJ_LLVM_H

#include "diag.h"

/* To be called before the first call of LLVM: by what reads a module and by what asks for the
 * host. Any number of times, on any thread. */
tj_status tj_llvm_open(tj_diags *diags);
/* The file that tj_llvm_open will open; NULL when LLVM is linked directly. */
const char *tj_llvm_path(void);

#endif
