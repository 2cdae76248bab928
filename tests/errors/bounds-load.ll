; A load behind the end of a buffer names buffer, offset, length and thread.
;
; RUN: %fails %s --grid 8 --threadgroup 4 --buf x=i32[8]:iota --buf y=i32[8]:zeros | FileCheck %s
; CHECK: bounds-load.ll:[[#@LINE+6]]:3: error: load of 4 bytes at byte offset 32 of buffer 'x' (32 bytes), by thread (7, 0, 0) of the grid, (3, 0, 0) of threadgroup (1, 0, 0) [bounds]
; CHECK-NEXT: in kernel @k, block %0: %v = load i32, ptr addrspace(1) %px, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %i1 = add i32 %i, 1
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i1
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
