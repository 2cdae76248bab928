#include <metal_stdlib>

using namespace metal;

kernel void sum(
    const device float4 *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant uint &count [[buffer(2)]],
    uint3 thread_position_in_threadgroup [[thread_position_in_threadgroup]],
    uint3 threads_per_threadgroup [[threads_per_threadgroup]],
    uint3 thread_position_in_grid [[thread_position_in_grid]],
    uint3 threads_per_grid [[threads_per_grid]],
    uint3 threadgroup_position_in_grid [[threadgroup_position_in_grid]])
{
    threadgroup float part[256];
    float4 total = float4(0.0f);
    for (uint i = thread_position_in_grid.x; i < count; i += threads_per_grid.x) {
        total += src[i];
    }
    part[thread_position_in_threadgroup.x] = total.x + total.y + total.z + total.w;
    for (uint n = threads_per_threadgroup.x / 2; n != 0; n /= 2) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (thread_position_in_threadgroup.x < n) {
            part[thread_position_in_threadgroup.x] = part[thread_position_in_threadgroup.x]
                    + part[thread_position_in_threadgroup.x + n];
        }
    }
    if (thread_position_in_threadgroup.x == 0) {
        dst[threadgroup_position_in_grid.x] = part[0];
    }
}
