; One thread of a scatter writes outside.
;
; RUN: %fails %s --grid 6 --threadgroup 6 --buf x=i32:3,1,0,99,2,4 --buf y=i32[6]:zeros | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset 396 of buffer 'y' (24 bytes), by thread (3, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %at = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %i, ptr addrspace(1) %py
  ret void
}
