; An index outside a private array.
;
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32:0,1,2,3,0,4,1,2 --buf y=i32[8]:zeros | FileCheck %s
; CHECK: error: {{load|store}} of 4 bytes at byte offset 16 of private array 'a' (16 bytes), by thread (5, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = alloca [4 x i32], align 4
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %at = load i32, ptr addrspace(1) %px
  %pa = getelementptr [4 x i32], ptr %a, i32 0, i32 %at
  store i32 %i, ptr %pa
  %pb = getelementptr [4 x i32], ptr %a, i32 0, i32 1
  %v = load i32, ptr %pb
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
