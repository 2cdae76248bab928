; Descending addresses: one vector load and a reversal.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: gather
; CHECK: load <8 x float>
; CHECK: shufflevector <8 x float> {{.*}} <i32 7, i32 6, i32 5, i32 4, i32 3, i32 2, i32 1, i32 0>
; CHECK-NOT: gather
; CHECK: ret

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %at = sub i64 1023, %w
  %px = getelementptr float, ptr addrspace(1) %x, i64 %at
  %v = load float, ptr addrspace(1) %px
  %r = fadd float %v, 1.0
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
