#include <metal_stdlib>

using namespace metal;

kernel void transpose(
    const device float *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant uint *size [[buffer(2)]],
    uint2 tid [[thread_position_in_threadgroup]],
    uint2 tg [[threadgroup_position_in_grid]])
{
    threadgroup float tile[32][33];
    uint size_v = size[0];
    uint shl = tg.x << 5u;
    uint add = shl + tid.x;
    uint shl2 = tg.y << 5u;
    uint add2 = shl2 + tid.y;
    tile[tid.y][tid.x] = src[add + add2 * size_v];
    tile[tid.y + 8u][tid.x] = src[add + (add2 + 8u) * size_v];
    tile[tid.y + 16u][tid.x] = src[add + (add2 + 16u) * size_v];
    tile[tid.y + 24u][tid.x] = src[add + (add2 + 24u) * size_v];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint add13 = shl2 + tid.x;
    uint add14 = shl + tid.y;
    dst[add13 + add14 * size_v] = tile[tid.x][tid.y];
    dst[add13 + (add14 + 8u) * size_v] = tile[tid.x][tid.y + 8u];
    dst[add13 + (add14 + 16u) * size_v] = tile[tid.x][tid.y + 16u];
    dst[add13 + (add14 + 24u) * size_v] = tile[tid.x][tid.y + 24u];
}
