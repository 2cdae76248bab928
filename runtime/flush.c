/* SPDX-License-Identifier: MIT */
/* The floating-point control register of a worker during a launch. MXCSR: Intel SDM volume
 * 1, section 10.2.3; FPCR: Arm ARM (DDI 0487), section C5.2.8. */
#include "worker.h"

#if defined(__x86_64__)

#include <immintrin.h>

enum { MXCSR_DEFAULT = 0x1f80, MXCSR_FTZ = 1 << 15, MXCSR_DAZ = 1 << 6 };

uint64_t tjrt_fp_enter(bool flush_subnormals)
{
    uint64_t saved = _mm_getcsr();

    _mm_setcsr(MXCSR_DEFAULT | (flush_subnormals ? MXCSR_FTZ | MXCSR_DAZ : 0));
    return saved;
}

void tjrt_fp_leave(uint64_t saved)
{
    _mm_setcsr((unsigned)saved);
}

#elif defined(__aarch64__)

enum { FPCR_FZ = 1 << 24 };

uint64_t tjrt_fp_enter(bool flush_subnormals)
{
    uint64_t saved, mode = flush_subnormals ? FPCR_FZ : 0;

    __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
    return saved;
}

void tjrt_fp_leave(uint64_t saved)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(saved));
}

#else
#error "the floating-point control register of this host is not known; x86-64 and AArch64 are"
#endif
