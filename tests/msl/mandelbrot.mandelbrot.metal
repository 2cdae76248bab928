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
    constant view *v [[buffer(1)]],
    uint2 at [[thread_position_in_grid]],
    uint2 grid [[threads_per_grid]])
{
    float v_v = v[0].step;
    float fadd = float(at.y) * v_v + v[0].top;
    uint n2 = v[0].limit;
    if (n2 == 0u) {
        n2 = 0u;
    } else {
        float fadd2 = v_v * float(at.x) + v[0].left;
        float x = 0.0f;
        float y = 0.0f;
        uint n = 0u;
        for (;;) {
            float fmul3 = x * x;
            float fmul4 = y * y;
            if (fmul3 + fmul4 > 4.0f) {
                n2 = n;
                break;
            }
            n += 1u;
            if (n >= n2) {
                break;
            }
            y = fadd + y * 2.0f * x;
            x = fadd2 - fmul4 + fmul3;
        }
    }
    steps[grid.x * at.y + at.x] = n2;
}
