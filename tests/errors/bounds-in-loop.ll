; A divergent loop that runs one round too long in one thread.
;
; RUN: %fails %s --grid 8 --threadgroup 8 --buf x=i32[8]:iota --buf y=i32[8]:zeros | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 32 of buffer 'x' (32 bytes), by thread (7, 0, 0) of the grid

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %n = add i32 %i, 2
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s1, %loop ]
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %k
  %v = load i32, ptr addrspace(1) %px
  %s1 = add i32 %s, %v
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, %n
  br i1 %more, label %loop, label %done
done:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s1, ptr addrspace(1) %py
  ret void
}
