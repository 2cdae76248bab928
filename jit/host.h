/* SPDX-License-Identifier: MIT */
/* The machine this process runs on, as LLVM knows it. */
#ifndef TJ_HOST_H
#define TJ_HOST_H

#include "diag.h"

#include <llvm-c/TargetMachine.h>

typedef struct tj_cpu {
    LLVMTargetRef target;
    char *triple, *name; /* LLVM's strings */
    char *features;      /* heap */
    unsigned vector_bits; /* 128, 256 or 512 */
} tj_cpu;

/* Registers LLVM's native target, once per process, and asks for the host. */
tj_status tj_cpu_init(tj_cpu *cpu, tj_diags *diags);
void tj_cpu_fini(tj_cpu *cpu); /* a zeroed struct is allowed */
/* A new machine (one thread uses a machine at a time); NULL when LLVM refuses. */
LLVMTargetMachineRef tj_cpu_machine(const tj_cpu *cpu, unsigned opt_level);

#endif
