#include <metal_stdlib>

using namespace metal;

kernel void transpose(
    const device float *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant uint &size [[buffer(2)]],
    uint3 thread_position_in_threadgroup [[thread_position_in_threadgroup]],
    uint3 threadgroup_position_in_grid [[threadgroup_position_in_grid]])
{
    threadgroup float tile[32][33];
    uint left = threadgroup_position_in_grid.x * 32;
    uint top = threadgroup_position_in_grid.y * 32;
    for (uint k = 0; k < 32; k += 8) {
        tile[thread_position_in_threadgroup.y + k][thread_position_in_threadgroup.x] =
                src[(top + thread_position_in_threadgroup.y + k) * size + left
                + thread_position_in_threadgroup.x];
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k19 = 0; k19 < 32; k19 += 8) {
        dst[(left + thread_position_in_threadgroup.y + k19) * size + top
                + thread_position_in_threadgroup.x] =
                tile[thread_position_in_threadgroup.x][thread_position_in_threadgroup.y + k19];
    }
}
