// Function constants: required, optional, vectors, computed ones, and arguments that are there
// for some values only.
//
// REQUIRES: clang
// RUN: %run %s --grid 4 --constant has_unread=false --constant use_bias=true --constant scale=10 --constant shift=1,2 --buf x=f32[4]:iota --buf bias=f32[4]:100 --buf out=f32[4] --print out | FileCheck %s --check-prefix ON
// ON: out = 103 113 123 133
// RUN: %run %s --grid 4 --constant 1=0 --constant 0=false --constant shift=1,2 --buf x=f32[4]:iota --buf out=f32[4] --print out | FileCheck %s --check-prefix OFF
// OFF: out = 4 6 8 10
// RUN: not %tmjit run %s --grid 4 --constant shift=1,2 --buf x=f32[4] --buf out=f32[4] 2>&1 | FileCheck %s --check-prefix MISSING
// MISSING: use_bias
// RUN: %tmjit info %s | FileCheck %s --check-prefix INFO
// INFO: bias {{.*}}optional
// INFO: 0  use_bias         bool           required
// INFO: 3  scale            float          optional
// INFO: 1  has_unread       bool           required
// INFO: 7  shift            float2         required

#include <metal_stdlib>

using namespace metal;

#define FIRST 3

constant bool use_bias [[function_constant(0)]];
constant float scale [[function_constant(FIRST)]];
constant bool has_unread [[function_constant(1)]];
constant float2 shift [[function_constant(FIRST + 4)]];
constant float factor = is_function_constant_defined(scale) ? scale : 2.0f;
constant bool no_bias = !use_bias;

kernel void k(device const float *x [[buffer(0)]],
              device const float *bias [[buffer(1), function_constant(use_bias)]],
              device float *out [[buffer(2)]],
              device float *unread [[buffer(3), function_constant(has_unread)]],
              uint i [[thread_position_in_grid]])
{
    float y = x[i] * factor + shift.x + shift.y;
    if (use_bias)
        y += bias[i];
    if (no_bias)
        y += 1;
    out[i] = y;
}
