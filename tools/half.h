/* SPDX-License-Identifier: MIT */
/* IEEE binary16 and bfloat16 as bits; rounding is to nearest, ties to even. 8-bit floats. */
#ifndef TJ_TOOL_HALF_H
#define TJ_TOOL_HALF_H

#include <stdbool.h>
#include <stdint.h>

uint16_t tj_f16_from_double(double value);
uint16_t tj_bf16_from_double(double value);
float tj_f16_to_float(uint16_t bits);
float tj_bf16_to_float(uint16_t bits);

/* Whether an argument's type is an 8-bit float of Triton's, "f8E4M3FN". */
bool tj_is_float8(const char *type_name);
float tj_float8_to_float(const char *type_name, uint8_t code);

#endif
