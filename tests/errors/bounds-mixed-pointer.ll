; A pointer into one of two buffers, by lane: the access is held to the buffer that the lane's
; pointer came from.
;
; RUN: %fails %s --grid 6 --buf a=i32[6] --buf b=i32[4] --buf y=i32[6] | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 4294967296 of buffer 'b' (16 bytes), by thread (4, 0, 0) of the grid
; CHECK-NEXT: in kernel @k, block %both: %v = load

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %w = zext i32 %i to i64
  br i1 %is-odd, label %one, label %two
one:
  %pa = getelementptr i32, ptr addrspace(1) %a, i64 %w
  br label %both
two:
  %round = lshr i64 %w, 2
  %far = shl i64 %round, 30
  %pb = getelementptr i32, ptr addrspace(1) %b, i64 %far
  br label %both
both:
  %p = phi ptr addrspace(1) [ %pa, %one ], [ %pb, %two ]
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
