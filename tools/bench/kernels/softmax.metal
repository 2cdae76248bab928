// SPDX-License-Identifier: MIT
// Softmax of each row of a matrix: a threadgroup a row, four neighbours a thread. SIMD-groups
// reduce first, what they leave is reduced once more by all of them.
#include <metal_stdlib>
using namespace metal;

kernel void softmax(device const float4 *src [[buffer(0)]], device float4 *dst [[buffer(1)]],
                    constant uint &row_len [[buffer(2)]],
                    uint row [[threadgroup_position_in_grid]],
                    uint thread_index [[thread_index_in_threadgroup]],
                    uint lane [[thread_index_in_simdgroup]],
                    uint group [[simdgroup_index_in_threadgroup]],
                    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float group_max[32], group_sum[32];
    uint at = row * (row_len / 4) + thread_index;
    float4 x = src[at];

    float top = simd_max(max(max(x.x, x.y), max(x.z, x.w)));
    if (lane == 0)
        group_max[group] = top;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    top = simd_max(lane < groups ? group_max[lane] : -FLT_MAX);

    float4 e = exp(x - top);
    float sum = simd_sum(e.x + e.y + e.z + e.w);
    if (lane == 0)
        group_sum[group] = sum;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    sum = simd_sum(lane < groups ? group_sum[lane] : 0);

    dst[at] = e * (1 / sum);
}
