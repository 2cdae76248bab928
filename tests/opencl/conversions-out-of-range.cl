// A float outside the range of an integer is its nearest end, also where clang sees that at once.
//
// RUN: %run %s --grid 1 --threadgroup 1 --buf y=u32[5]:zeros --print y:all | FileCheck %s
// CHECK: y = 4294967295 2147483647 0 255 0

kernel void k(global uint *y)
{
    y[0] = (uint)INFINITY;
    y[1] = (uint)(int)1e30f;
    y[2] = (uint)-1e30f;
    y[3] = (uchar)INFINITY;
    y[4] = (uint)NAN;
}
