// SPDX-License-Identifier: MIT
// C = A * B, row-major. Threadgroups of four SIMD-groups compute 64 x 64 elements, 4 x 4
// matrices of 8 x 8 a SIMD-group, from tiles of A and B that are 32 deep.
#include <metal_simdgroup_matrix>
#include <metal_stdlib>
using namespace metal;

constant constexpr uint DEPTH = 32, SIDE = 64, THREADS = 128;

kernel void sgemm_matrix_tiled(device const float4 *a [[buffer(0)]],
                               device const float4 *b [[buffer(1)]],
                               device float *c [[buffer(2)]], constant uint &size [[buffer(3)]],
                               uint2 tile_at [[threadgroup_position_in_grid]],
                               uint thread_index [[thread_index_in_threadgroup]],
                               uint group [[simdgroup_index_in_threadgroup]])
{
    threadgroup float4 a_tile[SIDE * DEPTH / 4], b_tile[DEPTH * SIDE / 4];
    threadgroup const float *a_part = (threadgroup const float *)a_tile;
    threadgroup const float *b_part = (threadgroup const float *)b_tile;
    uint quads = size / 4, top = group / 2 * 32, left = group % 2 * 32;
    simdgroup_float8x8 sum[4][4];

    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            sum[i][j] = simdgroup_float8x8(0);
    for (uint k = 0; k < size; k += DEPTH) {
        for (uint t = thread_index; t < SIDE * DEPTH / 4; t += THREADS) {
            a_tile[t] = a[(tile_at.y * SIDE + t / (DEPTH / 4)) * quads + k / 4 + t % (DEPTH / 4)];
            b_tile[t] = b[(k + t / (SIDE / 4)) * quads + tile_at.x * (SIDE / 4) + t % (SIDE / 4)];
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint d = 0; d < DEPTH; d += 8) {
            simdgroup_float8x8 rows[4], columns[4];
            for (uint i = 0; i < 4; i++) {
                simdgroup_load(rows[i], a_part, DEPTH, ulong2(d, top + 8 * i));
                simdgroup_load(columns[i], b_part, SIDE, ulong2(left + 8 * i, d));
            }
            for (uint i = 0; i < 4; i++)
                for (uint j = 0; j < 4; j++)
                    simdgroup_multiply_accumulate(sum[i][j], rows[i], columns[j], sum[i][j]);
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            simdgroup_store(sum[i][j], c, size,
                            ulong2(tile_at.x * SIDE + left + 8 * j,
                                   tile_at.y * SIDE + top + 8 * i));
}
