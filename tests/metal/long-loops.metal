// Loops that are beyond LLVM's limit are written out as well where an array of matrices leaves
// memory by it, and where they carry matrices. Structures are copied as vectors. A print keeps the
// loops.
//
// REQUIRES: clang
// RUN: %tmjit emit %s --as air | FileCheck %s --check-prefix AIR --implicit-check-not alloca
// AIR: define void @product
// AIR: load <4 x i32>, ptr addrspace(1)
// AIR: store <4 x i32> {{.*}}, ptr addrspace(3)
// AIR-COUNT-64: call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate
// RUN: %tmjit emit %s --as msl | FileCheck %s --check-prefix PRINT
// PRINT-COUNT-6: for (
//
// ; PY: n = 64
// ; PY: a = [(7 * i + i // 64) % 11 - 5 for i in range(n * n)]
// ; PY: b = [(5 * i + i // 64) % 13 - 6 for i in range(n * n)]
// RUN: %npy %t.a.npy f32 'a'
// RUN: %npy %t.b.npy f32 'b'
// RUN: %npy %t.c.npy f32 '[sum(a[n * i + k] * b[n * k + j] for k in range(n)) for i in range(32) for j in range(n)]'
// RUN: %simd %s --grid 64 --threadgroup 64 --buf a=%t.a.npy --buf b=%t.b.npy --buf c=f32[2048] --expect c=%t.c.npy
// RUN: not %tmjit run %s --grid 64 --threadgroup 64 --buf a=%t.a.npy --buf b=%t.b.npy --buf c=f32[2047] 2>&1 | FileCheck %s --check-prefix STORE
// STORE: long-loops.metal:[[# @LINE + 37]]:{{[0-9]+}}: error: store of 32 bytes at byte offset 8160 of buffer 'c' (8188 bytes)
// RUN: not %tmjit run %s --grid 64 --threadgroup 64 --buf a=f32[2047] --buf b=%t.b.npy --buf c=f32[2048] 2>&1 | FileCheck %s --check-prefix LOAD
// LOAD: long-loops.metal:[[# @LINE + 20]]:{{[0-9]+}}: error: load of 16 bytes at byte offset 8176 of buffer 'a' (8188 bytes), by thread (63, 0, 0) of the grid

#include <metal_simdgroup_matrix>
#include <metal_stdlib>
using namespace metal;

// 32 x 64 elements by two SIMD-groups, each of 32 x 32.
kernel void product(device const float4 *a [[buffer(0)]], device const float *b [[buffer(1)]],
                    device float *c [[buffer(2)]], uint l [[thread_index_in_threadgroup]],
                    uint group [[simdgroup_index_in_threadgroup]])
{
    threadgroup float4 tile[256];
    threadgroup const float *rows = (threadgroup const float *)tile;
    simdgroup_float8x8 sum[4][4];
    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            sum[i][j] = simdgroup_float8x8(0);
    for (uint k = 0; k < 64; k += 32) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint t = l; t < 256; t += 64)
            tile[t] = a[t / 8 * 16 + k / 4 + t % 8];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint d = 0; d < 32; d += 8) {
            simdgroup_float8x8 left[4], right[4];
            for (uint i = 0; i < 4; i++) {
                simdgroup_load(left[i], rows, 32, ulong2(d, 8 * i));
                simdgroup_load(right[i], b, 64, ulong2(32 * group + 8 * i, k + d));
            }
            for (uint i = 0; i < 4; i++)
                for (uint j = 0; j < 4; j++)
                    simdgroup_multiply_accumulate(sum[i][j], left[i], right[j], sum[i][j]);
        }
    }
    for (uint i = 0; i < 4; i++)
        for (uint j = 0; j < 4; j++)
            simdgroup_store(sum[i][j], c, 64, ulong2(32 * group + 8 * j, 8 * i));
}
