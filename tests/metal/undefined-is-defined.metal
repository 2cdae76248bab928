// What C leaves undefined means the same in Metal source as elsewhere, also where clang or a pass
// sees that it will happen: a divisor of zero, a shift by more than the width.
//
// REQUIRES: clang
// RUN: %run %s --grid 3 --buf x=i32[3]:iota --buf y=i32[18]:zeros --print y:all | FileCheck %s
// CHECK: y = 0 0 0 0 0 0
// CHECK-SAME: 1 0 256 0 0 1
// CHECK-SAME: 2 0 512 0 0 2

#include <metal_stdlib>

using namespace metal;

kernel void k(const device int *x [[buffer(0)]],
              device int *y [[buffer(1)]],
              uint i [[thread_position_in_grid]])
{
    int zero = 0, wide = 40;
    device int *out = y + i * 6;
    out[0] = x[i] / zero;
    out[1] = x[i] % zero;
    out[2] = x[i] << wide;
    out[3] = int(uint(x[i]) >> 24 >> wide);
    out[4] = int(uint(x[i]) % uint(zero));
    out[5] = int(uint(x[i]) / uint(zero));
}
