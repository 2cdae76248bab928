// Compare and exchange: what was there comes back in `old`, whether it was replaced as the result.
//
// REQUIRES: clang
// RUN: %run %s --grid 50 --threadgroup 25 --buf x=u32[1]:zeros --buf y=f32[1]:zeros --buf z=u32[2]:zeros --print x --print y --print z | FileCheck %s
// CHECK: x = 49
// CHECK-NEXT: y = 24.5
// CHECK-NEXT: z = 24 24

#include <metal_stdlib>

using namespace metal;

kernel void k(device atomic_uint *x [[buffer(0)]], device atomic_float *y [[buffer(1)]],
              device uint *z [[buffer(2)]], uint i [[thread_position_in_grid]],
              uint l [[thread_position_in_threadgroup]],
              uint g [[threadgroup_position_in_grid]])
{
    threadgroup atomic_uint most;
    if (l == 0)
        atomic_store_explicit(&most, 0u, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);

    uint old = atomic_load_explicit(x, memory_order_relaxed);
    while (old < i && !atomic_compare_exchange_weak_explicit(x, &old, i, memory_order_relaxed,
                                                             memory_order_relaxed)) {
    }
    float f = atomic_load_explicit(y, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(y, &f, fmax(f, float(i) * 0.5f),
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
    uint m = 0;
    while (!atomic_compare_exchange_weak_explicit(&most, &m, max(m, l), memory_order_relaxed,
                                                  memory_order_relaxed)) {
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (l == 0)
        z[g] = atomic_load_explicit(&most, memory_order_relaxed);
}
