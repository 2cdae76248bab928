// SPDX-License-Identifier: MIT
#include <metal_stdlib>
using namespace metal;

kernel void vector_add(device const float *a [[buffer(0)]], device const float *b [[buffer(1)]],
                       device float *c [[buffer(2)]], uint i [[thread_position_in_grid]])
{
    c[i] = a[i] + b[i];
}
