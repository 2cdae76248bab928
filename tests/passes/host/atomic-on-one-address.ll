; Atomics of all lanes on one address are reduced first: one atomic a slice.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 8 --check none | FileCheck %s
; CHECK: define
; CHECK: atomicrmw add
; CHECK-NOT: atomicrmw
; CHECK: ret

define void @k(ptr addrspace(1) "tmjit.type"="uint" %n, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %n, i32 %i, i32 0, i32 2, i1 true)
  ret void
}
declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
