; One of two buffers for all threads, walked by all of them: past the end of the chosen one.
;
; RUN: %fails %s --grid 8 --buf a=i32[8] --buf b=i32[6] --buf y=i32[8] --set which=0 | FileCheck %s --check-prefix B
; RUN: %fails %s --grid 8 --buf a=i32[5] --buf b=i32[8] --buf y=i32[8] --set which=1 | FileCheck %s --check-prefix A
; B: error: load of 4 bytes at byte offset 24 of buffer 'b' (24 bytes), by thread (6, 0, 0) of the grid
; A: error: load of 4 bytes at byte offset 20 of buffer 'a' (20 bytes), by thread (5, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="int" %which, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = load i32, ptr addrspace(2) %which
  %is-a = icmp ne i32 %w, 0
  %p = select i1 %is-a, ptr addrspace(1) %a, ptr addrspace(1) %b
  %px = getelementptr i32, ptr addrspace(1) %p, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
