/* SPDX-License-Identifier: MIT */
/* Opens LLVM's library and fills the table that the stubs jump through. stubs.py writes the
 * stubs, the table and the list of names. */
#include "llvm.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* In one order; the names end with NULL. */
extern void *tj_llvm_table[];
extern const char *const tj_llvm_names[];

/* Written once, under pthread_once. */
static char problem[512];

static const char *fill_table(void *library)
{
    for (size_t i = 0; tj_llvm_names[i]; i++)
        if (!(tj_llvm_table[i] = dlsym(library, tj_llvm_names[i])))
            return tj_llvm_names[i];
    return NULL;
}

void tj_llvm_need(void);

/* The file that tmjit was built with; where it is gone, the one that the system finds. Never
 * closed: LLVM's threads and handlers stay. */
static void open_library(void)
{
    int how = RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE;
    void *library = dlopen(TMJIT_LLVM_LIBRARY, how);
    const char *missing = NULL;

    if (!library)
        library = dlopen(TMJIT_LLVM_SONAME, how);
    if (library)
        missing = fill_table(library);
    if (!library)
        snprintf(problem, sizeof problem, "LLVM's library cannot be loaded: %s", dlerror());
    else if (missing)
        snprintf(problem, sizeof problem, "LLVM's library lacks %s: %s", missing, dlerror());
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Called by a stub whose slot is not filled, which has nobody to tell an error. */
void tj_llvm_need(void)
{
    pthread_once(&once, open_library);
    if (*problem)
        abort();
}

tj_status tj_llvm_open(tj_diags *diags)
{
    pthread_once(&once, open_library);
    return *problem ? tj_fail_at(diags, TJ_E_INTERNAL, NULL, "%s", problem) : TJ_OK;
}

const char *tj_llvm_path(void)
{
    return TMJIT_LLVM_LIBRARY;
}
