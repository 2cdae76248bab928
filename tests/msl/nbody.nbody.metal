#include <metal_stdlib>

using namespace metal;

kernel void nbody(
    const device float4 *body [[buffer(0)]],
    device float4 *accel [[buffer(1)]],
    constant uint *count [[buffer(2)]],
    uint i [[thread_position_in_grid]],
    uint thread2 [[thread_index_in_threadgroup]])
{
    threadgroup float4 tile[256];
    uint count_v = count[0];
    float az;
    float ay;
    float ax;
    if (count_v == 0u) {
        az = 0.0f;
        ay = 0.0f;
        ax = 0.0f;
    } else {
        float4 body_v = body[i];
        ax = 0.0f;
        ay = 0.0f;
        az = 0.0f;
        uint base = 0u;
        for (;;) {
            tile[thread2] = body[base + thread2];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            uint k = 0u;
            for (;;) {
                float4 tile_v = tile[k];
                float fsub = tile_v.x - body_v.x;
                float fsub2 = tile_v.y - body_v.y;
                float fsub3 = tile_v.z - body_v.z;
                float rsqrt2 = fast::rsqrt(fsub2 * fsub2 + 0.0001f + fsub * fsub + fsub3 * fsub3);
                float fmul6 = rsqrt2 * rsqrt2 * tile_v.w * rsqrt2;
                ax += fmul6 * fsub;
                ay += fmul6 * fsub2;
                az += fmul6 * fsub3;
                if (k >= 255u) {
                    break;
                }
                k += 1u;
            }
            threadgroup_barrier(mem_flags::mem_threadgroup);
            base += 256u;
            if (base >= count_v) {
                break;
            }
        }
    }
    accel[i] = float4(ax, ay, az, 0.0f);
}
