; A loop with the same trip count for all, read from a buffer, holds a divergent branch.
;
; RUN: %npy %t.npy i32 '[sum(k if (k + i) %% 3 else 50 for k in range(17)) for i in range(100)]'
; RUN: %run %s --grid 100 --threadgroup 32 --buf y=i32[100]:zeros --set n=17 --expect y=%t.npy
; RUN: %run %s --grid 5 --buf y=i32[5]:7 --set n=0 --print y | FileCheck %s
; CHECK: y = 0 0 0 0 0

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="int" %n, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %count = load i32, ptr addrspace(2) %n
  br label %head
head:
  %k = phi i32 [ 0, %entry ], [ %k1, %next ]
  %s = phi i32 [ 0, %entry ], [ %s1, %next ]
  %in = icmp slt i32 %k, %count
  br i1 %in, label %body, label %done
body:
  %ki = add i32 %k, %i
  %m = urem i32 %ki, 3
  %is0 = icmp eq i32 %m, 0
  br i1 %is0, label %fifty, label %next
fifty:
  br label %next
next:
  %add = phi i32 [ %k, %body ], [ 50, %fifty ]
  %s1 = add i32 %s, %add
  %k1 = add i32 %k, 1
  br label %head
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s, ptr addrspace(1) %p
  ret void
}
