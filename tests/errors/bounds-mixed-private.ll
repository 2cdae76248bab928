; One of two private arrays; the shorter one's end, for each thread's own copy.
;
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32:0,1,2,3,0,4,1,2 --buf y=i32[8] | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset 16 of private array 'short' (16 bytes), by thread (5, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %short = alloca [4 x i32], align 4
  %long = alloca [9 x i32], align 4
  %is-odd = trunc i32 %i to i1
  %p = select i1 %is-odd, ptr %short, ptr %long
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %at = load i32, ptr addrspace(1) %px
  %pa = getelementptr i32, ptr %p, i32 %at
  store i32 %i, ptr %pa
  %pb = getelementptr i32, ptr %p, i32 1
  %v = load i32, ptr %pb
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
