#include <metal_stdlib>

using namespace metal;

struct view {
    float left;
    float top;
    float step;
    uint limit;
};

kernel void mandelbrot(
    device uint *steps [[buffer(0)]],
    constant view &v [[buffer(1)]],
    uint2 at [[thread_position_in_grid]],
    uint2 grid [[threads_per_grid]])
{
    float sum = float(at.y) * v.step + v.top;
    uint n = 0;
    if (v.limit != 0) {
        float sum2 = v.step * float(at.x) + v.left;
        float x = 0.0f;
        float y = 0.0f;
        for (;;) {
            float product = x * x;
            float product2 = y * y;
            if (product + product2 > 4.0f) {
                break;
            }
            n++;
            if (n >= v.limit) {
                n = v.limit;
                break;
            }
            y = sum + y * 2.0f * x;
            x = sum2 - product2 + product;
        }
    }
    steps[grid.x * at.y + at.x] = n;
}
