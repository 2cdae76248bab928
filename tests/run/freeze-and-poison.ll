; freeze keeps defined values; undef and poison operands are zero.
;
; RUN: %run %s --grid 4 --buf y=i32[4]:9 --print y | FileCheck %s
; CHECK: y = 0 1 2 3

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %f = freeze i32 %i
  %z = freeze i32 poison
  %r = add i32 %f, %z
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
