// Operators that choose are values, however much stands in them: no branch is left of what has
// no effect and reads no memory; what is read is read where it was.
//
// REQUIRES: clang
// RUN: %npy %tx.npy i32 '[3, -2, 0, 7, -9, 4, 1, -1]'
// RUN: %npy %t.npy i32 '[-(v * v - 5 * v + 7) * 3 %% 11 if v < 0 and v * v - v > 4 else ((v + 1) ^ 5) * (v + 2) - v for v in [3, -2, 0, 7, -9, 4, 1, -1]]'
// RUN: %npy %tf.npy i32 '[int(0 <= v < 8 and [3, -2, 0, 7, -9, 4, 1, -1][v] > 0) for v in [3, -2, 0, 7, -9, 4, 1, -1]]'
// RUN: %run %s --entry wide --grid 8 --buf x=%tx.npy --buf y=i32[8]:zeros --expect y=%t.npy
// RUN: %run %s --entry fits --grid 8 --buf x=%tx.npy --buf y=i32[8]:zeros --expect y=%tf.npy
// RUN: %tmjit emit %s --entry wide --as air | FileCheck %s --check-prefix=WIDE
// WIDE-LABEL: define void @wide
// WIDE-NOT: br
// WIDE: ret void
// RUN: %tmjit emit %s --entry fits --as air | FileCheck %s --check-prefix=FITS
// FITS-LABEL: define void @fits
// FITS: br i1
// FITS: ret void
// RUN: %npy %tq.npy i32 '[0, 2, 0, 0, -1, 3, 1, -3]'
// RUN: %npy %to.npy i32 '[-7, -2, -7, -7, 8, 2, 2, -1]'
// RUN: %run %s --entry guarded --grid 8 --buf x=%tx.npy --buf by=%tq.npy --buf y=i32[8]:zeros --expect y=%to.npy
// RUN: %tmjit emit %s --entry guarded --as msl | FileCheck %s --check-prefix=GUARDED
// GUARDED: ? v / n + {{.*}} : -7;

#include <metal_stdlib>

using namespace metal;

static int rest(int v, int by)
{
    int r = v % by;
    return r < 0 ? r + by : r;
}

kernel void wide(device const int *x [[buffer(0)]], device int *y [[buffer(1)]],
                 uint i [[thread_position_in_grid]])
{
    int v = x[i];
    y[i] = v < 0 && v * v - v > 4
               ? rest(-(v * v - 5 * v + 7) * 3, 11)
               : ((v + 1) ^ 5) * (v + 2) - v;
}

kernel void fits(device const int *x [[buffer(0)]], device int *y [[buffer(1)]],
                 uint i [[thread_position_in_grid]])
{
    int v = x[i];
    y[i] = v >= 0 && v < 8 && x[v] > 0;
}

// A division stays behind the question whether there is a divisor.
kernel void guarded(device const int *x [[buffer(0)]], device const int *by [[buffer(1)]],
                    device int *y [[buffer(2)]], uint i [[thread_position_in_grid]])
{
    int v = x[i], n = by[i];
    y[i] = n != 0 ? v / n + (v > 0 ? 1 : -1) : -7;
}
