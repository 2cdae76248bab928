; Private variables that need no address become SSA values.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK-NOT: alloca
; CHECK: add i32
; CHECK-NOT: alloca
; CHECK: {{^}}}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = alloca i32
  store i32 %i, ptr %a
  %v = load i32, ptr %a
  %r = add i32 %v, 3
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
