; A fault in a called function is named by the line there.
;
; RUN: %fails %s --grid 2 --buf y=i32[1]:zeros | FileCheck %s
; CHECK: bounds-called-function.ll:[[#@LINE+3]]:3: error: store of 4 bytes at byte offset 4 of buffer 'y' (4 bytes), by thread (1, 0, 0) of the grid

define internal void @put(ptr addrspace(1) %p, i32 %v) {
  store i32 %v, ptr addrspace(1) %p
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  call void @put(ptr addrspace(1) %py, i32 %i)
  ret void
}
