; Two buffers that change places in each round of a loop. Round 2 writes behind the end of 'a',
; which is the shorter one.
;
; RUN: %fails %s --grid 8 --buf a=i32[7] --buf b=i32[8] --set rounds=3 | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset 28 of buffer 'a' (28 bytes), by thread (7, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(2) "tmjit.type"="int" %rounds, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = load i32, ptr addrspace(2) %rounds
  br label %loop
loop:
  %from = phi ptr addrspace(1) [ %a, %0 ], [ %to, %more ]
  %to = phi ptr addrspace(1) [ %b, %0 ], [ %from, %more ]
  %r = phi i32 [ 0, %0 ], [ %next, %more ]
  %is-first = icmp eq i32 %r, 0
  br i1 %is-first, label %more, label %write
write:
  %p = getelementptr i32, ptr addrspace(1) %to, i32 %i
  store i32 %r, ptr addrspace(1) %p
  br label %more
more:
  %next = add i32 %r, 1
  %go = icmp ult i32 %next, %n
  br i1 %go, label %loop, label %done
done:
  ret void
}
