#include <metal_stdlib>

using namespace metal;

kernel void stencil(
    const device float *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant float *w [[buffer(2)]],
    uint3 thread_position_in_grid [[thread_position_in_grid]],
    uint3 threads_per_grid [[threads_per_grid]])
{
    if (thread_position_in_grid.x < 2 || thread_position_in_grid.x >= threads_per_grid.x - 2) {
        dst[thread_position_in_grid.x] = src[thread_position_in_grid.x];
    } else {
        dst[thread_position_in_grid.x] = w[4] * src[thread_position_in_grid.x + 2]
                + (w[3] * src[thread_position_in_grid.x + 1]
                + (w[2] * src[thread_position_in_grid.x]
                + (w[0] * src[thread_position_in_grid.x - 2]
                + w[1] * src[thread_position_in_grid.x - 1])));
    }
}
