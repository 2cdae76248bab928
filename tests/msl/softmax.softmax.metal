#include <metal_stdlib>

using namespace metal;

kernel void softmax(
    const device float4 *src [[buffer(0)]],
    device float4 *dst [[buffer(1)]],
    constant uint *row_len [[buffer(2)]],
    uint row [[threadgroup_position_in_grid]],
    uint thread2 [[thread_index_in_threadgroup]],
    uint lane [[thread_index_in_simdgroup]],
    uint group [[simdgroup_index_in_threadgroup]],
    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float group_max[32];
    threadgroup float group_sum[32];
    float4 src_v = src[(row_len[0] >> 2u) * row + thread2];
    float simd_max2 = simd_max(fast::fmax(fast::fmax(src_v.x, src_v.y), fast::fmax(src_v.z, src_v.w)));
    bool cmp = lane == 0u;
    if (cmp) {
        group_max[group] = simd_max2;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    bool cmp2 = lane < groups;
    float picked;
    if (cmp2) {
        picked = group_max[lane];
    } else {
        picked = -3.4028235e+38f;
    }
    float4 exp3 = fast::exp(src_v - float4(simd_max(picked)));
    float simd_sum2 = simd_sum(exp3.x + exp3.y + exp3.z + exp3.w);
    if (cmp) {
        group_sum[group] = simd_sum2;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float picked2;
    if (cmp2) {
        picked2 = group_sum[lane];
    } else {
        picked2 = 0.0f;
    }
    dst[(row_len[0] >> 2u) * row + thread2] = float4(1.0f / simd_sum(picked2)) * exp3;
}
