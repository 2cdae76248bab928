; undef and poison operands are zero, freeze is its operand.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK-NOT: {{undef|poison|freeze}}
; CHECK: store i32
; CHECK-NOT: {{undef|freeze}}
; CHECK: {{^}}}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %f = freeze i32 %i
  %r = add i32 %f, undef
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
