// SPDX-License-Identifier: MIT
// dst[group] = sum of the float4 elements that the group visits in a grid-stride loop.
kernel void sum(global const float4 *src, global float *dst, uint count)
{
    local float part[256];
    uint l = get_local_id(0), size = get_local_size(0);
    float4 total = 0.0f;
    for (uint i = get_global_id(0); i < count; i += get_global_size(0))
        total += src[i];
    part[l] = total.x + total.y + total.z + total.w;
    for (uint n = size / 2; n; n /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (l < n)
            part[l] += part[l + n];
    }
    if (l == 0)
        dst[get_group_id(0)] = part[0];
}
