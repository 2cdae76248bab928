; Each round of a divergent loop stores; threads that have left must not store again.
;
; RUN: %npy %t.npy i32 '[k + 1 if k <= i %% 9 else -1 for i in range(50) for k in range(9)]'
; RUN: %run %s --grid 50 --threadgroup 50 --buf y=i32[450]:-1 --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %lim = urem i32 %i, 9
  %base = mul i32 %i, 9
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %k1 = add i32 %k, 1
  %at = add i32 %base, %k
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %k1, ptr addrspace(1) %p
  %more = icmp ule i32 %k1, %lim
  br i1 %more, label %loop, label %done
done:
  ret void
}
