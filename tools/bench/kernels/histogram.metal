// SPDX-License-Identifier: MIT
// Counts of the 256 values of bytes. Threadgroups of 256 count in threadgroup memory, four bytes
// a thread and step, and add once.
#include <metal_stdlib>
using namespace metal;

kernel void histogram(device const uchar4 *src [[buffer(0)]],
                      device atomic_uint *dst [[buffer(1)]],
                      constant uint &count [[buffer(2)]], uint i [[thread_position_in_grid]],
                      uint threads [[threads_per_grid]],
                      uint thread_index [[thread_index_in_threadgroup]])
{
    threadgroup atomic_uint bins[256];

    atomic_store_explicit(&bins[thread_index], 0, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k = i; k < count; k += threads) {
        uchar4 bytes = src[k];
        for (uint b = 0; b < 4; b++)
            atomic_fetch_add_explicit(&bins[bytes[b]], 1, memory_order_relaxed);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint own = atomic_load_explicit(&bins[thread_index], memory_order_relaxed);
    atomic_fetch_add_explicit(&dst[thread_index], own, memory_order_relaxed);
}
