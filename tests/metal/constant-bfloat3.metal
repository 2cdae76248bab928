// A constant vector of three bfloats is one as every other, whatever is behind it in memory.
//
// REQUIRES: clang
// RUN: %run %s --grid 3 --buf y=f32[9]:zeros --print y:all | FileCheck %s
// CHECK: y = 7 7 3 14 14 6 28 28 12
// RUN: %tmjit emit %s --as msl -o %t.metal && FileCheck %s --check-prefix PRINT --input-file %t.metal
// PRINT-NOT: {{^}}constant
// PRINT: bfloat3 v = bfloat3(bfloat(7.0f), bfloat(7.0f), bfloat(3.0f));
// RUN: %run %t.metal --grid 3 --buf y=f32[9]:zeros --print y:all | FileCheck %s

#include <metal_stdlib>

using namespace metal;

kernel void k(device float *y [[buffer(0)]], uint i [[thread_position_in_grid]])
{
    bfloat3 v = bfloat3(bfloat(7.0f), bfloat(7.0f), bfloat(3.0f));
    for (uint j = 0; j < i; j++)
        v += v;
    y[i * 3] = float(v.x);
    y[i * 3 + 1] = float(v.y);
    y[i * 3 + 2] = float(v.z);
}
