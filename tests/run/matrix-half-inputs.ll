; half tiles multiplied into a float accumulator, and into a half one that rounds.
;
; PY: a = [(r * 5 + c) % 9 / 4 - 1 for r in range(8) for c in range(8)]
; PY: b = [(r + c * 3) % 8 / 8 for r in range(8) for c in range(8)]
; PY: def mul(a, b): return [sum(a[r * 8 + j] * b[j * 8 + k] for j in range(8)) for r in range(8) for k in range(8)]
; RUN: %npy %ta.npy f16 'a'
; RUN: %npy %tb.npy f16 'b'
; RUN: %npy %tc.npy f32 'mul(a, b)'
; RUN: %npy %td.npy f16 'mul(a, b)'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=f32[64]:zeros --buf d=f16[64]:zeros --expect c=%tc.npy --expect d=%td.npy

define void @k(ptr addrspace(1) "tmjit.type"="half" %a, ptr addrspace(1) "tmjit.type"="half" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="half" %d) "tmjit.kernel" {
  %ma = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %a, i64 8, <2 x i64> zeroinitializer, i1 false)
  %mb = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %b, i64 8, <2 x i64> zeroinitializer, i1 false)
  %z = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.0)
  %mc = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f16.v64f16.v64f32(<64 x half> %ma, <64 x half> %mb, <64 x float> %z)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %mc, ptr addrspace(1) %c, i64 8, <2 x i64> zeroinitializer, i1 false)
  %y = call <64 x half> @air.simdgroup_matrix_8x8_init_filled.v64f16.f16(half 0.0)
  %md = call <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half> %ma, <64 x half> %mb, <64 x half> %y)
  call void @air.simdgroup_matrix_8x8_store.v64f16.p1f16(<64 x half> %md, ptr addrspace(1) %d, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f16.p1f16(<64 x half>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare <64 x half> @air.simdgroup_matrix_8x8_init_filled.v64f16.f16(half)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f16.v64f16.v64f32(<64 x half>, <64 x half>, <64 x float>)
declare <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half>, <64 x half>, <64 x half>)
