/* SPDX-License-Identifier: MIT */
/* LLVM's stubs: a call that nobody has prepared, one behind tj_llvm_open, and a library that is
 * not there. Built twice, with and without a library to find. */
#include "llvm.h"

#include <llvm-c/Core.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void expect(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "not so: %s\n", what);
    exit(1);
}

#ifdef IS_MISSING

static void test_missing(void)
{
    tj_diags diags = {.arena = tj_arena_create()};
    int status = 0;

    expect(tj_llvm_open(&diags) == TJ_E_INTERNAL, "a missing library is an error");
    expect(strstr(diags.first.message, "LLVM's library cannot be loaded: libtmjit-none.so"),
           "the error names the file");
    pid_t child = fork();
    if (!child) {
        LLVMContextCreate();
        _exit(0);
    }
    waitpid(child, &status, 0);
    expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "a call goes nowhere");
    tj_arena_destroy(diags.arena);
}

int main(void)
{
    test_missing();
    return 0;
}

#else

int main(void)
{
    tj_diags diags = {.arena = tj_arena_create()};
    unsigned major = 0, minor = 0, patch = 0;
    LLVMBool is_exact = true;

    LLVMGetVersion(&major, &minor, &patch);
    expect(major == 22, "arguments of the first call arrive");
    expect(tj_llvm_open(&diags) == TJ_OK, "the library is open");
    LLVMContextRef llctx = LLVMContextCreate();
    LLVMValueRef value = LLVMConstReal(LLVMDoubleTypeInContext(llctx), 2.5);
    expect(LLVMConstRealGetDouble(value, &is_exact) == 2.5 && !is_exact, "vectors arrive");
    LLVMContextDispose(llctx);
    tj_arena_destroy(diags.arena);
    return 0;
}

#endif
