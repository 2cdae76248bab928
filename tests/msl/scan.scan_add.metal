#include <metal_stdlib>

using namespace metal;

kernel void scan_add(
    const device uint *block_sum [[buffer(0)]],
    device uint4 *dst [[buffer(1)]],
    uint i [[thread_position_in_grid]],
    uint tg [[threadgroup_position_in_grid]])
{
    if (tg != 0) {
        dst[i] = block_sum[tg - 1] + dst[i];
    }
}
