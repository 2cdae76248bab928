#include <metal_stdlib>

using namespace metal;

kernel void scan_block(
    const device uint4 *src [[buffer(0)]],
    device uint4 *dst [[buffer(1)]],
    device uint *block_sum [[buffer(2)]],
    uint i [[thread_position_in_grid]],
    uint tg [[threadgroup_position_in_grid]],
    uint lane [[thread_index_in_simdgroup]],
    uint group [[simdgroup_index_in_threadgroup]],
    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup uint group_sum[32];
    uint4 src_v = src[i];
    uint sum = src_v.y + src_v.x;
    uint sum2 = sum + src_v.z;
    uint sum3 = sum2 + src_v.w;
    uint before = simd_prefix_exclusive_sum(sum3);
    if (lane == 31) {
        group_sum[group] = sum3 + before;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint picked = lane < groups ? group_sum[lane] : 0;
    uint sum4 = simd_sum(lane < group ? picked : 0) + before;
    dst[i] = sum4 + uint4(src_v.x, sum, sum2, sum3);
    if (lane == 31 && group == groups - 1) {
        block_sum[tg] = sum4 + sum3;
    }
}
