; In strict mode llvm.fmuladd is a multiplication and an addition.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK-NOT: fmuladd
; CHECK: fmul float
; CHECK-NEXT: fadd float
; CHECK-NOT: fmuladd
; CHECK: {{^}}}

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call fast float @llvm.fmuladd.f32(float %v, float %v, float 1.0)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @llvm.fmuladd.f32(float, float, float)
