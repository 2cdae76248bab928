; Functions are inlined into the kernel and gone.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK-NOT: @square
; CHECK: mul i32 %i, %i
; CHECK-NOT: @square
; CHECK: {{^}}}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %r = call i32 @square(i32 %i)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
define internal i32 @square(i32 %v) noinline {
  %r = mul i32 %v, %v
  ret i32 %r
}
