#include <metal_stdlib>

using namespace metal;

kernel void stencil(
    const device float *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    constant float *w [[buffer(2)]],
    uint i [[thread_position_in_grid]],
    uint n [[threads_per_grid]])
{
    float v = src[i];
    if (i > 1 && i < n - 2) {
        v = src[i - 1] * w[1] + src[i - 2] * w[0] + w[2] * v + src[i + 1] * w[3]
                + src[i + 2] * w[4];
    }
    dst[i] = v;
}
