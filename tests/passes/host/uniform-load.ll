; An element that all threads read is loaded once, as a scalar.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: gather
; CHECK: load float, ptr
; CHECK-NOT: load <8 x float>
; CHECK: store <8 x float>

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 3
  %v = load float, ptr addrspace(1) %px
  %f = uitofp i32 %i to float
  %r = fadd float %v, %f
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
