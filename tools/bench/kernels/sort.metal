// SPDX-License-Identifier: MIT
// Sorts each block of 1024 numbers by Batcher's bitonic network: two numbers a thread of 512.
#include <metal_stdlib>
using namespace metal;

kernel void sort(device const uint *src [[buffer(0)]], device uint *dst [[buffer(1)]],
                 uint l [[thread_index_in_threadgroup]],
                 uint block [[threadgroup_position_in_grid]])
{
    threadgroup uint part[1024];
    uint first = block * 1024;
    part[l] = src[first + l];
    part[l + 512] = src[first + l + 512];
    for (uint run = 2; run <= 1024; run *= 2)
        for (uint step = run / 2; step; step /= 2) {
            threadgroup_barrier(mem_flags::mem_threadgroup);
            uint i = 2 * l - (l & (step - 1));
            uint a = part[i], b = part[i + step];
            if ((a > b) == ((i & run) == 0)) {
                part[i] = b;
                part[i + step] = a;
            }
        }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    dst[first + l] = part[l];
    dst[first + l + 512] = part[l + 512];
}
