; A constant argument that is read behind its end.
;
; RUN: %fails %s --grid 4 --buf c=i32:1,2 --buf y=i32[4]:zeros | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 8 of buffer 'c' (8 bytes), by thread (2, 0, 0) of the grid

define void @k(ptr addrspace(2) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %m = and i32 %i, 2
  %pc = getelementptr i32, ptr addrspace(2) %c, i32 %m
  %v = load i32, ptr addrspace(2) %pc
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
