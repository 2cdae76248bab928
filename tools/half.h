/* SPDX-License-Identifier: MIT */
/* IEEE binary16 and bfloat16 as bits; rounding is to nearest, ties to even. */
#ifndef TJ_TOOL_HALF_H
#define TJ_TOOL_HALF_H

#include <stdint.h>

uint16_t tj_f16_from_double(double value);
uint16_t tj_bf16_from_double(double value);
float tj_f16_to_float(uint16_t bits);
float tj_bf16_to_float(uint16_t bits);

#endif
