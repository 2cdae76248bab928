// SPDX-License-Identifier: MIT
// C = A * B, row-major. Threadgroups of 16 x 16 compute 64 x 64 elements, 4 x 4 a thread, from
// tiles of A (transposed) and B that are 16 deep.
#include <metal_stdlib>
using namespace metal;

kernel void sgemm_tiled(device const float4 *a [[buffer(0)]],
                        device const float4 *b [[buffer(1)]], device float4 *c [[buffer(2)]],
                        constant uint &size [[buffer(3)]],
                        uint2 thread_at [[thread_position_in_threadgroup]],
                        uint2 tile_at [[threadgroup_position_in_grid]])
{
    threadgroup float4 a_tile[16][17], b_tile[16][16]; // 17: other banks for each row
    uint quads = size / 4, i = thread_at.y * 16 + thread_at.x;
    uint left = tile_at.x * 16 + thread_at.x, top = tile_at.y * 64;
    float4 sum[4] = {0, 0, 0, 0};

    for (uint k = 0; k < size; k += 16) {
        float4 part = a[(top + i / 4) * quads + k / 4 + i % 4];
        for (uint e = 0; e < 4; e++)
            ((threadgroup float *)a_tile[i % 4 * 4 + e])[i / 4] = part[e];
        b_tile[thread_at.y][thread_at.x] = b[(k + thread_at.y) * quads + left];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint depth = 0; depth < 16; depth++) {
            float4 column = a_tile[depth][thread_at.y], row = b_tile[depth][thread_at.x];
            for (uint e = 0; e < 4; e++)
                sum[e] += column[e] * row;
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    for (uint e = 0; e < 4; e++)
        c[(top + 4 * thread_at.y + e) * quads + left] = sum[e];
}
