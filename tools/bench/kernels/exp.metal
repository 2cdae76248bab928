// SPDX-License-Identifier: MIT
#include <metal_stdlib>
using namespace metal;

kernel void vector_exp(device const float *src [[buffer(0)]], device float *dst [[buffer(1)]],
                       uint i [[thread_position_in_grid]])
{
    dst[i] = exp(src[i]);
}
