#include <metal_stdlib>

using namespace metal;

kernel void histogram(
    const device uchar4 *src [[buffer(0)]],
    device atomic_uint *dst [[buffer(1)]],
    constant uint &count [[buffer(2)]],
    uint3 thread_position_in_threadgroup [[thread_position_in_threadgroup]],
    uint3 thread_position_in_grid [[thread_position_in_grid]],
    uint3 threads_per_grid [[threads_per_grid]])
{
    threadgroup uint bins[256];
    bins[thread_position_in_threadgroup.x] = 0;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = thread_position_in_grid.x; i < count; i += threads_per_grid.x) {
        uchar4 bytes = src[i];
        atomic_fetch_add_explicit((threadgroup atomic_uint *)&bins[bytes.x], 1u,
                memory_order_relaxed);
        atomic_fetch_add_explicit((threadgroup atomic_uint *)&bins[bytes.y], 1u,
                memory_order_relaxed);
        atomic_fetch_add_explicit((threadgroup atomic_uint *)&bins[bytes.z], 1u,
                memory_order_relaxed);
        atomic_fetch_add_explicit((threadgroup atomic_uint *)&bins[bytes.w], 1u,
                memory_order_relaxed);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    atomic_fetch_add_explicit(dst + thread_position_in_threadgroup.x,
            bins[thread_position_in_threadgroup.x], memory_order_relaxed);
}
