; A loop that advances a pointer instead of an index, by another step in each thread.
;
; RUN: %npy %t.npy i32 '[sum(i + k * (i %% 3 + 1) for k in range(4)) for i in range(20)]'
; RUN: %run %s --grid 20 --buf x=i32[32]:iota --buf y=i32[20]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %m = urem i32 %i, 3
  %step = add i32 %m, 1
  %first = getelementptr i32, ptr addrspace(1) %x, i32 %i
  br label %loop
loop:
  %p = phi ptr addrspace(1) [ %first, %entry ], [ %p1, %loop ]
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s1, %loop ]
  %v = load i32, ptr addrspace(1) %p
  %s1 = add i32 %s, %v
  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 %step
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 4
  br i1 %more, label %loop, label %done
done:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s1, ptr addrspace(1) %py
  ret void
}
