#include <metal_stdlib>

using namespace metal;

kernel void layer_norm(
    const device float *src [[buffer(0)]],
    const device float *gamma [[buffer(1)]],
    const device float *beta [[buffer(2)]],
    device float *dst [[buffer(3)]],
    constant float &epsilon [[buffer(4)]],
    uint row [[threadgroup_position_in_grid]],
    uint thread_index [[thread_index_in_threadgroup]],
    uint lane [[thread_index_in_simdgroup]],
    uint group [[simdgroup_index_in_threadgroup]],
    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float group_sum[32];
    threadgroup float group_square[32];
    float x0 = src[long(thread_index) + row * 1024];
    float x1 = src[long(thread_index + 128) + row * 1024];
    float x2 = src[long(thread_index + 256) + row * 1024];
    float x3 = src[long(thread_index + 384) + row * 1024];
    float x4 = src[long(thread_index + 512) + row * 1024];
    float x5 = src[long(thread_index + 640) + row * 1024];
    float x6 = src[long(thread_index + 768) + row * 1024];
    float x7 = src[long(thread_index + 896) + row * 1024];
    float simd_sum_v = simd_sum(x7 + (x6 + (x5 + (x4 + (x3 + (x2 + (x1 + x0)))))));
    if (lane == 0) {
        group_sum[group] = simd_sum_v;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float picked = lane < groups ? group_sum[lane] : 0.0f;
    float mean = simd_sum(picked) * 0.0009765625f;
    float d0 = x0 - mean;
    float d1 = x1 - mean;
    float d2 = x2 - mean;
    float d3 = x3 - mean;
    float d4 = x4 - mean;
    float d5 = x5 - mean;
    float d6 = x6 - mean;
    float d7 = x7 - mean;
    float simd_sum_v2 = simd_sum(d7 * d7 + (d6 * d6
            + (d5 * d5 + (d4 * d4 + (d3 * d3 + (d2 * d2 + (d1 * d1 + d0 * d0)))))));
    if (lane == 0) {
        group_square[group] = simd_sum_v2;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float picked2 = lane < groups ? group_square[lane] : 0.0f;
    float rsqrt_v = fast::rsqrt(simd_sum(picked2) * 0.0009765625f + epsilon);
    dst[long(thread_index) + row * 1024] = d0 * rsqrt_v * gamma[thread_index] + beta[thread_index];
    dst[long(thread_index + 128) + row * 1024] = d1 * rsqrt_v * gamma[thread_index + 128]
            + beta[thread_index + 128];
    dst[long(thread_index + 256) + row * 1024] = d2 * rsqrt_v * gamma[thread_index + 256]
            + beta[thread_index + 256];
    dst[long(thread_index + 384) + row * 1024] = d3 * rsqrt_v * gamma[thread_index + 384]
            + beta[thread_index + 384];
    dst[long(thread_index + 512) + row * 1024] = d4 * rsqrt_v * gamma[thread_index + 512]
            + beta[thread_index + 512];
    dst[long(thread_index + 640) + row * 1024] = d5 * rsqrt_v * gamma[thread_index + 640]
            + beta[thread_index + 640];
    dst[long(thread_index + 768) + row * 1024] = d6 * rsqrt_v * gamma[thread_index + 768]
            + beta[thread_index + 768];
    dst[long(thread_index + 896) + row * 1024] = d7 * rsqrt_v * gamma[thread_index + 896]
            + beta[thread_index + 896];
}
