// SPDX-License-Identifier: MIT
// Accelerations of bodies (x, y, z, mass), in tiles of a threadgroup of 256.
#include <metal_stdlib>
using namespace metal;

kernel void nbody(device const float4 *body [[buffer(0)]],
                  device float4 *acceleration [[buffer(1)]],
                  constant uint &count [[buffer(2)]], uint i [[thread_position_in_grid]],
                  uint thread_index [[thread_index_in_threadgroup]])
{
    threadgroup float4 tile[256];
    float3 own = body[i].xyz, sum = 0;

    for (uint first = 0; first < count; first += 256) {
        tile[thread_index] = body[first + thread_index];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint k = 0; k < 256; k++) {
            float3 d = tile[k].xyz - own;
            float inverse = rsqrt(dot(d, d) + 1e-4f);
            sum += d * (tile[k].w * inverse * inverse * inverse);
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    acceleration[i] = float4(sum, 0);
}
