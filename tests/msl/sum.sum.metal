#include <metal_stdlib>

using namespace metal;

kernel void sum(
    const device float4 *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant uint *count [[buffer(2)]],
    uint i [[thread_position_in_grid]],
    uint threads [[threads_per_grid]],
    uint tg [[threadgroup_position_in_grid]],
    uint lane [[thread_index_in_simdgroup]],
    uint group [[simdgroup_index_in_threadgroup]],
    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float partial[32];
    uint count_v = count[0];
    uint k = i;
    float4 acc = float4(0.0f);
    for (; k < count_v; k += threads) {
        acc += src[k];
    }
    float simd_sum2 = simd_sum(acc.x + acc.y + acc.z + acc.w);
    bool cmp2 = lane == 0u;
    if (cmp2) {
        partial[group] = simd_sum2;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (group != 0u) {
        return;
    }
    float picked;
    if (lane < groups) {
        picked = partial[lane];
    } else {
        picked = 0.0f;
    }
    float simd_sum2_2 = simd_sum(picked);
    if (cmp2) {
        dst[tg] = simd_sum2_2;
    }
}
