/* SPDX-License-Identifier: MIT */
/* What a module may not hold whether a kernel uses it or not: code that would run by itself or
 * be chosen while a program is loaded. Generated code never contains it; a module that has it
 * was not meant for a GPU. */
#include "check.h"

#include <llvm-c/Core.h>
#include <string.h>

tj_status tj_check_module(tj_unit *unit)
{
    size_t byte_len = 0;
    const char *assembly = LLVMGetModuleInlineAsm(unit->module, &byte_len);
    if (byte_len) {
        size_t line_len = strcspn(assembly, "\n");
        int shown = line_len > 40 ? 40 : (int)line_len;
        return tj_fail(unit, NULL, TJ_E_UNSUPPORTED,
                       "module-level assembly, '%.*s'; functions in LLVM instructions are "
                       "supported",
                       shown, assembly);
    }
    LLVMValueRef ifunc = LLVMGetFirstGlobalIFunc(unit->module);
    if (ifunc)
        return tj_fail(unit, ifunc, TJ_E_UNSUPPORTED,
                       "ifunc '%.200s', a function chosen at load time; functions with a body "
                       "are supported",
                       LLVMGetValueName2(ifunc, &byte_len));
    LLVMValueRef destructors = LLVMGetNamedGlobal(unit->module, "llvm.global_dtors");
    if (destructors)
        return tj_fail(unit, destructors, TJ_E_UNSUPPORTED,
                       "destructors; nothing runs after a kernel");
    return TJ_OK;
}
