#include <metal_stdlib>

using namespace metal;

kernel void softmax(
    const device float4 *src [[buffer(0)]],
    device float4 *dst [[buffer(1)]],
    constant uint &row_len [[buffer(2)]],
    uint row [[threadgroup_position_in_grid]],
    uint thread_index [[thread_index_in_threadgroup]],
    uint lane [[thread_index_in_simdgroup]],
    uint group [[simdgroup_index_in_threadgroup]],
    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float group_max[32];
    threadgroup float group_sum[32];
    float4 src_v = src[(row_len >> 2) * row + thread_index];
    float simd_max_v = simd_max(fast::fmax(fast::fmax(src_v.x, src_v.y),
            fast::fmax(src_v.z, src_v.w)));
    if (lane == 0) {
        group_max[group] = simd_max_v;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float picked = lane < groups ? group_max[lane] : -3.4028235e+38f;
    float4 exp_v = fast::exp(src_v - simd_max(picked));
    float simd_sum_v = simd_sum(exp_v.x + exp_v.y + exp_v.z + exp_v.w);
    if (lane == 0) {
        group_sum[group] = simd_sum_v;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float picked2 = lane < groups ? group_sum[lane] : 0.0f;
    dst[(row_len >> 2) * row + thread_index] = 1.0f / simd_sum(picked2) * exp_v;
}
