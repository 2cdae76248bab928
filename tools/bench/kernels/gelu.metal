// SPDX-License-Identifier: MIT
// gelu in the tanh form.
#include <metal_stdlib>
using namespace metal;

kernel void gelu(device const float *src [[buffer(0)]], device float *dst [[buffer(1)]],
                 uint i [[thread_position_in_grid]])
{
    float x = src[i];
    dst[i] = 0.5f * x * (1 + tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
}
