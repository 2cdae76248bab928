; A tile product is a nest of vector multiply-adds, not a call; the only function of the runtime
; that may be called is the one that ends a launch whose time is up.
;
; RUN: %tmjit emit %s --as host --threadgroup 32 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: call {{.*}}tjrt_{{([^t]|t[^r]|trap_[^t])}}
; CHECK: @llvm.{{fma|fmuladd}}.v{{[0-9]+}}f32
; CHECK-NOT: call {{.*}}tjrt_{{([^t]|t[^r]|trap_[^t])}}
; CHECK: ret

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y) "tmjit.kernel" {
  %a = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %x, i64 8, <2 x i64> zeroinitializer, i1 false)
  %b = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a, <64 x float> %a, <64 x float> %a)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %b, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
