#include <metal_stdlib>

using namespace metal;

kernel void sgemm_tiled(
    const device float4 *a [[buffer(0)]],
    const device float4 *b [[buffer(1)]],
    device float4 *c [[buffer(2)]],
    constant uint &size [[buffer(3)]],
    uint2 tid [[thread_position_in_threadgroup]],
    uint2 tg [[threadgroup_position_in_grid]])
{
    threadgroup float a_tile[16][68];
    threadgroup float4 b_tile[16][16];
    uint n = size >> 2;
    uint n2 = tg.y * 64;
    uint n3 = tg.x * 16;
    float4 acc = float4(0.0f);
    float4 acc2 = float4(0.0f);
    float4 acc3 = float4(0.0f);
    float4 acc4 = float4(0.0f);
    if (size != 0) {
        uint n4 = (tid.y * 16 + tid.x) >> 2;
        uint n5 = tid.x & 3;
        uint n6 = n5 * 4;
        const device float4 *a_at = a + (n * (n4 + n2) + n5);
        const device float4 *b_at = b + (n3 + tid.x + n * tid.y);
        for (uint k = 0; k < size; k += 16) {
            float4 a_at_v = *a_at;
            a_tile[n6][n4] = a_at_v.x;
            a_tile[n6 + 1][n4] = a_at_v.y;
            a_tile[n6 + 2][n4] = a_at_v.z;
            a_tile[n6 + 3][n4] = a_at_v.w;
            b_tile[tid.y][tid.x] = *b_at;
            threadgroup_barrier(mem_flags::mem_threadgroup);
            for (uint j = 0; j < 16; j++) {
                float4 b_tile_v = b_tile[j][tid.x];
                float4 a_tile_v = float4(*(threadgroup packed_float4 *)&a_tile[j][tid.y * 4]);
                acc4 += a_tile_v.xxxx * b_tile_v;
                acc3 += a_tile_v.yyyy * b_tile_v;
                acc2 += a_tile_v.zzzz * b_tile_v;
                acc += a_tile_v.wwww * b_tile_v;
            }
            threadgroup_barrier(mem_flags::mem_threadgroup);
            a_at += 4;
            b_at += n * 16;
        }
    }
    uint sum = n2 + tid.y * 4;
    uint sum2 = n3 + tid.x;
    c[sum2 + sum * n] = acc4;
    c[sum2 + (sum | 1) * n] = acc3;
    c[sum2 + (sum | 2) * n] = acc2;
    c[sum2 + (sum | 3) * n] = acc;
}
