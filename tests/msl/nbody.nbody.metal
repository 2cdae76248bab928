#include <metal_stdlib>

using namespace metal;

kernel void nbody(
    const device float4 *body [[buffer(0)]],
    device float4 *accel [[buffer(1)]],
    constant uint &count [[buffer(2)]],
    uint i [[thread_position_in_grid]],
    uint thread_index [[thread_index_in_threadgroup]])
{
    threadgroup float4 tile[256];
    float ax = 0.0f;
    float ay = 0.0f;
    float az = 0.0f;
    if (count != 0) {
        float4 body_v = body[i];
        for (uint base = 0; base < count; base += 256) {
            tile[thread_index] = body[base + thread_index];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            for (uint k = 0; k < 256; k++) {
                float4 tile_v = tile[k];
                float difference = tile_v.x - body_v.x;
                float difference2 = tile_v.y - body_v.y;
                float difference3 = tile_v.z - body_v.z;
                float rsqrt_v = fast::rsqrt(difference2 * difference2 + 0.0001f
                        + difference * difference + difference3 * difference3);
                float product = rsqrt_v * rsqrt_v * tile_v.w * rsqrt_v;
                ax += product * difference;
                ay += product * difference2;
                az += product * difference3;
            }
            threadgroup_barrier(mem_flags::mem_threadgroup);
        }
    }
    accel[i] = float4(ax, ay, az, 0.0f);
}
