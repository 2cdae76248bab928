; Filled and diagonal tiles; each lane's pair of elements read and changed as vector elements.
;
; PY: def place(l): return (l // 4 & 4) + l // 2 % 4, (l // 4 & 2) * 2 + l % 2 * 2
; PY: def ref():
; PY:     m = [[2.5 + (7 if r == c else 0) for c in range(8)] for r in range(8)]
; PY:     for l in range(32):
; PY:         r, c = place(l)
; PY:         m[r][c], m[r][c + 1] = m[r][c] + 100 * l, m[r][c + 1] + 100 * l + 50
; PY:     return [v for row in m for v in row]
; RUN: %npy %t.npy f32 'ref()'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf y=f32[64]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
  %f = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 2.5)
  %d = call <64 x float> @air.simdgroup_matrix_8x8_init_diag.v64f32.f32(float 7.0)
  %one = call <64 x float> @air.simdgroup_matrix_8x8_init_diag.v64f32.f32(float 1.0)
  %m = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %d, <64 x float> %one, <64 x float> %f)
  %l100 = mul i32 %l, 100
  %lf = uitofp i32 %l100 to float
  %lg = fadd float %lf, 50.0
  %e0 = extractelement <64 x float> %m, i32 0
  %e1 = extractelement <64 x float> %m, i32 1
  %n0 = fadd float %e0, %lf
  %n1 = fadd float %e1, %lg
  %m0 = insertelement <64 x float> %m, float %n0, i32 0
  %m1 = insertelement <64 x float> %m0, float %n1, i32 1
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m1, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare <64 x float> @air.simdgroup_matrix_8x8_init_diag.v64f32.f32(float)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
