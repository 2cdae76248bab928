; Every thread leaves the loop after another number of rounds; the sum stays what it was then.
;
; RUN: %npy %t.npy i32 '[i * (i + 1) // 2 for i in range(70)]'
; RUN: %run %s --grid 70 --threadgroup 64 --buf y=i32[70]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %sum1, %loop ]
  %sum1 = add i32 %sum, %n
  %n1 = add i32 %n, 1
  %more = icmp ule i32 %n1, %i
  br i1 %more, label %loop, label %done
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %sum1, ptr addrspace(1) %p
  ret void
}
