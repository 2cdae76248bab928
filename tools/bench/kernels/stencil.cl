// SPDX-License-Identifier: MIT
// Weighted sum of five neighbours; the two elements at either end are copied.
kernel void stencil(global const float *src, global float *dst, constant float *w)
{
    uint i = get_global_id(0), n = get_global_size(0);
    if (i < 2 || i >= n - 2)
        dst[i] = src[i];
    else
        dst[i] = w[0] * src[i - 2] + w[1] * src[i - 1] + w[2] * src[i] + w[3] * src[i + 1] +
                 w[4] * src[i + 2];
}
