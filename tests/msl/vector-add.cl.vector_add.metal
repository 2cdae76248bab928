#include <metal_stdlib>

using namespace metal;

kernel void vector_add(
    const device float *a [[buffer(0)]],
    const device float *b [[buffer(1)]],
    device float *c [[buffer(2)]],
    constant float &scale [[buffer(3)]],
    uint3 thread_position_in_grid [[thread_position_in_grid]])
{
    c[thread_position_in_grid.x] = b[thread_position_in_grid.x] * scale
            + a[thread_position_in_grid.x];
}
