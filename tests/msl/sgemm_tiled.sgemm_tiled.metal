#include <metal_stdlib>

using namespace metal;

kernel void sgemm_tiled(
    const device float4 *a [[buffer(0)]],
    const device float4 *b [[buffer(1)]],
    device float4 *c [[buffer(2)]],
    constant uint *size [[buffer(3)]],
    uint2 tid [[thread_position_in_threadgroup]],
    uint2 tg [[threadgroup_position_in_grid]])
{
    threadgroup float a_tile[16][68];
    threadgroup float4 b_tile[16][16];
    uint size_v = size[0];
    uint lshr = size_v >> 2u;
    uint shl = tg.y << 6u;
    uint shl2 = tg.x << 4u;
    float4 acc;
    float4 acc2;
    float4 acc3;
    float4 acc4;
    if (size_v == 0u) {
        acc = float4(0.0f);
        acc2 = float4(0.0f);
        acc3 = float4(0.0f);
        acc4 = float4(0.0f);
    } else {
        uint lshr2 = ((tid.y << 4u) + tid.x) >> 2u;
        uint and2 = tid.x & 3u;
        acc = float4(0.0f);
        acc2 = float4(0.0f);
        acc3 = float4(0.0f);
        const device float4 *a_at = a + (lshr * (lshr2 + shl) + and2);
        const device float4 *b_at = b + (shl2 + tid.x + lshr * tid.y);
        uint k = 0u;
        acc4 = float4(0.0f);
        for (;;) {
            float4 a_at_v = a_at[0];
            a_tile[and2 << 2u][lshr2] = a_at_v.x;
            a_tile[long(and2 << 2u) + 1][lshr2] = a_at_v.y;
            a_tile[long(and2 << 2u) + 2][lshr2] = a_at_v.z;
            a_tile[long(and2 << 2u) + 3][lshr2] = a_at_v.w;
            b_tile[tid.y][tid.x] = b_at[0];
            threadgroup_barrier(mem_flags::mem_threadgroup);
            uint j = 0u;
            for (;;) {
                float4 b_tile_v = b_tile[j][tid.x];
                float4 a_tile_v = *(threadgroup float4 *)((threadgroup uchar *)&a_tile + long(j) * 272 + long(tid.y << 2u) * 4);
                acc4 += a_tile_v.xxxx * b_tile_v;
                acc3 += a_tile_v.yyyy * b_tile_v;
                acc2 += a_tile_v.zzzz * b_tile_v;
                acc += a_tile_v.wwww * b_tile_v;
                if (j >= 15u) {
                    break;
                }
                j += 1u;
            }
            threadgroup_barrier(mem_flags::mem_threadgroup);
            k += 16u;
            if (k >= size_v) {
                break;
            }
            a_at = a_at + 4;
            b_at = b_at + (lshr << 4u);
        }
    }
    uint add6 = shl + (tid.y << 2u);
    uint add7 = shl2 + tid.x;
    c[add7 + add6 * lshr] = acc4;
    c[add7 + (add6 | 1u) * lshr] = acc3;
    c[add7 + (add6 | 2u) * lshr] = acc2;
    c[add7 + (add6 | 3u) * lshr] = acc;
}
