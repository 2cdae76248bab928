; A while loop whose body some threads never enter keeps their first value.
;
; RUN: %npy %t.npy i32 '[7 if i < 5 else 7 + 2 * (i - 4) for i in range(40)]'
; RUN: %run %s --grid 40 --threadgroup 40 --buf y=i32[40]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %head
head:
  %n = phi i32 [ 5, %entry ], [ %n1, %body ]
  %v = phi i32 [ 7, %entry ], [ %v1, %body ]
  %in = icmp ule i32 %n, %i
  br i1 %in, label %body, label %done
body:
  %v1 = add i32 %v, 2
  %n1 = add i32 %n, 1
  br label %head
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %p
  ret void
}
