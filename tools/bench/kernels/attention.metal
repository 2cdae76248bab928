// SPDX-License-Identifier: MIT
// Softmax of q k' / 8 times v, heads of 64 numbers: one query a thread of 64, sixteen keys at a
// time in threadgroup memory, maximum and sum carried along (Milakov and Gimelshein, "Online
// normalizer calculation for softmax", 2018).
#include <metal_stdlib>
using namespace metal;

kernel void attention(device const float4 *q [[buffer(0)]], device const float4 *k [[buffer(1)]],
                      device const float4 *v [[buffer(2)]], device float4 *out [[buffer(3)]],
                      constant uint &count [[buffer(4)]], uint at [[thread_position_in_grid]],
                      uint l [[thread_index_in_threadgroup]])
{
    threadgroup float4 keys[256], values[256];
    float top = -1e30f, total = 0;
    float4 query[16], sum[16];
    for (uint i = 0; i < 16; i++) {
        query[i] = q[16 * at + i] * 0.125f;
        sum[i] = 0;
    }
    for (uint first = 0; first < count; first += 16) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint i = l; i < 256; i += 64) {
            keys[i] = k[16 * first + i];
            values[i] = v[16 * first + i];
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint j = 0; j < 16; j++) {
            float4 products = 0;
            for (uint i = 0; i < 16; i++)
                products += query[i] * keys[16 * j + i];
            float score = products.x + products.y + products.z + products.w;
            float higher = max(top, score), scale = exp(top - higher);
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
