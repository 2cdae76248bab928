// SPDX-License-Identifier: MIT
// Counts of the 256 values of bytes. A work-group counts in local memory and adds once.
kernel void histogram(global const uchar4 *src, global uint *dst, uint count)
{
    local uint bins[256];
    uint l = get_local_id(0);
    bins[l] = 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint i = get_global_id(0); i < count; i += get_global_size(0)) {
        uchar4 bytes = src[i];
        atomic_inc(&bins[bytes.x]);
        atomic_inc(&bins[bytes.y]);
        atomic_inc(&bins[bytes.z]);
        atomic_inc(&bins[bytes.w]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    atomic_add(&dst[l], bins[l]);
}
