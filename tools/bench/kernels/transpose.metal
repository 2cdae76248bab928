// SPDX-License-Identifier: MIT
// A threadgroup of 32 x 8 a tile of 32 x 32; 33 columns keep a column in different banks.
#include <metal_stdlib>
using namespace metal;

kernel void transpose(device const float *src [[buffer(0)]], device float *dst [[buffer(1)]],
                      constant uint &size [[buffer(2)]],
                      ushort2 thread_at [[thread_position_in_threadgroup]],
                      uint2 tile_at [[threadgroup_position_in_grid]])
{
    threadgroup float tile[32][33];
    uint2 from = tile_at * 32 + uint2(thread_at), to = tile_at.yx * 32 + uint2(thread_at);

    for (uint k = 0; k < 32; k += 8)
        tile[thread_at.y + k][thread_at.x] = src[(from.y + k) * size + from.x];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint k = 0; k < 32; k += 8)
        dst[(to.y + k) * size + to.x] = tile[thread_at.x][thread_at.y + k];
}
