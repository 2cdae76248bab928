; Products whose sums go on as the sums of products with the next columns of A: they share one
; nest, but not where A's memory changes in between or where somebody else reads the sums.
;
; PY: a = [[(r * 3 + c) % 5 - 2 for c in range(24)] for r in range(8)]
; PY: b = [[(r + c * 2) % 7 - 3 for c in range(16)] for r in range(24)]
; PY: c = [[r - c for c in range(16)] for r in range(8)]
; PY: def mac(n): return [c[r][k] + sum(a[r][j] * b[j][k] for j in range(n)) for r in range(8) for k in range(16)]
; PY: def flat(m): return [x for row in m for x in row]
; RUN: %npy %ta.npy f32 'flat(a)'
; RUN: %npy %tb.npy f32 'flat(b)'
; RUN: %npy %tc.npy f32 'flat(c)'
; RUN: %npy %t.npy f32 'mac(24)'
; RUN: %npy %t2.npy f32 '[v if i % 16 < 8 else flat(c)[i] for i, v in enumerate(mac(16))]'
; RUN: %simd %s --entry chained --grid 32 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=f32[128] --expect d=%t.npy
; RUN: %simd %s --entry overwritten --grid 32 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=f32[128] --expect d=%t.npy
; RUN: %simd %s --entry late_factor --grid 32 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=f32[128] --expect d=%t.npy
; RUN: %simd %s --entry used_between --grid 32 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=f32[128] --expect d=%t.npy --expect c=%t2.npy

define void @chained(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %d) "tmjit.kernel" {
  %c0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %c1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %a0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 0, i64 0>, i1 false)
  %b00 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %b01 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %s00 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b00, <64 x float> %c0)
  %s01 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b01, <64 x float> %c1)
  %a1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 8, i64 0>, i1 false)
  %b10 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 8>, i1 false)
  %b11 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 8>, i1 false)
  %s10 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b10, <64 x float> %s00)
  %s11 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b11, <64 x float> %s01)
  %a2 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 16, i64 0>, i1 false)
  %b20 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 16>, i1 false)
  %b21 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 16>, i1 false)
  %s20 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b20, <64 x float> %s10)
  %s21 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b21, <64 x float> %s11)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s20, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s21, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  ret void
}

define void @overwritten(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %d) "tmjit.kernel" {
  %c0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %c1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %a0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 0, i64 0>, i1 false)
  %b00 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %b01 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %s00 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b00, <64 x float> %c0)
  %s01 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b01, <64 x float> %c1)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %b00, ptr addrspace(1) %a, i64 24, <2 x i64> <i64 0, i64 0>, i1 false)
  %a1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 8, i64 0>, i1 false)
  %b10 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 8>, i1 false)
  %b11 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 8>, i1 false)
  %s10 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b10, <64 x float> %s00)
  %s11 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b11, <64 x float> %s01)
  %a2 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 16, i64 0>, i1 false)
  %b20 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 16>, i1 false)
  %b21 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 16>, i1 false)
  %s20 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b20, <64 x float> %s10)
  %s21 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b21, <64 x float> %s11)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s20, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s21, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  ret void
}

define void @late_factor(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %d) "tmjit.kernel" {
  %c0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %c1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %a0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 0, i64 0>, i1 false)
  %b00 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %b01 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %s00 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b00, <64 x float> %c0)
  %s01 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b01, <64 x float> %c1)
  %a1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 8, i64 0>, i1 false)
  %b11 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 8>, i1 false)
  %s11 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b11, <64 x float> %s01)
  %b10 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 8>, i1 false)
  %s10 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b10, <64 x float> %s00)
  %a2 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 16, i64 0>, i1 false)
  %b20 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 16>, i1 false)
  %b21 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 16>, i1 false)
  %s20 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b20, <64 x float> %s10)
  %s21 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b21, <64 x float> %s11)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s20, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s21, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  ret void
}

define void @used_between(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %d) "tmjit.kernel" {
  %c0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %c1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %c, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %a0 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 0, i64 0>, i1 false)
  %b00 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %b01 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  %s00 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b00, <64 x float> %c0)
  %s01 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a0, <64 x float> %b01, <64 x float> %c1)
  %a1 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 8, i64 0>, i1 false)
  %b10 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 8>, i1 false)
  %b11 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 8>, i1 false)
  %s10 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b10, <64 x float> %s00)
  %s11 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a1, <64 x float> %b11, <64 x float> %s01)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s10, ptr addrspace(1) %c, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  %a2 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 24, <2 x i64> <i64 16, i64 0>, i1 false)
  %b20 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 0, i64 16>, i1 false)
  %b21 = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> <i64 8, i64 16>, i1 false)
  %s20 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b20, <64 x float> %s10)
  %s21 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a2, <64 x float> %b21, <64 x float> %s11)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s20, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 0, i64 0>, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %s21, ptr addrspace(1) %d, i64 16, <2 x i64> <i64 8, i64 0>, i1 false)
  ret void
}
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
