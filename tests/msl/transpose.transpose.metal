#include <metal_stdlib>

using namespace metal;

kernel void transpose(
    const device float *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant uint &size [[buffer(2)]],
    uint2 tid [[thread_position_in_threadgroup]],
    uint2 tg [[threadgroup_position_in_grid]])
{
    threadgroup float tile[32][33];
    uint n = tg.x * 32;
    uint sum = n + tid.x;
    uint n2 = tg.y * 32;
    uint sum2 = n2 + tid.y;
    tile[tid.y][tid.x] = src[sum + sum2 * size];
    tile[tid.y + 8][tid.x] = src[sum + (sum2 + 8) * size];
    tile[tid.y + 16][tid.x] = src[sum + (sum2 + 16) * size];
    tile[tid.y + 24][tid.x] = src[sum + (sum2 + 24) * size];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint sum3 = n2 + tid.x;
    uint sum4 = n + tid.y;
    dst[sum3 + sum4 * size] = tile[tid.x][tid.y];
    dst[sum3 + (sum4 + 8) * size] = tile[tid.x][tid.y + 8];
    dst[sum3 + (sum4 + 16) * size] = tile[tid.x][tid.y + 16];
    dst[sum3 + (sum4 + 24) * size] = tile[tid.x][tid.y + 24];
}
