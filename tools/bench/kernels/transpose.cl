// SPDX-License-Identifier: MIT
// One work-group of 32 x 8 a tile of 32 x 32; 33 columns keep a column in different banks.
kernel void transpose(global const float *src, global float *dst, uint size)
{
    local float tile[32][33];
    uint x = get_local_id(0), y = get_local_id(1);
    uint left = get_group_id(0) * 32, top = get_group_id(1) * 32;
    for (uint k = 0; k < 32; k += 8)
        tile[y + k][x] = src[(top + y + k) * size + left + x];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint k = 0; k < 32; k += 8)
        dst[(left + y + k) * size + top + x] = tile[x][y + k];
}
