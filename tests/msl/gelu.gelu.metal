#include <metal_stdlib>

using namespace metal;

kernel void gelu(
    const device float *src [[buffer(0)]],
    device float *dst [[buffer(1)]],
    uint i [[thread_position_in_grid]])
{
    float src_v = src[i];
    dst[i] = src_v * 0.5f * (fast::tanh((src_v * src_v * 0.044715f * src_v + src_v) * 0.7978846f)
            + 1.0f);
}
