/* SPDX-License-Identifier: MIT */
/* Host triple, CPU and features, and the vector width that code should use. */
#include "host.h"

#include "llvm.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Widest first. `extra` undoes LLVM's habit of splitting 512-bit vectors in two on CPUs that
 * have them (LLVM 22, X86.td, TuningPrefer256Bit): W is chosen for the whole register. It also
 * keeps LLVM from VCVTNEPS2BF16, which takes subnormals for zero whatever the control register
 * says (Intel SDM volume 2). */
static const struct {
    const char *feature, *extra;
    unsigned vector_bits;
} widths[] = {
    {"+avx512f", ",-prefer-256-bit,-avx512bf16,-avxneconvert", 512},
    {"+avx2", ",-avx512bf16,-avxneconvert", 256},
};

static void register_target(void)
{
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
}

static bool has_feature(const char *features, const char *feature)
{
    size_t length = strlen(feature);

    for (const char *at = features; (at = strstr(at, feature)); at += length)
        if (at[length] == ',' || !at[length])
            return true;
    return false;
}

static tj_status ask_features(tj_cpu *cpu)
{
    char *features = LLVMGetHostCPUFeatures();
    const char *extra = "";

    cpu->vector_bits = 128;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        if (has_feature(features, widths[i].feature)) {
            cpu->vector_bits = widths[i].vector_bits;
            extra = widths[i].extra;
            break;
        }
    size_t byte_cap = strlen(features) + strlen(extra) + 1;
    cpu->features = malloc(byte_cap);
    if (cpu->features)
        snprintf(cpu->features, byte_cap, "%s%s", features, extra);
    LLVMDisposeMessage(features);
    return cpu->features ? TJ_OK : TJ_E_MEMORY;
}

tj_status tj_cpu_init(tj_cpu *cpu, tj_diags *diags)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char *message = NULL;

    tj_status status = tj_llvm_open(diags);
    if (status)
        return status;
    pthread_once(&once, register_target);
    *cpu = (tj_cpu){.triple = LLVMGetDefaultTargetTriple(), .name = LLVMGetHostCPUName()};
    if (LLVMGetTargetFromTriple(cpu->triple, &cpu->target, &message)) {
        tj_fail_at(diags, TJ_E_INTERNAL, NULL, "LLVM has no target '%s': %s", cpu->triple,
                   message);
        LLVMDisposeMessage(message);
        tj_cpu_fini(cpu);
        return TJ_E_INTERNAL;
    }
    if (ask_features(cpu)) {
        tj_cpu_fini(cpu);
        return tj_fail_at(diags, TJ_E_MEMORY, NULL, "no memory for the CPU's features");
    }
    return TJ_OK;
}

void tj_cpu_fini(tj_cpu *cpu)
{
    if (cpu->triple) {
        LLVMDisposeMessage(cpu->triple);
        LLVMDisposeMessage(cpu->name);
    }
    free(cpu->features);
    *cpu = (tj_cpu){0};
}

LLVMTargetMachineRef tj_cpu_machine(const tj_cpu *cpu, unsigned opt_level)
{
    /* Small: an object's own constants are near its code, and the linker makes stubs for
     * calls that are not. LLVM's default for JITs on x86-64 is large, with a 64-bit
     * immediate for every constant. */
    return LLVMCreateTargetMachine(cpu->target, cpu->triple, cpu->name, cpu->features,
                                   opt_level ? LLVMCodeGenLevelAggressive
                                             : LLVMCodeGenLevelNone,
                                   LLVMRelocPIC, LLVMCodeModelSmall);
}
