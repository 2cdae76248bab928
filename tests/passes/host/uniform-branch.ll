; A branch on a launch constant stays a branch; its arm has no masks.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: masked
; CHECK: br i1
; CHECK-NOT: masked
; CHECK: fmul <8 x float>
; CHECK-NOT: masked
; CHECK: ret

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(2) "tmjit.type"="int" %mode, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %m = load i32, ptr addrspace(2) %mode
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %on = icmp eq i32 %m, 1
  br i1 %on, label %then, label %join
then:
  %w = fmul float %v, %v
  %u = fdiv float %w, 3.0
  %t = call float @air.exp.f32(float %u)
  br label %join
join:
  %r = phi float [ %v, %entry ], [ %t, %then ]
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.exp.f32(float)
