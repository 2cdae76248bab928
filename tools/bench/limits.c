/* SPDX-License-Identifier: MIT */
/* What the machine can do at most: memory bandwidth as STREAM measures it (J. D. McCalpin,
 * "Memory Bandwidth and Machine Balance", 1995; bytes of the arrays only, also with stores
 * around the caches), and multiply-adds per second from registers. */
#include "native.h"

enum { CHAINS = 12, ROUNDS = 2000000 };

#if defined(__AVX512F__)
typedef float wide __attribute__((vector_size(64)));
#elif defined(__AVX__)
typedef float wide __attribute__((vector_size(32)));
#else
typedef float wide __attribute__((vector_size(16)));
#endif
enum { WIDE = sizeof(wide) / sizeof(float) };

void tjb_limit_read(void *const *buffer, size_t n)
{
    const float *restrict src = buffer[0];
    float total = 0.0f;

#pragma omp parallel for simd reduction(+ : total)
    for (size_t i = 0; i < n; i++)
        total += src[i];
    *(volatile float *)buffer[1] = total;
}

void tjb_limit_copy(void *const *buffer, size_t n)
{
    const wide *restrict src = buffer[0];
    wide *restrict dst = buffer[1];

#pragma omp parallel for
    for (size_t i = 0; i < n / WIDE; i++)
        dst[i] = src[i];
}

void tjb_limit_triad(void *const *buffer, size_t n)
{
    const wide *restrict a = buffer[0], *restrict b = buffer[1];
    wide *restrict c = buffer[2];

#pragma omp parallel for
    for (size_t i = 0; i < n / WIDE; i++)
        c[i] = a[i] + 3.0f * b[i];
}

/* In place: what is written was read, so that nothing is fetched in vain. */
void tjb_limit_update(void *const *buffer, size_t n)
{
    const wide *restrict a = buffer[0];
    wide *restrict c = buffer[1];

#pragma omp parallel for
    for (size_t i = 0; i < n / WIDE; i++)
        c[i] = 0.5f * c[i] + a[i];
}

#if defined(__clang__)
#define STORE_AROUND(value, at) __builtin_nontemporal_store(value, at)
#else
#define STORE_AROUND(value, at) (*(at) = (value))
#endif

void tjb_limit_copy_around(void *const *buffer, size_t n)
{
    const wide *restrict src = buffer[0];
    wide *restrict dst = buffer[1];

#pragma omp parallel for
    for (size_t i = 0; i < n / WIDE; i++)
        STORE_AROUND(src[i], &dst[i]);
}

void tjb_limit_triad_around(void *const *buffer, size_t n)
{
    const wide *restrict a = buffer[0], *restrict b = buffer[1];
    wide *restrict c = buffer[2];

#pragma omp parallel for
    for (size_t i = 0; i < n / WIDE; i++)
        STORE_AROUND(a[i] + 3.0f * b[i], &c[i]);
}

/* `n` threads with independent chains of multiply-adds; more chains than latency times units.
 */
void tjb_limit_fma(void *const *buffer, size_t n)
{
    const float *seed = buffer[0];
    float *out = buffer[1];

#pragma omp parallel for schedule(static, 1)
    for (size_t t = 0; t < n; t++) {
        wide acc[CHAINS], scale = seed[0] - (wide){0}, step = seed[1] - (wide){0}, total = {0};

        for (int c = 0; c < CHAINS; c++)
            acc[c] = seed[c] - (wide){0};
        for (long r = 0; r < ROUNDS; r++)
#pragma GCC unroll 12
            for (int c = 0; c < CHAINS; c++)
                acc[c] = acc[c] * scale + step;
        for (int c = 0; c < CHAINS; c++)
            total += acc[c];
        out[t] = total[0];
    }
    *(double *)buffer[2] = 2.0 * (double)n * CHAINS * ROUNDS * WIDE;
}
