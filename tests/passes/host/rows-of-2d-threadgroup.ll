; In 4x8 threads a vector of eight lanes is two runs of four: two loads, no gather.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 4,8 --check none | FileCheck %s
; CHECK: define
; CHECK-NOT: {{gather|scatter}}
; CHECK: load <4 x float>
; CHECK: load <4 x float>
; CHECK-NOT: {{gather|scatter}}
; CHECK: ret

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %pos, <2 x i32> "tmjit.builtin"="threads_per_grid" %size) "tmjit.kernel" {
  %c = extractelement <2 x i32> %pos, i32 0
  %l = extractelement <2 x i32> %pos, i32 1
  %n = extractelement <2 x i32> %size, i32 0
  %c64 = zext i32 %c to i64
  %l64 = zext i32 %l to i64
  %n64 = zext i32 %n to i64
  %row = mul i64 %l64, %n64
  %at = add i64 %row, %c64
  %px = getelementptr float, ptr addrspace(1) %x, i64 %at
  %v = load float, ptr addrspace(1) %px
  %r = fadd float %v, 1.0
  %py = getelementptr float, ptr addrspace(1) %y, i64 %at
  store float %r, ptr addrspace(1) %py
  ret void
}
