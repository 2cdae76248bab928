; Tiles at an origin inside a larger matrix, stored plain and transposed.
;
; The source is 16 rows of 20; the tile starts at row 5, column 3. Origins are (column, row).
; PY: tile = [[(5 + r) * 20 + 3 + c for c in range(8)] for r in range(8)]
; PY: plain = [tile[r][c] for r in range(8) for c in range(8)]
; PY: turned = [tile[c][r] for r in range(8) for c in range(8)]
; RUN: %npy %tp.npy f32 'plain'
; RUN: %npy %tt.npy f32 'turned'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf x=f32[320]:iota --buf p=f32[64]:zeros --buf t=f32[64]:zeros --expect p=%tp.npy --expect t=%tt.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %p, ptr addrspace(1) "tmjit.type"="float" %t) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %x, i64 20, <2 x i64> <i64 3, i64 5>, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %p, i64 8, <2 x i64> zeroinitializer, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %t, i64 8, <2 x i64> zeroinitializer, i1 true)
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
