// SPDX-License-Identifier: MIT
// Softmax of q k' / 8 times v, heads of 64 numbers: one query a work-item of 64, sixteen keys at a
// time in local memory, maximum and sum carried along (Milakov and Gimelshein, "Online normalizer
// calculation for softmax", 2018).
kernel void attention(global const float4 *q, global const float4 *k, global const float4 *v,
                      global float4 *out, uint count)
{
    local float4 keys[256], values[256];
    uint at = get_global_id(0), l = get_local_id(0);
    float top = -1e30f, total = 0;
    float4 query[16], sum[16];
    for (uint i = 0; i < 16; i++) {
        query[i] = q[16 * at + i] * 0.125f;
        sum[i] = 0;
    }
    for (uint first = 0; first < count; first += 16) {
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint i = l; i < 256; i += 64) {
            keys[i] = k[16 * first + i];
            values[i] = v[16 * first + i];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint j = 0; j < 16; j++) {
            float4 products = 0;
            for (uint i = 0; i < 16; i++)
                products += query[i] * keys[16 * j + i];
            float score = products.x + products.y + products.z + products.w;
            float higher = fmax(top, score), scale = exp(top - higher);
            float weight = exp(score - higher);
            total = total * scale + weight;
            top = higher;
            for (uint i = 0; i < 16; i++)
                sum[i] = sum[i] * scale + weight * values[16 * j + i];
        }
    }
    for (uint i = 0; i < 16; i++)
        out[16 * at + i] = sum[i] / total;
}
