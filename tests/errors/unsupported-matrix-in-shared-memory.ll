; A plain store of a SIMD-group matrix to device memory says nothing about the matrix's layout.
;
; RUN: %fails %s --grid 32 --buf y=f32[64] 2>&1 | FileCheck %s
; CHECK: unsupported-matrix-in-shared-memory.ll:[[#@LINE+4]]:3: error: store of a SIMD-group matrix value in memory that threads share; air.simdgroup_matrix_8x8_store is accepted [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="float" %y) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 1.0)
  store <64 x float> %m, ptr addrspace(1) %y
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
