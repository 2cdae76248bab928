// SPDX-License-Identifier: MIT
// One work-group of 128 a row of 1024: eight elements a work-item.
float group_sum(float value, local float *part)
{
    uint l = get_local_id(0);
    barrier(CLK_LOCAL_MEM_FENCE);
    part[l] = value;
    for (uint n = 64; n; n /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (l < n)
            part[l] += part[l + n];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return part[0];
}

kernel void layer_norm(global const float *src, global const float *gamma,
                       global const float *beta, global float *dst, float epsilon)
{
    local float part[128];
    uint l = get_local_id(0), at = get_group_id(0) * 256 + l;
    float4 x = vload4(at, src), y = vload4(at + 128, src);
    float4 sum = x + y;
    float mean = group_sum(sum.x + sum.y + sum.z + sum.w, part) / 1024;
    x -= mean;
    y -= mean;
    sum = x * x + y * y;
    float scale = rsqrt(group_sum(sum.x + sum.y + sum.z + sum.w, part) / 1024 + epsilon);
    vstore4(x * scale * vload4(l, gamma) + vload4(l, beta), at, dst);
    vstore4(y * scale * vload4(l + 128, gamma) + vload4(l + 128, beta), at + 128, dst);
}
