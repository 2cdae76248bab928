// SPDX-License-Identifier: MIT
// Inclusive prefix sum in three launches, four elements a work-item, 1024 at most a block.
kernel void scan_block(global const uint *src, global uint *dst, global uint *sums)
{
    local uint part[2][1024];
    uint l = get_local_id(0), size = get_local_size(0), at = get_global_id(0), now = 0;
    uint4 x = vload4(at, src);
    x.y += x.x;
    x.z += x.y;
    x.w += x.z;
    part[0][l] = x.w;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint d = 1; d < size; d *= 2) {
        uint sum = part[now][l];
        if (l >= d)
            sum += part[now][l - d];
        now = 1 - now;
        part[now][l] = sum;
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    uint before = l ? part[now][l - 1] : 0;
    vstore4(x + before, at, dst);
    if (l == size - 1)
        sums[get_group_id(0)] = before + x.w;
}

kernel void scan_add(global const uint *sums, global uint *dst)
{
    uint group = get_group_id(0), at = get_global_id(0);
    if (group)
        vstore4(vload4(at, dst) + sums[group - 1], at, dst);
}
