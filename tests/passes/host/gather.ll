; Addresses without a pattern are gathered and scattered.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK: @llvm.masked.gather

define void @k(ptr addrspace(1) "tmjit.type"="int" %index, ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pi = getelementptr i32, ptr addrspace(1) %index, i32 %i
  %at = load i32, ptr addrspace(1) %pi
  %px = getelementptr float, ptr addrspace(1) %x, i32 %at
  %v = load float, ptr addrspace(1) %px
  %r = fadd float %v, 1.0
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
