; The thread is named in three dimensions, in the grid and in its threadgroup.
;
; RUN: %fails %s --grid 5,7 --threadgroup 4,4 --buf y=i32[34]:zeros | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset 136 of buffer 'y' (136 bytes), by thread (4, 6, 0) of the grid, (0, 2, 0) of threadgroup (1, 1, 0) [bounds]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %pos) "tmjit.kernel" {
  %px = extractelement <2 x i32> %pos, i32 0
  %py = extractelement <2 x i32> %pos, i32 1
  %row = mul i32 %py, 5
  %at = add i32 %row, %px
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 1, ptr addrspace(1) %p
  ret void
}
