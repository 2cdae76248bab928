; A grid of one thread: every other lane is switched off.
;
; RUN: %run %s --grid 1 --threadgroup 32 --buf y=i32[3]:5 --print y | FileCheck %s
; RUN: %run %s --grid 1 --threadgroup 1 --buf y=i32[3]:5 --print y | FileCheck %s
; RUN: %run %s --grid 1 --threadgroup 1024 --buf y=i32[3]:5 --print y | FileCheck %s
; CHECK: y = 6 5 5

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %v = load i32, ptr addrspace(1) %p
  %w = add i32 %v, 1
  store i32 %w, ptr addrspace(1) %p
  ret void
}
