// SPDX-License-Identifier: MIT
// Layer norm of rows of 1024 elements: a threadgroup of 128 a row, two float4 a thread.
#include <metal_stdlib>
using namespace metal;

constant constexpr uint ROW = 1024, THREADS = 128;

static float threadgroup_sum(float value, threadgroup float *partial, uint lane, uint group)
{
    value = simd_sum(value);
    if (lane == 0)
        partial[group] = value;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    return simd_sum(lane < THREADS / 32 ? partial[lane] : 0);
}

static float sum_of(float4 v)
{
    return v.x + v.y + v.z + v.w;
}

kernel void layer_norm(device const float4 *src [[buffer(0)]],
                       device const float4 *gamma [[buffer(1)]],
                       device const float4 *beta [[buffer(2)]],
                       device float4 *dst [[buffer(3)]],
                       constant float &epsilon [[buffer(4)]],
                       uint row [[threadgroup_position_in_grid]],
                       uint i [[thread_index_in_threadgroup]],
                       uint lane [[thread_index_in_simdgroup]],
                       uint group [[simdgroup_index_in_threadgroup]])
{
    threadgroup float sums[32], squares[32];
    uint at = row * (ROW / 4) + i;
    float4 x = src[at], y = src[at + THREADS];

    float mean = threadgroup_sum(sum_of(x + y), sums, lane, group) / ROW;
    x -= mean;
    y -= mean;
    float variance = threadgroup_sum(sum_of(x * x + y * y), squares, lane, group) / ROW;
    float scale = rsqrt(variance + epsilon);

    dst[at] = x * scale * gamma[i] + beta[i];
    dst[at + THREADS] = y * scale * gamma[i + THREADS] + beta[i + THREADS];
}
