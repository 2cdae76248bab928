; Elements that lie 8 apart are loaded by wide loads and shuffles, not gathered.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: gather
; CHECK: shufflevector
; CHECK-NOT: gather
; CHECK: store <8 x float>
; CHECK-NOT: gather

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %at = mul i64 %w, 8
  %px = getelementptr float, ptr addrspace(1) %x, i64 %at
  %v = load float, ptr addrspace(1) %px
  %r = fadd float %v, 1.0
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
