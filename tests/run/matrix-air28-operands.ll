; The AIR 2.8 operands: dimensions, strides and origin, for a tile and for its transpose.
;
; Element (row r, column c) of the tile lies at (origin0 + c) * stride0 + (origin1 + r) * stride1.
; PY: tile = [[(5 + r) * 20 + 3 + c for c in range(8)] for r in range(8)]
; PY: plain = [tile[r][c] for r in range(8) for c in range(8)]
; PY: turned = [tile[c][r] for r in range(8) for c in range(8)]
; RUN: %npy %tp.npy f32 'plain'
; RUN: %npy %tt.npy f32 'turned'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf x=f32[320]:iota --buf p=f32[64]:zeros --buf t=f32[64]:zeros --buf u=f32[64]:zeros --expect p=%tp.npy --expect t=%tt.npy --expect u=%tt.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %p, ptr addrspace(1) "tmjit.type"="float" %t, ptr addrspace(1) "tmjit.type"="float" %u) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %x, <2 x i64> <i64 20, i64 8>, <2 x i64> <i64 1, i64 20>, <2 x i64> <i64 3, i64 5>)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %p, <2 x i64> <i64 8, i64 8>, <2 x i64> <i64 1, i64 8>, <2 x i64> zeroinitializer)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %t, <2 x i64> <i64 8, i64 8>, <2 x i64> <i64 8, i64 1>, <2 x i64> zeroinitializer)
  %n = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %x, <2 x i64> <i64 8, i64 20>, <2 x i64> <i64 20, i64 1>, <2 x i64> <i64 5, i64 3>)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %n, ptr addrspace(1) %u, <2 x i64> <i64 8, i64 8>, <2 x i64> <i64 1, i64 8>, <2 x i64> zeroinitializer)
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), <2 x i64>, <2 x i64>, <2 x i64>)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), <2 x i64>, <2 x i64>, <2 x i64>)
