#include <metal_stdlib>

using namespace metal;

kernel void sum(
    const device float4 *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant uint &count [[buffer(2)]],
    uint i [[thread_position_in_grid]],
    uint threads [[threads_per_grid]],
    uint tg [[threadgroup_position_in_grid]],
    uint lane [[thread_index_in_simdgroup]],
    uint group [[simdgroup_index_in_threadgroup]],
    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float partial[32];
    float4 acc = float4(0.0f);
    for (uint k = i; k < count; k += threads) {
        acc += src[k];
    }
    float simd_sum_v = simd_sum(acc.x + acc.y + acc.z + acc.w);
    if (lane == 0) {
        partial[group] = simd_sum_v;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (group != 0) {
        return;
    }
    float picked = lane < groups ? partial[lane] : 0.0f;
    float simd_sum_v2 = simd_sum(picked);
    if (lane == 0) {
        dst[tg] = simd_sum_v2;
    }
}
