/* SPDX-License-Identifier: MIT */
/* Counter-based random numbers: element `index` depends on nothing but seed and index. */
#ifndef TJ_TOOL_RANDOM_H
#define TJ_TOOL_RANDOM_H

#include <stdint.h>

uint64_t tj_random_key(uint64_t seed);
/* 64 random bits. */
uint64_t tj_random_bits(uint64_t key, uint64_t index);
/* A sample of the standard normal distribution. */
double tj_random_normal(uint64_t key, uint64_t index);

#endif
