// SPDX-License-Identifier: MIT
// C = A * B, row-major. Work-groups of 16 x 16 compute 64 x 64 elements, 4 x 4 a work-item, from
// tiles of A (transposed) and B that are 16 deep.
kernel void sgemm_tiled(global const float *a, global const float *b, global float *c, uint size)
{
    local float tile_a[16][64], tile_b[16][64];
    uint x = get_local_id(0), y = get_local_id(1), l = y * 16 + x;
    uint top = get_group_id(1) * 64, left = get_group_id(0) * 64;
    float4 sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    for (uint k = 0; k < size; k += 16) {
        float4 part = vload4(0, a + (top + l / 4) * size + k + l % 4 * 4);
        tile_a[l % 4 * 4][l / 4] = part.x;
        tile_a[l % 4 * 4 + 1][l / 4] = part.y;
        tile_a[l % 4 * 4 + 2][l / 4] = part.z;
        tile_a[l % 4 * 4 + 3][l / 4] = part.w;
        vstore4(vload4(0, b + (k + y) * size + left + 4 * x), x, tile_b[y]);
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint i = 0; i < 16; i++) {
            float4 column = vload4(y, tile_a[i]), row = vload4(x, tile_b[i]);
            sum[0] += column.x * row;
            sum[1] += column.y * row;
            sum[2] += column.z * row;
            sum[3] += column.w * row;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (uint i = 0; i < 4; i++)
        vstore4(sum[i], 0, c + (top + 4 * y + i) * size + left + 4 * x);
}
