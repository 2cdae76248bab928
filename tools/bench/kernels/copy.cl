// SPDX-License-Identifier: MIT
kernel void copy(global const float *src, global float *dst)
{
    size_t i = get_global_id(0);
    dst[i] = src[i];
}
