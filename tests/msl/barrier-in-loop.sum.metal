#include <metal_stdlib>

using namespace metal;

kernel void sum(
    device int *y [[buffer(0)]],
    uint i [[thread_position_in_grid]],
    uint t [[thread_index_in_threadgroup]],
    uint n [[threads_per_threadgroup]],
    uint g [[threadgroup_position_in_grid]])
{
    threadgroup uint tile[1024];
    tile[int(t)] = i;
    uint m = n;
    for (;;) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (m <= 1) {
            break;
        }
        uint half_value = (m + 1) >> 1;
        uint u = t + half_value;
        if (u < m) {
            tile[int(t)] = tile[int(t)] + tile[int(u)];
        }
        m = half_value;
    }
    if (t == 0) {
        y[int(g)] = int(tile[int(t)]);
    }
}
