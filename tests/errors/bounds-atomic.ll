; An atomic outside its buffer changes nothing.
;
; RUN: %fails %s --grid 3 --threadgroup 3 --buf y=i32[2]:zeros | FileCheck %s
; CHECK: error: {{.*}} of 4 bytes at byte offset 8 of buffer 'y' (8 bytes), by thread (2, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %old = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %py, i32 1, i32 0, i32 2, i1 true)
  ret void
}
declare i32 @air.atomic.global.add.s.i32(ptr addrspace(1), i32, i32, i32, i1)
