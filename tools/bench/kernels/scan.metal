// SPDX-License-Identifier: MIT
// Inclusive prefix sum in three launches: blocks of four elements a thread, whose sums are one
// block of the second launch; the third adds to each block what was before it.
#include <metal_stdlib>
using namespace metal;

kernel void scan_block(device const uint4 *src [[buffer(0)]], device uint4 *dst [[buffer(1)]],
                       device uint *block_sum [[buffer(2)]],
                       uint i [[thread_position_in_grid]],
                       uint block [[threadgroup_position_in_grid]],
                       uint lane [[thread_index_in_simdgroup]],
                       uint group [[simdgroup_index_in_threadgroup]],
                       uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup uint group_sum[32];
    uint4 x = src[i];

    x.y += x.x;
    x.z += x.y;
    x.w += x.z;
    uint before = simd_prefix_exclusive_sum(x.w);
    if (lane == 31)
        group_sum[group] = before + x.w;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    before += simd_sum(lane < group ? group_sum[lane] : 0);
    dst[i] = x + before;
    if (lane == 31 && group == groups - 1)
        block_sum[block] = before + x.w;
}

kernel void scan_add(device const uint *block_sum [[buffer(0)]], device uint4 *dst [[buffer(1)]],
                     uint i [[thread_position_in_grid]],
                     uint block [[threadgroup_position_in_grid]])
{
    if (block > 0)
        dst[i] += block_sum[block - 1];
}
