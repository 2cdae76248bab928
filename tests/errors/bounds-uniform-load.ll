; An address that is the same in all threads; the first thread is named.
;
; RUN: %fails %s --grid 8 --threadgroup 8 --threads 1 --buf x=i32[8]:iota --buf y=i32[8]:zeros | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 400 of buffer 'x' (32 bytes), by thread (0, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i32, ptr addrspace(1) %x, i32 100
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
