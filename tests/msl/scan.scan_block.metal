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
    uint add = src_v.y + src_v.x;
    uint add2 = add + src_v.z;
    uint add3 = add2 + src_v.w;
    uint4 ins3 = uint4(src_v.x, add, add2, add3);
    uint before = simd_prefix_exclusive_sum(add3);
    bool cmp = lane == 31u;
    if (cmp) {
        group_sum[group] = add3 + before;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint picked;
    if (lane < groups) {
        picked = group_sum[lane];
    } else {
        picked = 0u;
    }
    uint add5 = simd_sum(lane < group ? picked : 0u) + before;
    dst[i] = uint4(add5) + ins3;
    if (cmp && group == groups - 1u) {
        block_sum[tg] = add5 + add3;
    }
}
