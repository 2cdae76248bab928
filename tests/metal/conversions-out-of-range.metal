// A float outside the range of an integer is its nearest end, also where clang sees that at once.
//
// REQUIRES: clang
// RUN: %run %s --grid 1 --buf x=f32:1e30,-1e30 --buf y=u32[14]:zeros --print y:all | FileCheck %s
// RUN: %run %s --opt 0 --grid 1 --buf x=f32:1e30,-1e30 --buf y=u32[14]:zeros --print y:all | FileCheck %s
// CHECK: y = 4294967295 4294967295 4294967295 4294967295 2147483647 2147483648 0 0 65535 255 16777215 4294967295 4294967295 0

#include <metal_stdlib>

using namespace metal;

kernel void k(const device float *x [[buffer(0)]], device uint *y [[buffer(1)]])
{
    y[0] = uint(INFINITY);
    y[1] = uint(half(INFINITY));
    y[2] = uint(bfloat(INFINITY));
    y[3] = uint(bfloat(1e30f));
    y[4] = uint(int(1e30f));
    y[5] = uint(int(-INFINITY));
    y[6] = uint(-bfloat(1e30f));
    y[7] = uint(NAN);
    y[8] = uint(ushort(INFINITY));
    y[9] = uint(uchar(1e30f));
    y[10] = uint(ulong(INFINITY) >> 40);
    y[11] = uint4(bfloat4(bfloat(INFINITY))).w;
    y[12] = uint(x[0]);
    y[13] = uint(x[1]);
}
