// Short loops of constant length through an array of a thread are written out, so that its elements
// are values: no memory is left. A print keeps the loops, and so does --opt 0.
//
// REQUIRES: clang
// RUN: %tmjit emit %s --as air | FileCheck %s --check-prefix AIR --implicit-check-not alloca
// AIR: define void @outer
// RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s --check-prefix KEPT
// KEPT: alloca
// RUN: %tmjit emit %s --as msl | FileCheck %s --check-prefix PRINT
// PRINT-COUNT-2: for (
//
// out = x * y^T
// RUN: %run %s --engine both --grid 1 --buf x=f32[4]:iota --buf y=f32:1,2,3,4 --buf out=f32[16] --expect out=f32:0,0,0,0,1,2,3,4,2,4,6,8,3,6,9,12
// RUN: %run %s --grid 1 --opt 0 --buf x=f32[4]:iota --buf y=f32:1,2,3,4 --buf out=f32[16] --expect out=f32:0,0,0,0,1,2,3,4,2,4,6,8,3,6,9,12
// An access outside is found in a loop that is written out too, at its place.
// RUN: not %tmjit run %s --grid 1 --buf x=f32[4]:iota --buf y=f32:1,2,3,4 --buf out=f32[15] 2>&1 | FileCheck %s --check-prefix BOUNDS
// BOUNDS: short-loops.metal:[[# @LINE + 14]]:{{[0-9]+}}: error: store of 4 bytes at byte offset 60 of buffer 'out' (60 bytes)

#include <metal_stdlib>
using namespace metal;

kernel void outer(device const float *x [[buffer(0)]], device const float *y [[buffer(1)]],
                  device float *out [[buffer(2)]])
{
    float sum[4][4];
    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            sum[i][j] = x[i] * y[j];
    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            out[4 * i + j] = sum[i][j];
}
