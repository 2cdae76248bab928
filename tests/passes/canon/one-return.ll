; All ways out lead to one return.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK: ret void
; CHECK-NOT: ret void
; CHECK: {{^}}}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %odd = trunc i32 %i to i1
  br i1 %odd, label %a, label %b
a:
  store i32 1, ptr addrspace(1) %y
  ret void
b:
  ret void
}
