; A function works on a private array that the kernel passes by pointer.
;
; RUN: %npy %t.npy i32 '[sum((i + k) ** 2 for k in range(5)) for i in range(70)]'
; RUN: %run %s --grid 70 --threadgroup 35 --buf y=i32[70]:zeros --expect y=%t.npy

define internal void @fill(ptr %a, i32 %first, i32 %n) noinline {
entry:
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %v = add i32 %first, %k
  %p = getelementptr i32, ptr %a, i32 %k
  store i32 %v, ptr %p
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal i32 @squares(ptr %a, i32 %n) noinline {
entry:
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s1, %loop ]
  %p = getelementptr i32, ptr %a, i32 %k
  %v = load i32, ptr %p
  %vv = mul i32 %v, %v
  %s1 = add i32 %s, %vv
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, %n
  br i1 %more, label %loop, label %done
done:
  ret i32 %s1
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = alloca [5 x i32], align 4
  call void @fill(ptr %a, i32 %i, i32 5)
  %s = call i32 @squares(ptr %a, i32 5)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s, ptr addrspace(1) %py
  ret void
}
