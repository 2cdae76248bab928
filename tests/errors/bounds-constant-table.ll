; An index outside a table in constant memory.
;
; RUN: %fails %s --grid 5 --threadgroup 5 --buf y=i32[5]:zeros | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 16 of constant 'table' (16 bytes), by thread (4, 0, 0) of the grid

@table = internal addrspace(2) constant [4 x i32] [i32 5, i32 6, i32 7, i32 8], align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pt = getelementptr [4 x i32], ptr addrspace(2) @table, i32 0, i32 %i
  %v = load i32, ptr addrspace(2) %pt
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
