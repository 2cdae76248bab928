; Of a SIMD-group matrix a thread has elements 0 and 1.
;
; RUN: not %tmjit run %s --grid 32 --threadgroup 32 --buf y=f32[32]:zeros --entry extract 2>&1 | FileCheck %s --check-prefix=EXTRACT
; RUN: not %tmjit run %s --grid 32 --threadgroup 32 --buf y=f32[32]:zeros --entry shuffle 2>&1 | FileCheck %s --check-prefix=SHUFFLE
; RUN: not %tmjit run %s --grid 32 --threadgroup 32 --buf y=f32[32]:zeros --entry insert --engine interp 2>&1 | FileCheck %s --check-prefix=INSERT

; EXTRACT: unsupported-matrix-element.ll:[[#@LINE+3]]:3: error: element of a SIMD-group matrix other than 0 and 1, this thread's pair [unsupported]
define void @extract(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 2.5)
  %v = extractelement <64 x float> %m, i32 2
  store float %v, ptr addrspace(1) %y
  ret void
}

; SHUFFLE: unsupported-matrix-element.ll:[[#@LINE+3]]:3: error: element of a SIMD-group matrix other than 0 and 1, this thread's pair [unsupported]
define void @shuffle(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 2.5)
  %v = shufflevector <64 x float> %m, <64 x float> poison, <2 x i32> <i32 1, i32 63>
  %e = extractelement <2 x float> %v, i32 0
  store float %e, ptr addrspace(1) %y
  ret void
}

; INSERT: unsupported-matrix-element.ll:[[#@LINE+3]]:3: error: element of a SIMD-group matrix other than 0 and 1, this thread's pair [unsupported]
define void @insert(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 2.5)
  %n = insertelement <64 x float> %m, float 1.0, i32 %l
  %e = extractelement <64 x float> %n, i32 0
  store float %e, ptr addrspace(1) %y
  ret void
}
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
