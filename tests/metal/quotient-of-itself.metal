// A number by itself, and by its opposite, is 0 where the number is.
//
// REQUIRES: clang
// RUN: %run %s --grid 4 --threadgroup 4 --buf x=i32:0,3,-7,0 --buf y=i32[8]:zeros --expect y=i32:0,0,1,-1,1,-1,0,0
// RUN: %run %s --opt 0 --grid 4 --threadgroup 4 --buf x=i32:0,3,-7,0 --buf y=i32[8]:zeros --expect y=i32:0,0,1,-1,1,-1,0,0
#include <metal_stdlib>
using namespace metal;

kernel void k(const device int *x [[buffer(0)]], device int *y [[buffer(1)]],
              uint i [[thread_position_in_grid]])
{
    int n = x[i];

    y[i * 2] = n / n;
    y[i * 2 + 1] = n / -n;
}
