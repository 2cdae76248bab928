// An array of pointers in threadgroup memory is one object of the threadgroup, as other variables
// there are; a pointer to threadgroup memory is a thread's own.
//
// REQUIRES: clang
// RUN: %run %s --grid 64 --threadgroup 32 --buf a=i32[64]:iota --buf y=i32[64]:zeros --print y | FileCheck %s
// CHECK: y = 62 60 58 56 54 52 50 48 46 44 42 40 38 36 34 32 30 28 26 24 22 20 18 16 14 12 10 8 6 4 2 0 126 124
// RUN: %tmjit emit %s --as msl | FileCheck %s --check-prefix PRINT
// PRINT: device int *threadgroup from[32];
#include <metal_stdlib>
using namespace metal;

kernel void k(device int *a [[buffer(0)]], device int *y [[buffer(1)]],
              uint i [[thread_position_in_grid]], uint l [[thread_position_in_threadgroup]])
{
    device int *threadgroup from[32];
    threadgroup int twice[32];
    threadgroup int *mine = twice + l;

    from[l] = a + i;
    *mine = 2;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    y[i] = *from[31 - l] * twice[31 - l];
}
