// An array of pointers in threadgroup memory is one object of the threadgroup, as other variables
// there are; a pointer to threadgroup memory is a thread's own.
//
// REQUIRES: clang
// RUN: %run %s --grid 8 --threadgroup 4 --buf a=i32[8]:iota --buf y=i32[8]:zeros --print y | FileCheck %s
// CHECK: y = 6 4 2 0 14 12 10 8
// RUN: %tmjit emit %s --as msl | FileCheck %s --check-prefix PRINT
// PRINT: device int *threadgroup from[4];
#include <metal_stdlib>
using namespace metal;

kernel void k(device int *a [[buffer(0)]], device int *y [[buffer(1)]],
              uint i [[thread_position_in_grid]], uint l [[thread_position_in_threadgroup]])
{
    device int *threadgroup from[4];
    threadgroup int twice[4];
    threadgroup int *mine = twice + l;

    from[l] = a + i;
    *mine = 2;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    y[i] = *from[3 - l] * twice[3 - l];
}
