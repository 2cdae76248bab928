// SPDX-License-Identifier: MIT
// Sorts each block of 1024 numbers by Batcher's bitonic network: two numbers a work-item of 512.
kernel void sort(global const uint *src, global uint *dst)
{
    local uint part[1024];
    uint l = get_local_id(0), first = get_group_id(0) * 1024;
    part[l] = src[first + l];
    part[l + 512] = src[first + l + 512];
    for (uint run = 2; run <= 1024; run *= 2)
        for (uint step = run / 2; step; step /= 2) {
            barrier(CLK_LOCAL_MEM_FENCE);
            uint i = 2 * l - (l & (step - 1));
            uint a = part[i], b = part[i + step];
            if ((a > b) == ((i & run) == 0)) {
                part[i] = b;
                part[i + step] = a;
            }
        }
    barrier(CLK_LOCAL_MEM_FENCE);
    dst[first + l] = part[l];
    dst[first + l + 512] = part[l + 512];
}
