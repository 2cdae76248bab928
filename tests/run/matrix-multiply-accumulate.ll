; One SIMD-group multiplies two 8x8 float tiles and adds a third.
;
; PY: a = [(r * 3 + c) % 5 - 2 for r in range(8) for c in range(8)]
; PY: b = [(r + c * 2) % 7 - 3 for r in range(8) for c in range(8)]
; PY: c = [r - c for r in range(8) for c in range(8)]
; PY: def mac(a, b, c): return [c[r * 8 + k] + sum(a[r * 8 + j] * b[j * 8 + k] for j in range(8)) for r in range(8) for k in range(8)]
; RUN: %npy %ta.npy f32 'a'
; RUN: %npy %tb.npy f32 'b'
; RUN: %npy %tc.npy f32 'c'
; RUN: %npy %t.npy f32 'mac(a, b, c)'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --expect c=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c) "tmjit.kernel" {
  %ma = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 8, <2 x i64> zeroinitializer, i1 false)
  %mb = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 8, <2 x i64> zeroinitializer, i1 false)
  %mc = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 8, <2 x i64> zeroinitializer, i1 false)
  %md = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %ma, <64 x float> %mb, <64 x float> %mc)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %md, ptr addrspace(1) %c, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
