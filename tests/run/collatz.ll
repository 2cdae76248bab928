; Steps of the Collatz sequence: long divergent loops with a divergent branch inside.
;
; PY: def steps(n):
; PY:     count = 0
; PY:     while n != 1:
; PY:         n = n // 2 if n % 2 == 0 else 3 * n + 1
; PY:         count += 1
; PY:     return count
; RUN: %npy %t.npy u32 '[steps(i + 1) for i in range(300)]'
; RUN: %run %s --grid 300 --threadgroup 128 --buf y=u32[300]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %start = add i32 %i, 1
  br label %head
head:
  %n = phi i32 [ %start, %entry ], [ %half, %even ], [ %triple, %odd ]
  %c = phi i32 [ 0, %entry ], [ %c1, %even ], [ %c1, %odd ]
  %one = icmp eq i32 %n, 1
  br i1 %one, label %done, label %body
body:
  %c1 = add i32 %c, 1
  %bit = trunc i32 %n to i1
  br i1 %bit, label %odd, label %even
even:
  %half = lshr i32 %n, 1
  br label %head
odd:
  %n3 = mul i32 %n, 3
  %triple = add i32 %n3, 1
  br label %head
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %c, ptr addrspace(1) %p
  ret void
}
