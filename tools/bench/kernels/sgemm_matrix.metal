// SPDX-License-Identifier: MIT
// C = A * B, row-major. Threadgroups of four SIMD-groups compute 64 x 64 elements, 4 x 4
// matrices of 8 x 8 a SIMD-group, from memory.
#include <metal_simdgroup_matrix>
#include <metal_stdlib>
using namespace metal;

kernel void sgemm_matrix(device const float *a [[buffer(0)]], device const float *b [[buffer(1)]],
                         device float *c [[buffer(2)]], constant uint &size [[buffer(3)]],
                         uint2 tile_at [[threadgroup_position_in_grid]],
                         uint group [[simdgroup_index_in_threadgroup]])
{
    uint top = tile_at.y * 64 + group / 2 * 32, left = tile_at.x * 64 + group % 2 * 32;
    simdgroup_float8x8 sum[4][4];

    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            sum[i][j] = simdgroup_float8x8(0);
    for (uint k = 0; k < size; k += 8) {
        simdgroup_float8x8 rows[4], columns[4];
        for (uint i = 0; i < 4; i++) {
            simdgroup_load(rows[i], a, size, ulong2(k, top + 8 * i));
            simdgroup_load(columns[i], b, size, ulong2(left + 8 * i, k));
        }
        for (uint i = 0; i < 4; i++)
            for (uint j = 0; j < 4; j++)
                simdgroup_multiply_accumulate(sum[i][j], rows[i], columns[j], sum[i][j]);
    }
    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            simdgroup_store(sum[i][j], c, size, ulong2(left + 8 * j, top + 8 * i));
}
