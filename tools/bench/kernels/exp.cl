// SPDX-License-Identifier: MIT
kernel void vector_exp(global const float *src, global float *dst)
{
    size_t i = get_global_id(0);
    dst[i] = exp(src[i]);
}
