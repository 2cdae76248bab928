; A sum at the end of a loop's body that is only used behind the loop: all threads of the round
; take part, those that stay in the loop as well.
;
; RUN: %npy %t.npy i32 '[48, 48, 24, 8] * 8'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf y=i32[32]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %start = and i32 %i, 3
  br label %loop
loop:
  %v = phi i32 [ %start, %entry ], [ %next, %loop ]
  %sum = call i32 @air.simd_sum.s.i32(i32 %v)
  %next = sub i32 %v, 1
  %again = icmp sgt i32 %next, 0
  br i1 %again, label %loop, label %done
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %sum, ptr addrspace(1) %p
  ret void
}
declare i32 @air.simd_sum.s.i32(i32)
