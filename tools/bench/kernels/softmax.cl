// SPDX-License-Identifier: MIT
// One work-group of 256 a row of length 1024: four elements a work-item.
kernel void softmax(global const float *src, global float *dst, uint length)
{
    local float part[256];
    uint l = get_local_id(0), at = get_group_id(0) * (length / 4) + l;
    float4 x = vload4(at, src);
    part[l] = fmax(fmax(x.x, x.y), fmax(x.z, x.w));
    for (uint n = 128; n; n /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (l < n)
            part[l] = fmax(part[l], part[l + n]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    x = exp(x - part[0]);
    barrier(CLK_LOCAL_MEM_FENCE);
    part[l] = x.x + x.y + x.z + x.w;
    for (uint n = 128; n; n /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (l < n)
            part[l] += part[l + n];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    vstore4(x * (1.0f / part[0]), at, dst);
}
