; One thread of a gather reads far outside; the others are fine.
;
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32:3,1,0,7,2,1073741824,5,6 --buf y=i32[8]:zeros | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 4294967296 of buffer 'x' (32 bytes), by thread (5, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %at = load i32, ptr addrspace(1) %px
  %pg = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %pg
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
