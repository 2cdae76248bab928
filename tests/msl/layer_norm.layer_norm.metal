#include <metal_stdlib>

using namespace metal;

kernel void layer_norm(
    const device float *src [[buffer(0)]],
    const device float *gamma [[buffer(1)]],
    const device float *beta [[buffer(2)]],
    device float *dst [[buffer(3)]],
    constant float *epsilon [[buffer(4)]],
    uint row [[threadgroup_position_in_grid]],
    uint thread2 [[thread_index_in_threadgroup]],
    uint lane [[thread_index_in_simdgroup]],
    uint group [[simdgroup_index_in_threadgroup]],
    uint groups [[simdgroups_per_threadgroup]])
{
    threadgroup float group_sum[32];
    threadgroup float group_square[32];
    float x0 = src[long(thread2) + long(row << 10u)];
    float x1 = src[long(thread2 + 128u) + long(row << 10u)];
    float x2 = src[long(thread2 + 256u) + long(row << 10u)];
    float x3 = src[long(thread2 + 384u) + long(row << 10u)];
    float x4 = src[long(thread2 + 512u) + long(row << 10u)];
    float x5 = src[long(thread2 + 640u) + long(row << 10u)];
    float x6 = src[long(thread2 + 768u) + long(row << 10u)];
    float x7 = src[long(thread2 + 896u) + long(row << 10u)];
    float simd_sum2 = simd_sum(x7 + (x6 + (x5 + (x4 + (x3 + (x2 + (x1 + x0)))))));
    bool cmp = lane == 0u;
    if (cmp) {
        group_sum[group] = simd_sum2;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    bool cmp2 = lane < groups;
    float picked;
    if (cmp2) {
        picked = group_sum[lane];
    } else {
        picked = 0.0f;
    }
    float mean = simd_sum(picked) * 0.0009765625f;
    float d0 = x0 - mean;
    float d1 = x1 - mean;
    float d2 = x2 - mean;
    float d3 = x3 - mean;
    float d4 = x4 - mean;
    float d5 = x5 - mean;
    float d6 = x6 - mean;
    float d7 = x7 - mean;
    float simd_sum3 = simd_sum(d7 * d7 + (d6 * d6 + (d5 * d5 + (d4 * d4 + (d3 * d3 + (d2 * d2 + (d1 * d1 + d0 * d0)))))));
    if (cmp) {
        group_square[group] = simd_sum3;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    float picked2;
    if (cmp2) {
        picked2 = group_square[lane];
    } else {
        picked2 = 0.0f;
    }
    float rsqrt2 = fast::rsqrt(simd_sum(picked2) * 0.0009765625f + epsilon[0]);
    dst[long(thread2) + long(row << 10u)] = d0 * rsqrt2 * gamma[thread2] + beta[thread2];
    dst[long(thread2 + 128u) + long(row << 10u)] = d1 * rsqrt2 * gamma[thread2 + 128u] + beta[thread2 + 128u];
    dst[long(thread2 + 256u) + long(row << 10u)] = d2 * rsqrt2 * gamma[thread2 + 256u] + beta[thread2 + 256u];
    dst[long(thread2 + 384u) + long(row << 10u)] = d3 * rsqrt2 * gamma[thread2 + 384u] + beta[thread2 + 384u];
    dst[long(thread2 + 512u) + long(row << 10u)] = d4 * rsqrt2 * gamma[thread2 + 512u] + beta[thread2 + 512u];
    dst[long(thread2 + 640u) + long(row << 10u)] = d5 * rsqrt2 * gamma[thread2 + 640u] + beta[thread2 + 640u];
    dst[long(thread2 + 768u) + long(row << 10u)] = d6 * rsqrt2 * gamma[thread2 + 768u] + beta[thread2 + 768u];
    dst[long(thread2 + 896u) + long(row << 10u)] = d7 * rsqrt2 * gamma[thread2 + 896u] + beta[thread2 + 896u];
}
