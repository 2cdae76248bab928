// SPDX-License-Identifier: MIT
kernel void gelu(global const float *src, global float *dst)
{
    size_t i = get_global_id(0);
    float x = src[i];
    dst[i] = 0.5f * x * (1.0f + tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
}
