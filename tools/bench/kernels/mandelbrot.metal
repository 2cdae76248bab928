// SPDX-License-Identifier: MIT
// Steps until z = z * z + c leaves the circle of radius 2, at most view.limit.
#include <metal_stdlib>
using namespace metal;

struct View {
    float left, top, step;
    uint limit;
};

kernel void mandelbrot(device uint *steps [[buffer(0)]], constant View &view [[buffer(1)]],
                       uint2 at [[thread_position_in_grid]], uint2 grid [[threads_per_grid]])
{
    float2 c = float2(view.left, view.top) + float2(at) * view.step, z = 0;
    uint n = 0;

    for (; n < view.limit; n++) {
        float2 squares = z * z;
        if (squares.x + squares.y > 4)
            break;
        z = float2(squares.x - squares.y, 2 * z.x * z.y) + c;
    }
    steps[at.y * grid.x + at.x] = n;
}
