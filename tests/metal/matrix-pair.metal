// A thread's pair of elements of a SIMD-group matrix, read, written whole and one by one.
//
// REQUIRES: clang
// RUN: %run %s --grid 32 --buf a=f32[64]:iota --buf b=f32[64] --buf c=f16[64] --print b --print c | FileCheck %s
// CHECK: b f32[64] = 1 2 3 ... 62 63 64
// CHECK: c f16[64] = 0 2 4 ... 122 124 126

#include <metal_simdgroup_matrix>
#include <metal_stdlib>

using namespace metal;

kernel void add(device const float *a, device float *b, device half *c)
{
    simdgroup_float8x8 m, n;
    simdgroup_load(m, a, 8);
    float2 pair = m.thread_elements();
    reinterpret_cast<thread vec<float, 2> &>(n.thread_elements()) = pair + 1;
    simdgroup_store(n, b, 8);

    simdgroup_half8x8 twice;
    twice.thread_elements()[0] = half(2 * pair.x);
    twice.thread_elements()[1] = half(2 * pair[1]);
    simdgroup_store(twice, c, 8);
}
