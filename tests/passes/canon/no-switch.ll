; A switch becomes branches.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK-NOT: switch
; CHECK: ret void
; CHECK-NOT: switch
; CHECK: {{^}}}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  switch i32 %i, label %c [
    i32 0, label %a
    i32 9, label %b
  ]
a:
  br label %join
b:
  br label %join
c:
  br label %join
join:
  %r = phi i32 [ 7, %a ], [ 8, %b ], [ %i, %c ]
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
