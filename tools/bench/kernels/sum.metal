// SPDX-License-Identifier: MIT
// dst[threadgroup] = sum of the elements that the threadgroup visits in a grid-stride loop.
// A second launch of one threadgroup sums what the threadgroups left.
#include <metal_stdlib>
using namespace metal;

kernel void sum(device const float4 *src [[buffer(0)]], device float *dst [[buffer(1)]],
                constant uint &count [[buffer(2)]], uint i [[thread_position_in_grid]],
                uint threads [[threads_per_grid]],
                uint threadgroup_index [[threadgroup_position_in_grid]],
                uint lane [[thread_index_in_simdgroup]],
                uint group [[simdgroup_index_in_threadgroup]],
                uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float partial[32];
    float4 total = 0;

    for (uint k = i; k < count; k += threads)
        total += src[k];
    float all = simd_sum(total.x + total.y + total.z + total.w);
    if (lane == 0)
        partial[group] = all;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (group == 0) {
        all = simd_sum(lane < groups ? partial[lane] : 0);
        if (lane == 0)
            dst[threadgroup_index] = all;
    }
}
