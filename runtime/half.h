/* SPDX-License-Identifier: MIT */
/* Conversions that LLVM's code generator calls on hosts without instructions for half and
 * bfloat. A 16-bit float travels in the low half of a float register (x86-64 psABI and
 * AAPCS64 pass both that way), hence the float on the C side. */
#ifndef TJRT_HALF_H
#define TJRT_HALF_H

float tjrt_half_to_float(float half);
double tjrt_half_to_double(float half);
float tjrt_float_to_half(float x);
float tjrt_double_to_half(double x);
float tjrt_float_to_bfloat(float x);
float tjrt_double_to_bfloat(double x);

#endif
