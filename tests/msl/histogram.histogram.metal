#include <metal_stdlib>

using namespace metal;

kernel void histogram(
    const device uchar4 *src [[buffer(0)]],
    device atomic_uint *dst [[buffer(1)]],
    constant uint &count [[buffer(2)]],
    uint i [[thread_position_in_grid]],
    uint threads [[threads_per_grid]],
    uint thread_index [[thread_index_in_threadgroup]])
{
    threadgroup atomic_uint bins[256];
    atomic_store_explicit(&bins[thread_index], 0u, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k = i; k < count; k += threads) {
        uchar4 src_v = src[k];
        atomic_fetch_add_explicit(&bins[src_v.x], 1u, memory_order_relaxed);
        atomic_fetch_add_explicit(&bins[src_v.y], 1u, memory_order_relaxed);
        atomic_fetch_add_explicit(&bins[src_v.z], 1u, memory_order_relaxed);
        atomic_fetch_add_explicit(&bins[src_v.w], 1u, memory_order_relaxed);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint old = atomic_load_explicit(&bins[thread_index], memory_order_relaxed);
    atomic_fetch_add_explicit(dst + thread_index, old, memory_order_relaxed);
}
