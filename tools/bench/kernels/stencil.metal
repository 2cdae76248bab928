// SPDX-License-Identifier: MIT
// Weighted sum of five neighbours; the two elements at either end are copied.
#include <metal_stdlib>
using namespace metal;

kernel void stencil(device const float *src [[buffer(0)]], device float *dst [[buffer(1)]],
                    constant float *w [[buffer(2)]], uint i [[thread_position_in_grid]],
                    uint n [[threads_per_grid]])
{
    if (i < 2 || i >= n - 2) {
        dst[i] = src[i];
        return;
    }
    dst[i] = w[0] * src[i - 2] + w[1] * src[i - 1] + w[2] * src[i] + w[3] * src[i + 1] +
             w[4] * src[i + 2];
}
