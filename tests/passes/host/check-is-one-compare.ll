; The bounds check of a consecutive access is a comparison of scalars, not of vectors.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 | FileCheck %s
; CHECK: define
; CHECK-NOT: icmp {{.*}} <8 x i64>
; CHECK: icmp u{{[lg][te]}} i64
; CHECK-NOT: icmp {{.*}} <8 x i64>
; CHECK: ret

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = fadd float %v, 1.0
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
