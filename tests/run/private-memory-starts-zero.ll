; Reads of private memory before any write give zero, as reads of undef do.
;
; RUN: %run %s --grid 4 --buf y=i32[4]:9 --print y | FileCheck %s
; CHECK: y = 0 0 0 0

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = alloca [4 x i32], align 4
  %p = getelementptr [4 x i32], ptr %a, i32 0, i32 %i
  %v = load i32, ptr %p
  %w = add i32 %v, undef
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %w, ptr addrspace(1) %py
  ret void
}
