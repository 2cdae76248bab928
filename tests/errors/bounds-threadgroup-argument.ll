; Threadgroup memory that the launch sized too small.
;
; RUN: %fails %s --grid 9 --threadgroup 9 --local tile=32 --buf y=i32[9]:zeros | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset 32 of buffer 'tile' (32 bytes), by thread (8, 0, 0) of the grid

define void @k(ptr addrspace(3) "tmjit.type"="int" %tile, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pt = getelementptr i32, ptr addrspace(3) %tile, i32 %i
  store i32 %i, ptr addrspace(3) %pt
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %i, ptr addrspace(1) %py
  ret void
}
