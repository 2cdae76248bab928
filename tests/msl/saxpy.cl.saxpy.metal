#include <metal_stdlib>

using namespace metal;

kernel void saxpy(
    constant float &a [[buffer(0)]],
    const device float *x [[buffer(1)]],
    device float *y [[buffer(2)]],
    uint3 thread_position_in_grid [[thread_position_in_grid]])
{
    y[thread_position_in_grid.x] = a * x[thread_position_in_grid.x] + y[thread_position_in_grid.x];
}
