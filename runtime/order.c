/* SPDX-License-Identifier: MIT */
/* Seeded orders. Threadgroups: a keyed permutation that needs no table, a four-round
 * Feistel network on the next even number of bits, walked until the image is in range
 * (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002). Slices: the
 * Fisher-Yates shuffle. Mixing is splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
#include "worker.h"

uint64_t tjrt_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t feistel(uint64_t x, unsigned half_bits, uint64_t seed)
{
    uint64_t half_mask = (UINT64_C(1) << half_bits) - 1;
    uint64_t left = x >> half_bits, right = x & half_mask;

    for (uint64_t round = 0; round < 4; round++) {
        uint64_t next = left ^ (tjrt_mix(right ^ tjrt_mix(seed + round)) & half_mask);
        left = right;
        right = next;
    }
    return left << half_bits | right;
}

uint64_t tjrt_permute(uint64_t index, uint64_t count, uint64_t seed)
{
    unsigned half_bits = 1;

    while (half_bits < 31 && UINT64_C(1) << (2 * half_bits) < count)
        half_bits++;
    do
        index = feistel(index, half_bits, seed);
    while (index >= count);
    return index;
}

void tjrt_shuffle(uint16_t *order, unsigned count, uint64_t seed)
{
    for (unsigned i = 0; i < count; i++)
        order[i] = (uint16_t)i;
    if (!seed)
        return;
    for (unsigned i = count; i > 1; i--) {
        seed = tjrt_mix(seed);
        unsigned other = (unsigned)(seed % i);
        uint16_t last = order[i - 1];
        order[i - 1] = order[other];
        order[other] = last;
    }
}
