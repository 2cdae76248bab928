; A store behind the end of a buffer.
;
; RUN: %fails %s --grid 9 --threadgroup 32 --buf y=i32[8]:zeros | FileCheck %s
; CHECK: bounds-store.ll:[[#@LINE+4]]:3: error: store of 4 bytes at byte offset 32 of buffer 'y' (32 bytes), by thread (8, 0, 0) of the grid, (8, 0, 0) of threadgroup (0, 0, 0) [bounds]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 1, ptr addrspace(1) %py
  ret void
}
