; A struct of different members is stored as a whole or not at all: what lies before the buffer's end
; stays as it was.
;
; RUN: %fails %s --grid 4 --buf 'y=i32:1,2,3,4,5,6,7' | FileCheck %s
; CHECK: error: store of 8 bytes at byte offset 24 of buffer 'y' (28 bytes), by thread (3, 0, 0) of the grid

%mixed = type { i32, half }

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = insertvalue %mixed zeroinitializer, i32 %i, 0
  %p = getelementptr %mixed, ptr addrspace(1) %y, i32 %i
  store %mixed %v, ptr addrspace(1) %p, align 4
  ret void
}
