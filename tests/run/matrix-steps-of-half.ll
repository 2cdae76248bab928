; Sums of half are rounded after each eight of k: 2048 + 1 is 2048 again, three times.
;
; PY: a = [1.0 if c % 8 == 0 else 0.0 for r in range(8) for c in range(24)]
; PY: b = [1.0] * (24 * 16)
; RUN: %npy %ta.npy f16 'a'
; RUN: %npy %tb.npy f16 'b'
; RUN: %npy %t.npy f16 '[2048] * 128'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=f16[128]:2048 --buf d=f16[128] --expect d=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="half" %a, ptr addrspace(1) "tmjit.type"="half" %b, ptr addrspace(1) "tmjit.type"="half" %c, ptr addrspace(1) "tmjit.type"="half" %d) "tmjit.kernel" {
  %c0 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %c1 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %a0 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 0, i64 0>, i1 false)
  %b00 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %b01 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %s00 = call <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half> %a0, <64 x half> %b00, <64 x half> %c0)
  %s01 = call <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half> %a0, <64 x half> %b01, <64 x half> %c1)
  %a1 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 8, i64 0>, i1 false)
  %b10 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 8>, i1 false)
  %b11 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 8>, i1 false)
  %s10 = call <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half> %a1, <64 x half> %b10, <64 x half> %s00)
  %s11 = call <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half> %a1, <64 x half> %b11, <64 x half> %s01)
  %a2 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 16, i64 0>, i1 false)
  %b20 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 16>, i1 false)
  %b21 = call <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 16>, i1 false)
  %s20 = call <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half> %a2, <64 x half> %b20, <64 x half> %s10)
  %s21 = call <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half> %a2, <64 x half> %b21, <64 x half> %s11)
  call void @air.simdgroup_matrix_8x8_store.v64f16.p1f16(<64 x half> %s20, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f16.p1f16(<64 x half> %s21, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  ret void
}
declare <64 x half> @air.simdgroup_matrix_8x8_load.v64f16.p1f16(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f16.p1f16(<64 x half>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x half> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f16.v64f16.v64f16.v64f16(<64 x half>, <64 x half>, <64 x half>)
