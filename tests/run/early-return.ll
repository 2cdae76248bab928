; Some threads return at once, some after the first store, the rest runs to the end.
;
; RUN: %run %s --grid 10 --threadgroup 10 --buf y=i32[10]:9 --print y | FileCheck %s
; CHECK: y = 9 1 2 9 1 2 9 1 2 9

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %r = urem i32 %i, 3
  %is0 = icmp eq i32 %r, 0
  br i1 %is0, label %out1, label %go
out1:
  ret void
go:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 1, ptr addrspace(1) %p
  %is1 = icmp eq i32 %r, 1
  br i1 %is1, label %out2, label %rest
out2:
  ret void
rest:
  store i32 2, ptr addrspace(1) %p
  ret void
}
